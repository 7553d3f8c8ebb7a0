package intake

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"digestbot/digest"
	"digestbot/subscribers"
)

// Sources are the folders that new issues turn up in. They are not safe for
// concurrent use.
type Sources struct {
	store   *subscribers.Store
	log     *slog.Logger
	folders []source
}

type source struct {
	name   string
	folder *digest.Folder
}

// NewSources returns the folders of those names, which must be readable.
func NewSources(store *subscribers.Store, log *slog.Logger, names []string) (*Sources, error) {
	s := &Sources{store: store, log: log.With("component", "intake")}
	for _, name := range names {
		if err := CheckSource(name); err != nil {
			return nil, err
		}
		s.folders = append(s.folders, source{name: name, folder: digest.NewFolder(os.DirFS(name))})
	}
	return s, nil
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

// Look puts what is new or changed in the sources into the archive. A document
// that is at fault is logged once and left alone until it changes. The error
// tells which sources could not be read or that the archive could not be
// written to; the next Look tries again.
func (s *Sources) Look(ctx context.Context) error {
	var errs []error
	for _, src := range s.folders {
		for document, err := range src.folder.Documents() {
			if err == nil {
				err = s.take(ctx, src, document)
			}
			if err != nil {
				errs = append(errs, fmt.Errorf("source %s: %w", src.name, err))
			}
			if ctx.Err() != nil {
				return errors.Join(errs...)
			}
		}
	}
	return errors.Join(errs...)
}

func (s *Sources) take(ctx context.Context, src source, document digest.Document) error {
	batch, err := Parse(document)
	if err != nil {
		s.log.Warn("document is left out", "source", src.name, "document", document.Name, "err", err)
		src.folder.Done(document)
		return nil
	}
	saved, err := batch.Save(ctx, s.store)
	for _, one := range saved {
		if one.Outcome != subscribers.Unchanged {
			s.log.Info("issue archived", "source", src.name, "document", document.Name, "issue", one.Issue.Key, "outcome", string(one.Outcome))
		}
	}
	switch {
	case errors.Is(err, subscribers.ErrKeyTaken):
		s.log.Warn("issue is left out", "source", src.name, "document", document.Name, "err", err)
	case err != nil:
		return err
	}
	src.folder.Done(document)
	return nil
}
