package desk

import (
	"context"
	"errors"
	"slices"
	"strings"

	"digestbot/bot/delivery"
	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// failures are the deliveries of an issue that have failed, by how they came about.
type failures struct {
	broadcast int                // subscribers, of the broadcast in question
	asked     int                // subscribers who asked for the issue themselves
	reason    subscribers.Reason // of most of those who asked
}

// failedDeliveries returns what has failed, without the token in Telegram's words.
func (r *reports) failedDeliveries(ctx context.Context) ([]subscribers.Failure, error) {
	all, err := r.Store.FailedDeliveries(ctx)
	for i := range all {
		all[i].Reason = r.masked(all[i].Reason)
	}
	return all, err
}

// failuresAmong picks those of an issue, and of a broadcast of it if that is not 0.
// The most frequent stand first.
func failuresAmong(all []subscribers.Failure, issue, broadcast int64) (f failures) {
	for _, one := range all {
		switch {
		case one.IssueID != issue:
		case one.BroadcastID == 0:
			if f.asked == 0 {
				f.reason = one.Reason
			}
			f.asked += one.Subscribers
		case one.BroadcastID == broadcast:
			f.broadcast += one.Subscribers
		}
	}
	return f
}

// askedInVain says how many subscribers asked for the issue and did not get all of it;
// empty: nobody.
func askedInVain(s talk.Speaker, f failures) string {
	if f.asked == 0 {
		return ""
	}
	return s.HTML("progress.asked", talk.Values{
		"Readers": s.Plain("count.readers", talk.Values{"Count": f.asked}), "Reason": shortReason(s, f.reason),
	})
}

// maxInVain bounds the issues in one status that readers asked for in vain.
const maxInVain = 3

// addAskedInVain adds to a status the newest issues that readers asked for and did not
// get all of, unless the report has them already.
func (r *reports) addAskedInVain(ctx context.Context, s talk.Speaker, to *report) error {
	all, err := r.failedDeliveries(ctx)
	if err != nil {
		return err
	}
	told := slices.Clone(to.issues)
	for _, one := range all {
		if one.BroadcastID != 0 || slices.Contains(told, one.IssueID) || len(told)-len(to.issues) == maxInVain {
			continue
		}
		told = append(told, one.IssueID)
		issue, err := r.Store.Issue(ctx, one.IssueID)
		if err != nil {
			return err
		}
		failed := failuresAmong(all, issue.ID, 0)
		to.text = talk.Paragraphs(to.text, talk.Lines(talk.ArchiveLine(s, issue), askedInVain(s, failed)))
		name := talk.Values{"Issue": talk.Label(talk.IssueLabel(issue), briefUnits)}
		to.keys = append(to.keys, talk.Row(talk.Button(s.Plain("button.retry_one", name), talk.ActRetryIssue, issue.ID)))
	}
	return nil
}

// maxMissing bounds the sections that a reader is told of.
const maxMissing = 10

// tellFailed tells people of a delivery that failed.
func (n *notices) tellFailed(ctx context.Context, e delivery.Event) {
	issue, err := n.Store.Issue(ctx, e.Issue)
	if err != nil {
		n.Log.Warn("nobody is told of a failed delivery", "issue", e.Issue, "err", err)
		return
	}
	if e.Asked {
		n.outbox.telling.Go(func() { n.sayUndelivered(ctx, e, issue) }) // there may be many, and each waits for its turn
	}
	if e.First {
		n.EachAdmin(ctx, func(v talk.Visit) { n.sayFailed(ctx, v, e, issue) })
	}
}

// sayUndelivered tells a reader that an issue they asked for did not arrive, or which
// sections of it.
func (n *notices) sayUndelivered(ctx context.Context, e delivery.Event, issue archive.Issue) {
	ctx = sender.ForReader(ctx) // there may be thousands
	v := talk.Visit{Sub: e.Chat, Thread: e.Chat.Chat.Thread, Speaker: n.SpeakerTo(e.Chat, "")}
	text := v.HTML("undelivered.all", talk.Values{"Issue": talk.IssueName(v.Speaker, issue)})
	if e.Partly && len(e.Missing) > 0 {
		text = v.HTML("undelivered.part", talk.Values{
			"Issue": talk.IssueName(v.Speaker, issue), "Sections": sectionList(v.Speaker, e.Missing),
		})
	}
	n.Apologise(ctx, v, text, talk.Keyboard{talk.Row(talk.Button(v.Plain("button.try_again"), talk.ActIssue, issue.ID))})
}

// sectionList names the sections of messages.
func sectionList(s talk.Speaker, messages []archive.Message) string {
	var names []string
	for _, m := range messages[:min(len(messages), maxMissing)] {
		names = append(names, "• "+talk.MessageName(s, m))
	}
	if len(messages) > maxMissing {
		names = append(names, "…")
	}
	return strings.Join(names, "\n")
}

// sayFailed tells an admin what Telegram refuses, with a button that tries again.
func (n *notices) sayFailed(ctx context.Context, v talk.Visit, e delivery.Event, issue archive.Issue) {
	said := talk.Values{
		"Issue": talk.IssueName(v.Speaker, issue), "Message": e.Message, "Reason": n.InShort(errors.New(e.Reason)),
	}
	if !e.Kept {
		n.Say(ctx, v, v.HTML("notice.refused", said), nil)
		return
	}
	again := talk.Button(v.Plain("button.retry"), talk.ActRetryIssue, issue.ID)
	if e.Broadcast.ID != 0 {
		again = talk.Button(v.Plain("button.retry"), talk.ActRetry, e.Broadcast.ID)
	}
	n.Say(ctx, v, v.HTML("notice.failed", said), talk.Keyboard{talk.Row(again)})
}
