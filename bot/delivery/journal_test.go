package delivery_test

import (
	"os"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/internal/longtest"
	"digestbot/subscribers"
)

// A message is not sent if its attempt cannot be recorded.
func TestNoAttemptWithoutARecord(t *testing.T) {
	inBubble(t, 20, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue(1)
		mend := w.spoilFile()
		b := w.broadcast(issue)
		time.Sleep(time.Minute)
		if n := w.sim.Stats().Sent; n != 0 {
			t.Errorf("%d messages were sent, want none", n)
		}
		if n := w.bot.logged("the broadcast is held up"); n == 0 || n > 12 {
			t.Errorf("the log says %d times that the broadcast is held up, want it every five seconds", n)
		}
		mend()
		w.await(b, subscribers.Done)
		w.wantAllOnce(b, readers)
	})
}

// The progress file fails while messages are under way. Their answers are kept all the
// same, and nothing is sent until the file works again.
func TestRecordsFailInTheMiddle(t *testing.T) {
	inBubble(t, 20, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.SlowAnswer, Delay: 300 * time.Millisecond})
		b := w.broadcast(w.issue(1))
		time.Sleep(2500 * time.Millisecond)
		mend := w.spoilFile()
		sent := w.sim.Stats().Sent
		time.Sleep(time.Minute)
		if n := w.sim.Stats().Sent; sent == 0 || n > sent {
			t.Errorf("%d messages were sent before and %d afterwards, want some and no more", sent, n-sent)
		}
		mend()
		w.await(b, subscribers.Done)
		w.wantAllOnce(b, readers)
	})
}

// unsavedAtMost is how many messages a chat gets whose answers the database does
// not take.
const unsavedAtMost = 4

// If the database does not take answers for a while, they hold back the next message to
// their chat. They are not lost, and nothing comes twice.
func TestAnswersWaitForTheDatabase(t *testing.T) {
	inBubble(t, 20, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue(1)
		mend := w.spoil("1")
		b := w.broadcast(issue)
		time.Sleep(time.Minute)
		for _, r := range readers {
			if n := len(w.got(r.ID())); n != unsavedAtMost {
				t.Errorf("a reader has %d messages, want %d", n, unsavedAtMost)
			}
		}
		mend()
		w.await(b, subscribers.Done)
		w.wantAllOnce(b, readers)
	})
}

// A delivery is over only when the database says so. Otherwise a broadcast that looks
// for pending deliveries would begin it again.
func TestTheEndWaitsForTheDatabase(t *testing.T) {
	inBubble(t, 20, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue(1)
		mend := w.spoil("new.state = 'done'")
		b := w.broadcast(issue)
		time.Sleep(time.Minute)
		if now, err := w.store.Broadcast(t.Context(), b.ID); err != nil || now.State != subscribers.Running {
			t.Errorf("the broadcast is %s (%v), want it running", now.State, err)
		}
		mend()
		w.await(b, subscribers.Done)
		w.wantAllOnce(b, readers)
	})
}

// The progress file has room for the deliveries under way. It is gone after an orderly
// stop, which takes no time if nothing is under way.
func TestOrderlyStopLeavesNothing(t *testing.T) {
	inBubble(t, longtest.Rounds(100, 300), func(t *testing.T, w *world, readers []*telegramsim.Person) {
		b := w.await(w.broadcast(w.issue(1)), subscribers.Done)
		w.wantAllOnce(b, readers)
		const underWay = 2 * (2*30 + 16) // see window
		info, err := os.Stat(w.path + "-progress")
		if err != nil {
			t.Fatal(err)
		}
		if most := int64(underWay * 1024); info.Size() > most {
			t.Errorf("the progress file has %d bytes, want %d at most", info.Size(), most)
		}
		began := time.Now()
		w.bot.end()
		if took := time.Since(began); took > 0 {
			t.Errorf("the stop took %v, want no time at all", took)
		}
		if _, err := os.Stat(w.path + "-progress"); !os.IsNotExist(err) {
			t.Errorf("after the stop the progress file is there (%v), want it gone", err)
		}
	})
}

// A broadcast is paused while the database takes no answers. It stops when the database
// works again, and goes on from there.
func TestPauseWhileTheDatabaseRefuses(t *testing.T) {
	for _, broken := range []time.Duration{3 * time.Second, time.Minute} { // after the pause
		t.Run(broken.String(), func(t *testing.T) {
			inBubble(t, 20, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				issue := w.issue(1)
				mend := w.spoil("new.attempts = 0")
				b := w.broadcast(issue)
				time.Sleep(5 * time.Second)
				w.turn(func() (bool, error) { return w.store.PauseBroadcast(t.Context(), b.ID, subscribers.InPrivate(1)) })
				time.Sleep(broken)
				mend()
				time.Sleep(time.Minute)
				w.turn(func() (bool, error) { return w.store.ResumeBroadcast(t.Context(), b.ID, subscribers.InPrivate(1)) })
				w.await(b, subscribers.Done)
				w.wantAllOnce(b, readers)
			})
		})
	}
}

// The program stops in a bounded time even if the database takes nothing, and the next
// start has the answers from the progress file.
func TestStopWhileTheDatabaseRefuses(t *testing.T) {
	inBubble(t, 20, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		b := w.broadcast(w.issue(1))
		time.Sleep(3 * time.Second)
		mend := w.spoil("1")
		time.Sleep(3 * time.Second)
		began := time.Now()
		w.bot.end()
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("the stop took %v", took)
		}
		mend()
		w.start()
		w.await(b, subscribers.Done)
		w.wantAllOnce(b, readers)
	})
}

// Neither the database nor the progress file takes answers, and the program stops: what
// was under way is sent once more, and counted.
func TestStopWhileTheDiskRefuses(t *testing.T) {
	inBubble(t, 20, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.SlowAnswer, Delay: 300 * time.Millisecond})
		b := w.broadcast(w.issue(1))
		time.Sleep(2500 * time.Millisecond)
		mend, mendFile := w.spoil("1"), w.spoilFile()
		time.Sleep(3 * time.Second)
		w.bot.end()
		mend()
		mendFile()
		w.start()
		w.await(b, subscribers.Done)
		if twice, uncertain := w.oddities(b, readers); twice == 0 || twice != uncertain {
			t.Errorf("%d messages came twice, %d are uncertain, want as many, and some", twice, uncertain)
		}
	})
}

// The same holds for issues that readers ask for.
func TestRequestWhileTheDatabaseRefuses(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue(1)
		mend := w.spoil("1")
		w.request(issue, readers[0])
		time.Sleep(30 * time.Second)
		w.wantGot(readers[0].ID(), everything()[:unsavedAtMost]...)
		mend()
		time.Sleep(30 * time.Second)
		w.wantGot(readers[0].ID(), everything()...)
	})
}

// An HTTP client without trace hooks does not report when a request leaves. Still nothing
// comes more than twice, and everything is counted.
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
		if twice, uncertain := w.oddities(b, readers); twice == 0 || twice > uncertain {
			t.Errorf("%d messages came twice or not, %d are uncertain", twice, uncertain)
		}
	})
}
