// Package delivery gets messages to chats: as fast as Telegram allows and not
// one faster, each once, and with books that say what became of every one.
//
//	sender := delivery.NewSender(api, store, delivery.Options{Rate: 30, Log: log})
//	broadcaster := delivery.NewBroadcaster(store, sender, notify)
//	go sender.Run(ctx)
//	go broadcaster.Run(ctx)
//
// The Sender is the one way out: every message and every edit goes through it,
// in one of four lanes. The Broadcaster works through deliveries, whose
// progress is on record before and after each message.
package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/subscribers"
)

// Options are the settings of a Sender, and of the Broadcaster that sends through it.
type Options struct {
	Rate      int  // messages per second for the whole bot; at least 1
	Unlimited bool // no pacing at all: for servers without limits, and benchmarks
	Paid      bool // allow paid broadcasting for deliveries
	Log       *slog.Logger

	// The rest is for the Broadcaster.

	// Keep is how long the deliveries of a finished broadcast are kept one by
	// one, before they are folded into totals; 0: for ever.
	Keep   time.Duration
	Layout subscribers.Layout // of subscribers that chose none; empty: sections
	// Keyboard returns the rows of buttons under a message of an issue; nil, or
	// rows without buttons: there are none.
	Keyboard func(Under) [][]models.InlineKeyboardButton
	// Topic returns the forum topic for a recipient's messages of a section, 0
	// for the cover; nil: they go where the recipient is. Its errors are the
	// database's, or mean that the program is ending.
	Topic func(ctx context.Context, to subscribers.Recipient, section int64) (thread int, err error)
}

// Sender is the one way out to Telegram. It is safe for concurrent use.
type Sender struct {
	api     *tg.Bot
	store   *subscribers.Store
	log     *slog.Logger
	options Options       // a Broadcaster takes its own from here
	wake    chan struct{} // room for one: there is something to look at

	abandoned chan struct{} // see Abandon
	abandon   func()

	traced  atomic.Bool // the HTTP client tells when a request leaves
	recents *recents
	moves   moves

	mu       sync.Mutex
	pace     *pace
	queues   [lanes]*queue
	floods   floods
	open     bool      // Run lets messages out
	failures int       // outages in a row
	noEdits  time.Time // until then no edit in the background goes out beside deliveries
	outage   bool      // Telegram is out of order; nothing goes out
	troubles troubles  // requests that came to nothing
	fatal    error     // nothing will ever go out again
}

// NewSender makes a Sender for the bot. Nothing goes out before Run.
func NewSender(api *tg.Bot, store *subscribers.Store, o Options) *Sender {
	p := newPace(max(o.Rate, 1))
	p.unlimited = o.Unlimited
	abandoned := make(chan struct{})
	return &Sender{
		abandoned: abandoned, abandon: sync.OnceFunc(func() { close(abandoned) }),
		api: api, store: store, log: o.Log, options: o, pace: p, wake: make(chan struct{}, 1), recents: newRecents(),
		queues: [lanes]*queue{newQueue(), newQueue(), newQueue(), newQueue()},
	}
}

// ErrFatal is wrapped by errors after which the bot cannot go on: Telegram does not
// know the token any more.
var ErrFatal = errors.New("the bot cannot go on")

// Run lets messages out until ctx is done, and returns nil then. It returns an
// error that wraps ErrFatal when Telegram will accept nothing any more.
func (s *Sender) Run(ctx context.Context) error {
	if err := s.restoreWaits(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	defer s.close()
	keeping, stopKeeping := context.WithCancel(ctx)
	var keeper sync.WaitGroup
	defer keeper.Wait()
	defer stopKeeping()
	keeper.Go(func() { s.keepRecents(keeping) })
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		case <-s.wake:
		}
		if err := s.probe(ctx); err != nil {
			return nil // stopping
		}
		next, err := s.dispatch(time.Now())
		if err != nil {
			return err
		}
		if next.IsZero() {
			timer.Stop()
		} else {
			timer.Reset(time.Until(next))
		}
	}
}

func (s *Sender) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = false
}

