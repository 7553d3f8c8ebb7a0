package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"digestbot/bot/telegramsim"
	"digestbot/bot/telegramsim/markup"
)

func TestSearch(t *testing.T) {
	for _, test := range []struct {
		name                             string
		reader                           func(w *world) *telegramsim.Person
		how, none, all, title, one, many string
		from, issue, onItsWay            string
		back, whole                      string
	}{
		{"English", func(w *world) *telegramsim.Person { return w.ann }, "for example /search", "Nothing found for 内核 zzz", "🗄 All issues", "The archive",
			"🔍 内核: 1 item found", "🔍 linux: 12 items found", "Tools · issue 179 · 19 November 2021", "issue 179", "📰 On its way", "‹ Results", "📑 The whole section"},
		{"Chinese", func(w *world) *telegramsim.Person { return w.li }, "例如 /search", "没有找到与 内核 zzz 相关的内容", "🗄 往期", "往期",
			"🔍 内核：找到 1 条", "🔍 linux：找到 12 条", "Tools · 第 179 期 · 2021年11月19日", "第 179 期", "📰 正在发送", "‹ 搜索结果", "📑 查看整个栏目"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				p := test.reader(w)
				for number := 167; number < 179; number++ {
					w.archive(number, "News", entry{fmt.Sprintf("Linux %d is out", number), "All about it.", ""})
				}
				w.archive(179, "Tools", entry{"新的<Linux>内核", "一句话。" + strings.Repeat("很长的话", 60) + "，这里有内核的消息。" + strings.Repeat("还有", 90), "https://example.org/kernel?a=1&b=2"})
				for _, words := range []string{"", " ", "%", "_", "'", "\"", "...", "\u0301", "<>"} {
					wantText(t, w.tell(p, "/search "+words), test.how)
				}
				m := w.tell(p, "/search 内核 zzz")
				wantText(t, m, test.none)
				_, m = w.press(p, m, test.all)
				wantText(t, m, test.title)

				m = w.tell(p, "/search 内核")
				wantText(t, m, test.one, "1. 新的<Linux>内核", test.from, "…", "这里有内核的消息")
				wantLabels(t, m, "1")
				wantFormat(t, m, "text_link", "新的<Linux>内核", "https://example.org/kernel?a=1&b=2")
				wantFormat(t, m, "text_link", test.issue, "https://t.me/digest_sim_bot?start=issue_179")
				wantFormat(t, m, "bold", "内核", "")
				results := m
				_, m = w.press(p, m, "1")
				wantText(t, m, "🔍 内核\nTools · "+test.issue, "新的<Linux>内核", strings.Repeat("还有", 90))
				wantLabels(t, m, test.back+" | "+test.whole)
				wantFormat(t, m, "text_link", "新的<Linux>内核", "https://example.org/kernel?a=1&b=2")
				wantFormat(t, m, "text_link", test.issue, "https://t.me/digest_sim_bot?start=issue_179")
				section := w.one(p.Chat(), func() {
					if answer, _ := w.press(p, m, test.whole); answer.Text != test.onItsWay {
						t.Errorf("popup is %q, want %q", answer.Text, test.onItsWay)
					}
				})
				wantText(t, section, "🆕 Tools", "新的<Linux>内核")
				_, m = w.press(p, m, test.back)
				wantSame(t, m, results)

				w.archive(179, "Tools") // from here on it is only in older issues
				m = w.tell(p, "/search  ＬＩＮＵＸ")
				wantText(t, m, "🔍 ＬＩＮＵＸ")
				m = w.tell(p, "/search linux")
				wantText(t, m, test.many, "1. Linux 178 is out", "5. Linux 174 is out")
				wantRow(t, m, "◀️ | 1/3 | ▶️")
				_, m = w.press(p, m, "▶️")
				wantText(t, m, test.many, "6. Linux 173 is out", "10. Linux 169 is out")
				wantLabels(t, m, "6 | 7 | 8 | 9 | 10", "◀️ | 2/3 | ▶️")
				_, m = w.press(p, m, "7")
				wantText(t, m, "🔍 linux\n", "Linux 172 is out", "All about it.")
				_, m = w.press(p, m, test.back)
				wantText(t, m, test.many, "6. Linux 173 is out")
				wantRow(t, m, "◀️ | 2/3 | ▶️")
				_, m = w.press(p, m, "▶️")
				wantText(t, m, "11. Linux 168 is out", "12. Linux 167 is out")
				wantLabels(t, m, "11 | 12", "◀️ | 3/3 | ▶️")
				_, m = w.press(p, m, "◀️")
				wantText(t, m, "6. Linux 173 is out")
			})
		})
	}
}

