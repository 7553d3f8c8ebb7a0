package webpage

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"digestbot/digest"
)

// writer writes HTML. Only this file writes tags.
type writer struct {
	out   strings.Builder
	depth int // of elements with blocks in them
}

const (
	// maxDepth keeps a page within what browsers nest, which is 512 elements.
	maxDepth = 32
	// maxColumns is how many columns a table may have; the rows of a wider one are a list.
	maxColumns = 20
)

func render(write func(*writer)) template.HTML {
	var w writer
	write(&w)
	return template.HTML(w.out.String()) //nolint:gosec // all that was written is escaped
}

// element writes an element, with its attributes behind its name in start.
func (w *writer) element(start string, inside func()) {
	w.out.WriteString("<" + start + ">")
	inside()
	name, _, _ := strings.Cut(start, " ")
	w.out.WriteString("</" + name + ">")
}

// within writes an element with blocks in it. What is nested too deeply is written without.
func (w *writer) within(start string, inside func()) {
	w.depth++
	if w.depth > maxDepth {
		inside()
	} else {
		w.element(start, inside)
	}
	w.depth--
}

// item writes an item whose heading, and those in it, are of a level or below.
func (w *writer) item(it *digest.Item, level int) {
	w.blocks(it.Lead, level)
	if len(it.Title) == 0 {
		w.element(`div class="item"`, func() { w.blocks(it.Body, level) })
		return
	}
	w.element(`div class="item"`, func() {
		body := it.Body
		if it.RunIn && len(body) > 0 {
			title := slices.Clone(it.Title)
			for i := range title {
				title[i].Style |= digest.Bold
			}
			w.line("p", append(title, body[0].Spans...))
			body = body[1:]
		} else {
			w.line("h"+strconv.Itoa(level), it.Title)
		}
		w.blocks(body, level+1)
	})
}

func (w *writer) blocks(blocks []digest.Block, level int) {
	for i := range blocks {
		w.block(&blocks[i], min(level, 6))
	}
}

func (w *writer) block(b *digest.Block, level int) {
	switch b.Kind {
	case digest.Heading:
		w.line("h"+strconv.Itoa(level), b.Spans)
	case digest.Quote:
		w.within("blockquote", func() { w.blocks(b.Blocks, level) })
	case digest.List:
		w.list(b, level)
	case digest.Code:
		w.element(`pre dir="ltr"`, func() { w.element("code", func() { w.escape(clean(digest.TextOf(b.Spans))) }) })
	case digest.Image:
		w.picture(b)
	case digest.Table:
		w.table(b)
	default:
		w.line("p", b.Spans)
	}
}

// line writes spans as one element, if there is anything to see in them.
func (w *writer) line(start string, spans []digest.Span) {
	if strings.TrimSpace(digest.TextOf(spans)) != "" {
		w.element(start, func() { w.spans(spans) })
	}
}

func (w *writer) list(b *digest.Block, level int) {
	if len(b.Entries) == 0 {
		return
	}
	if w.depth >= maxDepth { // an entry needs its list
		for _, entry := range b.Entries {
			w.blocks(entry, level)
		}
		return
	}
	w.within(digest.ListElement(b), func() {
		for _, entry := range b.Entries {
			w.element("li", func() { w.entry(entry, level) })
		}
	})
}

// entry writes an entry of a list. If it is only a line of text there is no paragraph.
func (w *writer) entry(blocks []digest.Block, level int) {
	if len(blocks) > 0 && blocks[0].Kind == digest.Paragraph {
		w.spans(blocks[0].Spans)
		blocks = blocks[1:]
	}
	w.blocks(blocks, level)
}

// picture shows a picture with its caption. One that is not fetched over https is a link.
func (w *writer) picture(b *digest.Block) {
	if !isPicture(b.URL) {
		w.line("p", digest.PictureSpans(*b))
		return
	}
	caption, link := "", ""
	if len(b.Spans) > 0 {
		caption, link = strings.TrimSpace(clean(b.Spans[0].Text)), b.Spans[0].Link
	}
	w.element("figure", func() {
		image := func() {
			w.out.WriteString(`<img src="`)
			w.escape(b.URL)
			w.out.WriteString(`" alt="" loading="lazy" referrerpolicy="no-referrer">`)
		}
		if isLink(link) {
			w.link(link, image)
		} else {
			image()
		}
		if caption != "" {
			w.element("figcaption", func() { w.escape(caption) })
		}
	})
}

func (w *writer) table(b *digest.Block) {
	switch columns := b.Columns(); {
	case columns == 0:
	case columns > maxColumns:
		w.element("ul", func() {
			for _, row := range b.Rows {
				w.element("li", func() { w.row(row) })
			}
		})
	default:
		w.element(`div class="wide"`, func() {
			w.element("table", func() {
				for i, row := range b.Rows {
					w.cells(row, columns, b.Header && i == 0)
				}
			})
		})
	}
}

// row writes the cells of a row in one line.
func (w *writer) row(cells [][]digest.Span) {
	for i, cell := range cells {
		if i > 0 {
			w.out.WriteString(" · ")
		}
		w.spans(cell)
	}
}

// cells writes a row of a table with so many columns.
func (w *writer) cells(row [][]digest.Span, columns int, header bool) {
	name := "td"
	if header {
		name = `th scope="col"`
	}
	w.element("tr", func() {
		for i := range columns {
			w.element(name, func() {
				if i < len(row) {
					w.spans(row[i])
				}
			})
		}
	})
}

// spans writes text in its styles. Neighbours with one link are one link.
func (w *writer) spans(spans []digest.Span) {
	spans = digest.TrimSpans(spans, "")
	for len(spans) > 0 {
		n := 1
		for n < len(spans) && spans[n].Link == spans[0].Link {
			n++
		}
		its, link := spans[:n], spans[0].Link
		write := func() {
			for _, s := range its {
				w.span(s, link != "")
			}
		}
		if isLink(link) {
			w.link(link, write)
		} else {
			write()
		}
		spans = spans[n:]
	}
}

func (w *writer) link(address string, inside func()) {
	w.out.WriteString(`<a href="`)
	w.escape(address)
	w.out.WriteString(`">`)
	inside()
	w.out.WriteString("</a>")
}

var elements = []struct {
	style digest.Style
	name  string
}{
	{digest.Bold, "b"}, {digest.Italic, "i"}, {digest.Underline, "u"}, {digest.Strike, "s"}, {digest.Monospace, "code"},
}

// span writes text in its style. A spoiler shows itself when it is pointed or tapped at,
// which within a link needs no place of its own in the order of the keyboard.
func (w *writer) span(s digest.Span, linked bool) {
	write := func() { w.lines(s.Text) }
	for _, e := range elements {
		if s.Style&e.style != 0 {
			inside := write
			write = func() { w.element(e.name, inside) }
		}
	}
	switch {
	case s.Style&digest.Spoiler == 0:
		write()
	case linked:
		w.element(`span class="spoiler"`, write)
	default:
		w.element(`span class="spoiler" tabindex="0"`, write)
	}
}

// lines writes text with its line breaks.
func (w *writer) lines(text string) {
	for i, line := range strings.Split(clean(text), "\n") {
		if i > 0 {
			w.out.WriteString("<br>")
		}
		w.escape(line)
	}
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

func (w *writer) escape(text string) {
	_, _ = escaper.WriteString(&w.out, text) // a Builder never fails
}
