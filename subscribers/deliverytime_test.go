package subscribers_test

import (
	"errors"
	"testing"
	"time"
	_ "time/tzdata" // the zones must be the same on every machine

	"digestbot/subscribers"
)

func TestDeliveryTimeNext(t *testing.T) {
	const (
		berlin  = "Europe/Berlin"       // 2026: forward on 29 March at 02:00, back on 25 October at 03:00
		newYork = "America/New_York"    // forward on 8 March at 02:00, back on 1 November at 02:00
		howe    = "Australia/Lord_Howe" // half an hour: back on 5 April at 02:00, forward on 4 October at 02:00
		cairo   = "Africa/Cairo"        // forward on Friday, 24 April at 00:00, back on Friday, 30 October at 00:00
		kolkata = "Asia/Kolkata"        // never
		chatham = "Pacific/Chatham"     // 12:45 ahead of UTC
		samoa   = "Pacific/Apia"        // 30 December 2011, a Friday, was left out
		kiribat = "Pacific/Kiritimati"  // 14 hours ahead
		niue    = "Pacific/Niue"        // 11 hours behind
		nowhere = "Nowhere/At_All"      // not on this machine
	)
	for _, test := range []struct {
		name            string
		day             time.Weekday
		hour, minute    int
		zone, due, want string // in UTC
	}{
		{"with the schedule", time.Sunday, 20, 0, "", "2026-11-27T09:00:00Z", "2026-11-27T09:00:00Z"},
		{"unknown zone", time.Sunday, 20, 0, nowhere, "2026-11-27T09:00:00Z", "2026-11-27T09:00:00Z"},
		{"two days later", time.Sunday, 20, 0, berlin, "2026-11-27T09:00:00Z", "2026-11-29T19:00:00Z"},
		{"at that very moment", time.Friday, 10, 0, berlin, "2026-11-27T09:00:00Z", "2026-11-27T09:00:00Z"},
		{"a second too late", time.Friday, 10, 0, berlin, "2026-11-27T09:00:01Z", "2026-12-04T09:00:00Z"},
		{"a fraction too late", time.Friday, 10, 0, berlin, "2026-11-27T09:00:00.1Z", "2026-12-04T09:00:00Z"},
		{"later that day", time.Friday, 23, 59, berlin, "2026-11-27T09:00:00Z", "2026-11-27T22:59:00Z"},
		{"the day before", time.Thursday, 9, 0, berlin, "2026-11-27T09:00:00Z", "2026-12-03T08:00:00Z"},
		{"over the end of the year", time.Friday, 8, 30, kolkata, "2026-12-30T09:00:00Z", "2027-01-01T03:00:00Z"},
		{"tomorrow there already", time.Saturday, 0, 0, kiribat, "2026-11-27T10:00:00Z", "2026-11-27T10:00:00Z"},
		{"yesterday there still", time.Thursday, 23, 0, niue, "2026-11-27T09:00:00Z", "2026-11-27T10:00:00Z"},
		{"odd minutes", time.Saturday, 8, 0, chatham, "2026-11-27T09:00:00Z", "2026-11-27T18:15:00Z"},

		{"clocks go forward: before", time.Sunday, 1, 59, berlin, "2026-03-27T09:00:00Z", "2026-03-29T00:59:00Z"},
		{"clocks go forward: left out", time.Sunday, 2, 0, berlin, "2026-03-27T09:00:00Z", "2026-03-29T01:00:00Z"},
		{"clocks go forward: in the middle of it", time.Sunday, 2, 30, berlin, "2026-03-27T09:00:00Z", "2026-03-29T01:00:00Z"},
		{"clocks go forward: after", time.Sunday, 3, 0, berlin, "2026-03-27T09:00:00Z", "2026-03-29T01:00:00Z"},
		{"clocks go forward: the evening", time.Sunday, 20, 0, berlin, "2026-03-27T09:00:00Z", "2026-03-29T18:00:00Z"},
		{"clocks go back: before", time.Sunday, 1, 59, berlin, "2026-10-23T09:00:00Z", "2026-10-24T23:59:00Z"},
		{"clocks go back: the first of two", time.Sunday, 2, 30, berlin, "2026-10-23T09:00:00Z", "2026-10-25T00:30:00Z"},
		{"clocks go back: after", time.Sunday, 3, 0, berlin, "2026-10-23T09:00:00Z", "2026-10-25T02:00:00Z"},
		{"clocks go back: due between the two", time.Sunday, 2, 30, berlin, "2026-10-25T01:00:00Z", "2026-11-01T01:30:00Z"},
		{"New York goes forward", time.Sunday, 2, 30, newYork, "2026-03-06T09:00:00Z", "2026-03-08T07:00:00Z"},
		{"New York goes back", time.Sunday, 1, 30, newYork, "2026-10-30T09:00:00Z", "2026-11-01T05:30:00Z"},
		{"half an hour forward", time.Sunday, 2, 15, howe, "2026-10-02T09:00:00Z", "2026-10-03T15:30:00Z"},
		{"half an hour back", time.Sunday, 1, 45, howe, "2026-04-03T09:00:00Z", "2026-04-04T14:45:00Z"},
		{"midnight is left out", time.Friday, 0, 30, cairo, "2026-04-23T12:00:00Z", "2026-04-23T22:00:00Z"},
		{"midnight comes twice", time.Thursday, 23, 30, cairo, "2026-10-29T12:00:00Z", "2026-10-29T20:30:00Z"},
		{"the week of a change", time.Friday, 9, 0, berlin, "2026-10-23T07:00:01Z", "2026-10-30T08:00:00Z"},
		{"a day is left out", time.Friday, 12, 0, samoa, "2011-12-29T12:00:00Z", "2011-12-30T10:00:00Z"},
	} {
		t.Run(test.name, func(t *testing.T) {
			due, want := moment(t, test.due), moment(t, test.want)
			at := subscribers.DeliveryTime{Weekday: test.day, Minute: 60*test.hour + test.minute, Zone: test.zone}
			if got := at.Next(due); !got.Equal(want) {
				t.Errorf("%v %02d:%02d in %q after %v is %v, want %v", test.day, test.hour, test.minute, test.zone, due, got.UTC(), want)
			}
		})
	}
}

