package talk

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

// Note remembers an answer that only a Bot API server can have given: a proxy in
// between has pages of its own.
func (h *hearing) Note(resp *http.Response) {
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err == nil && kind == "application/json" {
		h.NoteNow()
	}
}

func (h *hearing) NoteNow() {
	now := time.Now()
	h.at.Store(&now)
}

func (h *hearing) Last() time.Time { return *h.at.Load() }

// IsSilent tells whether Telegram has not answered for a while.
func (t *Talker) IsSilent() bool { return time.Since(t.Hearing.Last()) >= longestSilence }
