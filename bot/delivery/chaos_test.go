package delivery_test

import (
	"strings"
	"testing/synctest"
	"time"

	"digestbot/digest"
	"digestbot/subscribers"
)

// refuse makes the disk refuse writes for a while: to the database, the progress file or
// both. It is mended while the program runs, or only after a crash.
func (c *chaos) refuse() {
	mend := c.breakDisk()
	time.Sleep(time.Duration(c.random.Int64N(int64(6 * time.Second))))
	crash := c.random.IntN(2) == 0
	if crash {
		c.crash()
	}
	mend()
	if crash {
		c.start()
	}
}

// stop stops the program in order, with a working disk or a broken one.
func (c *chaos) stop() {
	mend := func() {}
	if c.random.IntN(2) == 0 {
		mend = c.breakDisk()
		time.Sleep(time.Duration(c.random.Int64N(int64(2 * time.Second))))
	}
	c.bot.end()
	mend()
	c.start()
}

func (c *chaos) breakDisk() (mend func()) {
	synctest.Wait() // for the progress file
	switch c.random.IntN(3) {
	case 0:
		return c.spoil("1")
	case 1:
		return c.spoilFile()
	}
	mendDatabase, mendFile := c.spoil("1"), c.spoilFile()
	return func() {
		mendDatabase()
		mendFile()
	}
}

// ask makes a reader ask for the issue that is on its way to them.
func (c *chaos) ask(chat int64) {
	synctest.Wait()
	sub := c.subscriber(chat)
	d, err := c.store.Delivery(c.t.Context(), c.b.IssueID, sub.ID)
	if err != nil || d.State != subscribers.Pending {
		return // the reader is forgotten, or would get the issue a second time
	}
	if _, err := c.bot.broadcaster.Deliver(c.t.Context(), c.b.IssueID, sub.ID); err != nil {
		c.t.Fatal(err)
	}
}

// forget deletes everything about a chat, which then subscribes anew.
func (c *chaos) forget(chat int64) {
	if err := c.store.Forget(c.t.Context(), chat); err != nil {
		c.t.Fatal(err)
	}
	c.subscribe(subscribers.Chat{ID: chat, Kind: subscribers.Private})
}

// correct adds another edition of the issue. Deliveries under way go on in the edition
// they began with.
func (c *chaos) correct() {
	long := []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: strings.Repeat("Corrected. ", 500)}}}}
	bodies := make(map[string][]digest.Block)
	for _, name := range names[:c.random.IntN(len(names))] {
		bodies[name] = long
	}
	c.issueOf(1, bodies)
}
