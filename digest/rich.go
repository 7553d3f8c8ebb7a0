package digest

import (
	"net/url"
	"strconv"
	"strings"
)

// Limits of rich messages, core.telegram.org/bots/api#rich-message-limits. To
// be safe, characters are counted in UTF-16 code units, rows of tables count as
// blocks, and each block as two units more.
const (
	maxRichUnits   = 32768
	maxRichBlocks  = 500
	maxRichDepth   = 16 // of elements within each other, inline ones included
	maxRichMedia   = 50
	maxRichColumns = 20
)

// richEscaper escapes text of rich messages, in which a line end is only white
// space.
var richEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\n", "<br>")

// rich writes the HTML of a rich message. Beyond a limit it writes nothing more,
// and there is no message.
type rich struct {
	markup
	units, blocks, media int
	depth                int // how many elements are open
	level                int // of headings within items
	fold                 int // wider bodies of titled items collapse
	items                []ItemAt
	over                 bool
}

// html returns the message, or "" if it exceeds the limits.
func (r *rich) html() string {
	if r.over {
		return ""
	}
	return r.out.String()
}

// spend counts what is about to be written and reports whether there is room.
func (r *rich) spend(units, blocks, media int) bool {
	r.units, r.blocks, r.media = r.units+units, r.blocks+blocks, r.media+media
	r.over = r.over || r.units > maxRichUnits || r.blocks > maxRichBlocks || r.media > maxRichMedia || r.depth > maxRichDepth
	return !r.over
}

// element writes an element around what inside writes; start is its name with
// attributes.
func (r *rich) element(start string, inside func()) {
	r.depth++
	if r.spend(2, 1, 0) {
		r.out.WriteString("<" + start + ">")
		inside()
		name, _, _ := strings.Cut(start, " ")
		r.out.WriteString("</" + name + ">")
	}
	r.depth--
}

// line writes spans as one element, if there is anything to see in them.
func (r *rich) line(start string, spans []Span) {
	if r.over || strings.TrimSpace(TextOf(spans)) == "" {
		return
	}
	r.element(start, func() { r.text(spans) })
}

// text writes spans.
func (r *rich) text(spans []Span) {
	spans = showAddresses(TrimSpans(spans, ""))
	shared := sharedStyle(spans)
	for _, s := range spans {
		if !r.spend(Units(s.Text), 0, 0) {
			return
		}
		tags := tagsOf(s, shared)
		if r.depth+len(tags) > maxRichDepth {
			tags = tagsOf(Span{Link: s.Link}, 0) // the link matters more than the styles
		}
		if r.depth+len(tags) > maxRichDepth {
			r.over = true
			return
		}
		r.span(s.Text, tags, richEscaper)
	}
	r.closeTo(0)
}

// blocksOf writes blocks one after the other.
func (r *rich) blocksOf(blocks []Block) {
	for i := range blocks {
		if r.over {
			return
		}
		r.block(&blocks[i])
	}
}

func (r *rich) block(b *Block) {
	switch b.Kind {
	case Heading:
		r.line("h"+strconv.Itoa(r.level), b.Spans)
	case Quote:
		r.quote(b.Blocks)
	case List:
		r.list(b)
	case Code:
		r.code(b)
	case Image:
		r.picture(b)
	case Table:
		r.table(b)
	default:
		r.line("p", b.Spans)
	}
}

// quote writes a quotation. A long one collapses if it is a single paragraph: an
// expandable quotation holds a text, other quotations hold blocks
// (core.telegram.org/bots/api#richblockexpandableblockquotation).
func (r *rich) quote(blocks []Block) {
	switch {
	case areEmpty(blocks):
	case len(blocks) == 1 && blocks[0].Kind == Paragraph && BlocksWidth(blocks) > collapseItem:
		r.element("blockquote expandable", func() { r.text(blocks[0].Spans) })
	default:
		r.element("blockquote", func() { r.blocksOf(blocks) })
	}
}

