package spelling_test

import (
	"strings"
	"testing"

	"digestbot/digest/spelling"
)

func TestNearest(t *testing.T) {
	names := []string{"poll", "schedule", "catch-up", "api-url", "public-url"}
	for word, want := range map[string]string{
		"schedule": "schedule", "shedule": "schedule", "shcedule": "schedule", "pol": "poll", "polls": "poll",
		"catch_up": "catch-up", "catchup": "catch-up", "catch": "catch-up", "poll-every": "poll",
		"colour": "", "x": "", "": "", strings.Repeat("schedule", 6): "",
	} {
		if got := spelling.Nearest(word, names); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}
