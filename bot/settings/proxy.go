package settings

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/user"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/net/http/httpproxy"
)

// proxySchemes are the schemes of proxies that net/http can use.
var proxySchemes = []string{"http", "https", "socks5", "socks5h"}

// proxyVariables returns the variables that may name the proxy for addresses of a scheme.
// The first that is set holds. net/http does not know the last two.
func proxyVariables(scheme string) []string {
	return []string{scheme + "_proxy", strings.ToUpper(scheme) + "_PROXY", "all_proxy", "ALL_PROXY"}
}

// noProxy is the value of --proxy that does without any.
const noProxy = "none"

// proxies says through which proxy an address is reached. That of --proxy holds for all of
// them, else the environment decides. What NO_PROXY lists is reached without one.
type proxies struct {
	env   Environment
	one   string // of --proxy; empty: the environment decides
	label string // of --proxy
}

func (c Config) proxies(env Environment) proxies { return proxies{env, c.Proxy, c.label("proxy")} }

// of returns the proxy for addresses of a scheme, and where it is from.
func (p proxies) of(scheme string) (value, name string) {
	switch p.one {
	case noProxy:
		return "", ""
	case "":
		for _, name := range proxyVariables(scheme) {
			if value := p.env[name]; value != "" {
				return value, name
			}
		}
	}
	return p.one, p.label
}

// forTelegram returns the function that says through which proxy an address is reached; nil:
// none. The error says what is wrong with --proxy, or in the environment for apiURL. Variables
// that do not matter for that are not checked.
func (p proxies) forTelegram(apiURL string) (func(*url.URL) (*url.URL, error), error) {
	through := p.config().ProxyFunc()
	if p.one != "" && p.one != noProxy {
		if err := checkProxy(p.one); err != nil {
			return nil, fmt.Errorf("%s: %w", p.label, err)
		}
	}
	u, err := url.Parse(apiURL)
	if err != nil { // the check of --api-url reports it
		return through, nil
	}
	if err := p.check(u); err != nil {
		return nil, err
	}
	return through, nil
}

// forSources returns the function that says through which proxy documents are got from the
// web. It fails for an address if what is set for that is wrong.
func (p proxies) forSources() func(*url.URL) (*url.URL, error) {
	through := p.config().ProxyFunc()
	return func(u *url.URL) (*url.URL, error) {
		if err := p.check(u); err != nil {
			return nil, err
		}
		return through(u)
	}
}

func (p proxies) config() *httpproxy.Config {
	plain, _ := p.of("http")
	secure, _ := p.of("https")
	return &httpproxy.Config{HTTPProxy: plain, HTTPSProxy: secure, NoProxy: cmp.Or(p.env["no_proxy"], p.env["NO_PROXY"])}
}

// check says what is wrong with the proxy through which an address is reached.
func (p proxies) check(u *url.URL) error {
	value, name := p.of(u.Scheme)
	if value == "" || !proxied(u, p.config().NoProxy) {
		return nil
	}
	if err := checkProxy(value); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// proxyWarnings warns of a password of the proxy that others can read.
func (c Config) proxyWarnings() (all []string) {
	u, err := url.Parse(c.Proxy)
	if err != nil || u.User == nil {
		return nil
	}
	switch from := c.Origins["proxy"]; {
	case from.Kind == FromFlag:
		all = append(all, "everybody on this machine can see the password of --proxy in the list of processes: set "+Variable("proxy")+" instead, or put it into the file of settings")
	case from.Kind == FromFile && readableByOthers(c.ConfigFile):
		all = append(all, "everybody on this machine can read the password of the proxy: "+hiding(c.ConfigFile))
	}
	return all
}

// hiding returns the commands that keep a file from others. That of another user, such as root,
// stays readable for the group that the bot has now.
func hiding(name string) string {
	info, err := os.Stat(name)
	if err == nil {
		if stat, ok := info.Sys().(*syscall.Stat_t); ok && int(stat.Uid) != os.Geteuid() {
			return fmt.Sprintf("chgrp %s %q && chmod 640 %q", groupName(os.Getegid()), name, name)
		}
	}
	return fmt.Sprintf("chmod 600 %q", name)
}

func groupName(id int) string {
	text := strconv.Itoa(id)
	if group, err := user.LookupGroupId(text); err == nil {
		return group.Name
	}
	return text
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
