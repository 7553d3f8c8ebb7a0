package delivery

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"sync/atomic"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/sender"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// maxAttempts is how often a message is handed to the network if no answer comes.
// It may have arrived, so it is repeated only once. The books count it as uncertain
// either way.
const maxAttempts = 2

// courier carries one delivery from where it stands to its end.
type courier struct {
	b         *Broadcaster
	session   *session    // of the broadcast; nil: a reader asked for the issue
	urgent    atomic.Bool // somebody is waiting for it
	messages  *messages
	own       ownMessages // what the recipient gets of them; see list
	delivery  record
	to        subscribers.Recipient
	seen      uint64         // PreferenceChanges at the time when to was read
	sending   outgoing       // the last attempt
	noTopic   int64          // a section that has no topic, or has lost it: all of it goes to where the subscriber is
	retries   sender.Retries // how often the next message has failed
	words     string         // of Telegram, in the last error
	noPreview bool           // the chat forbids link previews
	over      func()         // called when the delivery is no longer carried; may be nil
	trial     *Trial         // nil: it is a delivery
	next      nextMessage
}

// nextMessage is what the next message has met with so far.
type nextMessage struct {
	due         time.Time   // when it first asked for a slot: a message that Telegram makes wait keeps its rank
	detours     int         // how often it was sent somewhere else
	replacement replacement // what goes out in its place, if Telegram has refused it
}

func (c *courier) lane() sender.Lane {
	if c.urgent.Load() {
		return sender.Interactive
	}
	return sender.Bulk
}

// carry delivers until the delivery is over or ctx is done. In the second case the
// delivery stays pending and goes on another time. An error comes from the database,
// or wraps ErrFatal.
func (c *courier) carry(ctx context.Context) error {
	err := c.carryOn(ctx)
	return cmp.Or(c.delivery.finish(), err)
}

func (c *courier) carryOn(ctx context.Context) error {
	d := &c.delivery
	for d.State == subscribers.Pending {
		if err := c.refresh(ctx); err != nil {
			return err
		}
		if why := c.skipReason(); why != "" {
			return c.end(ctx, subscribers.Skipped, why)
		}
		if c.isAllMuted() {
			return c.end(ctx, subscribers.Skipped, subscribers.ReasonMuted)
		}
		c.passOver()
		if d.State != subscribers.Pending {
			return c.delivery.settle()
		}
		if err := c.delivery.waitForDatabase(ctx); err != nil {
			return err
		}
		if err := c.sendNext(ctx); err != nil {
			return err
		}
	}
	return nil
}

// refresh reads the subscriber's preferences again when any have changed.
func (c *courier) refresh(ctx context.Context) error {
	changes := c.b.store.PreferenceChanges()
	if changes == c.seen && c.to.Subscriber.ID != 0 {
		return nil
	}
	to, err := c.b.store.Recipient(ctx, c.delivery.SubscriberID)
	if errors.Is(err, subscribers.ErrNotFound) {
		// It was forgotten: its row is gone as well, and the books know.
		c.delivery.State = subscribers.Skipped
		return nil
	}
	if err != nil {
		return err
	}
	if c.delivery.Attempts > 0 && c.to.Subscriber.ID != 0 {
		to.Topics = c.to.Topics // what may have arrived together is repeated together
	}
	if c.trial != nil && c.trial.As != nil {
		c.trial.As(&to)
	}
	c.to, c.seen = to, changes
	return nil
}

// skipReason returns why the rest is to be skipped; empty: the recipient is to get the
// next message. A reader who asked for the issue gets it, whether or not a broadcast would
// bring it.
func (c *courier) skipReason() subscribers.Reason {
	if c.urgent.Load() && c.to.State != subscribers.Gone {
		return ""
	}
	return c.to.SkipReason(c.delivery.Delivery)
}

// passOver settles the next messages as long as they are of muted sections. A message
// that may have been sent already is not passed over.
func (c *courier) passOver() {
	d := &c.delivery
	if d.Attempts >= maxAttempts || d.Attempts > 0 && c.isNextMuted() {
		c.giveUp()
	}
	for d.State == subscribers.Pending && d.Attempts == 0 && c.isMuted(d.NextMessage) {
		d.Muted++
		c.advance()
	}
}

// isMuted reports whether a message is of a section that is switched off.
func (c *courier) isMuted(position int) bool { return c.to.Mutes(*c.at(position)) }

// isNextMuted reports whether the next message is switched off: its section or, if it may
// have arrived, all sections that it was sent with.
func (c *courier) isNextMuted() bool {
	last := c.delivery.NextMessage
	if c.delivery.Attempts > 0 {
		last = c.reach()
	}
	for p := c.delivery.NextMessage; p <= last; p++ {
		if !c.isMuted(p) {
			return false
		}
	}
	return true
}

