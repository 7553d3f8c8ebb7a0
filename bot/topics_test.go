package bot_test

import (
	"strings"
	"sync"
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

// topicOf asks, as a delivery does, where a section goes.
func (w *world) topicOf(to subscribers.Recipient, section int64) int {
	w.t.Helper()
	thread, err := w.bot.SectionTopic(w.t.Context(), to, section)
	if err != nil {
		w.t.Fatal(err)
	}
	w.settle()
	return thread
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
			m := w.whisper(test.by, forum, func() { test.by.WriteIn(forum, "/topics") })
			wantText(t, m, test.title, test.off)
			wantLabels(t, m, "⬜ "+test.row, test.end)
			_, m = w.pressQuietly(test.by, m, "⬜ "+test.row)
			wantText(t, m, test.title, test.on)
			if strings.Contains(m.Text, "⚠️") {
				t.Errorf("the bot has the right and says %q", m.Text)
			}
			if !w.recipient(forum.ID, 0).TopicsWanted() {
				t.Error("the press did not switch topics on")
			}
			_, done := w.pressQuietly(test.by, m, test.end)
			wantText(t, done, test.on, "/topics")
			wantLabels(t, done)
			_, m = w.pressQuietly(test.by, m, "✅ "+test.row) // from before Done, in an app that lags
			wantText(t, m, test.off)
			if w.recipient(forum.ID, 0).TopicsWanted() {
				t.Error("the press did not switch topics off")
			}
			_, m = w.pressQuietly(test.by, m, test.end)
			wantText(t, m, test.off)
		}
	})
}

func TestTopicsWithoutTheRight(t *testing.T) {
	inWorld(t, func(w *world) {
		forum := w.forum(telegramsim.AdminRights{})
		m := w.whisper(w.ann, forum, func() { w.ann.WriteIn(forum, "/topics") })
		_, m = w.pressQuietly(w.ann, m, "⬜ One topic per section")
		wantText(t, m, "I have to be an admin here", "Manage topics")

		forum.DemoteBot(w.ann)
		w.settle()
		forum.Promote(w.li, telegramsim.AllRights(), false)
		m = w.one(forum, func() { w.li.WriteIn(forum, "/topics") })
		wantText(t, m, "拥有“管理话题”权限")
		// That Telegram does not answer is no reason to complain.
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.ServerError, Methods: []string{"getChatMember"}, After: 1})
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
		m := w.whisper(w.ann, forum, func() { w.ann.WriteIn(forum, "/topics") })
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

func TestSectionTopicIsMadeOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "", strings.Repeat("很", 200))
		forum := w.forum(telegramsim.AllRights())
		ids := w.sectionIDs()
		to := w.recipient(forum.ID, 0)
		if got := w.topicOf(to, ids[0]); got != 0 {
			t.Errorf("without topics the section goes to %d, want the group itself", got)
		}
		if err := w.store.SetSectionTopics(w.t.Context(), to.Subscriber.ID, true); err != nil {
			t.Fatal(err)
		}
		to = w.recipient(forum.ID, 0)
		if got := w.topicOf(to, 0); got != 0 {
			t.Errorf("the cover goes to %d, want the group itself", got)
		}
		var threads [5]int
		var askers sync.WaitGroup
		for i := range threads { // of what the store said before there was a topic
			askers.Go(func() {
				var err error
				if threads[i], err = w.bot.SectionTopic(w.t.Context(), to, ids[0]); err != nil {
					t.Error(err)
				}
			})
		}
		askers.Wait()
		for _, thread := range threads {
			if thread == 0 || thread != threads[0] {
				t.Fatalf("the section goes to %v, want one topic", threads)
			}
		}
		w.topicOf(to, ids[1])
		w.topicOf(to, ids[2])
		want := []string{"News", "The whole issue", strings.Repeat("很", 127) + "…"}
		if got := w.topicNames(forum); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("topics are %q, want %q", got, want)
		}
		if thread, known := w.recipient(forum.ID, 0).TopicOf(ids[0]); !known || thread != threads[0] {
			t.Errorf("TopicOf = %d, %v, want %d", thread, known, threads[0])
		}

		// Deleted, it is forgotten and made again.
		forum.DeleteTopic(threads[0])
		if err := w.store.SectionTopicGone(w.t.Context(), to.Subscriber.ID, ids[0]); err != nil {
			t.Fatal(err)
		}
		if again := w.topicOf(w.recipient(forum.ID, 0), ids[0]); again == 0 || again == threads[0] {
			t.Errorf("the section goes to %d, want a new topic", again)
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

// What is said in a section's topic is about the subscription it belongs to,
// and answered there.
func TestCommandsInASectionsTopic(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		forum := w.forum(telegramsim.AllRights())
		to := w.recipient(forum.ID, 0)
		if err := w.store.SetSectionTopics(w.t.Context(), to.Subscriber.ID, true); err != nil {
			t.Fatal(err)
		}
		thread := w.topicOf(w.recipient(forum.ID, 0), w.sectionIDs()[0])
		m := w.whisper(w.ann, forum, func() { w.ann.WriteInTopic(forum, thread, "/sections") })
		if m.Thread != thread {
			t.Errorf("the answer is in topic %d, want %d", m.Thread, thread)
		}
		w.pressQuietly(w.ann, m, "✅ Tools")
		if to := w.recipient(forum.ID, 0); !to.Muted[w.sectionIDs()[1]] {
			t.Error("the section is not muted for the group")
		}
		w.said(forum, func() { w.ann.WriteInTopic(forum, thread, "/unsubscribe") })
		w.wantState(forum.ID, subscribers.Off)
		if got := w.state(forum.ID, thread); got != "" {
			t.Errorf("the section's topic became a subscriber, %s", got)
		}
	})
}

