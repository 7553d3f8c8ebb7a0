package bot_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"digestbot/bot"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// An update that was kept and not handled, because the process died, is handled
// by the next one, though Telegram does not send it again.
func TestUpdatesOfADeadProcessAreTakenUp(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		body := fmt.Sprintf(`{"update_id":900,"message":{"message_id":5,"date":1,"from":{"id":%[1]d,"first_name":"Ann","language_code":"en"},
			"chat":{"id":%[1]d,"type":"private"},"text":"/subscribe","entities":[{"type":"bot_command","offset":0,"length":10}]}}`, w.ann.ID())
		if err := w.store.KeepUpdates(w.t.Context(), []subscribers.Update{{ID: 900, Body: []byte(body)}}); err != nil {
			w.t.Fatal(err)
		}
		w.ann.Write("/help") // so that the bot may write to her
		w.start()
		w.wantState(w.ann.ID(), subscribers.On)
		if got := texts(w.ann.Chat().FromBot()); len(got) != 2 || !strings.Contains(got[0], "Subscribed.") {
			t.Errorf("the bot said %q, want first the answer to what was left over", got)
		}
		w.stop()
		w.start()
		if got := texts(w.ann.Chat().FromBot()); len(got) != 2 {
			t.Errorf("after another start the bot has said %q, want nothing new", got)
		}
	})
}

// Telegram sends updates again when the poll that confirms them is lost.
func TestRedeliveredUpdateHasNoSecondEffect(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		polls := 0
		w.changePolls(func(body string) string {
			if polls++; polls > 4 {
				return body
			}
			return fmt.Sprintf(`{"ok":true,"result":[{"update_id":1,"message":{"message_id":5,"date":1,"from":{"id":%[1]d,"first_name":"Ann","language_code":"en"},
				"chat":{"id":%[1]d,"type":"private"},"text":"/subscribe","entities":[{"type":"bot_command","offset":0,"length":10}]}}]}`, w.ann.ID())
		})
		w.ann.Write("/start")
		w.ann.Write("/help")
		w.ann.Write("/help")
		w.ann.Write("/help")
		w.start()
		if polls < 4 {
			w.t.Fatalf("the bot polled %d times, want 4 at least", polls)
		}
		got := strings.Join(texts(w.ann.Chat().FromBot()), "\n")
		if strings.Count(got, "Subscribed.") != 1 || strings.Contains(got, "already") {
			t.Errorf("the bot said %q, want one answer to /subscribe", got)
		}
	})
}

// An update of a shape this program does not know must not hold up the others.
func TestUnreadableUpdateIsPassedOver(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		broken := true
		w.changePolls(func(body string) string {
			if broken && strings.Contains(body, "/help") {
				broken = false
				body = strings.Replace(body, `"result":[`, `"result":[{"update_id":0,"message":{"message_id":"a word"}},`, 1)
			}
			return body
		})
		w.start()
		wantText(t, w.tell(w.ann, "/help"), "What I can do")
		if broken {
			t.Error("no broken update was sent")
		}
		if !strings.Contains(w.log.String(), "an update cannot be read") {
			t.Error("the log does not tell of it")
		}
	})
}

// An update that cannot be kept stays with Telegram.
func TestUpdateIsNotConfirmedBeforeItIsKept(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.ann.Write("/help")
		ctx, kill := context.WithCancel(w.t.Context())
		w.config.HTTPClient = roundTrip(func(r *http.Request) (*http.Response, error) {
			resp, err := w.sim.Client().Do(r)
			if strings.HasSuffix(r.URL.Path, "/getUpdates") {
				kill() // the process ends between the answer and the database
			}
			return resp, err
		})
		b, err := bot.New(w.config)
		if err != nil {
			w.t.Fatal(err)
		}
		if err := b.Run(ctx); err != nil {
			t.Errorf("Run = %v, want nil", err)
		}
		if got := w.sim.PendingUpdates(); got != 1 {
			t.Errorf("Telegram holds %d updates, want 1", got)
		}
		w.config.HTTPClient = w.sim.Client()
		w.start()
		if got := texts(w.ann.Chat().FromBot()); len(got) != 1 {
			t.Errorf("the bot said %q, want one answer", got)
		}
	})
}

func TestPanicIsSurvived(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		var wrong atomic.Bool
		w.config.NextRun = func(time.Time) time.Time {
			if wrong.Load() {
				panic("a bug")
			}
			return time.Time{}
		}
		w.start()
		wrong.Store(true) // for less than a minute: only handlers ask now
		if said := w.said(w.ann.Chat(), func() { w.ann.Write("/start") }); len(said) != 0 {
			w.t.Fatalf("the bot said %q", texts(said))
		}
		wrong.Store(false)
		wantText(t, w.tell(w.ann, "/help"), "What I can do")
		w.wantAllHandled()
		if !strings.Contains(w.log.String(), "a handler panicked") || !strings.Contains(w.log.String(), "goroutine") {
			t.Error("the log has no stack of it")
		}
	})
}