// TestFoundCommandsAreCode: what an item or an issue says must not become a command that
// a tap sends to the bot.
func TestFoundCommandsAreCode(t *testing.T) {
	inWorld(t, func(w *world) {
		w.archive(178, "News", entry{"", "Only /opt stays.", ""})
		w.archive(179, "On /etc", entry{"The /usr merge", "All of /bin moves.", ""}, entry{"Linked /srv", "And /var.", "https://example.org/srv"})
		w.unnumbered("tmp.md", "About /tmp")
		list := w.tell(w.ann, "/issues")
		wantFormat(t, list, "text_link", "About /tmp", "https://t.me/digest_sim_bot?start=issue_id_3")
		merge, opt, srv := w.tell(w.ann, "/search merge"), w.tell(w.ann, "/search opt"), w.tell(w.ann, "/search var")
		wantFormat(t, merge, "code", "/usr", "")
		wantFormat(t, merge, "code", "/bin", "")
		wantFormat(t, merge, "code", "/etc", "")
		wantFormat(t, opt, "code", "/opt", "")
		wantFormat(t, srv, "text_link", "Linked /srv", "https://example.org/srv")
		q, answer := w.inline(w.ann, "merge", "")
		posted := w.ann.Choose(q, answer.Results[0], w.sim.NewGroup("Friends", w.ann))
		_, opened := w.press(w.ann, w.tell(w.ann, "/search /bin"), "1")
		wantFormat(t, opened, "code", "/bin", "")
		_, again := w.press(w.ann, opened, "‹ Results")
		wantText(t, again, "🔍 /bin: 1 item found")
		for _, m := range []telegramsim.Message{list, merge, opt, srv, posted, opened} {
			for _, e := range m.Entities {
				if word := formatted(m, e); e.Type == "bot_command" && word != "/issue" {
					t.Errorf("%s is a command in %q", word, m.Text)
				}
			}
		}
	})
}

// wantFormat finds a stretch of a message with that formatting.
func wantFormat(t *testing.T, m telegramsim.Message, kind, text, url string) {
	t.Helper()
	if !slices.ContainsFunc(m.Entities, func(e markup.Entity) bool {
		return e.Type == kind && e.URL == url && formatted(m, e) == text
	}) {
		t.Errorf("message is %q with %+v, want %q as %s %s", m.Text, m.Entities, text, kind, url)
	}
}

// A button keeps working as long as its message is there: after a restart, for
// everybody, and with more to page through than before.
func TestOldPagesOfASearch(t *testing.T) {
	inWorld(t, func(w *world) {
		for number := 170; number < 179; number++ {
			w.archive(number, "News", entry{fmt.Sprintf("C++ %d & <b>", number), "", ""})
		}
		group := w.sim.NewGroup("Friends", w.ann, w.li)
		w.said(group, func() { group.AddBot(w.ann) })
		m := w.one(group, func() { w.ann.WriteIn(group, "/search@digest_sim_bot C++ <b> & 179") })
		wantText(t, m, "Nothing found for C++ <b> & 179")
		m = w.one(group, func() { w.ann.WriteIn(group, "/search@digest_sim_bot C++ <b> &") })
		wantText(t, m, "🔍 C++ <b> &: 9 items found", "1. C++ 178 & <b>")
		w.stop()
		w.start()
		w.archive(179, "News", entry{"C++ 179 & <b>", "", ""}, entry{"<b>C++</b>", "", ""})
		_, now := w.press(w.li, m, "▶️")
		wantText(t, now, "🔍 C++ <b> &: 11 items found", "10. C++ 171 & <b>") // everybody sees it: in the language of the group
		_, now = w.afterwards(w.ann.PressData(m, "1:find:9223372036854775807"), m)
		wantText(t, now, "11. C++ 170 & <b>")
		wantRow(t, now, "◀️ | 3/3 | ▶️")
	})
}

func TestHostileSearches(t *testing.T) {
	inWorld(t, func(w *world) {
		long := strings.Repeat("长 <b>&amp;</b> \"'%_ ", 300)
		var entries []entry
		for n := range 12 {
			entries = append(entries, entry{
				fmt.Sprintf("%d %s", n, long), long + "👨‍👩‍👧 e\u0301\u0302\u0303 " + strings.Repeat("z\u0301\u0302", 500),
				"https://example.org/?" + strings.Repeat("a&b", n*100),
			})
		}
		w.archive(179, long, entries...)
		for _, words := range []string{
			"长", "<b>", "&amp;", "'; DROP TABLE items; --", "长 OR 1=1", "👨‍👩‍👧", "e\u0301\u0302\u0303", "z\u0301\u0302",
			strings.Repeat("长", 4000), strings.Repeat("长 ", 2000), strings.Repeat("🔥", 2000), "a" + strings.Repeat("\u0301", 4000),
			"长\u202e\u0000b", "`长`", "/start", "@digest_sim_bot", "#长", "https://example.org", "b b b b b b b b b b b",
		} {
			m := w.tell(w.ann, "/search "+words)
			if m.Dropped > 0 {
				t.Errorf("/search %q: the answer loses %d formats", words, m.Dropped)
			}
			if _, ok := m.Button("▶️"); ok {
				_, next := w.press(w.ann, m, "▶️")
				wantText(t, next, "6. ", strings.SplitN(m.Text, "\n", 2)[0])
			}
		}
		wantText(t, w.tell(w.ann, "/search DROP"), "Nothing found")
		wantText(t, w.tell(w.ann, "/search 👨"), "12 items found", "👨‍👩‍👧")
	})
}

