package bot

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

const (
	healthPath   = "/healthz"
	metricsPath  = "/metrics"
	secretHeader = "X-Telegram-Bot-Api-Secret-Token" //nolint:gosec // the name of a header, core.telegram.org/bots/api#setwebhook
	// maxUpdate is in bytes. Updates are far smaller.
	maxUpdate = 1 << 20
	// webhookCheck is how often the bot checks that Telegram still has the webhook and
	// gets through to it.
	webhookCheck = time.Minute
	// healthTimeout is how long the database may take to answer.
	healthTimeout = 2 * time.Second
)

// webhook is how Telegram brings updates.
type webhook struct {
	url    string
	path   string // of url
	secret string
}

// secretShape is what setWebhook accepts.
var secretShape = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// newWebhook returns nil if the bot is to ask for updates.
func newWebhook(config Config) (*webhook, error) {
	if config.WebhookURL == "" {
		return nil, nil
	}
	if err := CheckWebhook(config.WebhookURL, config.WebhookSecret); err != nil {
		return nil, err
	}
	u, err := url.Parse(config.WebhookURL)
	if err != nil {
		return nil, err
	}
	h := &webhook{url: config.WebhookURL, path: pathOf(u), secret: config.WebhookSecret}
	if h.secret == "" {
		h.secret = rand.Text()
	}
	return h, nil
}

// CheckWebhook says what is wrong with the address of a webhook and its secret,
// which may be empty. Telegram knows only https, on four ports
// (core.telegram.org/bots/api#setwebhook).
func CheckWebhook(address, secret string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil, u.Scheme != "https", u.Hostname() == "", u.User != nil, u.Fragment != "":
		return errors.New("this is not the address of a webhook, which looks like https://example.org/digestbot")
	case !slices.Contains([]string{"", "443", "80", "88", "8443"}, u.Port()):
		return fmt.Errorf("port %s will not do: Telegram brings updates only to 443, 80, 88 and 8443", u.Port())
	case pathOf(u) == healthPath, pathOf(u) == metricsPath:
		return fmt.Errorf("the path %s is taken: use another one", pathOf(u))
	case secret != "" && !secretShape.MatchString(secret):
		return errors.New("the secret has to be 1 to 256 of the characters A-Z a-z 0-9 _ and -; leave it out to have one made up")
	}
	return nil
}

func pathOf(u *url.URL) string {
	if u.Path == "" {
		return "/"
	}
	return u.Path
}

// holdWebhook sets the webhook, and sets it again when it was taken away, until ctx is
// done. The error wraps ErrWebhook, ErrToken or ErrSecondCopy.
func (c *connection) holdWebhook(ctx context.Context) error {
	if err := c.retry(ctx, c.setWebhook); err != nil {
		return err
	}
	c.signs.noteFetch()
	c.talk.Log.Info("Telegram brings updates to the webhook", "url", c.webhook.url)
	complaint := time.Now()
	for sender.Sleep(ctx, webhookCheck) == nil {
		var err error
		if complaint, err = c.checkWebhook(ctx, complaint); err != nil {
			return err
		}
	}
	return nil
}

func (c *connection) setWebhook(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, talk.CallTimeout)
	defer cancel()
	_, err := c.talk.API.SetWebhook(ctx, &tg.SetWebhookParams{
		URL: c.webhook.url, SecretToken: c.webhook.secret, AllowedUpdates: wantedUpdates,
	})
	switch {
	case err == nil:
		return nil
	case errors.Is(err, tg.ErrorBadRequest) && refusesAddress(err.Error()):
		return fmt.Errorf("%w (%w)", ErrWebhook, err)
	}
	return fmt.Errorf("set the webhook %s: %w", c.webhook.url, explain(err))
}

// refusesAddress reports whether Telegram will never take a webhook. After "bad webhook"
// Telegram says what went wrong when it tried the address. That may pass, as with a host
// that cannot be resolved just now, unless it is about the address itself (on_error in
// WebhookActor.cpp of tdlib/telegram-bot-api, init_host_port in IPAddress.cpp of
// tdlib/td).
func refusesAddress(text string) bool {
	_, cause, tried := strings.Cut(text, "bad webhook:")
	if !tried {
		return true
	}
	return slices.ContainsFunc([]string{
		"HTTPS URL must be provided", "only on ports", "is reserved", "IPv6-only", "Invalid IP address", "Host is ", "Host name ", "Host can't",
	}, func(words string) bool { return strings.Contains(cause, words) })
}