func TestStopWaitsForAnswersUnderWay(t *testing.T) {
	inWorld(t, func(w *world) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Methods: []string{"sendMessage"}, Delay: 4 * time.Second, Times: 1})
		w.ann.Write("/help")
		w.pass(time.Second)
		began := time.Now()
		w.stop()
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("the stop took %s, want the 3s that were left of the answer", took)
		}
		if got := len(w.ann.Chat().FromBot()); got != 1 {
			t.Errorf("the reader has %d answers, want 1", got)
		}
		w.wantAllHandled()
	})
}

func TestStopDoesNotWaitForEver(t *testing.T) {
	inWorld(t, func(w *world) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.TooMany, Methods: []string{"sendMessage"}, RetryAfter: 3600, Times: 1})
		w.ann.Write("/help")
		w.pass(time.Second)
		began := time.Now()
		w.stop()
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("the stop took %s, want the grace of 5s", took)
		}
		left, err := w.store.UnhandledUpdates(w.t.Context())
		if err != nil || len(left) != 1 {
			t.Errorf("UnhandledUpdates = %d, %v, want the one without an answer", len(left), err)
		}
	})
}

// A message that was handed to the network may arrive, but a frozen Telegram is not
// waited for until the program is killed. The next start goes on as after a crash.
func TestStopWhileTelegramIsFrozen(t *testing.T) {
	for asks, want := range map[string]string{"/help": "What I can do", "/latest": "About Tools"} {
		inWorldToStart(t, func(w *world) {
			w.issue(179, "News", "Tools")
			w.start()
			w.tell(w.ann, "/subscribe")
			frozen := w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Hang, Methods: []string{"*"}})
			w.ann.Write(asks)
			w.pass(10 * time.Second)
			began := time.Now()
			w.stop()
			if took := time.Since(began); took != 5*time.Second {
				t.Errorf("%s: the stop took %s, want the grace of 5s", asks, took)
			}
			frozen()
			w.start()
			w.pass(time.Minute)
			got := strings.Join(texts(w.ann.Chat().FromBot()), "\n")
			if strings.Count(got, want) != 1 {
				t.Errorf("%s: the bot said %q, want %q in it once", asks, got, want)
			}
		})
	}
}

func TestRunWaitsForTelegram(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.RefuseConnection, Methods: []string{"getMe"}, After: 1, Times: 8})
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.TooMany, Methods: []string{"getMe"}, RetryAfter: 5, Times: 1})
		w.start()
		w.pass(5 * time.Minute)
		wantText(t, w.tell(w.ann, "/help"), "What I can do")
		if got := strings.Count(w.log.String(), "Telegram cannot be reached, trying again"); got != 9 {
			t.Errorf("the log tells %d times that Telegram cannot be reached, want 9", got)
		}
	})
}

func TestRunIsStoppedWhileItWaits(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Hang, Methods: []string{"*"}})
		w.start()
		w.pass(time.Minute)
		w.stop()
	})
}

// setForeignWebhook sets a webhook as another program would.
func (w *world) setForeignWebhook() {
	w.t.Helper()
	resp, err := w.sim.Client().Post("https://api.telegram.org/bot"+w.sim.Token()+"/setWebhook?url=https://example.com/hook", "", nil)
	if err != nil || resp.StatusCode != http.StatusOK {
		w.t.Fatalf("setWebhook: %v, %v", resp, err)
	}
	resp.Body.Close()
}

func TestWebhookGivesWay(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.setForeignWebhook()
		w.start()
		wantText(t, w.tell(w.ann, "/help"), "What I can do")
	})
}

// As long as the webhook is there, asking for updates would be refused: it is
// removed first, however often it takes.
func TestWebhookThatIsHardToRemove(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.setForeignWebhook()
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.ServerError, Methods: []string{"getWebhookInfo"}, Times: 2})
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Reset, Methods: []string{"deleteWebhook"}, Times: 1})
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Methods: []string{"deleteWebhook"}, Refusal: "Bad Request: no", Times: 2})
		w.ann.Write("/help")
		w.start()
		if n := w.sim.Stats().Calls["getupdates"]; n != 0 {
			t.Errorf("the bot asked for updates %d times while there was a webhook", n)
		}
		w.pass(time.Minute)
		if got := texts(w.ann.Chat().FromBot()); len(got) != 1 {
			t.Errorf("the bot said %q, want one answer", got)
		}
		if !strings.Contains(w.log.String(), "remove the webhook: ") {
			t.Error("the log does not tell what was tried")
		}
	})
}

