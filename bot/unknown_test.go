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
	"digestbot/subscribers"
)

func TestUnknownCommands(t *testing.T) {
	inWorld(t, func(w *world) {
		for _, test := range []struct {
			by         *telegramsim.Person
			text, want string
		}{
			{w.ann, "/nonsense", "I don't know what to do with that. /help"},
			{w.li, "/nonsense", "没看懂这条消息。发送 /help"},
			{w.ann, "/sectons", "I don't know that command. Did you mean /sections?"},
			{w.li, "/sectons", "没有这个命令。你是不是想用 /sections？"},
			{w.ann, "/SUBSCIRBE now", "Did you mean /subscribe?"},
			{w.ann, "/unsub", "Did you mean /unsubscribe?"},
			{w.ann, "/hlep", "Did you mean /help?"},
			{w.ann, "/latest5", "Did you mean /latest?"},
			{w.ann, "/stop", "This chat is not subscribed."},
			{w.ann, "/subscribe@other_bot", "Did you mean /subscribe?"},
			{w.ann, "/x", "I don't know what to do with that"},
			{w.ann, "/" + strings.Repeat("a", 3000), "I don't know what to do with that"},
			// A command of admins is unknown to a reader, and known to an admin.
			{w.ann, "/broadcast", "I don't know what to do with that"},
			{w.ann, "/brodcast", "I don't know what to do with that"},
			{w.admin, "/brodcast", "Did you mean /broadcast?"},
		} {
			m := w.tell(test.by, test.text)
			wantText(t, m, test.want)
			if strings.Contains(m.Text, "/broadcast") && test.by != w.admin {
				t.Errorf("to %s the bot said %q, which tells of an admins' command", test.text, m.Text)
			}
		}
		w.wantState(w.ann.ID(), subscribers.Off)
	})
}

// In private the bot is never silent, whatever somebody writes and however often.
func TestChatterIsAnswered(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		for _, test := range []struct {
			p          *telegramsim.Person
			text, want string
		}{
			{w.ann, "🙂", "I don't know what to do with that. /help"}, {w.ann, "and what now", "Nothing found for and what now"},
			{w.ann, strings.Repeat("word ", 300), "I don't know what to do with that. /help"},
			{w.li, "……", "没看懂"}, {w.li, "今天天气", "没有找到与 今天天气 相关的内容"},
		} {
			for range 3 {
				wantText(t, w.tell(test.p, test.text), test.want, "/help")
			}
		}
		w.wantState(w.ann.ID(), subscribers.Off)
	})
}

// Whatever somebody sends, the bot answers, but not each picture.
func TestMediaAreAnswered(t *testing.T) {
	const english, chinese = "Thank you! But I can only read text: a word to search for", "谢谢！不过我只看得懂文字"
	const forwarded, forwardedZh = "I don't act on messages that are forwarded", "转发的消息和其他机器人的消息我不会处理"
	for _, test := range []struct {
		name             string
		send             func(w *world, p *telegramsim.Person)
		english, chinese string
	}{
		{"sticker", func(_ *world, p *telegramsim.Person) { p.SendSticker("🐝") }, english, chinese},
		{"picture", func(_ *world, p *telegramsim.Person) { p.SendPhoto("see /help") }, english, chinese},
		{"album", func(_ *world, p *telegramsim.Person) { p.SendAlbum(10) }, english, chinese},
		{"document", func(_ *world, p *telegramsim.Person) { p.SendDocument("a.txt", []byte("a"), "") }, english, chinese},
		{"forwarded text", func(w *world, p *telegramsim.Person) { p.Forward(w.admin, "/subscribe") }, forwarded, forwardedZh},
		{"forwarded word", func(w *world, p *telegramsim.Person) { p.Forward(w.admin, "subscribe") }, forwarded, forwardedZh},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				for range 2 {
					wantText(t, w.one(w.ann.Chat(), func() { test.send(w, w.ann) }), test.english)
					wantText(t, w.one(w.li.Chat(), func() { test.send(w, w.li) }), test.chinese)
				}
				w.wantState(w.ann.ID(), subscribers.Off)
			})
		})
	}
}

func TestEditedMessages(t *testing.T) {
	inWorld(t, func(w *world) {
		for _, test := range []struct {
			p    *telegramsim.Person
			want string
		}{{w.ann, "I don't read messages again when they are edited"}, {w.li, "消息编辑后我不会重新读取"}} {
			w.tell(test.p, "/help")
			m := test.p.Chat().Messages()[0]
			wantText(t, w.one(test.p.Chat(), func() { test.p.Edit(m, "/subscribe") }), test.want)
			if said := w.said(test.p.Chat(), func() { test.p.Edit(m, "/sections") }); len(said) != 0 {
				t.Errorf("to another edit the bot said %q", texts(said))
			}
			w.wantState(test.p.ID(), subscribers.Off)
		}
		group := w.groupOfAnn()
		var m telegramsim.Message
		w.said(group, func() { m = w.ann.WriteIn(group, "/help") })
		if said := w.said(group, func() { w.ann.Edit(m, "/subscribe") }); len(said) != 0 {
			t.Errorf("to an edit in a group the bot said %q", texts(said))
		}
	})
}

