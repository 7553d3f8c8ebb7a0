package digest

import (
	"strconv"
	"strings"
)

// blocksText returns blocks as plain text, with empty lines between them.
func blocksText(blocks []Block) string {
	parts := make([]string, 0, len(blocks))
	for _, b := range blocks {
		if text := b.text(); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, "\n\n")
}

func (b Block) text() string {
	switch b.Kind {
	case Quote:
		return blocksText(b.Blocks)
	case List:
		lines := make([]string, len(b.Entries))
		for i, entry := range b.Entries {
			lines[i] = b.mark(i) + strings.ReplaceAll(blocksText(entry), "\n\n", "\n")
		}
		return strings.Join(lines, "\n")
	case Table:
		lines := make([]string, len(b.Rows))
		for i, row := range b.Rows {
			cells := make([]string, len(row))
			for j, cell := range row {
				cells[j] = TextOf(cell)
			}
			lines[i] = strings.Join(cells, cellSeparator)
		}
		return strings.Join(lines, "\n")
	}
	return TextOf(b.Spans)
}

const cellSeparator = " · "

// mark returns what stands before entry i of a list.
func (b Block) mark(i int) string {
	if b.Ordered {
		return strconv.Itoa(b.Start+i) + ". "
	}
	return "• "
}

// Text returns the item's body as plain text, without the punctuation between it
// and a title in the same line, unless that is within a sentence.
func (it *Item) Text() string {
	text := strings.TrimSpace(blocksText(it.Body))
	if it.RunIn && it.sentence() == nil {
		text = strings.TrimLeft(text, joints)
	}
	return text
}

// joints is the punctuation between a title and the text in its line.
const joints = ":：.。,，;；–—- "

// maxHeadline is how wide, in columns, a headline made of an untitled item's text
// may be.
const maxHeadline = 80

// Headline returns one line for the item: its title, or the beginning of its
// text, which ends with an ellipsis if it is cut. It is "" only for an item
// without any text.
func (it *Item) Headline() string {
	text := strings.TrimRight(strings.Join(strings.Fields(TextOf(it.Title)), " "), ":： ")
	if text != "" {
		return text
	}
	line, _, _ := strings.Cut(it.Text(), "\n")
	return shortenColumns(strings.Join(strings.Fields(line), " "), maxHeadline)
}

// pictureMark stands for a picture that cannot be shown in place.
const pictureMark = "🖼"

// PictureSpans shows a picture as a link: a mark and the caption, which lead to
// where the picture leads, else to the picture.
func PictureSpans(block Block) []Span {
	text, link := pictureMark, block.URL
	if len(block.Spans) > 0 {
		if t := block.Spans[0].Text; t != "" {
			text += " " + t
		}
		if l := block.Spans[0].Link; l != "" {
			link = l
		}
	}
	return []Span{{Text: text, Link: link}}
}
