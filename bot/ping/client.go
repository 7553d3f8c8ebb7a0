package ping

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"sync/atomic"
	"time"
)

const (
	connectLimit = 10 * time.Second // with finding the address of a name
	wholeLimit   = 20 * time.Second // with all redirects
	maxRedirects = 3
	maxAnswer    = 1 << 10 // bytes
	maxHeaders   = 64 << 10
)

// Service is the service that watches for pings, at the address of a check.
type Service struct {
	Address   *url.URL
	Proxy     func(*url.URL) (*url.URL, error) // nil: none
	UserAgent string
	// Dial connects, as net.Dialer.DialContext does. It is for servers within the process. Nil:
	// the network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// transport returns what makes one request. Private addresses are allowed: the operator gives
// the address.
func (s Service) transport() *http.Transport {
	dial := s.Dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: connectLimit}).DialContext
	}
	t := &http.Transport{
		DialContext:            dial,
		TLSHandshakeTimeout:    connectLimit,
		MaxResponseHeaderBytes: maxHeaders,
		ForceAttemptHTTP2:      true,
		DisableKeepAlives:      true, // the next one is a week away
		OnProxyConnectResponse: checkConnect,
	}
	if s.Proxy != nil {
		t.Proxy = func(r *http.Request) (*url.URL, error) {
			proxy, err := s.Proxy(r.URL)
			if err != nil {
				err = refusal(err.Error()) // it shows no address
			}
			return proxy, err
		}
	}
	return t
}

// send tells the service that a broadcast is good or failed. The error has neither the path
// nor the query of the address in it.
func (s Service) send(ctx context.Context, good bool) error {
	ctx, cancel := context.WithTimeout(ctx, wholeLimit)
	defer cancel()
	u := addressOf(s.Address, good)
	for range 1 + maxRedirects {
		next, err := s.ask(ctx, u)
		if err != nil || next == nil {
			return err
		}
		u = next
	}
	return refusal("it is redirected again and again")
}

// ask makes one request. next is where it is redirected; nil: the ping was taken.
func (s Service) ask(ctx context.Context, u *url.URL) (next *url.URL, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return nil, refusal("this is not an address of the web")
	}
	request.Header.Set("User-Agent", s.UserAgent)
	if u.User != nil {
		password, _ := u.User.Password()
		request.SetBasicAuth(u.User.Username(), password)
	}
	answer, err := s.transport().RoundTrip(request)
	if err != nil {
		return nil, explain(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	switch {
	case err != nil:
		return nil, explain(err)
	case isRedirect(answer.StatusCode):
		return target(u, answer.Header.Get("Location"))
	case answer.StatusCode < 200 || answer.StatusCode > 299:
		return nil, refusal(fmt.Sprintf("it answers %d %s", answer.StatusCode, http.StatusText(answer.StatusCode)))
	case bytes.HasPrefix(text, []byte("OK (")): // by healthchecks.io, with 200: OK (not found), OK (rate limited)
		return nil, refusal(fmt.Sprintf("it answers %q", text[:min(len(text), len("OK (rate limited)"))]))
	}
	return nil, nil //nolint:nilnil // see above
}

func isRedirect(status int) bool {
	return slices.Contains([]int{http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect}, status)
}

// target returns where u is redirected. Name and password are for the same server only.
func target(u *url.URL, location string) (*url.URL, error) {
	next, err := u.Parse(location)
	if err != nil || location == "" || next.Host == "" || next.Scheme != "https" && next.Scheme != "http" {
		return nil, refusal("it redirects, but not to an address of the web")
	}
	if u.Scheme == "https" && next.Scheme == "http" {
		return nil, refusal("it redirects from https to http, where everybody on the way could read the address")
	}
	next.User = nil
	if next.Host == u.Host {
		next.User = u.User
	}
	return next, nil
}

// refusal is why a ping was not taken, in words that may be shown.
type refusal string

func (r refusal) Error() string { return string(r) }

func checkConnect(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	return refusal(fmt.Sprintf("the proxy says %d %s", answer.StatusCode, http.StatusText(answer.StatusCode)))
}

// explain returns an error in words that may be shown. Those of net/http may have anything in
// them, also what the server says, so only known ones are shown as they are.
func explain(err error) error {
	var timeout net.Error
	var name *net.DNSError
	var network *net.OpError
	var certificate *tls.CertificateVerificationError
	var own refusal
	switch {
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.As(err, &own):
		return own
	case errors.As(err, &name) && name.IsNotFound:
		return refusal("there is no host " + name.Name)
	case errors.As(err, &timeout) && timeout.Timeout():
		return refusal("there is no answer in time")
	case errors.As(err, &certificate):
		return refusal("its certificate is not valid for this machine")
	case errors.As(err, &network):
		return refusal(network.Error())
	}
	return refusal("what answers there does not speak as a server of the web does")
}

// Reach connects to the service and says nothing: any request would be a ping.
func (s Service) Reach(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, wholeLimit)
	defer cancel()
	var reached atomic.Bool
	// The connection is there, also through a proxy and with TLS, and nothing was sent over it.
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { reached.Store(true) }})
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Address.String(), http.NoBody)
	if err != nil {
		return refusal("this is not an address of the web")
	}
	t := s.transport()
	dial := t.DialContext
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		return mute{conn, &reached}, err
	}
	answer, err := t.RoundTrip(request)
	if err == nil { // so it was sent all the same
		return errors.Join(errSent, answer.Body.Close())
	}
	if reached.Load() {
		return nil
	}
	return explain(err)
}

var errSent = errors.New("a ping was sent, although only a connection was wanted")

// mute is a connection over which nothing is sent once it is reached.
type mute struct {
	net.Conn
	reached *atomic.Bool
}

// Write implements net.Conn.
func (m mute) Write(p []byte) (int, error) {
	if m.reached.Load() {
		return 0, net.ErrClosed
	}
	return m.Conn.Write(p)
}
