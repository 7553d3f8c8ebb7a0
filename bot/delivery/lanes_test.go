package delivery_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot/sender"
	"digestbot/bot/telegramsim"
)

// While answers to readers take every slot for minutes, an answer to an admin goes next,
// and the progress shown to admins is still updated.
func TestLanesOfAdminsInAFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 2)
		people := w.readers(100)
		admin := w.sim.NewPerson("Ada")
		admin.Write("/start")
		w.start()
		say := func(to *telegramsim.Person, text string) (id int) {
			ctx := t.Context()
			if to == admin {
				ctx = sender.ForAdmin(ctx)
			}
			m, err := w.bot.sender.SendMessage(ctx, &tg.SendMessageParams{ChatID: to.ID(), Text: text})
			if err != nil {
				t.Error(err)
				return 0
			}
			return m.ID
		}
		id := say(admin, "0 %")
		for _, p := range people {
			go say(p, "answer")
		}
		time.Sleep(5 * time.Second)
		began := time.Now()
		say(admin, "status")
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("an admin's answer took %v, want the next slot", took)
		}
		began = time.Now()
		for n := range 2 {
			err := w.bot.sender.EditInBackground(t.Context(), admin.ID(), func() *tg.EditMessageTextParams {
				return &tg.EditMessageTextParams{ChatID: admin.ID(), MessageID: id, Text: fmt.Sprint(n, " of 2")}
			})
			if err != nil {
				t.Error(err)
			}
		}
		if took := time.Since(began); took > 25*time.Second {
			t.Errorf("two progress edits took %v, want one in ten seconds", took)
		}
		time.Sleep(time.Minute)
		if sent := w.sim.Stats().Sent; sent < 102 {
			t.Errorf("%d messages went out, want an answer for each", sent)
		}
	})
}
