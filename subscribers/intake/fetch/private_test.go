package fetch_test

import (
	"context"
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"digestbot/subscribers/intake/fetch"
)

// privateAddresses are hosts that only a network of one's own has.
var privateAddresses = []string{
	"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.0.1",
	"168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.168.1.1",
	"198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
	"::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:192.168.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808",
	"100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "2002:7f00:1::1", "2002:c0a8:101::1", "3fff::1", "5f00::1",
	"fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%25eth0", "fec0::1", "ff02::1", "ff0e::1", "4000::1",
}

var publicAddresses = []string{
	"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.1",
	"192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
	"2606:4700::1111", "2a00:1450:4001::8", "64:ff9b::808:808", "2002:808:808::1", "::ffff:8.8.8.8",
}

// The connection is refused before it is made, so this does not need a network.
func TestPrivateAddresses(t *testing.T) {
	client := fetch.New(fetch.Config{})
	for _, address := range privateAddresses {
		if !isRefused(t, client, address) {
			t.Errorf("%s is not refused", address)
		}
	}
}

func TestPublicAddresses(t *testing.T) {
	for _, address := range publicAddresses {
		if fetch.IsPrivate(netip.MustParseAddr(address)) {
			t.Errorf("%s is taken for private", address)
		}
	}
}

func isRefused(t *testing.T, client *fetch.Client, host string) bool {
	t.Helper()
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	for _, scheme := range []string{"http://", "https://"} {
		_, err := client.Get(t.Context(), fetch.Request{Address: scheme + host + "/", Limit: limit})
		if e, ok := errors.AsType[*fetch.Error](err); !ok || e.Kind != fetch.Private {
			t.Logf("%s: %v", host, err)
			return false
		}
	}
	return true
}

// Where no setting would allow a private address, none is named as the cure.
func TestPrivateAddressThatNothingAllows(t *testing.T) {
	_, err := fetch.New(fetch.Config{UserAgent: "digestbot/test"}).Get(t.Context(), fetch.Request{Address: "http://127.0.0.1:1/", Limit: limit})
	if err == nil || strings.Contains(err.Error(), "--allow") || !strings.Contains(err.Error(), "or the document itself") {
		t.Errorf("the error is %v", err)
	}
}

// The name of a host is resolved to a private address, which is noticed only then.
func TestNameThatLeadsToPrivateAddress(t *testing.T) {
	w := newWeb(t)
	server := w.private(says("secret"))
	_, err := w.get(strings.Replace(server.URL, "127.0.0.1", "localhost", 1))
	if e, ok := errors.AsType[*fetch.Error](err); !ok || e.Kind != fetch.Private || !strings.Contains(err.Error(), "--allow-private-sources") {
		t.Errorf("error %v", err)
	}
	if len(w.asked) > 0 {
		t.Errorf("asked %v", w.asked)
	}
	w.allowed[netip.MustParseAddrPort(server.Listener.Addr().String())] = true
	if got, err := w.get(strings.Replace(server.URL, "127.0.0.1", "localhost", 1)); err != nil || string(got.Data) != "secret" {
		t.Errorf("allowed: got %+v, %v", got, err)
	}
}

func FuzzAddress(f *testing.F) {
	for _, host := range append(privateAddresses, publicAddresses...) {
		f.Add("http://" + host + "/")
	}
	for _, address := range []string{"https://me:hush@example.org/feed?key=hush#a", "http://[::1%25lo]/", "http://１２７.１/", "http://0x7f.1/", "http://example.org:99999/", "//example.org", "https:example.org", ""} {
		f.Add(address)
	}
	client := fetch.New(fetch.Config{})
	f.Fuzz(func(t *testing.T, address string) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // nothing is to be connected to
		_, err := client.Get(ctx, fetch.Request{Address: address, Limit: limit})
		if err == nil {
			t.Fatalf("%q was fetched", address)
		}
		u, parseErr := url.Parse(strings.TrimSpace(address))
		if parseErr != nil || u.User == nil {
			return
		}
		if password, _ := u.User.Password(); len(password) > 12 && strings.Contains(err.Error(), password) && !strings.Contains(u.Path+u.Host, password) {
			t.Errorf("%q: error %q has the password", address, err)
		}
	})
}
