package delivery

import (
	"context"
	"crypto/tls"
	"net"
	"net/http/httptrace"
	"time"
)

// departure watches over the moment a request leaves. It learns of it from the
// hooks of net/http/httptrace, which are called in the goroutine of the request
// up to when it has a connection.
type departure struct {
	sender *Sender
	place  int // in the pace

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
		WroteRequest: func(httptrace.WroteRequestInfo) { d.sender.wrote(d.place, time.Now()) },
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

// wrote notes when the message at a place of the pace left.
func (s *Sender) wrote(place int, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pace.wrote(place, at)
}

// enter waits the moment that keeps the last slots together within the limit.
// The error is that of ctx; nothing has happened then.
func (s *Sender) enter(ctx context.Context) (*departure, error) {
	s.mu.Lock()
	now := time.Now()
	at, place := s.pace.enter(now)
	s.mu.Unlock()
	if err := sleep(ctx, at.Sub(now)); err != nil {
		return nil, err
	}
	return &departure{sender: s, place: place}, nil
}

// callTimeout is how long an answer of Telegram is waited for.
const callTimeout = 30 * time.Second

// call makes a request that a stop of the program does not cut off: its answer
// is worth waiting for.
func (d *departure) call(ctx context.Context, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	// An HTTP client may have no such hooks. Until one was called, a request may
	// leave without being seen.
	if !d.sender.traced.Load() {
		if d.leave(cancel); d.err != nil {
			return d.err
		}
	}
	return call(httptrace.WithClientTrace(ctx, d.trace(cancel)))
}
