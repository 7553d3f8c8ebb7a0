package corrections

import (
	"context"
	"errors"
	"maps"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
)

// watch keeps a message up to date from now on.
func (c *Corrections) watch(at talk.Place, w watcher) {
	c.note(at, w)
	select {
	case c.wake <- struct{}{}:
	default: // it is woken already
	}
}

// note has a message count as a live report, and leaves it to who shows it now: two edits at
// the same time would be too many.
func (c *Corrections) note(at talk.Place, w watcher) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watchers[at] = w
}

// follows reports whether a chat has a live report of a revision.
func (c *Corrections) follows(chat, revision int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for at, w := range c.watchers {
		if at.Chat == chat && w.revision == revision {
			return true
		}
	}
	return false
}

// Serve keeps reports up to date, until ctx is done.
func (c *Corrections) Serve(ctx context.Context) {
	c.config.Enqueue(c.tellEnds)
	for {
		var tick <-chan time.Time
		if c.updateAll(ctx) {
			tick = time.After(talk.ReportEvery)
		}
		select {
		case <-ctx.Done():
			return
		case <-c.wake:
		case <-tick:
		}
	}
}

// updateAll brings all reports up to date, and reports whether there are more to come.
func (c *Corrections) updateAll(ctx context.Context) (more bool) {
	c.mu.Lock()
	all := maps.Clone(c.watchers)
	c.mu.Unlock()
	for at, w := range all {
		after, goesOn := c.update(ctx, at, w)
		c.mu.Lock()
		switch {
		case c.watchers[at].revision != w.revision || c.watchers[at].shown != w.shown: // a press has changed what the message shows
		case goesOn:
			c.watchers[at] = after
		default:
			delete(c.watchers, at)
		}
		more = len(c.watchers) > 0
		c.mu.Unlock()
	}
	return more
}

// update brings one report up to date, if it is not too early for that. goesOn is false if
// there is nothing to come. What shows the end is kept until admins have been told of it, so
// that tellEnds knows who sees it.
func (c *Corrections) update(ctx context.Context, at talk.Place, w watcher) (after watcher, goesOn bool) {
	if !c.IsBotAdmin(at.Chat) { // an editor who was removed
		return w, false
	}
	text, k, r, err := c.report(ctx, w.Speaker, w.revision)
	if err != nil {
		c.Log.Warn("a live report ends", "revision", w.revision, "err", err)
		return w, false
	}
	if text == w.shown {
		return w, !r.Reported
	}
	if c.Screens.Delay(at, talk.EditEvery) > 0 { // too early
		return w, true
	}
	err = c.Sender.EditInBackground(sender.ForAdmin(ctx), at.Chat, func() *tg.EditMessageTextParams {
		c.Screens.NoteEdit(at)
		return talk.EditParams(at, text, k)
	})
	c.Screens.NoteEdit(at)
	switch {
	case ctx.Err() != nil, errors.Is(err, sender.ErrNoRoom): // the next round tries again
		return w, true
	case err != nil && sender.Classify(err).Kind != sender.Sent:
		c.Log.Warn("a live report ends", "revision", w.revision, "err", err)
		return w, false
	}
	w.shown = text
	return w, !r.Reported
}
