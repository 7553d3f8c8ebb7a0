package sender

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"
)

// The shortest and the longest wait before Telegram is asked again during an outage.
const (
	probeFirst = 250 * time.Millisecond
	probeLast  = 30 * time.Second
)

// Retries counts how often a message, and the messages after it to the same chat, have
// failed as long as none gets through. It says when to try again.
type Retries struct {
	tries int           // tries in a row that failed
	own   int           // how many of them point to the chat: others were served since, or no other chat has failed
	wait  time.Duration // before the next try

	served, failed uint64 // the counts of the Sender after the last try
}

// maxOwnFailures is how often Telegram may fail to serve a chat while it serves others.
// With the waits between the tries this takes more than an hour, so an outage of a part
// of Telegram loses no chat.
const maxOwnFailures = 16

// The shortest and the longest wait before a chat is tried again, if no other chat has
// failed.
const (
	firstRetry   = time.Second
	longestRetry = 10 * time.Minute
)

// Hopeless reports whether the chat was tried often enough.
func (r *Retries) Hopeless() bool { return r.own >= maxOwnFailures }

// Wait waits until the next try is due. Its error is that of ctx.
func (r *Retries) Wait(ctx context.Context) error {
	wait := r.wait
	r.wait = 0
	return Sleep(ctx, wait)
}

// failedRequests is what the Sender knows of the failed requests to all chats.
type failedRequests struct {
	served uint64 // messages and edits that got through
	count  uint64 // failed requests
	// These two are of the last failed request.
	chat int64
	at   uint64 // served at that time
}

// isAlone reports whether requests to no other chat have failed since r, or since others
// were served.
func (f failedRequests) isAlone(chat int64, r *Retries) bool {
	if r.tries > 0 {
		return f.count == r.failed
	}
	return f.count == 0 || f.chat == chat || f.at < f.served
}

// suspect deals with a failed request. If the fault may not be the chat's alone, it stops
// everything until Telegram answers a harmless question. A message without an answer may
// be tried only once more, and that attempt must not be wasted on a server that is down.
func (s *Sender) suspect(chat int64, retries *Retries, r Response) {
	s.mu.Lock()
	defer s.mu.Unlock()
	alone := s.failed.isAlone(chat, retries)
	beside := retries.tries > 0 && s.failed.served > retries.served
	retries.tries++
	if retries.tries == 1 || alone || beside {
		retries.own++
	}
	s.failed.count++
	s.failed.chat, s.failed.at = chat, s.failed.served
	retries.served, retries.failed = s.failed.served, s.failed.count
	ours := beside || retries.tries == 1 && alone && r.Answered
	if ours || retries.own > 1 {
		retries.wait = min(firstRetry<<min(retries.own-1, 10), longestRetry)
	}
	if !ours {
		s.outage = true
		s.look()
	}
}

// TokenTimeout is how long Telegram must keep saying that it does not know the token
// before the program believes it. Telegram also says so when it is down, and a
// wrong token stays wrong, so nothing is lost by asking for a while.
const TokenTimeout = 5 * time.Minute

// withoutAddress returns the cause of an error without the address that was asked, which has
// the token in it; nil if there was none yet.
func withoutAddress(err error) error {
	if asked, ok := errors.AsType[*url.Error](err); ok {
		return asked.Err
	}
	return nil
}

// probe returns at once unless Telegram is suspected to be down. In that case it
// calls getMe until Telegram answers. Its error is that of ctx.
func (s *Sender) probe(ctx context.Context) error {
	wait, outage := s.outageWait()
	var lost time.Time // since when Telegram has said that it does not know the token
	var err error
	for ; outage; wait = min(wait*2, probeLast) {
		facts := []any{"wait", wait}
		if cause := withoutAddress(err); cause != nil { // such as a name that is not found, or too many open files
			facts = append(facts, "err", cause)
		}
		s.log.Warn("Telegram is down, everything waits", facts...)
		if err := Sleep(ctx, wait); err != nil {
			return err
		}
		err = s.ask(ctx)
		switch r := Classify(err); r.Kind {
		case Down, Uncertain, Conflict:
			lost = time.Time{}
		case Wait:
			s.mu.Lock()
			s.pace.holdAll(time.Now().Add(r.RetryAfter))
			s.mu.Unlock()
			outage = false
		case Unauthorized:
			if lost.IsZero() {
				lost = time.Now()
			}
			if time.Since(lost) >= TokenTimeout {
				s.fail(fmt.Errorf("%w: %s: %w", ErrFatal, r.Reason, err))
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
	s.outages++
	return min(probeFirst<<min(s.outages-1, 10), probeLast), true
}
