package reader

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/search"
)

const (
	resultsPerPage = 10 // of at most 50; the app asks for more when somebody scrolls
	// inlineCache is how long Telegram may repeat the answer to the same query of the
	// same person. A new issue is found that much later.
	inlineCache = time.Minute
	// startSearch is the argument of /start behind the button above no results.
	startSearch = "search"

	resultUnits = 80 // of a result's title in the list, which cuts it by width
)

// InlineQueue returns the number of the queue for a person's inline queries. They belong
// to no chat, and must not wait behind the messages of one.
func InlineQueue(user int64) int64 {
	const noChat = -1 << 62 // far beyond the ids of all chats
	return noChat + user
}

// InlineQuery answers a person who types "@bot words" in any chat with items to post
// there. The answer is no message, so it does not wait for the sender.
func (i *issues) InlineQuery(ctx context.Context, query *models.InlineQuery) {
	s := i.SpeakerIn(ctx, query.From.ID, 0, query.From.LanguageCode)
	params, err := i.inlineResults(ctx, s, query)
	if err != nil {
		i.Log.Error("an inline query failed", "err", err)
		return
	}
	talk.PassTurn(ctx)
	ctx, cancel := context.WithTimeout(ctx, talk.CallTimeout)
	defer cancel()
	_, err = i.API.AnswerInlineQuery(ctx, params)
	i.LogUnanswered(ctx, "inline", err)
}

// inlineResults makes the answer to an inline query; an empty query finds the newest
// items. The answer is for one person only, as it is in their language.
func (i *issues) inlineResults(ctx context.Context, s talk.Speaker, query *models.InlineQuery) (*tg.AnswerInlineQueryParams, error) {
	params := &tg.AnswerInlineQueryParams{
		InlineQueryID: query.ID, Results: []models.InlineQueryResult{},
		CacheTime: int(inlineCache / time.Second), IsPersonal: true,
	}
	q := search.Parse(query.Query)
	offset := inlineOffset(query.Offset)
	var items []archive.Item
	var total int
	var err error
	if !q.Empty() || strings.TrimSpace(query.Query) == "" {
		items, total, err = i.Store.Search(ctx, q, resultsPerPage, offset)
	}
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		result, err := i.inlineResult(ctx, s, q, item)
		if err != nil {
			return nil, err
		}
		params.Results = append(params.Results, result)
	}
	if next := offset + resultsPerPage; next < total {
		params.NextOffset = strconv.Itoa(next)
	}
	if total == 0 {
		params.Button, err = i.nothingButton(ctx, s)
	}
	return params, err
}

// nothingButton says above no results why there are none.
func (i *issues) nothingButton(ctx context.Context, s talk.Speaker) (*models.InlineQueryResultsButton, error) {
	text := s.Plain("inline.none")
	_, err := i.Store.NewestIssue(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		text, err = s.Plain("latest.none"), nil
	}
	return &models.InlineQueryResultsButton{Text: text, StartParameter: startSearch}, err
}

// inlineOffset reads a NextOffset of an earlier answer; anything else is 0.
func inlineOffset(offset string) int {
	n, err := strconv.Atoi(offset)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// inlineResult is an item as a result of an inline query.
func (i *issues) inlineResult(ctx context.Context, s talk.Speaker, q search.Query, item archive.Item) (*models.InlineQueryResultArticle, error) {
	post, err := i.hit(ctx, s, q, item)
	if err != nil {
		return nil, err
	}
	link, err := i.issueLink(ctx, item.Issue)
	if err != nil {
		return nil, err
	}
	preview := sender.WithoutPreview()
	if item.Link != "" && len(item.Link) <= maxLinkBytes {
		preview = &models.LinkPreviewOptions{URL: &item.Link, PreferSmallMedia: tg.True()}
	}
	whole := talk.Row(talk.LinkButton(s.Plain("button.issue"), link))
	if item.SectionID != 0 {
		whole = append(talk.Row(talk.LinkButton(s.Plain("button.section"), i.sectionLink(item.Issue, item.SectionID))), whole...)
	}
	from := talk.IssueShort(s, item.Issue)
	if item.Section != "" {
		from = sectionShort(item) + " · " + from
	}
	return &models.InlineQueryResultArticle{
		ID:          fmt.Sprintf("%d.%d", item.Issue.ID, item.ID),
		Title:       talk.Label(itemTitle(q, item), resultUnits),
		Description: from,
		InputMessageContent: models.InputTextMessageContent{
			MessageText: post, ParseMode: models.ParseModeHTML, LinkPreviewOptions: preview,
		},
		ReplyMarkup: talk.Keyboard{whole}.Inline(),
	}, nil
}
