package intake

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"time"

	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/intake/sourceline"
	"digestbot/subscribers/sourcestore"
)

// openFolder takes up what was dealt with in a folder. One of which the archive has issues
// from before folders were remembered is not new.
func (s *Sources) openFolder(ctx context.Context, src *source) error {
	files, err := s.store.Sources.Files(ctx, src.row.ID)
	if err != nil {
		return err
	}
	for name, file := range files {
		src.folder.done[name] = stamp{time.Unix(0, file.Modified), file.Size}
	}
	if !src.row.Looked.IsZero() {
		return nil
	}
	has, err := s.store.HasDocumentIn(ctx, filepath.Clean(src.folder.name))
	if err != nil {
		return err
	}
	src.row.Looked = time.Now()
	if has {
		src.row.Begun = src.row.Looked
	}
	return s.store.Sources.NoteLook(ctx, src.row)
}

// noteFiles remembers the files that a look has dealt with, and forgets those that are gone.
func (s *Sources) noteFiles(ctx context.Context, src *source) error {
	files := map[string]sourcestore.File{}
	for name, stamp := range src.persist {
		files[name] = sourcestore.File{Modified: stamp.modified.UnixNano(), Size: stamp.size}
	}
	var gone []string
	for name := range src.folder.done {
		if !src.folder.present[name] {
			gone = append(gone, name)
		}
	}
	if err := s.store.Sources.NoteFiles(ctx, src.row.ID, files, gone); err != nil {
		return err
	}
	clear(src.persist)
	for _, name := range gone {
		delete(src.folder.done, name)
	}
	return nil
}

// tellArchived calls Archived for what the last look has found.
func (s *Sources) tellArchived(ctx context.Context, src *source) {
	found := src.found
	src.found, src.hold = nil, holder{}
	if len(found) == 0 {
		return
	}
	if !src.looked && src.line.First == sourceline.FirstNewest {
		found = []Saved{slices.MaxFunc(found, compareAge)}
	}
	if s.Archived == nil {
		return
	}
	for _, one := range found {
		s.Archived(ctx, src.name(), one)
	}
}

// compareAge orders issues as the archive does, the oldest first.
func compareAge(a, b Saved) int {
	return cmp.Or(a.Issue.Date.Compare(b.Issue.Date), cmp.Compare(a.Issue.Number, b.Issue.Number), cmp.Compare(a.Issue.ID, b.Issue.ID))
}

// tellChecked calls Checked with all that is wrong with a source, if anybody has to know:
// not of the first failures of a source on the web, which mend themselves. What looks wrong
// in an issue is told with the issue, by whoever Archived calls.
func (s *Sources) tellChecked(ctx context.Context, src *source, err error) {
	if src.folder == nil && src.row.Failures > 0 && !src.row.Told {
		return
	}
	s.checked(ctx, src.name(), errors.Join(err, src.webFaults()))
}

// holder says which issues of a look at a source wait for approval. A nil holder holds none.
type holder struct {
	approve bool  // new ones are to wait
	archive bool  // what is found was there before the source was
	first   bool  // it is the first look, of which only the newest issue is no archive
	held    int64 // the newest so far, of the first look; 0: none
}

// holder returns the holder for this look.
func (s *source) holder(approve bool) *holder {
	s.hold.approve, s.hold.archive = approve && !s.archiving, approve && s.archiving
	s.hold.first = !s.looked && s.line.First == sourceline.FirstNewest
	return &s.hold
}

func (h *holder) next() subscribers.Holding {
	if h == nil {
		return subscribers.Holding{}
	}
	return subscribers.Holding{New: h.approve, InsteadOf: h.held, Archive: h.archive}
}

func (h *holder) note(row archive.Issue) {
	if h != nil && h.first && row.Held {
		h.held = row.ID
	}
}
