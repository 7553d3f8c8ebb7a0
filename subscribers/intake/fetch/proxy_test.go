package fetch_test

import (
	"context"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"digestbot/subscribers/intake/fetch"
)

// proxy is a small proxy that leads every name to one server.
type proxy struct {
	target string // host and port

	mu    sync.Mutex
	asked []string // for which hosts
}

func (p *proxy) note(host string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, host)
}

// join passes bytes both ways until one side ends. said is what comes from the client.
func (p *proxy) join(client net.Conn, said io.Reader) {
	server, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", p.target)
	if err != nil {
		return
	}
	defer server.Close()
	go io.Copy(server, said) //nolint:errcheck // it ends with the connection
	io.Copy(client, server)  //nolint:errcheck // as above
}

// ServeHTTP is that of a proxy for http and, by CONNECT, for https.
func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.note(r.Method + " " + r.Host)
	if r.Header.Get("Proxy-Authorization") != "" && r.Header.Get("Proxy-Authorization") != "Basic bWU6cHc=" {
		w.WriteHeader(http.StatusProxyAuthRequired)
		return
	}
	if r.Method != http.MethodConnect {
		fmt.Fprintf(w, "by proxy, for %s", r.URL)
		return
	}
	w.WriteHeader(http.StatusOK)
	conn, buffered, err := w.(http.Hijacker).Hijack() // which may have read on already
	if err != nil {
		return
	}
	defer conn.Close()
	p.join(conn, buffered)
}

// serveSOCKS takes connections by RFC 1928, without a password.
func (p *proxy) serveSOCKS(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			p.socks(conn)
		}()
	}
}

func (p *proxy) socks(conn net.Conn) {
	head := make([]byte, 2)
	io.ReadFull(conn, head)                  //nolint:errcheck // the test fails then
	io.ReadFull(conn, make([]byte, head[1])) //nolint:errcheck // the same
	conn.Write([]byte{5, 0})                 //nolint:errcheck // the same
	request := make([]byte, 5)               // version, connect, 0, kind of address, length of the name
	io.ReadFull(conn, request)               //nolint:errcheck // the same
	rest := make([]byte, int(request[4])+2)  // name and port
	io.ReadFull(conn, rest)                  //nolint:errcheck // the same
	name, port := rest[:request[4]], rest[len(rest)-2:]
	p.note(net.JoinHostPort(string(name), strconv.Itoa(int(binary.BigEndian.Uint16(port)))))
	conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0}) //nolint:errcheck // the same
	p.join(conn, conn)
}

func through(address string) func(*url.URL) (*url.URL, error) {
	return func(*url.URL) (*url.URL, error) { return url.Parse(address) }
}

// secure starts a server with a certificate for example.com.
func secure(t *testing.T, handler http.HandlerFunc) (*httptest.Server, *x509.CertPool) {
	server := httptest.NewTLSServer(handler)
	t.Cleanup(server.Close)
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	return server, pool
}

func TestHTTPProxy(t *testing.T) {
	server, authorities := secure(t, says("secure"))
	p := &proxy{target: server.Listener.Addr().String()}
	front := httptest.NewServer(p)
	defer front.Close()
	client := fetch.New(fetch.Config{Proxy: through("http://me:pw@" + front.Listener.Addr().String()), RootCAs: authorities})

	got, err := client.Get(t.Context(), fetch.Request{Address: "https://example.com/feed", Limit: limit})
	if err != nil || string(got.Data) != "secure" {
		t.Errorf("https: got %+v, %v", got, err)
	}
	got, err = client.Get(t.Context(), fetch.Request{Address: "http://you:hush@example.com/feed", Limit: limit})
	if err != nil || string(got.Data) != "by proxy, for http://example.com/feed" {
		t.Errorf("http: got %q, %v", got.Data, err)
	}
	if want := "[CONNECT example.com:443 GET example.com]"; fmt.Sprint(p.asked) != want {
		t.Errorf("the proxy was asked for %v, want %s", p.asked, want)
	}
}

func TestSOCKSProxy(t *testing.T) {
	server, authorities := secure(t, says("secure"))
	p := &proxy{target: server.Listener.Addr().String()}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go p.serveSOCKS(listener)
	for _, scheme := range []string{"socks5", "socks5h"} {
		client := fetch.New(fetch.Config{Proxy: through(scheme + "://" + listener.Addr().String()), RootCAs: authorities})
		got, err := client.Get(t.Context(), fetch.Request{Address: "https://example.com/feed", Limit: limit})
		if err != nil || string(got.Data) != "secure" {
			t.Errorf("%s: got %+v, %v", scheme, got, err)
		}
	}
	if want := "[example.com:443 example.com:443]"; fmt.Sprint(p.asked) != want {
		t.Errorf("the proxy was asked for %v, want %s", p.asked, want)
	}
}

// A proxy must not be a way into the network in which it is, as far as that can be seen.
func TestPrivateBehindProxy(t *testing.T) {
	p := &proxy{}
	front := httptest.NewServer(p)
	defer front.Close()
	client := fetch.New(fetch.Config{Proxy: through(front.URL)})
	hosts := []string{"localhost", "LOCALHOST.", "printer", "router.local", "db.internal", "nas.home.arpa", "a.localhost", "ｌocalhost"}
	for _, host := range append(hosts, privateAddresses...) {
		if !isRefused(t, client, host) {
			t.Errorf("%s is not refused", host)
		}
	}
	if len(p.asked) > 0 {
		t.Errorf("the proxy was asked for %v", p.asked)
	}
	if _, err := client.Get(t.Context(), fetch.Request{Address: "http://example.org/", Limit: limit}); err != nil {
		t.Error(err)
	}
}

func TestProxyFaults(t *testing.T) {
	p := &proxy{}
	front := httptest.NewServer(p)
	defer front.Close()
	wrongPassword := "http://me:hush@" + front.Listener.Addr().String()
	tests := []struct {
		name, says string
		proxy      func(*url.URL) (*url.URL, error)
		address    string
	}{
		{"wrong password, https", "the proxy says 407", through(wrongPassword), "https://example.org/"},
		{"wrong password, http", "the proxy wants a name", through(wrongPassword), "http://example.org/"},
		{"wrong setting", "HTTPS_PROXY is wrong", func(*url.URL) (*url.URL, error) { return nil, errors.New("HTTPS_PROXY is wrong") }, "https://example.org/"},
		{"not there", "connection refused", through("http://127.0.0.1:1"), "https://example.org/"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := fetch.New(fetch.Config{Proxy: test.proxy}).Get(t.Context(), fetch.Request{Address: test.address, Limit: limit})
			if err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "hush") {
				t.Errorf("error %v, want one that says %q", err, test.says)
			}
		})
	}
}

// Hosts that are reached without the proxy are checked like all others.
func TestPrivateBesideProxy(t *testing.T) {
	w := newWeb(t)
	server := w.private(says("secret"))
	config := w.config()
	config.Proxy = func(*url.URL) (*url.URL, error) { return nil, nil }
	_, err := fetch.New(config).Get(t.Context(), fetch.Request{Address: server.URL, Limit: limit})
	if e, ok := errors.AsType[*fetch.Error](err); !ok || e.Kind != fetch.Private {
		t.Errorf("error %v", err)
	}
}