// isAllMuted reports whether nothing of the issue has gone out, and nothing but its
// cover would. A reader who switched all sections off does not want the cover either,
// unless they ask for it.
func (c *courier) isAllMuted() bool {
	asked := c.urgent.Load() || c.delivery.BroadcastID == 0
	if asked || c.delivery.NextMessage > 0 || c.delivery.Attempts > 0 {
		return false
	}
	last := c.at(c.messages.len() - 1)
	if last.SectionID == 0 { // the issue is all cover
		return false
	}
	return !slices.ContainsFunc(c.list(), func(m archive.Message) bool {
		return m.SectionID != 0 && !c.to.Mutes(m)
	})
}

// isWanted reports whether the next message is still to be sent.
func (c *courier) isWanted() bool {
	return c.delivery.State == subscribers.Pending && c.skipReason() == "" && !c.isNextMuted()
}

// advance moves on to the next message; after the last the delivery is done.
func (c *courier) advance() {
	c.delivery.advance()
	c.next = nextMessage{}
}

// sendNext sends the next message and settles what became of it.
func (c *courier) sendNext(ctx context.Context) error {
	if err := c.retries.Wait(ctx); err != nil {
		return err
	}
	thread, err := c.thread(ctx)
	if err != nil {
		return err
	}
	slot, err := c.b.sender.Acquire(ctx, c.lane(), c.to.Chat.ID, c.rank())
	if err != nil {
		return err
	}
	defer slot.End()
	// The wait for the slot may have been long: what the reader has changed since then
	// counts.
	if err := c.refresh(ctx); err != nil || !c.isWanted() {
		return err
	}
	if c.sending, err = c.outgoing(ctx, thread); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return c.send(ctx, slot)
}

// rank returns the rank of the next message in its lane. A message that a crash cut
// off goes first, or the next crash might cut it off again.
func (c *courier) rank() sender.Rank {
	if c.next.due.IsZero() {
		c.next.due = time.Now()
	}
	r := sender.Rank{Since: c.next.due}
	switch {
	case c.delivery.Attempts > 0:
		r.More = math.MaxInt
	case c.lane() == sender.Bulk:
		r.More = c.messages.len() - c.delivery.NextMessage
	}
	return r
}

// send sends what was prepared in c.sending, and settles what became of it.
func (c *courier) send(ctx context.Context, slot *sender.Slot) error {
	slot.Before = func() error { return c.delivery.attempt(c.sending.layout) }
	var sent *models.Message
	err := slot.Call(ctx, func(ctx context.Context) (err error) {
		sent, err = c.sending.call(ctx)
		return err
	})
	if slot.Err != nil { // the disk failed; nothing was sent
		c.delivery.Attempts--
		return slot.Err
	}
	r := sender.Classify(err)
	if err != nil {
		c.words = err.Error()
	}
	switch {
	case !slot.Left:
		r = r.Unsent()
	case r.Kind != sender.Sent && r.Kind != sender.Uncertain:
		c.delivery.Attempts-- // it certainly did not arrive
	}
	if c.sending.rich && r.IsRefusal() && !c.sending.canGoBare(r) {
		return c.richRefused(ctx, err)
	}
	c.b.sender.Learn(ctx, c.to.Chat.ID, &c.retries, r, err)
	if c.simplify(r, err) {
		return c.delivery.settle()
	}
	if c.sending.rich && (r.Kind == sender.NotAllowed || r.Kind == sender.NoPreview) { // perhaps only pictures are not allowed: a text will show
		c.delivery.Layout = digest.LayoutSections
		return c.delivery.settle()
	}
	if r.Kind == sender.Sent {
		if err != nil {
			c.b.log.Warn("a message was deleted as soon as it was sent, by a bot that watches over the chat", "chat", c.to.Chat.ID, "err", err)
		}
		return c.accepted(ctx, sent)
	}
	return c.refused(ctx, r)
}

// accepted records a message that Telegram has taken. A message that was deleted at
// once has no id.
func (c *courier) accepted(ctx context.Context, sent *models.Message) error {
	position, instead := c.delivery.NextMessage, c.next.replacement
	if sent == nil {
		sent = &models.Message{}
	}
	c.delivery.accept(sent.ID, c.to)
	c.session.reassure()
	c.advance()
	c.passRest(c.sending.last)
	err := errors.Join(c.delivery.settle(), c.spread(ctx, position, instead), c.hinted(ctx))
	if err != nil || c.to.Refusals == 0 {
		return err
	}
	return c.b.store.MarkAllowed(ctx, c.delivery.SubscriberID)
}
