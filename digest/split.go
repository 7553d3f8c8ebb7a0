package digest

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Limits of one message. What a message may hold is counted after parsing;
// the sizes below 32,768 and 10,000 bytes leave a reserve, because Telegram
// states neither exactly.
const (
	maxMessageUnits  = 4096  // UTF-16 code units, core.telegram.org/bots/api#sendmessage
	maxEntities      = 100   // more lose their formatting silently
	maxMarkupBytes   = 32000 // the text argument is refused above 32,768 (tdlib/telegram-bot-api)
	maxEntitiesBytes = 9000  // ENTITIES_TOO_LONG above about 10,000, addresses included
	entityBytes      = 12    // constructor, offset and length of one entity on the wire
)

// Units returns the length of a text as Telegram counts it: in UTF-16 code
// units.
func Units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// cost is what text takes of a message.
type cost struct{ units, entities, markup, wire int }

var messageLimit = cost{maxMessageUnits, maxEntities, maxMarkupBytes, maxEntitiesBytes}

func (c cost) plus(d cost) cost {
	return cost{c.units + d.units, c.entities + d.entities, c.markup + d.markup, c.wire + d.wire}
}

func (c cost) minus(d cost) cost {
	return cost{c.units - d.units, c.entities - d.entities, c.markup - d.markup, c.wire - d.wire}
}

func (c cost) within(limit cost) bool {
	return c.units <= limit.units && c.entities <= limit.entities && c.markup <= limit.markup && c.wire <= limit.wire
}

// spanCost returns what a span costs after the tags that are open before it.
func spanCost(s Span, tags, open []tag) cost {
	c := cost{units: Units(s.Text), markup: escapedLen(s.Text)}
	return c.plus(tagCost(s, tags, open))
}

func tagCost(s Span, tags, open []tag) cost {
	var c cost
	for _, t := range tags[commonTags(open, tags):] {
		c.entities++
		c.markup += len(t.open) + len(t.close)
		c.wire += entityBytes
		if strings.HasPrefix(t.open, "<a") {
			c.wire += len(s.Link)
		}
	}
	return c
}

func escapedLen(text string) int {
	n := len(text)
	for i := range len(text) {
		switch text[i] {
		case '&':
			n += len("&amp;") - 1
		case '<', '>':
			n += len("&lt;") - 1
		case '"':
			n += len("&quot;") - 1
		}
	}
	return n
}

// costWithin returns the cost of a piece with its separator and frame, and
// whether it is within room; it stops counting when it is not.
func (a *piece) costWithin(room cost, joined bool) (cost, bool) {
	total := a.frameCost(joined)
	var open []tag
	for _, s := range a.spans {
		if len(s.Text) > 3*maxMarkupBytes {
			return total, false
		}
		tags := tagsOf(s, a.shared)
		if a.frame == pre {
			tags = nil
		}
		if total = total.plus(spanCost(s, tags, open)); !total.within(room) {
			return total, false
		}
		open = tags
	}
	return total, total.within(room)
}

func (a *piece) frameCost(joined bool) cost {
	c := cost{units: len(a.sep), markup: len(a.sep)}
	if a.frame != bare && !joined {
		t := a.frameTag()
		c.entities++
		c.markup += len(t.open) + len(t.close)
		c.wire += entityBytes + len(a.language)
	}
	return c
}

// packer fills messages with pieces, each message as far as room goes.
type packer struct {
	room  cost // of one message
	parts [][]piece
	cur   []piece
	used  cost
	cuts  int // pieces that had to be cut
}

// pack divides pieces into messages that each fit in room: between items, where
// an item fits in a message; else between its paragraphs; else within them.
func pack(pieces []piece, room cost) *packer {
	p := &packer{room: room}
	for i := 0; i < len(pieces); {
		end := i + 1
		for end < len(pieces) && !pieces[end].start {
			end++
		}
		p.item(pieces[i:end])
		i = end
	}
	if len(p.cur) > 0 {
		p.parts = append(p.parts, p.cur)
	}
	return p
}

// item adds the pieces of one item.
func (p *packer) item(pieces []piece) {
	if c, ok := p.fits(pieces, p.used); ok {
		p.cur, p.used = append(p.cur, pieces...), c
		return
	}
	if _, ok := p.fits(pieces, cost{}); ok || p.used.units > p.room.units/2 {
		p.flush()
	}
	for _, a := range pieces {
		p.add(a)
	}
}

