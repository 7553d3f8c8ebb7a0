package desk

import (
	"context"
	"errors"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// Merger lets an admin merge a section whose heading was renamed into the one it became.
// The admin chooses the old one, then the new one, then answers a question, all in the
// message that /sections wrote. Its methods are safe for concurrent use.
type Merger struct {
	*talk.Talker
	// SwitchesReply shows a page of the switches of the sections where the button is.
	SwitchesReply func(p talk.Press, page int64) talk.Reply
}

// archivedPerPage keeps the list of sections lower than a phone's screen.
const archivedPerPage = 10

// MergeRow is the button below the switches of /sections that leads to merging. It is nil
// if the visitor is no admin of the bot or not alone with it, or there is nothing to merge.
func (g *Merger) MergeRow(ctx context.Context, v talk.Visit) (talk.Keyboard, error) {
	if !v.Private() || v.Sub.Chat.ID != v.User || !g.IsBotAdmin(v.User) {
		return nil, nil
	}
	all, err := g.Store.CountedSections(ctx)
	if err != nil || len(all) < 2 {
		return nil, err
	}
	return talk.Keyboard{talk.Row(talk.Button(v.Plain("button.ask_merge"), talk.ActMergeFrom, 0))}, nil
}

// PressMergeFrom asks which section became another.
func (g *Merger) PressMergeFrom(_ context.Context, p talk.Press) (talk.Reply, error) {
	return g.mergeFromReply(p, "", p.Numbers[0]), nil
}

// mergeFromReply is the reply that asks which section became another, with a popup.
func (g *Merger) mergeFromReply(p talk.Press, popup string, page int64) talk.Reply {
	return talk.Reply{Popup: popup, Alert: popup != "", Show: func(ctx context.Context) error {
		all, err := g.Store.CountedSections(ctx)
		if err != nil {
			return err
		}
		k := archivedKeyboard(p.Speaker, all, page,
			func(text string, id int64) models.InlineKeyboardButton {
				return talk.Button(text, talk.ActMergeInto, id, 0)
			}, talk.ActMergeFrom)
		g.Show(ctx, p, p.HTML("merge.from"), append(k, talk.Row(talk.Button(p.Plain("button.merge_back"), talk.ActPage, 0))))
		return nil
	}}
}

// PressMergeInto asks what the chosen section became.
func (g *Merger) PressMergeInto(ctx context.Context, p talk.Press) (talk.Reply, error) {
	all, err := g.Store.CountedSections(ctx)
	if err != nil {
		return talk.Reply{}, err
	}
	var from *archive.CountedSection
	var others []archive.CountedSection
	for i, section := range all {
		if section.ID == p.Numbers[0] {
			from = &all[i]
			continue
		}
		others = append(others, section)
	}
	if from == nil {
		return g.mergeFromReply(p, p.Plain("merge.gone"), 0), nil
	}
	return talk.Reply{Show: func(ctx context.Context) error {
		k := archivedKeyboard(p.Speaker, others, p.Numbers[1],
			func(text string, id int64) models.InlineKeyboardButton {
				return talk.Button(text, talk.ActAskMerge, from.ID, id)
			}, talk.ActMergeInto, from.ID)
		text := p.HTML("merge.into", talk.Values{"From": talk.SectionName(p.Speaker, from.Section)})
		g.Show(ctx, p, text, append(k, talk.Row(talk.Button(p.Plain("button.merge_back"), talk.ActMergeFrom, 0))))
		return nil
	}}, nil
}

// PressAskMerge says what merging would do, and asks whether to.
func (g *Merger) PressAskMerge(ctx context.Context, p talk.Press) (talk.Reply, error) {
	m, err := g.Store.PlanMerging(ctx, p.Numbers[0], p.Numbers[1])
	if err != nil {
		return g.notMergedReply(p, err)
	}
	if m.Done {
		return g.mergedReply(p, m), nil
	}
	err = g.Store.AskAgain(ctx, p.Question(talk.ActMerge))
	return talk.Reply{Show: func(ctx context.Context) error {
		g.Show(ctx, p, mergeQuestion(p.Speaker, m), talk.Keyboard{
			talk.Row(talk.Button(p.Plain("button.merge"), talk.ActMerge, m.From.ID, m.Into.ID)),
			talk.Row(talk.Button(p.Plain("button.dont_merge"), talk.ActDontMerge, m.From.ID, m.Into.ID)),
		})
		return nil
	}}, err
}

// PressDontMerge answers the question whether to merge with no, unless it was
// answered with yes.
func (g *Merger) PressDontMerge(ctx context.Context, p talk.Press) (talk.Reply, error) {
	m, err := g.Store.PlanMerging(ctx, p.Numbers[0], p.Numbers[1])
	switch {
	case isGone(err):
		return g.SwitchesReply(p, 0), nil
	case err != nil:
		return talk.Reply{}, err
	case m.Done:
		return g.mergedReply(p, m), nil
	}
	err = g.Store.DismissQuestion(ctx, p.Question(talk.ActMerge))
	return g.SwitchesReply(p, 0), err
}

// mergeQuestion says what merging would do, and asks whether to.
func mergeQuestion(s talk.Speaker, m subscribers.Merging) string {
	from, into := talk.SectionName(s, m.From.Section), talk.SectionName(s, m.Into.Section)
	text := s.HTML("merge.ask", talk.Values{
		"From": from, "FromIssues": s.Plain("count.issues", talk.Values{"Count": m.From.Issues}),
		"Into": into, "IntoIssues": s.Plain("count.issues", talk.Values{"Count": m.Into.Issues}),
	})
	lose := func(count int, off, other string) string {
		if count == 0 {
			return ""
		}
		return s.HTML("merge.lose", talk.Values{"Count": count, "Off": off, "Other": other})
	}
	return talk.Paragraphs(talk.Lines(text, lose(m.FromOnly, from, into), lose(m.IntoOnly, into, from)), s.HTML("merge.final"))
}

// PressMerge merges, unless the answer was no. A second press changes nothing.
func (g *Merger) PressMerge(ctx context.Context, p talk.Press) (talk.Reply, error) {
	if r, after, err := g.ReplyAfterNo(ctx, p, talk.ActMerge, g.SwitchesReply(p, 0)); after || err != nil {
		return r, err
	}
	m, err := g.Store.MergeSections(ctx, p.Actor(), p.Numbers[0], p.Numbers[1])
	if err != nil {
		return g.notMergedReply(p, err)
	}
	return g.mergedReply(p, m), nil
}

// notMergedReply is the reply after an error: if sections have changed since, it asks again.
func (g *Merger) notMergedReply(p talk.Press, err error) (talk.Reply, error) {
	if isGone(err) {
		return g.mergeFromReply(p, p.Plain("merge.gone"), 0), nil
	}
	return talk.Reply{}, err
}

// mergedReply is the reply that says that sections are merged.
func (g *Merger) mergedReply(p talk.Press, m subscribers.Merging) talk.Reply {
	return talk.Reply{Show: func(ctx context.Context) error {
		text := p.HTML("merge.done", talk.Values{"From": talk.SectionName(p.Speaker, m.From.Section), "Into": talk.SectionName(p.Speaker, m.Into.Section)})
		g.Show(ctx, p, text, talk.Keyboard{talk.Row(talk.Button(p.Plain("button.sections"), talk.ActPage, 0))})
		return nil
	}}
}

// isGone reports whether an error means that sections cannot be merged as a button says,
// because they have changed since.
func isGone(err error) bool {
	return errors.Is(err, subscribers.ErrNotFound) || errors.Is(err, archive.ErrSameSection)
}

// archivedKeyboard has a button for each section of a page. For a page that does not
// exist it has the nearest one. turn, with numbers, turns the pages.
func archivedKeyboard(s talk.Speaker, all []archive.CountedSection, page int64,
	choose func(text string, id int64) models.InlineKeyboardButton,
	turn talk.Action, numbers ...int64,
) talk.Keyboard {
	at, pages := talk.NearestPage(page, len(all), archivedPerPage)
	var k talk.Keyboard
	for _, section := range all[at*archivedPerPage : min((at+1)*archivedPerPage, len(all))] {
		count := s.Plain("count.issues", talk.Values{"Count": section.Issues})
		k = append(k, talk.Row(choose(talk.SectionName(s, section.Section)+" · "+count, section.ID)))
	}
	return append(k, talk.Pager(at, pages, turn, numbers...)...)
}
