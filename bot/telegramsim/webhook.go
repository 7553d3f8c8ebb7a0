package telegramsim

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	defaultConnections = 40 // core.telegram.org/bots/api#setwebhook
	maxConnections     = 100
	maxSecretBytes     = 256
	maxWebhookDelay    = time.Minute      // between attempts to deliver
	webhookTimeout     = 60 * time.Second // tdlib/telegram-bot-api WebhookActor
)

// webhook is where updates are pushed to; guarded by Sim.mu.
type webhook struct {
	url         string
	secret      string
	connections int
	lastError   string
	lastErrorAt time.Time
	stop        context.CancelFunc
}

type wireWebhook struct {
	URL              string   `json:"url"`
	HasCertificate   bool     `json:"has_custom_certificate"`
	Pending          int      `json:"pending_update_count"`
	LastErrorDate    int64    `json:"last_error_date,omitempty"`
	LastErrorMessage string   `json:"last_error_message,omitempty"`
	MaxConnections   int      `json:"max_connections,omitempty"`
	AllowedUpdates   []string `json:"allowed_updates,omitempty"`
}

func setWebhook(c *call) (any, error) {
	target := c.form.Text("url")
	if target == "" {
		return deleteWebhook(c)
	}
	hook, err := c.webhook(target)
	if err != nil {
		return nil, err
	}
	if err := c.allowLocked(); err != nil {
		return nil, err
	}
	s := c.sim
	s.state.dropHook(c.form.Flag("drop_pending_updates"))
	s.state.updates.end(TerminatedBySet)
	ctx, stop := context.WithCancel(context.Background())
	hook.stop = stop
	s.state.hook = hook
	if s.closed {
		stop()
		return true, nil
	}
	s.jobs.Go(func() { newPusher(s, hook).run(ctx) })
	return true, nil
}

func (c *call) webhook(target string) (webhook, error) {
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return webhook{}, Refusal("Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
	}
	if err := checkHost(u.Hostname()); err != nil {
		return webhook{}, err
	}
	if port := u.Port(); port != "" && !slices.Contains([]string{"443", "80", "88", "8443"}, port) {
		return webhook{}, Refusal("Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
	}
	secret := c.form.Text("secret_token")
	if strings.Trim(secret, wordBytes) != "" {
		return webhook{}, Refusal("Bad Request: secret token contains unallowed characters")
	}
	if len(secret) > maxSecretBytes {
		return webhook{}, Refusal("Bad Request: secret token is too long")
	}
	n := int(c.form.Integer("max_connections"))
	if n < 1 || n > maxConnections {
		n = defaultConnections
	}
	return webhook{url: target, secret: secret, connections: n}, nil
}

// checkHost refuses hosts that Telegram cannot reach: local names, and addresses that do not
// belong to the internet (telegram-bot-api, WebhookActor.cpp).
func checkHost(host string) error {
	name := strings.TrimSuffix(strings.ToLower(host), ".")
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		name = "127.0.0.1"
	}
	address, err := netip.ParseAddr(name)
	switch {
	case err != nil && (!strings.Contains(name, ".") || strings.HasSuffix(name, ".invalid") || strings.HasSuffix(name, ".local")):
		return HostNotFound
	case err != nil:
		return nil
	case !address.Is4():
		return Refusal("Bad Request: bad webhook: IPv6-only addresses are not allowed")
	case !address.IsGlobalUnicast() || address.IsPrivate() || address.As4()[0] == 0:
		return Refusal("Bad Request: bad webhook: IP address " + address.String() + " is reserved")
	}
	return nil
}

func deleteWebhook(c *call) (any, error) {
	c.sim.state.dropHook(c.form.Flag("drop_pending_updates"))
	return true, nil
}

func (st *state) dropHook(dropUpdates bool) {
	if st.hook.stop != nil {
		st.hook.stop()
	}
	st.hook = webhook{}
	if dropUpdates {
		st.updates.queue = nil
	}
}

