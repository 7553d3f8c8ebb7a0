package sender

import (
	"context"
	"time"

	"digestbot/subscribers"
)

// floodTogether is how close together two 429s for different chats must be to mean that
// the whole bot has to wait. Telegram does not say whether a chat or the bot has to.
const floodTogether = 2 * time.Second

// floodDoubt is how long everything waits after a 429 for one chat. The answers to the
// requests under way will show whether it is meant for the whole bot.
const floodDoubt = 150 * time.Millisecond

// floods remembers the last 429.
type floods struct {
	chat int64
	at   time.Time
}

// flood obeys a 429. The chat waits, or the whole bot if several chats are told to wait
// shortly after each other. The wait survives a restart.
func (s *Sender) flood(ctx context.Context, chat int64, retryAfter time.Duration) {
	now := time.Now()
	until := now.Add(retryAfter)
	held := chat
	whole := s.noteFlood(chat, now, until)
	s.counts.noteFlood(whole, retryAfter)
	if whole {
		held = subscribers.WholeBot
		s.log.Warn("Telegram makes the bot wait", "wait", retryAfter)
	} else {
		s.log.Warn("Telegram makes a chat wait", "chat", chat, "wait", retryAfter)
	}
	// This is saved also while the program is stopping, or the next start would not obey it.
	if err := s.store.SaveWait(context.WithoutCancel(ctx), held, until); err != nil {
		s.log.Error("a wait will not survive a restart", "chat", held, "err", err)
	}
}

func (s *Sender) noteFlood(chat int64, now, until time.Time) (whole bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pace.holdChat(chat, until)
	s.pace.holdAll(now.Add(floodDoubt))
	last := s.floods
	s.floods = floods{chat: chat, at: now}
	if last.at.IsZero() || last.chat == chat || now.Sub(last.at) > floodTogether {
		return false
	}
	s.pace.holdAll(until)
	s.pace.drop(now)
	return true
}
