package bot_test

import (
	"fmt"
	"strings"
	"testing"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
)

// wordsIssue has a cover and sections of items with the titles given, a section a line.
func wordsIssue(number int, sections ...string) *digest.Issue {
	issue := &digest.Issue{Key: fmt.Sprint(number), Number: number, Title: fmt.Sprintf("Weekly %d", number)}
	for _, line := range sections {
		name, titles, _ := strings.Cut(line, ": ")
		s := digest.Section{Key: digest.SectionKey(name), Name: name}
		for title := range strings.SplitSeq(titles, ", ") {
			s.Items = append(s.Items, digest.Item{
				Title: []digest.Span{{Text: title}},
				Body:  []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: strings.Repeat("All about it. ", 30)}}}},
			})
		}
		issue.Sections = append(issue.Sections, s)
	}
	return issue
}

func TestWordsAreListedAndRemoved(t *testing.T) {
	inWorld(t, func(w *world) {
		m := w.tell(w.ann, "/mute")
		wantText(t, m, "Words", "There are none yet", "/highlight rust")
		wantLabels(t, m, "‹ Back")

		m = w.tell(w.ann, `/mute Crypto, “price  talk” 区块链`)
		wantText(t, m, "Muted: Crypto · price talk · 区块链")
		wantLabels(t, m, "✖️ 🔇 Crypto | ✖️ 🔇 price talk", "✖️ 🔇 区块链", "‹ Back")
		m = w.tell(w.ann, "/highlight ＣＲＹＰＴＯ rust") // the first changes sides
		wantText(t, m, "Muted: price talk · 区块链", "Highlighted: Crypto · rust")

		_, shown := w.press(w.ann, m, "✖️ ⭐ Crypto")
		wantText(t, shown, "Highlighted: rust")
		wantLabels(t, shown, "✖️ 🔇 price talk | ✖️ 🔇 区块链", "✖️ ⭐ rust", "‹ Back")
		_, shown = w.press(w.ann, m, "✖️ ⭐ Crypto") // an app that lags
		wantText(t, shown, "Highlighted: rust")
		_, settings := w.press(w.ann, shown, "‹ Back")
		wantText(t, settings, "Words: 2 muted, 1 highlighted")
		_, shown = w.press(w.ann, settings, "🔤 Words")
		wantText(t, shown, "Highlighted: rust")

		// Words are the chat's own: nobody removes those of others.
		other := w.tell(w.li, "/mute 降价")
		wantText(t, other, "不看：降价")
		w.afterwards(w.li.PressData(other, data(t, shown, "✖️ ⭐ rust")), other)
		wantText(t, w.tell(w.ann, "/highlight"), "Highlighted: rust")
	})
}

// data returns the callback data of a button.
func data(t *testing.T, m telegramsim.Message, label string) string {
	t.Helper()
	for _, row := range m.Keyboard {
		for _, b := range row {
			if b.Text == label {
				return b.CallbackData
			}
		}
	}
	t.Fatalf("message %q has no button %q", m.Text, label)
	return ""
}

func TestWordsHaveBounds(t *testing.T) {
	inWorld(t, func(w *world) {
		for args, want := range map[string]string{
			"!!! ok":                        "nothing to look for in !!!",
			"ok " + strings.Repeat("长", 51): "too long: at most 50 characters",
			"\"\" , ":                       "There are none yet",
		} {
			wantText(t, w.tell(w.ann, "/mute "+args), want)
		}
		wantText(t, w.tell(w.ann, "/mute"), "There are none yet") // all of them or none
		var many []string
		for i := range subscribers.MaxWords {
			many = append(many, fmt.Sprintf("word%d", i))
		}
		m := w.tell(w.ann, "/mute "+strings.Join(many, " "))
		wantText(t, m, "word0 · word1 ·", "word49")
		wantRow(t, m, "◀️ | 1/3 | ▶️")
		m = w.tell(w.ann, "/highlight one more")
		wantText(t, m, "Nothing was saved: I keep at most 50 words", "word0 · word1")
		_, m = w.press(w.ann, m, "▶️")
		wantRow(t, m, "✖️ 🔇 word20 | ✖️ 🔇 word21")
		_, m = w.press(w.ann, m, "✖️ 🔇 word21")
		wantRow(t, m, "✖️ 🔇 word20 | ✖️ 🔇 word22")
		wantText(t, w.tell(w.ann, "/highlight WORD3"), "Highlighted: word3")
		wantText(t, w.tell(w.ann, "/highlight another"), "Highlighted: word3 · another")
	})
}

// In a group, words are for those who may change what it has chosen.
func TestWordsOfGroups(t *testing.T) {
	inWorld(t, func(w *world) {
		w.save(wordsIssue(1, "News: Rust release, Crypto crash"))
		group := w.groupOfAnn()
		group.Join(w.li)
		w.said(group, func() { w.ann.WriteIn(group, "/subscribe") })
		wantText(t, w.one(group, func() { w.li.WriteIn(group, "/mute rust") }), "只有这里的管理员才能修改")
		m := w.one(group, func() { w.ann.WriteIn(group, "/mute crypto") })
		wantText(t, m, "Muted: crypto")
		answer, _ := w.afterwards(w.li.PressData(m, data(t, m, "✖️ 🔇 crypto")), m)
		wantPopup(t, answer, "只有这里的管理员才能修改")
		got := w.said(group, func() { w.ann.WriteIn(group, "/latest") })
		wantText(t, got[1], "Rust release", "1 item hidden by your words")
		if strings.Contains(got[1].Text, "Crypto") {
			t.Errorf("the group got %q", got[1].Text)
		}
	})
}

// What a section says for itself, by a command, a button or unfolded, knows the words too.
func TestWordsInSectionsAskedFor(t *testing.T) {
	inWorld(t, func(w *world) {
		w.save(wordsIssue(1, "News: Rust release, Crypto crash, Weather", "Coins: Crypto again, crypto to stay"))
		w.tell(w.ann, "/subscribe")
		w.tell(w.ann, "/mute crypto")
		w.tell(w.ann, "/highlight rust")
		wantText(t, w.tell(w.ann, "/latest news"), "⭐ Rust release", "Weather", "1 item hidden by your words")
		// Who asks for a section gets it, even if nothing would be left.
		wantText(t, w.tell(w.ann, "/latest coins"), "Crypto again", "crypto to stay")

		compact := w.compactIn(w.ann.Chat(), w.ann)
		wantText(t, compact, "⭐ Rust release", "• Weather", "3 items hidden by your words")
		for _, gone := range []string{"Crypto", "Coins"} {
			if strings.Contains(compact.Text, gone) {
				t.Errorf("the compact message is %q, want no %s", compact.Text, gone)
			}
		}
		wantRow(t, compact, "▾ News")
		_, page := w.press(w.ann, compact, "▾ News")
		wantText(t, page, "⭐ Rust release", "1 item hidden by your words")
		_, folded := w.press(w.ann, page, "‹ Headlines")
		wantSame(t, folded, compact)
	})
}
