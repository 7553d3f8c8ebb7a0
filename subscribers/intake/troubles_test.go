package intake_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"

	"digestbot/subscribers"
	"digestbot/subscribers/intake"
	"digestbot/subscribers/intake/fetch"
	"digestbot/subscribers/intake/sourceline"
)

// publisher is a web server on this machine with one source, of any kind.
type publisher struct {
	*httptest.Server
	mu      sync.Mutex
	source  string           // what is at the address of the source
	pages   []string         // behind its links
	trouble http.HandlerFunc // in place of the source; nil: none
	asked   []string         // for the source: paths, and "304" if it was unchanged
}

func newPublisher(t *testing.T) *publisher {
	p := &publisher{}
	p.Server = httptest.NewServer(p)
	p.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	t.Cleanup(p.Close)
	return p
}

func (p *publisher) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/pages/")); err == nil && n < len(p.pages) {
		_, _ = io.WriteString(w, p.pages[n])
		return
	}
	p.asked = append(p.asked, r.URL.Path)
	if p.trouble != nil {
		p.trouble(w, r)
		return
	}
	answer := httptest.NewRecorder()
	shows(p.source)(answer, r)
	if answer.Code == http.StatusNotModified {
		p.asked = append(p.asked, "304")
	}
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

// publish changes what is there.
func (p *publisher) publish(source string, pages ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.source, p.pages = source, pages
}

func (p *publisher) have(trouble http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trouble = trouble
}

func (p *publisher) requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	asked := p.asked
	p.asked = nil
	return asked
}

// watch returns the only source of a program that has just been started.
func (p *publisher) watch(t *testing.T, store *subscribers.Store, options string) *intake.Sources {
	t.Helper()
	lines, err := sourceline.Parse(p.URL+"/source "+options, func(string) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	own := netip.MustParseAddrPort(p.Listener.Addr().String())
	client := fetch.New(fetch.Config{Allow: func(a netip.AddrPort) bool { return a == own }})
	sources := intake.NewSources(store, slog.New(slog.DiscardHandler), func(context.Context, string, error) {}, nil)
	sources.Fetch, sources.Location = client.Get, time.UTC
	sources.Add(lines)
	return sources
}

// kinds are all kinds of sources: what a publisher has with the issues 1 to n, and what is in
// the archive then.
var kinds = []struct {
	name, options string
	publish       func(p *publisher, n int)
	digest        bool // issues are made of several entries
}{
	{"feed", "first=all", func(p *publisher, n int) { p.publish(rss(numbered(n)...)) }, false},
	{"feed of teasers", "first=all full=page", func(p *publisher, n int) {
		articles, pages := numbered(n), []string{""}
		for i := range articles {
			articles[i].link = fmt.Sprintf("%s/pages/%d", p.URL, n-i)
			pages = append(pages, weekly(fmt.Sprintf("Letters, issue %d", i+1), fmt.Sprintf("<p>The whole letter %d.</p>", i+1)))
		}
		p.publish(rss(articles...), pages...)
	}, false},
	{"digest", "digest first=all", func(p *publisher, n int) { p.publish(rss(numbered(n)...)) }, true},
	{"page", "", func(p *publisher, n int) {
		p.publish(weekly(fmt.Sprintf("Letters, issue %d", n), fmt.Sprintf("<p>The letter %d, with a café.</p>", n)))
	}, false},
	{"index", `link="li a" first=all`, func(p *publisher, n int) {
		list, pages := "", []string{""}
		for i := range n {
			list = fmt.Sprintf(`<li><a href="/pages/%d">%d</a></li>`, i+1, i+1) + list
			pages = append(pages, weekly(fmt.Sprintf("Letters, issue %d", i+1), "<p>A letter.</p>"))
		}
		p.publish("<html><body><ul>"+list+"</ul></body></html>", pages...)
	}, false},
}

// numbered are entries of a feed, the newest first.
func numbered(n int) (all []article) {
	for i := n; i > 0; i-- {
		all = append(all, article{id: fmt.Sprintf("urn:%d", i), title: fmt.Sprintf("Letters, issue %d", i), text: fmt.Sprintf("The letter %d, with a café.", i), published: november.AddDate(0, 0, i)})
	}
	return all
}

// troubles are what happens to a source. Nothing of it is taken.
var troubles = []struct {
	name string
	have func(p *publisher) http.HandlerFunc
	says string
}{
	{"asked too often", func(*publisher) http.HandlerFunc { return fails(429) }, "429"},
	{"fault of the server", func(*publisher) http.HandlerFunc { return fails(500) }, "500"},
	{"gone", func(*publisher) http.HandlerFunc { return fails(410) }, "410"},
	{"huge", func(*publisher) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 4<<20)) }
	}, "larger than 2 MB"},
	{"shorter than it says", func(p *publisher) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(len(p.source)+100))
			_, _ = io.WriteString(w, p.source)
		}
	}, "breaks off"},
	{"malformed", func(*publisher) http.HandlerFunc {
		return shows("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><item><ti")
	}, ""},
	{"data", func(*publisher) http.HandlerFunc { return shows(`{"error": "try later"}`) }, ""},
	{"empty", func(*publisher) http.HandlerFunc { return shows(" ") }, ""},
	{"a picture", func(*publisher) http.HandlerFunc { return shows("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") }, ""},
	{"circle", func(p *publisher) http.HandlerFunc {
		return http.RedirectHandler("/source", http.StatusFound).ServeHTTP
	}, "again and again"},
	{"moved to a private address", func(*publisher) http.HandlerFunc {
		return http.RedirectHandler("http://127.0.0.2:8080/", http.StatusMovedPermanently).ServeHTTP
	}, "127.0.0.2 is not on the public internet"},
	{"moved to a name of this machine", func(*publisher) http.HandlerFunc {
		return http.RedirectHandler("http://localhost:1/", http.StatusMovedPermanently).ServeHTTP
	}, "not on the public internet"},
}

