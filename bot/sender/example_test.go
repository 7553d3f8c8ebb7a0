package sender_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/sender"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// What Telegram says, and what it means for the program.
func ExampleClassify() {
	for _, err := range []error{
		nil,
		fmt.Errorf("%w, Forbidden: bot was blocked by the user", tg.ErrorForbidden),
		fmt.Errorf("%w, Bad Request: can't parse entities", tg.ErrorBadRequest),
		&tg.TooManyRequestsError{Message: "Too Many Requests: retry after 12", RetryAfter: 12},
		context.DeadlineExceeded,
	} {
		r := sender.Classify(err)
		fmt.Println(r.Kind, r.Reason, r.RetryAfter)
	}
	// Output:
	// sent  0s
	// gone blocked 0s
	// content fault markup 0s
	// wait  12s
	// uncertain no answer 0s
}

// A message goes out, at the pace that Telegram allows.
func ExampleSender_SendMessage() {
	if err := send(context.Background()); err != nil {
		panic(err)
	}
	// Output:
	// Welcome!
}

func send(ctx context.Context) error {
	sim := telegramsim.New(telegramsim.Options{Report: func(wrong string) { panic(wrong) }})
	defer sim.Close()
	ann := sim.NewPerson("Ann")
	ann.Write("/start") // a bot cannot write to people before
	folder, err := os.MkdirTemp("", "")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	store, err := subscribers.Open(ctx, filepath.Join(folder, "digestbot.db"))
	if err != nil {
		return err
	}
	defer store.Close()
	api, err := tg.New(sim.Token(), tg.WithSkipGetMe(), tg.WithHTTPClient(time.Minute, sender.NewClient(sim.Client())))
	if err != nil {
		return err
	}

	out := sender.New(api, store, sender.Config{Rate: 30, Log: slog.New(slog.DiscardHandler)})
	ctx, stop := context.WithCancel(ctx)
	running := make(chan error)
	go func() { running <- out.Run(ctx) }()
	sent, err := out.SendMessage(sender.ForReader(ctx), &tg.SendMessageParams{ChatID: ann.ID(), Text: "Welcome!"})
	stop()
	if err := errors.Join(err, <-running); err != nil {
		return err
	}
	fmt.Println(sent.Text)
	return nil
}
