package site

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
)

// Paths of the pages, below that of the index.
const (
	allPath      = "all/"
	feedsPath    = "feeds/"
	feedPath     = "feed.atom"
	searchPath   = "search/"
	sitemapPath  = "sitemap.xml"
	robotsPath   = "robots.txt"
	posterPath   = "poster.png"
	notFoundPath = "404.html" // as servers of files call it
	readOnlyPath = "405.html"
	busyPath     = "503.html"
)

// errNowhere: there is no page at a path.
var errNowhere = fmt.Errorf("there is no such page: %w", database.ErrNotFound)

// render makes the page at a path. The error wraps database.ErrNotFound if there is none.
func (s *Site) render(ctx context.Context, path string) (*page, error) {
	if alone := s.alone()[path]; alone != nil {
		return alone(ctx)
	}
	if folder, name, file, ok := threeParts(path); ok {
		switch folder + "/" + file {
		case "page/":
			return s.numbered(ctx, name)
		case "issues/":
			return s.issuePage(ctx, name)
		case "issues/" + posterPath:
			return s.issuePoster(ctx, name)
		case "sections/" + feedPath:
			return s.sectionFeed(ctx, name)
		}
	}
	return s.withSlash(ctx, path)
}

// alone returns how the pages are made of which there is one each.
func (s *Site) alone() map[string]func(context.Context) (*page, error) {
	return map[string]func(context.Context) (*page, error){
		"":           func(ctx context.Context) (*page, error) { return s.indexPage(ctx, 1) },
		allPath:      s.allPage,
		feedsPath:    s.feedsPage,
		feedPath:     s.feed,
		sitemapPath:  s.sitemap,
		robotsPath:   s.robots,
		posterPath:   s.indexPoster,
		stylePath:    func(context.Context) (*page, error) { return style(), nil },
		notFoundPath: func(ctx context.Context) (*page, error) { return s.refusal(ctx, notFoundPath) },
		readOnlyPath: func(ctx context.Context) (*page, error) { return s.refusal(ctx, readOnlyPath) },
		busyPath:     func(ctx context.Context) (*page, error) { return s.refusal(ctx, busyPath) },
	}
}

// threeParts divides a path such as "issues/12/" or "sections/3/feed.atom".
func threeParts(path string) (folder, name, file string, ok bool) {
	folder, rest, _ := strings.Cut(path, "/")
	name, file, ok = strings.Cut(rest, "/")
	return folder, name, file, ok
}

// withSlash leads to the page whose address was written without the slash at its end.
func (s *Site) withSlash(ctx context.Context, path string) (*page, error) {
	if strings.HasSuffix(path, "/") || strings.Count(path, "/") > 1 {
		return nil, errNowhere
	}
	if path+"/" == searchPath && !s.config.Static {
		return &page{moved: searchPath}, nil
	}
	p, err := s.render(ctx, path+"/")
	if err != nil || p.moved != "" {
		return p, err
	}
	return &page{moved: path + "/"}, nil
}

// numbered returns a further page of the index.
func (s *Site) numbered(ctx context.Context, number string) (*page, error) {
	n, err := strconv.Atoi(number)
	switch {
	case err != nil, n < 1, strconv.Itoa(n) != number:
		return nil, errNowhere
	case n == 1:
		return &page{moved: here}, nil
	}
	return s.indexPage(ctx, n)
}

// issue returns the issue with that name in the address of its page. It returns a redirect
// instead if the page is at another address.
func (s *Site) issue(ctx context.Context, name, below string) (archive.Issue, *page, error) {
	issue, err := s.config.Archive.ListedIssue(ctx, name)
	if err != nil {
		return issue, nil, err
	}
	now, err := s.config.Archive.LinkName(ctx, issue)
	if err != nil || now == name {
		return issue, nil, err
	}
	return issue, &page{moved: issuePath(now) + below}, nil
}

func issuePath(name string) string { return "issues/" + name + "/" }

// pathOf returns the path of the page of an issue.
func (s *Site) pathOf(ctx context.Context, issue archive.Issue) (string, error) {
	name, err := s.config.Archive.LinkName(ctx, issue)
	return issuePath(name), err
}

// updated returns when an issue got the text that it has now: its date, or when it was
// corrected after that. One that is dated ahead has its text since it was added: otherwise
// a correction before its date would be no news to a feed reader.
func (s *Site) updated(ctx context.Context, issue archive.Issue) (time.Time, error) {
	added, corrected, err := s.config.Archive.ChangedAt(ctx, issue)
	at := issue.Date
	if added.Before(at) {
		at = added
	}
	if corrected.After(at) {
		at = corrected
	}
	return at, err
}

// allIssues returns the issues that readers are shown, newest first.
func (s *Site) allIssues(ctx context.Context) ([]archive.Issue, error) {
	const noLimit = -1 // sqlite.org/lang_select.html#limitoffset
	issues, _, err := s.config.Archive.Issues(ctx, noLimit, 0)
	return issues, err
}
