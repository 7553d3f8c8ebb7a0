package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"digestbot/subscribers"
)

// markup is a value for a text in HTML that is markup already.
type markup string

// status tells an admin what is going on.
func (b *Bot) status(ctx context.Context, v visit, _ string) error {
	text, k, bc, err := b.statusReport(ctx, v.speaker)
	if err != nil {
		return err
	}
	id := b.say(ctx, v, text, k)
	if id != 0 && bc.ID != 0 && bc.FinishedAt.IsZero() {
		b.desk.watch(watcher{place: place{chat: v.sub.Chat.ID, message: id}, broadcast: bc.ID, speaker: v.speaker, full: true, shown: text})
	}
	return nil
}

// showReport brings a status or a live report up to date, and keeps it so
// while its broadcast lasts.
func (b *Bot) showReport(ctx context.Context, p press, full bool) error {
	bc, err := b.currentBroadcast(ctx)
	if err != nil && !errors.Is(err, subscribers.ErrNotFound) {
		return err
	}
	if len(p.numbers) > 0 && p.action != actSend && p.action != actCanary {
		if bc, err = b.store.Broadcast(ctx, p.numbers[0]); err != nil && !errors.Is(err, subscribers.ErrNotFound) {
			return err
		}
	}
	w := watcher{place: p.place(), broadcast: bc.ID, speaker: p.speaker, full: full}
	text, k, err := b.render(ctx, w)
	if err != nil {
		return err
	}
	b.desk.overtake(w.place)
	b.show(ctx, p, text, k)
	if bc.ID != 0 && bc.FinishedAt.IsZero() {
		w.shown = text
		b.desk.watch(w)
	}
	return nil
}

// render is what a watcher is to see.
func (b *Bot) render(ctx context.Context, w watcher) (string, keyboard, error) {
	if w.full || w.broadcast == 0 {
		text, k, _, err := b.statusReport(ctx, w.speaker)
		return text, k, err
	}
	bc, err := b.store.Broadcast(ctx, w.broadcast)
	if err != nil {
		return "", nil, err
	}
	return b.broadcastReport(ctx, w.speaker, bc)
}

// currentBroadcast is the one under way, else one that is not over, else the
// last one.
func (b *Bot) currentBroadcast(ctx context.Context) (subscribers.Broadcast, error) {
	if p, busy := b.broadcaster.Progress(); busy {
		return b.store.Broadcast(ctx, p.Broadcast.ID)
	}
	bc, err := b.store.UnfinishedBroadcast(ctx)
	if errors.Is(err, subscribers.ErrNotFound) {
		return b.store.LastBroadcast(ctx)
	}
	return bc, err
}

// statusReport is the whole status. bc is the broadcast it tells of, if any.
func (b *Bot) statusReport(ctx context.Context, s speaker) (text string, k keyboard, bc subscribers.Broadcast, err error) {
	counts, err := b.store.CountSubscribers(ctx)
	if err != nil {
		return "", nil, bc, err
	}
	newest := s.html("status.no_issue")
	issue, err := b.store.NewestIssue(ctx)
	if err == nil {
		newest = s.html("status.newest", values{"Issue": markup(b.issueName(s, issue))})
	} else if !errors.Is(err, subscribers.ErrNotFound) {
		return "", nil, bc, err
	}
	next := s.html("status.no_next")
	if b.config.NextRun != nil {
		if at := b.config.NextRun(); !at.IsZero() {
			next = s.html("status.next", values{"When": s.moment(at)})
		}
	}
	facts := lines(
		s.html("status.subscribers", values{
			"On": counts[subscribers.On], "Off": counts[subscribers.Off], "Gone": counts[subscribers.Gone],
		}), newest, next)
	report := s.html("status.idle")
	bc, err = b.currentBroadcast(ctx)
	if err == nil {
		report, k, err = b.broadcastReport(ctx, s, bc)
	}
	if err != nil && !errors.Is(err, subscribers.ErrNotFound) {
		return "", nil, bc, err
	}
	k = append(k, row(button(s.plain("button.refresh"), actRefresh)))
	return paragraphs(s.html("status.title"), facts, report), k, bc, nil
}

