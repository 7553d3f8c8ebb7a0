package digest

import (
	"slices"
	"strings"
)

// How wide, in columns (an ideograph takes two), text may be before it collapses.
// A phone shows about 40 columns, and three lines of a collapsed quotation.
const (
	collapseItem  = 320 // the body of a titled item
	collapseProse = 640 // untitled text; its first paragraph stays open
	maxLineItem   = 240 // an item that is shown as one line of a list
	maxShortTitle = 120 // a title that stands right above its text, in the size of a heading where there is one
)

// bullet stands before an item that is a line of a list.
const bullet = "• "

// composer turns blocks into pieces.
type composer struct {
	pieces   []piece
	group    int
	frame    frame  // of what is being composed
	sep      string // goes before the next piece
	starting bool   // the next piece begins an item
	line     bool   // the item before was a line of a list
	number   int    // of the item that is being composed, counted from 1; 0: none
	lead     bool   // what stands before it is being composed
	fold     int    // wider bodies of titled items collapse
}

// composeSection returns the content of a section, without its heading.
func composeSection(s *Section) []piece {
	c := &composer{fold: s.foldWidth()}
	if s.longHeading() {
		// The heading of the messages is cut; all of it is said here.
		c.put(s.headingSpans())
	}
	only := s.onlyItem()
	c.number = only
	c.prose(s.Intro)
	lines := s.isLines()
	for i := range s.Items {
		c.number = i + 1
		c.item(&s.Items[i], lines)
	}
	c.number = only
	c.sep = "\n\n"
	c.begin()
	c.prose(s.Outro)
	return c.pieces
}

// onlyItem returns 1, the number of an item, if the text of a section without items is
// to count as one; else 0.
func (s *Section) onlyItem() int {
	if len(s.Items) == 0 {
		return 1
	}
	return 0
}

// isLines reports whether most items of a section are lines of a list.
func (s *Section) isLines() bool {
	lines := 0
	for i := range s.Items {
		if s.Items[i].isLine() {
			lines++
		}
	}
	return lines*2 > len(s.Items) && len(s.Items) > 1
}

// isLine reports whether an item fits a line of a list.
func (it *Item) isLine() bool {
	if len(it.Title) == 0 {
		return len(it.Body) == 1 && it.Body[0].Kind == Paragraph && BlocksWidth(it.Body) <= maxLineItem
	}
	return len(it.Body) == 0 || it.RunIn && len(it.Body) == 1 && Width(TextOf(it.Title))+BlocksWidth(it.Body) <= maxLineItem
}

// item adds an item; lines says that most items of its section are lines.
func (c *composer) item(it *Item, lines bool) {
	c.sep = "\n\n"
	c.begin()
	c.lead = true
	c.prose(it.Lead)
	c.lead = false
	if len(it.Lead) > 0 {
		c.sep = "\n"
	}
	if lines && it.isLine() {
		if c.line && len(it.Lead) == 0 {
			c.sep = "\n"
		}
		c.put(slices.Concat([]Span{{Text: bullet}}, it.Title, firstSpans(it.Body)))
		c.line = true
		return
	}
	c.line = false
	if len(it.Title) == 0 {
		c.prose(it.Body)
		return
	}
	body := it.Body[leadingPictures(it.Body):]
	pictures := it.Body[:len(it.Body)-len(body)]
	collapses := widthUpTo(body, c.fold+1) > c.fold
	if whole := it.sentence(); whole != nil && collapses {
		c.whole(whole)
		return
	}
	title := embolden(it.Title)
	if it.RunIn && !collapses {
		title = append(title, body[0].Spans...)
		body = body[1:]
	}
	c.put(title)
	c.last().keep = len(pictures)+len(body) > 0
	if Width(TextOf(title)) <= maxShortTitle {
		c.sep = "\n"
	}
	if collapses {
		c.blocks(pictures)
		if len(pictures) > 0 {
			c.sep = "\n"
		}
		c.collapse(body, it.RunIn)
		return
	}
	c.blocks(slices.Concat(pictures, body))
}

// whole adds an item whose title is the beginning of its first paragraph: that stays
// open if the rest is enough to collapse, else all of it collapses.
func (c *composer) whole(blocks []Block) {
	if len(blocks) > 1 && widthUpTo(blocks[:1], c.fold+1) <= c.fold {
		c.put(blocks[0].Spans)
		c.last().keep = true
		c.sep, blocks = "\n", blocks[1:]
	}
	c.collapse(blocks, false)
}

func firstSpans(blocks []Block) []Span {
	if len(blocks) == 0 {
		return nil
	}
	return blocks[0].Spans
}

// begin marks that the next piece begins an item.
func (c *composer) begin() {
	c.group++
	c.starting = true
}

func (c *composer) last() *piece {
	if len(c.pieces) == 0 {
		return &piece{}
	}
	return &c.pieces[len(c.pieces)-1]
}

// prose adds text without a title. If it is long, all but its first paragraph
// collapses.
func (c *composer) prose(blocks []Block) {
	open := openBlocks(blocks)
	c.blocks(blocks[:open])
	if open < len(blocks) {
		c.sep = "\n"
		c.collapse(blocks[open:], false)
	}
}

// openBlocks returns how many blocks of a text without a title stay open: all of
// a short text, of a long text those up to the first paragraph and the pictures behind it.
func openBlocks(blocks []Block) int {
	if len(blocks) < 2 || BlocksWidth(blocks) <= collapseProse {
		return len(blocks)
	}
	open := 1
	for open < len(blocks)-1 && blocks[open-1].Kind != Paragraph {
		open++
	}
	return open + leadingPictures(blocks[open:])
}

