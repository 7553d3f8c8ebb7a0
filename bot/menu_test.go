package bot_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
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

// Messages of admins in other chats, and of other people, change no menu.
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

// sets is how often Telegram was told something of the bot.
func (w *world) sets() int {
	calls := w.sim.Stats().Calls
	return calls["setmycommands"] + calls["setmydescription"] + calls["setmyshortdescription"]
}

// askSim calls a method as BotFather does, or another program with the token, and
// returns the answer.
func (w *world) askSim(method string, params url.Values) string {
	w.t.Helper()
	resp, err := w.sim.Client().Post("https://api.telegram.org/bot"+w.sim.Token()+"/"+method+"?"+params.Encode(), "", nil)
	if err != nil || resp.StatusCode != http.StatusOK {
		w.t.Fatalf("%s: %v, %v", method, resp, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(body)
}

// Telegram is not told again what it knows: it makes bots wait for hours that do so at
// each start. An older server does not keep which commands are ephemeral.
func TestTelegramIsToldOfTheBotOnce(t *testing.T) {
	for name, old := range map[string]bool{"a server of today": false, "an older server": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, func(o *telegramsim.Options) { o.WithoutEphemeral = old })
				w.start()
				w.tell(w.admin, "/help")
				before := w.sets()
				if before < 12 {
					t.Errorf("Telegram was told %d things, want 12 at least", before)
				}
				for range 2 {
					w.stop()
					w.start()
					w.tell(w.admin, "/help")
				}
				if n := w.sets() - before; n != 0 {
					t.Errorf("Telegram was told %d things again, want none", n)
				}
				if n := w.sim.Stats().Unchanged; n != 0 {
					t.Errorf("Telegram was told %d things that it knew", n)
				}
			})
		})
	}
}

// A change by somebody else is undone, and Telegram is told nothing else.
func TestOnlyWhatDiffersIsTold(t *testing.T) {
	inWorld(t, func(w *world) {
		w.stop()
		w.askSim("setMyCommands", url.Values{"commands": {`[{"command":"other","description":"Of another program"}]`}, "language_code": {"zh"}})
		w.askSim("setMyShortDescription", url.Values{"short_description": {""}, "language_code": {"zh"}})
		before := w.sets()
		w.start()
		w.wantMenu(w.li, "sections: 选择栏目")
		if n := w.sets() - before; n != 2 {
			t.Errorf("Telegram was told %d things, want the 2 that differ", n)
		}
	})
}

// A description the owner wrote in BotFather is left alone, and seen by everybody.
func TestDescriptionOfTheOwnerStays(t *testing.T) {
	for name, between := range map[string]func(w *world){
		"written before the first start": func(*world) {},
		"written later":                  func(w *world) { w.start(); w.stop() },
	} {
		t.Run(name, func(t *testing.T) {
			inWorldToStart(t, func(w *world) {
				between(w)
				w.askSim("setMyDescription", url.Values{"description": {"By the owner"}})
				for range 2 {
					w.start()
					w.stop()
				}
				for _, language := range []string{"", "en", "zh", "de"} {
					if got := w.sim.About(language); got != "By the owner" {
						t.Errorf("the description in %q is %q", language, got)
					}
				}
				if got := w.askSim("getMyShortDescription", url.Values{"language_code": {"zh"}}); !strings.Contains(got, "周刊") {
					t.Errorf("the short description is %s, want ours: the owner wrote none", got)
				}
				if n := w.sim.Stats().Unchanged; n != 0 {
					t.Errorf("Telegram was told %d things that it knew", n)
				}
			})
		})
	}
}

func TestDescriptionOfTheOwnerInOneLanguageStays(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.askSim("setMyDescription", url.Values{"description": {"主人写的"}, "language_code": {"zh"}})
		w.start()
		if got := w.sim.About("zh"); got != "主人写的" {
			t.Errorf("the Chinese description is %q", got)
		}
		wantText(t, telegramsim.Message{Text: w.sim.About("en")}, "Brings you every new issue")
	})
}

// A description of an earlier version is replaced by that of this one.
func TestDescriptionOfAnEarlierVersionIsReplaced(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		if err := w.store.KeepOwnText(w.t.Context(), "What version 1 said"); err != nil {
			w.t.Fatal(err)
		}
		w.askSim("setMyDescription", url.Values{"description": {"What version 1 said"}})
		w.start()
		wantText(t, telegramsim.Message{Text: w.sim.About("de")}, "Brings you every new issue")
		if own, err := w.store.IsOwnText(w.t.Context(), w.sim.About("de")); err != nil || !own {
			t.Errorf("what this version says is not remembered (%v)", err)
		}
	})
}

// A wait that Telegram orders is kept, over a restart as well; what is missing
// follows after it. Nothing else waits.
func TestMenuWaitsAsLongAsTelegramWants(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		const hours = 3
		w.ann.Write("/start")
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.TooMany, RetryAfter: hours * 3600, Methods: []string{"setMyDescription"}, Times: 1})
		began := time.Now()
		w.start()
		told := w.sets()
		wantText(t, w.tell(w.ann, "/help"), "What I can do")
		w.tell(w.admin, "/start") // an admin's menu waits as well
		w.stop()
		w.start()
		w.tell(w.admin, "/start")
		w.wantNoAdminMenu(w.admin)
		w.pass(time.Until(began.Add(hours*time.Hour - time.Minute)))
		if n := w.sets() - told; n != 0 {
			t.Errorf("Telegram was told %d things within the wait", n)
		}
		w.pass(2 * time.Minute)
		w.wantMenu(w.admin, "broadcast: Send the newest")
		wantText(t, telegramsim.Message{Text: w.sim.About("zh")}, "每一期")
		if n := w.sim.Stats().Unchanged; n != 0 {
			t.Errorf("Telegram was told %d things that it knew", n)
		}
	})
}

// Telegram knows languages by two letters, so one of Simplified and Traditional Chinese is
// registered for both: that of the operator, or the usual one. Another start changes nothing.
func TestMenuOfALanguageWithTwoScripts(t *testing.T) {
	for fallback, want := range map[string]string{"": "每一期周刊", "zh-Hant": "每一期週刊", "zh-Hans": "每一期周刊"} {
		inWorldToStart(t, func(w *world) {
			w.config.Language = fallback
			w.start()
			wantText(t, telegramsim.Message{Text: w.sim.About("zh")}, want)
			w.stop()
			before := w.sim.Stats().Calls
			w.start()
			after := w.sim.Stats().Calls
			for _, method := range []string{"setmycommands", "setmydescription", "setmyshortdescription"} {
				if after[method] != before[method] {
					t.Errorf("%q: another start calls %s %d times", fallback, method, after[method]-before[method])
				}
			}
		})
	}
}
