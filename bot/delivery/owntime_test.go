package delivery_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/delivery"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// friday is when the issues of these tests are due, unless they say otherwise.
const friday = "2026-11-27T09:00:00Z"

// inOwnTime runs test in a bubble that has reached a moment, with a bot that
// has started.
func inOwnTime(t *testing.T, at string, test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		until(t, at)
		w := newWorld(t, telegramsim.Options{}, 30)
		w.start()
		time.Sleep(2 * time.Second) // the sender leaves its first second empty
		test(t, w)
	})
}

// until lets time pass.
func until(t *testing.T, at string) {
	t.Helper()
	moment, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Until(moment))
	synctest.Wait()
}

// reader adds a reader with a time of its own; an empty zone: with the schedule.
func (w *world) reader(day time.Weekday, clock, zone string) *telegramsim.Person {
	w.t.Helper()
	p := w.readers(1)[0]
	w.choose(p, day, clock, zone)
	return p
}

func (w *world) choose(p *telegramsim.Person, day time.Weekday, clock, zone string) {
	w.t.Helper()
	if zone == "" {
		return
	}
	at, err := time.Parse("15:04", clock)
	if err != nil {
		w.t.Fatal(err)
	}
	own := subscribers.DeliveryTime{Weekday: day, Minute: 60*at.Hour() + at.Minute(), Zone: zone}
	if err := w.store.SetDeliveryTime(w.t.Context(), w.id(p), own); err != nil {
		w.t.Fatal(err)
	}
}

// schedule fires the schedule now, for the time it was due.
func (w *world) schedule(due string) subscribers.Broadcast {
	w.t.Helper()
	at, err := time.Parse(time.RFC3339, due)
	if err != nil {
		w.t.Fatal(err)
	}
	r, err := w.store.RunSchedule(w.t.Context(), at)
	if err != nil || r.Outcome != subscribers.RunStarted {
		w.t.Fatalf("RunSchedule: %q, %v", r.Outcome, err)
	}
	w.bot.broadcaster.Wake()
	return r.Broadcast
}

// wantAt checks that a reader got the whole issue, once, from a moment on, and
// that it was over in a few seconds.
func (w *world) wantAt(p *telegramsim.Person, at string) {
	w.t.Helper()
	w.wantGot(p.ID(), everything()...)
	moment, err := time.Parse(time.RFC3339, at)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, m := range p.Chat().FromBot() {
		if m.Date.Before(moment) || m.Date.After(moment.Add(10*time.Second)) {
			w.t.Errorf("%s got a message at %v, want it at %s", p.Name(), m.Date.UTC(), at)
		}
	}
}

