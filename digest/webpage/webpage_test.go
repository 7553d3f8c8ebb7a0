package webpage_test

import (
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"digestbot/digest"
	"digestbot/digest/document"
	"digestbot/digest/webpage"
)

// allowed are the elements that may be in a page, with their attributes.
var allowed = map[string][]string{
	"p": nil, "br": nil, "b": nil, "i": nil, "u": nil, "s": nil, "code": nil, "span": {"class", "tabindex"}, "a": {"href"},
	"h2": nil, "h3": nil, "h4": nil, "h5": nil, "h6": nil, "ul": nil, "ol": {"start"}, "li": nil, "blockquote": nil, "pre": {"dir"},
	"figure": nil, "img": {"src", "alt", "loading", "referrerpolicy"}, "figcaption": nil, "div": {"class"},
	"table": nil, "tr": nil, "th": {"scope"}, "td": nil,
	"html": nil, "head": nil, "body": nil, "tbody": nil, // which the parser adds
}

// schemes are those to which a link may lead.
var schemes = []string{"http", "https", "mailto", "tel", "tg"}

// check parses HTML as browsers do, and fails the test if there is anything in it that may
// not be there.
func check(t *testing.T, text string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader("<!DOCTYPE html>" + text))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.CommentNode {
			t.Errorf("there is a comment in %q", text)
		}
		if n.Type != html.ElementNode {
			continue
		}
		attributes, known := allowed[n.Data]
		if !known || n.Namespace != "" {
			t.Errorf("there is <%s> in %q", n.Data, text)
		}
		for _, a := range n.Attr {
			if !slices.Contains(attributes, a.Key) || a.Namespace != "" {
				t.Errorf("<%s> has %s in %q", n.Data, a.Key, text)
			}
			if a.Key == "href" || a.Key == "src" {
				checkAddress(t, a)
			}
		}
	}
}

func checkAddress(t *testing.T, a html.Attribute) {
	t.Helper()
	u, err := url.Parse(a.Val)
	if err != nil || !slices.Contains(schemes, u.Scheme) || a.Key == "src" && u.Scheme != "https" {
		t.Errorf("%s leads to %q", a.Key, a.Val)
	}
}

// whole is all that an article has in it.
func whole(a webpage.Article) string {
	out := string(a.Intro) + string(a.Credits)
	for _, s := range a.Sections {
		out += "<h2>" + string(s.Heading) + "</h2>" + string(s.Body)
	}
	return out
}

// everywhere is an issue that has a text and an address wherever one can be.
func everywhere(text, address string) *digest.Issue {
	spans := []digest.Span{{Text: text}, {Text: text, Link: address}, {Text: text, Style: 63}, {Text: text, Style: 63, Link: address}}
	blocks := []digest.Block{
		{Kind: digest.Paragraph, Spans: spans}, {Kind: digest.Heading, Spans: spans}, {Kind: digest.Code, Spans: spans, Language: text},
		{Kind: digest.Image, URL: address, Spans: []digest.Span{{Text: text, Link: address}}}, {Kind: digest.Image, URL: address},
		{Kind: digest.Table, Header: true, Rows: [][][]digest.Span{{spans, spans}, {spans}}},
		{Kind: digest.Table, Rows: [][][]digest.Span{make([][]digest.Span, 30), {spans}}},
		{Kind: digest.BlockKind(text), Spans: spans},
	}
	blocks = append(blocks, digest.Block{Kind: digest.Quote, Blocks: blocks}, digest.Block{Kind: digest.List, Ordered: true, Start: -3, Entries: [][]digest.Block{blocks, {}}})
	item := digest.Item{Lead: blocks[:1], Title: spans, Body: blocks}
	runIn := digest.Item{Title: spans, Body: blocks[:1], RunIn: true}
	return &digest.Issue{
		Key: text, Title: text, Image: address, Original: address, Intro: blocks[:1], Credits: blocks[:1],
		Sections: []digest.Section{
			{Key: text, Name: text, Emoji: text, Heading: spans, Intro: blocks[:1], Items: []digest.Item{item, runIn, {Body: blocks[:1]}}, Outro: blocks[:1]},
			{Name: text, Items: []digest.Item{runIn}}, {Items: []digest.Item{runIn}},
		},
	}
}

// FuzzStranger puts texts and addresses of a stranger wherever an issue has some.
func FuzzStranger(f *testing.F) {
	const script = "<script>alert(1)</script>"
	for _, text := range []string{
		script, `" onmouseover="alert(1)`, "' onerror='x", "</p></div><iframe src=//x>", "<!-- ", "]]>", "\x00\x1b\u202e\xff", "&lt;b&gt;&#60;", "a\nb\tc", "",
		"<svg/onload=alert(1)>", "</style><style>", "<plaintext>", "<base href=//x>",
	} {
		f.Add(text, "https://example.org/")
	}
	for _, address := range []string{
		"javascript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "JaVaScRiPt:x", "data:text/html,<script>", "vbscript:x", "//example.org/x",
		`https://example.org/" onload="x`, "https://example.org/\x00<", "http://example.org/a.png", "mailto:a@example.org", "tg://resolve?domain=x", "file:///etc/passwd", "blob:https://example.org/1", "/x", "", "https:",
	} {
		f.Add(script, address)
	}
	f.Fuzz(func(t *testing.T, text, address string) {
		a := webpage.Of(everywhere(text, address))
		check(t, whole(a))
		if a.Picture != "" {
			checkAddress(t, html.Attribute{Key: "src", Val: a.Picture})
		}
		if a.Original != "" {
			checkAddress(t, html.Attribute{Key: "href", Val: a.Original})
		}
		seen := map[string]bool{}
		for _, s := range a.Sections {
			if seen[s.Anchor] || strings.ContainsAny(s.Anchor, " \t\n\"'<>&#%") || !strings.HasPrefix(s.Anchor, "s") {
				t.Errorf("a section of %q has the anchor %q", text, s.Anchor)
			}
			seen[s.Anchor] = true
		}
	})
}

