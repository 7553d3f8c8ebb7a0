package delivery

import "context"

// attempt records that the next message is about to be handed to the network:
// as late as can be, for a message that a crash keeps from leaving after that
// may be lost. What was settled before is recorded before, or with it.
func (c *courier) attempt() error {
	c.delivery.Attempts++
	c.delivery.Layout = c.sending.layout
	return c.note()
}

// note writes to the progress file how the delivery stands: that survives the
// end of the program.
func (c *courier) note() error {
	if c.volatile {
		return nil
	}
	if c.record == nil {
		c.record = c.progress.Take()
	}
	return c.record.Write(c.delivery)
}

// settle records an answer. Its way into the database is not waited for, see
// catchUp.
func (c *courier) settle() error {
	if c.volatile {
		return nil
	}
	err := c.note()
	c.posted[c.settled%maxAhead] = c.journal.post(c.delivery)
	c.settled++
	return err
}

// maxAhead is how many messages a chat gets, at most, whose answers are not yet
// safe from a loss of power.
const maxAhead = 4

// catchUp waits for the database when it is too far behind.
func (c *courier) catchUp(ctx context.Context) error {
	g := c.posted[c.settled%maxAhead]
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

// finish waits until the delivery stands in the database as it is, for whoever
// reads it next. Should the program end before the disk takes it, the progress
// file keeps it for the next start.
func (c *courier) finish() error {
	if c.record == nil {
		return nil
	}
	g := c.journal.post(c.delivery) // the last attempt may not be settled
	if <-g.over; g.err != nil {
		return g.err
	}
	record := c.record
	c.record, c.posted = nil, [maxAhead]*group{}
	return record.Free()
}
