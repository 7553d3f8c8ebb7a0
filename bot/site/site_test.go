package site_test

import (
	"compress/gzip"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"digestbot/bot/site"
	"digestbot/digest"
	"digestbot/digest/document"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

const publicURL = "https://example.org/weekly/"

// world is an archive and its site.
type world struct {
	t     testing.TB
	store *subscribers.Store
	site  *site.Site
	dir   string // of the database
}

func newWorld(t testing.TB) *world {
	t.Helper()
	dir := t.TempDir()
	store, err := subscribers.Open(t.Context(), filepath.Join(dir, "digestbot.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := store.SetPublication(t.Context(), "Riverside & Co", "river_bot"); err != nil {
		t.Fatal(err)
	}
	return &world{t, store, newSite(t, store, publicURL, false), dir}
}

func newSite(t testing.TB, store *subscribers.Store, address string, static bool) *site.Site {
	t.Helper()
	u, err := site.ParseAddress(address)
	if err != nil {
		t.Fatal(err)
	}
	s, err := site.New(site.Config{Archive: store.Archive, Address: u, Static: static})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// save archives a document in Markdown.
func (w *world) save(number int, date, text string) archive.Issue {
	w.t.Helper()
	issue, err := document.Parse(fmt.Sprintf("%d.md", number), fmt.Appendf(nil, "---\nnumber: %d\ndate: %s\n---\n%s", number, date, text))
	if err != nil {
		w.t.Fatal(err)
	}
	row, _, err := w.store.SaveIssue(w.t.Context(), issue, fmt.Sprintf("%d.md", number), []byte(date+text))
	if err != nil {
		w.t.Fatal(err)
	}
	return row
}

// answer is what a request is answered with.
type answer struct {
	StatusCode int
	Header     http.Header
	Body       io.Reader
}

// ask asks for a path, which begins with a slash, with headers: name, value and so on.
func (w *world) ask(method, path string, headers ...string) answer {
	w.t.Helper()
	r := httptest.NewRequest(method, "https://example.org"+path, nil)
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	w.site.ServeHTTP(recorder, r)
	return answer{recorder.Code, recorder.Header(), recorder.Body}
}

// get returns the body at a path below the index, and checks the status.
func (w *world) get(path string, status int) string {
	w.t.Helper()
	answer := w.ask("GET", "/weekly/"+path)
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != status {
		w.t.Errorf("%s: status %d, %v; want %d", path, answer.StatusCode, err, status)
	}
	return string(body)
}

func (w *world) has(path string, wants ...string) {
	w.t.Helper()
	body := w.get(path, http.StatusOK)
	for _, want := range wants {
		if !strings.Contains(body, want) {
			w.t.Errorf("%s lacks %q:\n%s", path, want, body)
		}
	}
}

const english = `# Riverside, issue %d

Hello to the town and to all of you.

## Worth knowing

### [The library stays open until two](https://example.org/library)
Fridays and Saturdays, and this is a trial.

## Tools

### A map of cobblers
It is open data.
`

func TestPages(t *testing.T) {
	w := newWorld(t)
	for n := range 45 {
		w.save(n+1, time.Date(2026, 1, 2+7*n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), fmt.Sprintf(english, n+1))
	}
	w.has("", "<h1 dir=\"auto\">Riverside &amp; Co</h1>", `href="https://t.me/river_bot?start=subscribe"`, `href="/weekly/issues/45/"`, "Riverside, issue 26<", `href="/weekly/page/2/"`, "6 November 2026", `<html lang="en">`)
	if body := w.get("", 200); strings.Contains(body, "issue 25<") {
		t.Error("the index has more than a page")
	}
	w.has("page/2/", "Page 2 of 3", "issue 25<", "issue 6<", `href="/weekly/"`, `href="/weekly/page/3/"`)
	w.has("page/3/", "issue 5<", "issue 1<")
	w.has("all/", "issue 45<", "issue 1<")
	w.has("issues/12/", "<title>Riverside, issue 12 · Riverside &amp; Co</title>", `<h2>Worth knowing</h2>`, `<section id="s-tools">`, `href="#s-tools"`,
		`start=issue_12"`, `content="https://example.org/weekly/issues/12/poster.png"`, `<link rel="canonical" href="https://example.org/weekly/issues/12/">`,
		`<time datetime="2026-03-20" dir="auto">20 March 2026</time>`, `content="Hello to the town and to all of you."`, `href="/weekly/issues/13/"`, `href="/weekly/issues/11/"`)
	w.has("feeds/", "https://example.org/weekly/feed.atom", "Worth knowing", "in 45 issues")
	w.has("robots.txt", "Disallow: /weekly/search/", "Sitemap: https://example.org/weekly/sitemap.xml")
	w.has("search/", `name="q"`)
	w.has("search/?q=cobblers", "45 items: cobblers", `A map of <mark>cobblers</mark>`, `href="/weekly/issues/45/#s-tools"`, `p=2`, "Tools · Riverside, issue 45")
	w.has("search/?q=cobblers&p=3", "issue 1 ", "p=2")
	w.has("search/?q=riverside+ISSUE+7", `<a href="/weekly/issues/7/" dir="auto">Riverside, issue 7</a>`)
	if body := w.get("search/?q=riverside+ISSUE+7", 200); strings.Contains(body, "Nothing") || strings.Contains(body, "0 items") {
		t.Errorf("an issue was found, and the page says %s", body)
	}
	if titles := strings.Count(w.get("search/?q=issue", 200), `<li><a href="/weekly/issues/`); titles != 5 {
		t.Errorf("by a word of all titles %d issues are found, want the 5 newest", titles)
	}
	w.has("search/?q=zeppelin", "Nothing has all of these words: zeppelin")
	w.has("search/?q=%3Cscript%3Ealert(1)%3C/script%3E%22%FF&p=-1", "&lt;script&gt;")
	w.has("search/?q="+strings.Repeat("x", 10_000), "Nothing has")
	for _, path := range []string{"nothing", "issues/99/", "issues/1/x", "issues/id_99/", "page/4/", "page/0/", "page/x/", "page/02/", "sections/99/feed.atom", "sections/x/feed.atom", "issues//", "../", "404.html", "405.html", "503.html"} {
		if body := w.get(path, 404); !strings.Contains(body, "noindex") {
			t.Errorf("%s is a page for search engines: %s", path, body)
		}
	}
	for path, want := range map[string]string{"issues/12": "issues/12/", "issues/id_12/": "issues/12/", "issues/id_12/poster.png": "issues/12/poster.png", "page/1/": "", "page/2": "page/2/", "all": "all/", "search": "search/"} {
		answer := w.ask("GET", "/weekly/"+path)
		if got := answer.Header.Get("Location"); answer.StatusCode != http.StatusFound || got != "/weekly/"+want {
			t.Errorf("%s: %d to %q, want %q", path, answer.StatusCode, got, want)
		}
	}
	if answer := w.ask("GET", "/weekly"); answer.Header.Get("Location") != "/weekly/" {
		t.Errorf("without a slash: %d, %v", answer.StatusCode, answer.Header)
	}
	if answer := w.ask("GET", "/other"); answer.StatusCode != 404 {
		t.Errorf("outside: %d", answer.StatusCode)
	}
}

// The picture of an issue is shown, and shared in place of a poster.
func TestPicture(t *testing.T) {
	w := newWorld(t)
	w.save(1, "2026-01-02", "![](https://example.org/cover.jpg)\n\n"+fmt.Sprintf(english, 1))
	w.save(2, "2026-01-09", "![](http://example.org/cover.jpg)\n\n"+fmt.Sprintf(english, 2))
	w.has("issues/1/", `<img src="https://example.org/cover.jpg" alt="" referrerpolicy="no-referrer">`, `<meta property="og:image" content="https://example.org/cover.jpg">`)
	w.get("issues/1/poster.png", http.StatusNotFound)
	w.has("issues/2/", `<meta property="og:image" content="https://example.org/weekly/issues/2/poster.png">`) // browsers would not load it
	w.get("issues/2/poster.png", http.StatusOK)
}

// An empty archive has pages, too, and one of a bot that has never run.
func TestNothingYet(t *testing.T) {
	w := newWorld(t)
	if err := w.store.SetPublication(t.Context(), "", ""); err != nil {
		t.Fatal(err)
	}
	w.has("", "There are no issues yet.", "example.org")
	w.has("all/", "There are no issues yet.")
	w.has("feed.atom", "<feed")
	w.has("search/?q=x", "Nothing")
	w.has("sitemap.xml", "urlset")
	if body := w.get("", 200); strings.Contains(body, "t.me") {
		t.Errorf("a bot without a name has a button: %s", body)
	}
}

// What readers are not shown is on no page, at once, and a correction is there at once.
func TestOnlyWhatReadersAreShown(t *testing.T) {
	w := newWorld(t)
	ctx, me := t.Context(), subscribers.InPrivate(1)
	w.save(1, "2026-01-02", "# Plain\n\n## News\n\n### Ship\nIt came.\n")
	secret := w.save(2, "2026-01-09", "# Hush\n\n## Zeppelins\n\n### Zeppelin\nIt zeppelins.\n\n## NEWS\n\n### x\nzeppelin\n")
	paths := []string{"", "all/", "feeds/", "feed.atom", "sitemap.xml", "search/?q=zeppelin", "search/?q=hush", "issues/1/", "page/2/"}
	everywhere := func(when string, want bool) {
		t.Helper()
		found := false
		for _, path := range paths {
			body := w.ask("GET", "/weekly/"+path)
			text, _ := io.ReadAll(body.Body)
			said := strings.NewReplacer(`of these words: zeppelin`, "", `value="zeppelin"`, "", `of these words: hush`, "", `value="hush"`, "").Replace(strings.ToLower(string(text)))
			if strings.Contains(said, "zeppelin") || strings.Contains(said, "hush") || strings.Contains(said, "issues/2/") {
				if found = true; !want {
					t.Errorf("%s: %s has something of the issue:\n%s", when, path, text)
				}
			}
		}
		status := map[bool]int{true: 200, false: 404}[want]
		for _, path := range []string{"issues/2/", "issues/2/poster.png"} {
			w.get(path, status)
		}
		w.get("issues/id_2/", map[bool]int{true: 302, false: 404}[want])
		if found != want {
			t.Errorf("%s: found is %t, want %t", when, found, want)
		}
	}
	everywhere("at first", true)
	if _, err := w.store.WithdrawIssue(ctx, secret.ID, me); err != nil {
		t.Fatal(err)
	}
	everywhere("withdrawn", false)
	if _, _, err := w.store.RestoreIssue(ctx, secret.ID, me); err != nil {
		t.Fatal(err)
	}
	everywhere("restored", true)
	for _, date := range []string{"2062-01-09", "2026-01-10"} { // the first is ahead
		day, _ := time.Parse(time.DateOnly, date)
		if _, _, err := w.store.RedateIssue(ctx, secret.ID, day, me); err != nil {
			t.Fatal(err)
		}
		everywhere("dated "+date, date < "2062")
	}
	w.has("issues/2/", "10 January 2026")
	held, err := document.Parse("3.md", []byte("---\nnumber: 3\ndate: 2026-01-16\n---\n# Held zeppelin\n\n## Wait\n\n### Y\nz\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.store.SaveFound(ctx, held, archive.Origin{Name: "3.md", Document: []byte("x")}, subscribers.Holding{New: true}); err != nil {
		t.Fatal(err)
	}
	w.get("issues/3/", 404)
	if body := w.get("feeds/", 200) + w.get("all/", 200) + w.get("search/?q=held", 200); strings.Contains(body, "Wait") || strings.Contains(body, "Held") {
		t.Errorf("an issue that is held is there:\n%s", body)
	}
	w.save(1, "2026-01-02", "# Plain\n\n## News\n\n### Boat\nIt went.\n")
	w.has("issues/1/", "Boat")
	w.has("feed.atom", "Boat")
	if body := w.get("issues/1/", 200); strings.Contains(body, "Ship") {
		t.Error("the text before the correction is still there")
	}
}

func TestHeaders(t *testing.T) {
	w := newWorld(t)
	w.save(1, "2026-01-02", fmt.Sprintf(english, 1))
	const path = "/weekly/issues/1/"
	plain := w.ask("GET", path)
	tag := plain.Header.Get("ETag")
	for name, want := range map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Cache-Control": "public, no-cache", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Vary": "Accept-Encoding",
		"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src https:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'", "Content-Encoding": "",
	} {
		if got := plain.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	zipped := w.ask("GET", path, "Accept-Encoding", "br, gzip;q=0.5")
	unzip, err := gzip.NewReader(zipped.Body)
	if err != nil || zipped.Header.Get("Content-Encoding") != "gzip" || zipped.Header.Get("ETag") == tag {
		t.Fatalf("gzip: %v, %v", err, zipped.Header)
	}
	inside, _ := io.ReadAll(unzip)
	if body, _ := io.ReadAll(plain.Body); string(inside) != string(body) || plain.Header.Get("Content-Length") != fmt.Sprint(len(body)) {
		t.Errorf("in gzip there are %d bytes, and else %d, of %s", len(inside), len(body), plain.Header.Get("Content-Length"))
	}
	for _, none := range []string{"gzip;q=0", "br", "identity"} {
		if got := w.ask("GET", path, "Accept-Encoding", none).Header.Get("Content-Encoding"); got != "" {
			t.Errorf("Accept-Encoding %s: got %q", none, got)
		}
	}
	for match, want := range map[string]int{tag: 304, "W/" + tag: 304, `"x", ` + tag: 304, "*": 304, zipped.Header.Get("ETag"): 304, `"x"`: 200, "": 200} {
		answer := w.ask("GET", path, "If-None-Match", match)
		body, _ := io.ReadAll(answer.Body)
		if answer.StatusCode != want || (len(body) == 0) != (want == 304) || answer.Header.Get("ETag") != tag {
			t.Errorf("If-None-Match %s: status %d with %d bytes, %v", match, answer.StatusCode, len(body), answer.Header)
		}
	}
	w.save(1, "2026-01-02", fmt.Sprintf(english, 1)+"\n### More\nText.\n")
	if answer := w.ask("GET", path, "If-None-Match", tag); answer.StatusCode != 200 {
		t.Errorf("after a correction: %d", answer.StatusCode)
	}
	head := w.ask("HEAD", path)
	if body, _ := io.ReadAll(head.Body); len(body) > 0 || head.StatusCode != 200 || head.Header.Get("Content-Length") == "" || head.Header.Get("ETag") == "" {
		t.Errorf("HEAD: %d, %q, %v", head.StatusCode, body, head.Header)
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "X"} {
		if answer := w.ask(method, path); answer.StatusCode != 405 || answer.Header.Get("Allow") != "GET, HEAD" || answer.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, %v", method, answer.StatusCode, answer.Header)
		}
	}
	for host, want := range map[string]int{"example.org": 200, "EXAMPLE.org:443": 200, "example.org:80": 421, "evil.example": 421, "": 421} {
		if answer := w.ask("GET", path, "Host", host); answer.StatusCode != want {
			t.Errorf("host %q: %d, want %d", host, answer.StatusCode, want)
		}
	}
	style := regexp.MustCompile(`href="(/weekly/style-[^"]+)"`).FindStringSubmatch(w.get("", 200))
	if style == nil {
		t.Fatal("there is no style")
	}
	if answer := w.ask("GET", style[1]); answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "text/css; charset=utf-8" || !strings.Contains(answer.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("the style: %d, %v", answer.StatusCode, answer.Header)
	}
	if answer := w.ask("GET", "/weekly/none"); answer.Header.Get("Cache-Control") != "no-store" || answer.Header.Get("ETag") != "" {
		t.Errorf("a page that is not there: %v", answer.Header)
	}
	poster := w.ask("GET", path+"poster.png")
	if body, _ := io.ReadAll(poster.Body); poster.Header.Get("Content-Type") != "image/png" || len(body) < 5000 || len(body) > 100_000 {
		t.Errorf("the poster has %d bytes, %v", len(body), poster.Header)
	}
}

// A page is in the language of its issue.
func TestLanguages(t *testing.T) {
	w := newWorld(t)
	w.save(1, "2026-01-02", "# 河畔周报第1期\n\n## 值得关注\n\n### 夜班图书馆\n开到凌晨两点。\n")
	w.save(2, "2026-01-09", "# 河畔週報第2期\n\n## 值得關注\n\n### 夜班圖書館\n開到凌晨兩點。\n")
	w.save(3, "2026-01-16", "# النشرة الأسبوعية\n\n## أخبار\n\n### المكتبة\nتبقى مفتوحة.\n")
	w.has("issues/1/", `<html lang="zh-Hans">`, `lang="zh-Hans" dir="ltr"`, "在 Telegram 订阅", "2026年1月2日")
	w.has("issues/2/", `<html lang="zh-Hant">`, `lang="zh-Hant" dir="ltr"`, "在 Telegram 訂閱")
	w.has("issues/3/", `<html lang="en">`, `lang="" dir="rtl"`, "Subscribe in Telegram")
	w.has("feed.atom", "&lt;div dir=&#34;rtl&#34;&gt;")
}

// A stranger's text stays text on each page: no element runs anything, and each tag is one of
// ours.
func TestStrangers(t *testing.T) {
	w := newWorld(t)
	const script = `"><script>alert(1)</script><img src=x onerror='alert(1)'>`
	if err := w.store.SetPublication(t.Context(), script, "river_bot"); err != nil {
		t.Fatal(err)
	}
	items := []digest.Item{{Title: []digest.Span{{Text: script, Link: "javascript:alert(1)"}}, Body: []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: script + " word\x00\x1b"}}}}}}
	issue := &digest.Issue{Key: script, Title: script, Image: "javascript:alert(1)", Original: "data:text/html,x", Sections: []digest.Section{{Key: script, Name: script, Emoji: script, Items: items}}}
	if _, _, err := w.store.SaveIssue(t.Context(), issue, "x.md", []byte("x")); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", "all/", "feeds/", "search/?q=word", "search/?q=" + url.QueryEscape(script), "issues/id_1/", "none"} {
		answer := w.ask("GET", "/weekly/"+path)
		root, err := html.Parse(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if slices.Contains([]string{"script", "img", "iframe", "svg", "object", "style", "base"}, n.Data) {
				t.Errorf("%s has <%s>", path, n.Data)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || strings.HasPrefix(strings.ToLower(a.Val), "javascript:") || strings.HasPrefix(a.Val, "data:") {
					t.Errorf("%s has %s=%q", path, a.Key, a.Val)
				}
			}
		}
	}
	for _, path := range []string{"feed.atom", "sections/1/feed.atom", "sitemap.xml"} {
		if err := xml.Unmarshal([]byte(w.get(path, 200)), new(struct{})); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestParseAddress(t *testing.T) {
	for text, want := range map[string]string{
		"https://example.org": "https://example.org/", "https://example.org/weekly": publicURL, "https://example.org/weekly//": publicURL, "http://127.0.0.1:8080": "http://127.0.0.1:8080/",
		"": "", "example.org": "", "ftp://example.org": "", "https://": "", "https://a:b@example.org/": "", "https://example.org/?q": "", "https://example.org/#x": "", "https://example.org/a//b": "", "https://example.org/../x": "",
	} {
		got, err := site.ParseAddress(text)
		if (err != nil) != (want == "") || err == nil && got.String() != want {
			t.Errorf("ParseAddress(%q) = %v, %v; want %q", text, got, err, want)
		}
	}
}

// Many ask for a page at the same time as it changes: nobody gets an old one who asked after
// the change.
func TestManyReadersWhileItChanges(t *testing.T) {
	w := newWorld(t)
	row := w.save(1, "2026-01-02", fmt.Sprintf(english, 1))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{}, 8)
	for range cap(done) {
		go func() {
			for ctx.Err() == nil {
				w.ask("GET", "/weekly/issues/1/")
			}
			done <- struct{}{}
		}()
	}
	for range 30 {
		if _, err := w.store.WithdrawIssue(t.Context(), row.ID, subscribers.InPrivate(1)); err != nil {
			t.Fatal(err)
		}
		w.get("issues/1/", 404)
		if _, _, err := w.store.RestoreIssue(t.Context(), row.ID, subscribers.InPrivate(1)); err != nil {
			t.Fatal(err)
		}
		w.get("issues/1/", 200)
	}
	cancel()
	for range cap(done) {
		<-done
	}
}
