package delivery_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/sender"
	"digestbot/bot/telegramsim"
	"digestbot/internal/longtest"
)

// An edit cannot be paid for, so beside a paid broadcast Telegram may make it wait, and
// everything else with it. One such wait is enough.
func TestProgressEditsDoNotHoldUpAPaidBroadcast(t *testing.T) {
	longtest.Only(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 60)
		w.paid = true
		admin := w.readers(500)[0]
		w.start()
		m, err := w.bot.sender.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: admin.ID(), Text: "0 %"})
		if err != nil {
			t.Fatal(err)
		}
		edit := func(text string) error {
			return w.bot.sender.EditInBackground(t.Context(), admin.ID(), func() *tg.EditMessageTextParams {
				return &tg.EditMessageTextParams{ChatID: admin.ID(), MessageID: m.ID, Text: text}
			})
		}
		b := w.broadcast(w.issue(1))
		edits, noRoom := 0, 0
		for ; b.FinishedAt.IsZero(); edits++ {
			time.Sleep(3 * time.Second)
			if err := edit(fmt.Sprint(edits)); errors.Is(err, sender.ErrNoRoom) {
				noRoom++
			} else if err != nil {
				t.Error(err)
			}
			if b, err = w.store.Broadcast(t.Context(), b.ID); err != nil {
				t.Fatal(err)
			}
		}
		if noRoom < 8 {
			t.Errorf("%d of %d edits found no room, want most of them", noRoom, edits)
		}
		calls := w.sim.Stats()
		if refused := calls.Calls["editmessagetext"] - calls.Edited; refused > 2 { // one more at the very end
			t.Errorf("%d edits were told to wait, want one", refused)
		}
		if took := b.FinishedAt.Sub(b.CreatedAt); took > 54*time.Second {
			t.Errorf("3000 messages took %v at 60 a second, want little more than 50 s", took)
		}
		if err := edit("done"); err != nil {
			t.Errorf("after the broadcast: %v", err)
		}
		w.books(b)
	})
}
