package bot_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// due is when the first run of these tests is due.
var due = time.Date(2000, 1, 7, 9, 0, 0, 0, time.UTC)

// run makes a run of the schedule and returns what it says to the admin, who
// has only that to say.
func (w *world) run(run func(context.Context, time.Time) error, week int) telegramsim.Message {
	w.t.Helper()
	return w.one(w.admin.Chat(), w.running(run, week))
}

func (w *world) running(run func(context.Context, time.Time) error, week int) func() {
	return func() {
		w.t.Helper()
		if err := run(w.t.Context(), due.AddDate(0, 0, 7*week)); err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestSchedule(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		w.issue(179, "News")
		w.tell(w.ann, "/subscribe")
		report := w.one(w.admin.Chat(), func() {
			if said := w.said(w.ann.Chat(), w.running(w.bot.RunSchedule, 0)); len(said) != 2 {
				t.Errorf("the reader got %q, want cover and section", texts(said))
			}
		})
		w.finished()
		report, _ = w.admin.Chat().Message(report.ID)
		wantText(t, report, "Sent", "sent: 2 messages")
		if said := w.said(w.admin.Chat(), w.running(w.bot.CatchUp, 0)); len(said) != 0 {
			t.Errorf("of a run on record the bot said %q, want nothing", texts(said))
		}
	})
}

// The schedule says why it does not send an issue.
func TestWhyTheScheduleSendsNothing(t *testing.T) {
	const heading = "A broadcast was due on Friday, 7 January, 09:00 (UTC), but nothing was sent."
	last := func(w *world) int64 {
		bc, err := w.store.LastBroadcast(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		return bc.ID
	}
	sent := func(w *world) {
		w.tell(w.ann, "/subscribe")
		w.issue(179, "News")
		w.said(w.admin.Chat(), w.running(w.bot.RunSchedule, -1))
	}
	begun := func(w *world) {
		w.audience(100)
		w.issue(179, "News")
		if _, err := w.store.RunSchedule(w.t.Context(), due.AddDate(0, 0, -7)); err != nil {
			w.t.Fatal(err)
		}
	}
	tests := []struct {
		name    string
		prepare func(w *world)
		want    []string
	}{
		{"no issue", func(*world) {}, []string{"There is no issue yet."}},
		{"nothing new", sent, []string{"no new issue since Weekly <179>", "which was sent on Saturday, 1 January"}},
		{"sent by an admin", func(w *world) {
			w.tell(w.ann, "/subscribe")
			w.issue(179, "News")
			m := w.tell(w.admin, "/broadcast")
			w.press(w.admin, m, "📣 Send now")
			w.finished()
		}, []string{"Weekly <179>", "which an admin sent on Saturday, 1 January"}},
		{"under way", begun, []string{"Weekly <179>", "on its way since Saturday, 1 January"}},
		{"paused", func(w *world) {
			begun(w)
			if _, err := w.store.PauseBroadcast(w.t.Context(), last(w), subscribers.InPrivate(adminID)); err != nil {
				w.t.Fatal(err)
			}
		}, []string{"Weekly <179>", "its broadcast is paused"}},
		{"cancelled", func(w *world) {
			begun(w)
			if _, err := w.store.CancelBroadcast(w.t.Context(), last(w), subscribers.InPrivate(adminID)); err != nil {
				w.t.Fatal(err)
			}
		}, []string{"Weekly <179>", "its broadcast was cancelled", "/broadcast"}},
		{"nobody", func(w *world) { w.issue(179, "News") }, []string{"Weekly <179>", "nobody is subscribed"}},
		{"everybody has it", func(w *world) {
			w.tell(w.ann, "/subscribe")
			w.issue(179, "News")
			w.said(w.ann.Chat(), func() { w.ann.Write("/latest") })
		}, []string{"Weekly <179>", "already have it or have paused"}},
		{"source in trouble", func(w *world) {
			sent(w)
			w.said(w.admin.Chat(), func() { w.bot.SourceChecked(w.t.Context(), "folder", errors.New("is <gone>")) })
		}, []string{"no new issue since Weekly <179>", "Something is wrong in folder: is <gone>"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.tell(w.admin, "/start")
				tt.prepare(w)
				before := len(w.admin.Chat().FromBot())
				w.running(w.bot.RunSchedule, 0)()
				w.pass(10 * time.Second)
				var said []telegramsim.Message
				for _, m := range w.admin.Chat().FromBot()[before:] {
					if strings.Contains(m.Text, heading) {
						said = append(said, m)
					}
				}
				if len(said) != 1 {
					t.Fatalf("the bot said %q, want one notice", texts(said))
				}
				wantText(t, said[0], tt.want...)
				if !strings.Contains(w.log.String(), "the schedule sends nothing") {
					t.Error("the log does not say so")
				}
			})
		})
	}
}

