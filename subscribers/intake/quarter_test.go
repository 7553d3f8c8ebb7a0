package intake_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/internal/longtest"
	"digestbot/subscribers"
	"digestbot/subscribers/intake"
	"digestbot/subscribers/storetest"
)

// A quarter of polling a feed that grows, moves, breaks and recovers, by a program that is
// started again and again: each entry is in exactly one issue. Usually it is five weeks.
func TestQuarterOfAFeed(t *testing.T) {
	days := longtest.Rounds(35, 91)
	seeds := []uint64{1, uint64(time.Now().UnixNano())}[:longtest.Rounds(1, 2)]
	if text := os.Getenv("SEED"); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seeds = []uint64{seed}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprintf("SEED=%d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { (&quarter{t: t, random: rand.New(rand.NewPCG(seed, 7))}).run(days) })
		})
	}
}

// quarter is the publisher of a feed, and the program that polls it.
type quarter struct {
	t      *testing.T
	random *rand.Rand
	site   *site

	mu        sync.Mutex // of what follows: a request that was given up may still be served
	published []article  // newest last
	path      string     // of the feed
	moved     []string   // where it was before
	broken    http.HandlerFunc
	mended    time.Time // when it works again

	file    string
	store   *subscribers.Store
	sources *intake.Sources
}

const (
	shownEntries = 40 // of a feed
	pollEvery    = time.Hour
)

func (q *quarter) run(days int) {
	time.Sleep(time.Until(time.Date(2026, 9, 2, 8, 7, 0, 0, time.UTC)))
	q.file, q.path = filepath.Join(q.t.TempDir(), "test.db"), "/feed.xml"
	q.site = newSite(q.t, q.serve)
	q.start()
	defer func() { _ = q.store.Close() }()
	end := time.Now().AddDate(0, 0, days)
	run := time.Date(2026, 9, 4, 9, 0, 0, 0, time.UTC)
	for time.Now().Before(end) {
		next := time.Now().Add(pollEvery)
		if !run.After(next) {
			time.Sleep(time.Until(run))
			_ = q.sources.LookBefore(q.t.Context(), run) // it may be broken
			run = run.AddDate(0, 0, 7)
		}
		time.Sleep(time.Until(next))
		q.happen()
		_ = q.sources.Look(q.t.Context())
	}
	q.mu.Lock()
	q.broken = nil
	q.mu.Unlock()
	time.Sleep(26 * time.Hour) // whatever the server wanted is over
	if err := q.sources.LookBefore(q.t.Context(), run.AddDate(0, 0, 7)); err != nil {
		q.t.Errorf("the last look: %v", err)
	}
	q.check(days)
}

func (q *quarter) start() {
	var err error
	if q.store, err = storetest.Open(q.t.Context(), q.file); err != nil {
		q.t.Fatal(err)
	}
	q.sources = q.site.watch(q.t, q.store, new(checks), "http://example.org/feed.xml digest first=all section-by=category")
}

// chance reports whether something happens that does so on average every so often.
func (q *quarter) chance(every time.Duration) bool {
	return q.random.Int64N(int64(every/(30*time.Minute))) == 0
}

// happen lets happen what may happen between two looks.
func (q *quarter) happen() {
	q.change(time.Now())
	if q.chance(50 * time.Hour) {
		if err := q.store.Close(); err != nil {
			q.t.Fatal(err)
		}
		q.start()
	}
}

// change changes the feed, where it is, and whether it can be had.
func (q *quarter) change(now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.chance(8 * time.Hour) {
		q.publish(now)
	}
	if n := len(q.published); n > 0 && q.chance(20*time.Hour) {
		a := &q.published[n-1-q.random.IntN(min(n, 10))]
		switch q.random.IntN(3) {
		case 0:
			a.text += " Updated."
		case 1: // its identity changes, and not its address
			a.link = "https://example.org/" + strings.TrimPrefix(a.id, "new-")
			a.id = "new-" + a.id
		case 2:
			a.categories = []string{"Weather", "Sea"}
		}
	}
	if q.chance(400 * time.Hour) {
		q.moved = append(q.moved, q.path)
		q.path = fmt.Sprintf("/feed-%d.xml", len(q.moved))
	}
	if q.broken == nil && q.chance(90*time.Hour) {
		q.broken, q.mended = q.fault(), now.Add(time.Duration(q.random.IntN(60))*time.Hour)
	} else if now.After(q.mended) {
		q.broken = nil
	}
}

