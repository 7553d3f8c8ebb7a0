package delivery_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/internal/longtest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

const unknown telegramsim.Refusal = "Bad Request: something new about the message"

// decorate puts a keyboard under every message and a picture above every second.
func (w *world) decorate() {
	w.buttons = [][]models.InlineKeyboardButton{{{Text: "x", CallbackData: "x"}}}
	w.exec("UPDATE messages SET image = 'https://example.com/picture.png' WHERE position % 2 = 0")
}

// decorated is inBubble with an issue whose messages have keyboards and pictures.
func decorated(t *testing.T, readers int, test func(w *world, issue archive.Issue, readers []*telegramsim.Person)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		people := w.readers(readers)
		issue := w.issue(1)
		w.decorate()
		w.start()
		synctest.Wait()
		test(w, issue, people)
	})
}

// looks says how a message went out: k with a keyboard, p with a picture, m with
// markup.
func looks(m telegramsim.Message) (how string) {
	if len(m.Keyboard) > 0 {
		how += "k"
	}
	if m.Preview != nil && m.Preview.URL != "" && !m.Preview.Disabled {
		how += "p"
	}
	if m.ParseMode != "" || m.Rich != nil {
		how += "m"
	}
	return how
}

// A message that Telegram refuses, for a part that it names or in words that are not
// known, goes out in the first simpler form that Telegram takes. From then on it goes out
// so to everybody, and admins are told once, in Telegram's words.
func TestRefusedMessageGoesOutInASimplerForm(t *testing.T) {
	const underWay = 2 * (2*30 + 16) // deliveries, see window
	many := longtest.Rounds(underWay+20, 300)
	for _, test := range []struct {
		name    string
		readers int
		refusal telegramsim.Refusal
		with    []telegramsim.Part // what is refused
		want    string             // how the cover looks
		least   int                // refusals for one reader
	}{
		{"keyboard", many, "Bad Request: BUTTON_TYPE_INVALID", []telegramsim.Part{telegramsim.Keyboard}, "m", 1},
		{"picture", 20, "Bad Request: wrong HTTP URL specified", []telegramsim.Part{telegramsim.Preview}, "m", 1},
		{"markup", 20, telegramsim.CannotParse, []telegramsim.Part{telegramsim.Markup}, "kp", 1},
		{"keyboard, unknown words", 20, unknown, []telegramsim.Part{telegramsim.Keyboard}, "m", 1},
		{"markup, unknown words", 20, unknown, []telegramsim.Part{telegramsim.Markup}, "", 2},
		{"all of it, unknown words", many, unknown, []telegramsim.Part{telegramsim.Keyboard, telegramsim.Preview, telegramsim.Markup}, "", 2},
		{"all of it, wrong part named", 20, telegramsim.CannotParse, []telegramsim.Part{telegramsim.Keyboard, telegramsim.Markup}, "", 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			decorated(t, test.readers, func(w *world, issue archive.Issue, readers []*telegramsim.Person) {
				w.refuseParts(test.refusal, test.with)
				b := w.await(w.broadcast(issue), subscribers.Done)
				if n := w.sim.Stats().Faults[telegramsim.Refuse]; n < test.least || n > 6*underWay*test.least {
					t.Errorf("%d requests were refused, want no more than those under way of each message", n)
				}
				for _, r := range readers {
					w.wantGot(r.ID(), everything()...)
					if got := looks(r.Chat().FromBot()[0]); got != test.want {
						t.Errorf("the cover goes out as %q, want %q", got, test.want)
					}
				}
				told := w.bot.saw(delivery.EventSimpler)
				if len(told) != 1 || told[0].Issue != issue.ID || told[0].Message < 1 || !strings.Contains(told[0].Reason, string(test.refusal)) {
					t.Errorf("people were told %+v, want once, with Telegram's words and the message", told)
				}
				if n := len(w.bot.saw(delivery.EventPaused)); n != 0 {
					t.Errorf("the broadcast was paused %d times", n)
				}
				if n := w.books(b).Sum(subscribers.OutcomeSent); n != 6*test.readers {
					t.Errorf("books say %d sent, want all", n)
				}
			})
		})
	}
}

