package bot

import (
	"context"
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

// unfolding reads the issue of a press; ok is false for one that is not there.
func (b *Bot) unfolding(ctx context.Context, p press) (u unfolding, ok bool, err error) {
	u = unfolding{issue: p.numbers[0], edition: int(p.numbers[1])}
	u.messages, err = b.store.Messages(ctx, u.issue, u.edition)
	return u, len(u.messages) > 0 && u.messages[0].Headlines != "", err
}

// pressUnfold shows a message of a section in the place of the headlines.
func (b *Bot) pressUnfold(ctx context.Context, p press) (reply, error) {
	u, ok, err := b.unfolding(ctx, p)
	position := p.numbers[2]
	if err != nil || !ok || position < 1 || position >= int64(len(u.messages)) {
		return outOfDate(p), err
	}
	m := u.messages[position]
	return reply{show: func(ctx context.Context) error {
		inGroup := p.sub.Kind == subscribers.Group || p.sub.Kind == subscribers.Supergroup
		if inGroup && p.ephemeral == 0 && p.user != 0 {
			if _, shown := b.whisper(ctx, p.visit, shownText(m), u.pager(m, nil)); shown {
				return nil
			}
		}
		return b.showPage(ctx, p, u, m)
	}}, nil
}

func shownText(m subscribers.Message) string {
	if m.Refused != "" {
		return escape(m.Plain)
	}
	return m.HTML
}

// showPage replaces the message with the button by one of a section.
func (b *Bot) showPage(ctx context.Context, p press, u unfolding, m subscribers.Message) error {
	var back keyboard
	if p.ephemeral == 0 {
		back = keyboard{row(button(p.plain("button.headlines"), actFoldUp, u.issue, int64(u.edition)))}
		if next, ok := u.next(m); ok {
			back[0] = append(back[0], button(messageName(p.speaker, next)+" ›", actUnfold, u.issue, int64(u.edition), int64(next.Position)))
		}
	}
	if p.ephemeral != 0 {
		b.showPrivately(ctx, p, shownText(m), u.pager(m, back))
		return nil
	}
	params := edit(p.place(), shownText(m), u.pager(m, back))
	_, err := b.sender.EditMessageText(ctx, params)
	if o := delivery.Classify(err); o.Kind == delivery.ContentFault && m.Refused == "" {
		if err := b.store.RefuseMessage(ctx, u.issue, u.edition, m.Position, o.Reason); err != nil {
			return err
		}
		params.Text, params.ParseMode = m.Plain, ""
		_, err = b.sender.EditMessageText(ctx, params)
	}
	if err != nil {
		b.unsent(ctx, p.sub.Chat.ID, err)
	}
	return nil
}

// pager turns between the parts of a section, above the rows given.
func (u unfolding) pager(m subscribers.Message, below keyboard) keyboard {
	first, last := m.Position, m.Position
	for first > 1 && u.messages[first-1].SectionID == m.SectionID {
		first--
	}
	for last < len(u.messages)-1 && u.messages[last+1].SectionID == m.SectionID {
		last++
	}
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

// next is the first message of the section that follows.
func (u unfolding) next(m subscribers.Message) (subscribers.Message, bool) {
	for _, n := range u.messages[m.Position+1:] {
		if n.SectionID != m.SectionID && n.Headlines != "" {
			return n, true
		}
	}
	return subscribers.Message{}, false
}

// pressFoldUp brings the headlines back, of the sections the chat wants now.
func (b *Bot) pressFoldUp(ctx context.Context, p press) (reply, error) {
	u, ok, err := b.unfolding(ctx, p)
	if err != nil || !ok {
		return outOfDate(p), err
	}
	return reply{show: func(ctx context.Context) error {
		to, err := b.store.Recipient(ctx, p.sub.ID)
		if err != nil {
			return err
		}
		text, sections := delivery.Compact(u.messages, to)
		k := append(unfoldButtons(p.speaker, u.issue, u.edition, sections), b.closingRow(p.speaker, to.Subscriber, u.issue))
		params := edit(p.place(), text, k)
		params.LinkPreviewOptions = delivery.PreviewOf(u.messages[0])
		if _, err := b.sender.EditMessageText(ctx, params); err != nil {
			b.unsent(ctx, p.sub.Chat.ID, err)
		}
		return nil
	}}, nil
}