// Every kind of source survives every trouble: nothing of what is in the archive changes, and
// afterwards what is new is taken once, also after a start.
func TestTroublesOfSources(t *testing.T) {
	for _, kind := range kinds {
		for _, trouble := range troubles {
			t.Run(kind.name+", "+trouble.name, func(t *testing.T) {
				store, p := openStore(t), newPublisher(t)
				kind.publish(p, 2)
				if err := p.watch(t, store, kind.options).Look(t.Context()); err != nil {
					t.Fatal(err)
				}
				before := held(t, store)

				kind.publish(p, 3)
				p.have(trouble.have(p))
				sources := p.watch(t, store, kind.options)
				if err := sources.Look(t.Context()); err == nil || !strings.Contains(err.Error(), trouble.says) {
					t.Errorf("error %v, want one that says %q", err, trouble.says)
				}
				if after := held(t, store); !slices.Equal(before, after) {
					t.Errorf("the archive has %q, and had %q", after, before)
				}

				p.have(nil)
				for range 2 {
					sources = p.watch(t, store, kind.options)
					if err := sources.LookBefore(t.Context(), time.Now()); err != nil {
						t.Fatal(err)
					}
				}
				wantTaken(t, store, kind.digest)
			})
		}
	}
}

// held returns what is in the archive, with all texts.
func held(t *testing.T, store *subscribers.Store) (all []string) {
	t.Helper()
	issues, _, err := store.Issues(t.Context(), 100, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, issue := range issues {
		messages, err := store.Messages(t.Context(), issue.ID, issue.Edition)
		if err != nil {
			t.Fatal(err)
		}
		text := issue.Key
		for _, m := range messages {
			text += "\n" + m.HTML
		}
		all = append(all, text)
	}
	return all
}

// wantTaken checks that the issue 3 is there once.
func wantTaken(t *testing.T, store *subscribers.Store, isDigest bool) {
	t.Helper()
	all := held(t, store)
	newest := slices.IndexFunc(all, func(text string) bool { return strings.HasPrefix(text, "3\n") })
	if isDigest {
		newest = slices.IndexFunc(all, func(text string) bool { return strings.Count(text, ">Letters, issue 3<") == 1 })
	}
	if newest != 0 || strings.Contains(strings.Join(all, ""), "\ufffd") {
		t.Errorf("the archive has %q", all)
	}
}

// A source that has moved for good is asked at its new address after a start, and by its
// version: it is not sent again.
func TestSourcesThatMove(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			store, p := openStore(t), newPublisher(t)
			kind.publish(p, 2)
			hops := map[string]string{"/source": "/second", "/second": "/third"}
			p.have(func(w http.ResponseWriter, r *http.Request) {
				if next, moved := hops[r.URL.Path]; moved {
					http.Redirect(w, r, next, http.StatusMovedPermanently)
					return
				}
				shows(p.source)(w, r)
			})
			if err := p.watch(t, store, kind.options).Look(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got, want := p.requests(), []string{"/source", "/second", "/third"}; !slices.Equal(got, want) {
				t.Errorf("asked for %v, want %v", got, want)
			}
			p.have(nil)
			before := held(t, store)
			if err := p.watch(t, store, kind.options).Look(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got, want := p.requests(), []string{"/third", "304"}; !slices.Equal(got, want) {
				t.Errorf("asked for %v after a start, want %v", got, want)
			}
			if after := held(t, store); !slices.Equal(before, after) {
				t.Errorf("the archive has %q, and had %q", after, before)
			}
		})
	}
}

