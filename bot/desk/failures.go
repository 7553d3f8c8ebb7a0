package desk

import (
	"context"
	"slices"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// failures are the deliveries of an issue that have failed, by how they came about.
type failures struct {
	issue     int64
	broadcast int                // subscribers, of the broadcast in question
	asked     int                // subscribers who asked for the issue themselves
	reason    subscribers.Reason // of most of those who asked
}

// failuresOf picks what is of an issue, and of a broadcast of it if that is not 0.
func (r *reports) failuresOf(ctx context.Context, issue, broadcast int64) (failures, error) {
	all, err := r.Store.FailedDeliveries(ctx)
	f := failures{issue: issue}
	for _, one := range all {
		switch {
		case one.IssueID != issue:
		case one.BroadcastID == 0:
			if f.asked == 0 {
				f.reason = r.masked(one.Reason)
			}
			f.asked += one.Subscribers
		case one.BroadcastID == broadcast:
			f.broadcast += one.Subscribers
		}
	}
	return f, err
}

// askedInVain says how many asked for the issue and did not get all of it; empty:
// nobody.
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

// inVain tells in a status of the issues that readers asked for and could not get all
// of, the newest ones, unless the report tells of them already.
func (r *reports) addAskedInVain(ctx context.Context, s talk.Speaker, to *report) error {
	all, err := r.Store.FailedDeliveries(ctx)
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
		f, err := r.failuresOf(ctx, issue.ID, 0)
		if err != nil {
			return err
		}
		to.text = talk.Paragraphs(to.text, talk.Lines(r.ArchiveLine(s, issue), askedInVain(s, f)))
		name := talk.Values{"Issue": talk.Label(talk.IssueLabel(issue), briefUnits)}
		to.keys = append(to.keys, talk.Row(talk.Button(s.Plain("button.retry_one", name), talk.ActRetryIssue, issue.ID)))
	}
	return nil
}
