package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"digestbot/bot/replies"
	"digestbot/bot/telegramsim"
	"digestbot/internal/longtest"
)

const replyWaits = "⏳ This waits"

// Whatever keeps the bot from the editors' chat, letters wait for it in their order, readers
// and admins are told once, and nothing comes to another place.
func TestRepliesWaitForTheEditors(t *testing.T) {
	for name, test := range map[string]struct {
		lose, restore func(w *editorsWorld)
		told          string // admins
	}{
		"removed":      {func(w *editorsWorld) { w.group.RemoveBot(w.bea) }, func(w *editorsWorld) { w.group.AddBot(w.bea) }, "I am not in the group"},
		"muted":        {func(w *editorsWorld) { w.group.MuteBot(w.bea) }, func(w *editorsWorld) { w.group.DemoteBot(w.bea) }, "I may not write in the group"},
		"topic closed": {func(w *editorsWorld) { w.group.CloseTopic(w.config.Replies.Topic) }, func(w *editorsWorld) { w.group.PromoteBot(w.bea, telegramsim.AllRights()) }, "the topic"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorldToStart(t, func(world *world) {
				w := newEditorsWorld(world, 1)
				t := w.t
				w.tell(w.admin, "/help")
				test.lose(w)
				before, admins := len(w.group.FromBot()), len(w.admin.Chat().FromBot())
				w.ann.Reply(w.issue[1], "Letter one")
				w.pass(2 * time.Minute)
				w.ann.Reply(w.issue[1], "Letter two")
				w.pass(2 * time.Hour)
				if count(w.ann.Chat(), replyWaits) != 2 || count(w.ann.Chat(), passedOn) != 0 {
					t.Errorf("Ann is told %q", texts(w.ann.Chat().FromBot()))
				}
				told := w.admin.Chat().FromBot()[admins:]
				wantTexts(t, told, "⚠️ Replies of readers are not passed on")
				wantText(t, told[0], test.told, "They are kept")
				w.stop() // also over a restart
				w.start()
				test.restore(w)
				w.pass(2 * time.Minute)
				got := slices.DeleteFunc(w.group.FromBot()[before:], func(m telegramsim.Message) bool { return strings.HasPrefix(m.Text, "👋") })
				wantTexts(t, got, "✉️ Reader ", "Letter one", "Letter two")
				for _, m := range got {
					if m.Thread != w.config.Replies.Topic {
						t.Errorf("%q is in topic %d", m.Text, m.Thread)
					}
				}
				if count(w.ann.Chat(), replyWaits) != 0 || count(w.ann.Chat(), passedOn) != 2 {
					t.Errorf("Ann is told %q", texts(w.ann.Chat().FromBot()))
				}
				if n := count(w.admin.Chat(), "✅ Replies of readers"); n != 1 {
					t.Errorf("the admin is told %d times that it works again: %q", n, texts(w.admin.Chat().FromBot()))
				}
			})
		})
	}
}

// A group that becomes a supergroup has another id. Letters come there, and answers from there,
// also after a restart with the old id.
func TestEditorsGroupIsUpgraded(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		bea := w.sim.NewPerson("Bea", telegramsim.Language("en"))
		group := w.sim.NewGroup("Editors", bea)
		group.AddBot(bea)
		w.config.Replies = replies.Target{Chat: group.ID}
		w.issue(179, "News", "Tools")
		w.start()
		w.tell(w.ann, "/subscribe")
		issue := w.latest(w.ann)
		wantTexts(t, w.said(group, func() { w.ann.Reply(issue[1], "Before") }), "✉️ Reader ", "Before")
		super := group.Upgrade()
		got := w.said(super, func() { w.ann.Reply(issue[1], "After"); w.pass(10 * time.Second) })
		wantTexts(t, got, "✉️ Reader ", "After")
		w.stop()
		w.start()
		wantTexts(t, w.said(w.ann.Chat(), func() { bea.Reply(got[1], "An answer") }), "An answer")
		wantTexts(t, w.said(super, func() { w.ann.Reply(issue[1], "More") }), "More")
	})
}

