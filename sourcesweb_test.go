package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
)

// publisher is a site with a feed that has moved, a page that changes, and an index.
type publisher struct {
	*httptest.Server
	mu     sync.Mutex
	asked  []string // path, and the version that the bot has
	agents map[string]bool
	grown  chan struct{} // has room for one announcement that something was asked
}

func newPublisher(t *testing.T) *publisher {
	p := &publisher{agents: map[string]bool{}, grown: make(chan struct{}, 1)}
	pages := http.NewServeMux()
	pages.Handle("/feed.xml", http.RedirectHandler("/moved.xml", http.StatusMovedPermanently))
	for path, text := range map[string]string{
		"/moved.xml": `<rss version="2.0"><channel><title>Letters</title><item><guid>1</guid><title>Letters, issue 1</title><description>A letter.</description></item></channel></rss>`,
		"/now.html":  "<html><head><title>Letters, issue 2</title></head><body><p>A page.</p></body></html>",
		"/archive":   `<html><body><ul><li><a href="letters/3">Letters, issue 3</a></ul></body></html>`,
		"/letters/3": "<html><head><title>Letters, issue 3</title></head><body><p>Behind a link.</p></body></html>",
	} {
		pages.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"`+path+`"`)
			http.ServeContent(w, r, "page.html", time.Time{}, strings.NewReader(text))
		})
	}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.note(r)
		pages.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *publisher) note(r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, strings.TrimSpace(r.URL.Path+" "+r.Header.Get("If-None-Match")))
	p.agents[r.UserAgent()] = true
	select {
	case p.grown <- struct{}{}:
	default:
	}
}

// wasAsked waits until so many requests have come, and returns them in the order of their paths.
func (p *publisher) wasAsked(t *testing.T, n int) []string {
	t.Helper()
	for limit := time.After(time.Minute); ; {
		p.mu.Lock()
		if len(p.asked) >= n {
			asked := p.asked
			p.asked = nil
			p.mu.Unlock()
			slices.Sort(asked)
			return asked
		}
		p.mu.Unlock()
		select {
		case <-p.grown:
		case <-limit:
			t.Fatalf("asked for %v only", p.asked)
		}
	}
}

// What is known of sources on the web survives a program that is killed.
func TestSourcesOnTheWeb(t *testing.T) {
	t.Parallel()
	site, tg := newPublisher(t), newTelegram(t, telegramsim.Options{})
	args := []string{"--api-url", tg.url, "--database", filepath.Join(t.TempDir(), "test.db"), "--allow-private-sources",
		"--source", site.URL + "/feed.xml", "--source", site.URL + "/now.html", "--source", site.URL + `/archive link="li a" name=Archive`}
	p := startProgram(t, args...)
	for n := range 3 {
		p.line(fmt.Sprintf("issue=%d outcome=added", n+1))
	}
	p.line("source has moved for good")
	want := []string{"/archive", "/feed.xml", "/letters/3", "/moved.xml", "/now.html"}
	if got := site.wasAsked(t, 5); !slices.Equal(got, want) {
		t.Errorf("asked for %q, want %q", got, want)
	}
	tg.asks("/latest", "Behind a link.")
	p.kill()

	p = startProgram(t, args...)
	want = []string{`/archive "/archive"`, `/moved.xml "/moved.xml"`, `/now.html "/now.html"`}
	if got := site.wasAsked(t, 3); !slices.Equal(got, want) {
		t.Errorf("asked for %q after a start, want %q", got, want)
	}
	p.line("connected to Telegram")
	if log := p.log.String(); strings.Contains(log, "issue archived") {
		t.Errorf("an issue was archived again:\n%s", log)
	}
	for agent := range site.agents {
		if !strings.HasPrefix(agent, "digestbot/") {
			t.Errorf("the bot says that it is %q", agent)
		}
	}
}

// A source on this machine is refused, and admins hear why, and how to allow it.
func TestPrivateSourceIsRefused(t *testing.T) {
	t.Parallel()
	site, tg := newPublisher(t), newTelegram(t, telegramsim.Options{})
	tg.ann.Write("/start")
	stop := tg.serving("--database", filepath.Join(t.TempDir(), "test.db"), "--admins", "77", "--source", site.URL+"/moved.xml?key=hush")
	tg.gets("127.0.0.1 is not on the public internet: give a public address, or allow others with --allow-private-sources")
	log, err := stop()
	if err != nil {
		t.Error(err)
	}
	if len(site.asked) > 0 || strings.Contains(log, "hush") {
		t.Errorf("asked for %v; the log:\n%s", site.asked, log)
	}
}

// A source is got through the proxy: no other way leads to a host that is in no name server.
func TestSourceBehindProxy(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.URL.String())
		_, _ = io.WriteString(w, "<html><head><title>Letters, issue 4</title></head><body><p>By a proxy.</p></body></html>")
	}))
	defer proxy.Close()
	tg := newTelegram(t, telegramsim.Options{})
	tg.ann.Write("/start")
	stop := tg.servingWith([]string{"HTTP_PROXY=" + proxy.URL}, "--database", filepath.Join(t.TempDir(), "test.db"), "--admins", "77",
		"--source", "http://letters.invalid/now.html", "--source", "http://printer/now.html")
	tg.gets("printer is not on the public internet")
	tg.asks("/latest", "By a proxy.")
	if _, err := stop(); err != nil {
		t.Error(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if !slices.Equal(asked, []string{"http://letters.invalid/now.html"}) {
		t.Errorf("the proxy was asked for %v", asked)
	}
}
