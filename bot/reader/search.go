package reader

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
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

// searchUnits is how much of the words of a search stands on a button.
const searchUnits = 24

// OfferSearch answers words that are no command: it offers to search for them. meant is
// the command that they may mean if nothing has all of them; empty: none.
func (i *issues) OfferSearch(ctx context.Context, v talk.Visit, words, meant string) error {
	if !strings.ContainsFunc(words, isLetterOrNumber) || digest.Units(words) > search.MaxUnits {
		i.Say(ctx, v, v.HTML("unknown.text"), nil)
		return nil
	}
	_, err := i.Store.NewestIssue(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		i.Say(ctx, v, talk.Paragraphs(i.noIssueText(v.Speaker), v.HTML("offer.help")), nil)
		return nil
	}
	if err != nil {
		return err
	}
	f, err := i.lookFor(ctx, words)
	if err != nil {
		return err
	}
	text, k := f.answer(v.Speaker, meant)
	i.Say(ctx, v, text, k)
	return nil
}

func isLetterOrNumber(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// findable is a search that was not asked for.
type findable struct {
	q     search.Query
	items int
	all   bool // q has all words that were looked for
}

// answer is what is said to words that are no command.
func (f findable) answer(s talk.Speaker, meant string) (string, talk.Keyboard) {
	text, k := f.offer(s)
	said := talk.Values{"Words": f.q.String(), "Command": "/" + meant}
	switch {
	case f.all, text != "" && meant == "":
		return talk.Paragraphs(text, s.HTML("offer.help")), k
	case text != "":
		return talk.Paragraphs(text, s.HTML("offer.meant", said)), k
	case meant != "":
		return talk.Paragraphs(s.HTML("offer.none", said), s.HTML("offer.meant", said)), nil
	}
	k = append(talk.Keyboard{talk.Row(talk.Button(s.Plain("button.latest"), talk.ActLatest))}, archiveKeyboard(s)...)
	return talk.Paragraphs(s.HTML("search.none", said), s.HTML("offer.help")), k
}

// lookFor looks for items with all of some words, or with the rarest of them if none has
// all.
func (i *issues) lookFor(ctx context.Context, words string) (findable, error) {
	q := search.Parse(words)
	if q.Empty() {
		return findable{q: q}, nil
	}
	_, items, err := i.Store.Search(ctx, q, 0, 0)
	if err != nil || items > 0 {
		return findable{q, items, true}, err
	}
	rarest, items, err := i.rarest(ctx, strings.Fields(q.String()))
	if items == 0 {
		return findable{q: q}, err
	}
	return findable{q: rarest, items: items}, err
}

// offer says how many items there are, and has a button that shows them. The text is empty
// if there are none. As in the results, the first code is the words of the search, where
// PressFind reads them: the data of a button has no room for them.
func (f findable) offer(s talk.Speaker) (text string, k talk.Keyboard) {
	said := talk.Values{"Words": f.q.String(), "Count": f.items}
	switch {
	case f.items == 0:
		return "", nil
	case f.all:
		text = s.HTML("offer.found", said)
	default:
		text = s.HTML("offer.instead", said)
	}
	label := s.Plain("button.search", talk.Values{"Words": talk.Label(f.q.String(), searchUnits)})
	return text, talk.Keyboard{talk.Row(talk.Button(label, talk.ActFind, 0))}
}

// rarest returns the word that the fewest items have, the longest of several, and how many
// do; 0: no item has any of them. In a question it says more than the others what somebody is looking for.
func (i *issues) rarest(ctx context.Context, words []string) (rarest search.Query, items int, err error) {
	for _, word := range words {
		q := search.Parse(strings.Trim(word, `?!.:'"()`))
		if q.Empty() || isSmall(q.String()) {
			continue
		}
		_, total, err := i.Store.Search(ctx, q, 0, 0)
		if err != nil {
			return q, 0, err
		}
		more := items == 0 || total < items || total == items && len(q.String()) > len(rarest.String())
		if total > 0 && more {
			rarest, items = q, total
		}
	}
	return rarest, items, nil
}

// isSmall reports whether a word is one such as "the", and not one such as "AI" or "书".
func isSmall(word string) bool { return smallWord.MatchString(word) }

var smallWord = regexp.MustCompile(`^[a-z']{1,3}$`)

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
	return talk.Paragraphs(texts...), append(hitButtons(items, at), talk.Pager(at, pages, talk.ActFind)...), nil
}

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
	case issue.Withdrawn:
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

// resultsReply shows a page of what is found.
func (i *issues) resultsReply(p talk.Press, q search.Query, page int64) talk.Reply {
	return i.ShowReply(p, func(ctx context.Context) (string, talk.Keyboard, error) {
		return i.results(ctx, i.SpeakerToAll(p.Visit), q, page)
	})
}

// PressFind turns to a page of what was found. The words of the search stand in the
// message.
func (i *issues) PressFind(_ context.Context, p talk.Press) (talk.Reply, error) {
	q := search.Parse(firstCode(p.Under))
	if q.Empty() {
		return talk.OutOfDateReply(p), nil
	}
	return i.resultsReply(p, q, p.Numbers[0]), nil
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
