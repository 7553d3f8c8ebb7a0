package reader

import (
	"net/url"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// maxUnfolds bounds the buttons that unfold sections: Telegram shows at most
// 100 under a message.
const maxUnfolds = 90

// IssueButtons returns the buttons under a message of an issue: those that unfold the
// sections of a compact message, and under the last message the closing row.
func (a *archive) IssueButtons(u delivery.Under) [][]models.InlineKeyboardButton {
	s := a.SpeakerTo(u.To.Subscriber, "")
	k := unfoldButtons(s, u.Issue, u.Edition, u.Unfolds)
	if u.Last {
		k = append(k, a.closingRow(s, u.To.Subscriber, u.Issue))
	}
	return k
}

// unfoldsPerRow fits two names of usual length into the width of a phone.
const unfoldsPerRow = 2

// unfoldButtons unfold sections of a compact message; each section is given by its first
// message.
func unfoldButtons(s talk.Speaker, issue int64, edition int, sections []subscribers.Message) talk.Keyboard {
	var buttons []models.InlineKeyboardButton
	for _, m := range sections[:min(len(sections), maxUnfolds)] {
		buttons = append(buttons, talk.Button("▾ "+talk.MessageName(s, m), talk.ActUnfold, issue, int64(edition), int64(m.Position)))
	}
	return inRows(buttons, unfoldsPerRow)
}

// closingRow stands under the last message of an issue. In groups and channels only
// admins choose, so it offers everybody else a subscription of their own. So it does to a
// reader who came for one issue by a link. The offer is a link, as a press would replace
// the message.
func (a *archive) closingRow(s talk.Speaker, sub subscribers.Subscriber, issue int64) []models.InlineKeyboardButton {
	subscribe := models.InlineKeyboardButton{Text: s.Plain("button.for_me"), URL: "https://t.me/" + a.Self.Load().Username + "?start=subscribe"}
	first := talk.Row(subscribe)
	switch {
	case sub.Kind != subscribers.Private:
	case sub.State != subscribers.On:
		first[0].Text = s.Plain("button.subscribe")
	default:
		first = talk.Row(talk.Button(s.Plain("button.sections"), talk.ActSections), talk.Button(s.Plain("button.settings"), talk.ActOpenSettings))
	}
	link, err := a.rememberedLink(issue)
	if err != nil {
		a.Log.Error("an issue cannot be shared", "issue", issue, "err", err)
		return first
	}
	share := "https://t.me/share/url?url=" + url.QueryEscape(link)
	return append(first, models.InlineKeyboardButton{Text: s.Plain("button.share"), URL: share})
}
