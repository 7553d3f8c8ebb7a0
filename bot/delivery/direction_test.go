package delivery_test

import (
	"testing"
	"testing/synctest"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
)

// Rich messages of an issue in Persian are shown from right to left, all of them: also those
// of a section in English. Those of an issue in English are not.
func TestRichMessagesFromRightToLeft(t *testing.T) {
	for title, want := range map[string]bool{"نشریهٔ فانوس، خبرهای این هفته دربارهٔ دریا": true, "Weekly": false} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, telegramsim.Options{}, 30)
			reader := w.readers(1)[0]
			w.setLayout(reader.ID(), digest.LayoutRich)
			issue := &digest.Issue{Key: "1", Number: 1, Title: title}
			for _, name := range []string{title, "News"} {
				issue.Sections = append(issue.Sections, digest.Section{
					Key: digest.SectionKey(name), Name: name, Items: []digest.Item{{Title: []digest.Span{{Text: name}}}},
				})
			}
			row, _, err := w.store.SaveIssue(t.Context(), issue, "1.md", []byte("1"))
			if err != nil {
				t.Fatal(err)
			}
			w.start()
			w.await(w.broadcast(row), subscribers.Done)
			got := reader.Chat().FromBot()
			if len(got) != 3 {
				t.Fatalf("%d messages arrived, want the cover and two sections", len(got))
			}
			for _, m := range got {
				if m.Rich == nil || m.Rich.RTL != want {
					t.Errorf("%s: a message is %+v, want a rich one with RTL %v", title, m.Rich, want)
				}
			}
		})
	}
}
