package telegramsim_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/telegramsim"
)

// retryAfter is the wait an error of the library orders, or 0.
func retryAfter(err error) int {
	if flood, ok := errors.AsType[*tg.TooManyRequestsError](err); ok {
		return flood.RetryAfter
	}
	return 0
}

func TestLimitOfThePrivateChat(t *testing.T) {
	inBubble(t, telegramsim.Options{}, func(t *testing.T, sim *telegramsim.Sim) {
		ann, bob, b := started(sim, "Ann"), started(sim, "Bob"), newBot(t, sim)
		post := func(p *telegramsim.Person) error { _, err := send(t.Context(), b, p.ID(), "x"); return err }
		for i := range 3 {
			if err := post(ann); err != nil {
				t.Fatalf("message %d of the burst: %v", i+1, err)
			}
		}
		if got := retryAfter(post(ann)); got != 1 {
			t.Errorf("fourth message at once: retry after %d, want 1", got)
		}
		if err := post(bob); err != nil {
			t.Errorf("another chat: %v", err)
		}
		time.Sleep(999 * time.Millisecond)
		if got := retryAfter(post(ann)); got != 1 {
			t.Errorf("a millisecond early: retry after %d, want 1", got)
		}
		time.Sleep(time.Millisecond)
		for range 20 { // one a second goes on for ever
			if err := post(ann); err != nil {
				t.Fatalf("one a second: %v", err)
			}
			time.Sleep(time.Second)
		}
		if got := sim.Stats(); got.Refused[429] != 2 || got.Early != 1 {
			t.Errorf("%d refused and %d early, want 2 and 1", got.Refused[429], got.Early)
		}
	})
}

func TestLimitOfTheGroup(t *testing.T) {
	inBubble(t, telegramsim.Options{}, func(t *testing.T, sim *telegramsim.Sim) {
		ann, b := sim.NewPerson("Ann"), newBot(t, sim)
		g := sim.NewSupergroup("Group", ann)
		g.AddBot(ann)
		last, err := send(t.Context(), b, g.ID, "first")
		if err != nil {
			t.Fatal(err)
		}
		for i := range 19 { // edits count as well
			if i%2 == 0 {
				_, err = send(t.Context(), b, g.ID, "x")
			} else {
				_, err = b.EditMessageText(t.Context(), &tg.EditMessageTextParams{ChatID: g.ID, MessageID: last.ID, Text: time.Now().String()})
			}
			if err != nil {
				t.Fatalf("message %d: %v", i+2, err)
			}
			time.Sleep(time.Second)
		}
		_, err = send(t.Context(), b, g.ID, "x")
		if got := retryAfter(err); got != 41 {
			t.Errorf("21st in 19 seconds: retry after %d, want 41", got)
		}
		time.Sleep(41 * time.Second)
		if _, err = send(t.Context(), b, g.ID, "x"); err != nil {
			t.Errorf("after the wait: %v", err)
		}
	})
}

// TestLimitOfTheBot floods the simulator and looks at every window of a second.
func TestLimitOfTheBot(t *testing.T) {
	var times []time.Time
	opts := telegramsim.Options{
		ImplicitChats: true, Forget: true,
		OnSend: func(m telegramsim.Message) { times = append(times, m.Date) },
	}
	inBubble(t, opts, func(t *testing.T, sim *telegramsim.Sim) {
		b := newBot(t, sim)
		for i := range 2000 {
			_, err := send(t.Context(), b, int64(1_000_000+i), "x")
			if n := retryAfter(err); n > 1 {
				t.Fatalf("retry after %d, want at most 1", n)
			}
			time.Sleep(time.Duration(1+i%37) * time.Millisecond)
		}
	})
	if len(times) < 500 {
		t.Fatalf("only %d accepted", len(times))
	}
	for i := 30; i < len(times); i++ {
		if gap := times[i].Sub(times[i-30]); gap < time.Second {
			t.Fatalf("31 messages in %v", gap)
		}
	}
}

func TestPaidBroadcast(t *testing.T) {
	inBubble(t, telegramsim.Options{ImplicitChats: true, Forget: true}, func(t *testing.T, sim *telegramsim.Sim) {
		b := newBot(t, sim)
		post := func(i int, paid bool) error {
			_, err := b.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: int64(1_000_000 + i), Text: "x", AllowPaidBroadcast: paid})
			return err
		}
		for i := range 1000 {
			if err := post(i, true); err != nil {
				t.Fatalf("message %d: %v", i, err)
			}
		}
		if got := retryAfter(post(1000, true)); got != 1 {
			t.Errorf("1001st: retry after %d, want 1", got)
		}
		time.Sleep(time.Second)
		for i := range 30 {
			if err := post(2000+i, false); err != nil {
				t.Fatalf("free message %d: %v", i, err)
			}
		}
		if got := retryAfter(post(3000, false)); got != 1 {
			t.Errorf("31st without paying: retry after %d, want 1", got)
		}
		if got := sim.Stats().StarTenths; got != 970 {
			t.Errorf("cost %d tenths of a Star, want 970", got)
		}
	})
}

// TestWeeksInAMoment sends ten thousand messages at the allowed speed.
func TestWeeksInAMoment(t *testing.T) {
	inBubble(t, telegramsim.Options{ImplicitChats: true, Forget: true}, func(t *testing.T, sim *telegramsim.Sim) {
		b := newBot(t, sim)
		begin := time.Now()
		for week := range 4 {
			for i := range 1000 {
				if _, err := send(t.Context(), b, int64(1000+i), "x"); err != nil {
					t.Fatalf("week %d, message %d: %v", week, i, err)
				}
				time.Sleep(time.Second/30 + 1)
			}
			time.Sleep(7 * 24 * time.Hour)
		}
		if got := sim.Stats().Sent; got != 4_000 || time.Since(begin) < 4*7*24*time.Hour {
			t.Errorf("%d sent in %v", got, time.Since(begin))
		}
	})
}

// TestCrowdedChat: a chat accepts 310 messages under way. Then it refuses all for a minute.
func TestCrowdedChat(t *testing.T) {
	inBubble(t, telegramsim.Options{}, func(t *testing.T, sim *telegramsim.Sim) {
		ann, b := started(sim, "Ann"), newBot(t, sim)
		sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: time.Hour})
		ended := make(chan error, 310)
		for range 310 {
			go func() { _, err := send(t.Context(), b, ann.ID(), "x"); ended <- err }()
		}
		synctest.Wait()
		_, err := send(t.Context(), b, ann.ID(), "x")
		if got := retryAfter(err); got != 60 {
			t.Errorf("311th: retry after %d, want 60", got)
		}
		for range 310 {
			<-ended //nolint:errcheck // some get through, most run into the limit of the chat
		}
	})
}

func TestConcurrentSenders(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, b := started(sim, "Ann"), newBot(t, sim)
		ids := make(chan int, 200)
		for range 20 {
			go func() {
				for range 10 {
					m, err := send(context.Background(), b, ann.ID(), "x")
					if err != nil {
						t.Errorf("send: %v", err)
						ids <- 0
						continue
					}
					ids <- m.ID
				}
			}()
		}
		var got []int
		for range 200 {
			got = append(got, <-ids)
		}
		slices.Sort(got)
		if n := len(slices.Compact(got)); n != 200 || len(ann.Chat().FromBot()) != 200 {
			t.Errorf("%d distinct ids of 200 messages", n)
		}
	})
}
