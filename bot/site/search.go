package site

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"digestbot/bot/talk"
	"digestbot/digest/webpage"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/search"
)

const (
	// maxQuery is how long a query may be, in bytes. The rest of a longer one is not looked at.
	maxQuery = 300
	// foundPerPage is how many results a page has, and excerptUnits how much text each, in
	// UTF-16 code units.
	foundPerPage = 20
	excerptUnits = 240
	// foundTitles is how many issues are shown above the items, because of their titles.
	foundTitles = 5
	// longestWait is how long a search waits for others.
	longestWait = 2 * time.Second
)

// result is an item that was found.
type result struct {
	Link    string
	Title   []search.Piece
	Excerpt []search.Piece
	Where   string // its section and issue
	Date    string
	ISODate string
}

// serveSearch answers a search. Nothing of it is kept.
func (s *Site) serveSearch(w http.ResponseWriter, r *http.Request, g *generation) {
	waiting, cancel := context.WithTimeout(r.Context(), longestWait)
	defer cancel()
	select {
	case s.searching <- struct{}{}:
		defer func() { <-s.searching }()
	case <-waiting.Done():
		s.busy(w, r, g)
		return
	}
	asked := r.URL.Query()
	n, err := strconv.Atoi(asked.Get("p"))
	if err != nil || n < 1 || n > 1_000_000 {
		n = 1
	}
	body, err := s.search(r.Context(), strings.ToValidUTF8(cutTo(asked.Get("q"), maxQuery), ""), n)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	sendOnce(w, r, body)
}

func cutTo(text string, bytes int) string { return text[:min(len(text), bytes)] }

// search returns page n of what a query finds.
func (s *Site) search(ctx context.Context, query string, n int) ([]byte, error) {
	w, err := s.ownWords(ctx)
	if err != nil {
		return nil, err
	}
	query = webpage.OneLine(query)
	data := struct {
		frame
		Says         string        // empty: there are only issues
		Issues       []listedIssue // with such titles
		Results      []result
		Newer, Older string // pages
	}{frame: s.framed(w, searchPath, w.Search)}
	data.Query, data.Hidden, data.Says = query, true, w.SearchHint
	if parsed := search.Parse(query); !parsed.Empty() {
		items, total, err := s.config.Archive.Search(ctx, parsed, foundPerPage, (n-1)*foundPerPage)
		if err != nil {
			return nil, err
		}
		if data.Results, err = s.results(ctx, w, parsed, items); err != nil {
			return nil, err
		}
		if n == 1 {
			if data.Issues, err = s.titled(ctx, w, parsed); err != nil {
				return nil, err
			}
		}
		switch data.Says = w.Plain("site.found", talk.Values{"Count": total, "Query": query}); {
		case total == 0 && len(data.Issues) > 0:
			data.Says = ""
		case total == 0:
			data.Says = w.Plain("site.nothing", talk.Values{"Query": query})
		}
		if n > 1 {
			data.Newer = s.searchLink(query, n-1)
		}
		if n*foundPerPage < total {
			data.Older = s.searchLink(query, n+1)
		}
	}
	return fill("search", data)
}

// titled returns the issues with titles that match.
func (s *Site) titled(ctx context.Context, w words, q search.Query) ([]listedIssue, error) {
	issues, err := s.config.Archive.SearchTitles(ctx, q, foundTitles)
	if err != nil {
		return nil, err
	}
	return s.list(ctx, w, issues)
}

func (s *Site) searchLink(query string, n int) string {
	return fmt.Sprintf("%s%s?q=%s&p=%d", s.path, searchPath, url.QueryEscape(query), n)
}

func (s *Site) results(ctx context.Context, w words, q search.Query, items []archive.Item) (all []result, err error) {
	for _, item := range items {
		path, err := s.pathOf(ctx, item.Issue)
		if err != nil {
			return nil, err
		}
		where := s.titleOf(w, item.Issue)
		if item.Section != "" {
			path += "#" + url.PathEscape(webpage.Anchor(item.Section))
			where = item.Section + " · " + where
		}
		found := result{
			Link: s.path + path, Where: webpage.OneLine(where), Date: w.Date(item.Issue.Date), ISODate: item.Issue.Date.Format(time.DateOnly),
			Title: q.Excerpt(webpage.OneLine(item.Title), excerptUnits), Excerpt: q.Excerpt(webpage.OneLine(item.Text), excerptUnits),
		}
		if len(found.Title) == 0 {
			found.Title, found.Excerpt = found.Excerpt, nil
		}
		all = append(all, found)
	}
	return all, nil
}
