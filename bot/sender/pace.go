package sender

import "time"

// pace knows when the next message may go out. Times are passed in; it never
// looks at the clock and is not safe for concurrent use.
//
// Telegram counts when messages arrive, which is known here only within bounds. A
// message arrives before its answer comes, by at least the way back. A message that is
// about to go out arrives later, by at least the way there. Both ways together take at
// least the shortest round trip seen. So a message counts as long as it has no answer,
// and then until its answer came a window minus that round trip ago. This is as safe as
// the shortest round trip is known, and costs no more than round trips differ.
type pace struct {
	rate      float64 // messages per second now, at most full
	full      float64 // messages per second allowed
	unlimited bool    // no limits at all
	trips     roundTrips
	next      time.Time   // when the next slot is
	underWay  int         // messages without an answer
	answered  []time.Time // when the answers of messages came that still count, oldest first
	hold      time.Time   // nothing goes out before
	recovery  recovery    // how the rate climbs back
	chats     map[int64]*chatPace
	swept     time.Time
}

// flight is a message from the time it gets its slot to the time its answer comes.
type flight struct {
	chat     int64
	left     time.Time
	answered time.Time // zero: it has no answer yet
}

func newPace(rate int) *pace {
	return &pace{rate: float64(rate), full: float64(rate), chats: make(map[int64]*chatPace)}
}

// second is the window for the limit of the whole bot, which is given in messages per
// second.
const second = time.Second

// slot returns the earliest time at which any message may go out; ok is false if that is
// not known before an answer comes.
func (p *pace) slot(now time.Time) (at time.Time, ok bool) {
	at = latest(p.next, p.hold)
	if p.unlimited {
		return at, true
	}
	p.forget(now)
	if p.underWay+len(p.answered) < int(p.full) {
		return at, true
	}
	if len(p.answered) == 0 {
		return time.Time{}, false
	}
	return latest(at, p.trips.clear(p.answered[0], second)), true
}

// forget drops the answers of messages that no longer count.
func (p *pace) forget(now time.Time) {
	n := 0
	for n < len(p.answered) && !p.trips.clear(p.answered[n], second).After(now) {
		n++
	}
	p.answered = p.answered[n:]
}

// take uses a slot for a message to the chat.
func (p *pace) take(chat int64, now time.Time) *flight {
	f := &flight{chat: chat, left: now}
	if p.unlimited {
		return f
	}
	p.rate = p.recovery.climb(p.rate, p.full, now)
	p.next = latest(p.next, now.Add(-maxBunch)).Add(time.Duration(float64(time.Second) / p.rate))
	p.underWay++
	p.note(f, now)
	p.sweep(now)
	return f
}

// maxBunch is how much lost time is made up for at once, so that late timers do not lower
// the rate.
const maxBunch = 100 * time.Millisecond

// noteAnswered notes that the answer to a message has come (heard), or that there will be
// none. The round trip of an answer counts. Only the first call for a message matters:
// noteAnswered reports whether this is the first.
func (p *pace) noteAnswered(f *flight, now time.Time, heard bool) bool {
	if !f.answered.IsZero() || p.unlimited {
		return false
	}
	f.answered = now
	p.underWay--
	p.answered = append(p.answered, now)
	if heard {
		p.trips.add(now, now.Sub(f.left))
	}
	return true
}

// giveBack returns the slot of a message that was not sent after all, and reports
// whether it had one.
func (p *pace) giveBack(f *flight) bool {
	if !f.answered.IsZero() || p.unlimited {
		return false
	}
	f.answered = f.left
	p.underWay--
	if c := p.chats[f.chat]; c != nil {
		c.remove(f)
	}
	return true
}

// holdAll lets nothing go out before until.
func (p *pace) holdAll(until time.Time) {
	p.hold = latest(p.hold, until)
}

// drop lowers the rate after Telegram made the whole bot wait.
func (p *pace) drop(now time.Time) {
	p.rate = p.recovery.drop(p.rate, p.full, now)
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
