package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// strange is a part of a message that the library cannot read: the message it is an
// answer to has media of a kind without a name.
const strange = `"reply_to_message":{"message_id":4,"date":1,"chat":{"id":7,"type":"private"},"paid_media":{"star_count":1,"paid_media":[{"novel":1}]}}`

// from is the content of a private message, with parts beside the core.
func from(p *telegramsim.Person, parts string) string {
	return fmt.Sprintf(`{"message_id":5,"date":%[3]d,"from":{"id":%[1]d,"is_bot":false,"first_name":"Ann","language_code":"en"},
		"chat":{"id":%[1]d,"first_name":"Ann","type":"private"},%[2]s}`, p.ID(), parts, time.Now().Unix())
}

const help = `"text":"/help","entities":[{"type":"bot_command","offset":0,"length":5}]`

// A message with a part that cannot be read is answered, whichever way it comes.
func TestPartOfAMessageCannotBeRead(t *testing.T) {
	want := func(t *testing.T, w *world, said []telegramsim.Message) {
		t.Helper()
		if len(said) != 1 || !strings.Contains(said[0].Text, "What I can do") {
			t.Errorf("the bot said %q, want its help", texts(said))
		}
		w.wantAllHandled()
		if !strings.Contains(w.log.String(), "an update is read in part") {
			t.Error("the log does not tell of it")
		}
	}
	t.Run("asked for", func(t *testing.T) {
		inWorld(t, func(w *world) {
			w.tell(w.ann, "/start")
			want(t, w, w.said(w.ann.Chat(), func() { w.sim.Push("message", from(w.ann, help+","+strange)) }))
			wantText(t, w.tell(w.ann, "/help"), "What I can do") // and what comes after it
		})
	})
	t.Run("brought", func(t *testing.T) {
		withWebhook(t, func(w *world) {
			w.start()
			w.tell(w.ann, "/start")
			want(t, w, w.said(w.ann.Chat(), func() { w.sim.Push("message", from(w.ann, help+","+strange)) }))
		})
	})
	t.Run("left over", func(t *testing.T) {
		inWorld(t, func(w *world) {
			w.tell(w.ann, "/start")
			w.stop()
			body := `{"update_id":900000000,"message":` + from(w.ann, help+","+strange) + `}`
			if err := w.store.KeepUpdates(w.t.Context(), []subscribers.Update{{ID: 900000000, Body: []byte(body)}}); err != nil {
				w.t.Fatal(err)
			}
			_, _ = w.log.Write([]byte("an update is read in part")) // it was said when it came
			want(t, w, w.said(w.ann.Chat(), w.start))
		})
	})
}

// A press is answered also under a message with such a part, and somebody who types
// in inline mode with a part unknown.
func TestPartOfAPressCannotBeRead(t *testing.T) {
	inWorld(t, func(w *world) {
		m := w.tell(w.ann, "/start")
		by := fmt.Sprintf(`"from":{"id":%d,"is_bot":false,"first_name":"Ann","language_code":"en"}`, w.ann.ID())
		under := fmt.Sprintf(`{"message_id":%d,"date":946684800,"chat":{"id":%d,"type":"private"},"text":"x",%s}`, m.ID, w.ann.ID(), strange)
		w.sim.Push("callback_query", `{"id":"1",`+by+`,"data":"1:sub","chat_instance":"1","message":`+under+`}`)
		w.sim.Push("inline_query", `{"id":"2",`+by+`,"query":"","offset":"","location":{"latitude":"far"}}`)
		w.settle()
		w.wantState(w.ann.ID(), subscribers.On)
		for _, method := range []string{"answercallbackquery", "answerinlinequery"} {
			if n := w.sim.Stats().Calls[method]; n != 1 {
				t.Errorf("%s was called %d times, want once", method, n)
			}
		}
	})
}

// A standing in a chat that is not known says nothing; one that is known counts,
// whatever else comes with it.
func TestPartOfAMembershipCannotBeRead(t *testing.T) {
	inWorld(t, func(w *world) {
		group := w.sim.NewGroup("Friends", w.ann)
		w.said(group, func() { group.AddBot(w.ann) })
		w.one(group, func() { w.ann.WriteIn(group, "/subscribe@digest_sim_bot") })
		member := func(status string) string {
			return fmt.Sprintf(`{"chat":{"id":%d,"type":"group","title":"Friends"},"date":1,"from":{"id":%d,"is_bot":false,"first_name":"Ann"},
				"invite_link":7,"old_chat_member":{"status":"novel","user":{"id":1}},"new_chat_member":{%s"user":{"id":1,"is_bot":true,"first_name":"x"},"until_date":"never"}}`,
				group.ID, w.ann.ID(), status)
		}
		for _, status := range []string{`"status":"novel",`, ``, `"status":7,`} {
			if said := w.said(group, func() { w.sim.Push("my_chat_member", member(status)) }); len(said) != 0 {
				t.Errorf("with %s the bot said %q", status, texts(said))
			}
			w.wantState(group.ID, subscribers.On)
		}
		w.sim.Push("my_chat_member", member(`"status":"kicked",`))
		w.settle()
		w.wantState(group.ID, subscribers.Gone)
	})
}

