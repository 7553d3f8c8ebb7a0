package digest

// packer fills messages with pieces, each message as far as there is room.
type packer struct {
	room  cost // of one message
	parts [][]piece
	cur   []piece
	used  cost
	cuts  int // pieces that had to be cut
}

// pack divides pieces into messages that each fit in room: between items; if an
// item does not fit in a message, between its paragraphs; else within them.
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

// fits returns what the message would cost with pieces added, and whether they
// fit.
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

// add adds one piece, and cuts it if it fits in no message.
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

// flush ends the message. A title at its end goes to the next message, unless
// nothing else would be left.
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

// maxBalanced is the most parts that are evened out. If there are more, nobody
// minds that the last is short.
const maxBalanced = 16

// torn returns how many items are divided between two parts.
func (p *packer) torn() int {
	n := 0
	for _, part := range p.parts[1:] {
		if !part[0].start {
			n++
		}
	}
	return n
}

// split packs pieces into as few parts as possible, none of them much longer
// than the others if no item is torn for it.
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
		if p := pack(pieces, try); len(p.parts) <= n && p.cuts <= best.cuts && p.torn() <= best.torn() {
			best, high = p, try.units
		} else {
			low = try.units
		}
	}
	return best
}
