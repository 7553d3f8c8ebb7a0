package check

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/sender"
	"digestbot/bot/settings"
	"digestbot/subscribers/intake/sourceline"
)

// callLimit is how long Telegram may take to answer.
const callLimit = 10 * time.Second

// telegram is the connection to Telegram, which all checks share.
type telegram struct {
	api *tg.Bot // nil: there is no token
	me  func() (*models.User, error)

	mu    sync.Mutex
	ahead time.Duration // this machine's clock against Telegram's
	dated bool          // Telegram has said what time it is
}

func newTelegram(s settings.Settings) *telegram {
	t := &telegram{}
	t.me = func() (*models.User, error) { return nil, errNoToken }
	if s.Token == "" {
		return t
	}
	client := dating{sender.NewClient(sender.NewHTTPClient(s.Proxy)), t.note}
	api, err := tg.New(s.Token, tg.WithSkipGetMe(), tg.WithServerURL(s.APIURL), tg.WithHTTPClient(callLimit, client))
	if err != nil {
		t.me = func() (*models.User, error) { return nil, err }
		return t
	}
	t.api = api
	t.me = sync.OnceValues(func() (*models.User, error) {
		ctx, cancel := context.WithTimeout(context.Background(), callLimit) // it is shared by checks, so it is bound to none
		defer cancel()
		return api.GetMe(ctx)
	})
	return t
}

// dating is a client that notes what time it is at the server.
type dating struct {
	sender.Client
	note func(sent, got time.Time, date string)
}

// Do sends a request.
func (d dating) Do(r *http.Request) (*http.Response, error) {
	sent := time.Now()
	response, err := d.Client.Do(r)
	if err == nil {
		d.note(sent, time.Now(), response.Header.Get("Date"))
	}
	return response, err
}

// note compares clocks. The header has whole seconds, cut off, so half of one is added.
func (t *telegram) note(sent, got time.Time, date string) {
	at, err := http.ParseTime(date)
	if err != nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ahead, t.dated = sent.Add(got.Sub(sent)/2).Sub(at.Add(time.Second/2)), true
}

// checkToken asks Telegram for the bot that the token belongs to.
func (c *checker) checkToken(context.Context) []Finding {
	me, err := c.telegram.me()
	if err != nil {
		return []Finding{c.explain(err)}
	}
	text := fmt.Sprintf("@%s (%s), https://t.me/%s", me.Username, me.FirstName, me.Username)
	if !me.SupportInlineQueries {
		text += "; inline mode is off, /setinline at @BotFather switches it on"
	}
	found := one(OK, text, "")
	if !me.CanJoinGroups {
		found = append(found, Finding{State: Warning, Text: "nobody can add the bot to a group", Cure: "write /setjoingroups to @BotFather, unless that is meant"})
	}
	return found
}

var errNoToken = errors.New("there is no token to try")

// silent is the text of checks that need an answer of Telegram's.
const silent = "Telegram gives no answer, see token"

// explain says why Telegram gave no bot.
func (c *checker) explain(err error) Finding {
	switch response := sender.Classify(err); {
	case errors.Is(err, errNoToken):
		return Finding{State: Skipped, Text: err.Error()}
	case strings.Contains(err.Error(), "decode response body"): // the library has no error of its own for it
		return Finding{State: Failed, Text: "what is at " + sourceline.WithoutSecrets(c.Settings.APIURL) + " does not answer as the Bot API does", Cure: "correct --api-url, or see which program answers in its place"}
	case response.Kind == sender.Unauthorized, errors.Is(err, tg.ErrorUnauthorized), errors.Is(err, tg.ErrorNotFound):
		return Finding{State: Failed, Text: "Telegram does not know the token", Cure: "copy it again from @BotFather (/token); if it was revoked there, the new one holds"}
	case response.Kind == sender.Wait:
		return Finding{State: Warning, Text: fmt.Sprintf("Telegram wants to be left alone for %s", response.RetryAfter), Cure: "try again after that"}
	}
	return Finding{State: Failed, Text: "Telegram cannot be reached: " + reason(err), Cure: c.wayOut(err)}
}

