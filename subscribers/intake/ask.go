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

// answerLimit is how long a folder may take to answer: longer than a disk takes
// to wake up, and short enough for an admin who waits for a minute at most.
const answerLimit = 30 * time.Second

// errNoAnswer says that a folder does not answer.
var errNoAnswer = errors.New("no answer")

// call is a function that runs in a goroutine of its own, because nothing can
// end a system call that hangs.
type call[T any] struct {
	done  chan struct{} // closed when it has returned
	value T             // to be read after that
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

// wait waits for the function to return, but neither longer than the limit, if there
// is one, nor once cancelled is closed. It reports whether value and err are there.
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

// patient asks a folder that may never answer, such as a network mount whose
// server is gone. A question that gets no answer in time is left alone, and until
// it is answered after all, every other is refused: one goroutine hangs, not
// one more with every look.
type patient struct {
	open      func() (fs.FS, error) // closed after the question when it is an io.Closer
	pending   <-chan struct{}       // closed when the question left alone is answered; nil: there is none
	complaint error                 // about it; the same for as long as it lasts
}

// ask returns what the question returns, or an error that wraps errNoAnswer, or
// the context's. about says what is done, for errors.
func ask[T any](ctx context.Context, p *patient, about string, question func(fs.FS) (T, error)) (none T, err error) {
	if p.pending != nil {
		select {
		case <-p.pending:
			p.pending = nil
		default:
			return none, p.complaint
		}
	}
	asked := time.Now()
	c := begin(func() (answer T, err error) {
		files, err := p.open()
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
	p.pending = c.done
	p.complaint = fmt.Errorf("%s: %w since %s: is the network mount up, and the disk all right?",
		about, errNoAnswer, asked.UTC().Format("2006-01-02 15:04 MST"))
	return none, cmp.Or(ctx.Err(), p.complaint)
}
