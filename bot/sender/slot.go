package sender

import (
	"context"
	"crypto/tls"
	"net"
	"net/http/httptrace"
	"time"
)

// Slot lets one message out. It acts when the request leaves and when its answer comes.
// The hooks of net/http/httptrace report both. The hooks up to the connection are called
// in the goroutine of the request.
type Slot struct {
	sender *Sender
	lane   Lane
	flight *flight

	// Before is called once there is a connection, right before the request is
	// written; may be nil. If it fails, the request is not written.
	Before func() error
	Left   bool  // Before was called, so the request may have left
	Err    error // of Before
}

// trace returns the hooks for the call, which cancel ends.
func (sl *Slot) trace(cancel context.CancelFunc) *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			sl.sender.traced.Store(true)
			sl.leave(cancel)
			// HTTP/1 would write to the connection all the same. HTTP/2 would not, and
			// its connection carries other requests.
			if sl.Err != nil && info.Conn != nil && !isHTTP2(info.Conn) {
				_ = info.Conn.Close() // so that the request cannot be written
			}
		},
		GotFirstResponseByte: func() { sl.sender.noteAnswered(sl.flight, true) },
	}
}

// leave calls Before, once: if a connection turns out to be stale, the request gets
// another.
func (sl *Slot) leave(cancel context.CancelFunc) {
	if sl.Before == nil || sl.Left {
		return
	}
	sl.Left = true
	if sl.Err = sl.Before(); sl.Err != nil {
		cancel()
	}
}

func isHTTP2(conn net.Conn) bool {
	secure, ok := conn.(*tls.Conn)
	return ok && secure.ConnectionState().NegotiatedProtocol == "h2"
}

// noteAnswered notes that the answer to a message has come (heard), or that there will be
// none.
func (s *Sender) noteAnswered(f *flight, heard bool) {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	_, known := s.pace.slot(now)
	if s.pace.noteAnswered(f, now, heard) {
		s.recents.add(f.chat, now)
	}
	if !known { // nothing could go out before the answer
		s.look()
	}
}

// End gives the slot back if no call was made.
func (sl *Slot) End() {
	sl.sender.mu.Lock()
	defer sl.sender.mu.Unlock()
	if sl.sender.pace.giveBack(sl.flight) {
		sl.sender.look()
	}
}

// callTimeout is how long to wait for an answer of Telegram.
const callTimeout = 30 * time.Second

// Abandon ends the requests under way and those that come later. What became of them is
// not known then, as after a crash. The second call does nothing.
func (s *Sender) Abandon() { s.abandon() }

// Call makes a request. A stop of the program does not cut it off, because its answer is
// worth waiting for, unless it takes too long, see [Sender.Abandon].
func (sl *Slot) Call(ctx context.Context, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	go func() {
		select {
		case <-sl.sender.abandoned:
			cancel()
		case <-ctx.Done():
		}
	}()
	defer sl.sender.noteAnswered(sl.flight, false)
	// An HTTP client may not call the hooks. Until it has called one, a request may
	// leave unnoticed.
	if !sl.sender.traced.Load() {
		if sl.leave(cancel); sl.Err != nil {
			return sl.Err
		}
	}
	began := time.Now()
	err := call(httptrace.WithClientTrace(ctx, sl.trace(cancel)))
	if sl.Err == nil {
		sl.sender.counts.noteCall(sl.lane, sl.kind(err), time.Since(began))
	}
	return err
}

// kind returns what the answer to a request means.
func (sl *Slot) kind(err error) Kind {
	r := Classify(err)
	if sl.Before != nil && !sl.Left {
		r = r.Unsent()
	}
	return r.Kind
}
