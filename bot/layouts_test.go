package bot_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// chooseLayout makes a person choose a layout in the settings.
func (w *world) chooseLayout(p *telegramsim.Person, layouts, name string) {
	w.t.Helper()
	m := w.tell(p, "/settings")
	_, m = w.press(p, m, layouts)
	w.press(p, m, name)
}

// headings are the first lines of messages, "rich " before those of rich ones.
func headings(messages []telegramsim.Message) []string {
	var all []string
	for _, m := range messages {
		text, kind := m.Text, ""
		if m.Rich != nil {
			text, kind = strings.TrimSpace(m.Rich.Text), "rich "
		}
		first, _, _ := strings.Cut(text, "\n")
		all = append(all, kind+first)
	}
	return all
}

func wantHeadings(t *testing.T, messages []telegramsim.Message, want ...string) {
	t.Helper()
	if got := headings(messages); !slices.Equal(got, want) {
		t.Errorf("the messages are %q, want %q", got, want)
	}
}

// wantClosed checks that the closing row is under the last message and no other,
// and that the first message alone rings.
func wantClosed(t *testing.T, messages []telegramsim.Message, closing string) {
	t.Helper()
	for i, m := range messages {
		rows := labels(m)
		closed := len(rows) > 0 && rows[len(rows)-1] == closing
		if last := i == len(messages)-1; closed != last {
			t.Errorf("under message %d of %d are the buttons %q; the last alone is to have %q", i+1, len(messages), rows, closing)
		}
		if m.Silent != (i > 0) {
			t.Errorf("message %d: silent is %v", i+1, m.Silent)
		}
	}
}

const (
	closingEnglish = "🗂 Sections | ⚙️ Settings | ↗️ Share"
	closingChinese = "🗂 栏目 | ⚙️ 设置 | ↗️ 分享"
)

func TestLayouts(t *testing.T) {
	asSections := []string{"Long 179", "News · № 179", "Essays · № 179 (1/3)", "Essays · № 179 (2/3)", "Essays · № 179 (3/3)", "Tools · № 179"}
	for _, test := range []struct {
		english, chinese string // on the buttons
		want             []string
		covered          int
	}{
		{"✅ One per section", "✅ 逐栏发送", asSections, 0}, // it is in force
		{"Up to six", "最多六条", asSections, 0},
		{"One message", "合成一条", []string{"Long 179"}, 5},
		{"Rich", "图文", []string{"rich Long 179", "rich News · № 179", "rich Essays · № 179", "rich Tools · № 179"}, 2},
	} {
		t.Run(test.english, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.save(longIssue(178))
				issue := w.save(longIssue(179))
				asker := w.sim.NewPerson("Eve", telegramsim.Language("en"))
				for _, p := range []*telegramsim.Person{w.ann, asker} {
					w.tell(p, "/subscribe")
					w.chooseLayout(p, "📰 Layout", test.english)
				}
				w.tell(w.li, "/subscribe")
				w.chooseLayout(w.li, "📰 版式", test.chinese)
				mine := w.said(asker.Chat(), func() { asker.Write("/latest"); w.pass(time.Minute) })
				ann, li := len(w.ann.Chat().FromBot()), len(w.li.Chat().FromBot())
				books := w.broadcastIssue(issue)
				for closing, got := range map[string][]telegramsim.Message{
					closingEnglish: w.ann.Chat().FromBot()[ann:], closingChinese: w.li.Chat().FromBot()[li:],
				} {
					wantHeadings(t, got, test.want...)
					wantClosed(t, got, closing)
				}
				wantHeadings(t, mine, test.want...)
				wantClosed(t, mine, closingEnglish)
				// A reader who asked before is not part of the broadcast.
				wantBooks(t, books, 2*len(test.want), map[subscribers.Reason]int{"covered": 2 * test.covered})
			})
		})
	}
}

// wantBooks checks what was sent and why the rest was not.
func wantBooks(t *testing.T, books subscribers.Books, sent int, skipped map[subscribers.Reason]int) {
	t.Helper()
	if got := books.Sum(subscribers.OutcomeSent); got != sent {
		t.Errorf("the books say %d sent, want %d", got, sent)
	}
	total := 0
	for reason, want := range skipped {
		total += want
		got := 0
		for _, e := range books.Entries {
			if e.Outcome == subscribers.OutcomeSkipped && e.Reason == reason {
				got = e.Messages
			}
		}
		if got != want {
			t.Errorf("the books say %d skipped as %s, want %d: %+v", got, reason, want, books.Entries)
		}
	}
	if got := books.Sum(subscribers.OutcomeSkipped); got != total {
		t.Errorf("the books say %d skipped, want %d: %+v", got, total, books.Entries)
	}
}