// areEmpty reports whether blocks show nothing.
func areEmpty(blocks []Block) bool {
	for i := range blocks {
		if b := &blocks[i]; b.Kind == Image || len(b.Rows) > 0 || len(b.Entries) > 0 || !areEmpty(b.Blocks) || strings.TrimSpace(TextOf(b.Spans)) != "" {
			return false
		}
	}
	return true
}

func (r *rich) list(b *Block) {
	if len(b.Entries) == 0 {
		return
	}
	r.element(ListElement(b), func() {
		for _, entry := range b.Entries {
			if r.over {
				return
			}
			r.element("li", func() { r.entry(entry) })
		}
	})
}

// ListElement returns the element of HTML that a list is, with its attributes.
func ListElement(b *Block) string {
	switch {
	case !b.Ordered:
		return "ul"
	case b.Start == 1:
		return "ol"
	}
	return `ol start="` + strconv.Itoa(b.Start) + `"`
}

// entry writes an entry of a list. If it is only a line of text there is no
// paragraph around it.
func (r *rich) entry(blocks []Block) {
	if len(blocks) == 1 && (blocks[0].Kind == Paragraph || blocks[0].Kind == Heading) {
		r.text(blocks[0].Spans)
		return
	}
	r.blocksOf(blocks)
}

func (r *rich) code(b *Block) {
	text := TextOf(b.Spans)
	r.element("pre", func() {
		if !r.spend(Units(text), 0, 0) {
			return
		}
		if b.Language == "" {
			r.out.WriteString(escaper.Replace(text))
			return
		}
		r.out.WriteString(`<code class="language-` + escaper.Replace(b.Language) + `">` + escaper.Replace(text) + "</code>")
	})
}

// picture shows a picture in place, with its caption and the link of that. A
// picture that Telegram would not fetch, or that is one too many, becomes a link.
func (r *rich) picture(b *Block) {
	if !isRichPicture(b.URL) || r.media == maxRichMedia {
		r.line("p", PictureSpans(*b))
		return
	}
	var caption []Span
	if len(b.Spans) > 0 {
		caption = []Span{{Text: b.Spans[0].Text, Link: b.Spans[0].Link}}
		if caption[0].Text == "" && caption[0].Link != "" {
			caption[0].Text = pictureMark
		}
	}
	if strings.TrimSpace(TextOf(caption)) == "" {
		r.image(b.URL)
		return
	}
	r.element("figure", func() {
		r.image(b.URL)
		r.inner("figcaption", caption)
	})
}

func (r *rich) image(address string) {
	if r.spend(2, 1, 1) {
		r.out.WriteString(`<img src="` + escaper.Replace(address) + `"/>`)
	}
}

// inner writes an element that is a part of a block, such as its caption.
func (r *rich) inner(name string, spans []Span) {
	if r.depth++; r.spend(1, 0, 0) {
		r.out.WriteString("<" + name + ">")
		r.text(spans)
		r.out.WriteString("</" + name + ">")
	}
	r.depth--
}

// isRichPicture reports whether Telegram takes an address for the picture of a
// rich message.
func isRichPicture(address string) bool {
	u, err := url.Parse(address)
	if err != nil || !IsWeb(u) || !isTaken(address) {
		return false
	}
	host := u.Hostname()
	return strings.Contains(host, ".") && !strings.HasPrefix(host, ".") && !strings.HasSuffix(host, ".")
}

// table writes a table, or a list of its rows if it has too many columns.
func (r *rich) table(b *Block) {
	switch columns := b.Columns(); {
	case columns == 0:
	case columns > maxRichColumns:
		r.element("ul", func() {
			for _, row := range b.Rows {
				r.line("li", rowSpans(row))
			}
		})
	default:
		r.element("table bordered striped", func() {
			for i, row := range b.Rows {
				r.row(row, b.Header && i == 0)
			}
		})
	}
}

func (r *rich) row(cells [][]Span, header bool) {
	if r.over {
		return
	}
	name := "td"
	if header {
		name = "th"
	}
	r.element("tr", func() {
		for _, cell := range cells {
			r.inner(name, cell)
		}
	})
}
