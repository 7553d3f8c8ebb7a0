package digest_test

import (
	"strings"
	"testing"

	"digestbot/digest"
	"digestbot/digest/digesttest"
)

// A long quotation collapses in a rich message if it is one paragraph: an expandable
// quotation holds a text, and others hold blocks.
func TestRichQuotes(t *testing.T) {
	long, short := text(strings.Repeat("A sentence of it. ", 40)+"The end."), text("Short.")
	list := digest.Block{Kind: digest.List, Entries: [][]digest.Block{{long}}}
	for _, test := range []struct {
		name   string
		blocks []digest.Block
		want   string
	}{
		{"short", []digest.Block{short}, "<blockquote><p>Short"},
		{"a long paragraph", []digest.Block{long}, "<blockquote expandable>A sentence"},
		{"two", []digest.Block{short, long}, "<blockquote><p>Short"},
		{"a list", []digest.Block{list}, "<blockquote><ul>"},
	} {
		issue := &digest.Issue{Key: "1", Title: "Weekly", Sections: []digest.Section{{Key: "news", Name: "News", Items: []digest.Item{
			{Title: []digest.Span{{Text: "Item"}}, Body: []digest.Block{{Kind: digest.Quote, Blocks: test.blocks}}},
		}}}}
		messages := issue.Messages()
		digesttest.CheckIssue(t, issue)
		if got := messages[1].Rich; !strings.Contains(got, test.want) {
			t.Errorf("%s is %.200q, want %q in it", test.name, got, test.want)
		}
	}
}
