package talk

import (
	"testing"
	"time"
)

func TestPatience(t *testing.T) {
	p := NewPatience(2)
	start := time.Unix(1000, 0)
	for i, step := range []struct {
		after time.Duration // since the start
		want  Judgement
	}{
		{0, WithinLimit}, {0, WithinLimit}, {time.Second, TooFast}, {time.Second, StillTooFast}, {59 * time.Second, StillTooFast},
		{60 * time.Second, WithinLimit}, {60 * time.Second, WithinLimit}, {61 * time.Second, StillTooFast}, // still too fast
		{120 * time.Second, WithinLimit}, {181 * time.Second, WithinLimit}, {182 * time.Second, WithinLimit}, // a slow minute
		{183 * time.Second, TooFast},
		{400 * time.Second, WithinLimit}, {400 * time.Second, WithinLimit}, {400 * time.Second, TooFast}, // after silence
	} {
		if got := p.Judge(1, start.Add(step.after)); got != step.want {
			t.Errorf("step %d, after %s: %d, want %d", i, step.after, got, step.want)
		}
	}
	if got := p.Judge(2, start); got != WithinLimit {
		t.Errorf("somebody else: %d, want an answer", got)
	}
}

// Many strangers do not fill the memory, and do not free a flooder.
func TestPatienceForgets(t *testing.T) {
	p := NewPatience(1)
	start := time.Unix(1000, 0)
	for who := range int64(3 * maxAskers) {
		p.Judge(who, start.Add(time.Duration(who)*100*time.Millisecond))
		if n := len(p.counts.known); n > maxAskers {
			t.Fatalf("%d people are remembered, want at most %d", n, maxAskers)
		}
	}
	for who := range int64(3 * maxAskers) { // all at once
		p.Judge(-who, start)
		if n := len(p.counts.known); n > maxAskers {
			t.Fatalf("%d people are remembered, want at most %d", n, maxAskers)
		}
	}
}
