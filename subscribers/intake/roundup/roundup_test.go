package roundup_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/digest"
	"digestbot/subscribers/intake/roundup"
	"digestbot/subscribers/intake/sourceline"
)

func paragraph(text string) digest.Block {
	return digest.Block{Kind: digest.Paragraph, Spans: []digest.Span{{Text: text}}}
}

func entries(n int, categories ...string) (all []roundup.Entry) {
	for i := range n {
		e := roundup.Entry{Title: fmt.Sprintf("Title %d", i), Link: fmt.Sprintf("https://example.org/%d", i),
			Text: []digest.Block{paragraph(strings.Repeat("It was the day of the snow. ", 60))}}
		if len(categories) > 0 {
			e.Categories = []string{categories[i%len(categories)]}
		}
		all = append(all, e)
	}
	return all
}

var plan = roundup.Plan{
	Key: "letters-3", Number: 3, Title: "Letters", ByTopic: true,
	From: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), To: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC),
}

// outline names the sections of an issue with how many items each has.
func outline(issue *digest.Issue) (all []string) {
	for _, s := range issue.Sections {
		all = append(all, fmt.Sprintf("%s %d", s.Name, len(s.Items)))
	}
	return all
}

func TestMake(t *testing.T) {
	mapped, flat := plan, plan
	mapped.Sections = []sourceline.Section{{Name: "🐹 Go", Categories: []string{"golang"}}, {Name: "Empty", Categories: []string{"none"}}, {Name: "Web", Categories: []string{"css"}}}
	flat.ByTopic = false
	many := make([]string, 30)
	for i := range many {
		many[i] = fmt.Sprintf("Topic %02d", i)
	}
	tests := []struct {
		name    string
		plan    roundup.Plan
		entries []roundup.Entry
		want    []string
	}{
		{"categories, the most frequent first", plan, append(entries(4, "Sea", "sea!", "Snow", "Sea"), entries(1)...), []string{"Sea 3", "Snow 1", "More 1"}},
		{"a plan", mapped, entries(4, "css", "Golang", "cooking", "css"), []string{"Go 1", "Web 2", "More 1"}},
		{"without sections", flat, entries(3, "css"), []string{" 3"}},
		{"no categories at all", plan, entries(3), []string{" 3"}},
		{"a category that is called as the rest", plan, append(entries(2, "More", "Sea"), entries(1)...), []string{"More 2", "Sea 1"}},
		{"a sentence is no category", plan, entries(2, strings.Repeat("long ", 20), "Sea"), []string{"Sea 1", "More 1"}},
		{"many categories", plan, entries(30, many...), append(func() (twelve []string) {
			for _, name := range many[:12] {
				twelve = append(twelve, name+" 1")
			}
			return twelve
		}(), "More 18")},
	}
	for _, tt := range tests {
		issue := roundup.Make(tt.plan, tt.entries)
		if diff := cmp.Diff(tt.want, outline(issue)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if issue.Title != "Letters · 20–27 November 2026" || issue.Number != 3 || issue.Key != "letters-3" || issue.Date.Format(time.DateOnly) != "2026-11-27" {
			t.Errorf("%s: %q, number %d, key %s of %s", tt.name, issue.Title, issue.Number, issue.Key, issue.Date)
		}
	}
}

// However many entries there are, each is in the issue, and that has some dozens of
// messages at most.
func TestMakeOfMany(t *testing.T) {
	for _, n := range []int{1, 30, 300, 1000} {
		issue := roundup.Make(plan, entries(n, "Sea", "Snow", "Garden"))
		messages := issue.Messages()
		var all strings.Builder
		for _, m := range messages {
			all.WriteString(m.HTML)
		}
		if links := strings.Count(all.String(), `<a href="https://example.org/`); links != n {
			t.Errorf("%d entries: %d links", n, links)
		}
		if len(messages) > 40 {
			t.Errorf("%d entries: %d messages", n, len(messages))
		}
	}
}

func TestShorten(t *testing.T) {
	long := paragraph("First sentence of it. " + strings.Repeat("Second sentence is a little longer. ", 10))
	tests := []struct {
		name string
		text []digest.Block
		want []string
	}{
		{"fits", []digest.Block{paragraph("One."), paragraph("Two.")}, []string{"One.", "Two."}},
		{"is cut at a sentence", []digest.Block{long}, []string{"First sentence of it. Second sentence is a little longer. Second sentence is a little longer. …"}},
		{"without what only leads on", []digest.Block{paragraph("One."), paragraph("Read more…"), paragraph("The post One appeared first on Blog.")}, []string{"One."}},
		{"without pictures and headings", []digest.Block{{Kind: digest.Image, URL: "https://example.org/1.png"}, {Kind: digest.Heading, Spans: []digest.Span{{Text: "H"}}}, paragraph("One.")}, []string{"One."}},
		{"nothing", nil, nil},
	}
	for _, tt := range tests {
		var got []string
		for _, b := range roundup.Shorten(tt.text, 110) {
			got = append(got, digest.TextOf(b.Spans))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// An entry without a title leads to its page all the same.
func TestUntitledEntry(t *testing.T) {
	for _, e := range []roundup.Entry{
		{Link: "https://example.org/1", Text: []digest.Block{paragraph("Snow.")}},
		{Link: "https://example.org/1"},
	} {
		issue := roundup.Make(plan, []roundup.Entry{e})
		html := ""
		for _, m := range issue.Messages() {
			html += m.HTML
		}
		if !strings.Contains(html, `<a href="https://example.org/1">`) {
			t.Errorf("%+v became %q", e, html)
		}
	}
}
