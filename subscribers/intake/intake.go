// Package intake brings documents into the archive: from files and folders
// somebody names, and from the folders that are looked at again and again.
//
//	document, err := intake.ReadFile("issue-179.md", os.Stdin)
//	batch, err := intake.Parse(document)
//	saved, err := batch.Save(ctx, store)
//
// The same document twice changes nothing. A document that cannot be parsed
// leaves nothing in the archive.
package intake

import (
	"context"
	"errors"

	"digestbot/digest"
	"digestbot/subscribers"
)

// Batch is a document and the issues in it: one, or of a feed one per entry.
type Batch struct {
	Document Document
	Issues   []*digest.Issue
}

// Saved is what became of one issue.
type Saved struct {
	Issue   subscribers.Issue
	Outcome subscribers.Saved
}

// Parse finds the issues of a document. Errors are those of digest.ParseAll.
func Parse(document Document) (Batch, error) {
	issues, err := digest.ParseAll(document.Name, document.Data)
	if err != nil {
		return Batch{}, err
	}
	return Batch{Document: document, Issues: issues}, nil
}

// Save puts the issues into the archive. It goes on after an issue that
// clashes with another one and returns those that were saved as well as an
// error that wraps subscribers.ErrKeyTaken for each that was not; any other
// error ends it.
func (b Batch) Save(ctx context.Context, store *subscribers.Store) ([]Saved, error) {
	var all []Saved
	var clashes []error
	for _, issue := range b.Issues {
		row, outcome, err := store.SaveIssue(ctx, issue, b.Document.Name, b.Document.Data)
		switch {
		case errors.Is(err, subscribers.ErrKeyTaken):
			clashes = append(clashes, err)
		case err != nil:
			return all, err
		default:
			all = append(all, Saved{Issue: row, Outcome: outcome})
		}
	}
	return all, errors.Join(clashes...)
}