// Telegram reports a message as edited when it has found the preview of a link in it.
func TestPreviewIsNoEdit(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		for _, text := range []string{"/search https://example.com", "look at https://example.com"} {
			var m telegramsim.Message
			w.said(w.ann.Chat(), func() { m = w.ann.Write(text) })
			if said := w.said(w.ann.Chat(), func() { w.ann.LoadPreview(m) }); len(said) != 0 {
				t.Errorf("to the preview in %q the bot said %q", text, texts(said))
			}
		}
		m := w.ann.Write("/search https://example.com")
		w.settle()
		wantText(t, w.one(w.ann.Chat(), func() { w.ann.Edit(m, "/search something else") }), "when they are edited")
	})
}

func TestServiceMessagesAreNotAnswered(t *testing.T) {
	inWorld(t, func(w *world) {
		m := w.tell(w.ann, "/help")
		if said := w.said(w.ann.Chat(), func() { w.ann.Pin(m) }); len(said) != 0 {
			t.Errorf("to a pinned message the bot said %q", texts(said))
		}
		group := w.sim.NewSupergroup("Friends", w.ann)
		m = w.one(group, func() { group.AddBot(w.ann) })
		group.PromoteBot(w.ann, telegramsim.AllRights()) // so that it sees everything
		if said := w.said(group, func() {
			w.ann.Pin(m)
			group.Retitle(w.ann, "Club")
			group.Join(w.li)
			group.Leave(w.li)
		}); len(said) != 0 {
			t.Errorf("to service messages the bot said %q", texts(said))
		}
	})
}

func TestAdminCommandInAGroup(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Admins = append(w.config.Admins, w.li.ID())
		w.start()
		group := w.sim.NewSupergroup("Friends", w.ann, w.admin, w.li)
		w.said(group, func() { group.AddBot(w.ann) })
		for _, text := range []string{"/broadcast", "/status@digest_sim_bot"} {
			m := w.one(group, func() { w.admin.WriteIn(group, text) })
			wantText(t, m, "That command is for our private chat")
			if !strings.Contains(m.HTML, `href="https://t.me/digest_sim_bot"`) {
				t.Errorf("the answer is %q, want a link to the private chat", m.HTML)
			}
		}
		wantText(t, w.one(group, func() { w.li.WriteIn(group, "/broadcast") }), "只能在私聊中使用")
		for _, text := range []string{"/broadcast@other_bot", "/nonsense"} {
			if said := w.said(group, func() { w.admin.WriteIn(group, text) }); len(said) != 0 {
				t.Errorf("to %s the bot said %q", text, texts(said))
			}
		}
		if said := w.said(group, func() { w.ann.WriteIn(group, "/broadcast") }); len(said) != 0 {
			t.Errorf("to somebody else the bot said %q", texts(said))
		}
		wantText(t, w.one(group, func() { w.ann.WriteIn(group, "/broadcast@digest_sim_bot") }), "I don't know what to do with that")
		wantText(t, w.one(group, func() { w.ann.WriteIn(group, "/hlep@digest_sim_bot") }), "Did you mean /help?")
	})
}

// A word does what its command does, in whichever language.
func TestWords(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		for _, test := range []struct {
			by         *telegramsim.Person
			text, want string
		}{
			{w.li, "订阅", "订阅成功"},
			{w.li, "帮助", "我能做什么"},
			{w.li, "／帮助", "我能做什么"},
			{w.li, "/帮助", "我能做什么"},
			{w.li, "栏目", "栏目设置"},
			{w.li, "退订！", "已退订"},
			{w.li, "我要订阅。", "订阅成功"},
			{w.li, "unsubscribe", "已退订"},
			{w.ann, "Subscribe!", "Subscribed."},
			{w.ann, "ＨＥＬＰ", "What I can do"},
			{w.ann, "退订", "Unsubscribed."},
			{w.ann, "Sign me up 🙏", "Subscribed."},
			{w.ann, "STOP", "Unsubscribed."},
		} {
			wantText(t, w.tell(test.by, test.text), test.want)
		}
		for _, p := range []*telegramsim.Person{w.li, w.ann} {
			word := map[bool]string{true: "最新", false: "latest"}[p == w.li]
			if said := w.said(p.Chat(), func() { p.Write(word) }); len(said) != 2 {
				t.Errorf("to %s the bot said %q, want cover and section", word, texts(said))
			}
		}
		wantText(t, w.tell(w.ann, "please stop it"), "Did you mean /unsubscribe?")
		group := w.groupOfAnn()
		group.PromoteBot(w.ann, telegramsim.AllRights())
		if said := w.said(group, func() { w.ann.WriteIn(group, "订阅") }); len(said) != 0 {
			t.Errorf("to a word in a group the bot said %q", texts(said))
		}
	})
}

