package bot_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
)

// shared returns the link and the text that a share button passes on.
func shared(t *testing.T, m telegramsim.Message, button string) (link, text string) {
	t.Helper()
	b, ok := m.Button(button)
	address, err := url.Parse(b.URL)
	if !ok || err != nil || !strings.HasPrefix(b.URL, "https://t.me/share/url?url=") {
		t.Fatalf("%s leads to %q, %v; the message is %q with %q", button, b.URL, err, m.Text, labels(m))
	}
	if strings.Contains(b.URL, "+") || len(b.URL) > 1024 {
		t.Errorf("the address is %q", b.URL)
	}
	return address.Query().Get("url"), address.Query().Get("text")
}

func last(messages []telegramsim.Message) telegramsim.Message { return messages[len(messages)-1] }

// What is passed on with a link is the title, whatever it is made of.
func TestSharedTitle(t *testing.T) {
	for _, test := range []struct{ title, want string }{
		{"Weekly & more + 100% #1 😀 'x' \"y\"", "Weekly & more + 100% #1 😀 'x' \"y\""},
		{"科技爱好者周刊：第 179 期", "科技爱好者周刊：第 179 期"},
		{strings.Repeat("长", 300), strings.Repeat("长", 99) + "…"},
		{strings.Repeat("😀", 300), strings.Repeat("😀", 49) + "…"},
		{"", "Digest № 179"},
	} {
		t.Run(test.want, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.save(&digest.Issue{Key: "179", Number: 179, Title: test.title, Sections: []digest.Section{
					{Key: "news", Name: "News", Items: []digest.Item{{Title: []digest.Span{{Text: "Cat"}}}}},
				}})
				w.tell(w.ann, "/subscribe")
				end := last(w.said(w.ann.Chat(), func() { w.ann.Write("/latest") }))
				wantLabels(t, end, closingEnglish) // a single section is all of the issue
				want := strings.Replace(test.want, "Digest №", w.sim.Bot().FirstName+" №", 1)
				if link, text := shared(t, end, "↗️ Share"); link != "https://t.me/digest_sim_bot?start=issue_179" || text != want {
					t.Errorf("%q is shared as %q with %q, want %q", test.title, link, text, want)
				}
			})
		})
	}
}

// A reader shares a section from the last message of an issue. Whoever opens the link gets
// that section, a subscription if they have none, and the rest if they like.
func TestShareSection(t *testing.T) {
	for _, test := range []struct {
		language, share, whole, one, which, subscribe, text string
	}{
		{"en", "↗️ Share", "📰 The whole issue", "↗️ Share a section", "What do you want to share?\n\nWeekly <179> · 19 November 2021", "🔔 Subscribe", "Tools · Weekly <179>"},
		{"zh-hans", "↗️ 分享", "📰 查看整期", "↗️ 分享栏目", "要分享哪一部分？\n\nWeekly <179> · 2021年11月19日", "🔔 订阅", "Tools · Weekly <179>"},
	} {
		t.Run(test.language, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.issue(179, "News", "Tools")
				reader := w.sim.NewPerson("Reader", telegramsim.Language(test.language))
				w.tell(reader, "/subscribe")
				end := last(w.said(reader.Chat(), func() { reader.Write("/latest") }))
				list := w.one(reader.Chat(), func() { w.press(reader, end, test.one) })
				wantText(t, list, test.which)
				wantLabels(t, list, "📰 Weekly <179>", "News", "Tools")
				if link, text := shared(t, list, "📰 Weekly <179>"); link != "https://t.me/digest_sim_bot?start=issue_179" || text != "Weekly <179>" {
					t.Errorf("the issue is shared as %q with %q", link, text)
				}
				link, text := shared(t, list, "Tools")
				if text != test.text {
					t.Errorf("the section is shared with %q, want %q", text, test.text)
				}

				friend := w.sim.NewPerson("Friend", telegramsim.Language(test.language))
				m := w.open(friend, link)[0]
				wantText(t, m, "Tools", "About Tools")
				wantLabels(t, m, test.subscribe, test.whole+" | "+test.share)
				if again, text := shared(t, m, test.share); again != link || text != test.text {
					t.Errorf("it is shared further as %q with %q, want %q", again, text, link)
				}
				subscribe, _ := m.Button(test.subscribe)
				w.open(friend, subscribe.URL)
				w.wantState(friend.ID(), "on")
				w.press(friend, w.tell(friend, "/sections"), "✅ Tools") // muted: they ask for it all the same
				m = w.open(friend, link)[0]
				wantText(t, m, "About Tools")
				wantLabels(t, m, test.whole+" | "+test.share)
				w.delivered(friend.Chat(), 1, func() { w.press(friend, m, test.whole) })
			})
		})
	}
}

