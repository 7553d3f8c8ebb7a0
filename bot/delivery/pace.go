package delivery

import "time"

// pace knows when the next message may go out. Times are passed in; it never
// looks at the clock and is not safe for concurrent use.
//
// What Telegram counts is when messages arrive, which nobody here sees. It is
// known only within bounds: a message arrives before its answer comes, by the
// way back at the least; and one that is about to go out will not arrive before
// the way there is over. Both ways together take at least the shortest round trip
// seen. So a message no longer counts once its answer came a window minus that
// round trip ago, and it counts as long as it has no answer. This is as safe as the
// shortest round trip is known, and costs no more than what round trips differ.
type pace struct {
	rate      float64 // messages per second now, at most full
	full      float64 // messages per second allowed
	unlimited bool    // no limits at all
	trips     roundTrips
	next      time.Time   // when the next slot is
	underWay  int         // messages without an answer
	answered  []time.Time // when the answers came that still count, oldest first
	hold      time.Time   // nothing goes out before
	recovery  recovery    // how the rate climbs back
	chats     map[int64]*chatPace
	swept     time.Time
}

// flight is a message from when it has its slot until its answer is there.
type flight struct {
	chat     int64
	left     time.Time
	answered time.Time // zero: it has no answer yet
}

func newPace(rate int) *pace {
	return &pace{rate: float64(rate), full: float64(rate), chats: make(map[int64]*chatPace)}
}

// second is the window in which as many messages may arrive as Telegram allows
// in a second.
const second = time.Second

// slot is the earliest time any message may go out; ok is false when that is not
// known before an answer comes.
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

// maxBunch is how much lost time is made up for at once, so that late timers do
// not cost rate.
const maxBunch = 100 * time.Millisecond

// land notes that the answer of a message came, or that there will be none. With
// heard it was an answer, and its round trip counts. It reports whether this is new:
// only the first call for a message matters.
func (p *pace) land(f *flight, now time.Time, heard bool) bool {
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

// holdAll lets nothing go out before the time given.
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
