package talk

import (
	"mime"
	"net/http"
	"sync/atomic"
	"time"
)

// longestSilence is how long Telegram may be silent: it answers a poll for updates
// within a minute, and the bot checks a webhook once a minute.
const longestSilence = 3 * time.Minute

// hearing remembers when Telegram last answered.
type hearing struct{ at atomic.Pointer[time.Time] }

// Note remembers an answer if only a Bot API server can have given it: a proxy in
// between has pages of its own.
func (h *hearing) Note(resp *http.Response) {
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err == nil && kind == "application/json" {
		h.NoteNow()
	}
}

// NoteNow remembers an answer at this moment.
func (h *hearing) NoteNow() {
	now := time.Now()
	h.at.Store(&now)
}

// Last returns when Telegram last answered. NoteNow must have been called before.
func (h *hearing) Last() time.Time { return *h.at.Load() }

// IsSilent reports whether Telegram has not answered for a while.
func (t *Talker) IsSilent() bool { return time.Since(t.Hearing.Last()) >= longestSilence }