// inLayout runs test in a world with a long issue, where Ann has subscribed and chosen a
// layout.
func inLayout(t *testing.T, layout digest.Layout, test func(w *world, issue archive.Issue)) {
	t.Helper()
	t.Run(string(layout), func(t *testing.T) {
		inWorld(t, func(w *world) {
			issue := w.save(longIssue(179))
			w.tell(w.ann, "/subscribe")
			w.setLayout(w.ann.ID(), layout)
			test(w, issue)
		})
	})
}

// Muted sections are in no layout, and the closing row is under the last message
// that is sent.
func TestLayoutsWithoutMutedSections(t *testing.T) {
	for layout, want := range map[digest.Layout][]string{
		digest.LayoutSections: {"Long 179", "News · № 179"},
		digest.LayoutCompact:  {"Long 179"},
		digest.LayoutRich:     {"rich Long 179", "rich News · № 179"},
	} {
		inLayout(t, layout, func(w *world, issue archive.Issue) {
			m := w.tell(w.ann, "/sections")
			w.press(w.ann, m, "✅ Essays")
			w.press(w.ann, m, "✅ Tools")
			before := len(w.ann.Chat().FromBot())
			books := w.broadcastIssue(issue)
			got := w.ann.Chat().FromBot()[before:]
			wantHeadings(w.t, got, want...)
			wantClosed(w.t, got, closingEnglish)
			skipped := map[subscribers.Reason]int{"muted": 4}
			if layout == digest.LayoutCompact {
				skipped["covered"] = 1
				wantLabels(w.t, got[0], "▾ News", closingEnglish)
				if strings.Contains(got[0].Text, "Essays") || strings.Contains(got[0].Text, "Tools") {
					w.t.Errorf("the headlines %q show what is muted", got[0].Text)
				}
			}
			wantBooks(w.t, books, len(want), skipped)
		})
	}
}

// A reader with every section muted gets an issue only on request, and then its opening
// message, in every layout.
func TestLayoutsWithEverythingMuted(t *testing.T) {
	for _, layout := range []digest.Layout{digest.LayoutSections, digest.LayoutCompact, digest.LayoutRich} {
		inLayout(t, layout, func(w *world, issue archive.Issue) {
			w.press(w.ann, w.tell(w.ann, "/sections"), "All off")
			before := len(w.ann.Chat().FromBot())
			wantBooks(w.t, w.broadcastIssue(issue), 0, map[subscribers.Reason]int{"muted": 6})
			if got := w.ann.Chat().FromBot()[before:]; len(got) != 0 {
				w.t.Errorf("the messages are %q, want none", headings(got))
			}
			got := w.said(w.ann.Chat(), func() { w.ann.Write("/latest") })
			if len(got) != 1 {
				w.t.Fatalf("the messages are %q, want one", headings(got))
			}
			wantLabels(w.t, got[0], "↗️ Share a section", closingEnglish)
		})
	}
}

// A reader who chose no layout gets the one that is set for all.
func TestDefaultLayout(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Layout = digest.LayoutCompact
		w.start()
		issue := w.save(longIssue(179))
		w.tell(w.ann, "/subscribe")
		w.tell(w.li, "/subscribe")
		w.setLayout(w.li.ID(), digest.LayoutSections)
		ann, li := len(w.ann.Chat().FromBot()), len(w.li.Chat().FromBot())
		w.broadcastIssue(issue)
		wantHeadings(t, w.ann.Chat().FromBot()[ann:], "Long 179")
		if n := len(w.li.Chat().FromBot()) - li; n != 6 {
			t.Errorf("who chose sections got %d messages, want 6", n)
		}
	})
}

func TestSilentSubscribersHearNothing(t *testing.T) {
	for _, layout := range []digest.Layout{digest.LayoutSections, digest.LayoutCompact, digest.LayoutRich} {
		inLayout(t, layout, func(w *world, issue archive.Issue) {
			w.press(w.ann, w.tell(w.ann, "/settings"), "🔕 Turn sound off")
			before := len(w.ann.Chat().FromBot())
			w.broadcastIssue(issue)
			for _, m := range w.ann.Chat().FromBot()[before:] {
				if !m.Silent {
					w.t.Errorf("%q rang", headings([]telegramsim.Message{m}))
				}
			}
		})
	}
}

