package bot_test

import (
	"testing"

	"digestbot/bot/telegramsim"
)

// "Send to me first" brings the issue to the admin alone, as a reader gets it, and asks
// again. It is no delivery: a broadcast brings the issue all the same.
func TestTrial(t *testing.T) {
	for _, test := range []struct {
		name    string
		prepare func(w *world)
		want    []string // first words of what comes
		marked  string
		after   int // messages that the broadcast brings the admin
	}{
		{"not subscribed", func(w *world) {
			w.tell(w.admin, "/subscribe")
			w.muteFirst(w.admin)
			w.tell(w.admin, "/unsubscribe")
		}, []string{"Weekly <179>", "News", "Tools"}, "You are not subscribed", 0},
		{"subscribed, with a muted section", func(w *world) {
			w.tell(w.admin, "/subscribe")
			w.muteFirst(w.admin)
		}, []string{"Weekly <179>", "Tools"}, "As you are subscribed", 2},
		{"subscribed, in another layout", func(w *world) {
			w.tell(w.admin, "/subscribe")
			w.chooseLayout(w.admin, "📰 Layout", "One message")
		}, []string{"Weekly <179>"}, "As you are subscribed", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.issue(179, "News", "Tools")
				test.prepare(w)
				readers := w.readers(1)
				m := w.tell(w.admin, "/broadcast")
				said := w.said(w.admin.Chat(), func() { w.press(w.admin, m, "👀 Send to me first") })
				if len(said) != len(test.want)+1 {
					t.Fatalf("the trial is %q, want %q and the question", texts(said), test.want)
				}
				for i, want := range test.want {
					wantText(t, said[i], want)
				}
				question := said[len(test.want)]
				wantText(t, question, "A trial", test.marked, "Send this issue?")
				if n := issueMessages(readers[0]); n != 0 {
					t.Errorf("a reader got %d messages of a trial", n)
				}
				w.wantNoBroadcast()
				w.press(w.admin, question, "📣 Send now")
				w.finished()
				if n := issueMessages(readers[0]); n != 3 {
					t.Errorf("the reader got %d messages, want 3", n)
				}
				if d, _ := w.store.Delivery(w.t.Context(), 1, 1); len(d.Arrived) != test.after { // the admin was the first to write
					t.Errorf("the broadcast brought the admin %d messages, want %d", len(d.Arrived), test.after)
				}
			})
		})
	}
}

// muteFirst switches off the first section for a person.
func (w *world) muteFirst(p *telegramsim.Person) {
	w.t.Helper()
	sub, err := w.store.Subscriber(w.t.Context(), p.ID(), 0)
	if err == nil {
		err = w.store.SetMuted(w.t.Context(), sub.ID, 1, true)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}
