package reader

import (
	"context"
	"errors"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/rendition"
	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// A compact message shows headlines. A button unfolds a section in its place, and
// another one brings the headlines back. In a group all members see the message, so a
// member who unfolds a section gets it as a message that only they see, where Telegram
// offers that. Where it does not, and in channels, the section unfolds in place for
// everybody, and the next reader goes on from there.

// unfolding is what a button of a compact message is about.
type unfolding struct {
	issue    archive.Issue
	edition  int // of its messages; the issue may have a newer one
	messages []archive.Message
}

// unfoldingOf reads the issue of a press. ok is false if the issue is not there, or if
// the message with the button is not about it: anybody may press any button, and must
// not turn another message into this one. The error is ErrWithdrawn if the issue is.
func (i *issues) unfoldingOf(ctx context.Context, p talk.Press) (u unfolding, ok bool, err error) {
	u = unfolding{issue: archive.Issue{ID: p.Numbers[0]}, edition: int(p.Numbers[1])}
	if !u.shownBy(p.Under) {
		return u, false, nil
	}
	u.issue, err = i.Store.Issue(ctx, u.issue.ID)
	switch {
	case errors.Is(err, subscribers.ErrNotFound):
		return u, false, nil
	case err != nil:
		return u, false, err
	case u.issue.IsHidden():
		return u, false, archive.ErrWithdrawn
	}
	if u.messages, err = i.Store.Messages(ctx, u.issue.ID, u.edition); err == nil {
		u.messages, err = i.forChat(ctx, p.Sub.ID, u.messages)
	}
	return u, len(u.messages) > 0 && u.messages[0].Headlines != "", err
}

// message is one of the messages of the issue.
func (u unfolding) message(m archive.Message) issueMessage {
	return issueMessage{m, u.issue.ID, u.edition}
}

// shownBy reports whether a message has a button that unfolds a section of the issue, or
// brings its headlines back.
func (u unfolding) shownBy(m *models.Message) bool {
	edition := int64(u.edition)
	return talk.HasButton(m, talk.ActUnfold, u.issue.ID, edition) || talk.HasButton(m, talk.ActFoldUp, u.issue.ID, edition)
}

// PressUnfold shows a message of a section in the place of the headlines.
func (i *issues) PressUnfold(ctx context.Context, p talk.Press) (talk.Reply, error) {
	u, ok, err := i.unfoldingOf(ctx, p)
	if errors.Is(err, archive.ErrWithdrawn) {
		return talk.WithdrawnReply(p), nil
	}
	position := p.Numbers[2]
	if err != nil || !ok || position >= int64(len(u.messages)) || u.messages[position].SectionID == 0 {
		return talk.OutOfDateReply(p), err
	}
	m := u.messages[position]
	inGroup := p.Sub.Kind == subscribers.Group || p.Sub.Kind == subscribers.Supergroup
	switch {
	case p.Ephemeral != 0:
		return talk.Reply{Show: func(ctx context.Context) error {
			i.turnPrivately(ctx, p, u, m)
			return nil
		}}, nil
	case inGroup && p.User != 0:
		answer := talk.Reply{Then: func(ctx context.Context) error {
			i.unfoldFor(ctx, p, u, m)
			return nil
		}}
		if i.knowsEphemeral(ctx, p) { // not every app shows such a message
			answer.Popup = p.Plain("press.for_you", talk.Values{"Button": p.Plain("button.for_me")})
		}
		return answer, nil
	}
	return talk.Reply{Show: func(ctx context.Context) error { return i.showPage(ctx, p, u, m) }}, nil
}

// unfoldFor shows a message of a section to the visitor alone, or else to everybody.
func (i *issues) unfoldFor(ctx context.Context, p talk.Press, u unfolding, m archive.Message) {
	theirs := p.Place()
	theirs.Receiver = p.User // visitors who press at the same time do not wait for each other
	i.Screens.Show(ctx, theirs, func(short context.Context) {
		if i.unfoldPrivately(short, p, u, m) {
			return
		}
		i.Screens.Show(ctx, p.Place(), func(ctx context.Context) {
			if err := i.showPage(ctx, p, u, m); err != nil {
				i.SayFailure(ctx, p.Visit, err)
			}
		})
	})
}

// knowsEphemeral reports whether the Bot API server seems to know ephemeral messages.
func (i *issues) knowsEphemeral(ctx context.Context, p talk.Press) bool {
	talk.PassTurn(ctx)
	known, err := i.Ephemerals.AreKnown(func() (bool, error) {
		return i.Sender.KnowsEphemeral(ctx, p.Sub.Chat.ID, p.User)
	})
	if err != nil {
		i.Log.Info("it is not known whether Telegram has ephemeral messages", "err", err)
	}
	return known
}

// unfoldPrivately tries to show a message of a section to the visitor alone; false:
// Telegram does not offer that here.
func (i *issues) unfoldPrivately(ctx context.Context, p talk.Press, u unfolding, m archive.Message) bool {
	if !i.knowsEphemeral(ctx, p) {
		return false
	}
	below := append(i.votes(p.Speaker, p.Sub, u.issue.ID, u.ending(m)), talk.Row(i.shareSection(p.Speaker, u.issue, m)))
	at, shown := i.TryEphemeral(ctx, p.Visit, shownText(m), u.pager(m, below))
	if at.Message == 0 {
		return shown
	}
	if err := i.Sender.DeleteMessage(ctx, at.Chat, at.Message); err != nil { // it was for one only
		i.Log.Warn("a section that everybody sees cannot be deleted", "chat", at.Chat, "err", err)
	}
	return false
}

// turnPrivately turns the page for a visitor who unfolded a section alone. Telegram
// changes such a message only to a short text, so the page is a new message and the
// other is deleted.
func (i *issues) turnPrivately(ctx context.Context, p talk.Press, u unfolding, m archive.Message) {
	if !i.unfoldPrivately(ctx, p, u, m) {
		return
	}
	if err := i.Sender.DeleteEphemeralMessage(ctx, p.Sub.Chat.ID, p.User, p.Ephemeral); err != nil {
		i.Log.Debug("the page before cannot be deleted", "chat", p.Sub.Chat.ID, "err", err)
	}
}

// shownText is the text of a message for parse mode HTML.
func shownText(m archive.Message) string {
	if m.Refused != "" {
		return talk.Escape(m.Plain)
	}
	return m.HTML
}

// showPage replaces the message with the button by a message of a section.
func (i *issues) showPage(ctx context.Context, p talk.Press, u unfolding, m archive.Message) error {
	to, err := i.Store.Recipient(ctx, p.Sub.ID)
	if err != nil {
		return err
	}
	s := i.SpeakerTo(to.Subscriber, "") // not to the visitor: everybody sees it
	back := talk.Keyboard{talk.Row(talk.Button(s.Plain("button.headlines"), talk.ActFoldUp, u.issue.ID, int64(u.edition)))}
	if next, ok := u.next(m, to); ok {
		back[0] = append(back[0], talk.Button(talk.MessageName(s, next)+" ›", talk.ActUnfold, u.issue.ID, int64(u.edition), int64(next.Position)))
	}
	below := append(i.votes(s, to.Subscriber, u.issue.ID, u.ending(m)), append(back, talk.Row(i.shareSection(s, u.issue, m)))...)
	params := talk.EditParams(p.Place(), shownText(m), u.pager(m, below))
	params.LinkPreviewOptions = rendition.PreviewOf(m, to.Subscriber)
	_, err = i.sendOrPlain(ctx, p.Visit, u.message(m), func() error {
		_, err := i.Sender.EditMessageText(ctx, params)
		return err
	}, func() { params.Text, params.ParseMode = m.Plain, "" })
	return err
}

// ending returns the section that ends in a message, as its first message; none if another
// part follows.
func (u unfolding) ending(m archive.Message) []archive.Message {
	first, last := archive.SectionOf(u.messages, m.Position)
	if m.Position < last {
		return nil
	}
	return u.messages[first : first+1]
}

// pager turns between the parts of a section, above the rows given.
func (u unfolding) pager(m archive.Message, below talk.Keyboard) talk.Keyboard {
	first, last := archive.SectionOf(u.messages, m.Position)
	parts := talk.PagerFrom(first, m.Position-first, last-first+1, talk.ActUnfold, u.issue.ID, int64(u.edition))
	return append(parts, below...)
}

// next is the first message of the next section that the chat wants.
func (u unfolding) next(m archive.Message, to subscribers.Recipient) (archive.Message, bool) {
	_, last := archive.SectionOf(u.messages, m.Position)
	for _, n := range u.messages[last+1:] {
		if n.Headlines != "" && !to.Mutes(n) {
			return n, true
		}
	}
	return archive.Message{}, false
}

// PressFoldUp brings back the headlines of the sections that the chat wants now.
func (i *issues) PressFoldUp(ctx context.Context, p talk.Press) (talk.Reply, error) {
	u, ok, err := i.unfoldingOf(ctx, p)
	if errors.Is(err, archive.ErrWithdrawn) {
		return talk.WithdrawnReply(p), nil
	}
	if err != nil || !ok || p.Ephemeral != 0 {
		return talk.OutOfDateReply(p), err
	}
	return talk.Reply{Show: func(ctx context.Context) error {
		to, err := i.Store.Recipient(ctx, p.Sub.ID)
		if err != nil {
			return err
		}
		text, sections := rendition.Compact(u.messages, to, i.HiddenLine)
		s := i.SpeakerTo(to.Subscriber, "")
		k := append(unfoldButtons(s, u.issue.ID, u.edition, sections), i.closingRow(s, to.Subscriber, ofEdition{u.issue.ID, u.edition}))
		params := talk.EditParams(p.Place(), text, k)
		params.LinkPreviewOptions = rendition.PreviewOf(u.messages[0], to.Subscriber)
		if _, err := i.Sender.EditMessageText(ctx, params); err != nil {
			i.messageRefused(ctx, p.Visit, u.message(u.messages[0]), err)
		}
		return nil
	}}, nil
}
