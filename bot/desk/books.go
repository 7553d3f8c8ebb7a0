package desk

import (
	"context"
	"maps"
	"sync"
	"time"

	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
)

// booksShare bounds the time spent on reading the books of a broadcast that is not
// over: at most one part in booksShare. The books of a million deliveries take seconds
// to add up, and live reports ask every few seconds.
const booksShare = 20

// ledger remembers books for as long as they may be out of date.
type ledger struct {
	reading talk.KeyedLock // by broadcast: of two live reports, one reads the books

	mu   sync.Mutex
	read map[int64]account // by broadcast
}

// account is the books of a broadcast as they were read.
type account struct {
	of    subscribers.Broadcast
	books subscribers.Books
	until time.Time // when they have to be read again
}

func newLedger() *ledger { return &ledger{read: make(map[int64]account)} }

// find returns the books of a broadcast, unless they have to be read.
func (l *ledger) find(bc subscribers.Broadcast) (books subscribers.Books, known bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a, ok := l.read[bc.ID]
	return a.books, ok && a.of == bc && time.Now().Before(a.until)
}

// keep remembers books that took so long to read.
func (l *ledger) keep(bc subscribers.Broadcast, books subscribers.Books, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	maps.DeleteFunc(l.read, func(_ int64, a account) bool { return now.After(a.until) })
	l.read[bc.ID] = account{of: bc, books: books, until: now.Add(took * booksShare)}
}

// booksOf returns the books of a broadcast. While it is not over they may be a little
// out of date.
func (r *reports) booksOf(ctx context.Context, bc subscribers.Broadcast) (subscribers.Books, error) {
	unlock, err := r.ledger.reading.Lock(ctx, bc.ID)
	if err != nil {
		return subscribers.Books{}, err
	}
	defer unlock()
	if books, known := r.ledger.find(bc); known {
		return books, nil
	}
	began := time.Now()
	books, err := r.Store.Books(ctx, bc.ID)
	if err != nil {
		return subscribers.Books{}, err
	}
	for i := range books.Entries { // Telegram's words may be anything
		books.Entries[i].Reason = r.masked(books.Entries[i].Reason)
	}
	r.ledger.keep(bc, books, time.Since(began))
	return books, nil
}

// maxRefusals bounds the reasons of failures that have a line of their own.
const maxRefusals = 5

// bookLines are the lines of the books in words.
func bookLines(s talk.Speaker, books subscribers.Books) []string {
	var all []string
	refusals, others := 0, 0
	for _, e := range books.Entries {
		if e.Messages == 0 && e.Reason == subscribers.ReasonRecalled { // they were sent, and deleted later
			continue
		}
		if e.Outcome == subscribers.OutcomeFailed {
			if refusals++; refusals > maxRefusals {
				others += e.Messages
				continue
			}
		}
		v := talk.Values{
			"Messages": s.Plain("count.messages", talk.Values{"Count": e.Messages}),
			"Reason":   shortReason(s, e.Reason),
		}
		switch {
		case e.Outcome == subscribers.OutcomeSent:
			all = append([]string{s.HTML("books.sent", v)}, all...)
		case e.Reason == subscribers.ReasonCovered: // a reader of it misses nothing
			all = append(all, s.HTML("books.covered", v))
		case e.Outcome == subscribers.OutcomeSkipped:
			all = append(all, s.HTML("books.skipped", v))
		case e.Outcome == subscribers.OutcomeFailed:
			all = append(all, s.HTML("books.failed", v))
		case e.Outcome == subscribers.OutcomeUncertain:
			all = append(all, s.HTML("books.uncertain", v))
		}
	}
	if others > 0 {
		all = append(all, s.HTML("books.failed", talk.Values{
			"Messages": s.Plain("count.messages", talk.Values{"Count": others}), "Reason": s.Plain("reason.others"),
		}))
	}
	return all
}

// reasons are the keys of the texts for the reasons in the books.
var reasons = map[subscribers.Reason]string{
	subscribers.ReasonMuted:        "reason.muted",
	subscribers.ReasonRecalled:     "reason.recalled",
	subscribers.ReasonMissing:      "reason.missing",
	subscribers.ReasonUnknown:      "reason.unknown",
	subscribers.ReasonLate:         "reason.late",
	subscribers.ReasonNotDue:       "reason.not_due",
	subscribers.ReasonUnsubscribed: "reason.unsubscribed",
	subscribers.ReasonPaused:       "reason.paused",
	subscribers.ReasonBlocked:      "reason.blocked",
	subscribers.ReasonDeactivated:  "reason.deactivated",
	subscribers.ReasonKicked:       "reason.kicked",
	subscribers.ReasonLeft:         "reason.left",
	subscribers.ReasonDeleted:      "reason.deleted",
	subscribers.ReasonNeverStarted: "reason.never_started",
	subscribers.ReasonBot:          "reason.a_bot",
	subscribers.ReasonNotFound:     "reason.not_found",
	subscribers.ReasonNoRights:     "reason.no_rights",
	subscribers.ReasonMarkup:       "reason.markup",
	subscribers.ReasonTooLong:      "reason.too_long",
	subscribers.ReasonEmpty:        "reason.empty",
	subscribers.ReasonButton:       "reason.button",
	subscribers.ReasonCancelled:    "reason.cancelled",
	subscribers.ReasonForgotten:    "reason.forgotten",
	subscribers.ReasonTopicClosed:  "reason.topic_closed",
	subscribers.ReasonTopicGone:    "reason.topic_gone",
	subscribers.ReasonServerError:  "reason.server_error",
	subscribers.ReasonPreview:      "reason.preview",
}

// reason puts a reason from the books into words. A reason that is not in the table is
// in Telegram's own words.
func reason(s talk.Speaker, reason subscribers.Reason) string {
	if key, ok := reasons[reason]; ok {
		return s.Plain(key)
	}
	return string(reason)
}

// masked is a reason without the token, which may stand in an error's words.
func (r *reports) masked(reason subscribers.Reason) subscribers.Reason {
	return subscribers.Reason(talk.MaskToken(string(reason), r.Token))
}

// Reason puts a reason from the books into one line, without the token.
func (d *Desk) Reason(s talk.Speaker, why subscribers.Reason) string {
	return shortReason(s, d.masked(why))
}

// shortReason is reason cut to one line.
func shortReason(s talk.Speaker, why subscribers.Reason) string {
	return digest.ShortenUnits(reason(s, why), talk.ErrorUnits)
}

// PauseReason puts into words why the program paused a broadcast.
func PauseReason(s talk.Speaker, why subscribers.PauseReason) string {
	switch why.Kind {
	case subscribers.PausedForContent:
		return s.Plain("pause.content", talk.Values{"Message": why.Number, "Reason": reason(s, subscribers.Reason(why.Detail))})
	case subscribers.PausedForCompact:
		return s.Plain("pause.compact", talk.Values{"Reason": reason(s, subscribers.Reason(why.Detail))})
	case subscribers.PausedForFailures:
		return s.Plain("pause.failures", talk.Values{"Deliveries": why.Number, "Reason": reason(s, subscribers.Reason(why.Detail))})
	case subscribers.PausedForImbalance:
		return s.Plain("pause.unbalanced", talk.Values{"Detail": why.Detail})
	case subscribers.PausedAfterRestore:
		if at, err := time.Parse(time.RFC3339, why.Detail); err == nil {
			return s.Plain("pause.restored", talk.Values{"When": s.Moment(at)})
		}
	}
	return why.Detail
}
