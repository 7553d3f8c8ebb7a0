package reader

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// maxUnfolds bounds the buttons that unfold sections: Telegram shows at most
// 100 under a message.
const maxUnfolds = 90

// IssueButtons returns the buttons under a message of an issue: those that unfold the
// sections of a compact message, and under the last message the closing row, and once
// the hint that there are layouts of fewer messages.
func (i *issues) IssueButtons(u delivery.Buttons) [][]models.InlineKeyboardButton {
	s := i.SpeakerTo(u.To.Subscriber, "")
	k := unfoldButtons(s, u.Issue, u.Edition, u.Unfolds)
	if u.Hint {
		k = append(k, talk.Row(talk.Button(s.Plain("button.fewer"), talk.ActOpenLayouts)))
	}
	if u.Last {
		k = append(k, i.closingRow(s, u.To.Subscriber, u.Issue))
	}
	return k
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

// closingRow stands under the last message of an issue. In groups and channels only
// admins choose, so it offers everybody else a subscription of their own. So it does to a
// reader who came for one issue by a link. The offer is a link, as a press would replace
// the message.
func (i *issues) closingRow(s talk.Speaker, sub subscribers.Subscriber, issue int64) []models.InlineKeyboardButton {
	subscribe := talk.LinkButton(s.Plain("button.for_me"), "https://t.me/"+i.Self.Load().Username+"?start=subscribe")
	first := talk.Row(subscribe)
	switch {
	case sub.Kind != subscribers.Private:
	case sub.State != subscribers.On:
		first[0].Text = s.Plain("button.subscribe")
	default:
		first = talk.Row(talk.Button(s.Plain("button.sections"), talk.ActSections), talk.Button(s.Plain("button.settings"), talk.ActOpenSettings))
	}
	link, err := i.rememberedLink(issue)
	if err != nil {
		i.Log.Error("an issue cannot be shared", "issue", issue, "err", err)
		return first
	}
	share := "https://t.me/share/url?url=" + url.QueryEscape(link)
	return append(first, talk.LinkButton(s.Plain("button.share"), share))
}

// linkedIssue stands in deep links before the issue's number or its database id.
const linkedIssue = "issue_"

// issueLink returns a link that opens a private chat with the bot and has it send an
// issue. The link has the number of the issue, unless a newer issue has the same.
func (i *issues) issueLink(ctx context.Context, issue archive.Issue) (string, error) {
	name := archive.IDPrefix + strconv.FormatInt(issue.ID, 10)
	if issue.Number != 0 {
		namesake, err := i.Store.IssueByNumber(ctx, issue.Number)
		if err != nil {
			return "", err
		}
		if namesake.ID == issue.ID {
			name = strconv.Itoa(issue.Number)
		}
	}
	return fmt.Sprintf("https://t.me/%s?start=%s", i.Self.Load().Username, linkedIssue+name), nil
}

// issueLinkByID is issueLink for the issue with an id.
func (i *issues) issueLinkByID(ctx context.Context, id int64) (string, error) {
	issue, err := i.Store.Issue(ctx, id)
	if err != nil {
		return "", err
	}
	return i.issueLink(ctx, issue)
}

const (
	// linkMemory is how long the link of an issue is remembered: a broadcast asks for
	// the same one again and again, but a correction may give it another number.
	linkMemory = time.Minute
	maxLinks   = 100
)

// rememberedLink is issueLinkByID with a memory.
func (i *issues) rememberedLink(issue int64) (string, error) {
	if link, known := i.links.Find(issue, time.Now()); known {
		return link, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), talk.CallTimeout)
	defer cancel()
	link, err := i.issueLinkByID(ctx, issue)
	if err == nil {
		i.links.Keep(issue, link, time.Now())
	}
	return link, err
}
