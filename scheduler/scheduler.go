// Package scheduler says when things happen: the weekly broadcast, catching up
// with it after downtime, and looking for new documents in between. It knows
// nothing of digests or Telegram: a [Scheduler] calls the functions of its
// [Config] when they are due. [Parse] reads a [Schedule].
//
// Expressions are read by robfig/cron, but times are worked out here, because a run
// that comes once a week must not be lost. When clocks change, robfig/cron leaves out a
// day whose midnight does not exist (a Friday every April in Africa/Cairo), leaves out an
// hour that is skipped, and runs twice in an hour that comes twice.
package scheduler

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"
)

const (
	// longestSleep bounds every wait. Timers stand still while a machine is
	// suspended, and do not notice that a clock is set, so the wall clock is
	// read this often.
	longestSleep = time.Minute
	// retryAfter is how long a run that returned an error waits for its next
	// attempt. Attempts end when the run is older than the catch-up time.
	retryAfter = time.Minute
	// shortestCatchUp is how late a run may always be: nothing starts to the
	// nanosecond, and waits last up to longestSleep.
	shortestCatchUp = 2 * time.Minute
	// pollLimit keeps a source that hangs from delaying the broadcast for ever.
	pollLimit = 5 * time.Minute
	// clockSlack is how far a clock may be put back right after a run without a
	// second run: clocks are set by seconds all the time.
	clockSlack = 5 * time.Minute
)

// clockSet is earlier than the time of any clock that is set. Machines whose clock
// has no battery start in 1970 or 2000, until the network tells them the time.
var clockSet = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// Config says what a Scheduler does and when. Schedule, LastRun, Fire and
// Logger are required.
type Config struct {
	// Schedule says when Fire is due.
	Schedule Schedule
	// CatchUp is how late a run may start when it could not start on time.
	// Less than two minutes counts as two minutes.
	CatchUp time.Duration
	// LastRun returns the scheduled time of the latest run on record up to by, or
	// when there is none the time from which on runs count as missed, such as the
	// creation of the database. The zero time means that none was missed. It
	// is called when Run starts and when the clock has jumped.
	LastRun func(ctx context.Context, by time.Time) (time.Time, error)
	// Fire does what is due and records the run of the given time; if it returns an
	// error, it has done neither. The clock has come to that time by itself: if the
	// run is on record already, the clock was wrong then, and this is another run.
	Fire func(ctx context.Context, scheduled time.Time) error
	// FireLate is Fire for a run that was passed over: the program was down, the
	// machine suspended or its clock set. If that run is on record already, it was
	// this one, and there is nothing to do. Nil: Fire.
	FireLate func(ctx context.Context, scheduled time.Time) error
	// GiveUp records the newest run that is too late to be caught up with. After an
	// error it is called again. Nil: such runs are only logged.
	GiveUp func(ctx context.Context, scheduled time.Time) error

	// PollSchedule says when Poll is called, besides at the start and right
	// before Fire. The zero value: at no other time.
	PollSchedule Schedule
	// Poll looks for something new. Its context ends after five minutes. An
	// error is logged, and Fire is called all the same. Nil: no polling.
	Poll func(ctx context.Context) error
	// PollBefore is Poll right before Fire is called with the scheduled time. Nil: Poll.
	PollBefore func(ctx context.Context, scheduled time.Time) error

	// Now is the clock; nil: time.Now.
	Now func() time.Time

	Logger *slog.Logger
}

// Scheduler calls Fire and Poll when they are due, one at a time. Its methods
// are safe for concurrent use.
type Scheduler struct {
	config Config

	// Run's own:
	lastRun time.Time // scheduled time of the latest run that is done or given up
	due     time.Time // when the one after lastRun is due
	retryAt time.Time // no attempt before this
	looked  time.Time // when the clock was last looked at; zero: not yet
	attempt time.Time // the run that was attempted last
	late    bool      // that run had been passed over
	fired   time.Time // when a run was done last, with the monotonic reading
	unset   bool      // it was logged that the clock is not set

	// turn is taken while Fire or Poll is called and lastPoll is used. It is a
	// channel because turns can be long and waiting must end with ctx.
	turn     chan struct{}
	lastPoll time.Time

	lastRound atomic.Pointer[time.Time]
	firing    atomic.Bool
}

// New returns a Scheduler that does nothing until Run is called.
func New(config Config) *Scheduler {
	config.CatchUp = max(config.CatchUp, shortestCatchUp)
	if config.Now == nil {
		config.Now = time.Now
	}
	config.Logger = config.Logger.With("component", "scheduler")
	return &Scheduler{config: config, turn: make(chan struct{}, 1)}
}

// Next returns when Fire is due after now, in the schedule's time zone; the
// zero time if never.
func (s *Scheduler) Next(now time.Time) time.Time { return s.config.Schedule.Next(now) }

