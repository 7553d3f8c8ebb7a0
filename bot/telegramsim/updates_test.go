package telegramsim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/telegramsim"
)

// reply is an answer of the Bot API.
type reply struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Status      int             `json:"-"` // of the HTTP answer, which may have no body
}

// call calls a method with a JSON body, without the library.
func call(ctx context.Context, sim *telegramsim.Sim, method string, parameters any) (reply, error) {
	body, err := json.Marshal(parameters)
	if err != nil {
		return reply{}, err
	}
	return post(ctx, sim, method, "application/json", bytes.NewReader(body))
}

func post(ctx context.Context, sim *telegramsim.Sim, method, kind string, body io.Reader) (out reply, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://api.telegram.org/bot"+sim.Token()+"/"+method, body)
	if err != nil {
		return out, err
	}
	r.Header.Set("Content-Type", kind)
	response, err := sim.Client().Do(r)
	if err != nil {
		return out, err
	}
	defer response.Body.Close()
	out.Status = response.StatusCode
	if err := json.NewDecoder(response.Body).Decode(&out); !errors.Is(err, io.EOF) {
		return out, err
	}
	return out, nil
}

// object is short for JSON parameters.
type object map[string]any

// poll returns the ids of the updates of one getUpdates.
func poll(t *testing.T, sim *telegramsim.Sim, parameters object) []int {
	t.Helper()
	got, err := call(t.Context(), sim, "getUpdates", parameters)
	if err != nil || !got.OK {
		t.Fatalf("getUpdates = %+v, %v", got, err)
	}
	var updates []struct {
		ID int `json:"update_id"`
	}
	if err := json.Unmarshal(got.Result, &updates); err != nil {
		t.Fatal(err)
	}
	ids := []int{}
	for _, u := range updates {
		ids = append(ids, u.ID)
	}
	return ids
}

func TestUpdatesWaitUntilConfirmed(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann := sim.NewPerson("Ann")
		for range 3 {
			ann.Write("x")
		}
		first := poll(t, sim, object{})
		if len(first) != 3 {
			t.Fatalf("got %v, want three updates", first)
		}
		if again := poll(t, sim, object{"offset": first[0]}); len(again) != 3 {
			t.Errorf("unconfirmed: got %v, want them again", again)
		}
		if rest := poll(t, sim, object{"offset": first[1] + 1, "limit": 1}); len(rest) != 1 || rest[0] != first[2] {
			t.Errorf("after confirming two: got %v, want %d", rest, first[2])
		}
		if last := poll(t, sim, object{"offset": -1}); len(last) != 1 {
			t.Errorf("offset -1: got %v, want the last", last)
		}
		time.Sleep(25 * time.Hour)
		if late := poll(t, sim, object{}); len(late) != 0 {
			t.Errorf("after a day: got %v, want none", late)
		}
	})
}

func TestLongPollWaits(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		begin := time.Now()
		if got := poll(t, sim, object{"timeout": 30}); len(got) != 0 || time.Since(begin) != 30*time.Second {
			t.Errorf("got %v after %v, want none after 30 s", got, time.Since(begin))
		}
		begin = time.Now()
		go func() {
			time.Sleep(7 * time.Second)
			sim.NewPerson("Ann").Write("x")
		}()
		if got := poll(t, sim, object{"timeout": 30}); len(got) != 1 || time.Since(begin) != 7*time.Second {
			t.Errorf("got %v after %v, want one after 7 s", got, time.Since(begin))
		}
	})
}

func TestSecondPollerEndsTheFirst(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		first := make(chan reply)
		go func() {
			got, err := call(t.Context(), sim, "getUpdates", object{"timeout": 30})
			if err != nil {
				t.Errorf("first poll: %v", err)
			}
			first <- got
		}()
		synctest.Wait()
		poll(t, sim, object{})
		if got := <-first; got.Code != 409 || got.Description != string(telegramsim.OtherPoller) {
			t.Errorf("first poll = %+v, want 409", got)
		}
	})
}

