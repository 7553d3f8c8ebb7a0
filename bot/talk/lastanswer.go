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

// lastAnswer remembers when Telegram last answered.
type lastAnswer struct{ at atomic.Pointer[time.Time] }

// Note remembers an answer if only a Bot API server can have given it: a proxy in
// between has pages of its own.
func (l *lastAnswer) Note(resp *http.Response) {
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err == nil && kind == "application/json" {
		l.NoteNow()
	}
}

// NoteNow remembers an answer at this moment.
func (l *lastAnswer) NoteNow() {
	now := time.Now()
	l.at.Store(&now)
}

// Time returns when Telegram last answered. NoteNow must have been called before.
func (l *lastAnswer) Time() time.Time { return *l.at.Load() }

// IsSilent reports whether Telegram has not answered for a while.
func (t *Talker) IsSilent() bool { return time.Since(t.LastAnswer.Time()) >= longestSilence }
