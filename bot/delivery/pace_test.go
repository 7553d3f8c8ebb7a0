package delivery

import (
	"testing"
	"time"
)

// drive sends to the chats in turn as fast as the pace allows, for a time, and
// returns when each message went out.
func drive(p *pace, l lane, chats []int64, start time.Time, d time.Duration) []time.Time {
	var sent []time.Time
	for now := start; now.Before(start.Add(d)); {
		chat := chats[len(sent)%len(chats)]
		now = later(later(now, p.slot()), p.ready(chat, l))
		p.take(chat, now)
		left, place := p.enter(now)
		p.wrote(place, left)
		sent = append(sent, left)
		now = left
	}
	return sent
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
		least float64 // share of the budget
	}{
		{1, 24 * time.Hour, 0.98},
		{30, 6 * time.Hour, 0.98},
		{1000, 5 * time.Minute, 0.95},
	} {
		sent := drive(newPace(test.rate), bulk, chatsFrom(1, 3*test.rate+5), epoch, test.d)
		if n := most(sent, time.Second); n > test.rate {
			t.Errorf("rate %d: %d messages in a second", test.rate, n)
		}
		share := float64(len(sent)) / (float64(test.rate) * test.d.Seconds())
		if share < test.least || share > 1 {
			t.Errorf("rate %d: %.3f of the budget used, want at least %.2f", test.rate, share, test.least)
		}
	}
}

func TestPaceOfOneChat(t *testing.T) {
	const week = 7 * 24 * time.Hour
	for _, test := range []struct {
		name   string
		chat   int64
		lane   lane
		window time.Duration
		limit  int
		d      time.Duration
		want   int // messages in d, at the least
	}{
		{"deliveries to a person", 1, bulk, time.Second, 1, time.Hour, 3400},
		{"answers to a person", 1, interactive, 3 * time.Second, 3, time.Hour, 3500},
		{"deliveries to a group", -1, bulk, time.Minute, 20, week, 20 * 7 * 24 * 60 * 99 / 100},
		{"answers to a group", -1, interactive, time.Minute, 20, 24 * time.Hour, 20 * 24 * 60 * 99 / 100},
	} {
		t.Run(test.name, func(t *testing.T) {
			sent := drive(newPace(30), test.lane, []int64{test.chat}, epoch, test.d)
			if n := most(sent, test.window); n > test.limit {
				t.Errorf("%d messages in %v, want at most %d", n, test.window, test.limit)
			}
			if len(sent) < test.want {
				t.Errorf("%d messages in %v, want at least %d", len(sent), test.d, test.want)
			}
		})
	}
}

func TestPaceCountsFromWhenAMessageLeft(t *testing.T) {
	p := newPace(2)
	_, first := p.enter(epoch)
	p.enter(epoch)
	p.wrote(first, epoch.Add(300*time.Millisecond)) // a busy machine
	if at, _ := p.enter(epoch.Add(500 * time.Millisecond)); at.Before(epoch.Add(1300 * time.Millisecond)) {
		t.Errorf("the third message goes out %v after the first was handed over, want a second after it left", at.Sub(epoch))
	}
}

func TestRateFallsOncePerIncidentAndClimbsBack(t *testing.T) {
	p := newPace(30)
	for range 10 { // many answers tell of one incident
		p.drop(epoch)
	}
	if p.rate != 27 {
		t.Errorf("after an incident the rate is %v, want 27", p.rate)
	}
	p.climb(epoch.Add(25 * time.Second))
	if p.rate < 28.49 || p.rate > 28.51 {
		t.Errorf("after 25 s the rate is %v, want 28.5", p.rate)
	}
	p.climb(epoch.Add(time.Hour))
	if p.rate != 30 {
		t.Errorf("after an hour the rate is %v, want 30", p.rate)
	}
	for i := range 100 {
		p.drop(epoch.Add(time.Hour + time.Duration(i)*time.Minute/4))
	}
	if p.rate < 3 || p.rate > 3.01 {
		t.Errorf("after 100 incidents the rate is %v, want the floor of 3", p.rate)
	}
}

// A bot has a million chats, and remembers those whose limits matter.
func TestPaceForgetsChats(t *testing.T) {
	p := newPace(30)
	now := epoch
	for chat := range int64(10_000) {
		id := chat + 1
		if chat%2 == 0 {
			id = -id // a group
		}
		p.take(id, now)
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
	if got := p.slot(); !got.Equal(epoch.Add(12 * time.Hour)) {
		t.Errorf("next slot is at %v, want in 12 hours", got)
	}
	if got := p.ready(5, interactive); !got.Equal(epoch.Add(12 * time.Hour)) {
		t.Errorf("the chat is ready at %v, want in 12 hours", got)
	}
	// A chat that must wait is remembered as long as it must.
	p.take(6, epoch.Add(time.Hour))
	p.take(7, epoch.Add(2*time.Hour))
	if got := p.ready(5, bulk); got.Before(epoch.Add(12 * time.Hour)) {
		t.Errorf("the wait of the chat was forgotten: ready at %v", got)
	}
}
