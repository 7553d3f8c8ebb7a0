package reader

import (
	"context"
	"fmt"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/digest"
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
	return talk.Paragraphs(texts...), append(hitButtons(items, at), talk.Pager(at, pages, talk.ActFind)...), nil
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
