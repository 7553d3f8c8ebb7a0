package telegramsim_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"digestbot/bot/telegramsim"
)

// reports collects what a simulator finds wrong with requests.
type reports []string

func (r *reports) options(o telegramsim.Options) telegramsim.Options {
	o.Report = func(wrong string) { *r = append(*r, wrong) }
	return o
}

// form calls a method with a multipart form, as the library does.
func form(ctx context.Context, sim *telegramsim.Sim, method string, parameters ...string) (reply, error) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i < len(parameters); i += 2 {
		if err := w.WriteField(parameters[i], parameters[i+1]); err != nil {
			return reply{}, err
		}
	}
	if err := w.Close(); err != nil {
		return reply{}, err
	}
	return post(ctx, sim, method, w.FormDataContentType(), &body)
}

// Each request is wrong in one way; Telegram's words are in telegram-bot-api's Client.cpp.
func TestWrongRequests(t *testing.T) {
	const ignored = "Bad Request: the simulator refuses what Telegram would ignore: "
	const button = "Bad Request: can't parse inline keyboard button: "
	markup := func(button string) []string {
		return []string{"reply_markup", `{"inline_keyboard":[[` + button + `]]}`}
	}
	send := func(more ...string) []string { return append([]string{"sendMessage", "text", "x"}, more...) }
	checkWrong(t, []wrongRequest{
		{"row null", send("reply_markup", `{"inline_keyboard":[null]}`), "reply_markup.inline_keyboard[0] is null",
			`Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays`},
		{"keyboard null", send("reply_markup", `{"inline_keyboard":null}`), "reply_markup.inline_keyboard is null",
			`Bad Request: field "inline_keyboard" must be of type Array`},
		{"markup null", send("reply_markup", "null"), "reply_markup is null", "Bad Request: object expected as reply markup"},
		{"markup not JSON", send("reply_markup", "{"), "reply_markup is not JSON", "Bad Request: can't parse reply keyboard markup JSON object"},
		{"button null", send(markup("null")...), "reply_markup.inline_keyboard[0][0] is null", button + "InlineKeyboardButton must be an Object"},
		{"address null", send(markup(`{"text":"a","url":null}`)...), "reply_markup.inline_keyboard[0][0].url is null",
			button + `Field "url" must be of type String`},
		{"without text", send(markup(`{"url":"https://e.example"}`)...), "reply_markup.inline_keyboard[0][0].text is missing",
			button + `Can't find field "text"`},
		{"web app without address", send(markup(`{"text":"a","web_app":{}}`)...), "reply_markup.inline_keyboard[0][0].web_app.url is missing",
			button + `Can't find field "url"`},
		{"web app a text", send(markup(`{"text":"a","web_app":"https://e.example"}`)...), "web_app is string, want WebAppInfo",
			button + `Field "web_app" must be of type Object`},
		{"copied text a number", send(markup(`{"text":"a","copy_text":{"text":7}}`)...), "copy_text.text is 7, want String",
			ignored + "sendMessage: reply_markup.inline_keyboard[0][0].copy_text.text is 7, want String"},
		{"field in another case", send(markup(`{"text":"a","Url":"https://e.example"}`)...), "Url is unknown in InlineKeyboardButton, which is written url",
			ignored + "sendMessage: reply_markup.inline_keyboard[0][0].Url is unknown in InlineKeyboardButton, which is written url"},
		{"preview null", send("link_preview_options", "null"), "link_preview_options is null", "Bad Request: object expected as link preview options"},
		{"preview of null", send("link_preview_options", `{"url":null}`), "link_preview_options.url is null", `Bad Request: field "url" must be of type String`},
		{"preview disabled null", send("link_preview_options", `{"is_disabled":null}`), "link_preview_options.is_disabled is null",
			`Bad Request: field "is_disabled" must be of type Boolean`},
		{"reply null", send("reply_parameters", "null"), "reply_parameters is null", "Bad Request: object expected as reply parameters"},
		{"reply to a text", send("reply_parameters", `{"message_id":"x"}`), "reply_parameters.message_id is string, want Integer",
			`Bad Request: field "message_id" must be a Number`},
		{"ephemeral null", send("ephemeral_message_parameters", "null"), "ephemeral_message_parameters is null",
			"Bad Request: object expected as ephemeral message parameters"},
		{"rich null", []string{"sendRichMessage", "rich_message", "null"}, "rich_message is null", "Bad Request: object expected as rich message"},
		{"silence a word", send("disable_notification", "please"), `disable_notification is "please", which is no Boolean`,
			ignored + `sendMessage: disable_notification is "please", which is no Boolean`},
		{"unknown parameter", send("txt", "y"), "sendMessage: txt is unknown in sendMessage", ignored + "sendMessage: txt is unknown in sendMessage"},
		{"without text", []string{"sendMessage"}, "sendMessage: text is missing", string(telegramsim.TextEmpty)},
		{"commands null", []string{"setMyCommands", "commands", "null"}, "commands is null", "Bad Request: expected an Array of BotCommand"},
		{"command null", []string{"setMyCommands", "commands", "[null]"}, "commands[0] is null", "Bad Request: can't parse BotCommand: expected an Object"},
		{"command without description", []string{"setMyCommands", "commands", `[{"command":"a"}]`}, "commands[0].description is missing",
			`Bad Request: can't parse BotCommand: Can't find field "description"`},
		{"scope null", []string{"setMyCommands", "commands", "[]", "scope", "null"}, "scope is null",
			"Bad Request: can't parse BotCommandScope: BotCommandScope must be an Object"},
		{"scope without chat", []string{"getMyCommands", "scope", `{"type":"chat"}`}, "scope.chat_id is missing",
			`Bad Request: can't parse BotCommandScope: Can't find field "chat_id"`},
		{"numbers to delete", []string{"deleteMessages", "message_ids", "[true]"}, "message_ids[0] is bool, want Array of Integer",
			"Bad Request: message identifier must be a Number"},
		{"updates null", []string{"getUpdates", "allowed_updates", "[null]"}, "allowed_updates[0] is null",
			ignored + "getUpdates: allowed_updates[0] is null"},
		{"no parts", []string{"deleteWebhook"}, "deleteWebhook: a multipart form without parts", ""},
	})
}

