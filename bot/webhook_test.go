package bot_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"digestbot/bot"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

const (
	hookURL    = "https://example.org/digest"
	hookSecret = "Chosen_by-the-operator"
	hookHeader = "X-Telegram-Bot-Api-Secret-Token"
)

// bring brings a request of Telegram's webhook to the bot.
func (w *world) bring(r *http.Request) (*http.Response, error) {
	handler := w.hook.Load()
	if handler == nil || r.URL.Host != "example.org" {
		return nil, syscall.ECONNREFUSED
	}
	answer := httptest.NewRecorder()
	(*handler).ServeHTTP(answer, r)
	return answer.Result(), nil
}

// withWebhook is inWorldToStart for a bot with a webhook.
func withWebhook(t *testing.T, test func(w *world)) {
	t.Helper()
	inWorldToStart(t, func(w *world) {
		w.config.WebhookURL, w.config.WebhookSecret = hookURL, hookSecret
		test(w)
	})
}

// request makes a request to the bot and returns the status.
func (w *world) request(method, path, secret, body string) int {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if secret != "" {
		r.Header.Set(hookHeader, secret)
	}
	answer := httptest.NewRecorder()
	w.bot.Handler().ServeHTTP(answer, r)
	return answer.Code
}

func subscribeUpdate(id int, by *telegramsim.Person) string {
	return fmt.Sprintf(`{"update_id":%[1]d,"message":{"message_id":5,"date":1,"from":{"id":%[2]d,"first_name":"Ann","language_code":"en"},
		"chat":{"id":%[2]d,"type":"private"},"text":"/subscribe","entities":[{"type":"bot_command","offset":0,"length":10}]}}`, id, by.ID())
}

func TestWebhook(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.WebhookURL = hookURL // and the secret is made up
		w.issue(179, "News")
		w.ann.Write("/help") // waits with Telegram
		w.start()
		if got := texts(w.ann.Chat().FromBot()); len(got) != 1 {
			t.Errorf("the bot said %q to what had waited, want one answer", got)
		}
		wantText(t, w.tell(w.ann, "/subscribe"), "Subscribed.")
		m := w.tell(w.ann, "/sections")
		_, m = w.press(w.ann, m, "✅ News")
		wantRow(t, m, "⬜ News")
		if n := w.sim.Stats().Calls["getupdates"]; n != 0 {
			t.Errorf("the bot asked for updates %d times, want never", n)
		}
		w.stop()
		w.hook.Store(nil)
		w.ann.Write("/help") // while the bot is away
		w.start()
		w.pass(5 * time.Minute) // Telegram's patience between attempts grows
		if said := w.ann.Chat().FromBot(); !strings.Contains(said[len(said)-1].Text, "What I can do") {
			t.Errorf("after a restart the bot said %q", texts(said))
		}
	})
}

// The site answers what neither Telegram nor a supervisor asks for, and cannot take their paths.
func TestSiteBesideTheWebhook(t *testing.T) {
	withWebhook(t, func(w *world) {
		w.config.Site = http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusTeapot) })
		w.start()
		for path, want := range map[string]int{"/": http.StatusTeapot, "/issues/1/": http.StatusTeapot, "/digest/": http.StatusTeapot, "/healthz": http.StatusOK, "/digest": http.StatusMethodNotAllowed} {
			if got := w.request(http.MethodGet, path, "", ""); got != want {
				t.Errorf("%s: status %d, want %d", path, got, want)
			}
		}
	})
}

