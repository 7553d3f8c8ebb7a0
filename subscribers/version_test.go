package subscribers_test

import (
	"path/filepath"
	"testing"

	"digestbot/subscribers"
)

func TestVersionChangesWithEveryCommit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	store, other := must(subscribers.Open(t.Context(), path))(t), must(subscribers.Open(t.Context(), path))(t)
	defer store.Close()
	defer other.Close()
	last := must(store.Version(t.Context()))(t)
	for i, who := range []*subscribers.Store{store, other, store} {
		if again := must(store.Version(t.Context()))(t); again != last {
			t.Errorf("the version went from %d to %d, and nothing was written", last, again)
		}
		subscribe(t, who, i+1)
		now := must(store.Version(t.Context()))(t)
		if now == last {
			t.Errorf("the version is %d before and after write %d", now, i)
		}
		last = now
	}
}
