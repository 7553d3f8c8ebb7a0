package intake

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"digestbot/digest"
	"digestbot/digest/document"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// Sources are the folders in which new issues turn up. They are not safe for
// concurrent use.
type Sources struct {
	store   *subscribers.Store
	log     *slog.Logger
	checked Checked
	all     []*source
	parser  parser // document.ParseAll, except in tests
}

// Checked is called after each look at a source. The error has all that is still wrong
// with the source and its documents, one line each, and what looks wrong in the newest
// issue if that is from it; nil: nothing is.
type Checked func(ctx context.Context, source string, err error)

type source struct {
	folder *Folder
	faults map[string]error   // of documents, by name, as long as they last
	doubts map[string][]error // of issues, by key, that came since the start
	silent bool               // it did not answer the last time
}

// NewSources returns the sources in those folders.
func NewSources(store *subscribers.Store, log *slog.Logger, checked Checked, folders []*Folder) *Sources {
	s := &Sources{store: store, log: log.With("component", "intake"), checked: checked, parser: document.ParseAll}
	for _, folder := range folders {
		folder.noteLeftOut = func(name string, out leftOut) {
			s.log.Log(context.Background(), out.level, "file left out", "source", folder.name, "file", name, "why", out.why)
		}
		s.all = append(s.all, &source{folder: folder, faults: map[string]error{}, doubts: map[string][]error{}})
	}
	return s
}

// checkLimit is how long a start waits for a folder.
const checkLimit = 10 * time.Second

// CheckSource returns what is wrong with a source; nil if it can be read. One that does
// not answer may do so later, which Look finds out.
func CheckSource(name string) error {
	if digest.IsWebAddress(name) {
		return fmt.Errorf("%s: only folders can be sources: save the documents into one and give that", name)
	}
	reading := begin(func() ([]os.DirEntry, error) { return os.ReadDir(name) })
	if reading.wait(nil, checkLimit) && reading.err != nil {
		return fmt.Errorf("%w: give a folder that exists and can be read", reading.err)
	}
	return nil
}

// Look puts new and changed documents of the sources into the archive. It goes on
// after a source or document with a fault; the error names all of them, also those
// that earlier looks found. A source that does not answer is given up after half a
// minute, and not asked again before it has answered. The next Look tries again what
// could not be read or saved, but a document that cannot be parsed only after it has
// changed.
func (s *Sources) Look(ctx context.Context) error {
	var all []error
	for _, src := range s.all {
		err := s.lookAt(ctx, src)
		if ctx.Err() != nil {
			return fmt.Errorf("look at source %s: %w", src.folder.name, ctx.Err())
		}
		s.noteSilence(src, errors.Is(err, errNoAnswer))
		s.checked(ctx, src.folder.name, errors.Join(append([]error{err}, s.doubtsOfNewest(ctx, src)...)...))
		if err != nil {
			all = append(all, fmt.Errorf("source %s: %w", src.folder.name, err))
		}
	}
	return errors.Join(all...)
}

func (s *Sources) noteSilence(src *source, silent bool) {
	if src.silent && !silent {
		s.log.Info("source answers again", "source", src.folder.name)
	}
	src.silent = silent
}

func (s *Sources) lookAt(ctx context.Context, src *source) error {
	for document, err := range src.folder.Documents(ctx) {
		if document.Name == "" {
			return err
		}
		if err == nil {
			err = s.take(ctx, src, document)
		}
		src.faults[document.Name] = err
	}
	maps.DeleteFunc(src.faults, func(name string, err error) bool { return err == nil || !src.folder.present[name] })
	var all []error
	for _, name := range slices.Sorted(maps.Keys(src.faults)) {
		all = append(all, src.faults[name])
	}
	return errors.Join(append(all, s.checkNewest(ctx, src))...)
}

