package delivery_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
)

// An editor may write the same heading twice, one after the other.
func TestTheSameHeadingTwiceIsTwoRichMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		reader := w.readers(1)[0]
		w.setLayout(reader.ID(), digest.LayoutRich)
		issue := &digest.Issue{Key: "1", Number: 1, Title: "Weekly 1"}
		for range 2 {
			issue.Sections = append(issue.Sections, digest.Section{
				Key: "news", Name: "News", Items: []digest.Item{{Title: []digest.Span{{Text: "An item"}}}},
			})
		}
		row, _, err := w.store.SaveIssue(t.Context(), issue, "1.md", []byte("1"))
		if err != nil {
			t.Fatal(err)
		}
		w.start()
		b := w.await(w.broadcast(row), subscribers.Done)
		got := reader.Chat().FromBot()
		if len(got) != 3 {
			t.Fatalf("%d messages arrived, want the cover and two of News", len(got))
		}
		for _, m := range got[1:] {
			if m.Rich == nil || !strings.Contains(m.Rich.Text, "An item") {
				t.Errorf("a message is %+v, want a rich one with the item", m.Rich)
			}
		}
		w.books(b)
	})
}
