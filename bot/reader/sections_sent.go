package reader

import (
	"context"
	"errors"
	"strings"

	"digestbot/bot/talk"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/digest"
	"digestbot/subscribers"
)

// maxChoices bounds a keyboard of sections: Telegram shows at most 100 buttons.
const maxChoices = 90

// latestSection sends the one section of the newest issue that somebody names.
// It is an answer and no delivery: whoever gets the issue later gets all of it.
func (r *archive) latestSection(ctx context.Context, v talk.Visit, name string) error {
	issue, err := r.Store.NewestIssue(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		r.Say(ctx, v, talk.Paragraphs(v.HTML("latest.none"), r.NextLine(v.Speaker)), nil)
		return nil
	}
	if err != nil {
		return err
	}
	sections, err := r.Store.IssueSections(ctx, issue)
	if err != nil {
		return err
	}
	switch fit := matchSections(sections, name); {
	case len(fit) == 1:
		return r.saySection(ctx, v, issue, fit[0].ID)
	case len(fit) > 1:
		r.Say(ctx, v, v.HTML("latest.which_section", talk.Values{"Name": digest.ShortenUnits(name, talk.EchoUnits)}), partKeyboard(v.Speaker, issue, fit))
	default:
		r.Say(ctx, v, v.HTML("latest.no_section", talk.Values{"Name": digest.ShortenUnits(name, talk.EchoUnits)}), partKeyboard(v.Speaker, issue, sections))
	}
	return nil
}

// matchSections returns the sections that a name may mean: the one of that
// name, or else those whose names begin with it, or else contain it.
func matchSections(sections []subscribers.Section, name string) []subscribers.Section {
	key := digest.SectionKey(name)
	if key == "" {
		return nil
	}
	for _, fits := range []func(s, key string) bool{
		func(s, key string) bool { return s == key }, strings.HasPrefix, strings.Contains,
	} {
		var fit []subscribers.Section
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
func partKeyboard(s talk.Speaker, issue subscribers.Issue, sections []subscribers.Section) talk.Keyboard {
	var k talk.Keyboard
	for _, section := range sections[:min(len(sections), maxChoices)] {
		name := talk.SectionName(s, section)
		if section.Emoji != "" {
			name = section.Emoji + " " + name
		}
		k = append(k, talk.Row(talk.Button(talk.Label(name, talk.ButtonUnits), talk.ActPart, issue.ID, section.ID)))
	}
	return k
}

// PressPart sends one section of an issue.
func (r *archive) PressPart(ctx context.Context, p talk.Press) (talk.Reply, error) {
	issue, err := r.Store.Issue(ctx, p.Numbers[0])
	if errors.Is(err, subscribers.ErrNotFound) {
		return talk.OutOfDate(p), nil
	}
	if err != nil {
		return talk.Reply{}, err
	}
	if issue.Withdrawn {
		return talk.Withdrawn(p), nil
	}
	messages, err := r.Store.SectionMessages(ctx, issue, p.Numbers[1])
	if err != nil {
		return talk.Reply{}, err
	}
	if len(messages) == 0 { // the issue has been corrected since
		return talk.OutOfDate(p), nil
	}
	return talk.Reply{Notice: p.Plain("press.on_its_way"), Then: func(ctx context.Context) error {
		return r.sayMessages(ctx, p.Visit, issue, messages)
	}}, nil
}

// saySection sends a section's messages.
func (r *archive) saySection(ctx context.Context, v talk.Visit, issue subscribers.Issue, section int64) error {
	messages, err := r.Store.SectionMessages(ctx, issue, section)
	if err != nil {
		return err
	}
	return r.sayMessages(ctx, v, issue, messages)
}

// sayMessages sends messages of an issue in their order. Only the first makes a
// sound; when one does not arrive, those after it stay away.
func (r *archive) sayMessages(ctx context.Context, v talk.Visit, issue subscribers.Issue, messages []subscribers.Message) error {
	talk.PassTurn(ctx)
	for i, m := range messages {
		params := r.messageParams(v, m)
		params.DisableNotification = i > 0
		_, err := r.Sender.SendMessage(ctx, params)
		if o := delivery.Classify(err); o.Kind == delivery.ContentFault && m.Refused == "" {
			if err := r.refuseMarkup(ctx, issue.ID, issue.Edition, m, err); err != nil {
				return err
			}
			params.Text, params.ParseMode = m.Plain, ""
			_, err = r.Sender.SendMessage(ctx, params)
		}
		if err != nil {
			r.partRefused(ctx, v, issue.ID, m, err)
			return nil
		}
	}
	return nil
}

// refuseMarkup makes a message go out as plain text from now on, to everybody, and
// tells admins if it is the first of its issue.
func (r *archive) refuseMarkup(ctx context.Context, issue int64, edition int, m subscribers.Message, cause error) error {
	news, err := r.Store.RefuseMessage(ctx, issue, edition, m.Position, subscribers.Simpler{Plain: true}, string(delivery.Classify(cause).Reason))
	if err == nil && news {
		r.notice(ctx, delivery.Event{Kind: delivery.EventSimpler, Issue: issue, Message: m.Position + 1, Reason: cause.Error()})
	}
	return err
}

func (r *archive) messageParams(v talk.Visit, m subscribers.Message) *tg.SendMessageParams {
	params := &tg.SendMessageParams{
		ChatID:             v.Sub.Chat.ID,
		MessageThreadID:    v.Thread,
		Text:               m.HTML,
		ParseMode:          models.ParseModeHTML,
		LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: tg.True()},
		AllowPaidBroadcast: r.Paid, // see say
	}
	if m.Refused != "" {
		params.Text, params.ParseMode = m.Plain, ""
	}
	return params
}

// partRefused deals with a message of an issue that was to be the answer to a visitor
// and did not arrive.
func (r *archive) partRefused(ctx context.Context, v talk.Visit, issue int64, m subscribers.Message, err error) {
	r.NoteUnsent(ctx, v.Sub.Chat.ID, err)
	if ctx.Err() != nil || !talk.IsRefusal(err) {
		return
	}
	text := v.HTML("undelivered.answer")
	if m.SectionID != 0 {
		text = v.HTML("undelivered.section", talk.Values{"Section": talk.MessageName(v.Speaker, m)})
	}
	r.Apologise(ctx, v, text, nil)
	r.Broadcaster.NoteRefusal(ctx, issue, m.Position+1, err)
}
