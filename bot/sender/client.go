package sender

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	tg "github.com/go-telegram/bot"
)

// errNotDone marks errors after which the request certainly had no effect.
var errNotDone = errors.New("the request was not carried out")

// errNoAnswer is the error for a 504 of a proxy.
var errNoAnswer = errors.New("no answer from Telegram behind its proxy: status 504")

// maxErrorBody is how much of a 5xx answer is read, in bytes. Telegram's words are
// short, and once they are read the connection can be used again.
const maxErrorBody = 64 << 10

// Client is the HTTP client to hand to the client library. It distinguishes answers
// that look the same to the library. So [Classify] can know whether a failed request may
// have been carried out.
type Client struct {
	base   tg.HttpClient
	traced bool // base says when it has a connection to Telegram
}

// NewClient wraps base, or a client made for the Bot API if base is nil. If base is an
// [http.Client], the copy that is used follows no redirects: the next request would
// reveal the address of the last one, with the token in it, to wherever the redirect
// leads.
func NewClient(base tg.HttpClient) Client {
	if base == nil {
		base = NewHTTPClient(nil)
	}
	traced := false
	if client, ok := base.(*http.Client); ok {
		here := *client
		here.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		base = &here
		_, traced = here.Transport.(*http.Transport)
	}
	return Client{base: base, traced: traced}
}

// NewHTTPClient returns a client made for the Bot API. proxy returns the proxy for an
// address, or nil for none. If proxy is nil, the environment decides.
func NewHTTPClient(proxy func(*url.URL) (*url.URL, error)) *http.Client {
	t := transport()
	if proxy != nil {
		t.Proxy = func(r *http.Request) (*url.URL, error) { return proxy(r.URL) }
	}
	t.OnProxyConnectResponse = checkConnect
	return &http.Client{Transport: t}
}

// transport returns a transport that keeps enough idle connections for the whole bulk
// lane. With the default of two, nearly every message would open a connection.
func transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns = 0 // no limit
	t.MaxIdleConnsPerHost = 1024
	t.IdleConnTimeout = 50 * time.Second // Telegram closes after 60
	// HTTP/2 would put all messages under way on one connection. If that were lost,
	// all of them would be uncertain.
	t.Protocols = new(http.Protocols)
	t.Protocols.SetHTTP1(true)
	return t
}

// Do sends a request. It returns errors that say so for a redirect, for a proxy that
// wants a password, for a 5xx answer, and if no connection was made. A 504 comes from a
// proxy that gave up waiting: what it waited for may still have happened.
func (c Client) Do(req *http.Request) (*http.Response, error) {
	req, err := withoutNull(req)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNotDone, err)
	}
	var connected atomic.Bool
	if c.traced {
		req = req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
			GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
		}))
	}
	resp, err := c.base.Do(req)
	if err != nil {
		if c.traced && !connected.Load() || neverConnected(err) {
			return nil, fmt.Errorf("%w: %w", errNotDone, err)
		}
		return nil, err
	}
	switch {
	case resp.StatusCode == http.StatusProxyAuthRequired:
		defer resp.Body.Close()
		return nil, fmt.Errorf("%w: %w", errNotDone, errProxyPassword)
	case resp.StatusCode/100 == 3:
		defer resp.Body.Close()
		return nil, fmt.Errorf("%w: the Bot API server redirects to %s, where nothing is sent: give the right --api-url", errNotDone, target(resp))
	case resp.StatusCode/100 == 5:
		defer resp.Body.Close()
		body, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody)) // if the body is cut off, the status says enough
		return nil, faultOf(resp.StatusCode, body)
	}
	return resp, nil
}

// maxHost is how much of a redirect's target is shown, in characters.
const maxHost = 100

// target returns the server that a redirect leads to. The rest of the address is not
// shown, because it may contain the token.
func target(resp *http.Response) string {
	to, err := resp.Location()
	if err != nil || to.Host == "" {
		return "nowhere"
	}
	return fmt.Sprintf("%.*q", maxHost, to.Scheme+"://"+to.Host)
}

// withoutNull removes the one null that the library writes, for a button above inline
// results that opens no web app. It cannot be part of a text: there the quotation marks
// would be escaped.
func withoutNull(req *http.Request) (*http.Request, error) {
	if req.Body == nil || !strings.HasSuffix(req.URL.Path, "/answerInlineQuery") {
		return req, nil
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	if err := req.Body.Close(); err != nil {
		return nil, err
	}
	body = bytes.ReplaceAll(body, []byte(`"web_app":null,`), nil)
	mended := req.WithContext(req.Context())
	mended.ContentLength = int64(len(body))
	mended.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	mended.Body, err = mended.GetBody()
	return mended, err
}

// errProxyPassword is for a proxy that lets nobody through whom it does not know.
var errProxyPassword = errors.New("the proxy wants a name and a password, or does not know those it was given: " +
	"put them into the address of the proxy (--proxy, HTTPS_PROXY), as in http://name:password@proxy.example:3128")

// checkConnect says why a proxy makes no connection. Otherwise net/http says only "Forbidden",
// which could be Telegram's.
func checkConnect(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	switch answer.StatusCode {
	case http.StatusOK:
		return nil
	case http.StatusProxyAuthRequired:
		return errProxyPassword
	}
	return fmt.Errorf("the proxy makes no connection and says %d %s: it must allow CONNECT to this host and port",
		answer.StatusCode, http.StatusText(answer.StatusCode))
}

// neverConnected reports whether an error occurred before anything was written.
func neverConnected(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial"
}
