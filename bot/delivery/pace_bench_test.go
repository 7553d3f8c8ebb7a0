package delivery_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/delivery"
	"digestbot/bot/sender"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// BenchmarkPace runs broadcasts against the simulator with its strict limits, over
// real connections on which requests and answers travel for equally long, while a
// reader keeps asking. It reports the share of Telegram's budget that was used (the
// least possible time by the time taken, from the first message to arrive to the
// last), how often Telegram had to say 429, and how long an answer to the reader
// waited before it reached Telegram.
func BenchmarkPace(b *testing.B) {
	cases := []paceCase{
		{rate: 30, readers: 100, messages: 6},
		{rate: 30, readers: 1000, messages: 3},
		{rate: 1000, readers: 10_000, messages: 6},
	}
	if testing.Short() {
		cases = cases[:1]
	}
	for _, c := range cases {
		for _, c.jitter = range []time.Duration{10 * time.Millisecond, 40 * time.Millisecond} {
			b.Run(fmt.Sprintf("%d per second, %d messages, 80 ± %d ms", c.rate, c.readers*c.messages, c.jitter.Milliseconds()), func(b *testing.B) {
				for b.Loop() {
					benchmarkPace(b, c)
				}
			})
		}
	}
}

// paceCase is a broadcast over a line. It is paid for when the rate exceeds what is
// free.
type paceCase struct {
	rate, readers, messages int
	jitter                  time.Duration // of 80 ms there and back
}

// asker is the chat of the reader who keeps asking.
const asker = 77

// arrivals records when messages reach Telegram.
type arrivals struct {
	mu          sync.Mutex
	first, last time.Time // of the broadcast
	broadcast   int
	answers     chan time.Time
}

func (a *arrivals) record(m telegramsim.Message) {
	if m.Chat == asker {
		a.answers <- m.Date
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.broadcast == 0 {
		a.first = m.Date
	}
	a.broadcast++
	a.last = m.Date
}

func benchmarkPace(b *testing.B, c paceCase) {
	b.Helper()
	seen := &arrivals{answers: make(chan time.Time, 1)}
	sim := telegramsim.ForTest(b, telegramsim.Options{ImplicitChats: true, Forget: true, OnSend: seen.record})
	defer sim.Close()
	sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: 80*time.Millisecond - c.jitter, MaxDelay: 80*time.Millisecond + c.jitter})
	server := httptest.NewServer(sim)
	defer server.Close()
	api, err := tg.New(sim.Token(), tg.WithSkipGetMe(), tg.WithServerURL(server.URL), tg.WithHTTPClient(time.Minute, sender.NewClient(nil)))
	if err != nil {
		b.Fatal(err)
	}
	store, issue := archived(b, c.readers, c.messages)
	defer store.Close()

	ctx, cancel := context.WithCancel(b.Context())
	sender := sender.New(api, store, sender.Config{Rate: c.rate, Paid: c.rate > 30, Log: slog.New(slog.DiscardHandler)})
	broadcaster := delivery.NewBroadcaster(store, sender, func(_ context.Context, e delivery.Event) {
		if e.Kind == delivery.EventFinished {
			cancel()
		}
	}, delivery.Config{Paid: c.rate > 30, Log: slog.New(slog.DiscardHandler)})
	bc, err := store.StartBroadcast(ctx, issue.ID, subscribers.InPrivate(1))
	if err != nil {
		b.Fatal(err)
	}
	var running sync.WaitGroup
	var waits []time.Duration
	running.Go(func() {
		if err := sender.Run(ctx); err != nil {
			b.Error(err)
		}
	})
	running.Go(func() { waits = ask(ctx, sender, seen.answers) })
	if err := broadcaster.Run(ctx); err != nil {
		b.Error(err)
	}
	running.Wait()

	least := time.Duration(float64(bc.Subscribers*bc.Messages-1) / float64(c.rate) * float64(time.Second))
	answers := time.Duration(float64(len(waits)) / float64(c.rate) * float64(time.Second)) // they use the budget too
	slices.Sort(waits)
	b.ReportMetric(100*float64(least+answers)/float64(seen.last.Sub(seen.first)), "%-of-budget")
	b.ReportMetric(float64(sim.Stats().Refused[429]), "429s")
	b.ReportMetric(float64(waits[len(waits)*99/100].Microseconds())/1000, "p99-answer-ms")
	b.ReportMetric(float64(waits[len(waits)/2].Microseconds())/1000, "median-answer-ms")
}

// ask sends answers, one after the other, and returns how long each waited
// before it reached Telegram.
func ask(ctx context.Context, sender *sender.Sender, answers <-chan time.Time) (waits []time.Duration) {
	tick := time.NewTicker(1100 * time.Millisecond) // what one chat can take
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return waits
		case <-tick.C:
		}
		asked := time.Now()
		if _, err := sender.SendMessage(ctx, &tg.SendMessageParams{ChatID: int64(asker), Text: "an answer", AllowPaidBroadcast: true}); err != nil {
			continue // the broadcast is over
		}
		waits = append(waits, (<-answers).Sub(asked))
	}
}