// restoreWaits takes up the waits that were running when the bot stopped, and what
// it sent before. Of a bot that was killed some of that is not known, so the first
// second is left empty.
func (s *Sender) restoreWaits(ctx context.Context) error {
	now := time.Now()
	waits, err := s.store.Waits(ctx, now)
	if err != nil {
		return err
	}
	if err := s.restoreRecents(ctx, now); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.pace.unlimited {
		s.pace.holdAll(now.Add(second))
	}
	s.open = true
	for chat, until := range waits {
		if chat == subscribers.WholeBot {
			s.pace.holdAll(until)
			s.log.Warn("telegram makes the bot wait", "until", until)
		} else {
			s.pace.holdChat(chat, until)
		}
	}
	return nil
}

// dispatch grants as many tickets as may go now, and returns when to look
// again; zero: not before something changes.
func (s *Sender) dispatch(now time.Time) (next time.Time, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fatal != nil {
		return time.Time{}, s.fatal
	}
	slot, known := s.pace.slot(now)
	for known && !slot.After(now) {
		t := s.pick(now)
		if t == nil {
			break
		}
		t.granted <- s.pace.take(t.chat, now)
		slot, known = s.pace.slot(now)
	}
	for _, q := range s.queues {
		if at, ok := q.first(); ok && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	if next.IsZero() || !known {
		return time.Time{}, nil
	}
	return latest(latest(next, slot), now), nil
}

// pick takes the next ticket from the lanes in their order.
func (s *Sender) pick(now time.Time) *ticket {
	order := [...]lane{foremost, interactive, bulk, background}
	if s.queues[background].kept(now, patience) {
		order = [...]lane{foremost, background, interactive, bulk}
	}
	for _, l := range order {
		ready := func(chat int64) time.Time { return s.pace.ready(chat, l, now) }
		if t := s.queues[l].pop(now, ready); t != nil {
			return t
		}
	}
	return nil
}

// acquire waits for a slot for a message to the chat, in its turn.
func (s *Sender) acquire(ctx context.Context, l lane, chat int64, in turn) (*departure, error) {
	s.mu.Lock()
	if s.fatal != nil {
		defer s.mu.Unlock()
		return nil, s.fatal
	}
	now := time.Now()
	if s.freeLocked(l, chat, now) {
		defer s.mu.Unlock()
		return &departure{sender: s, flight: s.pace.take(chat, now)}, nil
	}
	t := &ticket{chat: chat, turn: in, ready: latest(in.since, s.pace.ready(chat, l, now)), granted: make(chan *flight, 1)}
	s.queues[l].push(t)
	s.mu.Unlock()
	s.look()
	select {
	case f := <-t.granted:
		if f == nil {
			return nil, s.failed()
		}
		return &departure{sender: s, flight: f}, nil
	case <-ctx.Done():
		s.leave(t)
		return nil, ctx.Err()
	}
}

// leave takes a ticket back, with the slot it may have got meanwhile.
func (s *Sender) leave(t *ticket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.gone = true
	select {
	case f := <-t.granted:
		if f != nil && s.pace.giveBack(f) {
			s.look()
		}
	default:
	}
}

// freeLocked tells whether a message may go at once: nothing is before it, and
// the slot is there.
func (s *Sender) freeLocked(l lane, chat int64, now time.Time) bool {
	for _, q := range s.queues[:l+1] {
		if q.len() > 0 {
			return false
		}
	}
	slot, known := s.pace.slot(now)
	return s.open && !s.outage && known && !slot.After(now) && !s.pace.ready(chat, l, now).After(now)
}

func (s *Sender) failed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fatal
}

// look makes Run look at its queues.
func (s *Sender) look() {
	select {
	case s.wake <- struct{}{}:
	default: // it will look already
	}
}

// learn draws the conclusions from an outcome that go beyond its message. t is of
// whoever sends messages to the chat one after the other.
func (s *Sender) learn(ctx context.Context, chat int64, t *trouble, o Outcome, err error) {
	switch o.Kind {
	case Wait:
		s.flood(ctx, chat, o.RetryAfter)
	case Later, Uncertain, Unauthorized, Conflict:
		s.suspect(chat, t, o)
	default: // any other answer shows that Telegram is there
		*t = trouble{}
		s.mu.Lock()
		s.failures = 0
		if err == nil { // a refusal can come from a server that is cut off from the rest
			s.troubles.served++
		}
		s.mu.Unlock()
	}
}

