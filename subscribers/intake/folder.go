package intake

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"log/slog"
	"path/filepath"
	"slices"
	"time"
)

// SettleTime is how long a document must have been left alone before it is
// taken, so that nobody gets half of one that is being written or uploaded.
const SettleTime = 10 * time.Second

// Rules say what a Folder takes.
type Rules struct {
	Names  Names
	Settle time.Duration // how long a document must have been left alone; 0: it need not
}

// Folder finds the documents of one folder; it does not look into folders
// within it. It is not safe for concurrent use.
type Folder struct {
	name    string
	files   asker
	rules   Rules
	present map[string]bool     // names of the files that are documents, as of the last look
	done    map[string]stamp    // of what was dealt with
	seen    map[string]sighting // of what was not left alone for long enough
	told    map[string]leftOut  // what noteLeftOut was called with

	noteLeftOut func(name string, out leftOut) // called once for each; may be nil
}

// stamp shows whether a file was changed, without reading it.
type stamp struct {
	modified time.Time
	size     int64
}

// isSame reports whether two stamps are those of the same file, unchanged.
func (s stamp) isSame(other stamp) bool {
	return s.size == other.size && s.modified.Equal(other.modified)
}

// sighting is when a file was first seen as it is.
type sighting struct {
	stamp stamp
	at    time.Time
}

// file is a document of a folder that was not read yet.
type file struct {
	name  string
	stamp stamp
	err   error // why it cannot be read
}

var (
	// errUnsettled: the file may not be complete yet.
	errUnsettled = errors.New("it is being written to, and taken when it has been left alone for a while")
	// errNothingNew: the file has been dealt with.
	errNothingNew = errors.New("nothing new")
)

// OpenFolder returns the folder of that name. If it cannot be read, Documents yields
// the error.
func OpenFolder(name string, rules Rules) *Folder {
	return newFolder(name, func() (fs.FS, error) { return openDirectory(name) }, rules)
}

// NewFolder returns the folder at the root of files. If a call of files takes longer
// than half a minute, Documents goes on without it.
func NewFolder(name string, files fs.FS, rules Rules) *Folder {
	return newFolder(name, func() (fs.FS, error) { return files, nil }, rules)
}

func newFolder(name string, open func() (fs.FS, error), rules Rules) *Folder {
	return &Folder{
		name: name, files: asker{open: open}, rules: rules,
		done: map[string]stamp{}, seen: map[string]sighting{}, told: map[string]leftOut{},
	}
}

// Documents yields the documents that are new or changed since Done was called for
// them, ordered by name. It leaves out what Rules leave out, and JSON and XML that is
// no feed. Files that were changed a moment ago come last: Documents waits for them, up
// to three times the settle time. If a file cannot be read, its error is yielded with
// Document.Name set, and the next file follows. If the folder itself cannot be read or
// does not answer, the error has no name and is the last.
func (f *Folder) Documents(ctx context.Context) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		end := time.Now().Add(3 * f.rules.Settle)
		files, err := f.list(ctx)
		for err == nil && len(files) > 0 {
			var more bool
			files, more = f.yieldSettled(ctx, files, yield)
			if !more {
				return
			}
			if len(files) > 0 && !f.awaitSettled(ctx, files, end) {
				yieldUnsettled(files, yield)
				return
			}
			files, err = f.again(ctx, files)
		}
		if err != nil {
			yield(Document{}, err)
		}
	}
}

// Done notes that a document has been dealt with, whatever the result was: Documents
// leaves it out until its file changes.
func (f *Folder) Done(d Document) { f.done[d.Name] = stamp{d.Modified, d.size} }

func (f *Folder) isDone(file file) bool {
	done, ok := f.done[file.name]
	return ok && done.isSame(file.stamp)
}

// yieldSettled yields the new documents among files and returns the files that have to
// be looked at again. more is false if nothing more may be yielded.
func (f *Folder) yieldSettled(ctx context.Context, files []file, yield func(Document, error) bool) (rest []file, more bool) {
	for _, file := range files {
		document, err := f.take(ctx, file)
		switch {
		case errors.Is(err, errNothingNew):
			continue
		case errors.Is(err, errUnsettled):
			rest = append(rest, file)
			continue
		case errors.Is(err, errNoAnswer), ctx.Err() != nil:
			yield(Document{}, err)
			return nil, false
		}
		if !yield(document, err) {
			return nil, false
		}
	}
	return rest, true
}

func yieldUnsettled(files []file, yield func(Document, error) bool) {
	for _, file := range files {
		if !yield(Document{Name: file.name}, fmt.Errorf("%s: %w", file.name, errUnsettled)) {
			return
		}
	}
}

// take reads a file if it is new and was left alone for long enough.
func (f *Folder) take(ctx context.Context, file file) (Document, error) {
	document := Document{Name: file.name}
	switch {
	case file.err != nil:
		return document, file.err
	case f.isDone(file):
		return document, errNothingNew
	case f.settles(file).After(time.Now()):
		return document, errUnsettled
	}
	document, err := f.read(ctx, file)
	if err == nil {
		delete(f.seen, file.name)
		if namedAsFeed(file.name) && isData(document) {
			f.Done(document)
			f.leave(file.name, leftOut{"it is no feed", slog.LevelInfo})
			return document, errNothingNew
		}
	}
	return document, err
}

