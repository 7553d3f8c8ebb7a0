package subscribers_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"digestbot/digest"
	"digestbot/subscribers"
)

// A subscriber gets an issue.
func Example() {
	if err := deliver(context.Background()); err != nil {
		panic(err)
	}
	// Output:
	// Weekly 179 to 1 subscriber
	// sent 1, balanced: true
}

func deliver(ctx context.Context) error {
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

	if _, _, err := store.Subscribe(ctx, subscribers.Chat{ID: 42, Kind: subscribers.Private}); err != nil {
		return err
	}
	document := &digest.Issue{Key: "179", Title: "Weekly 179", Date: time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)}
	issue, _, err := store.SaveIssue(ctx, document, "179.md", []byte("# Weekly 179"))
	if err != nil {
		return err
	}
	broadcast, err := store.StartBroadcast(ctx, issue.ID, subscribers.InPrivate(7))
	if err != nil {
		return err
	}
	fmt.Println(issue.Title, "to", broadcast.Subscribers, "subscriber")

	deliveries, err := store.PendingDeliveries(ctx, broadcast, 0, 10)
	if err != nil {
		return err
	}
	for i := range deliveries { // once Telegram has accepted all messages
		deliveries[i].NextMessage, deliveries[i].Sent = broadcast.Messages, broadcast.Messages
		deliveries[i].State = subscribers.Delivered
	}
	if err := store.SaveProgress(ctx, deliveries); err != nil {
		return err
	}
	books, err := store.FinishBroadcast(ctx, broadcast.ID)
	fmt.Printf("sent %d, balanced: %v\n", books.Sum(subscribers.OutcomeSent), books.Check() == nil)
	return err
}
