package delivery

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	tg "github.com/go-telegram/bot"
)

// errNotDone marks errors after which the request certainly had no effect.
var errNotDone = errors.New("the request was not carried out")

// errNoAnswer is what a proxy's 504 means.
var errNoAnswer = errors.New("no answer from Telegram behind its proxy: status 504")

// maxErrorBody is how much of a 5xx answer is read, in bytes: what Telegram says is
// short, and after it the connection can be used again.
const maxErrorBody = 64 << 10

// Client is the HTTP client to hand to the client library. It tells answers
// apart that the library makes one: with it, Classify knows whether a request
// that failed may have been carried out.
type Client struct {
	base tg.HttpClient
}

// NewClient wraps base, or a client made for the Bot API when base is nil.
func NewClient(base tg.HttpClient) Client {
	if base == nil {
		base = &http.Client{Transport: transport()}
	}
	return Client{base: base}
}

// transport keeps enough idle connections for the whole bulk lane: the
// default of two would open a connection for nearly every message.
func transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns = 0 // no limit
	t.MaxIdleConnsPerHost = 1024
	t.IdleConnTimeout = 50 * time.Second // Telegram closes after 60
	// HTTP/2 would put all messages under way on one connection: were it lost,
	// every one of them would be uncertain.
	t.Protocols = new(http.Protocols)
	t.Protocols.SetHTTP1(true)
	return t
}

// Do sends a request. A 5xx answer and a connection that was never made become
// errors that say so. A 504 comes from a proxy that gave up waiting: what it waited
// for may still have happened.
func (c Client) Do(req *http.Request) (*http.Response, error) {
	req, err := inOnePiece(req)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNotDone, err)
	}
	resp, err := c.base.Do(req)
	if err != nil {
		if neverConnected(err) {
			return nil, fmt.Errorf("%w: %w", errNotDone, err)
		}
		return nil, err
	}
	if resp.StatusCode < http.StatusInternalServerError {
		return resp, nil
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody)) // half of an answer is none, and the status says enough
	return nil, faultOf(resp.StatusCode, body)
}

// maxWhole is the largest body sent in one piece, in bytes: every request but
// an upload is smaller.
const maxWhole = 1 << 20

// inOnePiece gives a request a body of known length. The library pipes its
// bodies, which become a dozen small writes to the socket; and a request that
// can be replayed is, by net/http, when an idle connection turns out to be
// closed before anything was written.
func inOnePiece(req *http.Request) (*http.Request, error) {
	if req.Body == nil || req.ContentLength > 0 {
		return req, nil
	}
	body, err := io.ReadAll(io.LimitReader(req.Body, maxWhole+1))
	if err != nil {
		return nil, err
	}
	whole := req.WithContext(req.Context())
	if len(body) > maxWhole {
		whole.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(body), req.Body), req.Body}
		return whole, nil
	}
	if err := req.Body.Close(); err != nil {
		return nil, err
	}
	whole.ContentLength = int64(len(body))
	whole.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	whole.Body, err = whole.GetBody()
	return whole, err
}

// neverConnected tells whether an error came before anything was written.
func neverConnected(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial"
}
