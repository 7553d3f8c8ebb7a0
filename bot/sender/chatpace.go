package sender

import (
	"slices"
	"time"
)

// Telegram's limits for one chat (from the Bots FAQ, and grammY's page on flood limits).
// Telegram does not promise them: a 429 is obeyed whatever they say.
var (
	// About one message a second in any chat; short bursts are tolerated. Only answers
	// use the burst, deliveries keep to one a second.
	chatLimit = limit{count: 3, window: 3 * time.Second}
	// 20 messages a minute in a group. For channels no figure is published; they count
	// as groups.
	groupLimit = limit{count: 20, window: time.Minute}
)

// chatSpacing is the time between two messages of a delivery to one chat.
const chatSpacing = time.Second

// limit allows count messages in any window.
type limit struct {
	count  int
	window time.Duration
}

// isGroup reports whether a chat is a group or channel: their ids are negative, those
// of people positive (core.telegram.org/bots/api#chat).
func isGroup(chat int64) bool { return chat < 0 }

// windowOf returns how long a message to the chat may count against one of its limits.
func windowOf(chat int64) time.Duration {
	if isGroup(chat) {
		return groupLimit.window
	}
	return chatLimit.window
}

// chatPace is what the pace remembers of one chat.
type chatPace struct {
	recent []*flight // messages that may still count, in the order of their slots
	hold   time.Time // nothing goes to the chat before
}

func (p *pace) chat(id int64) *chatPace {
	c := p.chats[id]
	if c == nil {
		c = &chatPace{}
		p.chats[id] = c
	}
	return c
}

// ready returns the earliest time at which a message may go to the chat in this lane.
func (p *pace) ready(chat int64, l Lane, now time.Time) time.Time {
	c := p.chats[chat]
	if c == nil || p.unlimited {
		return time.Time{}
	}
	at := latest(c.hold, p.room(c, chatLimit, now))
	if isGroup(chat) {
		at = latest(at, p.room(c, groupLimit, now))
	}
	if n := len(c.recent); (l == Bulk || l == Revisions) && n > 0 {
		at = latest(at, p.clear(c.recent[n-1], chatSpacing, now))
	}
	return at
}

// room returns when a limit of the chat has room; zero: it has room now.
func (p *pace) room(c *chatPace, l limit, now time.Time) (at time.Time) {
	counting := 0
	for _, f := range c.recent {
		clear := p.clear(f, l.window, now)
		if !clear.After(now) {
			continue
		}
		if counting++; at.IsZero() || clear.Before(at) {
			at = clear
		}
	}
	if counting < l.count {
		return time.Time{}
	}
	return at
}

// askAgain is the wait before the next look if only an answer can make a difference.
const askAgain = 20 * time.Millisecond

// clear returns when a message no longer counts against a window of its chat, or when to
// look again. It counts from the answer, however long that took to come back. The windows
// are long and the chats many, so this costs next to nothing.
func (p *pace) clear(f *flight, window time.Duration, now time.Time) time.Time {
	if f.answered.IsZero() {
		return latest(f.left.Add(window), now.Add(askAgain))
	}
	return f.answered.Add(window)
}

// counts reports whether a message may still count against a limit of its chat.
func (p *pace) counts(f *flight, now time.Time) bool {
	return p.clear(f, windowOf(f.chat), now).After(now)
}

// note remembers a message to the chat.
func (p *pace) note(f *flight, now time.Time) {
	c := p.chat(f.chat)
	c.recent = slices.DeleteFunc(c.recent, func(f *flight) bool { return !p.counts(f, now) })
	c.recent = append(c.recent, f)
}

// remove forgets a message that was not sent.
func (c *chatPace) remove(f *flight) {
	c.recent = slices.DeleteFunc(c.recent, func(g *flight) bool { return f == g })
}

// holdChat lets nothing go to the chat before until.
func (p *pace) holdChat(chat int64, until time.Time) {
	c := p.chat(chat)
	c.hold = latest(c.hold, until)
}

// sweep forgets the chats whose limits no longer matter.
func (p *pace) sweep(now time.Time) {
	if now.Sub(p.swept) < time.Second {
		return
	}
	p.swept = now
	for id, c := range p.chats {
		counts := func(f *flight) bool { return p.counts(f, now) }
		if now.After(c.hold) && !slices.ContainsFunc(c.recent, counts) {
			delete(p.chats, id)
		}
	}
}
