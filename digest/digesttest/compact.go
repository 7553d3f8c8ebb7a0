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
		compact := digest.Compact(headlines)
		got, err := parseTelegram(compact)
		if err != nil {
			t.Fatalf("compact message is not valid: %v\n%s", err, compact)
		}
		checkLimits(t, "compact message", got, compact, digest.PlainOf(compact))
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
