package bot_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
)

// wantHealth checks what /healthz answers.
func (w *world) wantHealth(when string, status int) {
	w.t.Helper()
	if got := w.request("GET", "/healthz", "", ""); got != status {
		w.t.Errorf("%s: /healthz answers %d, want %d", when, got, status)
	}
}

// TestHealthKnowsTelegram: also while it is away /healthz answers, and admins hear
// of it once, when they can.
func TestHealthKnowsTelegram(t *testing.T) {
	for name, hook := range map[string]string{"polling": "", "webhook": hookURL} {
		t.Run(name, func(t *testing.T) {
			inWorldToStart(t, func(w *world) {
				w.config.WebhookURL = hook
				w.start()
				w.tell(w.admin, "/start")
				w.pass(10 * time.Minute)
				w.wantHealth("when nothing happens", http.StatusOK)
				back := w.sim.Inject(telegramsim.Fault{Kind: telegramsim.RefuseConnection, Methods: []string{"*"}})
				w.pass(10 * time.Minute)
				w.wantHealth("without Telegram", http.StatusServiceUnavailable)
				said := w.said(w.admin.Chat(), func() { back(); w.pass(10 * time.Minute) })
				if len(said) != 1 {
					t.Fatalf("the admin was told %q, want one message", texts(said))
				}
				wantText(t, said[0], "Telegram answers again", "for 1") // ten minutes and a little, or eleven
				w.wantHealth("with Telegram", http.StatusOK)
			})
		})
	}
}

// TestHealthKnowsTheDisk: a disk that takes nothing is found out while nothing is
// to be written.
func TestHealthKnowsTheDisk(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		w.exec("CREATE TRIGGER spoilt BEFORE INSERT ON heartbeat BEGIN SELECT RAISE(ABORT, 'disk full'); END")
		told := w.one(w.admin.Chat(), func() { w.pass(20 * time.Minute) })
		wantText(t, told, "does not take what is written", "disk full")
		w.wantHealth("with a full disk", http.StatusServiceUnavailable)
		over := w.one(w.admin.Chat(), func() {
			w.exec("DROP TRIGGER spoilt")
			w.pass(20 * time.Minute)
		})
		wantText(t, over, "takes what is written again")
		w.wantHealth("with room", http.StatusOK)
	})
}

// TestHealthKnowsTheScheduler: one that hangs sends nothing, and only this tells.
func TestHealthKnowsTheScheduler(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		hangs := time.Now().Add(time.Hour)
		goesOn := hangs.Add(time.Hour)
		w.config.LastRound = func() time.Time {
			if now := time.Now(); now.Before(hangs) || now.After(goesOn) {
				return now
			}
			return hangs
		}
		w.start()
		w.tell(w.admin, "/start")
		w.pass(50 * time.Minute)
		wantText(t, w.one(w.admin.Chat(), func() { w.pass(50 * time.Minute) }), "scheduler has hung since")
		w.wantHealth("when it hangs", http.StatusServiceUnavailable)
		if status := w.one(w.admin.Chat(), func() { w.admin.Write("/status") }); !strings.Contains(status.Text, "scheduler has hung") {
			t.Errorf("/status says %q, want that the scheduler hangs", status.Text)
		}
		wantText(t, w.one(w.admin.Chat(), func() { w.pass(time.Hour) }), "scheduler is at work again")
		w.wantHealth("when it goes on", http.StatusOK)
	})
}
