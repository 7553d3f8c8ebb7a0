package delivery_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/delivery"
	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/internal/longtest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// partsIssue archives an issue with sections of so many items each, Part A and so on.
func (w *world) partsIssue(number int, items ...int) archive.Issue {
	w.t.Helper()
	issue := &digest.Issue{Key: fmt.Sprint(number), Number: number, Title: fmt.Sprintf("Weekly %d", number)}
	for n, count := range items {
		name := fmt.Sprintf("Part %c", 'A'+n)
		s := digest.Section{Key: digest.SectionKey(name), Name: name, Items: []digest.Item{{Title: []digest.Span{{Text: "About " + name}}}}}
		for range count - 1 {
			s.Items = append(s.Items, digest.Item{Title: []digest.Span{{Text: "More of it"}}})
		}
		issue.Sections = append(issue.Sections, s)
	}
	row, _, err := w.store.SaveIssue(w.t.Context(), issue, "issue.md", fmt.Append(nil, number, items))
	if err != nil {
		w.t.Fatal(err)
	}
	return row
}

// wideIssue is partsIssue with so many sections of two items each: a cover and a message
// for each.
func (w *world) wideIssue(number, sections int) archive.Issue {
	w.t.Helper()
	return w.partsIssue(number, slices.Repeat([]int{2}, sections)...)
}

// sharedIssue is partsIssue with short sections side by side: a cover and AB C DEF G.
func (w *world) sharedIssue(number int) archive.Issue {
	w.t.Helper()
	return w.partsIssue(number, 1, 1, 2, 1, 1, 1, 2)
}

// partsOf returns the parts that a message is about.
func partsOf(m telegramsim.Message) (parts string) {
	for _, line := range strings.Split(m.Text, "\n") {
		if _, name, found := strings.Cut(line, "About Part "); found {
			parts += name
		}
	}
	return parts
}

// told returns the parts that a chat's messages are about, in order.
func told(messages []telegramsim.Message) (parts string) {
	for _, m := range messages {
		parts += partsOf(m)
	}
	return parts
}

// wantParts checks which parts each message of a chat is about; the cover is "-".
func wantParts(t *testing.T, messages []telegramsim.Message, want string) {
	t.Helper()
	var got []string
	for _, m := range messages {
		parts := partsOf(m)
		if parts == "" {
			parts = "-"
		}
		got = append(got, parts)
	}
	if got := strings.Join(got, " "); got != want {
		t.Errorf("the messages are about %q, want %q", got, want)
	}
}

// Neighbouring short sections share a message, without those that its reader switched off.
func TestSectionsShareMessages(t *testing.T) {
	for _, test := range []struct{ muted, want string }{
		{"", "- AB C DEF G"},
		{"A", "- B C DEF G"},
		{"B", "- A C DEF G"},
		{"C", "- AB DEF G"},
		{"D", "- AB C EF G"},
		{"E", "- AB C DF G"},
		{"DF", "- AB C E G"},
		{"DEF", "- AB C G"},
		{"G", "- AB C DEF"},
		{"ABCDEG", "- F"},
	} {
		t.Run(test.want, func(t *testing.T) {
			inBubble(t, 3, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				w.wideIssue(1, 7) // otherwise all headings are of one issue only
				issue := w.sharedIssue(2)
				for _, r := range readers {
					for _, part := range test.muted {
						w.mute(r.ID(), "Part "+string(part))
					}
				}
				w.request(issue, readers[0])
				time.Sleep(time.Minute)
				b := w.await(w.broadcast(issue), subscribers.Done)
				sent := 0
				for _, r := range readers {
					wantParts(t, r.Chat().FromBot(), test.want)
					sent += len(r.Chat().FromBot())
				}
				books := w.books(b)
				sent -= len(readers[0].Chat().FromBot()) // who asked before
				if n := books.Sum(subscribers.OutcomeSent); n != sent {
					t.Errorf("books say %d sent, want %d: %+v", n, sent, books.Entries)
				}
				w.request(issue, readers[0]) // once more, without a record
				time.Sleep(time.Minute)
				wantParts(t, readers[0].Chat().FromBot(), test.want+" "+test.want)
			})
		})
	}
}