// over checks that a broadcast is done, with balanced books.
func (w *world) over(b subscribers.Broadcast) subscribers.Books {
	w.t.Helper()
	now, err := w.store.Broadcast(w.t.Context(), b.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	if now.State != subscribers.Done {
		w.t.Errorf("broadcast %d is %s (%s), want it done", b.ID, now.State, now.Reason)
	}
	return w.books(b)
}

// The schedule fires a second late, and still no reader's time is missed.
func TestEverybodyGetsTheIssueAtTheirTime(t *testing.T) {
	for _, test := range []struct {
		name, due string
		want      map[string]string // by weekday, time and zone: when
	}{
		{"an ordinary week", friday, map[string]string{
			"5 00:00 ":                    "2026-11-27T09:00:01Z",
			"5 09:00 UTC":                 "2026-11-27T09:00:01Z", // exactly the schedule's
			"5 10:00 Europe/Berlin":       "2026-11-27T09:00:01Z",
			"5 10:01 Europe/Berlin":       "2026-11-27T09:01:00Z",
			"5 20:00 Asia/Shanghai":       "2026-11-27T12:00:00Z",
			"0 20:00 America/Los_Angeles": "2026-11-30T04:00:00Z",
			"3 07:45 Asia/Kathmandu":      "2026-12-02T02:00:00Z",
			"5 08:59 UTC":                 "2026-12-04T08:59:00Z",
		}},
		{"clocks go forward", "2026-03-27T09:00:00Z", map[string]string{
			"6 20:00 Europe/Berlin": "2026-03-28T19:00:00Z",
			"0 02:30 Europe/Berlin": "2026-03-29T01:00:00Z", // left out
			"0 20:00 Europe/Berlin": "2026-03-29T18:00:00Z",
			"5 09:30 Europe/Berlin": "2026-04-03T07:30:00Z",
		}},
		{"clocks go back", "2026-10-23T09:00:00Z", map[string]string{
			"6 20:00 Europe/Berlin": "2026-10-24T18:00:00Z",
			"0 02:30 Europe/Berlin": "2026-10-25T00:30:00Z", // the first of two
			"0 20:00 Europe/Berlin": "2026-10-25T19:00:00Z",
			"5 10:30 Europe/Berlin": "2026-10-30T09:30:00Z",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inOwnTime(t, "2026-01-01T00:00:00Z", func(t *testing.T, w *world) {
				people := make(map[*telegramsim.Person]string)
				for own, at := range test.want {
					var day time.Weekday
					var clock, zone string
					_, _ = fmt.Sscan(own, &day, &clock, &zone) // the zone may be missing
					people[w.reader(day, clock, zone)] = at
				}
				issue := w.issue(1)
				until(t, test.due)
				time.Sleep(time.Second)
				b := w.schedule(test.due)
				w.await(b, subscribers.Done)
				for p, at := range people {
					w.wantAt(p, at)
				}
				books := w.over(b)
				if got, want := books.Sum(subscribers.OutcomeSent), 6*len(people); got != want {
					t.Errorf("%d messages of issue %d were sent, want %d", got, issue.ID, want)
				}
				if n := len(w.bot.saw(delivery.EventStarted)); n != 1 {
					t.Errorf("the start was announced %d times, want once", n)
				}
				if n := len(w.bot.saw(delivery.EventFinished)); n != 1 {
					t.Errorf("the end was announced %d times, want once", n)
				}
			})
		})
	}
}

// However a life of the program ends while readers wait, they get the issue in time:
// after a restart, after a crash, and after the bot was off at their time.
func TestOwnTimesOverTheEndOfTheProgram(t *testing.T) {
	inOwnTime(t, "2026-11-27T08:00:00Z", func(t *testing.T, w *world) {
		now, saturday := w.reader(0, "", ""), w.reader(time.Saturday, "12:00", "UTC")
		sunday, monday := w.reader(time.Sunday, "12:00", "UTC"), w.reader(time.Monday, "12:00", "UTC")
		w.issue(1)
		until(t, friday)
		b := w.schedule(friday)
		until(t, "2026-11-28T10:00:00Z")
		w.bot.end()
		w.start()
		until(t, "2026-11-29T10:00:00Z")
		w.wantAt(saturday, "2026-11-28T12:00:00Z")
		w.crash()
		w.start()
		until(t, "2026-11-30T10:00:00Z")
		w.wantAt(sunday, "2026-11-29T12:00:00Z")
		w.bot.end()
		until(t, "2026-11-30T13:00:00Z")
		w.start()
		until(t, "2026-11-30T14:00:00Z")
		w.wantAt(now, friday)
		w.wantAt(monday, "2026-11-30T13:00:00Z")
		w.over(b)
	})
}

func (w *world) turn(f func() (bool, error)) {
	w.t.Helper()
	if changed, err := f(); err != nil || !changed {
		w.t.Fatalf("nothing changed, %v", err)
	}
	w.bot.broadcaster.Wake()
}

func TestPauseWhileReadersWait(t *testing.T) {
	inOwnTime(t, "2026-11-27T08:00:00Z", func(t *testing.T, w *world) {
		saturday, sunday := w.reader(time.Saturday, "12:00", "UTC"), w.reader(time.Sunday, "12:00", "UTC")
		w.issue(1)
		until(t, friday)
		b := w.schedule(friday)
		until(t, "2026-11-28T10:00:00Z")
		w.turn(func() (bool, error) { return w.store.PauseBroadcast(t.Context(), b.ID, subscribers.InPrivate(1)) })
		until(t, "2026-11-28T15:00:00Z")
		w.wantGot(saturday.ID())
		w.turn(func() (bool, error) { return w.store.ResumeBroadcast(t.Context(), b.ID, subscribers.InPrivate(1)) })
		until(t, "2026-11-28T16:00:00Z")
		w.wantAt(saturday, "2026-11-28T15:00:00Z")
		until(t, "2026-11-29T13:00:00Z")
		w.wantAt(sunday, "2026-11-29T12:00:00Z")
		w.over(b)
		if n := len(w.bot.saw(delivery.EventStarted)); n != 2 {
			t.Errorf("%d starts were announced, want that after the pause as well", n)
		}
	})
}

func TestCancelWhileReadersWait(t *testing.T) {
	inOwnTime(t, "2026-11-27T08:00:00Z", func(t *testing.T, w *world) {
		now, sunday := w.reader(0, "", ""), w.reader(time.Sunday, "12:00", "UTC")
		issue := w.issue(1)
		until(t, friday)
		b := w.schedule(friday)
		until(t, "2026-11-28T10:00:00Z")
		w.turn(func() (bool, error) { return w.store.CancelBroadcast(t.Context(), b.ID, subscribers.InPrivate(1)) })
		time.Sleep(time.Second)
		if got, _ := w.store.Broadcast(t.Context(), b.ID); got.State != subscribers.Cancelled || got.FinishedAt.IsZero() {
			t.Errorf("a second later it is %s, finished %v", got.State, got.FinishedAt)
		}
		if books := w.books(b); books.Sum(subscribers.OutcomeSent) != 6 || books.Sum(subscribers.OutcomeSkipped) != 6 {
			t.Errorf("books are %+v", books)
		}
		until(t, "2026-11-29T13:00:00Z")
		w.wantAt(now, friday)
		w.wantGot(sunday.ID())
		// Another broadcast is for the readers who did not get it, at the time they chose.
		again := w.broadcast(issue)
		if again.Subscribers != 1 {
			t.Errorf("another broadcast goes to %d, want the one who waited", again.Subscribers)
		}
		until(t, "2026-12-06T13:00:00Z")
		w.wantAt(sunday, "2026-12-06T12:00:00Z")
		w.over(again)
	})
}

// While readers of one issue wait, the next issue starts, which takes long. A reader
// whose time comes does not wait for its end, and it goes on.
func TestTwoBroadcastsWithReadersThatWait(t *testing.T) {
	inOwnTime(t, "2026-11-27T08:00:00Z", func(t *testing.T, w *world) {
		saturday, thursday := w.reader(time.Saturday, "12:00", "UTC"), w.reader(time.Thursday, "12:00", "UTC")
		w.issue(1)
		until(t, friday)
		one := w.schedule(friday)
		until(t, "2026-11-28T11:59:00Z")
		crowd := w.readers(400) // eighty seconds for six messages each
		two := w.broadcast(w.issue(2))
		until(t, "2026-11-28T12:01:00Z")
		if n := len(saturday.Chat().FromBot()); n != 12 && n != 6 {
			t.Errorf("a minute after its time the reader has %d messages, want the first issue", n)
		}
		if got := firstOf(saturday, 1); len(got) != 6 || got[0].Sub(moment(t, "2026-11-28T12:00:00Z")) > 20*time.Second {
			t.Errorf("the first issue came at %v, want it soon after 12:00", got)
		}
		until(t, "2026-11-28T12:20:00Z")
		for _, p := range crowd {
			if n := len(p.Chat().FromBot()); n != 6 {
				t.Errorf("%s has %d messages of the second issue", p.Name(), n)
			}
		}
		until(t, "2026-12-05T13:00:00Z")
		for _, p := range []*telegramsim.Person{saturday, thursday} {
			if a, b := len(firstOf(p, 1)), len(firstOf(p, 2)); a != 6 || b != 6 {
				t.Errorf("%s has %d and %d messages of the issues, want six of each", p.Name(), a, b)
			}
		}
		w.over(one)
		w.over(two)
		if got := w.bot.saw(delivery.EventStarted); len(got) != 2 {
			t.Errorf("%d starts were announced, want one for each", len(got))
		}
	})
}

// firstOf returns when the messages of the n-th issue came.
func firstOf(p *telegramsim.Person, n int) []time.Time {
	var all []time.Time
	count := 0
	for _, m := range p.Chat().FromBot() {
		if heading(m.Text) == "cover" {
			count = 0
			_, _ = fmt.Sscanf(m.Text[slices.Index([]byte(m.Text), 'W'):], "Weekly %d", &count)
		}
		if count == n {
			all = append(all, m.Date)
		}
	}
	return all
}

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
