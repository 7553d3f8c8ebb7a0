package intake

import (
	"context"
	"slices"
	"time"

	"digestbot/digest"
	"digestbot/subscribers/intake/fetch"
	"digestbot/subscribers/intake/sourceline"
)

// Trial is what is found in a source that is only looked at.
type Trial struct {
	Documents int           // in a folder
	Name      string        // of the document that was read: the youngest of a folder
	Issues    int           // in that: the entries of a feed, or one
	Links     int           // in an index
	Newest    *digest.Issue // of that document; nil: there is none
}

// Try looks at a source as the bot does, and keeps nothing. In a folder it reads only the
// youngest document.
func Try(ctx context.Context, line sourceline.Line, rules Rules, client *fetch.Client) (Trial, error) {
	if line.Folder != "" {
		return tryFolder(ctx, OpenFolder(line.Folder, rules))
	}
	d, err := ReadAddress(ctx, line.Address, client)
	if err != nil {
		return Trial{}, err
	}
	if line.Kind == sourceline.Index {
		links, err := parseLinks(d, line.Link)
		return Trial{Name: d.Name, Links: len(links)}, err
	}
	return tried(d)
}

func tryFolder(ctx context.Context, folder *Folder) (Trial, error) {
	files, err := folder.list(ctx)
	if err != nil || len(files) == 0 {
		return Trial{}, err
	}
	youngest := slices.MaxFunc(files, func(a, b file) int { return a.stamp.modified.Compare(b.stamp.modified) })
	if youngest.err != nil {
		return Trial{Documents: len(files), Name: youngest.name}, youngest.err
	}
	d, err := folder.read(ctx, youngest)
	if err != nil {
		return Trial{Documents: len(files), Name: youngest.name}, err
	}
	t, err := tried(d)
	t.Documents, t.Name = len(files), youngest.name
	return t, err
}

func tried(d Document) (Trial, error) {
	t := Trial{Name: d.Name}
	batch, err := Parse(d)
	if err != nil {
		return t, err
	}
	t.Issues = len(batch.Issues)
	if t.Issues > 0 {
		t.Newest = slices.MaxFunc(batch.Issues, func(a, b *digest.Issue) int { return dateOf(a).Compare(dateOf(b)) })
	}
	return t, nil
}

// dateOf returns the date of an issue, which for want of another is that of its document.
func dateOf(issue *digest.Issue) time.Time {
	if issue.Date.IsZero() {
		return issue.Modified
	}
	return issue.Date
}
