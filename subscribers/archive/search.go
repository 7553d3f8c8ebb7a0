package archive

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"digestbot/digest"
	"digestbot/subscribers/database"
	"digestbot/subscribers/search"
)

// index holds in memory all items that can be found. Every search looks through all
// of them: a common word is in most. For ten years of a weekly that is about eight
// megabytes and takes a few milliseconds; SQLite needs ten times as long.
type index struct {
	read atomic.Pointer[reading] // nil: nothing has been read yet
	// turn is taken by the search that reads what is new. It is a channel because
	// that can take long, and waiting must end with ctx.
	turn chan struct{}
}

// reading is the archive up to a revision. It does not change.
type reading struct {
	revision int64
	shelves  []*shelf // newest issue first
}

// shelf holds the folded items of one issue.
type shelf struct {
	issue Issue
	title string // folded
	items []foldedItem
}

type foldedItem struct {
	id          int64
	title, text string
}

// found is an item that matches a query.
type found struct {
	id    int64
	score search.Score
}

// Search returns items that have all terms of a query in their title or text:
// limit of them from offset on, and how many there are. The best are first, see
// [search.Query.Score], and the newest among equals. An empty query finds
// everything. Only issues that [Archive.Issues] returns are searched.
func (a *Archive) Search(ctx context.Context, q search.Query, limit, offset int) (items []Item, total int, err error) {
	shelves, err := a.readIndex(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("search for items: %w", err)
	}
	all := match(shelves, q, digest.LastDate(time.Now()))
	offset = min(offset, len(all))
	for _, f := range all[offset:min(offset+limit, len(all))] {
		item, err := a.item(ctx, f.id)
		if errors.Is(err, database.ErrNotFound) {
			continue // its issue has been corrected at this moment
		}
		if err != nil {
			return nil, 0, fmt.Errorf("read item %d: %w", f.id, err)
		}
		items = append(items, item)
	}
	return items, len(all), nil
}

// SearchTitles returns the issues with titles that have all terms of a query, newest first and
// at most limit, of those that [Archive.Issues] returns.
func (a *Archive) SearchTitles(ctx context.Context, q search.Query, limit int) ([]Issue, error) {
	shelves, err := a.readIndex(ctx)
	if err != nil {
		return nil, fmt.Errorf("search for issues: %w", err)
	}
	last := digest.LastDate(time.Now())
	var issues []Issue
	for _, shelf := range shelves {
		if len(issues) == limit {
			break
		}
		if !shelf.issue.Date.After(last) && q.Score(shelf.title, "") > 0 {
			issues = append(issues, shelf.issue)
		}
	}
	return issues, nil
}

// match returns all items that match, in the order in which they are shown. Issues
// dated after the last date are left out.
func match(shelves []*shelf, q search.Query, last time.Time) []found {
	var all []found
	for _, shelf := range shelves {
		if shelf.issue.Date.After(last) {
			continue
		}
		for i := range shelf.items {
			item := &shelf.items[i]
			if score := q.Score(item.title, item.text); score > 0 {
				all = append(all, found{id: item.id, score: score})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b found) int { return cmp.Compare(b.score, a.score) })
	return all
}

// readIndex returns the shelves of all issues, with those that this or another process
// has archived since they were read last.
func (a *Archive) readIndex(ctx context.Context) ([]*shelf, error) {
	known, newest, err := a.compareIndex(ctx)
	if err != nil || known.revision == newest {
		return known.shelves, err
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case a.index.turn <- struct{}{}:
	}
	defer func() { <-a.index.turn }()
	known, newest, err = a.compareIndex(ctx) // another search may have read it meanwhile
	if err != nil || known.revision == newest {
		return known.shelves, err
	}
	fresh, err := a.readShelves(ctx, known.revision, newest)
	if err != nil {
		return nil, err
	}
	shelves := withShelves(known.shelves, fresh)
	a.index.read.Store(&reading{revision: newest, shelves: shelves})
	return shelves, nil
}

// compareIndex returns what has been read of the archive, and its newest revision.
func (a *Archive) compareIndex(ctx context.Context) (known reading, newest int64, err error) {
	if read := a.index.read.Load(); read != nil {
		known = *read
	}
	err = a.reads.QueryRowContext(ctx, "SELECT coalesce(max(revision), 0) FROM searchable").Scan(&newest)
	return known, newest, err
}

// withShelves returns shelves with the fresh ones in place of those of the same issues.
func withShelves(known, fresh []*shelf) []*shelf {
	shelves := slices.DeleteFunc(slices.Clone(known), func(old *shelf) bool {
		return slices.ContainsFunc(fresh, func(f *shelf) bool { return f.issue.ID == old.issue.ID })
	})
	for _, f := range fresh {
		if !f.issue.IsHidden() {
			shelves = append(shelves, f)
		}
	}
	slices.SortFunc(shelves, func(a, b *shelf) int {
		return cmp.Or(b.issue.Date.Compare(a.issue.Date), cmp.Compare(b.issue.Number, a.issue.Number), cmp.Compare(b.issue.ID, a.issue.ID))
	})
	return shelves
}

// readShelves reads the items of the issues with revisions after the first number and
// up to the second.
func (a *Archive) readShelves(ctx context.Context, after, upTo int64) ([]*shelf, error) {
	issues, err := database.Collect(ctx, a.reads, func(rows *sql.Rows) (Issue, error) { return scanIssue(rows) }, `
		SELECT `+issueColumns+`
		FROM issues
		WHERE id IN (SELECT issue_id FROM searchable WHERE revision > ? AND revision <= ?)`, after, upTo)
	if err != nil {
		return nil, err
	}
	var shelves []*shelf
	for _, issue := range issues {
		items, err := database.Collect(ctx, a.reads, func(rows *sql.Rows) (f foldedItem, err error) {
			return f, rows.Scan(&f.id, &f.title, &f.text)
		}, "SELECT id, title_fold, text_fold FROM items WHERE issue_id = ? ORDER BY position", issue.ID)
		if err != nil {
			return nil, err
		}
		shelves = append(shelves, &shelf{issue: issue, title: search.Fold(issue.Title), items: items})
	}
	return shelves, nil
}
