package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"digestbot/subscribers"
)

// showReport brings a message up to date that reports on a broadcast, or, with
// 0, is the whole status, and keeps it so while something goes on.
func (b *Desk) showReport(ctx context.Context, p press, broadcast int64) error {
	w := watcher{place: p.place(), broadcasts: []int64{broadcast}, speaker: p.speaker, full: broadcast == 0}
	r, err := b.render(ctx, w)
	if errors.Is(err, subscribers.ErrNotFound) { // a press that was made up
		w.full = true
		r, err = b.render(ctx, w)
	}
	if err != nil {
		return err
	}
	b.outbox.overtake(w.place)
	b.show(ctx, p, r.text, r.keys)
	w.broadcasts, w.shown = r.broadcasts, r.text
	b.outbox.watch(w)
	return nil
}

// render is what a watcher is to see.
func (b *Desk) render(ctx context.Context, w watcher) (report, error) {
	if w.full {
		return b.statusReport(ctx, w.speaker)
	}
	bc, err := b.store.Broadcast(ctx, w.broadcasts[0])
	if err != nil {
		return report{}, err
	}
	return b.broadcastReport(ctx, w.speaker, bc)
}

// standing is how a broadcast stands.
type standing struct {
	subscribers.Broadcast
	books subscribers.Books
	later subscribers.Later // who gets the issue at a time of their own

	failed failures
}

func (b *Desk) standingOf(ctx context.Context, bc subscribers.Broadcast) (standing, error) {
	books, err := b.booksOf(ctx, bc)
	if err != nil {
		return standing{}, err
	}
	later, err := b.store.LaterDeliveries(ctx, bc.ID)
	if err != nil {
		return standing{}, err
	}
	failed, err := b.failuresOf(ctx, bc.IssueID, bc.ID)
	return standing{bc, books, later, failed}, err
}

// waits tells whether nothing is left but what is due at readers' own times.
func (st standing) waits() bool {
	return st.later.Subscribers > 0 && st.books.Sum(subscribers.OutcomePending) <= st.later.Subscribers*st.Messages
}

// broadcastReport tells how a broadcast stands, or what became of it.
func (b *Desk) broadcastReport(ctx context.Context, s speaker, bc subscribers.Broadcast) (report, error) {
	issue, err := b.store.Issue(ctx, bc.IssueID)
	if err != nil {
		return report{}, err
	}
	st, err := b.standingOf(ctx, bc)
	if err != nil {
		return report{}, err
	}
	head := lines(b.headline(s, st), b.issueName(s, issue),
		s.html("progress.audience", values{"Subscribers": s.plain("count.subscribers", values{"Count": bc.Subscribers})}))
	books := paragraphs(lines(accounts(s, st.books)...), askedInVain(s, st.failed))
	r := report{broadcasts: []int64{bc.ID}, issues: []int64{bc.IssueID}, over: !bc.FinishedAt.IsZero(), until: st.later.Next}
	r.text = paragraphs(head, lines(b.progress(s, st), later(s, st)), books)
	if r.over {
		r.text = paragraphs(head, books, took(s, bc, st.books))
	}
	r.keys = controls(st, captions{
		pause: s.plain("button.pause"), resume: s.plain("button.resume"), stop: s.plain("button.stop"), retry: s.plain("button.retry"),
	})
	return r, nil
}

// later says who of a broadcast gets the issue at a time of their own; empty:
// nobody.
func later(s speaker, st standing) string {
	if st.later.Subscribers == 0 {
		return ""
	}
	return s.html("progress.later", values{
		"Subscribers": s.plain("count.subscribers", values{"Count": st.later.Subscribers}), "When": s.moment(st.later.Last),
	})
}

// progress tells how far a broadcast has got that is not over.
func (b *Desk) progress(s speaker, st standing) string {
	total := st.Subscribers * st.Messages
	settled := total - st.books.Sum(subscribers.OutcomePending)
	if p, ok := b.broadcaster.Progress(); ok && p.Broadcast.ID == st.ID {
		settled = p.Settled // the books may be a little behind
	}
	return lines(bar(s, settled, total),
		s.html("progress.settled", values{"Settled": settled, "Total": total}), b.speed(s, st.Broadcast))
}

// headline says what a broadcast is doing.
func (b *Desk) headline(s speaker, st standing) string {
	switch {
	case st.State == subscribers.Paused && st.Reason.Kind == subscribers.PausedAfterCanary:
		return s.html("progress.canary_done")
	case st.State == subscribers.Paused && st.Reason.Kind == subscribers.PausedByAdmin:
		return s.html("progress.paused")
	case st.State == subscribers.Paused:
		return s.html("progress.paused_why", values{"Reason": pauseReason(s, st.Reason)})
	case st.State == subscribers.Cancelled:
		return s.html("progress.cancelled")
	case st.State == subscribers.Done:
		return verdict(s, st)
	}
	switch p, busy := b.broadcaster.Progress(); {
	case busy && p.Broadcast.ID == st.ID:
		return s.html("progress.running")
	case st.waits():
		return s.html("progress.waiting")
	case busy:
		return s.html("progress.next")
	}
	return s.html("progress.running")
}

// captions are what is written on the buttons for a broadcast.
type captions struct{ pause, resume, stop, retry string }

// controls are the buttons for a broadcast.
func controls(st standing, c captions) keyboard {
	var k keyboard
	stop := button(c.stop, actAskStop, st.ID)
	switch {
	case !st.FinishedAt.IsZero():
	case st.State == subscribers.Running:
		k = append(k, row(button(c.pause, actPause, st.ID), stop))
	case st.State == subscribers.Paused:
		k = append(k, row(button(c.resume, actResume, st.ID), stop))
	}
	done := st.State == subscribers.Done && !st.FinishedAt.IsZero()
	open := st.State == subscribers.Running && st.later.Subscribers > 0 // its end may be days away
	if (done || open) && st.failed.broadcast > 0 || st.failed.asked > 0 {
		k = append(k, row(button(c.retry, actRetry, st.ID)))
	}
	return k
}

// barLength is the number of characters of a progress bar.
const barLength = 12

func bar(s speaker, settled, total int) string {
	filled, percent := barLength, 100
	if total > 0 {
		filled, percent = settled*barLength/total, settled*100/total
	}
	return s.html("progress.line", values{
		"Bar":     strings.Repeat("▓", filled) + strings.Repeat("░", barLength-filled),
		"Percent": percent,
	})
}

// guess is how many seconds' worth of messages it takes to tell the speed: the
// first ones go out in a burst.
const guess = 3

// speed says how fast a broadcast goes and how long it will take; empty:
// unknown.
func (b *Desk) speed(s speaker, bc subscribers.Broadcast) string {
	p, ok := b.broadcaster.Progress()
	early := p.Settled < guess*b.rate
	if !ok || p.Broadcast.ID != bc.ID || bc.State != subscribers.Running || p.Remaining <= 0 || early {
		return ""
	}
	return s.html("progress.speed", values{"Rate": int(p.Rate + 0.5), "Left": s.duration(p.Remaining)})
}

// took says how long a finished broadcast took and how fast it was.
func took(s speaker, bc subscribers.Broadcast, books subscribers.Books) string {
	d := max(bc.FinishedAt.Sub(bc.CreatedAt), time.Second)
	rate := int(float64(books.Sum(subscribers.OutcomeSent))/d.Seconds() + 0.5)
	if rate == 0 { // it waited for readers' own times, or was paused
		return s.html("progress.took_long", values{"Duration": s.duration(d)})
	}
	return s.html("progress.took", values{"Duration": s.duration(d), "Rate": rate})
}
