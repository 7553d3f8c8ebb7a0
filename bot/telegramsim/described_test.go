package telegramsim

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"digestbot/bot/telegramsim/botapi"
)

// Every method that is simulated is described, and no other.
func TestEveryMethodIsDescribed(t *testing.T) {
	simulated := append(slices.Collect(maps.Keys(methodsByName())), "getUpdates")
	slices.Sort(simulated)
	if diff := cmp.Diff(botapi.Methods(), simulated); diff != "" {
		t.Errorf("the methods differ (-described +simulated):\n%s", diff)
	}
}
