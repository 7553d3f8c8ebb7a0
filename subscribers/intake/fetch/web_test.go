package fetch_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"digestbot/internal/pipenet"
	"digestbot/subscribers/intake/fetch"
)

const limit = 1 << 20

// web has servers on this machine, which a client may reach although they are private.
type web struct {
	t       testing.TB
	mu      sync.Mutex
	allowed map[netip.AddrPort]bool
	asked   []string // what the servers were asked, in order: host, path and version
}

func newWeb(t testing.TB) *web { return &web{t: t, allowed: map[netip.AddrPort]bool{}} }

// open starts a server that may be reached.
func (w *web) open(handler http.HandlerFunc) *httptest.Server {
	server := w.private(handler)
	w.allowed[netip.MustParseAddrPort(server.Listener.Addr().String())] = true
	return server
}

// private starts a server that is refused.
func (w *web) private(handler http.HandlerFunc) *httptest.Server {
	server := httptest.NewServer(w.noting(handler))
	w.t.Cleanup(server.Close)
	return server
}

func (w *web) noting(handler http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		w.asked = append(w.asked, strings.TrimSpace(r.URL.Path+" "+r.Header.Get("If-None-Match")+r.Header.Get("If-Modified-Since")))
		w.mu.Unlock()
		handler(out, r)
	})
}

func (w *web) config() fetch.Config {
	return fetch.Config{UserAgent: "digestbot/test", Allow: func(a netip.AddrPort) bool { return w.allowed[a] }}
}

// get fetches an address, to which nothing is known so far.
func (w *web) get(address string) (fetch.Response, error) {
	return fetch.New(w.config()).Get(w.t.Context(), fetch.Request{Address: address, Limit: limit})
}

// says answers with a text.
func says(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }
}

// moves redirects.
func moves(status int, to string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(status)
	}
}

// pipes connects a client to a handler without sockets, so that time can be made up.
func pipes(t testing.TB, handler http.HandlerFunc) fetch.Config {
	network := pipenet.New()
	server := &http.Server{Handler: handler}
	go server.Serve(network) //nolint:errcheck // it ends with the test
	t.Cleanup(func() {
		server.Close()
		synctest.Wait()
	})
	return fetch.Config{Dial: network.Dial}
}
