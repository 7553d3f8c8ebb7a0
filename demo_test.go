package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"digestbot/bot/demo"
	"digestbot/internal/longtest"
)

// visitor uses the page of a weekly of the demo, without a browser.
type visitor struct {
	t    *testing.T
	page string // its address
}

// visit runs the demo, and returns a visitor for each weekly.
func visit(t *testing.T) map[string]visitor {
	t.Helper()
	address := startDemo(t)
	all := map[string]visitor{}
	for _, w := range demo.Weeklies() {
		all[w.Path] = visitor{t, address + "/" + w.Path + "/sim/"}
	}
	return all
}

// lookEvery is how often a visitor looks: the page of the demo costs more than all else.
const lookEvery = 100 * time.Millisecond

// demoChat is a chat in the list of the page, or an open one.
type demoChat struct {
	ID       int64
	Title    string
	Back     bool
	Messages []struct {
		Text     string
		Keyboard [][]struct {
			Text string
			Data string `json:"callback_data"`
		}
		ID int
	}
}

func (v visitor) get(path string, into any) {
	v.t.Helper()
	answer, err := http.Get(v.page + path)
	if err != nil {
		v.t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		v.t.Fatalf("%s: %v", path, err)
	}
}

func (v visitor) post(path string, body any) {
	v.t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		v.t.Fatal(err)
	}
	request, err := http.NewRequest(http.MethodPost, v.page+path, bytes.NewReader(data))
	if err != nil {
		v.t.Fatal(err)
	}
	request.Header.Set("X-Telegramsim", "test")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		v.t.Fatal(err)
	}
	defer answer.Body.Close()
	if text, err := io.ReadAll(answer.Body); answer.StatusCode != http.StatusOK || err != nil {
		v.t.Fatalf("%s: %s, %s, %v", path, answer.Status, text, err)
	}
}

func (v visitor) chats() []demoChat {
	v.t.Helper()
	var state struct{ Chats []demoChat }
	v.get("state", &state)
	return state.Chats
}

// chat returns the chat with a title and what is in it.
func (v visitor) chat(title string) (c demoChat) {
	v.t.Helper()
	all := v.chats()
	i := slices.IndexFunc(all, func(c demoChat) bool { return c.Title == title })
	if i < 0 {
		v.t.Fatalf("there is no chat %q", title)
	}
	v.get(fmt.Sprintf("chat?id=%d", all[i].ID), &c)
	return c
}

func (v visitor) write(title, text string) {
	v.t.Helper()
	id := v.chat(title).ID
	v.post("write", map[string]any{"as": id, "chat": id, "text": text})
}

func (v visitor) do(action string) {
	v.t.Helper()
	v.post("action", map[string]string{"name": action})
}

// await waits until a message of a chat has all the texts.
func (v visitor) await(title string, texts ...string) {
	v.t.Helper()
	var c demoChat
	for end := time.Now().Add(stepTimeout); time.Now().Before(end); time.Sleep(lookEvery) {
		c = v.chat(title)
		for _, m := range c.Messages {
			if !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(m.Text, text) }) {
				return
			}
		}
	}
	v.t.Fatalf("%s never got %q: %+v", title, texts, c.Messages)
}

// button returns the press of the newest button whose text begins with the given one; nil:
// there is none.
func (v visitor) button(title, text string) map[string]any {
	v.t.Helper()
	c := v.chat(title)
	for _, m := range slices.Backward(c.Messages) {
		for _, row := range m.Keyboard {
			for _, b := range row {
				if strings.HasPrefix(b.Text, text) {
					return map[string]any{"as": c.ID, "chat": c.ID, "message": m.ID, "data": b.Data}
				}
			}
		}
	}
	return nil
}

// tap waits until a chat has a button whose text begins with the given one, and presses
// the newest.
func (v visitor) tap(title, text string) {
	v.t.Helper()
	for end := time.Now().Add(stepTimeout); time.Now().Before(end); time.Sleep(lookEvery) {
		if press := v.button(title, text); press != nil {
			v.post("press", press)
			return
		}
	}
	v.t.Fatalf("%s never got a button %q", title, text)
}

// A browser gets the weekly in its language.
func TestDemoChoosesTheWeekly(t *testing.T) {
	t.Parallel()
	address := startDemo(t)
	for language, want := range map[string]string{"": "/en/", "de-DE,de;q=0.9,en;q=0.8": "/en/", "zh-CN,zh;q=0.9,en;q=0.8": "/zh/", "ZH": "/zh/", "en-GB,zh;q=0.9": "/en/"} {
		request, err := http.NewRequest(http.MethodGet, address+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept-Language", language)
		answer, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if got := answer.Header.Get("Location"); got != want {
			t.Errorf("%q leads to %q, want %q", language, got, want)
		}
	}
}

// Whoever presses the button as soon as there is one finds everybody subscribed. After that
// an issue waits for /broadcast, for a few readers first, and Friday has a new one again.
// Reset brings back the start.
func TestDemoFridayAtOnce(t *testing.T) {
	t.Parallel()
	later := []string{"12", "13", "14"}[:longtest.Rounds(1, 3)]
	for _, story := range []struct{ path, admin, archived, sent, readers, canary, few, resume, forum string }{
		{"en", "Admin Mei", "issue 11", "✅ Sent", "23 subscribers", "🐤", "The first few have it", "▶️ Resume", "Harbour club"},
		{"zh", "管理员梅姐", "第11期", "✅ 发送完成", "23 位订阅者", "🐤", "首批已发出", "▶️ 继续", "码头俱乐部"},
	} {
		t.Run(story.path, func(t *testing.T) {
			t.Parallel()
			v := visit(t)[story.path]
			v.do("Friday now")
			if messages := len(v.chat(story.forum).Messages); messages == 0 {
				t.Error("the group with topics is empty")
			}
			v.await(story.admin, story.archived) // the newest issue, in the welcome
			v.await(story.admin, story.sent)
			v.await(story.admin, story.readers)

			v.write(story.admin, "/broadcast")
			v.tap(story.admin, story.canary)
			v.await(story.admin, story.few)
			v.tap(story.admin, story.resume)

			v.do("Friday now")
			for _, number := range later {
				v.await(story.admin, story.sent, number)
			}

			before := len(v.chat(story.admin).Messages)
			v.do("Reset")
			if after := len(v.chat(story.admin).Messages); after >= before || after == 0 {
				t.Errorf("the admin's chat has %d messages after Reset, %d before", after, before)
			}
			v.do("Friday now")
			v.await(story.admin, story.readers)
		})
	}
}

// Two people who press Reset at once, while an issue is being sent, get one new start, and
// nothing hangs.
func TestDemoResetTwice(t *testing.T) {
	t.Parallel()
	v := visit(t)["en"]
	v.write("Ann", "/start")
	v.do("Friday now")
	done := make(chan bool)
	for range 2 {
		go func() {
			defer func() { done <- true }()
			v.do("Reset")
		}()
	}
	<-done
	<-done
	if messages := v.chat("Ann").Messages; len(messages) > 0 {
		t.Errorf("after Reset, Ann's chat has %+v", messages)
	}
	if behind := slices.DeleteFunc(v.chats(), func(c demoChat) bool { return !c.Back }); len(behind) < 20 {
		t.Errorf("%d readers are in the background, too few for a canary", len(behind))
	}
}
