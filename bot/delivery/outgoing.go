package delivery

import (
	"cmp"
	"context"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/rendition"
	"digestbot/bot/sender"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// outgoing is the next message in the form in which Telegram gets it.
type outgoing struct {
	layout  digest.Layout
	form    sender.Form
	rich    bool
	last    int  // position of the last message whose content it has
	preview bool // of an address that we give
	hint    bool // as in Buttons
	call    func(context.Context) (*models.Message, error)
}

// layout returns the layout in which the delivery goes on: the one in which it began,
// or else the subscriber's. A delivery that began before there were layouts began in
// sections. If the compact message cannot be made, or Telegram refuses it, the sections
// take its place.
func (c *courier) layout() digest.Layout {
	switch {
	case c.delivery.Layout == "" && c.delivery.NextMessage > 0:
		return digest.LayoutSections
	case c.isMonthly():
		return digest.LayoutMonthly
	}
	layout := cmp.Or(c.delivery.Layout, c.to.Layout, c.b.config.Layout, digest.LayoutSections)
	layout = rendition.LayoutFor(c.list(), c.to, layout)
	if first := c.at(0); layout == digest.LayoutCompact && c.delivery.NextMessage == 0 &&
		(first.Headlines == "" || first.CompactRefused != "" || c.next.replacement.sections) {
		return digest.LayoutSections
	}
	return layout
}

// passRest settles the messages up to a position, whose content was in the one before.
// It is called at once: if Telegram refuses that form of it to another reader later on,
// this one must not get the content again.
func (c *courier) passRest(last int) {
	d := &c.delivery
	for d.State == subscribers.Pending && d.NextMessage <= last {
		if c.isMuted(d.NextMessage) {
			d.Muted++
		} else {
			d.Covered++
		}
		c.advance()
	}
}

// giveUp settles the next message, which may have arrived, with all of its content.
func (c *courier) giveUp() {
	last := c.reach()
	c.delivery.Uncertain++
	c.advance()
	c.passRest(last)
}

// view returns the issue as the recipient sees it.
func (c *courier) view(layout digest.Layout) rendition.View {
	return rendition.View{
		Texts: c.b.config.Texts, Messages: c.list(), To: c.to, Layout: layout, Issue: c.delivery.IssueID, Edition: c.delivery.Edition,
	}
}

// reach returns the position of the last message whose content the next one has.
func (c *courier) reach() int { return c.view(c.layout()).Reach(c.delivery.NextMessage) }

// outgoing returns the next message, for a thread.
func (c *courier) outgoing(ctx context.Context, thread int) (_ outgoing, err error) {
	o := outgoing{layout: c.layout()}
	position, v := c.delivery.NextMessage, c.view(o.layout)
	o.last, o.rich = v.Reach(position), v.IsRich(position)
	o.form = c.form(v, position)
	o.hint = v.IsLast(o.last) && !o.form.Bare && c.wantsHint(o.layout)
	var r rendition.Rendition
	if o.layout == digest.LayoutMonthly {
		o.form.NoPreview = true
		r, err = c.monthly(ctx, v.IsLast(o.last), o.hint)
	} else {
		r = v.Render(position, o.form, o.hint)
	}
	if err != nil {
		return o, err
	}
	p := &tg.SendMessageParams{
		ChatID:              c.to.Chat.ID,
		MessageThreadID:     thread,
		Text:                r.Text,
		ParseMode:           r.Mode,
		LinkPreviewOptions:  r.Preview,
		DisableNotification: c.to.Silent || !c.rings(o.last),
		AllowPaidBroadcast:  c.b.config.Paid,
	}
	if r.Keyboard != nil { // a nil pointer would be sent as one
		p.ReplyMarkup = r.Keyboard
	}
	o.preview = sender.Previews(p.LinkPreviewOptions)
	o.call = c.request(p, r.Rich, o.rich)
	return o, nil
}

// request returns the request that sends a message.
func (c *courier) request(p *tg.SendMessageParams, html string, rich bool) func(context.Context) (*models.Message, error) {
	if !rich {
		return func(ctx context.Context) (*models.Message, error) { return c.b.sender.API.SendMessage(ctx, p) }
	}
	return func(ctx context.Context) (*models.Message, error) {
		return c.b.sender.API.SendRichMessage(ctx, richly(p, rendition.Rich(html, c.messages.rightToLeft())))
	}
}

// richly returns p with a rich message instead of its text.
func richly(p *tg.SendMessageParams, rich models.InputRichMessage) *tg.SendRichMessageParams {
	return &tg.SendRichMessageParams{
		ChatID:              p.ChatID,
		MessageThreadID:     p.MessageThreadID,
		RichMessage:         rich,
		DisableNotification: p.DisableNotification,
		AllowPaidBroadcast:  p.AllowPaidBroadcast,
		ReplyMarkup:         p.ReplyMarkup,
	}
}

// richRefused makes the section go out as in the sections layout, to everybody from now
// on. Telegram, or a server too old for rich messages, has refused it.
func (c *courier) richRefused(ctx context.Context, cause error) error {
	d := &c.delivery
	position := d.NextMessage
	if sender.IsUnknownMethod(cause) { // the server refuses all of them
		position = archive.AllMessages
	}
	if c.messages.refuseRich(position, cause.Error()) { // otherwise another courier has done so
		first, err := c.b.store.RefuseRich(context.WithoutCancel(ctx), d.IssueID, d.Edition, position, cause.Error())
		if err != nil {
			return err
		}
		c.b.log.Warn("a rich message is refused, the sections go out instead", "issue", d.IssueID, "err", cause)
		if first {
			c.b.notify(ctx, Event{Kind: EventRichRefused, Issue: d.IssueID, Reason: cause.Error()})
		}
	}
	return c.delivery.settle()
}

// wantsHint reports whether a person who chose no layout, and was not told yet that there
// are others, gets so many messages in this one that it is time. The hint is a button
// under the last of them, because a message of its own would be one more, for everybody.
func (c *courier) wantsHint(layout digest.Layout) bool {
	if c.to.Kind != subscribers.Private || c.to.Layout != "" || c.to.LayoutAdvice == subscribers.LayoutHinted {
		return false
	}
	n := rendition.CountMessages(c.list(), c.to, layout)
	return digest.LayoutAuto.For(n) != digest.LayoutSections
}

// hinted notes that a chat has the hint.
func (c *courier) hinted(ctx context.Context) error {
	if !c.sending.hint || c.trial != nil {
		return nil
	}
	return c.b.store.NoteLayoutAdvice(context.WithoutCancel(ctx), c.delivery.SubscriberID, subscribers.LayoutHinted)
}
