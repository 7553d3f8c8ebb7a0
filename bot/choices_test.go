package bot_test

import (
	"testing"
	"time"

	"digestbot/bot/talk"
	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
)

// choices are what a chat has chosen.
func (w *world) choices(chat int64, thread int) subscribers.Choices {
	w.t.Helper()
	sub, err := w.store.Subscriber(w.t.Context(), chat, thread)
	if err != nil {
		w.t.Fatal(err)
	}
	return sub.Choices
}

// wantPopup checks what a press was answered with.
func wantPopup(t testing.TB, answer telegramsim.Answer, want string) {
	t.Helper()
	wantText(t, telegramsim.Message{Text: answer.Text}, want)
	if want == "" && answer.Text != "" {
		t.Errorf("the popup is %q, want none", answer.Text)
	}
}

// wantLink checks that a press opens the private chat with a payload.
func wantLink(t testing.TB, answer telegramsim.Answer, payload string) {
	t.Helper()
	if want := "https://t.me/digest_sim_bot?start=" + payload; answer.URL != want || answer.Text != "" {
		t.Errorf("the press got %+v, want the link %s", answer, want)
	}
}

func TestSettings(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		w.tell(w.ann, "/subscribe")
		m := w.tell(w.ann, "/settings")
		wantText(t, m, "Settings", "Layout: One per section", "Language: English (same as Telegram)", "the first message of an issue rings", "Delivery: Fridays at 09:00, with everybody (UTC)")
		main := []string{"📰 Layout | 🌐 Language", "🗓 Delivery time | 🔕 Turn sound off", "🗂 Sections | 🔤 Words", "🔁 How often | 🖼 Turn previews off", "⏸ Pause | 🚫 Unsubscribe", "📢 Groups and channels", "Done"}
		wantLabels(t, m, main...)

		_, m = w.press(w.ann, m, "📰 Layout")
		wantText(t, m, "How should issues look?", "Telegram Web and some apps do not show it")
		wantLabels(t, m, "✅ One per section", "Up to six", "One message", "Rich", "‹ Back")
		_, m = w.press(w.ann, m, "One message")
		wantText(t, m, "Layout: One message")
		wantLabels(t, m, main...)
		_, m = w.press(w.ann, m, "📰 Layout")
		answer, m := w.press(w.ann, m, "Rich")
		wantPopup(t, answer, "Telegram Web and some apps do not show rich messages")
		wantText(t, m, "Layout: Rich")
		if got := w.choices(w.ann.ID(), 0).Layout; got != digest.LayoutRich {
			t.Errorf("the layout is %q, want rich", got)
		}

		_, m = w.press(w.ann, m, "🔕 Turn sound off")
		wantText(t, m, "Sound: none")
		if !w.choices(w.ann.ID(), 0).Silent {
			t.Error("the chat is not silent")
		}
		_, m = w.press(w.ann, m, "🔔 Turn sound on")
		wantText(t, m, "the first message of an issue rings")

		_, sections := w.press(w.ann, m, "🗂 Sections")
		wantRow(t, sections, "✅ Tools")
		m = w.tell(w.ann, "/settings")
		_, m = w.press(w.ann, m, "Done")
		wantText(t, m, "Layout: Rich", "Change it any time: /settings")
		wantLabels(t, m)
	})
}

func TestSettingsInChinese(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Layout = digest.LayoutCompact
		w.start()
		m := w.tell(w.li, "/settings")
		wantText(t, m, "设置", "版式：合成一条", "语言：简体中文（跟随 Telegram）", "每期只有第一条消息会响", "接收时间：格林尼治时间每周五 09:00，与大家同时接收", "还没有订阅")
		wantLabels(t, m, "📰 版式 | 🌐 语言", "🗓 接收时间 | 🔕 静音接收", "🗂 栏目 | 🔤 关键词", "🔁 接收频率 | 🖼 关闭链接预览", "🔔 订阅", "📢 群组与频道", "完成")
		_, m = w.press(w.li, m, "📰 版式")
		wantText(t, m, "想以什么版式阅读？", "网页版 Telegram")
		wantLabels(t, m, "逐栏发送", "最多六条", "✅ 合成一条", "图文", "‹ 返回")
		answer, m := w.press(w.li, m, "图文")
		wantPopup(t, answer, "网页版 Telegram 和部分客户端无法显示")
		wantText(t, m, "版式：图文")
		_, m = w.press(w.li, m, "🔕 静音接收")
		wantText(t, m, "提示音：关闭")
		_, m = w.press(w.li, m, "完成")
		wantText(t, m, "随时可以修改：/settings")
	})
}

