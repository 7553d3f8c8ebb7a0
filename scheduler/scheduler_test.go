package scheduler_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/scheduler"
)

// journal is a caller of the scheduler that notes what it is asked to do.
type journal struct {
	t       testing.TB
	last    time.Time // what LastRun returns
	fire    func(ctx context.Context, scheduled time.Time) error
	poll    func(ctx context.Context) error
	entries []string // "fire <scheduled> at <now>" and "poll <now>", in UTC
	log     bytes.Buffer
}

// run keeps the schedules from the bubble's present until the given time.
func (j *journal) run(config scheduler.Config, until string) {
	j.t.Helper()
	config.LastRun = func(context.Context, time.Time) (time.Time, error) { return j.last, nil }
	config.Fire = func(ctx context.Context, scheduled time.Time) error {
		j.note("fire " + stamp(scheduled) + " at")
		if j.fire != nil {
			return j.fire(ctx, scheduled)
		}
		return nil
	}
	if j.poll != nil {
		config.Poll = func(ctx context.Context) error {
			j.note("poll")
			return j.poll(ctx)
		}
	}
	config.Logger = slog.New(slog.NewTextHandler(&j.log, nil))
	ctx, cancel := context.WithDeadline(j.t.Context(), instant(j.t, until))
	defer cancel()
	if err := scheduler.New(config).Run(ctx); err != nil {
		j.t.Errorf("Run = %v, want nil after its context ended", err)
	}
	if now := stamp(time.Now()); now != stamp(instant(j.t, until)) {
		j.t.Errorf("Run returned at %s, want %s", now, until)
	}
}

func (j *journal) note(what string) { j.entries = append(j.entries, what+" "+stamp(time.Now())) }

func (j *journal) expect(want ...string) {
	j.t.Helper()
	if diff := cmp.Diff(want, j.entries); diff != "" {
		j.t.Errorf("what was called (-want +got):\n%s", diff)
	}
}

func stamp(t time.Time) string { return t.UTC().Format("01-02T15:04:05") }

// at runs f in a bubble in which it is the given time.
func at(t *testing.T, now string, f func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(instant(t, now)))
		f(t)
	})
}

func succeed(context.Context) error { return nil }

func TestRunFiresEveryFridayThroughClockChanges(t *testing.T) {
	tests := []struct {
		zone         string
		start, until string
		want         []string
	}{{
		zone: "Europe/Berlin", start: "2026-03-15T00:00:00Z", until: "2026-04-12T00:00:00Z",
		want: []string{
			"fire 03-20T08:00:00 at 03-20T08:00:00", "fire 03-27T08:00:00 at 03-27T08:00:00",
			"fire 04-03T07:00:00 at 04-03T07:00:00", "fire 04-10T07:00:00 at 04-10T07:00:00",
		},
	}, {
		zone: "Europe/Berlin", start: "2026-10-18T00:00:00Z", until: "2026-11-08T00:00:00Z",
		want: []string{
			"fire 10-23T07:00:00 at 10-23T07:00:00", "fire 10-30T08:00:00 at 10-30T08:00:00",
			"fire 11-06T08:00:00 at 11-06T08:00:00",
		},
	}, {
		zone: "America/New_York", start: "2026-03-01T00:00:00Z", until: "2026-03-15T00:00:00Z",
		want: []string{"fire 03-06T14:00:00 at 03-06T14:00:00", "fire 03-13T13:00:00 at 03-13T13:00:00"},
	}, {
		zone: "America/New_York", start: "2026-10-25T00:00:00Z", until: "2026-11-08T00:00:00Z",
		want: []string{"fire 10-30T13:00:00 at 10-30T13:00:00", "fire 11-06T14:00:00 at 11-06T14:00:00"},
	}, {
		zone: "Asia/Shanghai", start: "2026-03-22T00:00:00Z", until: "2026-04-05T00:00:00Z",
		want: []string{"fire 03-27T01:00:00 at 03-27T01:00:00", "fire 04-03T01:00:00 at 04-03T01:00:00"},
	}}
	for _, tt := range tests {
		t.Run(tt.zone+" "+tt.start, func(t *testing.T) {
			at(t, tt.start, func(t *testing.T) {
				j := &journal{t: t}
				j.run(scheduler.Config{Schedule: parse(t, "0 9 * * FRI", tt.zone)}, tt.until)
				j.expect(tt.want...)
			})
		})
	}
}

