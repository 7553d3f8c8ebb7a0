package delivery_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/bot/sender"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// concurrency is how many requests the bare loop has under way. It is slower with more or
// fewer.
const concurrency = 64

// BenchmarkBroadcast sends an issue of six messages to 10,000 subscribers, over real
// connections to a server that accepts everything at once. In the same run a bare loop
// over the client library, which keeps no books, sends the same messages: half of them
// before ours and half after. All of this is done several times, because machines change
// their speed. "ratio" is our speed divided by that of the loop.
func BenchmarkBroadcast(b *testing.B) {
	readers, rounds := 10_000, 4
	if testing.Short() {
		readers, rounds = 1_000, 1
	}
	server := httptest.NewServer(http.HandlerFunc(accept))
	defer server.Close()
	api, err := tg.New("1:benchmark", tg.WithSkipGetMe(), tg.WithServerURL(server.URL),
		tg.WithHTTPClient(time.Minute, sender.NewClient(nil)))
	if err != nil {
		b.Fatal(err)
	}
	var ours, bare, oursBusy, bareBusy time.Duration
	messages := 0
	round := func() {
		store, issue := archived(b, readers, len(names)+1)
		texts, err := store.Messages(b.Context(), issue.ID, issue.Edition)
		if err != nil {
			b.Fatal(err)
		}
		loop := func(first, last int) {
			began, busy := time.Now(), processorTime(b)
			bareLoop(b, api, first, last, texts)
			bare, bareBusy = bare+time.Since(began), bareBusy+processorTime(b)-busy
		}
		loop(0, readers/2)
		began, busy := time.Now(), processorTime(b)
		runBroadcast(b, api, store, issue)
		ours, oursBusy = ours+time.Since(began), oursBusy+processorTime(b)-busy
		loop(readers/2, readers)
		messages += readers * len(texts)
		if err := store.Close(); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		for range rounds {
			round()
		}
	}
	b.ReportMetric(float64(messages)/ours.Seconds(), "messages/s")
	b.ReportMetric(float64(messages)/bare.Seconds(), "bare-messages/s")
	b.ReportMetric(bare.Seconds()/ours.Seconds(), "ratio")
	b.ReportMetric(bareBusy.Seconds()/oursBusy.Seconds(), "processor-ratio")
	b.ReportMetric(float64(oursBusy.Microseconds())/float64(messages), "processor-µs/message")
}

// processorTime returns the time that the process has used of all processors.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

var accepted atomic.Int64

// accept does the least that a Bot API server can do.
func accept(w http.ResponseWriter, r *http.Request) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"ok":true,"result":{"message_id":%d,"date":1,"chat":{"id":1,"type":"private"}}}`, accepted.Add(1))
}

// archived makes a database with subscribers, and an issue of so many messages.
func archived(b *testing.B, readers, messages int) (*subscribers.Store, archive.Issue) {
	b.Helper()
	path := filepath.Join(b.TempDir(), "digestbot.db")
	store, err := subscribers.Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	issue := &digest.Issue{Key: "1", Number: 1, Title: "Weekly 1"}
	for _, name := range names[:messages-1] {
		section := digest.Section{Key: digest.SectionKey(name), Name: name}
		for i := range 5 {
			section.Items = append(section.Items, digest.Item{
				Title: []digest.Span{{Text: fmt.Sprintf("%s item %d", name, i), Link: "https://example.org/item"}},
				Body:  []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: "Two or three sentences tell what it is about. This is the second. And a third."}}}},
			})
		}
		issue.Sections = append(issue.Sections, section)
	}
	row, _, err := store.SaveIssue(b.Context(), issue, "issue.md", []byte("1"))
	if err != nil {
		b.Fatal(err)
	}
	db, err := sql.Open("sqlite3", path+"?_busy_timeout=10000")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`
		WITH RECURSIVE ids (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id < ?)
		INSERT INTO subscribers (chat_id, kind, state, created_at, updated_at)
		SELECT 1000000 + id, 'private', 'on', 0, 0 FROM ids`, readers); err != nil {
		b.Fatal(err)
	}
	return store, row
}

// bareLoop sends the texts to the readers from first to before last.
func bareLoop(b *testing.B, api *tg.Bot, first, last int, texts []archive.Message) {
	b.Helper()
	chats := make(chan int64)
	var workers sync.WaitGroup
	for range concurrency {
		workers.Go(func() {
			for chat := range chats {
				for i, m := range texts {
					if _, err := api.SendMessage(context.Background(), &tg.SendMessageParams{
						ChatID: chat, Text: m.HTML, ParseMode: models.ParseModeHTML,
						LinkPreviewOptions:  &models.LinkPreviewOptions{IsDisabled: tg.True()},
						DisableNotification: i > 0, // as ours
					}); err != nil {
						b.Error(err)
					}
				}
			}
		})
	}
	for chat := first; chat < last; chat++ {
		chats <- int64(1_000_000 + chat)
	}
	close(chats)
	workers.Wait()
}

func runBroadcast(b *testing.B, api *tg.Bot, store *subscribers.Store, issue archive.Issue) {
	b.Helper()
	sender := sender.New(api, store, sender.Config{Unlimited: true, Log: slog.New(slog.DiscardHandler)})
	ctx, cancel := context.WithCancel(b.Context())
	finished := func(_ context.Context, e delivery.Event) {
		if e.Kind == delivery.EventFinished {
			cancel()
		}
	}
	broadcaster := delivery.NewBroadcaster(store, sender, finished, delivery.Config{Log: slog.New(slog.DiscardHandler)})
	if _, err := store.StartBroadcast(ctx, issue.ID, subscribers.InPrivate(1)); err != nil {
		b.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() {
		if err := sender.Run(ctx); err != nil {
			b.Error(err)
		}
	})
	if err := broadcaster.Run(ctx); err != nil {
		b.Error(err)
	}
	running.Wait()
}
