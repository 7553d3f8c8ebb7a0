package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers/archive"
)

// entry is an item as tests write it.
type entry struct{ title, text, link string }

// archive keeps an issue with one section of these items, a week later for each
// number.
func (w *world) archive(number int, section string, entries ...entry) archive.Issue {
	w.t.Helper()
	issue := &digest.Issue{
		Key: fmt.Sprint(number), Number: number, Title: fmt.Sprintf("Weekly %d", number),
		Date:     time.Date(2021, 11, 19, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 7*(number-179)),
		Sections: []digest.Section{{Key: digest.SectionKey(section), Name: section}},
	}
	for _, e := range entries {
		item := digest.Item{}
		if e.title != "" {
			item.Title = []digest.Span{{Text: e.title, Link: e.link}}
		}
		if e.text != "" {
			item.Body = []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: e.text}}}}
		}
		issue.Sections[0].Items = append(issue.Sections[0].Items, item)
	}
	return w.save(issue)
}

func (w *world) save(issue *digest.Issue) archive.Issue {
	w.t.Helper()
	row, _, err := w.store.SaveIssue(w.t.Context(), issue, "issue.md", fmt.Appendf(nil, "%+v", issue))
	if err != nil {
		w.t.Fatal(err)
	}
	return row
}

// unnumbered keeps an issue that goes by its key.
func (w *world) unnumbered(key, title string) archive.Issue {
	w.t.Helper()
	return w.save(&digest.Issue{Key: key, Title: title, Date: time.Date(2020, 1, 3, 0, 0, 0, 0, time.UTC), Sections: []digest.Section{{
		Key: "frost", Name: "Frost", Items: []digest.Item{{Title: []digest.Span{{Text: "About frost"}}}},
	}}})
}

// delivered is said for the messages of an issue: its cover and n sections.
func (w *world) delivered(chat *telegramsim.Chat, n int, f func()) []telegramsim.Message {
	w.t.Helper()
	said := w.said(chat, f)
	if len(said) != n+1 {
		w.t.Fatalf("the bot said %q, want a cover and %d sections", texts(said), n)
	}
	return said
}

func TestIssues(t *testing.T) {
	for _, test := range []struct {
		name                        string
		reader                      func(w *world) *telegramsim.Person
		none, title, line, onItsWay string
	}{
		{"English", func(w *world) *telegramsim.Person { return w.ann }, "no issue yet", "The archive: 23 issues", "Weekly <179> · 19 November 2021", "📰 On its way"},
		{"Chinese", func(w *world) *telegramsim.Person { return w.li }, "第一期还没有发布", "往期：共 23 期", "Weekly <179> · 2021年11月19日", "📰 正在发送"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				p := test.reader(w)
				wantText(t, w.tell(p, "/issues"), test.none)
				for number := 158; number <= 179; number++ {
					w.issue(number, "News")
				}
				w.unnumbered("frost.md", "The long frost <&>")
				m := w.tell(p, "/issues")
				wantText(t, m, test.title, test.line, "Weekly <170>")
				wantFormat(t, m, "text_link", "Weekly <170>", "https://t.me/digest_sim_bot?start=issue_170")
				wantLabels(t, m, "179 | 178 | 177 | 176 | 175", "174 | 173 | 172 | 171 | 170", "◀️ | 1/3 | ▶️")
				_, m = w.press(p, m, "◀️")
				wantRow(t, m, "◀️ | 1/3 | ▶️")
				_, m = w.press(p, m, "▶️")
				_, m = w.press(p, m, "▶️")
				wantLabels(t, m, "159 | 158", "The long frost <&>", "◀️ | 3/3 | ▶️")
				wantText(t, m, test.title, "The long frost <&>")
				said := w.delivered(p.Chat(), 1, func() {
					if answer, _ := w.press(p, m, "The long frost <&>"); answer.Text != test.onItsWay {
						t.Errorf("popup is %q, want %q", answer.Text, test.onItsWay)
					}
				})
				wantText(t, said[1], "About frost")
				said = w.delivered(p.Chat(), 1, func() { w.press(p, m, "158") })
				wantText(t, said[0], "Weekly <158>")
				_, m = w.press(p, m, "◀️")
				wantRow(t, m, "◀️ | 2/3 | ▶️")
			})
		})
	}
}

