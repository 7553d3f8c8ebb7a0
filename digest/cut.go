package digest

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// cut divides a piece so that its head fits in room: after a sentence, else
// where a line may break, else between characters as readers see them. Without
// force a link stays whole and the head may be empty; force is for a link that
// alone is longer than a message. Only the first cut copies the spans of the
// piece, because a long paragraph is cut often.
func (a piece) cut(room cost, force bool) (head, tail piece) {
	if !a.copied {
		a.spans, a.copied = slices.Clone(a.spans), true
	}
	at := breakBefore(a.spans, a.window(room), a.frame == pre, force)
	head, tail = a, a
	n := 0
	for n < len(a.spans) && at >= len(a.spans[n].Text) {
		at -= len(a.spans[n].Text)
		n++
	}
	head.spans, tail.spans = slices.Clone(a.spans[:n]), a.spans[n:]
	if at > 0 {
		part := tail.spans[0]
		part.Text = part.Text[:at]
		head.spans = append(head.spans, part)
		tail.spans[0].Text = tail.spans[0].Text[at:]
	}
	head.keep, tail.start = false, false
	head.spans = trimEnd(head.spans)
	if a.frame != pre { // the next line of code keeps its indent
		tail.spans = trimStart(tail.spans)
	} else if len(tail.spans) > 0 {
		tail.spans[0].Text = strings.TrimPrefix(tail.spans[0].Text, "\n")
	}
	return head, tail
}

// window returns how many bytes of the piece's text fit in room.
func (a *piece) window(room cost) int {
	size := 0
	var used cost
	var t tally
	for _, s := range a.spans {
		tags, searched := a.tagsOf(s)
		used = used.plus(t.enter(s, tags))
		for i := 0; i < len(s.Text); {
			_, n := utf8.DecodeRuneInString(s.Text[i:])
			next := used.plus(cost{units: Units(s.Text[i : i+n]), markup: escapedLen(s.Text[i : i+n])})
			if searched {
				next = next.plus(t.at(s.Text, i, tags))
			}
			if !next.within(room) {
				return size + i
			}
			used = next
			i += n
		}
		size += len(s.Text)
	}
	return size
}

// breakBefore returns the best place, as a byte offset, to break the text of
// spans at or before limit.
func breakBefore(spans []Span, limit int, lines, force bool) int {
	const lookAhead = 256 // bytes; enough to see whether a character goes on
	text, inLink := windowText(spans, limit+lookAhead)
	var at struct{ sentence, word, grapheme, inLink int }
	rest, pos, state := text, 0, -1
	for rest != "" {
		var cluster string
		var bounds int
		cluster, rest, bounds, state = uniseg.StepString(rest, state)
		if pos += len(cluster); pos > limit {
			break
		}
		at.inLink = pos
		if inLink(pos) {
			continue
		}
		at.grapheme = pos
		if bounds&uniseg.MaskLine != uniseg.LineDontBreak {
			at.word = pos
		}
		if endsPart(bounds, lines) {
			at.sentence = pos
		}
	}
	switch {
	case at.sentence > limit/4:
		return at.sentence
	case at.word > limit/4 || at.word > 0 && force:
		return at.word
	case at.grapheme > 0:
		return at.grapheme
	case !force:
		return 0
	case at.inLink > 0:
		return at.inLink
	}
	// One character is longer than a message: break it between code points.
	_, size := utf8.DecodeRuneInString(text)
	return max(runeStart(text, limit), size)
}

// endsPart reports whether a line ends, or a sentence unless only lines count.
func endsPart(bounds int, lines bool) bool {
	return bounds&uniseg.MaskLine == uniseg.LineMustBreak || !lines && bounds&uniseg.MaskSentence != 0
}

// linkRange is where, as byte offsets, a link stands in a text.
type linkRange struct {
	from, to int
	link     string
}

// windowText returns the first bytes of the text of spans, up to the end of a
// code point, and a function that reports whether an offset is within a link.
// The offsets given to that function must grow.
func windowText(spans []Span, size int) (string, func(int) bool) {
	var text strings.Builder
	var inside []linkRange
	for _, s := range spans {
		if text.Len() >= size {
			break
		}
		from := text.Len()
		text.WriteString(s.Text[:runeStart(s.Text, size-from)])
		if s.Link == "" {
			continue
		}
		if n := len(inside); n > 0 && inside[n-1].to == from && inside[n-1].link == s.Link {
			inside[n-1].to = from + len(s.Text)
			continue
		}
		inside = append(inside, linkRange{from, from + len(s.Text), s.Link})
	}
	return text.String(), func(pos int) bool {
		for len(inside) > 0 && inside[0].to <= pos {
			inside = inside[1:]
		}
		return len(inside) > 0 && pos > inside[0].from
	}
}
