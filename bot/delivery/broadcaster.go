package delivery

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
	"digestbot/subscribers/archive"
)

// EventKind says what an Event is about.
type EventKind string

// The kinds of events.
const (
	EventStarted     EventKind = "started"      // a broadcast started, or goes on after a pause or a restart
	EventPaused      EventKind = "paused"       // the program paused it: Broadcast.Reason
	EventFinished    EventKind = "finished"     // done or cancelled
	EventNotAllowed  EventKind = "not allowed"  // Chat does not let the bot post: Reason
	EventRichRefused EventKind = "rich refused" // Telegram refuses a rich message of Issue: Reason
	EventSimpler     EventKind = "simpler"      // Telegram refuses a Message of Issue and takes it in a simpler form: Reason
	EventFailed      EventKind = "failed"       // Telegram refuses a Message of Issue, to Chat, in every form: Reason
)

// Event is something that readers or admins should hear of.
type Event struct {
	Kind      EventKind
	Broadcast subscribers.Broadcast  // of the first three kinds; of EventFailed only its ID, or 0 if the reader asked for the issue
	Reason    string                 // of the last four kinds
	Chat      subscribers.Subscriber // of EventNotAllowed and EventFailed
	Issue     int64                  // of the last three kinds
	Message   int                    // of EventSimpler and EventFailed, from 1; 0: the message of the compact layout

	// The rest is of EventFailed.
	Asked   bool              // the reader asked for the issue, and is to be told
	Missing []archive.Message // the first messages of the sections that did not arrive
	Partly  bool              // something arrived
	First   bool              // the first refusal of Issue for this reason: admins are to be told
	Kept    bool              // Broadcaster.Retry can try again
}

// Notify is called with events, from any goroutine. It must return soon, because
// deliveries wait for it.
type Notify func(ctx context.Context, e Event)

// Broadcaster works through deliveries: those of broadcasts, one broadcast at a time,
// and those that readers ask for. It is safe for concurrent use.
type Broadcaster struct {
	store      *subscribers.Store
	sender     *sender.Sender
	log        *slog.Logger
	config     Config
	notify     Notify
	journal    *journal
	claims     *claims
	findings   *findings
	complaints *complaints
	wake       chan struct{} // room for one: there is something to look at
	requests   chan *courier // deliveries that readers ask for; unbuffered
	retries    chan struct{} // room for one: there are requests on record to be carried

	ready    chan struct{}             // see Ready
	progress *subscribers.ProgressFile // once ready

	// Only Run uses these two.
	announced map[int64]bool // broadcasts that admins know to be going on
	waiting   map[int64]bool // broadcasts in which only readers with a time of their own are left

	mu         sync.Mutex
	current    *meter         // of the broadcast under way; nil: there is none
	resting    []int64        // the keys of waiting
	standing   *standing      // of the last broadcast that was worked on; nil: there was none since the start
	unaccepted map[int64]bool // broadcasts that were paused because Telegram refuses a message in every form
}

// Config says how a Broadcaster delivers.
type Config struct {
	Paid bool          // allow paid broadcasting, as the Sender does
	Keep time.Duration // how long the deliveries of a finished broadcast are kept one by one before they are aggregated into totals; 0: for ever
	// Layout is for subscribers who chose none; empty: sections.
	Layout digest.Layout
	rendition.Texts
	// Month returns the words around the headlines of a month. If it is nil, there are none.
	Month MonthTexts
	// Topic returns the forum topic for a recipient's messages of a section; section is
	// 0 for the cover. If Topic is nil, messages go to where the recipient is. An error
	// comes from the database, or means that the program is stopping.
	Topic func(ctx context.Context, to subscribers.Recipient, section int64) (thread int, err error)
	// Holds reports whether broadcasts wait, because another program may be sending them. If it
	// is nil, they never do.
	Holds func() bool
	Log   *slog.Logger
}

// NewBroadcaster makes a Broadcaster that sends through sender. Nothing is
// delivered before Run.
func NewBroadcaster(store *subscribers.Store, sender *sender.Sender, notify Notify, config Config) *Broadcaster {
	return &Broadcaster{
		store:      store,
		sender:     sender,
		log:        config.Log,
		config:     config,
		notify:     notify,
		journal:    newJournal(store, config.Log),
		claims:     newClaims(),
		findings:   newFindings(),
		complaints: newComplaints(),
		wake:       make(chan struct{}, 1),
		requests:   make(chan *courier),
		retries:    make(chan struct{}, 1),
		ready:      make(chan struct{}),

		announced: make(map[int64]bool),
		waiting:   make(map[int64]bool),

		unaccepted: make(map[int64]bool),
	}
}

// Wake makes Run look at the database: a broadcast was started, or an admin
// paused, resumed or cancelled one.
func (b *Broadcaster) Wake() {
	select {
	case b.wake <- struct{}{}:
	default: // it will look already
	}
}

