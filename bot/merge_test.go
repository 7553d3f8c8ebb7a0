package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
)

func TestOtherSwitch(t *testing.T) {
	for _, test := range []struct {
		name, other, hint, allOff, done, closed string
		reader                                  func(w *world) *telegramsim.Person
	}{
		{"English", "Other", "one issue only", "All off", "Done", "0 of 2", func(w *world) *telegramsim.Person { return w.ann }},
		{"Chinese", "其他", "只在某一期出现过", "全部关闭", "完成", "0/2", func(w *world) *telegramsim.Person { return w.li }},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				p := test.reader(w)
				w.issue(178, "News", "Essay on bees")
				m := w.tell(p, "/sections")
				wantRow(t, m, "✅ Essay on bees")
				w.issue(179, "News", "Essay on cats")
				m = w.tell(p, "/sections")
				wantText(t, m, test.hint)
				wantRow(t, m, "✅ "+test.other)
				_, m = w.press(p, m, "✅ "+test.other)
				wantRow(t, m, "✅ News")
				wantRow(t, m, "⬜ "+test.other)
				if to := w.recipient(p.ID(), 0); !to.MutesOther {
					t.Errorf("the reader is %+v, want Other muted", to)
				}
				_, m = w.press(p, m, "⬜ "+test.other)
				wantRow(t, m, "✅ "+test.other)
				_, m = w.press(p, m, test.allOff)
				wantRow(t, m, "⬜ "+test.other)
				_, m = w.press(p, m, test.done)
				wantText(t, m, test.closed)
			})
		})
	}
}

// wantSections checks the sections of the archive.
func (w *world) wantSections(want ...string) {
	w.t.Helper()
	all, err := w.store.CountedSections(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	var got []string
	for _, s := range all {
		got = append(got, s.Name)
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("the archive has the sections %q, want %q", got, want)
	}
}

func TestMergeSections(t *testing.T) {
	for _, test := range []struct {
		language                                 string
		button, choose, into, ask, lose, final   string
		issues, doIt, drop, back, done, toSwitch string
	}{
		{"en", "🔗 Merge sections…", "Has a heading been renamed?", "Which section did <Tools> become?", "Merge <Tools> into Software?",
			"1 subscriber has switched off only <Tools>, and will no longer get Software", "cannot be undone",
			" · 1 issue", "🔗 Merge them", "Don't merge", "Back", "<Tools> is now part of Software", "🗂 Sections"},
		{"zh-hans", "🔗 合并栏目…", "栏目改名了？", "<Tools> 现在是哪个栏目？", "把“<Tools>”并入“Software”？",
			"1 位订阅者只关闭了“<Tools>”", "无法撤销",
			" · 1 期", "🔗 确认合并", "不合并", "返回", "“<Tools>”已并入“Software”", "🗂 栏目"},
	} {
		t.Run(test.language, func(t *testing.T) {
			inWorldToStart(t, func(w *world) {
				admin := w.sim.NewPerson("Boss", telegramsim.Language(test.language))
				w.config.Admins = []int64{admin.ID()}
				w.start()
				w.issue(178, "News", "<Tools>")
				reader := w.readers(1)[0]
				w.press(reader, w.tell(reader, "/sections"), "✅ <Tools>")
				w.issue(179, "News", "Software")

				m := w.tell(admin, "/sections")
				rows := labels(m)
				if rows[len(rows)-1] != test.button {
					t.Fatalf("buttons are %q, want %q last", rows, test.button)
				}
				_, m = w.press(admin, m, test.button)
				wantText(t, m, test.choose)
				if got := labels(m); len(got) != 4 || !strings.HasPrefix(got[0], "News · 2 ") || got[1] != "Software"+test.issues || got[2] != "<Tools>"+test.issues || got[3] != test.back {
					t.Errorf("buttons are %q", got)
				}
				_, m = w.press(admin, m, "<Tools>"+test.issues)
				wantText(t, m, test.into)
				if got := labels(m); len(got) != 3 {
					t.Errorf("buttons are %q, want all sections but the chosen one, and back", got)
				}
				_, m = w.press(admin, m, test.back)
				wantText(t, m, test.choose)
				_, m = w.press(admin, m, "<Tools>"+test.issues)
				_, m = w.press(admin, m, "Software"+test.issues)
				wantText(t, m, test.ask, test.lose, test.final)
				wantLabels(t, m, test.doIt, test.drop)
				question := m

				_, m = w.press(admin, m, test.drop)
				wantRow(t, m, test.button)
				w.wantSections("News", "Software", "<Tools>")

				_, m = w.press(admin, m, test.button)
				_, m = w.press(admin, m, "<Tools>"+test.issues)
				_, m = w.press(admin, m, "Software"+test.issues)
				wantLabels(t, m, test.doIt, test.drop) // it can be asked again
				_, m = w.press(admin, m, test.doIt)
				wantText(t, m, test.done)
				w.wantSections("News", "Software")
				_, m = w.press(admin, question, test.doIt) // once more, from a keyboard that is old
				wantText(t, m, test.done)
				_, m = w.press(admin, m, test.toSwitch)
				wantRow(t, m, "✅ Software")

				wantRow(t, w.tell(reader, "/sections"), "⬜ Software")
				got := texts(w.said(reader.Chat(), func() { reader.Write("/latest") }))
				if len(got) != 2 {
					t.Errorf("the reader got %q, want cover and News", got)
				}
			})
		})
	}
}

func TestMergeIsOfferedToAdminsAlone(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		hasMerge := func(m telegramsim.Message) bool {
			return slices.ContainsFunc(labels(m), func(l string) bool { return strings.Contains(l, "🔗") })
		}
		if m := w.tell(w.admin, "/sections"); hasMerge(m) {
			t.Errorf("with one section the buttons are %q", labels(m))
		}
		w.issue(180, "News", "Tools")
		if m := w.tell(w.ann, "/sections"); hasMerge(m) {
			t.Errorf("a reader's buttons are %q", labels(m))
		}
		group := w.sim.NewSupergroup("Friends", w.admin)
		w.said(group, func() { group.AddBot(w.admin) })
		if m := w.one(group, func() { w.admin.WriteIn(group, "/sections") }); hasMerge(m) {
			t.Errorf("in a group the buttons are %q", labels(m))
		}
	})
}

