package delivery

import "time"

// Telegram's limits for one chat (the Bots FAQ, and grammY's page on flood
// limits). They are not promised: a 429 is obeyed whatever stands here.
var (
	// About one message a second, short bursts tolerated. The burst is left to
	// answers; deliveries keep the second.
	privateLimit = limit{count: 3, window: 3 * time.Second}
	// 20 messages a minute; channels have no published figure and count as groups.
	groupLimit = limit{count: 20, window: time.Minute}
)

// chatSpacing is the time between two messages of a delivery to one chat.
const chatSpacing = time.Second

// limit allows count messages in any window.
type limit struct {
	count  int
	window time.Duration
}

// limitSlack is added to every window of a chat's limit: messages do not take
// equally long to arrive.
const limitSlack = 50 * time.Millisecond

// pace knows when the next message may go out. Times are passed in; it never
// looks at the clock and is not safe for concurrent use.
type pace struct {
	rate      float64       // messages per second now, at most full
	full      float64       // messages per second allowed
	unlimited bool          // no limits at all
	next      time.Time     // when the next slot is
	entered   ring          // when the last messages went out
	handover  time.Duration // the least it takes from handing a message over until it leaves
	hold      time.Time     // nothing goes out before
	dropped   time.Time     // when the rate fell last
	climbed   time.Time     // when the rate rose last
	chats     map[int64]*chatPace
	swept     time.Time
}

// chatPace is what the pace remembers of one chat.
type chatPace struct {
	sent ring
	last time.Time
	hold time.Time
}

// ring holds the times of the last len(times) messages.
type ring struct {
	times []time.Time
	at    int
}

// add records a message and returns its place in the ring.
func (r *ring) add(t time.Time) (place int) {
	place = r.at
	r.times[place] = t
	r.at = (r.at + 1) % len(r.times)
	return place
}

// oldest is the time of the message len(times) ago; zero: there was none.
func (r *ring) oldest() time.Time {
	return r.times[r.at]
}

func newPace(rate int) *pace {
	return &pace{
		rate:    float64(rate),
		full:    float64(rate),
		entered: ring{times: make([]time.Time, rate)},
		chats:   make(map[int64]*chatPace),
	}
}

// second is the time in which as many messages go out as Telegram allows in a
// second. It is longer by what messages differ in travel time, which grows with
// the number of them under way; so a second at Telegram's end never sees more
// than the limit. It costs 1.7 % of the budget at 30 messages a second, 4.3 % at
// 1000.
func (p *pace) second() time.Duration {
	return time.Second + p.slack()
}

func (p *pace) slack() time.Duration {
	return 16500*time.Microsecond + time.Duration(28.5*p.full)*time.Microsecond
}

// slot is the earliest time any message may go out.
func (p *pace) slot() time.Time {
	return later(p.next, p.hold)
}

// ready is the earliest time a message may go to the chat in this lane.
func (p *pace) ready(chat int64, l lane) time.Time {
	c := p.chats[chat]
	if c == nil || p.unlimited {
		return time.Time{}
	}
	at := c.hold
	if oldest := c.sent.oldest(); !oldest.IsZero() {
		at = later(at, oldest.Add(limitOf(chat).window+limitSlack))
	}
	if l == bulk {
		at = later(at, c.last.Add(chatSpacing+limitSlack))
	}
	return at
}

// limitOf returns the limit of a chat: people have positive ids, groups and
// channels negative ones (core.telegram.org/bots/api#chat).
func limitOf(chat int64) limit {
	if chat < 0 {
		return groupLimit
	}
	return privateLimit
}

// take uses a slot for a message to the chat.
func (p *pace) take(chat int64, now time.Time) {
	if p.unlimited {
		return
	}
	p.climb(now)
	// A little lost time is made up for, so that late timers do not cost rate;
	// enter sees to it that this never breaks the limit.
	interval := time.Duration(float64(p.second()) / p.rate)
	p.next = later(p.next, now.Add(-p.second()/10)).Add(interval)
	c := p.chat(chat)
	c.sent.add(now)
	c.last = now
	p.sweep(now)
}

// enter returns the time, now or a little later, at which a message that has
// its slot may be handed to the network, and its place for wrote.
func (p *pace) enter(now time.Time) (at time.Time, place int) {
	if p.unlimited {
		return now, 0
	}
	if oldest := p.entered.oldest(); !oldest.IsZero() {
		now = later(now, oldest.Add(time.Second+p.slack()*3/5-p.handover))
		p.next = later(p.next, now) // slots must not run ahead of what goes out
	}
	return now, p.entered.add(now)
}

// wrote notes when a message really left: on a busy machine that is some time
// after it was handed over, and a second is counted from the later moment. The
// time that every message takes between the two is no reason to wait, though.
func (p *pace) wrote(place int, at time.Time) {
	if p.unlimited {
		return
	}
	took := at.Sub(p.entered.times[place])
	if took < p.handover {
		p.handover = max(took, 0)
	} else {
		p.handover += (took - p.handover) / handoverMemory
	}
	p.entered.times[place] = later(p.entered.times[place], at)
}

// handoverMemory is over how many messages the least time between handing over
// and leaving is forgotten.
const handoverMemory = 1000

// holdChat lets nothing go to the chat before the time given.
func (p *pace) holdChat(chat int64, until time.Time) {
	c := p.chat(chat)
	c.hold = later(c.hold, until)
}

// holdAll lets nothing go out before the time given.
func (p *pace) holdAll(until time.Time) {
	p.hold = later(p.hold, until)
}

// How the rate gives way and recovers: it falls by a tenth for each incident
// and climbs by a hundredth of the full rate every five seconds.
const (
	rateDrop   = 0.9
	rateFloor  = 0.1 // of the full rate
	climbStep  = 0.01
	climbEvery = 5 * time.Second
	dropAtMost = 5 * time.Second // one incident, however many answers tell of it
)

// drop lowers the rate after Telegram made the whole bot wait.
func (p *pace) drop(now time.Time) {
	if now.Sub(p.dropped) < dropAtMost {
		return
	}
	p.rate = max(p.rate*rateDrop, p.full*rateFloor)
	p.dropped, p.climbed = now, now
}

func (p *pace) climb(now time.Time) {
	for p.rate < p.full && now.Sub(p.climbed) >= climbEvery {
		p.rate = min(p.rate+p.full*climbStep, p.full)
		p.climbed = p.climbed.Add(climbEvery)
	}
}

func (p *pace) chat(id int64) *chatPace {
	c := p.chats[id]
	if c == nil {
		c = &chatPace{sent: ring{times: make([]time.Time, limitOf(id).count)}}
		p.chats[id] = c
	}
	return c
}

// sweep forgets chats whose limits no longer matter.
func (p *pace) sweep(now time.Time) {
	if now.Sub(p.swept) < time.Second {
		return
	}
	p.swept = now
	for id, c := range p.chats {
		if now.Sub(c.last) > limitOf(id).window+limitSlack && now.After(c.hold) {
			delete(p.chats, id)
		}
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
