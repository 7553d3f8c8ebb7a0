package talk_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/talk"
)

func TestKeyedLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lock talk.KeyedLock
		began := time.Now()
		work := func(key int64) {
			unlock, err := lock.Lock(t.Context(), key)
			if err != nil {
				t.Error(err)
				return
			}
			time.Sleep(time.Second)
			unlock()
		}
		for _, key := range []int64{1, 1, 1, 2} {
			go work(key)
		}
		synctest.Wait()
		hasty, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := lock.Lock(hasty, 1); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Lock = %v for a goroutine in a hurry, want %v", err, context.DeadlineExceeded)
		}
		unlock, err := lock.Lock(t.Context(), 2)
		if err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(began); waited != time.Second {
			t.Errorf("the key with one goroutine was free after %s, want 1s", waited)
		}
		unlock()
		time.Sleep(3*time.Second - time.Since(began)) // the three goroutines are one after the other
		synctest.Wait()
		unlock, err = lock.Lock(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(began); waited != 3*time.Second {
			t.Errorf("the key with three goroutines was free after %s, want 3s", waited)
		}
		unlock()
	})
}
