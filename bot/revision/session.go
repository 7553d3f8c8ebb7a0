package revision

import (
	"context"
	"slices"
	"sync"
	"time"

	"digestbot/bot/sender"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

const (
	batch     = 200             // how many subscribers are read from the database at once
	lookEvery = 2 * time.Second // how soon a session notices that the command line has cancelled the revision
	// waitEvery is how often a session looks whether deliveries that were under way have
	// ended.
	waitEvery = 2 * time.Second
)

// session is the work on a revision until that is over, paused or cancelled, or the
// program stops.
type session struct {
	*Reviser
	revision subscribers.Revision
	editions *editions
	cancel   context.CancelFunc
	places   chan struct{} // each errand under way takes one
	errands  sync.WaitGroup

	mu     sync.Mutex
	doubts int   // errands in a row that ended in a doubtful way
	err    error // the first
}

// session works on a revision. over is false if something is left.
func (r *Reviser) session(ctx context.Context, v subscribers.Revision) (over bool, err error) {
	going, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &session{
		Reviser: r, revision: v, cancel: cancel, places: make(chan struct{}, 2*r.sender.Window()),
		editions: &editions{store: r.store, issue: v.IssueID, read: make(map[int]*[]archive.Message)},
	}
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		s.watch(going)
	}()
	err = s.feedAll(going)
	stopped := going.Err() != nil
	cancel()
	<-watched
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.err != nil:
		return false, s.err
	case stopped:
		if ctx.Err() == nil {
			delete(r.announced, v.ID)
		}
		return false, nil
	}
	return err == nil, err
}

// watch ends the session when the revision is no longer running.
func (s *session) watch(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		case <-time.After(lookEvery):
		}
		v, err := s.store.Revision(ctx, s.revision.ID)
		if err == nil && v.State == subscribers.Running {
			continue
		}
		if err != nil && ctx.Err() == nil {
			s.fail(err)
		}
		s.cancel()
		s.Wake() // for Run
		return
	}
}

// feedAll runs errands until nothing is pending. Subscribers whose delivery is under way
// get their turn when that has ended.
func (s *session) feedAll(ctx context.Context) error {
	for {
		err := s.feed(ctx)
		s.errands.Wait()
		if err != nil {
			return err
		}
		left, err := s.store.CountPendingRevised(ctx, s.revision)
		if err != nil || left == 0 {
			return err
		}
		if err := sender.Sleep(ctx, waitEvery); err != nil {
			return err
		}
	}
}

// feed starts an errand for every subscriber that is pending.
func (s *session) feed(ctx context.Context) error {
	for after := int64(0); ; {
		pending, err := s.store.PendingRevised(ctx, s.revision, after, batch)
		if err != nil || len(pending) == 0 {
			return err
		}
		seen := s.store.PreferenceChanges()
		recipients, err := s.store.Recipients(ctx, pending[0], pending[len(pending)-1])
		if err != nil {
			return err
		}
		for _, id := range pending {
			select {
			case s.places <- struct{}{}:
			case <-ctx.Done():
				return ctx.Err()
			}
			to, known := recipients[id]
			e := &errand{session: s, subscriber: id, to: to, gone: !known, seen: seen}
			s.errands.Go(func() {
				defer func() { <-s.places }()
				if err := e.run(ctx); err != nil && ctx.Err() == nil {
					s.fail(err)
				}
			})
		}
		after = pending[len(pending)-1]
	}
}

// fail ends the session. Its first error counts.
func (s *session) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
	s.cancel()
}

// maxDoubts is how many subscribers in a row may end in a doubtful way before the program
// suspects itself, as in deliveries.
const maxDoubts = 20

// doubt notes an errand that ended in a doubtful way, and pauses the revision after too
// many of them in a row.
func (s *session) doubt(ctx context.Context, reason subscribers.Reason) {
	s.mu.Lock()
	s.doubts++
	tooMany := s.doubts == maxDoubts
	s.mu.Unlock()
	if tooMany {
		s.pause(ctx, s.revision.ID, subscribers.PauseReason{Kind: subscribers.PausedForFailures, Number: maxDoubts, Detail: string(reason)})
	}
}

func (s *session) reassure() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.doubts = 0
}

// endsForContent pauses the revision because Telegram refuses a message in every form,
// unless that was so before. It reports whether the session has ended.
func (s *session) endsForContent(ctx context.Context, position int, reason subscribers.Reason) bool {
	s.Reviser.mu.Lock()
	first := !s.unaccepted[s.revision.ID]
	s.unaccepted[s.revision.ID] = true
	s.Reviser.mu.Unlock()
	if first {
		s.cancel()
		s.pause(ctx, s.revision.ID, subscribers.PauseReason{Kind: subscribers.PausedForContent, Number: position + 1, Detail: string(reason)})
	}
	return ctx.Err() != nil
}

// editions are the editions of the issue, read once for all errands. A refusal replaces
// the messages of one, and nothing else changes them.
type editions struct {
	store *subscribers.Store
	issue int64

	mu   sync.Mutex
	read map[int]*[]archive.Message
}

// messages returns the messages of an edition, which must not be changed.
func (e *editions) messages(ctx context.Context, number int) ([]archive.Message, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if known := e.read[number]; known != nil {
		return *known, nil
	}
	all, err := e.store.Messages(ctx, e.issue, number)
	if err != nil {
		return nil, err
	}
	e.read[number] = &all
	return all, nil
}

// refuse makes a message go out in another form from now on. changed is false if it does.
func (e *editions) refuse(number, position int, change func(m *archive.Message) bool) (changed bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	known := e.read[number]
	if known == nil {
		return false
	}
	all := slices.Clone(*known)
	for i := range all {
		if (i == position || position == archive.AllMessages) && change(&all[i]) {
			changed = true
		}
	}
	e.read[number] = &all
	return changed
}
