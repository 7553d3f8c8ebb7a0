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
	"digestbot/digest/numerals"
)

// number finds the number of the issue: in the metadata, else in the title, in the
// title of the page, in the heading that is the title, in the lines above everything, or
// in a file name that has a word or sign for it; if the document has no title, in any
// file name.
func (d *draft) number(title, heading string, date time.Time) int {
	names := []string{d.meta["slug"], d.meta["permalink"], d.meta["guid"], d.meta["link"], web.BaseName(d.name)}
	n, source := d.numberInFields(names)
	if n == 0 {
		n, source = d.statedNumber(title, heading, names, date)
	}
	if n == 0 {
		n, source = d.numberAbove()
	}
	if n == 0 {
		n, source = d.numberInFileName(title)
	}
	d.noteNumber(n, source)
	return n
}

// numberInFields finds the number in the metadata, and says in which field. A longer key,
// such as "bundleIssue", may count something else, so one of the names of the issue must
// have the number too.
func (d *draft) numberInFields(names []string) (n int, source string) {
	for _, key := range fields.Number.Keys {
		if n := numbers.InField(d.meta[key]); n > 0 {
			return n, d.field(key)
		}
	}
	for _, key := range d.meta.Ending(fields.Number) {
		n := numbers.InField(d.meta[key])
		if n > 0 && slices.ContainsFunc(names, func(name string) bool { return numerals.HasNumber(name, n) }) {
			return n, d.field(key)
		}
	}
	return 0, ""
}

// statedNumber finds the number in a title, where the names of the issue help to tell it
// from other numbers and from that of a week.
func (d *draft) statedNumber(title, heading string, names []string, date time.Time) (n int, source string) {
	if d.address != nil {
		names = append(slices.Clip(names), d.address.Path)
	}
	hints := names
	if d.feed != "" && strings.HasPrefix(title, d.feed) {
		hints = append(slices.Clip(hints), title)
	}
	places := []struct{ text, source string }{{title, "the title"}, {d.headTitle, "the title"}, {heading, "the first heading"}}
	for _, p := range places {
		n, ofWeek := numbers.Stated(p.text, hints)
		isYear := n == date.Year() && !date.IsZero() // as in "Harbour #2026"
		if n > 0 && !isYear && (!ofWeek || numbers.CountsWeeks(n, date, append(slices.Clip(names), p.text)...)) {
			return n, p.source
		}
	}
	return 0, ""
}

// numberAbove finds the number in the lines above everything. "#1" is none if "#2" stands below
// it: they rank what is in the issue.
func (d *draft) numberAbove() (n int, source string) {
	i := slices.IndexFunc(d.top, func(line numbers.TopLine) bool { return line.Number > 0 })
	if i < 0 || d.hasLine("#"+strconv.Itoa(d.top[i].Number+1)) {
		return 0, ""
	}
	return d.top[i].Number, "a line above the text"
}

// hasLine reports whether a paragraph or a line in it is a text.
func (d *draft) hasLine(text string) bool {
	return slices.ContainsFunc(d.nodes, func(n page.Node) bool {
		return strings.Contains("\n"+digest.TextOf(n.Spans)+"\n", "\n"+text+"\n")
	})
}

// numberInFileName finds the number in the name of the file or the slug. A bare number
// counts only if there is no title, which would have said it.
func (d *draft) numberInFileName(title string) (n int, source string) {
	file := web.BaseName(d.name)
	for _, name := range []string{file, d.meta["slug"], d.meta["permalink"]} {
		if n := numbers.MarkedInName(name); n > 0 {
			return n, "the file name or slug"
		}
	}
	if n := numbers.BesideDate(file); n > 0 {
		return n, "the file name, which is a number and a date"
	}
	if title != "" {
		return 0, ""
	}
	return numbers.InName(file), "the file name, as there is no title"
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
			if said = slices.DeleteFunc(said, leads); len(said) == 0 && !plain.SameTitle(text, title) && !plain.EndsTitle(text, title) {
				break
			}
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
