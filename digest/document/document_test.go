package document_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"digestbot/digest"
	"digestbot/digest/document"
)

// parse reads a document that is to be read.
func parse(t testing.TB, name, text string) *digest.Issue {
	t.Helper()
	issue, err := document.Parse(name, []byte(text))
	if err != nil {
		t.Fatalf("Parse of %.100q = %v", text, err)
	}
	return issue
}

// day returns the date of an issue, or "".
func day(i *digest.Issue) string {
	if i.Date.IsZero() {
		return ""
	}
	return i.Date.Format(time.DateOnly)
}

func TestParseErrors(t *testing.T) {
	feed, err := os.ReadFile("testdata/feed/podcast.in.xml")
	if err != nil {
		t.Fatal(err)
	}
	jsonFeed, err := os.ReadFile("testdata/feed/json.in.json")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, document string
		want           error
		text           string // part of the message
	}{
		{"empty", "", document.ErrEmpty, "downloaded completely"},
		{"white space", " \n\t\r\n \u3000", document.ErrEmpty, ""},
		{"byte order mark only", "\ufeff\n", document.ErrEmpty, ""},
		{"picture", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", document.ErrNotText, "give a Markdown"},
		{"photograph", "\xff\xd8\xff\xe0\x10\x11JFIF\xfe\xed", document.ErrNotText, ""},
		{"bytes of no encoding", strings.Repeat("\xff\x81\xfe \x90\xff\xfe\x8d \x81\xff ", 9), document.ErrEncoding, "save it as UTF-8"},
		{"only a comment", "<!-- nothing -->", document.ErrNothing, ""},
		{"only a script", "<html><body><script>x()</script></body></html>", document.ErrNothing, ""},
		{"cut feed", string(feed[:len(feed)/2]), document.ErrFeed, "fetch it again"},
		{"cut JSON feed", string(jsonFeed[:len(jsonFeed)/2]), document.ErrFeed, ""},
		{"feed without entries", `<rss version="2.0"><channel><title>x</title></channel></rss>`, document.ErrNothing, "no entries"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, parse := range []func() error{
				func() error { _, err := document.Parse("doc.md", []byte(tt.document)); return err },
				func() error { _, err := document.ParseAll("doc.md", []byte(tt.document)); return err },
			} {
				err := parse()
				if !errors.Is(err, tt.want) {
					t.Fatalf("error = %v, want %v", err, tt.want)
				}
				if !strings.Contains(err.Error(), "doc.md") || !strings.Contains(err.Error(), tt.text) {
					t.Errorf("error = %q, want it to name doc.md and %q", err, tt.text)
				}
			}
		})
	}
}

func TestFrontMatterErrors(t *testing.T) {
	tests := []struct {
		name, document string
		line           int
	}{
		{"value with a colon", "---\ntitle: Harbor: a story: x\n---\nText.\n", 2},
		{"after an empty line", "\n---\ntitle: T\nx: [1, 2\ny: 3\n---\nText.\n", 4},
		{"never closed", "---\ntitle: T\n\nText.\n", 1},
		{"toml", "+++\ntitle = \"T\"\ndate = = 1\n+++\nText.\n", 3},
		{"toml never closed", "\n+++\ntitle = 'T'\n", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := document.Parse("doc.md", []byte(tt.document))
			e, ok := errors.AsType[*document.FrontMatterError](err)
			if !ok {
				t.Fatalf("Parse = %v, want a FrontMatterError", err)
			}
			if e.Line != tt.line {
				t.Errorf("Line = %d, want %d (%v)", e.Line, tt.line, err)
			}
			if want := fmt.Sprintf("line %d", tt.line); !strings.Contains(err.Error(), want) {
				t.Errorf("error = %q, want it to name %s", err, want)
			}
		})
	}
}

// TestNoFrontMatter: documents that only begin as if they had front matter.
func TestNoFrontMatter(t *testing.T) {
	for _, text := range []string{
		"---\n\nText after a rule.\n\n---\n\nMore.\n",
		"Note: this is text, not a key.\n\nMore.\n",
		"+ a list\n+ of two\n",
	} {
		issue := parse(t, "doc.md", text)
		if len(issue.Sections) != 1 || issue.Title != "" {
			t.Errorf("Parse(%q) has title %q and %d sections, want no title and one section", text, issue.Title, len(issue.Sections))
		}
	}
}