func TestIssue(t *testing.T) {
	for _, test := range []struct {
		name                 string
		reader               func(w *world) *telegramsim.Person
		none, which, unknown string
		all, title           string
	}{
		{"English", func(w *world) *telegramsim.Person { return w.ann }, "no issue yet", "for example /issue 179", "There is no issue 17.", "🗄 All issues", "The archive"},
		{"Chinese", func(w *world) *telegramsim.Person { return w.li }, "第一期还没有发布", "例如 /issue 179", "没有找到第 17 期", "🗄 往期", "往期"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				p := test.reader(w)
				for _, command := range []string{"/issue", "/issue 12", "/search", "/search frost", "/start issue_12"} {
					m := w.tell(p, command)
					wantText(t, m, test.none)
					wantLabels(t, m)
				}
				w.issue(178, "Old")
				w.issue(179, "News")
				w.unnumbered("frost.md", "The long frost")
				m := w.tell(p, "/issue")
				wantText(t, m, test.which)
				_, m = w.press(p, m, test.all)
				wantText(t, m, test.title)
				for _, name := range []string{"178", "#178", "１７８", "第178期", "178期"} {
					said := w.delivered(p.Chat(), 1, func() { p.Write("/issue " + name) })
					wantText(t, said[1], "About Old")
				}
				said := w.delivered(p.Chat(), 1, func() { p.Write("/issue FROST.md") })
				wantText(t, said[1], "About frost")
				m = w.tell(p, "/issue 17")
				wantText(t, m, test.unknown)
				wantLabels(t, m, test.all)
				for _, name := range []string{"0", "-1", "%", "'", "<b>&", "99999999999999999999", "id_", "id_x", "id_-1", "id_99", strings.Repeat("长", 4000)} {
					wantLabels(t, w.tell(p, "/issue "+name), test.all)
				}
			})
		})
	}
}

func TestDeepLinksToIssues(t *testing.T) {
	inWorld(t, func(w *world) {
		old := w.issue(178, "Old")
		w.issue(179, "News")
		frost := w.unnumbered("frost.md", "The long frost")
		// An issue of another season with the same number: the newer one goes by it.
		w.save(&digest.Issue{Key: "s2-178", Number: 178, Title: "Season two", Date: time.Date(2023, 1, 6, 0, 0, 0, 0, time.UTC), Sections: []digest.Section{{
			Key: "new", Name: "New", Items: []digest.Item{{Title: []digest.Span{{Text: "About season two"}}}},
		}}})
		for payload, want := range map[string]string{
			"issue_179": "About News", "issue_178": "About season two",
			fmt.Sprintf("issue_id_%d", old.ID): "About Old", fmt.Sprintf("issue_id_%d", frost.ID): "About frost",
		} {
			for _, p := range []*telegramsim.Person{w.ann, w.li} {
				said := w.delivered(p.Chat(), 1, func() { p.Open(payload) })
				wantText(t, said[1], want)
			}
		}
		wantText(t, w.one(w.ann.Chat(), func() { w.ann.Open("issue_id_99") }), "There is no issue id_99.")
		wantText(t, w.one(w.li.Chat(), func() { w.li.Open("issue_id_99") }), "没有找到")
		wantText(t, w.one(w.ann.Chat(), func() { w.ann.Open("issue_") }), "Tell me which issue")
	})
}

func TestLatestSection(t *testing.T) {
	for _, test := range []struct {
		name                      string
		reader                    func(w *world) *telegramsim.Person
		none, unknown, several    string
		onItsWay, asked, ambigous string
	}{
		{"English", func(w *world) *telegramsim.Person { return w.ann }, "no issue yet", "has no section “<nope>”", "“动态” may be one of these", "📰 On its way", "<nope>", "动态"},
		{"Chinese", func(w *world) *telegramsim.Person { return w.li }, "第一期还没有发布", "没有“<nope>”这个栏目", "与“动态”相符的栏目", "📰 正在发送", "<nope>", "动态"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				p := test.reader(w)
				wantText(t, w.tell(p, "/latest 产品动态"), test.none)
				w.issue(178, "Gone")
				w.issue(179, "一、产品动态", "二、运营动态", "News", "Newest & best")
				for _, name := range []string{"产品动态", "1. 产品动态！", "产品", "品动"} {
					wantText(t, w.tell(p, "/latest "+name), "About 一、产品动态")
				}
				wantText(t, w.tell(p, "/latest ＮＥＷＳ"), "About News") // exactly, though another begins so
				wantText(t, w.tell(p, "/latest new best"), test.unknown[:3])
				m := w.tell(p, "/latest "+test.ambigous)
				wantText(t, m, test.several)
				wantLabels(t, m, "一、产品动态", "二、运营动态")
				m = w.tell(p, "/latest "+test.asked)
				wantText(t, m, test.unknown)
				wantLabels(t, m, "一、产品动态", "二、运营动态", "News", "Newest & best")
				section := w.one(p.Chat(), func() {
					if answer, _ := w.press(p, m, "Newest & best"); answer.Text != test.onItsWay {
						t.Errorf("popup is %q, want %q", answer.Text, test.onItsWay)
					}
				})
				wantText(t, section, "About Newest & best")
				for _, name := range []string{"Gone", "%", "_", "!!!", "🔥", strings.Repeat("长", 4000)} {
					wantLabels(t, w.tell(p, "/latest "+name), "一、产品动态", "二、运营动态", "News", "Newest & best")
				}
				// It was no delivery: the issue comes whole.
				w.delivered(p.Chat(), 4, func() { p.Write("/latest") })
			})
		})
	}
}

