package telegramsim_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"syscall"
	"testing"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/telegramsim"
	"digestbot/bot/telegramsim/speed"
)

// lineFault is what a fault of the connection does to one message: how the error looks, and
// whether the message is in the chat all the same.
type lineFault struct {
	fault     telegramsim.Fault
	delivered bool
	check     func(error) bool
}

func contains(text string) func(error) bool {
	return func(err error) bool { return err != nil && strings.Contains(err.Error(), text) }
}

func isErr(want error) func(error) bool {
	return func(err error) bool { return errors.Is(err, want) }
}

func lineFaults() map[string]lineFault {
	kind := func(k telegramsim.Kind) telegramsim.Fault { return telegramsim.Fault{Kind: k, Times: 1} }
	return map[string]lineFault{
		"429":             {telegramsim.Fault{Kind: telegramsim.TooMany, RetryAfter: 43838, Times: 1}, false, func(err error) bool { return retryAfter(err) == 43838 }},
		"403":             {telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: telegramsim.BotBlocked, Times: 1}, false, isErr(tg.ErrorForbidden)},
		"502":             {kind(telegramsim.ServerError), false, contains("Bad Gateway")},
		"504":             {kind(telegramsim.GatewayTimeout), true, contains("Gateway Timeout")},
		"refused":         {kind(telegramsim.RefuseConnection), false, isErr(syscall.ECONNREFUSED)},
		"reset":           {kind(telegramsim.Reset), false, isErr(syscall.ECONNRESET)},
		"answer lost":     {kind(telegramsim.LoseAnswer), true, isErr(io.ErrUnexpectedEOF)},
		"truncated":       {kind(telegramsim.Truncate), true, isErr(io.ErrUnexpectedEOF)},
		"garbled":         {kind(telegramsim.BadJSON), true, contains("decode response body")},
		"hang":            {kind(telegramsim.Hang), false, isErr(context.DeadlineExceeded)},
		"hang, processed": {kind(telegramsim.HangAfter), true, isErr(context.DeadlineExceeded)},
		"deleted at once": {kind(telegramsim.DeleteAtOnce), true, contains("sent message was immediately deleted and can't be returned")},
		"wrong token":     {kind(telegramsim.WrongToken), false, isErr(tg.ErrorUnauthorized)},
		"conflict":        {kind(telegramsim.Rival), false, isErr(tg.ErrorConflict)},
	}
}

// A fault may strike only messages that have some part.
func TestFaultsOfParts(t *testing.T) {
	keyboard := models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "x", CallbackData: "x"}}}}
	picture, all := "https://example.com/x.png", map[telegramsim.Part]*tg.SendMessageParams{
		"":                   {Text: "x", LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: tg.True()}},
		telegramsim.Keyboard: {Text: "x", ReplyMarkup: keyboard},
		telegramsim.Markup:   {Text: "x", ParseMode: models.ParseModeHTML},
	}
	all[telegramsim.Preview] = &tg.SendMessageParams{Text: "x", LinkPreviewOptions: &models.LinkPreviewOptions{URL: &picture}}
	for struck := range all {
		inBubble(t, telegramsim.Options{}, func(t *testing.T, sim *telegramsim.Sim) {
			ann, b := started(sim, "Ann"), newBot(t, sim)
			sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: telegramsim.CannotParse, With: struck})
			for part, params := range all {
				time.Sleep(time.Minute)
				params.ChatID = ann.ID()
				_, err := b.SendMessage(t.Context(), params)
				if want := struck == "" || struck == part; (err != nil) != want {
					t.Errorf("a message with %q: %v, want a fault of %q to strike it: %v", part, err, struck, want)
				}
			}
		})
	}
}

