package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"digestbot/digest/document"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/intake/fetch"
	"digestbot/subscribers/intake/identity"
	"digestbot/subscribers/sourcestore"
)

// maxTries bounds how often the page behind a link is tried: it may come a little later than
// the link to it.
const maxTries = 5

// tries counts the failures of a page in this run of the program.
type tries struct {
	n   int
	err error // the last one
}

// takeIndex takes the pages to which an index leads, each once. The first link is the newest.
// Of the first look all others are archive.
func (s *Sources) takeIndex(ctx context.Context, src *source, index Document) error {
	links, err := parseLinks(index, src.line.Link)
	if err != nil {
		return s.failed(src, err)
	}
	unread, err := s.noteLinks(ctx, src, links)
	if err != nil {
		return err
	}
	clear(src.faults)
	defer func() { src.archiving = false }()
	for _, one := range unread {
		src.archiving = one.Found.Before(src.row.Begun)
		if err := s.takeLink(ctx, src, one); err != nil {
			return err
		}
	}
	src.noteMissed(links)
	return nil
}

// parseLinks finds the links of an index.
func parseLinks(index Document, selector string) (links []document.Link, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			links, err = nil, fmt.Errorf("parse %s: %w (%v at %s)", index.Name, ErrFault, cause, panicked())
		}
	}()
	return document.Links(index.Name, index.Data, selector)
}

// noteLinks remembers the links that are new, and returns those whose pages this look has to
// read, the oldest first.
func (s *Sources) noteLinks(ctx context.Context, src *source, links []document.Link) ([]sourcestore.Entry, error) {
	known, err := s.store.Sources.Entries(ctx, src.row.ID)
	if err != nil {
		return nil, err
	}
	now := time.Now().Truncate(time.Second)
	isFirst := src.isFirst() && len(known) == 0
	if src.row.Begun.IsZero() {
		src.row.Begun = now
		for i, e := range known { // of a first look that was broken off
			if i == 0 || e.Found.After(src.row.Begun) {
				src.row.Begun = e.Found
			}
		}
	}
	if fresh := newLinks(links, known, now, isFirst); len(fresh) > 0 {
		if err := s.store.Sources.SaveEntries(ctx, src.row.ID, fresh); err != nil {
			return nil, err
		}
		if known, err = s.store.Sources.Entries(ctx, src.row.ID); err != nil {
			return nil, err
		}
	}
	return src.unread(links, known), nil
}

// newLinks returns the links that are not known, as entries. Of the first look each was there
// a day before the one above it: the order is all that is known of their age.
func newLinks(links []document.Link, known []sourcestore.Entry, now time.Time, isFirst bool) (all []sourcestore.Entry) {
	seen := map[string]bool{}
	for _, e := range known {
		seen[e.Identity] = true
	}
	for _, link := range links {
		id := identity.Comparable(link.Address)
		if seen[id] {
			continue
		}
		seen[id] = true
		all = append(all, sourcestore.Entry{Identity: id, Link: link.Address, Title: link.Text, Found: now})
		if isFirst {
			now = now.AddDate(0, 0, -1)
		}
	}
	return all
}

// unread returns which of the pages behind links were not read yet. There are at most so many
// as one look may fetch: issues that are new before the archive, and the rest at the next look.
func (s *source) unread(links []document.Link, known []sourcestore.Entry) (all []sourcestore.Entry) {
	byIdentity := map[string]sourcestore.Entry{}
	for _, e := range known {
		byIdentity[e.Identity] = e
	}
	for _, link := range links {
		e := byIdentity[identity.Comparable(link.Address)]
		delete(byIdentity, e.Identity)
		if e.ID != 0 && e.Hash == "" && s.tries[e.Identity].n < maxTries {
			e.Link = link.Address
			all = append(all, e)
		}
	}
	slices.SortStableFunc(all, func(a, b sourcestore.Entry) int {
		switch old, older := a.Found.Before(s.row.Begun), b.Found.Before(s.row.Begun); {
		case old == older:
			return 0
		case old:
			return 1
		}
		return -1
	})
	s.again = len(all) > maxPages
	all = all[:min(len(all), maxPages)]
	slices.Reverse(all)
	return all
}

