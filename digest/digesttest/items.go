package digesttest

import (
	"slices"
	"strings"
	"testing"

	"digestbot/digest"
)

// checkItems asserts that each item alone makes valid messages within the limits, below a
// heading of several lines, and that nothing of it is lost.
func checkItems(t *testing.T, issue *digest.Issue) {
	t.Helper()
	for i := range issue.Sections {
		for n := range issue.Sections[i].Items {
			checkItem(t, &issue.Sections[i].Items[n])
		}
	}
}

func checkItem(t *testing.T, it *digest.Item) {
	t.Helper()
	heading := []digest.Span{
		{Text: "🔍 "}, {Text: strings.Repeat("词", 100), Style: digest.Monospace}, {Text: "\nSection · "},
		{Text: "issue 1", Link: "https://example.org/issue"}, {Text: " · 1 January 2021"},
	}
	want := &content{known: links{}}
	want.spans(it.Title)
	want.blocks(it.Body)
	var text strings.Builder
	var all []string
	for _, m := range it.Messages(heading) {
		got, err := parseTelegram(m.HTML)
		if err != nil {
			t.Fatalf("an item's message is not valid: %v\n%s", err, m.HTML)
		}
		checkLimits(t, "an item's message", got, m.HTML, m.Plain)
		head, body, _ := strings.Cut(m.HTML, "\n\n")
		if !strings.HasPrefix(head, "🔍 <code>词") {
			t.Errorf("an item's message begins %.100q", head)
		}
		if got, err = parseTelegram(body); err != nil {
			t.Fatalf("an item's message without heading: %v", err)
		}
		text.WriteString(got.text)
		all = append(all, got.links...)
	}
	if got, want := words(text.String()), words(want.text.String()); got != want {
		t.Errorf("an item lost text%s", firstDifference(got, want))
	}
	if got := slices.Compact(all); !slices.Equal(got, want.links) {
		t.Errorf("an item has links\n got %q\nwant %q", got, want.links)
	}
}
