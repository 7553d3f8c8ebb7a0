//go:build unix

package main

import (
	"bufio"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/internal/longtest"
)

// tunnel is a proxy at one address that speaks CONNECT and SOCKS 5 (RFC 1928 and 1929),
// wants a name and a password, and leads every host to one server.
type tunnel struct {
	t       *testing.T
	address string
	target  string // host and port

	mu       sync.Mutex
	password string
	listener net.Listener // nil: the proxy is down
	open     []net.Conn
	asked    []string // hosts and ports
}

func newTunnel(t *testing.T, target string) *tunnel {
	t.Helper()
	p := &tunnel{t: t, address: "127.0.0.1:0", target: target, password: "right"}
	p.up()
	t.Cleanup(p.down)
	return p
}

// up starts the proxy, at the address that it had.
func (p *tunnel) up() {
	p.t.Helper()
	listener, err := net.Listen("tcp", p.address)
	if err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	p.listener, p.address = listener, listener.Addr().String()
	p.mu.Unlock()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			p.mu.Lock()
			p.open = append(p.open, conn)
			p.mu.Unlock()
			go p.serve(conn)
		}
	}()
}

// down ends the proxy and all that goes through it.
func (p *tunnel) down() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listener != nil {
		p.listener.Close()
	}
	for _, conn := range p.open {
		conn.Close()
	}
	p.listener, p.open = nil, nil
}

func (p *tunnel) setPassword(password string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.password = password
}

func (p *tunnel) lets(name, password string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return name == "me" && password == p.password
}

func (p *tunnel) note(host string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, host)
}

// hosts returns the different hosts that the proxy was asked for.
func (p *tunnel) hosts() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Compact(slices.Sorted(slices.Values(p.asked)))
}

func (p *tunnel) serve(conn net.Conn) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	first, err := r.Peek(1)
	if err != nil {
		return
	}
	greet := p.connect
	if first[0] == 5 {
		greet = p.socks
	}
	if err := greet(r, conn); err != nil {
		return
	}
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		_, _ = io.Copy(server, r) // either side may end it
		_ = server.(*net.TCPConn).CloseWrite()
	}()
	_, _ = io.Copy(conn, server)
}

var errNotLet = errors.New("the password is wrong")

