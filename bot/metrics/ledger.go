package metrics

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"digestbot/scheduler"
	"digestbot/subscribers"
	"digestbot/subscribers/intake"
)

const (
	// shortestGap is how often the database is counted at most.
	shortestGap = 5 * time.Second
	// longestGap is how long a count holds if nothing has changed in the database: pauses end by
	// themselves.
	longestGap = 5 * time.Minute
)

// ledger keeps what was counted in the database.
type ledger struct {
	config Config

	mu      sync.Mutex
	counted *figures // nil: nothing yet
	at      time.Time
	version int64 // of the database then
}

// figures are what is counted in the database.
type figures struct {
	states      map[subscribers.State]int
	paused      int
	unconfirmed int
	issues      int
	unhandled   int
	unfinished  map[subscribers.BroadcastState]int
	unbalanced  int
	lastGood    time.Time
	recorded    subscribers.ScheduleRun
	goodRun     time.Time
	sources     []sourceFigures
}

// sourceFigures are those of one source.
type sourceFigures struct {
	intake.Standing
	label string
	issue time.Time // when the last one came from it
	due   time.Time // when it is to be looked at after the last look
}

// read returns the figures, counted anew if that is worth it.
func (l *ledger) read(ctx context.Context, now time.Time) (*figures, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	age := now.Sub(l.at)
	if l.counted != nil && age >= 0 && age < shortestGap {
		return l.counted, nil
	}
	version, err := l.config.Store.Version(ctx)
	if err != nil {
		return nil, err
	}
	if l.counted != nil && version == l.version && age >= 0 && age < longestGap {
		return l.counted, nil
	}
	f, err := l.count(ctx, now)
	if err != nil {
		return nil, err
	}
	l.counted, l.at, l.version = f, now, version
	return f, nil
}

// count reads everything from the database. Nothing of it looks at every delivery.
func (l *ledger) count(ctx context.Context, now time.Time) (*figures, error) {
	store := l.config.Store
	f := &figures{unfinished: map[subscribers.BroadcastState]int{}}
	var open []subscribers.Broadcast
	for _, read := range []func() error{
		func() (err error) { f.states, err = store.CountSubscribers(ctx); return err },
		func() (err error) { f.paused, err = store.CountPaused(ctx, now); return err },
		func() (err error) { f.unconfirmed, err = store.CountUnconfirmed(ctx); return err },
		func() (err error) { _, f.issues, err = store.Issues(ctx, 0, 0); return err },
		func() (err error) { f.unhandled, err = store.CountUnhandled(ctx); return err },
		func() (err error) { open, err = store.UnfinishedBroadcasts(ctx); return err },
		func() (err error) { f.lastGood, err = store.LastGoodBroadcast(ctx); return err },
		func() (err error) { f.recorded, err = store.LastRecordedRun(ctx, now); return orNone(err) },
		func() (err error) {
			f.goodRun, err = store.LastGoodRun(ctx, now, l.config.Bot.Resting()...)
			return err
		},
		func() (err error) { f.sources, err = l.countSources(ctx); return err },
	} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	for _, b := range open {
		f.unfinished[b.State]++
		if b.Reason.Kind == subscribers.PausedForImbalance {
			f.unbalanced++
		}
	}
	return f, nil
}

// orNone returns an error, unless it says that there is no such row.
func orNone(err error) error {
	if errors.Is(err, subscribers.ErrNotFound) {
		return nil
	}
	return err
}

func (l *ledger) countSources(ctx context.Context) ([]sourceFigures, error) {
	if l.config.Sources == nil {
		return nil, nil
	}
	standings, err := l.config.Sources().Standings(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]sourceFigures, len(standings))
	taken := map[string]int{}
	for i, s := range standings {
		all[i] = sourceFigures{Standing: s, label: s.Line.Short()}
		if taken[s.Line.Short()]++; taken[s.Line.Short()] > 1 {
			all[i].label = fmt.Sprintf("%s (%d)", s.Line.Short(), taken[s.Line.Short()])
		}
		if l.config.NextLook != nil && !s.Looked.IsZero() {
			all[i].due = l.config.NextLook(s.Looked)
		}
		if s.Issue == 0 {
			continue
		}
		if all[i].issue, err = l.config.Store.AddedAt(ctx, s.Issue); orNone(err) != nil {
			return nil, err
		}
	}
	return all, nil
}

func (f *figures) put(to chan<- prometheus.Metric) {
	for _, state := range subscribers.States {
		subscribersAre.put(to, float64(f.states[state]), string(state))
	}
	paused.put(to, float64(f.paused))
	unconfirmed.put(to, float64(f.unconfirmed))
	issues.put(to, float64(f.issues))
	unhandled.put(to, float64(f.unhandled))
	for _, state := range []subscribers.BroadcastState{subscribers.Running, subscribers.Paused, subscribers.Cancelled} {
		unfinished.put(to, float64(f.unfinished[state]), string(state))
	}
	unbalanced.put(to, float64(f.unbalanced))
	lastGood.put(to, unix(f.lastGood))
	for _, s := range f.sources {
		sourceUp.put(to, truth(s.Failures == 0), s.label)
		sourceFailures.put(to, float64(s.Failures), s.label)
		sourceFaulty.put(to, truth(s.Fault != ""), s.label)
		sourceLooked.put(to, unix(s.Looked), s.label)
		sourceDue.put(to, unix(s.due), s.label)
		sourceAnswered.put(to, unix(s.Succeeded), s.label)
		sourceIssue.put(to, unix(s.issue), s.label)
		sourceWaiting.put(to, float64(s.Waiting), s.label)
	}
}

// newestDue returns when the schedule was due last: after the run that is on record, or at
// that.
func newestDue(schedule scheduler.Schedule, recorded, now time.Time) time.Time {
	if recorded.IsZero() || schedule.Next(recorded).IsZero() || schedule.Next(recorded).After(now) {
		return recorded
	}
	for within := time.Hour; ; within *= 2 {
		if due, ok := schedule.Missed(recorded, now, within); ok {
			return due
		}
	}
}

func unix(at time.Time) float64 {
	if at.IsZero() {
		return 0
	}
	return float64(at.UnixMilli()) / 1000
}

func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// word returns a value of a label in the form that others have.
func word(text string) string { return strings.ReplaceAll(text, " ", "_") }