// Admins who mend what was wrong at the start hear that it is right now, also if nobody writes.
func TestEditorsGroupIsMended(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		bea := w.sim.NewPerson("Bea")
		group := w.sim.NewSupergroup("Editors", bea)
		w.config.Replies = replies.Target{Chat: group.ID}
		w.admin.Write("/help")
		w.start()
		w.pass(2 * time.Minute)
		if n := count(w.admin.Chat(), "✅ Replies of readers"); n != 0 || count(w.admin.Chat(), "⚠️ Replies of readers") != 1 {
			t.Errorf("the admin is told %q", texts(w.admin.Chat().FromBot()))
		}
		group.AddBot(bea)
		w.pass(2 * time.Minute)
		if n := count(w.admin.Chat(), "✅ Replies of readers"); n != 1 {
			t.Errorf("the admin is told %d times that it is right now: %q", n, texts(w.admin.Chat().FromBot()))
		}
	})
}

// A channel would show letters to all its readers.
func TestNoRepliesInAChannel(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		bea := w.sim.NewPerson("Bea")
		channel := w.sim.NewChannel("Public", bea)
		channel.AddBot(bea)
		w.config.Replies = replies.Target{Chat: channel.ID}
		w.issue(179, "News", "Tools")
		w.admin.Write("/help")
		w.start()
		w.tell(w.ann, "/subscribe")
		issue := w.latest(w.ann)
		before := len(channel.FromBot())
		w.ann.Reply(issue[1], "Not for everybody")
		w.pass(5 * time.Minute)
		if got := channel.FromBot()[before:]; len(got) != 0 {
			t.Errorf("the channel has %q", texts(got))
		}
		if count(w.admin.Chat(), "⚠️ Replies of readers are not passed on") != 1 || strings.Count(w.log.String(), "names a channel") != 1 {
			t.Errorf("the admin is told %q", texts(w.admin.Chat().FromBot()))
		}
	})
}

// If the bot may not write any more below a header that is there, Telegram only says that the
// letter cannot be copied. It waits all the same.
func TestEditorsGroupMutesTheBotInTheMiddle(t *testing.T) {
	withEditors(t, func(w *editorsWorld) {
		wantTexts(w.t, w.passed(func() { w.ann.Reply(w.issue[1], "One") }), "✉️ Reader ", "One")
		w.group.MuteBot(w.bea)
		w.ann.Reply(w.issue[1], "Two")
		w.pass(2 * time.Minute)
		if count(w.ann.Chat(), replyWaits) != 1 {
			w.t.Errorf("Ann is told %q", texts(w.ann.Chat().FromBot()))
		}
		w.group.DemoteBot(w.bea)
		w.pass(2 * time.Minute)
		wantText(w.t, last(w.group.FromBot()), "Two")
	})
}

// A group that protects its content is one for editors as well.
func TestEditorsGroupIsProtected(t *testing.T) {
	withEditors(t, func(w *editorsWorld) {
		w.group.Protect(true)
		got := w.passed(func() { w.ann.Reply(w.issue[1], "This works") })
		wantTexts(w.t, got, "✉️ Reader ", "This works")
		wantTexts(w.t, w.said(w.ann.Chat(), func() { w.bea.Reply(got[1], "Both ways") }), "Both ways")
	})
}