// refuseParts makes Telegram refuse messages that have one of the parts.
func (w *world) refuseParts(refusal telegramsim.Refusal, parts []telegramsim.Part) {
	for _, part := range parts {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: refusal, With: part})
	}
}

// The form that was found is kept over a restart, for that message.
func TestSimplerFormIsRemembered(t *testing.T) {
	decorated(t, 2, func(w *world, issue archive.Issue, readers []*telegramsim.Person) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Bad Request: BUTTON_TYPE_INVALID", Chat: readers[0].ID(), After: 1, Times: 1})
		deliver := func(reader *telegramsim.Person) {
			w.request(issue, reader)
			time.Sleep(time.Minute)
		}
		deliver(readers[0])
		w.bot.end()
		w.start()
		deliver(readers[1])
		for _, r := range readers {
			w.wantGot(r.ID(), everything()...)
			for i, m := range r.Chat().FromBot() {
				if bare := looks(m) == "m"; bare != (i == 1) {
					t.Errorf("message %d goes out as %q, want only the second without its keyboard", i, looks(m))
				}
			}
		}
	})
}

// Words that are not known may be about the chat. If one chat takes a message only
// without a keyboard, others get it as it was made. Admins are told all the same.
func TestOddChatConcernsNobodyElse(t *testing.T) {
	decorated(t, 100, func(w *world, issue archive.Issue, readers []*telegramsim.Person) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: unknown, Chat: readers[0].ID(), With: telegramsim.Keyboard})
		b := w.await(w.broadcast(issue), subscribers.Done)
		for i, r := range readers {
			w.wantGot(r.ID(), everything()...)
			for _, m := range r.Chat().FromBot() {
				if bare := len(m.Keyboard) == 0; bare != (i == 0) {
					t.Fatalf("a message of reader %d goes out as %q, want only the first's without keyboards", i, looks(m))
				}
			}
		}
		if n := len(w.bot.saw(delivery.EventSimpler)); n != 1 {
			t.Errorf("people were told %d times, want once", n)
		}
		if n := w.books(b).Sum(subscribers.OutcomeSent); n != 600 {
			t.Errorf("books say %d sent, want all", n)
		}
	})
}

// If Telegram refuses a message to one chat in every form, in words that are not known,
// that says nothing about the message: others get it as it was made.
func TestChatThatTakesNoForm(t *testing.T) {
	decorated(t, 10, func(w *world, issue archive.Issue, readers []*telegramsim.Person) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: unknown, Chat: readers[0].ID()})
		b := w.await(w.broadcast(issue), subscribers.Done)
		for _, r := range readers[1:] {
			w.wantGot(r.ID(), everything()...)
			if got := looks(r.Chat().FromBot()[0]); got != "kpm" {
				t.Errorf("another reader's cover goes out as %q, want it whole", got)
			}
		}
		if n := w.sim.Stats().Faults[telegramsim.Refuse]; n != 3 {
			t.Errorf("the chat was tried %d times, want once in each of three forms", n)
		}
		if n := len(w.bot.saw(delivery.EventSimpler)); n != 0 {
			t.Errorf("people were told %d times of a simpler form", n)
		}
		if n := w.books(b).Sum(subscribers.OutcomeFailed); n != 6 {
			t.Errorf("books say %d failed, want the chat's six", n)
		}
	})
}

// A message that is too long in every form pauses the broadcast once. When an admin
// resumes it all the same, it fails.
func TestMessageThatTelegramTakesInNoForm(t *testing.T) {
	decorated(t, 12, func(w *world, issue archive.Issue, readers []*telegramsim.Person) {
		remove := w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: telegramsim.MessageTooLong})
		b := w.await(w.broadcast(issue), subscribers.Paused)
		if want := (subscribers.PauseReason{Kind: subscribers.PausedForContent, Number: 1, Detail: "too long"}); b.Reason != want {
			t.Errorf("it paused for %+v, want %+v", b.Reason, want)
		}
		books, err := w.store.Books(w.t.Context(), b.ID)
		if failed := books.Sum(subscribers.OutcomeFailed); err != nil || failed != 0 {
			t.Errorf("%d messages failed before an admin could look (%v)", failed, err)
		}
		w.resumeBroadcast(b)
		w.await(b, subscribers.Done)
		remove()
		if n := w.books(b).Sum(subscribers.OutcomeFailed); n != 12*6 {
			t.Errorf("books say %d failed, want all", n)
		}
		if n := len(w.bot.saw(delivery.EventPaused)); n != 1 {
			t.Errorf("it was paused %d times, want once", n)
		}
		for _, r := range readers {
			w.wantGot(r.ID())
		}
	})
}

