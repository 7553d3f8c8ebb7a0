package sender

import (
	"context"
	"sync"
	"time"

	"digestbot/subscribers"
)

// recents keeps the messages of the last minute in the database, so that the next start
// knows which still count against the limits of chats. A crash loses those that were
// answered within the last second.
type recents struct {
	wake chan struct{} // room for one: there is something to save

	mu   sync.Mutex
	sent []subscribers.RecentMessage
}

// keepEvery is how long messages wait to be saved, so that they share a commit.
const keepEvery = time.Second

// longestWindow is how long a message counts against a limit at most.
var longestWindow = max(second, chatLimit.window, groupLimit.window)

func newRecents() *recents { return &recents{wake: make(chan struct{}, 1)} }

// add notes a message whose answer has come.
func (r *recents) add(chat int64, now time.Time) {
	r.mu.Lock()
	r.sent = append(r.sent, subscribers.RecentMessage{Chat: chat, AnsweredAt: now})
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default: // it is on its way already
	}
}

// take returns what was added since the last call.
func (r *recents) take() []subscribers.RecentMessage {
	r.mu.Lock()
	defer r.mu.Unlock()
	sent := r.sent
	r.sent = nil
	return sent
}

// keepRecents saves what is sent, until ctx is done. A minute after the last message it
// deletes them all.
func (s *Sender) keepRecents(ctx context.Context) {
	defer s.saveRecents(context.WithoutCancel(ctx))
	var forget <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-forget:
			forget = nil
		case <-s.recents.wake:
			if Sleep(ctx, keepEvery) != nil {
				return
			}
			forget = time.After(longestWindow + keepEvery)
		}
		s.saveRecents(ctx)
	}
}

func (s *Sender) saveRecents(ctx context.Context) {
	err := s.store.SaveRecentMessages(ctx, s.recents.take(), time.Now().Add(-longestWindow))
	if err != nil && ctx.Err() == nil {
		s.log.Warn("what was sent last would not be known after a restart", "err", err)
	}
}

// restoreRecents makes the pace count what was sent before the start.
func (s *Sender) restoreRecents(ctx context.Context, now time.Time) error {
	messages, err := s.store.RecentMessages(ctx, now.Add(-longestWindow), now)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range messages {
		s.pace.note(&flight{chat: m.Chat, left: m.AnsweredAt, answered: m.AnsweredAt}, now)
	}
	return nil
}
