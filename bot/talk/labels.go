package talk

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"digestbot/digest"
	"digestbot/digest/dates"
	"digestbot/subscribers/archive"
)

// Lengths in UTF-16 code units, so that texts from documents and people never make a
// message too long.
const (
	TitleUnits  = 120
	ButtonUnits = 40
	echoUnits   = 60 // of a person's words, repeated in an answer
)

// maxName is how many characters of a name buttons and texts show: a heading may be as
// long as its author likes.
const maxName = 60

// ArchiveLine names an issue, by its number as well if its title does not.
func ArchiveLine(s Speaker, issue archive.Issue) string { return LinkedLine(s, issue, "") }

// LinkedLine is ArchiveLine with a title that leads to a link; empty: nowhere.
func LinkedLine(s Speaker, issue archive.Issue, link string) string {
	name := issueName(s, issue, link)
	if issue.Number == 0 || issue.Title == "" || strings.Contains(issue.Title, strconv.Itoa(issue.Number)) {
		return name
	}
	return fmt.Sprintf("%d · %s", issue.Number, name)
}

// IssueLabel is what a button calls an issue.
func IssueLabel(issue archive.Issue) string {
	switch {
	case issue.Number != 0:
		return strconv.Itoa(issue.Number)
	case issue.Title != "":
		return Label(issue.Title, ButtonUnits)
	}
	return Label(issue.Key, ButtonUnits)
}

// Label shortens a text for a button. Telegram insists on something visible there.
func Label(text string, units int) string {
	text = digest.ShortenUnits(text, units)
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.Is(unicode.M, r) && !unicode.IsSpace(r) }) {
		return "…"
	}
	return text
}

// LabelOfEnd is Label for an address or folder, which is shortened at its beginning: there it
// is like its neighbours.
func LabelOfEnd(text string, units int) string {
	_, address, isAddress := strings.Cut(text, "://")
	if isAddress {
		text = address
	}
	cut := ""
	for digest.Units(cut+text) > units {
		_, size := utf8.DecodeRuneInString(text)
		cut, text = "…", text[size:]
	}
	return Label(cut+text, units)
}

// Echo shortens a person's words that are repeated in an answer.
func Echo(words string) string { return digest.ShortenUnits(words, echoUnits) }

// IssueTitle is the title of an issue, or what stands for it, in one line.
func IssueTitle(s Speaker, issue archive.Issue) string {
	return digest.ShortenUnits(cmp.Or(issue.Title, s.untitled(issue)), TitleUnits)
}

// IssueName names an issue in one line, for HTML: by its title, and its date if the title
// does not say that. A title may be as long as its author likes, and a message may not.
func IssueName(s Speaker, issue archive.Issue) SafeHTML { return SafeHTML(issueName(s, issue, "")) }

// issueName is IssueName with a title that leads to a link; empty: nowhere.
func issueName(s Speaker, issue archive.Issue, link string) string {
	name := digest.HTML(digest.Span{Text: IssueTitle(s, issue), Style: digest.Bold, Link: link})
	if dates.Says(issue.Title, issue.Date) {
		return name
	}
	return name + " · " + Escape(s.Date(issue.Date))
}

// untitled names an issue without a title: by the name of the bot and the number. One
// without a number has its date behind that, see IssueName.
func (s Speaker) untitled(issue archive.Issue) string {
	switch {
	case issue.Number != 0 && s.bot != "":
		return s.Plain("issue.untitled", Values{"Bot": s.bot, "Number": strconv.Itoa(issue.Number)})
	case issue.Number != 0:
		return s.Plain("issue.number", Values{"Number": strconv.Itoa(issue.Number)})
	}
	return cmp.Or(s.bot, issue.Key)
}

// IssueShort names an issue in a few words.
func IssueShort(s Speaker, issue archive.Issue) string {
	switch {
	case issue.Title == "":
		return Label(s.untitled(issue), ButtonUnits)
	case issue.Number != 0:
		return s.Plain("issue.number", Values{"Number": strconv.Itoa(issue.Number)})
	}
	return IssueLabel(issue)
}

// SectionName names a section; a document without headings has one without a
// name.
func SectionName(s Speaker, section archive.Section) string {
	if section.Name == "" {
		return s.Plain("sections.unnamed")
	}
	return digest.ShortenCharacters(section.Name, maxName)
}

// SectionLabel is what a button calls a section.
func SectionLabel(s Speaker, section archive.Section) string {
	name := SectionName(s, section)
	if section.Emoji != "" {
		name = section.Emoji + " " + name
	}
	return Label(name, ButtonUnits)
}

// MessageName names the section of a message.
func MessageName(s Speaker, m archive.Message) string {
	return SectionLabel(s, archive.Section{Name: m.Section, Emoji: m.Emoji})
}

// maxWarnings is how many warnings about an issue are shown; digestbot preview shows all.
const maxWarnings = 6

// WarningLines are what an editor should look at in an issue, which is in English; empty:
// nothing.
func WarningLines(s Speaker, warnings []string) string {
	if len(warnings) == 0 {
		return ""
	}
	lines := []string{s.HTML("draft.warnings")}
	for _, warning := range warnings[:min(len(warnings), maxWarnings)] {
		lines = append(lines, "• "+Escape(digest.ShortenUnits(warning, ErrorUnits)))
	}
	if more := len(warnings) - maxWarnings; more > 0 {
		lines = append(lines, s.HTML("draft.more_warnings", Values{"Count": more}))
	}
	return Lines(lines...)
}
