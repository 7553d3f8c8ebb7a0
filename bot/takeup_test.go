package bot_test

import (
	"fmt"
	"testing"

	"digestbot/subscribers"
)

// What the last run has left in the progress file is in the database before
// anything is handled: else the books would not know what a chat had received
// that wants to be forgotten.
func TestProgressIsTakenUpFirst(t *testing.T) {
	inWorld(t, func(w *world) {
		ctx := w.t.Context()
		w.tell(w.ann, "/subscribe")
		question := w.tell(w.ann, "/forget")
		issue := w.issue(179, "News", "Tools")
		w.stop()

		b, err := w.store.StartBroadcast(ctx, issue.ID, adminID)
		if err != nil {
			w.t.Fatal(err)
		}
		w.leaveBehind(b, 2)
		body := fmt.Sprintf(`{"update_id":900000,"callback_query":{"id":"q","from":{"id":%[1]d,"first_name":"Ann","language_code":"en"},"data":"1:wipe",
			"message":{"message_id":%[2]d,"date":1,"chat":{"id":%[1]d,"type":"private"}}}}`, w.ann.ID(), question.ID)
		if err := w.store.KeepUpdates(ctx, []subscribers.Update{{ID: 900000, Body: []byte(body)}}); err != nil {
			w.t.Fatal(err)
		}

		w.exec("CREATE TRIGGER spoilt BEFORE UPDATE ON deliveries BEGIN SELECT RAISE(ABORT, 'disk full'); END")
		if err := <-w.launch(); err == nil {
			w.t.Error("Run = nil, want what keeps the progress from being taken up")
		}
		w.wantState(w.ann.ID(), subscribers.On)
		w.exec("DROP TRIGGER spoilt")
		w.start()
		w.wantState(w.ann.ID(), "")
		books, err := w.store.Books(ctx, b.ID)
		if err != nil {
			w.t.Fatal(err)
		}
		if n := books.Sum(subscribers.OutcomeSent); n != 2 {
			t.Errorf("%d messages were sent by the books %+v, want 2", n, books.Entries)
		}
	})
}

// leaveBehind is a crash of a run that has sent so many messages to the
// broadcast's only reader.
func (w *world) leaveBehind(b subscribers.Broadcast, sent int) {
	w.t.Helper()
	ctx := w.t.Context()
	all, err := w.store.PendingDeliveries(ctx, b, 0, 10)
	if err != nil || len(all) != 1 {
		w.t.Fatalf("PendingDeliveries = %d, %v, want 1", len(all), err)
	}
	file, err := w.store.OpenProgressFile(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	all[0].NextMessage, all[0].Sent = sent, sent
	if err := file.Take().Write(&all[0]); err != nil {
		w.t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		w.t.Fatal(err)
	}
}
