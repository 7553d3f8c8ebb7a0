package telegramsim_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/telegramsim"
)

// ask sends a request, such as "GET /sim/state", to the page and returns status and body.
func ask(t *testing.T, sim *telegramsim.Sim, request, body string, headers ...string) (int, string) {
	t.Helper()
	method, path, _ := strings.Cut(request, " ")
	r := httptest.NewRequest(method, "http://127.0.0.1:8080"+path, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	w := httptest.NewRecorder()
	sim.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// fromPage is the header of the page's own requests.
var fromPage = []string{"X-Telegramsim", "page", "Content-Type", "application/json"}

func TestPageKeepsStrangersOut(t *testing.T) {
	sim := telegramsim.ForTest(t, telegramsim.Options{})
	defer sim.Close()
	ann := sim.NewPerson("Ann")
	body := fmt.Sprintf(`{"as":%d,"chat":%d,"text":"hi"}`, ann.ID(), ann.ID())
	tests := map[string]struct {
		request string
		headers []string
		want    int
	}{
		"page":                   {"GET /", nil, 200},
		"page linked from afar":  {"GET /", []string{"Sec-Fetch-Site", "cross-site"}, 200},
		"script":                 {"GET /sim/chat.js", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		"nothing":                {"GET /sim/nothing", nil, 404},
		"write":                  {"POST /sim/write", fromPage, 200},
		"write, own origin":      {"POST /sim/write", append([]string{"Origin", "http://127.0.0.1:8080", "Sec-Fetch-Site", "same-origin"}, fromPage...), 200},
		"write, no header":       {"POST /sim/write", nil, 403},
		"write, other origin":    {"POST /sim/write", append([]string{"Origin", "https://evil.example"}, fromPage...), 403},
		"write, other site":      {"POST /sim/write", append([]string{"Sec-Fetch-Site", "cross-site"}, fromPage...), 403},
		"write, other port":      {"POST /sim/write", append([]string{"Sec-Fetch-Site", "same-site"}, fromPage...), 403},
		"state for another site": {"GET /sim/state", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		"foreign name":           {"GET /sim/state", []string{"Host", "evil.example:8080"}, 403},
		"localhost":              {"GET /sim/state", []string{"Host", "localhost:8080"}, 200},
		"IPv6":                   {"GET /sim/state", []string{"Host", "[::1]:8080"}, 200},
		"write by GET":           {"GET /sim/write", fromPage, 405},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if code, answer := ask(t, sim, test.request, body, test.headers...); code != test.want {
				t.Errorf("status %d, want %d (%s)", code, test.want, answer)
			}
		})
	}
	w := httptest.NewRecorder()
	sim.ServeHTTP(w, httptest.NewRequest("GET", "http://127.0.0.1/", nil))
	if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
}

func TestPageWorks(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ctx := t.Context()
		b := newBot(t, sim, tg.WithDefaultHandler(func(ctx context.Context, b *tg.Bot, u *models.Update) {
			if q := u.CallbackQuery; q != nil {
				if _, err := b.AnswerCallbackQuery(ctx, &tg.AnswerCallbackQueryParams{CallbackQueryID: q.ID, Text: "got " + q.Data, ShowAlert: true}); err != nil {
					t.Errorf("answer: %v", err)
				}
			}
		}))
		defer serve(t, b)()

		ann := sim.NewPerson("Ann", telegramsim.Language("en"))
		from := fmt.Sprintf(`"as":%d,"chat":%[1]d`, ann.ID())
		if code, answer := ask(t, sim, "POST /sim/write", "{"+from+`,"text":"/start"}`, fromPage...); code != 200 {
			t.Fatalf("write: %d %s", code, answer)
		}
		image := "https://pictures.example/1.png"
		sim.AddPicture(image, "image/png", []byte("PNG"))
		m, err := b.SendMessage(ctx, &tg.SendMessageParams{
			ChatID: ann.ID(), Text: "<b>a</b> & <script>", LinkPreviewOptions: &models.LinkPreviewOptions{URL: &image},
			ReplyMarkup: &models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "Go", CallbackData: "g"}}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		_, state := ask(t, sim, "GET /sim/state", "")
		if !strings.Contains(state, `"unread":1`) || !strings.Contains(state, `"language":"en"`) {
			t.Errorf("state = %s, want one unread and the language", state)
		}
		_, chat := ask(t, sim, fmt.Sprintf("GET /sim/chat?id=%d", ann.ID()), "")
		for _, want := range []string{`\u003cscript\u003e`, `"callback_data":"g"`, "sim/picture?address=https%3A%2F%2Fpictures.example%2F1.png"} {
			if !strings.Contains(chat, want) {
				t.Errorf("chat = %s, want %s in it", chat, want)
			}
		}
		if code, data := ask(t, sim, "GET /sim/picture?address="+image, ""); code != 200 || data != "PNG" {
			t.Errorf("picture: %d %q", code, data)
		}
		code, answer := ask(t, sim, "POST /sim/press", fmt.Sprintf(`{%s,"message":%d,"data":"g"}`, from, m.ID), fromPage...)
		if code != 200 || !strings.Contains(answer, `"got g"`) || !strings.Contains(answer, `"Alert":true`) {
			t.Errorf("press: %d %s", code, answer)
		}
		ask(t, sim, "POST /sim/read", "{"+from+"}", fromPage...)
		if _, state := ask(t, sim, "GET /sim/state", ""); !strings.Contains(state, `"unread":0`) {
			t.Errorf("after reading: %s", state)
		}
		if code, answer := ask(t, sim, fmt.Sprintf("POST /sim/upload?as=%d&name=a.md", ann.ID()), "# A", fromPage...); code != 200 {
			t.Errorf("upload: %d %s", code, answer)
		}
		if d := ann.Chat().Last().Document; d == nil || d.Name != "a.md" {
			t.Errorf("uploaded %+v, want a.md", d)
		}
	})
}

