package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/feedback"
)

// report says how broadcasts stand.
type report struct {
	text       string
	keys       talk.Keyboard
	owners     talk.Keyboard // is shown to owners only, below keys
	broadcasts []int64       // it is about
	issues     []int64       // it says of how many asked for them in vain
	over       bool          // none of the broadcasts goes on
	until      time.Time     // when it changes although nothing is written; zero: it does not
}

// showReport brings a message up to date, and keeps it so while something goes on. The
// message reports on a broadcast, or with 0 it is the whole status.
func (r *reports) showReport(ctx context.Context, p talk.Press, broadcast int64) error {
	w := watcher{Place: p.Place(), broadcasts: []int64{broadcast}, Speaker: p.Speaker, full: broadcast == 0}
	made, err := r.render(ctx, w)
	if errors.Is(err, subscribers.ErrNotFound) { // a press that was made up
		w.full = true
		made, err = r.render(ctx, w)
	}
	if err != nil {
		return err
	}
	r.outbox.overtake(w.Place)
	r.Show(ctx, p, made.text, r.keysFor(p.User, made))
	w.broadcasts, w.shown = made.broadcasts, made.text
	r.outbox.watch(w)
	return nil
}

// render is what a watcher is to see.
func (r *reports) render(ctx context.Context, w watcher) (report, error) {
	if w.full {
		return r.statusReport(ctx, w.Speaker)
	}
	bc, err := r.Store.Broadcast(ctx, w.broadcasts[0])
	if err != nil {
		return report{}, err
	}
	return r.broadcastReport(ctx, w.Speaker, bc)
}

// broadcastReport says how a broadcast stands, or what became of it.
func (r *reports) broadcastReport(ctx context.Context, s talk.Speaker, bc subscribers.Broadcast) (report, error) {
	st, err := r.standingOf(ctx, bc)
	if err != nil {
		return report{}, err
	}
	head := talk.Lines(headline(s, st), string(talk.IssueName(s, st.issue)),
		s.HTML("progress.audience", talk.Values{"Subscribers": s.Plain("count.subscribers", talk.Values{"Count": bc.Subscribers})}))
	books := talk.Paragraphs(talk.Lines(bookLines(s, st.books)...), askedInVain(s, st.failed))
	made := report{broadcasts: []int64{bc.ID}, issues: []int64{bc.IssueID}, over: !bc.FinishedAt.IsZero(), until: st.ownTimes.Next}
	made.text = talk.Paragraphs(head, talk.Lines(progressLines(s, st, r.rate), ownTimesLine(s, st)), books)
	if made.over {
		votes, err := r.votesLine(ctx, s, bc.IssueID)
		if err != nil {
			return report{}, err
		}
		made.text = talk.Paragraphs(head, books, votes, took(s, bc, st.books))
	}
	made.keys = controls(st, captions{
		pause: s.Plain("button.pause"), resume: s.Plain("button.resume"), cancel: s.Plain("button.cancel"), retry: s.Plain("button.retry"),
	})
	if made.over && r.votes {
		made.keys = append(made.keys, talk.Row(talk.Button(s.Plain("button.votes"), talk.ActTally, bc.IssueID)))
	}
	if isRecallable(st) {
		made.owners = talk.Keyboard{talk.Row(talk.Button(s.Plain("button.ask_recall"), talk.ActOpenRecall, bc.IssueID))}
	}
	return made, nil
}

// votesLine says how readers voted on an issue; empty: nobody has.
func (r *reports) votesLine(ctx context.Context, s talk.Speaker, issue int64) (string, error) {
	totals, err := r.Store.Feedback.Totals(ctx, issue)
	if err != nil || len(totals) == 0 {
		return "", err
	}
	up, down := feedback.Sum(totals)
	return s.HTML("vote.sum", talk.Values{"Up": up, "Down": down}), nil
}

// isRecallable reports whether a broadcast is over, something of it has arrived, and Telegram
// still deletes that. A withdrawn issue has the button where it was withdrawn.
func isRecallable(st standing) bool {
	arrived := st.books.Sum(subscribers.OutcomeSent) + st.books.Sum(subscribers.OutcomeUncertain)
	return !st.FinishedAt.IsZero() && time.Since(st.FinishedAt) < sender.DeletableFor && arrived > 0 && !st.issue.Withdrawn
}

