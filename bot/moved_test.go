package bot_test

import (
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// upgraded runs f while a group that is on becomes a supergroup, just before the next
// call of the method, and returns what the bot says in the supergroup.
func upgraded(w *world, method string, f func(group *telegramsim.Chat)) (fresh *telegramsim.Chat, said []telegramsim.Message) {
	w.t.Helper()
	group := w.sim.NewGroup("Friends", w.ann)
	w.said(group, func() { group.AddBot(w.ann) })
	w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Migrate, Methods: []string{method}, Times: 1})
	before := len(group.FromBot())
	f(group)
	w.settle()
	if said := group.FromBot()[before:]; len(said) != 0 {
		w.t.Errorf("the bot said %q in the group that is no more", texts(said))
	}
	for _, m := range group.Messages() {
		if m.Service == "The group became a supergroup" {
			fresh = w.sim.Chat(group.ID - 1 - 1_000_000_000_000)
		}
	}
	if fresh == nil {
		w.t.Fatal("the group has not become a supergroup")
	}
	return fresh, fresh.FromBot()
}

// An answer on its way arrives where the group is now.
func TestAnswerFollowsAGroupThatMoves(t *testing.T) {
	for _, test := range []struct{ method, command, want string }{
		{"sendMessage", "/help", "What I can do"},
		{"sendMessage", "/subscribe", "Subscribed."},
		{"getChatAdministrators", "/subscribe", "Subscribed."},
		{"getChatAdministrators", "/settings", "Settings"},
	} {
		t.Run(test.command+" before "+test.method, func(t *testing.T) {
			inWorld(t, func(w *world) {
				fresh, said := upgraded(w, test.method, func(group *telegramsim.Chat) { w.ann.WriteIn(group, test.command+"@digest_sim_bot") })
				if all := strings.Join(texts(said), "\n"); len(said) != 1 || !strings.Contains(all, test.want) {
					t.Errorf("the bot said %q in the supergroup, want one answer with %q", all, test.want)
				}
				if test.command == "/subscribe" {
					w.wantState(fresh.ID, subscribers.On)
				}
				if strings.Contains(w.log.String(), "an answer did not arrive") || strings.Contains(w.log.String(), "cannot be checked") {
					t.Error("the log tells of a failure")
				}
				w.wantNoPanic()
			})
		})
	}
}

// What was written before the group moved, and is read after, keeps its choices.
func TestCommandsWaitWhileAGroupMoves(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		fresh, said := upgraded(w, "sendMessage", func(group *telegramsim.Chat) {
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Methods: []string{"sendMessage"}, Delay: 3 * time.Second, Times: 1})
			w.ann.WriteIn(group, "/subscribe@digest_sim_bot")
			w.ann.WriteIn(group, "/subscribe@digest_sim_bot")
			w.ann.WriteIn(group, "/help@digest_sim_bot")
		})
		if all := strings.Join(texts(said), "\n"); len(said) != 3 || !strings.Contains(all, "already") {
			t.Errorf("the bot said %q, want three answers, the second that it is on already", texts(said))
		}
		w.wantState(fresh.ID, subscribers.On)
		counts, err := w.store.CountSubscribers(w.t.Context())
		if err != nil || counts[subscribers.On] != 1 {
			t.Errorf("%v chats are on (%v), want one", counts, err)
		}
	})
}

// An issue that is asked for while the group moves comes as well.
func TestLatestWhileAGroupMoves(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		_, said := upgraded(w, "getChatAdministrators", func(group *telegramsim.Chat) { w.ann.WriteIn(group, "/latest@digest_sim_bot") })
		if len(said) != 3 {
			t.Errorf("the bot said %q in the supergroup, want the issue", texts(said))
		}
	})
}

// Apps show the messages of a group above those of the supergroup that it has become.
// A button there says that it is out of date, and what the group has chosen stays,
// also when the bot does not know that the group has moved.
func TestButtonOfAGroupThatHasMoved(t *testing.T) {
	for _, restarted := range []bool{false, true} {
		inWorld(t, func(w *world) {
			w.issue(179, "News", "Tools")
			group := w.sim.NewGroup("Friends", w.ann)
			w.said(group, func() { group.AddBot(w.ann) })
			w.said(group, func() { w.ann.WriteIn(group, "/subscribe@digest_sim_bot") })
			m := w.one(group, func() { w.ann.WriteIn(group, "/sections@digest_sim_bot") })
			fresh := group.Upgrade()
			w.settle()
			if restarted {
				w.stop()
				w.start()
			}
			for _, button := range []string{"✅ Tools", "All off"} {
				answer, _ := w.press(w.ann, m, button)
				wantNotice(t, answer, "out of date")
			}
			counts, err := w.store.CountSubscribers(w.t.Context())
			if err != nil || counts[subscribers.On] != 1 || !restarted && counts[subscribers.Off] != 0 {
				t.Errorf("restarted %v: the chats are %v (%v), want one that is on", restarted, counts, err)
			}
			wantRow(t, w.one(fresh, func() { w.ann.WriteIn(fresh, "/sections@digest_sim_bot") }), "✅ Tools")
		})
	}
}
