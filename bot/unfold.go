package bot

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/subscribers"
)

// A compact message shows headlines. A button unfolds a section in its place,
// and another one brings the headlines back. In a private chat that is all there
// is to it. In a group the message is everybody's: who unfolds a section gets it
// as a message only they see, where Telegram offers that, so that nobody turns
// the page under somebody else's eyes; where it does not, and in channels, the
// section unfolds in place for everybody, and whoever comes next turns on from
// there.

// unfolding is what a button of a compact message is about.
type unfolding struct {
	issue    int64
	edition  int
	messages []subscribers.Message
}

// unfolding reads the issue of a press; ok is false for one that is not there,
// or that the message with the button does not show: anybody may press, and
// data can be made up, but nobody is to turn another message into this. The error
// is ErrWithdrawn when the issue is.
func (b *Reader) unfolding(ctx context.Context, p press) (u unfolding, ok bool, err error) {
	u = unfolding{issue: p.numbers[0], edition: int(p.numbers[1])}
	if !u.shownBy(p.under) {
		return u, false, nil
	}
	issue, err := b.store.Issue(ctx, u.issue)
	switch {
	case errors.Is(err, subscribers.ErrNotFound):
		return u, false, nil
	case err != nil:
		return u, false, err
	case issue.Withdrawn:
		return u, false, subscribers.ErrWithdrawn
	}
	u.messages, err = b.store.Messages(ctx, u.issue, u.edition)
	return u, len(u.messages) > 0 && u.messages[0].Headlines != "", err
}

// shownBy tells whether a message has a button that unfolds a section of the
// issue, or brings its headlines back.
func (u unfolding) shownBy(m *models.Message) bool {
	if m.ReplyMarkup == nil {
		return false
	}
	for _, row := range m.ReplyMarkup.InlineKeyboard {
		for _, b := range row {
			act, numbers, ok := parseCallback(b.CallbackData)
			if ok && (act == actUnfold || act == actFoldUp) && numbers[0] == u.issue && numbers[1] == int64(u.edition) {
				return true
			}
		}
	}
	return false
}

// pressUnfold shows a message of a section in the place of the headlines.
func (b *Reader) pressUnfold(ctx context.Context, p press) (reply, error) {
	u, ok, err := b.unfolding(ctx, p)
	if errors.Is(err, subscribers.ErrWithdrawn) {
		return reply{notice: p.plain("issue.withdrawn"), alert: true}, nil
	}
	position := p.numbers[2]
	if err != nil || !ok || position >= int64(len(u.messages)) || u.messages[position].SectionID == 0 {
		return outOfDate(p), err
	}
	m := u.messages[position]
	inGroup := p.sub.Kind == subscribers.Group || p.sub.Kind == subscribers.Supergroup
	switch {
	case p.ephemeral != 0:
		return reply{show: func(ctx context.Context) error {
			b.turnPrivately(ctx, p, u, m)
			return nil
		}}, nil
	case inGroup && p.user != 0:
		r := reply{then: func(ctx context.Context) error {
			b.unfoldFor(ctx, p, u, m)
			return nil
		}}
		if b.mayWhisper(ctx, p) { // not every app shows what comes then
			r.notice = p.plain("press.for_you", values{"Button": p.plain("button.for_me")})
		}
		return r, nil
	}
	return reply{show: func(ctx context.Context) error { return b.showPage(ctx, p, u, m) }}, nil
}

// unfoldFor shows a message of a section to who pressed, or else to everybody.
func (b *Reader) unfoldFor(ctx context.Context, p press, u unfolding, m subscribers.Message) {
	theirs := p.place()
	theirs.receiver = p.user // others who press at the same time are not in each other's way
	b.screens.show(ctx, theirs, func(short context.Context) {
		if b.unfoldPrivately(short, p, u, m) {
			return
		}
		b.screens.show(ctx, p.place(), func(ctx context.Context) {
			if err := b.showPage(ctx, p, u, m); err != nil {
				b.trouble(ctx, p.visit, err)
			}
		})
	})
}

// mayWhisper tells whether the Bot API server seems to know ephemeral messages.
func (b *Reader) mayWhisper(ctx context.Context, p press) bool {
	pass(ctx)
	known, err := b.whispers.knows(func() (bool, error) {
		return b.sender.KnowsEphemeral(ctx, p.sub.Chat.ID, p.user)
	})
	if err != nil {
		b.log.Info("it is not known whether Telegram has ephemeral messages", "err", err)
	}
	return known
}