// The settings are left as easily as they are found, and there is a way back.
func TestUnsubscribeInSettings(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.ann, "/subscribe")
		settings := w.tell(w.ann, "/settings")
		_, m := w.press(w.ann, settings, "🚫 Unsubscribe")
		wantText(t, m, "Unsubscribed", "Your choice of sections is kept")
		w.wantState(w.ann.ID(), subscribers.Off)
		answer, _ := w.afterwards(w.ann.PressData(settings, "1:leave"), settings) // once more
		wantPopup(t, answer, "This chat is not subscribed")
		_, m = w.press(w.ann, m, "↩️ Undo")
		wantText(t, m, "Subscribed")
		w.wantState(w.ann.ID(), subscribers.On)

		w.tell(w.ann, "/unsubscribe")
		_, m = w.press(w.ann, w.tell(w.ann, "/settings"), "🔔 Subscribe")
		wantText(t, m, "Subscribed")
		w.wantState(w.ann.ID(), subscribers.On)
	})
}

// chooseOften has an admin and two readers, of whom Ann chooses how often issues come, and
// returns her settings.
func (w *world) chooseOften(choice string) telegramsim.Message {
	w.t.Helper()
	w.tell(w.admin, "/start")
	w.tell(w.ann, "/subscribe")
	w.tell(w.li, "/subscribe")
	_, m := w.press(w.ann, w.tell(w.ann, "/settings"), "🔁 How often")
	wantText(w.t, m, "How often should issues come?", "Monthly headlines is one message")
	wantLabels(w.t, m, "✅ Every issue", "Every second issue", "Every fourth issue", "Monthly headlines", "‹ Back")
	_, settings := w.press(w.ann, m, choice)
	wantText(w.t, settings, "How often: "+choice)
	answer, _ := w.afterwards(w.ann.PressData(m, "1:ofts:4"), m)
	wantPopup(w.t, answer, "out of date")
	return settings
}

// Of the issues that are broadcast, those that a reader does not want so often are in the
// books as skipped, and can be asked for at any time.
func TestEverySecondIssue(t *testing.T) {
	inWorld(t, func(w *world) {
		settings := w.chooseOften("Every second issue")
		wantText(t, w.tell(w.ann, "/subscribe"), "Every second issue comes straight to this chat")

		for n, want := range []int{2, 0, 2, 0, 2} {
			w.issue(179+n, "News")
			if said := w.said(w.ann.Chat(), func() { w.scheduled(time.Hour) }); len(said) != want {
				t.Errorf("issue %d brings %q, want %d messages", n, texts(said), want)
			}
			if n == 1 {
				wantText(t, w.admin.Chat().Last(), "To 2 subscribers", "skipped, reader wants fewer issues: 2 messages")
				if said := w.said(w.ann.Chat(), func() { w.ann.Write("/latest") }); len(said) != 2 {
					t.Errorf("/latest brings %q, want the issue", texts(said))
				}
			}
		}
		if n := len(w.li.Chat().FromBot()); n != 11 {
			t.Errorf("the other reader has %d messages, want the answer and all issues", n)
		}

		// Who asks before the broadcast has had the issue, and waits no longer for the next.
		w.issue(184, "News")
		w.said(w.ann.Chat(), func() { w.ann.Write("/latest") })
		w.scheduled(time.Hour)
		_, m := w.press(w.ann, settings, "🔁 How often")
		w.press(w.ann, m, "Every issue")
		for n := range 2 {
			w.issue(185+n, "News")
			if said := w.said(w.ann.Chat(), func() { w.scheduled(time.Hour) }); len(said) != 2 {
				t.Errorf("with every issue, %q comes", texts(said))
			}
		}
	})
}

// Without link previews no message of an issue shows a picture above its text, in any
// layout, and an unfolded section does not either.
func TestNoPreviews(t *testing.T) {
	inWorld(t, func(w *world) {
		issue := longIssue(179)
		tools := &issue.Sections[2]
		tools.Intro = []digest.Block{{Kind: digest.Image, URL: "https://example.org/tools.png"}}
		w.save(issue)
		w.tell(w.ann, "/subscribe")
		settings := w.tell(w.ann, "/settings")
		wantText(t, settings, "Link previews: a picture above the text")
		pictures := func(layout digest.Layout) (n int) {
			w.setLayout(w.ann.ID(), layout)
			for _, m := range w.said(w.ann.Chat(), func() { w.ann.Write("/latest") }) {
				if m.Preview != nil && !m.Preview.Disabled {
					n++
				}
			}
			return n
		}
		if n := pictures(digest.LayoutSections); n != 2 {
			t.Errorf("%d messages show a picture, want cover and section", n)
		}
		_, settings = w.press(w.ann, settings, "🖼 Turn previews off")
		wantText(t, settings, "Link previews: none")
		for _, layout := range []digest.Layout{digest.LayoutSections, digest.LayoutAuto, digest.LayoutCompact} {
			if n := pictures(layout); n != 0 {
				t.Errorf("%s: %d messages show a picture, want none", layout, n)
			}
		}
		_, m := w.press(w.ann, w.ann.Chat().Last(), "▾ Tools")
		wantPicture(t, m, "")
		_, m = w.press(w.ann, m, "‹ Headlines")
		wantPicture(t, m, "")
		answer, _ := w.afterwards(w.ann.PressData(settings, "1:pre:2"), settings)
		wantPopup(t, answer, "out of date")
		_, settings = w.press(w.ann, settings, "🖼 Turn previews on")
		wantText(t, settings, "Link previews: a picture")
		if n := pictures(digest.LayoutSections); n != 2 {
			t.Errorf("%d messages show a picture again, want cover and section", n)
		}
	})
}

