package intake

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"digestbot/subscribers/intake/sourceline"
)

// occasion is why sources are looked at.
type occasion struct {
	run    time.Time // a run of the schedule, of which the look comes before; zero: none
	wanted bool      // somebody wants this look, or a run does: it does not wait after a failure
}

// Look puts what is new or changed in the sources into the archive. It goes on after a
// source or document with a fault; the error names all of them, also those that earlier
// looks found. A source that does not answer is given up after a while, and keeps no other
// from being looked at. The next Look tries again what could not be read or saved, but a
// document that cannot be parsed only after it has changed, and a source on the web after
// failures at longer and longer intervals.
func (s *Sources) Look(ctx context.Context) error { return s.look(ctx, occasion{}) }

// LookBefore is Look right before a run of the schedule: it also makes the issues for which
// the entries of feeds have been gathered long enough.
func (s *Sources) LookBefore(ctx context.Context, run time.Time) error {
	return s.look(ctx, occasion{run: run, wanted: true})
}

func (s *Sources) look(ctx context.Context, o occasion) error {
	s.openAll(ctx)
	errs := make([]error, len(s.all))
	s.openWeb(ctx)
	var looks sync.WaitGroup
	looks.Go(func() { // folders look into each other, so it is one after the other
		for i, src := range s.all {
			if src.folder != nil && ctx.Err() == nil {
				errs[i] = s.lookOnce(ctx, src, o)
			}
		}
	})
	for i, src := range s.all {
		if src.folder == nil {
			looks.Go(func() { errs[i] = s.lookOnce(ctx, src, o) })
		}
	}
	looks.Wait()
	return errors.Join(errs...)
}

// openAll reads what is remembered of the sources, in their order. What fails is tried again
// by the look at the source, which says so.
func (s *Sources) openAll(ctx context.Context) {
	for _, src := range s.all {
		if src.turn.tryTake() {
			_ = s.open(ctx, src)
			src.turn.end()
		}
	}
}

// lookOnce looks at a source when nobody else does.
func (s *Sources) lookOnce(ctx context.Context, src *source, o occasion) (err error) {
	if !src.turn.take(ctx) {
		return fmt.Errorf("look at source %s: %w", src.name(), ctx.Err())
	}
	defer src.turn.end()
	return s.lookIn(ctx, src, o)
}

// lookIn looks at a source whose turn is taken, and tells what it has found.
func (s *Sources) lookIn(ctx context.Context, src *source, o occasion) error {
	if isDue, err := s.begin(ctx, src, o); err != nil || !isDue {
		return err
	}
	var err error
	if src.folder != nil {
		err = s.lookAtFolder(ctx, src)
	} else {
		err = s.lookAtWeb(ctx, src)
	}
	if ctx.Err() == nil {
		err = errors.Join(err, s.gatherDue(ctx, src, o))
	}
	s.end(ctx, src, err)
	if ctx.Err() != nil {
		return fmt.Errorf("look at source %s: %w", src.name(), ctx.Err())
	}
	if err != nil {
		return fmt.Errorf("source %s: %w", src.name(), err)
	}
	return nil
}

// begin reads what is remembered of a source, and reports whether it may be looked at now.
func (s *Sources) begin(ctx context.Context, src *source, o occasion) (isDue bool, err error) {
	if err := s.open(ctx, src); err != nil {
		return false, fmt.Errorf("source %s: %w", src.name(), err)
	}
	src.looked = !src.row.Begun.IsZero()
	now := time.Now()
	switch {
	case src.folder != nil:
		return true, nil
	case now.Before(src.row.WaitUntil), !o.wanted && now.Before(src.row.Retry):
		return false, s.gatherDue(ctx, src, o) // what was collected is there
	}
	return true, nil
}

// open reads what is remembered of a source, once.
func (s *Sources) open(ctx context.Context, src *source) (err error) {
	if src.opened {
		return nil
	}
	if src.row, err = s.store.Sources.Open(ctx, src.line.Place(), src.line.Name); err != nil {
		return err
	}
	if src.folder != nil {
		if err := s.openFolder(ctx, src); err != nil {
			return err
		}
	}
	src.id.Store(src.row.ID)
	src.opened = true
	return nil
}

// openWeb opens the sources on the web, so that folders know whose an issue is. What goes
// wrong is said by the look at the source.
func (s *Sources) openWeb(ctx context.Context) {
	for _, src := range s.all {
		if src.folder == nil && src.id.Load() == 0 && src.turn.take(ctx) {
			_ = s.open(ctx, src)
			src.turn.end()
		}
	}
}

// fewFound is how many issues a look finds without filling much memory. Go would keep that for
// minutes after it is over.
const fewFound = 50

// end remembers how a look went, and tells of what it has found.
func (s *Sources) end(ctx context.Context, src *source, err error) {
	isBrokenOff := ctx.Err() != nil
	ctx = context.WithoutCancel(ctx) // what was archived has to be told
	isSilent := errors.Is(err, errNoAnswer)
	if !isBrokenOff {
		if src.folder != nil {
			src.noteAnswer(isSilent)
		}
		src.row.Fault = faultText(errors.Join(err, src.webFaults()))
		err = errors.Join(err, s.store.Sources.NoteLook(ctx, src.row))
	}
	foundMany := len(src.found) > fewFound
	s.telling <- struct{}{}
	defer s.telling.end()
	s.tellArchived(ctx, src)
	if !isBrokenOff {
		s.noteSilence(src, isSilent)
		s.tellChecked(ctx, src, err)
	}
	if foundMany {
		debug.FreeOSMemory()
	}
}

func (s *Sources) noteSilence(src *source, silent bool) {
	if src.silent && !silent {
		s.log.Info("source answers again", "source", src.name())
	}
	src.silent = silent
}

// noteAnswer keeps how a look at a folder went.
func (s *source) noteAnswer(isSilent bool) {
	now := time.Now()
	s.row.Looked, s.row.Kind = now, string(sourceline.Folder)
	if isSilent {
		s.row.Failures++
		return
	}
	s.row.Failures, s.row.Succeeded = 0, now
	if s.row.Begun.IsZero() && len(s.found) > 0 {
		s.row.Begun = now
	}
}

// webFaults returns the faults of entries; those of a folder are in the error of its look.
func (s *source) webFaults() error {
	if s.folder != nil || s.row.Failures > 0 {
		return nil
	}
	return s.faultLines()
}

func faultText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// turn lets one goroutine at a time do something. Waiting for it ends with a context, which
// waiting for a mutex does not.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

// take waits for the turn; it returns false if ctx ends first.
func (t turn) take(ctx context.Context) bool {
	if ctx.Err() != nil {
		return false
	}
	select {
	case <-ctx.Done():
		return false
	case t <- struct{}{}:
		return true
	}
}

// tryTake takes the turn if nobody has it.
func (t turn) tryTake() bool {
	select {
	case t <- struct{}{}:
		return true
	default:
		return false
	}
}

func (t turn) end() { <-t }
