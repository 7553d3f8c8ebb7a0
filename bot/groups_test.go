package bot_test

import (
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

func TestGroup(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		group := w.sim.NewSupergroup("Friends", w.ann, w.li)
		m := w.one(group, func() { group.AddBot(w.ann) })
		wantText(t, m, "An admin of this chat", "/subscribe")

		m = w.one(group, func() { w.li.WriteIn(group, "/subscribe@digest_sim_bot") })
		wantText(t, m, "只有这里的管理员才能修改")
		w.wantState(group.ID, subscribers.Off)
		m = w.one(group, func() { w.ann.WriteIn(group, "/subscribe") })
		wantText(t, m, "Subscribed.")
		w.wantState(group.ID, subscribers.On)

		m = w.one(group, func() { w.ann.WriteIn(group, "/sections") })
		answer, now := w.press(w.li, m, "✅ Tools")
		if !answer.Alert || answer.Text != "只有这里的管理员才能修改。" {
			t.Errorf("the member's press got %+v", answer)
		}
		wantRow(t, now, "✅ Tools")
		_, now = w.press(w.ann, m, "✅ Tools")
		wantRow(t, now, "⬜ Tools")

		for _, text := range []string{"hello", "/nonsense", "/help@other_bot", "/broadcast"} {
			if said := w.said(group, func() { w.ann.WriteIn(group, text) }); len(said) != 0 {
				t.Errorf("to %q the bot said %q, want nothing", text, texts(said))
			}
		}
		wantText(t, w.one(group, func() { w.ann.WriteIn(group, "/nonsense@digest_sim_bot") }), "/help")
	})
}

func TestRightsAreBelievedForAMinute(t *testing.T) {
	inWorld(t, func(w *world) {
		group := w.sim.NewSupergroup("Friends", w.ann, w.li)
		w.said(group, func() { group.AddBot(w.ann) })
		w.said(group, func() { w.li.WriteIn(group, "/subscribe") })
		group.Promote(w.li, telegramsim.AllRights(), false)
		w.pass(time.Minute)
		w.said(group, func() { w.li.WriteIn(group, "/subscribe") })
		w.wantState(group.ID, subscribers.On)
	})
}

func TestRightsThatCannotBeChecked(t *testing.T) {
	inWorld(t, func(w *world) {
		group := w.sim.NewSupergroup("Friends", w.ann)
		w.said(group, func() { group.AddBot(w.ann) })
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.ServerError, Methods: []string{"getChatMember"}, Times: 1})
		wantText(t, w.one(group, func() { w.ann.WriteIn(group, "/subscribe") }), "could not check")
		w.wantState(group.ID, subscribers.Off)
	})
}

func TestAnonymousAdmin(t *testing.T) {
	inWorld(t, func(w *world) {
		group := w.sim.NewSupergroup("Friends", w.ann, w.li)
		w.said(group, func() { group.AddBot(w.ann) })
		group.Promote(w.li, telegramsim.AllRights(), true)
		w.said(group, func() { w.li.WriteIn(group, "/subscribe") })
		w.wantState(group.ID, subscribers.On)
	})
}

func TestGroupIsNotSentTheSameIssueTwiceForAMember(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		group := w.sim.NewSupergroup("Friends", w.ann, w.li)
		w.said(group, func() { group.AddBot(w.ann) })
		if said := w.said(group, func() { w.li.WriteIn(group, "/latest") }); len(said) != 2 {
			w.t.Fatalf("the bot said %q, want cover and section", texts(said))
		}
		w.pass(time.Minute)
		wantText(t, w.one(group, func() { w.li.WriteIn(group, "/latest") }), "已经发到这里了")
		if said := w.said(group, func() { w.ann.WriteIn(group, "/latest") }); len(said) != 2 {
			t.Errorf("to the admin the bot said %q, want cover and section", texts(said))
		}
	})
}

func TestChannel(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		channel := w.sim.NewChannel("Announcements", w.ann, w.li)
		wantText(t, w.one(channel, func() { channel.AddBot(w.ann) }), "An admin of this chat")
		wantText(t, w.one(channel, func() { w.ann.WriteIn(channel, "/subscribe") }), "Subscribed.")
		w.wantState(channel.ID, subscribers.On)
		m := w.one(channel, func() { w.ann.WriteIn(channel, "/sections") })
		answer, _ := w.press(w.li, m, "✅ News")
		if !answer.Alert {
			t.Errorf("a subscriber's press got %+v, want an alert", answer)
		}
		_, now := w.press(w.ann, m, "✅ News")
		wantRow(t, now, "⬜ News")
	})
}

func TestTopic(t *testing.T) {
	inWorld(t, func(w *world) {
		forum := w.sim.NewForum("Club", w.ann)
		w.said(forum, func() { forum.AddBot(w.ann) })
		topic := forum.NewTopic(w.ann, "Reading")
		m := w.one(forum, func() { w.ann.WriteInTopic(forum, topic, "/subscribe") })
		if m.Thread != topic {
			t.Errorf("the answer is in topic %d, want %d", m.Thread, topic)
		}
		if got := w.state(forum.ID, topic); got != subscribers.On {
			t.Errorf("the topic is %q, want on", got)
		}
		if got := w.state(forum.ID, 0); got == subscribers.On {
			t.Error("the whole forum is subscribed, want the topic only")
		}
	})
}

func TestMembership(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.ann, "/subscribe")
		w.ann.Block()
		w.settle()
		w.wantState(w.ann.ID(), subscribers.Gone)
		w.ann.Unblock()
		w.settle()
		w.wantState(w.ann.ID(), subscribers.On)

		group := w.sim.NewGroup("Friends", w.ann)
		w.said(group, func() { group.AddBot(w.ann) })
		w.said(group, func() { w.ann.WriteIn(group, "/subscribe") })
		group.RemoveBot(w.ann)
		w.settle()
		w.wantState(group.ID, subscribers.Gone)
		wantText(t, w.one(group, func() { group.AddBot(w.ann) }), "Good to be back!")
		w.wantState(group.ID, subscribers.On)

		super := group.Upgrade()
		w.settle()
		w.wantState(super.ID, subscribers.On)
		if got := w.state(group.ID, 0); got != "" {
			t.Errorf("the old group is %q, want unknown", got)
		}
	})
}
