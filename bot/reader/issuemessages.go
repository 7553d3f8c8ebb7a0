package reader

import (
	"context"
	"errors"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// issueMessage is a message of an issue that answers a reader. Messages of deliveries
// are sent by package delivery.
type issueMessage struct {
	archive.Message
	issue   int64
	edition int
}

// sayMessages sends the messages of a section in their order. Only the first makes a sound.
// After one that does not arrive no more are sent.
func (i *issues) sayMessages(ctx context.Context, v talk.Visit, issue archive.Issue, messages []archive.Message) error {
	k, err := i.sectionKeyboard(ctx, v, issue, messages[0])
	if err != nil {
		return err
	}
	talk.PassTurn(ctx)
	for n, m := range messages {
		params := i.messageParams(v, m)
		params.DisableNotification = n > 0
		if n == len(messages)-1 && m.Bare == "" {
			params.ReplyMarkup = k.Inline()
		}
		arrived, err := i.sendOrPlain(ctx, v, issueMessage{m, issue.ID, issue.Edition}, func() error {
			_, err := i.Sender.SendMessage(ctx, params)
			return err
		}, func() { params.Text, params.ParseMode = m.Plain, "" })
		if err != nil || !arrived {
			return err
		}
	}
	return nil
}

// sendOrPlain sends a message of an issue. If Telegram refuses its markup it calls
// makePlain and sends again. It deals with a message that does not arrive; errors are
// the database's.
func (i *issues) sendOrPlain(ctx context.Context, v talk.Visit, m issueMessage, send func() error, makePlain func()) (arrived bool, err error) {
	err = send()
	if sender.Classify(err).Kind == sender.ContentFault && m.Refused == "" {
		if err := i.refuseMarkup(ctx, m, err); err != nil {
			return false, err
		}
		makePlain()
		err = send()
	}
	if err != nil {
		i.messageRefused(ctx, v, m, err)
	}
	return err == nil, nil
}

// messageParams is the request that sends a message to where the visit is.
func (i *issues) messageParams(v talk.Visit, m archive.Message) *tg.SendMessageParams {
	params := &tg.SendMessageParams{
		ChatID:             v.Sub.Chat.ID,
		MessageThreadID:    v.Thread,
		Text:               m.HTML,
		ParseMode:          models.ParseModeHTML,
		LinkPreviewOptions: sender.WithoutPreview(),
		AllowPaidBroadcast: i.Paid, // as for other answers, see Talker.Say
	}
	if m.Refused != "" {
		params.Text, params.ParseMode = m.Plain, ""
	}
	return params
}

// refuseMarkup makes a message go out as plain text to everybody from now on. Admins are
// told if it is the first of its issue.
func (i *issues) refuseMarkup(ctx context.Context, m issueMessage, cause error) error {
	first, err := i.Store.RefuseMessage(ctx, m.issue, m.edition, m.Position, archive.Simpler{Plain: true}, string(sender.Classify(cause).Reason))
	if err == nil && first {
		i.notify(ctx, delivery.Event{Kind: delivery.EventSimpler, Issue: m.issue, Message: m.Position + 1, Reason: cause.Error()})
	}
	return err
}

// messageRefused deals with a message of an issue that did not arrive.
func (i *issues) messageRefused(ctx context.Context, v talk.Visit, m issueMessage, err error) {
	i.NoteUnsent(ctx, v.Sub.Chat.ID, err)
	if ctx.Err() != nil || !sender.Classify(err).IsRefusal() {
		return
	}
	text := v.HTML("undelivered.answer")
	if m.SectionID != 0 {
		text = v.HTML("undelivered.section", talk.Values{"Section": talk.MessageName(v.Speaker, m.Message)})
	}
	i.Apologise(ctx, v, text, nil)
	i.Broadcaster.NoteRefusal(ctx, m.issue, m.Position+1, err)
}

// maxChoices bounds a keyboard of sections: Telegram shows at most 100 buttons.
const maxChoices = 90

// matchSections returns the sections that a name may mean: the one with that name, or
// else those whose names begin with it, or else those whose names contain it.
func matchSections(sections []archive.Section, name string) []archive.Section {
	key := digest.SectionKey(name)
	if key == "" {
		return nil
	}
	for _, fits := range []func(s, key string) bool{
		func(s, key string) bool { return s == key }, strings.HasPrefix, strings.Contains,
	} {
		var fit []archive.Section
		for _, s := range sections {
			if fits(s.Key, key) {
				fit = append(fit, s)
			}
		}
		if len(fit) > 0 {
			return fit
		}
	}
	return nil
}

// partKeyboard has a button for each of an issue's sections.
func partKeyboard(s talk.Speaker, issue archive.Issue, sections []archive.Section) talk.Keyboard {
	var k talk.Keyboard
	for _, section := range sections[:min(len(sections), maxChoices)] {
		k = append(k, talk.Row(talk.Button(talk.SectionLabel(s, section), talk.ActPart, issue.ID, section.ID)))
	}
	return k
}

// shownIssue returns the issue that a press is about. A reply that is final says why nothing
// of it is to be shown.
func (i *issues) shownIssue(ctx context.Context, p talk.Press) (issue archive.Issue, why talk.Reply, err error) {
	if issue, err = i.Store.Issue(ctx, p.Numbers[0]); err != nil {
		why, err = talk.MissingReply(p, err)
	} else if issue.IsHidden() {
		why = talk.WithdrawnReply(p)
	}
	return issue, why, err
}

// PressPart sends one section of an issue.
func (i *issues) PressPart(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, why, err := i.shownIssue(ctx, p)
	if err != nil || why.IsFinal() {
		return why, err
	}
	messages, err := i.sectionMessages(ctx, p.Visit, issue, p.Numbers[1])
	if err != nil {
		return talk.Reply{}, err
	}
	if len(messages) == 0 { // the issue has been corrected since
		return talk.OutOfDateReply(p), nil
	}
	r := talk.Reply{Popup: p.Plain("press.on_its_way")}
	if i.asked.Add(request{issue.ID, p.Sub.ID, p.Numbers[1]}, struct{}{}, time.Now()) { // else a double tap
		r.Then = func(ctx context.Context) error { return i.sayMessages(ctx, p.Visit, issue, messages) }
	}
	return r, nil
}

// sectionMessages returns a section's messages as the visitor's chat gets them.
func (i *issues) sectionMessages(ctx context.Context, v talk.Visit, issue archive.Issue, section int64) ([]archive.Message, error) {
	messages, err := i.Store.SectionMessages(ctx, issue, section)
	if err != nil {
		return nil, err
	}
	return i.forChat(ctx, v.Sub.ID, messages)
}

// saySection sends a section's messages. If the issue does not have it any more, it names
// those it has.
func (i *issues) saySection(ctx context.Context, v talk.Visit, issue archive.Issue, section int64) error {
	messages, err := i.sectionMessages(ctx, v, issue, section)
	if err != nil {
		return err
	}
	if len(messages) > 0 {
		return i.sayMessages(ctx, v, issue, messages)
	}
	sections, err := i.Store.IssueSections(ctx, issue)
	if err == nil {
		i.Say(ctx, v, v.HTML("issue.section_gone", talk.Values{"Issue": talk.IssueName(v.Speaker, issue)}), partKeyboard(v.Speaker, issue, sections))
	}
	return err
}

// startSection sends the section that a link leads to.
func (r *Reader) startSection(ctx context.Context, v talk.Visit, id, section int64) error {
	issue, err := r.Store.Issue(ctx, id)
	switch {
	case errors.Is(err, subscribers.ErrNotFound): // a link that was made up
		return r.SayView(ctx, v, r.welcome)
	case err != nil:
		return err
	case issue.IsHidden():
		k := archiveKeyboard(v.Speaker)
		if v.Private() && v.Sub.State != subscribers.On {
			k = append(subscribeKeyboard(v.Speaker), k...)
		}
		r.Say(ctx, v, v.HTML("issue.withdrawn"), k)
		return nil
	}
	return r.saySection(ctx, v, issue, section)
}
