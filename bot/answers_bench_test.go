package bot_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"digestbot/bot"
	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// BenchmarkAnswers has the admins of a group press buttons while a hundred
// answers wait for that group's pace, and a broadcast goes on at 30 messages a
// second, over real connections to the simulator with its strict limits and a
// travel time of 80 ± 40 ms, half of it there and half back. It reports how
// long the answers took that the presses got: to the press' way to the bot and
// the answer's way back nothing but the bot's own time is added.
func BenchmarkAnswers(b *testing.B) {
	for b.Loop() {
		benchmarkAnswers(b)
	}
}

const (
	pressers    = 10
	benchPauses = 150 * time.Millisecond // as people press; there is no bubble, so this is real time
	benchCount  = 200                    // presses: fewer than a minute's of each
)

func benchmarkAnswers(b *testing.B) {
	b.Helper()
	sim := telegramsim.ForTest(b, telegramsim.Options{ImplicitChats: true})
	defer sim.Close()
	store, issue := benchStore(b, 1000)
	stop := benchBot(b, sim, store)
	owner, group, menu := benchGroup(b, sim)
	admins := []*telegramsim.Person{owner}
	for i := range pressers {
		p := sim.NewPerson(fmt.Sprint("Person ", i))
		group.Promote(p, telegramsim.AllRights(), false)
		admins = append(admins, p)
		for range 10 {
			p.WriteIn(group, "/help@"+sim.Bot().Username)
		}
	}
	sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: 40 * time.Millisecond, MaxDelay: 120 * time.Millisecond, Methods: []string{"*"}})
	started, err := store.StartBroadcast(b.Context(), issue.ID, subscribers.InPrivate(1))
	if err != nil {
		b.Fatal(err)
	}
	var waits []time.Duration
	answers := make(chan time.Duration, benchCount)
	for i := range benchCount {
		q := admins[i%len(admins)].PressData(menu, fmt.Sprintf("1:mute:1:%d:0", i%2))
		began := time.Now()
		go func() {
			if err := sim.Wait(b.Context(), func() bool { _, ok := q.Answer(); return ok }); err != nil {
				b.Error(err)
			}
			answers <- time.Since(began)
		}()
		time.Sleep(benchPauses)
	}
	for range benchCount {
		waits = append(waits, <-answers)
	}
	benchReport(b, sim, group, waits)
	stop()
	if now, err := store.Broadcast(b.Context(), started.ID); err != nil || now.State != subscribers.Running {
		b.Errorf("the broadcast is %q, %v, want it under way", now.State, err)
	}
}

func benchReport(b *testing.B, sim *telegramsim.Sim, group *telegramsim.Chat, waits []time.Duration) {
	b.Helper()
	slices.Sort(waits)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(ms(waits[len(waits)*99/100]), "p99-answer-ms")
	b.ReportMetric(ms(waits[len(waits)/2]), "median-answer-ms")
	b.ReportMetric(float64(sim.Stats().Refused[429]), "429s")
	b.ReportMetric(float64(pressers*10-len(group.FromBot())), "still-waiting")
}

// benchStore has an issue and that many subscribers.
func benchStore(b *testing.B, readers int) (*subscribers.Store, archive.Issue) {
	b.Helper()
	store, err := subscribers.Open(b.Context(), filepath.Join(b.TempDir(), "digestbot.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close() }) // the benchmark is over
	issue := &digest.Issue{Key: "1", Number: 1, Title: "Weekly 1"}
	for _, name := range []string{"News", "Tools"} {
		issue.Sections = append(issue.Sections, sectionOf(name, "About "+name))
	}
	row, _, err := store.SaveIssue(b.Context(), issue, "issue.md", []byte("1"))
	if err != nil {
		b.Fatal(err)
	}
	for i := range readers {
		if _, _, err := store.Subscribe(b.Context(), subscribers.Chat{ID: int64(1_000_000 + i), Kind: subscribers.Private}); err != nil {
			b.Fatal(err)
		}
	}
	return store, row
}

// benchBot starts a bot and returns what stops it.
func benchBot(b *testing.B, sim *telegramsim.Sim, store *subscribers.Store) (stop func()) {
	b.Helper()
	server := httptest.NewServer(sim)
	b.Cleanup(server.Close)
	its, err := bot.New(bot.Config{Token: sim.Token(), APIURL: server.URL, Store: store, Location: time.UTC, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- its.Run(ctx) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	}
}

// benchGroup makes a group with a keyboard of the bot's.
func benchGroup(b *testing.B, sim *telegramsim.Sim) (owner *telegramsim.Person, group *telegramsim.Chat, menu telegramsim.Message) {
	b.Helper()
	owner = sim.NewPerson("Ann")
	group = sim.NewSupergroup("Friends", owner)
	group.AddBot(owner)
	owner.WriteIn(group, "/subscribe@"+sim.Bot().Username)
	owner.WriteIn(group, "/sections@"+sim.Bot().Username)
	if err := sim.Wait(b.Context(), func() bool { return len(group.FromBot()) == 3 }); err != nil {
		b.Fatal(err)
	}
	return owner, group, group.FromBot()[2]
}