// checkWebhook finds out whether another program has taken the updates away, which
// nothing else would show, and logs that Telegram does not get through. It takes and
// returns the time of Telegram's last complaint.
func (c *connection) checkWebhook(ctx context.Context, last time.Time) (time.Time, error) {
	call, cancel := context.WithTimeout(ctx, talk.CallTimeout)
	defer cancel()
	info, err := c.talk.API.GetWebhookInfo(call)
	if err != nil {
		c.talk.Log.Debug("the webhook cannot be checked", "err", err)
		return last, c.noteEnding(err)
	}
	if !isSameAddress(info.URL, c.webhook.url) {
		c.talk.Log.Warn("another program has taken the webhook away, setting it again")
		if err := c.noteEnding(errTakenAway); err != nil {
			return last, err
		}
		return last, c.retry(ctx, c.setWebhook)
	}
	c.noteServed()
	c.tellWebhook(info)
	if at := time.Unix(int64(info.LastErrorDate), 0); at.After(last) {
		c.talk.Log.Warn("Telegram does not get through to the webhook", "at", at, "err", info.LastErrorMessage, "waiting", info.PendingUpdateCount)
		return at, nil
	}
	return last, nil
}

// errTakenAway is the conflict that only checkWebhook finds.
var errTakenAway = fmt.Errorf("%w: the webhook leads somewhere else", tg.ErrorConflict)

// isSameAddress reports whether two addresses lead to the same place, however they are
// written.
func isSameAddress(a, b string) bool {
	x, errX := url.Parse(a)
	y, errY := url.Parse(b)
	return errX == nil && errY == nil && strings.EqualFold(x.Hostname(), y.Hostname()) && pathOf(x) == pathOf(y)
}

// Handler returns what answers HTTP requests: Telegram's updates, under the path of
// Config.WebhookURL, /healthz, which says with 200 or 503 whether the bot does its work, /metrics,
// which Config.Metrics answers, and whatever Config.Site answers.
func (b *Bot) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		switch {
		case r.URL.Path == healthPath:
			b.answerHealth(w, r)
		case b.config.Metrics != nil && r.URL.Path == metricsPath:
			b.config.Metrics.ServeHTTP(w, r)
		case b.webhook != nil && r.URL.Path == b.webhook.path:
			b.answerUpdate(w, r)
		case b.config.Site != nil:
			b.config.Site.ServeHTTP(w, r)
		default:
			http.NotFound(w, r)
		}
	})
}

// answerUpdate takes an update from Telegram. It says so only once the update
// is in the store: after any other answer Telegram sends it again.
func (b *Bot) answerUpdate(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		refuse(w, http.StatusMethodNotAllowed)
		return
	}
	if subtle.ConstantTimeCompare([]byte(r.Header.Get(secretHeader)), []byte(b.webhook.secret)) != 1 {
		b.talk.Log.Debug("a request to the webhook does not come from Telegram", "from", r.RemoteAddr)
		refuse(w, http.StatusUnauthorized)
		return
	}
	if !b.taking.Load() {
		refuse(w, http.StatusServiceUnavailable)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	if errors.As(err, new(*http.MaxBytesError)) {
		refuse(w, http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		refuse(w, http.StatusBadRequest)
		return
	}
	kept, u, err := b.inbox.read(body)
	if err != nil {
		b.talk.Log.Warn("a request to the webhook is no update", "err", err)
		refuse(w, http.StatusBadRequest)
		return
	}
	if err := b.talk.Store.KeepUpdates(r.Context(), []subscribers.Update{kept}); err != nil {
		b.talk.Log.Error("an update cannot be kept; Telegram sends it again", "update", kept.ID, "err", err)
		refuse(w, http.StatusServiceUnavailable)
		return
	}
	b.take(u)
}

// refuse answers with nothing but a status.
func refuse(w http.ResponseWriter, status int) { http.Error(w, http.StatusText(status), status) }

// Serve answers the listener's requests with Handler until ctx is done. It answers those
// under way before it returns.
func (b *Bot) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           b.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       5 * time.Minute, // Telegram uses its connections again
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(b.talk.Log.Handler(), slog.LevelDebug),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("answer requests on %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := server.Shutdown(ending); err != nil {
		b.talk.Log.Warn("some requests are cut off", "err", err)
		_ = server.Close() // its error can only be that a connection is closed already
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("answer requests on %s: %w", listener.Addr(), err)
	}
	return nil
}
