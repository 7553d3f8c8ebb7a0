package delivery

import (
	"context"

	"digestbot/digest"
	"digestbot/subscribers"
)

// record is what has become of a delivery so far. Its methods write that to the
// progress file, which survives a crash, and to the database.
type record struct {
	*subscribers.Delivery
	length  int // messages of the issue
	meter   *meter
	journal *journal
	file    *subscribers.ProgressFile

	counted  share                       // what is counted in the meter's standing
	volatile bool                        // nothing is recorded: the reader has the issue and asked once more
	entry    *subscribers.ProgressRecord // in file; nil: nothing was written yet
	posted   [maxUnsaved]*group          // of the last answers that were settled
	settled  int                         // how many answers were settled
}

// newRecord makes the record of a delivery. It changes the delivery as it goes on.
func (b *Broadcaster) newRecord(d *subscribers.Delivery, length int, m *meter) record {
	return record{Delivery: d, length: length, meter: m, journal: b.journal, file: b.progress, counted: shareOf(d, length)}
}

// count counts what has become of the delivery since it was counted last.
func (r *record) count() {
	if now := shareOf(r.Delivery, r.length); !r.volatile {
		r.meter.standing.change(r.counted, now)
		r.counted = now
	}
}

// advance moves on to the next message; after the last the delivery is done.
func (r *record) advance() {
	r.NextMessage++
	r.Attempts = 0
	r.meter.settle(1)
	if r.NextMessage == r.length {
		r.State = subscribers.Delivered
	}
}

// attempt records that the next message is about to be handed to the network. This
// comes as late as possible: if a crash keeps the message from leaving afterwards, it
// may be lost. What was settled earlier is recorded earlier, or with it.
func (r *record) attempt(layout digest.Layout) error {
	r.Attempts++
	r.Layout = layout
	return r.write()
}

// accept counts the next message as one that Telegram has taken. The id is 0 if the
// message was deleted at once. If the chat may become another, it says where the message is.
func (r *record) accept(id int, to subscribers.Recipient) {
	if r.Attempts > 1 {
		r.Uncertain++
	} else {
		r.Sent++
	}
	if id != 0 {
		h := subscribers.Arrived{Position: r.NextMessage, ID: id}
		if to.Kind == subscribers.Group {
			h.Chat = to.Chat.ID
		}
		r.Arrived = append(r.Arrived, h)
	}
	r.meter.sent.Add(1)
}

// hasBegun reports whether something of the issue has arrived, or may have.
func (r *record) hasBegun() bool { return r.Sent+r.Uncertain > 0 }

// end settles all that is left. It reports whether anything was left.
func (r *record) end(state subscribers.DeliveryState, reason subscribers.Reason) bool {
	if r.State != subscribers.Pending {
		return false
	}
	r.meter.settle(r.length - r.NextMessage)
	r.State, r.Reason = state, reason
	return true
}

// write writes to the progress file how the delivery stands.
func (r *record) write() error {
	if r.volatile {
		return nil
	}
	if r.entry == nil {
		r.entry = r.file.Take()
	}
	return r.entry.Write(r.Delivery)
}

// settle records an answer. It does not wait for the database, see waitForDatabase.
func (r *record) settle() error {
	if r.volatile {
		return nil
	}
	r.count()
	err := r.write()
	r.posted[r.settled%maxUnsaved] = r.journal.post(r.Delivery)
	r.settled++
	return err
}

// maxUnsaved is how many messages a chat gets at most while their answers are not yet
// safe from a loss of power.
const maxUnsaved = 4

// waitForDatabase waits for the database if it is too far behind.
func (r *record) waitForDatabase(ctx context.Context) error {
	g := r.posted[r.settled%maxUnsaved]
	if g == nil {
		return nil
	}
	select {
	case <-g.over:
		return g.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// finish waits until the database has the delivery as it is now, so that the next
// read finds it so. If the program ends before that, the progress file keeps the
// delivery for the next start.
func (r *record) finish() error {
	r.count()
	if r.entry == nil {
		return nil
	}
	g := r.journal.post(r.Delivery) // the last attempt may not be settled
	if <-g.over; g.err != nil {
		return g.err
	}
	entry := r.entry
	r.entry, r.posted = nil, [maxUnsaved]*group{}
	return entry.Free()
}
