package document

import (
	"slices"
	"strings"
	"time"

	"digestbot/digest"
)

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

// topLines returns what the lines above everything say of the issue: those before the
// first heading that names something else.
func (d *draft) topLines(title string) []topLine {
	var lines []topLine
	read := 0
	for i, n := range d.nodes {
		if n.Kind == digest.Quote && len(n.Blocks) > 0 {
			n = node{Block: n.Blocks[0]}
		}
		if n.Kind != digest.Heading && n.Kind != digest.Paragraph {
			continue
		}
		if read++; read > maxTopLines {
			break
		}
		text := headText(n.Spans)
		found := false
		if n.Kind == digest.Heading && isOneOfMany(n, d.nodes[i+1:]) {
			break
		}
		for part := range strings.SplitSeq(text, "\n") {
			if line, ok := readTopLine(part); ok {
				lines = append(lines, line)
				found = true
			}
		}
		if n.Kind == digest.Heading && !found && !sameTitle(text, title) {
			break
		}
	}
	return lines
}

// maxTopLines is how many paragraphs and headings at the beginning of a document
// are read for its number and date.
const maxTopLines = 8
