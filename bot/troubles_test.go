package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
)

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
