package bot_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
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

// health asks for /healthz, and returns the status and the words.
func (w *world) health(method string) (int, string) {
	w.t.Helper()
	answer := httptest.NewRecorder()
	w.bot.Handler().ServeHTTP(answer, httptest.NewRequest(method, "/healthz", nil))
	if kept := answer.Header().Get("Cache-Control"); kept != "no-store" {
		w.t.Errorf("/healthz may be kept: Cache-Control is %q", kept)
	}
	return answer.Code, answer.Body.String()
}

// Whoever asks is told what is well, or all that is not, also before Telegram was reached.
func TestHealthSaysWhatThereIs(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		rounds := time.Time{}
		w.config.LastRound = func() time.Time { return rounds }
		back := w.sim.Inject(telegramsim.Fault{Kind: telegramsim.RefuseConnection, Methods: []string{"*"}})
		w.start()
		if status, said := w.health(http.MethodGet); status != http.StatusServiceUnavailable ||
			!strings.Contains(said, "Telegram has not answered since the start, 10s ago") || !strings.Contains(said, "the schedule has not begun") {
			t.Errorf("before Telegram was reached /healthz answers %d %q", status, said)
		}
		rounds = time.Now().Add(time.Hour)
		back()
		w.pass(2 * time.Minute)
		status, said := w.health(http.MethodGet)
		if status != http.StatusOK || !strings.HasPrefix(said, "ok\nupdates: asked for, last answer ") || !strings.Contains(said, "\nschedule: next run 2000-01-07T09:00:00Z\n") {
			t.Errorf("/healthz answers %d %q", status, said)
		}
		if status, _ := w.health(http.MethodHead); status != http.StatusOK {
			t.Errorf("HEAD is answered with %d", status)
		}
		if status, _ := w.health(http.MethodPost); status != http.StatusMethodNotAllowed {
			t.Errorf("POST is answered with %d", status)
		}
	})
}

// Nothing but this tells that Telegram answers everything and gives no updates.
func TestHealthKnowsThatNoUpdatesCome(t *testing.T) {
	inWorld(t, func(w *world) {
		w.pass(10 * time.Minute)
		w.wantHealth("when nothing happens", http.StatusOK)
		back := w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Bad Request: not today", Methods: []string{"getUpdates"}})
		w.pass(10 * time.Minute)
		if status, said := w.health(http.MethodGet); status != http.StatusServiceUnavailable || !strings.Contains(said, "gives no updates") {
			t.Errorf("/healthz answers %d %q, want that no updates come", status, said)
		}
		back()
		w.pass(10 * time.Minute)
		w.wantHealth("when updates come again", http.StatusOK)
	})
}

// A webhook that the internet does not reach is found out by what Telegram says of it, and
// admins hear of it.
func TestHealthKnowsTheWebhook(t *testing.T) {
	withWebhook(t, func(w *world) {
		w.start()
		w.tell(w.admin, "/start")
		w.pass(5 * time.Minute)
		w.wantHealth("when nothing happens", http.StatusOK)
		handler := w.hook.Swap(nil)
		told := w.one(w.admin.Chat(), func() {
			w.ann.Write("/help")
			w.pass(5 * time.Minute)
		})
		wantText(t, told, "does not get through to my webhook", "refused")
		if status, said := w.health(http.MethodGet); status != http.StatusServiceUnavailable || !strings.Contains(said, "does not get through to the webhook") {
			t.Errorf("/healthz answers %d %q, want that the webhook is cut off", status, said)
		}
		if v := w.bot.Vitals(); !v.Webhook || v.Waiting != 1 || v.NoWebhook.IsZero() {
			t.Errorf("the vitals are %+v, want an update that waits", v)
		}
		wantText(t, w.one(w.admin.Chat(), func() { w.hook.Store(handler); w.pass(20 * time.Minute) }), "gets through to my webhook again")
		if status, said := w.health(http.MethodGet); status != http.StatusOK || !strings.Contains(said, "brought to the webhook") {
			t.Errorf("/healthz answers %d %q", status, said)
		}
	})
}

// TestHealthKnowsTheDisk: a disk that takes nothing is found out while nothing is
// to be written.
func TestHealthKnowsTheDisk(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		w.exec("CREATE TRIGGER spoilt BEFORE INSERT ON heartbeat BEGIN SELECT RAISE(ABORT, 'disk full'); END")
		told := w.one(w.admin.Chat(), func() { w.pass(20 * time.Minute) })
		wantText(t, told, "cannot be written", "disk full")
		w.wantHealth("with a full disk", http.StatusServiceUnavailable)
		over := w.one(w.admin.Chat(), func() {
			w.exec("DROP TRIGGER spoilt")
			w.pass(20 * time.Minute)
		})
		wantText(t, over, "can be written again")
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
		wantText(t, w.one(w.admin.Chat(), func() { w.pass(50 * time.Minute) }), "scheduler has been hanging since")
		w.wantHealth("when it hangs", http.StatusServiceUnavailable)
		if err := w.bot.Alive(); err == nil || !strings.Contains(err.Error(), "the scheduler hangs since") {
			t.Errorf("Alive = %v after most of an hour, want that the scheduler hangs", err)
		}
		if status := w.one(w.admin.Chat(), func() { w.admin.Write("/status") }); !strings.Contains(status.Text, "scheduler has been hanging") {
			t.Errorf("/status says %q, want that the scheduler hangs", status.Text)
		}
		wantText(t, w.one(w.admin.Chat(), func() { w.pass(time.Hour) }), "scheduler works again")
		w.wantHealth("when it goes on", http.StatusOK)
		if err := w.bot.Alive(); err != nil {
			t.Errorf("Alive = %v when it goes on", err)
		}
	})
}

