package scheduler_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"digestbot/scheduler"
)

// keep is run for a machine whose clock is ahead of the bubble's by what ahead
// returns. The journal also notes runs that were passed over or given up.
func (j *journal) keep(config scheduler.Config, ahead func() time.Duration, until string) {
	j.t.Helper()
	config.Schedule = parse(j.t, "0 9 * * FRI", "Europe/Berlin")
	config.Now = func() time.Time { return time.Now().Add(ahead()) }
	config.FireLate = func(_ context.Context, scheduled time.Time) error {
		j.note("late " + stamp(scheduled) + " at")
		return nil
	}
	if config.GiveUp == nil {
		config.GiveUp = func(_ context.Context, scheduled time.Time) error {
			j.note("missed " + stamp(scheduled) + " at")
			return nil
		}
	}
	j.run(config, until)
}

func right() time.Duration { return 0 }

// wrong is a clock that is ahead by that much between two moments.
func (j *journal) wrong(ahead time.Duration, from, until string) func() time.Duration {
	return func() time.Duration {
		if now := time.Now(); now.Before(instant(j.t, from)) || !now.Before(instant(j.t, until)) {
			return 0
		}
		return ahead
	}
}

func TestRunTellsLateOnesApart(t *testing.T) {
	const week = 7 * 24 * time.Hour
	tests := []struct {
		name  string
		start string
		ahead func(j *journal) func() time.Duration
		want  []string // until 20 November, noon
	}{
		{"on time", "2026-11-20T07:30:00Z", nil, []string{"fire 11-20T08:00:00 at 11-20T08:00:00"}},
		{"after downtime", "2026-11-20T08:30:00Z", nil, []string{"late 11-20T08:00:00 at 11-20T08:30:00"}},
		{"suspended", "2026-11-20T06:30:00Z", func(j *journal) func() time.Duration {
			return j.wrong(-time.Hour, "2026-11-20T06:00:00Z", "2026-11-20T08:30:00Z")
		}, []string{"late 11-20T08:00:00 at 11-20T08:30:00"}},
		{"a week ahead over the run before", "2026-11-12T12:00:00Z", func(j *journal) func() time.Duration {
			return j.wrong(week, "2026-11-12T12:00:00Z", "2026-11-14T12:00:00Z")
		}, []string{"fire 11-20T08:00:00 at 11-13T08:00:00", "fire 11-20T08:00:00 at 11-20T08:00:00"}},
		{"set back by seconds", "2026-11-20T07:30:00Z", func(j *journal) func() time.Duration {
			return j.wrong(2*time.Second, "2026-11-20T07:30:00Z", "2026-11-20T08:00:30Z")
		}, []string{"fire 11-20T08:00:00 at 11-20T07:59:58"}},
		{"not set", "2026-11-20T07:30:00Z", func(j *journal) func() time.Duration {
			return j.wrong(-30*365*24*time.Hour, "2026-11-20T07:30:00Z", "2026-11-20T08:30:00Z")
		}, []string{"late 11-20T08:00:00 at 11-20T08:30:00"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			at(t, tt.start, func(t *testing.T) {
				j := &journal{t: t, last: instant(t, "2026-11-13T08:00:00Z")}
				ahead := right
				if tt.ahead != nil {
					ahead = tt.ahead(j)
				}
				j.keep(scheduler.Config{CatchUp: 24 * time.Hour}, ahead, "2026-11-20T12:00:00Z")
				j.expect(tt.want...)
			})
		})
	}
}

func TestMissedIsToldUntilItIsHeard(t *testing.T) {
	at(t, "2026-11-20T12:00:00Z", func(t *testing.T) {
		j := &journal{t: t, last: instant(t, "2026-10-30T08:00:00Z")}
		failures := 2
		giveUp := func(_ context.Context, scheduled time.Time) error {
			j.note("missed " + stamp(scheduled) + " at")
			if failures--; failures >= 0 {
				return errors.New("database is locked")
			}
			return nil
		}
		j.keep(scheduler.Config{CatchUp: time.Hour, GiveUp: giveUp}, right, "2026-11-20T15:00:00Z")
		j.expect("missed 11-20T08:00:00 at 11-20T12:00:00", "missed 11-20T08:00:00 at 11-20T12:01:00", "missed 11-20T08:00:00 at 11-20T12:02:00")
		if got := strings.Count(j.log.String(), "too long ago to catch up"); got != 1 {
			t.Errorf("the log says %d times that the run is given up, want once:\n%s", got, &j.log)
		}
	})
}

func TestClockThatIsNotSet(t *testing.T) {
	at(t, "2026-11-20T07:30:00Z", func(t *testing.T) {
		j := &journal{t: t}
		config := scheduler.Config{PollSchedule: parse(t, "@every 1h", "UTC"), CatchUp: time.Hour}
		j.poll = succeed
		j.keep(config, func() time.Duration { return -30 * 365 * 24 * time.Hour }, "2026-11-27T12:00:00Z")
		for _, entry := range j.entries {
			if !strings.HasPrefix(entry, "poll") {
				t.Errorf("%s, want only polls", entry)
			}
		}
		if got := strings.Count(j.log.String(), "is not set"); got != 1 {
			t.Errorf("the log says %d times that the clock is not set, want once", got)
		}
	})
}
