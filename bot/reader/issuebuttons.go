package reader

import (
	"context"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/rendition"
	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// maxUnfolds bounds the buttons that unfold sections: Telegram shows at most
// 100 under a message.
const maxUnfolds = 90

// IssueButtons returns the buttons under a message of an issue: those that unfold the
// sections of a compact message, and under the last message a way to share a section
// and the closing row, and once the hint that there are layouts of fewer messages.
func (i *issues) IssueButtons(u rendition.Buttons) [][]models.InlineKeyboardButton {
	s := i.SpeakerTo(u.To.Subscriber, "")
	if len(u.Month) > 0 {
		return i.monthButtons(s, u)
	}
	k := append(unfoldButtons(s, u.Issue, u.Edition, u.Unfolds), i.votes(s, u.To.Subscriber, u.Issue, u.Ends)...)
	if u.Hint {
		k = append(k, talk.Row(talk.Button(s.Plain("button.fewer"), talk.ActOpenLayouts)))
	}
	if u.Last {
		k = append(k, i.shareRow(s, u)...)
		k = append(k, i.closingRow(s, u.To.Subscriber, ofEdition{u.Issue, u.Edition}))
	}
	return k
}

// monthButtons stand under the headlines of a month: they bring each issue, and lead to the
// archive. In groups and channels the issues come to the private chat.
func (i *issues) monthButtons(s talk.Speaker, u rendition.Buttons) talk.Keyboard {
	private := u.To.Kind == subscribers.Private
	var buttons []models.InlineKeyboardButton
	for _, issue := range u.Month {
		label := "📰 " + talk.IssueLabel(issue)
		if private {
			buttons = append(buttons, talk.Button(label, talk.ActIssue, issue.ID))
			continue
		}
		known, err := i.remembered(ofEdition{issue.ID, issue.Edition})
		if err != nil {
			i.Log.Error("an issue of a month has no button", "issue", issue.ID, "err", err)
			continue
		}
		buttons = append(buttons, talk.LinkButton(label, known.link))
	}
	k := talk.Grid(buttons)
	if private {
		return append(k, append(archiveKeyboard(s)[0], talk.Button(s.Plain("button.settings"), talk.ActOpenSettings)))
	}
	return append(k, i.offerRow(s, u.To.Subscriber))
}

// MonthTexts returns the words around the headlines of a month.
func (i *issues) MonthTexts(to subscribers.Subscriber, issues []archive.Issue) (heading string, names []string) {
	s := i.SpeakerTo(to, "")
	for _, issue := range issues {
		names = append(names, talk.IssueTitle(s, issue)+" · "+s.Date(issue.Date))
	}
	return s.Plain("issue.month"), names
}

// unfoldsPerRow fits two names of usual length into the width of a phone.
const unfoldsPerRow = 2

// unfoldButtons unfold sections of a compact message; each section is given by its first
// message.
func unfoldButtons(s talk.Speaker, issue int64, edition int, sections []archive.Message) talk.Keyboard {
	var buttons []models.InlineKeyboardButton
	for _, m := range sections[:min(len(sections), maxUnfolds)] {
		buttons = append(buttons, talk.Button("▾ "+talk.MessageName(s, m), talk.ActUnfold, issue, int64(edition), int64(m.Position)))
	}
	return inRows(buttons, unfoldsPerRow)
}

// closingRow stands under the last message of an issue.
func (i *issues) closingRow(s talk.Speaker, sub subscribers.Subscriber, issue ofEdition) []models.InlineKeyboardButton {
	first := i.offerRow(s, sub)
	if first == nil {
		first = talk.Row(talk.Button(s.Plain("button.sections"), talk.ActSections), talk.Button(s.Plain("button.settings"), talk.ActOpenSettings))
	}
	known, err := i.remembered(issue)
	if err != nil {
		i.Log.Error("an issue cannot be shared", "issue", issue.issue, "err", err)
		return first
	}
	return append(first, shareIssue(s, known.Issue, known.link))
}

// offerRow offers a subscription. In groups and channels only admins choose, so it offers
// everybody else one of their own. So it does to a reader who came by a link; nil: the
// reader is subscribed. The offer is a link, as a press would replace the message.
func (i *issues) offerRow(s talk.Speaker, sub subscribers.Subscriber) []models.InlineKeyboardButton {
	text := s.Plain("button.for_me")
	if sub.Kind == subscribers.Private {
		if sub.State == subscribers.On {
			return nil
		}
		text = s.Plain("button.subscribe")
	}
	return talk.Row(talk.LinkButton(text, i.StartLink(talk.StartSubscribe)))
}

// sectionKeyboard stands under a section that came by itself: it offers a subscription, the
// rest of the issue, and to share the section.
func (i *issues) sectionKeyboard(ctx context.Context, v talk.Visit, issue archive.Issue, m archive.Message) (talk.Keyboard, error) {
	whole := talk.Button(v.Plain("button.issue"), talk.ActIssue, issue.ID)
	s := i.SpeakerToAll(v)
	if !v.Private() { // only admins may press that
		link, err := i.issueLink(ctx, issue)
		if err != nil {
			return nil, err
		}
		whole = talk.LinkButton(s.Plain("button.issue"), link)
	}
	k := append(i.votes(s, v.Sub, issue.ID, []archive.Message{m}), talk.Row(whole, i.shareSection(s, issue, m)))
	if offer := i.offerRow(s, v.Sub); offer != nil {
		k = append(talk.Keyboard{offer}, k...)
	}
	return k, nil
}
