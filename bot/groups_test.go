package bot_test

import (
	"strings"
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
		wantText(t, m, "Admins of this chat", "/sections")

		m = w.one(group, func() { w.li.WriteIn(group, "/subscribe@digest_sim_bot") })
		wantText(t, m, "只有这里的管理员才能修改")
		w.wantState(group.ID, subscribers.Off)
		m = w.one(group, func() { w.ann.WriteIn(group, "/subscribe") })
		wantText(t, m, "Subscribed.")
		w.wantState(group.ID, subscribers.On)

		m = w.one(group, func() { w.ann.WriteIn(group, "/sections") })
		answer, now := w.press(w.li, m, "✅ Tools")
		if !answer.Alert || !strings.HasPrefix(answer.Text, "只有这里的管理员才能修改。") {
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

func TestDemotedAdminLosesRightsWithinAMinute(t *testing.T) {
	inWorld(t, func(w *world) {
		group := w.sim.NewSupergroup("Friends", w.ann, w.li)
		w.said(group, func() { group.AddBot(w.ann) })
		group.Promote(w.li, telegramsim.AllRights(), false)
		w.said(group, func() { w.li.WriteIn(group, "/subscribe") })
		w.wantState(group.ID, subscribers.On)
		group.Demote(w.li)
		w.pass(time.Minute)
		wantText(t, w.one(group, func() { w.li.WriteIn(group, "/unsubscribe") }), "只有这里的管理员才能修改")
		w.wantState(group.ID, subscribers.On)
	})
}

func TestRightsThatCannotBeChecked(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		group := w.sim.NewSupergroup("Friends", w.ann, w.li)
		w.said(group, func() { group.AddBot(w.ann) })
		m := w.one(group, func() { w.ann.WriteIn(group, "/sections") })
		w.pass(time.Minute)
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.ServerError, Methods: []string{"getChatAdministrators"}, Times: 3})
		wantText(t, w.one(group, func() { w.ann.WriteIn(group, "/subscribe") }), "could not check")
		wantText(t, w.one(group, func() { w.li.WriteIn(group, "/subscribe") }), "暂时无法核实管理员身份")
		answer, now := w.press(w.ann, m, "✅ Tools")
		if !answer.Alert || !strings.Contains(answer.Text, "could not check") {
			t.Errorf("the press got %+v, want that rights could not be checked", answer)
		}
		wantRow(t, now, "✅ Tools")
		w.wantState(group.ID, subscribers.Off)
		// A check that did not work is not remembered.
		w.said(group, func() { w.ann.WriteIn(group, "/subscribe") })
		w.wantState(group.ID, subscribers.On)
	})
}

// In a discussion group, posts of the linked channel are copies, and people may
// write in the name of channels: neither speaks for the group.
func TestChannelsInAGroup(t *testing.T) {
	inWorld(t, func(w *world) {
		channel, group := w.sim.NewChannel("News", w.ann), w.sim.NewSupergroup("Talk", w.ann, w.li)
		w.said(group, func() { group.AddBot(w.ann) })
		w.said(channel, func() { channel.AddBot(w.ann) })
		channel.Link(group)
		before := len(group.FromBot())
		wantText(t, w.one(channel, func() { w.ann.WriteIn(channel, "/subscribe") }), "Subscribed.")
		w.wantState(channel.ID, subscribers.On)
		if got := w.state(group.ID, 0); got == subscribers.On {
			t.Error("the channel's command switched the discussion group on")
		}
		if got := group.FromBot(); len(got) != before {
			t.Errorf("to the copy the bot said %q", texts(got[before:]))
		}
		own := w.sim.NewChannel("Li's", w.li)
		wantText(t, w.one(group, func() { w.li.WriteAs(own, group, "/subscribe") }), "Only admins of this chat")
		wantText(t, w.one(group, func() { w.ann.WriteAs(channel, group, "/subscribe") }), "Only admins of this chat")
		w.wantState(group.ID, subscribers.Off)
	})
}