func getWebhookInfo(c *call) (any, error) {
	h := c.sim.state.hook
	info := wireWebhook{
		URL: h.url, Pending: len(c.sim.state.updates.queue), MaxConnections: h.connections,
		LastErrorMessage: h.lastError, AllowedUpdates: c.sim.state.updates.allowed,
	}
	if !h.lastErrorAt.IsZero() {
		info.LastErrorDate = h.lastErrorAt.Unix()
	}
	return info, nil
}

// laneOf names what an update waits behind. A webhook gets the messages of a chat in order,
// and at the same time those of other chats, presses and all else (telegram-bot-api,
// Client.cpp, add_update).
func laneOf(kind string, v any) string {
	switch v := v.(type) {
	case *wireMessage:
		return fmt.Sprint("message ", v.Chat.ID)
	case wireCallback:
		return fmt.Sprint(kind, " ", v.From.ID)
	case wireInline:
		return fmt.Sprint(kind, " ", v.From.ID)
	case wireMemberUpdate:
		return fmt.Sprint(kind, " ", v.Chat.ID)
	}
	return kind
}

// pusher delivers updates to a webhook: as many at once as it may have connections, and
// those of a lane one after the other.
type pusher struct {
	sim         *Sim
	url, secret string
	connections int
	busy        map[string]bool // lanes; guarded by Sim.mu
}

func newPusher(s *Sim, hook webhook) pusher {
	return pusher{s, hook.url, hook.secret, hook.connections, make(map[string]bool)}
}

// run delivers updates until ctx ends.
func (p pusher) run(ctx context.Context) {
	var under sync.WaitGroup
	defer under.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for {
		next, more := p.next()
		if next.body != nil {
			under.Go(func() { p.push(ctx, next) })
			continue
		}
		select {
		case <-more:
		case <-ctx.Done():
			return
		case <-p.sim.done:
			return
		}
	}
}

// next returns the first update whose lane is free, and takes the lane. If there is none, or
// no connection is left, the update has no body; the channel is closed when that may have
// changed.
func (p pusher) next() (update, <-chan struct{}) {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	u := &p.sim.state.updates
	u.expire(now())
	i := slices.IndexFunc(u.queue, func(x update) bool { return !p.busy[x.lane] })
	if i < 0 || len(p.busy) >= p.connections {
		return update{}, u.more
	}
	p.busy[u.queue[i].lane] = true
	return u.queue[i], u.more
}

// push delivers an update until it is accepted with a 2xx, and frees its lane.
func (p pusher) push(ctx context.Context, u update) {
	for delay := time.Second; ; delay = min(2*delay, maxWebhookDelay) {
		wait, err := p.deliver(ctx, u.body)
		if err == nil {
			p.confirm(u)
			return
		}
		if ctx.Err() != nil {
			return
		}
		p.noteFailure(err)
		if p.sim.pause(ctx, cmp.Or(wait, delay)) != nil || p.isOver() {
			return
		}
	}
}

func (p pusher) isOver() bool {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	return p.sim.closed
}

func (p pusher) confirm(u update) {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	delete(p.busy, u.lane)
	all := &p.sim.state.updates
	before := len(all.queue)
	all.queue = slices.DeleteFunc(all.queue, func(x update) bool { return x.id == u.id })
	p.sim.state.stats.Confirmed += before - len(all.queue)
	all.wake()
	p.sim.state.changed()
}

func (p pusher) noteFailure(err error) {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	p.sim.state.hook.lastError, p.sim.state.hook.lastErrorAt = err.Error(), now()
	p.sim.state.changed()
}

// deliver makes one attempt. On failure it returns the Retry-After that the bot asked for.
func (p pusher) deliver(ctx context.Context, body []byte) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, webhookTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("make request: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	if p.secret != "" {
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", p.secret)
	}
	response, err := p.sim.opts.Webhooks.Do(r)
	if err != nil {
		return 0, fmt.Errorf("deliver: %w", err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body) // Telegram ignores the body
	if response.StatusCode/100 == 2 {
		return 0, nil
	}
	seconds, err := strconv.Atoi(response.Header.Get("Retry-After"))
	if err != nil {
		seconds = 0
	}
	return time.Duration(seconds) * time.Second, Refusal("Wrong response from the webhook: " + response.Status)
}
