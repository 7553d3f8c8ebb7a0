package talk

import (
	"slices"
	"testing"
	"time"
	_ "time/tzdata" // the zones must be the same on every machine

	"golang.org/x/text/language"
)

func TestZones(t *testing.T) {
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	on := make(map[string]int)
	for page := range int64(len(ZoneRegions) + 1) {
		buttons := ZonePage(page, "UTC", now)
		// A keyboard has at most 100 buttons; those of the regions come after.
		if len(buttons) < 5 || len(buttons)+len(ZoneRegions)+1 > 100 {
			t.Errorf("page %d has %d zones", page, len(buttons))
		}
		for _, zone := range buttons {
			if name, ok := NumberedZone(zone.Number, "UTC"); !ok || name != zone.Name {
				t.Errorf("the button of %s chooses %q", zone.Name, name)
			}
			if page > 0 {
				on[zone.Name]++
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
		buttons := ZonePage(0, own, now)
		if buttons[0].Name != own {
			t.Errorf("the first zone is %s, want the bot's own, %s", buttons[0].Name, own)
		}
		if name, ok := NumberedZone(buttons[0].Number, own); !ok || name != own {
			t.Errorf("its button chooses %q, want %s", name, own)
		}
	}
	// What a machine calls local has no name, and is not offered.
	if buttons := ZonePage(0, "Local", now); buttons[0].Name != usualZones[0] {
		t.Errorf("the first zone is %s, want %s", buttons[0].Name, usualZones[0])
	}
	for _, n := range []int64{int64(len(zones)), ownZone - 1, ownZone} {
		if name, ok := NumberedZone(n, "Local"); ok {
			t.Errorf("zone %d is %q, want none", n, name)
		}
	}
}

func TestLanguageNumbers(t *testing.T) {
	c, err := NewCatalog("zh-Hans")
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range c.Tags {
		got, ok := c.Numbered(TagNumber(tag))
		if !ok || got != tag {
			t.Errorf("the number of %s is that of %s", tag, got)
		}
	}
	for _, n := range []int64{0, 1, 1 << 62} {
		if got, ok := c.Numbered(n); ok {
			t.Errorf("%d is the number of %s, want of none", n, got)
		}
	}
	for tag, want := range map[string]string{"en": "English", "zh-Hans": "简体中文"} {
		if got := SelfName(language.MustParse(tag)); got != want {
			t.Errorf("%s calls itself %q, want %q", tag, got, want)
		}
	}
}
