package bot_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/internal/longtest"
)

const (
	flooders, lettersEach = 50, 20
	bystanders            = 600
	broadcastLasts        = bystanders * 3 / 30 * time.Second // three messages each, at 30 a second
)

// Fifty readers write twenty letters each during a broadcast. It keeps its pace, commands are
// answered at once, the editors get what the limits allow in its order and no faster than Telegram
// takes it, and each reader hears once what is not taken.
func TestFloodOfReplies(t *testing.T) {
	longtest.Only(t)
	synctest.Test(t, func(t *testing.T) {
		w := newEditorsWorld(newWorld(t), 0)
		w.tell(w.admin, "/help")
		writers, issues := w.flooders()
		for n := range bystanders {
			w.sim.NewPerson(fmt.Sprint("Bystander ", n)).Write("/subscribe")
		}
		w.pass(2 * time.Minute)
		w.issue2(180)
		w.sendNow(0)
		began := time.Now()
		for n := range lettersEach {
			for i, p := range writers {
				p.Reply(issues[i], fmt.Sprintf("Letter %02d of %02d", n, i))
			}
		}
		w.pass(5 * time.Second)
		asked := time.Now()
		w.li.Write("/help")
		for count(w.li.Chat(), "我能") == 0 && len(w.li.Chat().FromBot()) == 0 && time.Since(asked) < time.Minute {
			w.pass(100 * time.Millisecond)
		}
		if waited := time.Since(asked); waited > time.Second {
			t.Errorf("an answer took %s", waited)
		}
		w.pass(10 * time.Minute)
		b, err := w.store.LastBroadcast(t.Context())
		if err != nil || b.FinishedAt.IsZero() {
			t.Fatalf("the broadcast is %+v, %v", b, err)
		}
		// What was said to the flooders, and a copy for the editors and a notice now and then, take their slots.
		if took := b.FinishedAt.Sub(began); took > broadcastLasts+flooders/30*time.Second+15*time.Second {
			t.Errorf("the broadcast took %s, without a flood some %s", took, broadcastLasts)
		}
		w.pass(2 * time.Hour)
		w.wantInOrder()
		for i, p := range writers {
			if n := count(p.Chat(), "🐢 That was a lot."); n != 1 {
				t.Errorf("flooder %d was told %d times that it was too much", i, n)
			}
			if n := count(p.Chat(), passedOn); n != 10 {
				t.Errorf("flooder %d was told %d times that a letter was passed on", i, n)
			}
		}
		if n := w.sim.Stats().Faults[telegramsim.TooMany] + w.sim.Stats().Refused[429]; n != 0 {
			t.Errorf("Telegram refused %d times", n)
		}
	})
}

// issue2 archives another issue, which the flooders and bystanders get.
func (w *editorsWorld) issue2(number int) { w.world.issue(number, "News", "Tools") }

// flooders are people who have got the issue, each with a message of it.
func (w *editorsWorld) flooders() (all []*telegramsim.Person, issues []telegramsim.Message) {
	w.t.Helper()
	for n := range flooders {
		p := w.sim.NewPerson(fmt.Sprint("Flooder ", n), telegramsim.Language("en"))
		p.Write("/latest")
		all = append(all, p)
	}
	w.pass(time.Minute)
	for _, p := range all {
		said := p.Chat().FromBot()
		if len(said) < 2 {
			w.t.Fatalf("%s has %q", p.Name(), texts(said))
		}
		issues = append(issues, said[1])
	}
	return all, issues
}

// wantInOrder checks that the editors have ten letters of each flooder, in the order in which
// they were written, and never more than Telegram takes in a minute.
func (w *editorsWorld) wantInOrder() {
	w.t.Helper()
	last := make(map[int]int)
	var sent []time.Time
	letters := 0
	for _, m := range w.group.FromBot() {
		sent = append(sent, m.Date)
		if n := len(sent); n > 15 && m.Date.Sub(sent[n-16]) < time.Minute {
			w.t.Errorf("16 messages came within %s", m.Date.Sub(sent[n-16]))
		}
		var n, i int
		if _, err := fmt.Sscanf(m.Text, "Letter %02d of %02d", &n, &i); err != nil {
			continue
		}
		letters++
		if n != last[i] {
			w.t.Errorf("letter %d of %d comes when %d is due", n, i, last[i])
		}
		last[i] = n + 1
	}
	if letters != flooders*10 {
		w.t.Errorf("the editors have %d letters, want %d", letters, flooders*10)
	}
}
