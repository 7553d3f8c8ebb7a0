// Package digesttest makes issues for tests, and checks the messages of issues.
package digesttest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"digestbot/digest"

	"github.com/google/go-cmp/cmp"
)

// unitsOf counts UTF-16 code units, independently of how the package does it.
func unitsOf(text string) int { return len(utf16.Encode([]rune(text))) }

// isEmpty reports whether a section has nothing in it, and so no messages.
func isEmpty(s *digest.Section) bool { return len(s.Intro)+len(s.Items)+len(s.Outro) == 0 }

// shownSections returns the sections that have messages.
func shownSections(issue *digest.Issue) []digest.Section {
	return slices.DeleteFunc(slices.Clone(issue.Sections), func(s digest.Section) bool { return isEmpty(&s) })
}

// words returns of a text what must not get lost, letters and numbers, without
// white space and punctuation.
func words(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.L, unicode.N) {
			return r
		}
		return -1
	}, text)
}

// firstDifference shows where two long texts begin to differ.
func firstDifference(got, want string) string {
	at := 0
	for at < len(got) && at < len(want) && got[at] == want[at] {
		at++
	}
	from := max(at-40, 0)
	return fmt.Sprintf(" at byte %d: got %.80q, want %.80q", at, got[from:], want[from:])
}

// isSubsequence reports whether whole has the runes of part in the same order.
func isSubsequence(part, whole string) bool {
	rest := []rune(part)
	for _, r := range whole {
		if len(rest) > 0 && rest[0] == r {
			rest = rest[1:]
		}
	}
	return len(rest) == 0
}

// CheckIssue asserts what holds for every issue: messages are valid and within
// the limits, nothing is lost, links keep their order, and the copy of the issue
// in the archive gives the same messages.
func CheckIssue(t *testing.T, issue *digest.Issue) {
	t.Helper()
	messages := issue.Messages()
	known := links{}
	for i, m := range messages {
		checkMessage(t, i, m)
	}
	checkNothingLost(t, issue, messages, known)
	checkCompact(t, issue, messages, known)
	checkMonth(t, messages)
	checkRich(t, issue, messages, known)
	checkShared(t, issue, messages)
	checkItems(t, issue)
	checkCoverList(t, issue, messages)
	checkTitled(t, messages)
	checkTailored(t, issue, messages, known)

	stored, err := json.Marshal(issue)
	if err != nil {
		t.Fatalf("encode issue: %v", err)
	}
	var again digest.Issue
	if err := json.Unmarshal(stored, &again); err != nil {
		t.Fatalf("decode issue: %v", err)
	}
	if diff := cmp.Diff(messages, again.Messages()); diff != "" {
		t.Errorf("messages of the stored issue differ (-want +got):\n%s", diff)
	}
}

func checkMessage(t *testing.T, i int, m digest.Message) {
	t.Helper()
	got, err := parseTelegram(m.HTML)
	if err != nil {
		t.Fatalf("message %d is not valid: %v\n%s", i, err, m.HTML)
	}
	checkLimits(t, fmt.Sprintf("message %d", i), got, m.HTML, m.Plain)
	if units := unitsOf(got.text); units != m.Length {
		t.Errorf("message %d has %d units, Length = %d", i, units, m.Length)
	}
	if got.text != strings.TrimSpace(got.text) {
		t.Errorf("message %d begins or ends with white space: %q", i, got.text)
	}
	if m.Part < 1 || m.Part > m.Parts || m.Cover && m.Section != "" {
		t.Errorf("message %d is part %d of %d, cover %v, section %q", i, m.Part, m.Parts, m.Cover, m.Section)
	}
}

// checkLimits asserts that a message is within Telegram's limits, and that its plain form
// is and has all of its text.
func checkLimits(t *testing.T, name string, got parsed, markup, plain string) {
	t.Helper()
	if units := unitsOf(got.text); units < 1 || units > 4096 {
		t.Errorf("%s has %d units, limits 1 and 4096", name, units)
	}
	if got.entities > 100 || got.wire > 9500 || len(markup) > 32768 {
		t.Errorf("%s has %d entities of %d bytes in %d bytes of markup", name, got.entities, got.wire, len(markup))
	}
	if units := unitsOf(plain); units > 4096 || !isSubsequence(words(got.text), words(plain)) {
		t.Errorf("%s has %d units of plain text, or lost some: %q", name, units, plain)
	}
}

// checkNothingLost compares the text and the links of each section with those
// of its parts, without their headings.
func checkNothingLost(t *testing.T, issue *digest.Issue, messages []digest.Message, known links) {
	t.Helper()
	for len(messages) > 0 && messages[0].Cover {
		messages = messages[1:]
	}
	for i := range issue.Sections {
		s := &issue.Sections[i]
		if isEmpty(s) {
			continue
		}
		if len(messages) == 0 || messages[0].Parts > len(messages) {
			t.Fatalf("section %d has no messages or too few", i)
		}
		parts := messages[0].Parts
		checkSection(t, s, messages[:parts], known)
		messages = messages[parts:]
	}
	if len(messages) > 0 {
		t.Errorf("%d messages belong to no section", len(messages))
	}
}

// checkSection compares the text and the links of a section with those of its messages.
func checkSection(t *testing.T, s *digest.Section, messages []digest.Message, known links) {
	t.Helper()
	want := sectionContent(s, known)
	var text strings.Builder
	var links []string
	for n, m := range messages {
		if m.Part != n+1 || m.Parts != len(messages) || m.Section != s.Key {
			t.Errorf("part %d of section %q is labelled %d/%d of %q", n+1, s.Key, m.Part, m.Parts, m.Section)
		}
		heading, body, _ := strings.Cut(m.HTML, "\n\n")
		if said, err := parseTelegram(heading); n == 0 && err == nil && !strings.Contains(words(said.text), headingWords(s, known)) {
			want = withHeading(s, want)
		}
		got, err := parseTelegram(body)
		if err != nil {
			t.Fatalf("part %d of section %q without heading: %v", n+1, s.Key, err)
		}
		text.WriteString(got.text)
		links = append(links, got.links...)
	}
	if got, want := words(text.String()), words(want.text.String()); got != want {
		t.Errorf("section %.40q lost text%s", s.Key, firstDifference(got, want))
	}
	if got := slices.Compact(links); !slices.Equal(got, want.links) {
		t.Errorf("section %q has links\n got %q\nwant %q", s.Key, got, want.links)
	}
}
