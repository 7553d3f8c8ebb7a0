package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
)

// .ci/run deploy installs nginx and Caddy, and sets this.
var webServers = flag.Bool("web-servers", false, "test deploy/nginx and deploy/caddy with the real programs")

// front is a web server in front of a bot, reached by the name that its certificate has.
type front struct {
	dir     string // with its configuration and certificate
	host    string
	address string // where it listens
	plain   string // where it listens without encryption
	bot     string // where the bot listens
	trusted *x509.CertPool
}

// newFront chooses addresses, and writes a certificate and its key into a folder.
func newFront(t *testing.T) front {
	t.Helper()
	server := httptest.NewTLSServer(nil) // it has a certificate for example.com
	defer server.Close()
	certificate := server.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(certificate.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	f := front{dir: t.TempDir(), host: "example.com", address: freeAddress(t), plain: freeAddress(t), bot: freeAddress(t), trusted: x509.NewCertPool()}
	f.trusted.AddCert(server.Certificate())
	write(t, f.dir, "certificate.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]})))
	write(t, f.dir, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})))
	return f
}

// Do is how Telegram and everybody else reaches the host.
func (f front) Do(r *http.Request) (*http.Response, error) {
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: f.trusted},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, f.address)
		},
		DisableKeepAlives: true,
	}
	return transport.RoundTrip(r)
}

// shown is what a web server answers.
type shown struct {
	status int
	header http.Header
	body   string
}

// ask returns the answer to a request; header has names and values in turn.
func (f front) ask(t *testing.T, method, path string, header ...string) shown {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, "https://"+f.host+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := f.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return shown{response.StatusCode, response.Header, string(body)}
}

// shipped returns a configuration of deploy with the host and the addresses of the test.
func (f front) shipped(t *testing.T, path string, replace ...string) string {
	t.Helper()
	text := readText(t, path)
	replace = append(replace, "127.0.0.1:8080", f.bot)
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(text, replace[i]) {
			t.Fatalf("%s has no %q any more", path, replace[i])
		}
		text = strings.ReplaceAll(text, replace[i], replace[i+1])
	}
	return strings.ReplaceAll(text, "example.org", f.host)
}

// start starts the web server, which is ended with the test.
func (f front) start(t *testing.T, name string, args ...string) {
	t.Helper()
	var log syncBuffer
	server := exec.Command(name, args...)
	server.Env = []string{"HOME=" + f.dir, "XDG_DATA_HOME=" + f.dir, "XDG_CONFIG_HOME=" + f.dir}
	server.Stdout, server.Stderr = &log, &log
	server.WaitDelay = time.Second
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill() // it may have ended by itself
		_ = server.Wait()
		if t.Failed() {
			t.Log(log.String())
		}
	})
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("tcp", f.address)
		if err == nil {
			conn.Close()
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s does not answer: %v\n%s", name, err, log.String())
		}
	}
}

func (f front) startNginx(t *testing.T) {
	site := f.shipped(t, "deploy/nginx/digestbot.conf",
		"\tlisten 443 ", "\tlisten "+f.address+" ", "\tlisten 80;", "\tlisten "+f.plain+";", "/var/www/html", f.dir+"/html",
		"\tlisten [::]:443 ssl http2;\n", "", "\tlisten [::]:80;\n", "",
		"/etc/letsencrypt/live/example.org/fullchain.pem", f.dir+"/certificate.pem",
		"/etc/letsencrypt/live/example.org/privkey.pem", f.dir+"/key.pem")
	write(t, f.dir, "site.conf", site)
	var paths strings.Builder
	for _, what := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		fmt.Fprintf(&paths, "%s_temp_path %s/%[1]s;\n", what, f.dir)
	}
	main := write(t, f.dir, "nginx.conf", fmt.Sprintf("user root;\ndaemon off;\nmaster_process off;\npid %s/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n%sinclude %[1]s/site.conf;\n}\n", f.dir, paths.String()))
	output(t, "nginx", "-t", "-q", "-e", "stderr", "-c", main)
	f.start(t, "nginx", "-e", "stderr", "-c", main)
	f.letsCertbotRenew(t)
}

