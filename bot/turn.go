package bot

import (
	"context"
	"sync"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
)

// turn is a handler's time to be the only one at work in its chat.
type turn struct {
	queues   *queues
	queue    *queue
	answered bool // the update is a query that has been answered
	first    bool // the update does not wait for other chats

	mu     sync.Mutex
	done   bool          // the handler has returned
	passed chan struct{} // closed when others may have their turn
}

// in returns the context for what is done in the turn.
func (t *turn) in(ctx context.Context) context.Context {
	if t.first {
		ctx = sender.ForAdmin(ctx)
	}
	return talk.WithTurn(ctx, t)
}

// run calls f and returns when the turn is over: when f has returned or passed
// it.
func (q *queues) run(t *turn, f func(*turn)) {
	t.passed = make(chan struct{})
	if !t.first {
		q.slots <- struct{}{}
		defer func() { <-q.slots }()
	}
	q.workers.Go(func() {
		f(t)
		t.end()
	})
	<-t.passed
}

// Pass lets queries of the chat have their turn before the handler returns.
func (t *turn) Pass() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.done || t.isOver() {
		return
	}
	t.queues.mu.Lock()
	t.queue.speaking++
	t.queues.mu.Unlock()
	close(t.passed)
}

// end ends the turn with the handler.
func (t *turn) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done = true
	if !t.isOver() {
		close(t.passed)
		return
	}
	t.queues.mu.Lock()
	t.queue.speaking--
	t.queues.mu.Unlock()
	t.queue.wakeUp()
}

func (t *turn) isOver() bool {
	select {
	case <-t.passed:
		return true
	default:
		return false
	}
}

// IsAnswered reports whether the update is a query that was answered before its turn.
func (t *turn) IsAnswered() bool { return t.answered }

// isQuery reports whether an update waits for an answer that is no message.
func isQuery(u *models.Update) bool { return u.CallbackQuery != nil || u.InlineQuery != nil }

// mustKeepPlace reports whether a query changes what messages before it may change:
// whether the chat is subscribed, and what is known of it at all.
func mustKeepPlace(u *models.Update) bool {
	if u.CallbackQuery == nil {
		return false
	}
	c, _ := talk.ParseCallback(u.CallbackQuery.Data)
	switch c.Action {
	case talk.ActSubscribe, talk.ActUnsubscribe, talk.ActResubscribe, talk.ActPauseFor, talk.ActResumeNow, talk.ActForget,
		talk.ActPartsDone, talk.ActPartsCancel:
		return true
	}
	return false
}