// A bot that asks for the same again and again gets little, and late.
// A command that names no bot is for the bot that wrote last.
func TestPrivacyModeAfterTheBotWrote(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, rival := sim.NewPerson("Ann"), sim.NewPerson("Rival", telegramsim.AsBot())
		g := sim.NewGroup("Group", ann, rival)
		g.AddBot(ann)
		b := newBot(t, sim)
		sees := func() bool {
			before := sim.PendingUpdates()
			ann.WriteIn(g, "/help")
			return sim.PendingUpdates() > before
		}
		if sees() {
			t.Error("the bot sees a command although it never wrote")
		}
		if _, err := send(t.Context(), b, g.ID, "hello"); err != nil {
			t.Fatal(err)
		}
		ann.WriteIn(g, "hello")
		if !sees() {
			t.Error("the bot wrote last and does not see a command")
		}
		rival.WriteIn(g, "me too")
		if sees() {
			t.Error("another bot wrote last, and the bot sees a command")
		}
	})
}

func TestPollsThatRepeatThemselves(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann := sim.NewPerson("Ann")
		for range 3 {
			ann.Write("x")
		}
		timed := func(parameters object) (int, time.Duration) {
			begin := time.Now()
			return len(poll(t, sim, parameters)), time.Since(begin)
		}
		for _, test := range []struct {
			after  time.Duration
			offset int
			want   int
			wait   time.Duration
		}{
			{0, 7, 3, 0},
			{400 * time.Millisecond, 7, 1, 0},
			{600 * time.Millisecond, 7, 3, 0},
			{time.Second, 200_000_000, 0, 0}, // confirms all
			{2 * time.Second, 200_000_000, 0, 3 * time.Second},
			{3 * time.Second, 200_000_000, 0, 0},
		} {
			time.Sleep(test.after)
			if n, wait := timed(object{"offset": test.offset}); n != test.want || wait != test.wait {
				t.Errorf("%v after the last, offset %d: %d updates after %v, want %d after %v", test.after, test.offset, n, wait, test.want, test.wait)
			}
		}
	})
}

// Two bots that poll with one token do not end each other more often than every three
// seconds.
func TestConflictsAreToldSlowly(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		begin := time.Now()
		ended := make(chan time.Duration)
		for range 3 {
			go func() {
				got, err := call(t.Context(), sim, "getUpdates", object{"timeout": 30})
				if err != nil || got.Code != 409 && !got.OK {
					t.Errorf("poll = %+v, %v", got, err)
				}
				ended <- time.Since(begin)
			}()
			synctest.Wait()
		}
		for i, want := range []time.Duration{0, 3 * time.Second, 30 * time.Second} {
			if got := <-ended; got != want {
				t.Errorf("poll %d ended after %v, want %v", i, got, want)
			}
		}
	})
}

func TestAllowedUpdates(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann := sim.NewPerson("Ann")
		poll(t, sim, object{"allowed_updates": []string{"my_chat_member"}})
		ann.Write("x")
		ann.Block()
		if got := poll(t, sim, object{}); len(got) != 1 {
			t.Errorf("got %v, want only the blocking", got)
		}
	})
}

// TestPrivacyMode: in groups a bot sees what is meant for it.
func TestPrivacyMode(t *testing.T) {
	tests := map[string]bool{
		"hello":                false,
		"/help":                false,
		"/help@digest_sim_bot": true,
		"/help@DIGEST_sim_bot": true,
		"/help@other_bot":      false,
		"hi @digest_sim_bot":   true,
		"hi @somebody":         false,
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
				ann := sim.NewPerson("Ann")
				g := sim.NewGroup("Group", ann)
				g.AddBot(ann)
				before := sim.PendingUpdates()
				ann.WriteIn(g, text)
				if got := sim.PendingUpdates() > before; got != want {
					t.Errorf("delivered = %t, want %t", got, want)
				}
			})
		})
	}
}

// hooks is the webhook of a bot. It fails as often as it is told to, and keeps what it got.
type hooks struct {
	mu      sync.Mutex
	slow    map[string]time.Duration // how long it takes for what contains a word
	fail    int
	got     []string
	headers []string
}

