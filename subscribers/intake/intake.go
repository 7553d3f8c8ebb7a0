// Package intake brings documents into the archive. [Import] takes the files and
// folders that somebody names, see [ReadAll]; [Sources] are folders that are looked at
// again and again.
//
// The same document twice changes nothing. A document that cannot be parsed
// leaves nothing in the archive.
package intake

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"digestbot/digest"
	"digestbot/digest/dates"
	"digestbot/digest/document"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// ErrFault says that a document could not be read because of a fault of this program.
var ErrFault = errors.New("this is a fault of digestbot: report it, and change the document so that it does not happen")

// Batch is a document and the issues in it: one, or one for each entry of a feed.
type Batch struct {
	Document Document
	Issues   []*digest.Issue

	explanations [][]document.Note   // of each issue, if asked for
	repeatable   bool                // the document is in a folder that is looked at again
	rendered     []*archive.Rendered // of each issue; nil: they are not kept
}

// Saved is what became of one issue.
type Saved struct {
	Issue   archive.Issue
	Outcome archive.Saved
	Undated bool // it was added without a date of its own
}

// Parse finds the issues of a document and makes sure that they can be rendered. Errors
// are those of document.ParseAll, and ErrFault in place of a panic, so that a document ends
// neither the program nor the look at other documents.
func Parse(d Document) (Batch, error) { return parseWith(document.ParseAll, d) }

// parser makes issues of a document, as document.ParseAll does.
type parser func(name string, document []byte) ([]*digest.Issue, error)

func parseWith(parse parser, document Document) (Batch, error) {
	batch, err := parseAndRender(parse, document)
	batch.rendered = nil // thousands of documents would fill the memory
	return batch, err
}

// parseAndRender is parseWith that keeps what was rendered, for a batch that is saved soon.
func parseAndRender(parse parser, document Document) (batch Batch, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			batch, err = Batch{}, fmt.Errorf("parse %s: %w (%v at %s)", document.Name, ErrFault, cause, panicked())
		}
	}()
	issues, err := parse(document.Name, document.Data)
	if err != nil {
		return Batch{}, err
	}
	batch = Batch{Document: document, Issues: issues}
	for _, issue := range issues {
		issue.Modified = publishedAbout(issue.Title, document)
		rendered, err := archive.Render(issue)
		if err != nil {
			return Batch{}, fmt.Errorf("render %s: %w", document.Name, err)
		}
		batch.rendered = append(batch.rendered, rendered)
	}
	return batch, nil
}

// publishedAbout returns when an issue was published that has no date: when its file was
// last changed, but on the first day of the month that its title or file name says if the
// file is of another one, as that of an archive that was copied.
func publishedAbout(title string, document Document) time.Time {
	changed := document.Modified
	month := cmp.Or(dates.MonthIn(title), dates.MonthIn(filepath.Base(document.Name)))
	isOfMonth := changed.Year() == month.Year() && changed.Month() == month.Month()
	if changed.IsZero() || month.IsZero() || isOfMonth {
		return changed
	}
	return month
}

// panicked returns where the panic happened that is being recovered.
func panicked() string {
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(0, callers)])
	inPanic := false
	for frame, more := frames.Next(); more; frame, more = frames.Next() {
		if inPanic && !strings.HasPrefix(frame.Function, "runtime.") {
			return fmt.Sprintf("%s:%d", filepath.Base(frame.File), frame.Line)
		}
		inPanic = inPanic || frame.Function == "runtime.gopanic"
	}
	return "an unknown place"
}

// save puts the issues into the archive; hold says which of them wait for approval, nil:
// none. It goes on after an issue that clashes with
// another one. It returns the issues that were saved, and for each that was not an
// error that wraps archive.ErrKeyTaken; any other error ends it.
func (b Batch) save(ctx context.Context, store *subscribers.Store, hold *holder) ([]Saved, error) {
	var all []Saved
	var clashes []error
	keys := make([]string, len(b.Issues))
	for i, issue := range b.Issues {
		keys[i] = issue.Key
	}
	for _, issue := range b.Issues {
		if err := store.Rekey(ctx, issue, b.Document.Path, b.Document.Data, keys); err != nil {
			return all, err
		}
		from := archive.Origin{Name: b.Document.Path, Document: b.Document.Data, Repeatable: b.repeatable, Rendered: b.renderedOf(issue)}
		row, outcome, err := store.SaveFound(ctx, issue, from, hold.next())
		switch {
		case errors.Is(err, archive.ErrKeyTaken):
			clashes = append(clashes, err)
		case err != nil:
			return all, err
		default:
			hold.note(row)
			all = append(all, Saved{Issue: row, Outcome: outcome, Undated: outcome == archive.Added && issue.Date.IsZero()})
		}
	}
	return all, errors.Join(clashes...)
}

// renderedOf returns what was rendered of an issue; nil: it was not kept.
func (b Batch) renderedOf(issue *digest.Issue) *archive.Rendered {
	for _, r := range b.rendered {
		if r.Is(issue) {
			return r
		}
	}
	return nil
}

// find returns the issue with that key; nil: there is none.
func (b Batch) find(key string) *digest.Issue {
	for _, issue := range b.Issues {
		if issue.Key == key {
			return issue
		}
	}
	return nil
}

// sameIssue reports whether readers would notice no difference.
func sameIssue(a, b *digest.Issue) bool {
	first, err := json.Marshal(a)
	second, err2 := json.Marshal(b)
	return err == nil && err2 == nil && bytes.Equal(first, second)
}

// clash returns the error for two documents that claim to be one issue.
func clash(key string, document, first Document) error {
	name, other := document.Path, first.Path
	if filepath.Dir(name) == filepath.Dir(other) {
		name, other = document.Name, first.Name
	}
	return fmt.Errorf("%s: issue %s is in %s already, with another text: give one of them another number, "+
		`or a line "key: …" in its front matter, or remove it`, name, key, other)
}

// undated warns that a date is not the document's own.
func undated(date time.Time) string {
	return fmt.Sprintf("it has no date, and is taken as of %s: give it one in its front matter or its name", date.Format(time.DateOnly))
}