// A section is shared wherever it stands by itself.
func TestShareSectionWhereItStandsAlone(t *testing.T) {
	inWorld(t, func(w *world) {
		compact := w.compactForAnn()
		_, open := w.press(w.ann, compact, "▾ Essays")
		link, text := shared(t, open, "↗️ Share")
		if text != "Essays · Long 179" {
			t.Errorf("it is shared with %q", text)
		}
		said := w.said(w.ann.Chat(), func() { w.ann.Write("/latest essays") })
		for n, m := range said {
			if len(m.Keyboard) > 0 != (n == len(said)-1) {
				t.Errorf("under message %d are %q, want buttons under the last", n+1, labels(m))
			}
		}
		if again, _ := shared(t, last(said), "↗️ Share"); again != link {
			t.Errorf("/latest shares %q, want %q", again, link)
		}
		if got := w.open(w.li, link); len(got) != 3 || !strings.HasPrefix(got[0].Text, "Essays") {
			t.Errorf("the link brings %q", texts(got))
		}
		group, bea := w.friends()
		m := last(w.said(group, func() { bea.WriteIn(group, "/latest@digest_sim_bot essays") }))
		wantLabels(t, m, "🔔 Get it in private", "📰 The whole issue | ↗️ Share")
		whole, _ := m.Button("📰 The whole issue")
		if whole.URL != "https://t.me/digest_sim_bot?start=issue_179" {
			t.Errorf("the whole issue is at %q", whole.URL)
		}
	})
}

func TestManySectionsToShare(t *testing.T) {
	inWorld(t, func(w *world) {
		issue := &digest.Issue{Key: "179", Number: 179, Title: strings.Repeat("长", 300)}
		for n := range 20 {
			name := fmt.Sprintf("%d %s", n+1, strings.Repeat("栏", 80))
			issue.Sections = append(issue.Sections, digest.Section{
				Key: digest.SectionKey(name), Name: name, Items: []digest.Item{{Title: []digest.Span{{Text: "Cat"}}}, {Title: []digest.Span{{Text: "Dog"}}}},
			})
		}
		w.save(issue)
		end := last(w.said(w.ann.Chat(), func() { w.ann.Write("/latest"); w.pass(time.Minute) }))
		list := w.one(w.ann.Chat(), func() { w.press(w.ann, end, "↗️ Share a section") })
		if rows := labels(list); len(rows) != 10 || rows[9] != "◀️ | 1/3 | ▶️" {
			t.Errorf("the buttons are %q", rows)
		}
		_, list = w.press(w.ann, list, "▶️")
		_, list = w.press(w.ann, list, "▶️")
		if rows := labels(list); len(rows) != 6 || !strings.HasPrefix(rows[4], "20 栏") || rows[5] != "◀️ | 3/3 | ▶️" {
			t.Errorf("the buttons are %q", rows)
		}
		link, text := shared(t, list, labels(list)[4])
		if got := w.open(w.li, link); len(got) != 1 || !strings.HasPrefix(text, "20 栏") {
			t.Errorf("the link with %q brings %q", text, texts(got))
		}
	})
}