// A missed broadcast can be made up for by hand, as long as that makes sense.
func TestMissedRun(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		if said := w.said(w.admin.Chat(), w.running(w.bot.RunMissed, 0)); len(said) != 0 {
			t.Errorf("of a run that would have sent nothing the bot said %q", texts(said))
		}
		w.issue(179, "News")
		w.tell(w.ann, "/subscribe")
		missed := w.run(w.bot.RunMissed, 1)
		wantText(t, missed, "A broadcast was missed. It was due on Friday, 14 January, 09:00 (UTC).", "Weekly <179>", "has not been sent")
		if said := w.said(w.admin.Chat(), w.running(w.bot.RunMissed, 1)); len(said) != 0 {
			t.Errorf("told again the bot said %q", texts(said))
		}
		question := w.one(w.admin.Chat(), func() { w.press(w.admin, missed, "📣 Send it now…") })
		wantText(t, question, "Send this issue?", "1 subscriber × 2 messages")
		w.press(w.admin, question, "📣 Send now")
		w.finished()
		late := w.one(w.admin.Chat(), func() { w.press(w.admin, missed, "📣 Send it now…") })
		wantText(t, late, "Everybody already has this issue.")
		answer, _ := w.afterwards(w.ann.PressData(w.tell(w.ann, "/help"), "1:bsend"), missed)
		wantPopup(t, answer, "for the admins")
	})
}

// Admins are told once, after the next start, what they were not told before a stop.
func TestRunsAreToldAfterARestart(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		w.tell(w.ann, "/subscribe")
		w.issue(179, "News")
		w.stop()
		for week := range 5 { // a process that ended before its desk came to it
			if _, err := w.store.GiveUpSchedule(w.t.Context(), due.AddDate(0, 0, 7*week)); err != nil {
				t.Fatal(err)
			}
		}
		said := w.said(w.admin.Chat(), w.start)
		if len(said) != 3 {
			t.Fatalf("the bot said %q, want the last three runs", texts(said))
		}
		wantText(t, said[0], "Friday, 21 January")
		wantText(t, said[2], "Friday, 4 February")
		w.stop()
		if said := w.said(w.admin.Chat(), w.start); len(said) != 0 {
			t.Errorf("after another start the bot said %q", texts(said))
		}
	})
}

func TestRunThatIsUnsure(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		w.tell(w.ann, "/subscribe")
		w.issue(179, "News")
		w.said(w.admin.Chat(), w.running(w.bot.RunSchedule, 0)) // the clock was ahead
		w.issue(180, "News")
		m := w.run(w.bot.CatchUp, 0)
		wantText(t, m, "A broadcast was missed", "Weekly <180>", "the clock must have been wrong")
		wantLabels(t, m, "📣 Send it now…")
		w.said(w.admin.Chat(), w.running(w.bot.RunSchedule, 0)) // and comes to that time by itself
		if bc := w.finished(); bc.Trigger != subscribers.Schedule || bc.IssueID != 2 {
			t.Errorf("the last broadcast is %+v, want the new issue's", bc)
		}
	})
}

// Of several issues only the newest goes out, and admins hear of the others, except those
// from before the first broadcast.
func TestIssuesThatArePassedOver(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		w.tell(w.ann, "/subscribe")
		w.issue(177, "News")
		w.issue(178, "News")
		w.said(w.admin.Chat(), w.running(w.bot.RunSchedule, 0))
		w.finished()
		if all := strings.Join(texts(w.admin.Chat().FromBot()), "\n"); strings.Contains(all, "never sent") {
			t.Errorf("the bot said %q, want nothing of the archive", all)
		}
		w.issue(179, "News")
		w.issue(180, "News")
		said := w.said(w.admin.Chat(), w.running(w.bot.RunSchedule, 1))
		w.finished()
		if len(said) != 2 {
			t.Fatalf("the bot said %q, want a report and what was passed over", texts(said))
		}
		text := said[0].Text + said[1].Text
		if !strings.Contains(text, "never sent") || strings.Count(text, "179") != 1 || strings.Contains(text, "177") {
			t.Errorf("the bot said %q, want that 179 was never sent", texts(said))
		}
	})
}
