package intake

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"digestbot/digest"
	"digestbot/digest/document"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/intake/identity"
	"digestbot/subscribers/intake/sourceline"
	"digestbot/subscribers/sourcestore"
)

// takeFeed takes the entries of a feed that are new or have changed: each as an issue, or to
// be gathered into one.
func (s *Sources) takeFeed(ctx context.Context, src *source, d Document) error {
	feed, err := parseFeed(d.Name, d.Data)
	if err != nil {
		return s.failed(src, err)
	}
	src.row.Title = cmp.Or(feed.Title, src.row.Title)
	known, err := s.store.Sources.Entries(ctx, src.row.ID)
	if err != nil {
		return err
	}
	clear(src.faults)
	src.again, src.pages = false, 0
	all := identity.Of(feed.Entries, known)
	now := time.Now()
	if src.line.Digest {
		err = s.collect(ctx, src, all, now)
	} else {
		err = s.takeEntries(ctx, src, all, now)
	}
	if err != nil {
		return err
	}
	src.begun(now)
	return ctx.Err()
}

// parseFeed reads a feed, and makes sure that its entries can be rendered.
func parseFeed(name string, data []byte) (feed *document.Feed, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			feed, err = nil, fmt.Errorf("parse %s: %w (%v at %s)", name, ErrFault, cause, panicked())
		}
	}()
	feed, err = document.ParseFeed(name, data)
	if err != nil {
		return nil, err
	}
	for i := range feed.Entries {
		if e := &feed.Entries[i]; e.Err == nil {
			e.Issue.Messages()
		}
	}
	return feed, nil
}

// takeEntries makes an issue of each entry that is new or has changed, the oldest first. It
// goes on after an entry with a fault.
func (s *Sources) takeEntries(ctx context.Context, src *source, all []identity.Entry, now time.Time) error {
	slices.Reverse(all) // feeds begin with the newest
	slices.SortStableFunc(all, func(a, b identity.Entry) int { return a.Published.Compare(b.Published) })
	var renamed []sourcestore.Entry
	for _, one := range all {
		if one.Err != nil {
			src.faults[one.Identity] = one.Err
			continue
		}
		if one.Known.Hash == seen(one.Issue) {
			if one.Identity != one.Known.Identity {
				renamed = append(renamed, one.Remember(now))
			}
			continue
		}
		err := s.takeEntry(ctx, src, one, now)
		if err != nil && !errors.Is(err, archive.ErrKeyTaken) && !isOfPage(err) {
			return err
		}
		if err != nil { // the other issue may go
			src.faults[one.Identity], src.again = err, true
		}
	}
	return s.store.Sources.SaveEntries(ctx, src.row.ID, renamed)
}

// takeEntry makes an issue of an entry, or corrects the one that was made of it.
func (s *Sources) takeEntry(ctx context.Context, src *source, one identity.Entry, now time.Time) error {
	entry := one.Remember(now)
	entry.Hash = seen(one.Issue)
	issue, doc := one.Issue, one.Document
	if page, ok, err := s.pageOf(ctx, src, one); err != nil {
		return err
	} else if ok {
		issue, doc = page.issueOf(one), page.data
	}
	issue.Modified = publishedAbout(issue.Title, Document{Modified: now})
	name := src.origin(one.Identity)
	if one.Known.Issue != 0 {
		row, err := s.store.Issue(ctx, one.Known.Issue)
		if err != nil {
			return err
		}
		issue.Key = row.Key
	} else if theirs, err := s.claimed(ctx, src, issue); err != nil {
		return err
	} else if theirs != 0 {
		entry.Issue = theirs
		return s.store.Sources.SaveEntries(ctx, src.row.ID, []sourcestore.Entry{entry})
	}
	row, outcome, err := s.saveEntry(ctx, src, sourcestore.Found{Source: src.row.ID, Entry: entry, Issue: issue, From: archive.Origin{Name: name, Document: doc, Replaces: one.Replaces}})
	if err != nil {
		return err
	}
	s.note(src, cmp.Or(one.Title, one.Identity), Saved{Issue: row, Outcome: outcome, Undated: outcome == archive.Added && issue.Date.IsZero()})
	return nil
}

// saveEntry saves the issue that was made of an entry. It is held if it has to wait.
func (s *Sources) saveEntry(ctx context.Context, src *source, found sourcestore.Found) (row archive.Issue, saved archive.Saved, err error) {
	hold, held := src.holder(s.Approve), false
	row, saved, err = s.store.Sources.SaveIssue(ctx, found, func(tx *sql.Tx, row archive.Issue, saved archive.Saved) (err error) {
		held, err = hold.next().Hold(ctx, tx, row.ID, saved)
		return err
	})
	row.Held = row.Held || held
	hold.note(row)
	return row, saved, err
}

// claimed returns the issue of the archive that has the key of an entry and came from
// elsewhere, if it is the same one: its title and date are. 0: the key is free, or of an
// issue of this source. The error is archive.ErrKeyTaken if it is another issue.
func (s *Sources) claimed(ctx context.Context, src *source, issue *digest.Issue) (int64, error) {
	path, err := s.store.IssueDocument(ctx, issue.Key)
	if errors.Is(err, subscribers.ErrNotFound) || err == nil && src.owns(path) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	row, err := s.store.IssueByKey(ctx, issue.Key)
	if err != nil {
		return 0, err
	}
	if row.Title == issue.Title && row.Date.Equal(issue.Date) {
		return row.ID, nil
	}
	return 0, fmt.Errorf("%w: issue %s is from %s already: give one of them another number, or leave one of the sources out", archive.ErrKeyTaken, issue.Key, s.whence(path))
}

// seen returns a hash of what readers see of an issue. Its identity and the scheme of its
// address may change, and they see no difference.
func seen(issue *digest.Issue) string {
	shown := *issue
	shown.Key, shown.Original, shown.Warnings = "", identity.Comparable(issue.Original), nil
	return identity.HashOf(&shown)
}

// isFirst reports whether what a look finds was there before the source was.
func (s *source) isFirst() bool {
	return s.row.Begun.IsZero() && s.line.First == sourceline.FirstNewest
}
