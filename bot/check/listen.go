package check

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"
)

// ownAddresses returns a client for the addresses at which the bot itself is to be found. It
// goes through no proxy and follows no redirect: what is there is to be seen.
func ownAddresses(web http.RoundTripper) *http.Client {
	if web == nil {
		web = &http.Transport{DisableKeepAlives: true, TLSHandshakeTimeout: callLimit, MaxResponseHeaderBytes: 64 << 10}
	}
	return &http.Client{
		Timeout: callLimit, Transport: web,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// request makes a request and returns the status of the answer.
func (c *checker) request(ctx context.Context, method, address string) (status int, err error) {
	r, err := http.NewRequestWithContext(ctx, method, address, http.NoBody)
	if err != nil {
		return 0, err
	}
	response, err := c.web.Do(r)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

// checkListen finds out whether the address is free, or the bot that runs answers there.
func (c *checker) checkListen(ctx context.Context) []Finding {
	address := c.Settings.Listen
	if address == "" {
		return nil
	}
	conn, err := (&net.Dialer{Timeout: callLimit}).DialContext(ctx, "tcp", reachable(address))
	if err != nil {
		return c.checkFree(address)
	}
	if err := conn.Close(); err != nil {
		return one(Failed, fmt.Sprintf("%s: %v", address, err), "")
	}
	status, health, err := c.health(ctx, address)
	switch {
	case c.database.untold():
		return one(Warning, address+" is taken: this user cannot tell whether by the bot", "run check as root, or as the user that the bot runs as")
	case !c.database.served():
		return one(Failed, address+" is taken, and not by a bot with this database", "stop what listens there, or choose another address")
	case err != nil:
		return one(Failed, fmt.Sprintf("%s does not answer as the bot would: %s", address, reason(err)), "look which program listens there")
	case status == http.StatusServiceUnavailable:
		return one(Failed, address+" says that the bot cannot do its work: "+health, "see the log of the bot, and what else is found here")
	case status != http.StatusOK:
		return one(Failed, fmt.Sprintf("%s answers with status %d", address, status), "look which program listens there")
	}
	return one(OK, address+": the bot that runs is healthy", "")
}

// maxHealth bounds the words of /healthz, in bytes.
const maxHealth = 4 << 10

func (c *checker) health(ctx context.Context, address string) (status int, text string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+reachable(address)+"/healthz", http.NoBody)
	if err != nil {
		return 0, "", err
	}
	response, err := c.web.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxHealth))
	return response.StatusCode, string(bytes.TrimSpace(body)), err
}

// checkFree listens for a moment, unless a bot runs, which might be about to.
func (c *checker) checkFree(address string) []Finding {
	if c.database.served() {
		return one(Failed, "the bot that runs does not listen at "+address, "start it again with these settings")
	}
	listener, err := net.Listen("tcp", address)
	switch {
	case errors.Is(err, syscall.EACCES):
		return one(Failed, fmt.Sprintf("%s: %v", address, err), "choose a port above 1023, with a web server before it, or run check as the user of the bot")
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return one(Failed, fmt.Sprintf("%s: %v", address, err), "give an address of this machine, such as 127.0.0.1:8080")
	case err != nil:
		return one(Failed, fmt.Sprintf("%s: %v", address, err), "choose another address")
	}
	if err := listener.Close(); err != nil {
		return one(Failed, fmt.Sprintf("%s: %v", address, err), "")
	}
	return one(OK, address+" is free", "")
}

// reachable returns an address to connect to for one to listen at, which may be all of the
// machine's.
func reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err != nil || host != "" && !(ip != nil && ip.IsUnspecified()) {
		return address
	}
	return net.JoinHostPort("localhost", port)
}

// checkPublic asks for the public archive as everybody does.
func (c *checker) checkPublic(ctx context.Context) []Finding {
	if c.Settings.PublicURL == nil {
		return nil
	}
	address := c.Settings.PublicURL.String()
	begun := time.Now()
	status, err := c.request(ctx, http.MethodGet, address)
	switch {
	case err != nil:
		return one(Warning, fmt.Sprintf("%s is not reached from here: %s", address, reason(err)),
			"look at its name, its certificate and the web server; if it is only this machine that cannot reach itself, all is well")
	case status == http.StatusOK:
		return one(OK, fmt.Sprintf("%s answers in %s", address, time.Since(begun).Round(time.Millisecond)), "")
	case !c.database.served():
		return one(OK, fmt.Sprintf("%s is reached, with status %d: the bot does not run", address, status), "")
	}
	return one(Failed, fmt.Sprintf("%s answers with status %d", address, status), "have the web server pass "+strings.TrimRight(c.Settings.PublicURL.Path, "/")+"/ on, unchanged, to "+c.Settings.Listen)
}
