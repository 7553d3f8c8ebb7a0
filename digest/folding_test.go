package digest_test

import (
	"strings"
	"testing"

	"digestbot/digest"
)

func text(s string) digest.Block {
	return digest.Block{Kind: digest.Paragraph, Spans: []digest.Span{{Text: s}}}
}

func entry(title string, body ...digest.Block) digest.Item {
	return digest.Item{Title: []digest.Span{{Text: title, Link: "https://example.org/" + title}}, Body: body}
}

// words returns a text of that many columns.
func words(columns int) string { return strings.Repeat("word ", columns/5) }

// sectionOf returns the one message of a section of these items, and the rich one.
func sectionOf(t *testing.T, items ...digest.Item) (html, rich string) {
	t.Helper()
	issue := digest.Issue{Key: "1", Sections: []digest.Section{{Key: "news", Name: "News", Items: items}}}
	messages := issue.Messages()
	if len(messages) != 2 {
		t.Fatalf("%d messages, want the cover and one of the section", len(messages))
	}
	return messages[1].HTML, messages[1].Rich
}

// The bodies of a section that are worth folding are folded together or not at all.
func TestNeighboursFoldAlike(t *testing.T) {
	tests := []struct {
		name    string
		columns []int
		folded  int
	}{
		{"all short", []int{100, 100, 100}, 0},
		{"none long", []int{200, 300, 310}, 0},
		{"one of several is a little longer", []int{200, 300, 340}, 0},
		{"one of several is much longer", []int{200, 300, 700}, 1},
		{"half are long", []int{200, 300, 340, 350}, 4},
		{"all long, and one too short to fold", []int{100, 340, 350}, 2},
		{"one alone", []int{340}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var items []digest.Item
			for _, n := range tt.columns {
				items = append(items, entry("title", text(words(n))))
			}
			html, rich := sectionOf(t, items...)
			if got := strings.Count(html, "<blockquote expandable>"); got != tt.folded {
				t.Errorf("%d bodies are folded, want %d", got, tt.folded)
			}
			if got := strings.Count(rich, "<details>"); got != tt.folded {
				t.Errorf("%d bodies are folded in the rich message, want %d", got, tt.folded)
			}
		})
	}
}

// A picture stands in front of a fold, so that the fold shows how its text begins.
func TestPictureOpensNoFold(t *testing.T) {
	picture := digest.Block{Kind: digest.Image, URL: "https://example.org/a.jpg"}
	captioned := digest.Block{Kind: digest.Image, URL: "https://example.org/a.jpg", Spans: []digest.Span{{Text: "Pier"}}}
	long := text(words(400))
	for name, item := range map[string]digest.Item{
		"item":              entry("title", picture, long),
		"item with caption": entry("title", captioned, long),
		"prose":             {Body: []digest.Block{text("Short."), captioned, long, long}},
		"quotation":         {Body: []digest.Block{{Kind: digest.Quote, Blocks: []digest.Block{captioned, long}}}},
	} {
		html, _ := sectionOf(t, item)
		_, fold, found := strings.Cut(html, "<blockquote expandable>")
		if !found || !strings.HasPrefix(fold, "word") || !strings.Contains(html, "a.jpg") {
			t.Errorf("%s: the fold begins with %.60q, want its text, and the picture before it:\n%s", name, fold, html)
		}
	}
}

// A title that is the beginning of a sentence is not torn from it, in any layout.
func TestSentenceIsNotTorn(t *testing.T) {
	tests := []struct {
		name, rest string
		whole      bool
	}{
		{"list of names", ", John and Joan built a boat", true},
		{"small letter", " has been built", true},
		{"genitive", "’s boat is built", true},
		{"ideographs right behind", "造了一条船", true},
		{"Chinese comma", "，造了一条船", true},
		{"author and date", ", John Doe, 27 Oct 2019.", false},
		{"colon", ": a boat", false},
		{"dash", " – a boat", false},
		{"full stop", ". It is a boat", false},
		{"capital letter", " It is a boat", false},
		{"ideographs behind a space", " 造了一条船", false},
		{"remark", " (a boat)", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			item := entry("Jane", text(tt.rest+" "+strings.ToUpper(words(400))))
			item.RunIn = true
			html, rich := sectionOf(t, item)
			for layout, got := range map[string]string{"sections": digest.PlainOf(html), "rich": digest.PlainOf(rich)} {
				got = strings.ReplaceAll(got, " (https://example.org/Jane)", "")
				if strings.Contains(got, "Jane"+tt.rest) != tt.whole {
					t.Errorf("%s: %.60q, want it whole: %v", layout, got, tt.whole)
				}
			}
			if got := item.Text(); tt.whole && !strings.HasPrefix(got, strings.TrimSpace(tt.rest)) {
				t.Errorf("Text = %.40q, want %q at the beginning", got, tt.rest)
			}
		})
	}
}

// What stands in the line of such a title stays there, and only the rest is folded.
func TestFirstParagraphOfASentenceStaysOpen(t *testing.T) {
	item := entry("Jane", text("，by John"), text(words(400)))
	item.RunIn = true
	html, _ := sectionOf(t, item)
	if want := "</a>，by John\n<blockquote expandable>word"; !strings.Contains(html, want) {
		t.Errorf("%.200s, want %q in it", html, want)
	}
}

// A line behind an item that ends in a list is no entry of that list.
func TestLineBehindAList(t *testing.T) {
	boats := digest.Block{Kind: digest.List, Entries: [][]digest.Block{{text("the ferry")}, {text("the pilot")}}}
	html, _ := sectionOf(t, entry("lamp"), entry("rope"), entry("boats", boats), entry("tide"), entry("fog"))
	if want := "• the pilot\n\n• "; !strings.Contains(html, want) {
		t.Errorf("got\n%s\nwant %q in it", html, want)
	}
	if lines := strings.Count(html, "</a>\n• "); lines != 2 {
		t.Errorf("%d lines follow one right behind another, want 2:\n%s", lines, html)
	}
}