// A shared message that Telegram refuses goes out as plain text, to everybody.
func TestSharedMessageIsRefused(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.sharedIssue(1)
		w.sim.Inject(telegramsim.Fault{
			Kind: telegramsim.Refuse, Refusal: telegramsim.CannotParse, Chat: readers[0].ID(), With: telegramsim.Markup, After: 3, Times: 1,
		})
		w.request(issue, readers[0])
		time.Sleep(time.Minute)
		w.bot.end()
		w.start()
		b := w.await(w.broadcast(issue), subscribers.Done)
		for _, r := range readers {
			got := r.Chat().FromBot()
			wantParts(t, got, "- AB C DEF G")
			for n, m := range got {
				if plain := m.ParseMode == ""; plain != (n == 3) {
					t.Errorf("message %d is plain: %t", n, plain)
				}
			}
		}
		w.books(b)
	})
}

// A section that has to be sent as plain text alone makes the message plain that it
// shares, for those who get it.
func TestSharedMessageWithARefusedSection(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.sharedIssue(1)
		w.mute(readers[1].ID(), "Part E")
		if _, err := w.store.RefuseMessage(t.Context(), issue.ID, issue.Edition, 5, archive.Simpler{Plain: true}, "markup"); err != nil {
			t.Fatal(err)
		}
		w.await(w.broadcast(issue), subscribers.Done)
		for n, want := range []string{"- AB C DEF G", "- AB C DF G"} {
			got := readers[n].Chat().FromBot()
			wantParts(t, got, want)
			if plain := got[3].ParseMode == ""; plain != (n == 0) {
				t.Errorf("reader %d: the message is plain: %t", n, plain)
			}
		}
	})
}

// Refused in every form, a shared message ends the delivery. A retry sends all of it.
func TestSharedMessageFails(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.sharedIssue(1)
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: telegramsim.CannotParse, After: 3})
		w.request(issue, readers[0])
		time.Sleep(time.Minute)
		failed := w.bot.saw(delivery.EventFailed)
		if len(failed) != 1 || len(failed[0].Missing) != 4 || failed[0].Missing[0].Section != "Part D" {
			t.Fatalf("events are %+v, want that D, E, F and G are missing", failed)
		}
		w.sim.ClearFaults()
		w.request(issue, readers[0])
		time.Sleep(time.Minute)
		wantParts(t, readers[0].Chat().FromBot(), "- AB C DEF G")
	})
}

// A message that may have arrived is repeated with what is still wanted of it, and counted
// once, as uncertain.
func TestSharedMessageWithoutAnAnswer(t *testing.T) {
	for _, test := range []struct{ muted, want string }{
		{"", "- AB C DEF DEF G"},
		{"D", "- AB C DEF EF G"},
		{"DE", "- AB C DEF F G"},
		{"DEF", "- AB C DEF G"},
		{"F", "- AB C DEF DE G"},
	} {
		t.Run(test.want, func(t *testing.T) {
			inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				w.wideIssue(1, 7)
				w.sim.Inject(telegramsim.Fault{Kind: telegramsim.LoseAnswer, After: 3, Times: 1})
				b := w.broadcast(w.sharedIssue(2))
				w.awaitFault(telegramsim.LoseAnswer, 1)
				w.crash()
				for _, part := range test.muted {
					w.mute(readers[0].ID(), "Part "+string(part))
				}
				w.start()
				w.await(b, subscribers.Done)
				wantParts(t, readers[0].Chat().FromBot(), test.want)
				books := w.books(b)
				if sent, uncertain := books.Sum(subscribers.OutcomeSent), books.Sum(subscribers.OutcomeUncertain); sent != 4 || uncertain != 1 {
					t.Errorf("books say %d sent and %d uncertain, want 4 and 1", sent, uncertain)
				}
			})
		})
	}
}

