package document_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"digestbot/digest"
	"digestbot/digest/document"

	"github.com/google/go-cmp/cmp"
)

const indexPage = `<!doctype html><html><head><title>All issues</title>%s</head><body>
<nav><a href="/">Home</a> <a href="/about">About</a></nav>
<ul class="issues">
 <li><h2><a href="issues/12/#top">Issue 12: <b>Frost</b></a></h2> <a href="/tags/frost">frost</a></li>
 <li><a href="../weekly/issues/11/"><h2>Issue 11</h2></a></li>
 <li><h2>Issue 10</h2> (no page)</li>
 <li><h2><a href="issues/12/">Issue 12 again</a></h2></li>
 <li><h2><a href="javascript:void(0)">Subscribe</a></h2></li>
 <li><h2><a href="mailto:me@example.org">Write</a></h2></li>
 <li><h2><a href="#top">Up</a></h2></li>
 <li><h2><a href="">Here</a></h2></li>
 <li><h2><a href="/weekly/">Here too</a></h2></li>
 <li><h2><a href="//cdn.example.org/issues/9">Issue 9</a></h2></li>
</ul></body></html>`

func TestLinks(t *testing.T) {
	const name = "https://example.org/weekly/"
	tests := []struct {
		name, page, selector string
		want                 []document.Link
	}{
		{"links", indexPage, ".issues a[href*='issues/']", []document.Link{
			{Address: "https://example.org/weekly/issues/12/", Text: "Issue 12: Frost"},
			{Address: "https://example.org/weekly/issues/11/", Text: "Issue 11"},
			{Address: "https://cdn.example.org/issues/9", Text: "Issue 9"},
		}},
		{"elements around links", indexPage, "li", []document.Link{
			{Address: "https://example.org/weekly/issues/12/", Text: "Issue 12: Frost"},
			{Address: "https://example.org/weekly/issues/11/", Text: "Issue 11"},
			{Address: "https://cdn.example.org/issues/9", Text: "Issue 9"},
		}},
		{"elements within links", indexPage, "h2", []document.Link{
			{Address: "https://example.org/weekly/issues/12/", Text: "Issue 12: Frost"},
			{Address: "https://example.org/weekly/issues/11/", Text: "Issue 11"},
			{Address: "https://cdn.example.org/issues/9", Text: "Issue 9"},
		}},
		{"an address for relative links", strings.Replace(indexPage, "%s", `<base href="/archive/">`, 1), "li:first-child a", []document.Link{
			{Address: "https://example.org/archive/issues/12/", Text: "Issue 12: Frost"},
			{Address: "https://example.org/tags/frost", Text: "frost"},
		}},
		{"links and elements around them", indexPage, "nav, nav a", []document.Link{
			{Address: "https://example.org/", Text: "Home"},
			{Address: "https://example.org/about", Text: "About"},
		}},
	}
	for _, tt := range tests {
		got, err := document.Links(name, []byte(tt.page), tt.selector)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestLinksErrors(t *testing.T) {
	tests := []struct {
		name, page, selector string
		want                 error
		says                 string
	}{
		{"nothing matches", indexPage, ".news a", document.ErrNoLinks, `".news a" matches none`},
		{"no selector", indexPage, "a[", document.ErrNoLinks, "matches none"},
		{"only links elsewhere", indexPage, "a[href^=mailto]", document.ErrNoLinks, "matches none"},
		{"a feed", `<rss version="2.0"><channel><item><link>https://example.org/1</link></item></channel></rss>`, "a", document.ErrNoLinks, "this is a feed"},
		{"empty", " \n", "a", document.ErrEmpty, ""},
		{"a picture", "\xff\xd8\xff\xe0\x00\x10", "a", document.ErrNotText, ""},
	}
	for _, tt := range tests {
		_, err := document.Links("https://example.org/", []byte(tt.page), tt.selector)
		if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), "https://example.org/") {
			t.Errorf("%s: error %v, want %v", tt.name, err, tt.want)
		}
	}
	if _, err := document.Links("https://example.org/", []byte(strings.Repeat("<a href=x>x</a>", 30_000)), "a"); err == nil {
		t.Error("a page of 30,000 links is read")
	}
}

func FuzzLinks(f *testing.F) {
	f.Add(indexPage, "li")
	f.Add(indexPage, "h2")
	f.Add(`<base href="http://[::1"><a href="http://a b/">x</a>`, "a")
	f.Fuzz(func(t *testing.T, page, selector string) {
		links, err := document.Links("https://example.org/weekly/", []byte(page), selector)
		if err == nil && len(links) == 0 {
			t.Error("neither links nor an error")
		}
		seen := map[string]bool{}
		for _, link := range links {
			u, err := url.Parse(link.Address)
			if err != nil || !digest.IsWeb(u) || u.Fragment != "" || seen[link.Address] {
				t.Errorf("link %q", link.Address)
			}
			seen[link.Address] = true
		}
	})
}

func TestFeedNamed(t *testing.T) {
	const feed = `<link rel="alternate nofollow" type="application/rss+xml" href="%s">`
	tests := []struct{ name, page, want string }{
		{"relative", fmt.Sprintf(feed, "feed.xml"), "https://example.org/blog/feed.xml"},
		{"another base", `<base href="/b/">` + fmt.Sprintf(feed, "feed.xml"), "https://example.org/b/feed.xml"},
		{"the first of two", fmt.Sprintf(feed, "/?feed=rss2") + fmt.Sprintf(feed, "/comments"), "https://example.org/?feed=rss2"},
		{"no address of the web", fmt.Sprintf(feed, "javascript:alert(1)"), ""},
		{"another language", `<link rel="alternate" hreflang="de" href="/de">`, ""},
		{"empty", "", ""},
	}
	for _, tt := range tests {
		if got := document.FeedNamed("https://example.org/blog/", []byte(tt.page)); got != tt.want {
			t.Errorf("%s: FeedNamed = %q, want %q", tt.name, got, tt.want)
		}
	}
}
