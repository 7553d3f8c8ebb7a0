package reader

import (
	"context"
	"fmt"
	"strings"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/search"
)

const (
	hitsPerPage = 5

	// Lengths in UTF-16 code units. Five hits stay well below a message's 4096,
	// and their links below the bytes Telegram allows for formatting.
	excerptUnits = 160
	placeUnits   = 60
	maxLinkBytes = 800
)

// Search finds items for a reader.
func (i *issues) Search(ctx context.Context, v talk.Visit, words string) error {
	if _, ok, err := i.newestFor(ctx, v); err != nil || !ok {
		return err
	}
	q := search.Parse(words)
	if q.Empty() {
		i.Say(ctx, v, v.HTML("search.how"), nil)
		return nil
	}
	text, k, err := i.results(ctx, v.Speaker, q, 0)
	if err == nil {
		i.Say(ctx, v, text, k)
	}
	return err
}

// results is the text and keyboard of one page of what was found. The words of the
// search stand in it as code, where PressFind reads them: every button works as long as
// its message is there, and nothing has to be kept.
func (i *issues) results(ctx context.Context, s talk.Speaker, q search.Query, page int64) (string, talk.Keyboard, error) {
	const beyond = 1 << 30
	asked := int(min(page, beyond))
	items, total, err := i.Store.Search(ctx, q, hitsPerPage, asked*hitsPerPage)
	if err != nil {
		return "", nil, err
	}
	if total == 0 {
		return s.HTML("search.none", talk.Values{"Words": q.String()}), archiveKeyboard(s), nil
	}
	at, pages := talk.NearestPage(page, total, hitsPerPage)
	if at != asked {
		if items, _, err = i.Store.Search(ctx, q, hitsPerPage, at*hitsPerPage); err != nil {
			return "", nil, err
		}
	}
	texts := []string{s.HTML("search.found", talk.Values{"Words": q.String(), "Count": total})}
	for n, item := range items {
		hit, err := i.hit(ctx, s, q, item)
		if err != nil {
			return "", nil, err
		}
		texts = append(texts, fmt.Sprintf("%d. %s", at*hitsPerPage+n+1, hit))
	}
	return talk.Paragraphs(texts...), append(hitIssues(items), talk.Pager(at, pages, talk.ActFind)...), nil
}

// hit is an item that was found: its title, where it is from, and an excerpt. Without a
// title the excerpt comes first.
func (i *issues) hit(ctx context.Context, s talk.Speaker, q search.Query, item archive.Item) (string, error) {
	from, err := i.origin(ctx, s, item)
	if err != nil {
		return "", err
	}
	excerpt := highlighted(q.Excerpt(item.Text, excerptUnits))
	if item.Title == "" {
		return talk.Lines(linked(item.Link, excerpt...), from), nil
	}
	title := linked(item.Link, digest.Span{Text: itemTitle(q, item), Style: digest.Bold})
	return talk.Lines(title, from, digest.HTML(excerpt...)), nil
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
func (i *issues) origin(ctx context.Context, s talk.Speaker, item archive.Item) (string, error) {
	link, err := i.issueLink(ctx, item.Issue)
	if err != nil {
		return "", err
	}
	from := linked(link, digest.Span{Text: talk.IssueShort(s, item.Issue)}) + " · " + talk.Escape(s.Date(item.Issue.Date))
	if item.Section != "" {
		from = digest.HTML(digest.Span{Text: sectionShort(item)}) + " · " + from
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

// hitIssues has a button for each of the issues that items are from.
func hitIssues(items []archive.Item) talk.Keyboard {
	var buttons []models.InlineKeyboardButton
	seen := map[int64]bool{}
	for _, item := range items {
		if !seen[item.Issue.ID] {
			seen[item.Issue.ID] = true
			buttons = append(buttons, talk.Button("📰 "+talk.IssueLabel(item.Issue), talk.ActIssue, item.Issue.ID))
		}
	}
	return talk.Grid(buttons)
}

// PressFind turns to a page of what was found. The words of the search stand in the
// message.
func (i *issues) PressFind(_ context.Context, p talk.Press) (talk.Reply, error) {
	q := search.Parse(firstCode(p.Under))
	if q.Empty() {
		return talk.OutOfDateReply(p), nil
	}
	return i.ShowReply(p, func(ctx context.Context) (string, talk.Keyboard, error) {
		return i.results(ctx, i.SpeakerToAll(p.Visit), q, p.Numbers[0])
	}), nil
}

// firstCode returns the first text of a message that is formatted as code.
func firstCode(m *models.Message) string {
	for _, e := range m.Entities {
		if code, ok := digest.SliceUnits(m.Text, e.Offset, e.Length); ok && e.Type == models.MessageEntityTypeCode {
			return code
		}
	}
	return ""
}
