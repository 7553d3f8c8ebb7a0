// Package sender is the one way out to Telegram: every message and every edit goes through
// a [Sender], as fast as Telegram allows and no faster, in one of four lanes. [Classify]
// says what an answer of Telegram means, and the library needs a [Client] for that.
package sender

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/subscribers"
)

// Config says how a Sender sends.
type Config struct {
	Rate      int  // messages per second for the whole bot; at least 1
	Unlimited bool // no pacing: for servers without limits, and for benchmarks
	Paid      bool // allow paid broadcasting for deliveries
	Log       *slog.Logger
}

// Sender is the one way out to Telegram. It is safe for concurrent use.
type Sender struct {
	API    *tg.Bot
	store  *subscribers.Store
	log    *slog.Logger
	config Config
	wake   chan struct{} // room for one: there is something to look at

	abandoned chan struct{} // see Abandon
	abandon   func()

	traced  atomic.Bool // the HTTP client reports when a request leaves
	recents *recents
	counts  *counts
	moves   moves

	mu      sync.Mutex
	pace    *pace
	queues  [lanes]*queue
	floods  floods
	open    bool // Run lets messages out
	outages int  // outages in a row
	revised revised
	noEdits time.Time      // until when no background edit goes out beside deliveries
	outage  bool           // Telegram is down; nothing goes out
	failed  failedRequests // what is known of failed requests
	fatal   error          // nothing will ever go out again
}

// New makes a Sender for the bot. Nothing goes out before [Sender.Run].
func New(api *tg.Bot, store *subscribers.Store, config Config) *Sender {
	p := newPace(max(config.Rate, 1))
	p.unlimited = config.Unlimited
	abandoned := make(chan struct{})
	return &Sender{
		abandoned: abandoned, abandon: sync.OnceFunc(func() { close(abandoned) }),
		API: api, store: store, log: config.Log, config: config, pace: p, wake: make(chan struct{}, 1), recents: newRecents(), counts: newCounts(),
		queues: newQueues(),
	}
}

func newQueues() (all [lanes]*queue) {
	for l := range all {
		all[l] = newQueue()
	}
	return all
}

// ErrFatal is wrapped by errors after which the bot cannot go on, because Telegram does
// not know the token any more.
var ErrFatal = errors.New("the bot cannot go on")

// Run lets messages out until ctx is done, and returns nil then. It returns an error that
// wraps [ErrFatal] if Telegram will accept nothing any more, or an error of the database
// at the start.
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

// restoreWaits restores the waits that were running when the bot stopped, and what it
// had sent. If the bot was killed, some of that is missing, so it sends nothing in the
// first second.
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
			s.log.Warn("Telegram makes the bot wait", "until", until)
		} else {
			s.pace.holdChat(chat, until)
		}
	}
	return nil
}

// dispatch grants as many tickets as may go now. It returns when to look again; zero:
// not before something changes.
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
	for l, q := range s.queues {
		at, ok := q.first()
		if Lane(l) == Revisions {
			at = latest(at, s.revised.next)
		}
		if ok && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	if next.IsZero() || !known {
		return time.Time{}, nil
	}
	return latest(latest(next, slot), now), nil
}

// pick takes the next ticket from the lanes, in their order. Deliveries and revisions take
// turns.
func (s *Sender) pick(now time.Time) *ticket {
	order := [...]Lane{foremost, Interactive, Bulk, Revisions, Background}
	if s.revised.turn {
		order = [...]Lane{foremost, Interactive, Revisions, Bulk, Background}
	}
	if s.queues[Background].hasWaited(now, backgroundWait) {
		order = [...]Lane{foremost, Background, Interactive, Bulk, Revisions}
	}
	for _, l := range order {
		if l == Revisions && now.Before(s.revised.next) {
			continue
		}
		ready := func(chat int64) time.Time { return s.pace.ready(chat, l, now) }
		if t := s.queues[l].pop(now, ready); t != nil {
			s.noteLane(l, now)
			return t
		}
	}
	return nil
}