func TestPageActions(t *testing.T) {
	sim := telegramsim.ForTest(t, telegramsim.Options{})
	defer sim.Close()
	ran := 0
	sim.AddAction(telegramsim.Action{Words: telegramsim.Words{"en": "Friday now", "zh": "周五到了"}, InChats: true, Run: func(context.Context) error {
		if ran++; ran == 2 {
			return errors.New("nothing new to send")
		}
		return nil
	}})
	if code, answer := ask(t, sim, "POST /sim/action", `{"name":"Friday now"}`, fromPage...); code != 200 || ran != 1 {
		t.Errorf("action: %d %s, ran %d times", code, answer, ran)
	}
	if code, answer := ask(t, sim, "POST /sim/action", `{"name":"Friday now"}`, fromPage...); code != 400 || !strings.Contains(answer, "nothing new to send") {
		t.Errorf("action that fails: %d %s", code, answer)
	}
	if code, _ := ask(t, sim, "POST /sim/action", `{"name":"Monday"}`, fromPage...); code != 400 {
		t.Errorf("unknown action: %d, want 400", code)
	}
}

// What stands around the chats comes with the state, and people in the background are marked.
func TestPageHasAGuide(t *testing.T) {
	sim := telegramsim.ForTest(t, telegramsim.Options{})
	defer sim.Close()
	if _, state := ask(t, sim, "GET /sim/state", ""); !strings.Contains(state, `"links":[],"guide":[]`) {
		t.Errorf("state = %s, want empty lists", state)
	}
	sim.AddAction(telegramsim.Action{Words: telegramsim.Words{"en": "Reset"}})
	sim.AddLink("中文", "/zh/")
	sim.SetGuide(telegramsim.Words{"en": "Subscribe: press [START].", "zh": "订阅：点[开始]。"})
	sim.NewPerson("Ann")
	sim.NewPerson("Bo", telegramsim.InBackground())
	_, state := ask(t, sim, "GET /sim/state", "")
	for _, want := range []string{
		`"actions":[{"name":"Reset","words":{"en":"Reset"}}]`, `"links":[{"text":"中文","address":"/zh/"}]`,
		`"guide":[{"en":"Subscribe: press [START].","zh":"订阅：点[开始]。"}]`,
	} {
		if !strings.Contains(state, want) {
			t.Errorf("state = %s, want %s in it", state, want)
		}
	}
	if n := strings.Count(state, `"back":true`); n != 1 {
		t.Errorf("%d chats are in the background, want Bo's", n)
	}
}

