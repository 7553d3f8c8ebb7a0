package delivery_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/delivery"
	"digestbot/bot/sender"
	"digestbot/bot/telegramsim"
	"digestbot/bot/telegramsim/speed"
	"digestbot/digest"
	"digestbot/subscribers"
)

// A reader asks for an issue and gets it.
func Example() {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	sim := telegramsim.New(telegramsim.Options{
		Report: func(wrong string) { fmt.Println(wrong) }, Limits: speed.Limits{Off: true},
	})
	defer sim.Close()
	ann := sim.NewPerson("Ann")
	ann.Write("/start")
	folder, err := os.MkdirTemp("", "digestbot")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	store, issue, sub, err := archiveFor(ctx, ann, filepath.Join(folder, "digestbot.db"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	api, err := tg.New(sim.Token(), tg.WithSkipGetMe(), tg.WithHTTPClient(time.Minute, sender.NewClient(sim.Client())))
	if err != nil {
		fmt.Println(err)
		return
	}

	sender := sender.New(api, store, sender.Config{Unlimited: true, Log: slog.New(slog.DiscardHandler)})
	broadcaster := delivery.NewBroadcaster(store, sender, func(context.Context, delivery.Event) {}, delivery.Config{Log: slog.New(slog.DiscardHandler)})
	report := func(err error) {
		if err != nil {
			fmt.Println(err)
		}
	}
	var running sync.WaitGroup
	running.Go(func() { report(sender.Run(ctx)) })
	running.Go(func() { report(broadcaster.Run(ctx)) })

	state, err := broadcaster.Deliver(ctx, issue, sub)
	fmt.Println(state, err)
	report(sim.Wait(ctx, func() bool { return len(ann.Chat().FromBot()) == 2 }))
	for _, m := range ann.Chat().FromBot() {
		fmt.Println(m.Text)
	}
	stop()
	running.Wait()
	// Output:
	// started <nil>
	// Weekly 1
	//
	// • News
	// News · № 1
	//
	// A bridge opens
}

// archiveFor returns a new store with one issue and one subscriber, the person.
func archiveFor(ctx context.Context, p *telegramsim.Person, path string) (store *subscribers.Store, issue, subscriber int64, err error) {
	store, err = subscribers.Open(ctx, path)
	if err != nil {
		return nil, 0, 0, err
	}
	sub, _, err := store.Subscribe(ctx, subscribers.Chat{ID: p.ID(), Kind: subscribers.Private})
	if err != nil {
		return nil, 0, 0, err
	}
	row, _, err := store.SaveIssue(ctx, &digest.Issue{Key: "1", Number: 1, Title: "Weekly 1", Sections: []digest.Section{
		{Key: "news", Name: "News", Items: []digest.Item{{Title: []digest.Span{{Text: "A bridge opens"}}}}},
	}}, "issue.md", []byte("Weekly 1"))
	return store, row.ID, sub.ID, err
}