func TestFaultsInProcess(t *testing.T) {
	for name, test := range lineFaults() {
		t.Run(name, func(t *testing.T) {
			inBubble(t, telegramsim.Options{}, func(t *testing.T, sim *telegramsim.Sim) {
				ann, b := started(sim, "Ann"), newBot(t, sim)
				sim.Inject(test.fault)
				ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
				defer cancel()
				_, err := send(ctx, b, ann.ID(), "x")
				checkFault(t, sim, ann, test, err)
				time.Sleep(time.Duration(test.fault.RetryAfter) * time.Second)
				if _, err := send(t.Context(), b, ann.ID(), "again"); err != nil {
					t.Errorf("after the fault: %v", err)
				}
			})
		})
	}
}

func checkFault(t *testing.T, sim *telegramsim.Sim, to *telegramsim.Person, test lineFault, err error) {
	t.Helper()
	if !test.check(err) {
		t.Errorf("error = %v", err)
	}
	if got := len(to.Chat().FromBot()) == 1; got != test.delivered {
		t.Errorf("delivered = %t, want %t", got, test.delivered)
	}
	if n := sim.Stats().Faults[test.fault.Kind]; n != 1 {
		t.Errorf("%d faults counted, want 1", n)
	}
}

func TestFaultsOverHTTP(t *testing.T) {
	for name, test := range lineFaults() {
		t.Run(name, func(t *testing.T) {
			sim := telegramsim.ForTest(t, telegramsim.Options{})
			defer sim.Close()
			server := httptest.NewServer(sim)
			defer server.Close()
			ann := started(sim, "Ann")
			b, err := tg.New(sim.Token(), tg.WithServerURL(server.URL))
			if err != nil {
				t.Fatal(err)
			}
			ctx := t.Context()
			switch test.fault.Kind {
			case telegramsim.RefuseConnection: // over an open connection it is a reset
				test.check = isErr(syscall.ECONNRESET)
			case telegramsim.LoseAnswer:
				test.check = isErr(io.EOF)
			case telegramsim.Hang, telegramsim.HangAfter:
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, 200*time.Millisecond)
				defer cancel()
			}
			sim.Inject(test.fault)
			_, err = send(ctx, b, ann.ID(), "x")
			wait(t, sim, func() bool { return sim.Stats().Faults[test.fault.Kind] == 1 })
			checkFault(t, sim, ann, test, err)
		})
	}
}

// TestTrace: a caller can find out with httptrace whether its request was written.
func TestTrace(t *testing.T) {
	for kind, want := range map[telegramsim.Kind]bool{telegramsim.RefuseConnection: false, telegramsim.Reset: true, telegramsim.LoseAnswer: true} {
		t.Run(string(kind), func(t *testing.T) {
			inBubble(t, telegramsim.Options{}, func(t *testing.T, sim *telegramsim.Sim) {
				ann, b := started(sim, "Ann"), newBot(t, sim)
				sim.Inject(telegramsim.Fault{Kind: kind})
				wrote := false
				ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { wrote = true }})
				if _, err := send(ctx, b, ann.ID(), "x"); err == nil || wrote != want {
					t.Errorf("written = %t, want %t (%v)", wrote, want, err)
				}
			})
		})
	}
}

// A client that goes away when it has its connection has written nothing.
func TestGoneBeforeItIsWritten(t *testing.T) {
	inBubble(t, telegramsim.Options{}, func(t *testing.T, sim *telegramsim.Sim) {
		ann, b := started(sim, "Ann"), newBot(t, sim)
		ctx, cancel := context.WithCancel(t.Context())
		wrote := false
		ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
			GotConn:      func(httptrace.GotConnInfo) { cancel() },
			WroteRequest: func(httptrace.WroteRequestInfo) { wrote = true },
		})
		if _, err := send(ctx, b, ann.ID(), "x"); !errors.Is(err, context.Canceled) || wrote {
			t.Errorf("written = %t, %v, want it cancelled", wrote, err)
		}
		if n := len(ann.Chat().FromBot()); n != 0 {
			t.Errorf("%d messages arrived, want none", n)
		}
	})
}