// Ready returns a channel that Run closes when the database knows how far the last
// run of the program got. Before that, deliveries may have got further than it says.
func (b *Broadcaster) Ready() <-chan struct{} { return b.ready }

// retryAfter is how long Run leaves a failing database alone.
const retryAfter = 5 * time.Second

// Run delivers until ctx is done: first what a stop or a crash left over, then what is
// new. It returns when every answer under way has been recorded. The error wraps
// [ErrFatal], or comes from the database at the start.
func (b *Broadcaster) Run(ctx context.Context) (err error) {
	err = b.takeUp(ctx)
	if b.progress != nil {
		defer func() { err = errors.Join(err, b.progress.Close()) }()
	}
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	close(b.ready)
	ctx, cancel := context.WithCancel(ctx)
	var saving, asking sync.WaitGroup
	recording, stopRecording := context.WithCancel(context.WithoutCancel(ctx))
	saving.Go(func() { b.journal.run(recording) })
	saving.Go(func() { b.journal.close(ctx, recording.Done()) })
	asking.Go(func() { b.answerRequests(ctx) })
	asking.Go(func() { b.aggregateOld(ctx) })
	defer saving.Wait()
	defer stopRecording() // after the last answer
	defer asking.Wait()
	defer cancel() // in case this ends by itself

	for ctx.Err() == nil {
		seen := b.version(ctx)
		worked, next, err := b.step(ctx)
		switch {
		case errors.Is(err, sender.ErrFatal):
			return err
		case ctx.Err() != nil:
			return nil
		case err != nil:
			b.log.Error("the broadcast is held up", "err", err)
			if sender.Sleep(ctx, retryAfter) != nil {
				return nil
			}
		case !worked:
			b.rest(ctx, next, seen)
		}
	}
	return nil
}

// takeUp opens the progress file, which brings what the last run left in it into the
// database.
func (b *Broadcaster) takeUp(ctx context.Context) (err error) {
	if b.progress, err = b.store.OpenProgressFile(ctx); err != nil {
		return err
	}
	interrupted, err := b.store.CountInterrupted(ctx)
	if interrupted > 0 {
		b.log.Warn("the last run was cut off: messages without an answer are sent again", "messages", interrupted)
	}
	return err
}

// maxRest is how long Run rests at most. Then it looks at the clock, which may have
// jumped, and at the database, which another program may have changed.
const maxRest = time.Minute

// version returns the version of the database; 0: it cannot be read. The next read
// reports the error.
func (b *Broadcaster) version(ctx context.Context) int64 {
	version, err := b.store.Version(ctx)
	if err != nil {
		return 0
	}
	return version
}

// rest waits until there is something to look at, or until next. seen is the version
// of the database at the last look.
func (b *Broadcaster) rest(ctx context.Context, next time.Time, seen int64) {
	for {
		var due <-chan time.Time
		if !next.IsZero() {
			due = time.After(min(max(time.Until(next), 0), maxRest))
		}
		select {
		case <-b.wake:
			return
		case <-ctx.Done():
			return
		case <-due:
		}
		if now := b.version(ctx); now == 0 || now != seen || !time.Now().Before(next) {
			return
		}
	}
}

// aggregateOld aggregates old deliveries, when the program starts and once a day, so that the
// database does not grow for ever.
func (b *Broadcaster) aggregateOld(ctx context.Context) {
	if b.config.Keep == 0 {
		return
	}
	for {
		n, err := b.store.AggregateDeliveries(ctx, time.Now().Add(-b.config.Keep))
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			b.log.Error("old deliveries are not aggregated", "err", err)
		case n > 0:
			b.log.Info("old deliveries aggregated into totals", "deliveries", n)
		}
		if sender.Sleep(ctx, 24*time.Hour) != nil {
			return
		}
	}
}

// step does what is to be done next. If there is nothing to do, worked is false and
// next is the time when there will be; zero: not before something changes.
func (b *Broadcaster) step(ctx context.Context) (worked bool, next time.Time, err error) {
	if b.holds() {
		return false, time.Now().Add(holdEvery), nil
	}
	unfinished, err := b.store.UnfinishedBroadcasts(ctx)
	if err != nil {
		return false, time.Time{}, err
	}
	for _, bc := range unfinished {
		switch bc.State {
		case subscribers.Paused:
			delete(b.announced, bc.ID) // admins will want to know that it goes on
			if next.IsZero() {
				next = time.Now().Add(maxRest) // the command line may cancel it
			}
			continue
		case subscribers.Cancelled:
			var idle bool
			if idle, err = b.claims.whenIdle(bc.IssueID, func() error { return b.finish(ctx, bc) }); idle {
				return true, time.Time{}, err
			}
			next = time.Now().Add(leftoverEvery)
			continue
		}
		due, err := b.due(ctx, bc)
		if err != nil {
			return false, time.Time{}, err
		}
		if !due.After(time.Now()) {
			return true, time.Time{}, b.work(ctx, bc)
		}
		if next.IsZero() || due.Before(next) {
			next = due
		}
	}
	return false, next, nil
}

