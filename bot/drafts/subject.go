package drafts

import (
	"context"
	"errors"
	"fmt"
	"path"
	"time"

	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/intake"
)

// subject is what an admin looks at: a draft, or an issue of the archive.
type subject struct {
	draft    subscribers.Draft // ID 0: it is in the archive
	issue    *digest.Issue
	row      archive.Issue // as it is, or would be, in the archive
	saved    archive.Saved // what saving the draft would do
	messages []archive.Message
	warnings []string
	taken    bool           // the archive has another issue under its key
	instead  *archive.Issue // the issue it may take the place of; nil: there is none
}

// errEntries: the document is a feed of several issues.
type entriesError int

func (n entriesError) Error() string {
	return fmt.Sprintf("the document is a feed with %d issues: give it to --source or digestbot import, or send one issue", int(n))
}

// parse makes an issue of the document of a draft.
func parse(name string, data []byte) (intake.Batch, error) {
	batch, err := intake.Parse(intake.Document{Name: name, Data: data})
	if err == nil && len(batch.Issues) > 1 {
		err = entriesError(len(batch.Issues))
	}
	return batch, err
}

// originOf returns where the archive notes that a draft comes from. Its path is that of no
// file, so no source looks for it.
func originOf(draft subscribers.Draft) archive.Origin {
	name := draft.Name
	if !digest.IsWebAddress(name) {
		name = path.Join("Telegram", path.Base("/"+name))
	}
	return archive.Origin{Name: name, Document: draft.Document}
}

// ofDraft reads a draft that is ready, as readers would get it.
func (d *Drafts) ofDraft(ctx context.Context, draft subscribers.Draft) (s subject, err error) {
	batch, err := parse(draft.Name, draft.Document)
	if err != nil {
		return s, err
	}
	s = subject{draft: draft, issue: batch.Issues[0], warnings: batch.Warnings(time.Now())}
	from := originOf(draft)
	r, err := d.Store.Rehearse(ctx, s.issue, from)
	if errors.Is(err, archive.ErrKeyTaken) {
		s.taken, from.Replaces = true, true
		r, err = d.Store.Rehearse(ctx, s.issue, from)
	}
	if err != nil {
		return s, err
	}
	s.row, s.saved, s.messages = r.Issue, r.Saved, r.Messages
	s.instead, err = d.replaceable(ctx, s)
	return s, err
}

// recent is how many issues may be the one that a draft is another version of.
const recent = 20

// replaceable returns the issue that a draft may take the place of: the one with its key, or
// else with its title or date, or else the newest.
func (d *Drafts) replaceable(ctx context.Context, s subject) (*archive.Issue, error) {
	if s.saved != archive.Added {
		issue, err := d.Store.IssueByKey(ctx, s.issue.Key)
		return &issue, err
	}
	issues, err := d.Store.RecentIssues(ctx, recent)
	if err != nil || len(issues) == 0 {
		return nil, err
	}
	for i := range issues {
		sameTitle := s.issue.Title != "" && issues[i].Title == s.issue.Title
		if sameTitle || !s.issue.Date.IsZero() && issues[i].Date.Equal(s.issue.Date) {
			return &issues[i], nil
		}
	}
	return &issues[0], nil
}

// inPlaceOf returns an issue under the key of the one that it takes the place of.
func inPlaceOf(issue *digest.Issue, old archive.Issue) *digest.Issue {
	moved := *issue
	moved.Key = old.Key
	if moved.Number == 0 {
		moved.Number = old.Number
	}
	return &moved
}

// ofIssue reads an issue of the archive.
func (d *Drafts) ofIssue(ctx context.Context, id int64) (s subject, err error) {
	if s.row, err = d.Store.Issue(ctx, id); err != nil {
		return s, err
	}
	if s.issue, err = d.Store.Content(ctx, s.row); err != nil {
		return s, err
	}
	s.messages, err = d.Store.Messages(ctx, s.row.ID, s.row.Edition)
	s.warnings = s.issue.Check(time.Now())
	return s, err
}
