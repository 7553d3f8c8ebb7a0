package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"digestbot/subscribers"
)

const (
	silence   = ""
	helpText  = "What I can do"
	mediaText = "I can only read text"
	otherText = "I don't act on messages that are forwarded or made by other bots"
	emptyText = "There is no issue yet" // to words that are looked for
	chatText  = "I don't know what to do with that"
)

// privateShapes are what may be in a private message beside who wrote it where and
// when, and what of the answer to it (core.telegram.org/bots/api#message).
var privateShapes = []struct{ name, parts, want string }{
	{"text", `"text":"library"`, emptyText},
	{"answer by itself", `"text":"I am away","is_from_offline":true`, silence},
	{"empty", `"text":""`, silence},
	{"nothing", `"novel":{}`, silence},
	{"null parts", `"text":null,"entities":null,"forward_origin":null,"reply_to_message":null,"photo":null,"sender_chat":null,"rich_message":null`, silence},
	{"null beside a command", help + `,"forward_origin":null,"reply_to_message":null,"via_bot":null,"reply_markup":null`, helpText},
	{"unknown fields", help + `,"novel":{"a":[1,{"b":null}]},"other":7`, helpText},
	{"entity of a kind to come", `"text":"/help","entities":[{"type":"bot_command","offset":0,"length":5},{"type":"novel","offset":0,"length":1,"novel":{}}]`, helpText},
	// The bot understands the words of these.
	{"entity beyond the text", `"text":"/help","entities":[{"type":"bot_command","offset":0,"length":500}]`, helpText},
	{"entity of no length", `"text":"/help","entities":[{"type":"bot_command","offset":0,"length":0}]`, helpText},
	{"entity of negative length", `"text":"/help","entities":[{"type":"bot_command","offset":-5,"length":-5}]`, helpText},
	{"entities of a wrong kind", `"text":"/help","entities":{"type":"bot_command"}`, helpText},
	{"command in the middle", `"text":"see /help","entities":[{"type":"bot_command","offset":4,"length":5}]`, emptyText},
	{"emoji before a command", `"text":"👋 /help","entities":[{"type":"bot_command","offset":3,"length":5}]`, helpText},
	{"custom emoji", `"text":"🎉","entities":[{"type":"custom_emoji","offset":0,"length":2,"custom_emoji_id":"1"}]`, chatText},
	{"lone surrogate", `"text":"\ud83d"`, chatText},
	{"right to left", `"text":"\u202eolleh \u0634\u0643\u0631\u0627"`, emptyText},
	{"zero bytes", `"text":"\u0000\u0000"`, chatText},
	{"long", `"text":"` + strings.Repeat("字", 4096) + `"`, chatText},
	{"effect", help + `,"effect_id":"5104841245755180586"`, helpText},
	{"link preview", help + `,"link_preview_options":{"is_disabled":true}`, helpText},
	{"offline", help + `,"is_from_offline":true`, helpText},
	{"paid", help + `,"paid_star_count":5`, helpText},
	{"protected", help + `,"has_protected_content":true`, helpText},
	{"boosts", help + `,"sender_boost_count":3,"sender_tag":"x"`, helpText},
	{"answer", help + `,"reply_to_message":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"},"text":"x"}`, helpText},
	{"answer to what is gone", help + `,"reply_to_message":{"message_id":1,"date":0,"chat":{"id":5,"type":"private"}}`, helpText},
	{"quote", help + `,"quote":{"text":"x","position":0,"is_manual":true,"entities":[]}`, helpText},
	{"answer elsewhere", help + `,"external_reply":{"origin":{"type":"channel","date":1,"message_id":2,"chat":{"id":-1005,"type":"channel","title":"C"}}}`, helpText},
	{"answer to a story", help + `,"reply_to_story":{"chat":{"id":5,"type":"private"},"id":3}`, helpText},
	{"answer to a checklist", help + `,"reply_to_checklist_task_id":3`, helpText},
	{"answer to paid media of a kind to come", help + `,"reply_to_message":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"},"paid_media":{"star_count":1,"paid_media":[{"type":"live_photo"},{"type":"other"}]}}`, helpText},
	{"answer that cannot be read", help + `,` + strange, helpText},
	{"topic of a private chat", help + `,"message_thread_id":44,"is_topic_message":true`, helpText},
	{"forwarded by a person", help + `,"forward_origin":{"type":"user","date":1,"sender_user":{"id":9,"is_bot":false,"first_name":"B"}}`, otherText},
	{"forwarded by somebody hidden", help + `,"forward_origin":{"type":"hidden_user","date":1,"sender_user_name":"B"}`, otherText},
	{"forwarded by a chat", help + `,"forward_origin":{"type":"chat","date":1,"sender_chat":{"id":-5,"type":"group"}}`, otherText},
	{"forwarded in a way to come", help + `,"forward_origin":{"type":"novel","date":1}`, otherText},
	{"forwarded in no way", help + `,"forward_origin":{}`, otherText},
	{"by way of a bot", help + `,"via_bot":{"id":9,"is_bot":true,"first_name":"B","username":"b_bot"}`, otherText},
	{"by way of a business", help + `,"business_connection_id":"x","sender_business_bot":{"id":9,"is_bot":true,"first_name":"B"}`, helpText},
	{"picture", `"photo":[{"file_id":"a","file_unique_id":"b","width":1,"height":1}]`, mediaText},
	{"album", `"media_group_id":"1","photo":[{"file_id":"a","file_unique_id":"b","width":1,"height":1}]`, mediaText},
	{"live picture", `"live_photo":{"file_id":"a"}`, mediaText},
	{"video", `"video":{"file_id":"a","file_unique_id":"b","width":1,"height":1,"duration":1,"qualities":[{}]}`, mediaText},
	{"round video", `"video_note":{"file_id":"a","file_unique_id":"b","length":1,"duration":1}`, mediaText},
	{"voice", `"voice":{"file_id":"a","file_unique_id":"b","duration":1}`, mediaText},
	{"music", `"audio":{"file_id":"a","file_unique_id":"b","duration":1}`, mediaText},
	{"animation", `"animation":{"file_id":"a","file_unique_id":"b","width":1,"height":1,"duration":1},"document":{"file_id":"a","file_unique_id":"b"}`, mediaText},
	{"sticker", `"sticker":{"file_id":"a","file_unique_id":"b","type":"novel","width":1,"height":1,"is_animated":false,"is_video":true}`, mediaText},
	{"paid media", `"paid_media":{"star_count":1,"paid_media":[{"type":"preview"},{"type":"photo","photo":[]},{"type":"novel"}]}`, mediaText},
	{"story", `"story":{"chat":{"id":5,"type":"private"},"id":3}`, mediaText},
	{"contact", `"contact":{"phone_number":"1","first_name":"B","vcard":"x"}`, mediaText},
	{"location", `"location":{"latitude":1.5,"longitude":-2.5,"live_period":60}`, mediaText},
	{"venue", `"venue":{"location":{"latitude":1,"longitude":2},"title":"x","address":"y"},"location":{"latitude":1,"longitude":2}`, mediaText},
	{"poll", `"poll":{"id":"1","question":"?","options":[{"text":"a","voter_count":0}],"total_voter_count":0,"is_closed":false,"is_anonymous":true,"type":"novel","allows_multiple_answers":false}`, mediaText},
	{"dice", `"dice":{"emoji":"🎲","value":6}`, mediaText},
	{"game", `"game":{"title":"x","description":"y","photo":[]}`, mediaText},
	{"checklist", `"checklist":{"title":"x","tasks":[{"id":1,"text":"y"}]}`, mediaText},
	{"giveaway", `"giveaway":{"chats":[{"id":-1005,"type":"channel"}],"winners_selection_date":1,"winner_count":3}`, mediaText},
	// Telegram's reports about the chat are no messages to the bot.
	{"giveaway created", `"giveaway_created":{"prize_star_count":5}`, silence},
	{"giveaway over", `"giveaway_completed":{"winner_count":0}`, silence},
	{"gift", `"gift":{"gift":{"id":"1","sticker":{"file_id":"a","type":"regular"},"star_count":1}}`, silence},
	{"unique gift", `"unique_gift":{"gift":{"base_name":"x","name":"y","number":1},"origin":"novel"}`, silence},
	{"gift upgraded", `"gift_upgrade_sent":{"gift":{"id":"1"}}`, silence},
	{"payment", `"successful_payment":{"currency":"XTR","total_amount":1,"invoice_payload":"x"}`, silence},
	{"payment returned", `"refunded_payment":{"currency":"XTR","total_amount":1,"invoice_payload":"x"}`, silence},
	{"users shared", `"users_shared":{"request_id":1,"users":[{"user_id":5}]}`, silence},
	{"chat shared", `"chat_shared":{"request_id":1,"chat_id":-5}`, silence},
	{"may write", `"write_access_allowed":{"from_request":true}`, silence},
	{"website", `"connected_website":"example.org"`, silence},
	{"passport", `"passport_data":{"data":[],"credentials":{"data":"","hash":"","secret":""}}`, silence},
	{"background", `"chat_background_set":{"type":{"type":"fill","fill":{"type":"novel"},"dark_theme_dimming":1}}`, silence},
	{"background of a kind to come", `"chat_background_set":{"type":{"type":"novel"}}`, silence},
	{"background of no kind", `"chat_background_set":{"type":{}}`, silence},
	{"messages vanish", `"message_auto_delete_timer_changed":{"message_auto_delete_time":60}`, silence},
	{"pinned", `"pinned_message":{"message_id":1,"date":0,"chat":{"id":5,"type":"private"}}`, silence},
	{"web app", `"web_app_data":{"data":"x","button_text":"y"}`, silence},
	{"tasks done", `"checklist_tasks_done":{"marked_as_done_task_ids":[1]}`, silence},
	{"tasks added", `"checklist_tasks_added":{"tasks":[{"id":2,"text":"z"}]}`, silence},
	{"poll option", `"poll_option_added":{"option_text":"x"}`, silence},
	{"managed bot", `"managed_bot_created":{"bot":{"id":5,"is_bot":true,"first_name":"x"}}`, silence},
	{"price of messages", `"paid_message_price_changed":{"paid_message_star_count":5}`, silence},
	{"post suggested", `"suggested_post_info":{"state":"novel"},` + help, helpText},
}