func moment(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func FuzzDeliveryTimeNext(f *testing.F) {
	zones := []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Chatham", "Africa/Casablanca", "Asia/Gaza", "UTC"}
	for i := range zones {
		f.Add(int64(1_774_602_000+i*86_400), uint8(i), uint16(150))
		f.Add(int64(1_792_746_000+i*86_400), uint8(i), uint16(30))
	}
	f.Fuzz(func(t *testing.T, seconds int64, choice uint8, minute uint16) {
		const years = 100 * 365 * 86_400
		due := time.Unix(1_600_000_000+(seconds%years+years)%years, 0)
		at := subscribers.DeliveryTime{
			Weekday: time.Weekday(choice % 7), Minute: int(minute) % (24 * 60), Zone: zones[int(choice)%len(zones)],
		}
		next := at.Next(due)
		if next.Before(due) || next.After(due.Add((7*24+1)*time.Hour)) {
			t.Errorf("%+v after %v is %v, want it within the week after", at, due, next)
		}
		if again := at.Next(next); !again.Equal(next) {
			t.Errorf("%+v after %v is %v, want that moment itself", at, next, again)
		}
		if shown := 60*next.Hour() + next.Minute(); next.Weekday() != at.Weekday || shown != at.Minute {
			// The clocks skip it, so it is the moment at which they are changed.
			changed, _ := next.ZoneBounds()
			if !changed.Equal(next) || shown < at.Minute {
				t.Errorf("%+v after %v is %v", at, due, next)
			}
		}
		if earlier := next.Add(-time.Hour); !earlier.Before(due) && earlier.Weekday() == at.Weekday && 60*earlier.Hour()+earlier.Minute() == at.Minute {
			t.Errorf("%+v after %v is %v, the second of two", at, due, next)
		}
	})
}

func TestSetDeliveryTime(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	subs := subscribe(t, store, 4)
	sunday := subscribers.DeliveryTime{Weekday: time.Sunday, Minute: 20 * 60, Zone: "Europe/Berlin"}
	monday := subscribers.DeliveryTime{Weekday: time.Monday, Minute: 1439, Zone: "UTC"}
	for i, at := range []subscribers.DeliveryTime{sunday, monday, sunday, {}} {
		if err := store.SetDeliveryTime(ctx, subs[i].ID, at); err != nil {
			t.Fatal(err)
		}
		if got := must(store.Recipient(ctx, subs[i].ID))(t).Delivery; got != at {
			t.Errorf("delivery time is %+v, want %+v", got, at)
		}
	}
	times := must(store.DeliveryTimes(ctx))(t)
	if len(times) != 2 || times[0] != sunday || times[1] != monday {
		t.Errorf("DeliveryTimes = %+v, want %+v and %+v", times, sunday, monday)
	}
	if err := store.SetDeliveryTime(ctx, subs[1].ID, subscribers.DeliveryTime{}); err != nil {
		t.Fatal(err)
	}
	if times := must(store.DeliveryTimes(ctx))(t); len(times) != 1 {
		t.Errorf("DeliveryTimes = %+v, want only %+v", times, sunday)
	}
	for _, wrong := range []subscribers.DeliveryTime{
		{Weekday: 7, Zone: "UTC"}, {Weekday: -1, Zone: "UTC"}, {Minute: 1440, Zone: "UTC"}, {Minute: -1, Zone: "UTC"},
		{Minute: 5}, {Zone: "Local"}, {Zone: "Nowhere/At_All"}, {Zone: "../etc/passwd"},
	} {
		if err := store.SetDeliveryTime(ctx, subs[0].ID, wrong); !errors.Is(err, subscribers.ErrDeliveryTime) {
			t.Errorf("SetDeliveryTime(%+v) = %v, want ErrDeliveryTime", wrong, err)
		}
	}
	if err := store.SetDeliveryTime(ctx, 999, sunday); !errors.Is(err, subscribers.ErrNotFound) {
		t.Errorf("SetDeliveryTime of an unknown subscriber: %v, want ErrNotFound", err)
	}
}
