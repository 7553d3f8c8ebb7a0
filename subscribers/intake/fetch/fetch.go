// Package fetch gets documents from the web.
//
//	client := fetch.New(fetch.Config{UserAgent: "digestbot/1.0"})
//	response, err := client.Get(ctx, fetch.Request{Address: "https://example.org/feed.xml", Limit: 2 << 20})
//	if e, ok := errors.AsType[*fetch.Error](err); ok && e.Kind == fetch.Gone {
//		…
//	}
//
// An address may come from anybody, and whoever answers at it may be hostile. So only http and
// https are fetched, an answer is as large as the caller allows and takes as long as said
// below, and private addresses are refused when the connection is made: neither a name that
// leads to one, today or only at the second look, nor a redirect gets around that. What is in
// an address besides host and path, such as a password, is given to no other host, and is in
// no error.
package fetch

import (
	"cmp"
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

// How long an answer may take. A server that sends a byte now and then ends at the last limit.
const (
	connectLimit   = 10 * time.Second // with finding the address of a name
	handshakeLimit = 10 * time.Second
	headerLimit    = 30 * time.Second
	wholeLimit     = time.Minute // with all redirects
)

const (
	maxRedirects = 5
	maxHeaders   = 64 << 10 // bytes
	maxVersion   = 1 << 10  // bytes of an ETag or date
)

// accept says what is wanted, feeds first: a server that has one at the address of a page
// means it for programs.
const accept = "application/rss+xml, application/atom+xml, application/feed+json, text/html, application/xhtml+xml, " +
	"text/markdown;q=0.9, text/plain;q=0.9, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.5"

// Config says how a client fetches. The zero value is usable.
type Config struct {
	UserAgent string // says which program asks; empty: "digestbot"
	// Contact returns an address at which whoever runs the program is found. It is said to
	// servers too. Nil, or an empty answer: there is none.
	Contact func() string
	// Proxy returns the proxy for an address, which may have a private address itself; nil
	// for none. A nil Proxy means none for all.
	Proxy func(*url.URL) (*url.URL, error)
	// Allow reports whether an address may be connected to although it is private; a nil
	// Allow means none may.
	Allow func(netip.AddrPort) bool
	// RootCAs are the authorities for certificates; nil: those of the system.
	RootCAs *x509.CertPool
	// Dial connects, as net.Dialer.DialContext does, to what Proxy and Allow do not forbid.
	// It is for servers within the process: nothing checks where it leads. Nil: the network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Client fetches documents. It is safe for concurrent use and keeps no connection.
type Client struct {
	config   Config
	direct   *http.Transport
	throughs *http.Transport // through proxies
}

// New returns a client.
func New(config Config) *Client {
	config.UserAgent = cmp.Or(config.UserAgent, "digestbot")
	c := &Client{config: config}
	c.direct = c.transport(c.guard())
	c.throughs = c.transport(&net.Dialer{})
	c.throughs.Proxy = c.proxyOf
	c.throughs.OnProxyConnectResponse = checkConnect
	return c
}

// Request says what to get.
type Request struct {
	Address string
	// Limit is how large the document may be, in bytes, unpacked.
	Limit int64
	// Have is the version of the document that the caller has. The zero value: none.
	Have Version
}

// Version is what a server said about a document, by which it tells later whether that has
// changed. It holds only for the address at which the document was, because another document
// may be older and yet new to the caller.
type Version struct {
	Address      string // where the document was, after redirects
	ETag         string
	LastModified string
}

// Response is a document from the web.
type Response struct {
	// Unchanged says that the caller has the document. Then Data is empty.
	Unchanged bool
	Data      []byte
	// Address is where the document was, after redirects and without a password. Relative
	// addresses in it are meant from there.
	Address string
	// Moved is the address to ask for from now on, if the server says that the document has
	// moved there for good; else empty. It may have a password in it, as the one asked for.
	// Whether that is a document at all is for the caller to find out first.
	Moved string
	// Charset is the encoding that the server names, in lower case; empty: none.
	Charset string
	Version Version
}

// Get fetches a document. The error wraps an *Error, or is that of ctx.
func (c *Client) Get(ctx context.Context, r Request) (Response, error) {
	u, err := parse(r.Address)
	if err != nil {
		return Response{}, err
	}
	limited, cancel := context.WithTimeout(ctx, wholeLimit)
	defer cancel()
	response, err := c.follow(limited, u, r)
	if err != nil && ctx.Err() != nil {
		return Response{}, fmt.Errorf("fetch %s: %w", Shown(r.Address), ctx.Err())
	}
	return response, err
}

// agent returns what the client says of itself.
func (c *Client) agent() string {
	if c.config.Contact != nil {
		if contact := c.config.Contact(); contact != "" {
			return c.config.UserAgent + " (+" + contact + ")"
		}
	}
	return c.config.UserAgent
}

// transport returns what makes the requests, over connections from dialer.
func (c *Client) transport(dialer *net.Dialer) *http.Transport {
	dial := dialer.DialContext
	if c.config.Dial != nil {
		dial = c.config.Dial
	}
	return &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			ctx, cancel := context.WithTimeout(ctx, connectLimit)
			defer cancel()
			return dial(ctx, network, address)
		},
		TLSClientConfig:        tlsConfig(c.config.RootCAs),
		TLSHandshakeTimeout:    handshakeLimit,
		ResponseHeaderTimeout:  headerLimit,
		MaxResponseHeaderBytes: maxHeaders,
		ForceAttemptHTTP2:      true,
		// The next look is minutes away.
		DisableKeepAlives: true,
	}
}

// checkConnect says why a proxy makes no connection.
func checkConnect(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	return fmt.Errorf("the proxy says %d %s", answer.StatusCode, http.StatusText(answer.StatusCode))
}

// proxyOf returns the proxy for a request. To go on without one would pass by the check of
// addresses.
func (c *Client) proxyOf(r *http.Request) (*url.URL, error) {
	proxy, err := c.config.Proxy(r.URL)
	if err == nil && proxy == nil {
		err = errNoProxy
	}
	return proxy, err
}