// holdEvery is how often Run looks whether broadcasts still have to wait.
const holdEvery = time.Second

func (b *Broadcaster) holds() bool { return b.config.Holds != nil && b.config.Holds() }

// due returns when there is something to do for a running broadcast; zero: now, even
// if that is only to close its books. A later time is known only once nothing but
// readers' own times is left. Otherwise every delivery would have to be looked at.
func (b *Broadcaster) due(ctx context.Context, bc subscribers.Broadcast) (time.Time, error) {
	if !b.waiting[bc.ID] {
		return time.Time{}, nil
	}
	return b.store.NextOwnTime(ctx, bc.ID)
}

// olderDue returns when a broadcast that started before bc has something to send,
// because its readers have waited longer; zero: not before something changes.
func (b *Broadcaster) olderDue(ctx context.Context, bc subscribers.Broadcast) (first time.Time, err error) {
	for id := range b.waiting {
		if id >= bc.ID {
			continue
		}
		older, err := b.store.Broadcast(ctx, id)
		if err != nil {
			return time.Time{}, err
		}
		if older.State != subscribers.Running {
			continue
		}
		next, err := b.store.NextOwnTime(ctx, id)
		if err != nil {
			return time.Time{}, err
		}
		if first.IsZero() || !next.IsZero() && next.Before(first) {
			first = next
		}
	}
	return first, nil
}

// work delivers what is due of a broadcast, and finishes the broadcast when it is over.
func (b *Broadcaster) work(ctx context.Context, bc subscribers.Broadcast) error {
	over, err := b.broadcast(ctx, bc)
	if err != nil || !over {
		return err
	}
	if bc.Canary {
		b.pause(ctx, bc.ID, subscribers.PauseReason{Kind: subscribers.PausedAfterCanary})
		return nil
	}
	// This is in the past if another delivery has become due since.
	next, err := b.store.NextOwnTime(ctx, bc.ID)
	if err != nil {
		return err
	}
	if next.IsZero() {
		return b.finish(ctx, bc)
	}
	b.waiting[bc.ID] = true
	b.noteResting()
	b.log.Info("the rest of the broadcast waits for its readers' own times", "broadcast", bc.ID, "next", next)
	return nil
}

// finish closes the books of a broadcast.
func (b *Broadcaster) finish(ctx context.Context, bc subscribers.Broadcast) error {
	books, err := b.store.FinishBroadcast(ctx, bc.ID)
	if errors.Is(err, subscribers.ErrNotOver) {
		return nil
	}
	if errors.Is(err, subscribers.ErrUnbalanced) {
		// This is a defect of the program. The rows are kept for inspection.
		b.pause(ctx, bc.ID, subscribers.PauseReason{Kind: subscribers.PausedForImbalance, Detail: err.Error()})
		return err
	}
	if err != nil {
		return err
	}
	delete(b.waiting, bc.ID) // failed deliveries may be tried again
	b.noteResting()
	delete(b.announced, bc.ID)
	if bc, err = b.store.Broadcast(ctx, bc.ID); err != nil {
		return err
	}
	b.noteBooks(bc, books)
	b.log.Info("broadcast finished", "broadcast", bc.ID, "state", bc.State, "subscribers", books.Subscribers,
		"sent", books.Sum(subscribers.OutcomeSent), "skipped", books.Sum(subscribers.OutcomeSkipped),
		"failed", books.Sum(subscribers.OutcomeFailed), "uncertain", books.Sum(subscribers.OutcomeUncertain),
		"took", bc.FinishedAt.Sub(bc.CreatedAt))
	b.notify(ctx, Event{Kind: EventFinished, Broadcast: bc})
	return nil
}

// pause pauses a broadcast for a reason that the program found, and tells admins.
func (b *Broadcaster) pause(ctx context.Context, id int64, reason subscribers.PauseReason) {
	ctx = context.WithoutCancel(ctx) // the pause itself cancels ctx
	changed, err := b.store.HoldBroadcast(ctx, id, reason)
	if err != nil {
		b.log.Error("the broadcast cannot be paused", "broadcast", id, "err", err)
		return
	}
	if !changed {
		return
	}
	b.Wake()
	b.log.Warn("broadcast paused", "broadcast", id, "reason", reason)
	bc, err := b.store.Broadcast(ctx, id)
	if err != nil {
		b.log.Error("nobody is told of the pause", "broadcast", id, "err", err)
		return
	}
	b.notify(ctx, Event{Kind: EventPaused, Broadcast: bc})
}
