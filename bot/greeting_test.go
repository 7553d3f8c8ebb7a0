package bot_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/text/language"

	"digestbot/bot/talk"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// The greeting of a group has buttons. Only admins subscribe with them; a member is led to
// the private chat, and everybody may ask what the bot is.
func TestGreetingHasButtons(t *testing.T) {
	inWorldWith(t, sentences, func(w *world) {
		w.issue(179, "News", "Tools")
		group := w.sim.NewSupergroup("Friends", w.ann, w.li)
		m := w.one(group, func() { group.AddBot(w.ann) })
		wantLabels(t, m, "🔔 Subscribe here", "❓ What is this?")

		answer, now := w.press(w.li, m, "🔔 Subscribe here")
		wantLink(t, answer, "subscribe")
		if now.Edits != 0 {
			t.Errorf("a member's press changed the greeting to %q", now.Text)
		}
		w.wantState(group.ID, subscribers.Off)
		answer, now = w.press(w.li, m, "❓ What is this?")
		wantPopup(t, answer, "Digest会把每一期内容发到这里")
		wantPopup(t, answer, "来自花园的信")
		if now.Edits != 0 || !answer.Alert {
			t.Errorf("the question was answered with %+v, and changed the greeting to %q", answer, now.Text)
		}
		_, now = w.press(w.ann, m, "🔔 Subscribe here")
		wantText(t, now, "Subscribed.")
		w.wantState(group.ID, subscribers.On)
		w.forge(group, w.li, now, "1:what", "1:else")
	})
}

// forge has a person send data of buttons that are not there, which must change nothing.
func (w *world) forge(chat *telegramsim.Chat, by *telegramsim.Person, under telegramsim.Message, data ...string) {
	w.t.Helper()
	for _, data := range data {
		said := w.said(chat, func() {
			answer, now := w.afterwards(by.PressData(under, data), under)
			if !answer.Alert || now.Edits != under.Edits || now.Text != under.Text {
				w.t.Errorf("the forged press %s got %+v, and the message is %q", data, answer, now.Text)
			}
		})
		if len(said) != 0 {
			w.t.Errorf("the forged press %s made the bot say %q", data, texts(said))
		}
	}
}

// A popup has at most 200 characters, however much the operator says of the bot.
func TestWhatIsThisFitsIntoAPopup(t *testing.T) {
	long := talk.Sentences{language.Und: strings.Repeat("A letter 🌱 from the garden. ", 9)}
	inWorldWith(t, long, func(w *world) {
		group := w.sim.NewGroup("Friends", w.ann)
		m := w.one(group, func() { group.AddBot(w.ann) })
		answer, _ := w.press(w.ann, m, "❓ What is this?")
		wantPopup(t, answer, "Digest brings every new issue")
		wantPopup(t, answer, "A letter 🌱")
	})
}

// In a forum "here" is the topic in which the greeting stands, and a button says how to
// choose another.
func TestGreetingInAForum(t *testing.T) {
	inWorld(t, func(w *world) {
		forum := w.sim.NewForum("Club", w.ann, w.li)
		m := w.one(forum, func() { forum.AddBot(w.ann) })
		wantLabels(t, m, "🔔 Subscribe here", "🧵 In a topic | ❓ What is this?")
		answer, _ := w.press(w.li, m, "🧵 In a topic")
		wantPopup(t, answer, "在那里发送 /subscribe")
		_, now := w.press(w.ann, m, "🔔 Subscribe here")
		wantText(t, now, "Subscribed.")
		w.wantState(forum.ID, subscribers.On)

		topic := forum.NewTopic(w.ann, "Reading")
		m = w.one(forum, func() { w.li.WriteInTopic(forum, topic, "/start") })
		wantLabels(t, m, "🔔 在此话题订阅", "🧵 换个话题 | ❓ 这是什么？")
		answer, _ = w.press(w.li, m, "🔔 在此话题订阅")
		wantLink(t, answer, "subscribe")
		_, now = w.press(w.ann, m, "🔔 在此话题订阅")
		wantText(t, now, "Subscribed.")
		if got := w.state(forum.ID, topic); got != subscribers.On {
			t.Errorf("the topic is %q, want on", got)
		}
	})
}

// Where the bot comes as an admin, only the person who let it in sees the greeting, and
// what becomes of it.
func TestGreetingOfAnAdminBotIsSeenByItsHost(t *testing.T) {
	inWorld(t, func(w *world) {
		group := w.sim.NewSupergroup("Friends", w.ann, w.li)
		m := w.oneEphemeral(w.ann, group, func() { group.PromoteBot(w.ann, telegramsim.AllRights()) })
		wantText(t, m, "Hello, this is Digest!")
		wantLabels(t, m, "🔔 Subscribe here", "❓ What is this?")
		if answer, _ := w.afterwards(w.li.PressData(m, "1:sub"), m); !answer.Alert {
			t.Errorf("another member's press got %+v, want an alert", answer)
		}
		w.wantState(group.ID, "")
		_, now := w.pressEphemeral(w.ann, m, "🔔 Subscribe here")
		wantText(t, now, "Subscribed.")
		w.wantState(group.ID, subscribers.On)
		if said := group.FromBot(); len(said) != 0 {
			t.Errorf("everybody reads %q, want nothing", texts(said))
		}
	})
}

