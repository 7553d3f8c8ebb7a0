package delivery_test

import (
	"database/sql"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// spoil makes the disk refuse to take the progress of deliveries for which the
// condition holds, and returns how to mend it.
func (w *world) spoil(condition string) (mend func()) {
	w.t.Helper()
	exec := func(statement string) {
		w.t.Helper()
		db, err := sql.Open("sqlite3", "file:"+w.path+"?_busy_timeout=10000")
		if err != nil {
			w.t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.ExecContext(w.t.Context(), statement); err != nil {
			w.t.Fatal(err)
		}
	}
	exec(`
		CREATE TRIGGER spoilt BEFORE UPDATE ON deliveries
		WHEN ` + condition + `
		BEGIN
			SELECT RAISE(ABORT, 'disk full');
		END`)
	return func() { exec("DROP TRIGGER spoilt") }
}

const (
	attempts = "new.attempts > 0"
	answers  = "new.attempts = 0"
)

// Nothing is sent whose attempt cannot be recorded.
func TestNoAttemptWithoutTheDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		readers := w.readers(20)
		w.start()
		issue := w.issue(1)
		mend := w.spoil(attempts)
		b := w.broadcast(issue)
		time.Sleep(time.Minute)
		if n := w.sim.Stats().Sent; n != 0 {
			t.Errorf("%d messages were sent, want none", n)
		}
		mend()
		w.await(b, subscribers.Done)
		for _, r := range readers {
			w.wantGot(r.ID(), everything()...)
		}
		if n := w.books(b).Sum(subscribers.OutcomeUncertain); n != 0 {
			t.Errorf("%d messages are uncertain, want none: nothing left", n)
		}
	})
}

// An answer that the disk does not take keeps its chat's next message back, is
// not lost, and nothing comes twice.
func TestAnswersWaitForTheDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		readers := w.readers(20)
		w.start()
		issue := w.issue(1)
		mend := w.spoil("new.next_message > 0")
		b := w.broadcast(issue)
		time.Sleep(time.Minute)
		for _, r := range readers {
			if n := len(w.got(r.ID())); n > 1 {
				t.Errorf("a reader has %d messages, want the second to wait", n)
			}
		}
		mend()
		w.await(b, subscribers.Done)
		for _, r := range readers {
			w.wantGot(r.ID(), everything()...)
		}
		if n := w.books(b).Sum(subscribers.OutcomeUncertain); n != 0 {
			t.Errorf("%d messages are uncertain, want none: all was answered", n)
		}
	})
}

// A broadcast is paused while the disk takes no answers: it ends when the disk
// is mended, and soon if it is not. What was sent meanwhile and could not be
// recorded is sent once more, and counted.
func TestPauseWhileTheDiskRefuses(t *testing.T) {
	for _, test := range []struct {
		name   string
		broken time.Duration // after the pause
		most   int           // messages that come twice
	}{{"for a moment", 3 * time.Second, 0}, {"for long", time.Minute, 20}} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, telegramsim.Options{}, 30)
				readers := w.readers(20)
				w.start()
				issue := w.issue(1)
				mend := w.spoil(answers)
				b := w.broadcast(issue)
				time.Sleep(5 * time.Second)
				w.turn(func() (bool, error) { return w.store.PauseBroadcast(t.Context(), b.ID, 1) })
				time.Sleep(test.broken)
				mend()
				time.Sleep(time.Minute)
				w.turn(func() (bool, error) { return w.store.ResumeBroadcast(t.Context(), b.ID, 1) })
				w.await(b, subscribers.Done)
				twice := 0
				for _, r := range readers {
					twice += w.wantOnce(everything(), r.ID())
				}
				uncertain := w.books(b).Sum(subscribers.OutcomeUncertain)
				if twice > uncertain || twice > test.most {
					t.Errorf("%d messages came twice, %d are uncertain, want at most %d", twice, uncertain, test.most)
				}
			})
		})
	}
}

// The program stops in a bounded time, though the disk takes nothing.
func TestStopWhileTheDiskRefuses(t *testing.T) {
	for _, condition := range []string{attempts, answers, "1"} {
		t.Run(condition, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, telegramsim.Options{}, 30)
				readers := w.readers(20)
				w.start()
				issue := w.issue(1)
				b := w.broadcast(issue)
				time.Sleep(3 * time.Second)
				mend := w.spoil(condition)
				time.Sleep(3 * time.Second)
				began := time.Now()
				w.bot.end()
				if took := time.Since(began); took > 30*time.Second {
					t.Errorf("the stop took %v", took)
				}
				mend()
				w.start()
				w.await(b, subscribers.Done)
				twice := 0
				for _, r := range readers {
					twice += w.wantOnce(everything(), r.ID())
				}
				if uncertain := w.books(b).Sum(subscribers.OutcomeUncertain); twice > uncertain {
					t.Errorf("%d messages came twice, only %d are uncertain", twice, uncertain)
				}
			})
		})
	}
}

// What readers ask for is no exception.
func TestRequestWhileTheDiskRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		reader := w.readers(1)[0]
		w.start()
		issue := w.issue(1)
		mend := w.spoil("new.next_message > 2")
		if _, err := w.bot.broadcaster.Deliver(t.Context(), issue.ID, w.id(reader)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(30 * time.Second)
		if got := w.got(reader.ID()); !slices.Equal(got, everything()[:3]) {
			t.Errorf("the reader received %q, want three messages", got)
		}
		mend()
		time.Sleep(30 * time.Second)
		w.wantGot(reader.ID(), everything()...)
	})
}

// An HTTP client without trace hooks does not tell when a request leaves, and
// still nothing comes more than twice, and everything is counted.
func TestClientWithoutHooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		readers := w.readers(20)
		w.silent = true
		w.start()
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.LoseAnswer, Methods: []string{"sendMessage"}, Times: 30})
		b := w.broadcast(w.issue(1))
		time.Sleep(time.Second)
		w.crash()
		w.start()
		w.await(b, subscribers.Done)
		twice := 0
		for _, r := range readers {
			twice += w.wantOnce(everything(), r.ID())
		}
		uncertain := w.books(b).Sum(subscribers.OutcomeUncertain)
		if twice == 0 || twice > uncertain {
			t.Errorf("%d messages came twice or not, %d are uncertain", twice, uncertain)
		}
	})
}
