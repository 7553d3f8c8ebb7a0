package delivery

import (
	"context"
	"log/slog"
	"time"

	"digestbot/subscribers"
)

// journal makes the progress of deliveries durable. Whatever arrives within a
// moment shares a commit, so that the number of commits, each of which is synced
// to disk, does not grow with the number of messages.
type journal struct {
	store   *subscribers.Store
	log     *slog.Logger
	entries chan entry // unbuffered: an entry is taken or it is not
}

// entry is a delivery as it stands, and where to say that it is on disk.
type entry struct {
	delivery subscribers.Delivery
	saved    chan error
}

// How long the first entry of a commit waits for others, and the most entries
// of one commit. A sync takes some milliseconds; without the wait a fast
// broadcast does little else.
const (
	groupDelay = 10 * time.Millisecond
	maxGroup   = 1000
)

func newJournal(store *subscribers.Store, log *slog.Logger) *journal {
	return &journal{store: store, log: log, entries: make(chan entry)}
}

// run commits entries until ctx is done.
func (j *journal) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-j.entries:
			j.commit(ctx, j.gather(e))
		}
	}
}

// gather adds to the first entry what comes soon after.
func (j *journal) gather(first entry) []entry {
	group := []entry{first}
	soon := time.NewTimer(groupDelay)
	defer soon.Stop()
	for len(group) < maxGroup {
		select {
		case e := <-j.entries:
			group = append(group, e)
		case <-soon.C:
			return group
		}
	}
	return group
}

func (j *journal) commit(ctx context.Context, group []entry) {
	deliveries := make([]subscribers.Delivery, len(group))
	for i, e := range group {
		deliveries[i] = e.delivery
	}
	err := j.store.SaveProgress(context.WithoutCancel(ctx), deliveries)
	for _, e := range group {
		e.saved <- err
	}
}

// intend makes d durable before its next message is handed to the network. It
// fails without having sent anything, so nothing is lost.
func (j *journal) intend(ctx context.Context, d *subscribers.Delivery) error {
	e := entry{delivery: *d, saved: make(chan error, 1)}
	select {
	case j.entries <- e:
		return <-e.saved
	case <-ctx.Done():
		return ctx.Err()
	}
}

// settle makes d durable after an answer. The answer is known only here, so it
// is tried until the disk takes it: sending on without it would send twice.
func (j *journal) settle(ctx context.Context, d *subscribers.Delivery) error {
	for {
		err := j.intend(ctx, d)
		if err == nil || ctx.Err() != nil {
			return err
		}
		j.log.Error("progress cannot be saved, trying again", "err", err)
		if err := sleep(ctx, time.Second); err != nil {
			return err
		}
	}
}