func TestWebhookTurnsOthersAway(t *testing.T) {
	withWebhook(t, func(w *world) {
		w.ann.Write("/help")
		w.start()
		before := len(w.ann.Chat().FromBot())
		good := subscribeUpdate(900, w.ann)
		for _, test := range []struct {
			name, method, path, secret, body string
			want                             int
		}{
			{"another path", "POST", "/", hookSecret, good, http.StatusNotFound},
			{"a browser", "GET", "/digest", hookSecret, "", http.StatusMethodNotAllowed},
			{"no secret", "POST", "/digest", "", good, http.StatusUnauthorized},
			{"wrong secret", "POST", "/digest", "chosen_by-the-operator", good, http.StatusUnauthorized},
			{"part of the secret", "POST", "/digest", hookSecret[:5], good, http.StatusUnauthorized},
			{"nothing", "POST", "/digest", hookSecret, "", http.StatusBadRequest},
			{"no JSON", "POST", "/digest", hookSecret, "hello", http.StatusBadRequest},
			{"null", "POST", "/digest", hookSecret, "null", http.StatusBadRequest},
			{"no update", "POST", "/digest", hookSecret, `{"message":{}}`, http.StatusBadRequest},
			{"cut short", "POST", "/digest", hookSecret, good[:50], http.StatusBadRequest},
			{"too much", "POST", "/digest", hookSecret, good + strings.Repeat(" ", 1<<20), http.StatusRequestEntityTooLarge},
			{"unknown shape", "POST", "/digest", hookSecret, `{"update_id":901,"message":{"message_id":"a word"}}`, http.StatusOK},
		} {
			if got := w.request(test.method, test.path, test.secret, test.body); got != test.want {
				t.Errorf("%s: status %d, want %d", test.name, got, test.want)
			}
		}
		w.settle()
		if got := len(w.ann.Chat().FromBot()); got != before {
			t.Errorf("the bot said %q", texts(w.ann.Chat().FromBot()[before:]))
		}
		if !strings.Contains(w.log.String(), "an update cannot be read and is passed over") {
			t.Error("the log does not tell of the update of unknown shape")
		}
		if strings.Contains(w.log.String(), hookSecret) {
			t.Error("the secret is in the log")
		}
	})
}

func TestWebhookRedeliveryHasNoSecondEffect(t *testing.T) {
	withWebhook(t, func(w *world) {
		w.ann.Write("/start")
		w.start()
		for range 3 {
			if got := w.request("POST", "/digest", hookSecret, subscribeUpdate(900, w.ann)); got != http.StatusOK {
				t.Errorf("status %d, want 200", got)
			}
		}
		w.settle()
		w.request("POST", "/digest", hookSecret, subscribeUpdate(900, w.ann))
		w.settle()
		if got := texts(w.ann.Chat().FromBot()); len(got) != 2 || !strings.Contains(got[1], "Subscribed.") {
			t.Errorf("the bot said %q, want one answer to each update", got)
		}
	})
}

// A press that Telegram brings again while the first one's message is on its way
// does not go past it.
func TestPressBroughtAgainHasNoSecondEffect(t *testing.T) {
	withWebhook(t, func(w *world) {
		w.issue(179, "News", "Tools")
		w.start()
		m := w.tell(w.ann, "/subscribe")
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Methods: []string{"sendMessage"}, Delay: 3 * time.Second})
		press := fmt.Sprintf(`{"update_id":900,"callback_query":{"id":"7","from":{"id":%[1]d,"first_name":"Ann","language_code":"en"},"chat_instance":"1",
			"data":"1:part:1:1","message":{"message_id":%d,"date":1,"chat":{"id":%[1]d,"type":"private"},"text":"x"}}}`, w.ann.ID(), m.ID)
		before := len(w.ann.Chat().FromBot())
		for range 3 {
			if got := w.request("POST", "/digest", hookSecret, press); got != http.StatusOK {
				t.Errorf("status %d, want 200", got)
			}
			w.pass(time.Second)
		}
		w.pass(time.Minute)
		if said := texts(w.ann.Chat().FromBot()[before:]); len(said) != 1 || !strings.Contains(said[0], "About News") {
			t.Errorf("the bot said %q, want the section once", said)
		}
	})
}