func (c *checker) isOwnServer() bool {
	u, err := url.Parse(c.Settings.APIURL)
	return err != nil || u.Hostname() != "api.telegram.org"
}

// wayOut says what helps if Telegram cannot be reached.
func (c *checker) wayOut(err error) string {
	proxy, _ := c.proxyOfTelegram()
	switch {
	case proxy != nil:
		return "look at the proxy, see below"
	case c.isOwnServer():
		return "start that server, or correct --api-url"
	case errors.As(err, new(*net.DNSError)):
		return "look at the name servers of this machine (/etc/resolv.conf)"
	}
	return "look at the network and the firewall of this machine; where Telegram is blocked, give a --proxy"
}

// reason returns an error without the address that was asked for, which has the token in it.
func reason(err error) string {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "there was no answer in time"
	}
	return strings.TrimSpace(err.Error())
}

// How far the clock may be off. Telegram's requests are not bound to a time, but deliveries and
// certificates are.
const (
	clockWarning = 5 * time.Second
	clockFailure = time.Minute
)

// checkClock compares the clock with Telegram's.
func (c *checker) checkClock(context.Context) []Finding {
	_, err := c.telegram.me()
	c.telegram.mu.Lock()
	defer c.telegram.mu.Unlock()
	off, direction := c.telegram.ahead, "ahead of"
	if off < 0 {
		off, direction = -off, "behind"
	}
	const cure = "have the clock set by the network, as with timedatectl set-ntp true"
	precision := time.Second
	if off > clockFailure {
		// Telegram says whole seconds and its answer has been on its way: an hour must not be 59m59s.
		precision = 10 * time.Second
	}
	text := fmt.Sprintf("this machine is %s %s Telegram", off.Round(precision), direction)
	switch {
	case !c.telegram.dated && err != nil:
		return one(Skipped, silent, "")
	case !c.telegram.dated:
		return one(Skipped, "the server does not say what time it is", "")
	case off > clockFailure:
		return one(Failed, text+", so issues go out at the wrong time", cure)
	case off > clockWarning:
		return one(Warning, text, cure)
	}
	return one(OK, "this machine agrees with Telegram to a few seconds", "")
}

// proxyOfTelegram returns the proxy through which Telegram is reached; nil: none.
func (c *checker) proxyOfTelegram() (*url.URL, error) {
	u, err := url.Parse(c.Settings.APIURL)
	if err != nil || c.Settings.Proxy == nil {
		return nil, err
	}
	return c.Settings.Proxy(u)
}

// checkProxy says through which proxy Telegram is reached, and whether something answers there.
func (c *checker) checkProxy(ctx context.Context) []Finding {
	proxy, err := c.proxyOfTelegram()
	switch {
	case err != nil:
		return one(Failed, reason(err), "")
	case proxy == nil:
		return one(OK, "none: Telegram is reached directly", "")
	}
	shown := *proxy
	if proxy.User != nil {
		shown.User = url.User("***")
	}
	name := strings.Replace(shown.String(), "%2A%2A%2A", "***", 1)
	if conn, err := (&net.Dialer{Timeout: callLimit}).DialContext(ctx, "tcp", hostPort(proxy)); err != nil {
		return one(Failed, fmt.Sprintf("%s does not answer: %v", name, err), "start it, or correct its address; NO_PROXY lists hosts to reach without it")
	} else if err := conn.Close(); err != nil {
		return one(Failed, fmt.Sprintf("%s: %v", name, err), "")
	}
	if _, err := c.telegram.me(); err != nil && !errors.Is(err, errNoToken) && sender.Classify(err).Kind != sender.Unauthorized {
		return one(Failed, name+" answers, and Telegram is not reached through it: "+reason(err), "look whether it lets "+c.Settings.APIURL+" through, and whether name and password are right")
	}
	return one(OK, "Telegram is reached through "+name, "")
}

func hostPort(u *url.URL) string {
	ports := map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}
	if u.Port() != "" {
		return u.Host
	}
	return net.JoinHostPort(u.Hostname(), ports[u.Scheme])
}
