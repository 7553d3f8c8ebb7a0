package telegramsim_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/telegramsim"
)

// newBot returns a client of the real library for the simulator, in the process.
func newBot(tb testing.TB, sim *telegramsim.Sim, options ...tg.Option) *tg.Bot {
	tb.Helper()
	options = append([]tg.Option{
		tg.WithHTTPClient(time.Minute, sim.Client()),
		tg.WithErrorsHandler(func(err error) { tb.Logf("library: %v", err) }),
		tg.WithNotAsyncHandlers(),
	}, options...)
	b, err := tg.New(sim.Token(), options...)
	if err != nil {
		tb.Fatalf("make client: %v", err)
	}
	return b
}

// serve lets a bot take its updates until stop is called, which waits for it.
func serve(t *testing.T, b *tg.Bot) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { b.Start(ctx); close(done) }()
	return func() {
		synctest.Wait() // for the bot to hear that its answer has arrived
		cancel()
		<-done
	}
}

// inBubble runs a test with a simulator in a synctest bubble. Without Options.Report a
// request the Bot API does not know fails it.
func inBubble(t *testing.T, opts telegramsim.Options, test func(t *testing.T, sim *telegramsim.Sim)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		if opts.Report == nil {
			test(t, telegramsim.ForTest(t, opts))
			return
		}
		sim := telegramsim.New(opts)
		defer sim.Close()
		test(t, sim)
	})
}

// started is a person who has pressed Start.
func started(sim *telegramsim.Sim, name string, options ...telegramsim.PersonOption) *telegramsim.Person {
	p := sim.NewPerson(name, options...)
	p.Write("/start")
	return p
}

func TestConversation(t *testing.T) {
	inBubble(t, telegramsim.Options{}, func(t *testing.T, sim *telegramsim.Sim) {
		b := newBot(t, sim, tg.WithDefaultHandler(func(ctx context.Context, b *tg.Bot, u *models.Update) {
			switch {
			case u.Message != nil:
				_, err := b.SendMessage(ctx, &tg.SendMessageParams{
					ChatID: u.Message.Chat.ID, Text: "<b>Hello</b> " + u.Message.From.LanguageCode, ParseMode: models.ParseModeHTML,
					ReplyMarkup: &models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{
						{Text: "Yes", CallbackData: "y"},
					}}},
				})
				if err != nil {
					t.Errorf("send: %v", err)
				}
			case u.CallbackQuery != nil:
				q := u.CallbackQuery
				if _, err := b.EditMessageText(ctx, &tg.EditMessageTextParams{
					ChatID: q.Message.Message.Chat.ID, MessageID: q.Message.Message.ID, Text: "You said " + q.Data,
				}); err != nil {
					t.Errorf("edit: %v", err)
				}
				if _, err := b.AnswerCallbackQuery(ctx, &tg.AnswerCallbackQueryParams{CallbackQueryID: q.ID, Text: "Noted"}); err != nil {
					t.Errorf("answer: %v", err)
				}
			}
		}))
		stop := serve(t, b)

		ann := sim.NewPerson("Ann", telegramsim.Language("zh-hans"))
		ann.Write("/start")
		wait(t, sim, func() bool { return len(ann.Chat().FromBot()) == 1 })
		greeting := ann.Chat().FromBot()[0]
		if got, want := greeting.Text, "Hello zh-hans"; got != want {
			t.Errorf("text = %q, want %q", got, want)
		}
		if got := greeting.Entities; len(got) != 1 || got[0].Type != "bold" || got[0].Length != 5 {
			t.Errorf("entities = %+v, want bold 0..5", got)
		}
		press, err := ann.Press(greeting, "Yes")
		if err != nil {
			t.Fatal(err)
		}
		wait(t, sim, func() bool { _, ok := press.Answer(); return ok })
		if a, _ := press.Answer(); a.Text != "Noted" {
			t.Errorf("answer = %+v, want Noted", a)
		}
		edited, _ := ann.Chat().Message(greeting.ID)
		if edited.Text != "You said y" || edited.Edits != 1 || len(edited.Keyboard) != 0 {
			t.Errorf("edited = %+v, want the new text without a keyboard", edited)
		}
		stop()
		if n := sim.PendingUpdates(); n > 1 {
			t.Errorf("%d updates unconfirmed, want at most the last", n)
		}
	})
}

// wait waits for a condition, at most an hour of the bubble's time.
func wait(tb testing.TB, sim *telegramsim.Sim, cond func() bool) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), time.Hour)
	defer cancel()
	if err := sim.Wait(ctx, cond); err != nil {
		tb.Fatalf("wait: %v", err)
	}
}

func TestUnknownMethodAndWrongToken(t *testing.T) {
	inBubble(t, telegramsim.Options{Report: func(string) {}}, func(t *testing.T, sim *telegramsim.Sim) {
		if _, err := tg.New("123:wrong", tg.WithHTTPClient(time.Minute, sim.Client())); !errors.Is(err, tg.ErrorUnauthorized) {
			t.Errorf("wrong token: %v, want 401", err)
		}
		b := newBot(t, sim)
		if _, err := b.SendDice(t.Context(), &tg.SendDiceParams{ChatID: 1}); !errors.Is(err, tg.ErrorNotFound) || !strings.Contains(err.Error(), "method not found") {
			t.Errorf("unknown method: %v, want 404 method not found", err)
		}
	})
}