func TestNewRefusesWhatIsNoToken(t *testing.T) {
	for _, token := range []string{"", "my-secret", "123", "123:", "123:a b", "x:abc", "123:abc\n", "12%:abc"} {
		_, err := bot.New(bot.Config{Token: token})
		if err == nil || !strings.Contains(err.Error(), "@BotFather") {
			t.Errorf("New with token %q = %v, want a hint to @BotFather", token, err)
		}
		if err != nil && len(token) > 4 && strings.Contains(err.Error(), token) {
			t.Errorf("New with token %q = %v, which shows it", token, err)
		}
	}
}

// A disk that does not take for a while that an update was handled must not
// have it handled again, out of its order, after some later start.
func TestHandledUpdatesStayHandled(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.ann, "/subscribe")
		w.exec(`CREATE TRIGGER spoilt BEFORE UPDATE ON updates BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
		w.ann.Write("/unsubscribe")
		w.pass(time.Minute)
		w.wantState(w.ann.ID(), subscribers.Off)
		w.exec("DROP TRIGGER spoilt")
		w.pass(time.Minute)
		w.tell(w.ann, "/subscribe")
		w.stop()
		w.start()
		w.wantState(w.ann.ID(), subscribers.On)
	})
}

// A stop does not wait for such a disk for ever.
func TestStopWhileNothingIsNotedAsHandled(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.ann, "/subscribe")
		w.exec(`CREATE TRIGGER spoilt BEFORE UPDATE ON updates BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
		w.ann.Write("/unsubscribe")
		w.pass(time.Second)
		began := time.Now()
		w.stop()
		if took := time.Since(began); took > 15*time.Second {
			t.Errorf("the stop took %v", took)
		}
	})
}

// The progress file of the last run is in the database before any update is handled.
// Otherwise the books would not know what a chat had received that wants to be forgotten.
func TestProgressIsTakenUpFirst(t *testing.T) {
	inWorld(t, func(w *world) {
		ctx := w.t.Context()
		w.tell(w.ann, "/subscribe")
		question := w.tell(w.ann, "/forget")
		issue := w.issue(179, "News", "Tools")
		w.stop()

		b, err := w.store.StartBroadcast(ctx, issue.ID, subscribers.InPrivate(adminID))
		if err != nil {
			w.t.Fatal(err)
		}
		w.leaveBehind(b, 2)
		body := fmt.Sprintf(`{"update_id":900000,"callback_query":{"id":"q","from":{"id":%[1]d,"first_name":"Ann","language_code":"en"},"data":"1:wipe",
			"message":{"message_id":%[2]d,"date":1,"chat":{"id":%[1]d,"type":"private"}}}}`, w.ann.ID(), question.ID)
		if err := w.store.KeepUpdates(ctx, []subscribers.Update{{ID: 900000, Body: []byte(body)}}); err != nil {
			w.t.Fatal(err)
		}

		w.exec("CREATE TRIGGER spoilt BEFORE UPDATE ON deliveries BEGIN SELECT RAISE(ABORT, 'disk full'); END")
		if err := <-w.launch(); err == nil {
			w.t.Error("Run = nil, want what keeps the progress from being taken up")
		}
		w.wantState(w.ann.ID(), subscribers.On)
		w.exec("DROP TRIGGER spoilt")
		w.start()
		w.wantState(w.ann.ID(), "")
		books, err := w.store.Books(ctx, b.ID)
		if err != nil {
			w.t.Fatal(err)
		}
		if n := books.Sum(subscribers.OutcomeSent); n != 2 {
			t.Errorf("%d messages were sent by the books %+v, want 2", n, books.Entries)
		}
	})
}

// leaveBehind is a crash of a run that has sent so many messages to the
// broadcast's only reader.
func (w *world) leaveBehind(b subscribers.Broadcast, sent int) {
	w.t.Helper()
	ctx := w.t.Context()
	all, err := w.store.PendingDeliveries(ctx, b, 0, 10)
	if err != nil || len(all) != 1 {
		w.t.Fatalf("PendingDeliveries = %d, %v, want 1", len(all), err)
	}
	file, err := w.store.OpenProgressFile(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	all[0].NextMessage, all[0].Sent = sent, sent
	if err := file.Take().Write(&all[0]); err != nil {
		w.t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		w.t.Fatal(err)
	}
}
