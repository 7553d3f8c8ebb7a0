package intake

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"digestbot/subscribers"
)

// Sources are the folders that new issues turn up in. They are not safe for
// concurrent use.
type Sources struct {
	store   *subscribers.Store
	log     *slog.Logger
	checked Checked
	folders []source
}

// Checked is told after each look at a source what was wrong with it or its
// documents; nil when nothing was. A document at fault is reported once, and
// again when it has changed.
type Checked func(ctx context.Context, source string, err error)

type source struct {
	name   string
	folder *Folder
}

// NewSources returns the folders of those names.
func NewSources(store *subscribers.Store, log *slog.Logger, checked Checked, names []string) *Sources {
	s := &Sources{store: store, log: log.With("component", "intake"), checked: checked}
	for _, name := range names {
		s.folders = append(s.folders, source{name: name, folder: NewFolder(os.DirFS(name))})
	}
	return s
}

// CheckSource tells what is wrong with a source; nil when it can be read.
func CheckSource(name string) error {
	if isAddress(name) {
		return fmt.Errorf("%s: only folders can be sources: save the documents into one and give that", name)
	}
	if _, err := os.ReadDir(name); err != nil {
		return fmt.Errorf("%w: give a folder that exists and can be read", err)
	}
	return nil
}

// Look puts what is new or changed in the sources into the archive. It goes on
// after a source or document that is at fault; the error names all of them.
// What could not be read or saved is tried again by the next Look, a document
// that cannot be parsed only after it has changed.
func (s *Sources) Look(ctx context.Context) error {
	var all []error
	for _, src := range s.folders {
		var errs []error
		for document, err := range src.folder.Documents() {
			if err == nil {
				err = s.take(ctx, src, document)
			}
			errs = append(errs, err)
		}
		err := errors.Join(errs...)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s.checked(ctx, src.name, err)
		if err != nil {
			all = append(all, fmt.Errorf("source %s: %w", src.name, err))
		}
	}
	return errors.Join(all...)
}

func (s *Sources) take(ctx context.Context, src source, document Document) error {
	batch, err := Parse(document)
	if err != nil {
		src.folder.Done(document)
		return err
	}
	saved, err := batch.Save(ctx, s.store)
	for _, one := range saved {
		if one.Outcome != subscribers.Unchanged {
			s.log.Info("issue archived", "source", src.name, "document", document.Name, "issue", one.Issue.Key, "outcome", string(one.Outcome))
		}
	}
	if err == nil || errors.Is(err, subscribers.ErrKeyTaken) {
		src.folder.Done(document)
	}
	return err
}
