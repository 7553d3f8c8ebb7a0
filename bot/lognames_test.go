package bot_test

import (
	"strings"
	"testing"

	"digestbot/bot/telegramsim"
)

// Whoever reads the log, even at its most talkative, learns neither who people are nor what
// they write: it has the ids of chats.
func TestLogNamesNobody(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		p := w.sim.NewPerson("Rumpelstiltskin", telegramsim.Language("en"))
		group := w.sim.NewGroup("Spinning wheels", p)
		group.AddBot(p)
		for _, text := range []string{
			"/subscribe", "strawgold", "/search strawgold", "/mute strawgold", "/time strawgold", "/issue strawgold",
			"/pause strawgold", "/strawgold", "/start strawgold", "/privacy", "/forget strawgold",
		} {
			p.Write(text)
			p.WriteIn(group, text)
			w.admin.Write(text)
		}
		w.settle()
		said := p.Chat().FromBot()
		w.afterwards(p.PressData(said[len(said)-1], "1:strawgold:7"), said[len(said)-1])
		p.Block()
		w.sendNow(0)
		w.settle()
		log := w.log.String()
		for _, secret := range []string{"Rumpelstiltskin", "Spinning wheels", "strawgold"} {
			if strings.Contains(log, secret) {
				for line := range strings.Lines(log) {
					if strings.Contains(line, secret) {
						t.Errorf("the log has %q: %s", secret, line)
					}
				}
			}
		}
		if !strings.Contains(log, "level=") {
			t.Error("the log is empty, so this test finds nothing out")
		}
	})
}
