package document

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"digestbot/digest"
)

// nameSpaces puts spaces where a file name or a slug has none.
var nameSpaces = strings.NewReplacer("_", " ", "/", " ")

var digitRun = regexp.MustCompile(`[0-9]+`)

// nameNumber returns the number in a file name that has no other number and no
// date, or 0.
func nameNumber(name string) int {
	name = strings.ToUpper(plainNumbers(name)) // "may" is a month in capitals only
	runs := digitRun.FindAllString(name, -1)
	if len(runs) != 1 || len(runs[0]) > 4 || digest.CutDates(name) != name {
		return 0
	}
	if n := number(runs[0]); !isYear(n) {
		return n
	}
	return 0
}

// markedName returns the number in a file name or a slug that has a word or sign for
// it, or 0.
func markedName(name string) int {
	return firstForm(markedForms, nameSpaces.Replace(plainNumbers(name)))
}

// number finds the number of the issue: in the metadata, else in the title, in the
// title of the page, in the lines above everything, or in a file name that has a word
// or sign for it; if the document has no title, in any file name.
func (d *draft) number(title string, date time.Time) int {
	for _, key := range numberField.Keys {
		if n := metaNumber(d.meta[key]); n > 0 {
			d.noteNumber(n, d.field(key))
			return n
		}
	}
	names := []string{d.meta["slug"], d.meta["permalink"], d.meta["guid"], d.meta["link"], baseName(d.name)}
	if d.address != nil {
		names = append(names, d.address.Path)
	}
	hints := names
	if d.feed != "" && strings.HasPrefix(title, d.feed) {
		hints = append(slices.Clip(hints), title)
	}
	for _, text := range []string{title, d.page} {
		n, ofWeek := statedNumber(text, hints)
		if n > 0 && (!ofWeek || countsWeeks(n, date, append(slices.Clip(names), text)...)) {
			d.noteNumber(n, "the title")
			return n
		}
	}
	for _, line := range d.topLines(title) {
		if line.number > 0 {
			d.noteNumber(line.number, "a line above the text")
			return line.number
		}
	}
	for _, name := range []string{baseName(d.name), d.meta["slug"], d.meta["permalink"]} {
		if n := markedName(name); n > 0 {
			d.noteNumber(n, "the file name or slug")
			return n
		}
	}
	if title != "" {
		return 0
	}
	n := nameNumber(baseName(d.name))
	d.noteNumber(n, "the file name, as there is no title")
	return n
}

// metaNumber reads the value of a number field: "12", "#12", "Issue 12".
func metaNumber(value string) int {
	value = strings.TrimSpace(value)
	if n, ok := digest.ReadNumber(value); ok && n <= maxNumber {
		return n
	}
	return findNumber(value)
}