// unfoldPrivately tries to show a message of a section to who pressed alone;
// false: Telegram does not offer that here.
func (b *Reader) unfoldPrivately(ctx context.Context, p press, u unfolding, m subscribers.Message) bool {
	if !b.mayWhisper(ctx, p) {
		return false
	}
	at, shown := b.whisper(ctx, p.visit, shownText(m), u.pager(m, nil))
	if at.message == 0 {
		return shown
	}
	if err := b.sender.DeleteMessage(ctx, at.chat, at.message); err != nil { // it was for one only
		b.log.Warn("a section stays for everybody to see", "chat", at.chat, "err", err)
	}
	return false
}

// turnPrivately turns the page of who has unfolded a section for themselves.
// Telegram changes such a message only to a short text, so the page comes anew
// and takes the place of the other.
func (b *Reader) turnPrivately(ctx context.Context, p press, u unfolding, m subscribers.Message) {
	if !b.unfoldPrivately(ctx, p, u, m) {
		return
	}
	if err := b.sender.DeleteEphemeralMessage(ctx, p.sub.Chat.ID, p.user, p.ephemeral); err != nil {
		b.log.Debug("a page stays beside the next one", "chat", p.sub.Chat.ID, "err", err)
	}
}

func shownText(m subscribers.Message) string {
	if m.Refused != "" {
		return escape(m.Plain)
	}
	return m.HTML
}

// showPage replaces the message with the button by one of a section.
func (b *Reader) showPage(ctx context.Context, p press, u unfolding, m subscribers.Message) error {
	to, err := b.store.Recipient(ctx, p.sub.ID)
	if err != nil {
		return err
	}
	s := b.speakerTo(to.Subscriber, "") // not that of who pressed: everybody sees it
	back := keyboard{row(button(s.plain("button.headlines"), actFoldUp, u.issue, int64(u.edition)))}
	if next, ok := u.next(m, to); ok {
		back[0] = append(back[0], button(messageName(s, next)+" ›", actUnfold, u.issue, int64(u.edition), int64(next.Position)))
	}
	params := edit(p.place(), shownText(m), u.pager(m, back))
	params.LinkPreviewOptions = delivery.PreviewOf(m)
	_, err = b.sender.EditMessageText(ctx, params)
	if o := delivery.Classify(err); o.Kind == delivery.ContentFault && m.Refused == "" {
		if err := b.refuseMarkup(ctx, u.issue, u.edition, m, err); err != nil {
			return err
		}
		params.Text, params.ParseMode = m.Plain, ""
		_, err = b.sender.EditMessageText(ctx, params)
	}
	if err != nil {
		b.partRefused(ctx, p.visit, u.issue, m, err)
	}
	return nil
}

// pager turns between the parts of a section, above the rows given.
func (u unfolding) pager(m subscribers.Message, below keyboard) keyboard {
	first, last := subscribers.SectionOf(u.messages, m.Position)
	if first == last {
		return below
	}
	to := func(text string, position int) models.InlineKeyboardButton {
		return button(text, actUnfold, u.issue, int64(u.edition), int64(position))
	}
	return append(keyboard{row(
		to("◀️", max(m.Position-1, first)),
		to(fmt.Sprintf("%d/%d", m.Position-first+1, last-first+1), m.Position),
		to("▶️", min(m.Position+1, last)),
	)}, below...)
}

// next is the first message of the section that follows, of those the chat
// wants.
func (u unfolding) next(m subscribers.Message, to subscribers.Recipient) (subscribers.Message, bool) {
	_, last := subscribers.SectionOf(u.messages, m.Position)
	for _, n := range u.messages[last+1:] {
		if n.Headlines != "" && !to.Mutes(n) {
			return n, true
		}
	}
	return subscribers.Message{}, false
}

// pressFoldUp brings the headlines back, of the sections the chat wants now.
func (b *Reader) pressFoldUp(ctx context.Context, p press) (reply, error) {
	u, ok, err := b.unfolding(ctx, p)
	if errors.Is(err, subscribers.ErrWithdrawn) {
		return reply{notice: p.plain("issue.withdrawn"), alert: true}, nil
	}
	if err != nil || !ok || p.ephemeral != 0 {
		return outOfDate(p), err
	}
	return reply{show: func(ctx context.Context) error {
		to, err := b.store.Recipient(ctx, p.sub.ID)
		if err != nil {
			return err
		}
		text, sections := delivery.Compact(u.messages, to)
		s := b.speakerTo(to.Subscriber, "")
		k := append(unfoldButtons(s, u.issue, u.edition, sections), b.closingRow(s, to.Subscriber, u.issue))
		params := edit(p.place(), text, k)
		params.LinkPreviewOptions = delivery.PreviewOf(u.messages[0])
		if _, err := b.sender.EditMessageText(ctx, params); err != nil {
			b.partRefused(ctx, p.visit, u.issue, u.messages[0], err)
		}
		return nil
	}}, nil
}
