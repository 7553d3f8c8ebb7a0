package delivery_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/internal/longtest"
	"digestbot/subscribers"
)

// pageSize is what a disk keeps or loses together, in bytes.
const pageSize = 4096

// TestPowerLoss loses the power. Then each page of the progress file is as it was at some
// moment since the start, or the file is gone. Commits are not lost.
func TestPowerLoss(t *testing.T) {
	for seed := range longtest.Rounds[uint64](2, 6) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 3))
			inBubble(t, 60, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				w.sim.Inject(telegramsim.Fault{Kind: telegramsim.SlowAnswer, Delay: 100 * time.Millisecond, MaxDelay: 400 * time.Millisecond})
				b := w.broadcast(w.issue(1))
				files := [][]byte{nil}
				look := func() {
					t.Helper()
					time.Sleep(time.Duration(random.Int64N(int64(2 * time.Second))))
					synctest.Wait()
					content, err := os.ReadFile(w.path + "-progress")
					if err != nil {
						t.Fatal(err)
					}
					files = append(files, content)
				}
				for range 4 {
					look()
				}
				mend, most := func() {}, 1
				if random.IntN(2) == 0 { // the database falls behind
					mend, most = w.spoil("1"), unsavedAtMost
				}
				for range 2 {
					look()
				}
				w.crash(func(database string) { losePages(t, random, database+"-progress", files) })
				mend()
				w.start()
				w.await(b, subscribers.Done)
				w.books(b)
				for _, r := range readers {
					w.wantRepeats(r.ID(), most)
				}
			})
		})
	}
}

// losePages makes a file each of whose pages is taken from one of the files.
func losePages(t *testing.T, random *rand.Rand, path string, files [][]byte) {
	t.Helper()
	if random.IntN(6) == 0 {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		return
	}
	longest := slices.MaxFunc(files, func(a, b []byte) int { return len(a) - len(b) })
	mixed := make([]byte, len(longest))
	for at := 0; at < len(mixed); at += pageSize {
		if from := files[random.IntN(len(files))]; at < len(from) {
			copy(mixed[at:], from[at:min(at+pageSize, len(from))])
		}
	}
	if err := os.WriteFile(path, mixed, 0o600); err != nil {
		t.Fatal(err)
	}
}

// wantRepeats checks that a chat received everything, and at most so many messages twice,
// which were next to each other.
func (w *world) wantRepeats(chat int64, most int) {
	w.t.Helper()
	got := w.got(chat)
	n := len(everything())
	repeats := len(got) - n
	if repeats < 0 || repeats > most {
		w.t.Errorf("chat %d received %q, want everything and at most %d repeats", chat, got, most)
		return
	}
	for end := repeats; end <= n; end++ { // where the first life ended
		if slices.Equal(got, slices.Concat(everything()[:end], everything()[end-repeats:])) {
			return
		}
	}
	w.t.Errorf("chat %d received %q, want what was repeated right after it had come", chat, got)
}