// IsFiring reports whether a run is under way: Fire, or the poll before it. Next does not
// know of that run any more.
func (s *Scheduler) IsFiring() bool { return s.firing.Load() }

// Run catches up with a missed run, then keeps the schedules until ctx is
// done, which is no error. It returns after the last Fire or Poll has
// returned. Errors and panics of those are logged, and Fire is tried again
// until its run is older than CatchUp.
func (s *Scheduler) Run(ctx context.Context) error {
	now := s.now()
	last, err := s.recorded(ctx, now)
	if ctx.Err() != nil {
		return nil // a stop right after the start
	}
	if err != nil {
		return err
	}
	s.done(last)
	for s.takeTurn(ctx) {
		s.noteRound()
		pause := s.step(ctx)
		s.endTurn()
		wait(ctx, pause)
	}
	return nil
}

// LastRound returns when Run last looked at the clock, which it does at least once
// a minute unless Fire or Poll takes longer; the zero time before it first did.
func (s *Scheduler) LastRound() time.Time {
	if at := s.lastRound.Load(); at != nil {
		return *at
	}
	return time.Time{}
}

// noteRound notes the time with its monotonic reading: when the clock is set,
// nothing hangs.
func (s *Scheduler) noteRound() {
	now := time.Now()
	s.lastRound.Store(&now)
}

// FireNow polls and fires at once, outside the schedule, and returns Fire's
// error. It waits for a Fire or Poll under way.
func (s *Scheduler) FireNow(ctx context.Context) error {
	if !s.takeTurn(ctx) {
		return ctx.Err()
	}
	defer s.endTurn()
	run := s.now().Truncate(time.Second)
	s.pollBefore(ctx, run)
	return guard(func() error { return s.config.Fire(ctx, run) })
}

// PollNow polls at once and returns Poll's error. It waits for a Fire or Poll
// under way.
func (s *Scheduler) PollNow(ctx context.Context) error {
	if !s.takeTurn(ctx) {
		return ctx.Err()
	}
	defer s.endTurn()
	return s.poll(ctx)
}

// takeTurn waits until nothing is under way; it returns false if ctx ends first.
func (s *Scheduler) takeTurn(ctx context.Context) bool {
	if ctx.Err() != nil { // select would choose at random
		return false
	}
	select {
	case <-ctx.Done():
		return false
	case s.turn <- struct{}{}:
		return true
	}
}

func (s *Scheduler) endTurn() { <-s.turn }

// step does what is due and returns how long to wait for the next step. It is
// called with the turn taken.
func (s *Scheduler) step(ctx context.Context) time.Duration {
	now := s.now()
	if err := s.followClock(ctx, now); err != nil {
		if ctx.Err() == nil {
			s.config.Logger.Warn("the schedule waits", "err", err)
		}
		return retryAfter
	}
	s.lastPoll = earlier(s.lastPoll, now)
	s.retryAt = earlier(s.retryAt, now.Add(retryAfter))

	if s.fireIsDue(now) {
		s.fireDue(ctx, now)
	}
	if s.pollIsDue(now) {
		s.pollAndLog(ctx)
	}
	s.looked = s.now()
	return s.sleep(s.looked)
}

// followClock finds out which runs are done after the clock was set, or stood still
// while the machine was suspended.
func (s *Scheduler) followClock(ctx context.Context, now time.Time) error {
	switch {
	case now.Before(clockSet):
		if !s.unset {
			s.config.Logger.Warn("the clock of this machine is not set; nothing is sent by the schedule until it is", "now", now)
		}
		s.unset = true
		s.done(now)
	case s.lastRun.Sub(now) > s.slack():
		// The clock was ahead and has been put right, or it is wrong now. A run on
		// record for a later time must not hold up what is due now.
		s.config.Logger.Warn("the clock was put back", "now", now, "last_run", s.lastRun)
		last, err := s.recorded(ctx, now)
		if err != nil {
			return err
		}
		s.done(last)
		s.looked = time.Time{} // what is due by now was passed over
	case !s.looked.IsZero() && now.Sub(s.looked) > longestSleep+shortestCatchUp:
		last, err := s.recorded(ctx, now)
		if err != nil {
			return err
		}
		s.done(later(last, s.lastRun))
	}
	return nil
}

// slack returns clockSlack for a while after a run, whatever the clock says, and 0
// later.
func (s *Scheduler) slack() time.Duration {
	if time.Since(s.fired) > 2*clockSlack {
		return 0
	}
	return clockSlack
}

// recorded returns the latest run on record, or now when none was missed.
func (s *Scheduler) recorded(ctx context.Context, now time.Time) (time.Time, error) {
	by := now.Add(s.slack())
	last, err := s.config.LastRun(ctx, by)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the last scheduled run: %w", err)
	}
	if last.Before(clockSet) || last.After(by) {
		return now, nil
	}
	return last, nil
}