// Whatever somebody writes or sends in private, the bot answers sensibly and goes on.
func TestShapesOfPrivateMessages(t *testing.T) {
	inDays(t, func(w *world) {
		w.tell(w.ann, "/start")
		for _, test := range privateShapes {
			w.pass(time.Hour) // the bot does not repeat its hints
			said := w.said(w.ann.Chat(), func() { w.sim.Push("message", from(w.ann, test.parts)) })
			switch {
			case test.want == silence && len(said) != 0:
				t.Errorf("%s: the bot said %q, want nothing", test.name, texts(said))
			case test.want != silence && (len(said) != 1 || !strings.Contains(said[0].Text, test.want)):
				t.Errorf("%s: the bot said %q, want %q", test.name, texts(said), test.want)
			}
		}
		wantText(t, w.tell(w.ann, "/help"), helpText)
		w.wantNoPanic()
	})
}

func (w *world) wantNoPanic() {
	w.t.Helper()
	if log := w.log.String(); strings.Contains(log, "a handler panicked") {
		w.t.Error("a handler panicked")
	}
	w.wantAllHandled()
}

// Every person is answered, whatever the name, language and id.
func TestShapesOfPeople(t *testing.T) {
	for name, person := range map[string]string{
		"no language":            `"first_name":"A"`,
		"unknown language":       `"first_name":"A","language_code":"tlh"`,
		"no language at all":     `"first_name":"A","language_code":"not a tag!"`,
		"languageless null":      `"first_name":"A","language_code":null`,
		"long language":          `"first_name":"A","language_code":"` + strings.Repeat("x", 300) + `"`,
		"no name":                `"first_name":""`,
		"name from right":        `"first_name":"\u202e\u0645\u0631\u062d\u0628\u0627","last_name":"<b>&","username":"a_b"`,
		"premium":                `"first_name":"A","is_premium":true,"added_to_attachment_menu":true,"novel":[]`,
		"a name of a wrong kind": `"first_name":7,"language_code":{"x":1}`,
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.tell(w.ann, "/start")
				w.sim.Push("message", fmt.Sprintf(`{"message_id":5,"date":946684800,"from":{"id":%[1]d,"is_bot":false,%[2]s},
					"chat":{"id":%[1]d,"type":"private"},"text":"/subscribe","entities":[{"type":"bot_command","offset":0,"length":10}]}`, w.ann.ID(), person))
				w.settle()
				w.wantState(w.ann.ID(), subscribers.On)
				w.wantNoPanic()
			})
		})
	}
}

