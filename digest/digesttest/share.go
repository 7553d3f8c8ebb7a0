package digesttest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"digestbot/digest"
)

// checkShared asserts that only short sections of large issues share messages, that what
// they share is valid and within the limits, whichever of them a reader has switched off,
// and that it says of each section what its own message says.
func checkShared(t *testing.T, issue *digest.Issue, messages []digest.Message) {
	t.Helper()
	sections := shownSections(issue)
	var group []digest.Message // that share a message
	at := -1                   // in sections
	for i, m := range messages {
		if m.Part == 1 && !m.Cover {
			at++
		}
		if m.Share == "" {
			checkGroup(t, group)
			group = []digest.Message{m}
			continue
		}
		before := messages[i-1]
		if len(sections) < 6 || m.Parts > 1 || m.Image != "" || before.Cover || before.Parts > 1 || len(sections[at].Items) > 1 || len(sections[at-1].Items) > 1 {
			t.Errorf("message %d of %d sections shares one with message %d: %+v, %+v", i, len(sections), i-1, m, before)
		}
		group = append(group, m)
		checkShare(t, fmt.Sprintf("message %d", i), m)
	}
	checkGroup(t, group)
}

// checkShare asserts that a section says the same below another one as alone, except for
// the number of the issue.
func checkShare(t *testing.T, name string, m digest.Message) {
	t.Helper()
	alone, text, _ := strings.Cut(m.HTML, "\n\n")
	heading, shared, _ := strings.Cut(m.Share, "\n\n")
	if text != shared || !strings.HasPrefix(alone, heading) || heading == "" {
		t.Errorf("%s is %.200q, and below another one %.200q", name, m.HTML, m.Share)
	}
}

// checkGroup asserts that messages that share one make a valid one, without any of them.
func checkGroup(t *testing.T, group []digest.Message) {
	t.Helper()
	if len(group) < 2 {
		return
	}
	for without := range len(group) + 1 { // the last: all of them
		rest := slices.Clone(group)
		if without < len(group) {
			rest = slices.Delete(rest, without, without+1)
		}
		texts := []string{rest[0].HTML}
		for _, m := range rest[1:] {
			texts = append(texts, m.Share)
		}
		shared := digest.Shared(texts)
		got, err := parseTelegram(shared)
		if err != nil {
			t.Fatalf("a shared message is not valid: %v\n%s", err, shared)
		}
		checkLimits(t, "a shared message", got, shared, digest.PlainOf(shared))
		if units := unitsOf(got.text); units > 2100 {
			t.Errorf("a shared message has %d units", units)
		}
	}
}
