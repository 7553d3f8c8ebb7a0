package delivery_test

import (
	"cmp"
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
	"digestbot/digest"
	"digestbot/internal/longtest"
	"digestbot/subscribers"
)

// crash ends the program like SIGKILL: the next life finds the database as it is on disk
// at this moment, and answers under way never reach the program. changes do what else is
// lost, such as with the power.
func (w *world) crash(changes ...func(database string)) {
	w.t.Helper()
	synctest.Wait()
	dead, store := w.bot, w.store
	next := filepath.Join(w.t.TempDir(), "digestbot.db")
	for _, suffix := range []string{"", "-wal", "-progress"} {
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
	for _, change := range changes {
		change(next)
	}
	w.path = next
	w.openStore()
}

// losePower is a crash that loses the progress file, which was never synced.
func (w *world) losePower() {
	w.t.Helper()
	w.crash(func(database string) {
		if err := os.Remove(database + "-progress"); err != nil {
			w.t.Fatal(err)
		}
	})
}

func TestCrashesLoseNothing(t *testing.T) {
	for seed := range longtest.Rounds[uint64](2, 5) {
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
				// At 30 messages a second, and at most 150 ms for an answer, at most 6
				// are under way.
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
		w.request(issue, reader)
		time.Sleep(time.Second)
		w.crash()
		w.start()
		time.Sleep(time.Minute)
		w.wantGot(reader.ID(), everything()...)
	})
}

// A second attempt is the last, so no crash must come before it: what the last crash cut
// off goes out before everything else.
func TestWhatACrashCutOffGoesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent []string
		w := newWorld(t, telegramsim.Options{OnSend: func(m telegramsim.Message) { sent = append(sent, fmt.Sprint(m.Chat, headingOf(m))) }}, 30)
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.SlowAnswer, Delay: 300 * time.Millisecond})
		w.readers(60)
		w.start()
		b := w.broadcast(w.issue(1))
		time.Sleep(3 * time.Second)
		w.crash()
		before := slices.Clone(sent)
		w.start()
		w.await(b, subscribers.Done)
		repeats := 0
		for i, message := range sent[len(before):] {
			if slices.Contains(before, message) {
				if repeats++; repeats != i+1 {
					t.Errorf("after the crash message %d is repeat %d, want repeats first", i+1, repeats)
				}
			}
		}
		if uncertain := w.books(b).Sum(subscribers.OutcomeUncertain); repeats == 0 || repeats != uncertain {
			t.Errorf("%d messages were repeated and %d are uncertain, want as many, and some", repeats, uncertain)
		}
	})
}

