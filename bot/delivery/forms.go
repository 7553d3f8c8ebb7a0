package delivery

import (
	"context"
	"sync"

	"digestbot/bot/rendition"
	"digestbot/bot/sender"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// replacement is what goes out in the place of a message that Telegram refuses. Once it is
// accepted, it goes out to everybody, if the refusal concerns everybody.
type replacement struct {
	form     sender.Form
	sections bool               // in the place of the compact message
	issue    bool               // in the place of the headlines of a month
	reason   subscribers.Reason // of the first refusal, for the books
	words    string             // of Telegram, in the first refusal
	unknown  bool               // the words are not known, so they may be about the chat
}

// findings are the messages that a chat took only in a simpler form, for a reason that
// is not known. The fault may be the chat's. If a second chat finds the same, it is the
// message's.
type findings struct {
	mu    sync.Mutex
	chats map[finding]int64 // the first chat
	told  map[finding]bool  // admins know of the edition; position is 0
}

type finding struct {
	issue             int64
	edition, position int
}

func newFindings() *findings {
	return &findings{chats: make(map[finding]int64), told: make(map[finding]bool)}
}

// confirm reports whether another chat than this one has found the same.
func (f *findings) confirm(what finding, chat int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	first, found := f.chats[what]
	if !found {
		f.chats[what] = chat
	}
	return found && first != chat
}

// markTold reports whether admins are to be told of the edition. It does so once.
func (f *findings) markTold(what finding) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	what.position = 0
	if f.told[what] {
		return false
	}
	f.told[what] = true
	return true
}

// form returns the form of the next message.
func (c *courier) form(v rendition.View, position int) sender.Form {
	f := v.Form(position)
	if v.Layout != digest.LayoutCompact && v.Layout != digest.LayoutMonthly { // those are texts of their own
		f.Bare = f.Bare || c.next.replacement.form.Bare
		f.Plain = f.Plain || c.next.replacement.form.Plain
	}
	f.NoPreview = c.withoutPreview()
	return f
}

// withoutPreview reports whether the chat forbids link previews, or does not want them.
func (c *courier) withoutPreview() bool { return c.noPreview || c.to.NoPreviews }

// simplify finds a simpler form for the next message after a refusal of c.sending;
// false: there is none. A rich message only loses its keyboard here, see richRefused.
func (c *courier) simplify(r sender.Response, cause error) bool {
	switch {
	case r.Kind == sender.NoPreview && !c.sending.rich:
		c.noPreview = c.noPreview || c.sending.preview
		return c.sending.preview
	case c.sending.rich && !c.sending.canGoBare(r), !r.Simpler:
		return false
	case c.sending.layout == digest.LayoutMonthly: // a text that only this reader gets
		c.withoutMonth(r, cause)
		return true
	case c.sending.layout == digest.LayoutCompact:
		c.next.replacement.sections = true
	default:
		next, ok := c.sending.form.Simpler(r)
		if !ok {
			return false
		}
		c.next.replacement.form = next
	}
	if c.next.replacement.words == "" {
		c.next.replacement.reason, c.next.replacement.words, c.next.replacement.unknown = r.Reason, cause.Error(), r.Kind == sender.Refused
	}
	return true
}

// canGoBare reports whether what is refused is around the text, and can be left out.
func (o outgoing) canGoBare(refusal sender.Response) bool {
	return refusal.Kind == sender.ContentFault && !refusal.IsMarkupFault() && !o.form.Bare
}

// spread makes a message go out to everybody in the form that Telegram has just
// accepted, and tells admins of the first such message of an edition.
func (c *courier) spread(ctx context.Context, position int, instead replacement) error {
	if instead.words == "" {
		return nil
	}
	d := &c.delivery
	what := finding{d.IssueID, d.Edition, position}
	if instead.unknown && !c.b.findings.confirm(what, c.to.Chat.ID) {
		c.tell(ctx, position, instead, c.b.findings.markTold(what))
		return nil
	}
	if !c.messages.simplify(position, instead) { // another courier has done so
		return nil
	}
	first, err := c.keepSimpler(context.WithoutCancel(ctx), position, instead)
	if err != nil {
		return err
	}
	c.tell(ctx, position, instead, c.b.findings.markTold(what) && first)
	return nil
}

// keepSimpler records the form in which a message goes out from now on. first says
// whether it is the first such message of the edition.
func (c *courier) keepSimpler(ctx context.Context, position int, instead replacement) (first bool, err error) {
	d := &c.delivery
	if instead.sections {
		if first, err = c.b.store.RefuseCompact(ctx, d.IssueID, d.Edition, string(instead.reason)); err != nil {
			return false, err
		}
	}
	if how := instead.how(); how != (archive.Simpler{}) {
		noted, err := c.b.store.RefuseMessage(ctx, d.IssueID, d.Edition, position, how, string(instead.reason))
		return first || noted, err
	}
	return first, nil
}

// tell writes to the log that a message went out in a simpler form, and tells admins
// if it is the first.
func (c *courier) tell(ctx context.Context, position int, instead replacement, first bool) {
	issue, number := c.delivery.IssueID, 0
	if !instead.sections {
		number = position + 1
	}
	c.b.log.Warn("a message is refused, a simpler form goes out instead", "issue", issue, "message", number, "err", instead.words)
	if first {
		c.b.notify(context.WithoutCancel(ctx), Event{Kind: EventSimpler, Issue: issue, Message: number, Reason: instead.words})
	}
}

func (instead replacement) how() archive.Simpler {
	return archive.Simpler{Bare: instead.form.Bare, Plain: instead.form.Plain}
}

// unacceptable deals with a message that Telegram refuses in every form, and would
// refuse for everybody. The broadcast pauses, so that an admin looks at the message. If
// the broadcast goes on all the same, the delivery fails.
func (c *courier) unacceptable(ctx context.Context, reason subscribers.Reason) error {
	if c.session != nil && c.session.endsForContent(ctx) {
		c.b.pause(ctx, c.delivery.BroadcastID, subscribers.PauseReason{
			Kind: subscribers.PausedForContent, Number: c.delivery.NextMessage + 1, Detail: string(reason),
		})
	}
	if ctx.Err() != nil { // the session has ended, perhaps through another courier
		return c.delivery.settle()
	}
	return c.fail(ctx, reason)
}

// endsForContent ends the session, unless its broadcast was already paused for its content
// since the program started. It reports whether it ended the session. ctx is that of the
// session.
func (s *session) endsForContent(ctx context.Context) bool {
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	if ctx.Err() != nil || s.b.unaccepted[s.broadcast.ID] {
		return false
	}
	s.b.unaccepted[s.broadcast.ID] = true
	s.cancel()
	return true
}
