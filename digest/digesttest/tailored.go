package digesttest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"digestbot/digest"
)

// verdictPatterns are what readers may do with the items of a section, by their numbers.
var verdictPatterns = map[string][]digest.Verdict{
	"star all":           {digest.Star},
	"hide every other":   {digest.Hide, digest.Keep},
	"hide two of three":  {digest.Star, digest.Hide, digest.Hide},
	"hide the first two": {digest.Hide, digest.Hide, digest.Star, digest.Keep, digest.Keep},
}

// FormsOf returns the forms of messages of a section.
func FormsOf(messages []digest.Message) []digest.Forms {
	var forms []digest.Forms
	for _, m := range messages {
		forms = append(forms, digest.Forms{HTML: m.HTML, Plain: m.Plain, Share: m.Share, Rich: m.Rich, Headlines: m.Headlines, Marks: m.Items})
	}
	return forms
}

// checkTailored asserts that the messages of a reader without some items are valid and
// within the limits in all forms, and say what is left and nothing else.
func checkTailored(t *testing.T, issue *digest.Issue, messages []digest.Message, known links) {
	t.Helper()
	for name, pattern := range verdictPatterns {
		headlines := []string{messages[0].Headlines}
		rest := messages
		for _, s := range shownSections(issue) {
			for rest[0].Cover {
				rest = rest[1:]
			}
			parts := rest[:rest[0].Parts]
			rest = rest[len(parts):]
			verdicts := make([]digest.Verdict, max(len(s.Items), 1))
			for i := range verdicts {
				verdicts[i] = pattern[i%len(pattern)]
			}
			if !slices.ContainsFunc(verdicts, func(v digest.Verdict) bool { return v != digest.Hide }) {
				continue
			}
			headlines = append(headlines, checkTailoredSection(t, name, &s, parts, verdicts, known))
		}
		compact := digest.Extended(digest.Compact(headlines), hiddenLine(1), true)
		got, err := parseTelegram(compact)
		if err != nil {
			t.Fatalf("%s: the compact message is not valid: %v\n%s", name, err, compact)
		}
		checkLimits(t, name+": the compact message", got, compact, digest.PlainOf(compact))
		if !strings.Contains(got.text, "🔇") {
			t.Errorf("%s: the compact message does not say how many items are hidden", name)
		}
	}
}

// hiddenLine is as long as such a line may be, and has no words.
func hiddenLine(int) string { return strings.Repeat("🔇", digest.MaxHidden/2) }

// checkTailoredSection returns the headlines of the section.
func checkTailoredSection(t *testing.T, name string, s *digest.Section, parts []digest.Message, verdicts []digest.Verdict, known links) string {
	t.Helper()
	name = fmt.Sprintf("%s: section %.40q", name, s.Key)
	theirs, starred := digest.Tailor(FormsOf(parts), verdicts, hiddenLine)
	if slices.Contains(starred, true) != slices.Contains(verdicts, digest.Star) && len(digest.ItemTexts(FormsOf(parts))[0]) > 0 {
		t.Errorf("%s: messages are starred: %v", name, starred)
	}
	tailored := slices.Clone(parts)
	for i, f := range theirs {
		tailored[i].HTML, tailored[i].Plain = f.HTML, f.Plain
		got, err := parseTelegram(f.HTML)
		if err != nil {
			t.Fatalf("%s: message %d is not valid: %v\n%s", name, i, err, f.HTML)
		}
		checkLimits(t, name, got, f.HTML, f.Plain)
		if got.text != strings.TrimSpace(got.text) {
			t.Errorf("%s: message %d begins or ends with white space: %q", name, i, got.text)
		}
		if share, err := parseTelegram(f.Share); err != nil || f.Share != "" && share.text != strings.TrimSpace(share.text) {
			t.Errorf("%s: below another section it is %q: %v", name, f.Share, err)
		}
	}
	reduced := without(s, verdicts)
	checkSection(t, reduced, tailored, known)
	rich, err := parseRich(theirs[0].Rich)
	if err != nil {
		t.Fatalf("%s: the rich message is not valid: %v\n%s", name, err, theirs[0].Rich)
	}
	if want, err := parseRich((&digest.Issue{Key: "k", Sections: []digest.Section{*reduced}}).Messages()[1].Rich); err == nil && theirs[0].Rich != "" && want.text != "" && words(rich.text) != words(want.text) {
		t.Errorf("%s: the rich message says other things%s", name, firstDifference(words(rich.text), words(want.text)))
	}
	if parts[0].Headlines != "" {
		checkHeadlines(t, reduced, strings.TrimSuffix(theirs[0].Headlines, " ⭐"), known)
	}
	return theirs[0].Headlines
}

// without returns a section without the items that are hidden. What stands before the
// items of a group stands before the first that is left of it.
func without(s *digest.Section, verdicts []digest.Verdict) *digest.Section {
	reduced := *s
	reduced.Items = nil
	var lead []digest.Block
	for i, item := range s.Items {
		if len(item.Lead) > 0 {
			lead = item.Lead
		}
		if verdicts[i] == digest.Hide {
			continue
		}
		item.Lead, lead = lead, nil
		reduced.Items = append(reduced.Items, item)
	}
	return &reduced
}
