package delivery

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"digestbot/subscribers"
)

// journal brings the progress of deliveries into the database. What comes while
// a commit is under way, or soon after one, shares the next, so that the number of
// commits does not grow with the number of messages.
type journal struct {
	store *subscribers.Store
	log   *slog.Logger
	wake  chan struct{} // room for one: there is something to commit

	closing chan struct{} // closed when the program stops and has waited long enough for the disk

	mu   sync.Mutex
	next *group
}

// group is what goes into one commit: deliveries as they stood when they were
// posted last.
type group struct {
	deliveries map[*subscribers.Delivery]subscribers.Delivery
	over       chan struct{} // closed when it is committed, or given up
	err        error         // why it was given up; once over is closed
}

// groupDelay is how long a journal with much to do waits, so that more shares a
// commit: a fast broadcast would do little else.
const groupDelay = 5 * time.Millisecond

func newJournal(store *subscribers.Store, log *slog.Logger) *journal {
	return &journal{store: store, log: log, wake: make(chan struct{}, 1), closing: make(chan struct{}), next: newGroup()}
}

func newGroup() *group {
	return &group{deliveries: make(map[*subscribers.Delivery]subscribers.Delivery), over: make(chan struct{})}
}

// lastChance is how long a program that stops waits for a disk that does not
// take its answers.
const lastChance = 10 * time.Second

// close ends the patience with the disk when ctx, the program's, is done; ended
// is closed when nobody needs the journal any more.
func (j *journal) close(ctx context.Context, ended <-chan struct{}) {
	<-ctx.Done()
	select {
	case <-time.After(lastChance):
	case <-ended:
	}
	close(j.closing)
}

// run commits what is posted until ctx is done and nothing is waiting.
func (j *journal) run(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-j.wake:
		}
		for g := j.take(); g != nil; g = j.take() {
			if j.commit(ctx, g) > 1 {
				_ = sleep(ctx, groupDelay) // it only ends early when ctx is done
			}
		}
	}
}

// take returns what is to be committed; nil: nothing.
func (j *journal) take() *group {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.next.deliveries) == 0 {
		return nil
	}
	g := j.next
	j.next = newGroup()
	return g
}

// savePause is how long a disk is left alone that does not take an answer.
const savePause = time.Second

// commit saves a group, however often the disk refuses it, until the program has
// stopped for long enough. It returns the number of deliveries.
func (j *journal) commit(ctx context.Context, g *group) int {
	defer close(g.over)
	all := slices.Collect(maps.Values(g.deliveries))
	g.deliveries = nil // couriers hold on to the group for a while
	for tries := 1; ; tries++ {
		err := j.store.SaveProgress(context.WithoutCancel(ctx), all)
		if err == nil {
			if tries > 1 {
				j.log.Info("progress can be saved again")
			}
			return len(all)
		}
		j.log.Error("progress cannot be saved, trying again", "err", err)
		select {
		case <-time.After(savePause):
		case <-j.closing:
			g.err = fmt.Errorf("progress is not saved: %w", err)
			return len(all)
		}
	}
}

// post has a delivery saved as it stands, with what is posted before the next
// commit.
func (j *journal) post(d *subscribers.Delivery) *group {
	j.mu.Lock()
	g := j.next
	g.deliveries[d] = *d
	j.mu.Unlock()
	select {
	case j.wake <- struct{}{}:
	default: // it will look already
	}
	return g
}
