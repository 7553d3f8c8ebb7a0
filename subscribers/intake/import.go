package intake

import (
	"context"
	"errors"
	"iter"

	"digestbot/subscribers"
)

// Note tells what became of one issue, or with Err set of a whole document
// that could not be read or parsed, or of an issue that clashes with another.
type Note struct {
	Saved
	Document string // name
	Err      error
}

// Import puts documents into the archive in the file database, which is made
// when there is none, and calls note about each as it goes. All documents are
// parsed first, and when none can be, the database is not touched. The error
// says why the archive could not be written to; what note told of is in it.
func Import(ctx context.Context, database string, documents iter.Seq2[Document, error], note func(Note)) (err error) {
	batches := parseAll(documents, note)
	if len(batches) == 0 {
		return nil
	}
	store, err := subscribers.Open(ctx, database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	for _, batch := range batches {
		saved, err := batch.Save(ctx, store)
		for _, one := range saved {
			note(Note{Saved: one, Document: batch.Document.Name})
		}
		if err != nil && !errors.Is(err, subscribers.ErrKeyTaken) {
			return err
		}
		if err != nil {
			note(Note{Document: batch.Document.Name, Err: err})
		}
	}
	return nil
}

func parseAll(documents iter.Seq2[Document, error], note func(Note)) (batches []Batch) {
	for document, err := range documents {
		var batch Batch
		if err == nil {
			batch, err = Parse(document)
		}
		if err != nil {
			note(Note{Document: document.Name, Err: err})
			continue
		}
		batches = append(batches, batch)
	}
	return batches
}
