package intake

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/intake/sourceline"
	"digestbot/subscribers/sourcestore"
)

// Errors of looks that somebody wants.
var (
	// ErrBusy: the source is being looked at.
	ErrBusy = errors.New("the source is being looked at")
	// ErrNoSource: there is no such source any more.
	ErrNoSource = errors.New("there is no such source")
	// ErrNothingNew: no entries wait to be gathered.
	ErrNothingNew = errors.New("there are no new entries")
)

// WaitError says that the server of a source wants to be left alone.
type WaitError struct{ Until time.Time }

func (e *WaitError) Error() string {
	return "the server wants to be left alone until " + e.Until.UTC().Format(time.DateTime) + " UTC"
}

// Standing is how a source stands.
type Standing struct {
	sourcestore.Source // as the last look has left it
	Line               sourceline.Line
	Waiting            int // entries that wait to be gathered
	IsBusy             bool
}

// Standings returns how all sources stand, in the order of the settings.
func (s *Sources) Standings(ctx context.Context) ([]Standing, error) {
	all := make([]Standing, len(s.all))
	for i, src := range s.all {
		all[i] = Standing{Line: src.line, IsBusy: len(src.turn) > 0}
		id := src.id.Load()
		if id == 0 {
			continue // it was not looked at yet
		}
		var err error
		if all[i].Source, err = s.store.Sources.Source(ctx, id); err != nil {
			return nil, err
		}
		if all[i].Waiting, err = s.store.Sources.CountWaiting(ctx, id); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// LookAt looks at one source now, also if it is left alone after failures. The error is
// ErrBusy, ErrNoSource, a *WaitError, or what is wrong with the source.
func (s *Sources) LookAt(ctx context.Context, id int64) error {
	src, err := s.takeSource(id)
	if err != nil {
		return err
	}
	defer src.turn.end()
	if until := src.row.WaitUntil; src.folder == nil && time.Now().Before(until) {
		return &WaitError{until}
	}
	return s.lookIn(ctx, src, occasion{wanted: true})
}

// GatherNow looks at a source, and makes an issue of its entries that wait, before it is
// due. The error is ErrBusy, ErrNoSource, ErrNothingNew, or that of the archive: a source
// that does not answer keeps no issue from being made.
func (s *Sources) GatherNow(ctx context.Context, id int64, by subscribers.Actor) (archive.Issue, error) {
	src, err := s.takeSource(id)
	if err != nil {
		return archive.Issue{}, err
	}
	defer src.turn.end()
	if !src.line.Digest {
		return archive.Issue{}, ErrNoSource
	}
	now := time.Now()
	var failed error
	if now.After(src.row.WaitUntil) {
		failed = s.lookAtWeb(ctx, src)
	}
	issue, err := s.gather(ctx, src, now.In(s.Location), func(tx *sql.Tx, row archive.Issue, _ archive.Saved) error {
		return subscribers.Audit(ctx, tx, subscribers.AuditEntry{By: by, Deed: subscribers.DeedGather, On: subscribers.Subject{Issue: row.ID}})
	})
	s.end(ctx, src, failed)
	if err != nil {
		return archive.Issue{}, fmt.Errorf("source %s: %w", src.name(), err)
	}
	return issue, nil
}

// takeSource takes the turn of a source.
func (s *Sources) takeSource(id int64) (*source, error) {
	for _, src := range s.all {
		if id == 0 || src.id.Load() != id {
			continue
		}
		if !src.turn.tryTake() {
			return nil, ErrBusy
		}
		src.looked = !src.row.Begun.IsZero()
		return src, nil
	}
	return nil, ErrNoSource
}
