package intake_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/subscribers"
	"digestbot/subscribers/intake"
	"digestbot/subscribers/storetest"
)

var november = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// letters are entries of a feed, the newest first.
func letters(numbers ...int) (all []article) {
	for _, n := range numbers {
		all = append(all, article{
			id: "urn:" + string(rune('a'+n)), title: "Letter " + string(rune('A'+n)), text: "It was the day of the snow.", published: november.AddDate(0, 0, n-20),
		})
	}
	return all
}

// fails answers with a status.
func fails(status int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
	}
}

// A source that fails is asked less and less often, and as its server says, also after a
// start. Admins are told when it lasts, and when it is over.
func TestSourceThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(november))
		page := newSite(t, shows(rss(letters(1)...)))
		file := filepath.Join(t.TempDir(), "test.db")
		var checked checks
		var recovered []string
		var store *subscribers.Store
		var sources *intake.Sources
		start := func() {
			t.Helper()
			if store != nil {
				if err := store.Close(); err != nil {
					t.Fatal(err)
				}
			}
			var err error
			if store, err = storetest.Open(t.Context(), file); err != nil {
				t.Fatal(err)
			}
			sources = page.watch(t, store, &checked, "http://example.org/feed.xml")
			sources.Recovered = func(_ context.Context, source string) { recovered = append(recovered, source) }
		}
		start()
		defer func() { _ = store.Close() }()
		// looking looks every five minutes for a while, and returns when the server was asked.
		looking := func(lasts time.Duration) (asked []string) {
			for end := time.Now().Add(lasts); time.Now().Before(end); time.Sleep(5 * time.Minute) {
				_ = sources.Look(t.Context())
				if len(page.requests()) > 0 {
					asked = append(asked, time.Since(november).String())
				}
			}
			return asked
		}
		steps := []struct {
			name   string
			answer http.HandlerFunc
			lasts  time.Duration
			starts bool
			asked  []string
			told   string // at the end; "": nothing
		}{
			{"all is well", shows(rss(letters(1)...)), 10 * time.Minute, false, []string{"0s", "5m0s"}, "feed.xml: fine"},
			{"two failures", fails(500), 15 * time.Minute, false, []string{"10m0s", "15m0s"}, ""},
			{"it mends itself", shows(rss(letters(1)...)), 10 * time.Minute, false, []string{"25m0s", "30m0s"}, "feed.xml: fine"},
			{"failures that last", fails(503), 3 * time.Hour, false, []string{"35m0s", "40m0s", "50m0s", "1h10m0s", "1h50m0s", "3h10m0s"}, "feed.xml: http://example.org/feed.xml: the server says 503"},
			{"still after a start", fails(503), 4 * time.Hour, true, []string{"5h50m0s"}, "the server says 503"},
			{"and over after another one", shows(rss(letters(1)...)), 5 * time.Hour, true, nil, "feed.xml: fine"},
			{"asked too often", fails(429, "Retry-After", "5400"), 30 * time.Minute, false, nil, ""},
			{"which holds after a start", shows(rss(letters(1)...)), 90 * time.Minute, true, nil, "feed.xml: fine"},
		}
		for _, step := range steps {
			page.serve(step.answer)
			if step.starts {
				start()
			}
			checked = nil
			asked := looking(step.lasts)
			if step.asked != nil {
				if diff := cmp.Diff(step.asked, asked); diff != "" {
					t.Errorf("%s: asked after (-want +got):\n%s", step.name, diff)
				}
			}
			last := ""
			if len(checked) > 0 {
				last = checked[len(checked)-1]
			}
			if step.told == "" && last != "" || !strings.Contains(last, step.told) {
				t.Errorf("%s: told %q, want %q", step.name, last, step.told)
			}
		}
		if !slices.Equal(recovered, []string{"http://example.org/feed.xml"}) {
			t.Errorf("told %q that they have recovered, want the source once", recovered)
		}
	})
}

// What is wrong with a source that has never answered is told at once, and nothing of a
// broken document is taken.
func TestSourceThatNeverAnswers(t *testing.T) {
	feed := rss(letters(1)...)
	tests := []struct {
		name, line string
		answer     http.HandlerFunc
		want       string
	}{
		{"nothing there", "", fails(404), "404"},
		{"no feed", " digest", shows("<html><body><p>Hello.</p></body></html>"), "no feed at this address"},
		{"malformed", "", shows(strings.Replace(feed, "<item>", "<item", 1)), "malformed"},
		{"truncated", "", shows(feed[:len(feed)-30]), "malformed"},
		{"huge", "", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("x", 3<<20)) }, "larger than 2 MB"},
		{"silent", "", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "does not answer in time"},
		{"circle", "", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) }, "redirect"},
		{"data", "", shows(`{"a": 1}`), "only read as a feed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := openStore(t)
				var checked checks
				sources := newSite(t, tt.answer).watch(t, store, &checked, "http://example.org/feed.xml"+tt.line)
				err := sources.Look(t.Context())
				if err == nil || len(checked) != 1 || !strings.Contains(checked[0], tt.want) {
					t.Errorf("Look = %v, checked %q, want %q", err, checked, tt.want)
				}
				if _, _, err := store.Issues(t.Context(), 1, 0); err != nil {
					t.Error(err)
				}
				if _, err := store.NewestIssue(t.Context()); !errors.Is(err, subscribers.ErrNotFound) {
					t.Errorf("newest issue: %v, want none", err)
				}
			})
		})
	}
}