// A member of a group does not end its subscription.
func TestUnsubscribeIsForAdmins(t *testing.T) {
	inWorld(t, func(w *world) {
		group := w.groupOfAnn()
		m := w.one(group, func() { w.ann.WriteIn(group, "/subscribe") })
		group.Join(w.li)
		answer, _ := w.afterwards(w.li.PressData(m, "1:leave"), m)
		wantPopup(t, answer, "只有这里的管理员才能修改")
		w.wantState(group.ID, subscribers.On)
	})
}

func TestChosenLanguage(t *testing.T) {
	inWorld(t, func(w *world) {
		m := w.tell(w.ann, "/settings")
		_, m = w.press(w.ann, m, "🌐 Language")
		wantText(t, m, "Which language should I speak here?")
		wantRows(t, m, "✅ Same as Telegram", "English", "简体中文", "繁體中文", "‹ Back")
		_, m = w.press(w.ann, m, "简体中文")
		wantText(t, m, "设置", "语言：简体中文")

		// Everything is in it from now on.
		wantText(t, w.tell(w.ann, "/help"), "我能做什么")
		wantText(t, w.tell(w.ann, "?!"), "没看懂")
		answer, _ := w.afterwards(w.ann.PressData(m, "0:old"), m)
		wantPopup(t, answer, "这个按钮已经过期")
		answer, _ = w.afterwards(w.ann.PressData(telegramsim.Message{Chat: w.ann.ID(), ID: 4711}, "1:sub"), telegramsim.Message{Chat: w.ann.ID()})
		wantPopup(t, answer, "这个按钮已经过期")

		_, m = w.press(w.ann, m, "🌐 语言")
		wantRows(t, m, "跟随 Telegram", "English", "✅ 简体中文", "繁體中文", "‹ 返回")
		_, m = w.press(w.ann, m, "跟随 Telegram")
		wantText(t, m, "Language: English (same as Telegram)")
		wantText(t, w.tell(w.ann, "/help"), "What I can do")

		_, m = w.press(w.ann, m, "🌐 Language")
		_, m = w.press(w.ann, m, "繁體中文")
		wantText(t, m, "設定", "語言：繁體中文")
		wantText(t, w.tell(w.ann, "訂閱"), "訂閱成功")
		wantText(t, w.tell(w.ann, "暫停兩週"), "已暫停，下一期將於格林威治時間1月21日（星期五）09:00送達")
		wantText(t, w.tell(w.ann, "繼續"), "已恢復")
		wantText(t, w.tell(w.ann, "退訂"), "已取消訂閱")
		wantText(t, w.tell(w.ann, "取消订阅"), "沒有訂閱") // in another language
	})
}

// In a group everybody is spoken to in the group's language, and admins of the
// bot hear of broadcasts in theirs.
func TestChosenLanguageOfGroupsAndAdmins(t *testing.T) {
	inWorld(t, func(w *world) {
		group := w.sim.NewSupergroup("Friends", w.ann, w.li)
		w.said(group, func() { group.AddBot(w.ann) })
		m := w.one(group, func() { w.ann.WriteIn(group, "/settings") })
		_, m = w.press(w.ann, m, "🌐 Language")
		w.press(w.ann, m, "简体中文")
		wantText(t, w.one(group, func() { w.ann.WriteIn(group, "/help") }), "我能做什么")
		group.RemoveBot(w.ann)
		w.settle()
		wantText(t, w.one(group, func() { group.AddBot(w.ann) }), "大家好")

		m = w.tell(w.admin, "/settings")
		_, m = w.press(w.admin, m, "🌐 Language")
		w.press(w.admin, m, "简体中文")
		w.issue(179, "News")
		w.tell(w.ann, "/subscribe")
		m = w.tell(w.admin, "/broadcast")
		wantText(t, m, "发送这一期")
		w.press(w.admin, m, "📣 立即发送")
		w.finished()
		m, _ = w.admin.Chat().Message(m.ID)
		wantText(t, m, "发送完成")
	})
}