// With "admins" everybody gets a copy, the first answer goes back, and the others hear of it.
func TestRepliesToAdmins(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		bob := w.sim.NewPerson("Bob", telegramsim.Language("en"), telegramsim.WithID(78))
		cy := w.sim.NewPerson("Cy", telegramsim.WithID(79)) // has never written to the bot
		w.config.Admins = []int64{adminID, bob.ID(), cy.ID()}
		w.config.Replies = replies.Target{Admins: true}
		w.issue(179, "News", "Tools")
		w.start()
		w.tell(w.admin, "/help")
		w.tell(bob, "/help")
		w.tell(w.ann, "/subscribe")
		issue := w.latest(w.ann)
		bobs, adas := len(bob.Chat().FromBot()), len(w.admin.Chat().FromBot())
		letter := w.ann.Reply(issue[1], "To whom it may concern")
		w.settle()
		toBob, toAda := bob.Chat().FromBot()[bobs:], w.admin.Chat().FromBot()[adas:]
		wantTexts(t, toBob, "✉️ Reader ", "To whom")
		wantTexts(t, toAda, "✉️ Reader ", "To whom")
		if n := count(w.ann.Chat(), passedOn); n != 1 {
			t.Errorf("Ann is told %d times", n)
		}
		var told []telegramsim.Message
		back := w.said(w.ann.Chat(), func() { told = w.said(w.admin.Chat(), func() { bob.Reply(toBob[1], "Bob here") }) })
		wantTexts(t, back, "Bob here")
		wantTexts(t, told, "✅ Somebody else has answered this.")
		if told[0].ReplyTo != toAda[1].ID || back[0].ReplyTo != letter.ID {
			t.Errorf("Ada is told in %+v", told[0])
		}
		wantTexts(t, w.said(w.ann.Chat(), func() { bob.Reply(toBob[1], "One more thing") }), "One more thing")
		late := w.said(w.admin.Chat(), func() { w.admin.Reply(toAda[1], "Ada as well") })
		wantTexts(t, late, "Somebody else has answered this reader")
		// A file that answers is no draft.
		wantTexts(t, w.said(w.ann.Chat(), func() { bob.ReplyPhoto(toBob[0], "a picture") }), "a picture")
		// The conversation goes on with all of them.
		more := w.said(w.admin.Chat(), func() { w.ann.Reply(back[0], "Thanks, Bob") })
		wantTexts(t, more, "Thanks, Bob")
		// Who is no admin any more answers nothing. One who has blocked the bot holds up nobody.
		w.admin.Block()
		wantTexts(t, w.said(bob.Chat(), func() { w.ann.Reply(issue[1], "And another") }), "And another")
		bob.Block()
		w.ann.Reply(issue[1], "Nobody there")
		w.pass(2 * time.Minute)
		if n := count(w.ann.Chat(), replyWaits); n != 1 {
			t.Errorf("Ann is told %d times that a letter waits", n)
		}
		bob.Unblock()
		bob.Write("/help")
		w.pass(2 * time.Minute)
		if n := count(bob.Chat(), "Nobody there"); n != 1 {
			t.Errorf("Bob has the letter %d times", n)
		}
		for _, m := range w.ann.Chat().FromBot() {
			if strings.Contains(fmt.Sprintf("%+v", m.Keyboard), "78") {
				t.Errorf("%q shows Bob", m.Text)
			}
		}
	})
}

// What Telegram refuses for a while, or does not answer, arrives all the same: what got no
// answer may come twice, and nothing else.
func TestRepliesThroughFaults(t *testing.T) {
	for name, test := range map[string]struct {
		fault telegramsim.Fault
		most  int // how often a letter comes
	}{
		"told to wait":    {telegramsim.Fault{Kind: telegramsim.TooMany, RetryAfter: 20, Times: 2}, 1},
		"server error":    {telegramsim.Fault{Kind: telegramsim.ServerError, Times: 2}, 1},
		"no answer":       {telegramsim.Fault{Kind: telegramsim.LoseAnswer, Times: 1}, 2},
		"never an answer": {telegramsim.Fault{Kind: telegramsim.LoseAnswer, Times: 4}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			withEditors(t, func(w *editorsWorld) {
				t := w.t
				test.fault.Methods = []string{"copyMessage"}
				w.sim.Inject(test.fault)
				w.early = 10
				w.ann.Reply(w.issue[1], "Letter one")
				w.ann.Reply(w.issue[1], "Letter two")
				w.pass(10 * time.Minute)
				for _, text := range []string{"Letter one", "Letter two"} {
					if n := count(w.group, text); n < 1 || n > test.most {
						t.Errorf("%s is there %d times", text, n)
					}
				}
				if n := count(w.ann.Chat(), passedOn); n != 2 {
					t.Errorf("Ann is told %q", texts(w.ann.Chat().FromBot()))
				}
			})
		})
	}
}

