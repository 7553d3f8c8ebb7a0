package sender

import (
	"sync"
	"time"
)

// laneNames are the names of the lanes for people who watch the program.
var laneNames = [lanes]string{
	foremost: "admins", Interactive: "readers", Bulk: "deliveries", Revisions: "revisions", Background: "background",
}

// String returns the name of the lane.
func (l Lane) String() string { return laneNames[l] }

// Kinds are all kinds of responses.
var Kinds = []Kind{
	Sent, Gone, Moved, TopicGone, NotAllowed, NoPreview, ContentFault, MessageGone, Refused, Unauthorized, Conflict, Wait, Down, Uncertain,
}

// Histogram counts durations. Counts[i] has those up to Bounds[i], those of the bounds before
// it included.
type Histogram struct {
	Counts [len(Bounds)]uint64
	Count  uint64 // of all durations
	Sum    time.Duration
}

// Bounds are the bounds of a Histogram: Telegram answers within a tenth of a second, and a
// request is given up after half a minute.
var Bounds = [...]time.Duration{
	25 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond,
	time.Second, 2500 * time.Millisecond, 5 * time.Second, 10 * time.Second, 30 * time.Second,
}

func (h *Histogram) add(d time.Duration) {
	h.Count++
	h.Sum += d
	for i := len(Bounds) - 1; i >= 0 && d <= Bounds[i]; i-- {
		h.Counts[i]++
	}
}

// LaneCounts is what went through a lane since the Sender was made.
type LaneCounts struct {
	Name   string
	Queued int             // messages that wait for a slot now
	Kinds  map[Kind]uint64 // requests by what their answer means
	Waited Histogram       // for a slot
	Took   Histogram       // from a request to its answer
}

// FloodCounts are the waits that Telegram has ordered since the Sender was made.
type FloodCounts struct {
	Number uint64        // of 429s
	Wait   time.Duration // that they ordered, one added to another
}

// Counts is what a Sender has done since it was made, and how it stands.
type Counts struct {
	Lanes    []LaneCounts  // the first goes first
	ChatWait FloodCounts   // for one chat
	BotWait  FloodCounts   // for the whole bot
	Held     time.Duration // nothing goes out for so long, because of Telegram
	Rate     float64       // messages per second now
	Full     float64       // messages per second at most
	UnderWay int           // requests without an answer
	Outage   bool          // Telegram is down; nothing goes out
}

// counts counts what goes through a Sender.
type counts struct {
	mu    sync.Mutex
	lanes [lanes]struct {
		kinds        map[Kind]uint64
		waited, took Histogram
	}
	chatWait, botWait FloodCounts
}

func newCounts() *counts {
	c := new(counts)
	for l := range c.lanes {
		c.lanes[l].kinds = make(map[Kind]uint64, len(Kinds))
	}
	return c
}

// noteSlot counts a slot, and how long its message has waited for it.
func (c *counts) noteSlot(l Lane, waited time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lanes[l].waited.add(waited)
}

// noteCall counts a request, how it was answered, and how long that took.
func (c *counts) noteCall(l Lane, kind Kind, took time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lanes[l].kinds[kind]++
	c.lanes[l].took.add(took)
}

// noteFlood counts a 429, for a chat or for the whole bot.
func (c *counts) noteFlood(whole bool, wait time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	of := &c.chatWait
	if whole {
		of = &c.botWait
	}
	of.Number++
	of.Wait += wait
}

// lane returns what went through a lane.
func (c *counts) lane(l Lane) LaneCounts {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := LaneCounts{Name: l.String(), Kinds: make(map[Kind]uint64, len(Kinds)), Waited: c.lanes[l].waited, Took: c.lanes[l].took}
	for _, kind := range Kinds { // also those that did not occur, so that a rate is known of the first
		all.Kinds[kind] = c.lanes[l].kinds[kind]
	}
	return all
}

// Counts returns what the Sender has done since it was made, and how it stands.
func (s *Sender) Counts(now time.Time) Counts {
	var all Counts
	for l := range lanes {
		all.Lanes = append(all.Lanes, s.counts.lane(l))
	}
	s.counts.mu.Lock()
	all.ChatWait, all.BotWait = s.counts.chatWait, s.counts.botWait
	s.counts.mu.Unlock()

	s.mu.Lock()
	defer s.mu.Unlock()
	for l, q := range s.queues {
		all.Lanes[l].Queued = q.len()
	}
	all.Held = max(s.pace.hold.Sub(now), 0)
	all.Rate, all.Full, all.UnderWay, all.Outage = s.pace.rate, s.pace.full, s.pace.underWay, s.outage
	return all
}