func (h *hooks) Do(r *http.Request) (*http.Response, error) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	for word, d := range h.slow {
		if strings.Contains(string(data), word) {
			time.Sleep(d)
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.headers = append(h.headers, r.Header.Get("X-Telegram-Bot-Api-Secret-Token"))
	status := http.StatusOK
	if h.fail > 0 {
		h.fail--
		status = http.StatusInternalServerError
	} else {
		h.got = append(h.got, string(data))
	}
	return &http.Response{StatusCode: status, Status: fmt.Sprint(status), Header: http.Header{}, Body: http.NoBody, Request: r}, nil
}

func TestWebhook(t *testing.T) {
	hook := &hooks{fail: 2}
	opts := noLimits
	opts.Webhooks = hook
	inBubble(t, opts, func(t *testing.T, sim *telegramsim.Sim) {
		ann := sim.NewPerson("Ann")
		ann.Write("before")
		set := func(parameters object) reply {
			got, err := call(t.Context(), sim, "setWebhook", parameters)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		for address, want := range map[string]string{
			"http://bot.example/hook":       "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
			"https://localhost/hook":        "Bad Request: bad webhook: IP address 127.0.0.1 is reserved",
			"https://192.168.1.5/hook":      "Bad Request: bad webhook: IP address 192.168.1.5 is reserved",
			"https://[2001:db8::1]/hook":    "Bad Request: bad webhook: IPv6-only addresses are not allowed",
			"https://server/hook":           "Bad Request: bad webhook: Failed to resolve host: Name or service not known",
			"https://bot.invalid/hook":      "Bad Request: bad webhook: Failed to resolve host: Name or service not known",
			"https://bot.example:9000/hook": "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
		} {
			if got := set(object{"url": address}); got.Description != want {
				t.Errorf("%s: %+v, want %q", address, got, want)
			}
		}
		if got := set(object{"url": "https://bot.example/hook", "secret_token": "s3cret"}); !got.OK {
			t.Fatalf("setWebhook: %+v", got)
		}
		begin := time.Now()
		wait(t, sim, func() bool { return sim.PendingUpdates() == 0 })
		if len(hook.got) != 1 || time.Since(begin) != 3*time.Second {
			t.Errorf("delivered %d after %v, want one after 1+2 s", len(hook.got), time.Since(begin))
		}
		if hook.headers[0] != "s3cret" || !strings.Contains(hook.got[0], "before") {
			t.Errorf("headers %v, body %v", hook.headers, hook.got)
		}
		if got, err := call(t.Context(), sim, "getUpdates", object{}); err != nil || got.Code != 409 || got.Description != string(telegramsim.WebhookActive) {
			t.Errorf("getUpdates = %+v, %v; want 409", got, err)
		}
		if got, err := call(t.Context(), sim, "getWebhookInfo", object{}); err != nil || !strings.Contains(string(got.Result), "last_error_message") {
			t.Errorf("getWebhookInfo = %s, %v; want the last error", got.Result, err)
		}
		if got, err := call(t.Context(), sim, "deleteWebhook", object{}); err != nil || !got.OK {
			t.Fatalf("deleteWebhook = %+v, %v", got, err)
		}
		ann.Write("after")
		if got := poll(t, sim, object{}); len(got) != 1 {
			t.Errorf("polling again: %v, want one update", got)
		}
	})
}

// A webhook gets the messages of a chat in order. It does not wait with those of another
// chat, nor with a press.
func TestWebhookIsBroughtSeveralAtOnce(t *testing.T) {
	hook := &hooks{slow: map[string]time.Duration{"slow one": time.Minute}}
	opts := noLimits
	opts.Webhooks = hook
	inBubble(t, opts, func(t *testing.T, sim *telegramsim.Sim) {
		ann, bea := sim.NewPerson("Ann"), sim.NewPerson("Bea")
		ann.Write("slow one")
		ann.Write("behind it")
		bea.Write("of another chat")
		ann.PressData(telegramsim.Message{Chat: ann.ID(), ID: 99}, "a press")
		began := time.Now()
		if got, err := call(t.Context(), sim, "setWebhook", object{"url": "https://bot.example/hook"}); err != nil || !got.OK {
			t.Fatalf("setWebhook: %+v, %v", got, err)
		}
		wait(t, sim, func() bool { return sim.PendingUpdates() == 2 })
		if took := time.Since(began); took != 0 {
			t.Errorf("another chat and a press waited %v", took)
		}
		wait(t, sim, func() bool { return sim.PendingUpdates() == 0 })
		if len(hook.got) != 4 || !strings.Contains(hook.got[2], "slow one") || !strings.Contains(hook.got[3], "behind it") {
			t.Errorf("got %q, want the messages of the chat in order", hook.got)
		}
	})
}

// One connection brings one update at a time.
func TestWebhookWithOneConnection(t *testing.T) {
	hook := &hooks{slow: map[string]time.Duration{"o": time.Minute}}
	opts := noLimits
	opts.Webhooks = hook
	inBubble(t, opts, func(t *testing.T, sim *telegramsim.Sim) {
		began := time.Now()
		for range 3 {
			sim.NewPerson("Ann").Write("hello")
		}
		if got, err := call(t.Context(), sim, "setWebhook", object{"url": "https://bot.example/hook", "max_connections": 1}); err != nil || !got.OK {
			t.Fatalf("setWebhook: %+v, %v", got, err)
		}
		wait(t, sim, func() bool { return sim.PendingUpdates() == 0 })
		if took := time.Since(began); took != 3*time.Minute {
			t.Errorf("three updates took %v, want a minute each", took)
		}
	})
}

// TestCloseEndsEverything: all that waits ends, and there is no server any more.
func TestCloseEndsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := telegramsim.ForTest(t, telegramsim.Options{Webhooks: &hooks{}})
		ann := started(sim, "Ann")
		sim.Inject(telegramsim.Fault{Kind: telegramsim.Hang})
		ended := make(chan error, 2)
		go func() {
			_, err := call(t.Context(), sim, "getUpdates", object{"timeout": 50, "offset": 1 << 40})
			ended <- err
		}()
		go func() {
			_, err := call(t.Context(), sim, "sendMessage", object{"chat_id": ann.ID(), "text": "x"})
			ended <- err
		}()
		synctest.Wait()
		sim.Close()
		sim.Close()
		for range 2 {
			<-ended //nolint:errcheck // it only has to end
		}
		if _, err := call(t.Context(), sim, "getMe", nil); err == nil {
			t.Error("a closed simulator answers")
		}
	})
}