// checkNewest warns if the newest issue may be the newest by accident: a note that was
// put into the folder would be sent in place of the weekly.
func (s *Sources) checkNewest(ctx context.Context, src *source) error {
	issue, path, err := s.store.UndatedNewestIssue(ctx)
	name := filepath.Base(path)
	switch {
	case errors.Is(err, subscribers.ErrNotFound):
		return nil
	case err != nil:
		return err
	case !src.owns(path), filepath.Dir(path) == "." && !src.folder.present[name]:
		return nil
	}
	return fmt.Errorf("%s is the newest issue by the time of its file, %s, for it has neither a date nor a number: "+
		"give it a date in its front matter or its name", name, issue.Date.Format(time.DateOnly))
}

// owns reports whether a document with that path may be of the source. A path without
// a folder was archived before folders were noted, or by hand.
func (s *source) owns(path string) bool {
	folder := filepath.Dir(path)
	return folder == "." || folder == filepath.Clean(s.folder.name)
}

// take puts a document into the archive.
func (s *Sources) take(ctx context.Context, src *source, document Document) error {
	batch, err := parseWith(s.parser, document)
	if err != nil {
		src.folder.Done(document)
		return err
	}
	clashes, err := s.dropClaimed(ctx, src, &batch)
	if err != nil {
		return fmt.Errorf("%s: %w", document.Name, err)
	}
	saved, err := batch.save(ctx, s.store)
	for _, one := range saved {
		if one.Outcome == archive.Unchanged {
			continue
		}
		src.doubt(document.Name, batch.find(one.Issue.Key))
		s.log.Info("issue archived", "source", src.folder.name, "document", document.Name, "issue", one.Issue.Key, "outcome", string(one.Outcome), "withdrawn", one.Issue.Withdrawn)
		if one.Undated {
			s.log.Warn("document has no date", "source", src.folder.name, "document", document.Name, "taken_as_of", one.Issue.Date.Format(time.DateOnly))
		}
	}
	// Whether two documents still clash depends on both, so this one is read again.
	if clashes == nil && (err == nil || errors.Is(err, archive.ErrKeyTaken)) {
		src.folder.Done(document)
	}
	return errors.Join(clashes, err)
}

// dropClaimed takes the issues out of a batch that the archive has from another
// document, if that still has them. Otherwise the two documents would correct each
// other at every start.
func (s *Sources) dropClaimed(ctx context.Context, src *source, batch *Batch) (clashes, err error) {
	others := map[string]Batch{}
	var unclaimed, all = batch.Issues[:0:0], []error(nil)
	for _, issue := range batch.Issues {
		path, err := s.store.IssueDocument(ctx, issue.Key)
		if errors.Is(err, subscribers.ErrNotFound) || err == nil && path == batch.Document.Path {
			unclaimed = append(unclaimed, issue)
			continue
		}
		if err != nil {
			return nil, err
		}
		other, known := others[path]
		if !known {
			if other, err = s.reread(ctx, src, path); err != nil {
				return nil, err
			}
			others[path] = other
		}
		switch theirs := other.find(issue.Key); {
		case theirs == nil || other.Document.Path == batch.Document.Path:
			unclaimed = append(unclaimed, issue)
		case !sameIssue(issue, theirs):
			all = append(all, clash(issue.Key, batch.Document, other.Document))
		}
	}
	batch.Issues = unclaimed
	return errors.Join(all...), nil
}

// reread returns the issues that are in the document with that path now. There are
// none if it is gone, cannot be parsed, or is of no source. A path without a folder was
// archived before folders were noted, or by hand, and is looked for in src first.
func (s *Sources) reread(ctx context.Context, src *source, path string) (Batch, error) {
	name := filepath.Base(path)
	owners := append([]*source{src}, s.all...)
	for _, o := range owners {
		if o.owns(path) && o.folder.present == nil { // it has not been looked at yet
			if _, err := o.folder.list(ctx); err != nil {
				return Batch{}, err
			}
		}
	}
	i := slices.IndexFunc(owners, func(o *source) bool { return o.owns(path) && o.folder.present[name] })
	if i < 0 {
		return Batch{}, nil
	}
	document, err := owners[i].folder.reread(ctx, name)
	if err != nil {
		return Batch{}, err
	}
	batch, err := parseWith(s.parser, document)
	if err != nil {
		return Batch{}, nil //nolint:nilerr // it holds no issue any more, which is the question
	}
	return batch, nil
}