// freeRate is how many messages a second are free of charge (core.telegram.org/bots/faq).
// Revisions keep to it however much is paid for, because edits cannot be paid for.
const freeRate = 30

// revised is what the revisions' lane has to know of itself.
type revised struct {
	turn bool      // its turn comes before that of deliveries
	next time.Time // when its next request may go
}

// noteLane notes which lane has got a slot.
func (s *Sender) noteLane(l Lane, now time.Time) {
	switch l {
	case Bulk:
		s.revised.turn = true
	case Revisions:
		s.revised.turn = false
		if s.pace.full > freeRate && !s.pace.unlimited {
			s.revised.next = now.Add(time.Second / freeRate)
		}
	}
}

// Acquire waits for a slot for a message to the chat. in is its rank in the lane.
func (s *Sender) Acquire(ctx context.Context, l Lane, chat int64, in Rank) (*Slot, error) {
	s.mu.Lock()
	if s.fatal != nil {
		defer s.mu.Unlock()
		return nil, s.fatal
	}
	now := time.Now()
	if s.freeLocked(l, chat, now) {
		defer s.mu.Unlock()
		s.noteLane(l, now)
		s.counts.noteSlot(l, 0)
		return &Slot{sender: s, lane: l, flight: s.pace.take(chat, now)}, nil
	}
	t := &ticket{chat: chat, Rank: in, ready: latest(in.Since, s.pace.ready(chat, l, now)), granted: make(chan *flight, 1)}
	s.queues[l].push(t)
	s.mu.Unlock()
	s.look()
	select {
	case f := <-t.granted:
		if f == nil {
			return nil, s.fatalError()
		}
		s.counts.noteSlot(l, time.Since(now))
		return &Slot{sender: s, lane: l, flight: f}, nil
	case <-ctx.Done():
		s.leave(t)
		return nil, ctx.Err()
	}
}

// leave takes a ticket back, and the slot that it may have got meanwhile.
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

// freeLocked reports whether a message may go at once: no other waits before it, and
// there is a slot.
func (s *Sender) freeLocked(l Lane, chat int64, now time.Time) bool {
	last := l
	if l == Bulk {
		last = Revisions // which take turns with it
	}
	for _, q := range s.queues[:last+1] {
		if q.len() > 0 {
			return false
		}
	}
	if l == Revisions && now.Before(s.revised.next) {
		return false
	}
	slot, known := s.pace.slot(now)
	return s.open && !s.outage && known && !slot.After(now) && !s.pace.ready(chat, l, now).After(now)
}

func (s *Sender) fatalError() error {
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

// Learn draws the conclusions from a response that go beyond its message. retries are
// those of the messages to the chat.
func (s *Sender) Learn(ctx context.Context, chat int64, retries *Retries, r Response, err error) {
	switch r.Kind {
	case Wait:
		s.flood(ctx, chat, r.RetryAfter)
	case Down, Uncertain, Unauthorized, Conflict:
		s.suspect(chat, retries, r)
	default: // any other answer shows that Telegram works
		*retries = Retries{}
		s.mu.Lock()
		s.outages = 0
		if err == nil { // a refusal may come from a server that is cut off from the rest of Telegram
			s.failed.served++
		}
		s.mu.Unlock()
	}
}

// fail ends everything: all that wait for a slot get the error.
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

// answerTimeout is how long an answer to a person may take: after that, the person has
// stopped waiting. The time that the messages before it take is added.
const answerTimeout = 2 * time.Minute

// send makes an interactive or background request. It waits for a slot, waits as long as
// Telegram demands, and tries again if nothing was done. A request without an answer is
// not repeated.
func (s *Sender) send(ctx context.Context, l Lane, chat int64, call func(context.Context) error) error {
	if l == Interactive && isForAdmin(ctx) {
		l = foremost
	}
	ctx, cancel := context.WithTimeout(ctx, answerTimeout+s.before(l))
	defer cancel()
	var retries Retries
	for {
		if err := retries.Wait(ctx); err != nil {
			return fmt.Errorf("send to chat %d: %w: %w", chat, ErrNotSent, err)
		}
		slot, err := s.Acquire(ctx, l, chat, Rank{Since: time.Now()})
		if err != nil {
			return fmt.Errorf("send to chat %d: %w: %w", chat, ErrNotSent, err)
		}
		err = slot.Call(ctx, call)
		r := Classify(err)
		s.Learn(ctx, chat, &retries, r, err)
		switch {
		case r.Kind == Sent:
			return nil
		case r.Kind == Wait && l == Background && s.givesWay(time.Now()):
			return fmt.Errorf("send to chat %d: %w: %w", chat, ErrNoRoom, err)
		case r.Kind == Wait, r.isOutage():
			continue
		default:
			return fmt.Errorf("send to chat %d: %w", chat, err)
		}
	}
}

// before returns how long the messages take that wait before a new one in this lane.
func (s *Sender) before(l Lane) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, q := range s.queues[:l+1] {
		n += q.len()
	}
	return time.Duration(float64(n) / s.pace.full * float64(time.Second))
}