func TestForgedMergePresses(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(178, "News", "Tools")
		w.issue(179, "News", "Software")
		group := w.sim.NewSupergroup("Friends", w.admin, w.ann, w.li)
		w.said(group, func() { group.AddBot(w.admin) })
		inGroup := w.one(group, func() { w.admin.WriteIn(group, "/sections") })
		for _, forged := range []struct {
			by   *telegramsim.Person
			m    telegramsim.Message
			want string
		}{
			{w.ann, w.tell(w.ann, "/sections"), "This button is for the admins of the bot."},
			{w.li, w.tell(w.li, "/sections"), "这个按钮仅供机器人管理员使用。"},
			{w.ann, inGroup, "This button is for the admins of the bot."},
			{w.admin, inGroup, "This button is for the admins of the bot."}, // in private only
			{w.ann, w.tell(w.admin, "/sections"), "This button is for the admins of the bot."},
		} {
			for _, data := range []string{"1:bmfrom:0", "1:bminto:1:0", "1:bmask:2:3", "1:bmerge:2:3"} {
				answer, now := w.afterwards(forged.by.PressData(forged.m, data), forged.m)
				if !answer.Alert || answer.Text != forged.want {
					t.Errorf("%s pressed %s and got %+v, want %q", forged.by.Name(), data, answer, forged.want)
				}
				if now.Edits != 0 {
					t.Errorf("%s pressed %s and the message became %q", forged.by.Name(), data, now.Text)
				}
			}
		}
		w.wantSections("News", "Software", "Tools")
	})
}

// Buttons of admins say what is no longer exists.
func TestMergePressesThatAreOutOfDate(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(178, "News", "Tools")
		w.issue(179, "News", "Software")
		m := w.tell(w.admin, "/sections")
		_, m = w.press(w.admin, m, "🔗 Merge sections…")
		_, m = w.press(w.admin, m, "Tools · 1 issue")
		toTools, _ := m.Button("News · 2 issues")
		for _, data := range []string{
			"1:bminto:999:0", "1:bmask:999:1", "1:bmask:1:999", "1:bmask:1:1",
			"1:bmerge:999:1", "1:bmerge:1:999", "1:bmerge:1:1", "1:bmerge:0:0",
		} {
			answer, now := w.afterwards(w.admin.PressData(m, data), m)
			if !answer.Alert || !strings.Contains(answer.Text, "no longer exists") {
				t.Errorf("to %s the answer is %+v", data, answer)
			}
			wantText(t, now, "Merge sections")
		}
		w.wantSections("News", "Software", "Tools")
		for _, data := range []string{"1:bmerge:1", "1:bmerge:1:2:3", "1:bmerge:-1:2", "1:bmerge:x:2", "1:bminto:1", "1:bmfrom:"} {
			answer, _ := w.afterwards(w.admin.PressData(m, data), m)
			wantText(t, telegramsim.Message{Text: answer.Text}, "out of date")
		}
		_, now := w.afterwards(w.admin.PressData(m, "1:bmfrom:9223372036854775807"), m)
		wantRow(t, now, "News · 2 issues")

		// Another admin was faster: the same question shows what has become.
		_, asked := w.afterwards(w.admin.PressData(m, toTools.CallbackData), m)
		wantText(t, asked, "Merge Tools into News?")
		w.press(w.admin, asked, "🔗 Merge them")
		_, now = w.afterwards(w.admin.PressData(m, toTools.CallbackData), m)
		wantText(t, now, "Tools is now part of News")
		w.wantSections("News", "Software")
	})
}