func TestRunAfterDowntime(t *testing.T) {
	tests := []struct {
		name       string
		last       string
		start      string
		catchUp    time.Duration
		want       []string // until the Friday after, 27 November
		wantInLogs string
	}{
		{name: "down over Friday", last: "2026-11-13T08:00:00Z", start: "2026-11-20T20:30:00Z", catchUp: 24 * time.Hour,
			want: []string{"fire 11-20T08:00:00 at 11-20T20:30:00", "fire 11-27T08:00:00 at 11-27T08:00:00"}},
		{name: "for three weeks", last: "2026-10-30T08:00:00Z", start: "2026-11-20T20:30:00Z", catchUp: 24 * time.Hour,
			want: []string{"fire 11-20T08:00:00 at 11-20T20:30:00", "fire 11-27T08:00:00 at 11-27T08:00:00"}},
		{name: "too late", last: "2026-11-13T08:00:00Z", start: "2026-11-21T08:00:01Z", catchUp: 24 * time.Hour,
			want: []string{"fire 11-27T08:00:00 at 11-27T08:00:00"}, wantInLogs: "too long ago to catch up"},
		{name: "restarted after it fired", last: "2026-11-20T08:00:00Z", start: "2026-11-20T08:00:30Z", catchUp: 24 * time.Hour,
			want: []string{"fire 11-27T08:00:00 at 11-27T08:00:00"}},
		{name: "no catching up wanted", last: "2026-11-13T08:00:00Z", start: "2026-11-20T08:03:00Z",
			want: []string{"fire 11-27T08:00:00 at 11-27T08:00:00"}, wantInLogs: "too long ago to catch up"},
		{name: "a restart of a minute is no downtime", last: "2026-11-13T08:00:00Z", start: "2026-11-20T08:01:00Z",
			want: []string{"fire 11-20T08:00:00 at 11-20T08:01:00", "fire 11-27T08:00:00 at 11-27T08:00:00"}},
		{name: "first start ever", start: "2026-11-20T20:30:00Z", catchUp: 24 * time.Hour,
			want: []string{"fire 11-27T08:00:00 at 11-27T08:00:00"}},
		{name: "recorded while the clock was years ahead", last: "2030-11-15T08:00:00Z", start: "2026-11-20T20:30:00Z", catchUp: 24 * time.Hour,
			want: []string{"fire 11-27T08:00:00 at 11-27T08:00:00"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			at(t, tt.start, func(t *testing.T) {
				j := &journal{t: t}
				if tt.last != "" {
					j.last = instant(t, tt.last)
				}
				j.run(scheduler.Config{Schedule: parse(t, "0 9 * * FRI", "Europe/Berlin"), CatchUp: tt.catchUp}, "2026-11-27T12:00:00Z")
				j.expect(tt.want...)
				if logs := j.log.String(); strings.Contains(logs, "too long ago") != (tt.wantInLogs != "") {
					t.Errorf("log:\n%s\nwant in it: %q", logs, tt.wantInLogs)
				}
			})
		})
	}
}

func TestRunPollsAtTheStartOnScheduleAndBeforeFiring(t *testing.T) {
	at(t, "2026-11-20T07:20:00Z", func(t *testing.T) {
		j := &journal{t: t, poll: succeed}
		j.run(scheduler.Config{
			Schedule:     parse(t, "0 9 * * FRI", "Europe/Berlin"),
			PollSchedule: parse(t, "@every 15m", "Europe/Berlin"),
		}, "2026-11-20T08:20:00Z")
		j.expect("poll 11-20T07:20:00", "poll 11-20T07:35:00", "poll 11-20T07:50:00",
			"poll 11-20T08:00:00", "fire 11-20T08:00:00 at 11-20T08:00:00", "poll 11-20T08:15:00")
	})
}