func (p *tunnel) connect(r *bufio.Reader, conn net.Conn) error {
	request, err := http.ReadRequest(r)
	if err != nil {
		return err
	}
	credentials, _ := strings.CutPrefix(request.Header.Get("Proxy-Authorization"), "Basic ")
	pair, _ := base64.StdEncoding.DecodeString(credentials) // what is no base64 is no password
	if name, password, _ := strings.Cut(string(pair), ":"); !p.lets(name, password) {
		_, _ = io.WriteString(conn, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
		return errNotLet
	}
	p.note(request.Method + " " + request.Host)
	_, err = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
	return err
}

func (p *tunnel) socks(r *bufio.Reader, conn net.Conn) error {
	read := func(n int) []byte {
		b := make([]byte, n)
		_, _ = io.ReadFull(r, b) // what is missing is wrong, and seen below
		return b
	}
	read(int(read(2)[1])) // ways to authenticate
	if _, err := conn.Write([]byte{5, 2}); err != nil {
		return err
	}
	name := string(read(int(read(2)[1])))
	password := string(read(int(read(1)[0])))
	if !p.lets(name, password) {
		_, _ = conn.Write([]byte{1, 1})
		return errNotLet
	}
	if _, err := conn.Write([]byte{1, 0}); err != nil {
		return err
	}
	head := read(5) // version, command, reserved, kind of address, length of the name
	host := string(read(int(head[4])))
	port := read(2)
	p.note(fmt.Sprintf("SOCKS %s:%d", host, int(port[0])<<8|int(port[1])))
	_, err := conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	return err
}

// secure serves a Bot API over TLS, as example.com, and returns its address on this machine and
// a file with its certificate, which no system trusts.
func secure(t *testing.T, handler http.Handler) (target, certificate string) {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of connections that end
	server.StartTLS()
	t.Cleanup(server.Close)
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	return server.Listener.Addr().String(), write(t, t.TempDir(), "ca.pem", string(block))
}

// The whole conversation goes through the proxy and TLS, whose authority is one of the
// operator's own. A wrong password is named and not shown, and what it kept waiting is done
// once the proxy lets it.
func TestProxiesOverTLS(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, wrong string
		environ     func(proxy, ca string) []string
		asked       string
	}{
		{"CONNECT", "the proxy wants a name and a password, or does not know those", func(proxy, ca string) []string {
			return []string{"HTTPS_PROXY=http://me:right@" + proxy, "SSL_CERT_FILE=" + ca}
		}, "CONNECT example.com:443"},
		{"--proxy before HTTPS_PROXY", "the proxy wants a name and a password, or does not know those", func(proxy, ca string) []string {
			return []string{"HTTPS_PROXY=http://127.0.0.1:1", "DIGESTBOT_PROXY=me:right@" + proxy, "SSL_CERT_FILE=" + ca}
		}, "CONNECT example.com:443"},
		{"SOCKS", "username/password authentication failed", func(proxy, ca string) []string {
			return []string{"ALL_PROXY=socks5h://me:right@" + proxy, "SSL_CERT_FILE=/dev/null", "SSL_CERT_DIR=" + filepath.Dir(ca)}
		}, "SOCKS example.com:443"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tg := newTelegram(t, telegramsim.Options{})
			target, ca := secure(t, tg.sim)
			proxy := newTunnel(t, target)
			proxy.setPassword("another")
			command := exec.Command(testBinary(t), "--api-url", "https://example.com")
			command.Env = tt.environ(proxy.address, ca)
			p := startCommand(t, command)
			p.line(tt.wrong)
			if strings.Contains(p.log.String(), "right") {
				t.Error("the log shows the password")
			}
			proxy.setPassword("right")
			tg.asks("/help", "What I can do")
			if got := proxy.hosts(); !slices.Equal(got, []string{tt.asked}) {
				t.Errorf("the proxy was asked for %q, want %q", got, tt.asked)
			}
			p.signal(syscall.SIGTERM)
			if code := p.wait(); code != 0 {
				t.Errorf("the program ended with %d", code)
			}
		})
	}
}

// A certificate that no authority has signed is no certificate: the way through a proxy
// makes no difference.
func TestStrangeCertificateIsRefused(t *testing.T) {
	t.Parallel()
	tg := newTelegram(t, telegramsim.Options{})
	target, _ := secure(t, tg.sim)
	proxy := newTunnel(t, target)
	p := startProgram(t, "--api-url", "https://example.com", "--proxy", "http://me:right@"+proxy.address)
	mustContain(t, "the log", p.line("list of processes"), "DIGESTBOT_PROXY")
	p.line("certificate signed by unknown authority")
	if calls := tg.sim.Stats().Calls; len(calls) > 0 {
		t.Errorf("the bot called %v", calls)
	}
}

