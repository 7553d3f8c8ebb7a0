package desk

import (
	"testing"
	"testing/synctest"
	"time"

	"digestbot/subscribers"
)

func TestLedger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		bc := subscribers.Broadcast{ID: 7, State: subscribers.Running}
		l.keep(bc, books(), 2*time.Second)
		time.Sleep(2*booksShare*time.Second - time.Nanosecond)
		if _, known := l.find(bc); !known {
			t.Error("books that took 2 seconds are forgotten before 40 seconds are over")
		}
		paused := bc
		paused.State = subscribers.Paused
		if _, known := l.find(paused); known {
			t.Error("the books of a broadcast that has changed since need not be read")
		}
		time.Sleep(time.Nanosecond)
		if _, known := l.find(bc); known {
			t.Error("books that took 2 seconds are known after 40 seconds")
		}
		time.Sleep(time.Nanosecond)
		l.keep(subscribers.Broadcast{ID: 8}, books(), time.Second)
		if len(l.read) != 1 {
			t.Errorf("the ledger holds %d books, want only those that need not be read", len(l.read))
		}
	})
}
