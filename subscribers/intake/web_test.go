package intake_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"digestbot/internal/pipenet"
	"digestbot/subscribers"
	"digestbot/subscribers/intake"
	"digestbot/subscribers/intake/fetch"
	"digestbot/subscribers/intake/sourceline"
)

// site is a web server within the process.
type site struct {
	mu      sync.Mutex
	answer  http.HandlerFunc
	asked   []string // paths, since the last time somebody looked
	network *pipenet.Network
}

// newSite starts a server that answers as answer says.
func newSite(t *testing.T, answer http.HandlerFunc) *site {
	t.Helper()
	s := &site{answer: answer, network: pipenet.New()}
	server := &http.Server{Handler: s, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	served := make(chan struct{})
	go func() { defer close(served); _ = server.Serve(s.network) }()
	t.Cleanup(func() { _ = server.Close(); <-served })
	return s
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.URL.Path)
	answer := s.answer
	s.mu.Unlock()
	answer(w, r)
}

// serve changes how the site answers.
func (s *site) serve(answer http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

// requests returns what was asked for since the last call.
func (s *site) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

// client returns what fetches from the site, whatever the host.
func (s *site) client() *fetch.Client {
	return fetch.New(fetch.Config{Dial: s.network.Dial})
}

// watch returns sources that are written so and are on the site.
func (s *site) watch(t *testing.T, store *subscribers.Store, checked *checks, lines ...string) *intake.Sources {
	t.Helper()
	parsed, err := sourceline.ParseAll(lines, func(string) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	sources := intake.NewSources(store, slog.New(slog.DiscardHandler), checked.note, nil)
	sources.Fetch, sources.Location = s.client().Get, time.UTC
	sources.Add(parsed)
	return sources
}

// article is an entry of a feed.
type article struct {
	id, title, text string
	link            string // empty: of the id
	published       time.Time
	categories      []string
}

// rss writes a feed.
func rss(articles ...article) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0"><channel><title>The Letters</title><link>https://example.org/</link>`)
	for _, a := range articles {
		link := a.link
		if link == "" {
			link = "https://example.org/" + a.id
		}
		fmt.Fprintf(&b, "<item><guid>%s</guid><title>%s</title><link>%s</link><description>&lt;p&gt;%s&lt;/p&gt;</description>", a.id, a.title, link, a.text)
		if !a.published.IsZero() {
			fmt.Fprintf(&b, "<pubDate>%s</pubDate>", a.published.Format(time.RFC1123Z))
		}
		for _, c := range a.categories {
			fmt.Fprintf(&b, "<category>%s</category>", c)
		}
		b.WriteString("</item>")
	}
	b.WriteString("</channel></rss>")
	return b.String()
}

// shows answers with a document, or that it is unchanged.
func shows(document string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		tag := fmt.Sprintf(`"%d-%x"`, len(document), hash(document))
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = io.WriteString(w, document)
	}
}

func hash(text string) (sum uint32) {
	for _, c := range []byte(text) {
		sum = sum*31 + uint32(c)
	}
	return sum
}
