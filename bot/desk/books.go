package desk

import (
	"context"
	"maps"
	"sync"
	"time"

	"digestbot/bot/talk"
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
		switch e.Outcome {
		case subscribers.OutcomeSent:
			all = append([]string{s.HTML("books.sent", v)}, all...)
		case subscribers.OutcomeSkipped:
			all = append(all, s.HTML("books.skipped", v))
		case subscribers.OutcomeFailed:
			all = append(all, s.HTML("books.failed", v))
		case subscribers.OutcomeUncertain:
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