// done notes that nothing scheduled at run or before is left to do.
func (s *Scheduler) done(run time.Time) {
	s.lastRun, s.due, s.attempt = run, s.config.Schedule.Next(run), time.Time{}
}

func (s *Scheduler) fireIsDue(now time.Time) bool {
	return !s.due.IsZero() && !s.due.After(now) && !s.retryAt.After(now)
}

// fireDue makes up for everything that has become due since lastRun, however
// that came about: on time, late after a suspend, or after downtime.
func (s *Scheduler) fireDue(ctx context.Context, now time.Time) {
	run, inTime := s.newestDue(now)
	if !run.Equal(s.attempt) {
		s.attempt, s.late = run, run.Sub(s.looked) > longestSleep
	}
	if !inTime {
		s.giveUp(ctx, run)
		return
	}
	s.firing.Store(true)
	defer s.firing.Store(false)
	s.pollBefore(ctx, run)
	if ctx.Err() != nil {
		return
	}
	s.config.Logger.Info("schedule fires", "scheduled", run, "late", now.Sub(run).Truncate(time.Second))
	fire := s.config.Fire
	if s.late && s.config.FireLate != nil {
		fire = s.config.FireLate
	}
	if err := guard(func() error { return fire(ctx, run) }); err != nil {
		s.failed(ctx, "scheduled run did not succeed, will try again", err, "scheduled", run, "until", run.Add(s.config.CatchUp))
		return
	}
	s.fired = time.Now()
	s.done(run)
}

// newestDue returns the newest run that is due, and whether it may still start.
func (s *Scheduler) newestDue(now time.Time) (run time.Time, inTime bool) {
	catchUp := s.config.CatchUp
	run, inTime = s.config.Schedule.Missed(s.lastRun, now, catchUp)
	for run.IsZero() { // there is one, because s.due has passed
		catchUp *= 2
		run, _ = s.config.Schedule.Missed(s.lastRun, now, catchUp)
	}
	return run, inTime
}

// giveUp leaves out a run that is too late.
func (s *Scheduler) giveUp(ctx context.Context, run time.Time) {
	if s.config.GiveUp != nil {
		if err := guard(func() error { return s.config.GiveUp(ctx, run) }); err != nil {
			s.failed(ctx, "a missed run could not be recorded, will try again", err, "scheduled", run)
			return
		}
	}
	s.config.Logger.Error("missed run is too long ago to catch up with", "scheduled", run, "catch_up", s.config.CatchUp)
	s.done(run)
}

// failed puts off the next attempt at a run.
func (s *Scheduler) failed(ctx context.Context, what string, err error, details ...any) {
	s.retryAt = s.now().Add(retryAfter)
	if ctx.Err() == nil {
		s.config.Logger.Warn(what, append(details, "err", err)...)
	}
}

func (s *Scheduler) pollIsDue(now time.Time) bool {
	if s.lastPoll.IsZero() {
		return true
	}
	due := s.config.PollSchedule.Next(s.lastPoll)
	return !due.IsZero() && !due.After(now)
}

// pollAndLog polls before and between runs, which an error must not stop.
func (s *Scheduler) pollAndLog(ctx context.Context) { s.logPoll(ctx, s.poll(ctx)) }

// pollBefore polls for a run.
func (s *Scheduler) pollBefore(ctx context.Context, run time.Time) {
	if s.config.PollBefore == nil {
		s.pollAndLog(ctx)
		return
	}
	s.logPoll(ctx, s.pollWith(ctx, func(ctx context.Context) error { return s.config.PollBefore(ctx, run) }))
}

func (s *Scheduler) logPoll(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		s.config.Logger.Warn("look for new documents", "err", err)
	}
}

func (s *Scheduler) poll(ctx context.Context) error { return s.pollWith(ctx, s.config.Poll) }

func (s *Scheduler) pollWith(ctx context.Context, poll func(context.Context) error) error {
	s.lastPoll = s.now()
	if poll == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, pollLimit)
	defer cancel()
	return guard(func() error { return poll(ctx) })
}

// sleep returns how long nothing is due.
func (s *Scheduler) sleep(now time.Time) time.Duration {
	wake := now.Add(longestSleep)
	if !s.due.IsZero() {
		wake = earlier(wake, later(s.due, s.retryAt))
	}
	if due := s.config.PollSchedule.Next(s.lastPoll); !due.IsZero() {
		wake = earlier(wake, due)
	}
	return wake.Sub(now)
}

// guard turns a panic into an error: the bot must outlive one bad document.
func guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return f()
}

func wait(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// now returns the time on the wall, without the monotonic reading that would
// hide a suspend or a clock that was set.
func (s *Scheduler) now() time.Time { return s.config.Now().Round(0) }

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
