package delivery

import (
	"context"
	"errors"

	"digestbot/bot/sender"
	"digestbot/subscribers"
)

// maxDetours is how often one message is sent somewhere else at most. A topic has one
// other place, and a group has one: more would go round in circles.
const maxDetours = 5

// refused acts on a response other than Sent.
func (c *courier) refused(ctx context.Context, r sender.Response) error {
	switch r.Kind {
	case sender.Uncertain, sender.Wait:
		return c.delivery.settle() // the next round repeats the message or gives it up
	case sender.Down, sender.Unauthorized, sender.Conflict:
		if c.retries.Hopeless() { // only this chat is not served
			return c.fail(ctx, subscribers.ReasonServerError)
		}
		return c.delivery.settle()
	case sender.Moved, sender.TopicGone:
		return c.elsewhere(ctx, r)
	case sender.Gone:
		return c.gone(ctx, r.Reason)
	case sender.NotAllowed, sender.NoPreview:
		return c.notAllowed(ctx, r.Reason)
	case sender.ContentFault:
		return c.unacceptable(ctx, r.Reason)
	default:
		return c.fail(ctx, r.Reason)
	}
}

// elsewhere sends the next message to where the chat is now.
func (c *courier) elsewhere(ctx context.Context, r sender.Response) error {
	if c.next.detours++; c.next.detours > maxDetours {
		return c.fail(ctx, subscribers.Reason(r.Kind))
	}
	if r.Kind == sender.TopicGone {
		return c.topicGone(ctx, r.Reason)
	}
	if err := c.b.sender.NoteMove(ctx, c.to.Chat.ID, r.MovedTo); err != nil {
		return err
	}
	return c.delivery.settle()
}

// fail ends the delivery for a reason that is doubtful if many fail for it.
func (c *courier) fail(ctx context.Context, reason subscribers.Reason) error {
	c.session.doubt(ctx, reason)
	err := c.end(ctx, subscribers.Failed, reason)
	if c.delivery.State == subscribers.Failed {
		c.complain(ctx, reason)
	}
	return err
}

func (c *courier) gone(ctx context.Context, reason subscribers.Reason) error {
	if err := c.b.store.MarkGone(ctx, c.to.Chat.ID, reason); err != nil {
		return err
	}
	if reason == subscribers.ReasonNotFound && !c.to.Unconfirmed { // of an import, many may never have started the bot
		c.session.doubt(ctx, reason)
	}
	return c.end(ctx, subscribers.Skipped, reason)
}

func (c *courier) notAllowed(ctx context.Context, reason subscribers.Reason) error {
	first, err := c.b.store.MarkRefused(ctx, c.delivery.SubscriberID, reason)
	if err != nil && !errors.Is(err, subscribers.ErrNotFound) { // it was forgotten meanwhile
		return err
	}
	if first {
		c.b.notify(ctx, Event{Kind: EventNotAllowed, Chat: c.to.Subscriber, Reason: string(reason)})
	}
	return c.end(ctx, subscribers.Skipped, reason)
}

// end settles all that is left of the delivery.
func (c *courier) end(ctx context.Context, state subscribers.DeliveryState, reason subscribers.Reason) error {
	d := &c.delivery
	if d.Attempts > 0 { // the message may have arrived before the chat was lost
		c.giveUp()
	}
	if d.end(state, reason) {
		c.b.log.Debug("a delivery ends early", "chat", c.to.Chat.ID, "issue", d.IssueID, "message", d.NextMessage+1, "state", state, "reason", reason)
	}
	return c.delivery.settle()
}
