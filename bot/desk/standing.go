package desk

import (
	"context"

	"digestbot/bot/delivery"
	"digestbot/bot/talk"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// standing is how a broadcast stands.
type standing struct {
	subscribers.Broadcast
	issue    archive.Issue
	books    subscribers.Books
	ownTimes subscribers.OwnTimes // subscribers who get the issue at a time of their own
	failed   failures

	sending bool           // some broadcast is under way
	tally   delivery.Tally // of that one
}

// standingOf reads how a broadcast stands.
func (r *reports) standingOf(ctx context.Context, bc subscribers.Broadcast) (standing, error) {
	issue, err := r.Store.Issue(ctx, bc.IssueID)
	if err != nil {
		return standing{}, err
	}
	books, err := r.booksOf(ctx, bc)
	if err != nil {
		return standing{}, err
	}
	later, err := r.Store.OwnTimes(ctx, bc.ID)
	if err != nil {
		return standing{}, err
	}
	failed, err := r.failedDeliveries(ctx)
	st := standing{Broadcast: bc, issue: issue, books: books, ownTimes: later, failed: failuresAmong(failed, bc.IssueID, bc.ID)}
	st.tally, st.sending = r.Broadcaster.Tally()
	return st, err
}

// isUnderWay reports whether this broadcast is the one that is being sent.
func (st standing) isUnderWay() bool { return st.sending && st.tally.Broadcast.ID == st.ID }

// isWaiting reports whether nothing is left but what is due at readers' own times.
func (st standing) isWaiting() bool {
	return st.ownTimes.Subscribers > 0 && st.books.Sum(subscribers.OutcomePending) <= st.ownTimes.Subscribers*st.Messages
}

// headline says what a broadcast is doing.
func headline(s talk.Speaker, st standing) string {
	switch {
	case st.State == subscribers.Paused && st.Reason.Kind == subscribers.PausedAfterCanary:
		return s.HTML("progress.canary_done")
	case st.State == subscribers.Paused && st.Reason.Kind == subscribers.PausedByAdmin:
		return s.HTML("progress.paused")
	case st.State == subscribers.Paused:
		return s.HTML("progress.paused_why", talk.Values{"Reason": PauseReason(s, st.Reason)})
	case st.State == subscribers.Cancelled:
		return s.HTML("progress.cancelled")
	case st.State == subscribers.Done:
		return verdict(s, st)
	case st.isUnderWay():
		return s.HTML("progress.running")
	case st.isWaiting():
		return s.HTML("progress.waiting")
	case st.sending:
		return s.HTML("progress.next")
	}
	return s.HTML("progress.running")
}

// hindered are the reasons of chats that want the issue and do not let the bot send it.
// Other chats that were skipped chose so, or are gone.
var hindered = map[subscribers.Reason]bool{
	subscribers.ReasonNoRights: true, subscribers.ReasonTopicClosed: true, subscribers.ReasonTopicGone: true,
}

// verdict says how a broadcast that is done went.
func verdict(s talk.Speaker, st standing) string {
	short, ended := 0, 0 // subscribers who did not get all of it; those whose delivery has ended
	for _, e := range st.books.Entries {
		ended += e.Subscribers
		if e.Outcome == subscribers.OutcomeFailed || hindered[e.Reason] {
			short += e.Subscribers
		}
	}
	arrived := st.books.Sum(subscribers.OutcomeSent) + st.books.Sum(subscribers.OutcomeUncertain)
	switch {
	case arrived == 0 && st.Subscribers > 0 && ended >= st.Subscribers:
		return s.HTML("progress.nobody", talk.Values{"Reason": shortReason(s, mainReason(st.books))})
	case short > 0:
		return s.HTML("progress.done_not_all", talk.Values{
			"Subscribers": s.Plain("count.subscribers", talk.Values{"Count": st.Subscribers}), "Without": short,
		})
	}
	return s.HTML("progress.done")
}

// mainReason is why most deliveries failed, or if none did, why most were skipped.
func mainReason(books subscribers.Books) subscribers.Reason {
	for _, outcome := range []subscribers.Outcome{subscribers.OutcomeFailed, subscribers.OutcomeSkipped} {
		var most subscribers.Entry
		for _, e := range books.Entries {
			if e.Outcome == outcome && e.Subscribers > most.Subscribers {
				most = e
			}
		}
		if most.Subscribers > 0 {
			return most.Reason
		}
	}
	return ""
}
