package delivery_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/internal/longtest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// hiddenLine is what the tests say in place of hidden items.
func hiddenLine(_ subscribers.Subscriber, items int) string {
	return fmt.Sprintf("🔇 %d hidden", items)
}

// titledIssue archives an issue of a cover and sections of items with the titles given, a
// section a line, "Name: title, title". Items of a section named Long take a third of a
// message each.
func (w *world) titledIssue(number int, sections ...string) archive.Issue {
	w.t.Helper()
	issue := &digest.Issue{Key: fmt.Sprint(number), Number: number, Title: fmt.Sprintf("Weekly %d", number)}
	for _, line := range sections {
		name, titles, _ := strings.Cut(line, ": ")
		s := digest.Section{Key: digest.SectionKey(name), Name: name}
		for title := range strings.SplitSeq(titles, ", ") {
			item := digest.Item{Title: []digest.Span{{Text: title}}}
			if name == "Long" {
				item.Body = []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: strings.Repeat("It goes on. ", 100)}}}}
			}
			s.Items = append(s.Items, item)
		}
		issue.Sections = append(issue.Sections, s)
	}
	row, _, err := w.store.SaveIssue(w.t.Context(), issue, "issue.md", fmt.Append(nil, number, sections))
	if err != nil {
		w.t.Fatal(err)
	}
	return row
}

// words adds words of a reader: those after a star are highlighted, others muted.
func (w *world) words(p *telegramsim.Person, texts ...string) {
	w.t.Helper()
	var words []subscribers.Word
	for _, text := range texts {
		bare, highlight := strings.CutPrefix(text, "*")
		word, ok := subscribers.NewWord(bare, highlight)
		if !ok {
			w.t.Fatalf("nobody can look for %q", text)
		}
		words = append(words, word)
	}
	if err := w.store.AddWords(w.t.Context(), w.id(p), words); err != nil {
		w.t.Fatal(err)
	}
}

// wordy is what the readers of these tests get: News in one message, Coins all of which is
// about crypto, Long in three, the second of which is all about it, Tools.
func (w *world) wordy(number int) archive.Issue {
	return w.titledIssue(number, "News: Rust release, Crypto crash, Weather", "Coins: crypto again, Crypto to stay",
		"Long: One, Two, Three, Crypto A, crypto B, 'crypto' C, Seven, Eight, Ｒｕｓｔ nine", "Tools: A hammer")
}

// textOf is the text of a message in any layout.
func textOf(m telegramsim.Message) string {
	if m.Rich != nil {
		return m.Rich.Text
	}
	return m.Text
}

func TestWordsInEveryLayout(t *testing.T) {
	for _, test := range []struct {
		layout digest.Layout
		want   [][]string // in each message
		rings  string     // which messages ring, by digit
		all    int        // messages of somebody without words
	}{
		{digest.LayoutSections, [][]string{
			{"News (2)", "Long (6)", "Tools", "🔇 2 hidden"},
			{"⭐ Rust release", "Weather", "🔇 1 hidden"},
			{"(1/3)", "One", "Three"},
			{"(2/3)", "🔇 3 hidden"},
			{"(3/3)", "Seven", "⭐ Ｒｕｓｔ nine"},
			{"A hammer"},
		}, "014", 7},
		{digest.LayoutRich, [][]string{
			{"News (2)", "Long (6)", "🔇 2 hidden"},
			{"⭐ Rust release", "🔇 1 hidden"},
			{"One", "Three", "Seven", "⭐ Ｒｕｓｔ nine", "🔇 3 hidden"},
			{"A hammer"},
		}, "012", 5},
		{digest.LayoutCompact, [][]string{{"⭐ Rust release", "• Weather", "• Three", "⭐ Ｒｕｓｔ nine", "A hammer", "🔇 6 hidden"}}, "0", 1},
		{digest.LayoutAuto, [][]string{
			{"News (2)", "🔇 2 hidden"}, {"Weather"}, {"One"}, {"🔇 3 hidden"}, {"Seven"}, {"A hammer"},
		}, "014", 1}, // six messages to one, and more to the other
	} {
		t.Run(string(test.layout), func(t *testing.T) {
			inBubble(t, 3, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				w.wordy(1) // otherwise all headings are of one issue only
				issue := w.wordy(2)
				for _, r := range readers {
					w.setLayout(r.ID(), test.layout)
				}
				w.words(readers[0], "crypto", "*rust")
				w.words(readers[1], "CRYPTO", "*ＲＵＳＴ")
				w.request(issue, readers[0])
				time.Sleep(time.Minute)
				b := w.await(w.broadcast(issue), subscribers.Done)
				for _, r := range readers[:2] {
					wantTexts(t, r.Chat().FromBot(), test.want, test.rings)
				}
				if got := readers[2].Chat().FromBot(); len(got) != test.all || strings.Contains(textOf(got[len(got)-1]), "⭐") {
					t.Errorf("a reader without words got %d messages, want %d", len(got), test.all)
				}
				books := w.books(b)
				muted := 0
				for _, e := range books.Entries {
					if e.Reason == subscribers.ReasonMuted {
						muted += e.Messages
					}
				}
				if muted != 1 { // Coins, to the reader in the broadcast who has words
					t.Errorf("books say that %d messages were muted, want Coins: %+v", muted, books.Entries)
				}
			})
		})
	}
}

