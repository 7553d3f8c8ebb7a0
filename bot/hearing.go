package bot

import (
	"mime"
	"net/http"
	"sync/atomic"
	"time"
)

// longestSilence is how long Telegram may not answer: a poll for updates is
// answered within a minute, and a webhook is checked once a minute.
const longestSilence = 3 * time.Minute

// hearing remembers when Telegram last answered.
type hearing struct{ at atomic.Pointer[time.Time] }

// note remembers an answer that only a Bot API server can have given: a proxy in
// between has pages of its own.
func (h *hearing) note(resp *http.Response) {
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err == nil && kind == "application/json" {
		h.noteNow()
	}
}

func (h *hearing) noteNow() {
	now := time.Now()
	h.at.Store(&now)
}

func (h *hearing) last() time.Time { return *h.at.Load() }

// isSilent tells whether Telegram has not answered for a while.
func (b *Talker) isSilent() bool { return time.Since(b.hearing.last()) >= longestSilence }
