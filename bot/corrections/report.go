package corrections

import (
	"context"
	"slices"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// report says how a revision stands, or what became of it.
func (c *Corrections) report(ctx context.Context, s talk.Speaker, id int64) (text string, k talk.Keyboard, r subscribers.Revision, err error) {
	r, err = c.Store.Revision(ctx, id)
	if err != nil {
		return "", nil, r, err
	}
	issue, err := c.Store.Issue(ctx, r.IssueID)
	if err != nil {
		return "", nil, r, err
	}
	books, err := c.Store.RevisionBooks(ctx, id)
	if err != nil {
		return "", nil, r, err
	}
	settled := books.Messages - books.Sum(subscribers.OutcomePending)
	figures := s.HTML("revision.progress", talk.Values{
		"Settled": settled, "Total": books.Messages, "Subscribers": s.Plain("count.subscribers", talk.Values{"Count": r.Subscribers}),
	})
	left := notDone(books)
	text = talk.Paragraphs(talk.Lines(c.headline(s, r, left > 0, talk.Values{"Issue": talk.IssueName(s, issue)}), figures), talk.Lines(c.bookLines(s, r.Kind, books)...))
	if r.Kind == subscribers.Correction && !r.FinishedAt.IsZero() && r.Edition == issue.Edition && !issue.Withdrawn {
		return text, again(s, r, left > 0), r, nil
	}
	return text, controls(s, r), r, nil
}

// notDone returns how many messages a revision was to change and has not, though their chat
// is there.
func notDone(books subscribers.RevisionBooks) (n int) {
	for _, e := range books.Entries {
		switch {
		case e.Outcome == subscribers.OutcomeFailed,
			e.Outcome == subscribers.OutcomeSkipped && slices.Contains(obstacles, e.Reason):
			n += e.Messages
		}
	}
	return n
}

// obstacles are the reasons that may not hold the next time, because somebody does something
// about them, or because Telegram had a fault.
var obstacles = []subscribers.Reason{
	subscribers.ReasonLate, subscribers.ReasonNoRights, subscribers.ReasonTopicClosed, subscribers.ReasonTopicGone,
	subscribers.ReasonKicked, subscribers.ReasonServerError,
}

// headline says what a revision is and how it stands. left says that it has not changed all
// that it was to change.
func (c *Corrections) headline(s talk.Speaker, r subscribers.Revision, left bool, about talk.Values) string {
	recall := r.Kind == subscribers.Recall
	switch {
	case r.State == subscribers.Paused && r.Reason.Kind != subscribers.PausedByAdmin:
		about["Reason"] = c.config.PauseReason(s, r.Reason)
		return s.HTML("revision.paused_why", about)
	case r.State == subscribers.Paused:
		return s.HTML("revision.paused", about)
	case r.State == subscribers.Cancelled:
		return s.HTML("revision.cancelled", about)
	case r.FinishedAt.IsZero() && recall:
		return s.HTML("recall.running", about)
	case r.FinishedAt.IsZero():
		return s.HTML("correction.running", about)
	case recall && left:
		return s.HTML("recall.done_in_part", about)
	case recall:
		return s.HTML("recall.done", about)
	case left:
		return s.HTML("correction.done_in_part", about)
	}
	return s.HTML("correction.done", about)
}

// bookLines are the lines of the books in words.
func (c *Corrections) bookLines(s talk.Speaker, kind subscribers.RevisionKind, books subscribers.RevisionBooks) (all []string) {
	for _, e := range books.Entries {
		said := talk.Values{"Messages": s.Plain("count.messages", talk.Values{"Count": e.Messages}), "Reason": c.reason(s, kind, e.Reason)}
		switch {
		case e.Outcome == subscribers.OutcomeEdited:
			all = append(all, s.HTML("revision.edited", said))
		case e.Outcome == subscribers.OutcomeUnchanged:
			all = append(all, s.HTML("revision.unchanged", said))
		case e.Outcome == subscribers.OutcomeDeleted:
			all = append(all, s.HTML("revision.deleted", said))
		case e.Outcome == subscribers.OutcomeAdded:
			all = append(all, s.HTML("revision.added", said))
		case e.Outcome == subscribers.OutcomeUncertain:
			all = append(all, s.HTML("books.uncertain", said))
		case e.Outcome == subscribers.OutcomeFailed:
			all = append(all, s.HTML("books.failed", said))
		case e.Outcome == subscribers.OutcomeSkipped && kind == subscribers.Recall:
			all = append(all, s.HTML("recall.skipped", said))
		case e.Outcome == subscribers.OutcomeSkipped:
			all = append(all, s.HTML("revision.skipped", said))
		}
	}
	return all
}

// reason puts a reason from the books into words. Some mean something else in a broadcast.
func (c *Corrections) reason(s talk.Speaker, kind subscribers.RevisionKind, why subscribers.Reason) string {
	switch {
	case why == subscribers.ReasonCancelled:
		return s.Plain("revision.was_cancelled")
	case why == subscribers.ReasonUnknown && kind == subscribers.Recall:
		return s.Plain("recall.unknown")
	}
	return c.config.Reason(s, why)
}

// controls are the buttons for a revision.
func controls(s talk.Speaker, r subscribers.Revision) talk.Keyboard {
	cancel := talk.Button(s.Plain("button.cancel"), talk.ActCancelRevision, r.ID)
	switch {
	case !r.FinishedAt.IsZero():
		return nil
	case r.State == subscribers.Running:
		return talk.Keyboard{talk.Row(talk.Button(s.Plain("button.pause"), talk.ActPauseRevision, r.ID), cancel), talk.Row(talk.Button(s.Plain("button.refresh"), talk.ActRevision, r.ID))}
	case r.State == subscribers.Paused:
		return talk.Keyboard{talk.Row(talk.Button(s.Plain("button.resume"), talk.ActResumeRevision, r.ID), cancel)}
	}
	return nil
}

// again has the button that corrects what a correction has left, if it has left something.
func again(s talk.Speaker, r subscribers.Revision, left bool) talk.Keyboard {
	switch {
	case r.State == subscribers.Cancelled:
		return talk.Keyboard{talk.Row(talk.Button(s.Plain("button.correct"), talk.ActCorrect, r.IssueID, int64(r.Edition)))}
	case left:
		return talk.Keyboard{talk.Row(talk.Button(s.Plain("button.try_again"), talk.ActCorrect, r.IssueID, int64(r.Edition)))}
	}
	return nil
}