// TestAnyInterleaving makes everything happen that can happen to a bot, in an order that
// the seed decides.
func TestAnyInterleaving(t *testing.T) {
	for seed := range longtest.Rounds[uint64](3, 12) {
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
	layouts map[int64][]digest.Layout // that a chat chose, one after the other
	b       subscribers.Broadcast

	forgotten map[int64]bool
}

func newChaos(t *testing.T, seed uint64) *chaos {
	c := &chaos{
		world:   newWorld(t, telegramsim.Options{Seed: seed}, 30),
		random:  rand.New(rand.NewPCG(seed, 2)),
		touched: make(map[int64]bool),
		muted:   make(map[int64][]string),
		layouts: make(map[int64][]digest.Layout),

		forgotten: make(map[int64]bool),
	}
	c.readers = c.world.readers(45)
	for i, r := range c.readers {
		c.layouts[r.ID()] = []digest.Layout{digest.LayoutSections}
		if i%4 > 0 {
			c.layouts[r.ID()] = nil
			c.choose(r.ID(), append(layouts, digest.LayoutAuto)[i%4])
		}
	}
	c.owner = c.readers[0]
	for i := range 5 {
		g := c.sim.NewGroup(fmt.Sprintf("Group %d", i), c.owner)
		g.AddBot(c.owner)
		c.subscribe(subscribers.Chat{ID: g.ID, Kind: subscribers.Group})
		c.choose(g.ID, append(layouts, digest.LayoutAuto)[i%4])
		c.groups = append(c.groups, []*telegramsim.Chat{g})
	}
	return c
}

func (c *chaos) run() {
	issue := c.longIssue(1)
	for _, r := range c.readers[:15] {
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
	switch c.random.IntN(16) {
	case 0:
		c.world.readers(1) // they come too late for this issue
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
			if f.Kind != telegramsim.Slow { // slowness would break limits on the way
				c.sim.Inject(f)
			}
		}
	case 6, 7:
		c.crash()
		c.start()
	case 8:
		if _, err := c.store.PauseBroadcast(c.t.Context(), c.b.ID, subscribers.InPrivate(1)); err != nil {
			c.t.Fatal(err)
		}
		c.bot.broadcaster.Wake()
		time.Sleep(time.Second)
		c.resume()
	case 9:
		c.choose(reader, append(layouts, digest.LayoutAuto)[c.random.IntN(4)])
	case 10:
		c.refuse()
	case 11:
		c.stop()
	case 12, 13:
		c.ask(reader)
	case 14:
		c.touched[reader], c.forgotten[reader] = true, true
		c.forget(reader)
	case 15:
		c.correct()
	}
}

var layouts = []digest.Layout{digest.LayoutSections, digest.LayoutCompact, digest.LayoutRich}

// choose makes a chat choose a layout, which may be too late for this issue.
func (c *chaos) choose(chat int64, layout digest.Layout) {
	c.setLayout(chat, layout)
	c.layouts[chat] = append(c.layouts[chat], layout)
}

func (c *chaos) resume() {
	if _, err := c.store.ResumeBroadcast(c.t.Context(), c.b.ID, subscribers.InPrivate(1)); err != nil {
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

// check compares what every chat received with what it should have received.
func (c *chaos) check() {
	books := c.books(c.b)
	odd := 0
	for _, r := range c.readers {
		n := c.checkChat(r.ID())
		if !c.forgotten[r.ID()] { // otherwise the books may lack its last answer
			odd += n
		}
	}
	for _, g := range c.groups {
		ids := make([]int64, len(g))
		for i, chat := range g {
			ids[i] = chat.ID
		}
		odd += c.checkChat(ids...)
	}
	if uncertain := books.Sum(subscribers.OutcomeUncertain); odd > uncertain {
		c.t.Errorf("%d messages came twice or not, only %d are uncertain: %+v", odd, uncertain, books.Entries)
	}
	if refused := c.sim.Stats().Refused[429]; refused > 0 {
		c.t.Errorf("Telegram's limits were broken %d times", refused)
	}
}

// checkChat compares what a chat received, under all the ids it had, with what one of
// the layouts it chose brings. It returns how many messages did not come exactly once.
func (c *chaos) checkChat(ids ...int64) (odd int) {
	var got []string
	for _, id := range ids {
		got = append(got, c.got(id)...)
	}
	first := ids[0]
	var why error
	fits := -1
	for _, layout := range c.resolved(first) {
		want := c.inLayout(layout, c.muted[first])
		if c.touched[first] { // a part of it, in order and each at most twice
			once := slices.Compact(slices.Clone(got))
			if inOrder(once, want) {
				return len(got) - len(once)
			}
			why = fmt.Errorf("received %q, not a part of %q", got, want)
			continue
		}
		n, err := oddities(got, want)
		if why = cmp.Or(why, err); err == nil && (fits < 0 || n < fits) {
			fits = n
		}
	}
	if fits >= 0 {
		c.checkHeadlines(first)
		return fits
	}
	c.t.Errorf("chat %d, which chose %q: %v", ids, c.layouts[first], why)
	return 0
}

// resolved returns the layouts that a chat chose, with what auto may have come to in its
// place: that depends on what the chat had muted when the issue began to arrive.
func (c *chaos) resolved(chat int64) (all []digest.Layout) {
	for _, layout := range c.layouts[chat] {
		switch {
		case layout != digest.LayoutAuto:
			all = append(all, layout)
		case c.touched[chat]:
			all = append(all, digest.LayoutSections, digest.LayoutCompact)
		default:
			all = append(all, layout.For(len(c.inLayout(digest.LayoutSections, c.muted[chat]))))
		}
	}
	return all
}

// inLayout returns what a reader of longIssue gets in a layout.
func (c *chaos) inLayout(layout digest.Layout, muted []string) []string {
	want := []string{"cover", "News", "Tools", "Essays 1/2", "Essays 2/2", "Jobs", "Quotes"}
	switch layout {
	case digest.LayoutCompact:
		want = []string{"headlines"}
	case digest.LayoutRich:
		want = []string{"rich cover", "rich News", "rich Tools", "rich Essays", "rich Jobs", "rich Quotes"}
	}
	return slices.DeleteFunc(want, func(h string) bool {
		return slices.ContainsFunc(muted, func(name string) bool { return strings.Contains(h, name) })
	})
}

// checkHeadlines checks that a compact message has what is not muted.
func (c *chaos) checkHeadlines(chat int64) {
	for _, m := range c.sim.Chat(chat).FromBot() {
		if headingOf(m) != "headlines" {
			continue
		}
		for _, name := range names {
			if has := strings.Contains(m.Text, "About "+name); has == slices.Contains(c.muted[chat], name) {
				c.t.Errorf("chat %d muted %q and received the headlines %q", chat, c.muted[chat], m.Text)
			}
		}
	}
}

// inOrder reports whether part is whole with some things left out.
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
