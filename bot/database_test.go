package bot_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

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