// The closing row in groups and channels leads their readers to the bot.
func TestClosingRowLinks(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		channel := w.sim.NewChannel("News", w.ann, w.li)
		w.said(channel, func() { channel.AddBot(w.ann) })
		w.said(channel, func() { w.ann.WriteIn(channel, "/subscribe") })
		said := w.said(channel, func() { w.ann.WriteIn(channel, "/latest") })
		last := said[len(said)-1]
		mine, _ := last.Button("🔔 Get it in private")
		if want := "https://t.me/digest_sim_bot?start=subscribe"; mine.URL != want {
			t.Errorf("the button leads to %q, want %q", mine.URL, want)
		}
		share, _ := last.Button("↗️ Share")
		if want := "https://t.me/share/url?url=https%3A%2F%2Ft.me%2Fdigest_sim_bot%3Fstart%3Dissue_179&text=Weekly%20%3C179%3E"; share.URL != want {
			t.Errorf("the button leads to %q, want %q", share.URL, want)
		}

		w.tell(w.li, "/subscribe")
		said = w.said(w.li.Chat(), func() { w.li.Write("/latest") })
		last = said[len(said)-1]
		wantText(t, w.one(w.li.Chat(), func() { w.press(w.li, last, "🗂 栏目") }), "栏目设置")
		wantText(t, w.one(w.li.Chat(), func() { w.press(w.li, last, "⚙️ 设置") }), "版式")
	})
}

// Telegram refuses a rich message: that section alone comes in parts, and admins
// hear of it once, in whatever language.
func TestRefusedRichMessage(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		issue := w.save(longIssue(179))
		for _, p := range []*telegramsim.Person{w.ann, w.li} {
			w.tell(p, "/subscribe")
			w.setLayout(p.ID(), digest.LayoutRich)
		}
		ann, li, admin := len(w.ann.Chat().FromBot()), len(w.li.Chat().FromBot()), len(w.admin.Chat().FromBot())
		w.sim.Inject(telegramsim.Fault{
			Kind: telegramsim.Refuse, Refusal: "Bad Request: RICH_MESSAGE_BLOCK_INVALID", Methods: []string{"sendRichMessage"}, Chat: w.ann.ID(), After: 2, Times: 1,
		})
		books := w.broadcastIssue(issue)
		want := []string{"rich Long 179", "rich News · № 179", "Essays · № 179 (1/3)", "Essays · № 179 (2/3)", "Essays · № 179 (3/3)", "rich Tools · № 179"}
		got := w.ann.Chat().FromBot()[ann:]
		wantHeadings(t, got, want...)
		wantClosed(t, got, closingEnglish)
		// The other got that section either before or after.
		other, sent := []string{"rich Long 179", "rich News · № 179", "rich Essays · № 179", "rich Tools · № 179"}, 6+4
		if others := w.li.Chat().FromBot()[li:]; len(others) != 4 {
			other, sent = want, 6+6
		}
		wantHeadings(t, w.li.Chat().FromBot()[li:], other...)
		wantBooks(t, books, sent, map[subscribers.Reason]int{"covered": 12 - sent})
		w.wantTold(admin, 1, "Telegram refuses a rich message of Long 179")

		// From now on it is so from the start.
		got = w.said(w.li.Chat(), func() { w.li.Write("/latest"); w.pass(time.Minute) })
		wantHeadings(t, got, want...)
		w.wantTold(admin, 1, "Telegram refuses a rich message of")
	})
}

// wantTold checks how often the admin was told something, since a message.
func (w *world) wantTold(since, times int, text string) {
	w.t.Helper()
	told := slices.DeleteFunc(w.admin.Chat().FromBot()[since:], func(m telegramsim.Message) bool { return !strings.Contains(m.Text, text) })
	if len(told) != times {
		w.t.Errorf("the admin was told %q %d times, want %d: %q", text, len(told), times, texts(told))
	}
}

