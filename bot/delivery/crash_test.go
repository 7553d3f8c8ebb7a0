package delivery_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// crash ends the program like SIGKILL: the next life finds the database as it
// is on disk at this moment, and answers under way are never heard.
func (w *world) crash() {
	w.t.Helper()
	synctest.Wait()
	dead, store := w.bot, w.store
	next := filepath.Join(w.t.TempDir(), "digestbot.db")
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(w.path + suffix)
		if err != nil {
			w.t.Fatal(err)
		}
		if err := os.WriteFile(next+suffix, content, 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
	dead.line.cut.Store(true)
	dead.line.die()
	dead.end()
	if err := store.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.path = next
	w.openStore()
}

func TestCrashesLoseNothing(t *testing.T) {
	for seed := range uint64(5) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, 1))
				w := newWorld(t, telegramsim.Options{Seed: seed}, 30)
				w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: 50 * time.Millisecond, MaxDelay: 150 * time.Millisecond})
				readers := w.readers(60)
				w.start()
				b := w.broadcast(w.issue(1))
				const crashes = 10
				for range crashes {
					time.Sleep(time.Duration(random.Int64N(int64(2 * time.Second))))
					w.crash()
					w.start()
				}
				w.await(b, subscribers.Done)
				repeats := 0
				for _, r := range readers {
					got := w.got(r.ID())
					if !slices.Equal(slices.Compact(slices.Clone(got)), everything()) {
						t.Errorf("reader received %q", got)
					}
					repeats += w.wantOnce(everything(), r.ID())
				}
				uncertain := w.books(b).Sum(subscribers.OutcomeUncertain)
				t.Logf("%d repeats, %d uncertain", repeats, uncertain)
				// At 30 messages a second and at most 150 ms for an answer no
				// more than 6 are under way.
				if repeats > uncertain || uncertain > crashes*6 {
					t.Errorf("%d repeats, %d uncertain, at most %d under way at the crashes", repeats, uncertain, crashes*6)
				}
			})
		})
	}
}

func TestCrashDuringARequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		reader := w.readers(1)[0]
		issue := w.issue(1)
		w.start()
		sub, err := w.store.Subscriber(t.Context(), reader.ID(), 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.bot.broadcaster.Deliver(t.Context(), issue.ID, sub.ID); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		w.crash()
		w.start()
		time.Sleep(time.Minute)
		w.wantGot(reader.ID(), everything()...)
	})
}

// TestAnyInterleaving throws everything that happens to a bot at it, in an
// order that the seed decides.
func TestAnyInterleaving(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				newChaos(t, seed).run()
			})
		})
	}
}

// chaos is a broadcast with everything going on around it.
type chaos struct {
	*world
	random  *rand.Rand
	readers []*telegramsim.Person
	groups  [][]*telegramsim.Chat // each with the chats it was, the newest last
	owner   *telegramsim.Person
	touched map[int64]bool // chats that left, were lost, or muted something after the start
	muted   map[int64][]string
	b       subscribers.Broadcast
}

func newChaos(t *testing.T, seed uint64) *chaos {
	c := &chaos{
		world:   newWorld(t, telegramsim.Options{Seed: seed}, 30),
		random:  rand.New(rand.NewPCG(seed, 2)),
		touched: make(map[int64]bool),
		muted:   make(map[int64][]string),
	}
	c.readers = c.world.readers(40)
	c.owner = c.readers[0]
	for i := range 5 {
		g := c.sim.NewGroup(fmt.Sprintf("Group %d", i), c.owner)
		g.AddBot(c.owner)
		c.subscribe(subscribers.Chat{ID: g.ID, Kind: subscribers.Group})
		c.groups = append(c.groups, []*telegramsim.Chat{g})
	}
	return c
}

func (c *chaos) run() {
	issue := c.issue(1)
	for _, r := range c.readers[:10] {
		c.muteSome(r.ID())
	}
	c.start()
	c.b = c.broadcast(issue)
	for range 30 {
		time.Sleep(time.Duration(c.random.Int64N(int64(800 * time.Millisecond))))
		c.happen()
	}
	c.sim.ClearFaults()
	c.resume()
	c.await(c.b, subscribers.Done)
	c.check()
}

// happen does one of the things that can happen.
func (c *chaos) happen() {
	reader := c.readers[c.random.IntN(len(c.readers))].ID()
	switch c.random.IntN(9) {
	case 0:
		c.world.readers(1) // too late for this issue
	case 1:
		c.touched[reader] = true
		c.mute(reader, names[c.random.IntN(len(names))])
	case 2:
		c.touched[reader] = true
		c.person(reader).Block()
	case 3:
		c.touched[reader] = true
		if _, err := c.store.Unsubscribe(c.t.Context(), reader, 0); err != nil {
			c.t.Fatal(err)
		}
	case 4:
		if g := &c.groups[c.random.IntN(len(c.groups))]; len(*g) == 1 {
			*g = append(*g, (*g)[0].Upgrade())
		}
	case 5:
		c.sim.ClearFaults()
		for _, f := range telegramsim.Mixture(0.03) {
			if f.Kind != telegramsim.Slow { // which would break limits on the way
				c.sim.Inject(f)
			}
		}
	case 6, 7:
		c.crash()
		c.start()
	case 8:
		if _, err := c.store.PauseBroadcast(c.t.Context(), c.b.ID, 1); err != nil {
			c.t.Fatal(err)
		}
		c.bot.broadcaster.Wake()
		time.Sleep(time.Second)
		c.resume()
	}
}

func (c *chaos) resume() {
	if _, err := c.store.ResumeBroadcast(c.t.Context(), c.b.ID, 1); err != nil {
		c.t.Fatal(err)
	}
	c.bot.broadcaster.Wake()
}

func (c *chaos) person(id int64) *telegramsim.Person {
	for _, r := range c.readers {
		if r.ID() == id {
			return r
		}
	}
	return nil
}

func (c *chaos) muteSome(chat int64) {
	c.muted[chat] = []string{names[c.random.IntN(len(names))]}
	c.mute(chat, c.muted[chat]...)
}

// check holds what every chat received against what it should have.
func (c *chaos) check() {
	books := c.books(c.b)
	odd := 0
	for _, r := range c.readers {
		want := slices.DeleteFunc(everything(), func(h string) bool { return slices.Contains(c.muted[r.ID()], h) })
		if !c.touched[r.ID()] {
			odd += c.wantOnce(want, r.ID())
			continue
		}
		// A part of it, in order and each at most twice.
		got := c.got(r.ID())
		if !inOrder(slices.Compact(slices.Clone(got)), want) {
			c.t.Errorf("chat %d received %q, not a part of %q", r.ID(), got, want)
		}
		odd += len(got) - len(slices.Compact(slices.Clone(got)))
	}
	for _, g := range c.groups {
		ids := make([]int64, len(g))
		for i, chat := range g {
			ids[i] = chat.ID
		}
		odd += c.wantOnce(everything(), ids...)
	}
	if uncertain := books.Sum(subscribers.OutcomeUncertain); odd > uncertain {
		c.t.Errorf("%d messages came twice or not, only %d are uncertain: %+v", odd, uncertain, books.Entries)
	}
	if refused := c.sim.Stats().Refused[429]; refused > 0 {
		c.t.Errorf("Telegram's limits were broken %d times", refused)
	}
}

// inOrder tells whether part can be got from whole by leaving things out.
func inOrder(part, whole []string) bool {
	rest := strings.Join(whole, "\n") + "\n"
	for _, p := range part {
		_, after, found := strings.Cut(rest, p+"\n")
		if !found {
			return false
		}
		rest = after
	}
	return true
}
