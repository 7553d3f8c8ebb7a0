package delivery

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"digestbot/bot/sender"
	"digestbot/subscribers"
)

// journal writes the progress of deliveries to the database. What is posted during a
// commit or soon after it shares the next one, so the number of commits does not grow
// with the number of messages.
type journal struct {
	store *subscribers.Store
	log   *slog.Logger
	wake  chan struct{} // room for one: there is something to commit

	closing chan struct{} // closed when the program is stopping and has waited long enough for the disk

	mu   sync.Mutex
	next *group
}

// group is what goes into one commit: deliveries as they were when last posted.
type group struct {
	deliveries map[*subscribers.Delivery]subscribers.Delivery
	over       chan struct{} // closed when the group is committed or given up
	err        error         // why it was given up; set before over is closed
}

// groupDelay is how long a journal with much to do waits between commits, so that more
// deliveries share one. Otherwise a fast broadcast would do little but commit.
const groupDelay = 5 * time.Millisecond

func newJournal(store *subscribers.Store, log *slog.Logger) *journal {
	return &journal{store: store, log: log, wake: make(chan struct{}, 1), closing: make(chan struct{}), next: newGroup()}
}

func newGroup() *group {
	return &group{deliveries: make(map[*subscribers.Delivery]subscribers.Delivery), over: make(chan struct{})}
}

// lastChance is how long a stopping program waits for a disk that does not take what is
// to be saved.
const lastChance = 10 * time.Second

// close makes the journal give up on a failing disk: lastChance after ctx, that of the
// program, is done. ended is closed when the journal is no longer needed.
func (j *journal) close(ctx context.Context, ended <-chan struct{}) {
	<-ctx.Done()
	select {
	case <-time.After(lastChance):
	case <-ended:
	}
	close(j.closing)
}

// run commits what is posted, until ctx is done and nothing is left to commit.
func (j *journal) run(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-j.wake:
		}
		for g := j.take(); g != nil; g = j.take() {
			if j.commit(ctx, g) > 1 {
				_ = sender.Sleep(ctx, groupDelay) // its error is that of ctx, which the loop looks at
			}
		}
	}
}

// take returns what is to be committed; nil: nothing is.
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

// saveRetry is how long a failing disk is left alone.
const saveRetry = time.Second

// commit saves a group. It repeats that as long as the disk fails, or until closing is
// closed. It returns the number of deliveries.
func (j *journal) commit(ctx context.Context, g *group) int {
	defer close(g.over)
	all := slices.Collect(maps.Values(g.deliveries))
	g.deliveries = nil // couriers keep the group for a while
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
		case <-time.After(saveRetry):
		case <-j.closing:
			g.err = fmt.Errorf("progress is not saved: %w", err)
			return len(all)
		}
	}
}

// post makes the next commit save a delivery as it is now.
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
