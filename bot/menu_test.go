package bot_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
)

// menuOf is the menu of commands that a person sees in the private chat.
func (w *world) menuOf(p *telegramsim.Person) string {
	var all []string
	for _, c := range w.sim.Commands(p, p.Chat()) {
		all = append(all, c.Command+": "+c.Description)
	}
	return strings.Join(all, "\n")
}

func (w *world) wantMenu(p *telegramsim.Person, parts ...string) {
	w.t.Helper()
	wantText(w.t, telegramsim.Message{Text: w.menuOf(p)}, parts...)
}

func (w *world) wantNoAdminMenu(p *telegramsim.Person) {
	w.t.Helper()
	if got := w.menuOf(p); strings.Contains(got, "broadcast") {
		w.t.Errorf("the menu of %s is %q, want none of the admin commands", p.Name(), got)
	}
}

func TestMenu(t *testing.T) {
	inWorld(t, func(w *world) {
		w.wantMenu(w.ann, "sections: Choose what arrives")
		w.wantMenu(w.li, "sections: 选择栏目")
		w.wantNoAdminMenu(w.admin)
		w.tell(w.admin, "/start")
		w.wantMenu(w.admin, "sections: Choose", "broadcast: Send the newest", "status: ")
		w.wantNoAdminMenu(w.ann)
		wantText(t, telegramsim.Message{Text: w.sim.About("en")}, "Brings you every new issue")
		wantText(t, telegramsim.Message{Text: w.sim.About("zh")}, "每一期")
	})
}

// The first message of an admin may be anything. Telegram is told of the menu
// then, and not with the messages that follow.
func TestAdminSeesTheMenuAfterAnyFirstMessage(t *testing.T) {
	for name, send := range map[string]func(w *world){
		"start":     func(w *world) { w.admin.Write("/start") },
		"help":      func(w *world) { w.admin.Write("/help") },
		"words":     func(w *world) { w.admin.Write("hello") },
		"sticker":   func(w *world) { w.admin.SendSticker("👋") },
		"picture":   func(w *world) { w.admin.SendPhoto("") },
		"document":  func(w *world) { w.admin.SendDocument("179.md", []byte("# Weekly"), "") },
		"forwarded": func(w *world) { w.admin.Forward(w.ann, "/status") },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.wantNoAdminMenu(w.admin)
				send(w)
				w.settle()
				w.wantMenu(w.admin, "sections: Choose", "broadcast: Send the newest", "status: ")
				before := w.sim.Stats().Calls["setmycommands"]
				for range 2 {
					send(w)
					w.settle()
					w.tell(w.admin, "/start")
					w.tell(w.admin, "/status")
					w.pass(time.Hour)
				}
				if n := w.sim.Stats().Calls["setmycommands"] - before; n != 0 {
					t.Errorf("Telegram was told of the menu %d times more, want none", n)
				}
			})
		})
	}
}

// What admins write elsewhere, and what others write, changes no menu.
func TestMenuIsShownToAdminsInPrivate(t *testing.T) {
	inWorld(t, func(w *world) {
		before := w.sim.Stats().Calls["setmycommands"]
		group := w.sim.NewGroup("Friends", w.admin, w.ann)
		w.said(group, func() { group.AddBot(w.admin) })
		w.one(group, func() { w.admin.WriteIn(group, "/help@digest_sim_bot") })
		w.tell(w.ann, "/help")
		if n := w.sim.Stats().Calls["setmycommands"] - before; n != 0 {
			t.Errorf("Telegram was told of a menu %d times, want none", n)
		}
		w.wantNoAdminMenu(w.admin)
		w.wantNoAdminMenu(w.ann)
	})
}

// An admin who is known has the menu from the start on.
func TestMenuOfKnownAdmin(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/help")
		w.stop()
		for _, code := range []string{"", "en", "zh"} {
			w.askSim("deleteMyCommands", url.Values{"scope": {fmt.Sprintf(`{"type":"chat","chat_id":%d}`, adminID)}, "language_code": {code}})
		}
		w.wantNoAdminMenu(w.admin)
		before := w.sim.Stats().Calls["setmycommands"]
		w.start()
		atStart := w.sim.Stats().Calls["setmycommands"]
		w.tell(w.admin, "/help")
		if n := w.sim.Stats().Calls["setmycommands"] - atStart; n != 0 || atStart == before {
			t.Errorf("Telegram was told of menus %d times at the start and %d times with a message, want none with the message", atStart-before, n)
		}
		w.wantMenu(w.admin, "broadcast: Send the newest")
	})
}

func TestMenuThatIsRefusedDoesNoHarm(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.TooMany, RetryAfter: 60, Methods: []string{"setMyCommands", "setMyDescription"}})
		w.start()
		wantText(t, w.tell(w.ann, "/help"), "What I can do")
	})
}

// A menu that Telegram does not take is tried again, but not with every message.
func TestMenuThatIsRefusedIsTriedAgainLater(t *testing.T) {
	inWorld(t, func(w *world) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.ServerError, Methods: []string{"setMyCommands"}, Times: 1})
		before := w.sim.Stats().Calls["setmycommands"]
		for range 5 {
			wantText(t, w.tell(w.admin, "/help"), "What I can do")
		}
		if n := w.sim.Stats().Calls["setmycommands"] - before; n != 1 {
			t.Errorf("Telegram was told %d times, want once", n)
		}
		w.wantNoAdminMenu(w.admin)
		w.pass(10 * time.Minute)
		w.tell(w.admin, "/help")
		w.wantMenu(w.admin, "broadcast: Send the newest")
	})
}
