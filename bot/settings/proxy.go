package settings

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpproxy"
)

// proxySchemes are those that net/http speaks.
var proxySchemes = []string{"http", "https", "socks5", "socks5h"}

// proxyVariables are where the proxy for addresses of a scheme is looked for, the
// first that is set holds. net/http does not know the last two.
func proxyVariables(scheme string) []string {
	return []string{scheme + "_proxy", strings.ToUpper(scheme) + "_PROXY", "all_proxy", "ALL_PROXY"}
}

// proxyOf returns the value of the first of the variables that is set, and its name.
func (e Environment) proxyOf(scheme string) (value, name string) {
	for _, name := range proxyVariables(scheme) {
		if value := e[name]; value != "" {
			return value, name
		}
	}
	return "", ""
}

// proxy returns the function that says through which proxy an address is reached, nil
// for none, and what of the environment is wrong for apiURL. What is not used for
// that may be as it is.
func (e Environment) proxy(apiURL string) (func(*url.URL) (*url.URL, error), error) {
	plain, _ := e.proxyOf("http")
	secure, _ := e.proxyOf("https")
	config := httpproxy.Config{HTTPProxy: plain, HTTPSProxy: secure, NoProxy: cmp.Or(e["no_proxy"], e["NO_PROXY"])}
	u, err := url.Parse(apiURL)
	if err != nil { // which --api-url tells
		return config.ProxyFunc(), nil
	}
	value, name := e.proxyOf(u.Scheme)
	if value == "" || !proxied(u, config.NoProxy) {
		return config.ProxyFunc(), nil
	}
	if err := checkProxy(value); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return config.ProxyFunc(), nil
}

// proxied reports whether an address is reached through a proxy, if there is one.
func proxied(u *url.URL, noProxy string) bool {
	any := httpproxy.Config{HTTPProxy: "http://proxy", HTTPSProxy: "http://proxy", NoProxy: noProxy}
	through, err := any.ProxyFunc()(u)
	return err == nil && through != nil
}

// checkProxy says what is wrong with the address of a proxy. httpproxy goes on without
// a proxy then, and with an unknown scheme as if it were http. The address is not
// shown: there may be a password in it.
func checkProxy(address string) error {
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || strings.HasSuffix(u.Host, ":") || !isPort(u.Port()) {
		return errors.New("this is not the address of a proxy, which looks like http://proxy.example:3128 or socks5h://127.0.0.1:1080")
	}
	if !slices.Contains(proxySchemes, u.Scheme) {
		return fmt.Errorf("a proxy of the kind %q is not known: use one of %s", HideToken(u.Scheme), strings.Join(proxySchemes, ", "))
	}
	return nil
}

// isPort reports whether a port is one, or left out.
func isPort(port string) bool {
	_, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil
}
