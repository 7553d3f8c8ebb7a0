package scheduler_test

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones must be the same on every machine

	"github.com/google/go-cmp/cmp"

	"digestbot/scheduler"
)

// layout shows everything a mistake about clock changes would alter.
const layout = "Mon 2006-01-02 15:04:05 -0700"

var nextTests = []struct {
	name       string
	expression string
	zone       string
	after      string // RFC 3339
	want       []string
}{{
	name:       "every Friday through the spring change in Berlin",
	expression: "0 9 * * FRI", zone: "Europe/Berlin", after: "2026-03-20T00:00:00Z",
	want: []string{"Fri 2026-03-20 09:00:00 +0100", "Fri 2026-03-27 09:00:00 +0100", "Fri 2026-04-03 09:00:00 +0200"},
}, {
	name:       "every Friday through the autumn change in Berlin",
	expression: "0 9 * * FRI", zone: "Europe/Berlin", after: "2026-10-23T08:00:00Z",
	want: []string{"Fri 2026-10-30 09:00:00 +0100", "Fri 2026-11-06 09:00:00 +0100"},
}, {
	name:       "every Friday through the spring change in New York",
	expression: "0 9 * * 5", zone: "America/New_York", after: "2026-03-06T00:00:00Z",
	want: []string{"Fri 2026-03-06 09:00:00 -0500", "Fri 2026-03-13 09:00:00 -0400"},
}, {
	name:       "every Friday through the autumn change in New York",
	expression: "0 9 * * 5", zone: "America/New_York", after: "2026-10-30T00:00:00Z",
	want: []string{"Fri 2026-10-30 09:00:00 -0400", "Fri 2026-11-06 09:00:00 -0500"},
}, {
	name:       "no clock changes in Shanghai",
	expression: "0 9 * * FRI", zone: "Asia/Shanghai", after: "2026-03-25T00:00:00Z",
	want: []string{"Fri 2026-03-27 09:00:00 +0800", "Fri 2026-04-03 09:00:00 +0800"},
}, {
	name:       "a Friday without midnight in Cairo",
	expression: "0 9 * * FRI", zone: "Africa/Cairo", after: "2026-04-17T12:00:00Z",
	want: []string{"Fri 2026-04-24 09:00:00 +0300", "Fri 2026-05-01 09:00:00 +0300"},
}, {
	name:       "midnight that is skipped",
	expression: "0 0 * * FRI", zone: "Africa/Cairo", after: "2026-04-17T12:00:00Z",
	want: []string{"Fri 2026-04-24 01:00:00 +0300", "Fri 2026-05-01 00:00:00 +0300"},
}, {
	name:       "a time that is skipped is due when clocks change",
	expression: "30 2 * * SUN", zone: "Europe/Berlin", after: "2026-03-28T00:00:00Z",
	want: []string{"Sun 2026-03-29 03:00:00 +0200", "Sun 2026-04-05 02:30:00 +0200"},
}, {
	name:       "several skipped times are due once",
	expression: "15,30 2,3 * * SUN", zone: "America/New_York", after: "2026-03-08T00:00:00Z",
	want: []string{"Sun 2026-03-08 03:00:00 -0400", "Sun 2026-03-08 03:15:00 -0400", "Sun 2026-03-08 03:30:00 -0400", "Sun 2026-03-15 02:15:00 -0400"},
}, {
	name:       "a time that comes twice is due the first time",
	expression: "30 2 * * SUN", zone: "Europe/Berlin", after: "2026-10-24T00:00:00Z",
	want: []string{"Sun 2026-10-25 02:30:00 +0200", "Sun 2026-11-01 02:30:00 +0100"},
}, {
	name:       "every hour has no gap in spring",
	expression: "0 * * * *", zone: "Europe/Berlin", after: "2026-03-29T00:00:00Z",
	want: []string{"Sun 2026-03-29 03:00:00 +0200", "Sun 2026-03-29 04:00:00 +0200"},
}, {
	name:       "every hour has no gap in autumn",
	expression: "0 * * * *", zone: "Europe/Berlin", after: "2026-10-24T23:30:00Z",
	want: []string{"Sun 2026-10-25 02:00:00 +0200", "Sun 2026-10-25 02:00:00 +0100", "Sun 2026-10-25 03:00:00 +0100"},
}, {
	name:       "every hour of a Friday without midnight",
	expression: "30 * * * FRI", zone: "Africa/Cairo", after: "2026-04-23T12:00:00Z",
	want: []string{"Fri 2026-04-24 01:30:00 +0300", "Fri 2026-04-24 02:30:00 +0300"},
}, {
	name:       "half an hour is skipped on Lord Howe Island",
	expression: "10,40 2 * * *", zone: "Australia/Lord_Howe", after: "2026-10-03T00:00:00Z",
	want: []string{"Sun 2026-10-04 02:30:00 +1100", "Sun 2026-10-04 02:40:00 +1100", "Mon 2026-10-05 02:10:00 +1100"},
}, {
	name:       "a month without a 31st",
	expression: "0 9 31 * *", zone: "UTC", after: "2026-01-31T09:00:00Z",
	want: []string{"Tue 2026-03-31 09:00:00 +0000", "Sun 2026-05-31 09:00:00 +0000"},
}, {
	name:       "leap day",
	expression: "0 9 29 2 *", zone: "Asia/Shanghai", after: "2026-01-01T00:00:00Z",
	want: []string{"Tue 2028-02-29 09:00:00 +0800", "Sun 2032-02-29 09:00:00 +0800"},
}, {
	name:       "over New Year",
	expression: "0 0 * * FRI", zone: "Asia/Shanghai", after: "2026-12-25T00:00:00Z",
	want: []string{"Fri 2027-01-01 00:00:00 +0800"},
}, {
	name:       "weekly",
	expression: "@weekly", zone: "Europe/Berlin", after: "2026-03-25T00:00:00Z",
	want: []string{"Sun 2026-03-29 00:00:00 +0100", "Sun 2026-04-05 00:00:00 +0200"},
}, {
	name:       "every 15 minutes",
	expression: "@every 15m", zone: "Europe/Berlin", after: "2026-03-29T00:50:07Z",
	want: []string{"Sun 2026-03-29 03:05:07 +0200", "Sun 2026-03-29 03:20:07 +0200"},
}}

