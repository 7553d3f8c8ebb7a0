package digesttest

import (
	"strings"
	"testing"

	"digestbot/digest"
)

// checkMonth asserts that the headlines of an issue, alone and among others, are a valid
// message within Telegram's limits, which names each issue.
func checkMonth(t *testing.T, messages []digest.Message) {
	t.Helper()
	issue := digest.MonthIssue{Name: "One issue"}
	for _, m := range messages {
		if !m.Cover && m.Headlines != "" {
			issue.Sections = append(issue.Sections, digest.MonthSection{Headlines: m.Headlines, Named: true})
		}
	}
	for _, n := range []int{1, 5} {
		issues := make([]digest.MonthIssue, n)
		for k := range issues {
			issues[k] = issue
		}
		CheckMonth(t, digest.Month("Headlines", issues), n)
	}
}

// CheckMonth asserts that the headlines of several issues, each called "… issue", are such
// a message.
func CheckMonth(t *testing.T, text string, issues int) {
	t.Helper()
	got, err := parseTelegram(text)
	if err != nil {
		t.Fatalf("the headlines of %d issues are not valid: %v\n%s", issues, err, text)
	}
	checkLimits(t, "a month", got, text, digest.PlainOf(text))
	if named := strings.Count(got.text+"\n", " issue\n"); named < issues {
		t.Errorf("%d of %d issues are named:\n%s", named, issues, got.text)
	}
}
