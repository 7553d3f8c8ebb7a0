package bot_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/telegramsim"
)

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

// What Telegram has already it is not told again: it makes bots wait for hours that
// do so at each start. An older server does not keep which commands are ephemeral.
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

// What somebody else has changed is mended, and nothing else is told.
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