// Admins hear once that the database is gone, before the bot ends.
func TestLostDatabaseIsTold(t *testing.T) {
	inWorld(t, func(w *world) {
		w.admin.Write("/start")
		synctest.Wait()
		ended := make(chan error, 1)
		go func() { ended <- w.bot.WatchDatabase(w.t.Context()) }()
		if err := os.Remove(w.path); err != nil {
			t.Fatal(err)
		}
		said := w.said(w.admin.Chat(), func() {
			if err := <-ended; !errors.Is(err, subscribers.ErrLost) {
				t.Errorf("WatchDatabase = %v, want %v", err, subscribers.ErrLost)
			}
		})
		if len(said) != 1 {
			t.Fatalf("the admin was told %q, want one message", texts(said))
		}
		wantText(t, said[0], "the database was removed or replaced", "I stop")
		health := httptest.NewRecorder()
		w.bot.Handler().ServeHTTP(health, httptest.NewRequest(http.MethodGet, "/healthz", nil))
		if health.Code != http.StatusServiceUnavailable || !strings.Contains(health.Body.String(), "removed or replaced") {
			t.Errorf("/healthz: %d %q, want 503 and why", health.Code, health.Body)
		}
	})
}

// A Telegram that takes nothing does not keep the bot from ending.
func TestLostDatabaseCannotBeTold(t *testing.T) {
	inWorld(t, func(w *world) {
		w.admin.Write("/start")
		synctest.Wait()
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Hang, Methods: []string{"sendMessage"}})
		if err := os.Remove(w.path); err != nil {
			t.Fatal(err)
		}
		if err := w.bot.WatchDatabase(w.t.Context()); !errors.Is(err, subscribers.ErrLost) {
			t.Errorf("WatchDatabase = %v, want %v", err, subscribers.ErrLost)
		}
	})
}

// TestTroubleIsToldLater: an admin who writes to the bot for the first time hears
// what is wrong, once, and what is over by then is not told.
func TestTroubleIsToldLater(t *testing.T) {
	inWorld(t, func(w *world) {
		check := func(source string, err error) func() {
			return func() { w.bot.SourceChecked(t.Context(), source, err) }
		}
		for _, f := range []func(){check("a", errors.New("is gone")), check("b", errors.New("is gone")), check("b", nil)} {
			if said := w.said(w.admin.Chat(), f); len(said) != 0 {
				t.Errorf("an admin who never wrote was told %q", texts(said))
			}
		}
		said := w.said(w.admin.Chat(), func() { w.admin.Write("/start") })
		if len(said) != 2 {
			t.Fatalf("/start was answered with %q, want a greeting and what is wrong", texts(said))
		}
		wantText(t, said[1], "Something is wrong in a: is gone")
		if said := w.said(w.admin.Chat(), func() { w.admin.Write("/help") }); len(said) != 1 {
			t.Errorf("/help was answered with %q, want the help alone", texts(said))
		}
		wantText(t, w.one(w.admin.Chat(), check("a", nil)), "All is well again in a")
	})
}

// TestStatusShowsTrouble: until it is over, and then nobody is told it once more.
func TestStatusShowsTrouble(t *testing.T) {
	inWorld(t, func(w *world) {
		w.bot.SourceChecked(t.Context(), "a", errors.New("is gone"))
		w.settle() // the admin is still a stranger
		wantText(t, w.one(w.admin.Chat(), func() { w.admin.Write("/status") }), "Something is wrong in a: is gone", "subscribed")
		w.one(w.admin.Chat(), func() { w.bot.SourceChecked(t.Context(), "a", nil) })
		status := w.one(w.admin.Chat(), func() { w.admin.Write("/status") })
		if strings.Contains(status.Text, "is gone") {
			t.Errorf("the status still tells what is over: %q", status.Text)
		}
	})
}

// TestNoticesWaitForTelegram: what an admin has not asked for comes when Telegram is
// back, however long that takes.
func TestNoticesWaitForTelegram(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		back := w.sim.Inject(telegramsim.Fault{Kind: telegramsim.RefuseConnection, Methods: []string{"*"}})
		w.bot.SourceChecked(t.Context(), "a", errors.New("is gone"))
		w.pass(time.Hour)
		said := w.said(w.admin.Chat(), func() { back(); w.pass(5 * time.Minute) })
		if all := strings.Join(texts(said), "\n"); strings.Count(all, "Something is wrong in a: is gone") != 1 {
			t.Errorf("the admin was told %q, want once what is wrong with the source", all)
		}
	})
}

// The scheduler runs on while Telegram is away, and must not wait for it.
func TestNoticesWaitForTheBotToRun(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		if _, err := w.store.EnsureChat(w.t.Context(), subscribers.Chat{ID: adminID, Kind: subscribers.Private, Language: "en"}); err != nil {
			w.t.Fatal(err)
		}
		w.admin.Write("/help") // so that the bot may write to her
		b, err := bot.New(w.config)
		if err != nil {
			w.t.Fatal(err)
		}
		began := time.Now()
		if err := b.RunSchedule(w.t.Context(), w.config.NextRun(time.Now())); err != nil {
			w.t.Fatal(err)
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("RunSchedule waited %s for Telegram", took)
		}
		ctx, stop := context.WithCancel(w.t.Context())
		ended := make(chan error, 1)
		go func() { ended <- b.Run(ctx) }()
		w.settle()
		if got := strings.Join(texts(w.admin.Chat().FromBot()), "\n"); !strings.Contains(got, "There is no issue yet") {
			t.Errorf("the admin got %q, want the notice", got)
		}
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run = %v, want nil", err)
		}
	})
}
