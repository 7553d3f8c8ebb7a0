package bot

import (
	"testing"
	"time"
)

func TestHintsForget(t *testing.T) {
	h := newHints()
	now := time.Unix(1000, 0)
	for chat := range int64(2 * maxHinted) {
		if !h.due(chat, now) {
			t.Fatalf("chat %d has been given a hint", chat)
		}
		if n := len(h.given); n > maxHinted {
			t.Fatalf("%d chats are remembered, want at most %d", n, maxHinted)
		}
	}
}
