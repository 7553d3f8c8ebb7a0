package digest

import (
	"slices"
	"strconv"
	"strings"
)

// maxSummary is how wide, in columns, the part of a collapsed text may be that
// is always shown: about three lines of a phone.
const maxSummary = 120

// richSection returns a section as a rich message below its heading, or "" if it exceeds
// the limits of one, and where its items stand.
func (i *Issue) richSection(s *Section, heading []Span) (string, Marked) {
	r := &rich{fold: s.foldWidth()}
	if s.Name == "" {
		i.reserve(r)
	}
	r.line("h2", WithoutStyle(heading, Bold))
	if s.longHeading() {
		r.line("p", s.headingSpans()) // the heading was cut; all of it is said here
	}
	title := 3
	if slices.ContainsFunc(s.Items, func(it Item) bool { return len(it.Lead) > 0 }) {
		title = 4 // below the headings of groups
	}
	r.level = title + 1
	r.mark(s.onlyItem(), false, func() { r.prose(s.Intro) })
	lines := s.isLines()
	for k := 0; k < len(s.Items) && !r.over; {
		it := &s.Items[k]
		r.mark(k+1, true, func() { r.lead(it.Lead) })
		if lines && it.isLine() {
			k = r.lines(s.Items, k)
			continue
		}
		k++
		r.mark(k, false, func() {
			r.item(it, "h"+strconv.Itoa(title))
			if k < len(s.Items) && len(it.Title) == 0 && len(it.Body) > 1 && len(s.Items[k].Title) == 0 {
				r.rule()
			}
		})
	}
	r.mark(s.onlyItem(), false, func() { r.prose(s.Outro) })
	if r.over {
		return "", Marked{}
	}
	return r.html(), markedIn(r.html(), r.items, make(map[int]bool))
}

// mark notes where an item stands, or what is before it, that write writes.
func (r *rich) mark(item int, lead bool, write func()) {
	start := r.out.Len()
	write()
	if item == 0 || r.out.Len() == start {
		return
	}
	r.items = append(r.items, ItemAt{Item: item, Lead: lead, Start: start, Text: textStart(r.out.String(), start), End: r.out.Len()})
}

// textOpeners are what may stand before a text with which an item begins.
var textOpeners = []string{"<h3>", "<h4>", "<h5>", "<p>", "<li>", "<blockquote expandable>", "<details><summary>"}

// textStart returns where the text of an element begins; noStar: it begins with none.
func textStart(html string, start int) int {
	for _, opener := range textOpeners {
		if strings.HasPrefix(html[start:], opener) {
			return start + len(opener)
		}
	}
	return noStar
}

// rule writes a line between untitled items, which nothing else divides.
func (r *rich) rule() {
	if r.spend(2, 1, 0) {
		r.out.WriteString("<hr/>")
	}
}

// lead writes what stands before an item, with the heading of a group.
func (r *rich) lead(blocks []Block) {
	level := r.level
	r.level = 3
	r.blocksOf(blocks)
	r.level = level
}

// lines writes the items from index k that are lines as one list, and returns
// the index after them.
func (r *rich) lines(items []Item, k int) int {
	r.element("ul", func() {
		for first := true; k < len(items) && items[k].isLine() && (first || len(items[k].Lead) == 0) && !r.over; k++ {
			r.mark(k+1, false, func() { r.line("li", slices.Concat(items[k].Title, firstSpans(items[k].Body))) })
			first = false
		}
	})
	if r.over {
		return len(items)
	}
	return k
}

func (r *rich) item(it *Item, heading string) {
	if len(it.Title) == 0 {
		r.prose(it.Body)
		return
	}
	title, body := it.Title, it.Body
	if it.RunIn && len(body) > 0 {
		title, body = runIn(it)
	}
	if whole := it.sentence(); whole != nil && len(body) == len(whole) {
		r.body(whole)
		return
	}
	if Width(TextOf(title)) > maxShortTitle {
		r.line("p", embolden(title)) // too long for the size of a heading
	} else {
		r.line(heading, title)
	}
	r.body(body)
}

// body writes the text of an item, collapsed if it is long.
func (r *rich) body(blocks []Block) {
	if widthUpTo(blocks, r.fold+1) > r.fold {
		r.collapse(blocks)
		return
	}
	r.blocksOf(blocks)
}

