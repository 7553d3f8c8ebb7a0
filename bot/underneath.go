package bot

import (
	"context"
	"net/url"
	"sync"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/subscribers"
)

// maxUnfolds bounds the buttons that unfold sections: Telegram shows at most
// 100 under a message.
const maxUnfolds = 90

// underneath returns the buttons under a message of an issue: those that unfold
// the sections of a compact message, and a row that closes the issue.
func (b *Reader) underneath(u delivery.Under) [][]models.InlineKeyboardButton {
	s := b.speakerTo(u.To.Subscriber, "")
	k := unfoldButtons(s, u.Issue, u.Edition, u.Unfolds)
	if u.Last {
		k = append(k, b.closingRow(s, u.To.Subscriber, u.Issue))
	}
	return k
}

// unfoldsPerRow fits two names of usual length into the width of a phone.
const unfoldsPerRow = 2

// unfoldButtons unfold sections of a compact message, given by their first
// messages.
func unfoldButtons(s speaker, issue int64, edition int, sections []subscribers.Message) keyboard {
	var buttons []models.InlineKeyboardButton
	for _, m := range sections[:min(len(sections), maxUnfolds)] {
		buttons = append(buttons, button("▾ "+messageName(s, m), actUnfold, issue, int64(edition), int64(m.Position)))
	}
	return inRows(buttons, unfoldsPerRow)
}

// closingRow stands under the last message of an issue. In groups and channels
// choices are their admins' business, but everybody can have the digest too; so
// can a reader who came for one issue by a link. It is a link: a press would
// replace the message.
func (b *Reader) closingRow(s speaker, sub subscribers.Subscriber, issue int64) []models.InlineKeyboardButton {
	subscribe := models.InlineKeyboardButton{Text: s.plain("button.for_me"), URL: "https://t.me/" + b.me.Load().Username + "?start=subscribe"}
	first := row(subscribe)
	switch {
	case sub.Kind != subscribers.Private:
	case sub.State != subscribers.On:
		first[0].Text = s.plain("button.subscribe")
	default:
		first = row(button(s.plain("button.sections"), actSections), button(s.plain("button.settings"), actOpenSettings))
	}
	link, err := b.links.of(issue, b.issueLinkByID)
	if err != nil {
		b.log.Error("an issue cannot be shared", "issue", issue, "err", err)
		return first
	}
	share := "https://t.me/share/url?url=" + url.QueryEscape(link)
	return append(first, models.InlineKeyboardButton{Text: s.plain("button.share"), URL: share})
}

func (b *Reader) issueLinkByID(ctx context.Context, id int64) (string, error) {
	issue, err := b.store.Issue(ctx, id)
	if err != nil {
		return "", err
	}
	return b.issueLink(ctx, issue)
}

// linkMemory is how long the link of an issue is remembered: a correction may
// give it another number.
const linkMemory = time.Minute

// links remembers the link of the issue that was asked for last: a broadcast
// asks for the same one again and again.
type links struct {
	mu    sync.Mutex
	issue int64
	link  string
	until time.Time
}

func (l *links) of(issue int64, find func(context.Context, int64) (string, error)) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.issue == issue && time.Now().Before(l.until) {
		return l.link, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	link, err := find(ctx, issue)
	if err == nil {
		l.issue, l.link, l.until = issue, link, time.Now().Add(linkMemory)
	}
	return link, err
}
