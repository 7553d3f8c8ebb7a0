package digesttest

import (
	"regexp"
	"strings"
	"testing"

	"digestbot/digest"
)

var moreItems = regexp.MustCompile(`\n… \+\d+$`)

// checkCompact asserts that the headlines of an issue make one valid message
// within the limits, that each section has its share, and that they say what
// the issue says, in order, and nothing else.
func checkCompact(t *testing.T, issue *digest.Issue, messages []digest.Message, known links) {
	t.Helper()
	var all, some []string
	for i, m := range messages {
		if m.Part > 1 && m.Headlines != "" {
			t.Errorf("part %d of %q has headlines", m.Part, m.Section)
		}
		all = append(all, m.Headlines)
		if i%2 == 0 {
			some = append(some, m.Headlines)
		}
	}
	for _, headlines := range [][]string{all, some} {
		got, err := parseTelegram(digest.Compact(headlines))
		if err != nil {
			t.Fatalf("compact message is not valid: %v\n%s", err, digest.Compact(headlines))
		}
		if units := unitsOf(got.text); units < 1 || units > 4096 || got.entities > 100 || got.wire > 9500 || len(digest.Compact(headlines)) > 32768 {
			t.Errorf("compact message has %d units, %d entities of %d bytes in %d bytes", units, got.entities, got.wire, len(digest.Compact(headlines)))
		}
		plain := digest.PlainOf(digest.Compact(headlines))
		if unitsOf(plain) > 4096 || !isSubsequence(words(got.text), words(plain)) {
			t.Errorf("plain form of the compact message lost something: %q", plain)
		}
	}
	sections := 0
	for i := range issue.Sections {
		s := &issue.Sections[i]
		if isEmpty(s) {
			continue
		}
		for messages[0].Cover || messages[0].Part > 1 {
			messages = messages[1:]
		}
		if sections++; sections <= 400 {
			checkHeadlines(t, s, messages[0].Headlines, known)
		}
		messages = messages[1:]
	}
}

func checkHeadlines(t *testing.T, s *digest.Section, headlines string, known links) {
	t.Helper()
	got, err := parseTelegram(headlines)
	if err != nil {
		t.Fatalf("headlines of section %.40q are not valid: %v", s.Key, err)
	}
	if got.text == "" && s.Name != "" {
		t.Errorf("section %.40q has no headlines", s.Key)
	}
	if got.text != strings.TrimSpace(got.text) {
		t.Errorf("headlines begin or end with white space: %q", got.text)
	}
	said := words(moreItems.ReplaceAllString(got.text, ""))
	if all := withHeading(s, sectionContent(s, known)); !isSubsequence(said, words(s.Name+all.text.String())) {
		t.Errorf("headlines %.200q say what section %.40q does not", got.text, s.Key)
	}
}
