package scheduler_test

import (
	"cmp"
	"testing"
	"time"
)

func TestMissed(t *testing.T) {
	tests := []struct {
		name       string
		expression string // default: 0 9 * * FRI
		zone       string // default: Europe/Berlin
		last, now  string // RFC 3339; last "": never ran
		catchUp    time.Duration
		want       string // RFC 3339 in UTC; "": nothing
	}{
		{name: "never ran", now: "2026-11-20T10:00:00Z", catchUp: 24 * time.Hour},
		{name: "ran already", last: "2026-11-20T08:00:00Z", now: "2026-11-20T10:00:00Z", catchUp: 24 * time.Hour},
		{name: "not yet due", last: "2026-11-13T08:00:00Z", now: "2026-11-20T07:59:59Z", catchUp: 24 * time.Hour},
		{name: "due this second", last: "2026-11-13T08:00:00Z", now: "2026-11-20T08:00:00Z", catchUp: 24 * time.Hour,
			want: "2026-11-20T08:00:00Z"},
		{name: "two hours late", last: "2026-11-13T08:00:00Z", now: "2026-11-20T10:00:00Z", catchUp: 24 * time.Hour,
			want: "2026-11-20T08:00:00Z"},
		{name: "as late as allowed", last: "2026-11-13T08:00:00Z", now: "2026-11-21T08:00:00Z", catchUp: 24 * time.Hour,
			want: "2026-11-20T08:00:00Z"},
		{name: "a second later than allowed", last: "2026-11-13T08:00:00Z", now: "2026-11-21T08:00:01Z", catchUp: 24 * time.Hour},
		{name: "newest of several", last: "2026-10-02T07:00:00Z", now: "2026-11-20T10:00:00Z", catchUp: 60 * 24 * time.Hour,
			want: "2026-11-20T08:00:00Z"},
		{name: "an older one does not count for the newest", last: "2026-10-02T07:00:00Z", now: "2026-11-19T10:00:00Z", catchUp: 24 * time.Hour},
		{name: "last in the future", last: "2027-01-01T08:00:00Z", now: "2026-11-20T10:00:00Z", catchUp: 24 * time.Hour},
		{name: "first Friday after spring change", last: "2026-03-27T08:00:00Z", now: "2026-04-03T07:30:00Z", catchUp: time.Hour,
			want: "2026-04-03T07:00:00Z"},
		{name: "first Friday after autumn change", last: "2026-10-23T07:00:00Z", now: "2026-10-30T07:30:00Z", catchUp: 24 * time.Hour},
		{name: "Friday without midnight in Cairo", zone: "Africa/Cairo", last: "2026-04-17T07:00:00Z", now: "2026-04-24T12:00:00Z",
			catchUp: 24 * time.Hour, want: "2026-04-24T06:00:00Z"},
		{name: "catch-up begins inside the hour that is skipped", expression: "30 2 * * SUN", last: "2026-03-22T01:30:00Z",
			now: "2026-03-29T01:10:00Z", catchUp: 10 * time.Minute, want: "2026-03-29T01:00:00Z"},
		{name: "second pass of an hour that comes twice", expression: "30 2 * * SUN", last: "2026-10-25T00:30:00Z",
			now: "2026-10-25T01:45:00Z", catchUp: 24 * time.Hour},
		{name: "end of month", expression: "0 9 31 * *", last: "2026-08-31T07:00:00Z", now: "2026-10-01T00:00:00Z", catchUp: 24 * time.Hour},
		{name: "last day of the year", expression: "0 23 31 12 *", last: "2025-12-31T22:00:00Z", now: "2027-01-01T08:00:00Z",
			catchUp: 24 * time.Hour, want: "2026-12-31T22:00:00Z"},
		{name: "weeks by interval are counted from the last run", expression: "@every 168h", last: "2026-11-01T12:00:00Z",
			now: "2026-11-15T13:00:00Z", catchUp: 24 * time.Hour, want: "2026-11-15T12:00:00Z"},
		{name: "interval too long ago", expression: "@every 168h", last: "2026-11-01T12:00:00Z", now: "2026-11-17T12:00:00Z", catchUp: 24 * time.Hour},
		{name: "every minute for ten years", expression: "* * * * *", last: "2016-11-01T12:00:00Z", now: "2026-11-17T12:00:30Z",
			catchUp: time.Hour, want: "2026-11-17T12:00:00Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			schedule := parse(t, cmp.Or(tt.expression, "0 9 * * FRI"), cmp.Or(tt.zone, "Europe/Berlin"))
			var last time.Time
			if tt.last != "" {
				last = instant(t, tt.last)
			}
			run, missed := schedule.Missed(last, instant(t, tt.now), tt.catchUp)
			got := ""
			if missed {
				got = run.UTC().Format(time.RFC3339)
			}
			if got != tt.want || missed == run.IsZero() {
				t.Errorf("Missed(%s, %s, %s) = %q, %t, want %q", tt.last, tt.now, tt.catchUp, got, missed, tt.want)
			}
		})
	}
}