// fits returns what the message would hold with pieces added to used.
func (p *packer) fits(pieces []piece, used cost) (cost, bool) {
	for i := range pieces {
		joined := i > 0 && pieces[i].joins(&pieces[i-1])
		c, ok := pieces[i].costWithin(p.room.minus(used), joined)
		if !ok {
			return used, false
		}
		used = used.plus(c)
	}
	return used, true
}

// add adds one piece, cutting it where it fits in no message.
func (p *packer) add(a piece) {
	for {
		joined := len(p.cur) > 0 && a.joins(&p.cur[len(p.cur)-1])
		left := p.room.minus(p.used)
		if c, ok := a.costWithin(left, joined); ok {
			p.cur, p.used = append(p.cur, a), p.used.plus(c)
			return
		}
		_, alone := a.costWithin(p.room, false)
		if len(p.cur) > 0 && (alone || left.units < p.room.units/4) {
			p.flush()
			continue
		}
		head, tail := a.cut(left.minus(a.frameCost(joined)), len(p.cur) == 0)
		if len(head.spans) > 0 {
			p.cur = append(p.cur, head)
			p.cuts++
		}
		p.flush()
		if len(tail.spans) == 0 {
			return
		}
		a = tail
	}
}

// flush ends the message. A title at its end goes over to the next, unless
// that would leave nothing.
func (p *packer) flush() {
	n := len(p.cur)
	for n > 0 && p.cur[n-1].keep {
		n--
	}
	if n == 0 {
		n = len(p.cur)
	}
	rest := append([]piece(nil), p.cur[n:]...)
	if n > 0 {
		p.parts = append(p.parts, p.cur[:n:n])
	}
	p.cur, p.used = nil, cost{}
	for _, a := range rest {
		c, _ := a.costWithin(p.room, false)
		p.cur, p.used = append(p.cur, a), p.used.plus(c)
	}
}

