package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
)

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
	}{
		{"English", func(w *world) *telegramsim.Person { return w.ann }, "19 November 2021", "issue 179", "📰 The whole issue", "Nothing found. How to search", "for example /search"},
		{"Chinese", func(w *world) *telegramsim.Person { return w.li }, "2021年11月19日", "第 179 期", "📰 查看整期", "没有找到。如何搜索", "例如 /search"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				p := test.reader(w)
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
				// What is posted in the chat with the bot is no question to it.
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
		wantText(t, telegramsim.Message{Text: w.log.String()}, "an inline query cannot be met")
		if _, ok := q.Answer(); ok {
			t.Error("the query was answered")
		}
	})
}