// A long section comes in its order, and only its first message rings.
func TestLongSectionInParts(t *testing.T) {
	inWorld(t, func(w *world) {
		var entries []entry
		for n := range 40 {
			entries = append(entries, entry{title: fmt.Sprintf("Item %d", n), text: strings.Repeat("Words of a body. ", 20)})
		}
		w.archive(179, "News", entries...)
		said := w.said(w.ann.Chat(), func() { w.ann.Write("/latest news") })
		if len(said) < 3 {
			t.Fatalf("the bot said %d messages, want at least 3", len(said))
		}
		for i, m := range said {
			wantText(t, m, fmt.Sprintf("(%d/%d)", i+1, len(said)))
			if m.Silent != (i > 0) {
				t.Errorf("message %d is silent: %t", i+1, m.Silent)
			}
		}
	})
}

// A message that Telegram does not take as HTML comes without markup.
func TestSectionThatTelegramRefuses(t *testing.T) {
	inWorld(t, func(w *world) {
		row := w.issue(179, "News")
		w.exec("UPDATE messages SET html = '<broken>' WHERE position = 1")
		w.tell(w.admin, "/start")
		// Readers do not wait for admins to be told of it.
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Chat: w.admin.ID(), Delay: 20 * time.Second})
		for range 2 {
			asked := time.Now()
			m := w.tell(w.ann, "/latest news")
			wantText(t, m, "About News")
			if waited := m.Date.Sub(asked); waited > 10*time.Second {
				t.Errorf("the section comes after %v", waited)
			}
		}
		messages, err := w.store.Messages(w.t.Context(), row.ID, row.Edition)
		if err != nil || messages[1].Refused == "" {
			t.Errorf("messages are %+v, %v, want it noted that the second is refused", messages, err)
		}
	})
}

func TestArchiveInGroup(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(178, "Old")
		w.issue(179, "News")
		admin := w.sim.NewPerson("Mia", telegramsim.Language("en"))
		group := w.sim.NewGroup("Friends", admin, w.ann)
		w.said(group, func() { group.AddBot(admin) })
		m := w.one(group, func() { w.ann.WriteIn(group, "/issues@digest_sim_bot") })
		wantRow(t, m, "179 | 178")
		w.delivered(group, 1, func() { w.press(admin, m, "178") })
		wantText(t, w.one(group, func() { w.ann.WriteIn(group, "/latest@digest_sim_bot news") }), "About News")
		wantText(t, w.one(group, func() { w.ann.WriteIn(group, "/search@digest_sim_bot old") }), "About Old")
	})
}

func TestForgedPressesOfTheArchive(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		m := w.tell(w.ann, "/issues")
		for _, data := range []string{"1:iss:99", "1:part:1:99", "1:part:99:1", "1:part:1:0", "1:find:0", "1:find:-1", "1:list", "1:list:x", "1:iss:0"} {
			said := w.said(w.ann.Chat(), func() {
				answer, now := w.afterwards(w.ann.PressData(m, data), m)
				wantText(t, telegramsim.Message{Text: answer.Text}, "out of date")
				if now.Text != m.Text {
					t.Errorf("%q made the message %q", data, now.Text)
				}
			})
			if len(said) != 0 {
				t.Errorf("%q made the bot say %q", data, texts(said))
			}
		}
		_, now := w.afterwards(w.ann.PressData(m, "1:list:9223372036854775807"), m)
		if !slices.Equal(labels(now), labels(m)) {
			t.Errorf("a page far beyond has the buttons %q", labels(now))
		}
	})
}

func TestTroubleInTheArchiveIsAdmitted(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		m := w.tell(w.ann, "/issues")
		w.breakTable("issues")
		for _, command := range []string{"/issues", "/issue", "/issue 179", "/latest news"} {
			wantText(t, w.tell(w.ann, command), "Something went wrong")
		}
		wantText(t, w.one(w.ann.Chat(), func() { w.press(w.ann, m, "179") }), "Something went wrong")
	})
}

// Apps can be made to press any button under any message. In a group or channel
// a member overwrites nothing with it, and in a channel posts nothing either.
func TestMembersPressOnlyWhatIsThere(t *testing.T) {
	forged := []string{"1:list:0", "1:find:0", "1:iss:1", "1:part:1:1", "1:new"}
	inWorld(t, func(w *world) {
		w.issue(178, "News")
		w.issue(179, "News", "Tools")
		bea := w.sim.NewPerson("Bea", telegramsim.Language("en"))
		channel := w.sim.NewChannel("Channel", w.ann, w.li, bea)
		w.said(channel, func() { channel.AddBot(w.ann) })
		channel.PromoteBot(w.ann, telegramsim.AllRights())
		w.settle()
		group := w.sim.NewSupergroup("Friends", w.ann, w.li, bea)
		w.said(group, func() { group.AddBot(w.ann) })
		for _, chat := range []*telegramsim.Chat{channel, group} {
			post := w.delivered(chat, 2, func() { w.ann.WriteIn(chat, "/latest") })[0]
			for _, data := range forged {
				w.wantForAdmins(chat, post, data, bea)
			}
		}
		// The buttons that are there work for admins.
		list := w.one(channel, func() { w.ann.WriteIn(channel, "/issues") })
		wantText(t, list, "Admins of this channel")
		answer, _ := w.press(w.li, list, "178")
		wantPopup(t, answer, "只有这里的管理员才能修改")
		w.delivered(channel, 1, func() { w.press(w.ann, list, "178") })
	})
}
