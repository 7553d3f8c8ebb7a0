package bot

import (
	"context"
	"errors"
	"strings"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/search"
)

// maxChoices bounds a keyboard of sections: Telegram shows at most 100 buttons.
const maxChoices = 90

// latestSection sends the one section of the newest issue that somebody names.
// It is an answer and no delivery: whoever gets the issue later gets all of it.
func (b *Reader) latestSection(ctx context.Context, v visit, name string) error {
	issue, err := b.store.NewestIssue(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		b.say(ctx, v, paragraphs(v.html("latest.none"), b.next(v.speaker)), nil)
		return nil
	}
	if err != nil {
		return err
	}
	sections, err := b.store.IssueSections(ctx, issue)
	if err != nil {
		return err
	}
	switch fit := matchSections(sections, name); {
	case len(fit) == 1:
		return b.saySection(ctx, v, issue, fit[0].ID)
	case len(fit) > 1:
		b.say(ctx, v, v.html("latest.which_section", values{"Name": search.Cut(name, echoUnits)}), partKeyboard(v.speaker, issue, fit))
	default:
		b.say(ctx, v, v.html("latest.no_section", values{"Name": search.Cut(name, echoUnits)}), partKeyboard(v.speaker, issue, sections))
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
func partKeyboard(s speaker, issue subscribers.Issue, sections []subscribers.Section) keyboard {
	var k keyboard
	for _, section := range sections[:min(len(sections), maxChoices)] {
		name := sectionName(s, section)
		if section.Emoji != "" {
			name = section.Emoji + " " + name
		}
		k = append(k, row(button(label(name, buttonUnits), actPart, issue.ID, section.ID)))
	}
	return k
}

func (b *Reader) pressPart(ctx context.Context, p press) (reply, error) {
	issue, err := b.store.Issue(ctx, p.numbers[0])
	if errors.Is(err, subscribers.ErrNotFound) {
		return reply{notice: p.plain("press.old"), alert: true}, nil
	}
	if err != nil {
		return reply{}, err
	}
	if issue.Withdrawn {
		return reply{notice: p.plain("issue.withdrawn"), alert: true}, nil
	}
	messages, err := b.store.SectionMessages(ctx, issue, p.numbers[1])
	if err != nil {
		return reply{}, err
	}
	if len(messages) == 0 { // the issue has been corrected since
		return reply{notice: p.plain("press.old"), alert: true}, nil
	}
	return reply{notice: p.plain("press.on_its_way"), then: func(ctx context.Context) error {
		return b.sayMessages(ctx, p.visit, issue, messages)
	}}, nil
}

// saySection sends a section's messages.
func (b *Reader) saySection(ctx context.Context, v visit, issue subscribers.Issue, section int64) error {
	messages, err := b.store.SectionMessages(ctx, issue, section)
	if err != nil {
		return err
	}
	return b.sayMessages(ctx, v, issue, messages)
}

// sayMessages sends messages of an issue in their order. Only the first makes a
// sound; when one does not arrive, those after it stay away.
func (b *Reader) sayMessages(ctx context.Context, v visit, issue subscribers.Issue, messages []subscribers.Message) error {
	pass(ctx)
	for i, m := range messages {
		params := b.messageParams(v, m)
		params.DisableNotification = i > 0
		_, err := b.sender.SendMessage(ctx, params)
		if o := delivery.Classify(err); o.Kind == delivery.ContentFault && m.Refused == "" {
			if err := b.refuseMarkup(ctx, issue.ID, issue.Edition, m, err); err != nil {
				return err
			}
			params.Text, params.ParseMode = m.Plain, ""
			_, err = b.sender.SendMessage(ctx, params)
		}
		if err != nil {
			b.partRefused(ctx, v, issue.ID, m, err)
			return nil
		}
	}
	return nil
}

// refuseMarkup makes a message go out as plain text from now on, to everybody, and
// tells admins if it is the first of its issue.
func (b *Reader) refuseMarkup(ctx context.Context, issue int64, edition int, m subscribers.Message, cause error) error {
	news, err := b.store.RefuseMessage(ctx, issue, edition, m.Position, subscribers.Simpler{Plain: true}, delivery.Classify(cause).Reason)
	if err == nil && news {
		b.notice(ctx, delivery.Event{Kind: delivery.EventSimpler, Issue: issue, Message: m.Position + 1, Reason: cause.Error()})
	}
	return err
}

func (b *Reader) messageParams(v visit, m subscribers.Message) *tg.SendMessageParams {
	params := &tg.SendMessageParams{
		ChatID:             v.sub.Chat.ID,
		MessageThreadID:    v.thread,
		Text:               m.HTML,
		ParseMode:          models.ParseModeHTML,
		LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: tg.True()},
		AllowPaidBroadcast: b.paid, // see say
	}
	if m.Refused != "" {
		params.Text, params.ParseMode = m.Plain, ""
	}
	return params
}

// partRefused deals with a message of an issue that was to be the answer to a visitor
// and did not arrive.
func (b *Reader) partRefused(ctx context.Context, v visit, issue int64, m subscribers.Message, err error) {
	b.unsent(ctx, v.sub.Chat.ID, err)
	if ctx.Err() != nil || !isRefusal(err) {
		return
	}
	text := v.html("undelivered.answer")
	if m.SectionID != 0 {
		text = v.html("undelivered.section", values{"Section": messageName(v.speaker, m)})
	}
	b.apologise(ctx, v, text, nil)
	b.broadcaster.NoteRefusal(ctx, issue, m.Position+1, err)
}