// Many refusals of one issue are one message to the admins.
func TestManyRefusedRichMessages(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		w.tell(w.ann, "/subscribe")
		w.setLayout(w.ann.ID(), digest.LayoutRich)
		admin := len(w.admin.Chat().FromBot())
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Bad Request: RICH_MESSAGE_TOO_LONG", Methods: []string{"sendRichMessage"}})
		for number := range 2 {
			ann := len(w.ann.Chat().FromBot())
			wantBooks(t, w.broadcastIssue(w.save(longIssue(179+number))), 6, nil)
			if n := len(w.ann.Chat().FromBot()) - ann; n != 6 {
				t.Errorf("the reader got %d messages, want 6", n)
			}
			w.wantTold(admin, number+1, "Telegram refuses a rich message of") // for each issue: its texts are others
		}
	})
}

// A server that knows no rich messages: everybody gets sections, the bot goes
// on, and admins hear of it once and not every week.
func TestRichOnAnOlderServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(o *telegramsim.Options) { o.WithoutRich = true })
		w.start()
		w.tell(w.admin, "/start")
		for _, p := range []*telegramsim.Person{w.ann, w.li} {
			w.tell(p, "/subscribe")
			w.setLayout(p.ID(), digest.LayoutRich)
		}
		admin := len(w.admin.Chat().FromBot())
		for number := range 3 {
			ann := len(w.ann.Chat().FromBot())
			wantBooks(t, w.broadcastIssue(w.save(longIssue(179+number))), 12, nil)
			got := w.ann.Chat().FromBot()[ann:]
			wantClosed(t, got, closingEnglish)
			if len(got) != 6 {
				t.Errorf("the messages are %q, want the sections", headings(got))
			}
		}
		w.wantTold(admin, 1, "Telegram refuses a rich message of Long 179")
		w.stop()
		w.start()
		w.save(longIssue(182))
		if said := w.said(w.ann.Chat(), func() { w.ann.Write("/latest"); w.pass(time.Minute) }); len(said) != 6 {
			t.Errorf("the messages are %q, want the sections", headings(said))
		}
		w.wantTold(admin, 1, "Telegram refuses a rich message of")
		if n := w.sim.Stats().Calls["sendrichmessage"]; n > 8 {
			t.Errorf("the server was asked %d times, want about once for each issue", n)
		}
	})
}

// A reader who changes the layout while an issue comes keeps the one it began
// in; the next issue comes in the new one.
func TestLayoutChangesHalfway(t *testing.T) {
	inWorld(t, func(w *world) {
		w.save(longIssue(179))
		w.tell(w.ann, "/subscribe")
		w.setLayout(w.ann.ID(), digest.LayoutRich)
		before := len(w.ann.Chat().FromBot())
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.SlowAnswer, Delay: 3 * time.Second, Methods: []string{"sendRichMessage", "sendMessage"}})
		w.ann.Write("/latest")
		for len(w.ann.Chat().FromBot()) < before+2 {
			w.pass(time.Second)
		}
		w.setLayout(w.ann.ID(), digest.LayoutCompact)
		w.pass(time.Minute)
		wantHeadings(t, w.ann.Chat().FromBot()[before:], "rich Long 179", "rich News · № 179", "rich Essays · № 179", "rich Tools · № 179")
		w.issue(180, "News")
		wantHeadings(t, w.said(w.ann.Chat(), func() { w.ann.Write("/latest") }), "Weekly <180>")
	})
}

// Neighbours that were merged into one section are both there in every layout.
func TestLayoutsOfMergedSections(t *testing.T) {
	for layout, want := range map[digest.Layout]int{digest.LayoutSections: 4, digest.LayoutCompact: 1, digest.LayoutRich: 4} {
		t.Run(string(layout), func(t *testing.T) {
			inWorld(t, func(w *world) {
				issue := w.issue(179, "Tools", "Toys", "News")
				w.tell(w.ann, "/subscribe")
				w.setLayout(w.ann.ID(), layout)
				ids := w.sectionIDs()
				if _, err := w.store.MergeSections(w.t.Context(), subscribers.InPrivate(adminID), ids[1], ids[0]); err != nil {
					t.Fatal(err)
				}
				before := len(w.ann.Chat().FromBot())
				wantBooks(t, w.broadcastIssue(issue), want, map[subscribers.Reason]int{"covered": 4 - want})
				var all strings.Builder
				for _, m := range w.ann.Chat().FromBot()[before:] {
					all.WriteString(m.Text)
					if m.Rich != nil {
						all.WriteString(m.Rich.Text)
					}
				}
				wantText(t, telegramsim.Message{Text: all.String()}, "About Tools", "About Toys", "About News")
			})
		})
	}
}
