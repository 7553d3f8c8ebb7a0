package digest

// Limits of one message. What a message may hold is counted after parsing;
// the sizes below 32,768 and 10,000 bytes leave a reserve, because Telegram
// states neither exactly.
const (
	maxMessageUnits  = 4096  // UTF-16 code units, core.telegram.org/bots/api#sendmessage
	maxEntities      = 100   // more lose their formatting silently, those Telegram finds by itself included
	maxMarkupBytes   = 32000 // the text argument is refused above 32,768 (tdlib/telegram-bot-api)
	maxEntitiesBytes = 9000  // ENTITIES_TOO_LONG above about 10,000, addresses included
	entityBytes      = 12    // constructor, offset and length of one entity on the wire
)

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
	var t tally
	for _, s := range a.spans {
		if len(s.Text) > 3*room.units { // a unit is at most three bytes
			return total, false
		}
		tags, searched := a.tagsOf(s)
		total = total.plus(cost{units: Units(s.Text), markup: escapedLen(s.Text)}).plus(t.enter(s, tags))
		if !total.within(room) {
			return total, false
		}
		if searched {
			total = total.plus(t.text(s.Text, tags))
		}
	}
	return total, total.within(room)
}

// tagsOf returns the tags of one of the piece's spans, and whether Telegram looks for
// entities within them.
func (a *piece) tagsOf(s Span) (tags []tag, searched bool) {
	if a.frame == pre {
		return nil, false
	}
	tags = tagsOf(s, a.shared)
	return tags, isSearched(tags)
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