func TestManySectionsToMergeHavePages(t *testing.T) {
	inWorld(t, func(w *world) {
		for i := range 25 {
			w.issue(150+i, "News", fmt.Sprintf("Essay %c", 'A'+i))
		}
		m := w.tell(w.admin, "/sections")
		_, m = w.press(w.admin, m, "🔗 Merge sections…")
		wantRow(t, m, "News · 25 issues")
		wantRow(t, m, "Essay Y · 1 issue")
		wantRow(t, m, "◀️ | 1/3 | ▶️")
		_, m = w.press(w.admin, m, "▶️")
		_, m = w.press(w.admin, m, "▶️")
		wantRow(t, m, "◀️ | 3/3 | ▶️")
		_, m = w.press(w.admin, m, "Essay A · 1 issue")
		wantRow(t, m, "News · 25 issues")
		_, m = w.press(w.admin, m, "▶️")
		wantRow(t, m, "◀️ | 2/3 | ▶️")
		_, m = w.press(w.admin, m, "Essay O · 1 issue")
		wantText(t, m, "Merge Essay A into Essay O?")
	})
}

// A heading may be as long as its author likes; buttons and texts are not.
func TestLongSectionNames(t *testing.T) {
	inWorld(t, func(w *world) {
		long := func(s string) string { return s + strings.Repeat(" and more & more", 400) }
		w.issue(178, "News", long("Tools"))
		w.issue(179, "News", long("Software"))
		m := w.tell(w.admin, "/sections")
		_, m = w.press(w.admin, m, "🔗 Merge sections…")
		for _, prefix := range []string{"Tools", "Software"} {
			rows := labels(m)
			i := slices.IndexFunc(rows, func(l string) bool { return strings.HasPrefix(l, prefix) })
			if i < 0 || len(rows[i]) > 80 || !strings.HasSuffix(rows[i], "… · 1 issue") {
				t.Fatalf("buttons are %q, want a short one for %s", rows, prefix)
			}
			_, m = w.press(w.admin, m, rows[i])
		}
		wantText(t, m, "Merge Tools and more & more")
		_, m = w.press(w.admin, m, "🔗 Merge them")
		wantText(t, m, "is now part of Software and more & more")
	})
}

// Sections are merged while an issue is being sent: choices hold, and the books
// balance.
func TestMergeDuringABroadcast(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(178, "Tools", "News")
		w.issue(179, "News", "Tools", "Software")
		w.issue(180, "News", "Tools", "Software")
		people := w.audience(300)
		muters := people[250:] // the last to be served
		for _, p := range muters {
			sub := w.recipient(p.ID(), 0).Subscriber
			switches, err := w.store.Switches(w.t.Context(), sub.ID)
			if err != nil {
				w.t.Fatal(err)
			}
			for _, s := range switches {
				if s.Name == "Tools" {
					if err := w.store.SetMuted(w.t.Context(), sub.ID, s.ID, true); err != nil {
						w.t.Fatal(err)
					}
				}
			}
		}
		m := w.tell(w.admin, "/sections")
		_, m = w.press(w.admin, m, "🔗 Merge sections…")
		_, m = w.press(w.admin, m, "Tools · 3 issues")
		_, m = w.press(w.admin, m, "Software · 2 issues")
		wantText(t, m, "50 subscribers have switched off only Tools")
		if _, err := w.admin.Press(w.tell(w.admin, "/broadcast"), "📣 Send now"); err != nil {
			w.t.Fatal(err)
		}
		w.pass(time.Second)
		_, m = w.press(w.admin, m, "🔗 Merge them")
		wantText(t, m, "Tools is now part of Software")
		if bc, err := w.store.LastBroadcast(w.t.Context()); err != nil || !bc.FinishedAt.IsZero() {
			w.t.Fatalf("the broadcast is %+v, %v; want it under way", bc, err)
		}
		w.finished()
		for i, p := range people {
			want := 4
			if i >= 250 {
				want = 2
			}
			if got := texts(p.Chat().FromBot()); len(got) != want {
				t.Fatalf("%s got %q, want %d messages", p.Name(), got, want)
			}
		}
		wantText(t, w.tell(w.admin, "/status"), "sent: 1,100 messages", "section switched off, or hidden by words: 100 messages")
	})
}
