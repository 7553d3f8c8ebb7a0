package ping_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/bot/ping"
)

// secret is in every address of the tests, and must be in no error and no line of the log.
const secret = "0b1c-hush"

func TestParseAddress(t *testing.T) {
	for text, want := range map[string]string{
		"https://hc-ping.com/" + secret:                 "",
		"http://10.0.0.7:8000/ping/" + secret + "?x=1":  "",
		"https://name:pass@hc.example.org/" + secret:    "",
		"https://hc-ping.com/" + secret + "#top":        "",
		"https://[::1]:8000/" + secret:                  "",
		"hc-ping.com/" + secret:                         "copy it again",
		"ftp://hc-ping.com/" + secret:                   "copy it again",
		"https:///" + secret:                            "copy it again",
		"https://hc-ping.com:x/" + secret:               "copy it again",
		"https://hc-ping.com/" + secret + " and so on":  "copy it again",
		"https://hc-ping.com/" + secret + "\nand so on": "copy it again",
		"https://hc-ping.com/" + secret + "/fail":       "leave out /fail",
		"https://hc-ping.com/" + secret + "/start/":     "leave out /start",
	} {
		u, err := ping.ParseAddress(text)
		if want == "" && (err != nil || strings.Contains(u.String(), "#")) {
			t.Errorf("ParseAddress(%q) = %v, %v", text, u, err)
		}
		if want != "" && (err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), secret)) {
			t.Errorf("ParseAddress(%q): %v, want %q and no secret", text, err, want)
		}
	}
}

func TestHidden(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "https://name:pass@hc-ping.com/" + secret + "?x=" + secret: "https://hc-ping.com/***", secret: "***", "https://hc-ping.com:x/" + secret: "***",
	} {
		if got := ping.Hidden(text); got != want {
			t.Errorf("Hidden(%q) = %q, want %q", text, got, want)
		}
	}
}

// watch is a service that watches for pings. It answers as answer says.
type watch struct {
	*httptest.Server
	mu     sync.Mutex
	asked  []string // what, with the query
	answer http.HandlerFunc
}

func newWatch(t *testing.T, answer http.HandlerFunc) *watch {
	t.Helper()
	w := &watch{answer: answer}
	w.Server = httptest.NewServer(w)
	t.Cleanup(w.Close)
	return w
}

func (w *watch) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	name, password, _ := r.BasicAuth()
	w.asked = append(w.asked, strings.TrimSpace(r.Method+" "+r.RequestURI+" "+r.UserAgent()+" "+name+password))
	answer := w.answer
	w.mu.Unlock()
	if answer != nil {
		answer(out, r)
		return
	}
	fmt.Fprint(out, "OK")
}

// pings returns what was asked.
func (w *watch) pings() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked
}

func service(t *testing.T, address string) ping.Service {
	t.Helper()
	u, err := ping.ParseAddress(address)
	if err != nil {
		t.Fatal(err)
	}
	return ping.Service{Address: u, UserAgent: "digestbot/test"}
}

// A failure has its own path; the query stays at the end.
func TestWhatIsAskedFor(t *testing.T) {
	for path, want := range map[string][]string{
		"/" + secret:                          {"GET /" + secret + " digestbot/test", "GET /" + secret + "/fail digestbot/test"},
		"/" + secret + "/?create=1&k=a%2Fb":   {"GET /" + secret + "/?create=1&k=a%2Fb digestbot/test", "GET /" + secret + "/fail?create=1&k=a%2Fb digestbot/test"},
		"/a%2Fb/" + secret + "?rid=" + secret: {"GET /a%2Fb/" + secret + "?rid=" + secret + " digestbot/test", "GET /a%2Fb/" + secret + "/fail?rid=" + secret + " digestbot/test"},
		"?key=" + secret:                      {"GET /?key=" + secret + " digestbot/test", "GET /fail?key=" + secret + " digestbot/test"},
		"/%E6%98%A5/x?y":                      {"GET /%E6%98%A5/x?y digestbot/test", "GET /%E6%98%A5/x/fail?y digestbot/test"},
	} {
		w := newWatch(t, nil)
		s := service(t, w.URL+path)
		for _, good := range []bool{true, false} {
			if err := ping.Send(t.Context(), s, good); err != nil {
				t.Error(err)
			}
		}
		if diff := cmp.Diff(want, w.pings()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

func says(status int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, text)
	}
}

func moves(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	}
}

