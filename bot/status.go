package bot

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"digestbot/subscribers"
)

// report tells admins how broadcasts stand.
type report struct {
	text       string
	keys       keyboard
	broadcasts []int64   // those it tells of
	issues     []int64   // of which it tells who asked for them in vain
	over       bool      // none of them goes on
	until      time.Time // when it changes though nothing is written; zero: it does not
}

// maxReports bounds the broadcasts in one status: more do not fit into a
// message, and nobody could tell them apart.
const maxReports = 5

// status tells an admin what is going on.
func (b *Desk) status(ctx context.Context, v visit, _ string) error {
	at := time.Now()
	r, err := b.statusReport(ctx, v.speaker)
	if err != nil {
		return err
	}
	id := b.say(ctx, v, r.text, r.keys)
	if id != 0 {
		b.troubles.noteAll(v.user, at) // they stand in it
	}
	if id != 0 && !r.over {
		b.outbox.watch(watcher{place: place{chat: v.sub.Chat.ID, message: id}, broadcasts: r.broadcasts, speaker: v.speaker, full: true, shown: r.text})
	}
	return nil
}

// statusReport is the whole status.
func (b *Desk) statusReport(ctx context.Context, s speaker) (report, error) {
	facts, err := b.facts(ctx, s)
	if err != nil {
		return report{}, err
	}
	r, err := b.openReport(ctx, s)
	if errors.Is(err, subscribers.ErrNotFound) {
		r, err = report{text: s.html("status.idle"), over: true}, nil
	}
	if err != nil {
		return report{}, err
	}
	if err := b.inVain(ctx, s, &r); err != nil {
		return report{}, err
	}
	r.text = paragraphs(s.html("status.title"), b.troubleLines(s), facts, r.text)
	r.keys = append(r.keys, row(button(s.plain("button.refresh"), actRefresh)))
	return r, nil
}

// facts are what there is to say whether or not something is sent.
func (b *Desk) facts(ctx context.Context, s speaker) (string, error) {
	counts, err := b.store.CountSubscribers(ctx)
	if err != nil {
		return "", err
	}
	newest := s.html("status.no_issue")
	issue, err := b.store.NewestIssue(ctx)
	if err == nil {
		newest = s.html("status.newest", values{"Issue": markup(b.issueName(s, issue))})
	} else if !errors.Is(err, subscribers.ErrNotFound) {
		return "", err
	}
	ahead, err := b.aheadLine(ctx, s)
	if err != nil {
		return "", err
	}
	next := s.html("status.no_next")
	if b.nextRun != nil {
		if at := b.nextRun(); !at.IsZero() {
			next = s.html("status.next", values{"When": s.moment(at)})
		}
	}
	return lines(s.html("status.subscribers", values{
		"On": counts[subscribers.On], "Off": counts[subscribers.Off], "Gone": counts[subscribers.Gone],
	}), newest, ahead, next), nil
}

// openReport tells of the broadcasts that are not over, or else of the last
// one; the error is ErrNotFound when there was none.
func (b *Desk) openReport(ctx context.Context, s speaker) (report, error) {
	open, err := b.store.UnfinishedBroadcasts(ctx)
	if err != nil {
		return report{}, err
	}
	if len(open) > 1 {
		return b.severalReport(ctx, s, open)
	}
	if len(open) == 0 {
		last, err := b.store.LastBroadcast(ctx)
		if err != nil {
			return report{}, err
		}
		open = append(open, last)
	}
	return b.broadcastReport(ctx, s, open[0])
}

// severalReport tells in short of broadcasts that are not over, given in the
// order of their turn. They stand in the order in which they began, whatever
// becomes of them: a button must not move from under a finger.
func (b *Desk) severalReport(ctx context.Context, s speaker, open []subscribers.Broadcast) (report, error) {
	shown := open[:min(len(open), maxReports)]
	slices.SortFunc(shown, func(x, y subscribers.Broadcast) int { return cmp.Compare(x.ID, y.ID) })
	var all report
	var texts []string
	for _, bc := range shown {
		r, err := b.briefReport(ctx, s, bc)
		if err != nil {
			return report{}, err
		}
		texts = append(texts, r.text)
		all.keys = append(all.keys, r.keys...)
		all.broadcasts = append(all.broadcasts, bc.ID)
		all.until = sooner(all.until, r.until)
	}
	if more := len(open) - len(shown); more > 0 {
		texts = append(texts, s.html("status.more", values{"Count": more}))
	}
	all.text = paragraphs(texts...)
	return all, nil
}

// briefReport is a broadcast's share of a report on several. The issue is named
// on the buttons as well.
func (b *Desk) briefReport(ctx context.Context, s speaker, bc subscribers.Broadcast) (report, error) {
	issue, err := b.store.Issue(ctx, bc.IssueID)
	if err != nil {
		return report{}, err
	}
	standing, err := b.standingOf(ctx, bc)
	if err != nil {
		return report{}, err
	}
	failed := ""
	if n := standing.failed.broadcast; n > 0 {
		failed = s.html("status.failed", values{"Subscribers": s.plain("count.subscribers", values{"Count": n})})
	}
	standing.failed.asked = 0 // the status tells of them
	name := values{"Issue": label(issueLabel(issue), briefUnits)}
	return report{
		until: standing.later.Next,
		text:  lines(b.headline(s, standing), b.archiveLine(s, issue), b.progress(s, standing), later(s, standing), failed),
		keys: controls(standing, captions{
			pause: s.plain("button.pause_one", name), resume: s.plain("button.resume_one", name),
			stop: s.plain("button.stop_one", name), retry: s.plain("button.retry_one", name),
		}),
	}, nil
}

// briefUnits is how long the name of an issue may be on buttons side by side, in
// UTF-16 code units.
const briefUnits = 16
