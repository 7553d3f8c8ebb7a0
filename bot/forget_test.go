package bot_test

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

func TestForget(t *testing.T) {
	for _, test := range []struct {
		name                               string
		reader                             func(w *world) *telegramsim.Person
		ask, yes, no, nothing, popup, done string
	}{
		{"English", func(w *world) *telegramsim.Person { return w.ann },
			"Delete everything about this chat?", "🗑 Delete everything", "Keep it", "Nothing was deleted", "Deleted", "Everything about this chat is deleted"},
		{"Chinese", func(w *world) *telegramsim.Person { return w.li },
			"要删除与此聊天有关的一切吗？", "🗑 全部删除", "保留", "什么都没有删除", "已删除", "与此聊天有关的一切都已删除"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.issue(179, "News")
				p := test.reader(w)
				w.tell(p, "/subscribe")
				w.said(p.Chat(), func() { p.Write("/latest") })
				m := w.tell(p, "/forget")
				wantText(t, m, test.ask)
				wantLabels(t, m, test.yes, test.no)
				_, m = w.press(p, m, test.no)
				wantText(t, m, test.nothing)
				wantLabels(t, m)
				w.wantState(p.ID(), subscribers.On)

				question := w.tell(p, "/forget")
				answer, m := w.press(p, question, test.yes)
				wantPopup(t, answer, test.popup)
				wantText(t, m, test.done, "/start")
				wantLabels(t, m)
				if got := w.state(p.ID(), 0); got != "" {
					t.Errorf("the chat is %q, want unknown", got)
				}
				if trace := w.traces(p.ID()); trace != "" {
					t.Errorf("the database has %s", trace)
				}
				// Pressed again it is the same, and everything can begin anew.
				_, m = w.afterwards(p.PressData(question, "1:wipe"), question)
				wantText(t, m, test.done)
				w.tell(p, "/subscribe")
				w.wantState(p.ID(), subscribers.On)
			})
		})
	}
}

// traces returns the rows of the database that name a chat; empty: there are none.
func (w *world) traces(chat int64) string {
	w.t.Helper()
	db, err := sql.Open("sqlite3", w.path)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	var found []string
	for table, condition := range map[string]string{
		"subscribers": "chat_id = ?1", "waits": "chat_id = ?1", "dismissed_questions": "chat_id = ?1", "updates": "instr(body, ?1) > 0",
		"deliveries": "?1 AND subscriber_id NOT IN (SELECT id FROM subscribers)",
	} {
		var n int
		if err := db.QueryRow("SELECT count(*) FROM "+table+" WHERE "+condition, chat).Scan(&n); err != nil {
			w.t.Fatal(err)
		}
		if n > 0 {
			found = append(found, fmt.Sprintf("%d %s", n, table))
		}
	}
	return strings.Join(found, ", ")
}

// An issue on its way to the chat stops.
func TestForgetDuringADelivery(t *testing.T) {
	inWorld(t, func(w *world) {
		var names []string
		for i := range 20 {
			names = append(names, fmt.Sprintf("Section %c", 'A'+i))
		}
		w.issue(179, names...)
		w.tell(w.ann, "/subscribe")
		m := w.tell(w.ann, "/forget")
		w.ann.Write("/latest")
		w.pass(4 * time.Second)
		before := len(w.ann.Chat().FromBot())
		if before < 4 {
			w.t.Fatalf("%d messages came in 4 seconds, want some of the issue", before)
		}
		w.press(w.ann, m, "🗑 Delete everything")
		w.pass(time.Minute)
		if n := len(w.ann.Chat().FromBot()); n > before+1 { // one was under way
			t.Errorf("%d messages came after everything was deleted", n-before)
		}
		if trace := w.traces(w.ann.ID()); trace != "" {
			t.Errorf("the database has %s", trace)
		}
	})
}

// The chat's updates that an earlier run has left go too; an update that comes later is a
// new beginning.
func TestForgetErasesUpdates(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.ann.Write("/start")
		w.start()
		question := w.tell(w.ann, "/forget")
		// As after a fault of the database: kept, but in no queue.
		body := fmt.Sprintf(`{"update_id":1,"message":{"message_id":5,"date":1,"from":{"id":%[1]d,"first_name":"Ann"},
			"chat":{"id":%[1]d,"type":"private"},"text":"my secret"}}`, w.ann.ID())
		if err := w.store.KeepUpdates(w.t.Context(), []subscribers.Update{{ID: 1, Body: []byte(body)}}); err != nil {
			w.t.Fatal(err)
		}
		if w.traces(w.ann.ID()) == "" {
			w.t.Fatal("the update is not found where it is")
		}
		w.ann.PressData(question, "1:wipe")
		w.ann.Write("/subscribe")
		w.settle()
		w.wantState(w.ann.ID(), subscribers.On)
		w.wantAllHandled()
		said := texts(w.ann.Chat().FromBot())
		if last := said[len(said)-1]; !strings.Contains(last, "Subscribed.") {
			t.Errorf("the bot said %q, want it to answer what came after the deletion", said)
		}
	})
}

func TestForgetAGroup(t *testing.T) {
	inWorld(t, func(w *world) {
		forum := w.sim.NewForum("Club", w.ann, w.li)
		w.said(forum, func() { forum.AddBot(w.ann) })
		topic := forum.NewTopic(w.ann, "Reading")
		w.one(forum, func() { w.ann.WriteInTopic(forum, topic, "/subscribe") })
		m := w.one(forum, func() { w.ann.WriteIn(forum, "/forget") })
		answer, _ := w.press(w.li, m, "🗑 Delete everything")
		wantPopup(t, answer, "只有这里的管理员才能修改")
		if got := w.state(forum.ID, topic); got != subscribers.On {
			t.Errorf("after a member's press the topic is %q, want on", got)
		}
		w.press(w.ann, m, "🗑 Delete everything")
		for _, thread := range []int{0, topic} {
			if got := w.state(forum.ID, thread); got != "" {
				t.Errorf("topic %d is %q, want unknown", thread, got)
			}
		}
		if _, err := w.store.Subscriber(w.t.Context(), w.ann.ID(), 0); !errors.Is(err, subscribers.ErrNotFound) {
			t.Errorf("the admin's own chat: %v, want ErrNotFound as before", err)
		}
	})
}

func TestPrivacy(t *testing.T) {
	for keep, want := range map[time.Duration][2]string{
		0:              {"for as long as I run", "保存期限：到我停止运行为止"},
		90 * days:      {"for 90 days", "保存期限：90 天"},
		25 * time.Hour: {"for 2 days", "保存期限：2 天"},
		24 * time.Hour: {"for 1 day;", "保存期限：1 天"},
	} {
		inWorldToStart(t, func(w *world) {
			w.config.Keep = keep
			w.start()
			wantText(t, w.tell(w.ann, "/privacy"), "What I keep about this chat", "your chat ID, so that I can message you", want[0], "/forget")
			wantText(t, w.tell(w.li, "/privacy"), "我保存了哪些信息", "你的聊天 ID，用来给你发消息", want[1], "/forget")
		})
	}
}