// runIn returns title and body of an item whose text goes on in the line of
// its title. A few words that belong to the title, such as the author, stay
// there.
func runIn(it *Item) (title []Span, body []Block) {
	first := it.Body[0]
	rest := TrimSpans(first.Spans, joints)
	line := slices.Concat(it.Title, first.Spans)
	tied := len(TextOf(TrimSpans(first.Spans, ""))) > len(TextOf(rest)) // punctuation ends the title
	if !tied && Width(TextOf(line)) <= maxShortTitle {
		return line, it.Body[1:]
	}
	first.Spans = rest
	return it.Title, append([]Block{first}, it.Body[1:]...)
}

// prose writes text without a title. If it is long, all but its first paragraph
// collapses.
func (r *rich) prose(blocks []Block) {
	if r.over {
		return
	}
	open := openBlocks(blocks)
	r.blocksOf(blocks[:open])
	if open < len(blocks) {
		r.collapse(blocks[open:])
	}
}

// collapse writes blocks as details; their summary is how the first paragraph
// begins. Blocks before that paragraph, and links at the end, stay open.
func (r *rich) collapse(blocks []Block) {
	first := slices.IndexFunc(blocks, func(b Block) bool { return b.Kind == Paragraph })
	if first < 0 || r.over {
		r.blocksOf(blocks)
		return
	}
	r.blocksOf(blocks[:first])
	blocks, links := trailingLinks(blocks[first:])
	summary, rest := summarize(blocks[0].Spans)
	if len(rest) == 0 && len(blocks) == 1 {
		r.blocksOf(blocks)
	} else {
		r.element("details", func() {
			r.inner("summary", summary)
			r.line("p", rest)
			r.blocksOf(blocks[1:])
		})
	}
	r.blocksOf(links)
}

// summarize divides a paragraph into the part that is always shown and the rest.
func summarize(spans []Span) (summary, rest []Span) {
	spans = showAddresses(slices.Clone(spans)) // now, or the cut could be within an address
	opening, more := firstColumns(spans, maxSummary)
	if !more && Width(TextOf(opening)) <= maxSummary {
		return spans, nil
	}
	at := breakBefore(opening, columnBytes(TextOf(opening), maxSummary), false, true)
	summary, rest = CutSpans(spans, at)
	return append(trimEnd(slices.Clone(summary)), Span{Text: " …"}), rest
}

// richCover returns the cover as a rich message, and where it names sections. It returns
// "" if the cover exceeds the limits of such a message.
func (i *Issue) richCover() (string, NameList) {
	r := &rich{level: 3}
	i.reserve(r)
	if isRichPicture(i.Image) {
		r.image(i.Image)
	}
	r.line("h1", []Span{{Text: shortenColumns(i.Label(), 2*maxHeadingWidth)}})
	r.line("p", []Span{{Text: i.coverLine()}})
	r.prose(i.Intro)
	names := r.names(i.lines())
	r.footer(append(slices.Clone(i.Credits), i.originalBlocks()...))
	if r.over {
		return "", NameList{}
	}
	return r.html(), names
}

// names writes the names of the sections as one paragraph.
func (r *rich) names(lines []nameLine) (names NameList) {
	if len(lines) == 0 {
		return names
	}
	paragraph := r.out.Len()
	r.element("p", func() {
		for n, line := range lines {
			if n > 0 && r.spend(1, 0, 0) {
				r.out.WriteString("<br>")
			}
			start := r.out.Len()
			r.text([]Span{{Text: line.text}})
			names.add(line.section, 0, start, r.out.Len())
		}
	})
	names.Start, names.End = paragraph, r.out.Len()
	return names
}

// footer writes blocks in small print. A footer holds nothing but text, so other
// blocks stand between footers.
func (r *rich) footer(blocks []Block) {
	var text []Span
	for i := range blocks {
		b := &blocks[i]
		if b.Kind == Paragraph || b.Kind == Heading {
			if len(text) > 0 {
				text = append(text, Span{Text: "\n"})
			}
			text = append(text, b.Spans...)
			continue
		}
		r.line("footer", text)
		text = nil
		r.block(b)
	}
	r.line("footer", text)
}
