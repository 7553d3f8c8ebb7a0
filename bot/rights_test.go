package bot_test

import (
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// Where members are hidden and the bot is a plain member, Telegram tells it
// nothing of a single one. Admins have their rights all the same.
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
		wantText(w.t, w.one(group, func() { w.li.WriteIn(group, command) }), "只有这里的管理员才能修改")
	}
	w.wantState(group.ID, subscribers.Off)
	wantText(w.t, w.one(group, func() { w.li.WriteIn(group, "/latest") }), "只有这里的管理员才能让我在这里发送整期内容")

	wantText(w.t, w.one(group, func() { w.ann.WriteIn(group, "/subscribe") }), "Subscribed.")
	w.wantState(group.ID, subscribers.On)
	settings := w.one(group, func() { w.ann.WriteIn(group, "/settings") })
	answer, now := w.press(w.li, settings, "🔕 Turn sound off")
	wantNotice(w.t, answer, "只有这里的管理员才能修改")
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
		group := w.sim.NewSupergroup("Friends", w.ann)
		w.said(group, func() { group.AddBot(w.ann) })
		group.Promote(w.li, telegramsim.AllRights(), true)
		m := w.one(group, func() { w.li.WriteIn(group, "/sections") })
		_, now := w.press(w.li, m, "✅ Tools")
		wantRow(t, now, "⬜ Tools")
		group.HideMembers() // now nothing is to be learned of them
		w.pass(time.Minute)
		answer, now := w.press(w.li, now, "⬜ Tools")
		wantNotice(t, answer, "只有这里的管理员才能修改")
		wantRow(t, now, "⬜ Tools")
		wantText(t, w.one(group, func() { w.li.WriteIn(group, "/subscribe") }), "Subscribed.")
		group.PromoteBot(w.ann, telegramsim.AllRights())
		w.pass(time.Minute)
		_, now = w.press(w.li, now, "⬜ Tools")
		wantRow(t, now, "✅ Tools")
	})
}

// Of somebody whom Telegram does not tell about because it is out of order,
// nothing is remembered.
func TestHiddenAdminWhoCannotBeAskedAbout(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		group := w.sim.NewSupergroup("Friends", w.ann)
		w.said(group, func() { group.AddBot(w.ann) })
		group.Promote(w.li, telegramsim.AllRights(), true)
		m := w.one(group, func() { w.li.WriteIn(group, "/sections") })
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.ServerError, Methods: []string{"getChatMember"}, Times: 1})
		answer, _ := w.press(w.li, m, "✅ Tools")
		wantNotice(t, answer, "暂时无法核实管理员身份")
		_, now := w.press(w.li, m, "✅ Tools")
		wantRow(t, now, "⬜ Tools")
	})
}

// Who has just been made an admin does not wait for the minute to be over in
// which those who were one are believed.
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