// A server that knows no ephemeral messages posts the greeting for everybody.
func TestGreetingOfAnAdminBotOnAnOlderServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(o *telegramsim.Options) { o.WithoutEphemeral = true })
		w.start()
		group := w.sim.NewSupergroup("Friends", w.ann, w.li)
		m := w.one(group, func() { group.PromoteBot(w.ann, telegramsim.AllRights()) })
		_, now := w.press(w.ann, m, "🔔 Subscribe here")
		wantText(t, now, "Subscribed.")
	})
}

// Apps send /start right after the greeting: it gets no second one. The link that adds the
// bot to a group subscribes it at once if that is an admin's.
func TestStartOfAGroupLink(t *testing.T) {
	inWorld(t, func(w *world) {
		for _, by := range []*telegramsim.Person{w.ann, w.li} {
			group := w.sim.NewSupergroup("Friends", w.ann, w.li)
			greeting := w.one(group, func() {
				group.AddBot(by)
				by.WriteIn(group, "/start@digest_sim_bot")
			})
			w.one(group, func() { by.WriteIn(group, "/start@digest_sim_bot issue_1") })
			w.pass(time.Minute)
			w.one(group, func() { by.WriteIn(group, "/start@digest_sim_bot") })
			w.wantState(group.ID, subscribers.Off)
			if now, _ := group.Message(greeting.ID); now.Edits != 0 {
				t.Errorf("the greeting became %q", now.Text)
			}
		}
		group := w.sim.NewSupergroup("Friends", w.ann, w.li)
		m := w.one(group, func() {
			group.AddBot(w.ann)
			w.ann.WriteIn(group, "/start@digest_sim_bot subscribe")
		})
		now, _ := group.Message(m.ID)
		wantText(t, now, "Subscribed.")
		w.wantState(group.ID, subscribers.On)
		wantText(t, w.one(group, func() { w.ann.WriteIn(group, "/start@digest_sim_bot subscribe") }), "already subscribed")

		// A member can add the bot, but not subscribe the group.
		other := w.sim.NewSupergroup("Others", w.ann, w.li)
		said := w.said(other, func() {
			other.AddBot(w.li)
			w.li.WriteIn(other, "/start@digest_sim_bot subscribe")
		})
		if len(said) != 2 {
			t.Fatalf("the bot said %q, want the greeting and a refusal", texts(said))
		}
		wantText(t, said[1], "只有这里的管理员才能修改")
		wantLabels(t, said[1], "🔔 私聊接收")
		w.wantState(other.ID, subscribers.Off)
	})
}

// A group that the bot returns to hears that once, too.
func TestStartOfAGroupThatHadTheBot(t *testing.T) {
	inWorld(t, func(w *world) {
		group := w.groupOfAnn()
		w.said(group, func() { w.ann.WriteIn(group, "/subscribe") })
		group.RemoveBot(w.ann)
		w.pass(time.Minute)
		m := w.one(group, func() {
			group.AddBot(w.ann)
			w.ann.WriteIn(group, "/start@digest_sim_bot")
		})
		wantText(t, m, "Good to be back!")
		w.wantState(group.ID, subscribers.On)
	})
}

// A member who may not is offered issues in private, alone where the bot may do that.
func TestMemberIsOfferedIssuesInPrivate(t *testing.T) {
	for _, command := range []string{"/subscribe", "/unsubscribe", "/sections", "/settings", "/topics", "/pause 3w", "/forget", "/start@digest_sim_bot subscribe"} {
		t.Run(command, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.issue(179, "News", "Tools")
				group, club := w.groupOfAnn(), w.club()
				group.Join(w.li)
				w.pass(time.Minute)
				for _, answer := range []telegramsim.Message{
					w.one(group, func() { w.li.WriteIn(group, command) }),
					w.oneEphemeral(w.li, club, func() { w.li.WriteIn(club, command) }),
				} {
					wantText(t, answer, "只有这里的管理员才能修改。在私聊中，你可以自己选择。")
					wantLabels(t, answer, "🔔 私聊接收")
					there, _ := answer.Button("🔔 私聊接收")
					if want := "https://t.me/digest_sim_bot?start=subscribe"; there.URL != want {
						t.Errorf("the button leads to %q, want %q", there.URL, want)
					}
				}
				// Nobody is left without a word because rights cannot be checked.
				w.pass(time.Minute)
				w.sim.Inject(telegramsim.Fault{Kind: telegramsim.ServerError, Methods: []string{"getChatAdministrators"}, Times: 1})
				answer := w.one(group, func() { w.li.WriteIn(group, command) })
				wantText(t, answer, "暂时无法核实管理员身份")
				wantLabels(t, answer)
			})
		})
	}
}
