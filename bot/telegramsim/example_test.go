package telegramsim_test

import (
	"context"
	"fmt"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/telegramsim"
)

func Example() {
	sim := telegramsim.New(telegramsim.Options{Report: func(wrong string) { fmt.Println(wrong) }})
	defer sim.Close()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()

	b, err := tg.New(sim.Token(), tg.WithHTTPClient(time.Minute, sim.Client()),
		tg.WithDefaultHandler(func(ctx context.Context, b *tg.Bot, u *models.Update) {
			if _, err := b.SendMessage(ctx, &tg.SendMessageParams{
				ChatID: u.Message.Chat.ID, Text: "<b>Hello</b>, " + u.Message.From.FirstName, ParseMode: models.ParseModeHTML,
			}); err != nil {
				fmt.Println(err)
			}
		}))
	if err != nil {
		fmt.Println(err)
		return
	}
	done := make(chan struct{})
	go func() { b.Start(ctx); close(done) }()

	ann := sim.NewPerson("Ann", telegramsim.Language("en"))
	ann.Write("/start")
	if err := sim.Wait(ctx, func() bool { return len(ann.Chat().FromBot()) > 0 }); err != nil {
		fmt.Println(err)
	}
	fmt.Println(ann.Chat().Last().Text)
	stop()
	<-done
	// Output: Hello, Ann
}
