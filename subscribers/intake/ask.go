package intake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"
)

// answerLimit is how long a folder may take to answer: longer than a disk takes to wake
// up, and short enough for an admin, who waits for a minute at most.
const answerLimit = 30 * time.Second

// errNoAnswer: a folder does not answer.
var errNoAnswer = errors.New("no answer")

// call is a function that runs in a goroutine of its own, because nothing can
// end a system call that hangs.
type call[T any] struct {
	done  chan struct{} // closed when it has returned
	value T             // set before done is closed
	err   error
}

func begin[T any](f func() (T, error)) *call[T] {
	c := &call[T]{done: make(chan struct{})}
	go func() {
		defer close(c.done)
		c.value, c.err = f()
	}()
	return c
}

// wait waits until the function has returned, the limit is over (0: there is none) or
// cancelled is closed. It reports whether value and err are set.
func (c *call[T]) wait(cancelled <-chan struct{}, limit time.Duration) bool {
	var over <-chan time.Time // nil: never
	if limit > 0 {
		timer := time.NewTimer(limit)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-c.done:
		return true
	case <-over:
	case <-cancelled:
	}
	return false
}

// asker asks a folder that may never answer, such as a network mount whose server is
// gone. It gives up waiting for an answer, and asks nothing else until that has come: one
// goroutine hangs, not one more with every look.
type asker struct {
	open      func() (fs.FS, error) // closed after the question if it is an io.Closer
	pending   <-chan struct{}       // closed when the late answer has come; nil: none is awaited
	complaint error                 // about the late answer; the same until it comes
}

// ask returns what the question returns, or an error that wraps errNoAnswer, or the
// error of ctx. about says what is done, for errors.
func ask[T any](ctx context.Context, a *asker, about string, question func(fs.FS) (T, error)) (none T, err error) {
	if a.pending != nil {
		select {
		case <-a.pending:
			a.pending = nil
		default:
			return none, a.complaint
		}
	}
	asked := time.Now()
	c := begin(func() (answer T, err error) {
		files, err := a.open()
		if err != nil {
			return answer, fmt.Errorf("read folder: %w", err)
		}
		if closer, ok := files.(io.Closer); ok {
			defer closer.Close()
		}
		return question(files)
	})
	if c.wait(ctx.Done(), answerLimit) {
		return c.value, c.err
	}
	a.pending = c.done
	a.complaint = fmt.Errorf("%s: %w since %s: is the network mount up, and the disk all right?",
		about, errNoAnswer, asked.UTC().Format("2006-01-02 15:04 MST"))
	return none, cmp.Or(ctx.Err(), a.complaint)
}