// The same for results of inline mode.
func TestWrongResults(t *testing.T) {
	answer := func(name, results, report, want string, more ...string) wrongRequest {
		return wrongRequest{name, append([]string{"answerInlineQuery", "inline_query_id", "1", "results", results}, more...), report, want}
	}
	result := func(more string) string {
		return `[{"type":"article","id":"1",` + more + `}]`
	}
	const bad = "Bad Request: can't parse inline query result: "
	checkWrong(t, []wrongRequest{
		answer("without title", result(`"input_message_content":{"message_text":"x"}`), "results[0].title is missing",
			bad+`Can't find field "title"`),
		answer("title null", result(`"title":null,"input_message_content":{"message_text":"x"}`), "results[0].title is null",
			bad+`Field "title" must be of type String`),
		answer("all null", "null", "results is null", "Bad Request: expected an Array of inline query results"),
		answer("row null", result(`"title":"x","input_message_content":{"message_text":"x"},"reply_markup":{"inline_keyboard":[null]}`),
			"results[0].reply_markup.inline_keyboard[0] is null", bad+`Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays`),
		answer("preview null", result(`"title":"x","input_message_content":{"message_text":"x","link_preview_options":{"url":null}}`),
			"results[0].input_message_content.link_preview_options.url is null", bad+`Field "url" must be of type String`),
		answer("button null", "[]", "button is null",
			"Bad Request: can't parse inline query results button: InlineQueryResultsButton must be an Object", "button", "null"),
	})
}

// wrongRequest is a request that is wrong in one way.
type wrongRequest struct {
	name    string
	request []string // method, parameters
	report  string
	want    string
}