// If the chat is lost while no answer has come, the delivery does not go on in the middle
// of the message.
func TestSharedMessageToALostChat(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		reader := readers[0]
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.LoseAnswer, After: 3, Times: 1})
		issue := w.sharedIssue(1)
		b := w.broadcast(issue)
		w.awaitFault(telegramsim.LoseAnswer, 1)
		reader.Block()
		w.await(b, subscribers.Done)
		w.books(b)
		d, err := w.store.Delivery(t.Context(), issue.ID, w.id(reader))
		if err != nil || d.NextMessage != 7 || d.Uncertain != 1 {
			t.Errorf("the delivery is %+v, %v, want all up to G settled", d, err)
		}
	})
}

// An issue that short sections keep at six messages is no reason for one message.
func TestAutoCountsSharedMessages(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		for _, r := range readers {
			w.setLayout(r.ID(), digest.LayoutAuto)
		}
		w.await(w.broadcast(w.sharedIssue(1)), subscribers.Done)
		w.await(w.broadcast(w.partsIssue(2, 1, 1, 2, 2, 1, 1, 2, 2)), subscribers.Done)
		for _, r := range readers {
			wantParts(t, r.Chat().FromBot(), "- AB C DEF G ABCDEFGH")
		}
	})
}

// Whatever happens on the way, every reader gets every section that they want once, in
// order, and what came twice is uncertain.
func TestSharedMessagesInAnyInterleaving(t *testing.T) {
	for seed := range longtest.Rounds[uint64](3, 12) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, 3))
				w := newWorld(t, telegramsim.Options{Seed: seed}, 30)
				readers := w.readers(40)
				w.wideIssue(1, 7)
				touched := make(map[int64]string) // parts that were switched off for a while
				switchSome := func() {
					r, part := readers[random.IntN(len(readers))], string(rune('A'+random.IntN(7)))
					touched[r.ID()] += part
					if random.IntN(2) == 0 {
						w.mute(r.ID(), "Part "+part)
					} else if err := w.store.SetAllMuted(t.Context(), w.id(r), false); err != nil {
						t.Fatal(err)
					}
				}
				for range 20 {
					switchSome()
				}
				w.start()
				synctest.Wait()
				b := w.broadcast(w.sharedIssue(2))
				w.sim.Inject(telegramsim.Fault{Kind: telegramsim.LoseAnswer, Probability: 0.05})
				w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: 50 * time.Millisecond, MaxDelay: 150 * time.Millisecond})
				for range 12 {
					time.Sleep(time.Duration(random.Int64N(int64(500 * time.Millisecond))))
					switch random.IntN(4) {
					case 0:
						w.crash()
						w.start()
					case 1:
						w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: telegramsim.CannotParse, Times: 1, With: telegramsim.Markup})
					case 2:
						w.partsIssue(2, 2, 1, 1, 1, 2, 1, 1) // a correction: other sections share
					default:
						switchSome()
					}
				}
				w.await(b, subscribers.Done)
				odd := 0
				for _, r := range readers {
					odd += wantEachPart(t, r.Chat().FromBot(), touched[r.ID()])
				}
				if uncertain := w.books(b).Sum(subscribers.OutcomeUncertain); odd > uncertain {
					t.Errorf("%d messages came twice or not, only %d are uncertain", odd, uncertain)
				}
			})
		})
	}
}

// wantEachPart checks that messages are about all parts in order, but perhaps not those that
// were touched. It returns how many messages are repeats.
func wantEachPart(t *testing.T, messages []telegramsim.Message, touched string) (repeats int) {
	t.Helper()
	seen := ""
	for _, m := range messages[1:] {
		parts, again := partsOf(m), false
		for _, part := range parts {
			again = again || strings.ContainsRune(seen, part)
			if !strings.ContainsRune(seen, part) {
				seen += string(part)
			}
		}
		if again || parts == "" {
			repeats++
		}
	}
	if !slices.IsSorted([]byte(seen)) {
		t.Errorf("the messages are about %q, which is not the order of the issue", seen)
	}
	for _, part := range "ABCDEFG" {
		if !strings.ContainsRune(seen, part) && !strings.ContainsRune(touched, part) {
			t.Errorf("nothing is about %c; the messages are about %q", part, seen)
		}
	}
	return repeats
}
