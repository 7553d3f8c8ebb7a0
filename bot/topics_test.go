package bot_test

import (
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// forum is a forum of Ann, its owner, and Li, subscribed as a whole, in which
// the bot has rights.
func (w *world) forum(rights telegramsim.AdminRights) *telegramsim.Chat {
	w.t.Helper()
	forum := w.sim.NewForum("Club <3", w.ann, w.li)
	w.said(forum, func() { forum.AddBot(w.ann) })
	forum.PromoteBot(w.ann, rights)
	w.settle()
	w.said(forum, func() { w.ann.WriteIn(forum, "/subscribe") })
	return forum
}

func (w *world) recipient(chat int64, thread int) subscribers.Recipient {
	w.t.Helper()
	sub, err := w.store.Subscriber(w.t.Context(), chat, thread)
	if err != nil {
		w.t.Fatal(err)
	}
	to, err := w.store.Recipient(w.t.Context(), sub.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return to
}

// sectionIDs are the sections of the newest issue in its order.
func (w *world) sectionIDs() []int64 {
	w.t.Helper()
	switches, err := w.store.Switches(w.t.Context(), 0)
	if err != nil {
		w.t.Fatal(err)
	}
	var ids []int64
	for _, s := range switches {
		ids = append(ids, s.ID)
	}
	return ids
}

// wantTopics switches topics for sections on in a forum.
func (w *world) wantTopics(forum *telegramsim.Chat) {
	w.t.Helper()
	if err := w.store.SetSectionTopics(w.t.Context(), w.recipient(forum.ID, 0).Subscriber.ID, true); err != nil {
		w.t.Fatal(err)
	}
}

// ask makes Ann ask for an issue in a forum, and returns in which topics its
// messages are, in their order, by what their first lines begin with.
func (w *world) ask(forum *telegramsim.Chat, command string) map[string][]int {
	w.t.Helper()
	before := len(forum.FromBot())
	w.ann.WriteIn(forum, command)
	w.pass(5 * time.Minute)
	return threads(forum.FromBot()[before:])
}

func threads(messages []telegramsim.Message) map[string][]int {
	in := make(map[string][]int)
	for _, m := range messages {
		if m.Service != "" {
			continue
		}
		first, _, _ := strings.Cut(m.Text, "\n")
		in[first] = append(in[first], m.Thread)
	}
	return in
}

func TestTopicsSwitch(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		forum := w.forum(telegramsim.AllRights())
		forum.Promote(w.li, telegramsim.AllRights(), false)
		for _, test := range []struct {
			by                       *telegramsim.Person
			title, off, on, row, end string
		}{
			{w.ann, "Each section can have a topic", "everything in one place", "one topic per section", "One topic per section", "Done"},
			{w.li, "每个栏目都可以有自己的话题", "当前：全部发到一处", "当前：每个栏目一个话题", "每个栏目一个话题", "完成"},
		} {
			m := w.oneEphemeral(test.by, forum, func() { test.by.WriteEphemeral(forum, "/topics") })
			wantText(t, m, test.title, test.off)
			wantLabels(t, m, "⬜ "+test.row, test.end)
			_, m = w.pressEphemeral(test.by, m, "⬜ "+test.row)
			wantText(t, m, test.title, test.on)
			if strings.Contains(m.Text, "⚠️") {
				t.Errorf("the bot has the right and says %q", m.Text)
			}
			if !w.recipient(forum.ID, 0).TopicsWanted() {
				t.Error("the press did not switch topics on")
			}
			_, done := w.pressEphemeral(test.by, m, test.end)
			wantText(t, done, test.on, "/topics")
			wantLabels(t, done)
			_, m = w.pressEphemeral(test.by, m, "✅ "+test.row) // from before Done, in an app that lags
			wantText(t, m, test.off)
			if w.recipient(forum.ID, 0).TopicsWanted() {
				t.Error("the press did not switch topics off")
			}
			_, m = w.pressEphemeral(test.by, m, test.end)
			wantText(t, m, test.off)
		}
	})
}

