package desk

import (
	"context"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// standing is how a broadcast stands.
type standing struct {
	subscribers.Broadcast
	books subscribers.Books
	later subscribers.Later // who gets the issue at a time of their own

	failed failures
}

func (r *reports) standingOf(ctx context.Context, bc subscribers.Broadcast) (standing, error) {
	books, err := r.booksOf(ctx, bc)
	if err != nil {
		return standing{}, err
	}
	later, err := r.Store.LaterDeliveries(ctx, bc.ID)
	if err != nil {
		return standing{}, err
	}
	failed, err := r.failuresOf(ctx, bc.IssueID, bc.ID)
	return standing{bc, books, later, failed}, err
}

// waits tells whether nothing is left but what is due at readers' own times.
func (st standing) waits() bool {
	return st.later.Subscribers > 0 && st.books.Sum(subscribers.OutcomePending) <= st.later.Subscribers*st.Messages
}

// headline says what a broadcast is doing.
func (r *reports) headline(s talk.Speaker, st standing) string {
	switch {
	case st.State == subscribers.Paused && st.Reason.Kind == subscribers.PausedAfterCanary:
		return s.HTML("progress.canary_done")
	case st.State == subscribers.Paused && st.Reason.Kind == subscribers.PausedByAdmin:
		return s.HTML("progress.paused")
	case st.State == subscribers.Paused:
		return s.HTML("progress.paused_why", talk.Values{"Reason": pauseReason(s, st.Reason)})
	case st.State == subscribers.Cancelled:
		return s.HTML("progress.cancelled")
	case st.State == subscribers.Done:
		return verdict(s, st)
	}
	switch p, busy := r.Broadcaster.Progress(); {
	case busy && p.Broadcast.ID == st.ID:
		return s.HTML("progress.running")
	case st.waits():
		return s.HTML("progress.waiting")
	case busy:
		return s.HTML("progress.next")
	}
	return s.HTML("progress.running")
}

// unwilling are the reasons of chats that are there, want the issue and did not get it:
// others have chosen so, or are gone.
var hindered = map[subscribers.Reason]bool{
	subscribers.ReasonNoRights: true, subscribers.ReasonTopicClosed: true, subscribers.ReasonTopicGone: true,
}

// verdict says how a broadcast went that is done.
func verdict(s talk.Speaker, st standing) string {
	short, ended := 0, 0 // subscribers who did not get all of it; whose delivery did not end well
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
