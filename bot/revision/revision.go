// Package revision changes messages of an issue that have arrived: a correction gives them
// the text of the newest edition, a recall deletes them. Each message is changed once, and
// books say what became of it.
//
//	r := revision.New(store, sender, notify, revision.Config{Log: log})
//	go r.Run(ctx) // once the deliveries of the last run are on record
//	store.StartCorrection(ctx, issue, by)
//	r.Wake()
//
// An edit or deletion that is repeated changes nothing, so a crash may come at any time.
// Only an additional message may come twice, if its answer was lost; the books call it
// uncertain.
package revision

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"digestbot/bot/rendition"
	"digestbot/bot/sender"
	"digestbot/digest"
	"digestbot/subscribers"
)

// EventKind says what an Event is about.
type EventKind string

// The kinds of events.
const (
	EventStarted  EventKind = "started"  // a revision started, or goes on after a pause or a restart
	EventPaused   EventKind = "paused"   // the program paused it: Revision.Reason
	EventFinished EventKind = "finished" // done or cancelled
)

// Event is something that admins should hear of.
type Event struct {
	Kind     EventKind
	Revision subscribers.Revision
}

// Notify is called with events, from any goroutine. It must return soon.
type Notify func(ctx context.Context, e Event)

// Config says how a Reviser works.
type Config struct {
	rendition.Texts
	// Layout is for subscribers who chose none; empty: sections.
	Layout digest.Layout
	// Line returns what stands in place of a message that has no place in the issue any
	// more and is too old to be deleted, in plain text. vanished says that its section is
	// not in the issue any more; otherwise its text stands in the messages before.
	Line func(to subscribers.Subscriber, vanished bool) string
	// Topic is as in delivery.Config.
	Topic func(ctx context.Context, to subscribers.Recipient, section int64) (thread int, err error)
	Paid  bool // allow paid broadcasting, as the Sender does
	Log   *slog.Logger
}

// Reviser works through revisions, one at a time. It is safe for concurrent use; Run is
// called once.
type Reviser struct {
	store  *subscribers.Store
	sender *sender.Sender
	log    *slog.Logger
	config Config
	notify Notify
	wake   chan struct{} // room for one: there is something to look at

	announced map[int64]bool // revisions that admins know to be going on; only Run uses it

	mu         sync.Mutex
	unaccepted map[int64]bool // revisions that were paused because Telegram refuses a message in every form
}

// New makes a Reviser that sends through sender. Nothing is changed before Run.
func New(store *subscribers.Store, sender *sender.Sender, notify Notify, config Config) *Reviser {
	return &Reviser{
		store: store, sender: sender, log: config.Log, config: config, notify: notify,
		wake: make(chan struct{}, 1), announced: make(map[int64]bool), unaccepted: make(map[int64]bool),
	}
}

// Wake makes Run look at the database: a revision was started, paused, resumed or cancelled.
func (r *Reviser) Wake() {
	select {
	case r.wake <- struct{}{}:
	default: // it will look already
	}
}

const (
	retryAfter = 5 * time.Second // how long Run leaves a failing database alone
	maxRest    = time.Minute     // how long Run rests at most: the command line may have changed something
)

// Run works through revisions until ctx is done, and returns when every answer under way is
// recorded. The error wraps [sender.ErrFatal].
func (r *Reviser) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		version, err := r.store.Version(ctx) // before it is read
		worked := false
		if err == nil {
			worked, err = r.step(ctx)
		}
		switch {
		case errors.Is(err, sender.ErrFatal):
			return err
		case ctx.Err() != nil:
			return nil
		case err != nil:
			r.log.Error("a revision is held up", "err", err)
			_ = sender.Sleep(ctx, retryAfter) // its error is that of ctx, which the loop looks at
		case !worked:
			r.rest(ctx, version)
		}
	}
	return nil
}

// rest waits until there is something to look at: nothing is new while the database has
// the version.
func (r *Reviser) rest(ctx context.Context, version int64) {
	for {
		select {
		case <-r.wake:
			return
		case <-time.After(maxRest):
		case <-ctx.Done():
			return
		}
		if now, err := r.store.Version(ctx); err != nil || now != version {
			return
		}
	}
}

// step does what is to be done next; worked is false if that is nothing.
func (r *Reviser) step(ctx context.Context) (worked bool, err error) {
	unfinished, err := r.store.UnfinishedRevisions(ctx)
	if err != nil {
		return false, err
	}
	for _, v := range unfinished {
		switch v.State {
		case subscribers.Paused:
			delete(r.announced, v.ID) // admins will want to know that it goes on
		case subscribers.Cancelled:
			return true, r.finish(ctx, v)
		default:
			return true, r.work(ctx, v)
		}
	}
	return false, nil
}

// work does what is pending of a revision, and finishes it if nothing is left.
func (r *Reviser) work(ctx context.Context, v subscribers.Revision) error {
	if !r.announced[v.ID] {
		r.announced[v.ID] = true
		r.notify(ctx, Event{Kind: EventStarted, Revision: v})
	}
	over, err := r.session(ctx, v)
	if err != nil || !over {
		return err
	}
	return r.finish(ctx, v)
}

// finish closes the books of a revision.
func (r *Reviser) finish(ctx context.Context, v subscribers.Revision) error {
	books, err := r.store.FinishRevision(ctx, v.ID)
	if errors.Is(err, subscribers.ErrUnbalanced) {
		// This is a defect of the program. The rows are kept for inspection.
		r.pause(ctx, v.ID, subscribers.PauseReason{Kind: subscribers.PausedForImbalance, Detail: err.Error()})
		return err
	}
	if err != nil {
		return err
	}
	delete(r.announced, v.ID)
	if v, err = r.store.Revision(ctx, v.ID); err != nil {
		return err
	}
	r.log.Info("revision finished", "revision", v.ID, "kind", v.Kind, "issue", v.IssueID, "state", v.State,
		"subscribers", books.Subscribers, "messages", books.Messages, "edited", books.Sum(subscribers.OutcomeEdited),
		"deleted", books.Sum(subscribers.OutcomeDeleted), "added", books.Sum(subscribers.OutcomeAdded),
		"skipped", books.Sum(subscribers.OutcomeSkipped), "failed", books.Sum(subscribers.OutcomeFailed),
		"uncertain", books.Sum(subscribers.OutcomeUncertain), "took", v.FinishedAt.Sub(v.CreatedAt))
	r.notify(ctx, Event{Kind: EventFinished, Revision: v})
	return nil
}

// pause pauses a revision for a reason that the program found, and tells admins.
func (r *Reviser) pause(ctx context.Context, id int64, reason subscribers.PauseReason) {
	ctx = context.WithoutCancel(ctx) // the pause itself ends the session
	changed, err := r.store.HoldRevision(ctx, id, reason)
	if err != nil {
		r.log.Error("the revision cannot be paused", "revision", id, "err", err)
		return
	}
	if !changed {
		return
	}
	r.Wake()
	r.log.Warn("revision paused", "revision", id, "reason", reason)
	v, err := r.store.Revision(ctx, id)
	if err != nil {
		r.log.Error("nobody is told of the pause", "revision", id, "err", err)
		return
	}
	r.notify(ctx, Event{Kind: EventPaused, Revision: v})
}