func TestIsFeed(t *testing.T) {
	tests := []struct {
		document string
		want     bool
	}{
		{`<?xml version="1.0"?><!-- c --><rss version="2.0"></rss>`, true},
		{"\ufeff\n<feed xmlns=\"http://www.w3.org/2005/Atom\"/>", true},
		{`<rdf:RDF xmlns:rdf="x">`, true},
		{`{"version": "https://jsonfeed.org/version/1"}`, true},
		{`<?xml version="1.0"?><!DOCTYPE html><html xmlns="x"></html>`, false},
		{`{"version": "1.0"}`, false},
		{"{% include x %}\n# T", false},
		{"<p>rss</p>", false},
		{"# T\n<rss>", false},
		{"", false},
	}
	for _, tt := range tests {
		if got := document.IsFeed([]byte(tt.document)); got != tt.want {
			t.Errorf("IsFeed(%q) = %v, want %v", tt.document, got, tt.want)
		}
	}
}

// TestFeedKeys: entries with the same number stay different issues.
func TestFeedKeys(t *testing.T) {
	const feed = `<rss version="2.0"><channel><title>x</title>
<item><title>On #5</title><guid>a</guid><description>t</description></item>
<item><title>More on #5</title><guid>b</guid><description>t</description></item>
<item><title>Harbor #6</title><guid>c</guid><description>t</description></item></channel></rss>`
	issues, err := document.ParseAll("feed.xml", []byte(feed))
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, issue := range issues {
		keys = append(keys, issue.Key)
	}
	if got, want := strings.Join(keys, " "), "a b 6"; got != want {
		t.Errorf("keys = %q, want %q", got, want)
	}
}

func TestImage(t *testing.T) {
	tests := []struct{ name, document, want string }{
		{"proxy with the address as its query", "---\nheadimg: 'https://proxy.example/?http://real.example/a.jpg'\n---\nx", "http://real.example/a.jpg"},
		{"proxy with a parameter", "---\nimage: 'https://proxy.example/i?w=1&url=https%3A%2F%2Freal.example%2Fa.jpg'\n---\nx", "https://real.example/a.jpg"},
		{"a name that looks like an address", "---\nimage: 'https://store.example/https://spring'\n---\nx", "https://store.example/https://spring"},
		{"proxy with the address in its path", "---\nimage: 'https://proxy.example/fetch/https://real.example/a.jpg?x=1'\n---\nx", "https://real.example/a.jpg?x=1"},
		{"query of its own", "---\nimage: 'https://real.example/a.png?imageView2/2/w/1000'\n---\nx", "https://real.example/a.png?imageView2/2/w/1000"},
		{"placeholder", "---\nheadimg: 'https://picsum.photos/400/300?random=1'\n---\nx", ""},
		{"relative without a base", "---\ncover: /images/a.png\n---\nx", ""},
		{"relative with a base", "---\ncover: /images/a.png\nlink: https://h.example/7\n---\nx", "https://h.example/images/a.png"},
		{"data", "---\nimage: 'data:image/png;base64,AAAA'\n---\nx", ""},
		{"first of the introduction", "Hi.\n\n![](https://real.example/b.png)\n\n## A\n\n![](https://real.example/c.png)\n", "https://real.example/b.png"},
		{"loaded by a script", "<p>Hi.</p><p><img src=\"data:image/gif;base64,R0\" data-src=\"https://real.example/b.png\"></p><h2>A</h2><p>x</p>", "https://real.example/b.png"},
		{"counter", "<p>Hi.<img src=\"https://count.example/x.gif\" width=\"1\" height=\"1\"></p><h2>A</h2><p>x</p>", ""},
		{"none in the introduction", "## A\n\n- one\n- two\n\n![](https://real.example/c.png)\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, "doc.md", tt.document)
			if issue.Image != tt.want {
				t.Errorf("Image = %q, want %q", issue.Image, tt.want)
			}
			if m := issue.Messages()[0]; m.Image != tt.want || !m.Cover {
				t.Errorf("first message has picture %q, cover %v", m.Image, m.Cover)
			}
		})
	}
}