// Only people with the right to it change settings, whatever the data says.
func TestSettingsOfAGroup(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		group := w.sim.NewSupergroup("Friends", w.ann, w.li)
		w.said(group, func() { group.AddBot(w.ann) })
		w.said(group, func() { w.ann.WriteIn(group, "/subscribe") })
		for _, text := range []string{"/settings", "/pause", "/pause 2w", "/forget"} {
			wantText(t, w.one(group, func() { w.li.WriteIn(group, text) }), "只有这里的管理员才能修改")
		}
		w.pass(time.Minute)
		wantText(t, w.one(group, func() { w.li.WriteIn(group, "/privacy") }), "我保存了哪些信息")
		m := w.one(group, func() { w.ann.WriteIn(group, "/settings") })
		before := w.choices(group.ID, 0)
		for _, data := range []string{
			"1:set", "1:opt", "1:done", "1:lay", "1:lays:1", "1:lang", "1:langs:527", "1:snd:1", "1:day", "1:hour:1", "1:at:1:60", "1:zone:1:60:0",
			"1:when:1:60:0", "1:due", "1:rest:0", "1:rest:2", "1:pause:7:0", "1:pause:7:2", "1:go:0", "1:left", "1:wipe", "1:stay",
		} {
			answer, now := w.afterwards(w.li.PressData(m, data), m)
			wantPopup(t, answer, "只有这里的管理员才能修改")
			if now.Edits != 0 {
				t.Errorf("%s by a member changed the message to %q", data, now.Text)
			}
		}
		if after := w.choices(group.ID, 0); after != before {
			t.Errorf("a member made the choices %+v", after)
		}
		w.wantState(group.ID, subscribers.On)
		_, m = w.press(w.ann, m, "🔕 Turn sound off")
		wantText(t, m, "Sound: none")
	})
}

func TestForgedSettings(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.ann, "/subscribe")
		m := w.tell(w.ann, "/settings")
		before := w.choices(w.ann.ID(), 0)
		for _, data := range []string{
			"1:lays:4", "1:lays:9223372036854775807", "1:lays", "1:langs:1", "1:langs:9223372036854775807", "1:snd:2", "1:hour:7", "1:at:7:0", "1:at:0:1440",
			"1:zone:7:0:0", "1:zone:0:1440:0", "1:zone:0:0:7", "1:zone:0:0:9223372036854775807", "1:when:7:0:0", "1:when:0:1440:0", "1:when:0:0:5000",
			"1:when:0:0:9223372036854775807", "1:at:9223372036854775807:0", "1:rest:3", "1:pause:0:0", "1:pause:366:0", "1:pause:7:3",
			"1:pause:9223372036854775807:0", "1:go:3", "1:pause:7", "1:wipe:1",
		} {
			answer, now := w.afterwards(w.ann.PressData(m, data), m)
			wantPopup(t, answer, "out of date. Send /help")
			if now.Edits != 0 {
				t.Errorf("%q changed the message to %q", data, now.Text)
			}
		}
		if after := w.choices(w.ann.ID(), 0); after != before {
			t.Errorf("forged data made the choices %+v", after)
		}
	})
}

// A keyboard that is still there after other things were chosen does what its
// buttons say, and comes up to date; pressing twice is pressing once.
func TestOldSettingsKeyboard(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.ann, "/subscribe")
		old := w.tell(w.ann, "/settings")
		m := w.tell(w.ann, "/settings")
		_, m = w.press(w.ann, m, "🔕 Turn sound off")
		_, _ = w.press(w.ann, m, "Done")
		for range 2 {
			_, now := w.afterwards(w.ann.PressData(old, "1:snd:1"), old)
			wantText(t, now, "Sound: none")
			wantRow(t, now, "🗓 Delivery time | 🔔 Turn sound on")
		}
		_, now := w.afterwards(w.ann.PressData(old, "1:lays:1"), old)
		wantText(t, now, "Layout: One message", "Sound: none")
		m = w.one(w.ann.Chat(), func() { w.afterwards(w.ann.PressData(old, "1:opt"), old) })
		wantText(t, m, "Layout: One message")
	})
}

func TestCheckLanguage(t *testing.T) {
	for tag, ok := range map[string]bool{"en": true, "zh-CN": true, "": true, "xx-": false, "fr": false} {
		if err := talk.CheckLanguage(tag); (err == nil) != ok {
			t.Errorf("CheckLanguage(%q) = %v, want ok %t", tag, err, ok)
		}
	}
}
