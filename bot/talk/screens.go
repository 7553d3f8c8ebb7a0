package talk

import (
	"context"
	"sync"
	"time"
)

// EditEvery is how often a message is edited at most: about what Telegram
// allows for a chat, and as fast as anybody reads.
const EditEvery = time.Second

// ReportEvery is how often live reports are brought up to date.
const ReportEvery = 3 * time.Second

// maxEdited bounds the messages of which the last edit is remembered. Even a bot that
// pays edits fewer within reportEvery.
const maxEdited = 10_000

// screens brings messages up to date after presses, apart from the queues: an
// edit may have to wait for Telegram, and the next press must not wait for it.
// Each message is edited by one job at a time, not before editEvery is over
// since the last edit, and a job that waits makes room for a newer one.
type screens struct {
	Workers  sync.WaitGroup
	Overtake func(Place) // takes back an edit that is to come from elsewhere

	edited *Memory[Place, time.Time] // within the last reportEvery

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
// context is done when ctx is or there is something newer to show.
func (s *screens) Show(ctx context.Context, at Place, job func(context.Context)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if busy := s.places[at]; busy != nil {
		busy.cancel()
		busy.next = job
		return
	}
	s.places[at] = &screen{cancel: func() {}, next: job}
	s.Workers.Go(func() {
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
	s.Overtake(at) // whoever asks from now on is told to wait
	if wait := s.since(at, EditEvery); wait > 0 {
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return true
		}
	}
	job(ctx)
	s.Note(at)
	return true
}

// Note remembers that a message was edited just now.
func (s *screens) Note(at Place) {
	now := time.Now()
	s.edited.Keep(at, now, now)
}

// Wait is how long an edit of a message from elsewhere has to wait: until the
// last one is so long ago, or as long once more while a press has one made.
func (s *screens) Wait(at Place, ago time.Duration) time.Duration {
	s.mu.Lock()
	busy := s.places[at] != nil
	s.mu.Unlock()
	if busy {
		return ago
	}
	return s.since(at, ago)
}

// since is how long it takes until the last edit of a message is so long ago.
func (s *screens) since(at Place, ago time.Duration) time.Duration {
	last, _ := s.edited.Find(at, time.Now())
	return time.Until(last.Add(ago))
}

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