// A link outlives what it leads to.
func TestOldSectionLinks(t *testing.T) {
	inWorld(t, func(w *world) {
		issue := w.issue(178, "News", "Tools")
		w.issue(179, "Software")
		wantText(t, w.tell(w.ann, "/start section_1_2"), "About Tools")
		if _, err := w.store.MergeSections(w.t.Context(), subscribers.InPrivate(w.admin.ID()), 2, 3); err != nil {
			t.Fatal(err)
		}
		wantText(t, w.tell(w.ann, "/start section_1_2"), "About Tools") // by its old name
		w.issue(178, "News")
		m := w.tell(w.ann, "/start section_1_2")
		wantText(t, m, "Weekly <178> · 12 November 2021 does not have that section any more.")
		wantLabels(t, m, "News")
		wantText(t, w.one(w.ann.Chat(), func() { w.press(w.ann, m, "News") }), "About News")
		wantText(t, w.tell(w.li, "/start section_1_2"), "已经没有这个栏目了")
		m = w.tell(w.ann, "/start section_1_999")
		wantLabels(t, m, "News")

		end := last(w.said(w.ann.Chat(), func() { w.ann.Write("/issue 178") }))
		if _, err := w.store.WithdrawIssue(w.t.Context(), issue.ID, subscribers.InPrivate(w.admin.ID())); err != nil {
			t.Fatal(err)
		}
		m = w.tell(w.ann, "/start section_1_1")
		wantText(t, m, "This issue has been withdrawn.")
		wantLabels(t, m, "🔔 Subscribe", "🗄 All issues")
		w.tell(w.ann, "/subscribe")
		wantLabels(t, w.tell(w.ann, "/start section_1_1"), "🗄 All issues")
		for _, data := range []string{"1:shro:1", "1:shr:1:0"} {
			answer, now := w.afterwards(w.ann.PressData(end, data), end)
			wantPopup(t, answer, "This issue has been withdrawn.")
			wantText(t, now, end.Text)
		}
	})
}

// A link or press that was made up leads nowhere.
func TestForgedShares(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		for _, payload := range []string{
			"section_", "section_1", "section_1_", "section__1", "section_1_2_3", "section_99_1", "section_x_y", "section_-1_1",
			"section_9223372036854775807_9223372036854775807", "section_99999999999999999999_1",
		} {
			wantText(t, w.tell(w.ann, "/start "+payload), w.sim.Bot().FirstName)
		}
		under := w.tell(w.ann, "/issues")
		for _, data := range []string{"1:shro:99", "1:shr:99:0"} {
			answer, now := w.afterwards(w.ann.PressData(under, data), under)
			wantPopup(t, answer, "This button is out of date.")
			wantText(t, now, under.Text)
		}
		_, now := w.afterwards(w.ann.PressData(under, "1:shr:1:9223372036854775807"), under)
		wantLabels(t, now, "📰 Weekly <179>", "News", "Tools")

		group, bea := w.friends()
		posted := w.one(group, func() { bea.WriteIn(group, "/issues@digest_sim_bot") })
		for _, data := range []string{"1:shro:1", "1:shr:1:0"} {
			w.wantForAdmins(group, posted, data, bea)
		}
		// As a link with ?startgroup= does, which has the bot added first.
		m := w.one(group, func() { bea.WriteIn(group, "/start@digest_sim_bot section_1_2") })
		wantText(t, m, "About Tools")
		wantLabels(t, m, "🔔 Get it in private", "📰 The whole issue | ↗️ Share")
	})
}

// An issue that has lost its last section since still can be shared as a whole.
func TestShareWhatHasNoSections(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		end := last(w.said(w.ann.Chat(), func() { w.ann.Write("/latest") }))
		w.issue(179)
		list := w.one(w.ann.Chat(), func() { w.press(w.ann, end, "↗️ Share a section") })
		wantLabels(t, list, "📰 Weekly <179>")
	})
}
