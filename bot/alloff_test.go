package bot_test

import (
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// A chat whose sections are all off is promised nothing, wherever issues are promised, and
// is offered to switch them on.
func TestNothingIsPromisedToWhoHasAllOff(t *testing.T) {
	const off = "All sections are off, so nothing will arrive until there is a new one."
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		w.issue(180, "News", "Tools", "Essay")
		wantOff := func(m telegramsim.Message) {
			t.Helper()
			wantText(t, m, off)
			if strings.Contains(m.Text, "comes straight to this chat") || strings.Contains(m.Text, "is due on") {
				t.Errorf("message is %q, want no promise", m.Text)
			}
			if _, ok := m.Button("All on"); !ok {
				t.Errorf("buttons are %q, want one that switches all on", labels(m))
			}
		}
		_, m := w.press(w.ann, w.tell(w.ann, "/sections"), "All off")
		welcome := w.tell(w.ann, "/start")
		wantOff(welcome)
		_, m2 := w.press(w.ann, welcome, "🔔 Subscribe")
		wantOff(m2)
		_, m = w.press(w.ann, m, "Done")
		wantOff(m)
		wantOff(w.tell(w.ann, "/sections"))
		wantOff(w.tell(w.ann, "/subscribe"))
		wantOff(w.tell(w.ann, "/start"))
		wantOff(w.tell(w.ann, "/start subscribe"))
		settings := w.tell(w.ann, "/settings")
		wantOff(settings)
		_, m = w.press(w.ann, settings, "Done")
		wantOff(m)
		_, m = w.press(w.ann, w.tell(w.ann, "/settings"), "🗓 Delivery time")
		wantText(t, m, off)

		m = w.tell(w.ann, "/pause 1d")
		_, m = w.press(w.ann, m, "▶️ Resume now")
		wantOff(m)
		w.tell(w.ann, "/pause 1d")
		wantOff(w.one(w.ann.Chat(), func() { w.pass(25 * time.Hour) }))
		m = w.tell(w.ann, "/unsubscribe")
		w.tell(w.ann, "/subscribe")
		_, m = w.press(w.ann, m, "⏸ Just pause")
		_, m = w.press(w.ann, m, "‹ Back")
		wantOff(m)

		_, m = w.press(w.ann, m, "All on")
		wantLabels(t, m, "✅ News", "✅ Tools", "✅ Other", "All on | All off", "Done")
		wantText(t, w.tell(w.ann, "/subscribe"), "already subscribed", "Every new issue comes straight to this chat.", "is due on")
		wantText(t, w.tell(w.li, "/subscribe"), "每期周刊都会直接送到这里")
	})
}

// A heading that comes a second time is a new section, which is on: who has all off was not
// told otherwise.
func TestNewSectionComesToWhoHasAllOff(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		w.issue(180, "News", "Tools", "Essay")
		w.tell(w.ann, "/subscribe")
		_, m := w.press(w.ann, w.tell(w.ann, "/sections"), "All off")
		_, m = w.press(w.ann, m, "Done")
		wantText(t, m, "nothing will arrive until there is a new one.")
		w.issue(181, "News", "Tools", "Essay")
		m = w.tell(w.ann, "/sections")
		wantLabels(t, m, "⬜ News", "⬜ Tools", "✅ Essay", "⬜ Other", "All on | All off", "Done")
		if strings.Contains(m.Text, "nothing will arrive") {
			t.Errorf("message is %q, but a section is on", m.Text)
		}
	})
}

// A chat that is not subscribed is told that its choices are kept, and is offered to
// subscribe.
func TestSectionsOfWhoIsNotSubscribed(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		m := w.tell(w.ann, "/sections")
		wantText(t, m, "not subscribed, so nothing arrives yet. Your choices are kept.")
		if strings.Contains(m.Text, "✅ arrives") {
			t.Errorf("message is %q, want no promise that a section arrives", m.Text)
		}
		wantLabels(t, m, "✅ News", "✅ Tools", "All on | All off", "Done", "🔔 Subscribe")
		_, m = w.press(w.ann, m, "✅ News")
		_, closed := w.press(w.ann, m, "Done")
		wantText(t, closed, "1 of 2 sections are on, and your choices are kept. This chat is not subscribed")
		wantLabels(t, closed, "🔔 Subscribe")
		_, m = w.press(w.ann, closed, "🔔 Subscribe")
		wantText(t, m, "Subscribed.", "Every new issue comes straight to this chat.")
		w.wantState(w.ann.ID(), subscribers.On)
		m = w.tell(w.ann, "/sections")
		wantText(t, m, "✅ arrives")
		wantLabels(t, m, "⬜ News", "✅ Tools", "All on | All off", "Done")

		// In a group only admins may.
		group := w.groupOfAnn()
		bea := w.sim.NewPerson("Bea", telegramsim.Language("en"))
		group.Join(bea)
		m = w.one(group, func() { w.ann.WriteIn(group, "/sections") })
		answer, _ := w.press(bea, m, "🔔 Subscribe")
		wantLink(t, answer, "subscribe")
		w.wantState(group.ID, subscribers.Off)
		_, m = w.press(w.ann, m, "🔔 Subscribe")
		wantText(t, m, "Subscribed.")
		w.wantState(group.ID, subscribers.On)
	})
}
