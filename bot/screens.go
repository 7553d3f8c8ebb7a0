package bot

import (
	"context"
	"sync"
)

// screens brings messages up to date after presses, apart from the queues: an
// edit may have to wait for Telegram, and the next press must not wait for it.
// Each message is edited by one job at a time, and one that waits makes room
// for a newer one.
type screens struct {
	workers sync.WaitGroup

	mu     sync.Mutex
	places map[place]*screen
}

// screen is a message that is being edited.
type screen struct {
	cancel context.CancelFunc    // of the job that is running
	next   func(context.Context) // nil: there is nothing newer to show
}

func newScreens() *screens { return &screens{places: make(map[place]*screen)} }

// show runs a job that edits a message, after the one that is running. Its
// context is done when ctx is or there is something newer to show.
func (s *screens) show(ctx context.Context, at place, job func(context.Context)) {
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
func (s *screens) step(ctx context.Context, at place) bool {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	job := s.take(at, cancel)
	if job == nil {
		return false
	}
	job(ctx)
	return true
}

func (s *screens) take(at place, cancel context.CancelFunc) func(context.Context) {
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
