package sender

import (
	"context"
	"crypto/tls"
	"net"
	"net/http/httptrace"
	"time"
)

// Departure is a message that has its slot. It acts when the request leaves and when
// its answer comes. The hooks of net/http/httptrace report both. The hooks up to the
// connection are called in the goroutine of the request.
type Departure struct {
	sender *Sender
	flight *flight

	// Before is called once there is a connection, right before the request is
	// written; may be nil. If it fails, the request is not written.
	Before func() error
	Left   bool  // Before was called, so the request may have left
	Err    error // of Before
}

// trace returns the hooks for the call, which cancel ends.
func (d *Departure) trace(cancel context.CancelFunc) *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			d.sender.traced.Store(true)
			d.leave(cancel)
			// HTTP/1 would write to the connection all the same. HTTP/2 would not, and
			// its connection carries other requests.
			if d.Err != nil && info.Conn != nil && !isHTTP2(info.Conn) {
				_ = info.Conn.Close() // so that the request cannot be written
			}
		},
		GotFirstResponseByte: func() { d.sender.landed(d.flight, true) },
	}
}

// leave calls before, once: if a connection turns out to be stale, the request gets
// another.
func (d *Departure) leave(cancel context.CancelFunc) {
	if d.Before == nil || d.Left {
		return
	}
	d.Left = true
	if d.Err = d.Before(); d.Err != nil {
		cancel()
	}
}

func isHTTP2(conn net.Conn) bool {
	secure, ok := conn.(*tls.Conn)
	return ok && secure.ConnectionState().NegotiatedProtocol == "h2"
}

// landed notes that the answer to a message has come (heard), or that there will be
// none.
func (s *Sender) landed(f *flight, heard bool) {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	_, known := s.pace.slot(now)
	if s.pace.land(f, now, heard) {
		s.recents.add(f.chat, now)
	}
	if !known { // nothing could go out before the answer
		s.look()
	}
}

// End gives the slot back if no call was made.
func (d *Departure) End() {
	d.sender.mu.Lock()
	defer d.sender.mu.Unlock()
	if d.sender.pace.giveBack(d.flight) {
		d.sender.look()
	}
}

// callTimeout is how long to wait for an answer of Telegram.
const callTimeout = 30 * time.Second

// Abandon ends the requests under way and those that come later. What became of them is
// not known then, as after a crash. The second call does nothing.
func (s *Sender) Abandon() { s.abandon() }

// Call makes a request. A stop of the program does not cut it off, because its answer is
// worth waiting for, unless it takes too long, see [Sender.Abandon].
func (d *Departure) Call(ctx context.Context, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	go func() {
		select {
		case <-d.sender.abandoned:
			cancel()
		case <-ctx.Done():
		}
	}()
	defer d.sender.landed(d.flight, false)
	// An HTTP client may not call the hooks. Until it has called one, a request may
	// leave unnoticed.
	if !d.sender.traced.Load() {
		if d.leave(cancel); d.Err != nil {
			return d.Err
		}
	}
	return call(httptrace.WithClientTrace(ctx, d.trace(cancel)))
}
