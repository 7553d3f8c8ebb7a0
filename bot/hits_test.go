package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
)

// hitData is the data of the button that opens a hit.
func hitData(t *testing.T, m telegramsim.Message, button string) string {
	t.Helper()
	b, ok := m.Button(button)
	if !ok {
		t.Fatalf("there is no button %s in %v", button, labels(m))
	}
	return b.CallbackData
}

// An item that is longer than a message has pages. Each has the words of the search, so
// the way back is there too.
func TestLongHit(t *testing.T) {
	inWorld(t, func(w *world) {
		paragraphs := strings.Repeat("这里说的是一件很长的事情，", 200)
		issue := &digest.Issue{Key: "179", Number: 179, Date: time.Date(2021, 11, 19, 0, 0, 0, 0, time.UTC), Sections: []digest.Section{{
			Key: "news", Name: strings.Repeat("Very long ", 40), Items: []digest.Item{{Body: []digest.Block{
				{Kind: digest.Code, Spans: []digest.Span{{Text: "not <the> words"}}},
				{Kind: digest.Paragraph, Spans: []digest.Span{{Text: paragraphs}}},
				{Kind: digest.Paragraph, Spans: []digest.Span{{Text: paragraphs}, {Text: "the end", Link: "https://example.org/end"}}},
			}}},
		}}}
		w.save(issue)
		m := w.tell(w.ann, "/search words")
		_, m = w.press(w.ann, m, "1")
		wantText(t, m, "🔍 words\n", "(1/2)", "not <the> words", "这里说的")
		wantLabels(t, m, "◀️ | 1/2 | ▶️", "‹ Results | 📑 The whole section")
		_, m = w.press(w.ann, m, "▶️")
		wantText(t, m, "🔍 words\n", "(2/2)", "the end")
		wantFormat(t, m, "text_link", "the end", "https://example.org/end")
		_, m = w.afterwards(w.ann.PressData(m, "1:hit:1:1:0:9223372036854775807:9223372036854775807"), m)
		wantText(t, m, "(2/2)")
		_, m = w.press(w.ann, m, "‹ Results")
		wantText(t, m, "🔍 words: 1 item found")
	})
}

// What joins a title with the words behind it does not begin the line below the title.
func TestExcerptBelowATitle(t *testing.T) {
	inWorld(t, func(w *world) {
		for n, text := range []string{", a library for winter", "，图书馆 library", " – library", "-5 °C in the library"} {
			w.save(&digest.Issue{Key: fmt.Sprint(n + 1), Number: n + 1, Date: time.Date(2021, 11, n+1, 0, 0, 0, 0, time.UTC), Sections: []digest.Section{{
				Key: "news", Name: "News", Items: []digest.Item{{
					Title: []digest.Span{{Text: "Frost", Link: "https://example.org/frost"}},
					Body:  []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: text}}}},
				}},
			}}})
		}
		m := w.tell(w.ann, "/search library")
		wantText(t, m, "\na library for winter", "\n图书馆 library", "\nlibrary", "\n-5 °C in the library")
	})
}

// What became of an item since it was found is said, and what is found now is shown. The
// id of an item may be that of another one by then.
func TestHitThatChanged(t *testing.T) {
	for _, test := range []struct {
		name, popup, now string
		change           func(w *world, id int64)
	}{
		{"corrected", "That issue has changed.", "1. Zebra fish", func(w *world, _ int64) { w.archive(179, "News", entry{"Zebra fish", "", ""}, entry{"Cat", "", ""}) }},
		{"gone", "That issue has changed.", "Nothing found", func(w *world, _ int64) { w.archive(179, "News", entry{"Cat", "", ""}) }},
		{"withdrawn", "This issue has been withdrawn.", "Nothing found", func(w *world, id int64) {
			if _, err := w.store.WithdrawIssue(w.t.Context(), id, subscribers.InPrivate(w.admin.ID())); err != nil {
				w.t.Fatal(err)
			}
		}},
		{"dated ahead", "That issue has changed.", "Nothing found", func(w *world, id int64) {
			if _, _, err := w.store.RedateIssue(w.t.Context(), id, time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC), subscribers.InPrivate(w.admin.ID())); err != nil {
				w.t.Fatal(err)
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				issue := w.archive(179, "News", entry{"Cat", "", ""}, entry{"Zebra", "", ""})
				m := w.tell(w.ann, "/search zebra")
				_, opened := w.press(w.ann, m, "1")
				wantText(t, opened, "Zebra")
				test.change(w, issue.ID)
				answer, now := w.afterwards(w.ann.PressData(m, hitData(t, m, "1")), m)
				wantPopup(t, answer, test.popup)
				wantText(t, now, test.now)
			})
		})
	}
}

