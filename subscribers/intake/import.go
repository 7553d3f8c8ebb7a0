package intake

import (
	"context"
	"errors"
	"iter"
	"runtime/debug"
	"time"

	"digestbot/digest"
	"digestbot/digest/document"
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
// is none, and calls note about each of them. If no document can be parsed, the database is
// not touched. The error says why the archive could not be written; issues that note was
// called for before are in it. When Import has returned, they survive a loss of power.
func Import(ctx context.Context, database string, documents iter.Seq2[Document, error], note func(Note)) (err error) {
	defer collectRarely()()
	i := importing{database: database, note: note, holders: map[string]holding{}}
	defer func() { err = errors.Join(err, i.close(context.WithoutCancel(ctx))) }()
	for p := range parseAhead(documents) {
		<-p.batch.done
		batch, err := p.batch.value, p.batch.err
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			note(Note{Document: p.document.Name, Err: err})
			continue
		}
		if err := i.take(ctx, batch); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// collectRarely has garbage collected less often, until end is called: an import is over soon, and
// what it leaves behind is small. Above hurriedMemory, as with very large documents, garbage is
// collected as often as that takes.
func collectRarely() (end func()) {
	const hurriedPercent, hurriedMemory = 400, 128 << 20
	percent, limit := debug.SetGCPercent(hurriedPercent), debug.SetMemoryLimit(-1)
	debug.SetMemoryLimit(min(limit, hurriedMemory))
	return func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}

// parseAhead yields documents in their order, while the next ones are parsed.
func parseAhead(documents iter.Seq2[Document, error]) iter.Seq[parsing] {
	return func(yield func(parsing) bool) {
		var ahead []parsing
		for d, err := range documents {
			ahead = append(ahead, parsing{d, begin(func() (Batch, error) {
				if err != nil {
					return Batch{}, err
				}
				return parseAndRender(document.ParseAll, d)
			})})
			if len(ahead) > parsedAhead {
				if !yield(ahead[0]) {
					return
				}
				ahead = ahead[1:]
			}
		}
		for _, p := range ahead {
			if !yield(p) {
				return
			}
		}
	}
}

// importing is the work of Import.
type importing struct {
	database string
	store    *subscribers.Store // nil: nothing could be parsed yet
	note     func(Note)
	holders  map[string]holding // by key
	changed  int
}

// holding is an issue and the document that has it.
type holding struct {
	issue    *digest.Issue
	document Document // without its data
}

// take saves a document that was parsed.
func (i *importing) take(ctx context.Context, batch Batch) (err error) {
	if batch.Issues = i.unclaimed(batch); len(batch.Issues) == 0 {
		return nil
	}
	if i.store == nil {
		if i.store, err = subscribers.Open(ctx, i.database); err != nil {
			return err
		}
	}
	batch.repeatable = true // close has all of it survive
	saved, err := batch.save(ctx, i.store, nil)
	for _, one := range saved {
		if one.Outcome != archive.Unchanged {
			i.changed++
		}
		i.note(Note{Saved: one, Document: batch.Document.Name, Warnings: warningsOf(one, time.Now())})
	}
	if err != nil && !errors.Is(err, archive.ErrKeyTaken) {
		return err
	}
	if err != nil {
		i.note(Note{Document: batch.Document.Name, Err: err})
	}
	return nil
}

// unclaimed returns the issues of a document but those that an earlier document has with
// another text: nobody can say which is the right one.
func (i *importing) unclaimed(batch Batch) (issues []*digest.Issue) {
	for _, issue := range batch.Issues {
		holder, held := i.holders[issue.Key]
		if held && !sameIssue(issue, holder.issue) {
			i.note(Note{Document: batch.Document.Name, Err: clash(issue.Key, batch.Document, holder.document)})
			continue
		}
		if !held {
			holder := holding{issue, batch.Document}
			holder.document.Data = nil
			i.holders[issue.Key] = holder
		}
		issues = append(issues, issue)
	}
	return issues
}

// close notes in the audit what was imported, and closes the database. There is a
// transaction for each document, and one entry for all, with which all of them are synced.
func (i *importing) close(ctx context.Context) (err error) {
	if i.store == nil {
		return nil
	}
	if i.changed > 0 {
		by := subscribers.Actor{User: subscribers.CommandLine}
		err = i.store.Audit(ctx, subscribers.AuditEntry{By: by, Deed: subscribers.DeedImport, Facts: subscribers.Facts{Count: i.changed}})
	}
	return errors.Join(err, i.store.Close())
}
