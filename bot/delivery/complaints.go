package delivery

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"digestbot/bot/sender"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// Bounds for what is said of refusals. An issue that Telegram refuses for everybody is
// refused a hundred thousand times, and the reason may be in other words each time.
const (
	complaintLines = 20 // lines in the log for an issue and a reason in a minute; the rest goes to the debug log
	complaintKinds = 20 // reasons that are counted apart for an issue
)

// complaints counts what Telegram refuses, so that admins hear of each kind of refusal
// once.
type complaints struct {
	mu     sync.Mutex
	issues map[int64]map[subscribers.Reason]*complaint // by issue and reason
}

type complaint struct {
	minute  time.Time // the beginning of the minute in which lines were written
	lines   int
	leftOut int // lines left out since the last one
}

func newComplaints() *complaints {
	return &complaints{issues: make(map[int64]map[subscribers.Reason]*complaint)}
}

// note counts a refusal. first says whether it is the first of its kind, and say
// whether it goes to the log. leftOut is how many did not since the last that did.
func (cs *complaints) note(issue int64, reason subscribers.Reason, at time.Time) (first, say bool, leftOut int) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	kinds := cs.issues[issue]
	if kinds == nil {
		kinds = make(map[subscribers.Reason]*complaint)
		cs.issues[issue] = kinds
	}
	if len(kinds) >= complaintKinds && kinds[reason] == nil {
		reason = "" // all other reasons
	}
	k, known := kinds[reason]
	if !known {
		k = &complaint{}
		kinds[reason] = k
	}
	if at.Sub(k.minute) >= time.Minute {
		k.minute, k.lines = at, 0
	}
	if k.lines >= complaintLines {
		k.leftOut++
		return !known, false, 0
	}
	k.lines++
	leftOut, k.leftOut = k.leftOut, 0
	return !known, true, leftOut
}

// forget forgets the refusals of an issue: the next one is the first of its kind again.
func (cs *complaints) forget(issue int64) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	delete(cs.issues, issue)
}

// Retry tries the failed deliveries of an issue again: those that readers asked for and,
// unless broadcast is 0, those of that broadcast, which start after the next
// [Broadcaster.Wake]. It returns how many deliveries go on.
func (b *Broadcaster) Retry(ctx context.Context, issue, broadcast int64, by subscribers.Actor) (n int, err error) {
	if broadcast != 0 {
		n, err = b.store.RetryFailed(ctx, broadcast, by)
	} else {
		n, err = b.store.RetryRequests(ctx, issue, by)
	}
	if n > 0 {
		b.complaints.forget(issue)
		b.resume()
	}
	return n, err
}

// NoteRefusal notes that Telegram refused a message of an issue that was sent as an
// answer. It tells admins, unless they know of the reason already.
func (b *Broadcaster) NoteRefusal(ctx context.Context, issue int64, message int, err error) {
	if first, _, _ := b.complaints.note(issue, sender.Classify(err).Reason, time.Now()); first {
		b.notify(ctx, Event{Kind: EventFailed, Issue: issue, Message: message, Reason: err.Error(), First: true})
	}
}

// complain tells the log that the delivery has failed, and also the reader who asked
// for it, and the admins if this is the first refusal of its kind.
func (c *courier) complain(ctx context.Context, reason subscribers.Reason) {
	d := &c.delivery
	first, say, leftOut := c.b.complaints.note(d.IssueID, reason, time.Now())
	facts := []any{"chat", c.to.Chat.ID, "issue", d.IssueID, "message", d.NextMessage + 1, "reason", reason, "err", c.words}
	level := slog.LevelDebug
	if say {
		level = slog.LevelWarn
	}
	if leftOut > 0 {
		facts = append(facts, "left_out", leftOut)
	}
	c.b.log.Log(ctx, level, "a message is refused, and the rest of the issue is not sent", facts...)
	asked := c.urgent.Load()
	if !asked && !first {
		return
	}
	c.b.notify(ctx, Event{
		Kind: EventFailed, Broadcast: subscribers.Broadcast{ID: d.BroadcastID}, Chat: c.to.Subscriber, Issue: d.IssueID, Message: d.NextMessage + 1, Reason: c.words,
		Asked: asked, Missing: c.missing(), Partly: d.hasBegun(), First: first, Kept: !d.volatile,
	})
}

// missing returns the first messages of the sections that do not arrive, or not in
// full.
func (c *courier) missing() []archive.Message {
	var all []archive.Message
	for p := c.delivery.NextMessage; p < c.messages.len(); p++ {
		m := *c.at(p)
		known := slices.ContainsFunc(all, func(o archive.Message) bool { return o.SectionID == m.SectionID })
		if m.SectionID != 0 && !known && !c.to.Mutes(m) {
			all = append(all, m)
		}
	}
	return all
}