// notIssue stands for the hash of a page of the archive that cannot be read.
const notIssue = "no issue"

// takeLink makes an issue of the page behind a link. A page with a fault keeps no other from
// being read.
func (s *Sources) takeLink(ctx context.Context, src *source, link sourcestore.Entry) error {
	page, err := s.fetchLink(ctx, link.Link)
	one := identity.Entry{Identity: link.Identity, Address: link.Link, Known: link}
	if err == nil {
		one.Entry = document.Entry{Link: link.Link, Title: link.Title, Document: page.Data}
		one.Issue, err = s.issueOnPage(page)
	}
	if err == nil {
		one.Published = one.Issue.Date
		err = s.takeLinked(ctx, src, one)
		if err != nil && !errors.Is(err, archive.ErrKeyTaken) {
			return err
		}
	}
	switch {
	case err == nil:
		delete(src.tries, link.Identity)
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return s.missed(ctx, src, link, err)
}

// takeLinked takes the issue on the page behind a link. It may be in the archive from
// elsewhere, or two links may lead to it. Pages of one name have one key, and without numbers
// they are issues of their own.
func (s *Sources) takeLinked(ctx context.Context, src *source, one identity.Entry) error {
	issue := one.Issue
	path, err := s.store.IssueDocument(ctx, issue.Key)
	if errors.Is(err, subscribers.ErrNotFound) {
		return s.takeEntry(ctx, src, one, one.Known.Found)
	}
	if err != nil {
		return err
	}
	row, err := s.store.IssueByKey(ctx, issue.Key)
	if err != nil {
		return err
	}
	isSame := row.Title == issue.Title && (issue.Date.IsZero() || row.Date.Equal(issue.Date))
	switch {
	case isSame && (issue.Number > 0 || !src.owns(path)):
		entry := one.Remember(one.Known.Found)
		entry.Hash, entry.Issue = seen(issue), row.ID
		return s.store.Sources.SaveEntries(ctx, src.row.ID, []sourcestore.Entry{entry})
	case issue.Number > 0:
		return fmt.Errorf("%w: issue %s is from %s already: give one of them another number", archive.ErrKeyTaken, issue.Key, s.whence(path))
	}
	if issue.Key, err = s.freeKey(ctx, issue, one.Known.Found); err != nil {
		return err
	}
	return s.takeEntry(ctx, src, one, one.Known.Found)
}

// fetchLink fetches the page behind a link.
func (s *Sources) fetchLink(ctx context.Context, address string) (Document, error) {
	limited, cancel := context.WithTimeout(ctx, pageLimit)
	defer cancel()
	answer, err := s.Fetch(limited, fetch.Request{Address: address, Limit: document.MaxSize})
	if err != nil {
		return Document{}, err
	}
	return fetched(answer), nil
}

// missed notes that the page behind a link was not read. It is tried again some times. A page
// of the archive that will not come is let go: nobody waits for it.
func (s *Sources) missed(ctx context.Context, src *source, link sourcestore.Entry, cause error) error {
	e, isFetch := errors.AsType[*fetch.Error](cause)
	if src.archiving && !(isFetch && e.Kind == fetch.Temporary) {
		s.log.Info("page of the archive left out", "source", src.name(), "title", link.Title, "err", cause)
		link.Hash = notIssue
		return s.store.Sources.SaveEntries(ctx, src.row.ID, []sourcestore.Entry{link})
	}
	tried := tries{src.tries[link.Identity].n + 1, &pageError{link.Title, cause}}
	src.tries[link.Identity] = tried
	src.again = src.again || tried.n < maxTries
	return nil
}

// noteMissed adds the pages behind links that could not be read to the faults.
func (s *source) noteMissed(links []document.Link) {
	for _, link := range links {
		if missed, ok := s.tries[identity.Comparable(link.Address)]; ok {
			s.faults[link.Address] = missed.err
		}
	}
}
