package walltime_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the zones must be the same on every machine

	"digestbot/scheduler/walltime"
)

// layout shows everything a mistake about clock changes would alter.
const layout = "Mon 2006-01-02 15:04:05 -0700"

func TestFirst(t *testing.T) {
	for _, test := range []struct{ name, zone, wall, want string }{
		{"an ordinary day", "Europe/Berlin", "2026-11-27 09:00", "Fri 2026-11-27 09:00:00 +0100"},
		{"before clocks go forward", "Europe/Berlin", "2026-03-29 01:59", "Sun 2026-03-29 01:59:00 +0100"},
		{"the first minute that is skipped", "Europe/Berlin", "2026-03-29 02:00", "Sun 2026-03-29 03:00:00 +0200"},
		{"the last minute that is skipped", "Europe/Berlin", "2026-03-29 02:59", "Sun 2026-03-29 03:00:00 +0200"},
		{"after clocks went forward", "Europe/Berlin", "2026-03-29 03:00", "Sun 2026-03-29 03:00:00 +0200"},
		{"before clocks go back", "Europe/Berlin", "2026-10-25 01:59", "Sun 2026-10-25 01:59:00 +0200"},
		{"the first minute that comes twice", "Europe/Berlin", "2026-10-25 02:00", "Sun 2026-10-25 02:00:00 +0200"},
		{"the last minute that comes twice", "Europe/Berlin", "2026-10-25 02:59", "Sun 2026-10-25 02:59:00 +0200"},
		{"after clocks went back", "Europe/Berlin", "2026-10-25 03:00", "Sun 2026-10-25 03:00:00 +0100"},
		{"midnight is skipped", "Africa/Cairo", "2026-04-24 00:00", "Fri 2026-04-24 01:00:00 +0300"},
		{"half an hour is skipped", "Australia/Lord_Howe", "2026-10-04 02:10", "Sun 2026-10-04 02:30:00 +1100"},
		{"half an hour comes twice", "Australia/Lord_Howe", "2026-04-05 01:45", "Sun 2026-04-05 01:45:00 +1100"},
		{"a day is skipped", "Pacific/Apia", "2011-12-30 12:00", "Sat 2011-12-31 00:00:00 +1400"},
		{"far ahead of UTC", "Pacific/Kiritimati", "2026-11-27 00:00", "Fri 2026-11-27 00:00:00 +1400"},
		{"far behind UTC", "Pacific/Niue", "2026-11-27 23:59", "Fri 2026-11-27 23:59:00 -1100"},
	} {
		t.Run(test.name, func(t *testing.T) {
			location, err := time.LoadLocation(test.zone)
			if err != nil {
				t.Fatal(err)
			}
			wall, err := time.Parse("2006-01-02 15:04", test.wall)
			if err != nil {
				t.Fatal(err)
			}
			if got := walltime.First(wall, location).Format(layout); got != test.want {
				t.Errorf("First(%s, %s) = %s, want %s", test.wall, test.zone, got, test.want)
			}
		})
	}
}

// FuzzFirst: the moment is the first one at which the clocks have come to the
// wall time.
func FuzzFirst(f *testing.F) {
	zones := []string{"UTC", "Europe/Berlin", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe",
		"Pacific/Chatham", "Africa/Casablanca", "Asia/Gaza", "Pacific/Apia"}
	for i := range zones {
		f.Add(int64(1_774_746_000+i*1800), uint8(i))
		f.Add(int64(1_792_890_000+i*1800), uint8(i))
	}
	f.Fuzz(func(t *testing.T, seconds int64, zone uint8) {
		location, err := time.LoadLocation(zones[int(zone)%len(zones)])
		if err != nil {
			t.Fatal(err)
		}
		const years = 100 * 365 * 86_400
		wall := time.Unix(1_300_000_000+(seconds%years+years)%years, 0).UTC()
		first := walltime.First(wall, location)
		if shown := walltime.Of(first); shown.Before(wall) {
			t.Errorf("First(%s, %s) = %s, when clocks show %s", wall, location, first, shown)
		}
		before := first.Add(-time.Second)
		if shown := walltime.Of(before); !shown.Before(wall) {
			t.Errorf("First(%s, %s) = %s, but a second before clocks show %s", wall, location, first, shown)
		}
	})
}
