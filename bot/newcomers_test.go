package bot_test

import (
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
	"digestbot/subscribers/roster"
)

// enroll enrols a list, as another program does.
func (w *world) enroll(list string, options roster.Options) {
	w.t.Helper()
	read, err := roster.Read([]byte(list), roster.CSV)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := roster.Enroll(w.t.Context(), w.store, read, options); err != nil {
		w.t.Fatal(err)
	}
}

// wantUnconfirmed checks how many subscribers are unconfirmed.
func (w *world) wantUnconfirmed(want int) {
	w.t.Helper()
	if n, err := w.store.CountUnconfirmed(w.t.Context()); err != nil || n != want {
		w.t.Errorf("%d are unconfirmed, %v, want %d", n, err, want)
	}
}

// Whom an import has brought is greeted once, in their language, and is confirmed by that.
// Who cannot be reached is marked as gone, and is back with all choices after the first word.
func TestNewcomersAreGreeted(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		bob := w.sim.NewPerson("Bob")
		for _, p := range []*telegramsim.Person{w.ann, w.li, bob} { // or the bot may not write to them
			p.Write("hello")
		}
		w.settle()
		bob.Block()
		w.settle()
		group := w.sim.NewSupergroup("Friends", w.ann)
		group.AddBot(w.ann)
		channel := w.sim.NewChannel("News", w.ann)
		channel.AddBot(w.ann)
		w.settle()
		w.exec("DELETE FROM subscribers")
		before := len(channel.FromBot())
		list := "chat,kind,language,muted_sections,paused_until\n" +
			itoa(w.ann.ID()) + ",,en,Tools,\n" + itoa(w.li.ID()) + ",,zh-hans,,\n" + itoa(bob.ID()) + ",,,,\n5555555,,,Tools,\n" +
			itoa(group.ID) + ",supergroup,en,,\n" + itoa(channel.ID) + ",channel,,,\n"
		in := len(group.FromBot())
		greeting := w.one(w.ann.Chat(), func() {
			w.enroll(list, roster.Options{Greet: true})
			w.wantUnconfirmed(6)
			wantText(t, w.tell(w.admin, "/status"), "6 of them imported, and not reached yet")
			w.pass(2 * time.Minute)
		})
		wantText(t, greeting, "your subscription was moved here", "Every new issue", "09:00")
		wantLabels(t, greeting, "🗂 Sections | 📰 Latest issue", "🚫 Unsubscribe")
		wantText(t, w.li.Chat().Last(), "你的订阅连同你的全部选择已转到这里")
		if n := len(group.FromBot()) - in; n != 1 {
			t.Errorf("the group has %d greetings", n)
		}
		if n := len(channel.FromBot()) - before; n != 0 {
			t.Errorf("the channel, whose readers have not asked, has %d greetings", n)
		}
		w.wantState(bob.ID(), subscribers.Gone)
		w.wantState(5555555, subscribers.Gone)
		w.wantUnconfirmed(1) // the channel

		w.enroll(list, roster.Options{Greet: true, Replace: true})
		if said := w.said(w.ann.Chat(), func() { w.pass(5 * time.Minute) }); len(said) != 0 {
			t.Errorf("after the second import she was told %q", texts(said))
		}
		_, m := w.press(w.ann, greeting, "🚫 Unsubscribe")
		wantText(t, m, "Unsubscribed")
		w.wantState(w.ann.ID(), subscribers.Off)

		late := w.sim.NewPerson("Late", telegramsim.WithID(5555555))
		wantText(t, w.tell(late, "/start"), "subscribed")
		w.wantState(late.ID(), subscribers.On)
		if r := w.recipient(late.ID(), 0); len(r.Muted) != 1 || !r.Unconfirmed {
			t.Errorf("who came back has %+v", r)
		}
	})
}

// A greeting that Telegram has not answered may have arrived, and is not sent again. One that
// certainly has not arrived is.
func TestGreetingsAreNeverSentTwice(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		for _, p := range []*telegramsim.Person{w.ann, w.li} {
			p.Write("hello")
		}
		w.settle()
		w.exec("DELETE FROM subscribers")
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.LoseAnswer, Chat: w.ann.ID(), Times: 1})
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.TooMany, RetryAfter: 40, Chat: w.li.ID(), Times: 1})
		annHad, liHad := len(w.ann.Chat().FromBot()), len(w.li.Chat().FromBot())
		w.early = 1
		w.enroll("chat,language\n"+itoa(w.ann.ID())+",en\n"+itoa(w.li.ID())+",zh-hans\n", roster.Options{Greet: true})
		w.pass(10 * time.Minute)
		if n := len(w.ann.Chat().FromBot()) - annHad; n != 1 {
			t.Errorf("after the lost answer she has %d greetings, want 1", n)
		}
		if n := len(w.li.Chat().FromBot()) - liHad; n != 1 {
			t.Errorf("after the wait he has %d greetings, want 1", n)
		}
		w.wantUnconfirmed(1) // nobody knows whether she has it

		w.stop()
		w.exec("UPDATE subscribers SET greeting = 2, unconfirmed = 1") // as after a crash
		w.start()
		w.pass(5 * time.Minute)
		if n := len(w.ann.Chat().FromBot()) + len(w.li.Chat().FromBot()) - annHad - liHad; n != 2 {
			t.Errorf("after a crash there are %d greetings, want 2", n)
		}
	})
}

// What a broadcast delivers confirms as well, and a list of people who have never started the
// bot does not make a broadcast pause.
func TestBroadcastToNewcomers(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		readers := w.readers(3)
		w.exec("DELETE FROM subscribers")
		list := "chat\n"
		for i := range 60 {
			list += itoa(int64(700000+i)) + "\n" // the first, as their ids are smaller
		}
		for _, p := range readers {
			list += itoa(p.ID()) + "\n"
		}
		w.enroll(list, roster.Options{})
		w.wantUnconfirmed(63)
		w.scheduled(time.Hour)
		bc, err := w.store.LastBroadcast(w.t.Context())
		if err != nil || bc.State != subscribers.Done {
			t.Fatalf("the broadcast is %+v, %v", bc, err)
		}
		w.wantUnconfirmed(0)
		counts, err := w.store.CountSubscribers(w.t.Context())
		if err != nil || counts[subscribers.On] != 3 || counts[subscribers.Gone] != 60 {
			t.Errorf("after the broadcast there are %v, %v; want 3 that have it and 60 that are gone", counts, err)
		}
	})
}