// broadcastReport tells how a broadcast stands, or what became of it.
func (b *Bot) broadcastReport(ctx context.Context, s speaker, bc subscribers.Broadcast) (string, keyboard, error) {
	issue, err := b.store.Issue(ctx, bc.IssueID)
	if err != nil {
		return "", nil, err
	}
	books, err := b.booksOf(ctx, bc)
	if err != nil {
		return "", nil, err
	}
	head := lines(headline(s, bc), b.issueName(s, issue),
		s.html("progress.audience", values{"Subscribers": s.plain("count.subscribers", values{"Count": bc.Subscribers})}))
	if !bc.FinishedAt.IsZero() {
		text := paragraphs(head, lines(accounts(s, books)...), took(s, bc, books))
		if bc.State == subscribers.Done && books.Sum(subscribers.OutcomeFailed) > 0 {
			return text, keyboard{row(button(s.plain("button.retry"), actRetry, bc.ID))}, nil
		}
		return text, nil, nil
	}
	later, err := b.later(ctx, s, bc)
	if err != nil {
		return "", nil, err
	}
	text := paragraphs(head, lines(b.progress(s, bc, books), later), lines(accounts(s, books)...))
	k := controls(s, bc)
	if later != "" && bc.State == subscribers.Running && books.Sum(subscribers.OutcomeFailed) > 0 {
		k = append(k, row(button(s.plain("button.retry"), actRetry, bc.ID))) // its end may be days away
	}
	return text, k, nil
}

// later says who of a broadcast gets the issue at a time of their own; empty:
// nobody.
func (b *Bot) later(ctx context.Context, s speaker, bc subscribers.Broadcast) (string, error) {
	later, err := b.store.LaterDeliveries(ctx, bc.ID)
	if err != nil || later.Subscribers == 0 {
		return "", err
	}
	return s.html("progress.later", values{
		"Subscribers": s.plain("count.subscribers", values{"Count": later.Subscribers}), "When": s.moment(later.Last),
	}), nil
}

// progress tells how far a broadcast has got that is not over.
func (b *Bot) progress(s speaker, bc subscribers.Broadcast, books subscribers.Books) string {
	total := bc.Subscribers * bc.Messages
	settled := total - books.Sum(subscribers.OutcomePending)
	if p, ok := b.broadcaster.Progress(); ok && p.Broadcast.ID == bc.ID {
		settled = p.Settled // the books may be a little behind
	}
	return lines(bar(s, settled, total),
		s.html("progress.settled", values{"Settled": settled, "Total": total}), b.speed(s, bc))
}

func headline(s speaker, bc subscribers.Broadcast) string {
	switch {
	case bc.State == subscribers.Paused && bc.Reason.Kind == subscribers.PausedAfterCanary:
		return s.html("progress.canary_done")
	case bc.State == subscribers.Paused && bc.Reason.Kind == subscribers.PausedByAdmin:
		return s.html("progress.paused")
	case bc.State == subscribers.Paused:
		return s.html("progress.paused_why", values{"Reason": pauseReason(s, bc.Reason)})
	case bc.State == subscribers.Cancelled:
		return s.html("progress.cancelled")
	case bc.State == subscribers.Done:
		return s.html("progress.done")
	}
	return s.html("progress.running")
}

// controls are the buttons for a broadcast that is not over.
func controls(s speaker, bc subscribers.Broadcast) keyboard {
	turn := button(s.plain("button.pause"), actPause, bc.ID)
	switch bc.State {
	case subscribers.Paused:
		turn = button(s.plain("button.resume"), actResume, bc.ID)
	case subscribers.Cancelled:
		return nil
	}
	return keyboard{row(turn, button(s.plain("button.stop"), actAskStop, bc.ID))}
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
func (b *Bot) speed(s speaker, bc subscribers.Broadcast) string {
	p, ok := b.broadcaster.Progress()
	early := p.Settled < guess*b.config.Rate
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
