package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/desk"
	"digestbot/bot/sender"
	"digestbot/bot/talk"
)

const (
	firstRetry    = time.Second
	longestRetry  = 30 * time.Second
	retryGrowth   = 2
	telegramsName = "https://api.telegram.org"
)

// connection is the connection to Telegram, over which updates come.
type connection struct {
	talk         *talk.Talker
	desk         *desk.Desk
	config       Config
	webhook      *webhook // nil: the bot asks for updates
	endings      endings
	signs        *signs
	webhookFound chan struct{} // a webhook takes the updates that the bot asks for
}

// connect waits until Telegram answers for the first time, or ctx is done. The error is
// nil, or says that Telegram does not know the token: an operator who has mistyped it
// should hear that at once.
func (c *connection) connect(ctx context.Context) error {
	var unknown error
	err := c.retry(ctx, func(ctx context.Context) error {
		name, err := c.checkToken(ctx)
		if errors.Is(err, ErrToken) {
			unknown = err
			return nil
		}
		if err == nil {
			c.talk.Log.Info("connected to Telegram", "bot", name, "link", "https://t.me/"+name)
		}
		return err
	})
	return cmp.Or(unknown, err)
}

// retry makes a call again and again until it works, ctx is done, or it is clear that it
// never will work. Only then it returns an error.
func (c *connection) retry(ctx context.Context, call func(context.Context) error) error {
	for wait := firstRetry; ctx.Err() == nil; wait = min(wait*retryGrowth, longestRetry) {
		err := call(ctx)
		if err == nil || errors.Is(err, ErrWebhook) {
			return err
		}
		if end := c.noteEnding(err); end != nil {
			return end
		}
		message := "Telegram cannot be reached, trying again"
		if errors.Is(err, tg.ErrorBadRequest) || isExplained(err) {
			message = "Telegram refuses, trying again"
		}
		if r := sender.Classify(err); r.Kind == sender.Wait {
			wait = max(wait, r.RetryAfter)
		}
		c.talk.Log.Warn(message, "server", c.server(), "wait", wait, "err", err)
		_ = sender.Sleep(ctx, wait) // its error is that of ctx, which the loop looks at
	}
	return nil
}

// isExplained reports whether an error already says why the bot ends.
func isExplained(err error) bool {
	for _, end := range []error{ErrToken, ErrSecondCopy, ErrWebhook, ErrWebhookSet} {
		if errors.Is(err, end) {
			return true
		}
	}
	return false
}

// server returns the address of the Bot API server without a name and password, for the log.
func (c *connection) server() string {
	u, err := url.Parse(cmp.Or(c.config.APIURL, telegramsName))
	if err != nil {
		return "unknown"
	}
	u.User = nil
	return u.String()
}

// checkToken asks Telegram whether it knows the token, and returns the bot's user
// name. The error wraps ErrToken when it does not; any other one means that
// Telegram gave no answer.
func (c *connection) checkToken(ctx context.Context) (username string, err error) {
	ctx, cancel := context.WithTimeout(ctx, talk.CallTimeout)
	defer cancel()
	me, err := c.talk.API.GetMe(ctx)
	if err != nil {
		return "", c.talk.Masked(explain(err))
	}
	c.talk.Self.Store(me)
	if err := c.talk.Store.SetPublication(ctx, me.FirstName, me.Username); err != nil {
		c.talk.Log.Error("the name of the bot cannot be kept", "err", err)
	}
	return me.Username, nil
}

// explain adds cause and cure to an error that ends the bot.
func explain(err error) error {
	switch {
	case isExplained(err):
	case sender.Classify(err).Reason == sender.WebhookSet:
		return fmt.Errorf("%w (%w)", ErrWebhookSet, err)
	case errors.Is(err, tg.ErrorConflict):
		return fmt.Errorf("%w (%w)", ErrSecondCopy, err)
	case errors.Is(err, tg.ErrorUnauthorized), errors.Is(err, tg.ErrorNotFound), errors.Is(err, sender.ErrFatal):
		return fmt.Errorf("%w (%w)", ErrToken, err)
	}
	return err
}

// removeWebhooks removes every webhook that is set while the bot asks for updates, until
// ctx is done. A webhook makes each poll fail, which the library repeats at growing
// intervals.
func (c *connection) removeWebhooks(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.webhookFound:
		}
		if err := c.removeWebhook(ctx); err != nil {
			c.talk.Log.Warn("a webhook takes the updates and cannot be removed, trying again", "err", err)
		}
	}
}

// removeWebhook makes updates come to this program: while a webhook is set
// Telegram refuses to be polled. Nothing that waits is lost.
func (c *connection) removeWebhook(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, talk.CallTimeout)
	defer cancel()
	hook, err := c.talk.API.GetWebhookInfo(ctx)
	if err != nil {
		return fmt.Errorf("ask for the webhook: %w", explain(err))
	}
	if hook.URL == "" {
		return nil
	}
	if _, err := c.talk.API.DeleteWebhook(ctx, &tg.DeleteWebhookParams{}); err != nil {
		return fmt.Errorf("remove the webhook: %w", explain(err))
	}
	c.talk.Log.Info("removed a webhook to ask for updates instead")
	return nil
}