// Forms and lost answers do not interfere: a message whose answer is lost is sent at
// most twice, in whatever form.
func TestLostAnswersInSimplerForms(t *testing.T) {
	decorated(t, 20, func(w *world, issue archive.Issue, readers []*telegramsim.Person) {
		for _, r := range readers {
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.LoseAnswer, Chat: r.ID(), After: 1, Times: 2})
		}
		w.refuseParts(unknown, []telegramsim.Part{telegramsim.Keyboard})
		b := w.await(w.broadcast(issue), subscribers.Done)
		odd, uncertain := w.oddities(b, readers)
		if odd > uncertain || uncertain == 0 {
			t.Errorf("%d messages came twice or not, %d are uncertain; want no more than uncertain, and some", odd, uncertain)
		}
	})
}

// A compact message is useless without its keyboard: if that is refused, the sections
// come instead, without keyboards. A rich message stays rich.
func TestRefusedKeyboardInOtherLayouts(t *testing.T) {
	for layout, want := range map[digest.Layout][]string{
		digest.LayoutCompact: everything(),
		digest.LayoutRich:    {"rich cover", "rich News", "rich Tools", "rich Essays", "rich Jobs", "rich Quotes"},
	} {
		decorated(t, 3, func(w *world, issue archive.Issue, readers []*telegramsim.Person) {
			for _, r := range readers {
				w.setLayout(r.ID(), layout)
			}
			w.refuseParts("Bad Request: REPLY_MARKUP_INVALID", []telegramsim.Part{telegramsim.Keyboard})
			b := w.await(w.broadcast(issue), subscribers.Done)
			for _, r := range readers {
				w.wantGot(r.ID(), want...)
				for _, m := range r.Chat().FromBot() {
					if looks(m) != "m" {
						t.Errorf("%s: a message goes out as %q, want no keyboard and no picture", layout, looks(m))
					}
				}
			}
			if n := w.books(b).Sum(subscribers.OutcomeSent); n != 3*6 {
				t.Errorf("%s: books say %d sent, want all", layout, n)
			}
			if n := len(w.bot.saw(delivery.EventSimpler)); n != 1 {
				t.Errorf("%s: people were told %d times, want once", layout, n)
			}
		})
	}
}

// A chat that forbids link previews gets every message without one. Other chats are not
// affected.
func TestChatWithoutPreviews(t *testing.T) {
	for _, refusal := range []telegramsim.Refusal{"Bad Request: CHAT_SEND_WEBPAGE_FORBIDDEN", "Bad Request: CHAT_SEND_MEDIA_FORBIDDEN"} {
		for _, layout := range []digest.Layout{digest.LayoutSections, digest.LayoutCompact} {
			t.Run(fmt.Sprint(refusal, layout), func(t *testing.T) {
				decorated(t, 2, func(w *world, issue archive.Issue, readers []*telegramsim.Person) {
					for _, r := range readers {
						w.setLayout(r.ID(), layout)
					}
					w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: refusal, Chat: readers[0].ID(), With: telegramsim.Preview})
					b := w.await(w.broadcast(issue), subscribers.Done)
					want := []string{"headlines"}
					if layout == digest.LayoutSections {
						want = everything()
					}
					for i, r := range readers {
						w.wantGot(r.ID(), want...)
						if got := looks(r.Chat().FromBot()[0]); got != []string{"km", "kpm"}[i] {
							t.Errorf("reader %d: the cover goes out as %q", i, got)
						}
					}
					if n := w.sim.Stats().Faults[telegramsim.Refuse]; n != 1 {
						t.Errorf("the chat refused %d messages, want that it is asked once", n)
					}
					if n := len(w.bot.saw(delivery.EventNotAllowed)) + len(w.bot.saw(delivery.EventSimpler)); n != 0 {
						t.Errorf("people were told %d times, want never", n)
					}
					if n := w.books(b).Sum(subscribers.OutcomeSent); n != 2*len(want) {
						t.Errorf("books say %d sent, want all", n)
					}
				})
			})
		}
	}
}