// An admin of the bot who says a command in a group that works in private is
// sent there; to anybody else nothing is said.
func TestAdminCommandInAGroupIsSentToThePrivateChat(t *testing.T) {
	inWorld(t, func(w *world) {
		group := w.sim.NewSupergroup("Friends", w.admin, w.ann)
		w.said(group, func() { group.AddBot(w.admin) })
		group.PromoteBot(w.admin, telegramsim.AllRights())
		w.settle()
		wantText(t, w.one(group, func() { w.admin.WriteIn(group, "/status") }), "for our private chat")
		if said := w.said(group, func() { w.ann.WriteIn(group, "/status") }); len(said) != 0 {
			t.Errorf("to a stranger the bot said %q", texts(said))
		}
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

func TestChannel(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		channel := w.sim.NewChannel("Announcements", w.ann, w.li)
		wantText(t, w.one(channel, func() { channel.AddBot(w.ann) }), "Hello, this is Digest!", "Admins manage this in a private chat")
		wantText(t, w.one(channel, func() { w.ann.WriteIn(channel, "/subscribe") }), "Subscribed.")
		w.wantState(channel.ID, subscribers.On)
		wantText(t, w.one(channel, func() { w.ann.WriteIn(channel, "/unsubscribe") }), "Unsubscribed.")
		w.wantState(channel.ID, subscribers.Off)
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

		w.issue(179, "News") // with all sections off, that it is subscribed again is half of the truth
		w.press(w.ann, w.one(group, func() { w.ann.WriteIn(group, "/sections") }), "✅ News")
		group.RemoveBot(w.ann)
		w.settle()
		back := w.one(group, func() { group.AddBot(w.ann) })
		wantText(t, back, "Good to be back!", "All sections are off, so nothing will arrive until there is a new one.")
		w.press(w.ann, back, "All on")
		if m := w.one(group, func() { w.ann.WriteIn(group, "/settings") }); strings.Contains(m.Text, "off") {
			t.Errorf("after All on the settings say %q", m.Text)
		}

		super := group.Upgrade()
		w.settle()
		w.wantState(super.ID, subscribers.On)
		if got := w.state(group.ID, 0); got != "" {
			t.Errorf("the old group is %q, want unknown", got)
		}
	})
}

// Every button of the switches, under any message, is for the group's admins.
// wantForAdmins has Li and another member, who are no admins of the chat, press a button.
// Each must be told so in their language, or be led to the private chat, and nothing else
// may happen.
func (w *world) wantForAdmins(chat *telegramsim.Chat, m telegramsim.Message, data string, english *telegramsim.Person) {
	w.t.Helper()
	for _, press := range []struct {
		by   *telegramsim.Person
		want string
	}{{w.li, "只有这里的管理员才能修改"}, {english, "Only admins of this chat"}} {
		said := w.said(chat, func() {
			answer, now := w.afterwards(press.by.PressData(m, data), m)
			if data == "1:sub" {
				wantLink(w.t, answer, "subscribe")
			} else {
				wantPopup(w.t, answer, press.want)
			}
			if now.Edits != 0 {
				w.t.Errorf("%s by %s changed the message to %q", data, press.by.Name(), now.Text)
			}
		})
		if len(said) != 0 {
			w.t.Errorf("%s by %s made the bot say %q", data, press.by.Name(), texts(said))
		}
	}
}

func TestSwitchesOfAGroup(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(178, "News", "Tools")
		w.issue(179, "News", "Tools", "Essay")
		bea := w.sim.NewPerson("Bea", telegramsim.Language("en"))
		group := w.sim.NewSupergroup("Friends", w.ann, w.li, bea)
		w.said(group, func() { group.AddBot(w.ann) })
		under := w.one(group, func() { w.ann.WriteIn(group, "/subscribe") })
		for _, data := range []string{"1:sub", "1:sec", "1:keep", "1:page:0", "1:mute:1:1:0", "1:all:1:0", "1:oth:1:0", "1:close"} {
			w.wantForAdmins(group, under, data, bea)
		}
		m := w.one(group, func() { w.ann.WriteIn(group, "/sections") })
		wantRow(t, m, "✅ News")
		wantRow(t, m, "✅ Other")
	})
}

// Where members are hidden and the bot is a plain member, Telegram tells it nothing about
// a single member. Admins have their rights all the same.
func TestAdminsWhereMembersAreHidden(t *testing.T) {
	for _, kind := range []string{"group", "supergroup", "forum"} {
		for _, promoted := range []bool{false, true} {
			name := kind
			if promoted {
				name += ", bot promoted"
			}
			t.Run(name, func(t *testing.T) {
				inWorld(t, func(w *world) {
					group := w.hidden(kind)
					if promoted {
						group.PromoteBot(w.ann, telegramsim.AllRights())
						w.settle()
					}
					walkWithHiddenMembers(w, group)
				})
			})
		}
	}
}

// hidden is a group of Ann, its owner, and Li whose members are hidden.
func (w *world) hidden(kind string) *telegramsim.Chat {
	w.t.Helper()
	var group *telegramsim.Chat
	switch kind {
	case "group":
		group = w.sim.NewGroup("Friends", w.ann, w.li)
	case "forum":
		group = w.sim.NewForum("Friends", w.ann, w.li)
	default:
		group = w.sim.NewSupergroup("Friends", w.ann, w.li)
	}
	group.HideMembers()
	w.said(group, func() { group.AddBot(w.ann) })
	return group
}

