package revision

import (
	"context"
	"slices"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/sender"
	"digestbot/subscribers"
)

// maxDeleted is how many messages one request deletes at most
// (core.telegram.org/bots/api#deletemessages).
const maxDeleted = 100

func countIDs(all []subscribers.Arrived, id int) (n int) {
	for _, a := range all {
		if a.ID == id {
			n++
		}
	}
	return n
}

// recall deletes the messages of the chat. If Telegram refuses to delete some together,
// each is tried alone. What may have arrived although Telegram did not say so cannot be
// deleted, because its number is not known, and is counted.
func (e *errand) recall(ctx context.Context) error {
	var ids []int
	e.final.Unknown += e.share.Delivery.Uncertain
	for _, a := range e.share.Delivery.Arrived {
		switch {
		case a.ID == 0:
		case a.Chat != 0 && a.Chat != e.to.Chat.ID: // in the group that the chat was before
			e.final.Unknown++
		default:
			ids = append(ids, a.ID)
		}
	}
	for some := range slices.Chunk(ids, maxDeleted) {
		done, err := e.deleteTogether(ctx, some)
		if err != nil || e.isOver(ctx) {
			return err
		}
		if done {
			continue
		}
		for _, id := range some {
			if err := e.deleteOne(ctx, id); err != nil || e.isOver(ctx) {
				return err
			}
		}
	}
	if e.share.Deleted > 0 { // before the end: after a crash between them nobody would do it
		if err := e.store.MarkRecalled(context.WithoutCancel(ctx), e.revision.IssueID, e.subscriber); err != nil {
			return err
		}
	}
	return e.end(ctx, subscribers.RevisedDone, "")
}

// deleteTogether deletes messages with one request. done is false if Telegram refuses that.
func (e *errand) deleteTogether(ctx context.Context, ids []int) (done bool, err error) {
	if len(ids) == 1 {
		return false, nil
	}
	for {
		r, _, ok, err := e.request(ctx, nil, func(ctx context.Context) error {
			_, err := e.sender.API.DeleteMessages(ctx, &tg.DeleteMessagesParams{ChatID: e.to.Chat.ID, MessageIDs: ids})
			return err
		})
		if err != nil || !ok {
			return false, err
		}
		switch {
		case r.Kind == sender.Sent:
			e.share.Deleted += len(ids)
			return true, e.save(ctx, deleted(ids...)...)
		case isForLater(r) && !e.retries.Hopeless():
			continue
		}
		_, err = e.endForChat(ctx, r)
		return false, err
	}
}

func deleted(ids ...int) (all []subscribers.Change) {
	for _, id := range ids {
		all = append(all, subscribers.Change{ID: id})
	}
	return all
}

func (e *errand) deleteOne(ctx context.Context, id int) error {
	for {
		r, _, ok, err := e.request(ctx, nil, func(ctx context.Context) error {
			_, err := e.sender.API.DeleteMessage(ctx, &tg.DeleteMessageParams{ChatID: e.to.Chat.ID, MessageID: id})
			return err
		})
		if err != nil || !ok {
			return err
		}
		switch {
		case r.Kind == sender.Sent, r.Kind == sender.MessageGone && r.Reason != subscribers.ReasonLate:
			e.share.Deleted++
			return e.save(ctx, deleted(id)...)
		case r.Kind == sender.MessageGone:
			e.final.Late++ // and it stays on record
			return nil
		case isForLater(r) && !e.retries.Hopeless():
			continue
		}
		if ended, err := e.endForChat(ctx, r); ended {
			return err
		}
		e.final.Failed++
		e.final.Fault = r.Reason
		return nil
	}
}
