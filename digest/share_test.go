package digest_test

import (
	"fmt"
	"strings"
	"testing"

	"digestbot/digest"
	"digestbot/digest/digesttest"
)

// sized is an issue whose sections have the given numbers of items, of some words each.
func sized(items ...int) *digest.Issue {
	issue := &digest.Issue{Key: "k", Title: "T", Number: 7}
	for n, count := range items {
		s := digest.Section{Key: fmt.Sprint(n), Name: fmt.Sprint("S", n)}
		for range count {
			s.Items = append(s.Items, digest.Item{Title: []digest.Span{{Text: fmt.Sprint("About ", n)}}})
		}
		issue.Sections = append(issue.Sections, s)
	}
	return issue
}

// together returns the positions of the messages that are sent as one, by the first of them.
func together(issue *digest.Issue) string {
	var out strings.Builder
	for n, m := range issue.Messages() {
		if m.Share == "" && n > 0 {
			out.WriteByte(' ')
		}
		out.WriteString(string(rune('0' + n)))
	}
	return out.String()
}

// TestShortSectionsShareAMessage pins which sections do: neighbours of one short item, in
// an issue of more than six messages.
func TestShortSectionsShareAMessage(t *testing.T) {
	long := digest.Block{Kind: digest.Paragraph, Spans: []digest.Span{{Text: strings.Repeat("word ", 110)}}}
	medium := digest.Block{Kind: digest.Paragraph, Spans: []digest.Span{{Text: strings.Repeat("word ", 80)}}}
	tests := []struct {
		name, want string
		issue      *digest.Issue
		change     func(*digest.Issue)
	}{
		{"six messages", "0 1 2 3 4 5", sized(1, 1, 1, 1, 1), nil},
		{"seven", "0 123456", sized(1, 1, 1, 1, 1, 1), nil},
		{"between large ones", "0 1 23 4 56", sized(2, 1, 1, 2, 1, 1), nil},
		{"none beside another", "0 1 2 3 4 5 6", sized(2, 1, 2, 1, 2, 1), nil},
		{"as the seed, with one more", "0 1 2 3 4 56", sized(5, 5, 5, 3, 1, 1), nil},
		{"an empty section is none", "0 1 2 3 4 5", sized(1, 1, 1, 1, 1, 0), nil},
		{"a long one", "0 12 3 456", sized(1, 1, 1, 1, 1, 1), func(i *digest.Issue) { i.Sections[2].Outro = []digest.Block{long} }},
		{"as much as fits", "0 1234 567", sized(1, 1, 1, 1, 1, 1, 1), func(i *digest.Issue) {
			for n := range i.Sections {
				i.Sections[n].Outro = []digest.Block{medium}
			}
		}},
		{"a picture begins one", "0 12 3456", sized(1, 1, 1, 1, 1, 1), func(i *digest.Issue) {
			i.Sections[2].Items[0].Body = []digest.Block{{Kind: digest.Image, URL: "https://a.example/p.png"}}
		}},
		{"no name", "0 1 2 3456", sized(1, 1, 1, 1, 1, 1), func(i *digest.Issue) { i.Sections[1].Name = "" }},
		{"a long name", "0 1 2 3456", sized(1, 1, 1, 1, 1, 1), func(i *digest.Issue) { i.Sections[1].Name = strings.Repeat("name ", 40) }},
	}
	for _, tt := range tests {
		if tt.change != nil {
			tt.change(tt.issue)
		}
		if got := together(tt.issue); got != tt.want {
			t.Errorf("%s: messages go out as %q, want %q", tt.name, got, tt.want)
		}
		digesttest.CheckIssue(t, tt.issue)
	}
}

func TestSharedMessage(t *testing.T) {
	issue := sized(1, 1, 1, 1, 1, 1)
	issue.Sections[1].Emoji, issue.Sections[1].New = "🔥", true
	messages := issue.Messages()
	got := digest.Shared([]string{messages[1].HTML, messages[2].Share, messages[3].Share})
	const want = "<b>S0</b> · № 7\n\n<b>About 0</b>\n\n<b>🆕 🔥 S1</b>\n\n<b>About 1</b>\n\n<b>S2</b>\n\n<b>About 2</b>"
	if got != want {
		t.Errorf("the shared message is\n%s\nwant\n%s", got, want)
	}
	if text := issue.Terminal(digest.LayoutSections, false); strings.Count(text, "────\n") != 2 || !strings.Contains(text, "──── S0 + 🔥 S1 + S2 + S3 + S4 + S5 · ") {
		t.Errorf("preview shows\n%s", text)
	}
	if text, sections := issue.Terminal(digest.LayoutAuto, false), issue.Terminal(digest.LayoutSections, false); text != sections {
		t.Errorf("two messages are few, but auto shows\n%s", text)
	}
}