// The page has its own words in Chinese, and none that it does not use.
func TestPageIsInChinese(t *testing.T) {
	sim := telegramsim.ForTest(t, telegramsim.Options{})
	defer sim.Close()
	_, words := ask(t, sim, "GET /sim/words.js", "")
	_, table, _ := strings.Cut(words, "inChinese = {")
	table, _, _ = strings.Cut(table, "\n};")
	var used strings.Builder
	for _, path := range []string{"/", "/sim/chat.js", "/sim/message.js"} {
		_, source := ask(t, sim, "GET "+path, "")
		used.WriteString(source)
	}
	used.WriteString("the bot did not answer") // from the server
	found := 0
	for _, m := range regexp.MustCompile(`(?m)^  "(.+)": ".+",$`).FindAllStringSubmatch(table, -1) {
		found++
		if !strings.Contains(used.String(), m[1]) {
			t.Errorf("the page has Chinese for %q and never says it", m[1])
		}
	}
	if found < 20 {
		t.Errorf("%d words were found; is this test looking in the right place?", found)
	}
	for _, m := range regexp.MustCompile(`say\("([^"]+)"\)`).FindAllStringSubmatch(used.String(), -1) {
		if !strings.Contains(table, `"`+m[1]+`": `) {
			t.Errorf("the page says %q, for which it has no Chinese", m[1])
		}
	}
}

func TestPageEvents(t *testing.T) {
	sim := telegramsim.ForTest(t, telegramsim.Options{})
	server := httptest.NewServer(sim)
	defer server.Close()
	defer sim.Close()
	response, err := http.Get(server.URL + "/sim/events")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	next := func() string {
		line := make([]byte, 64)
		n, err := response.Body.Read(line)
		if err != nil && err != io.EOF {
			t.Fatal(err)
		}
		return string(line[:n])
	}
	first := next()
	sim.NewPerson("Ann")
	if second := next(); !strings.Contains(second, "\ndata: ") || second == first {
		t.Errorf("events %q and %q, want two different", first, second)
	}
}

// TestPageBuildsNoMarkup: texts go into the page as text.
func TestPageBuildsNoMarkup(t *testing.T) {
	sim := telegramsim.ForTest(t, telegramsim.Options{})
	defer sim.Close()
	_, script := ask(t, sim, "GET /sim/chat.js", "")
	_, messages := ask(t, sim, "GET /sim/message.js", "")
	script += messages
	for _, bad := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("} {
		if strings.Contains(script, bad) {
			t.Errorf("the script uses %s", bad)
		}
	}
	if len(script) < 1000 {
		t.Errorf("script of %d bytes, want the real one", len(script))
	}
	_, page := ask(t, sim, "GET /", "")
	for _, id := range []string{"guide", "links", "background", "chats", "messages", "text", "send", "attach", "start", "menu", "commands", "as", "block", "actions", "toast", "alert", "alert-ok"} {
		if !strings.Contains(page, `id="`+id+`"`) {
			t.Errorf("the page has no #%s", id)
		}
	}
	if strings.Contains(page, "http://") && !strings.Contains(page, "http://www.w3.org") || strings.Contains(page, "https://") {
		t.Error("the page loads something from outside")
	}
}

