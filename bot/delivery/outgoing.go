package delivery

import (
	"cmp"
	"context"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/digest"
	"digestbot/subscribers"
)

// Under is a message that is about to be sent, for whoever puts buttons under
// it.
type Under struct {
	To      subscribers.Recipient
	Issue   int64
	Edition int
	// Unfolds are, in the compact layout, the first messages of the sections
	// the message has headlines of.
	Unfolds []subscribers.Message
	Last    bool // nothing of the issue follows
}

// outgoing is the next message as Telegram is to get it.
type outgoing struct {
	layout  subscribers.Layout
	form    form
	rich    bool
	preview bool // of an address we give
	call    func(context.Context) (*models.Message, error)
}

// layout is the one the delivery goes on in: that in which it began, else the
// subscriber's. One that began before there were layouts began in sections. A
// compact message that cannot be made, or that Telegram refuses, is replaced by
// the sections.
func (c *courier) layout() subscribers.Layout {
	if c.delivery.Layout == "" && c.delivery.NextMessage > 0 {
		return subscribers.Sections
	}
	layout := cmp.Or(c.delivery.Layout, c.to.Layout, c.b.options.Layout, subscribers.Sections)
	if first := c.messages.at(0); layout == subscribers.Compact && c.delivery.NextMessage == 0 &&
		(first.Headlines == "" || first.CompactRefused != "" || c.next.instead.sections) {
		return subscribers.Sections
	}
	return layout
}

// covered tells whether the content of a message comes, or came, within an
// earlier one: in the compact layout everything is within the first, in the
// rich one a section's parts are within its first.
func (c *courier) covered(position int) bool {
	switch c.layout() {
	case subscribers.Compact:
		return position > 0
	case subscribers.Rich:
		opening := c.messages.opening(position)
		return opening.Position < position && opening.Rich != "" && opening.RichRefused == ""
	}
	return false
}

// passRest settles the later parts of a section that has just come as a rich
// message: should rich be refused to somebody else from now on, they must not
// come as well.
func (c *courier) passRest() {
	d := &c.delivery
	for d.State == subscribers.Pending && c.messages.opening(d.NextMessage).Position < d.NextMessage {
		d.Covered++
		c.advance()
	}
}

// last tells whether nothing of the issue follows the next message.
func (c *courier) last() bool {
	for p := c.delivery.NextMessage + 1; p < c.messages.len(); p++ {
		if !c.muted(p) && !c.covered(p) {
			return false
		}
	}
	return true
}

// outgoing is the next message for a thread. Only the first message of an
// issue makes a sound.
func (c *courier) outgoing(thread int) outgoing {
	m := c.messages.at(c.delivery.NextMessage)
	o := outgoing{layout: c.layout(), form: c.form(m)}
	p := &tg.SendMessageParams{
		ChatID:              c.to.Chat.ID,
		MessageThreadID:     thread,
		Text:                m.HTML,
		ParseMode:           models.ParseModeHTML,
		LinkPreviewOptions:  PreviewOf(*m),
		DisableNotification: c.to.Silent || c.delivery.hasBegun(),
		AllowPaidBroadcast:  c.b.options.Paid,
	}
	under := Under{To: c.to, Issue: c.delivery.IssueID, Edition: c.delivery.Edition, Last: c.last()}
	switch {
	case o.layout == subscribers.Rich && m.Rich != "" && m.RichRefused == "":
		o.rich = true
	case o.layout == subscribers.Compact:
		p.Text, under.Unfolds = Compact(c.messages.list(), c.to)
		o.form = form{noPreview: c.noPreview}
	case o.form.plain:
		p.Text, p.ParseMode = m.Plain, ""
	}
	if c.b.options.Keyboard != nil && !o.form.bare {
		if k := Markup(c.b.options.Keyboard(under)); len(k.InlineKeyboard) > 0 {
			p.ReplyMarkup = k
		}
	}
	if o.form.bare || o.form.noPreview {
		p.LinkPreviewOptions = noPreview()
	}
	o.preview = previews(p.LinkPreviewOptions)
	o.call = func(ctx context.Context) (*models.Message, error) { return c.b.sender.api.SendMessage(ctx, p) }
	if o.rich {
		o.call = func(ctx context.Context) (*models.Message, error) {
			return c.b.sender.api.SendRichMessage(ctx, richly(p, m.Rich))
		}
	}
	return o
}

// Markup is an inline keyboard as Telegram takes it. Rows without buttons are
// left out: a nil one would be a null, which Telegram refuses together with the
// message (get_inline_keyboard in Client.cpp of tdlib/telegram-bot-api). One
// without rows takes the buttons away when a message is edited.
func Markup(rows [][]models.InlineKeyboardButton) *models.InlineKeyboardMarkup {
	k := [][]models.InlineKeyboardButton{}
	for _, row := range rows {
		if len(row) > 0 {
			k = append(k, row)
		}
	}
	return &models.InlineKeyboardMarkup{InlineKeyboard: k}
}

// PreviewOf shows the picture of a message above its text, unless Telegram refuses
// that.
func PreviewOf(m subscribers.Message) *models.LinkPreviewOptions {
	if m.Image == "" || m.Bare != "" {
		return noPreview()
	}
	return &models.LinkPreviewOptions{URL: &m.Image, PreferLargeMedia: tg.True(), ShowAboveText: tg.True()}
}

// richly is p with a rich message instead of its text.
func richly(p *tg.SendMessageParams, html string) *tg.SendRichMessageParams {
	return &tg.SendRichMessageParams{
		ChatID:              p.ChatID,
		MessageThreadID:     p.MessageThreadID,
		RichMessage:         models.InputRichMessage{HTML: html, SkipEntityDetection: true},
		DisableNotification: p.DisableNotification,
		AllowPaidBroadcast:  p.AllowPaidBroadcast,
		ReplyMarkup:         p.ReplyMarkup,
	}
}

// Compact is the text of the compact layout's message for a recipient, in HTML,
// and the first messages of the sections that have headlines in it.
func Compact(messages []subscribers.Message, to subscribers.Recipient) (text string, sections []subscribers.Message) {
	headlines := []string{messages[0].Headlines}
	for _, m := range messages[1:] {
		if m.Headlines != "" && !to.Mutes(m) {
			headlines = append(headlines, m.Headlines)
			sections = append(sections, m)
		}
	}
	return digest.Compact(headlines), sections
}

// richRefused makes the section go out as in the sections layout, for everybody
// from now on.
func (c *courier) richRefused(ctx context.Context, cause error) error {
	d := &c.delivery
	position := d.NextMessage
	if isUnknownMethod(cause) { // it is the same for all of them
		position = subscribers.AllMessages
	}
	if c.messages.refuseRich(position, cause.Error()) { // else others have found out
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
