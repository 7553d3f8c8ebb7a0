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

// proxySchemes are the schemes of proxies that net/http can use.
var proxySchemes = []string{"http", "https", "socks5", "socks5h"}

// proxyVariables returns the variables that may name the proxy for addresses of a scheme.
// The first that is set holds. net/http does not know the last two.
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

// proxy returns the function that says through which proxy an address is reached; nil: none.
// The error says what is wrong in the environment for apiURL. Variables that do not matter
// for that are not checked.
func (e Environment) proxy(apiURL string) (func(*url.URL) (*url.URL, error), error) {
	plain, _ := e.proxyOf("http")
	secure, _ := e.proxyOf("https")
	config := httpproxy.Config{HTTPProxy: plain, HTTPSProxy: secure, NoProxy: cmp.Or(e["no_proxy"], e["NO_PROXY"])}
	u, err := url.Parse(apiURL)
	if err != nil { // the check of --api-url reports it
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

// proxied reports whether an address would be reached through a proxy.
func proxied(u *url.URL, noProxy string) bool {
	any := httpproxy.Config{HTTPProxy: "http://proxy", HTTPSProxy: "http://proxy", NoProxy: noProxy}
	through, err := any.ProxyFunc()(u)
	return err == nil && through != nil
}

// checkProxy says what is wrong with the address of a proxy. httpproxy would go on without a
// proxy, or take an unknown scheme for http. The error does not show the address, because
// there may be a password in it.
func checkProxy(address string) error {
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || strings.HasSuffix(u.Host, ":") || !isPort(u.Port()) {
		return errors.New("this is not the address of a proxy, which looks like http://proxy.example:3128 or socks5h://127.0.0.1:1080")
	}
	if !slices.Contains(proxySchemes, u.Scheme) {
		return fmt.Errorf("a proxy of the kind %q is not known: use one of %s", MaskTokens(u.Scheme), strings.Join(proxySchemes, ", "))
	}
	return nil
}

// isPort reports whether a port is valid or left out.
func isPort(port string) bool {
	_, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil
}
