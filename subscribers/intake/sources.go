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
	"strings"
	"sync/atomic"
	"time"

	"digestbot/digest"
	"digestbot/digest/document"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/intake/fetch"
	"digestbot/subscribers/intake/sourceline"
	"digestbot/subscribers/sourcestore"
)

// Sources are where new issues turn up: folders, and what is on the web. Its methods may be
// called at the same time.
type Sources struct {
	// Archived is told of issues, and Recovered of a source that answers again after an
	// earlier run of the program had told that it does not. Set before the first Look; nil:
	// nobody is told.
	Archived  Archived
	Recovered func(ctx context.Context, source string)
	// Fetch gets documents from the web, as fetch.Client.Get does.
	Fetch func(context.Context, fetch.Request) (fetch.Response, error)
	// Location is where the days of gathered issues begin; nil: where this machine is.
	Location *time.Location
	// Approve says that issues wait for an admin, see subscribers.Store.ApproveIssue. Of the
	// first look at a source only the newest does.
	Approve bool

	// NextRun returns the next run of the schedule after a time, for which issues that have to
	// be approved are made a day before; nil: they are made right before it.
	NextRun func(after time.Time) time.Time

	store   *subscribers.Store
	log     *slog.Logger
	checked Checked
	all     []*source
	folders turn   // of the look at folders, which look into each other
	telling turn   // of what is told
	parser  parser // document.ParseAll, except in tests
}

// Checked is called after each look at a source. The error has all that is still wrong
// with the source and its documents, one line each, and what looks wrong in the newest
// issue if that is from it; nil: nothing is.
type Checked func(ctx context.Context, source string, err error)

// Archived is called when a look at a source is over, for each issue that it has added or
// corrected. Of the first look at a source only the newest issue counts: all others are
// its archive.
type Archived func(ctx context.Context, source string, one Saved)

// source is one of them, with what is known of it.
type source struct {
	line   sourceline.Line
	folder *Folder      // nil: it is on the web
	turn   turn         // of the look at it
	id     atomic.Int64 // of row; 0: it was not read yet

	row    sourcestore.Source // what is remembered; only its turn uses it, and all below
	opened bool               // row was read
	looked bool               // there was a look before this one
	pages  int                // of entries, fetched by this look
	again  bool               // an entry has to be tried again, so its feed has to be read again
	hold   holder             // of issues for approval, of this look
	found  []Saved            // what this look has added or corrected
	faults map[string]error   // of documents, by name, as long as they last
	silent bool               // it did not answer the last time
	// archiving says that what is taken was there before the source was: nobody is told of it.
	archiving bool
	tries     map[string]tries // of the pages behind the links of an index, by identity
	told      bool             // this run of the program has told that it does not answer
	persist   map[string]stamp // files that this look has dealt with
}

// name returns what people call the source.
func (s *source) name() string { return s.line.Called() }

// NewSources returns the sources in those folders.
func NewSources(store *subscribers.Store, log *slog.Logger, checked Checked, folders []*Folder) *Sources {
	s := &Sources{
		store: store, log: log.With("component", "intake"), checked: checked, parser: document.ParseAll,
		folders: newTurn(), telling: newTurn(), Location: time.Local,
	}
	for _, folder := range folders {
		folder.noteLeftOut = func(name string, out leftOut) {
			s.log.Log(context.Background(), out.level, "file left out", "source", folder.name, "file", name, "why", out.why)
		}
		line := sourceline.Line{Folder: folder.name, Kind: sourceline.Folder, First: sourceline.FirstNewest}
		s.all = append(s.all, newSource(line, folder, s.folders))
	}
	return s
}

func newSource(line sourceline.Line, folder *Folder, t turn) *source {
	return &source{line: line, folder: folder, turn: t, faults: map[string]error{}, persist: map[string]stamp{}, tries: map[string]tries{}}
}

// Add adds the sources on the web among lines, and what others say of the folders. It is
// called before the first Look.
func (s *Sources) Add(lines []sourceline.Line) {
	for _, line := range lines {
		if line.Folder == "" {
			s.all = append(s.all, newSource(line, nil, newTurn()))
			continue
		}
		for _, src := range s.all {
			if src.line.Folder == line.Folder {
				src.line = line
			}
		}
	}
}

// checkLimit is how long a start waits for a folder.
const checkLimit = 10 * time.Second

// CheckFolder returns what is wrong with a folder that is to be a source; nil if it can be
// read. One that does not answer may do so later, which Look finds out.
func CheckFolder(name string) error {
	reading := begin(func() ([]os.DirEntry, error) { return os.ReadDir(name) })
	if reading.wait(nil, checkLimit) && reading.err != nil {
		return fmt.Errorf("%w: give a folder that exists and can be read", reading.err)
	}
	return nil
}

