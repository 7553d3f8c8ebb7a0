package intake

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/intake/identity"
	"digestbot/subscribers/intake/roundup"
	"digestbot/subscribers/intake/sourceline"
	"digestbot/subscribers/sourcestore"
)

// collect keeps the entries of a feed that are new, until they are gathered into an issue. Of
// the first look those count that were published within a period: others are archive. One
// that has changed and still waits is kept as it is now.
func (s *Sources) collect(ctx context.Context, src *source, all []identity.Entry, now time.Time) error {
	slices.Reverse(all)
	since := src.line.Every.Before(now)
	var changed []sourcestore.Entry
	for _, one := range all {
		if one.Err != nil {
			src.faults[one.Identity] = one.Err
			continue
		}
		entry := one.Remember(now)
		isNew := one.Known.ID == 0
		entry.Waiting = one.Known.Waiting || isNew && !(src.isFirst() && one.Published.Before(since))
		body := kept(one)
		if entry.Hash = identity.HashOf(body); entry.Hash == one.Known.Hash && entry.Identity == one.Known.Identity {
			continue
		}
		if entry.Waiting {
			var err error
			if entry.Body, err = s.encodeEntry(ctx, src, one, body); isOfPage(err) {
				src.faults[one.Identity] = err
				continue
			} else if err != nil {
				return err
			}
		}
		changed = append(changed, entry)
	}
	return s.store.Sources.SaveEntries(ctx, src.row.ID, changed)
}

// encodeEntry returns what is kept of an entry that waits, with the text of its page if the
// source says so.
func (s *Sources) encodeEntry(ctx context.Context, src *source, one identity.Entry, body roundup.Entry) (string, error) {
	page, ok, err := s.pageOf(ctx, src, one)
	if err != nil {
		return "", err
	}
	if ok {
		body.Text = roundup.Shorten(page.text(), roundup.KeptColumns)
	}
	text, err := json.Marshal(body)
	if err != nil {
		return "", fmt.Errorf("keep entry %s: %w", one.Identity, err)
	}
	return string(text), nil
}

// kept is what is kept of an entry for its issue.
func kept(one identity.Entry) roundup.Entry {
	text := one.Text
	if len(one.Summary) > 0 {
		text = one.Summary
	}
	if len(text) > 0 && one.Title != "" && digest.TextOf(text[0].Spans) == one.Title {
		text = text[1:]
	}
	return roundup.Entry{Title: one.Title, Link: one.Link, Categories: one.Categories, Text: roundup.Shorten(text, roundup.KeptColumns)}
}

// maxGathered bounds the entries of one issue. The others come with the next one.
const maxGathered = 1000

// approvalTime is how long before a run an issue is made that has to be approved, so that
// admins are reminded a day before; of a short period it is half of that at most.
const approvalTime = 25 * time.Hour

// gatherDue makes an issue of the entries that wait if a run of the schedule comes and a
// period has passed since the last issue.
func (s *Sources) gatherDue(ctx context.Context, src *source, o occasion) error {
	isAhead := o.run.IsZero()
	if isAhead {
		o.run = s.runToApprove(src, time.Now())
	}
	if !src.line.Digest || o.run.IsZero() || src.row.Begun.IsZero() {
		return nil
	}
	run := o.run.In(s.Location)
	if !src.row.Gathered.IsZero() && !src.line.Every.IsOver(src.row.Gathered, run) {
		return nil
	}
	_, err := s.gather(ctx, src, run, nil)
	switch {
	case !errors.Is(err, ErrNothingNew):
		return err
	case isAhead:
		return nil // there may be something before the run
	}
	src.row.Gathered = run
	return s.store.Sources.NoteGathered(ctx, src.row.ID, run)
}

// runToApprove returns the next run if an issue has to be made now for it, because admins
// need time to approve it; the zero time: it has not.
func (s *Sources) runToApprove(src *source, now time.Time) time.Time {
	if !s.Approve || s.NextRun == nil {
		return time.Time{}
	}
	run := s.NextRun(now)
	if run.IsZero() || run.Sub(now) > min(approvalTime, run.Sub(src.line.Every.Before(run))/2) {
		return time.Time{}
	}
	return run
}

// gather makes an issue of the entries that wait, up to a time. also is done in the same
// transaction; nil: nothing.
func (s *Sources) gather(ctx context.Context, src *source, up time.Time, also sourcestore.Also) (archive.Issue, error) {
	waiting, err := s.store.Sources.Waiting(ctx, src.row.ID, maxGathered)
	if err != nil {
		return archive.Issue{}, err
	}
	if len(waiting) == 0 {
		return archive.Issue{}, ErrNothingNew
	}
	entries := make([]roundup.Entry, len(waiting))
	for i, e := range waiting {
		if err := json.Unmarshal([]byte(e.Body), &entries[i]); err != nil {
			return archive.Issue{}, fmt.Errorf("read entry %s: %w", e.Identity, err)
		}
	}
	plan, err := s.planOf(ctx, src, up)
	if err != nil {
		return archive.Issue{}, err
	}
	issue := roundup.Make(plan, entries)
	data, err := json.Marshal(entries)
	if err != nil {
		return archive.Issue{}, err
	}
	held := false
	row, err := s.store.Sources.Gather(ctx, sourcestore.Gathering{
		Source: src.row.ID, Entries: waiting, Up: up, Issue: issue, From: archive.Origin{Name: src.origin(plan.Key), Document: data},
	}, func(tx *sql.Tx, row archive.Issue, saved archive.Saved) (err error) {
		if held, err = (subscribers.Holding{New: s.Approve}).Hold(ctx, tx, row.ID, saved); err != nil || also == nil {
			return err
		}
		return also(tx, row, saved)
	})
	if err != nil {
		return archive.Issue{}, fmt.Errorf("make an issue of %d entries: %w", len(entries), err)
	}
	row.Held = held
	src.row.Gathered = up
	s.note(src, src.name(), Saved{Issue: row, Outcome: archive.Added})
	return row, nil
}

// planOf says what the next issue of a source is to be like.
func (s *Sources) planOf(ctx context.Context, src *source, up time.Time) (roundup.Plan, error) {
	last, err := s.store.Sources.LastNumber(ctx, src.row.ID)
	if err != nil {
		return roundup.Plan{}, err
	}
	called := cmp.Or(src.line.Name, src.row.Title, src.line.Address)
	number, err := s.freeNumber(ctx, called, max(last+1, src.line.Number))
	if err != nil {
		return roundup.Plan{}, err
	}
	from := src.row.Gathered.In(s.Location)
	if src.row.Gathered.IsZero() || up.Sub(from) > up.Sub(src.line.Every.Before(up))*2 {
		from = src.line.Every.Before(up)
	}
	return roundup.Plan{
		Key: roundup.Key(called, number), Number: number,
		Title: cmp.Or(src.line.Title, src.row.Title, src.line.Name), From: from, To: up,
		ByTopic: src.line.ByTopic, Sections: slices.Clone[[]sourceline.Section](src.line.Sections),
	}, nil
}

// freeNumber returns the first number from one on whose key no issue has. Another source may
// be called the same, or be this one before its address was changed.
func (s *Sources) freeNumber(ctx context.Context, called string, number int) (int, error) {
	for ; ; number++ {
		_, err := s.store.IssueByKey(ctx, roundup.Key(called, number))
		if errors.Is(err, subscribers.ErrNotFound) {
			return number, nil
		}
		if err != nil {
			return 0, err
		}
	}
}
