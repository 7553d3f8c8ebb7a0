package reader

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/search"
)

// afterTitle is what stands between a title and the words behind it. In the results they
// have a line of their own.
const afterTitle = " ,，、;；:：。–—"

// hit is an item that was found: its title, where it is from, and an excerpt. Without a
// title the excerpt comes first.
func (i *issues) hit(ctx context.Context, s talk.Speaker, q search.Query, item archive.Item) (string, error) {
	from, err := i.origin(ctx, s, item)
	if err != nil {
		return "", err
	}
	text := item.Text
	if item.Title != "" {
		text = strings.TrimLeft(text, afterTitle)
	}
	excerpt, origin := highlighted(q.Excerpt(text, excerptUnits)), digest.HTML(from...)
	if item.Title == "" {
		return talk.Lines(linked(item.Link, excerpt...), origin), nil
	}
	title := linked(item.Link, digest.Span{Text: itemTitle(q, item), Style: digest.Bold})
	return talk.Lines(title, origin, digest.HTML(excerpt...)), nil
}

// itemTitle names an item in one line, cut so that a hit in it is seen. An untitled item
// is named by its text.
func itemTitle(q search.Query, item archive.Item) string {
	text := item.Title
	if text == "" {
		text = item.Text
	}
	var title strings.Builder
	for _, piece := range q.Excerpt(text, talk.TitleUnits) {
		title.WriteString(piece.Text)
	}
	return title.String()
}

// origin says which section and issue an item is from. The issue is a link that works in
// every chat.
func (i *issues) origin(ctx context.Context, s talk.Speaker, item archive.Item) ([]digest.Span, error) {
	link, err := i.issueLink(ctx, item.Issue)
	if err != nil {
		return nil, err
	}
	from := []digest.Span{{Text: talk.IssueShort(s, item.Issue), Link: link}, {Text: " · " + s.Date(item.Issue.Date)}}
	if item.Section != "" {
		from = append([]digest.Span{{Text: sectionShort(item) + " · "}}, from...)
	}
	return from, nil
}

// sectionShort names the section of an item in a few words.
func sectionShort(item archive.Item) string { return digest.ShortenUnits(item.Section, placeUnits) }

// linked is a text as a link, for parse mode HTML. If there is no link, or it is too
// long, it is the text alone.
func linked(link string, spans ...digest.Span) string {
	if len(link) <= maxLinkBytes {
		for i := range spans {
			spans[i].Link = link
		}
	}
	return digest.HTML(spans...)
}

// maxHighlights keeps five excerpts below the hundred formats of a message.
const maxHighlights = 8

// highlighted is an excerpt with its first hits in bold.
func highlighted(pieces []search.Piece) []digest.Span {
	spans := make([]digest.Span, len(pieces))
	hits := 0
	for i, piece := range pieces {
		spans[i].Text = piece.Text
		if piece.Hit && hits < maxHighlights {
			hits++
			spans[i].Style = digest.Bold
		}
	}
	return spans
}

// hitButtons open the items of a page by the numbers before them.
func hitButtons(items []archive.Item, page int) talk.Keyboard {
	var buttons []models.InlineKeyboardButton
	for n, item := range items {
		buttons = append(buttons, talk.Button(strconv.Itoa(page*hitsPerPage+n+1), talk.ActHit,
			item.Issue.ID, int64(item.Issue.Edition), int64(item.Position), int64(page), 0))
	}
	return talk.Grid(buttons)
}

// PressHit shows an item that was found in place of the results. In a group everybody sees
// it, as they see the pages of the results.
func (i *issues) PressHit(ctx context.Context, p talk.Press) (talk.Reply, error) {
	q := search.Parse(firstCode(p.Under))
	if q.Empty() {
		return talk.OutOfDateReply(p), nil
	}
	issue, err := i.Store.Issue(ctx, p.Numbers[0])
	if err != nil {
		return talk.MissingReply(p, err)
	}
	item, err := i.Store.OpenItem(ctx, issue.ID, int(p.Numbers[1]), int(p.Numbers[2]))
	page := p.Numbers[3]
	switch {
	case issue.IsHidden():
		return i.changedReply(p, q, page, p.Plain("issue.withdrawn")), nil
	case errors.Is(err, subscribers.ErrNotFound), err == nil && issue.IsAhead():
		return i.changedReply(p, q, page, p.Plain("search.changed")), nil
	case err != nil:
		return talk.Reply{}, err
	}
	return i.ShowReply(p, func(ctx context.Context) (string, talk.Keyboard, error) {
		return i.hitView(ctx, p, q, issue, item)
	}), nil
}

// hitView is the text and keyboard of an item that was found. As in the results, the
// first code is the words of the search.
func (i *issues) hitView(ctx context.Context, p talk.Press, q search.Query, issue archive.Issue, item archive.WholeItem) (string, talk.Keyboard, error) {
	s, page := i.SpeakerToAll(p.Visit), p.Numbers[3]
	from, err := i.origin(ctx, s, archive.Item{Issue: issue, Section: item.Section})
	if err != nil {
		return "", nil, err
	}
	parts := item.Messages(append([]digest.Span{{Text: "🔍 "}, {Text: q.String(), Style: digest.Monospace}, {Text: "\n"}}, from...))
	at, all := talk.NearestPage(p.Numbers[4], len(parts), 1)
	k := talk.Pager(at, all, talk.ActHit, p.Numbers[:4]...)
	return parts[at].HTML, append(k, talk.Row(
		talk.Button(s.Plain("button.results"), talk.ActFind, page),
		talk.Button(s.Plain("button.section"), talk.ActPart, issue.ID, item.SectionID),
	)), nil
}

// changedReply shows what is found now, and why the item is not shown.
func (i *issues) changedReply(p talk.Press, q search.Query, page int64, why string) talk.Reply {
	r := i.resultsReply(p, q, page)
	r.Popup, r.Alert = why, true
	return r
}