// groupShapes are updates of a group and a channel: GROUP, CHANNEL and ANN stand for
// their ids.
var groupShapes = []struct{ name, kind, content, want string }{
	{"anonymous admin", "message", inGroup(`"from":{"id":1087968824,"is_bot":true,"first_name":"Group","username":"GroupAnonymousBot"},"sender_chat":{"id":GROUP,"type":"supergroup","title":"G"},"author_signature":"boss"`, "/help"), helpText},
	{"in the name of a channel", "message", inGroup(`"from":{"id":136817688,"is_bot":true,"first_name":"Channel","username":"Channel_Bot"},"sender_chat":{"id":-1009,"type":"channel","title":"C"}`, "/help"), helpText},
	{"in the name of what cannot be read", "message", inGroup(`"from":{"id":136817688,"is_bot":true,"first_name":"Channel"},"sender_chat":{"id":"C"}`, "/help"), helpText},
	{"settings in the name of what cannot be read", "message", inGroup(`"from":{"id":136817688,"is_bot":true,"first_name":"Channel"},"sender_chat":7`, "/subscribe"), "Only admins"},
	{"forwarded from the channel", "message", inGroup(`"from":{"id":777000,"is_bot":false,"first_name":"Telegram"},"sender_chat":{"id":CHANNEL,"type":"channel"},"is_automatic_forward":true,"forward_origin":{"type":"channel","date":1,"message_id":3,"chat":{"id":CHANNEL,"type":"channel"}}`, "/help"), silence},
	{"another bot", "message", inGroup(`"from":{"id":99,"is_bot":true,"first_name":"B"}`, "/help"), silence},
	{"nobody", "message", inGroup(`"author_signature":"x"`, "/help"), helpText},
	{"thread of answers", "message", inGroup(ann+`,"message_thread_id":12`, "/help"), helpText},
	{"topic General", "message", inGroup(ann+`,"message_thread_id":1`, "/help"), helpText},
	{"chatter", "message", `{"message_id":5,"date":1,"chat":{"id":GROUP,"type":"supergroup"},` + ann + `,"text":"hello"}`, silence},
	{"new title", "message", inGroup(ann+`,"new_chat_title":"G2"`, ""), silence},
	{"new picture", "message", inGroup(ann+`,"new_chat_photo":[{"file_id":"a"}]`, ""), silence},
	{"no picture", "message", inGroup(ann+`,"delete_chat_photo":true`, ""), silence},
	{"members came", "message", inGroup(ann+`,"new_chat_members":[{"id":7,"is_bot":false,"first_name":"B"}]`, ""), silence},
	{"member left", "message", inGroup(ann+`,"left_chat_member":{"id":7,"is_bot":false,"first_name":"B"}`, ""), silence},
	{"topic made", "message", inGroup(ann+`,"forum_topic_created":{"name":"T","icon_color":1,"is_name_implicit":true}`, ""), silence},
	{"topic changed", "message", inGroup(ann+`,"forum_topic_edited":{"name":"T"}`, ""), silence},
	{"General hidden", "message", inGroup(ann+`,"general_forum_topic_hidden":{}`, ""), silence},
	{"boost", "message", inGroup(ann+`,"boost_added":{"boost_count":1}`, ""), silence},
	{"call planned", "message", inGroup(ann+`,"video_chat_scheduled":{"start_date":1}`, ""), silence},
	{"call began", "message", inGroup(ann+`,"video_chat_started":{}`, ""), silence},
	{"call over", "message", inGroup(ann+`,"video_chat_ended":{"duration":5}`, ""), silence},
	{"asked to a call", "message", inGroup(ann+`,"video_chat_participants_invited":{"users":[{"id":7,"is_bot":false,"first_name":"B"}]}`, ""), silence},
	{"nearby", "message", inGroup(ann+`,"proximity_alert_triggered":{"distance":5}`, ""), silence},
	{"owner left", "message", inGroup(ann+`,"chat_owner_left":{"new_owner":{"id":7,"is_bot":false,"first_name":"B"}}`, ""), silence},
	{"owner changed", "message", inGroup(ann+`,"chat_owner_changed":{"new_owner":{"id":7,"is_bot":false,"first_name":"B"}}`, ""), silence},
	{"giveaway won", "message", inGroup(ann+`,"giveaway_winners":{"chat":{"id":CHANNEL,"type":"channel"},"giveaway_message_id":1,"winners":[]}`, ""), silence},
	{"edited", "edited_message", inGroup(ann+`,"edit_date":2`, "/help"), silence},
	{"signed post", "channel_post", inChannel(`"author_signature":"boss","from":{"id":ANN,"is_bot":false,"first_name":"Ann"}`, "/help"), "管理员请到与我的私聊中设置"},
	{"post of the channel", "channel_post", inChannel(`"sender_chat":{"id":CHANNEL,"type":"channel","title":"C"}`, "/help"), "管理员请到与我的私聊中设置"},
	{"paid post", "channel_post", inChannel(`"is_paid_post":true,"sender_chat":{"id":CHANNEL,"type":"channel"}`, ""), silence},
	{"suggested post", "channel_post", inChannel(`"suggested_post_approved":{"send_date":1},"sender_chat":{"id":CHANNEL,"type":"channel"}`, ""), silence},
	{"price of direct messages", "channel_post", inChannel(`"direct_message_price_changed":{"are_direct_messages_enabled":true}`, ""), silence},
}

