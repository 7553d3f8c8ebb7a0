package bot_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
)

// directTopic is the topic of Ann's messages to a channel: it has more than 32 bits.
const directTopic = 4_000_000_000_001

// inDirect runs test with a chat for the direct messages of a channel, and with what
// makes somebody write there: parts come beside the core. A message without its topic
// is refused there (tdlib/td, MessageTopic.cpp).
func inDirect(t *testing.T, test func(w *world, chat *telegramsim.Chat, write func(parts string))) {
	t.Helper()
	inWorldToStart(t, func(w *world) {
		chat := w.sim.NewSupergroup("Channel", w.ann)
		chat.AddBot(w.ann)
		chat.PromoteBot(w.ann, telegramsim.AllRights())
		w.config.HTTPClient = roundTrip(func(r *http.Request) (*http.Response, error) {
			if !strings.HasSuffix(r.URL.Path, "/sendMessage") {
				return w.sim.Client().Do(r)
			}
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			r.Body = io.NopCloser(strings.NewReader(string(body)))
			if strings.Contains(string(body), fmt.Sprint(chat.ID)) && !strings.Contains(string(body), fmt.Sprint(directTopic)) {
				refusal := `{"ok":false,"error_code":400,"description":"Bad Request: Channel direct messages topic must be specified"}`
				return &http.Response{StatusCode: http.StatusBadRequest, Body: io.NopCloser(strings.NewReader(refusal))}, nil
			}
			return w.sim.Client().Do(r)
		})
		w.start()
		write := func(parts string) {
			w.sim.Push("message", fmt.Sprintf(`{"message_id":5,"date":%d,"chat":{"id":%d,"type":"supergroup","title":"Channel","is_direct_messages":true},
				"direct_messages_topic":{"topic_id":%d,"user":{"id":%[4]d,"is_bot":false,"first_name":"Ann"}},
				"from":{"id":%[4]d,"is_bot":false,"first_name":"Ann","language_code":"en"},%s}`, time.Now().Unix(), chat.ID, directTopic, w.ann.ID(), parts))
		}
		test(w, chat, write)
	})
}

func commandText(text string) string {
	quoted, _ := json.Marshal(text) // a string can be
	return fmt.Sprintf(`"text":%s,"entities":[{"type":"bot_command","offset":0,"length":%d}]`, quoted, len(text))
}

// Whoever looks for the bot in the direct messages of a channel is told once where it
// is; what is said to the channel is not answered, and nothing is subscribed.
func TestDirectMessagesOfAChannel(t *testing.T) {
	inDirect(t, func(w *world, chat *telegramsim.Chat, write func(string)) {
		said := w.one(chat, func() { write(commandText("/subscribe")) })
		wantText(t, said, "The digest doesn't come here", "Open a private chat with me")
		for name, parts := range map[string]string{
			"another command":       commandText("/help"),
			"an unknown command":    commandText("/other"),
			"words":                 `"text":"subscribe"`,
			"in the channel's name": commandText("/help") + fmt.Sprintf(`,"sender_chat":{"id":%d,"type":"channel"}`, chat.ID),
			"of the chat":           `"direct_message_price_changed":{"are_direct_messages_enabled":true}`,
		} {
			if said := w.said(chat, func() { write(parts) }); len(said) != 0 {
				t.Errorf("%s: the bot said %q, want nothing", name, texts(said))
			}
		}
		w.pass(time.Hour)
		wantText(t, w.one(chat, func() { write(commandText("/unknown@digest_sim_bot")) }), "The digest doesn't come here")
		w.wantState(chat.ID, "")
		w.wantNoPanic()
	})
}

// Being let into such a chat is met with silence: there is no topic to answer in.
func TestDirectMessagesAreNotGreeted(t *testing.T) {
	inDirect(t, func(w *world, chat *telegramsim.Chat, _ func(string)) {
		before := w.sim.Stats().Calls["sendmessage"] + strings.Count(w.log.String(), "an answer did not arrive")
		w.sim.Push("my_chat_member", fmt.Sprintf(`{"chat":{"id":%d,"type":"supergroup","title":"Channel","is_direct_messages":true},"date":1,
			"from":{"id":%d,"is_bot":false,"first_name":"Ann"},
			"old_chat_member":{"status":"left","user":{"id":1}},"new_chat_member":{"status":"member","user":{"id":1}}}`, chat.ID, w.ann.ID()))
		w.settle()
		if after := w.sim.Stats().Calls["sendmessage"] + strings.Count(w.log.String(), "an answer did not arrive"); after != before {
			t.Error("the bot tried to say something")
		}
	})
}
