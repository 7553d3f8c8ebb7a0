package talk

import (
	"context"
	"sync"
	"time"
)

// EditEvery is how often a message is edited at most: about as often as Telegram
// allows for a chat, and as fast as anybody reads.
const EditEvery = time.Second

// ReportEvery is how often live reports are brought up to date.
const ReportEvery = 3 * time.Second

// maxEdited bounds the messages of which the last edit is remembered. Even a bot that
// pays edits fewer within ReportEvery.
const maxEdited = 10_000

// screens brings messages up to date after presses, apart from the queues: an
// edit may have to wait for Telegram, and the next press must not wait for it.
// Each message is edited by one job at a time, EditEvery after the last edit at the
// earliest, and a job that waits gives way to a newer one.
type screens struct {
	Overtake func(Place) // takes back an edit of a message that is planned elsewhere
	workers  sync.WaitGroup

	edited *Memory[Place, time.Time] // when; within the last ReportEvery

	mu     sync.Mutex
	places map[Place]*screen
}

// screen is a message that is being edited.
type screen struct {
	cancel context.CancelFunc    // of the job that is running
	next   func(context.Context) // nil: there is nothing newer to show
}

func newScreens() *screens {
	return &screens{
		Overtake: func(Place) {}, places: make(map[Place]*screen), edited: NewMemory[Place, time.Time](maxEdited, ReportEvery),
	}
}

// Show runs a job that edits a message, after the one that is running. Its
// context ends with ctx, or when there is something newer to show.
func (s *screens) Show(ctx context.Context, at Place, job func(context.Context)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if busy := s.places[at]; busy != nil {
		busy.cancel()
		busy.next = job
		return
	}
	s.places[at] = &screen{cancel: func() {}, next: job}
	s.workers.Go(func() {
		for s.step(ctx, at) {
		}
	})
}

// step runs the next job for a message; it returns false when there is none.
func (s *screens) step(ctx context.Context, at Place) bool {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	job := s.take(at, cancel)
	if job == nil {
		return false
	}
	s.Overtake(at) // from now on Delay makes others wait
	if wait := s.until(at, EditEvery); wait > 0 {
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return true
		}
	}
	job(ctx)
	s.NoteEdit(at)
	return true
}

// NoteEdit remembers that a message was edited just now.
func (s *screens) NoteEdit(at Place) {
	now := time.Now()
	s.edited.Keep(at, now, now)
}

// Delay returns how long an edit that no press asks for has to wait: until the last
// edit of the message is so long ago, or so long from now if a press edits it just now.
func (s *screens) Delay(at Place, ago time.Duration) time.Duration {
	s.mu.Lock()
	busy := s.places[at] != nil
	s.mu.Unlock()
	if busy {
		return ago
	}
	return s.until(at, ago)
}

// until returns how long it takes until the last edit of a message is so long ago.
func (s *screens) until(at Place, ago time.Duration) time.Duration {
	last, _ := s.edited.Find(at, time.Now())
	return time.Until(last.Add(ago))
}

// Finish returns when no job is left. It is called when no more are to come.
func (s *screens) Finish() { s.workers.Wait() }

// take returns the next job for a message; nil if there is none.
func (s *screens) take(at Place, cancel context.CancelFunc) func(context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	screen := s.places[at]
	if screen.next == nil {
		delete(s.places, at)
		return nil
	}
	job := screen.next
	screen.cancel, screen.next = cancel, nil
	return job
}