func TestTopicsWithoutTheRight(t *testing.T) {
	inWorld(t, func(w *world) {
		forum := w.forum(telegramsim.AdminRights{})
		m := w.oneEphemeral(w.ann, forum, func() { w.ann.WriteEphemeral(forum, "/topics") })
		_, m = w.pressEphemeral(w.ann, m, "⬜ One topic per section")
		wantText(t, m, "I have to be an admin here", "Manage topics")
		right, _ := m.Button("🔑 Give me that right")
		if want := "https://t.me/digest_sim_bot?startgroup=topics&admin=manage_topics"; right.URL != want {
			t.Errorf("the button leads to %q, want %q", right.URL, want)
		}
		if said := w.said(w.sim.Chat(m.Chat), func() { w.ann.WriteIn(w.sim.Chat(m.Chat), "/start@digest_sim_bot topics") }); len(said) != 0 {
			t.Errorf("to what the link sends the bot said %q", texts(said))
		}

		forum.DemoteBot(w.ann)
		w.settle()
		forum.Promote(w.li, telegramsim.AllRights(), false)
		m = w.one(forum, func() { w.li.WriteIn(forum, "/topics") })
		wantText(t, m, "拥有“管理话题”权限")
		// That Telegram does not answer is no reason to complain.
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.ServerError, Methods: []string{"getChatMember"}})
		w.pass(2 * time.Minute)
		m = w.one(forum, func() { w.li.WriteIn(forum, "/topics") })
		if strings.Contains(m.Text, "⚠️") {
			t.Errorf("the bot says %q without knowing", m.Text)
		}
	})
}

func TestTopicsElsewhere(t *testing.T) {
	inWorld(t, func(w *world) {
		group := w.sim.NewGroup("Friends", w.ann)
		w.said(group, func() { group.AddBot(w.ann) })
		wantText(t, w.one(group, func() { w.ann.WriteIn(group, "/topics") }), "groups that have topics switched on")
		wantText(t, w.tell(w.li, "/topics"), "用于开启了话题功能的群组")
		m := w.one(group, func() { w.ann.WriteIn(group, "/subscribe") })
		answer, _ := w.afterwards(w.ann.PressData(m, "1:top:1"), m)
		wantText(t, telegramsim.Message{Text: answer.Text}, "out of date")
		if w.recipient(group.ID, 0).TopicsWanted() {
			t.Error("a group without topics has them for sections")
		}
	})
}

func TestForgedTopicsPresses(t *testing.T) {
	inWorld(t, func(w *world) {
		forum := w.forum(telegramsim.AllRights())
		m := w.oneEphemeral(w.ann, forum, func() { w.ann.WriteEphemeral(forum, "/topics") })
		open := forum.FromBot()[0]
		for _, test := range []struct {
			by    *telegramsim.Person
			under telegramsim.Message
			data  string
			want  string
		}{
			{w.li, m, "1:top:1", "这个按钮已经过期"},
			{w.li, open, "1:top:1", "只有这里的管理员才能修改"},
			{w.li, open, "1:away", "只有这里的管理员才能修改"},
			{w.ann, open, "1:top:2", "out of date"},
			{w.ann, open, "1:top", "out of date"},
			{w.ann, open, "1:top:01", "out of date"},
			{w.ann, open, "1:top:-1", "out of date"},
			{w.ann, open, "1:away:1", "out of date"},
		} {
			answer, _ := w.afterwards(test.by.PressData(test.under, test.data), test.under)
			if !answer.Alert || !strings.Contains(answer.Text, test.want) {
				t.Errorf("%q by %s got %+v, want %q", test.data, test.by.Name(), answer, test.want)
			}
		}
		if w.recipient(forum.ID, 0).TopicsWanted() {
			t.Error("a forged press switched topics on")
		}
	})
}

// topicNames are the names of the topics the bot made in a forum.
func (w *world) topicNames(forum *telegramsim.Chat) []string {
	var names []string
	for _, m := range forum.Messages() {
		name, made := strings.CutPrefix(m.Service, "Topic “")
		if made {
			names = append(names, strings.TrimSuffix(name, "” created"))
		}
	}
	return names
}

// Admins may write in a topic that is closed, and the bot may not.
func TestCommandInAClosedTopicIsAnsweredNextDoor(t *testing.T) {
	inWorld(t, func(w *world) {
		forum := w.forum(telegramsim.AdminRights{})
		forum.DemoteBot(w.ann)
		topic := forum.NewTopic(w.ann, "Reading")
		forum.CloseTopic(topic)
		m := w.one(forum, func() { w.ann.WriteInTopic(forum, topic, "/subscribe") })
		wantText(t, m, "Subscribed.")
		if m.Thread != 0 {
			t.Errorf("the answer is in topic %d, which is closed", m.Thread)
		}
		forum.CloseGeneral()
		if said := w.said(forum, func() { w.ann.WriteInTopic(forum, topic, "/help") }); len(said) != 0 {
			t.Errorf("everything is closed and the bot said %q", texts(said))
		}
		if got := w.state(forum.ID, topic); got != subscribers.On {
			t.Errorf("the topic is %q, want on", got)
		}
	})
}

func TestGeneralTopic(t *testing.T) {
	inWorld(t, func(w *world) {
		forum := w.forum(telegramsim.AllRights())
		w.wantState(forum.ID, subscribers.On)
		if m := forum.FromBot()[1]; m.Thread != 0 {
			t.Errorf("the answer is in topic %d, want General", m.Thread)
		}
	})
}