// Telegram may use the same words for a chat where nothing may be posted.
func TestChatWithoutPreviewsAndWithoutRights(t *testing.T) {
	decorated(t, 1, func(w *world, issue archive.Issue, readers []*telegramsim.Person) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Bad Request: CHAT_SEND_MEDIA_FORBIDDEN"})
		b := w.await(w.broadcast(issue), subscribers.Done)
		if n := w.sim.Stats().Faults[telegramsim.Refuse]; n != 2 {
			t.Errorf("the chat was tried %d times, want once with and once without picture", n)
		}
		if n := w.books(b).Sum(subscribers.OutcomeSkipped); n != 6 {
			t.Errorf("books say %d skipped, want all", n)
		}
		if n := len(w.bot.saw(delivery.EventNotAllowed)); n != 1 {
			t.Errorf("people were told %d times that it is not allowed, want once", n)
		}
	})
}

// An answer to a person goes out in a simpler form as well.
func TestRefusedAnswerGoesOutInASimplerForm(t *testing.T) {
	picture := "https://example.com/picture.png"
	for _, test := range []struct {
		refusal telegramsim.Refusal
		with    telegramsim.Part
		want    string // how it looks; empty: plain text
		fails   bool
	}{
		{"Bad Request: BUTTON_TYPE_INVALID", telegramsim.Keyboard, "m", false},
		{"Bad Request: CHAT_SEND_WEBPAGE_FORBIDDEN", telegramsim.Preview, "km", false},
		{unknown, telegramsim.Keyboard, "m", false},
		{unknown, telegramsim.Markup, "", false},
		{unknown, "", "", true},
		{telegramsim.CannotParse, telegramsim.Markup, "", true}, // the caller has a better plain text
		{"Forbidden: something new", telegramsim.Keyboard, "", true},
	} {
		inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: test.refusal, With: test.with})
			params := &tg.SendMessageParams{
				ChatID: readers[0].ID(), Text: "<b>bold</b>", ParseMode: models.ParseModeHTML,
				LinkPreviewOptions: &models.LinkPreviewOptions{URL: &picture},
				ReplyMarkup:        models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "x", CallbackData: "x"}}}},
			}
			sent, err := w.bot.sender.SendMessage(t.Context(), params)
			if (err != nil) != test.fails {
				t.Errorf("%s: the answer: %v, want an error: %v", test.refusal, err, test.fails)
			}
			if n := w.sim.Stats().Faults[telegramsim.Refuse]; n > 3 {
				t.Errorf("%s: the answer was tried %d times", test.refusal, n)
			}
			got := slices.Clone(readers[0].Chat().FromBot())
			if test.fails {
				return
			}
			if len(got) != 1 || looks(got[0]) != test.want || got[0].Text != "bold" || sent.ID != got[0].ID {
				t.Errorf("%s: the chat has %+v, want the answer as %q", test.refusal, got, test.want)
			}
			edit := &tg.EditMessageTextParams{ChatID: params.ChatID, MessageID: sent.ID, Text: "<b>bolder</b>", ParseMode: params.ParseMode,
				LinkPreviewOptions: params.LinkPreviewOptions, ReplyMarkup: params.ReplyMarkup}
			if _, err := w.bot.sender.EditMessageText(t.Context(), edit); err != nil {
				t.Errorf("%s: the edit: %v", test.refusal, err)
			}
			if m := readers[0].Chat().FromBot()[0]; m.Text != "bolder" || looks(m) != test.want {
				t.Errorf("%s: after the edit the message is %q as %q, want %q", test.refusal, m.Text, looks(m), test.want)
			}
		})
	}
}
