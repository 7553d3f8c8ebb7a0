package intake

import (
	"context"
	"errors"
	"iter"
	"time"

	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// Note says what became of one issue. If Err is set, it is about a document that could
// not be read or parsed, or about an issue that clashes with another one.
type Note struct {
	Saved
	Document string   // name
	Warnings []string // what an editor should know of the issue
	Err      error
}

// warningsOf returns what an editor should know of an issue that was saved.
func warningsOf(one Saved, now time.Time) (all []string) {
	if one.Undated {
		all = append(all, undated(one.Issue.Date))
	}
	if one.Issue.Withdrawn {
		all = append(all, "the issue is withdrawn and stays so; digestbot withdraw --undo restores it")
	}
	if warning := digest.CheckDate(one.Issue.Date, now); warning != "" {
		all = append(all, warning)
	}
	return all
}

// Import puts documents into the archive in the file database, which is made if there
// is none, and calls note about each of them. All documents are parsed first, and if
// none can be, the database is not touched. The error says why the archive could not
// be written; issues that note was called for before are in it.
func Import(ctx context.Context, database string, documents iter.Seq2[Document, error], note func(Note)) (err error) {
	batches := parseAll(documents, note)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if len(batches) == 0 {
		return nil
	}
	store, err := subscribers.Open(ctx, database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	for _, batch := range batches {
		saved, err := batch.save(ctx, store)
		for _, one := range saved {
			note(Note{Saved: one, Document: batch.Document.Name, Warnings: warningsOf(one, time.Now())})
		}
		if err != nil && !errors.Is(err, archive.ErrKeyTaken) {
			return err
		}
		if err != nil {
			note(Note{Document: batch.Document.Name, Err: err})
		}
	}
	return nil
}

// parseAll parses the documents. It leaves out the issues of each that an earlier
// document has with another text: nobody can say which is the right one.
func parseAll(documents iter.Seq2[Document, error], note func(Note)) (batches []Batch) {
	holders := map[string]Batch{} // by key
	for document, err := range documents {
		var batch Batch
		if err == nil {
			batch, err = Parse(document)
		}
		if err != nil {
			note(Note{Document: document.Name, Err: err})
			continue
		}
		var issues []*digest.Issue
		for _, issue := range batch.Issues {
			holder, held := holders[issue.Key]
			if held && !sameIssue(issue, holder.find(issue.Key)) {
				note(Note{Document: document.Name, Err: clash(issue.Key, document, holder.Document)})
				continue
			}
			if !held {
				holders[issue.Key] = batch
			}
			issues = append(issues, issue)
		}
		if batch.Issues = issues; len(issues) > 0 {
			batches = append(batches, batch)
		}
	}
	return batches
}
