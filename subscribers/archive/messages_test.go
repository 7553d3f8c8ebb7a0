package archive_test

import (
	"testing"

	"digestbot/digest/digesttest"
	"digestbot/subscribers/archive"
)

func TestSectionOf(t *testing.T) {
	messages := []archive.Message{
		{Headlines: "cover", Rich: "cover"},
		{}, // the cover's second part
		{SectionID: 1, Headlines: "a", Rich: "a"},
		{SectionID: 1},
		{SectionID: 1, Headlines: "b"}, // merged into the one before
		{SectionID: 1},
		{SectionID: 1, Rich: "c"}, // and this one
		{SectionID: 2},            // from before there were layouts
		{SectionID: 2},
		{SectionID: 3},
	}
	for position, want := range [][2]int{{0, 1}, {0, 1}, {2, 3}, {2, 3}, {4, 5}, {4, 5}, {6, 6}, {7, 8}, {7, 8}, {9, 9}} {
		if first, last := archive.SectionOf(messages, position); first != want[0] || last != want[1] {
			t.Errorf("SectionOf(%d) = %d, %d, want %d, %d", position, first, last, want[0], want[1])
		}
	}
}

// People are told of refused rich messages once for each edition. They are told only
// once of a server that takes none.
func TestRefuseRich(t *testing.T) {
	a := open(t)
	ctx := t.Context()
	first := saveIssue(t, a, digesttest.Issue(1, "News", "Tools"))
	second := saveIssue(t, a, digesttest.Issue(2, "News", "Tools"))
	third := saveIssue(t, a, digesttest.Issue(3, "News", "Tools"))
	for i, test := range []struct {
		issue    archive.Issue
		position int
		why      string
		news     bool
		want     [3]string
	}{
		{first, 1, "markup", true, [3]string{"", "markup", ""}},
		{first, 1, "again", false, [3]string{"", "markup", ""}},
		{first, 2, "markup", false, [3]string{"", "markup", "markup"}},
		{second, 0, "markup", true, [3]string{"markup", "", ""}},
		{second, archive.AllMessages, "method not found", true, [3]string{"markup", "method not found", "method not found"}},
		{third, archive.AllMessages, "method not found", false, [3]string{"method not found", "method not found", "method not found"}},
	} {
		if news := must(a.RefuseRich(ctx, test.issue.ID, 1, test.position, test.why))(t); news != test.news {
			t.Errorf("%d: news is %v, want %v", i, news, test.news)
		}
		for p, m := range must(a.Messages(ctx, test.issue.ID, 1))(t) {
			if m.RichRefused != test.want[p] || m.Refused != "" {
				t.Errorf("%d: message %d is refused as %q and %q, want %q", i, p, m.RichRefused, m.Refused, test.want[p])
			}
		}
	}
}
