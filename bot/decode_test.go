package bot

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/go-telegram/bot/models"
	"github.com/google/go-cmp/cmp"

	"digestbot/internal/longtest"
)

// coreMessage is the part of a message without which it cannot be answered, and
// corePress and coreQuery are the same of a press and of an inline query.
const (
	coreMessage = `"message_id":5,"date":1700000000,"message_thread_id":9,"is_topic_message":true,"text":"/help me",
		"chat":{"id":-1001,"type":"supergroup","is_forum":true},"from":{"id":7,"first_name":"Ann","language_code":"de"},
		"sender_chat":{"id":-1001,"type":"supergroup"},"entities":[{"type":"bot_command","offset":0,"length":5}]`
	corePress = `"id":"77","from":{"id":7,"first_name":"Ann"},"data":"1:sub"`
	coreQuery = `"id":"88","from":{"id":7,"first_name":"Ann"},"query":"moon","offset":"10"`
)

// carriers are the updates that may have a part beside the core, with a verb for it.
var carriers = map[string]string{
	"message":        `"message":{` + coreMessage + `%s}`,
	"channel_post":   `"channel_post":{` + coreMessage + `%s}`,
	"edited_message": `"edited_message":{` + coreMessage + `%s}`,
	"press":          `"callback_query":{` + corePress + `,"message":{` + coreMessage + `%s}}`,
	"press itself":   `"callback_query":{` + corePress + `,"message":{` + coreMessage + `}%s}`,
	"inline_query":   `"inline_query":{` + coreQuery + `%s}`,
	"my_chat_member": `"my_chat_member":{"chat":{"id":-1001,"type":"group","title":"Friends"},"from":{"id":7,"first_name":"Ann"},"date":1,
		"old_chat_member":{"status":"left","user":{"id":1,"is_bot":true}},"new_chat_member":{"status":"restricted","is_member":true,"user":{"id":1,"is_bot":true}}%s}`,
}

// core is what is needed of an update, to be compared.
func core(u *models.Update) map[string]any {
	m, all := u.Message, map[string]any{"id": u.ID, "chat": chatOf(u)}
	for _, other := range []*models.Message{u.ChannelPost, u.EditedMessage} {
		if other != nil {
			m = other
		}
	}
	if q := u.CallbackQuery; q != nil {
		m, all["press"] = q.Message.Message, []any{q.ID, q.From, q.Data}
	}
	if q := u.InlineQuery; q != nil {
		all["query"] = []any{q.ID, q.From, q.Query, q.Offset}
	}
	if c := u.MyChatMember; c != nil {
		restricted := c.NewChatMember.Restricted
		all["member"] = []any{c.Chat, c.From, c.OldChatMember.Type, c.NewChatMember.Type, restricted != nil && restricted.IsMember}
	}
	if m != nil {
		all["message"] = []any{m.ID, m.Date, m.Chat, m.From, m.SenderChat, m.Text, m.Entities, m.MessageThreadID, m.IsTopicMessage}
	}
	return all
}

func updateWith(carrier, part string) []byte {
	if part != "" {
		part = "," + part
	}
	return fmt.Appendf(nil, `{"update_id":12,`+carrier+`}`, part)
}

// wantCore fails the test unless an update is read with the core it has without the
// part.
func wantCore(t *testing.T, name, carrier, part string) {
	t.Helper()
	want, err := readUpdate(updateWith(carrier, ""))
	if err != nil {
		t.Fatalf("%s: readUpdate = %v", name, err)
	}
	got, _ := readUpdate(updateWith(carrier, part))
	if got == nil {
		t.Fatalf("%s with %s is no update", name, part)
	}
	if w, g := core(want), core(got); !reflect.DeepEqual(w, g) {
		t.Errorf("%s with %s: (-without +with)\n%s", name, part, cmp.Diff(w, g))
	}
}

// Whatever Telegram makes of a part that does not matter, the sender of the update can be
// answered.
func TestNoPartOfAnUpdateSpoilsTheCore(t *testing.T) {
	contents := []string{`7`, `"word"`, `[[{}]]`, `{"type":"novel"}`, `-1e400`, `true`, `[]`, `[7]`, `{}`, `{"type":7}`, `null`}
	contents = contents[:longtest.Rounds(4, len(contents))]
	isCore := map[string]bool{}
	for _, core := range []string{coreMessage, corePress, coreQuery} {
		var parts map[string]any
		if err := json.Unmarshal([]byte("{"+core+"}"), &parts); err != nil {
			t.Fatal(err)
		}
		for name := range parts {
			isCore[name] = true
		}
	}
	seen := 0
	for name, carrier := range carriers {
		of := reflect.TypeFor[models.Message]()
		switch name {
		case "inline_query":
			of = reflect.TypeFor[models.InlineQuery]()
		case "press itself":
			of = reflect.TypeFor[models.CallbackQuery]()
		case "my_chat_member":
			of = reflect.TypeFor[models.ChatMemberUpdated]()
		}
		for field := range of.Fields() {
			part, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if isCore[part] || strings.Contains(carrier, `"`+part+`":`) {
				continue
			}
			for _, content := range contents {
				seen++
				wantCore(t, name, carrier, fmt.Sprintf("%q:%s", part, content))
			}
		}
	}
	if seen < 360*len(contents) {
		t.Errorf("only %d parts were tried", seen)
	}
}

