package bot

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-telegram/bot/models"

	"digestbot/subscribers"
)

// An admin merges a section whose heading was renamed into the one it became:
// the old one is chosen, then the new one, then comes a question, all in the
// message that /sections wrote.

// archivedPerPage keeps the list of sections lower than a phone's screen.
const archivedPerPage = 10

// mergeRow is the button below the switches that leads to merging; nil for who
// is no admin of the bot, or not alone with it, and when there is nothing to
// merge.
func (b *Reader) mergeRow(ctx context.Context, v visit) (keyboard, error) {
	if !v.private() || v.sub.Chat.ID != v.user || !b.isAdmin(v.user) {
		return nil, nil
	}
	all, err := b.store.ArchivedSections(ctx)
	if err != nil || len(all) < 2 {
		return nil, err
	}
	return keyboard{row(button(v.plain("button.merge"), actMergeFrom, 0))}, nil
}

// pressMergeFrom asks which section became another.
func (b *Reader) pressMergeFrom(_ context.Context, p press) (reply, error) {
	return b.showMergeFrom(p, "", p.numbers[0]), nil
}

func (b *Reader) showMergeFrom(p press, notice string, page int64) reply {
	return reply{notice: notice, alert: notice != "", show: func(ctx context.Context) error {
		all, err := b.store.ArchivedSections(ctx)
		if err != nil {
			return err
		}
		k := archivedKeyboard(p.speaker, all, page,
			func(text string, id int64) models.InlineKeyboardButton { return button(text, actMergeInto, id, 0) },
			func(text string, page int64) models.InlineKeyboardButton { return button(text, actMergeFrom, page) })
		b.show(ctx, p, p.html("merge.from"), append(k, row(button(p.plain("button.merge_back"), actPage, 0))))
		return nil
	}}
}

// pressMergeInto asks what the chosen section became.
func (b *Reader) pressMergeInto(ctx context.Context, p press) (reply, error) {
	all, err := b.store.ArchivedSections(ctx)
	if err != nil {
		return reply{}, err
	}
	var from *subscribers.ArchivedSection
	var others []subscribers.ArchivedSection
	for i, section := range all {
		if section.ID == p.numbers[0] {
			from = &all[i]
			continue
		}
		others = append(others, section)
	}
	if from == nil {
		return b.showMergeFrom(p, p.plain("merge.gone"), 0), nil
	}
	return reply{show: func(ctx context.Context) error {
		k := archivedKeyboard(p.speaker, others, p.numbers[1],
			func(text string, id int64) models.InlineKeyboardButton {
				return button(text, actMergeAsk, from.ID, id)
			},
			func(text string, page int64) models.InlineKeyboardButton {
				return button(text, actMergeInto, from.ID, page)
			})
		text := p.html("merge.into", values{"From": sectionName(p.speaker, from.Section)})
		b.show(ctx, p, text, append(k, row(button(p.plain("button.merge_back"), actMergeFrom, 0))))
		return nil
	}}, nil
}

// pressMergeAsk says what would happen, and asks.
func (b *Reader) pressMergeAsk(ctx context.Context, p press) (reply, error) {
	m, err := b.store.PlanMerging(ctx, p.numbers[0], p.numbers[1])
	if isGone(err) {
		return b.showMergeFrom(p, p.plain("merge.gone"), 0), nil
	}
	if err != nil {
		return reply{}, err
	}
	if m.Done {
		return b.showMerged(p, m), nil
	}
	err = b.store.AskAgain(ctx, p.question(actMerge))
	return reply{show: func(ctx context.Context) error {
		b.show(ctx, p, mergeQuestion(p.speaker, m), keyboard{
			row(button(p.plain("button.merge_do"), actMerge, m.From.ID, m.Into.ID)),
			row(button(p.plain("button.merge_drop"), actLeave, m.From.ID, m.Into.ID)),
		})
		return nil
	}}, err
}

// pressLeave answers the question whether to merge with no, unless it was
// answered with yes.
func (b *Reader) pressLeave(ctx context.Context, p press) (reply, error) {
	m, err := b.store.PlanMerging(ctx, p.numbers[0], p.numbers[1])
	switch {
	case isGone(err):
		return b.showSwitches(p, 0), nil
	case err != nil:
		return reply{}, err
	case m.Done:
		return b.showMerged(p, m), nil
	}
	err = b.store.DismissQuestion(ctx, p.question(actMerge))
	return b.showSwitches(p, 0), err
}

func mergeQuestion(s speaker, m subscribers.Merging) string {
	from, into := sectionName(s, m.From.Section), sectionName(s, m.Into.Section)
	text := s.html("merge.ask", values{
		"From": from, "FromIssues": s.plain("count.issues", values{"Count": m.From.Issues}),
		"Into": into, "IntoIssues": s.plain("count.issues", values{"Count": m.Into.Issues}),
	})
	lose := func(count int, off, other string) string {
		if count == 0 {
			return ""
		}
		return s.html("merge.lose", values{"Count": count, "Off": off, "Other": other})
	}
	return paragraphs(lines(text, lose(m.FromOnly, from, into), lose(m.IntoOnly, into, from)), s.html("merge.final"))
}

// pressMerge merges. Pressed twice, or by two admins, it does so once, and not
// at all after the answer was no.
func (b *Reader) pressMerge(ctx context.Context, p press) (reply, error) {
	dismissed, err := b.store.IsDismissed(ctx, p.question(actMerge))
	if err != nil {
		return reply{}, err
	}
	if dismissed {
		return p.answered(b.showSwitches(p, 0).show), nil
	}
	m, err := b.store.MergeSections(ctx, p.user, p.numbers[0], p.numbers[1])
	if isGone(err) {
		return b.showMergeFrom(p, p.plain("merge.gone"), 0), nil
	}
	if err != nil {
		return reply{}, err
	}
	return b.showMerged(p, m), nil
}

func (b *Reader) showMerged(p press, m subscribers.Merging) reply {
	return reply{show: func(ctx context.Context) error {
		text := p.html("merge.done", values{"From": sectionName(p.speaker, m.From.Section), "Into": sectionName(p.speaker, m.Into.Section)})
		b.show(ctx, p, text, keyboard{row(button(p.plain("button.sections"), actPage, 0))})
		return nil
	}}
}

// isGone tells whether an error means that sections cannot be merged as a
// button says, because they are not what they were when it was made.
func isGone(err error) bool {
	return errors.Is(err, subscribers.ErrNotFound) || errors.Is(err, subscribers.ErrSameSection)
}

// archivedKeyboard has a button per section, for one page of them; a page that
// does not exist is replaced by the nearest.
func archivedKeyboard(s speaker, all []subscribers.ArchivedSection, page int64,
	choose func(text string, id int64) models.InlineKeyboardButton,
	turn func(text string, page int64) models.InlineKeyboardButton,
) keyboard {
	pages := max(int64(len(all)+archivedPerPage-1)/archivedPerPage, 1)
	page = min(page, pages-1)
	var k keyboard
	for _, section := range all[page*archivedPerPage : min((page+1)*archivedPerPage, int64(len(all)))] {
		count := s.plain("count.issues", values{"Count": section.Issues})
		k = append(k, row(choose(sectionName(s, section.Section)+" · "+count, section.ID)))
	}
	if pages == 1 {
		return k
	}
	return append(k, row(
		turn("◀️", max(page-1, 0)),
		turn(fmt.Sprintf("%d/%d", page+1, pages), page),
		turn("▶️", min(page+1, pages-1)),
	))
}
