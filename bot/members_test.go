package bot_test

import (
	"strings"
	"testing"
	"time"

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
			{w.ann, "Admins of this chat can", "/subscribe in the topic", "Admins manage this in a private chat"},
			{w.li, "本群管理员可以让每一期都发到这里", "就在哪个话题里发送 /subscribe", "管理员请到与我的私聊中设置"},
		} {
			for _, chat := range []*telegramsim.Chat{w.sim.NewGroup("Friends", test.by), w.sim.NewSupergroup("Friends", test.by)} {
				wantText(t, w.one(chat, func() { chat.AddBot(test.by) }), test.group)
				w.pass(time.Minute)
				wantText(t, w.one(chat, func() { test.by.WriteIn(chat, "/start") }), test.group)
			}
			forum := w.sim.NewForum("Club", test.by)
			wantText(t, w.one(forum, func() { forum.AddBot(test.by) }), test.group, test.forum, "/topics")
			channel := w.sim.NewChannel("News", test.by)
			wantText(t, w.one(channel, func() { channel.AddBot(test.by) }), test.posted)
		}
	})
}

// The person who let the bot into a channel is told in private what to do: its readers
// need not see that.
func TestChannelIsExplainedInPrivate(t *testing.T) {
	inWorld(t, func(w *world) {
		for _, test := range []struct {
			by         *telegramsim.Person
			come, back string
		}{
			{w.ann, "📢 News <1>\n\n👋 I am in this channel now.", "📢 News <1>\n\n👋 Good to be back in this channel! It is subscribed again"},
			{w.li, "📢 News <1>\n\n👋 我已加入这个频道。", "📢 News <1>\n\n👋 我回到了这个频道"},
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
			{w.ann, "not allowed to post there", "Admins of this chat can"},
			{w.li, "没有发言权限", "本群管理员可以让"},
		} {
			group, channel := w.sim.NewSupergroup("Friends <3", test.by), w.sim.NewChannel("News", test.by)
			// The bot can tell nobody who has never written to it.
			for _, chat := range []*telegramsim.Chat{group, channel} {
				if said := w.said(chat, func() { chat.AddBotMuted(test.by) }); len(said) != 0 {
					t.Errorf("the bot said %q where it may not", texts(said))
				}
				chat.RemoveBot(test.by)
			}
			w.tell(test.by, "/start")
			wantText(t, w.one(test.by.Chat(), func() { group.AddBotMuted(test.by) }), "Friends <3", test.mute)
			wantText(t, w.one(test.by.Chat(), func() { channel.AddBotMuted(test.by) }), "News", test.mute)
			// When it gets the right to post, it says what it would have said before.
			wantText(t, w.one(group, func() { group.DemoteBot(test.by) }), test.free)
			if said := w.said(group, func() { group.PromoteBot(test.by, telegramsim.AllRights()) }); len(said) != 0 {
				t.Errorf("promoted, the bot said %q, want nothing", texts(said))
			}
			wantText(t, w.one(test.by.Chat(), func() { channel.PromoteBot(test.by, telegramsim.AllRights()) }), "📢 News", "/channels")
			wantText(t, w.one(test.by.Chat(), func() { channel.DemoteBot(test.by) }), "News", test.mute)
		}
	})
}

// A group may let its members read only. The bot's own standing does not show that.
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
		wantText(t, w.one(other, func() { other.AddBot(who) }), "Admins of this chat can")
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

// upgraded runs f while a group that is on becomes a supergroup, just before the next
// call of the method, and returns what the bot says in the supergroup.
func upgraded(w *world, method string, f func(group *telegramsim.Chat)) (fresh *telegramsim.Chat, said []telegramsim.Message) {
	w.t.Helper()
	group := w.sim.NewGroup("Friends", w.ann)
	w.said(group, func() { group.AddBot(w.ann) })
	w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Migrate, Methods: []string{method}, Times: 1})
	before := len(group.FromBot())
	f(group)
	w.settle()
	if said := group.FromBot()[before:]; len(said) != 0 {
		w.t.Errorf("the bot said %q in the group that is no more", texts(said))
	}
	for _, m := range group.Messages() {
		if m.Service == "The group became a supergroup" {
			fresh = w.sim.Chat(group.ID - 1 - 1_000_000_000_000)
		}
	}
	if fresh == nil {
		w.t.Fatal("the group has not become a supergroup")
	}
	return fresh, fresh.FromBot()
}

