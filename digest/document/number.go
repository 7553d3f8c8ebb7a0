package document

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"digestbot/digest"
	"digestbot/digest/document/fields"
	"digestbot/digest/document/numbers"
	"digestbot/digest/document/outline"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
	"digestbot/digest/document/web"
)

// number finds the number of the issue: in the metadata, else in the title, in the
// title of the page, in the heading that is the title, in the lines above everything, or
// in a file name that has a word or sign for it; if the document has no title, in any
// file name.
func (d *draft) number(title, heading string, date time.Time) int {
	for _, key := range fields.Number.Keys {
		if n := numbers.InField(d.meta[key]); n > 0 {
			d.noteNumber(n, d.field(key))
			return n
		}
	}
	names := []string{d.meta["slug"], d.meta["permalink"], d.meta["guid"], d.meta["link"], web.BaseName(d.name)}
	for _, key := range d.meta.Ending(fields.Number) {
		if n := numbers.InField(d.meta[key]); n > 0 && slices.ContainsFunc(names, func(name string) bool { return digest.HasNumber(name, n) }) {
			d.noteNumber(n, d.field(key))
			return n
		}
	}
	if d.address != nil {
		names = append(names, d.address.Path)
	}
	hints := names
	if d.feed != "" && strings.HasPrefix(title, d.feed) {
		hints = append(slices.Clip(hints), title)
	}
	places := []struct{ text, where string }{{title, "the title"}, {d.headTitle, "the title"}, {heading, "the first heading"}}
	for _, p := range places {
		n, ofWeek := numbers.Stated(p.text, hints)
		if n > 0 && (!ofWeek || numbers.CountsWeeks(n, date, append(slices.Clip(names), p.text)...)) {
			d.noteNumber(n, p.where)
			return n
		}
	}
	for _, line := range d.top {
		if line.Number > 0 {
			d.noteNumber(line.Number, "a line above the text")
			return line.Number
		}
	}
	for _, name := range []string{web.BaseName(d.name), d.meta["slug"], d.meta["permalink"]} {
		if n := numbers.MarkedInName(name); n > 0 {
			d.noteNumber(n, "the file name or slug")
			return n
		}
	}
	if n := numbers.BesideDate(web.BaseName(d.name)); n > 0 {
		d.noteNumber(n, "the file name, which is a number and a date")
		return n
	}
	if title != "" {
		return 0
	}
	n := numbers.InName(web.BaseName(d.name))
	d.noteNumber(n, "the file name, as there is no title")
	return n
}

// topLines returns what the lines above everything say of the issue: those before the
// first heading that names something else. Several texts that begin with a date are
// entries of a calendar.
func (d *draft) topLines(title string) []numbers.TopLine {
	lines := readTopLines(d.linesAbove)
	read := 0
	for i, n := range d.nodes {
		if n.Kind == digest.Quote && len(n.Blocks) > 0 {
			n = page.Node{Block: n.Blocks[0]}
		}
		n = lineOfList(n)
		if n.Kind != digest.Heading && n.Kind != digest.Paragraph {
			continue
		}
		if read++; read > maxTopLines {
			break
		}
		if n.Kind == digest.Heading && outline.IsOneOfMany(n, d.nodes[i+1:]) {
			break
		}
		text := outline.HeadText(n.Spans)
		said := readTopLines(strings.Split(text, "\n"))
		if n.Kind == digest.Heading {
			said = slices.DeleteFunc(said, leads)
		}
		if n.Kind == digest.Heading && len(said) == 0 && !plain.SameTitle(text, title) {
			break
		}
		lines = append(lines, said...)
	}
	if i := slices.IndexFunc(lines, leads); i >= 0 && slices.ContainsFunc(lines[i+1:], leads) {
		return slices.DeleteFunc(lines, leads)
	}
	return lines
}

func leads(line numbers.TopLine) bool { return line.Leads }

// readTopLines returns what lines say of the issue.
func readTopLines(texts []string) (lines []numbers.TopLine) {
	for _, text := range texts {
		if line, ok := numbers.ReadTopLine(text); ok {
			lines = append(lines, line)
		}
	}
	return lines
}

// lineOfList returns a line such as "20. November 2026", which Markdown takes for a list
// of one entry, as a paragraph. It returns other nodes as they are.
func lineOfList(n page.Node) page.Node {
	if n.Kind != digest.List || !n.Ordered || len(n.Entries) != 1 || len(n.Entries[0]) != 1 || n.Entries[0][0].Kind != digest.Paragraph {
		return n
	}
	number := digest.Span{Text: strconv.Itoa(n.Start) + ". "}
	line := n.Entries[0][0]
	line.Spans = append([]digest.Span{number}, line.Spans...)
	return page.Node{Block: line}
}

// maxTopLines is how many paragraphs and headings at the beginning of a document
// are read for its number and date.
const maxTopLines = 8
