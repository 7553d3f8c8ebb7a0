package bot_test

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"digestbot/bot"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers/storetest"
)

// wantEnd fails unless the bot has ended with the error, after about the time.
func wantEnd(t *testing.T, ended <-chan error, want error, after time.Duration) {
	t.Helper()
	began := time.Now()
	select {
	case err := <-ended:
		if !errors.Is(err, want) || strings.Count(err.Error(), want.Error()) != 1 {
			t.Errorf("Run = %v, want %v, said once", err, want)
		}
		if took := time.Since(began); took < after || took > after+after/5 {
			t.Errorf("it took %s, want %s", took, after)
		}
	case <-time.After(after + after/5 + time.Minute):
		t.Fatal("the bot is still running")
	}
}

// wantRunning fails if the bot has ended.
func wantRunning(t *testing.T, ended <-chan error) {
	t.Helper()
	select {
	case err := <-ended:
		t.Fatalf("Run = %v, want it to go on", err)
	default:
	}
}

// An operator who has mistyped the token hears of it at once, also after an outage.
func TestWrongTokenAtTheStart(t *testing.T) {
	for _, kind := range []telegramsim.Refusal{telegramsim.Unauthorized, telegramsim.NotFound} {
		inWorldToStart(t, func(w *world) {
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.ServerError, Methods: []string{"getMe"}, Times: 2})
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: kind, Methods: []string{"*"}})
			wantEnd(w.t, w.launch(), bot.ErrToken, 3*time.Second)
		})
	}
}

// A revoked token stays revoked: the bot believes only what lasts, with a webhook too.
func TestTokenThatIsLost(t *testing.T) {
	test := func(w *world) {
		ended := w.launch()
		w.tell(w.admin, "/start")
		w.pass(time.Minute)
		found := w.sim.Inject(telegramsim.Fault{Kind: telegramsim.WrongToken, Methods: []string{"*"}})
		w.pass(4 * time.Minute)
		wantRunning(w.t, ended)
		said := w.said(w.admin.Chat(), func() {
			found()
			w.pass(2 * time.Minute)
		})
		if told := strings.Join(texts(said), "\n"); strings.Count(told, "Telegram accepts my token again") != 1 {
			w.t.Errorf("the admin was told %q, want that the token is known again", told)
		}
		wantText(w.t, w.tell(w.ann, "/help"), "What I can do")
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.WrongToken, Methods: []string{"*"}})
		wantEnd(w.t, ended, bot.ErrToken, 5*time.Minute)
	}
	inWorldToStart(t, test)
	withWebhook(t, test)
}

// A message may be refused as if the token were lost. As long as Telegram says
// who the bot is, it goes on, and the answer comes when it can.
func TestTokenThatOnlyMessagesLack(t *testing.T) {
	inWorld(t, func(w *world) {
		found := w.sim.Inject(telegramsim.Fault{Kind: telegramsim.WrongToken, Methods: []string{"sendMessage"}})
		w.ann.Write("/help")
		w.pass(30 * time.Second)
		found()
		w.pass(time.Minute)
		if got := texts(w.ann.Chat().FromBot()); len(got) != 1 {
			t.Errorf("the bot said %q, want one answer", got)
		}
	})
}

// second starts another copy of the bot, with a database of its own.
func (w *world) second(change func(*bot.Config)) (ended <-chan error) {
	w.t.Helper()
	store, err := storetest.Open(w.t.Context(), filepath.Join(w.t.TempDir(), "second.db"))
	if err != nil {
		w.t.Fatal(err)
	}
	config := w.config
	config.Store = store
	change(&config)
	b, err := bot.New(config)
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(w.t.Context())
	end := make(chan error, 1)
	go func() {
		end <- b.Run(ctx)
		if err := store.Close(); err != nil {
			w.t.Error(err)
		}
	}()
	w.t.Cleanup(stop)
	return end
}

// Somebody's test copy with the same token gives way to the bot that was there
// before, which goes on sending meanwhile, and tells its admins.
func TestSecondCopyGivesWay(t *testing.T) {
	polling, hooked := func(c *bot.Config) { c.WebhookURL = "" }, func(c *bot.Config) { c.WebhookURL = "https://example.com/second" }
	for _, test := range []struct {
		name  string
		world func(*testing.T, func(*world))
		other func(*bot.Config)
		want  error
	}{
		{"both ask", inWorldToStart, polling, bot.ErrSecondCopy},
		{"the second has a webhook", inWorldToStart, hooked, bot.ErrSecondCopy},
		{"the first has a webhook", withWebhook, polling, bot.ErrWebhookSet},
		{"both have a webhook", withWebhook, hooked, bot.ErrSecondCopy},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.world(t, func(w *world) {
				w.start()
				w.admin.Write("/start")
				w.pass(5 * time.Minute)
				before := len(w.admin.Chat().FromBot())
				second := w.second(test.other)
				wantEnd(w.t, second, test.want, 5*time.Minute)
				w.pass(5 * time.Minute)
				said := strings.Join(texts(w.admin.Chat().FromBot()[before:]), "\n")
				for _, want := range []string{"Another program is using my token", "Otherwise I stop after 30 minutes", "No other program is using my token any more"} {
					if strings.Count(said, want) != 1 {
						t.Errorf("the admin was told %q, want %q in it once", said, want)
					}
				}
				wantText(t, w.tell(w.ann, "/help"), "What I can do")
			})
		})
	}
}

// A conflict that lasts ends the bot, with an error that says what it is.
func TestConflictThatLasts(t *testing.T) {
	for refusal, want := range map[telegramsim.Refusal]error{
		telegramsim.OtherPoller: bot.ErrSecondCopy, telegramsim.WebhookActive: bot.ErrWebhookSet,
	} {
		inWorldToStart(t, func(w *world) {
			ended := w.launch()
			w.pass(5 * time.Minute)
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Methods: []string{"getUpdates"}, Refusal: refusal})
			w.pass(time.Minute)
			if got := w.request("GET", "/healthz", "", ""); got != http.StatusServiceUnavailable {
				t.Errorf("/healthz: status %d, want 503", got)
			}
			wantEnd(w.t, ended, want, 29*time.Minute)
		})
	}
}

// A webhook that somebody sets is removed, as it is at the start.
func TestWebhookSetWhilePolling(t *testing.T) {
	inWorld(t, func(w *world) {
		w.pass(5 * time.Minute)
		w.setForeignWebhook()
		wantText(t, w.tell(w.ann, "/help"), "What I can do")
	})
}
