package revision

import (
	"cmp"
	"context"
	"errors"
	"reflect"
	"time"

	"digestbot/bot/sender"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// errand is the work of a revision on the messages of one chat.
type errand struct {
	*session
	subscriber int64
	to         subscribers.Recipient
	gone       bool   // the subscriber is not known any more
	seen       uint64 // PreferenceChanges at the time when to was read
	share      subscribers.Share
	left       int // requests to come
	due        time.Time
	retries    sender.Retries
	noPreview  bool // the chat forbids link previews
	// final is what is counted only when the errand is over: nothing on record would show,
	// after a crash, that it was counted.
	final subscribers.Tally
}

// run changes the messages of the chat. An error comes from the database, or wraps
// sender.ErrFatal. If ctx is done the errand begins anew another time.
func (e *errand) run(ctx context.Context) error {
	if err := e.refresh(ctx); err != nil || e.gone {
		return err
	}
	target := e.revision.Edition
	count := func(d subscribers.Delivery) int { return toChange(d, target) }
	if e.revision.Kind == subscribers.Recall {
		count = func(d subscribers.Delivery) int { return len(d.Arrived) - countIDs(d.Arrived, 0) + d.Uncertain }
	}
	share, ok, err := e.store.BeginRevised(ctx, e.revision, e.subscriber, count)
	if err != nil || !ok {
		return err
	}
	e.share, e.due = share, time.Now()
	switch {
	case e.to.State == subscribers.Gone:
		return e.skip(ctx, cmp.Or(e.to.Reason, subscribers.ReasonBlocked))
	case e.revision.Kind == subscribers.Recall:
		return e.recall(ctx)
	}
	return e.correct(ctx)
}

// refresh reads the preferences of the subscriber again if any have changed.
func (e *errand) refresh(ctx context.Context) error {
	if changes := e.store.PreferenceChanges(); changes != e.seen || e.gone {
		to, err := e.store.Recipient(ctx, e.subscriber)
		if e.gone = errors.Is(err, subscribers.ErrNotFound); e.gone {
			return e.forgotten(ctx)
		}
		if err != nil {
			return err
		}
		e.to, e.seen = to, changes
	}
	return nil
}

// forgotten ends the errand of a subscriber that is not known any more, unless that has
// taken its row away.
func (e *errand) forgotten(ctx context.Context) error {
	share, ok, err := e.store.BeginRevised(ctx, e.revision, e.subscriber, func(d subscribers.Delivery) int { return len(d.Arrived) })
	if err != nil || !ok {
		return err
	}
	e.share = share
	return e.skip(ctx, subscribers.ReasonForgotten)
}

// correct carries out the plan for the chat.
func (e *errand) correct(ctx context.Context) error {
	p, err := e.plan(ctx)
	if err != nil {
		return err
	}
	share := &e.share
	if !reflect.DeepEqual(p.leftOut, share.LeftOut) {
		if err := e.store.NoteLeftOut(ctx, e.revision.IssueID, e.subscriber, *p.leftOut); err != nil {
			return err
		}
	}
	var kept []subscribers.Change
	for _, s := range p.steps {
		switch s.do {
		case keep:
			share.Unchanged++
			kept = append(kept, subscribers.Change{ID: s.was.ID, Into: &s.into})
		case add:
			share.Wanted++
			e.left++
		default:
			e.left++
		}
	}
	if len(kept) > 0 && e.left > 0 {
		if err := e.save(ctx, kept...); err != nil {
			return err
		}
		kept = nil
	}
	for _, s := range p.steps {
		if s.do == keep {
			continue
		}
		if err := e.do(ctx, s); err != nil || e.isOver(ctx) {
			return err
		}
		e.left--
	}
	e.final.Unknown += len(p.unknown)
	return e.end(ctx, subscribers.RevisedDone, "", kept...)
}

// isOver reports whether the errand has ended, or is to go on another time.
func (e *errand) isOver(ctx context.Context) bool {
	return ctx.Err() != nil || e.share.State != subscribers.RevisedBegun
}

// end ends the errand.
func (e *errand) end(ctx context.Context, state subscribers.RevisedState, reason subscribers.Reason, changes ...subscribers.Change) error {
	share := &e.share
	share.State, share.Reason = state, reason
	share.Unknown += e.final.Unknown
	share.Late += e.final.Late
	share.Failed += e.final.Failed
	share.Fault = e.final.Fault
	return e.save(ctx, changes...)
}

// plan returns the plan for the chat.
func (e *errand) plan(ctx context.Context) (*planner, error) {
	d := e.share.Delivery
	p := &planner{
		texts: e.config.Texts, messages: make(map[int][]archive.Message), target: e.revision.Edition,
		to: e.to, delivery: d, leftOut: e.share.LeftOut, doubtful: e.share.CutShort,
	}
	wanted := []int{p.target, d.Edition}
	for _, a := range d.Arrived {
		wanted = append(wanted, editionOf(d, a))
	}
	for _, number := range wanted {
		if p.messages[number] != nil {
			continue
		}
		messages, err := e.editions.messages(ctx, number)
		if err != nil {
			return nil, err
		}
		p.messages[number] = messages
	}
	// What was added before a crash is wanted as well.
	e.share.Wanted = e.share.Added + e.share.Uncertain
	return p, p.plan()
}

// do carries out a step. If the errand is over afterwards, its state says so.
func (e *errand) do(ctx context.Context, s step) error {
	switch s.do {
	case edit:
		return e.edit(ctx, s)
	case remove:
		return e.remove(ctx, s)
	default:
		return e.add(ctx, s)
	}
}

// save records how far the errand got, and what became of messages.
func (e *errand) save(ctx context.Context, changes ...subscribers.Change) error {
	return e.store.SaveRevised(context.WithoutCancel(ctx), e.revision.IssueID, e.share.Revised, changes...)
}

// skip ends the errand: what is left stays as it is.
func (e *errand) skip(ctx context.Context, reason subscribers.Reason) error {
	if e.share.Attempts > 0 { // the additional message may have arrived
		e.share.Uncertain++
		e.share.Wanted = max(e.share.Wanted, e.share.Added+e.share.Uncertain)
		e.share.Adding, e.share.Attempts = -1, 0
	}
	e.log.Debug("a revision ends early", "chat", e.to.Chat.ID, "revision", e.revision.ID, "reason", reason)
	return e.end(ctx, subscribers.RevisedSkipped, reason)
}

// request makes a request once there is a slot for it. before is called right before the
// request leaves; may be nil. ok is false if ctx is done, and nothing is known then.
func (e *errand) request(ctx context.Context, before func() error, call func(context.Context) error) (r sender.Response, cause error, ok bool, err error) {
	if err := e.retries.Wait(ctx); err != nil {
		return r, nil, false, nil
	}
	slot, err := e.sender.Acquire(ctx, sender.Revisions, e.to.Chat.ID, sender.Rank{More: e.left, Since: e.due})
	if ctx.Err() != nil {
		if err == nil {
			slot.End()
		}
		return r, nil, false, nil
	}
	if err != nil {
		return r, nil, false, err
	}
	defer slot.End()
	left := false
	slot.Before = func() error {
		left = true
		if before == nil {
			return nil
		}
		return before()
	}
	cause = slot.Call(ctx, call)
	if slot.Err != nil {
		return r, nil, false, slot.Err
	}
	r = sender.Classify(cause)
	if !left {
		r = r.Unsent()
	}
	e.sender.Learn(ctx, e.to.Chat.ID, &e.retries, r, cause)
	return r, cause, true, nil
}

// isForLater reports whether the same request is to be made again.
func isForLater(r sender.Response) bool {
	switch r.Kind {
	case sender.Wait, sender.Down, sender.Uncertain, sender.Unauthorized, sender.Conflict:
		return true
	}
	return false
}

// endForChat ends the errand if a response is about the chat and not about the message.
func (e *errand) endForChat(ctx context.Context, r sender.Response) (ended bool, err error) {
	switch r.Kind {
	case sender.Gone:
		if err := e.store.MarkGone(ctx, e.to.Chat.ID, r.Reason); err != nil {
			return true, err
		}
		if r.Reason == subscribers.ReasonNotFound {
			e.doubt(ctx, r.Reason)
		}
	case sender.Moved: // the messages stay behind
		if err := e.sender.NoteMove(ctx, e.to.Chat.ID, r.MovedTo); err != nil {
			return true, err
		}
		return true, e.skip(ctx, subscribers.ReasonMoved)
	case sender.NotAllowed, sender.TopicGone:
	default:
		if isForLater(r) && e.retries.Hopeless() {
			return true, e.skip(ctx, subscribers.ReasonServerError)
		}
		return false, nil
	}
	return true, e.skip(ctx, r.Reason)
}

// fail counts a message that Telegram refuses in every form. It pauses the revision the
// first time, so that an admin looks at the message; then the errand is not over.
func (e *errand) fail(ctx context.Context, r sender.Response, position int) error {
	if r.Kind == sender.ContentFault && e.endsForContent(ctx, position, r.Reason) {
		return nil
	}
	e.final.Failed++
	e.final.Fault = r.Reason
	e.doubt(ctx, r.Reason)
	return nil
}
