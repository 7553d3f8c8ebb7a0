package document

import (
	"fmt"
	"strings"

	"digestbot/digest"
)

// warn adds the warnings for the editor that need no messages: each says what is
// wrong, and what to do. What may well be meant is no warning, because nobody reads
// warnings that come each week.
func (d *draft) warn(issue *digest.Issue) {
	say := func(format string, args ...any) {
		issue.Warnings = append(issue.Warnings, fmt.Sprintf(format, args...))
	}
	if len(issue.Sections) == 0 {
		say("no sections: readers get the cover only")
	}
	if issue.Title == "" {
		say("no title: readers see the name of the bot and the number or date instead")
	}
	for i := range issue.Sections {
		s := &issue.Sections[i]
		switch links := linksOfOneItem(s); {
		case s.IsEmpty():
			say("section %q is empty: it is not sent", s.Name)
		case links >= manyLinks:
			say("%s is one item although it has %d links: if these are several, begin each with a heading, bold words or a list mark", nameOf(s), links)
		}
		if n := countSilent(s); n > 0 {
			say("%s has items without a word (%d): neither headlines nor search can show them; describe their pictures", nameOf(s), n)
		}
	}
	if d.notes != nil {
		for _, f := range d.notes.Flaws {
			say("%s", f)
		}
	}
}

// nameOf names a section in a warning or a note.
func nameOf(s *digest.Section) string {
	if s.Name == "" {
		return "the text"
	}
	return fmt.Sprintf("section %q", s.Name)
}

// manyLinks is how many places a single item may lead to. One that leads to more is
// most likely a list that was not recognized.
const manyLinks = 15

// linksOfOneItem returns how many links there are in a section of one item; 0 for a
// section of several.
func linksOfOneItem(s *digest.Section) int {
	if len(s.Items) != 1 {
		return 0
	}
	return len(s.Items[0].Links())
}

func saysSomething(blocks []digest.Block) bool {
	for span := range digest.AllSpans(blocks) {
		if strings.TrimSpace(span.Text) != "" {
			return true
		}
	}
	return false
}

// countSilent returns how many items have no text at all: pictures without a
// description. It is 0 if the section has no other items.
func countSilent(s *digest.Section) int {
	silent := 0
	for i := range s.Items {
		if it := &s.Items[i]; len(it.Title) == 0 && !saysSomething(it.Body) {
			silent++
		}
	}
	if silent == len(s.Items) {
		return 0
	}
	return silent
}