// The proxy dies in the middle of a broadcast, and later wants another password for a while.
// Nobody is skipped; only messages whose answers were lost with the proxy may come twice, and
// the books call them uncertain.
func TestProxyDiesInABroadcast(t *testing.T) {
	longtest.Only(t)
	t.Parallel()
	r := newResumed(t, killReaders)
	api, err := url.Parse(r.url)
	if err != nil {
		t.Fatal(err)
	}
	front := httputil.NewSingleHostReverseProxy(api)
	front.ErrorLog = log.New(io.Discard, "", 0) // of the same
	target, ca := secure(t, front)
	proxy := newTunnel(t, target)
	command := exec.Command(r.binary, "--paid-broadcast", "--rate", "300", "--database", r.database, "--api-url", "https://example.com")
	command.Env = []string{"HTTPS_PROXY=http://me:right@" + proxy.address, "SSL_CERT_FILE=" + ca}
	p := startCommand(t, command)
	r.untilSending(p)
	for _, fault := range []struct {
		says       string
		begin, end func()
	}{
		{"connection refused", proxy.down, proxy.up},
		{"the proxy wants a name", func() { proxy.setPassword("another"); proxy.down(); proxy.up() }, func() { proxy.setPassword("right") }},
	} {
		fault.begin()
		p.line(fault.says)
		fault.end()
		before := r.count()
		for r.count() == before && !strings.Contains(p.log.String(), "broadcast finished") {
			time.Sleep(10 * time.Millisecond) // the program is a process of its own, with a real clock
		}
	}
	p.line("broadcast finished")
	p.signal(syscall.SIGTERM)
	if code := p.wait(); code != 0 {
		t.Errorf("the program ended with %d", code)
	}
	if lost, repeats, uncertain := r.check(); lost > 0 || repeats > uncertain {
		t.Errorf("%d lost, %d repeated, %d uncertain: want none lost, and each that was repeated uncertain", lost, repeats, uncertain)
	}
}

// A machine may have addresses of one kind only, or a name may have addresses of both kinds of
// which one leads nowhere.
func TestOneKindOfAddress(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ listens, asked string }{
		{"127.0.0.1", "127.0.0.1"}, {"::1", "[::1]"}, {"127.0.0.1", "localhost"}, {"::1", "localhost"},
	} {
		t.Run(tt.asked+" at "+tt.listens, func(t *testing.T) {
			t.Parallel()
			listener, err := net.Listen("tcp", net.JoinHostPort(tt.listens, "0"))
			if err != nil {
				t.Skipf("this machine has no such address: %v", err)
			}
			if found, err := net.LookupHost("localhost"); err != nil || tt.asked == "localhost" && !slices.Contains(found, tt.listens) {
				t.Skipf("localhost is %v here, %v", found, err)
			}
			tg := newTelegram(t, telegramsim.Options{})
			server := httptest.NewUnstartedServer(tg.sim)
			server.Listener.Close()
			server.Listener = listener
			server.Start()
			t.Cleanup(server.Close)
			_, port, _ := net.SplitHostPort(listener.Addr().String())
			tg.url = "http://" + tt.asked + ":" + port
			health := freeAddressOn(t, tt.listens)
			stop := tg.serving("--database", filepath.Join(t.TempDir(), "test.db"), "--listen", health)
			tg.asks("/help", "What I can do")
			if answer, err := http.Get("http://" + health + "/healthz"); err != nil || answer.StatusCode != http.StatusOK {
				t.Errorf("/healthz: %v, %v", answer, err)
			} else {
				answer.Body.Close()
			}
			if said, err := stop(); err != nil {
				t.Errorf("serve = %v:\n%s", err, said)
			}
		})
	}
}

// freeAddressOn returns an address with a port that nobody listens to.
func freeAddressOn(t *testing.T, host string) string {
	t.Helper()
	listener, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// A proxy of --proxy that is wrong is a mistake even where it is not used.
func TestMistakesOfTheProxy(t *testing.T) {
	for proxy, want := range map[string]string{"me:secret@": "this is not the address of a proxy", "ftp://me:secret@a": `"ftp"`} {
		got := runWithToken(t, "--proxy", proxy)
		mustFail(t, proxy, got, "--proxy (DIGESTBOT_PROXY): ", want, "socks5h")
		if strings.Contains(got.failure.Error(), "secret") {
			t.Errorf("the error %v shows the password", got.failure)
		}
		if got := runWith(t, []string{"DIGESTBOT_PROXY=" + proxy}, "", "preview", "https://example.org/"); got.failure == nil || !strings.Contains(got.failure.Error(), "--proxy (DIGESTBOT_PROXY): ") {
			t.Errorf("preview through %s printed %q, %v", proxy, got.err, got.failure)
		}
	}
}
