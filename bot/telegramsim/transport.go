package telegramsim

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Client returns an HTTP client that reaches this simulator and nothing else, whatever host a
// request names, without sockets and goroutines. Faults of the connection are the errors of
// a real one: ECONNREFUSED when dialling, ECONNRESET when reading, io.ErrUnexpectedEOF for
// an answer that is cut off. The hooks of net/http/httptrace are called, so that a caller
// can know whether its request was written. Set Timeout as on any client.
func (s *Sim) Client() *http.Client {
	return &http.Client{Transport: transport{s}}
}

type transport struct{ sim *Sim }

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(r.URL.Path, "/bot") && !strings.HasPrefix(r.URL.Path, "/file/bot") {
		return nil, fmt.Errorf("telegramsim: the in-process client serves the Bot API only, not %s", r.URL.Path)
	}
	a, err := t.sim.serveAPI(r.Context(), r)
	if err != nil {
		return nil, err
	}
	if a.cut == cutDial {
		return nil, netError("dial", "connect", syscall.ECONNREFUSED)
	}
	if a.hang {
		select {
		case <-r.Context().Done():
			return nil, r.Context().Err()
		case <-t.sim.done:
			return nil, netError("read", "read", syscall.ECONNRESET)
		}
	}
	switch a.cut {
	case cutReset:
		return nil, netError("read", "read", syscall.ECONNRESET)
	case cutClosed:
		return nil, io.ErrUnexpectedEOF
	}
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil && trace.GotFirstResponseByte != nil {
		trace.GotFirstResponseByte()
	}
	return a.response(r), nil
}

// traceWritten calls the hooks of the in-process client that say that its request was
// written, and reports whether it was: a client may go away as soon as it has the connection.
// The context of a request over a real connection has no hooks; it was written.
func traceWritten(ctx context.Context) bool {
	trace := httptrace.ContextClientTrace(ctx)
	if trace == nil {
		return true
	}
	if trace.GotConn != nil {
		trace.GotConn(httptrace.GotConnInfo{Reused: true})
		if ctx.Err() != nil {
			return false
		}
	}
	if trace.WroteHeaders != nil {
		trace.WroteHeaders()
	}
	if trace.WroteRequest != nil {
		trace.WroteRequest(httptrace.WroteRequestInfo{})
	}
	return true
}

func netError(op, call string, errno syscall.Errno) error {
	return &net.OpError{
		Op: op, Net: "tcp",
		Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 443},
		Err:  os.NewSyscallError(call, errno),
	}
}

func (a answer) response(r *http.Request) *http.Response {
	length := max(a.length, len(a.body))
	header := http.Header{"Content-Length": {strconv.Itoa(length)}}
	if a.kind != "" {
		header.Set("Content-Type", a.kind)
	}
	if a.retryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(a.retryAfter))
	}
	var body io.Reader = bytes.NewReader(a.body)
	if a.length > len(a.body) {
		body = io.MultiReader(body, failing{io.ErrUnexpectedEOF})
	}
	return &http.Response{
		Status:     strconv.Itoa(a.status) + " " + http.StatusText(a.status),
		StatusCode: a.status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, ContentLength: int64(length),
		Body: io.NopCloser(body), Request: r,
	}
}

// failing is a reader that fails.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

var _ http.RoundTripper = transport{}