func TestTroubleInASearchIsAdmitted(t *testing.T) {
	inWorld(t, func(w *world) {
		for range 2 {
			w.archive(179, "News", entry{"a", "", ""}, entry{"a", "", ""}, entry{"a", "", ""}, entry{"a", "", ""}, entry{"a", "", ""}, entry{"a", "", ""})
		}
		m := w.tell(w.ann, "/search a")
		w.breakTable("items")
		wantText(t, w.tell(w.ann, "/search a"), "Something went wrong")
		wantText(t, w.one(w.ann.Chat(), func() { w.press(w.ann, m, "▶️") }), "Something went wrong")
		wantText(t, w.tell(w.ann, "/help"), "/search – find")
		wantText(t, w.tell(w.li, "/help"), "/search – 搜索")
	})
}

// formatted is the text of a stretch of formatting.
func formatted(m telegramsim.Message, e markup.Entity) string {
	units := utf16.Encode([]rune(m.Text))
	return string(utf16.Decode(units[e.Offset : e.Offset+e.Length]))
}

func TestArchiveIsInTheMenu(t *testing.T) {
	inWorld(t, func(w *world) {
		for _, test := range []struct {
			reader *telegramsim.Person
			want   []string
		}{
			{w.ann, []string{"issues: All issues so far", "issue: An issue by its number", "search: Find something in all issues"}},
			{w.li, []string{"issues: 查看往期", "issue: 按期号获取某一期", "search: 搜索全部往期"}},
		} {
			var menu []string
			for _, c := range w.sim.Commands(test.reader, test.reader.Chat()) {
				menu = append(menu, c.Command+": "+c.Description)
			}
			for _, want := range test.want {
				if !slices.Contains(menu, want) {
					t.Errorf("the menu is %q, want %q in it", menu, want)
				}
			}
		}
	})
}

// inline types "@bot words" and returns what the bot offers.
func (w *world) inline(p *telegramsim.Person, words, offset string) (*telegramsim.InlineQuery, telegramsim.InlineAnswer) {
	w.t.Helper()
	q := p.Inline(words, offset)
	w.pass(time.Second)
	answer, ok := q.Answer()
	if !ok {
		w.t.Fatalf("the inline query %q was not answered", words)
	}
	return q, answer
}

func titles(a telegramsim.InlineAnswer) []string {
	var all []string
	for _, r := range a.Results {
		all = append(all, r.Title)
	}
	return all
}

