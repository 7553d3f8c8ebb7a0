package bot_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// crowd is a group of Ann, its owner, Bea, an admin, and Li, which is subscribed
// and has the sections News and Tools, and whose members have asked for help so
// often that their answers will take minutes.
type crowd struct {
	*world
	group            *telegramsim.Chat
	bea              *telegramsim.Person
	subscribed, menu telegramsim.Message
	before           int // messages of the bot before
}

// crowdQuestions is how many answers the crowd waits for.
const crowdQuestions = 100

func (w *world) crowd() *crowd {
	w.t.Helper()
	w.issue(179, "News", "Tools")
	c := &crowd{world: w, bea: w.sim.NewPerson("Bea", telegramsim.Language("en"))}
	c.group = w.sim.NewSupergroup("Friends", w.ann, w.li, c.bea)
	w.said(c.group, func() { c.group.AddBot(w.ann) })
	c.group.Promote(c.bea, telegramsim.AllRights(), false)
	c.subscribed = w.one(c.group, func() { w.ann.WriteIn(c.group, "/subscribe") })
	c.menu = w.one(c.group, func() { w.ann.WriteIn(c.group, "/sections") })
	c.before = len(c.group.FromBot())
	for range crowdQuestions / 10 {
		p := w.sim.NewPerson("Ask")
		c.group.Join(p)
		for range 10 {
			p.WriteIn(c.group, "/help")
		}
	}
	w.pass(time.Second)
	return c
}

// waits is how many of the crowd's answers have not come.
func (c *crowd) waits() int { return crowdQuestions - (len(c.group.FromBot()) - c.before) }

// atOnce returns the answer to a press, which must come without any wait.
func (c *crowd) atOnce(p *telegramsim.Person, m telegramsim.Message, button string) telegramsim.Answer {
	c.t.Helper()
	q, err := p.Press(m, button)
	if err != nil {
		c.t.Fatalf("%v; the message is %q with %v", err, m.Text, labels(m))
	}
	return c.answerAtOnce(q)
}

func (c *crowd) answerAtOnce(q *telegramsim.Query) telegramsim.Answer {
	c.t.Helper()
	synctest.Wait()
	answer, ok := q.Answer()
	if !ok {
		c.t.Errorf("the press of %q waits for an answer, as %d messages do", q.Data, c.waits())
	}
	return answer
}

// A press is answered at once however many messages wait for their pace, and
// does what it asks for.
func TestPressGoesPastMessagesThatWait(t *testing.T) {
	inWorld(t, func(w *world) {
		c := w.crowd()
		if c.waits() < 80 {
			t.Fatalf("%d messages wait, want most of them", c.waits())
		}
		wantPopup(t, c.atOnce(w.ann, c.menu, "✅ Tools"), "")
		wantPopup(t, c.atOnce(w.ann, c.menu, "✅ Tools"), "") // again
		answer := c.atOnce(w.li, c.menu, "✅ News")
		wantPopup(t, answer, "只有这里的管理员才能修改")
		if !answer.Alert {
			t.Error("the refusal is no alert")
		}
		wantPopup(t, c.answerAtOnce(c.bea.PressData(c.menu, "1:new")), "On its way")
		if switches, err := w.store.Switches(w.t.Context(), w.recipient(c.group.ID, 0).Subscriber.ID); err != nil || !switches[1].Muted {
			t.Errorf("the switches are %+v, %v, want Tools off", switches, err)
		}
		for range 3 {
			w.pass(time.Minute)
			wantPopup(t, c.answerAtOnce(w.ann.PressData(c.menu, "1:page:0")), "")
		}
		if c.waits() < 20 {
			t.Errorf("%d messages wait, want some to the end", c.waits())
		}
		w.pass(10 * time.Minute)
		now, _ := c.group.Message(c.menu.ID)
		wantRow(t, now, "⬜ Tools")
		if n := c.waits(); n != -2 { // cover and News
			t.Errorf("%d answers are missing", n+2)
		}
	})
}