// fail ends everything: whoever waits for a slot gets the error.
func (s *Sender) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fatal != nil {
		return
	}
	s.fatal = err
	for l := range s.queues {
		for _, t := range s.queues[l].all() {
			close(t.granted)
		}
		s.queues[l] = newQueue()
	}
	s.look()
}

// answerTimeout bounds what an answer to a person may cost: after that nobody
// is waiting for it any more. The time that those before it take comes on top.
const answerTimeout = 2 * time.Minute

// send gets an interactive or background request through: it waits for its
// slot, waits out what Telegram imposes, and tries again when nothing was done.
// A request without an answer is not repeated.
func (s *Sender) send(ctx context.Context, l lane, chat int64, call func(context.Context) error) error {
	if l == interactive && isForAdmin(ctx) {
		l = foremost
	}
	ctx, cancel := context.WithTimeout(ctx, answerTimeout+s.before(l))
	defer cancel()
	var t trouble
	for {
		if err := t.wait(ctx); err != nil {
			return fmt.Errorf("send to chat %d: %w: %w", chat, ErrNotSent, err)
		}
		departure, err := s.acquire(ctx, l, chat, turn{since: time.Now()})
		if err != nil {
			return fmt.Errorf("send to chat %d: %w: %w", chat, ErrNotSent, err)
		}
		err = departure.call(ctx, call)
		o := Classify(err)
		s.learn(ctx, chat, &t, o, err)
		switch {
		case o.Kind == Sent:
			return nil
		case o.Kind == Wait && l == background && s.givesWay(time.Now()):
			return fmt.Errorf("send to chat %d: %w: %w", chat, ErrNoRoom, err)
		case o.Kind == Wait, o.isOutage():
			continue
		default:
			return fmt.Errorf("send to chat %d: %w", chat, err)
		}
	}
}

// before is how long the messages that wait before one in this lane take.
func (s *Sender) before(l lane) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, q := range s.queues[:l+1] {
		n += q.len()
	}
	return time.Duration(float64(n) / s.pace.full * float64(time.Second))
}

type forAdmin struct{}

// ForAdmin returns the context for what is said to an admin of the bot: it goes
// before everything else.
func ForAdmin(ctx context.Context) context.Context { return context.WithValue(ctx, forAdmin{}, true) }

// ForReader returns the context for what is said to anybody else.
func ForReader(ctx context.Context) context.Context { return context.WithValue(ctx, forAdmin{}, nil) }

func isForAdmin(ctx context.Context) bool { return ctx.Value(forAdmin{}) != nil }

// ErrNotSent means that a request has certainly done nothing, because its time was
// over before Telegram took it.
var ErrNotSent = errors.New("not sent in time")

// ErrNoRoom means that deliveries need all that Telegram allows.
var ErrNoRoom = errors.New("no room beside the deliveries")

// editPause is for how long edits in the background keep away from paid deliveries
// after Telegram has made one wait.
const editPause = 10 * time.Minute

// EditInBackground changes a message of the chat when nothing more important is
// waiting, or after ten seconds. What to change it to is asked when its turn has
// come, so that it is not out of date.
//
// An edit cannot be paid for. Beside a broadcast that is, Telegram may tell it to
// wait, and everything with it; then the error is ErrNoRoom, and so it is for ten
// minutes while there is something to deliver.
func (s *Sender) EditInBackground(ctx context.Context, chat int64, params func() *tg.EditMessageTextParams) error {
	if !s.hasRoom(time.Now()) {
		return fmt.Errorf("edit in chat %d: %w", chat, ErrNoRoom)
	}
	return s.send(ctx, background, chat, func(ctx context.Context) error {
		_, err := s.api.EditMessageText(ctx, params())
		return err
	})
}

// hasRoom tells whether an edit in the background would not be in the way.
func (s *Sender) hasRoom(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return now.After(s.noEdits) || s.queues[bulk].len() == 0
}

// givesWay tells whether an edit in the background that was told to wait is in the
// way of paid deliveries, and keeps the next ones away from them.
func (s *Sender) givesWay(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.options.Paid || s.queues[bulk].len() == 0 {
		return false
	}
	s.noEdits = now.Add(editPause)
	return true
}

// chatOf returns the numeric chat id of a request; 0 for none.
func chatOf(id any) int64 {
	chat, _ := id.(int64) // channel names are not used anywhere
	return chat
}

// sleep waits for d or until ctx is done.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