// Telegram keeps an update that the bot could not, and brings it again.
func TestWebhookWhileTheStoreFails(t *testing.T) {
	withWebhook(t, func(w *world) {
		w.start()
		w.breakTable("updates")
		w.ann.Write("/subscribe")
		w.pass(90 * time.Second)
		if got := w.request("POST", "/digest", hookSecret, subscribeUpdate(900, w.ann)); got != http.StatusServiceUnavailable {
			t.Errorf("status %d, want 503", got)
		}
		if n := w.sim.PendingUpdates(); n != 1 {
			t.Errorf("Telegram holds %d updates, want 1", n)
		}
		if !strings.Contains(w.log.String(), "Telegram does not get through to the webhook") {
			t.Error("the log does not tell that updates do not come through")
		}
		w.repairTable("updates")
		w.pass(5 * time.Minute)
		if got := texts(w.ann.Chat().FromBot()); len(got) != 1 || !strings.Contains(got[0], "Subscribed.") {
			t.Errorf("the bot said %q, want one answer", got)
		}
	})
}

// repairTable undoes breakTable.
func (w *world) repairTable(name string) { w.exec("ALTER TABLE lost RENAME TO " + name) }

// An update of which Telegram was told that it has arrived is answered once, by the next
// life of the program.
func TestWebhookUpdateOfADeadProcessIsTakenUp(t *testing.T) {
	withWebhook(t, func(w *world) {
		w.start()
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.TooMany, Methods: []string{"sendMessage"}, RetryAfter: 60, Times: 1})
		w.ann.Write("/help")
		w.pass(time.Second)
		if n := w.sim.PendingUpdates(); n != 0 {
			t.Errorf("Telegram holds %d updates, want none", n)
		}
		w.stop()
		w.start()
		w.pass(2 * time.Minute)
		if got := texts(w.ann.Chat().FromBot()); len(got) != 1 {
			t.Errorf("the bot said %q, want one answer", got)
		}
	})
}

func TestHealth(t *testing.T) {
	for name, hook := range map[string]string{"polling": "", "webhook": hookURL} {
		t.Run(name, func(t *testing.T) {
			inWorldToStart(t, func(w *world) {
				w.config.WebhookURL = hook
				want := func(when string, status int) {
					t.Helper()
					if got := w.request("GET", "/healthz", "", ""); got != status {
						t.Errorf("%s: status %d, want %d", when, got, status)
					}
				}
				away := w.sim.Inject(telegramsim.Fault{Kind: telegramsim.RefuseConnection, Methods: []string{"*"}})
				w.start()
				want("before Telegram is reached", http.StatusServiceUnavailable)
				away()
				w.pass(time.Minute)
				want("running", http.StatusOK)
				if got := w.request("POST", "/healthz", "", ""); got != http.StatusMethodNotAllowed {
					t.Errorf("POST: status %d, want 405", got)
				}
				w.breakTable("schedule_runs")
				want("with a broken database", http.StatusServiceUnavailable)
				w.stop()
				want("after the end", http.StatusServiceUnavailable)
				if got := w.request("POST", "/digest", "", ""); got == http.StatusOK {
					t.Error("after the end an update is taken")
				}
			})
		})
	}
}

// The words are those of WebhookActor.cpp and Client.cpp in tdlib/telegram-bot-api.
func TestWebhookThatTelegramRefuses(t *testing.T) {
	for _, words := range []string{
		"bad webhook: IP address 10.0.0.1 is reserved", "bad webhook: IPv6-only addresses are not allowed",
		"bad webhook: An HTTPS URL must be provided for webhook", "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
		"invalid webhook URL specified", "secret token contains unallowed characters",
	} {
		withWebhook(t, func(w *world) {
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.ServerError, Methods: []string{"setWebhook"}, Times: 3}) // is waited out
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Methods: []string{"setWebhook"}, Refusal: telegramsim.Refusal("Bad Request: " + words)})
			err := <-w.launch()
			if !errors.Is(err, bot.ErrWebhook) || !strings.Contains(err.Error(), words) {
				t.Errorf("Run = %v, want ErrWebhook with Telegram's words", err)
			}
		})
	}
}