// parsedAhead is how many documents are parsed while an earlier one is saved.
const parsedAhead = 4

// parsing is a document that is being parsed.
type parsing struct {
	document Document
	batch    *call[Batch]
}

// lookAtFolder takes what is new in a folder.
func (s *Sources) lookAtFolder(ctx context.Context, src *source) error {
	var ahead []parsing
	take := func(left int) {
		for ; len(ahead) > left; ahead = ahead[1:] {
			first := ahead[0]
			<-first.batch.done
			src.faults[first.document.Name] = s.take(ctx, src, first.document, first.batch)
		}
	}
	for document, err := range src.folder.Documents(ctx) {
		if document.Name == "" {
			take(0)
			return err
		}
		if err != nil {
			src.faults[document.Name] = err
			continue
		}
		ahead = append(ahead, parsing{document, begin(func() (Batch, error) { return parseAndRender(s.parser, document) })})
		take(parsedAhead)
	}
	take(0)
	maps.DeleteFunc(src.faults, func(name string, err error) bool { return err == nil || !src.folder.present[name] })
	return errors.Join(src.faultLines(), s.checkNewest(ctx, src), s.noteFiles(ctx, src))
}

// faultLines returns the faults of documents in the order of their names.
func (s *source) faultLines() error {
	var all []error
	for _, name := range slices.Sorted(maps.Keys(s.faults)) {
		all = append(all, s.faults[name])
	}
	return errors.Join(all...)
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
	if s.folder == nil {
		return strings.HasPrefix(path, s.origin(""))
	}
	folder := filepath.Dir(path)
	return folder == "." || folder == filepath.Clean(s.folder.name)
}

// origin returns how the archive notes where an issue of a source on the web comes from. The
// source is named by its id: its address may change, and there may be a password in it.
func (s *source) origin(identity string) string {
	return fmt.Sprintf("web source %d/%s", s.id.Load(), identity)
}

// take puts a document that was parsed into the archive.
func (s *Sources) take(ctx context.Context, src *source, document Document, parsed *call[Batch]) error {
	batch, err := parsed.value, parsed.err
	batch.repeatable = true
	if err != nil {
		src.folder.Done(document)
		return err
	}
	clashes, err := s.dropClaimed(ctx, src, &batch)
	if err != nil {
		return fmt.Errorf("%s: %w", document.Name, err)
	}
	saved, err := batch.save(ctx, s.store, src.holder(s.Approve))
	for _, one := range saved {
		s.note(src, document.Name, one)
	}
	// Whether two documents still clash depends on both, so this one is read again.
	if clashes == nil && (err == nil || errors.Is(err, archive.ErrKeyTaken)) {
		src.folder.Done(document)
	}
	if clashes == nil && err == nil { // one with a fault is named again after a start
		src.persist[document.Name] = stamp{document.Modified, document.size}
	}
	return errors.Join(clashes, err)
}

// note notes what became of an issue that was saved.
func (s *Sources) note(src *source, document string, one Saved) {
	if one.Outcome == archive.Unchanged {
		return
	}
	if !src.archiving {
		src.found = append(src.found, one)
		src.row.Issue = one.Issue.ID
	}
	s.log.Info("issue archived", "source", src.name(), "document", document, "issue", one.Issue.Key, "outcome", string(one.Outcome), "withdrawn", one.Issue.Withdrawn)
	if one.Undated {
		s.log.Warn("document has no date", "source", src.name(), "document", document, "taken_as_of", one.Issue.Date.Format(time.DateOnly))
	}
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
		if s.isOfWeb(path) {
			if _, err := s.claimed(ctx, src, issue); err != nil {
				all = append(all, fmt.Errorf("%s: %w", batch.Document.Name, err))
			}
			continue
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

// isOfWeb reports whether an issue is from a source on the web.
func (s *Sources) isOfWeb(path string) bool {
	return slices.ContainsFunc(s.all, func(src *source) bool { return src.folder == nil && src.owns(path) })
}

// whence says to people where an issue comes from.
func (s *Sources) whence(path string) string {
	for _, src := range s.all {
		if src.folder == nil && src.owns(path) {
			return src.name()
		}
	}
	if digest.IsWebAddress(path) { // somebody imported it
		return fetch.Shown(path)
	}
	return path
}

// reread returns the issues that are in the document with that path now. There are
// none if it is gone, cannot be parsed, or is of no source. A path without a folder was
// archived before folders were noted, or by hand, and is looked for in src first.
func (s *Sources) reread(ctx context.Context, src *source, path string) (Batch, error) {
	name := filepath.Base(path)
	owners := slices.DeleteFunc(append([]*source{src}, s.all...), func(o *source) bool { return o.folder == nil })
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
