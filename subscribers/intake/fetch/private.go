package fetch

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"syscall"
)

// private are the addresses that are not on the public internet. IANA's registries of
// special-purpose addresses for IPv4 and IPv6, and one that a cloud has in public space.
var private = prefixes(
	"0.0.0.0/8",        // this host
	"10.0.0.0/8",       // private, RFC 1918
	"100.64.0.0/10",    // behind a provider's NAT, RFC 6598; metadata of Alibaba Cloud
	"127.0.0.0/8",      // loopback
	"168.63.129.16/32", // metadata of Azure
	"169.254.0.0/16",   // link-local, with the metadata of most clouds
	"172.16.0.0/12",    // private
	"192.0.0.0/24",     // protocols; metadata of Oracle Cloud
	"192.0.2.0/24",     // documentation
	"192.88.99.0/24",   // relays of 6to4
	"192.168.0.0/16",   // private
	"198.18.0.0/15",    // benchmarks
	"198.51.100.0/24",  // documentation
	"203.0.113.0/24",   // documentation
	"224.0.0.0/4",      // multicast
	"240.0.0.0/4",      // reserved, broadcast

	"2001::/23",     // protocols, Teredo
	"2001:db8::/32", // documentation
	"3fff::/20",     // documentation
)

// All public IPv6 addresses are within the first; the others hold an address of IPv4.
var (
	globalIPv6 = netip.MustParsePrefix("2000::/3")
	nat64      = netip.MustParsePrefix("64:ff9b::/96") // RFC 6052
	sixToFour  = netip.MustParsePrefix("2002::/16")    // RFC 3056
)

func prefixes(all ...string) (parsed []netip.Prefix) {
	for _, text := range all {
		parsed = append(parsed, netip.MustParsePrefix(text))
	}
	return parsed
}

// isPrivate reports whether an address is not one of the public internet.
func isPrivate(a netip.Addr) bool {
	if !a.IsValid() || a.Zone() != "" {
		return true
	}
	a = a.Unmap()
	bytes := a.As16()
	switch {
	case nat64.Contains(a):
		return isPrivate(netip.AddrFrom4([4]byte(bytes[12:])))
	case sixToFour.Contains(a):
		return isPrivate(netip.AddrFrom4([4]byte(bytes[2:6])))
	case a.Is6() && !globalIPv6.Contains(a):
		return true
	}
	for _, prefix := range private {
		if prefix.Contains(a) {
			return true
		}
	}
	return false
}

// privateError says that a connection to a private address was refused.
type privateError struct {
	address string // or a name
	isFixed bool   // no setting allows it
}

func (e *privateError) Error() string { return e.address + " is not on the public internet" }

// refuse returns a *privateError if an address may not be connected to.
func (c *Client) refuse(a netip.AddrPort) error {
	if isPrivate(a.Addr()) && (c.config.Allow == nil || !c.config.Allow(netip.AddrPortFrom(a.Addr().Unmap(), a.Port()))) {
		return &privateError{a.Addr().String(), c.config.Allow == nil}
	}
	return nil
}

// guard returns a dialer that refuses private addresses. It looks at the address to which
// the connection is being made, after its name was resolved.
func (c *Client) guard() *net.Dialer {
	return &net.Dialer{ControlContext: func(_ context.Context, network, address string, _ syscall.RawConn) error {
		a, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("%s address %s cannot be checked: %w", network, address, err)
		}
		return c.refuse(a)
	}}
}

// loopback stands for names of which only the own network knows where they lead.
var loopback = netip.MustParseAddr("127.0.0.1")

// refuseBehindProxy returns a *privateError if an address is private by what stands in it. A
// proxy resolves names itself, in its own network, so where they lead is not known here.
func (c *Client) refuseBehindProxy(u *url.URL) error {
	host := u.Hostname()
	a, err := netip.ParseAddr(host)
	if err != nil && !isLocalName(host) {
		return nil
	}
	if err != nil {
		a = loopback
	}
	port, err := strconv.ParseUint(portOf(u), 10, 16)
	if err != nil {
		return fmt.Errorf("port: %w", err)
	}
	if c.refuse(netip.AddrPortFrom(a, uint16(port))) != nil {
		return &privateError{host, c.config.Allow == nil}
	}
	return nil
}