func TestNext(t *testing.T) {
	for _, tt := range nextTests {
		t.Run(tt.name, func(t *testing.T) {
			schedule := parse(t, tt.expression, tt.zone)
			var got []string
			for at := instant(t, tt.after); len(got) < len(tt.want); {
				at = schedule.Next(at)
				got = append(got, at.Format(layout))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%q in %s after %s (-want +got):\n%s", tt.expression, tt.zone, tt.after, diff)
			}
		})
	}
}

func TestNextOfZeroScheduleIsNever(t *testing.T) {
	if got := (scheduler.Schedule{}).Next(time.Now()); !got.IsZero() {
		t.Errorf("Schedule{}.Next = %s, want the zero time", got)
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct {
		expression string
		want       string
	}{
		{"", "empty spec string"},
		{"every friday", "expected exactly 5 fields, found 2"},
		{"0 9 * * FRI 2026", "expected exactly 5 fields, found 6"},
		{"0 25 * * FRI", "end of range (25) above maximum (23)"},
		{"0 9 * * FRIDAY", "FRIDAY"},
		{"0 9 30 2 *", "no calendar has that day"},
		{"@fortnightly", "unrecognized descriptor: @fortnightly"},
		{"@every week", `invalid duration "week"`},
		{"@every -15m", "shorter than 1s"},
		{"@every 10ms", "shorter than 1s"},
		{"TZ=Europe/Berlin 0 9 * * FRI", "the time zone is a setting of its own"},
		{"CRON_TZ=UTC", "the time zone is a setting of its own"}, // robfig/cron panics
	}
	for _, tt := range tests {
		t.Run(tt.expression, func(t *testing.T) {
			_, err := scheduler.Parse(tt.expression, time.UTC)
			if err == nil {
				t.Fatalf("Parse(%q) succeeded", tt.expression)
			}
			for _, want := range []string{tt.want, "is not a schedule", "0 9 * * FRI", "@every 15m"} {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("Parse(%q) = %q, want it to mention %q", tt.expression, err, want)
				}
			}
		})
	}
}

func TestLocation(t *testing.T) {
	local, err := scheduler.Location("")
	if err != nil || local != time.Local {
		t.Errorf(`Location("") = %v, %v, want the machine's zone`, local, err)
	}
	shanghai, err := scheduler.Location("Asia/Shanghai")
	if err != nil || shanghai.String() != "Asia/Shanghai" {
		t.Errorf("Location(Asia/Shanghai) = %v, %v", shanghai, err)
	}
	for _, name := range []string{"Europe/Berln", "../etc/passwd", "Friday"} {
		_, err := scheduler.Location(name)
		if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "Europe/Berlin") {
			t.Errorf("Location(%q) = %v, want an error with the name and an example", name, err)
		}
	}
}

// FuzzNext: whatever can be parsed has a next run strictly later, and it is
// the same run seen from any moment before it.
func FuzzNext(f *testing.F) {
	zones := []string{"UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Africa/Cairo",
		"Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca", "Asia/Kathmandu"}
	for i, expression := range []string{"0 9 * * FRI", "30 2 * * *", "0 0 * * *", "*/20 * * * *", "5 */6 1,15 * MON",
		"@weekly", "@every 15m", "15,45 1-3 * 3,10,11 SUN", "* * * * *", "0 9 29 2 *"} {
		f.Add(expression, uint8(i), int64(1774746000+i*3600)) // the night clocks change in Europe
	}
	f.Fuzz(func(t *testing.T, expression string, zone uint8, unix int64) {
		location, err := scheduler.Location(zones[int(zone)%len(zones)])
		if err != nil {
			t.Fatal(err)
		}
		schedule, err := scheduler.Parse(expression, location)
		if err != nil || strings.HasPrefix(strings.TrimSpace(expression), "@every") {
			return // an interval is counted from the moment asked about
		}
		start := time.Unix(1767225600+(unix&0xffff_ffff)%(5*365*86400), 0) // 2026 to 2030
		next := schedule.Next(start)
		if next.IsZero() {
			return // a leap day beyond the horizon of robfig/cron
		}
		if !next.After(start) {
			t.Fatalf("%q in %s: Next(%s) = %s, want later", expression, location, start, next)
		}
		for _, between := range []time.Time{start.Add(next.Sub(start) / 2), next.Add(-time.Second)} {
			if got := schedule.Next(between); between.After(start) && !got.Equal(next) {
				t.Errorf("%q in %s: Next(%s) = %s, but Next(%s) = %s", expression, location, between, got, start, next)
			}
		}
	})
}

func parse(t testing.TB, expression, zone string) scheduler.Schedule {
	t.Helper()
	location, err := scheduler.Location(zone)
	if err != nil {
		t.Fatal(err)
	}
	schedule, err := scheduler.Parse(expression, location)
	if err != nil {
		t.Fatal(err)
	}
	return schedule
}

func instant(t testing.TB, rfc3339 string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
