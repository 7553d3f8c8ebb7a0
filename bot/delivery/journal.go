package delivery

import (
	"context"
	"sync"
	"time"

	"digestbot/subscribers"
)

// journal makes the progress of deliveries durable, in the order it comes.
// Whatever comes while a commit is under way shares the next one, so that the
// number of commits does not grow with the number of messages.
type journal struct {
	store *subscribers.Store
	wake  chan struct{} // room for one: there is something to commit

	closing chan struct{} // closed when the program stops and has waited long enough for the disk

	mu      sync.Mutex
	waiting []entry
}

// groupDelay is how long a journal with much to do waits, so that more entries
// share a commit: a fast broadcast would do little else.
const groupDelay = time.Millisecond

// entry is a delivery as it stands, and where to say that it is recorded.
type entry struct {
	delivery subscribers.Delivery
	of       *subscribers.Delivery // whose state it is
	answered bool                  // Telegram's answer is in it
	saved    chan error
}

func newJournal(store *subscribers.Store) *journal {
	return &journal{store: store, wake: make(chan struct{}, 1), closing: make(chan struct{})}
}

// lastChance is how long a program that stops waits for a disk that does not
// take its answers. Their messages are sent once more, and counted as uncertain,
// when it goes on.
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
		for group := j.take(); len(group) > 0; group = j.take() {
			j.commit(ctx, group)
			if len(group) > 1 {
				_ = sleep(ctx, groupDelay) // it only ends early when ctx is done
			}
		}
	}
}

func (j *journal) take() []entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	group := j.waiting
	j.waiting = nil
	return group
}

// commit records a group. An attempt must survive a crash of the program, for
// which it is enough to have been written; only answers are worth waiting for
// the disk, or a loss of power would bring their messages twice.
func (j *journal) commit(ctx context.Context, group []entry) {
	var deliveries []subscribers.Delivery
	durability := subscribers.SurvivesCrash
	last := make(map[*subscribers.Delivery]int, len(group))
	for i, e := range group {
		last[e.of] = i
		if e.answered {
			durability = subscribers.SurvivesPowerLoss
		}
	}
	for i, e := range group {
		if last[e.of] == i { // else a later entry says more
			deliveries = append(deliveries, e.delivery)
		}
	}
	err := j.store.SaveProgress(context.WithoutCancel(ctx), deliveries, durability)
	for _, e := range group {
		e.saved <- err
	}
}

// post has a delivery recorded as it stands, after everything posted before.
// What became of it comes over the channel.
func (j *journal) post(d *subscribers.Delivery, answered bool) <-chan error {
	e := entry{delivery: *d, of: d, answered: answered, saved: make(chan error, 1)}
	j.mu.Lock()
	j.waiting = append(j.waiting, e)
	j.mu.Unlock()
	select {
	case j.wake <- struct{}{}:
	default: // it will look already
	}
	return e.saved
}

// intend records d before its next message is handed to the network. When it
// fails nothing may be sent, so nothing is lost.
func (j *journal) intend(d *subscribers.Delivery) error { return <-j.post(d, false) }