const ann = `"from":{"id":ANN,"is_bot":false,"first_name":"Ann","language_code":"en"}`

func inGroup(parts, command string) string {
	return inChat(`{"id":GROUP,"type":"supergroup","title":"G"}`, parts, command)
}

func inChannel(parts, command string) string {
	return inChat(`{"id":CHANNEL,"type":"channel","title":"C"}`, parts, command)
}

func inChat(chat, parts, command string) string {
	if command != "" {
		parts += fmt.Sprintf(`,"text":"%s","entities":[{"type":"bot_command","offset":0,"length":%d}]`, command, len(command))
	}
	return `{"message_id":5,"date":946684800,"chat":` + chat + `,` + parts + `}`
}

func TestShapesInGroupsAndChannels(t *testing.T) {
	inWorld(t, func(w *world) {
		group, channel := w.sim.NewSupergroup("G", w.li, w.ann), w.sim.NewChannel("C", w.li)
		w.said(group, func() { group.AddBot(w.li) })
		w.said(channel, func() { channel.AddBot(w.li) })
		ids := strings.NewReplacer("GROUP", fmt.Sprint(group.ID), "CHANNEL", fmt.Sprint(channel.ID), "ANN", fmt.Sprint(w.ann.ID()))
		for _, test := range groupShapes {
			w.pass(5 * time.Minute)
			before := len(group.FromBot()) + len(channel.FromBot())
			w.sim.Push(test.kind, ids.Replace(test.content))
			w.settle()
			said := texts(group.FromBot())
			if test.kind == "channel_post" {
				said = texts(channel.FromBot())
			}
			switch n := len(group.FromBot()) + len(channel.FromBot()) - before; {
			case test.want == silence && n != 0:
				t.Errorf("%s: the bot said %d messages, want none", test.name, n)
			case test.want != silence && (n != 1 || !strings.Contains(said[len(said)-1], test.want)):
				t.Errorf("%s: the bot said %d messages, the last %q, want %q", test.name, n, said[len(said)-1], test.want)
			}
		}
		w.wantNoPanic()
	})
}

