package bot_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the zones must be the same on every machine

	"digestbot/subscribers"
)

func TestDeliveryTime(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.ann, "/subscribe")
		m := w.tell(w.ann, "/settings")
		_, m = w.press(w.ann, m, "🗓 Delivery time")
		wantText(t, m, "When do issues come?", "as soon as an issue is due", "Friday, 7 January, 09:00")
		wantLabels(t, m, "Mon | Tue | Wed | Thu", "Fri | Sat | Sun", "✅ As soon as it is due", "‹ Back")
		_, m = w.press(w.ann, m, "Sun")
		wantText(t, m, "Sunday – at what time?")
		wantRow(t, m, "00:00 | 01:00 | 02:00 | 03:00 | 04:00 | 05:00")
		wantRow(t, m, "18:00 | 19:00 | 20:00 | 21:00 | 22:00 | 23:00")
		_, back := w.press(w.ann, m, "‹ Back")
		_, m = w.press(w.ann, back, "Sun")

		_, m = w.press(w.ann, m, "20:00")
		wantText(t, m, "every Sunday at 20:00 – by which clock?")
		if first := m.Keyboard[0][0].Text; first != "UTC "+clock(time.UTC) {
			t.Errorf("the first zone is %q, want the bot's own with its time", first)
		}
		_, m = w.press(w.ann, m, "Europe")
		wantRow(t, m, "Africa | America | Asia")
		wantRow(t, m, "✅ Europe | Pacific | Other islands")
		_, m = w.press(w.ann, m, "‹ Back")
		_, m = w.press(w.ann, m, "Europe")
		berlin, err := time.LoadLocation("Europe/Berlin")
		if err != nil {
			w.t.Fatal(err)
		}
		there := clock(berlin)
		answer, m := w.press(w.ann, m, "Berlin "+there)
		wantNotice(t, answer, "Saved")
		wantText(t, m, "every Sunday at 20:00 (Europe/Berlin)", "It is "+there+" there now", "Sunday, 9 January, 20:00")
		wantLabels(t, m, "Mon | Tue | Wed | Thu", "Fri | Sat | ✅ Sun", "As soon as it is due", "🌍 Time zone", "‹ Back")
		want := subscribers.DeliveryTime{Weekday: time.Sunday, Minute: 20 * 60, Zone: "Europe/Berlin"}
		if got := w.choices(w.ann.ID(), 0).Delivery; got != want {
			t.Errorf("the delivery time is %+v, want %+v", got, want)
		}

		// The clock stays when only day and hour change.
		_, m = w.press(w.ann, m, "Sat")
		_, m = w.press(w.ann, m, "08:00")
		wantText(t, m, "every Saturday at 08:00 (Europe/Berlin)")
		_, m = w.press(w.ann, m, "🌍 Time zone")
		shanghai := time.FixedZone("", 8*3600)
		_, m = w.press(w.ann, m, "Shanghai "+clock(shanghai))
		wantText(t, m, "every Saturday at 08:00 (Asia/Shanghai)")

		// Every time is told by that clock from now on.
		wantText(t, w.tell(w.ann, "/start"), "Saturday, 8 January, 08:00")
		_, m = w.press(w.ann, m, "As soon as it is due")
		wantText(t, m, "as soon as an issue is due", "Friday, 7 January, 09:00")
		_, m = w.press(w.ann, m, "‹ Back")
		wantText(t, m, "Delivery: as soon as an issue is due")
	})
}

// clock is what a clock of the zone shows.
func clock(zone *time.Location) string { return time.Now().In(zone).Format("15:04") }

func TestDeliveryTimeInChinese(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		shanghai, err := time.LoadLocation("Asia/Shanghai")
		if err != nil {
			w.t.Fatal(err)
		}
		w.config.Location = shanghai
		w.start()
		m := w.tell(w.li, "/settings")
		_, m = w.press(w.li, m, "🗓 接收时间")
		wantText(t, m, "什么时候接收？", "发布后立即接收", "1月7日（星期五）17:00")
		wantLabels(t, m, "周一 | 周二 | 周三 | 周四", "周五 | 周六 | 周日", "✅ 发布后立即接收", "‹ 返回")
		_, m = w.press(w.li, m, "周日")
		wantText(t, m, "星期日几点？")
		_, m = w.press(w.li, m, "20:00")
		wantText(t, m, "每周日 20:00，以哪里的时间为准？")
		wantRow(t, m, "非洲 | 美洲 | 亚洲")
		_, m = w.press(w.li, m, "欧洲")
		wantRow(t, m, "✅ 欧洲 | 大洋洲 | 其他岛屿")
		_, m = w.press(w.li, m, "‹ 返回")
		there := clock(shanghai)
		_, m = w.press(w.li, m, "Shanghai "+there)
		wantText(t, m, "每周日 20:00（Asia/Shanghai）", "当地现在是 "+there, "1月9日（星期日）20:00")
		_, m = w.press(w.li, m, "🌍 时区")
		_, m = w.press(w.li, m, "Shanghai "+there)
		_, back := w.press(w.li, m, "‹ 返回")
		wantText(t, back, "接收时间：每周日 20:00（Asia/Shanghai）")
		_, m = w.press(w.li, back, "🗓 接收时间")
		_, m = w.press(w.li, m, "发布后立即接收")
		_, m = w.press(w.li, m, "‹ 返回")
		wantText(t, m, "接收时间：发布后立即接收")
	})
}
