package site

import (
	"context"
	"errors"
	"strconv"
	"time"

	"digestbot/bot/talk"
	"digestbot/digest/webpage"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
)

// words are what a page says itself, in one language.
type words struct {
	talk.Speaker
	Language string // BCP 47 tag

	Home, Subscribe, OpenIssue, About, All, Feeds, FeedsAbout, FeedAll string
	Search, SearchHint, Newer, Older, Contents, Original, None         string
}

// wordsIn returns the words for an issue in a language.
func (s *Site) wordsIn(language string) words {
	speak := s.catalog.Speaker(language, time.UTC)
	return words{
		Speaker: speak, Language: speak.Tag.String(),
		Home: speak.Plain("site.home"), Subscribe: speak.Plain("site.subscribe"), OpenIssue: speak.Plain("site.open_issue"), About: speak.Plain("site.about"),
		All: speak.Plain("site.all"), Feeds: speak.Plain("site.feeds"), FeedsAbout: speak.Plain("site.feeds_about"), FeedAll: speak.Plain("site.feed_all"),
		Search: speak.Plain("site.search"), SearchHint: speak.Plain("site.search_hint"), Newer: speak.Plain("site.newer"), Older: speak.Plain("site.older"),
		Contents: speak.Plain("site.contents"), Original: speak.Plain("site.original"), None: speak.Plain("site.none"),
	}
}

// ownWords returns the words of pages that are about no single issue: those for the newest.
func (s *Site) ownWords(ctx context.Context) (words, error) {
	newest, err := s.config.Archive.NewestIssue(ctx)
	if errors.Is(err, database.ErrNotFound) {
		return s.wordsIn(s.config.Language), nil
	}
	if err != nil {
		return words{}, err
	}
	content, err := s.config.Archive.Content(ctx, newest)
	if err != nil {
		return words{}, err
	}
	return s.wordsIn(content.Language()), nil
}

// titleOf names an issue by its title, else by the publication and its number or date.
func (s *Site) titleOf(w words, issue archive.Issue) string {
	switch {
	case issue.Title != "":
		return webpage.OneLine(issue.Title)
	case issue.Number != 0:
		return w.Plain("issue.untitled", talk.Values{"Bot": s.name(), "Number": strconv.Itoa(issue.Number)})
	}
	return s.name() + " · " + w.Date(issue.Date)
}
