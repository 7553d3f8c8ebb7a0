package bot

import (
	"testing"
	"time"
)

func TestHints(t *testing.T) {
	h := newHints()
	now := time.Unix(1000, 0)
	for chat := range int64(2 * maxHinted) {
		if !h.due(chat, now) {
			t.Fatalf("chat %d has been given a hint", chat)
		}
		if h.due(chat, now.Add(hintPause-1)) {
			t.Fatalf("chat %d is given a hint twice in %s", chat, hintPause)
		}
	}
	last := int64(2*maxHinted - 1)
	if !h.due(last, now.Add(hintPause)) {
		t.Errorf("a chat is given no hint after %s", hintPause)
	}
	h.reset(last)
	if !h.due(last, now.Add(hintPause)) {
		t.Error("a chat that has found a command is given no hint")
	}
}