func TestRefusedConnectionIsADialError(t *testing.T) {
	inBubble(t, telegramsim.Options{}, func(t *testing.T, sim *telegramsim.Sim) {
		ann, b := started(sim, "Ann"), newBot(t, sim)
		sim.Inject(telegramsim.Fault{Kind: telegramsim.RefuseConnection})
		_, err := send(t.Context(), b, ann.ID(), "x")
		if op, ok := errors.AsType[*net.OpError](err); !ok || op.Op != "dial" {
			t.Errorf("error = %v, want one of dialling", err)
		}
		if strings.Contains(err.Error(), sim.Token()) {
			t.Error("the error contains the token")
		}
	})
}

func TestFaultMatching(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, bob, b := started(sim, "Ann"), started(sim, "Bob"), newBot(t, sim)
		remove := sim.Inject(telegramsim.Fault{Kind: telegramsim.ServerError, Chat: ann.ID(), After: 1, Times: 2, Methods: []string{"sendMessage"}})
		var got []bool
		for range 4 {
			_, err := send(t.Context(), b, ann.ID(), "x")
			got = append(got, err != nil)
		}
		if want := [4]bool{false, true, true, false}; [4]bool(got) != want {
			t.Errorf("struck %v, want %v", got, want)
		}
		if _, err := send(t.Context(), b, bob.ID(), "x"); err != nil {
			t.Errorf("another chat: %v", err)
		}
		remove()
		sim.Inject(telegramsim.Fault{Kind: telegramsim.ServerError, Methods: []string{"*"}})
		if _, err := b.GetMe(t.Context()); err == nil {
			t.Error("* does not strike getMe")
		}
		sim.ClearFaults()
		if _, err := b.GetMe(t.Context()); err != nil {
			t.Errorf("after ClearFaults: %v", err)
		}
	})
}

// TestOrderedWait: a message that comes too early is refused with what remains of the wait,
// and counted.
func TestOrderedWait(t *testing.T) {
	for _, global := range []bool{false, true} {
		inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
			ann, bob, b := started(sim, "Ann"), started(sim, "Bob"), newBot(t, sim)
			sim.Inject(telegramsim.Fault{Kind: telegramsim.TooMany, RetryAfter: 60, Times: 1, Global: global})
			_, err := send(t.Context(), b, ann.ID(), "x")
			if got := retryAfter(err); got != 60 {
				t.Errorf("retry after %d, want 60", got)
			}
			time.Sleep(20 * time.Second)
			_, err = send(t.Context(), b, ann.ID(), "x")
			if got := retryAfter(err); got != 40 || sim.Stats().Early != 1 {
				t.Errorf("early: retry after %d, counted %d, want 40 and 1", got, sim.Stats().Early)
			}
			_, err = send(t.Context(), b, bob.ID(), "x")
			if got := retryAfter(err) > 0; got != global {
				t.Errorf("another chat refused = %t, want %t (%v)", got, global, err)
			}
			time.Sleep(40 * time.Second)
			if _, err = send(t.Context(), b, ann.ID(), "x"); err != nil {
				t.Errorf("after the wait: %v", err)
			}
		})
	}
}

func TestSlowness(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, b := started(sim, "Ann"), newBot(t, sim)
		sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: 50 * time.Millisecond, MaxDelay: 150 * time.Millisecond})
		for range 50 {
			begin := time.Now()
			if _, err := send(t.Context(), b, ann.ID(), "x"); err != nil {
				t.Fatal(err)
			}
			if d := time.Since(begin); d < 50*time.Millisecond || d >= 150*time.Millisecond {
				t.Errorf("answer after %v, want 50 to 150 ms", d)
			}
		}
	})
}

