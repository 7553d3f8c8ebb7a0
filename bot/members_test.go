package bot_test

import (
	"testing"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

func TestGreetings(t *testing.T) {
	inWorld(t, func(w *world) {
		for _, test := range []struct {
			by     *telegramsim.Person
			group  string
			forum  string
			posted string
		}{
			{w.ann, "An admin of this chat can", "/subscribe in the topic", "Admins of this channel: post /subscribe"},
			{w.li, "本群或频道的管理员可以用 /subscribe", "就在哪个话题里发送 /subscribe", "频道管理员可以在这里发布 /subscribe"},
		} {
			for _, chat := range []*telegramsim.Chat{w.sim.NewGroup("Friends", test.by), w.sim.NewSupergroup("Friends", test.by)} {
				wantText(t, w.one(chat, func() { chat.AddBot(test.by) }), test.group)
				wantText(t, w.one(chat, func() { test.by.WriteIn(chat, "/start") }), test.group)
			}
			forum := w.sim.NewForum("Club", test.by)
			wantText(t, w.one(forum, func() { forum.AddBot(test.by) }), test.group, test.forum, "/topics")
			channel := w.sim.NewChannel("News", test.by)
			wantText(t, w.one(channel, func() { channel.AddBot(test.by) }), test.posted)
		}
	})
}

// Who let the bot into a channel is told in private what to do: the readers
// need not see it.
func TestChannelIsExplainedInPrivate(t *testing.T) {
	inWorld(t, func(w *world) {
		for _, test := range []struct {
			by         *telegramsim.Person
			come, back string
		}{
			{w.ann, "I am in the channel News <1> now. Post /subscribe", "back in the channel News <1>! It is subscribed again"},
			{w.li, "我已加入频道 News <1>。", "我回到了频道 News <1>"},
		} {
			w.tell(test.by, "/start")
			channel := w.sim.NewChannel("News <1>", test.by)
			said := w.said(channel, func() {
				wantText(t, w.one(test.by.Chat(), func() { channel.AddBot(test.by) }), test.come)
			})
			if len(said) != 0 {
				t.Errorf("the channel reads %q, want nothing", texts(said))
			}
			w.said(channel, func() { test.by.WriteIn(channel, "/subscribe") })
			channel.RemoveBot(test.by)
			w.settle()
			w.wantState(channel.ID, subscribers.Gone)
			wantText(t, w.one(test.by.Chat(), func() { channel.AddBot(test.by) }), test.back)
			w.wantState(channel.ID, subscribers.On)
		}
	})
}

func TestAddedWithoutTheRightToPost(t *testing.T) {
	inWorld(t, func(w *world) {
		for _, test := range []struct {
			by   *telegramsim.Person
			mute string
			free string
		}{
			{w.ann, "not allowed to post there", "An admin of this chat can"},
			{w.li, "没有发言权限", "本群或频道的管理员可以用"},
		} {
			group, channel := w.sim.NewSupergroup("Friends <3", test.by), w.sim.NewChannel("News", test.by)
			// Nobody can be told whom the bot has never met.
			for _, chat := range []*telegramsim.Chat{group, channel} {
				if said := w.said(chat, func() { chat.AddBotMuted(test.by) }); len(said) != 0 {
					t.Errorf("the bot said %q where it may not", texts(said))
				}
				chat.RemoveBot(test.by)
			}
			w.tell(test.by, "/start")
			wantText(t, w.one(test.by.Chat(), func() { group.AddBotMuted(test.by) }), "Friends <3", test.mute)
			wantText(t, w.one(test.by.Chat(), func() { channel.AddBotMuted(test.by) }), "News", test.mute)
			// Given the right, it says what it would have said.
			wantText(t, w.one(group, func() { group.DemoteBot(test.by) }), test.free)
			if said := w.said(group, func() { group.PromoteBot(test.by, telegramsim.AllRights()) }); len(said) != 0 {
				t.Errorf("promoted, the bot said %q, want nothing", texts(said))
			}
			wantText(t, w.one(test.by.Chat(), func() { channel.PromoteBot(test.by, telegramsim.AllRights()) }), "News", "/subscribe")
			wantText(t, w.one(test.by.Chat(), func() { channel.DemoteBot(test.by) }), "News", test.mute)
		}
	})
}

// A group may let its members read only, which the bot's own standing does not
// tell.
func TestGreetingThatIsRefused(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.ann, "/start")
		group := w.sim.NewSupergroup("Friends", w.ann)
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: telegramsim.WriteForbidden, Chat: group.ID, Times: 1})
		wantText(t, w.one(w.ann.Chat(), func() { group.AddBot(w.ann) }), "not allowed to post there")
	})
}

// Issues that were refused three times switch a group off; made an admin, the
// bot is back.
func TestPromotedBotIsBack(t *testing.T) {
	inWorld(t, func(w *world) {
		group := w.sim.NewSupergroup("Friends", w.li)
		w.said(group, func() { group.AddBot(w.li) })
		w.said(group, func() { w.li.WriteIn(group, "/subscribe") })
		if err := w.store.MarkGone(w.t.Context(), group.ID, "no rights"); err != nil {
			t.Fatal(err)
		}
		wantText(t, w.one(group, func() { group.PromoteBot(w.li, telegramsim.AllRights()) }), "我回来了")
		w.wantState(group.ID, subscribers.On)
	})
}

// Some apps do not tell the language: then it is the one the person had before,
// or the chat's.
func TestGreetingOfSomebodyWithoutALanguage(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Language = "zh-Hans"
		w.start()
		who := w.sim.NewPerson("Who")
		group := w.sim.NewSupergroup("Friends", who, w.ann)
		wantText(t, w.one(group, func() { group.AddBot(who) }), "大家好")
		group.Promote(w.ann, telegramsim.AllRights(), false)
		wantText(t, w.one(group, func() { w.ann.WriteIn(group, "/subscribe") }), "Subscribed.")
		group.RemoveBot(who)
		wantText(t, w.one(group, func() { group.AddBot(who) }), "Good to be back!")

		if _, err := w.store.EnsureChat(w.t.Context(), subscribers.Chat{ID: who.ID(), Kind: subscribers.Private, Language: "en"}); err != nil {
			t.Fatal(err)
		}
		other := w.sim.NewSupergroup("Others", who)
		wantText(t, w.one(other, func() { other.AddBot(who) }), "An admin of this chat can")
	})
}

// Leaving switches a group off and keeps what it chose; moving to a supergroup
// keeps all of it.
func TestGroupKeepsItsChoice(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		group := w.sim.NewGroup("Friends", w.ann)
		w.said(group, func() { group.AddBot(w.ann) })
		w.said(group, func() { w.ann.WriteIn(group, "/subscribe") })
		m := w.one(group, func() { w.ann.WriteIn(group, "/sections") })
		w.press(w.ann, m, "✅ Tools")
		group.RemoveBot(w.ann)
		w.settle()
		w.wantState(group.ID, subscribers.Gone)
		wantText(t, w.one(group, func() { group.AddBot(w.ann) }), "Good to be back!")
		super := group.Upgrade()
		w.settle()
		w.wantState(super.ID, subscribers.On)
		m = w.one(super, func() { w.ann.WriteIn(super, "/sections@digest_sim_bot") })
		wantRow(t, m, "⬜ Tools")
		if got := texts(w.said(super, func() { w.ann.WriteIn(super, "/latest") })); len(got) != 2 {
			t.Errorf("the issue arrived as %q, want cover and News", got)
		}
	})
}
