package sender

import (
	"context"
	"fmt"
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
	if s.noteFlood(chat, now, until) {
		held = subscribers.WholeBot
		s.log.Warn("telegram makes the bot wait", "wait", retryAfter)
	} else {
		s.log.Warn("telegram makes a chat wait", "chat", chat, "wait", retryAfter)
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

// The shortest and the longest wait before Telegram is asked again during an outage.
const (
	probeFirst = 250 * time.Millisecond
	probeLast  = 30 * time.Second
)

// Trouble is what a message has met with, and the messages after it to the same chat, as
// long as none gets through.
type Trouble struct {
	tries int           // tries in a row that failed
	own   int           // how many of them point to the chat: others were served since, or no other chat is in trouble
	pause time.Duration // before the next try

	served, troubles uint64 // the counts of the Sender after the last try
}

// maxOwnTroubles is how often Telegram may fail to serve a chat while it serves others.
// With the pauses between the tries this takes more than an hour, so an outage of a part
// of Telegram loses no chat.
const maxOwnTroubles = 16

// The shortest and the longest pause before a chat is tried again that alone is in
// trouble.
const (
	troublePause = time.Second
	troubleRest  = 10 * time.Minute
)

// Hopeless reports whether the chat was tried often enough.
func (t *Trouble) Hopeless() bool { return t.own >= maxOwnTroubles }

// Wait waits until the next try is due. Its error is that of ctx.
func (t *Trouble) Wait(ctx context.Context) error {
	pause := t.pause
	t.pause = 0
	return Sleep(ctx, pause)
}

// troubles is what the Sender knows of the failed requests to all chats.
type troubles struct {
	served uint64 // messages and edits that got through
	count  uint64 // failed requests
	// These two are of the last failed request.
	chat int64
	at   uint64 // served at that time
}

// alone reports whether no other chat has been in trouble since t, or since others were
// served.
func (ts troubles) alone(chat int64, t *Trouble) bool {
	if t.tries > 0 {
		return ts.count == t.troubles
	}
	return ts.count == 0 || ts.chat == chat || ts.at < ts.served
}

// suspect deals with a failed request. If the fault may not be the chat's alone, it stops
// everything until Telegram answers a harmless question. A message without an answer may
// be tried only once more, and that attempt must not be wasted on a server that is down.
func (s *Sender) suspect(chat int64, t *Trouble, o Outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	alone := s.troubles.alone(chat, t)
	beside := t.tries > 0 && s.troubles.served > t.served
	t.tries++
	if t.tries == 1 || alone || beside {
		t.own++
	}
	s.troubles.count++
	s.troubles.chat, s.troubles.at = chat, s.troubles.served
	t.served, t.troubles = s.troubles.served, s.troubles.count
	ours := beside || t.tries == 1 && alone && o.Answered
	if ours || t.own > 1 {
		t.pause = min(troublePause<<min(t.own-1, 10), troubleRest)
	}
	if !ours {
		s.outage = true
		s.look()
	}
}

// TokenPatience is how long Telegram must keep saying that it does not know the token
// before the program believes it. Telegram also says so when it is out of order, and a
// wrong token stays wrong, so nothing is lost by asking for a while.
const TokenPatience = 5 * time.Minute

// probe returns at once unless Telegram is suspected to be out of order. In that case it
// calls getMe until Telegram answers. Its error is that of ctx.
func (s *Sender) probe(ctx context.Context) error {
	wait, outage := s.outageWait()
	var lost time.Time // since when Telegram has said that it does not know the token
	for ; outage; wait = min(wait*2, probeLast) {
		s.log.Warn("telegram is out of order, everything waits", "wait", wait)
		if err := Sleep(ctx, wait); err != nil {
			return err
		}
		err := s.ask(ctx)
		switch o := Classify(err); o.Kind {
		case Later, Uncertain, Conflict:
			lost = time.Time{}
		case Wait:
			s.mu.Lock()
			s.pace.holdAll(time.Now().Add(o.RetryAfter))
			s.mu.Unlock()
			outage = false
		case Unauthorized:
			if lost.IsZero() {
				lost = time.Now()
			}
			if time.Since(lost) >= TokenPatience {
				s.fail(fmt.Errorf("%w: %s: %w", ErrFatal, o.Reason, err))
				outage = false
			}
		default:
			outage = false
		}
	}
	s.mu.Lock()
	s.outage = false
	s.mu.Unlock()
	return nil
}

// ask calls getMe, which changes nothing.
func (s *Sender) ask(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := s.API.GetMe(ctx)
	return err
}

// outageWait reports whether there is an outage, and how long to leave Telegram alone.
// The wait grows each time until a message gets through.
func (s *Sender) outageWait() (wait time.Duration, outage bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.outage {
		return 0, false
	}
	s.failures++
	return min(probeFirst<<min(s.failures-1, 10), probeLast), true
}
