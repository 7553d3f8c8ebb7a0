package subscribers_test

import (
	"strings"
	"testing"
)

// Only the beginning of an item is searched that is longer than any that people write.
func TestSearchKnowsTheBeginningOfALongItem(t *testing.T) {
	store := open(t)
	filler := strings.Repeat("word ", 60_000) // 300 KB
	saveEntries(t, store, 1, entry{title: "Long", text: "needle " + filler + "haystack"})
	if got := find(t, store, "needle"); len(got) != 1 {
		t.Errorf("the beginning is found in %q, want in one item", got)
	}
	if got := find(t, store, "haystack"); len(got) != 0 {
		t.Errorf("the end is found in %.60q, and was to be left out", got)
	}
}
