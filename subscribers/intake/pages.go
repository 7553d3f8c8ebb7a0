package intake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"digestbot/digest"
	"digestbot/digest/document"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/intake/identity"
	"digestbot/subscribers/sourcestore"
)

// errPageIsFeed says that a feed is where a page should be.
var errPageIsFeed = errors.New("there is a feed where a page should be: leave kind=page out, or give the address of the page")

// takePage takes what is on a page whose content changes: the issue that was there before,
// perhaps corrected, or the next one.
func (s *Sources) takePage(ctx context.Context, src *source, page Document) error {
	issue, err := s.issueOnPage(page)
	if err != nil {
		return s.failed(src, err)
	}
	src.row.Title = cmp.Or(issue.Title, src.row.Title)
	known, err := s.store.Sources.Entries(ctx, src.row.ID)
	if err != nil {
		return err
	}
	now := time.Now()
	one, err := s.recognize(ctx, issue, known)
	if errors.Is(err, errNoNextIssue) {
		return s.failed(src, err)
	}
	if err != nil {
		return err
	}
	one.Identity = cmp.Or(one.Known.Identity, identityOf(issue, now))
	one.Entry = document.Entry{Title: issue.Title, Published: issue.Date, Issue: issue, Document: page.Data}
	one.Replaces = true // what is on the page now is the issue, whatever was there
	if issue.Key, err = s.keyOnPage(ctx, one, now); err != nil {
		return err
	}
	clear(src.faults)
	if one.Known.Hash != seen(issue) {
		err = s.takeEntry(ctx, src, one, changedAt(page, now))
	}
	if errors.Is(err, archive.ErrKeyTaken) { // the other issue may go
		src.faults[one.Identity], src.again, err = err, true, nil
	}
	if err == nil {
		src.begun(now)
	}
	return err
}

// issueOnPage reads the only issue of a page.
func (s *Sources) issueOnPage(page Document) (*digest.Issue, error) {
	if document.IsFeed(page.Data) {
		return nil, fmt.Errorf("%s: %w", page.Name, errPageIsFeed)
	}
	batch, err := parseWith(s.parser, page)
	if err != nil {
		return nil, err
	}
	return batch.Issues[0], nil
}

// changedAt returns when a page was changed: when its server says, unless that is not yet.
func changedAt(page Document, now time.Time) time.Time {
	if page.Modified.IsZero() || page.Modified.After(now) {
		return now
	}
	return page.Modified
}

// mostly is the share of an issue's text that shows that it is still the same issue.
const mostly = 0.5

// recognize finds out which of the issues that were on a page is there now; none: it is the
// next one. Its number decides. Without numbers it is the last one if most of that is still
// there, whatever title and date say: many a page has the date of today. Else it is the last
// one only if it has the same date.
func (s *Sources) recognize(ctx context.Context, issue *digest.Issue, known []sourcestore.Entry) (one identity.Entry, err error) {
	if issue.Number > 0 {
		for _, e := range known {
			if e.Identity == strconv.Itoa(issue.Number) {
				one.Known = e
				return one, nil
			}
		}
	}
	if len(known) == 0 {
		return one, nil
	}
	newest := slices.MaxFunc(known, func(a, b sourcestore.Entry) int { return cmp.Compare(a.ID, b.ID) })
	row, err := s.store.Issue(ctx, newest.Issue)
	if errors.Is(err, subscribers.ErrNotFound) {
		return one, nil
	}
	if err != nil || row.Number > 0 && issue.Number > 0 {
		return one, err
	}
	before, err := s.store.Content(ctx, row)
	if err != nil {
		return one, err
	}
	isSameDay := !issue.Date.IsZero() && issue.Date.Equal(newest.Published)
	if digest.Kept(before, issue) >= mostly || isSameDay {
		one.Known = newest
		return one, nil
	}
	return one, checkLikeness(issue, row.Number, newest.Published)
}

// errNoNextIssue says that a page is not like the issues that were there before.
var errNoNextIssue = errors.New("nothing of it is taken, because it may be a notice of the server; if it is an issue, send its address to the bot")

// checkLikeness fails if the last issue of a page had a number or date, and what is there now
// has neither: it may say that the server is in trouble, which nobody wants to send to readers.
func checkLikeness(issue *digest.Issue, number int, date time.Time) error {
	switch {
	case issue.Number > 0 || !issue.Date.IsZero():
		return nil
	case number > 0:
		return fmt.Errorf("%q has neither number nor date, and the issue before was number %d: %w", issue.Title, number, errNoNextIssue)
	case !date.IsZero():
		return fmt.Errorf("%q has neither number nor date, and the issue before was of %s: %w", issue.Title, date.Format(time.DateOnly), errNoNextIssue)
	}
	return nil
}

// identityOf returns by what a new issue of a page is remembered.
func identityOf(issue *digest.Issue, now time.Time) string {
	if issue.Number > 0 {
		return strconv.Itoa(issue.Number)
	}
	return "found " + now.UTC().Format(time.RFC3339Nano)
}

// keyOnPage returns the key of the issue on a page: the one that it has in the archive, or
// one for the next issue.
func (s *Sources) keyOnPage(ctx context.Context, one identity.Entry, now time.Time) (string, error) {
	if one.Known.Issue == 0 {
		return s.freeKey(ctx, one.Issue, now)
	}
	row, err := s.store.Issue(ctx, one.Known.Issue)
	return row.Key, err
}

// freeKey returns the key for a new issue that came at a time. Without a number it is from the
// address, which other issues have too, so the day is added, and from the second issue of the
// day on a count.
func (s *Sources) freeKey(ctx context.Context, issue *digest.Issue, at time.Time) (string, error) {
	if issue.Number > 0 {
		return issue.Key, nil
	}
	if !issue.Date.IsZero() {
		at = issue.Date
	}
	key := issue.Key + " " + at.Format(time.DateOnly)
	for n := 1; ; n++ {
		free := key
		if n > 1 {
			free = fmt.Sprintf("%s (%d)", key, n)
		}
		if _, err := s.store.IssueDocument(ctx, free); errors.Is(err, subscribers.ErrNotFound) {
			return free, nil
		} else if err != nil {
			return "", err
		}
	}
}
