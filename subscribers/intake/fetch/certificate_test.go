package fetch_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"digestbot/subscribers/intake/fetch"
)

func TestCertificates(t *testing.T) {
	day := 24 * time.Hour
	tests := []struct {
		name     string
		host     string
		from, to time.Duration // from now on
		known    bool
		says     string // empty: it is right
	}{
		{"right", "127.0.0.1", -day, day, true, ""},
		{"expired", "127.0.0.1", -2 * day, -day, true, "has expired"},
		{"of another host", "127.0.0.2", -day, day, true, "is for another host"},
		{"of nobody", "127.0.0.1", -day, day, false, "nobody that this machine trusts"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWeb(t)
			server := httptest.NewUnstartedServer(w.noting(says("secure")))
			certificate, pool := newCertificate(t, test.host, time.Now().Add(test.from), time.Now().Add(test.to))
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
			server.StartTLS()
			defer server.Close()
			w.allowed[netip.MustParseAddrPort(server.Listener.Addr().String())] = true
			config := w.config()
			if config.RootCAs = x509.NewCertPool(); test.known {
				config.RootCAs = pool
			}
			got, err := fetch.New(config).Get(t.Context(), fetch.Request{Address: server.URL, Limit: limit})
			if test.says == "" {
				if err != nil || string(got.Data) != "secure" {
					t.Errorf("got %+v, %v", got, err)
				}
				return
			}
			if e, ok := errors.AsType[*fetch.Error](err); !ok || e.Kind != fetch.Certificate || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v, want one that says %q", err, test.says)
			}
			if len(w.asked) > 0 {
				t.Errorf("asked %v", w.asked)
			}
		})
	}
}

// newCertificate returns one that signs itself, and what trusts it.
func newCertificate(t *testing.T, host string, from, to time.Time) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: from, NotAfter: to, IPAddresses: []net.IP{net.ParseIP(host)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// An address with https is not given up because an insecure server says so.
func TestMovedForGoodToInsecureAddress(t *testing.T) {
	w := newWeb(t)
	plain := w.open(says("here"))
	server := httptest.NewTLSServer(moves(301, plain.URL))
	defer server.Close()
	w.allowed[netip.MustParseAddrPort(server.Listener.Addr().String())] = true
	config := w.config()
	config.RootCAs = x509.NewCertPool()
	config.RootCAs.AddCert(server.Certificate())
	got, err := fetch.New(config).Get(t.Context(), fetch.Request{Address: server.URL, Limit: limit})
	if err != nil || got.Address != plain.URL || got.Moved != "" {
		t.Errorf("got %+v, %v", got, err)
	}
}