// FuzzDocument renders documents.
func FuzzDocument(f *testing.F) {
	files, err := filepath.Glob("../document/testdata/*/*.in.*")
	if err != nil || len(files) < 5 {
		f.Fatalf("documents are %q, %v", files, err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(name, text)
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		issues, err := document.ParseAll(name, data)
		if err != nil {
			return
		}
		for _, issue := range issues {
			check(t, whole(webpage.Of(issue)))
		}
	})
}

// What is in a document is on its page, in its order.
func TestOf(t *testing.T) {
	issue, err := document.Parse("12.md", []byte(`---
title: Riverside Weekly
number: 12
date: 2026-11-27
image: https://example.org/cover.jpg
---
Hello *you*,
and **all**.

## 🛠 New & useful

### [The bus app](https://example.org/bus)
It counts.

> Said the driver.

1. one
2. two

| Pier | First |
|---|---|
| East | 5:40 |

![A pier](https://example.org/pier.png)

## 🛠 New & useful!

`+"```\n<b>x</b>\n```\n"))
	if err != nil {
		t.Fatal(err)
	}
	a := webpage.Of(issue)
	if a.Title != "Riverside Weekly" || a.Picture != "https://example.org/cover.jpg" || a.RightToLeft || a.Summary != "Hello you, and all." || a.Language != "en" {
		t.Errorf("the article is %+v", a)
	}
	if got, want := string(a.Intro), "<p>Hello <i>you</i>, and <b>all</b>.</p>"; got != want {
		t.Errorf("the introduction is %q, want %q", got, want)
	}
	body := whole(a)
	at := 0
	for _, want := range []string{
		"<h2>🛠 New &amp; useful</h2>", `<h3><a href="https://example.org/bus">The bus app</a></h3>`, "<p>It counts.</p>", "<blockquote><p>Said the driver.</p></blockquote>",
		"<ol><li>one</li><li>two</li></ol>", `<tr><th scope="col">Pier</th><th scope="col">First</th></tr><tr><td>East</td><td>5:40</td></tr>`,
		`<img src="https://example.org/pier.png" alt="" loading="lazy" referrerpolicy="no-referrer"><figcaption>A pier</figcaption>`, "&lt;b&gt;x&lt;/b&gt;",
	} {
		found := strings.Index(body[at:], want)
		if found < 0 {
			t.Errorf("the page lacks %q after %q", want, body[:at])
			continue
		}
		at += found
	}
}

func TestAnchor(t *testing.T) {
	for name, want := range map[string]string{
		"Worth knowing": "s-worth-knowing", "值得关注": "s-值得关注", "C++ & C#": "s-c-c", "": "s", "<script>": "s-script", "  a  b ": "s-a-b", "\xff": "s",
	} {
		if got := webpage.Anchor(name); got != want {
			t.Errorf("Anchor(%q) = %q, want %q", name, got, want)
		}
	}
	items := []digest.Item{{Title: []digest.Span{{Text: "x"}}}}
	a := webpage.Of(&digest.Issue{Sections: []digest.Section{{Name: "A", Items: items}, {Name: "a!", Items: items}, {Name: "B"}, {Name: "a", Items: items}}})
	var got []string
	for _, s := range a.Sections {
		got = append(got, s.Anchor)
	}
	if want := []string{"s-a", "s-a-2", "s-a-3"}; !slices.Equal(got, want) {
		t.Errorf("anchors are %q, want %q", got, want)
	}
	if last := a.Sections[2].Position; last != 3 {
		t.Errorf("the last section is at %d, want 3", last)
	}
}

// Texts of a script that is written from right to left make the page so; deep nesting ends.
func TestDirectionAndDepth(t *testing.T) {
	deep := digest.Block{Kind: digest.Paragraph, Spans: []digest.Span{{Text: "أخبار"}}}
	for range 2000 {
		deep = digest.Block{Kind: digest.Quote, Blocks: []digest.Block{{Kind: digest.List, Entries: [][]digest.Block{{deep}}}}}
	}
	a := webpage.Of(&digest.Issue{Title: "النشرة", Intro: []digest.Block{deep}})
	if n := strings.Count(string(a.Intro), "<blockquote>"); !a.RightToLeft || n > 32 || !strings.Contains(string(a.Intro), "أخبار") {
		t.Errorf("right to left is %t, with %d quotations", a.RightToLeft, n)
	}
	check(t, whole(a))
}