// Whoever asks during the poll before a run, or during Fire, hears that the run is under way.
func TestIsFiring(t *testing.T) {
	at(t, "2026-11-20T07:59:00Z", func(t *testing.T) {
		var s *scheduler.Scheduler
		var got []string
		note := func(what string) error {
			got = append(got, fmt.Sprintf("%s %v", what, s.IsFiring()))
			return nil
		}
		s = scheduler.New(scheduler.Config{
			Schedule:   parse(t, "0 9 * * FRI", "Europe/Berlin"),
			LastRun:    func(context.Context, time.Time) (time.Time, error) { return time.Time{}, nil },
			Poll:       func(context.Context) error { return note("poll") },
			PollBefore: func(context.Context, time.Time) error { return note("poll before") },
			Fire:       func(context.Context, time.Time) error { return note("fire") },
			Logger:     slog.New(slog.DiscardHandler),
		})
		ctx, cancel := context.WithDeadline(t.Context(), instant(t, "2026-11-20T08:01:00Z"))
		defer cancel()
		if err := s.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if err := note("afterwards"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"poll false", "poll before true", "fire true", "afterwards false"}, got); diff != "" {
			t.Errorf("runs under way (-want +got):\n%s", diff)
		}
	})
}

func TestRunPollsBeforeCatchingUp(t *testing.T) {
	at(t, "2026-11-20T10:00:00Z", func(t *testing.T) {
		j := &journal{t: t, poll: succeed, last: instant(t, "2026-11-13T08:00:00Z")}
		j.run(scheduler.Config{Schedule: parse(t, "0 9 * * FRI", "Europe/Berlin"), CatchUp: time.Hour * 24}, "2026-11-21T00:00:00Z")
		j.expect("poll 11-20T10:00:00", "fire 11-20T08:00:00 at 11-20T10:00:00")
	})
}

func TestRunTriesAgainUntilFireSucceeds(t *testing.T) {
	at(t, "2026-11-20T07:59:00Z", func(t *testing.T) {
		failures := 2
		j := &journal{t: t, fire: func(context.Context, time.Time) error {
			if failures--; failures >= 0 {
				return errors.New("database is locked")
			}
			return nil
		}}
		j.run(scheduler.Config{Schedule: parse(t, "0 9 * * FRI", "Europe/Berlin"), CatchUp: time.Hour}, "2026-11-20T12:00:00Z")
		j.expect("fire 11-20T08:00:00 at 11-20T08:00:00", "fire 11-20T08:00:00 at 11-20T08:01:00", "fire 11-20T08:00:00 at 11-20T08:02:00")
		if got := strings.Count(j.log.String(), "database is locked"); got != 2 {
			t.Errorf("%d log lines have the error, want 2:\n%s", got, &j.log)
		}
	})
}

func TestRunGivesUpWhenCatchUpIsOver(t *testing.T) {
	at(t, "2026-11-20T07:59:00Z", func(t *testing.T) {
		j := &journal{t: t, fire: func(context.Context, time.Time) error { panic("broken") }}
		j.run(scheduler.Config{Schedule: parse(t, "0 9 * * FRI", "Europe/Berlin"), CatchUp: 3 * time.Minute}, "2026-11-20T12:00:00Z")
		j.expect("fire 11-20T08:00:00 at 11-20T08:00:00", "fire 11-20T08:00:00 at 11-20T08:01:00",
			"fire 11-20T08:00:00 at 11-20T08:02:00", "fire 11-20T08:00:00 at 11-20T08:03:00")
		for _, want := range []string{"panic: broken", "too long ago to catch up"} {
			if !strings.Contains(j.log.String(), want) {
				t.Errorf("log lacks %q:\n%s", want, &j.log)
			}
		}
	})
}

func TestRunFiresThoughPollFails(t *testing.T) {
	polls := map[string]func(ctx context.Context) error{
		"with an error": func(context.Context) error { return errors.New("folder is gone") },
		"with a panic":  func(context.Context) error { panic("hostile document") },
	}
	for name, poll := range polls {
		t.Run(name, func(t *testing.T) {
			at(t, "2026-11-20T07:59:30Z", func(t *testing.T) {
				j := &journal{t: t, poll: poll}
				j.run(scheduler.Config{Schedule: parse(t, "0 9 * * FRI", "Europe/Berlin")}, "2026-11-20T08:30:00Z")
				j.expect("poll 11-20T07:59:30", "poll 11-20T08:00:00", "fire 11-20T08:00:00 at 11-20T08:00:00")
			})
		})
	}
}

func TestRunCutsOffAPollThatHangs(t *testing.T) {
	at(t, "2026-11-20T07:00:00Z", func(t *testing.T) {
		j := &journal{t: t, poll: func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}}
		j.run(scheduler.Config{Schedule: parse(t, "0 9 * * FRI", "Europe/Berlin"), CatchUp: time.Hour}, "2026-11-20T09:00:00Z")
		j.expect("poll 11-20T07:00:00", "poll 11-20T08:00:00", "fire 11-20T08:00:00 at 11-20T08:05:00")
	})
}

