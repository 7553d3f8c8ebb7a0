package reader

import (
	"golang.org/x/text/language"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones must be the same on every machine

	"digestbot/bot/talk"
)

// Languages name cities of zones that there are, and all of them if they are not written
// in Latin letters.
func TestCitiesOfZones(t *testing.T) {
	c, err := talk.NewCatalog("")
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range c.Tags {
		s := c.SpeakerOf(tag, time.UTC)
		var named []string
		for line := range strings.Lines(s.Plain("zone.names")) {
			zone, city, _ := strings.Cut(strings.TrimSpace(line), " ")
			if !slices.Contains(zones, zone) || city == "" || slices.Contains(named, zone) {
				t.Errorf("%s: %q names no zone, or again", tag, line)
			}
			if got := s.City(zone); got != city {
				t.Errorf("%s: %s is called %q, want %q", tag, zone, got, city)
			}
			named = append(named, zone)
		}
		if script, _ := tag.Script(); script == language.MustParseScript("Latn") {
			continue
		}
		for _, zone := range zones {
			if !slices.Contains(named, zone) {
				t.Errorf("%s: %s has no name", tag, zone)
			}
		}
	}
	english := c.Speaker("en", time.UTC)
	for zone, want := range map[string]string{"Europe/Isle_of_Man": "Isle of Man", "America/New_York": "New York", "UTC": "UTC", "": ""} {
		if got := english.City(zone); got != want {
			t.Errorf("%q is called %q, want %q", zone, got, want)
		}
	}
}

func TestZones(t *testing.T) {
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	on := make(map[string]int)
	for page := range int64(len(zoneRegions) + 1) {
		buttons := zonePage(page, "UTC", now)
		// A keyboard has at most 100 buttons; those of the regions come after.
		if len(buttons) < 5 || len(buttons)+len(zoneRegions)+1 > 100 {
			t.Errorf("page %d has %d zones", page, len(buttons))
		}
		for _, zone := range buttons {
			if name, ok := numberedZone(zone.number, "UTC"); !ok || name != zone.name {
				t.Errorf("the button of %s chooses %q", zone.name, name)
			}
			if page > 0 {
				on[zone.name]++
			}
		}
	}
	for _, name := range zones {
		if _, err := time.LoadLocation(name); err != nil {
			t.Error(err)
		}
		if on[name] != 1 && name != "UTC" {
			t.Errorf("%s is on %d pages of regions, want one", name, on[name])
		}
	}
	if sorted := slices.Compact(slices.Sorted(slices.Values(zones))); len(sorted) != len(zones) {
		t.Errorf("there are %d zones and %d names of them", len(zones), len(sorted))
	}
	for _, name := range usualZones {
		if !slices.Contains(zones, name) {
			t.Errorf("%s has no number", name)
		}
	}
}

// The bot's own time zone is the first to choose, whichever it is.
func TestOwnZoneIsFirst(t *testing.T) {
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	for _, own := range []string{"Europe/Berlin", "Europe/Luxembourg", "America/Indiana/Knox"} {
		buttons := zonePage(0, own, now)
		if buttons[0].name != own {
			t.Errorf("the first zone is %s, want the bot's own, %s", buttons[0].name, own)
		}
		if name, ok := numberedZone(buttons[0].number, own); !ok || name != own {
			t.Errorf("its button chooses %q, want %s", name, own)
		}
	}
	// What a machine calls local has no name, and is not offered.
	if buttons := zonePage(0, "Local", now); buttons[0].name != usualZones[0] {
		t.Errorf("the first zone is %s, want %s", buttons[0].name, usualZones[0])
	}
	for _, n := range []int64{int64(len(zones)), ownZone - 1, ownZone} {
		if name, ok := numberedZone(n, "Local"); ok {
			t.Errorf("zone %d is %q, want none", n, name)
		}
	}
}