// TestWaysToCall: parameters travel in the query, in forms and as JSON.
func TestWaysToCall(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann := started(sim, "Ann")
		base := fmt.Sprintf("https://api.telegram.org/bot%s/SENDMESSAGE", sim.Token())
		query := fmt.Sprintf("chat_id=%d&text=a%%20b", ann.ID())
		for name, make := range map[string]func() (*http.Response, error){
			"query": func() (*http.Response, error) { return sim.Client().Get(base + "?" + query) },
			"form": func() (*http.Response, error) {
				return sim.Client().Post(base, "application/x-www-form-urlencoded", strings.NewReader(query))
			},
			"JSON": func() (*http.Response, error) {
				return sim.Client().Post(base, "application/json; charset=utf-8", strings.NewReader(fmt.Sprintf(`{"chat_id":%d,"text":"a b"}`, ann.ID())))
			},
		} {
			response, err := make()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			response.Body.Close()
			if response.StatusCode != http.StatusOK || ann.Chat().Last().Text != "a b" {
				t.Errorf("%s: status %d, last message %q", name, response.StatusCode, ann.Chat().Last().Text)
			}
		}
		for _, path := range []string{"/bot" + sim.Token(), "/bot", "/bot1:x/getMe", "/file/bot1:x/documents/a"} {
			response, err := sim.Client().Get("https://api.telegram.org" + path)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if response.StatusCode != 404 && response.StatusCode != 401 {
				t.Errorf("%s: status %d, want 404 or 401", path, response.StatusCode)
			}
		}
	})
}
