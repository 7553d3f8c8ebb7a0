package digesttest

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"digestbot/digest"
)

// blankLine takes out blank lines. A quotation stands nearer to a list than to a title,
// and it stays there when all names of the list go.
var blankLine = strings.NewReplacer("\n\n", "\n")

// checkCoverList asserts that a cover without the names of some sections is the cover of
// an issue without those sections, and is a valid message however many parts it has.
func checkCoverList(t *testing.T, issue *digest.Issue, messages []digest.Message) {
	t.Helper()
	cover := messages[0]
	sections := shownSections(issue)
	var opening []int // the first messages of sections
	for i, m := range messages {
		if !m.Cover && m.Part == 1 {
			opening = append(opening, i)
		}
	}
	anyLanguage := withoutLanguage(issue)
	for _, keepEvery := range []int{2, len(sections) + 1} {
		fewer := *issue
		fewer.Sections = nil
		for n := keepEvery - 1; n < len(sections); n += keepEvery {
			fewer.Sections = append(fewer.Sections, sections[n])
		}
		isLeft := func(message int) bool { return slices.Index(opening, message)%keepEvery != keepEvery-1 }
		for _, m := range messages[:cover.Parts] {
			checkWithout(t, m, isLeft)
		}
		want := fewer.Messages()[0]
		if got := withoutNames(cover.List.HTML, cover.HTML, isLeft); cover.Parts == 1 && anyLanguage.Replace(blankLine.Replace(got)) != anyLanguage.Replace(blankLine.Replace(want.HTML)) {
			t.Errorf("the cover without some sections is\n%s\nwant\n%s", got, want.HTML)
		}
		if got := withoutNames(cover.List.Rich, cover.Rich, isLeft); cover.Rich != "" && anyLanguage.Replace(got) != anyLanguage.Replace(want.Rich) {
			t.Errorf("the rich cover without some sections is\n%s\nwant\n%s", got, want.Rich)
		}
	}
}

// withoutLanguage replaces number and date of an issue in the forms of any language: an issue
// with fewer sections may seem to be in another one.
func withoutLanguage(issue *digest.Issue) *strings.Replacer {
	n := strconv.Itoa(issue.Number)
	pairs := []string{"第 " + n + " 期", "№", "第" + n + "号", "№", "제" + n + "호", "№", "№ " + n, "№"}
	for _, form := range []string{"2006年1月2日", "2006년 1월 2일", "2 January 2006", time.DateOnly} {
		pairs = append(pairs, issue.Date.Format(form), "date")
	}
	return strings.NewReplacer(pairs...)
}

// withoutNames returns a text without the names of the sections that left is true for, given
// their first messages.
func withoutNames(list digest.NameList, text string, left func(message int) bool) string {
	return list.Renamed(text, func(message int, name string) string {
		if left(message) {
			return ""
		}
		return name
	})
}

// checkWithout asserts that a message of a cover is valid without some names, and that
// its plain form has its words.
func checkWithout(t *testing.T, m digest.Message, left func(int) bool) {
	t.Helper()
	markup := withoutNames(m.List.HTML, m.HTML, left)
	got, err := parseTelegram(markup)
	if err != nil {
		t.Fatalf("a cover without some sections is not valid: %v\n%s", err, markup)
	}
	checkLimits(t, "a cover without some sections", got, markup, withoutNames(m.List.Plain, m.Plain, left))
	if got.text != strings.TrimSpace(got.text) {
		t.Errorf("a cover without some sections begins or ends with white space: %q", got.text)
	}
	if html, plain := messagesOf(m.List.HTML), messagesOf(m.List.Plain); !slices.Equal(html, plain) {
		t.Errorf("the cover names %v, and its plain form %v", html, plain)
	}
}

// messagesOf returns which messages a list names.
func messagesOf(l digest.NameList) (messages []int) {
	for _, name := range l.Names {
		messages = append(messages, name.Message)
	}
	return messages
}