// A run that lasts longer than the interval delays the next one, which never runs
// beside it. What became due meanwhile is made up for once.
func TestRunNeverOverlaps(t *testing.T) {
	at(t, "2026-11-20T07:58:30Z", func(t *testing.T) {
		running := 0
		j := &journal{t: t, fire: func(ctx context.Context, _ time.Time) error {
			if running++; running > 1 {
				t.Error("two runs at once")
			}
			select {
			case <-ctx.Done():
			case <-time.After(150 * time.Second):
			}
			running--
			return nil
		}}
		j.run(scheduler.Config{Schedule: parse(t, "* * * * *", "UTC")}, "2026-11-20T08:05:00Z")
		j.expect("fire 11-20T07:59:00 at 11-20T07:59:00", "fire 11-20T08:01:00 at 11-20T08:01:30", "fire 11-20T08:04:00 at 11-20T08:04:00")
	})
}

func TestRunReportsUnreadableLastRun(t *testing.T) {
	broken := errors.New("disk I/O error")
	s := scheduler.New(scheduler.Config{
		LastRun: func(context.Context, time.Time) (time.Time, error) { return time.Time{}, broken },
		Logger:  slog.New(slog.DiscardHandler),
	})
	if err := s.Run(t.Context()); !errors.Is(err, broken) {
		t.Errorf("Run = %v, want %v", err, broken)
	}
}

func TestFireNowWaitsForTheRunUnderWay(t *testing.T) {
	at(t, "2026-11-20T07:59:59.5Z", func(t *testing.T) {
		var fired []string
		s := scheduler.New(scheduler.Config{
			Schedule: parse(t, "0 9 * * FRI", "Europe/Berlin"),
			LastRun:  func(context.Context, time.Time) (time.Time, error) { return time.Time{}, nil },
			Fire: func(_ context.Context, scheduled time.Time) error {
				fired = append(fired, stamp(scheduled)+" at "+stamp(time.Now()))
				time.Sleep(10 * time.Second)
				return nil
			},
			Logger: slog.New(slog.DiscardHandler),
		})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- s.Run(ctx) }()
		time.Sleep(time.Second) // into the scheduled run
		if err := s.FireNow(ctx); err != nil {
			t.Errorf("FireNow = %v", err)
		}
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run = %v", err)
		}
		want := []string{"11-20T08:00:00 at 11-20T08:00:00", "11-20T08:00:10 at 11-20T08:00:10"}
		if diff := cmp.Diff(want, fired); diff != "" {
			t.Errorf("fired (-want +got):\n%s", diff)
		}
		if got := stamp(s.Next(time.Now())); got != "11-27T08:00:00" {
			t.Errorf("Next = %s, want the Friday after", got)
		}
	})
}

func TestPollNowReturnsTheErrorAndCountsAsAPoll(t *testing.T) {
	at(t, "2026-11-16T12:00:00Z", func(t *testing.T) {
		broken := errors.New("folder is gone")
		var polls []string
		s := scheduler.New(scheduler.Config{
			Schedule:     parse(t, "0 9 * * FRI", "Europe/Berlin"),
			PollSchedule: parse(t, "@every 15m", "UTC"),
			LastRun:      func(context.Context, time.Time) (time.Time, error) { return time.Time{}, nil },
			Poll: func(context.Context) error {
				polls = append(polls, stamp(time.Now()))
				return broken
			},
			Logger: slog.New(slog.DiscardHandler),
		})
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Minute)
		defer cancel()
		done := make(chan error)
		go func() { done <- s.Run(ctx) }()
		time.Sleep(10 * time.Minute)
		if err := s.PollNow(ctx); !errors.Is(err, broken) {
			t.Errorf("PollNow = %v, want %v", err, broken)
		}
		if err := <-done; err != nil {
			t.Errorf("Run = %v", err)
		}
		if diff := cmp.Diff([]string{"11-16T12:00:00", "11-16T12:10:00", "11-16T12:25:00"}, polls); diff != "" {
			t.Errorf("polls (-want +got):\n%s", diff)
		}
	})
}