// A press that nobody was offered shows no item, and changes no message of the bot.
func TestForgedHit(t *testing.T) {
	inWorld(t, func(w *world) {
		w.archive(179, "News", entry{"Cat", "", ""})
		ahead := w.archive(9999, "News", entry{"Secret cat", "", ""})
		m := w.tell(w.ann, "/search cat")
		for data, popup := range map[string]string{
			"1:hit:99:1:0:0:0": "out of date", "1:hit:1:2:0:0:0": "has changed", "1:hit:1:1:7:0:0": "has changed",
			fmt.Sprintf("1:hit:%d:1:0:0:0", ahead.ID): "has changed", "1:hit:1:1:0:0": "out of date",
		} {
			answer, now := w.afterwards(w.ann.PressData(m, data), m)
			wantText(t, telegramsim.Message{Text: answer.Text}, popup)
			wantText(t, now, "🔍 cat: 1 item found")
		}
		help := w.tell(w.ann, "/settings") // without words of a search
		answer, now := w.afterwards(w.ann.PressData(help, "1:hit:1:1:0:0:0"), help)
		wantPopup(t, answer, "This button is out of date.")
		wantText(t, now, help.Text)

		group, bea := w.friends()
		under := w.one(group, func() { bea.WriteIn(group, "/issues@digest_sim_bot") })
		w.wantForAdmins(group, under, "1:hit:1:1:0:0:0", bea)
		channel := w.sim.NewChannel("News", w.ann, w.li)
		w.said(channel, func() { channel.AddBot(w.ann) })
		posted := w.one(channel, func() { w.ann.WriteIn(channel, "/search cat") })
		answer, now = w.press(w.li, posted, "1")
		wantPopup(t, answer, "只有这里的管理员")
		wantText(t, now, posted.Text)
	})
}

// In a group everybody may turn to an item and back, in the language of the group. The
// section comes once for a double tap, also to who has muted it.
func TestHitInAGroup(t *testing.T) {
	inWorld(t, func(w *world) {
		w.archive(179, "News", entry{"Cat", "Purrs.", ""})
		group, bea := w.friends()
		m := w.one(group, func() { bea.WriteIn(group, "/search@digest_sim_bot cat") })
		_, m = w.press(w.li, m, "1")
		wantText(t, m, "🔍 cat\nNews · issue 179", "Cat\nPurrs.")
		wantLabels(t, m, "‹ Results | 📑 The whole section")
		section := w.one(group, func() { w.press(bea, m, "📑 The whole section") })
		wantText(t, section, "News", "Purrs.")
		_, m = w.press(bea, m, "‹ Results")
		wantText(t, m, "1. Cat")

		w.tell(w.ann, "/subscribe")
		w.press(w.ann, w.tell(w.ann, "/sections"), "✅ News")
		_, m = w.press(w.ann, w.tell(w.ann, "/search cat"), "1")
		section = w.one(w.ann.Chat(), func() {
			w.ann.PressData(m, hitData(t, m, "📑 The whole section"))
			w.press(w.ann, m, "📑 The whole section")
		})
		wantText(t, section, "News", "Purrs.")
	})
}

// Everything that is found can be opened, whatever it is made of, and has the way back.
func TestEveryHitOpens(t *testing.T) {
	inWorld(t, func(w *world) {
		text := func(s string) []digest.Block {
			return []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: s}}}}
		}
		w.save(&digest.Issue{Key: "a", Date: time.Date(2021, 11, 19, 0, 0, 0, 0, time.UTC), Sections: []digest.Section{
			{Key: "empty", Name: "Empty"},
			{Intro: text("intro x"), Items: []digest.Item{
				{Lead: text("lead x"), Title: []digest.Span{{Text: "title x"}}},
				{},
				{Title: []digest.Span{{Text: "run in x"}}, RunIn: true, Body: text(": " + strings.Repeat("long ", 200))},
			}},
			{Key: "b", Name: "B", Outro: text("outro x")},
		}})
		var opened []string
		for _, n := range []string{"1", "2", "3", "4", "5"} {
			m := w.tell(w.ann, "/search x")
			_, m = w.press(w.ann, m, n)
			opened = append(opened, strings.TrimSpace(m.Text[strings.LastIndex(m.Text, "2021")+4:]))
			if section := w.one(w.ann.Chat(), func() { w.press(w.ann, m, "📑 The whole section") }); !strings.Contains(section.Text, " x") {
				t.Errorf("the section of %q is %q", m.Text, section.Text)
			}
			w.pass(5 * time.Second)
		}
		slices.Sort(opened)
		want := []string{"intro x", "lead x", "outro x", "run in x: " + strings.TrimSpace(strings.Repeat("long ", 200)), "title x"}
		if !slices.Equal(opened, want) {
			t.Errorf("opened are %q, want %q", opened, want)
		}
	})
}
