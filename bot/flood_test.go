package bot_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/telegramsim"
)

// flood is a world with a slow bot and readers who are about to write all at once.
type flood struct {
	*world
	people []*telegramsim.Person
	sent   []int64 // chats, in the order in which they got messages
}

// inFlood runs test in a world whose bot sends so many messages a second.
func inFlood(t *testing.T, rate, readers int, test func(f *flood)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := &flood{}
		f.world = newWorld(t, func(o *telegramsim.Options) {
			o.OnSend = func(m telegramsim.Message) { f.sent = append(f.sent, m.Chat) }
		})
		f.config.Rate = rate
		for i := range readers {
			f.people = append(f.people, f.sim.NewPerson(fmt.Sprint("Reader ", i)))
		}
		f.start()
		f.tell(f.admin, "/start")
		test(f)
	})
}

// begin has everybody write at the same time.
func (f *flood) begin() {
	for _, p := range f.people {
		p.Write("/help")
	}
	f.pass(5 * time.Second)
}

// before is how many messages others get before a chat gets its next one.
func (f *flood) before(chat *telegramsim.Chat, ask func()) int {
	f.t.Helper()
	synctest.Wait()
	already := len(f.sent)
	ask()
	f.pass(20 * time.Second)
	return slices.Index(append(f.sent[already:], chat.ID), chat.ID)
}

// An admin does not wait until all readers have their answers, in private or in a
// group, and nor does what is told to admins without their asking.
func TestAdminGoesBeforeAFlood(t *testing.T) {
	inFlood(t, 2, 200, func(f *flood) {
		group := f.sim.NewSupergroup("Friends", f.admin)
		group.AddBot(f.admin)
		f.begin()
		for _, c := range []struct {
			name string
			chat *telegramsim.Chat
			ask  func()
		}{
			{"in private", f.admin.Chat(), func() { f.admin.Write("/status") }},
			{"in a group", group, func() { f.admin.WriteIn(group, "/help@"+f.sim.Bot().Username) }},
			{"unasked", f.admin.Chat(), func() { f.bot.SourceChecked(t.Context(), "feed.xml", fmt.Errorf("odd")) }},
		} {
			if n := f.before(c.chat, c.ask); n > 3 {
				t.Errorf("%s: %d messages went to others before the admin's, want next to none", c.name, n)
			}
		}
	})
}

// Everybody gets an answer, also those whose turn comes after minutes.
func TestFloodThatLastsForMinutes(t *testing.T) {
	inFlood(t, 1, 200, func(f *flood) {
		f.begin()
		f.pass(5 * time.Minute)
		for _, p := range f.people {
			if n := len(p.Chat().FromBot()); n != 1 {
				t.Fatalf("%s got %d answers, want one", p.Name(), n)
			}
		}
	})
}

// Readers have their turns: one who writes all the time is answered between the
// others, and not before them.
func TestReadersHaveTheirTurns(t *testing.T) {
	inFlood(t, 1, 10, func(f *flood) {
		for range 300 {
			f.ann.Write("/help")
		}
		f.begin()
		f.pass(15 * time.Second)
		got := 0
		for _, p := range f.people {
			got += len(p.Chat().FromBot())
		}
		if got != len(f.people) {
			t.Errorf("%d of %d readers have their answer beside one who asked 300 times", got, len(f.people))
		}
	})
}
