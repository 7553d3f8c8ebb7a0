package sender

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	tg "github.com/go-telegram/bot"
)

// A lost connection must not affect other messages.
func TestEachRequestHasAConnectionOfItsOwn(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Proto) // the client notices if it fails
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	base := transport()
	base.TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	base.TLSClientConfig.NextProtos = nil
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := NewClient(&http.Client{Transport: base}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if proto, err := io.ReadAll(response.Body); err != nil || string(proto) != "HTTP/1.1" {
		t.Errorf("the server was spoken to in %q (%v), want HTTP/1.1", proto, err)
	}
}

// doer is an HTTP client made of a function.
type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }

// The status says whether a request was carried out, and so do Telegram's words in the
// body. The page of a proxy says nothing.
func TestStatusOfAnAnswer(t *testing.T) {
	type answer struct {
		status int
		body   string
		want   Kind
	}
	says := func(code int, text string) string {
		return fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%q}`, code, text)
	}
	deleted := "Internal Server Error: sent message was immediately deleted and can't be returned"
	for _, test := range []answer{
		{http.StatusOK, "", Sent}, {http.StatusBadRequest, "<html>", Sent}, {499, "<html>", Sent}, // for the library to classify
		{http.StatusInternalServerError, "<html>", Down}, {http.StatusBadGateway, "<html>", Down},
		{http.StatusServiceUnavailable, "", Down}, {http.StatusGatewayTimeout, "<html>", Uncertain},
		{http.StatusInternalServerError, says(500, deleted), Sent},
		{http.StatusInternalServerError, says(500, "Internal Server Error: restart"), Down},
		{http.StatusInternalServerError, says(500, "Internal Server Error: Request aborted"), Uncertain},
		{http.StatusBadGateway, says(502, "Bad Gateway"), Down},
		{http.StatusGatewayTimeout, says(504, "Gateway Timeout"), Uncertain},
		{http.StatusInternalServerError, says(500, deleted)[:60], Down}, // cut off
		{http.StatusInternalServerError, strings.Repeat(" ", maxErrorBody) + says(500, deleted), Down},
		{http.StatusInternalServerError, `{"ok":true,"description":"` + deleted + `"}`, Down},
		{http.StatusInternalServerError, "<html>" + deleted, Down},
	} {
		closed := &body{Reader: strings.NewReader(test.body)}
		client := NewClient(doer(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: test.status, Body: closed}, nil
		}))
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://example.com", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(request)
		if err == nil {
			err = errors.Join(resp.Body.Close())
		}
		if got := Classify(err); got.Kind != test.want {
			t.Errorf("status %d with %.80q is %s (%v), want %s", test.status, test.body, got.Kind, err, test.want)
		}
		if !closed.closed {
			t.Errorf("the body of status %d is not closed", test.status)
		}
	}
}

// body reports whether it was closed.
type body struct {
	io.Reader
	closed bool
}

func (b *body) Close() error {
	b.closed = true
	return nil
}

// The answer to an inline query whose button opens no web app has no null where Telegram
// expects an object.
func TestNoNullAboveInlineResults(t *testing.T) {
	for _, test := range []struct{ method, body, want string }{
		{"answerInlineQuery", `{"text":"a","web_app":null,"start_parameter":"b"}`, `{"text":"a","start_parameter":"b"}`},
		{"answerInlineQuery", `{"text":"\"web_app\":null,"}`, `{"text":"\"web_app\":null,"}`},
		{"sendMessage", `say "web_app":null, please`, `say "web_app":null, please`},
	} {
		sent := &body{Reader: strings.NewReader(test.body)}
		client := NewClient(doer(func(r *http.Request) (*http.Response, error) {
			again := r.Body
			if r.GetBody != nil {
				var err error
				if again, err = r.GetBody(); err != nil {
					t.Error(err)
				}
			}
			got, err := io.ReadAll(again)
			if err != nil || string(got) != test.want {
				t.Errorf("%s of %s sends %s (%v), want %s", test.method, test.body, got, err, test.want)
			}
			if r.GetBody != nil && (r.ContentLength != int64(len(test.want)) || !sent.closed) {
				t.Errorf("a body of %d bytes has the length %d; the first is closed: %v", len(test.want), r.ContentLength, sent.closed)
			}
			return &http.Response{StatusCode: http.StatusOK, Body: r.Body}, r.Body.Close()
		}))
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://example.com/bot1:a/"+test.method, sent)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A body that has to be changed and cannot be read is not sent, not even half of it.
func TestBodyThatCannotBeRead(t *testing.T) {
	client := NewClient(doer(func(*http.Request) (*http.Response, error) {
		t.Error("the request was sent")
		return nil, io.ErrUnexpectedEOF
	}))
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://example.com/bot1:a/answerInlineQuery",
		io.MultiReader(strings.NewReader("half"), iotest.ErrReader(io.ErrClosedPipe)))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(request)
	if err == nil {
		t.Fatal(resp.Body.Close())
	}
	if got := Classify(err); got.Kind != Down || !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the response is %s (%v), want down", got.Kind, err)
	}
}

// Telegram may say 429 without a time. Then the wait is a second.
func TestWaitWithoutATime(t *testing.T) {
	if r := Classify(&tg.TooManyRequestsError{}); r.Kind != Wait || r.RetryAfter != time.Second {
		t.Errorf("the response is %+v, want a wait of a second", r)
	}
}

// A request for which there was no connection to Telegram has certainly had no effect: the
// message need not be called uncertain, and is sent once it can be.
func TestWithoutAConnectionNothingIsDone(t *testing.T) {
	refuses := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Header.Get("Proxy-Authorization") {
		case "":
			w.WriteHeader(http.StatusProxyAuthRequired)
		case "Basic Y3V0Og==": // cut
			panic(http.ErrAbortHandler)
		default:
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	defer refuses.Close()
	strange := httptest.NewTLSServer(http.NotFoundHandler())
	defer strange.Close()
	host := refuses.Listener.Addr().String()
	for _, test := range []struct{ name, proxy, address, says string }{
		{"no proxy there", "http://127.0.0.1:1", "https://example.com", "proxyconnect"},
		{"no SOCKS proxy there", "socks5://127.0.0.1:1", "https://example.com", "connection refused"},
		{"proxy with a password", "http://" + host, "https://example.com", "--proxy, HTTPS_PROXY"},
		{"proxy that refuses", "http://no:@" + host, "https://example.com", "must allow CONNECT"},
		{"proxy that hangs up", "http://cut:@" + host, "https://example.com", "EOF"},
		{"strange certificate", "", strange.URL, "unknown authority"},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := NewClient(NewHTTPClient(func(*url.URL) (*url.URL, error) {
				if test.proxy == "" {
					return nil, nil //nolint:nilnil // no proxy
				}
				return url.Parse(test.proxy)
			}))
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, test.address, strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			_, err = client.Do(request) //nolint:bodyclose // there is no answer
			if got := Classify(err); got.Kind != Down || !strings.Contains(err.Error(), test.says) {
				t.Errorf("Classify(%v) = %+v, want %s, and %q in the error", err, got, Down, test.says)
			}
		})
	}
}
