package digesttest

import (
	"strings"
	"testing"

	"digestbot/digest"
)

// checkTitled asserts that messages of an issue without a title are valid and within the
// limits with the name of the publication, however long that is, and have it in all forms.
func checkTitled(t *testing.T, messages []digest.Message) {
	t.Helper()
	publication := strings.Repeat("📰<&", 32) // as long as Telegram allows, or longer
	var headlines []string
	for _, m := range messages {
		titled := m.Titled(publication)
		headlines = append(headlines, titled.Headlines)
		if !m.Untitled {
			if titled.HTML != m.HTML {
				t.Errorf("a message with a title became %q", titled.HTML)
			}
			continue
		}
		got, err := parseTelegram(titled.HTML)
		if err != nil {
			t.Fatalf("a message with the name of the publication is not valid: %v\n%s", err, titled.HTML)
		}
		checkLimits(t, "a message with the name of the publication", got, titled.HTML, titled.Plain)
		if !strings.Contains(got.text, "📰<&📰") || !strings.HasPrefix(strings.TrimPrefix(titled.Plain, "🆕 "), "📰<&📰") {
			t.Errorf("the name of the publication is missing from %.200q or %.200q", got.text, titled.Plain)
		}
		if titled.Rich == "" {
			continue
		}
		if rich, err := parseRich(titled.Rich); err != nil || !strings.Contains(titled.Rich, "📰&lt;&amp;📰") {
			t.Errorf("the rich message with the name of the publication is not valid: %v: %.200q", err, rich.text)
		}
		left := func(int) bool { return true }
		if list := withoutNames(titled.List.Rich, titled.Rich, left); len(list) != len(withoutNames(m.List.Rich, m.Rich, left))+len(titled.Rich)-len(m.Rich) {
			t.Errorf("the rich cover without sections is %.200q", list)
		}
		if list := withoutNames(titled.List.HTML, titled.HTML, left); len(list) != len(withoutNames(m.List.HTML, m.HTML, left))+len(titled.HTML)-len(m.HTML) {
			t.Errorf("the cover without sections is %.200q", list)
		}
	}
	compact := digest.Compact(headlines)
	got, err := parseTelegram(compact)
	if err != nil {
		t.Fatalf("the compact message with the name of the publication is not valid: %v\n%s", err, compact)
	}
	checkLimits(t, "the compact message with the name of the publication", got, compact, digest.PlainOf(compact))
}