// Updates of kinds that were not asked for, and with odd contents, do no harm.
func TestShapesOfOtherUpdates(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.ann.Write("/start")
		w.config.WebhookURL, w.config.WebhookSecret = hookURL, hookSecret
		w.start()
		id := 500_000_000
		for _, body := range []string{
			`"message_reaction":{"chat":{"id":5,"type":"private"},"message_id":1,"date":1,"old_reaction":[],"new_reaction":[{"type":"novel"}]}`,
			`"message_reaction":{"chat":{"id":5,"type":"private"},"new_reaction":[{}]}`,
			`"message_reaction_count":{"chat":{"id":5,"type":"private"},"reactions":[{"type":{"type":"paid"},"total_count":1}]}`,
			`"business_connection":{"id":"x","user":{"id":5,"is_bot":false,"first_name":"B"},"rights":{"novel":true}}`,
			`"business_message":` + from(w.ann, help),
			`"deleted_business_messages":{"business_connection_id":"x","chat":{"id":5,"type":"private"},"message_ids":[1]}`,
			`"chat_boost":{"chat":{"id":-5,"type":"channel"},"boost":{"boost_id":"x","source":{"source":"novel"}}}`,
			`"removed_chat_boost":{"chat":{"id":-5,"type":"channel"},"source":{}}`,
			`"chat_join_request":{"chat":{"id":-5,"type":"channel"},"from":{"id":5,"is_bot":false,"first_name":"B"}}`,
			`"chat_member":{"chat":{"id":-5,"type":"group"},"new_chat_member":{}}`,
			`"poll":{"id":"1"}`, `"poll_answer":{"poll_id":"1","option_ids":[0]}`,
			`"chosen_inline_result":{"result_id":"1","from":{"id":5,"is_bot":false,"first_name":"B"},"query":""}`,
			`"shipping_query":{"id":"1"}`, `"pre_checkout_query":{"id":"1"}`, `"purchased_paid_media":{"paid_media_payload":"x"}`,
			`"novel":{"id":1}`, `"message":null`, `"callback_query":null`, `"message":{}`, `"callback_query":{}`, `"my_chat_member":{}`, `"inline_query":{}`,
			`"edited_message":{"chat":{"id":5,"type":"novel"},"text":"x"}`,
			`"message":{"chat":{"id":-5,"type":"novel"},` + help + `}`,
			`"message":{"message_id":1,"date":1,"chat":{"id":9007199254740993,"type":"private"},"from":{"id":9007199254740993,"is_bot":false,"first_name":"B"},` + help + `}`,
			`"message":{"message_id":9223372036854775807,"date":9223372036854775807,"chat":{"id":-9223372036854775808,"type":"supergroup"},` + help + `}`,
			`"message":{"message_id":99999999999999999999,"date":-1,"chat":{"id":5,"type":"private"},` + help + `}`,
			`"callback_query":{"id":"1","from":{"id":5,"is_bot":false,"first_name":"B"},"inline_message_id":"x","chat_instance":"1","data":"1:sub"}`,
			`"callback_query":{"id":"2","from":{"id":5,"is_bot":false,"first_name":"B"},"chat_instance":"1","game_short_name":"x"}`,
			`"callback_query":{"id":"3","from":{"id":5,"is_bot":false,"first_name":"B"},"message":{"chat":{"id":5,"type":"private"},"message_id":1,"date":0},"chat_instance":"1","data":"1:sub"}`,
			`"callback_query":{"id":"4","from":{"id":5,"is_bot":false,"first_name":"B"},"message":7,"data":"1:sub"}`,
			`"inline_query":{"id":"5","from":{"id":5,"is_bot":false,"first_name":"B"},"query":"\u0000","offset":"99999999999999999999","chat_type":"novel"}`,
			`"inline_query":{"id":"6","from":{"id":5,"is_bot":false,"first_name":"B"},"query":null,"offset":null}`,
		} {
			id++
			if got := w.request("POST", "/digest", hookSecret, fmt.Sprintf(`{"update_id":%d,%s}`, id, body)); got != 200 {
				t.Errorf("%s: status %d, want 200", body, got)
			}
		}
		w.settle()
		if n := w.sim.Stats().Calls["answercallbackquery"]; n != 4 {
			t.Errorf("%d presses were answered, want 4", n)
		}
		if n := w.sim.Stats().Calls["answerinlinequery"]; n != 2 {
			t.Errorf("%d inline queries were answered, want 2", n)
		}
		if n := len(w.ann.Chat().FromBot()); n != 1 {
			t.Errorf("the bot said %q, want the answer to /start only", texts(w.ann.Chat().FromBot()))
		}
		wantText(t, w.tell(w.ann, "/help"), helpText)
		w.wantNoPanic()
	})
}
