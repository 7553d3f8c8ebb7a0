package talk

import (
	"testing"
	"time"
)

func TestMemoryBelievesForAWhile(t *testing.T) {
	start := time.Unix(1000, 0)
	for _, test := range []struct {
		name  string
		keep  time.Duration
		after time.Duration
		known bool
	}{
		{"at once", time.Minute, 0, true},
		{"just before the end", time.Minute, time.Minute - 1, true},
		{"at the end", time.Minute, time.Minute, false},
		{"a clock set back", time.Minute, -time.Hour, true},
		{"for ever", 0, 1000 * time.Hour, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := NewMemory[string, int](10, test.keep)
			m.Keep("a", 1, start)
			want := 0
			if test.known {
				want = 1
			}
			now := start.Add(test.after)
			if got, known := m.Find("a", now); got != want || known != test.known {
				t.Errorf("Find = %d, %t, want %d, %t", got, known, want, test.known)
			}
			m.Change("a", now, func(value int, known bool) int {
				if value != want || known != test.known {
					t.Errorf("Change gets %d, %t, want %d, %t", value, known, want, test.known)
				}
				return 2
			})
			if got, known := m.Find("a", now); got != 2 || !known {
				t.Errorf("after a change Find = %d, %t, want 2, true", got, known)
			}
			m.Forget("a")
			if got, known := m.Find("a", now); got != 0 || known {
				t.Errorf("after Forget Find = %d, %t, want 0, false", got, known)
			}
		})
	}
}

// A value that is added a second time stays as old as it was.
func TestMemoryAdds(t *testing.T) {
	m := NewMemory[string, int](10, time.Minute)
	start := time.Unix(1000, 0)
	for _, step := range []struct {
		after time.Duration
		want  bool
	}{{0, true}, {time.Second, false}, {59 * time.Second, false}, {time.Minute, true}, {61 * time.Second, false}} {
		if got := m.Add("a", 1, start.Add(step.after)); got != step.want {
			t.Errorf("after %s Add = %t, want %t", step.after, got, step.want)
		}
	}
}

func TestMemoryIsBounded(t *testing.T) {
	start := time.Unix(1000, 0)
	for _, test := range []struct {
		name string
		age  time.Duration // of the oldest when one too many comes
		want []bool        // which of the keys are known then
	}{
		{"what is too old goes", time.Minute, []bool{false, true, true, true}},
		{"or else everything", time.Minute - 1, []bool{false, false, false, true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := NewMemory[int, int](3, time.Minute)
			m.Keep(0, 0, start)
			now := start.Add(test.age)
			for key := 1; key <= 3; key++ {
				m.Keep(key, 0, now)
			}
			for key, want := range test.want {
				if _, known := m.Find(key, now); known != want {
					t.Errorf("key %d is known: %t, want %t", key, known, want)
				}
			}
		})
	}
	m := NewMemory[int, int](3, 0)
	for key := range 100 {
		m.Keep(key, 0, start)
		m.Keep(key, 1, start) // takes no more room
		if n := len(m.known); n != key%3+1 {
			t.Fatalf("after %d keys %d are known, want %d", key+1, n, key%3+1)
		}
	}
}
