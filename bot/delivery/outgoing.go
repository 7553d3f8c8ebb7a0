package delivery

import (
	"cmp"
	"context"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/sender"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// Buttons is what the buttons under a message of an issue depend on.
type Buttons struct {
	To      subscribers.Recipient
	Issue   int64
	Edition int
	// Unfolds are, in the compact layout, the first messages of the sections whose
	// headlines are in the message.
	Unfolds []archive.Message
	Month   []archive.Issue // in the monthly layout, the issues whose headlines are in the message
	Last    bool            // no message of the issue follows
	Hint    bool            // the chat is to be told that there are layouts of fewer messages
}

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
	layout = LayoutFor(c.list(), c.to, layout)
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

// isLast reports whether no message of the issue follows the one that ends at a position.
func (c *courier) isLast(last int) bool {
	for p := last + 1; p < c.messages.len(); p++ {
		if !c.isMuted(p) {
			return false
		}
	}
	return true
}

// outgoing returns the next message, for a thread.
func (c *courier) outgoing(ctx context.Context, thread int) (_ outgoing, err error) {
	o := outgoing{layout: c.layout(), last: c.reach()}
	m := c.cover(c.at(c.delivery.NextMessage))
	if o.layout == digest.LayoutSections {
		m = c.shared(m, o.last)
	}
	o.form = c.form(m)
	p := &tg.SendMessageParams{
		ChatID:              c.to.Chat.ID,
		MessageThreadID:     thread,
		Text:                m.HTML,
		ParseMode:           models.ParseModeHTML,
		LinkPreviewOptions:  PreviewOf(*m, c.to.Subscriber),
		DisableNotification: c.to.Silent || !c.rings(o.last),
		AllowPaidBroadcast:  c.b.config.Paid,
	}
	buttons := Buttons{To: c.to, Issue: c.delivery.IssueID, Edition: c.delivery.Edition, Last: c.isLast(o.last)}
	o.hint = buttons.Last && !o.form.Bare && c.wantsHint(o.layout)
	buttons.Hint = o.hint
	switch {
	case o.layout == digest.LayoutRich && m.Rich != "" && m.RichRefused == "":
		o.rich = true
	case o.layout == digest.LayoutCompact:
		p.Text, buttons.Unfolds = Compact(c.list(), c.to, c.b.config.HiddenLine)
		o.form = sender.Form{NoPreview: c.withoutPreview()}
	case o.layout == digest.LayoutMonthly:
		if p.Text, buttons.Month, err = c.monthly(ctx); err != nil {
			return o, err
		}
		o.form = sender.Form{NoPreview: true}
	case o.form.Plain:
		p.Text, p.ParseMode = m.Plain, ""
	}
	if !o.form.Bare {
		c.attach(p, buttons)
	}
	if o.form.Bare || o.form.NoPreview {
		p.LinkPreviewOptions = sender.WithoutPreview()
	}
	o.preview = sender.Previews(p.LinkPreviewOptions)
	o.call = c.request(p, m, o.rich)
	return o, nil
}

// request returns the request that sends a message.
func (c *courier) request(p *tg.SendMessageParams, m *archive.Message, rich bool) func(context.Context) (*models.Message, error) {
	if !rich {
		return func(ctx context.Context) (*models.Message, error) { return c.b.sender.API.SendMessage(ctx, p) }
	}
	return func(ctx context.Context) (*models.Message, error) {
		return c.b.sender.API.SendRichMessage(ctx, richly(p, models.InputRichMessage{
			HTML: m.Rich, IsRTL: c.messages.rightToLeft(), SkipEntityDetection: true,
		}))
	}
}

// attach puts buttons under a message, if there are any.
func (c *courier) attach(p *tg.SendMessageParams, buttons Buttons) {
	if c.b.config.Keyboard == nil {
		return
	}
	if k := sender.Keyboard(c.b.config.Keyboard(buttons)); len(k.InlineKeyboard) > 0 {
		p.ReplyMarkup = k
	}
}

// cover returns a message as the recipient gets it: a cover names only the sections that
// come to them.
func (c *courier) cover(m *archive.Message) *archive.Message {
	if m.List.IsZero() || len(c.to.Muted) == 0 && !c.to.MutesOther && len(c.to.Words) == 0 {
		return m
	}
	theirs := *m
	theirs.HTML = m.List.HTML.Renamed(m.HTML, c.nameOnCover)
	theirs.Plain = m.List.Plain.Renamed(m.Plain, c.nameOnCover)
	theirs.Rich = m.List.Rich.Renamed(m.Rich, c.nameOnCover)
	return &theirs
}

// nameOnCover returns what the cover says of a section, by its first message; "": nothing.
func (c *courier) nameOnCover(position int, name string) string {
	if c.isMuted(position) {
		return ""
	}
	m := c.at(position)
	return digest.Fewer(name, m.All, m.Hidden)
}

// PreviewOf returns the options that show the picture of a message above its text. If
// Telegram refuses that picture, or the recipient wants no previews, they show none.
func PreviewOf(m archive.Message, to subscribers.Subscriber) *models.LinkPreviewOptions {
	if m.Image == "" || m.Bare != "" || to.NoPreviews {
		return sender.WithoutPreview()
	}
	return &models.LinkPreviewOptions{URL: &m.Image, PreferLargeMedia: tg.True(), ShowAboveText: tg.True()}
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

// Compact returns the text of the compact message for a recipient, in HTML, and the
// first messages of the sections whose headlines are in it. The messages are those of
// ForReader.
func Compact(messages []archive.Message, to subscribers.Recipient, hidden HiddenLine) (text string, sections []archive.Message) {
	headlines := []string{messages[0].Headlines}
	for _, m := range messages[1:] {
		if m.Headlines != "" && !to.Mutes(m) {
			headlines = append(headlines, m.Headlines)
			sections = append(sections, m)
		}
	}
	return digest.Extended(digest.Compact(headlines), hidden.say(to, hiddenItems(messages, to)), true), sections
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
