package settings

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// The log repeats a line after a minute, and if that goes on, after two, four and so on: an
// outage of a day is some dozens of lines.
const (
	repeatEvery   = time.Minute
	repeatAtLeast = 30 * time.Minute
)

// quiet is a handler that leaves out a warning or an error that says the same as one in the
// last minute. With a full disk or a lost network, something may be tried every second for
// hours. The next line that is not left out says how many were.
type quiet struct {
	slog.Handler
	of     string // what With and WithGroup have added to the handler
	recent *recent
}

func newQuiet(h slog.Handler) quiet {
	return quiet{Handler: h, recent: &recent{said: make(map[string]said)}}
}

// Handle implements slog.Handler.
func (q quiet) Handle(ctx context.Context, r slog.Record) error {
	if r.Level < slog.LevelWarn {
		return q.Handler.Handle(ctx, r)
	}
	leftOut, again := q.recent.say(q.of+textOf(r), r.Time)
	if again {
		return nil
	}
	if leftOut > 0 {
		r = r.Clone()
		r.AddAttrs(slog.Int("left_out", leftOut))
	}
	return q.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (q quiet) WithAttrs(attrs []slog.Attr) slog.Handler {
	q.Handler, q.of = q.Handler.WithAttrs(attrs), q.of+fmt.Sprint(attrs)
	return q
}

// WithGroup implements slog.Handler.
func (q quiet) WithGroup(name string) slog.Handler {
	q.Handler, q.of = q.Handler.WithGroup(name), q.of+name
	return q
}

// textOf returns all that a record says.
func textOf(r slog.Record) string {
	var text strings.Builder
	text.WriteString(r.Level.String() + r.Message)
	r.Attrs(func(a slog.Attr) bool {
		text.WriteString(" " + a.String())
		return true
	})
	return text.String()
}

// recent remembers what was said.
type recent struct {
	mu    sync.Mutex
	said  map[string]said
	swept time.Time
}

type said struct {
	at      time.Time // when it was written
	heard   time.Time // when it was said last, written or not
	every   time.Duration
	leftOut int // lines left out since it was written
}

// say reports whether the text was said a short time ago, and how often it was left out
// before now. What goes on is written less and less often.
func (r *recent) say(text string, at time.Time) (leftOut int, again bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sweep(at)
	last, known := r.said[text]
	if !known {
		r.said[text] = said{at: at, heard: at, every: repeatEvery}
		return 0, false
	}
	last.heard = at
	leftOut = last.leftOut
	if again = at.Sub(last.at) < last.every; again {
		last.leftOut++
	} else {
		last = said{at: at, heard: at, every: min(2*last.every, repeatAtLeast)}
	}
	r.said[text] = last
	return leftOut, again
}

// sweep forgets what has not been said for a while.
func (r *recent) sweep(at time.Time) {
	if at.Sub(r.swept) < repeatEvery {
		return
	}
	r.swept = at
	for text, last := range r.said {
		if at.Sub(last.heard) > 2*repeatEvery {
			delete(r.said, text)
		}
	}
}
