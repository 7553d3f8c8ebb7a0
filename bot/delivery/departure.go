package delivery

import (
	"context"
	"crypto/tls"
	"net"
	"net/http/httptrace"
	"time"
)

// departure is a message that has its slot. It watches over the moment the request
// leaves and the one when its answer comes. It learns of them from the hooks of
// net/http/httptrace, of which those up to when there is a connection are called
// in the goroutine of the request.
type departure struct {
	sender *Sender
	flight *flight

	// before is called once there is a connection, right before the request is
	// written; nil: nothing is to be done. When it fails the request stays here.
	before func() error
	left   bool  // before was called: the request may have left
	err    error // of before
}

// trace returns the hooks for the call, which cancel ends.
func (d *departure) trace(cancel context.CancelFunc) *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			d.sender.traced.Store(true)
			d.leave(cancel)
			// HTTP/1 would write to the connection all the same. HTTP/2 does not,
			// and others' requests are on it.
			if d.err != nil && info.Conn != nil && !isHTTP2(info.Conn) {
				_ = info.Conn.Close() // the request cannot be written: that is the purpose
			}
		},
		GotFirstResponseByte: func() { d.sender.landed(d.flight, true) },
	}
}

// leave has done what must be before the request leaves, once: when a
// connection turns out to be stale, there is another.
func (d *departure) leave(cancel context.CancelFunc) {
	if d.before == nil || d.left {
		return
	}
	d.left = true
	if d.err = d.before(); d.err != nil {
		cancel()
	}
}

func isHTTP2(conn net.Conn) bool {
	secure, ok := conn.(*tls.Conn)
	return ok && secure.ConnectionState().NegotiatedProtocol == "h2"
}

// landed notes that the answer to a message has come, or that there will be none.
func (s *Sender) landed(f *flight, heard bool) {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	_, known := s.pace.slot(now)
	if s.pace.land(f, now, heard) {
		s.recents.add(f.chat, now)
	}
	if !known { // nothing could go out before
		s.look()
	}
}

// end gives the slot back when no call was made.
func (d *departure) end() {
	d.sender.mu.Lock()
	defer d.sender.mu.Unlock()
	if d.sender.pace.giveBack(d.flight) {
		d.sender.look()
	}
}

// callTimeout is how long an answer of Telegram is waited for.
const callTimeout = 30 * time.Second

// Abandon ends the requests under way, and those that come after: what became of them
// is not known then, as after a crash. The second time it does nothing.
func (s *Sender) Abandon() { s.abandon() }

// call makes a request that a stop of the program does not cut off, unless it takes
// too long, see Abandon: its answer is worth waiting for.
func (d *departure) call(ctx context.Context, call func(context.Context) error) error {
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
	// An HTTP client may have no such hooks. Until one was called, a request may
	// leave without being seen.
	if !d.sender.traced.Load() {
		if d.leave(cancel); d.err != nil {
			return d.err
		}
	}
	return call(httptrace.WithClientTrace(ctx, d.trace(cancel)))
}