// Something that is no update at all neither holds up the others nor makes the bot ask
// without a pause.
func TestNoUpdateIsPassedOver(t *testing.T) {
	for name, result := range map[string]string{"before another": `{"message":7},%s`, "after another": `%s,{"message":7}`, "alone": `"word"`} {
		t.Run(name, func(t *testing.T) {
			inWorldToStart(t, func(w *world) {
				polls := 0
				w.changePolls(func(body string) string {
					if polls++; polls > 5 {
						return body
					}
					whole := strings.ReplaceAll(result, "%s", `{"update_id":99000000,"message":`+from(w.ann, help)+`}`)
					return `{"ok":true,"result":[` + whole + `]}`
				})
				w.ann.Write("/start")
				w.start()
				if polls < 5 || polls > 20 {
					t.Errorf("the bot polled %d times, want it to go on with a pause", polls)
				}
				said := strings.Join(texts(w.ann.Chat().FromBot()), "\n")
				if want := strings.Count(result, "%s"); strings.Count(said, "What I can do") != want {
					t.Errorf("the bot said %q, want %d answers to /help", said, want)
				}
				wantText(t, w.tell(w.ann, "/privacy"), "")
			})
		})
	}
}

// A text that is pasted with its formatting is read as it looks.
func TestRichMessageIsRead(t *testing.T) {
	for _, test := range []struct{ name, blocks, want string }{
		{"a command", `{"type":"paragraph","text":"/help"}`, "What I can do"},
		{"a marked command", `{"type":"paragraph","text":{"type":"bot_command","text":"/help","bot_command":"/help"}}`, "What I can do"},
		{"a bold one in a heading", `{"type":"heading","text":["/he",{"type":"bold","text":"lp"}],"size":1}`, "What I can do"},
		{"to this bot", `{"type":"paragraph","text":"/help@digest_sim_bot"}`, "What I can do"},
		{"with an argument", `{"type":"paragraph","text":["/issue ",{"type":"italic","text":"5"}]}`, "5"},
		{"of a kind to come", `{"type":"novel","text":{"type":"novel","text":"/help"}}`, "What I can do"},
		{"in a list", `{"type":"list","items":[{"label":"1","blocks":[{"type":"paragraph","text":"/help"}]}]}`, "What I can do"},
		{"after what cannot be read", `{"novel":7},{"type":"paragraph","text":"/help"}`, "What I can do"},
		{"a word", `{"type":"paragraph","text":{"type":"bold","text":"subscribe"}}`, "Subscribed."},
		{"a mistyped command", `{"type":"paragraph","text":"/subscrib"}`, "Did you mean /subscribe"},
		{"chatter", `{"type":"paragraph","text":"and/or"}`, "Nothing found for and/or"},
		{"a command in the middle", `{"type":"paragraph","text":"then say /help"}`, "Nothing found for then say /help"},
		{"nothing to read", `{"type":"photo","photo":[]}`, "I can't read this message"},
		{"nothing that is known", `{"type":"novel","novel":{}}`, "I can't read this message"},
		{"nothing at all", ``, "I can't read this message"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.issue(179, "News")
				w.tell(w.ann, "/start")
				said := w.one(w.ann.Chat(), func() { w.sim.Push("message", from(w.ann, `"rich_message":{"blocks":[`+test.blocks+`]}`)) })
				wantText(t, said, test.want)
			})
		})
	}
}

// A command under a picture or file is one; words under it are not.
func TestCaptionIsRead(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.ann, "/start")
		for _, test := range []struct{ parts, want string }{
			{`"photo":[{"file_id":"a","file_unique_id":"b","width":1,"height":1}],"caption":"/help","caption_entities":[{"type":"bot_command","offset":0,"length":5}]`, "What I can do"},
			{`"document":{"file_id":"a","file_unique_id":"b"},"caption":"/subscribe now","caption_entities":[{"type":"bot_command","offset":0,"length":10}]`, "Subscribed."},
			{`"document":{"file_id":"a","file_unique_id":"b"},"caption":"see /help","caption_entities":[{"type":"bot_command","offset":4,"length":5}]`, "I can only read text"},
		} {
			wantText(t, w.one(w.ann.Chat(), func() { w.sim.Push("message", from(w.ann, test.parts)) }), test.want)
		}
	})
}