// An answer on its way arrives where the group is now.
func TestAnswerFollowsAGroupThatMoves(t *testing.T) {
	for _, test := range []struct{ method, command, want string }{
		{"sendMessage", "/help", "What I can do"},
		{"sendMessage", "/subscribe", "Subscribed."},
		{"getChatAdministrators", "/subscribe", "Subscribed."},
		{"getChatAdministrators", "/settings", "Settings"},
	} {
		t.Run(test.command+" before "+test.method, func(t *testing.T) {
			inWorld(t, func(w *world) {
				fresh, said := upgraded(w, test.method, func(group *telegramsim.Chat) { w.ann.WriteIn(group, test.command+"@digest_sim_bot") })
				if all := strings.Join(texts(said), "\n"); len(said) != 1 || !strings.Contains(all, test.want) {
					t.Errorf("the bot said %q in the supergroup, want one answer with %q", all, test.want)
				}
				if test.command == "/subscribe" {
					w.wantState(fresh.ID, subscribers.On)
				}
				if strings.Contains(w.log.String(), "an answer did not arrive") || strings.Contains(w.log.String(), "cannot be checked") {
					t.Error("the log tells of a failure")
				}
				w.wantNoPanic()
			})
		})
	}
}

// Commands that were written before the group moved, and are read after that, keep its
// choices.
func TestCommandsWaitWhileAGroupMoves(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		fresh, said := upgraded(w, "sendMessage", func(group *telegramsim.Chat) {
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Methods: []string{"sendMessage"}, Delay: 3 * time.Second, Times: 1})
			w.ann.WriteIn(group, "/subscribe@digest_sim_bot")
			w.ann.WriteIn(group, "/subscribe@digest_sim_bot")
			w.ann.WriteIn(group, "/help@digest_sim_bot")
		})
		if all := strings.Join(texts(said), "\n"); len(said) != 3 || !strings.Contains(all, "already") {
			t.Errorf("the bot said %q, want three answers, the second that it is on already", texts(said))
		}
		w.wantState(fresh.ID, subscribers.On)
		counts, err := w.store.CountSubscribers(w.t.Context())
		if err != nil || counts[subscribers.On] != 1 {
			t.Errorf("%v chats are on (%v), want one", counts, err)
		}
	})
}

// An issue that is asked for while the group moves comes as well.
func TestLatestWhileAGroupMoves(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		_, said := upgraded(w, "getChatAdministrators", func(group *telegramsim.Chat) { w.ann.WriteIn(group, "/latest@digest_sim_bot") })
		if len(said) != 3 {
			t.Errorf("the bot said %q in the supergroup, want the issue", texts(said))
		}
	})
}

// Apps show the messages of a group above those of the supergroup that it has become.
// A button there says that it is out of date, and what the group has chosen stays,
// also when the bot does not know that the group has moved.
func TestButtonOfAGroupThatHasMoved(t *testing.T) {
	for _, restarted := range []bool{false, true} {
		inWorld(t, func(w *world) {
			w.issue(179, "News", "Tools")
			group := w.sim.NewGroup("Friends", w.ann)
			w.said(group, func() { group.AddBot(w.ann) })
			w.said(group, func() { w.ann.WriteIn(group, "/subscribe@digest_sim_bot") })
			m := w.one(group, func() { w.ann.WriteIn(group, "/sections@digest_sim_bot") })
			fresh := group.Upgrade()
			w.settle()
			if restarted {
				w.stop()
				w.start()
			}
			for _, button := range []string{"✅ Tools", "All off"} {
				answer, _ := w.press(w.ann, m, button)
				wantPopup(t, answer, "out of date")
			}
			counts, err := w.store.CountSubscribers(w.t.Context())
			if err != nil || counts[subscribers.On] != 1 || !restarted && counts[subscribers.Off] != 0 {
				t.Errorf("restarted %v: the chats are %v (%v), want one that is on", restarted, counts, err)
			}
			wantRow(t, w.one(fresh, func() { w.ann.WriteIn(fresh, "/sections@digest_sim_bot") }), "✅ Tools")
		})
	}
}