// A press that changes the same as messages that wait is handled in its turn. It is
// answered at once, with nothing that might turn out false.
func TestPressThatKeepsItsPlace(t *testing.T) {
	inWorld(t, func(w *world) {
		c := w.crowd()
		w.ann.WriteIn(c.group, "/unsubscribe")
		wantPopup(t, c.answerAtOnce(w.ann.PressData(c.subscribed, "1:sub")), "")
		wantLink(t, c.answerAtOnce(w.li.PressData(c.subscribed, "1:sub")), "subscribe")
		w.wantState(c.group.ID, subscribers.On)
		w.pass(10 * time.Minute)
		w.wantState(c.group.ID, subscribers.On)
	})
}

// The right to it is checked again when its turn has come.
func TestPressThatKeepsItsPlaceLosesItsRight(t *testing.T) {
	inWorld(t, func(w *world) {
		c := w.crowd()
		w.ann.WriteIn(c.group, "/unsubscribe")
		wantPopup(t, c.answerAtOnce(c.bea.PressData(c.subscribed, "1:sub")), "")
		c.group.Demote(c.bea)
		w.pass(10 * time.Minute)
		w.wantState(c.group.ID, subscribers.Off)
	})
}

// It survives a stop, as the messages before it do.
func TestPressThatKeepsItsPlaceOverAStop(t *testing.T) {
	inWorld(t, func(w *world) {
		c := w.crowd()
		w.ann.WriteIn(c.group, "/unsubscribe")
		wantPopup(t, c.answerAtOnce(w.ann.PressData(c.subscribed, "1:sub")), "")
		w.stop()
		w.wantState(c.group.ID, subscribers.On)
		w.start()
		w.pass(10 * time.Minute)
		w.wantState(c.group.ID, subscribers.On)
		said := texts(c.group.FromBot())
		wantText(t, telegramsim.Message{Text: fmt.Sprint(said)}, "Unsubscribed.")
		w.wantAllHandled()
	})
}

// A command that came after a press is handled after it, also when both come at
// once.
func TestCommandAfterAPress(t *testing.T) {
	inWorld(t, func(w *world) {
		m := w.tell(w.ann, "/subscribe")
		w.stop()
		w.ann.PressData(m, "1:wipe")
		w.ann.Write("/subscribe")
		w.ann.PressData(m, "1:wipe")
		w.ann.Write("/help")
		w.start()
		w.settle()
		w.wantState(w.ann.ID(), subscribers.Off)
	})
}

// A person who presses far too many buttons is told so at once, and the rest are passed
// over.
func TestFloodOfPressesThatKeepTheirPlace(t *testing.T) {
	inWorld(t, func(w *world) {
		c := w.crowd()
		w.ann.WriteIn(c.group, "/unsubscribe")
		for range 60 {
			c.answerAtOnce(w.ann.PressData(c.subscribed, "1:sub"))
		}
		wantPopup(t, c.answerAtOnce(w.ann.PressData(c.subscribed, "1:sub")), "too fast")
		w.ann.PressData(c.subscribed, "1:sub")
		w.pass(15 * time.Minute)
		w.wantState(c.group.ID, subscribers.On)
		w.wantAllHandled()
	})
}

// Answers do not wait for each other, nor for what else takes its time.
func TestAnswersDoNotWaitForEachOther(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Refresh = func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}
		w.start()
		w.archive(179, "News", entry{"Item", "", ""})
		c := &crowd{world: w}
		hang := func(method string) {
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Hang, Methods: []string{method}, Times: 1})
		}
		m := w.tell(w.admin, "/status")
		hang("answerCallbackQuery")
		w.admin.PressData(m, "1:bst")
		synctest.Wait()
		wantPopup(t, c.answerAtOnce(w.admin.PressData(m, "1:bst")), "")

		w.admin.Write("/broadcast") // looks for new issues, which takes a minute
		w.pass(time.Second)
		wantPopup(t, c.answerAtOnce(w.admin.PressData(m, "1:bst")), "")

		hang("answerInlineQuery")
		w.ann.Inline("it", "")
		synctest.Wait()
		q := w.ann.Inline("item", "")
		synctest.Wait()
		if answer, ok := q.Answer(); !ok || len(answer.Results) != 1 {
			t.Errorf("the second inline query got %q, %t", titles(answer), ok)
		}
		w.pass(2 * time.Minute)
	})
}

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
