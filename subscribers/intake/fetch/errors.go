package fetch

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Kind says what can be done about an error.
type Kind string

// The kinds of errors.
const (
	Temporary   Kind = "temporary"   // the server or the way to it; the next try may do
	Gone        Kind = "gone"        // there is nothing at the address: 404, 410
	Refused     Kind = "refused"     // the server does not let the bot have it
	TooLarge    Kind = "too large"   // larger than the caller allows
	Private     Kind = "private"     // the address is of a private network
	Certificate Kind = "certificate" // the server does not prove who it is
	Wrong       Kind = "wrong"       // the address or the answer makes no sense
)

// Error says why a document could not be fetched, and what to do. It holds neither passwords
// nor queries.
type Error struct {
	Kind    Kind
	Address string // as Shown
	Status  int    // of HTTP; 0: there was no answer
	// RetryAfter is how long the server asks to wait, at most a day; 0: it does not say.
	RetryAfter time.Duration

	text  string // cause and cure
	cause error
}

func (e *Error) Error() string { return e.Address + ": " + e.text }
func (e *Error) Unwrap() error { return e.cause }

var errNoProxy = errors.New("there is no proxy for this address")

// refusal returns the error for an answer that is no document.
func refusal(answer *http.Response, u *url.URL) *Error {
	status := answer.StatusCode
	e := &Error{Kind: Refused, Address: ShownURL(u), Status: status, RetryAfter: retryAfter(answer.Header, time.Now())}
	says := strings.TrimSpace(fmt.Sprintf("the server says %d %s", status, http.StatusText(status)))
	switch {
	case status == http.StatusNotFound || status == http.StatusGone:
		e.Kind = Gone
		e.text = says + ": check the address, or ask the publisher where it is now"
	case status == http.StatusUnauthorized:
		e.text = says + ": it wants a name and a password, as in https://name:password@example.org"
	case status == http.StatusProxyAuthRequired:
		e.text = says + ": the proxy wants a name and a password, as in http://name:password@proxy.example:3128"
	case status == http.StatusTooManyRequests:
		e.Kind = Temporary
		e.text = says + ": it is asked too often; ask less often"
	case status >= 500, status == http.StatusRequestTimeout, status == http.StatusTooEarly, status < 400:
		e.Kind = Temporary
		e.text = says + ": try again later, or tell its operator"
	default:
		e.text = says + ": ask the publisher to let the bot in"
	}
	return e
}

// maxRetryAfter keeps a server that says a year by mistake from silencing a source.
const maxRetryAfter = 24 * time.Hour

// retryAfter returns how long a server asks to wait, which it says in seconds or as a time
// (RFC 9110, 10.2.3). A time is compared with the server's own clock, if that is known.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 63); err == nil {
		return time.Duration(min(seconds, uint64(maxRetryAfter/time.Second))) * time.Second
	}
	until, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	if theirs, err := http.ParseTime(header.Get("Date")); err == nil {
		now = theirs
	}
	return min(max(until.Sub(now), 0), maxRetryAfter)
}

// unreachable returns the error for a request that got no answer.
func unreachable(u *url.URL, err error) *Error {
	e := &Error{Kind: Temporary, Address: ShownURL(u), cause: err}
	var timeout net.Error
	var unknown *net.DNSError
	switch {
	case isPrivateError(e, u, err), isCertificateError(e, u, err):
	case errors.As(err, &unknown) && unknown.IsNotFound:
		e.text = fmt.Sprintf("there is no host %s: check the address, and whether this machine finds others", unknown.Name)
	case errors.As(err, &timeout) && timeout.Timeout():
		e.text = "the server does not answer in time: try again later"
	default:
		e.text = fmt.Sprintf("the server cannot be reached: %s: check the address, or try again later", withoutAddress(err))
	}
	return e
}

func isPrivateError(e *Error, u *url.URL, err error) bool {
	private, ok := errors.AsType[*privateError](err)
	if !ok {
		return false
	}
	e.Kind = Private
	where := private.address + " is"
	if private.address != u.Hostname() {
		where = fmt.Sprintf("%s leads to %s, which is", u.Hostname(), private.address)
	}
	e.text = where + " not on the public internet: give a public address, or allow others with --allow-private-sources"
	if private.isFixed {
		e.text = where + " not on the public internet, and nothing else is fetched here: give a public address, or the document itself"
	}
	return true
}

// isCertificateError says what is wrong with a certificate. What stands in it is not
// repeated: it may be anything.
func isCertificateError(e *Error, u *url.URL, err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); !ok {
		return false
	}
	e.Kind = Certificate
	why := "is not valid"
	invalid, isInvalid := errors.AsType[x509.CertificateInvalidError](err)
	_, isOther := errors.AsType[x509.HostnameError](err)
	_, isUnknown := errors.AsType[x509.UnknownAuthorityError](err)
	switch {
	case isInvalid && invalid.Reason == x509.Expired:
		why = "has expired, or begins later"
	case isOther:
		why = "is for another host"
	case isUnknown:
		why = "is from nobody that this machine trusts"
	}
	e.text = fmt.Sprintf("the certificate of %s %s: check the address and this machine's clock, or tell the operator of the site", u.Hostname(), why)
	return true
}

// brokenOff returns the error for an answer that does not come to its end.
func brokenOff(u *url.URL, err error) *Error {
	e := &Error{Kind: Temporary, Address: ShownURL(u), Status: http.StatusOK, cause: err}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		e.text = fmt.Sprintf("the document is not here after %s: try again later", wholeLimit)
		return e
	}
	e.text = fmt.Sprintf("the document breaks off: %s: try again later", withoutAddress(err))
	return e
}

func tooLarge(u *url.URL, limit int64) *Error {
	return &Error{Kind: TooLarge, Address: ShownURL(u), Status: http.StatusOK,
		text: fmt.Sprintf("the document is larger than %s: give one that has fewer issues in it", size(limit))}
}

// size returns a number of bytes in words.
func size(bytes int64) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d KB", bytes>>10)
	}
	return fmt.Sprintf("%d MB", bytes>>20)
}

// withoutAddress returns the text of an error without the address that net/http puts in
// front, which has its query.
func withoutAddress(err error) string {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	return err.Error()
}
