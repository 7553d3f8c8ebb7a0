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

// lastAnswer remembers when Telegram last answered, and how far its clock was behind ours.
type lastAnswer struct {
	at     atomic.Pointer[time.Time]
	offset atomic.Int64 // nanoseconds
}

// Note remembers an answer if only a Bot API server can have given it: a proxy in
// between has pages of its own.
func (l *lastAnswer) Note(resp *http.Response) {
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return
	}
	l.NoteNow()
	if theirs, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		l.offset.Store(int64(time.Since(theirs)))
	}
}

// Offset returns how far our clock was ahead of Telegram's when it last answered. Telegram
// says only whole seconds, and its answer has been on its way.
func (l *lastAnswer) Offset() time.Duration { return time.Duration(l.offset.Load()) }

// NoteNow remembers an answer at this moment.
func (l *lastAnswer) NoteNow() {
	now := time.Now()
	l.at.Store(&now)
}

// Time returns when Telegram last answered; zero: it has not done so yet.
func (l *lastAnswer) Time() time.Time {
	if at := l.at.Load(); at != nil {
		return *at
	}
	return time.Time{}
}

// IsSilent reports whether Telegram has not answered for a while.
func (t *Talker) IsSilent() bool { return time.Since(t.LastAnswer.Time()) >= longestSilence }
