package check

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// checkWebhook compares how updates come with what Telegram has, and tries the address.
func (c *checker) checkWebhook(ctx context.Context) []Finding {
	if _, err := c.telegram.me(); err != nil {
		return one(Skipped, silent, "")
	}
	call, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	info, err := c.telegram.api.GetWebhookInfo(call)
	if err != nil {
		return one(Failed, "Telegram does not say where it brings updates: "+reason(err), "try again")
	}
	own := c.Settings.WebhookURL
	waiting := ""
	if info.PendingUpdateCount > 0 {
		waiting = fmt.Sprintf("; %s for the bot", count(info.PendingUpdateCount, "update"))
	}
	switch {
	case own == "" && info.URL == "":
		return one(OK, "none: the bot asks for updates"+waiting, "")
	case own == "":
		return one(Warning, "Telegram brings updates to "+hostOf(info.URL)+", and the bot is to ask for them"+waiting,
			"the bot removes that webhook at its start; if another program uses this token, get one of its own from @BotFather")
	case info.URL == "":
		return append(one(Warning, "Telegram has none yet"+waiting, "the bot sets it at its start"), c.tryWebhook(ctx)...)
	case !isSame(info.URL, own):
		return append(one(Warning, "Telegram brings updates to "+hostOf(info.URL)+waiting, "the bot sets "+own+" at its start; if another program uses this token, get one of its own from @BotFather"), c.tryWebhook(ctx)...)
	}
	found := c.tryWebhook(ctx)
	if at := time.Unix(int64(info.LastErrorDate), 0); info.LastErrorDate > 0 && c.Now().Sub(at) < lastErrorAge {
		return append(found, Finding{
			State: Warning, Text: fmt.Sprintf("Telegram did not get through at %s: %s%s", at.In(c.location()).Format(timeLayout), info.LastErrorMessage, waiting),
			Cure: "look at the web server before the bot, its certificate and the firewall",
		})
	}
	return append(found, Finding{State: OK, Text: "Telegram brings updates to " + hostOf(own) + waiting})
}

// lastErrorAge is how long an error of Telegram's counts.
const lastErrorAge = time.Hour

func isSame(a, b string) bool {
	x, errX := url.Parse(a)
	y, errY := url.Parse(b)
	return errX == nil && errY == nil && strings.EqualFold(x.Hostname(), y.Hostname()) && strings.TrimRight(x.Path, "/") == strings.TrimRight(y.Path, "/")
}

// hostOf returns the host of an address whose path may be secret.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "an address"
	}
	return u.Host
}

// tryWebhook makes a request to the address as Telegram would, but without the secret, which
// the bot refuses with 401.
func (c *checker) tryWebhook(ctx context.Context) []Finding {
	status, err := c.request(ctx, http.MethodPost, c.Settings.WebhookURL)
	host := hostOf(c.Settings.WebhookURL)
	switch {
	case err != nil:
		return one(Warning, fmt.Sprintf("%s is not reached from here: %s", host, reason(err)),
			"Telegram needs a public name, a valid certificate and an open port; if it is only this machine that cannot reach itself, all is well")
	case status == http.StatusUnauthorized:
		return one(OK, host+" leads to the bot", "")
	case !c.database.served():
		return one(OK, fmt.Sprintf("%s is reached, with status %d: the bot does not run", host, status), "")
	}
	return one(Failed, fmt.Sprintf("%s answers with status %d, and the bot would say 401", host, status),
		"have the web server pass this path on, unchanged, to "+c.Settings.Listen)
}
