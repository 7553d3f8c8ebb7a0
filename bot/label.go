package bot

import (
	"cmp"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/search"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// Lengths in UTF-16 code units, so that texts from documents and people never make a
// message too long.
const (
	titleUnits  = 120
	buttonUnits = 40
	echoUnits   = 60 // of what somebody wrote, said back
)

// archiveLine names an issue, by its number as well if its title does not.
func (b *Talker) archiveLine(s speaker, issue subscribers.Issue) string {
	name := b.issueName(s, issue)
	if issue.Number == 0 || strings.Contains(issue.Title, strconv.Itoa(issue.Number)) || issue.Title == "" && issue.Key == strconv.Itoa(issue.Number) {
		return name
	}
	return fmt.Sprintf("%d · %s", issue.Number, name)
}

// issueLabel is what a button calls an issue.
func issueLabel(issue subscribers.Issue) string {
	switch {
	case issue.Number != 0:
		return strconv.Itoa(issue.Number)
	case issue.Title != "":
		return label(issue.Title, buttonUnits)
	}
	return label(issue.Key, buttonUnits)
}

// label shortens a text to where Telegram insists on something to see.
func label(text string, units int) string {
	text = search.Cut(text, units)
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.Is(unicode.M, r) && !unicode.IsSpace(r) }) {
		return "…"
	}
	return text
}

// issueName names an issue in one line, for HTML. A title may be as long as its
// author likes, and a message may not.
func (b *Talker) issueName(s speaker, issue subscribers.Issue) string {
	title := search.Cut(cmp.Or(issue.Title, issue.Key), titleUnits)
	return digest.HTML(digest.Span{Text: title, Style: digest.Bold}) + " · " + escape(s.date(issue.Date))
}

// messageName names the section of a message.
func messageName(s speaker, m subscribers.Message) string {
	name := sectionName(s, subscribers.Section{Name: m.Section})
	if m.Emoji != "" {
		name = m.Emoji + " " + name
	}
	return label(name, buttonUnits)
}