func TestInline(t *testing.T) {
	for _, test := range []struct {
		name                          string
		reader                        func(w *world) *telegramsim.Person
		date, issue, whole, none, how string
		empty, section                string
	}{
		{"English", func(w *world) *telegramsim.Person { return w.ann }, "19 November 2021", "issue 179", "📰 The whole issue", "Nothing found. How to search", "for example /search", "📭 There is no issue yet.", "📑 The whole section"},
		{"Chinese", func(w *world) *telegramsim.Person { return w.li }, "2021年11月19日", "第 179 期", "📰 查看整期", "没有找到。如何搜索", "例如 /search", "📭 第一期还没有发布。", "📑 查看整个栏目"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				p := test.reader(w)
				if _, answer := w.inline(p, "kernel", ""); answer.ButtonText != test.empty {
					t.Errorf("button without issues is %q, want %q", answer.ButtonText, test.empty)
				}
				w.pass(2 * time.Minute) // apps may keep the answer that long
				w.archive(178, "News", entry{"Older", "The kernel.", ""})
				w.archive(179, "Tools", entry{"新的<Linux>内核", "Kernel & more.", "https://example.org/kernel"}, entry{"", "An untitled item.", ""})
				q, answer := w.inline(p, "kernel", "")
				if got := titles(answer); !slices.Equal(got, []string{"新的<Linux>内核", "Older"}) {
					t.Fatalf("results are %q", got)
				}
				if got := answer.Results[0].Description; got != "Tools · "+test.issue {
					t.Errorf("description is %q", got)
				}
				group := w.sim.NewGroup("Friends", p) // without the bot
				m := p.Choose(q, answer.Results[0], group)
				wantText(t, m, "新的<Linux>内核\nTools · "+test.issue+" · "+test.date+"\nKernel & more.")
				wantFormat(t, m, "text_link", "新的<Linux>内核", "https://example.org/kernel")
				wantFormat(t, m, "text_link", test.issue, "https://t.me/digest_sim_bot?start=issue_179")
				if b, ok := m.Button(test.whole); !ok || b.URL != "https://t.me/digest_sim_bot?start=issue_179" {
					t.Errorf("buttons are %+v, want %s", m.Keyboard, test.whole)
				}
				section, _ := m.Button(test.section)
				wantText(t, w.open(p, section.URL)[0], "🆕 Tools", "新的<Linux>内核")
				if m.Preview == nil || m.Preview.URL != "https://example.org/kernel" {
					t.Errorf("preview is %+v, want the item's", m.Preview)
				}
				if m := p.Choose(q, answer.Results[1], group); m.Preview == nil || !m.Preview.Disabled {
					t.Errorf("preview of an item without a link is %+v, want none", m.Preview)
				}
				_, answer = w.inline(p, " ", "") // the newest
				if got := titles(answer); !slices.Equal(got, []string{"新的<Linux>内核", "An untitled item.", "Older"}) {
					t.Errorf("an empty query finds %q", got)
				}
				for _, words := range []string{"nothing", "%_'", strings.Repeat("长", 300)} {
					_, answer = w.inline(p, words, "")
					if len(answer.Results) != 0 || answer.ButtonText != test.none {
						t.Errorf("%q finds %q under the button %q, want %q", words, titles(answer), answer.ButtonText, test.none)
					}
				}
				wantText(t, w.one(p.Chat(), func() { p.Open(answer.ButtonStart) }), test.how)
				// An item posted in the chat with the bot is no question to it.
				q, answer = w.inline(p, "kernel", "")
				if said := w.said(p.Chat(), func() { p.Choose(q, answer.Results[0], p.Chat()) }); len(said) != 0 {
					t.Errorf("the bot said %q to its own result", texts(said))
				}
			})
		})
	}
}

func TestInlinePages(t *testing.T) {
	inWorld(t, func(w *world) {
		var entries []entry
		for n := range 25 {
			entries = append(entries, entry{fmt.Sprintf("Item %02d", n), "", ""})
		}
		w.archive(179, "News", entries...)
		var all []string
		offset, pages := "", 0
		for ; pages == 0 || offset != ""; pages++ {
			_, answer := w.inline(w.ann, "item", offset)
			all = append(all, titles(answer)...)
			offset = answer.NextOffset
		}
		if pages != 3 || len(all) != 25 || !slices.IsSorted(all) {
			t.Errorf("%d pages have %q, want 25 items in order on 3", pages, all)
		}
		for _, forged := range []string{"x", "-10", "99999999999999999999"} {
			if _, answer := w.inline(w.ann, "item", forged); len(answer.Results) != 10 {
				t.Errorf("offset %q brings %d results, want the beginning", forged, len(answer.Results))
			}
		}
		if _, answer := w.inline(w.ann, "item", "1000"); len(answer.Results) != 0 || answer.ButtonText != "" || answer.NextOffset != "" {
			t.Errorf("beyond the end there is %+v, want nothing", answer)
		}
	})
}

// Somebody whose messages wait for their pace is answered in other chats.
func TestInlineWaitsForNoMessages(t *testing.T) {
	inWorld(t, func(w *world) {
		w.archive(179, "News", entry{"Item", "", ""})
		for range 50 {
			w.ann.Write("/help")
		}
		w.pass(2 * time.Second)
		if _, answer := w.inline(w.ann, "item", ""); len(answer.Results) != 1 {
			t.Errorf("results are %q", titles(answer))
		}
		w.pass(time.Minute)
	})
}

func TestInlineQueryThatIsAnsweredTooLate(t *testing.T) {
	inWorld(t, func(w *world) {
		w.stop()
		q := w.ann.Inline("item", "")
		time.Sleep(time.Hour)
		w.start()
		if _, ok := q.Answer(); ok {
			t.Error("the query was answered after an hour")
		}
		if strings.Contains(w.log.String(), "level=WARN msg=\"an inline query") {
			t.Error("a late answer is a warning in the log, want it for debugging only")
		}
	})
}

func TestTroubleInInlineModeIsLogged(t *testing.T) {
	inWorld(t, func(w *world) {
		w.breakTable("searchable")
		q := w.ann.Inline("item", "")
		w.settle()
		wantText(t, telegramsim.Message{Text: w.log.String()}, "an inline query failed")
		if _, ok := q.Answer(); ok {
			t.Error("the query was answered")
		}
	})
}