// The address to which a source has moved for good is kept over a start, and an address
// that is for a moment is not.
func TestSourceThatMoves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := openStore(t)
		home := "/feed.xml"
		status := http.StatusMovedPermanently
		page := newSite(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != home {
				http.Redirect(w, r, home, status)
				return
			}
			shows(rss(letters(1)...))(w, r)
		})
		look := func(want ...string) {
			t.Helper()
			sources := page.watch(t, store, new(checks), "http://example.org/feed.xml")
			if err := sources.Look(t.Context()); err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(want, page.requests()); diff != "" {
				t.Errorf("asked for (-want +got):\n%s", diff)
			}
			time.Sleep(time.Hour)
		}
		look("/feed.xml")
		home, status = "/new.xml", http.StatusFound
		look("/feed.xml", "/new.xml")
		look("/feed.xml", "/new.xml")
		status = http.StatusMovedPermanently
		look("/feed.xml", "/new.xml")
		look("/new.xml")
		home = "/newer.xml"
		look("/new.xml", "/newer.xml")
		look("/newer.xml")
		// It is gone from there, and the first address is asked again.
		page.serve(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/feed.xml" {
				w.WriteHeader(http.StatusNotFound)
				return
			}
			shows(rss(letters(1)...))(w, r)
		})
		sources := page.watch(t, store, new(checks), "http://example.org/feed.xml")
		if err := sources.Look(t.Context()); err == nil {
			t.Error("a look at nothing succeeded")
		}
		page.requests()
		time.Sleep(time.Hour)
		look("/feed.xml")
	})
}

// A source that hangs keeps neither other sources nor a press for another one waiting.
func TestSourceThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := openStore(t)
		page := newSite(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/slow" {
				<-r.Context().Done()
				return
			}
			shows(rss(letters(1)...))(w, r)
		})
		var checked checks
		sources := page.watch(t, store, &checked, "http://example.org/slow", "http://example.org/quick")
		began := time.Now()
		looked := make(chan error)
		go func() { looked <- sources.Look(t.Context()) }()
		synctest.Wait()
		if _, err := store.NewestIssue(t.Context()); err != nil {
			t.Errorf("newest issue of the other source: %v", err)
		}
		standings, err := sources.Standings(t.Context())
		if err != nil || len(standings) != 2 || !standings[0].IsBusy || standings[1].IsBusy || standings[1].Succeeded.IsZero() {
			t.Fatalf("Standings = %+v, %v, want that the first is busy and the other has answered", standings, err)
		}
		if err := sources.LookAt(t.Context(), standings[0].ID); !errors.Is(err, intake.ErrBusy) {
			t.Errorf("LookAt(slow) = %v, want %v", err, intake.ErrBusy)
		}
		if err := sources.LookAt(t.Context(), standings[1].ID); err != nil {
			t.Errorf("LookAt(quick) = %v", err)
		}
		if err := sources.LookAt(t.Context(), 99); !errors.Is(err, intake.ErrNoSource) {
			t.Errorf("LookAt(none) = %v, want %v", err, intake.ErrNoSource)
		}
		if time.Since(began) != 0 {
			t.Errorf("the others waited for %s", time.Since(began))
		}
		if err := <-looked; err == nil || time.Since(began) > time.Minute {
			t.Errorf("Look = %v after %s, want an error within a minute", err, time.Since(began))
		}
		// Somebody who wants a look need not wait for the next one.
		page.serve(shows(rss(letters(2, 1)...)))
		if err := sources.LookAt(t.Context(), standings[0].ID); err != nil {
			t.Errorf("LookAt after a failure = %v", err)
		}
	})
}

// A page where a feed is wanted, or was, is nothing to send: the server may be in trouble, or
// the address be that of the site. The error says where the feed is, if the page does.
func TestPageInPlaceOfFeed(t *testing.T) {
	const site = `<!doctype html><title>Back soon</title><link rel="stylesheet" type="text/css" href="/a.css">%s<h2>We are sorry</h2><p>We are back at noon.</p>`
	named := fmt.Sprintf(site, `<link rel="alternate" type="application/rss+xml" href="/?feed=rss2"><link rel=alternate type=application/atom+xml href=/comments>`)
	tests := []struct {
		name, line string
		answers    []string
		issues     int
		told       string
	}{
		{"the site", "http://example.org/ digest", []string{named}, 0, "http://example.org/: there is no feed at this address: the site says that its feed is http://example.org/?feed=rss2, so give that"},
		{"a site that names no feed", "http://example.org/ kind=feed", []string{fmt.Sprintf(site, "")}, 0, "no feed at this address: look for a link"},
		{"a feed that became a page", "http://example.org/f", []string{rss(letters(1)...), fmt.Sprintf(site, "")}, 1, "add kind=page"},
		{"a page that is meant", "http://example.org/f kind=page", []string{rss(letters(1)...), named}, 1, ""},
		{"a page from the beginning", "http://example.org/", []string{named}, 1, ""},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			store := openStore(t)
			var checked checks
			page := newSite(t, nil)
			sources := page.watch(t, store, &checked, tt.line)
			for _, answer := range tt.answers {
				page.serve(shows(answer))
				_ = sources.Look(t.Context())
				time.Sleep(15 * time.Minute)
			}
			standings, err := sources.Standings(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if fault := standings[0].Fault; tt.told == "" && standings[0].Failures > 0 || !strings.Contains(fault, tt.told) {
				t.Errorf("%s: the fault is %q, want %q", tt.name, fault, tt.told)
			}
			if issues := archived(t, store); len(issues) != tt.issues {
				t.Errorf("%s: the archive has %q, want %d issues", tt.name, issues, tt.issues)
			}
		})
	}
}