// walkWithHiddenMembers does as an admin and as a plain member what takes
// rights.
func walkWithHiddenMembers(w *world, group *telegramsim.Chat) {
	w.t.Helper()
	w.issue(179, "News", "Tools")
	for _, command := range []string{"/subscribe", "/settings", "/sections", "/pause 3w"} {
		wantText(w.t, w.oneFor(w.li, group, func() { w.li.WriteIn(group, command) }), "只有这里的管理员才能修改")
	}
	w.wantState(group.ID, subscribers.Off)
	wantText(w.t, w.oneFor(w.li, group, func() { w.li.WriteIn(group, "/latest") }), "只有这里的管理员才能让我在这里发送整期内容")

	wantText(w.t, w.one(group, func() { w.ann.WriteIn(group, "/subscribe") }), "Subscribed.")
	w.wantState(group.ID, subscribers.On)
	settings := w.one(group, func() { w.ann.WriteIn(group, "/settings") })
	answer, now := w.press(w.li, settings, "🔕 Turn sound off")
	wantPopup(w.t, answer, "只有这里的管理员才能修改")
	wantText(w.t, now, "the first message of an issue rings")
	_, now = w.press(w.ann, settings, "🔕 Turn sound off")
	wantText(w.t, now, "issues arrive silently")
	if said := w.said(group, func() { w.ann.WriteIn(group, "/latest") }); len(said) != 3 {
		w.t.Errorf("to /latest the group got %q, want the issue", texts(said))
	}
}

// An anonymous admin presses in the person's own name. A bot that is no admin
// does not find them in the list, and asks about them.
func TestAnonymousAdminPressesWhereTheBotIsNoAdmin(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		group := w.groupOfAnn()
		group.Promote(w.li, telegramsim.AllRights(), true)
		m := w.one(group, func() { w.li.WriteIn(group, "/sections") })
		_, now := w.press(w.li, m, "✅ Tools")
		wantRow(t, now, "⬜ Tools")
		group.HideMembers() // now Telegram says nothing about a single one
		w.pass(time.Minute)
		answer, now := w.press(w.li, now, "⬜ Tools")
		wantPopup(t, answer, "只有这里的管理员才能修改")
		wantRow(t, now, "⬜ Tools")
		wantText(t, w.one(group, func() { w.li.WriteIn(group, "/subscribe") }), "Subscribed.")
		group.PromoteBot(w.ann, telegramsim.AllRights())
		w.pass(time.Minute)
		_, now = w.press(w.li, now, "⬜ Tools")
		wantRow(t, now, "✅ Tools")
	})
}

// If Telegram is down when it is asked about a person, nothing is remembered of
// that person.
func TestHiddenAdminWhoCannotBeAskedAbout(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		group := w.groupOfAnn()
		group.Promote(w.li, telegramsim.AllRights(), true)
		m := w.one(group, func() { w.li.WriteIn(group, "/sections") })
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.ServerError, Methods: []string{"getChatMember"}, Times: 1})
		answer, _ := w.press(w.li, m, "✅ Tools")
		wantPopup(t, answer, "暂时无法核实管理员身份")
		_, now := w.press(w.li, m, "✅ Tools")
		wantRow(t, now, "⬜ Tools")
	})
}

// A new admin does not wait for the minute in which the bot believes that others are
// admins.
func TestNewAdminDoesNotWait(t *testing.T) {
	inWorld(t, func(w *world) {
		group := w.sim.NewSupergroup("Friends", w.ann, w.li)
		w.said(group, func() { group.AddBot(w.ann) })
		wantText(t, w.one(group, func() { w.li.WriteIn(group, "/subscribe") }), "只有这里的管理员才能修改")
		group.Promote(w.li, telegramsim.AllRights(), false)
		w.settle()
		w.said(group, func() { w.li.WriteIn(group, "/subscribe") })
		w.wantState(group.ID, subscribers.On)
	})
}

// The list of a chat's admins is asked for once, however many press.
func TestAdminsAreListedOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		group := w.club()
		m := w.one(group, func() { w.ann.WriteIn(group, "/subscribe") })
		before := w.sim.Stats().Calls["getchatadministrators"]
		for range 20 {
			w.sim.NewPerson("Eve").PressData(m, "1:page:0")
		}
		w.settle()
		if n := w.sim.Stats().Calls["getchatadministrators"] - before; n > 1 {
			t.Errorf("the admins were asked for %d times", n)
		}
		if n := w.sim.Stats().Calls["getchatmember"]; n != 0 {
			t.Errorf("%d members were asked about", n)
		}
	})
}