// settles returns when a file will have been left alone for long enough. If the file
// comes from a machine whose clock is ahead, that counts from when it was first seen
// unchanged.
func (f *Folder) settles(file file) time.Time {
	first, ok := f.seen[file.name]
	if !ok || first.stamp != file.stamp {
		first = sighting{file.stamp, time.Now()}
		f.seen[file.name] = first
	}
	if file.stamp.modified.After(first.at) {
		return first.at.Add(f.rules.Settle)
	}
	return file.stamp.modified.Add(f.rules.Settle)
}

// awaitSettled waits until one of the files may be read. It returns false if that would
// be after end, or ctx ends first.
func (f *Folder) awaitSettled(ctx context.Context, files []file, end time.Time) bool {
	now := time.Now()
	wake := now.Add(f.rules.Settle)
	for _, file := range files {
		if at := f.settles(file); at.Before(wake) {
			wake = at
		}
	}
	if soonest := now.Add(f.rules.Settle / 10); wake.Before(soonest) { // changed while it was read
		wake = soonest
	}
	if wake.After(end) || f.rules.Settle == 0 {
		return false
	}
	timer := time.NewTimer(wake.Sub(now))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// list returns the files that are documents by their names.
func (f *Folder) list(ctx context.Context) ([]file, error) {
	entries, err := ask(ctx, &f.files, "read the folder", func(files fs.FS) ([]fs.DirEntry, error) {
		entries, err := fs.ReadDir(files, ".")
		if err != nil {
			return nil, fmt.Errorf("read folder: %w", err)
		}
		return entries, nil
	})
	if err != nil {
		return nil, err
	}
	f.present = map[string]bool{}
	wanted := entries[:0]
	for _, entry := range entries {
		if entry.IsDir() {
			continue
		}
		if out := f.rules.Names.leaveOut(entry.Name()); out.why != "" {
			f.leave(entry.Name(), out)
			continue
		}
		f.present[entry.Name()] = true
		wanted = append(wanted, entry)
	}
	return ask(ctx, &f.files, "look at the files", func(files fs.FS) ([]file, error) { return examine(files, wanted), nil })
}

// again returns the files that are still there, as they are now.
func (f *Folder) again(ctx context.Context, before []file) ([]file, error) {
	if len(before) == 0 {
		return nil, nil
	}
	files, err := f.list(ctx)
	return slices.DeleteFunc(files, func(now file) bool {
		return !slices.ContainsFunc(before, func(then file) bool { return then.name == now.name })
	}), err
}

// examine looks at files without opening them: opening a device may have effects.
func examine(files fs.FS, entries []fs.DirEntry) (all []file) {
	for _, entry := range entries {
		file := file{name: entry.Name(), err: checkName(entry.Name())}
		if file.err == nil {
			info, err := fs.Stat(files, file.name)
			isLink := entry.Type()&fs.ModeSymlink != 0
			switch {
			case err != nil && isLink:
				file.err = fmt.Errorf("%s is a link that does not lead to a document of this folder: put the document itself there: %w", file.name, err)
			case errors.Is(err, fs.ErrNotExist), err == nil && info.IsDir():
				continue
			case err != nil:
				file.err = err
			default:
				file.stamp, file.err = stampOf(info), checkRegular(file.name, info)
			}
		}
		all = append(all, file)
	}
	return all
}

func stampOf(info fs.FileInfo) stamp { return stamp{info.ModTime(), info.Size()} }

// read reads a file, and fails with errUnsettled if the file has changed.
func (f *Folder) read(ctx context.Context, file file) (Document, error) {
	return ask(ctx, &f.files, "read "+file.name, func(files fs.FS) (Document, error) {
		document := Document{Name: file.name, Path: filepath.Join(f.name, file.name), Modified: file.stamp.modified, size: file.stamp.size}
		opened, err := files.Open(file.name)
		if err != nil {
			return document, err
		}
		defer opened.Close()
		if err := unchanged(file, opened.Stat); err != nil {
			return document, err
		}
		if document.Data, err = readDocument(opened); err != nil {
			return document, fmt.Errorf("%s: %w", file.name, err)
		}
		// Somebody may have written to it meanwhile, or put another in its place.
		if err := unchanged(file, opened.Stat); err != nil {
			return document, err
		}
		return document, unchanged(file, func() (fs.FileInfo, error) { return fs.Stat(files, file.name) })
	})
}

func unchanged(file file, stat func() (fs.FileInfo, error)) error {
	info, err := stat()
	if err != nil {
		return err
	}
	if err := checkRegular(file.name, info); err != nil {
		return err
	}
	if stampOf(info) != file.stamp {
		return fmt.Errorf("%s: %w", file.name, errUnsettled)
	}
	return nil
}

// leave notes that a file is left out, once.
func (f *Folder) leave(name string, out leftOut) {
	if f.noteLeftOut != nil && f.told[name] != out {
		f.told[name] = out
		f.noteLeftOut(name, out)
	}
}

// reread reads a document again, whether or not it was dealt with.
func (f *Folder) reread(ctx context.Context, name string) (Document, error) {
	info, err := ask(ctx, &f.files, "look at "+name, func(files fs.FS) (fs.FileInfo, error) { return fs.Stat(files, name) })
	if err != nil {
		return Document{}, err
	}
	return f.read(ctx, file{name: name, stamp: stampOf(info)})
}