// checkWrong checks that each request is reported and refused.
func checkWrong(t *testing.T, tests []wrongRequest) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var found reports
			inBubble(t, found.options(noLimits), func(t *testing.T, sim *telegramsim.Sim) {
				request := test.request
				if ann := started(sim, "Ann"); strings.HasPrefix(request[0], "send") || request[0] == "deleteMessages" {
					request = append(slices.Clone(request), "chat_id", fmt.Sprint(ann.ID()))
				}
				got, err := form(t.Context(), sim, request[0], request[1:]...)
				if err != nil || got.Status != http.StatusBadRequest || got.Description != test.want {
					t.Errorf("answer = %d %q, %v, want 400 %q", got.Status, got.Description, err, test.want)
				}
				if len(found) != 1 || !strings.Contains(found[0], test.report) {
					t.Fatalf("reports = %q, want %q", found, test.report)
				}
				if wrong := sim.Stats().Wrong; len(wrong) != len(found) || wrong[found[0]] != 1 {
					t.Errorf("Stats.Wrong = %v, want %q once", wrong, found)
				}
			})
		})
	}
}

// Nothing is found wrong with requests that Telegram accepts.
func TestRightRequests(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		chat := fmt.Sprint(started(sim, "Ann").ID())
		for _, request := range [][]string{
			{"sendMessage", "reply_markup", `{"inline_keyboard":[]}`},
			{"sendMessage", "reply_markup", `{"inline_keyboard":[[{"text":"a","callback_data":"b","style":"danger","icon_custom_emoji_id":"5"}]]}`},
			{"sendMessage", "reply_markup", `{"keyboard":[["a",{"text":"b"}]],"resize_keyboard":true}`},
			{"sendMessage", "reply_markup", `{"remove_keyboard":true}`},
			{"sendMessage", "reply_parameters", `{}`},
			{"sendMessage", "message_thread_id", "", "disable_notification", "false"},
			{"sendMessage", "entities", `[{"type":"bold","offset":0,"length":1}]`},
		} {
			got, err := form(t.Context(), sim, request[0], append(request[1:], "chat_id", chat, "text", "x")...)
			if err != nil || !got.OK {
				t.Errorf("%q = %+v, %v", request, got, err)
			}
		}
	})
}

// A body that is announced and does not come is refused without any words, also over a real
// connection. A request without a body is a call without parameters.
func TestBodiesWithoutContent(t *testing.T) {
	var found reports
	sim := telegramsim.New(found.options(telegramsim.Options{}))
	defer sim.Close()
	server := httptest.NewServer(sim)
	defer server.Close()
	address := "/bot" + sim.Token() + "/getMe"
	for name, client := range map[string]struct {
		*http.Client
		host string
	}{"in the process": {sim.Client(), "https://api.telegram.org"}, "over HTTP": {server.Client(), server.URL}} {
		for _, test := range []struct {
			body io.Reader
			want int
		}{{io.MultiReader(), http.StatusBadRequest}, {nil, http.StatusOK}, {strings.NewReader(""), http.StatusOK}} {
			response, err := client.Post(client.host+address, "multipart/form-data; boundary=x", test.body)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(response.Body)
			response.Body.Close()
			if err != nil || response.StatusCode != test.want || test.want != http.StatusOK && len(body) > 0 {
				t.Errorf("%s: %T: %d %q, %v, want %d", name, test.body, response.StatusCode, body, err, test.want)
			}
		}
	}
	const want = "getMe: a chunked body without chunks"
	if n := sim.Stats().Wrong[want]; n != 2 || !slices.Equal(found, []string{want}) {
		t.Errorf("found %d times, reports = %q, want %q twice, reported once", n, found, want)
	}
}

// There is no simulator that does not report what it finds.
func TestReportMustBeGiven(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("New without Options.Report did not panic")
		}
	}()
	telegramsim.New(telegramsim.Options{})
}