// keysFor are the buttons of a report for one admin.
func (r *reports) keysFor(user int64, made report) talk.Keyboard {
	if !r.IsOwner(user) {
		return made.keys
	}
	return append(slices.Clone(made.keys), made.owners...)
}

// ownTimesLine says how many subscribers get the issue at a time of their own; empty:
// nobody.
func ownTimesLine(s talk.Speaker, st standing) string {
	if st.ownTimes.Subscribers == 0 {
		return ""
	}
	return s.HTML("progress.later", talk.Values{
		"Subscribers": s.Plain("count.subscribers", talk.Values{"Count": st.ownTimes.Subscribers}), "When": s.Moment(st.ownTimes.Last),
	})
}

// progressLines say how far a broadcast that is not over has got; rate is the most
// messages per second.
func progressLines(s talk.Speaker, st standing, rate int) string {
	total := st.Subscribers * st.Messages
	settled := total - st.books.Sum(subscribers.OutcomePending)
	if st.isUnderWay() {
		settled = st.tally.Settled // the books may be a little behind
	}
	return talk.Lines(bar(s, settled, total),
		s.HTML("progress.settled", talk.Values{"Settled": settled, "Total": total}), speed(s, st, rate))
}

// captions are the texts of the buttons for a broadcast.
type captions struct{ pause, resume, cancel, retry string }

// controls are the buttons for a broadcast.
func controls(st standing, c captions) talk.Keyboard {
	var k talk.Keyboard
	stop := talk.Button(c.cancel, talk.ActAskCancel, st.ID)
	switch {
	case !st.FinishedAt.IsZero():
	case st.State == subscribers.Running:
		k = append(k, talk.Row(talk.Button(c.pause, talk.ActPauseBroadcast, st.ID), stop))
	case st.State == subscribers.Paused:
		k = append(k, talk.Row(talk.Button(c.resume, talk.ActResumeBroadcast, st.ID), stop))
	}
	done := st.State == subscribers.Done && !st.FinishedAt.IsZero()
	open := st.State == subscribers.Running && st.ownTimes.Subscribers > 0 // its end may be days away
	if (done || open) && st.failed.broadcast > 0 || st.failed.asked > 0 {
		k = append(k, talk.Row(talk.Button(c.retry, talk.ActRetry, st.ID)))
	}
	return k
}

// barLength is the number of characters of a progress bar.
const barLength = 12

// bar draws how much of a total is settled.
func bar(s talk.Speaker, settled, total int) string {
	filled, percent := barLength, 100
	if total > 0 {
		filled, percent = settled*barLength/total, settled*100/total
	}
	return s.HTML("progress.line", talk.Values{
		"Bar":     strings.Repeat("▓", filled) + strings.Repeat("░", barLength-filled),
		"Percent": percent,
	})
}

// burstSeconds is how many seconds' worth of messages go out before the speed means
// anything: the first ones go out in a burst.
const burstSeconds = 3

// speed says how fast a broadcast goes and how long it will take; empty: unknown.
func speed(s talk.Speaker, st standing, rate int) string {
	p := st.tally
	// After a pause the burst comes again, when much is settled already.
	early := p.Settled < burstSeconds*rate || p.Rate > burstSeconds*float64(rate)
	if !st.isUnderWay() || st.State != subscribers.Running || p.Remaining <= 0 || early {
		return ""
	}
	return s.HTML("progress.speed", talk.Values{"Rate": int(p.Rate + 0.5), "Left": s.Duration(p.Remaining)})
}

// took says how long a finished broadcast took and how fast it was.
func took(s talk.Speaker, bc subscribers.Broadcast, books subscribers.Books) string {
	d := max(bc.FinishedAt.Sub(bc.CreatedAt), time.Second)
	rate := int(float64(books.Sum(subscribers.OutcomeSent))/d.Seconds() + 0.5)
	if rate == 0 { // it waited for readers' own times, or was paused
		return s.HTML("progress.took_long", talk.Values{"Duration": s.Duration(d)})
	}
	return s.HTML("progress.took", talk.Values{"Duration": s.Duration(d), "Rate": rate})
}