type forAdmin struct{}

// ForAdmin returns a context for messages to an admin of the bot. They go before
// everything else.
func ForAdmin(ctx context.Context) context.Context { return context.WithValue(ctx, forAdmin{}, true) }

// ForReader returns a context for messages to anybody else.
func ForReader(ctx context.Context) context.Context { return context.WithValue(ctx, forAdmin{}, nil) }

func isForAdmin(ctx context.Context) bool { return ctx.Value(forAdmin{}) != nil }

// ErrNotSent means that a request certainly had no effect, because its time was over
// before Telegram took it.
var ErrNotSent = errors.New("not sent in time")

// ErrNoRoom means that deliveries need all the messages that Telegram allows.
var ErrNoRoom = errors.New("no room beside the deliveries")

// noEditsFor is how long no background edits go out beside paid deliveries after
// Telegram made one wait.
const noEditsFor = 10 * time.Minute

// EditInBackground changes a message of the chat when nothing more important is waiting,
// or after ten seconds. It calls params once it has a slot, so that the new text is
// up to date.
//
// An edit cannot be paid for. Beside a paid broadcast, Telegram may make it wait, and
// everything else with it. Then the error is [ErrNoRoom], and it stays so for ten minutes
// while there is something to deliver.
func (s *Sender) EditInBackground(ctx context.Context, chat int64, params func() *tg.EditMessageTextParams) error {
	if !s.hasRoom(time.Now()) {
		return fmt.Errorf("edit in chat %d: %w", chat, ErrNoRoom)
	}
	return s.send(ctx, Background, chat, func(ctx context.Context) error {
		_, err := s.API.EditMessageText(ctx, params())
		return err
	})
}

// hasRoom reports whether a background edit would hold up nothing.
func (s *Sender) hasRoom(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return now.After(s.noEdits) || s.queues[Bulk].len() == 0
}

// givesWay reports whether a background edit that was told to wait holds up paid
// deliveries. If so, no more go out beside them for a while.
func (s *Sender) givesWay(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.config.Paid || s.queues[Bulk].len() == 0 {
		return false
	}
	s.noEdits = now.Add(noEditsFor)
	return true
}

// chatOf returns the numeric chat id of a request; 0: it has none.
func chatOf(id any) int64 {
	chat, _ := id.(int64) // the program never uses channel names
	return chat
}

// Sleep waits for d or until ctx is done.
func Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Window returns how many deliveries to have under way. A chat takes a message a second,
// so twice the rate keeps every slot busy.
func (s *Sender) Window() int {
	const unlimitedWindow, spare = 96, 16
	if s.pace.unlimited {
		return unlimitedWindow
	}
	return 2*int(s.pace.full) + spare
}