// trailingLinks separates the links at the end of blocks. At least one block
// stays in front of them.
func trailingLinks(blocks []Block) (text, links []Block) {
	n := len(blocks)
	for n > 1 && blocks[n-1].isLink() {
		n--
	}
	return blocks[:n], blocks[n:]
}

// collapse adds blocks as expandable quotations, except the links at their end.
// With trim it removes the punctuation that tied the text to the title before.
func (c *composer) collapse(blocks []Block, trim bool) {
	blocks, links := trailingLinks(blocks)
	c.frame = expandable
	c.group++
	if trim {
		first := blocks[0]
		first.Spans = TrimSpans(first.Spans, joints)
		blocks = append([]Block{first}, blocks[1:]...)
	}
	c.blocks(blocks)
	c.frame = bare
	c.group++
	c.sep = "\n"
	c.blocks(links)
}

func (c *composer) blocks(blocks []Block) {
	for i, b := range blocks {
		if i > 0 && b.isLink() {
			c.sep = "\n"
		}
		if i > 0 && b.Kind == Paragraph && IsAttribution(b.Spans) {
			c.sep = "\n"
		}
		sep, before := c.sep, len(c.pieces)
		c.block(b, "")
		if len(c.pieces) == before { // it became part of the piece before
			c.sep = sep
			continue
		}
		c.sep = "\n\n"
		if b.Kind == Heading || b.Kind == Quote && c.frame == bare {
			c.sep = "\n"
		}
	}
}

// isLink reports whether a block is a paragraph of nothing but a link.
func (b *Block) isLink() bool { return b.Kind == Paragraph && IsLinkTitle(b.Spans) }

// block adds a block; indent goes before its lines.
func (c *composer) block(b Block, indent string) {
	switch b.Kind {
	case Heading:
		c.put(embolden(b.Spans))
		c.last().keep = true
	case Quote:
		c.quote(b, indent)
	case List:
		c.list(b, indent)
	case Code:
		c.code(b)
	case Image:
		c.picture(b, indent)
	case Table:
		c.table(b, indent)
	default:
		c.put(indented(indent, b.Spans))
	}
}

// put adds spans as one piece, if there is anything to see in them.
func (c *composer) put(spans []Span) {
	spans = showAddresses(trimEnd(slices.Clone(spans))) // pictures may be added
	if strings.TrimSpace(TextOf(spans)) == "" {
		return
	}
	c.add(piece{spans: spans, frame: c.frame, group: c.group, sep: c.sep})
}

func (c *composer) add(a piece) {
	a.start, c.starting = c.starting, false
	a.item, a.lead = c.number, c.lead
	a.shared = sharedStyle(a.spans)
	c.pieces = append(c.pieces, a)
	c.sep = "\n\n"
}

func (c *composer) quote(b Block, indent string) {
	if c.frame != bare {
		for _, inner := range b.Blocks {
			c.block(inner, indent)
		}
		return
	}
	frame := quote
	if widthUpTo(b.Blocks, collapseItem+1) > collapseItem {
		frame = expandable
		pictures := leadingPictures(b.Blocks)
		c.blocks(b.Blocks[:pictures])
		b.Blocks = b.Blocks[pictures:]
	}
	c.frame = frame
	c.group++
	if c.sep == "\n\n" && len(c.pieces) > 0 && c.last().frame == bare && !c.last().under {
		c.sep = "\n"
	}
	for _, inner := range b.Blocks {
		c.block(inner, indent)
	}
	c.frame = bare
	c.group++
}

func (c *composer) list(b Block, indent string) {
	for i, entry := range b.Entries {
		mark := b.mark(i)
		if indent != "" && !b.Ordered {
			mark = "◦ "
		}
		for j, inner := range entry {
			switch {
			case j == 0 && (inner.Kind == Paragraph || inner.Kind == Heading):
				c.put(append([]Span{{Text: indent + mark}}, inner.Spans...))
			case j == 0:
				c.put([]Span{{Text: indent + strings.TrimSpace(mark)}})
				c.sep = "\n"
				c.block(inner, indent+"   ")
			default:
				c.block(inner, indent+"   ")
			}
			c.sep = "\n"
		}
	}
}

// code adds code in a frame of its own: it cannot stand in a quotation.
func (c *composer) code(b Block) {
	outer := c.frame
	c.group++
	c.add(piece{spans: b.Spans, frame: pre, group: c.group, language: b.Language, sep: c.sep})
	c.frame = outer
	c.group++
}

// picture adds a picture as a link: with a caption in a line of its own, without
// one as a mark behind the text before it.
func (c *composer) picture(b Block, indent string) {
	spans := showAddresses(PictureSpans(b))
	last := c.last()
	if TextOf(spans) == pictureMark && len(last.spans) > 0 && last.frame == c.frame && last.frame != pre && last.group == c.group {
		last.spans = append(last.spans, Span{Text: " "}, spans[0])
		last.shared = 0
		return
	}
	c.put(indented(indent, spans))
}

func (c *composer) table(b Block, indent string) {
	for i, row := range b.Rows {
		spans := rowSpans(row)
		header := b.Header && i == 0
		if header {
			spans = embolden(spans)
		} else {
			spans = indented(indent+"• ", spans)
		}
		c.put(spans)
		c.last().keep = header
		c.sep = "\n"
	}
}

// rowSpans returns the cells of a table's row in one line.
func rowSpans(row [][]Span) []Span {
	for len(row) > 0 && len(row[len(row)-1]) == 0 {
		row = row[:len(row)-1]
	}
	var spans []Span
	for i, cell := range row {
		if i > 0 {
			spans = append(spans, Span{Text: cellSeparator})
		}
		spans = append(spans, cell...)
	}
	return spans
}
