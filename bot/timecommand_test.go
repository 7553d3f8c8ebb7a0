package bot_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// wantTime checks when a chat gets issues.
func (w *world) wantTime(p *telegramsim.Person, day time.Weekday, hour, minute int, zone string) {
	w.t.Helper()
	sub, err := w.store.Subscriber(w.t.Context(), p.ID(), 0)
	want := subscribers.DeliveryTime{Weekday: day, Minute: 60*hour + minute, Zone: zone}
	if err != nil || sub.Delivery != want {
		w.t.Errorf("issues come at %+v, %v, want %+v", sub.Delivery, err, want)
	}
}

// One word, or a command and a tap, change the hour; day and zone stay.
func TestTimeCommand(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Location = mustLoad(t, "Asia/Shanghai")
		w.start()
		w.tell(w.ann, "/subscribe")
		m := w.tell(w.ann, "/time")
		wantText(t, m, "Fridays at 17:00, with everybody (Shanghai)", "It is 08:00 there now.", "Friday – at what time?")
		wantRow(t, m, "18:00 | 19:00 | 20:00 | 21:00 | 22:00 | 23:00")
		_, m = w.press(w.ann, m, "20:00")
		wantText(t, m, "Now: Fridays at 20:00 (Shanghai)")
		wantRow(t, m, "🌍 Time zone")
		w.wantTime(w.ann, time.Friday, 20, 0, "Asia/Shanghai")
		m = w.tell(w.ann, "change the time")
		wantRow(t, m, "18:00 | 19:00 | ✅ 20:00 | 21:00 | 22:00 | 23:00")
		_, m = w.press(w.ann, m, "🗓 Another day")
		wantRow(t, m, "Mon | Tue | Wed | Thu")

		if err := w.store.SetDeliveryTime(w.t.Context(), 1, subscribers.DeliveryTime{Weekday: time.Sunday, Minute: 600, Zone: "Europe/Berlin"}); err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			text         string
			day          time.Weekday
			hour, minute int
		}{
			{"/time 8:30", time.Sunday, 8, 30}, {"/time 20", time.Sunday, 20, 0}, {"/time at 8 PM", time.Sunday, 20, 0}, {"/time 12am", time.Sunday, 0, 0},
			{"/time Monday 7:05", time.Monday, 7, 5}, {"/time tue, 9.15", time.Tuesday, 9, 15}, {"/time Wednesdays at 23", time.Wednesday, 23, 0},
			{"/time 周四 20:00", time.Thursday, 20, 0}, {"/time 每週五２０：００", time.Friday, 20, 0}, {"/time 星期六8点", time.Saturday, 8, 0}, {"/time 週日 8時30分", time.Sunday, 8, 30},
		} {
			wantText(t, w.tell(w.ann, test.text), "Now: ")
			w.wantTime(w.ann, test.day, test.hour, test.minute, "Europe/Berlin")
		}
		for _, text := range []string{"/time 25:00", "/time 20:60", "/time someday", "/time 13pm", "/time Sunday", "/time 0pm", "/time -1", "/time " + strings.Repeat("9", 200)} {
			m := w.tell(w.ann, text)
			wantText(t, m, "I don't understand that time.", "Sunday – at what time?")
			wantRow(t, m, "06:00 | 07:00 | 08:00 | 09:00 | 10:00 | 11:00")
			w.wantTime(w.ann, time.Sunday, 8, 30, "Europe/Berlin")
		}
		wantText(t, w.tell(w.li, "/time 周日 20:00"), "目前：每周日 20:00（上海时间）")
	})
}

// The zone of a machine has no name that others know, so it is asked for.
func TestTimeCommandWithoutAZone(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Location, w.config.NextRun = time.FixedZone("Local", 0), nil
		w.start()
		m := w.tell(w.ann, "/time 20:00")
		wantText(t, m, "Saturdays at 20:00 – by which clock?")
		_, m = w.press(w.ann, w.tell(w.ann, "/time"), "07:00")
		wantText(t, m, "Saturdays at 07:00 – by which clock?")
		_, m = w.press(w.ann, m, "Berlin "+time.Now().In(mustLoad(t, "Europe/Berlin")).Format("15:04"))
		wantText(t, m, "Saturdays at 07:00 (Berlin)")
	})
}

// A machine may have been told its zone by the variable TZ. It has a name then, which is that
// of a zone like all others.
func TestZoneOfTheMachineHasAName(t *testing.T) {
	before := time.Local
	t.Cleanup(func() { time.Local = before })
	time.Local = mustLoad(t, "Asia/Shanghai")
	synctest.Test(t, func(t *testing.T) { // not with others at once: they read time.Local
		w := newWorld(t)
		w.config.Location = nil
		w.start()
		wantText(t, w.tell(w.ann, "/subscribe"), "due on Friday, 7 January, 17:00 (Shanghai)")
		wantText(t, w.tell(w.ann, "/time 20:00"), "Fridays at 20:00 (Shanghai)")
		w.wantTime(w.ann, time.Friday, 20, 0, "Asia/Shanghai")
		m := w.tell(w.li, "/settings")
		for _, button := range []string{"🗓 接收时间", "周日", "20:00"} {
			_, m = w.press(w.li, m, button)
		}
		wantText(t, m, "以哪里的时间为准？")
		_, m = w.press(w.li, m, "上海 "+time.Now().Format("15:04"))
		wantText(t, m, "每周日 20:00（上海时间）")
		w.wantTime(w.li, time.Sunday, 20, 0, "Asia/Shanghai")
	})
}

// A chat keeps its zone also if that has no number: the bot's own when it was chosen.
func TestTimeCommandKeepsAZoneWithoutANumber(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Location = mustLoad(t, "Asia/Shanghai")
		w.start()
		w.tell(w.ann, "/subscribe")
		if err := w.store.SetDeliveryTime(w.t.Context(), 1, subscribers.DeliveryTime{Weekday: time.Sunday, Minute: 600, Zone: "Europe/Malta"}); err != nil {
			t.Fatal(err)
		}
		_, m := w.press(w.ann, w.tell(w.ann, "/time"), "20:00")
		wantText(t, m, "Sundays at 20:00 (Malta)")
		w.wantTime(w.ann, time.Sunday, 20, 0, "Europe/Malta")
	})
}

// In a group the time is for its admins to say.
func TestTimeCommandInAGroup(t *testing.T) {
	inWorld(t, func(w *world) {
		group, bea := w.friends()
		w.one(group, func() { w.ann.WriteIn(group, "/subscribe") })
		wantText(t, w.one(group, func() { bea.WriteIn(group, "/time 20:00") }), "Only admins")
		wantText(t, w.one(group, func() { w.ann.WriteIn(group, "/time 20:00") }), "Fridays at 20:00 (UTC)")
	})
}

func mustLoad(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}