// TestPageInline offers inline results and sends one.
func TestPageInline(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		b := newBot(t, sim, tg.WithDefaultHandler(func(ctx context.Context, b *tg.Bot, u *models.Update) {
			if q := u.InlineQuery; q != nil { // without the library, which adds "web_app":null to the button
				result := object{"type": "article", "id": "7", "title": "T", "input_message_content": object{"message_text": "about " + q.Query}}
				if got, err := call(ctx, sim, "answerInlineQuery", object{
					"inline_query_id": q.ID, "results": []object{result}, "button": object{"text": "More", "start_parameter": "more"},
				}); err != nil || !got.OK {
					t.Errorf("answer: %+v, %v", got, err)
				}
			}
		}))
		defer serve(t, b)()
		ann := sim.NewPerson("Ann")
		from := fmt.Sprintf(`"as":%d,"chat":%[1]d`, ann.ID())
		_, answer := ask(t, sim, "POST /sim/inline", "{"+from+`,"text":"tea"}`, fromPage...)
		var found struct{ Query string }
		if err := json.Unmarshal([]byte(answer), &found); err != nil || found.Query == "" {
			t.Fatalf("inline: %s, %v", answer, err)
		}
		if want := `"button":"More"`; !strings.Contains(answer, want) {
			t.Errorf("inline: %s, want %s in it", answer, want)
		}
		if code, answer := ask(t, sim, "POST /sim/choose", fmt.Sprintf(`{%s,"query":%q,"result":"7"}`, from, found.Query), fromPage...); code != 200 {
			t.Fatalf("choose: %d %s", code, answer)
		}
		if m := ann.Chat().Last(); m.Text != "about tea" || !m.ViaBot {
			t.Errorf("sent %+v, want the result", m)
		}
	})
}

// TestPageShowsEverything: the page gets everything that a message can have.
func TestPageShowsEverything(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		b, ann := newBot(t, sim), sim.NewPerson("Ann")
		f := sim.NewForum("Forum", ann)
		f.AddBot(ann)
		thread := f.NewTopic(ann, "News")
		question := ann.WriteInTopic(f, thread, "/help")
		post := func(p *tg.SendMessageParams) {
			p.ChatID, p.MessageThreadID = f.ID, thread
			if _, err := b.SendMessage(t.Context(), p); err != nil {
				t.Fatal(err)
			}
		}
		post(&tg.SendMessageParams{Text: "answer", ReplyParameters: &models.ReplyParameters{MessageID: question.ID}, DisableNotification: true})
		post(&tg.SendMessageParams{Text: "see https://e.example/a.png"})
		if _, err := b.SendPhoto(t.Context(), &tg.SendPhotoParams{ChatID: f.ID, Photo: &models.InputFileUpload{Filename: "p.png", Data: strings.NewReader(pixel)}}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.SendRichMessage(t.Context(), &tg.SendRichMessageParams{ChatID: f.ID, RichMessage: models.InputRichMessage{HTML: `<h2>Rich</h2><img src="https://e.example/b.png"/>`}}); err != nil {
			t.Fatal(err)
		}
		_, chat := ask(t, sim, fmt.Sprintf("GET /sim/chat?id=%d&as=%d", f.ID, ann.ID()), "")
		for _, want := range []string{
			`"topic":"News"`, `"reply":{"from":"Ann","text":"/help"`, `"silent":true`, `"service":"Ann added Digest"`,
			`"image":"https://e.example/a.png"`, `"photo":"sim/file?id=file-1"`, `"tag":"h2"`, `"topics":[{"id":`,
		} {
			if !strings.Contains(chat, want) {
				t.Errorf("chat = %s, want %s in it", chat, want)
			}
		}
		if code, data := ask(t, sim, "GET /sim/file?id=file-1", ""); code != 200 || data != pixel {
			t.Errorf("file: %d %q", code, data)
		}
		if code, _ := ask(t, sim, "GET /sim/file?id=file-2", ""); code != 404 {
			t.Errorf("file that is not there: %d, want 404", code)
		}
		block := fmt.Sprintf(`{"as":%d,"chat":%[1]d,"blocked":true}`, ann.ID())
		ann.Write("/start")
		ask(t, sim, "POST /sim/block", block, fromPage...)
		_, err := send(t.Context(), b, ann.ID(), "x")
		refusedWith(t, err, telegramsim.BotBlocked)
		if _, state := ask(t, sim, "GET /sim/state", ""); !strings.Contains(state, `"blocked":true`) {
			t.Errorf("state = %s, want a blocked chat", state)
		}
	})
}
