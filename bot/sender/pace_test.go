package sender

import (
	"container/heap"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// journey is a line: how long messages take to arrive, and answers to come back.
type journey struct {
	way    time.Duration // the shortest
	vary   time.Duration // it takes at most this longer
	alike  bool          // both ways of a message take equally long
	random *rand.Rand
}

// travel returns the times of one message, there and back.
func (j *journey) travel() (there, back time.Duration) {
	if j.vary == 0 {
		return j.way, j.way
	}
	there = j.way + time.Duration(j.random.Int64N(int64(j.vary)))
	if j.alike {
		return there, there
	}
	return there, j.way + time.Duration(j.random.Int64N(int64(j.vary)))
}

// instant is a line on which nothing takes time.
var instant = &journey{}

// shaky is a line of 80 ms there and back, give or take the jitter; both ways vary
// on their own.
func shaky(jitter time.Duration, seed uint64) *journey {
	return &journey{way: (80*time.Millisecond - jitter) / 2, vary: jitter, random: rand.New(rand.NewPCG(seed, 1))}
}

// swaying is shaky, with both ways equally long.
func swaying(jitter time.Duration, seed uint64) *journey {
	j := shaky(jitter, seed)
	j.alike = true
	return j
}

// coming are messages whose answers have not come, the next one first.
type coming []arrival

type arrival struct {
	flight   *flight
	answered time.Time
}

func (c coming) Len() int           { return len(c) }
func (c coming) Less(i, j int) bool { return c[i].answered.Before(c[j].answered) }
func (c coming) Swap(i, j int)      { c[i], c[j] = c[j], c[i] }
func (c *coming) Push(x any)        { *c = append(*c, x.(arrival)) }
func (c *coming) Pop() any {
	last := (*c)[len(*c)-1]
	*c = (*c)[:len(*c)-1]
	return last
}

// drive sends to the chats in turn as fast as the pace allows, for a time, and
// returns when each message arrived, in order.
func drive(p *pace, l Lane, chats []int64, start time.Time, d time.Duration, line *journey) []time.Time {
	var arrived []time.Time
	var under coming
	land := func() time.Time {
		a := heap.Pop(&under).(arrival)
		p.noteAnswered(a.flight, a.answered, true)
		return a.answered
	}
	for now := start; now.Before(start.Add(d)); {
		for len(under) > 0 && !under[0].answered.After(now) {
			land()
		}
		chat := chats[len(arrived)%len(chats)]
		at, known := p.slot(now)
		if !known {
			now = land()
			continue
		}
		if at = latest(at, p.ready(chat, l, now)); at.After(now) {
			if len(under) > 0 && under[0].answered.Before(at) {
				at = under[0].answered
			}
			now = at
			continue
		}
		there, back := line.travel()
		heap.Push(&under, arrival{p.take(chat, now), now.Add(there + back)})
		arrived = append(arrived, now.Add(there))
	}
	slices.SortFunc(arrived, time.Time.Compare)
	return arrived
}

// most returns the largest number of messages in any window.
func most(sent []time.Time, window time.Duration) int {
	largest, first := 0, 0
	for i, t := range sent {
		for t.Sub(sent[first]) >= window {
			first++
		}
		largest = max(largest, i-first+1)
	}
	return largest
}

// shareOf is how much of the budget the messages used, from the first to the last.
func shareOf(sent []time.Time, rate int) float64 {
	return float64(len(sent)-1) / (float64(rate) * sent[len(sent)-1].Sub(sent[0]).Seconds())
}

func chatsFrom(first int64, n int) []int64 {
	chats := make([]int64, n)
	for i := range chats {
		chats[i] = first + int64(i)
	}
	return chats
}

var epoch = time.Date(2026, 1, 2, 9, 0, 0, 0, time.UTC)

func TestPaceOfTheWholeBot(t *testing.T) {
	for _, test := range []struct {
		rate  int
		d     time.Duration
		line  *journey
		least float64 // share of the budget
	}{
		{1, 24 * time.Hour, instant, 0.999},
		{30, 2 * time.Hour, instant, 0.999},
		{1000, time.Minute, instant, 0.999},
		{30, time.Hour, swaying(10*time.Millisecond, 1), 0.989},
		{30, time.Hour, swaying(40*time.Millisecond, 2), 0.959},
		{1000, time.Minute, swaying(10*time.Millisecond, 3), 0.989},
		{1000, time.Minute, swaying(40*time.Millisecond, 4), 0.959},
	} {
		sent := drive(newPace(test.rate), Bulk, chatsFrom(1, 3*test.rate+5), epoch, test.d, test.line)
		if n := most(sent, time.Second); n > test.rate {
			t.Errorf("rate %d, jitter %v: %d messages in a second", test.rate, test.line.vary, n)
		}
		share := shareOf(sent, test.rate)
		if share < test.least || share > 1.002 { // the last second begins before it is over
			t.Errorf("rate %d, jitter %v: %.4f of the budget used, want at least %.3f", test.rate, test.line.vary, share, test.least)
		}
	}
}

// The beginning is the hardest, because little is known of the line yet. If the ways there
// and back take equally long, it is safe all the same. If they vary independently, one
// start in ten may send a message too many for a moment.
func TestPaceOfTheFirstSeconds(t *testing.T) {
	for _, test := range []struct {
		name string
		line func(seed uint64) *journey
		most int // starts of 200 with a message too many
	}{
		{"both ways alike", func(seed uint64) *journey { return swaying(40*time.Millisecond, seed) }, 0},
		{"ways apart", func(seed uint64) *journey { return shaky(40*time.Millisecond, seed) }, 20},
	} {
		tooFast, shares := 0, 0.0
		for seed := range uint64(200) {
			sent := drive(newPace(30), Bulk, chatsFrom(1, 100), epoch, 20*time.Second, test.line(seed))
			if most(sent, time.Second) > 30 {
				tooFast++
			}
			shares += shareOf(sent, 30)
		}
		if share := shares / 200; share < 0.96 {
			t.Errorf("%s: %.4f of the budget used, want at least 0.96", test.name, share)
		}
		if tooFast > test.most {
			t.Errorf("%s: %d of 200 starts had more than 30 messages in a second, want %d at most", test.name, tooFast, test.most)
		}
	}
}

func TestPaceOfOneChat(t *testing.T) {
	const sixHours = 6 * time.Hour
	for _, test := range []struct {
		name   string
		chat   int64
		lane   Lane
		window time.Duration
		limit  int
		d      time.Duration
		want   int // messages in d, at the least
	}{
		{"deliveries to a person", 1, Bulk, time.Second, 1, time.Hour, 3300},
		{"answers to a person", 1, Interactive, 3 * time.Second, 3, time.Hour, 3500},
		{"deliveries to a group", -1, Bulk, time.Minute, 20, sixHours, 20 * 6 * 60 * 99 / 100},
		{"answers to a group", -1, Interactive, time.Minute, 20, sixHours, 20 * 6 * 60 * 99 / 100},
		{"answers to a group in a burst", -1, Interactive, 3 * time.Second, 3, time.Hour, 20 * 60 * 99 / 100},
	} {
		t.Run(test.name, func(t *testing.T) {
			for seed := range uint64(5) {
				sent := drive(newPace(30), test.lane, []int64{test.chat}, epoch, test.d, shaky(40*time.Millisecond, seed))
				if n := most(sent, test.window); n > test.limit {
					t.Errorf("seed %d: %d messages in %v, want at most %d", seed, n, test.window, test.limit)
				}
				if len(sent) < test.want {
					t.Errorf("seed %d: %d messages in %v, want at least %d", seed, len(sent), test.d, test.want)
				}
			}
		})
	}
}

func TestPaceCountsAMessageAsLongAsItHasNoAnswer(t *testing.T) {
	p := newPace(2)
	p.noteAnswered(p.take(1, epoch), epoch.Add(200*time.Millisecond), true)
	second := p.take(2, epoch.Add(time.Second))
	third := p.take(3, epoch.Add(time.Second))
	if _, known := p.slot(epoch.Add(time.Hour)); known {
		t.Error("two messages have no answer, and there is a slot for a third")
	}
	p.noteAnswered(third, epoch.Add(2*time.Second), false) // the line broke: it may have arrived just now
	at, known := p.slot(epoch.Add(2 * time.Second))
	if want := epoch.Add(3 * time.Second); !known || !at.Equal(want) {
		t.Errorf("the next slot is %v after the start, want %v", at.Sub(epoch), want.Sub(epoch))
	}
	if !p.giveBack(second) {
		t.Error("a message that was not sent has no slot to give back")
	}
	if at, _ := p.slot(epoch.Add(2 * time.Second)); at.After(epoch.Add(2 * time.Second)) {
		t.Errorf("a slot was given back, and the next is only %v after the start", at.Sub(epoch))
	}
}

// A message that was not sent after all does not change the one before it.
func TestPaceAfterASlotWasGivenBack(t *testing.T) {
	p := newPace(30)
	p.noteAnswered(p.take(1, epoch), epoch, true)
	p.giveBack(p.take(1, epoch.Add(100*time.Millisecond)))
	if got := p.ready(1, Bulk, epoch.Add(200*time.Millisecond)); !got.Equal(epoch.Add(chatSpacing)) {
		t.Errorf("the chat is ready %v after its last message, want %v", got.Sub(epoch), chatSpacing)
	}
}

// An incident costs as many messages as half a second, and nothing once it is over.
func TestRateFallsOncePerIncidentAndClimbsBack(t *testing.T) {
	p := newPace(30)
	for range 10 { // many answers report one incident
		p.drop(epoch)
	}
	if p.rate != 27 {
		t.Errorf("after an incident the rate is %v, want 27", p.rate)
	}
	climb := func(after time.Duration) float64 {
		p.rate = p.recovery.climb(p.rate, p.full, epoch.Add(after))
		return p.rate
	}
	if rate := climb(2 * time.Second); rate < 28.19 || rate > 28.21 {
		t.Errorf("after 2 s the rate is %v, want 28.2", rate)
	}
	if rate := climb(5 * time.Second); rate != 30 {
		t.Errorf("after 5 s the rate is %v, want 30", rate)
	}
	p.drop(epoch.Add(time.Minute)) // again: it climbs half as fast
	if rate := climb(64 * time.Second); rate < 28.19 || rate > 28.21 {
		t.Errorf("4 s after a second incident the rate is %v, want 28.2", rate)
	}
	if rate := climb(time.Hour); rate != 30 {
		t.Errorf("after an hour the rate is %v, want 30", rate)
	}
	p.drop(epoch.Add(2 * time.Hour))
	if rate := climb(2*time.Hour + 10*time.Second); rate != 30 {
		t.Errorf("10 s after an incident long after the others the rate is %v, want 30", rate)
	}
	for i := range 100 {
		p.drop(epoch.Add(3*time.Hour + time.Duration(i)*time.Minute/4))
	}
	if p.rate < 3 || p.rate > 3.01 {
		t.Errorf("after 100 incidents the rate is %v, want the floor of 3", p.rate)
	}
}

// A bot with a million chats remembers only those whose limits matter.
func TestPaceForgetsChats(t *testing.T) {
	p := newPace(30)
	now := epoch
	for chat := range int64(10_000) {
		id := chat + 1
		if chat%2 == 0 {
			id = -id // a group
		}
		p.noteAnswered(p.take(id, now), now, true)
		now = now.Add(100 * time.Millisecond)
	}
	// A group counts for a minute, a person for three seconds, and it looks once a
	// second.
	if n, most := len(p.chats), (62+5)*10/2; n > most {
		t.Errorf("%d chats are remembered, want %d at most", n, most)
	}
	for id := int64(9_402); id < 10_000; id += 2 { // the last minute's groups
		if p.chats[-id+1] == nil {
			t.Fatalf("group %d had a message %v ago and is forgotten", -id+1, time.Duration(10_000-id)*100*time.Millisecond)
		}
	}
}

func TestHoldsOnlyMoveLater(t *testing.T) {
	p := newPace(30)
	for _, wait := range []time.Duration{time.Minute, 12 * time.Hour, time.Second} {
		p.holdAll(epoch.Add(wait))
		p.holdChat(5, epoch.Add(wait))
	}
	if got, _ := p.slot(epoch); !got.Equal(epoch.Add(12 * time.Hour)) {
		t.Errorf("next slot is at %v, want in 12 hours", got)
	}
	if got := p.ready(5, Interactive, epoch); !got.Equal(epoch.Add(12 * time.Hour)) {
		t.Errorf("the chat is ready at %v, want in 12 hours", got)
	}
	// A chat that must wait is remembered as long as it must.
	p.take(6, epoch.Add(time.Hour))
	p.take(7, epoch.Add(2*time.Hour))
	if got := p.ready(5, Bulk, epoch); got.Before(epoch.Add(12 * time.Hour)) {
		t.Errorf("the wait of the chat was forgotten: ready at %v", got)
	}
}
