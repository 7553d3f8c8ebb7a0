package delivery

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"testing/synctest"

	"digestbot/subscribers"
	"digestbot/subscribers/storetest"
)

// What is posted while the journal is busy is not forgotten, even if nothing else is
// posted for a long time.
func TestPostedWhileNobodyLooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, err := storetest.Open(t.Context(), filepath.Join(t.TempDir(), "digestbot.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		j := newJournal(store, slog.New(slog.DiscardHandler))
		g := j.post(&subscribers.Delivery{IssueID: 1, SubscriberID: 1})
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go j.run(ctx)
		synctest.Wait()
		select {
		case <-g.over:
		default:
			t.Error("what was posted before the journal looked is not committed")
		}
	})
}