// Sources are read in the encoding that they are in, whoever names it.
func TestSourcesInOtherEncodings(t *testing.T) {
	const letter = "星期二下了雪，学校在这一周余下的日子里都没有开门，孩子们去了河边。"
	const short = "Ёж"
	encoded, err := simplifiedchinese.GBK.NewEncoder().String(letter)
	if err != nil {
		t.Fatal(err)
	}
	koi8, err := charmap.KOI8R.NewEncoder().String(short)
	if err != nil {
		t.Fatal(err)
	}
	feed := func(declared, text string) string {
		return `<?xml version="1.0" encoding="` + declared + `"?><rss version="2.0"><channel><title>x</title><item><guid>1</guid><title>Issue 1</title><description>` + text + `</description></item></channel></rss>`
	}
	page := func(declared, text string) string {
		return `<html><head><meta charset="` + declared + `"><title>Issue 1</title></head><body><p>` + text + "</p></body></html>"
	}
	tests := []struct{ name, contentType, document, want string }{
		{"feed, as it declares", "application/rss+xml", feed("gb2312", encoded), letter},
		{"feed, as its server says", "application/rss+xml; charset=GB2312", feed("utf-8", encoded), letter},
		{"feed, as nobody says", "application/rss+xml; charset=utf-8", feed("utf-8", encoded), letter},
		{"feed, wrongly named by its server", "text/xml; charset=ISO-8859-1", feed("gbk", encoded), letter},
		{"feed in UTF-8, wrongly named by its server", "text/xml; charset=ISO-8859-1", feed("utf-8", letter), letter},
		{"page, as it declares", "text/html", page("gbk", encoded), letter},
		{"page, as its server says", "text/html; charset=gbk", page("", encoded), letter},
		{"page, wrongly named by its server", "text/html; charset=ISO-8859-1", page("gbk", encoded), letter},
		{"page, as nobody says", "text/html", page("utf-8", encoded), letter},
		{"page of too few letters to tell, as its server says", "text/html; charset=koi8-r", page("", koi8), short},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store, p := openStore(t), newPublisher(t)
			p.have(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", tt.contentType)
				_, _ = io.WriteString(w, tt.document)
			})
			if err := p.watch(t, store, "").Look(t.Context()); err != nil {
				t.Fatal(err)
			}
			if all := held(t, store); len(all) != 1 || !strings.Contains(all[0], tt.want) {
				t.Errorf("the archive has %q", all)
			}
		})
	}
}

// A folder and a source on the web have the same number: the first keeps it, admins hear of
// both, and no password is shown.
func TestFolderAndWebWithOneIssue(t *testing.T) {
	tests := []struct {
		name, document string
		isWebFirst     bool
		want           []string // of the error; nil: there is none
	}{
		{"another issue, the web first", "# Postcards, issue 3\n\nA postcard.\n", true, []string{"3.md", "issue 3 is from http://127.0.0.1", "/source already"}},
		{"another issue, the folder first", "# Postcards, issue 3\n\nA postcard.\n", false, []string{"issue 3 is from ", "3.md already"}},
		{"the same issue, the web first", "---\ndate: 2026-11-05\n---\n# Letters, issue 3\n\nThe letter 3.\n", true, nil},
		{"the same issue, the folder first", "---\ndate: 2026-11-05\n---\n# Letters, issue 3\n\nThe letter 3.\n", false, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store, p, folder := openStore(t), newPublisher(t), t.TempDir()
			p.publish(rss(numbered(3)...))
			withPassword := strings.Replace(p.URL, "://", "://me:hush@", 1)
			lines, err := sourceline.ParseAll([]string{folder, withPassword + "/source?key=hush first=all"}, func(name string) bool { return name == folder })
			if err != nil {
				t.Fatal(err)
			}
			var log strings.Builder
			var checked checks
			sources := intake.NewSources(store, slog.New(slog.NewTextHandler(&log, nil)), checked.note, folders(t, folder))
			sources.Fetch, sources.Location = fetch.New(fetch.Config{Allow: func(netip.AddrPort) bool { return true }}).Get, time.UTC
			sources.Add(lines)
			if tt.isWebFirst {
				err = sources.Look(t.Context())
			}
			write(t, folder, "3.md", tt.document)
			if !tt.isWebFirst {
				p.have(fails(500))
				_ = sources.Look(t.Context()) // the folder is there
				p.have(nil)
			}
			if err != nil {
				t.Fatal(err)
			}
			before := held(t, store)
			checked = nil
			_ = sources.LookBefore(t.Context(), time.Now()) // what is wrong is told
			told := strings.Join(checked, "\n")
			for _, want := range tt.want {
				if !strings.Contains(told, want) {
					t.Errorf("told %q, want %q in it", told, want)
				}
			}
			if tt.want == nil && strings.Count(told, ": fine") != 2 {
				t.Errorf("told %q, want that all is fine", told)
			}
			if strings.Contains(told+log.String(), "hush") {
				t.Errorf("what is secret is shown: %s\n%s", told, log.String())
			}
			if after := held(t, store); !strings.HasPrefix(after[0], before[0]) {
				t.Errorf("the archive has %q, and had %q", after, before)
			}
		})
	}
}