// letsCertbotRenew: certbot renews a certificate with a file that is read without encryption, where
// everything else is led to the encrypted address.
func (f front) letsCertbotRenew(t *testing.T) {
	t.Helper()
	const challenge = "/.well-known/acme-challenge/token"
	file := filepath.Join(f.dir, "html", challenge)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Dir(file), "token", "answer of certbot")
	for path, want := range map[string]string{challenge: "200 answer of certbot", "/weekly/": "301 https://" + f.host + "/weekly/"} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+f.plain+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = f.host
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if err = errors.Join(err, response.Body.Close()); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(response.StatusCode, " ", cmp.Or(response.Header.Get("Location"), string(body))); got != want {
			t.Errorf("%s without encryption: %s, want %s", path, got, want)
		}
	}
}

func (f front) startCaddy(t *testing.T) {
	_, port, err := net.SplitHostPort(f.address)
	if err != nil {
		t.Fatal(err)
	}
	site := f.shipped(t, "deploy/caddy/Caddyfile", "example.org {", "{\n\tadmin off\n\tauto_https disable_redirects\n}\n"+
		"example.org:"+port+" {\n\tbind 127.0.0.1\n\ttls "+f.dir+"/certificate.pem "+f.dir+"/key.pem")
	path := write(t, f.dir, "Caddyfile", site)
	output(t, "caddy", "validate", "--config", path, "--adapter", "caddyfile")
	f.start(t, "caddy", "run", "--config", path, "--adapter", "caddyfile")
}

// The configurations that are shipped, in the real web servers: Telegram reaches the webhook,
// everybody the archive, which browsers keep, and nobody what is for the operator.
func TestBehindWebServers(t *testing.T) {
	if !*webServers {
		t.Skip("needs nginx and Caddy, and -web-servers")
	}
	for name, start := range map[string]func(front, *testing.T){"nginx": front.startNginx, "caddy": front.startCaddy} {
		t.Run(name, func(t *testing.T) {
			f := newFront(t)
			start(f, t)
			database := filepath.Join(t.TempDir(), "test.db")
			if imported := runWith(t, nil, document, "import", "--database", database, "-"); imported.failure != nil {
				t.Fatal(imported.failure)
			}
			tg := newTelegram(t, telegramsim.Options{Webhooks: f})
			stop := tg.serving("--database", database, "--listen", f.bot, "--public-url", "https://"+f.host+"/weekly/", "--webhook-url", "https://"+f.host+"/digestbot")
			tg.subscribe()
			f.showsTheArchive(t)
			f.hidesTheRest(t)
			if log, err := stop(); err != nil {
				t.Errorf("serve = %v\n%s", err, log)
			}
		})
	}
}

func (f front) showsTheArchive(t *testing.T) {
	t.Helper()
	index := f.ask(t, http.MethodGet, "/weekly/")
	tag := index.header.Get("ETag")
	if index.status != http.StatusOK || tag == "" || !strings.Contains(index.body, "Letters, issue 7") {
		t.Errorf("the archive: %d, ETag %q: %s", index.status, tag, index.body)
	}
	if again := f.ask(t, http.MethodGet, "/weekly/", "If-None-Match", tag); again.status != http.StatusNotModified {
		t.Errorf("the archive again: %d, want that it has not changed", again.status)
	}
	if short := f.ask(t, http.MethodGet, "/weekly"); short.status != http.StatusMovedPermanently || !strings.HasSuffix(short.header.Get("Location"), "/weekly/") {
		t.Errorf("without a slash: %d to %q", short.status, short.header.Get("Location"))
	}
}

func (f front) hidesTheRest(t *testing.T) {
	t.Helper()
	if forged := f.ask(t, http.MethodPost, "/digestbot"); forged.status != http.StatusUnauthorized {
		t.Errorf("an update without the secret: %d, want the answer of the bot that it is refused", forged.status)
	}
	for _, path := range []string{"/healthz", "/metrics", "/", "/weekly/../healthz", "/weekly/%2e%2e/metrics", "//healthz", "/digestbot/healthz"} {
		if got := f.ask(t, http.MethodGet, path); got.status != http.StatusNotFound {
			t.Errorf("%s is public: %d: %s", path, got.status, got.body)
		}
	}
	direct, err := http.Get("http://" + f.bot + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer direct.Body.Close()
	if direct.StatusCode != http.StatusOK {
		t.Errorf("/healthz on the machine itself: %s", direct.Status)
	}
}