func (q *quarter) publish(now time.Time) {
	n := len(q.published)
	a := article{id: fmt.Sprintf("urn:%d", n), title: fmt.Sprintf("Entry-%04d", n), text: "It was the day of the snow.", published: now.Truncate(time.Second)}
	if q.random.IntN(4) > 0 {
		a.categories = []string{[]string{"Weather", "Sea", "Garden"}[q.random.IntN(3)]}
	}
	q.published = append(q.published, a)
}

// fault returns one way in which a feed breaks.
func (q *quarter) fault() http.HandlerFunc {
	return []http.HandlerFunc{
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) },
		func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7200")
			w.WriteHeader(http.StatusTooManyRequests)
		},
		func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "<html><body>Back soon.</body></html>")
		},
		func(w http.ResponseWriter, _ *http.Request) {
			text := q.feed()
			_, _ = io.WriteString(w, text[:len(text)*2/3])
		},
		func(w http.ResponseWriter, _ *http.Request) {
			text := q.feed()
			w.Header().Set("Content-Length", strconv.Itoa(len(text)))
			_, _ = io.WriteString(w, text[:len(text)/2])
		},
		func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, rss()) }, // for a while it is empty
	}[q.random.IntN(8)]
}

func (q *quarter) feed() string {
	shown := slices.Clone(q.published[max(0, len(q.published)-shownEntries):])
	slices.Reverse(shown)
	return rss(shown...)
}

func (q *quarter) serve(w http.ResponseWriter, r *http.Request) { q.answer(r.URL.Path)(w, r) }

// answer returns how the site answers a request for a path at this moment.
func (q *quarter) answer(path string) http.HandlerFunc {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case slices.Contains(q.moved, path):
		return http.RedirectHandler(q.path, http.StatusMovedPermanently).ServeHTTP
	case path != q.path:
		return http.NotFound
	case q.broken != nil:
		return q.broken
	}
	return shows(q.feed())
}

// check counts in how many issues each entry is.
func (q *quarter) check(days int) {
	q.t.Helper()
	issues, err := q.store.RecentIssues(q.t.Context(), 100)
	if err != nil {
		q.t.Fatal(err)
	}
	count := map[string]int{}
	numbers := map[int]bool{}
	for _, issue := range issues {
		if issue.Edition != 1 || numbers[issue.Number] {
			q.t.Errorf("issue %d has edition %d, or there is another one", issue.Number, issue.Edition)
		}
		numbers[issue.Number] = true
		messages, err := q.store.Messages(q.t.Context(), issue.ID, issue.Edition)
		if err != nil {
			q.t.Fatal(err)
		}
		for _, m := range messages {
			for _, title := range regexp.MustCompile(`Entry-\d{4}</a>`).FindAllString(m.HTML, -1) {
				count[strings.TrimSuffix(title, "</a>")]++
			}
		}
	}
	for _, a := range q.published {
		if count[a.title] != 1 {
			q.t.Errorf("%s of %s is in %d issues, want 1", a.title, a.published, count[a.title])
		}
	}
	if weeks := days / 7; len(issues) < weeks-3 || len(issues) > weeks+2 || len(q.published) < days || len(count) != len(q.published) {
		q.t.Errorf("%d issues of %d entries hold %d", len(issues), len(q.published), len(count))
	}
	q.t.Logf("%d entries in %d issues, moved %d times", len(q.published), len(issues), len(q.moved))
}
