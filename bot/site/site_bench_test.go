package site_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/delivery"
	"digestbot/bot/sender"
	"digestbot/bot/site"
	"digestbot/subscribers"
)

// visitors is how many connections ask at the same time.
const visitors = 64

// archived makes an archive of a year of a weekly, on a real connection.
func archived(b *testing.B) (*world, *httptest.Server) {
	b.Helper()
	w := newWorld(b)
	for n := range 52 {
		text := fmt.Sprintf("# Riverside, issue %d\n\nHello to all of you.\n", n+1)
		for section := range 6 {
			text += fmt.Sprintf("\n## Section %d\n", section)
			for item := range 7 {
				text += fmt.Sprintf("\n### [Item %d of section %d](https://example.org/%d/%d)\nTwo or three sentences tell what it is about. This is the second of %d. And a third.\n", item, section, n, item, n)
			}
		}
		w.save(n+1, time.Date(2025, 11, 28+7*n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), text)
	}
	server := httptest.NewServer(w.site)
	b.Cleanup(server.Close)
	return w, server
}

// ask asks for one page after the other over a connection until ctx is done, as browsers do
// that have not been there, one each pause at most. It costs as little as a client can.
func ask(ctx context.Context, b *testing.B, address string, pause time.Duration, asked *atomic.Int64) {
	connection, err := net.Dial("tcp", address)
	if err != nil {
		b.Error(err)
		return
	}
	defer connection.Close()
	reader := bufio.NewReaderSize(connection, 64<<10)
	for next := time.Now(); ctx.Err() == nil; next = next.Add(pause) {
		time.Sleep(time.Until(next))
		n := asked.Add(1)
		path := [...]string{"", fmt.Sprintf("issues/%d/", n%52+1), "feed.atom", "all/"}[n%4]
		if _, err := fmt.Fprintf(connection, "GET /weekly/%s HTTP/1.1\r\nHost: example.org\r\nAccept-Encoding: gzip\r\n\r\n", path); err != nil {
			b.Error(err)
			return
		}
		answer, err := http.ReadResponse(reader, nil)
		if err == nil {
			_, err = io.Copy(io.Discard, answer.Body)
			_ = answer.Body.Close() // which has been read
		}
		if err != nil || answer.StatusCode != http.StatusOK {
			b.Errorf("%s: %v, %v", path, answer, err)
			return
		}
	}
}

// crowd has many ask, so often per second at most, until stop is called, which returns how
// often they did. 0: as often as they can.
func crowd(b *testing.B, server *httptest.Server, most int) (stop func() (perSecond float64)) {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context())
	var all sync.WaitGroup
	var asked atomic.Int64
	began := time.Now()
	var pause time.Duration
	if most > 0 {
		pause = visitors * time.Second / time.Duration(most)
	}
	for range visitors {
		all.Go(func() { ask(ctx, b, server.Listener.Addr().String(), pause, &asked) })
	}
	return func() float64 {
		took := time.Since(began)
		n := asked.Load()
		cancel()
		all.Wait()
		return float64(n) / took.Seconds()
	}
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkServe serves pages for ten seconds over real connections to clients on the same
// machine, whose work counts as well.
func BenchmarkServe(b *testing.B) {
	_, server := archived(b)
	for b.Loop() {
		busy, began, stop := processorTime(b), time.Now(), crowd(b, server, 0)
		time.Sleep(10 * time.Second)
		perSecond := stop()
		b.ReportMetric(perSecond, "requests/s")
		b.ReportMetric(float64((processorTime(b)-busy).Microseconds())/(perSecond*time.Since(began).Seconds()), "processor-µs/request")
	}
}

// BenchmarkServeBesideABroadcast serves pages, 5,000 per second or as many as it can, while a
// broadcast of 900 messages is sent at Telegram's pace, over real connections to a server that
// takes 50 ms for each, in the same process.
func BenchmarkServeBesideABroadcast(b *testing.B) {
	for name, most := range map[string]int{"none": 1, "5000": 5000, "many": 0} {
		b.Run(name, func(b *testing.B) { besideABroadcast(b, most) })
	}
}

func besideABroadcast(b *testing.B, most int) {
	b.Helper()
	const readers = 450
	w, server := archived(b)
	var sent atomic.Int64
	var first, last atomic.Int64 // UnixNano
	telegram := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		now := time.Now().UnixNano()
		first.CompareAndSwap(0, now)
		last.Store(now)
		time.Sleep(50 * time.Millisecond)
		rw.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(rw, `{"ok":true,"result":{"message_id":%d,"date":1,"chat":{"id":1,"type":"private"}}}`, sent.Add(1))
	}))
	defer telegram.Close()
	api, err := tg.New("1:benchmark", tg.WithSkipGetMe(), tg.WithServerURL(telegram.URL), tg.WithHTTPClient(time.Minute, sender.NewClient(nil)))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		row := w.save(53, "2026-11-27", "A greeting to all.\n")
		subscribe(b, filepath.Join(w.dir, "digestbot.db"), readers)
		sent.Store(0)
		first.Store(0)
		stop := crowd(b, server, most)
		broadcast(b, api, w.store, row.ID)
		b.ReportMetric(stop(), "requests/s")
		b.ReportMetric(float64(sent.Load()-1)/time.Duration(last.Load()-first.Load()).Seconds(), "messages/s")
		b.ReportMetric(float64(sent.Load()), "messages")
	}
}

func subscribe(b *testing.B, path string, readers int) {
	b.Helper()
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
}

// broadcast sends an issue to all at Telegram's pace.
func broadcast(b *testing.B, api *tg.Bot, store *subscribers.Store, issue int64) {
	b.Helper()
	log := slog.New(slog.DiscardHandler)
	out := sender.New(api, store, sender.Config{Rate: 30, Log: log})
	ctx, cancel := context.WithCancel(b.Context())
	broadcaster := delivery.NewBroadcaster(store, out, func(_ context.Context, e delivery.Event) {
		if e.Kind == delivery.EventFinished {
			cancel()
		}
	}, delivery.Config{Log: log})
	if _, err := store.StartBroadcast(ctx, issue, subscribers.InPrivate(1)); err != nil {
		b.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() {
		if err := out.Run(ctx); err != nil {
			b.Error(err)
		}
	})
	if err := broadcaster.Run(ctx); err != nil {
		b.Error(err)
	}
	running.Wait()
}

// BenchmarkPage makes pages that nobody has asked for yet.
func BenchmarkPage(b *testing.B) {
	w, _ := archived(b)
	for _, path := range []string{"issues/20/", "issues/20/poster.png", "feed.atom", ""} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				fresh := &world{b, w.store, newSite(b, w.store, publicURL, false), w.dir}
				fresh.get(path, http.StatusOK)
			}
		})
	}
	b.Run("search", func(b *testing.B) {
		for b.Loop() {
			w.get("search/?q=sentences", http.StatusOK)
		}
	})
}

var _ http.Handler = (*site.Site)(nil)