// cut divides a piece so that its head fits in room: after a sentence, else
// where a line may break, else between graphemes. A link stays whole unless
// force is set because it alone is longer than a message; without force the
// head may be empty. The spans of the piece become those of the tail, for a
// long paragraph is cut often and copied only once.
func (a piece) cut(room cost, force bool) (head, tail piece) {
	if !a.owned {
		a.spans, a.owned = slices.Clone(a.spans), true
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

// trimStart and trimEnd remove white space in place.
func trimStart(spans []Span) []Span {
	for len(spans) > 0 {
		if spans[0].Text = strings.TrimLeft(spans[0].Text, " \n\u3000"); spans[0].Text != "" {
			break
		}
		spans = spans[1:]
	}
	return spans
}

func trimEnd(spans []Span) []Span {
	for len(spans) > 0 {
		last := &spans[len(spans)-1]
		if last.Text = strings.TrimRight(last.Text, " \n\u3000"); last.Text != "" {
			break
		}
		spans = spans[:len(spans)-1]
	}
	return spans
}

// window returns how many bytes of the piece's text fit in room.
func (a *piece) window(room cost) int {
	size := 0
	var used cost
	var open []tag
	for _, s := range a.spans {
		tags := tagsOf(s, a.shared)
		if a.frame == pre {
			tags = nil
		}
		used = used.plus(tagCost(s, tags, open))
		open = tags
		for i, r := range s.Text {
			n := utf8.RuneLen(r)
			next := used.plus(cost{units: Units(string(r)), markup: escapedLen(s.Text[i : i+n])})
			if !next.within(room) {
				return size + i
			}
			used = next
		}
		size += len(s.Text)
	}
	return size
}

// breakBefore returns the best place, as a byte offset, to break the text of
// spans at or before limit.
func breakBefore(spans []Span, limit int, lines, force bool) int {
	const lookAhead = 256 // bytes; enough to see whether a grapheme goes on
	text, inLink := windowText(spans, limit+lookAhead)
	sentence, word, grapheme, forced := 0, 0, 0, 0
	rest, pos, state := text, 0, -1
	for rest != "" {
		var cluster string
		var bounds int
		cluster, rest, bounds, state = uniseg.StepString(rest, state)
		if pos += len(cluster); pos > limit {
			break
		}
		forced = pos
		if inLink(pos) {
			continue
		}
		grapheme = pos
		mustBreak := bounds&uniseg.MaskLine == uniseg.LineMustBreak
		switch {
		case lines && mustBreak, !lines && (mustBreak || bounds&uniseg.MaskSentence != 0):
			sentence, word = pos, pos
		case bounds&uniseg.MaskLine != uniseg.LineDontBreak:
			word = pos
		}
	}
	switch {
	case sentence > limit/4:
		return sentence
	case word > limit/4 || word > 0 && force:
		return word
	case grapheme > 0:
		return grapheme
	case !force:
		return 0
	case forced > 0:
		return forced
	}
	// One grapheme is longer than a message: break it between characters.
	_, size := utf8.DecodeRuneInString(text)
	return max(runeStart(text, limit), size)
}

// linkRange is where, as byte offsets, a link stands in a text.
type linkRange struct {
	from, to int
	link     string
}

// windowText returns the first bytes of the text of spans, to the end of a
// character, and a function that tells whether an offset is within a link. The
// function is to be asked for growing offsets.
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

// runeStart returns the largest offset not above limit at which a character
// starts or the text ends.
func runeStart(text string, limit int) int {
	if limit >= len(text) {
		return len(text)
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return limit
}

// maxBalanced is how many parts are made equally long; where there are more,
// nobody minds a short last one.
const maxBalanced = 16

// split packs pieces and evens out the parts: as few as possible, and none much
// longer than the others.
func split(pieces []piece, room cost) *packer {
	best := pack(pieces, room)
	n := len(best.parts)
	if n < 2 || n > maxBalanced {
		return best
	}
	low, high := room.units/4, room.units
	for high-low > 64 {
		try := room
		try.units = (low + high) / 2
		if p := pack(pieces, try); len(p.parts) <= n && p.cuts <= best.cuts {
			best, high = p, try.units
		} else {
			low = try.units
		}
	}
	return best
}

// messages renders the parts of a section or the cover under a heading.
func messages(heading []Span, pieces []piece) ([]Message, int) {
	room := messageLimit.minus(headingCost(heading))
	p := split(pieces, room)
	parts := max(len(p.parts), 1)
	out := make([]Message, parts)
	for i := range out {
		line := heading
		if parts > 1 {
			line = append(heading[:len(heading):len(heading)], Span{Text: fmt.Sprintf(" (%d/%d)", i+1, parts)})
		}
		whole := []piece{{spans: line, shared: sharedStyle(line), group: -1}}
		if len(p.parts) > 0 {
			whole = append(whole, p.parts[i]...)
			whole[1].sep = "\n\n"
		}
		text := renderText(whole)
		out[i] = Message{Part: i + 1, Parts: parts, HTML: renderHTML(whole), Length: Units(text), Plain: renderPlain(whole)}
	}
	return out, p.cuts
}

// headingCost returns the room a heading takes with the widest part number and
// the empty line after it.
func headingCost(heading []Span) cost {
	line := append(heading[:len(heading):len(heading)], Span{Text: " (999999/999999)\n\n"})
	a := piece{spans: line, shared: sharedStyle(line)}
	c, _ := a.costWithin(messageLimit, false)
	return c
}

// Messages returns the issue as Telegram messages: the cover, then one message
// per section, or several parts of a long one, in order. A section with
// nothing in it has none. Every message is valid markup within Telegram's
// limits, and equal issues give equal messages.
func (i *Issue) Messages() []Message {
	out, _ := i.compose()
	return out
}

// Check returns all warnings for the editor: those of the parser and those
// that only splitting shows.
func (i *Issue) Check() []string {
	_, warnings := i.compose()
	return append(append([]string{}, i.Warnings...), warnings...)
}

func (i *Issue) compose() ([]Message, []string) {
	title := []Span{{Text: shorten(i.label(), 2*maxHeadingWidth), Style: Bold}}
	out, cuts := messages(title, i.composeCover())
	var warnings []string
	warn := func(name string) {
		if cuts > 0 {
			warnings = append(warnings, fmt.Sprintf("%s: a paragraph is longer than a message and was cut %d times", name, cuts))
		}
	}
	warn("cover")
	for n := range out {
		out[n].Cover = true
	}
	out[0].Image = i.Image
	for n := range i.Sections {
		s := &i.Sections[n]
		if s.empty() {
			continue
		}
		var parts []Message
		parts, cuts = messages(i.sectionHeading(s), composeSection(s))
		warn(fmt.Sprintf("section %q", s.Name))
		for k := range parts {
			parts[k].Section = s.Key
		}
		out = append(out, parts...)
	}
	return out, warnings
}