// wantTexts checks what is in each of the messages, that nothing is about crypto, and
// which messages ring.
func wantTexts(t *testing.T, got []telegramsim.Message, want [][]string, rings string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d messages came, want %d", len(got), len(want))
	}
	for n, m := range got {
		for _, part := range want[n] {
			if !strings.Contains(textOf(m), part) {
				t.Errorf("message %d is %.300q, want %q in it", n, textOf(m), part)
			}
		}
		if strings.Contains(strings.ToLower(textOf(m)), "crypto") || strings.Contains(textOf(m), "Coins") {
			t.Errorf("message %d is %.300q, want nothing of crypto", n, textOf(m))
		}
		if ring := strings.Contains(rings, fmt.Sprint(n)); m.Silent == ring {
			t.Errorf("message %d is silent: %t", n, m.Silent)
		}
	}
}

// A reader who wants no sound gets none for a star.
func TestStarsOfASilentChat(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		if err := w.store.SetSilent(t.Context(), w.id(readers[0]), true); err != nil {
			t.Fatal(err)
		}
		w.words(readers[0], "*rust")
		w.await(w.broadcast(w.wordy(1)), subscribers.Done)
		for n, m := range readers[0].Chat().FromBot() {
			if !m.Silent {
				t.Errorf("message %d rings", n)
			}
		}
	})
}

// An issue of which words leave nothing is skipped in a broadcast, as if all sections were
// off. Who asks for it gets the cover, which says why.
func TestWordsLeaveNothing(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.titledIssue(1, "Coins: crypto again, Crypto to stay")
		w.words(readers[0], "crypto")
		b := w.await(w.broadcast(issue), subscribers.Done)
		if got := readers[0].Chat().FromBot(); len(got) != 0 {
			t.Errorf("the reader got %d messages, want none", len(got))
		}
		if n := w.books(b).Sum(subscribers.OutcomeSkipped); n != 2 {
			t.Errorf("books say %d skipped, want cover and section", n)
		}
		w.request(issue, readers[0])
		time.Sleep(time.Minute)
		got := readers[0].Chat().FromBot()
		if len(got) != 1 || !strings.Contains(got[0].Text, "🔇 2 hidden") || strings.Contains(got[0].Text, "Coins") {
			t.Errorf("who asks gets %d messages, want the cover, which says that items are hidden", len(got))
		}
	})
}

// Sections that share a message leave it if words hide them, and ring with a star.
func TestWordsInSharedMessages(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.sharedIssue(1)
		issue := w.sharedIssue(2)
		w.words(readers[0], `part a`, "about part d", "*PART E")
		b := w.await(w.broadcast(issue), subscribers.Done)
		got := readers[0].Chat().FromBot()
		wantParts(t, got, "- B C EF G")
		if !strings.Contains(got[3].Text, "⭐ About Part E") || got[3].Silent || !got[2].Silent {
			t.Errorf("the shared message is %q, silent: %t", got[3].Text, got[3].Silent)
		}
		if !strings.Contains(got[0].Text, "🔇 2 hidden") {
			t.Errorf("the cover is %q, want that two items are hidden", got[0].Text)
		}
		w.books(b)
	})
}

// A correction of an issue is tailored as the issue was.
func TestWordsInACorrection(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.words(readers[0], "crypto")
		w.titledIssue(1, "News: Rust release, Weather")
		w.request(w.titledIssue(1, "News: Rust release, Crypto crash, Weather"), readers[0])
		time.Sleep(time.Minute)
		got := readers[0].Chat().FromBot()
		if len(got) != 2 || strings.Contains(got[1].Text, "Crypto") || !strings.Contains(got[1].Text, "🔇 1 hidden") {
			t.Errorf("the reader got %d messages, the last is %q", len(got), got[len(got)-1].Text)
		}
	})
}

// Whatever readers change while an issue comes, and whenever the program is killed, books
// balance, and nothing comes twice but what was on its way.
func TestWordsChangeInTheMiddle(t *testing.T) {
	for seed := range longtest.Rounds[uint64](2, 6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, 3))
				w := newWorld(t, telegramsim.Options{Seed: seed}, 30)
				w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: 50 * time.Millisecond, MaxDelay: 150 * time.Millisecond})
				readers := w.readers(12)
				for n, r := range readers {
					w.setLayout(r.ID(), []digest.Layout{digest.LayoutSections, digest.LayoutRich, digest.LayoutCompact, digest.LayoutAuto}[n%4])
				}
				w.start()
				w.wordy(1)
				b := w.broadcast(w.wordy(2))
				for range 30 {
					time.Sleep(time.Duration(random.Int64N(int64(300 * time.Millisecond))))
					w.changeWords(random, readers[random.IntN(len(readers))])
					if random.IntN(8) == 0 {
						w.crash()
						w.start()
					}
				}
				b = w.await(b, subscribers.Done)
				books := w.books(b)
				repeated := 0
				for _, r := range readers {
					repeated += len(r.Chat().FromBot()) - len(distinct(r.Chat().FromBot()))
				}
				if n := books.Sum(subscribers.OutcomeUncertain); repeated > n {
					t.Errorf("%d messages came twice, and %d are uncertain", repeated, n)
				}
			})
		})
	}
}

// changeWords adds or removes words of a reader.
func (w *world) changeWords(random *rand.Rand, reader *telegramsim.Person) {
	w.t.Helper()
	id := w.id(reader)
	had, err := w.store.Words(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	if len(had) > 0 && random.IntN(2) == 0 {
		if _, err := w.store.RemoveWord(w.t.Context(), id, had[random.IntN(len(had))].ID); err != nil {
			w.t.Fatal(err)
		}
		return
	}
	all := []string{"crypto", "*rust", "hammer", "*crypto", "it goes on", "*hammer", "weather", "rust"}
	w.words(reader, all[random.IntN(len(all))])
}

// distinct returns the headings of messages, each once.
func distinct(messages []telegramsim.Message) []string {
	var all []string
	for _, m := range messages {
		h, _, _ := strings.Cut(strings.TrimSpace(textOf(m)), "\n")
		all = append(all, h)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