// Whatever a service answers, and with whatever words, the error does not show the address.
func TestAnswers(t *testing.T) {
	other := newWatch(t, nil)
	for _, test := range []struct {
		name   string
		answer http.HandlerFunc
		want   string // in the error; empty: it was taken
	}{
		{"taken", says(200, "OK"), ""},
		{"a check was made", says(201, "Created"), ""},
		{"nothing to say", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, ""},
		{"no such check", says(404, secret+" not found"), "404 Not Found"},
		{"no such check, with 200", says(200, "OK (not found)"), `"OK (not found)"`},
		{"too many, with 200", says(200, "OK (rate limited) "+secret), `"OK (rate limited)"`},
		{"too many", says(429, "slow down"), "429"},
		{"down", says(500, secret), "500"},
		{"redirected", moves(other.URL + "/there"), ""},
		{"redirected to itself", func(w http.ResponseWriter, r *http.Request) { moves(r.RequestURI)(w, r) }, "again and again"},
		{"redirected to nowhere", moves("http://%zz/" + secret), "not to an address"},
		{"redirected to a file", moves("file:///" + secret), "not to an address"},
		{"redirected without an address", says(302, secret), "not to an address"},
		{"cut off", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "does not speak"},
		{"no HTTP", func(w http.ResponseWriter, _ *http.Request) {
			conn, _, _ := w.(http.Hijacker).Hijack()
			fmt.Fprintf(conn, "%s is not HTTP\r\n", secret)
			conn.Close()
		}, "does not speak"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWatch(t, test.answer)
			err := ping.Send(t.Context(), service(t, w.URL+"/"+secret+"?key="+secret), true)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("the error is %v, want %q", err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("the address is in %q", err)
			}
			if n := len(w.pings()); n > 4 {
				t.Errorf("%d requests were made", n)
			}
		})
	}
}

// Name and password go to no other server, and https does not become http.
func TestRedirectsKeepSecrets(t *testing.T) {
	other := newWatch(t, nil)
	w := newWatch(t, moves(other.URL+"/there"))
	if err := ping.Send(t.Context(), service(t, strings.Replace(w.URL, "://", "://name:pass@", 1)+"/"+secret), true); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"GET /there digestbot/test"}, other.pings()); diff != "" || w.pings()[0] != "GET /"+secret+" digestbot/test namepass" {
		t.Errorf("the first was asked %q, the other (-want +got):\n%s", w.pings(), diff)
	}
	for location, want := range map[string]bool{"http://example.org/": false, "https://example.org/": true, "/there": true} {
		if _, err := ping.Target(must(url.Parse("https://hc-ping.com/x"))(t), location); (err == nil) != want {
			t.Errorf("to %s: %v, want that it is followed: %t", location, err, want)
		}
	}
}

func TestUnreachable(t *testing.T) {
	w := newWatch(t, nil)
	w.Close()
	tls := httptest.NewUnstartedServer(http.NotFoundHandler())
	tls.Config.ErrorLog = log.New(io.Discard, "", 0) // of the handshake
	tls.StartTLS()
	t.Cleanup(tls.Close)
	for _, test := range []struct{ address, want string }{
		{w.URL, "connection refused"},
		{"http://no-such-host.invalid", "no-such-host.invalid"},
		{tls.URL, "certificate is not valid"},
	} {
		s := service(t, test.address+"/"+secret)
		for what, err := range map[string]error{"send": ping.Send(t.Context(), s, true), "reach": s.Reach(t.Context())} {
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), secret) {
				t.Errorf("%s %s: %v, want %q", what, test.address, err, test.want)
			}
		}
	}
	wrong := service(t, w.URL+"/"+secret)
	wrong.Proxy = func(*url.URL) (*url.URL, error) {
		return nil, fmt.Errorf("--proxy: this is not the address of a proxy")
	}
	if err := ping.Send(t.Context(), wrong, true); err == nil || !strings.Contains(err.Error(), "--proxy: this is not") {
		t.Errorf("with a wrong proxy: %v", err)
	}
}

// To find out whether the service is reached, nothing is said to it: each request is a ping.
func TestReachSaysNothing(t *testing.T) {
	listener := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	defer listener.Close()
	said := make(chan string, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		buffer := make([]byte, 100)
		n, _ := conn.Read(buffer) // its end is what is waited for
		said <- string(buffer[:n])
	}()
	if err := service(t, "http://"+listener.Addr().String()+"/"+secret).Reach(t.Context()); err != nil {
		t.Error(err)
	}
	if got := <-said; got != "" {
		t.Errorf("%q was said", got)
	}
}

// A service that says nothing is given up, and a stop does not wait for it.
func TestServiceThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := service(t, "http://example.org/"+secret)
		s.Dial = func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			go func() {
				buffer := make([]byte, 1000)
				for {
					if _, err := theirs.Read(buffer); err != nil {
						return
					}
				}
			}()
			return ours, nil
		}
		began := time.Now()
		err := ping.Send(t.Context(), s, true)
		if took := time.Since(began); err == nil || !strings.Contains(err.Error(), "no answer in time") || took != 20*time.Second {
			t.Errorf("after %s: %v", took, err)
		}
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		began = time.Now()
		if err := ping.Send(ctx, s, true); err == nil || time.Since(began) != time.Second {
			t.Errorf("at a stop: %v after %s", err, time.Since(began))
		}
	})
}

func must[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}