// That Telegram cannot resolve the host is often a passing fault: of its own, or
// because the name is new.
func TestWebhookWhoseHostIsNotResolvedYet(t *testing.T) {
	for _, words := range []string{"Failed to resolve host: Temporary failure in name resolution", "Failed to resolve host: Name or service not known", "Unknown"} {
		withWebhook(t, func(w *world) {
			w.sim.Inject(telegramsim.Fault{
				Kind: telegramsim.Refuse, Methods: []string{"setWebhook"}, Times: 4, Refusal: telegramsim.Refusal("Bad Request: bad webhook: " + words),
			})
			w.ann.Write("/help")
			w.start()
			if n := len(w.ann.Chat().FromBot()); n != 0 {
				t.Errorf("the bot said %d messages before the webhook was set", n)
			}
			w.pass(time.Minute)
			if n := len(w.ann.Chat().FromBot()); n != 1 {
				t.Errorf("the bot said %d messages, want the answer", n)
			}
			if got := strings.Count(w.log.String(), "Telegram refuses, trying again"); got != 4 || !strings.Contains(w.log.String(), words) {
				t.Errorf("the log tells of %d refusals, want 4, with Telegram's words", got)
			}
		})
	}
}

func TestCheckWebhook(t *testing.T) {
	for _, test := range []struct {
		address, secret string
		ok              bool
	}{
		{hookURL, "", true},
		{"https://example.org", "a", true},
		{"https://example.org:8443/x?y=z", strings.Repeat("a", 256), true},
		{hookURL, strings.Repeat("a", 257), false},
		{hookURL, "a b", false},
		{"http://example.org/x", "", false},
		{"https://example.org:8080/x", "", false},
		{"https://user@example.org/x", "", false},
		{"https://example.org/healthz", "", false},
		{"https://example.org/x#y", "", false},
		{"https:///x", "", false},
		{"example.org", "", false},
		{"https://[::1", "", false},
	} {
		if err := bot.CheckWebhook(test.address, test.secret); (err == nil) != test.ok {
			t.Errorf("CheckWebhook(%q, %q) = %v, want ok %t", test.address, test.secret, err, test.ok)
		}
	}
	if _, err := bot.New(bot.Config{Token: "123:abc", WebhookURL: "http://example.org"}); err == nil {
		t.Error("New took a webhook without TLS")
	}
}

// A request that is under way when the program is stopped gets its answer.
func TestServeFinishesWhatIsUnderWay(t *testing.T) {
	w := newWorld(t)
	w.config.WebhookURL, w.config.WebhookSecret = hookURL, hookSecret
	w.ann.Write("/start") // so that the bot may write to her
	ended := w.launch()
	if err := w.sim.Wait(t.Context(), func() bool { return w.sim.Stats().Calls["setwebhook"] > 0 }); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- w.bot.Serve(ctx, listener) }()

	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := subscribeUpdate(900, w.ann)
	answers := bufio.NewReader(conn)
	fmt.Fprintf(conn, "POST /digest HTTP/1.1\r\nHost: example.org\r\n%s: %s\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n",
		hookHeader, hookSecret, len(body))
	resp, err := http.ReadResponse(answers, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusContinue {
		t.Fatalf("status %d, want 100: go on with the body", resp.StatusCode)
	}
	stop()
	fmt.Fprint(conn, body)
	resp, err = http.ReadResponse(answers, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("status %d, want 200", resp.StatusCode)
	}
	if err := <-served; err != nil {
		t.Errorf("Serve = %v, want nil", err)
	}
	if err := w.sim.Wait(t.Context(), func() bool { return len(w.ann.Chat().FromBot()) == 2 }); err != nil {
		t.Fatal(err)
	}
	w.wantState(w.ann.ID(), subscribers.On)
	w.stop()
	if err := <-ended; err != nil {
		t.Errorf("Run = %v, want nil", err)
	}
}

func TestServeSaysWhenItCannot(t *testing.T) {
	w := newWorld(t)
	b, err := bot.New(w.config)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	if err := b.Serve(t.Context(), listener); err == nil {
		t.Error("Serve on a closed listener = nil, want an error")
	}
}
