package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"
)

func tlsConfig(authorities *x509.CertPool) *tls.Config {
	return &tls.Config{RootCAs: authorities, MinVersion: tls.VersionTLS12}
}

// follow gets the document at u, or to which u is redirected.
func (c *Client) follow(ctx context.Context, u *url.URL, r Request) (Response, error) {
	moved, forGood := "", true
	for range 1 + maxRedirects {
		answer, err := c.ask(ctx, u, r.Have)
		if err != nil {
			return Response{}, err
		}
		if !isRedirect(answer.StatusCode) {
			response, err := read(answer, u, r)
			response.Moved = moved
			return response, err
		}
		answer.Body.Close()
		next, err := target(answer, u)
		if err != nil {
			return Response{}, err
		}
		// What an insecure server says for good may be from somebody in between, so an
		// address with https is not given up for that.
		isPermanent := answer.StatusCode == http.StatusMovedPermanently || answer.StatusCode == http.StatusPermanentRedirect
		forGood = forGood && isPermanent && (u.Scheme == "http" || next.Scheme == "https")
		if forGood {
			moved = next.String()
		}
		u = next
	}
	return Response{}, &Error{Kind: Wrong, Address: Shown(r.Address), text: "it is redirected again and again: check the address in a browser"}
}

func isRedirect(status int) bool {
	return slices.Contains([]int{http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect}, status)
}

// target returns where an answer to u redirects.
func target(answer *http.Response, u *url.URL) (*url.URL, error) {
	next, err := u.Parse(answer.Header.Get("Location"))
	if err != nil || answer.Header.Get("Location") == "" {
		return nil, &Error{Kind: Wrong, Address: ShownURL(u), Status: answer.StatusCode, text: "the server redirects, but not to an address: tell its operator"}
	}
	next.User = secretFor(u, next) // one that the server gives would be for its own use
	next.Fragment, next.RawFragment = "", ""
	if err := check(next); err != nil {
		return nil, err
	}
	return next, nil
}

// ask makes one request.
func (c *Client) ask(ctx context.Context, u *url.URL, have Version) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, &Error{Kind: Wrong, Address: ShownURL(u), text: "this is not an address of the web: check it"}
	}
	request.Header.Set("User-Agent", c.agent())
	request.Header.Set("Accept", accept)
	if password, ok := u.User.Password(); ok || u.User.Username() != "" {
		request.SetBasicAuth(u.User.Username(), password)
	}
	if have.Address == withoutSecret(u) {
		setUnlessEmpty(request.Header, "If-None-Match", have.ETag)
		setUnlessEmpty(request.Header, "If-Modified-Since", have.LastModified)
	}
	transport, err := c.way(u)
	if err != nil {
		return nil, unreachable(u, err)
	}
	answer, err := transport.RoundTrip(request)
	if err != nil {
		return nil, unreachable(u, err)
	}
	return answer, nil
}

// way returns the transport for an address: through a proxy, or straight.
func (c *Client) way(u *url.URL) (*http.Transport, error) {
	if c.config.Proxy == nil {
		return c.direct, nil
	}
	switch proxy, err := c.config.Proxy(u); {
	case err != nil:
		return nil, err
	case proxy == nil:
		return c.direct, nil
	}
	return c.throughs, c.refuseBehindProxy(u)
}

func setUnlessEmpty(header http.Header, name, value string) {
	if value != "" {
		header.Set(name, value)
	}
}

// repeatable returns what a server said if it can be said to it again, else "".
func repeatable(value string) string {
	if len(value) > maxVersion || !httpguts.ValidHeaderFieldValue(value) {
		return ""
	}
	return value
}

// withoutSecret returns an address without name and password.
func withoutSecret(u *url.URL) string {
	bare := *u
	bare.User = nil
	return bare.String()
}

// read returns the document in an answer from u.
func read(answer *http.Response, u *url.URL, r Request) (Response, error) {
	defer answer.Body.Close()
	address := withoutSecret(u)
	response := Response{Address: address, Version: Version{
		Address: address, ETag: repeatable(answer.Header.Get("ETag")), LastModified: repeatable(answer.Header.Get("Last-Modified")),
	}}
	isKnown := r.Have.Address == address && r.Have.ETag+r.Have.LastModified != ""
	switch {
	case answer.StatusCode == http.StatusNotModified && isKnown:
		response.Unchanged, response.Version = true, r.Have
		return response, nil
	case answer.StatusCode != http.StatusOK && answer.StatusCode != http.StatusNonAuthoritativeInfo:
		return Response{}, refusal(answer, u)
	case answer.Header.Get("Content-Encoding") != "" && answer.Header.Get("Content-Encoding") != "identity":
		return Response{}, &Error{Kind: Wrong, Address: ShownURL(u), text: "the server packs the document in a way that nobody asked for: tell its operator to obey Accept-Encoding"}
	}
	var err error
	if response.Data, err = io.ReadAll(io.LimitReader(answer.Body, r.Limit+1)); err != nil {
		return Response{}, brokenOff(u, err)
	}
	if int64(len(response.Data)) > r.Limit {
		return Response{}, tooLarge(u, r.Limit)
	}
	if _, parameters, err := mime.ParseMediaType(answer.Header.Get("Content-Type")); err == nil {
		response.Charset = strings.ToLower(strings.TrimSpace(parameters["charset"]))
	}
	return response, nil
}