func TestMigrationInTheMiddle(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, b := sim.NewPerson("Ann"), newBot(t, sim)
		g := sim.NewGroup("Group", ann)
		g.AddBot(ann)
		sim.Inject(telegramsim.Fault{Kind: telegramsim.Migrate, After: 1})
		if _, err := send(t.Context(), b, g.ID, "x"); err != nil {
			t.Fatal(err)
		}
		_, err := send(t.Context(), b, g.ID, "x")
		moved, ok := errors.AsType[*tg.MigrateError](err)
		if !ok {
			t.Fatalf("second message: %v, want a migration", err)
		}
		if _, err := send(t.Context(), b, int64(moved.MigrateToChatID), "x"); err != nil {
			t.Errorf("to the supergroup: %v", err)
		}
	})
}

// TestMixtureRepeats: the same seed strikes the same calls.
func TestMixtureRepeats(t *testing.T) {
	day := func(seed uint64) string {
		var out strings.Builder
		inBubble(t, telegramsim.Options{Seed: seed, ImplicitChats: true, Limits: speed.Limits{Off: true}}, func(t *testing.T, sim *telegramsim.Sim) {
			b := newBot(t, sim)
			for _, f := range telegramsim.Mixture(0.05) {
				sim.Inject(f)
			}
			for i := range 300 {
				_, err := send(t.Context(), b, int64(1+i%7), "x")
				if err != nil {
					out.WriteByte('x')
				} else {
					out.WriteByte('.')
				}
			}
			if n := len(sim.Stats().Faults); n < 6 {
				t.Errorf("only %d kinds of fault struck", n)
			}
		})
		return out.String()
	}
	first := day(7)
	if again := day(7); again != first {
		t.Errorf("seed 7 gives\n%s and then\n%s", first, again)
	}
	if other := day(8); other == first {
		t.Error("seeds 7 and 8 give the same")
	}
}

// TestEveryRefusal: each refusal can be chosen, and comes with the code that its text implies.
func TestEveryRefusal(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, b := started(sim, "Ann"), newBot(t, sim)
		for _, refusal := range telegramsim.ChatRefusals() {
			remove := sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: refusal})
			_, err := send(t.Context(), b, ann.ID(), "x")
			refusedWith(t, err, refusal)
			want := tg.ErrorBadRequest
			if refusal.Code() == 403 {
				want = tg.ErrorForbidden
			}
			if !errors.Is(err, want) {
				t.Errorf("%q came as %v, want %v", refusal, err, want)
			}
			remove()
		}
	})
}

// A fault of the profile or the webhook strikes no other method.
func TestFaultsOfProfileAndWebhook(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, b, ctx := started(sim, "Ann"), newBot(t, sim), t.Context()
		over := sim.Inject(telegramsim.Fault{Kind: telegramsim.Throttled, After: 1})
		if _, err := b.SetMyDescription(ctx, &tg.SetMyDescriptionParams{Description: "a"}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.SetMyDescription(ctx, &tg.SetMyDescriptionParams{Description: "b"}); retryAfter(err) != 4*60*60 {
			t.Errorf("second description: %v, want a wait of four hours", err)
		}
		sim.Inject(telegramsim.Fault{Kind: telegramsim.Unresolvable, Times: 1})
		hook := &tg.SetWebhookParams{URL: "https://bot.example/hook"}
		_, err := b.SetWebhook(ctx, hook)
		refusedWith(t, err, telegramsim.HostNotFound)
		if _, err := b.SetWebhook(ctx, hook); err != nil {
			t.Errorf("the name was found again: %v", err)
		}
		if _, err := send(ctx, b, ann.ID(), "hello"); err != nil {
			t.Errorf("a message: %v", err)
		}
		over()
		if _, err := b.SetMyDescription(ctx, &tg.SetMyDescriptionParams{Description: "b"}); err != nil {
			t.Error(err)
		}
		if got := sim.Stats().Faults; got[telegramsim.Throttled] != 1 || got[telegramsim.Unresolvable] != 1 {
			t.Errorf("faults = %v, want one of each", got)
		}
	})
}
