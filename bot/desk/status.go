package desk

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// maxReports bounds the broadcasts in one status: more do not fit into a message.
const maxReports = 5

// Status says what is going on.
func (r *reports) Status(ctx context.Context, v talk.Visit, _ string) error {
	at := time.Now()
	made, err := r.statusReport(ctx, v.Speaker)
	if err != nil {
		return err
	}
	id := r.Say(ctx, v, made.text, r.keysFor(v.User, made))
	if id != 0 {
		r.troubles.noteAll(v.User, at) // the status says them all
	}
	if id != 0 && !made.over {
		r.outbox.watch(watcher{Place: talk.Place{Chat: v.Sub.Chat.ID, Message: id}, broadcasts: made.broadcasts, Speaker: v.Speaker, full: true, shown: made.text})
	}
	return nil
}

// statusReport is the whole status.
func (r *reports) statusReport(ctx context.Context, s talk.Speaker) (report, error) {
	facts, err := r.facts(ctx, s)
	if err != nil {
		return report{}, err
	}
	made, err := r.openReport(ctx, s)
	if errors.Is(err, subscribers.ErrNotFound) {
		made, err = report{text: s.HTML("status.idle"), over: true}, nil
	}
	if err != nil {
		return report{}, err
	}
	if err := r.addAskedInVain(ctx, s, &made); err != nil {
		return report{}, err
	}
	made.text = talk.Paragraphs(s.HTML("status.title"), r.troubleText(s, ""), facts, made.text)
	made.keys = append(made.keys, talk.Row(talk.Button(s.Plain("button.refresh"), talk.ActRefresh)))
	return made, nil
}

// facts are the part of a status that does not depend on broadcasts.
func (r *reports) facts(ctx context.Context, s talk.Speaker) (string, error) {
	counts, err := r.Store.CountSubscribers(ctx)
	if err != nil {
		return "", err
	}
	newest := s.HTML("status.no_issue")
	issue, err := r.Store.NewestIssue(ctx)
	if err == nil {
		newest = s.HTML("status.newest", talk.Values{"Issue": talk.IssueName(s, issue)})
	} else if !errors.Is(err, subscribers.ErrNotFound) {
		return "", err
	}
	waiting, _, err := r.heldOffer(ctx, s)
	if err != nil {
		return "", err
	}
	ahead, err := r.aheadLine(ctx, s)
	if err != nil {
		return "", err
	}
	letters, err := r.waiting(ctx, s)
	if err != nil {
		return "", err
	}
	unconfirmed, err := r.Store.CountUnconfirmed(ctx)
	if err != nil {
		return "", err
	}
	imported := ""
	if unconfirmed > 0 {
		imported = s.HTML("status.unconfirmed", talk.Values{"Count": unconfirmed})
	}
	next := s.HTML("status.no_next")
	if at := r.NextBroadcast(); !at.IsZero() {
		next = s.HTML("status.next", talk.Values{"When": s.Moment(at)})
	}
	return talk.Lines(s.HTML("status.subscribers", talk.Values{
		"On": counts[subscribers.On], "Off": counts[subscribers.Off], "Gone": counts[subscribers.Gone],
	}), imported, newest, waiting, ahead, letters, next), nil
}

// openReport is about the broadcasts that are not over, or else about the last one;
// the error is ErrNotFound when there was none.
func (r *reports) openReport(ctx context.Context, s talk.Speaker) (report, error) {
	open, err := r.Store.UnfinishedBroadcasts(ctx)
	if err != nil {
		return report{}, err
	}
	if len(open) > 1 {
		return r.severalReport(ctx, s, open)
	}
	if len(open) == 0 {
		last, err := r.Store.LastBroadcast(ctx)
		if err != nil {
			return report{}, err
		}
		open = append(open, last)
	}
	return r.broadcastReport(ctx, s, open[0])
}

// severalReport is a short report on the broadcasts that are not over, given in the
// order of their turn. It shows them in the order in which they began, so that a button
// stays where it is.
func (r *reports) severalReport(ctx context.Context, s talk.Speaker, open []subscribers.Broadcast) (report, error) {
	shown := open[:min(len(open), maxReports)]
	slices.SortFunc(shown, func(x, y subscribers.Broadcast) int { return cmp.Compare(x.ID, y.ID) })
	var all report
	var texts []string
	for _, bc := range shown {
		brief, err := r.briefReport(ctx, s, bc)
		if err != nil {
			return report{}, err
		}
		texts = append(texts, brief.text)
		all.keys = append(all.keys, brief.keys...)
		all.broadcasts = append(all.broadcasts, bc.ID)
		all.until = sooner(all.until, brief.until)
	}
	if more := len(open) - len(shown); more > 0 {
		texts = append(texts, s.HTML("status.more", talk.Values{"Count": more}))
	}
	all.text = talk.Paragraphs(texts...)
	return all, nil
}

// briefReport is the part of a report on several broadcasts that is about one of them.
// Its buttons name the issue.
func (r *reports) briefReport(ctx context.Context, s talk.Speaker, bc subscribers.Broadcast) (report, error) {
	st, err := r.standingOf(ctx, bc)
	if err != nil {
		return report{}, err
	}
	failed := ""
	if n := st.failed.broadcast; n > 0 {
		failed = s.HTML("status.failed", talk.Values{"Subscribers": s.Plain("count.subscribers", talk.Values{"Count": n})})
	}
	st.failed.asked = 0 // addAskedInVain adds them
	name := talk.Values{"Issue": talk.Label(talk.IssueLabel(st.issue), briefUnits)}
	return report{
		until: st.ownTimes.Next,
		text:  talk.Lines(headline(s, st), talk.ArchiveLine(s, st.issue), progressLines(s, st, r.rate), ownTimesLine(s, st), failed),
		keys: controls(st, captions{
			pause: s.Plain("button.pause_one", name), resume: s.Plain("button.resume_one", name),
			cancel: s.Plain("button.cancel_one", name), retry: s.Plain("button.retry_one", name),
		}),
	}, nil
}

// briefUnits is the longest name of an issue on buttons side by side, in UTF-16 code
// units.
const briefUnits = 16