func TestTopicsThatAreRefused(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		w.tell(w.li, "/start")
		forum := w.forum(telegramsim.AdminRights{})
		forum.Promote(w.li, telegramsim.AllRights(), false)
		to := w.recipient(forum.ID, 0)
		if err := w.store.SetSectionTopics(w.t.Context(), to.Subscriber.ID, true); err != nil {
			t.Fatal(err)
		}
		ids := w.sectionIDs()
		m := w.one(w.li.Chat(), func() {
			for _, id := range ids {
				if got := w.topicOf(w.recipient(forum.ID, 0), id); got != 0 {
					t.Errorf("the section goes to %d, want the group itself", got)
				}
			}
		})
		wantText(t, m, "我无法在 Club <3 为栏目新建话题")
		if got := w.sim.Stats().Calls["createforumtopic"]; got != 1 {
			t.Errorf("the bot tried %d times, want once", got)
		}
		forum.PromoteBot(w.ann, telegramsim.AllRights())
		w.settle()
		if got := w.topicOf(w.recipient(forum.ID, 0), ids[0]); got == 0 {
			t.Error("with the right, there is no topic")
		}
	})
}

// Where no admin can be told in private, the group hears of it.
func TestRefusedTopicsAreToldInTheGroup(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		forum := w.forum(telegramsim.AdminRights{})
		to := w.recipient(forum.ID, 0)
		if err := w.store.SetSectionTopics(w.t.Context(), to.Subscriber.ID, true); err != nil {
			t.Fatal(err)
		}
		wantText(t, w.one(forum, func() { w.topicOf(w.recipient(forum.ID, 0), w.sectionIDs()[0]) }), "I cannot open topics")
	})
}

// When Telegram does not say what became of it, the section goes where the
// group is subscribed, and no topic is noted.
func TestTopicWithoutAnAnswer(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		forum := w.forum(telegramsim.AllRights())
		to := w.recipient(forum.ID, 0)
		if err := w.store.SetSectionTopics(w.t.Context(), to.Subscriber.ID, true); err != nil {
			t.Fatal(err)
		}
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.LoseAnswer, Methods: []string{"createForumTopic"}, Times: 1})
		if got := w.topicOf(w.recipient(forum.ID, 0), w.sectionIDs()[0]); got != 0 {
			t.Errorf("the section goes to %d, want the group itself", got)
		}
		if _, known := w.recipient(forum.ID, 0).TopicOf(w.sectionIDs()[0]); known {
			t.Error("a topic is noted that nobody knows to be there")
		}
		w.breakTable("section_topics")
		if _, err := w.bot.SectionTopic(w.t.Context(), subscribers.Recipient{
			Subscriber: to.Subscriber, Topics: subscribers.SectionTopics,
		}, w.sectionIDs()[0]); err == nil {
			t.Error("a broken database is no error")
		}
	})
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
