package intake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"digestbot/digest"
	"digestbot/digest/document"
	"digestbot/subscribers/intake/fetch"
	"digestbot/subscribers/intake/identity"
)

// maxPages bounds the pages that one look at a feed fetches, and pageLimit how long each may
// take: a look has five minutes.
const (
	maxPages  = 10
	pageLimit = 20 * time.Second
)

// fullPage is the page of an entry.
type fullPage struct {
	issue *digest.Issue
	data  []byte
}

// pageError says that the page of an entry cannot be read now.
type pageError struct {
	title string
	cause error
}

func (e *pageError) Error() string { return fmt.Sprintf("page of %q: %v", e.title, e.cause) }
func (e *pageError) Unwrap() error { return e.cause }

func isOfPage(err error) bool {
	_, ok := errors.AsType[*pageError](err)
	return ok
}

// pageOf returns the page of an entry, if the source says that entries are read from their
// pages. Without a page, what stands in the feed is all there is. The error is a *pageError
// if the page may be there at a later look.
func (s *Sources) pageOf(ctx context.Context, src *source, one identity.Entry) (page fullPage, ok bool, err error) {
	if !src.line.FullText || one.Link == "" {
		return fullPage{}, false, nil
	}
	if src.pages++; src.pages > maxPages {
		if src.isFirst() { // it is archive
			return fullPage{}, false, nil
		}
		src.again = true
		return fullPage{}, false, &pageError{one.Title, errors.New("there are many new entries, so it is read at the next look")}
	}
	limited, cancel := context.WithTimeout(ctx, pageLimit)
	defer cancel()
	answer, err := s.Fetch(limited, fetch.Request{Address: one.Link, Limit: document.MaxSize})
	if err == nil {
		page.data = fetched(answer).Data
		page.issue, err = document.Parse(answer.Address, page.data)
	}
	switch e, isFetch := errors.AsType[*fetch.Error](err); {
	case err == nil:
		return page, true, nil
	case ctx.Err() != nil:
		return fullPage{}, false, ctx.Err()
	case isFetch && e.Kind == fetch.Temporary, !isFetch && limited.Err() != nil:
		src.again = true
		return fullPage{}, false, &pageError{one.Title, err}
	}
	s.log.Warn("the page of an entry cannot be read; its text in the feed is taken", "source", src.name(), "entry", one.Title, "err", err)
	return fullPage{}, false, nil
}

// issueOf returns the issue on the page of an entry. What the feed says of it holds.
func (p fullPage) issueOf(one identity.Entry) *digest.Issue {
	issue := *p.issue
	issue.Key, issue.Number = one.Issue.Key, cmp.Or(one.Issue.Number, issue.Number)
	issue.Title, issue.Image = cmp.Or(one.Issue.Title, issue.Title), cmp.Or(issue.Image, one.Issue.Image)
	if !one.Issue.Date.IsZero() {
		issue.Date = one.Issue.Date
	}
	return &issue
}

// text returns what is on the page in reading order.
func (p fullPage) text() []digest.Block {
	text := p.issue.Intro
	for _, section := range p.issue.Sections {
		text = append(text, section.Intro...)
		for _, item := range section.Items {
			if len(item.Title) > 0 {
				text = append(text, digest.Block{Kind: digest.Paragraph, Spans: item.Title})
			}
			text = append(text, item.Body...)
		}
	}
	return text
}