// The types of several forms that the Bot API has, in every place where an update
// may have them: of a form that is not known, without one, and with a wrong one.
func TestUnknownFormsDoNotSpoilTheCore(t *testing.T) {
	for _, form := range []string{`"type":"novel"`, `"novel":1`, `"type":7`, `"type":{}`, `"type":null`} {
		var parts []string
		for _, part := range []string{
			`"forward_origin":{%s}`,
			`"paid_media":{"star_count":1,"paid_media":[{%s}]}`,
			`"chat_background_set":{"type":{%s}}`,
			`"chat_background_set":{"type":{"type":"fill","dark_theme_dimming":1,"fill":{%s}}}`,
			`"chat_background_set":{"type":{"type":"pattern","fill":{%s},"intensity":5}}`,
			`"rich_message":{"blocks":[{%s}]}`,
			`"rich_message":{"blocks":[{"type":"paragraph","text":{%s}}]}`,
			`"rich_message":{"blocks":[{"type":"list","items":[{"blocks":[{"type":"paragraph","text":["a",{"type":"bold","text":{%s}}]}]}]}]}`,
			`"external_reply":{"origin":{%s}}`,
			`"external_reply":{"origin":{"type":"hidden_user","date":1,"sender_user_name":"x"},"paid_media":{"star_count":1,"paid_media":[{%s}]}}`,
			`"boost_added":{"boost_count":{%s}}`,
			`"reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"1:sub","style":{%s}}]]}`,
			`"giveaway":{"chats":[{%s}],"winner_count":"many"}`,
			`"gift":{"gift":{"sticker":{%s}}}`,
			`"unique_gift":{"gift":{"model":{"sticker":{%s}}}}`,
			`"checklist":{"title":{%s},"tasks":[{%s}]}`,
			`"poll":{"type":{%s},"options":[{%s}]}`,
			`"story":{"chat":{%s},"id":{}}`,
		} {
			part = strings.ReplaceAll(part, "%s", form)
			name, content, _ := strings.Cut(part, ":")
			parts = append(parts, part, // and in what a message hangs on
				`"reply_to_message":{`+strings.ReplaceAll(coreMessage, `"text"`, `"caption"`)+`,`+name+`:`+content+`}`,
				`"pinned_message":{"date":1,`+name+`:`+content+`}`)
		}
		for name, carrier := range carriers {
			if name != "my_chat_member" && name != "inline_query" {
				for _, part := range parts {
					wantCore(t, name, carrier, part)
				}
			}
		}
	}
}

// A part that cannot be read is still there: without it somebody else's words would be
// taken for a command, and a channel for one of its readers.
func TestUnreadablePartsAreThere(t *testing.T) {
	for _, test := range []struct {
		part string
		is   func(*models.Message) bool
	}{
		{`"forward_origin":{}`, func(m *models.Message) bool { return m.ForwardOrigin != nil }},
		{`"via_bot":{"id":"word"}`, func(m *models.Message) bool { return m.ViaBot != nil }},
		{`"via_bot":7`, func(m *models.Message) bool { return m.ViaBot != nil }},
		{`"photo":[7]`, hasContent},
		{`"paid_media":{"paid_media":[{}]}`, hasContent},
	} {
		raw := `{"update_id":1,"message":{"message_id":5,"date":1,"chat":{"id":7,"type":"private"},` + test.part + `}}`
		u, err := readUpdate([]byte(raw))
		if err == nil || u == nil || u.Message == nil || !test.is(u.Message) {
			t.Errorf("%s: readUpdate = %+v, %v, want the part", test.part, u, err)
		}
	}
}

// An update that does not say where it comes from is passed over: its id is left,
// without which it is none.
func TestUpdatesWithoutCore(t *testing.T) {
	for _, test := range []struct {
		body string
		bare bool
	}{
		{`{"update_id":3,"message":7}`, true},
		{`{"update_id":3,"message":{"chat":{"id":"word","type":"private"}}}`, true},
		{`{"update_id":3,"message":{"chat":{"id":5}}}`, true},
		{`{"update_id":3,"callback_query":{"id":"1"}}`, true},
		{`{"update_id":3,"callback_query":{"from":{"id":5}}}`, true},
		{`{"update_id":3,"inline_query":{"id":"1"}}`, true},
		{`{"update_id":3,"my_chat_member":{}}`, true},
		{`{"update_id":"3"}`, false},
		{`{"message":{}}`, false},
		{`[]`, false}, {`null`, false}, {``, false}, {`{`, false},
	} {
		u, err := readUpdate([]byte(test.body))
		if err == nil || (u != nil) != test.bare || u != nil && !cmp.Equal(u, &models.Update{ID: 3}) {
			t.Errorf("readUpdate(%s) = %+v, %v, want bare: %v", test.body, u, err, test.bare)
		}
	}
}

// FuzzUpdate: no JSON does harm, and the core of an update is read whatever comes with
// it.
func FuzzUpdate(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `"paid_media":{"paid_media":[{"type":"novel"}]}`, `"reply_to_message":{"forward_origin":{}}`, `"rich_message":{"blocks":[{"type":"paragraph"}]}`,
		`"rich_message":{"blocks":[{"text":["/help",{"text":" x"}]}]}`, `"chat_background_set":{"type":{}}`, `"photo":[[[]]]`, `"new_chat_members":{"id":1e99}`,
	} {
		f.Add(seed)
	}
	var coreNames []string
	for _, carrier := range carriers {
		for _, quoted := range regexp.MustCompile(`"\w+":`).FindAllString(carrier, -1) {
			coreNames = append(coreNames, strings.Trim(quoted, `":`))
		}
	}
	f.Fuzz(func(t *testing.T, part string) {
		_, _ = readUpdate([]byte(part)) // it may be anything
		var parts map[string]any
		if json.Unmarshal([]byte("{"+part+"}"), &parts) != nil || len(parts) == 0 {
			return
		}
		for name := range parts { // of a core that is there twice, the second counts
			for _, known := range coreNames {
				if strings.EqualFold(name, known) {
					return
				}
			}
		}
		for name, carrier := range carriers {
			wantCore(t, name, carrier, part)
		}
	})
}
