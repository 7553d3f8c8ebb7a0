package reader

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"time"

	"digestbot/bot/delivery"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// pauses wakes who waits for the ends of pauses.
type pauses struct{ wake chan struct{} }

func newPauses() *pauses { return &pauses{wake: make(chan struct{}, 1)} }

// look says that there is a pause that was not known.
func (p *pauses) look() {
	select {
	case p.wake <- struct{}{}:
	default: // it will look already
	}
}

const (
	// pauseRetry is how long a chat waits that could not be told, because
	// Telegram was away.
	pauseRetry = time.Minute
	// pauseCheck is how long to believe the timer: it does not notice that the
	// machine slept.
	pauseCheck = time.Hour
	// pauseBatch bounds the chats that are told at the same time.
	pauseBatch = 64
)

// EndPauses tells every chat whose pause is over, also those whose pause ended
// while the bot was down, until ctx is done. Issues come again by themselves;
// this is about saying so.
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

// tellEnded tells every chat whose pause is over. all is false when some have
// to wait because Telegram was away.
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

// tellEnd tells one chat, once: an error means that it certainly was not. Only
// a crash between Telegram's answer and the note of it tells it again.
func (c *choices) tellEnd(ctx context.Context, sub subscribers.Subscriber) error {
	sub, err := c.Store.Subscriber(ctx, sub.Chat.ID, sub.Thread)
	if errors.Is(err, subscribers.ErrNotFound) { // forgotten, or moved: the next look finds it
		return nil
	}
	if err != nil {
		return err
	}
	if sub.PausedUntil.IsZero() || sub.IsPaused(time.Now()) {
		return nil // resumed, or paused anew, in the meantime
	}
	if sub.State == subscribers.On {
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

// undone tells whether a message did certainly not arrive, and may another time.
func undone(err error) bool {
	switch delivery.Classify(err).Kind {
	case delivery.Moved, delivery.Wait, delivery.Later, delivery.Unauthorized, delivery.Conflict:
		return true
	}
	// A wait that ended before the request was made. One that ended while it
	// was under way is an error of the HTTP client's, and uncertain.
	var request *url.Error
	waited := errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
	return errors.Is(err, delivery.ErrFatal) || waited && !errors.As(err, &request)
}

// backOn is what a chat is told at the end of its pause.
func (c *choices) backOn(ctx context.Context, v talk.Visit) (string, talk.Keyboard, error) {
	newest, err := c.Store.NewestIssue(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		return talk.Paragraphs(v.HTML("pausing.over"), c.NextLine(v.Speaker)), nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	d, err := c.Store.Delivery(ctx, newest.ID, v.Sub.ID)
	if err != nil && !errors.Is(err, subscribers.ErrNotFound) {
		return "", nil, err
	}
	if err == nil && d.State == subscribers.Delivered { // it missed nothing
		return talk.Paragraphs(v.HTML("pausing.over"), c.NextLine(v.Speaker)), nil, nil
	}
	missed := v.HTML("pausing.newest", talk.Values{"Issue": talk.Markup(c.IssueName(v.Speaker, newest))})
	return talk.Paragraphs(v.HTML("pausing.over"), missed, c.NextLine(v.Speaker)),
		talk.Keyboard{talk.Row(talk.Button(v.Plain("button.latest"), talk.ActLatest))}, nil
}