// A person who floods the bot is answered twenty times a minute and told once that this
// is too fast; others are answered as usual.
func TestFloodOfMessages(t *testing.T) {
	inWorld(t, func(w *world) {
		const flood = 1000 // more than a queue holds in memory
		for range flood {
			w.ann.Write("/help")
		}
		w.li.Write("/help")
		w.pass(time.Second)
		if got := w.li.Chat().FromBot(); len(got) != 1 {
			t.Errorf("after a second the other reader has %d answers, want 1", len(got))
		}
		w.pass(59 * time.Second)
		got := w.ann.Chat().FromBot()
		if len(got) != 21 {
			t.Fatalf("the flood was answered %d times, want 20 and a word about it", len(got))
		}
		wantText(t, got[0], "What I can do")
		wantText(t, got[19], "What I can do")
		wantText(t, got[20], "That was a bit too fast for me")
		w.wantAllHandled()
		wantText(t, w.tell(w.ann, "/help"), "What I can do")
		w.pass(2 * time.Minute)
		for range 30 {
			w.li.Write("/help")
		}
		w.pass(time.Minute)
		all := w.li.Chat().FromBot()
		if len(all) != 1+21 {
			t.Fatalf("the second flood was answered %d times, want 21", len(all)-1)
		}
		wantText(t, all[21], "太快了")
	})
}

// A flood that goes on is answered at the same rate, and not told again.
func TestFloodThatGoesOn(t *testing.T) {
	inWorld(t, func(w *world) {
		for range 300 {
			w.ann.Write("/help")
			w.pass(time.Second)
		}
		w.settle()
		got := texts(w.ann.Chat().FromBot())
		told := 0
		for _, text := range got {
			if strings.Contains(text, "too fast") {
				told++
			}
		}
		if len(got) != 5*20+1 || told != 1 {
			t.Errorf("in five minutes the bot answered %d times and told %d times that this is too fast, want 101 and 1", len(got), told)
		}
	})
}

func TestFloodOfPresses(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		m := w.tell(w.ann, "/sections")
		other := w.tell(w.li, "/sections")
		var flood []*telegramsim.Query
		for i := range 1000 {
			q, err := w.ann.Press(m, []string{"✅ News", "✅ Tools"}[i%2])
			if err != nil {
				w.t.Fatal(err)
			}
			flood = append(flood, q)
		}
		tap, err := w.li.Press(other, "✅ News")
		if err != nil {
			w.t.Fatal(err)
		}
		w.pass(time.Second)
		if _, ok := tap.Answer(); !ok {
			t.Error("after a second the other reader's tap is not answered")
		}
		w.settle()
		answered := 0
		for i, q := range flood {
			a, ok := q.Answer()
			if ok {
				answered++
			}
			if ok != (i <= 60) || (i == 60) != strings.Contains(a.Text, "too fast") {
				t.Errorf("press %d got %+v, %t", i, a, ok)
			}
		}
		if answered != 61 {
			t.Errorf("%d presses were answered, want 60 and a word about the others", answered)
		}
		w.pass(time.Minute)
		_, m = w.press(w.ann, m, "Done")
		wantText(t, m, "0 of 2")
	})
}

// A flood in a group is one member's: others of the group are answered.
func TestFloodInAGroup(t *testing.T) {
	inWorld(t, func(w *world) {
		group := w.sim.NewSupergroup("Friends", w.ann, w.li)
		w.said(group, func() { group.AddBot(w.ann) })
		for range 100 {
			w.ann.WriteIn(group, "/help")
		}
		w.li.WriteIn(group, "/help")
		w.pass(3 * time.Minute) // 20 messages a minute may go to a group
		got := texts(group.FromBot())
		if len(got) != 1+20+1+1 || !strings.Contains(got[len(got)-1], "我能做什么") {
			t.Errorf("the bot said %d things, the last %q; want 20 answers, a word about the flood, and the other's", len(got)-1, got[len(got)-1])
		}
	})
}

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

// A person who looks for the bot in the direct messages of a channel is told once where
// it is. Messages to the channel are not answered, and nothing is subscribed.
func TestDirectMessagesOfAChannel(t *testing.T) {
	inDirect(t, func(w *world, chat *telegramsim.Chat, write func(string)) {
		said := w.one(chat, func() { write(commandText("/subscribe")) })
		wantText(t, said, "The digest doesn't come to the direct messages of a channel", "Open a private chat with me")
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
		wantText(t, w.one(chat, func() { write(commandText("/unknown@digest_sim_bot")) }), "The digest doesn't come to the direct messages of a channel")
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
