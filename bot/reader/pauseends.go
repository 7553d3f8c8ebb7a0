package reader

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"time"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// pauses wakes EndPauses.
type pauses struct{ wake chan struct{} }

func newPauses() *pauses { return &pauses{wake: make(chan struct{}, 1)} }

// look says that there is a new pause.
func (p *pauses) look() {
	select {
	case p.wake <- struct{}{}:
	default: // it is woken already
	}
}

const (
	// pauseRetry is when to try again after Telegram or the database was away.
	pauseRetry = time.Minute
	// pauseCheck is the longest wait: a timer does not notice that the machine slept.
	pauseCheck = time.Hour
	// pauseBatch bounds the chats that are told at the same time.
	pauseBatch = 64
)

// EndPauses tells every chat whose pause is over, also if it ended while the bot was
// down, until ctx is done. Issues come again without it.
func (c *choices) EndPauses(ctx context.Context) {
	for ctx.Err() == nil {
		wait := pauseRetry
		if all, err := c.tellEnded(ctx); err != nil {
			c.Log.Error("chats are not told that their pause is over", "err", err)
		} else if all {
			wait = c.untilNextPauseEnd(ctx)
		}
		select {
		case <-ctx.Done():
		case <-c.pauses.wake:
		case <-time.After(wait):
		}
	}
}

// untilNextPauseEnd is how long to wait for the next end of a pause.
func (c *choices) untilNextPauseEnd(ctx context.Context) time.Duration {
	next, err := c.Store.NextPauseEnd(ctx, time.Now())
	if err != nil {
		c.Log.Error("the next end of a pause is not known", "err", err)
		return pauseRetry
	}
	if next.IsZero() {
		return pauseCheck
	}
	return min(time.Until(next), pauseCheck)
}

// tellEnded tells every chat whose pause is over. all is false when some could not be
// told because Telegram was away.
func (c *choices) tellEnded(ctx context.Context) (all bool, err error) {
	all = true
	for after := int64(0); ; {
		ended, err := c.Store.EndedPauses(ctx, time.Now(), after, pauseBatch)
		if err != nil || len(ended) == 0 {
			return all && err == nil, err
		}
		errs := make([]error, len(ended))
		var telling sync.WaitGroup
		for i, sub := range ended {
			after = sub.ID
			telling.Go(func() { errs[i] = c.tellEnd(ctx, sub) })
		}
		telling.Wait()
		if err := errors.Join(errs...); err != nil {
			all = false
			c.Log.Warn("some chats are told later that their pause is over", "err", err)
		}
		if ctx.Err() != nil {
			return false, nil
		}
	}
}

// tellEnd tells one chat once. An error means that it was certainly not told. It is told
// again only if the program crashes before the answer of Telegram is noted.
func (c *choices) tellEnd(ctx context.Context, sub subscribers.Subscriber) error {
	sub, err := c.Store.Subscriber(ctx, sub.Chat.ID, sub.Thread)
	if errors.Is(err, subscribers.ErrNotFound) { // forgotten, or moved: the next round finds it
		return nil
	}
	if err != nil {
		return err
	}
	if sub.PausedUntil.IsZero() || sub.IsPaused(time.Now()) {
		return nil // resumed or paused again in the meantime
	}
	if sub.State == subscribers.On && sub.Kind == subscribers.Channel {
		c.TellChatAdmins(ctx, sub.Chat.ID, func(v talk.Visit) string {
			return v.HTML("channel.pause_over", talk.Values{"Chat": sub.Title})
		})
	} else if sub.State == subscribers.On {
		v := talk.Visit{Sub: sub, Thread: sub.Thread, Speaker: c.SpeakerTo(sub, "")}
		text, k, err := c.backOn(ctx, v)
		if err != nil {
			return err
		}
		if _, err := c.TrySay(ctx, v, text, k); err != nil {
			c.NoteUnsent(ctx, sub.Chat.ID, err)
			if undone(err) {
				return err
			}
		}
	}
	return c.Store.MarkPauseEndTold(context.WithoutCancel(ctx), sub)
}

// undone reports whether a message certainly did not arrive, but may if sent again.
func undone(err error) bool {
	if sender.Classify(err).IsUndone() {
		return true
	}
	// The context ended before the request was made. If it ended later the error is the
	// HTTP client's, and the message may have arrived.
	var request *url.Error
	waited := errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
	return errors.Is(err, sender.ErrFatal) || waited && !errors.As(err, &request)
}

// backOn is what a chat is told at the end of its pause.
func (c *choices) backOn(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	text, k, err := arrivals(ctx, c.Talker, v)
	if err != nil {
		return "", nil, err
	}
	missed, offered, err := c.missed(ctx, v)
	return talk.Paragraphs(v.HTML("pausing.over"), missed, text), append(k, offered...), err
}

// missed says which issue is the newest, if it did not come during a pause, and offers it.
func (c *choices) missed(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	newest, err := c.Store.NewestIssue(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	d, err := c.Store.Delivery(ctx, newest.ID, v.Sub.ID)
	if err != nil && !errors.Is(err, subscribers.ErrNotFound) {
		return "", nil, err
	}
	if err == nil && d.State == subscribers.Delivered {
		return "", nil, nil
	}
	return v.HTML("pausing.newest", talk.Values{"Issue": talk.IssueName(v.Speaker, newest)}),
		talk.Keyboard{talk.Row(talk.Button(v.Plain("button.latest"), talk.ActLatest))}, nil
}
