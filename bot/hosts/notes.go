package hosts

import (
	"context"
	"slices"
	"sync"
	"time"

	"digestbot/bot/talk"
)

const (
	// noteLife is how long a note stands in a channel if no admin opens its link.
	noteLife = 10 * time.Minute
	// noteCheck is how often the bot looks for notes to remove.
	noteCheck = time.Minute
	// maxNotes bounds the notes remembered.
	maxNotes = 10_000
)

// note is a message in a channel that is to be removed. After a restart it stays: it does
// no harm.
type note struct {
	talk.Place
	posted time.Time
}

// notes are those that stand in channels.
type notes struct {
	mu    sync.Mutex
	posts []note // the oldest first
}

func (n *notes) add(at talk.Place) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.posts) < maxNotes {
		n.posts = append(n.posts, note{at, time.Now()})
	}
}

// take returns the notes that are due, and forgets them.
func (n *notes) take(due func(note) bool) (taken []note) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.posts = slices.DeleteFunc(n.posts, func(p note) bool {
		if !due(p) {
			return false
		}
		taken = append(taken, p)
		return true
	})
	return taken
}

// postNote posts a note with a link to the settings in the visitor's channel.
func (h *Hosts) postNote(ctx context.Context, v talk.Visit, text string) (arrived bool) {
	h.removeNotes(ctx, v.Sub.Chat.ID)
	at := h.talk.SayAt(ctx, v, text, talk.Keyboard{
		talk.Row(talk.LinkButton(v.Plain("button.manage"), h.talk.ChannelLink(v.Sub.Chat.ID))),
	})
	if at == (talk.Place{}) {
		return false
	}
	h.notes.add(at)
	return true
}

// removeNotes removes the notes of a channel.
func (h *Hosts) removeNotes(ctx context.Context, channel int64) {
	h.remove(ctx, h.notes.take(func(n note) bool { return n.Chat == channel }))
}

// RemoveNotes removes notes that have stood long enough, until ctx is done.
func (h *Hosts) RemoveNotes(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(noteCheck):
		}
		h.remove(ctx, h.notes.take(func(n note) bool { return time.Since(n.posted) >= noteLife }))
	}
}

func (h *Hosts) remove(ctx context.Context, all []note) {
	for _, n := range all {
		if err := h.talk.Sender.DeleteMessage(ctx, n.Chat, n.Message); err != nil {
			h.talk.Log.Debug("a note stays in the channel", "chat", n.Chat, "err", err)
		}
	}
}