// An edit that has no room beside a paid broadcast is brought when there is some.
func TestEditBesideAPaidBroadcast(t *testing.T) {
	longtest.Only(t)
	inWorldToStart(t, func(world *world) {
		world.config.Paid, world.config.Rate = true, 100
		w := newEditorsWorld(world, 0)
		w.audience(700)
		letter := w.ann.Reply(w.issue[1], "Letter")
		w.settle()
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.TooMany, RetryAfter: 3, Methods: []string{"editMessageText"}, Chat: w.group.ID, Times: 1})
		w.early = 10
		question := w.tell(w.admin, "/broadcast")
		if _, err := w.admin.Press(question, "📣 Send now"); err != nil {
			w.t.Fatal(err)
		}
		w.pass(2 * time.Second)
		w.ann.Edit(letter, "Better letter")
		w.finished()
		w.pass(time.Hour)
		if count(w.group, "Better letter") != 1 {
			w.t.Errorf("the group has %q", texts(w.group.FromBot()))
		}
	})
}

// Headers, copies and answers that people delete are in nobody's way.
func TestDeletedRepliesAreInNobodysWay(t *testing.T) {
	withEditors(t, func(w *editorsWorld) {
		got := w.passed(func() { w.ann.Reply(w.issue[1], "Letter one") })
		w.group.Remove(got[0])
		again := w.passed(func() { w.ann.Reply(w.issue[1], "Letter two") })
		wantTexts(t, again, "✉️ Reader ", "Letter two")
		if again[1].ReplyTo != again[0].ID || name(again[0]) != name(got[0]) {
			t.Errorf("the letter is %+v, want it below another header", again[1])
		}
		var answer telegramsim.Message
		back := w.said(w.ann.Chat(), func() { answer = w.bea.Reply(again[1], "An answer") })
		w.group.Remove(answer)
		wantTexts(t, w.passed(func() { w.ann.Reply(back[0], "Letter three") }), "Letter three")
		// The reader deletes what they wrote before it is passed on: nobody hears anything.
		w.group.MuteBot(w.bea)
		letter := w.ann.Reply(w.issue[1], "Letter four")
		w.pass(time.Second)
		w.ann.Delete(letter)
		w.group.DemoteBot(w.bea)
		before := len(w.ann.Chat().FromBot())
		w.pass(3 * time.Minute)
		if n := count(w.group, "Letter four"); n != 0 {
			t.Errorf("the editors get what was deleted %d times", n)
		}
		if said := w.ann.Chat().FromBot()[before:]; count(w.ann.Chat(), passedOn) != 3 {
			t.Errorf("Ann is told %q", texts(said))
		}
	})
}

// An admin who reads writes letters as others do, and does not answer themselves.
func TestAdminsAreReadersToo(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Replies = replies.Target{Admins: true}
		w.issue(179, "News", "Tools")
		w.start()
		w.tell(w.admin, "/subscribe")
		issue := w.latest(w.admin)
		got := w.said(w.admin.Chat(), func() { w.admin.Reply(issue[1], "To myself") })
		wantTexts(t, got, "✉️ Reader ", "To myself", passedOn)
		wantTexts(t, w.said(w.admin.Chat(), func() { w.admin.Reply(got[1], "And once more") }), "And once more", passedOn)
	})
}
