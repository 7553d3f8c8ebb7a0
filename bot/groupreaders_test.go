package bot_test

import (
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
)

// friends is a group of Ann, its owner, and of Li and Bea, in which the bot is a
// member.
func (w *world) friends() (group *telegramsim.Chat, bea *telegramsim.Person) {
	w.t.Helper()
	bea = w.sim.NewPerson("Bea", telegramsim.Language("en"))
	group = w.sim.NewSupergroup("Friends", w.ann, w.li, bea)
	w.said(group, func() { group.AddBot(w.ann) })
	return group, bea
}

// open follows a link to the private chat with the bot and presses Start there.
func (w *world) open(p *telegramsim.Person, link string) []telegramsim.Message {
	w.t.Helper()
	payload, ok := strings.CutPrefix(link, "https://t.me/digest_sim_bot?start=")
	if !ok {
		w.t.Fatalf("the link is %q, want one to the private chat", link)
	}
	return w.said(p.Chat(), func() { p.Open(payload) })
}

// A member who asks for a whole issue in a group does not get it there: a line
// leads to the private chat, which has it.
func TestMemberIsSentToThePrivateChatForAnIssue(t *testing.T) {
	for _, command := range []string{"/latest@digest_sim_bot", "/issue@digest_sim_bot 179", "/start@digest_sim_bot issue_179"} {
		t.Run(command, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.issue(178, "News", "Tools")
				w.issue(179, "News", "Tools")
				group, bea := w.friends()
				club := w.club()
				for _, answer := range []telegramsim.Message{
					w.one(group, func() { w.li.WriteIn(group, command) }),
					w.oneEphemeral(w.li, club, func() { w.li.WriteIn(club, command) }),
				} {
					wantText(t, answer, "只有这里的管理员", "整期内容")
					wantLabels(t, answer, "📰 私聊阅读")
				}
				answer := w.one(group, func() { bea.WriteIn(group, command) })
				wantText(t, answer, "Only admins of this chat", "whole issue")
				there, _ := answer.Button("📰 Read it in private")
				wantHeadings(t, w.open(bea, there.URL), "Weekly <179>", "News · № 179", "Tools · № 179")
				w.delivered(group, 2, func() { w.ann.WriteIn(group, command) })
			})
		})
	}
}

// Buttons for whole issues open the private chat of a member, and the group
// does not hear of it.
func TestMemberIsSentToThePrivateChatByButtons(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(178, "Old")
		w.issue(179, "News")
		group, bea := w.friends()
		list := w.one(group, func() { bea.WriteIn(group, "/issues@digest_sim_bot") })
		wantText(t, list, "admins get it here, everybody else in private")
		subscribed := w.one(group, func() { w.ann.WriteIn(group, "/subscribe") })
		for _, test := range []struct {
			m            telegramsim.Message
			button, want string
		}{
			{list, "178", "Old · № 178"}, {subscribed, "📰 Latest issue", "🆕 News · № 179"},
		} {
			var answer telegramsim.Answer
			if said := w.said(group, func() { answer, _ = w.press(bea, test.m, test.button) }); len(said) != 0 {
				t.Errorf("%s made the bot say %q in the group, want nothing", test.button, texts(said))
			}
			if answer.Text != "" { // apps show that and open nothing
				t.Errorf("%s is answered by %q, want a link alone", test.button, answer.Text)
			}
			got := headings(w.open(bea, answer.URL))
			if len(got) != 2 || got[1] != test.want {
				t.Errorf("%s leads to %q, want the issue with %q", test.button, got, test.want)
			}
			w.delivered(group, 1, func() { w.press(w.ann, test.m, test.button) })
		}
	})
}

// Members who ask for an issue that the group has are told so; admins can have it sent
// again.
func TestMemberAsksForWhatTheGroupHas(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		group, bea := w.friends()
		w.delivered(group, 1, func() { w.ann.WriteIn(group, "/latest") })
		w.pass(time.Minute)
		answer := w.one(group, func() { w.li.WriteIn(group, "/latest") })
		wantText(t, answer, "已经发到这里了")
		wantLabels(t, answer, "📰 私聊阅读")
		wantText(t, w.one(group, func() { bea.WriteIn(group, "/issue 179") }), "already in this chat")
		w.delivered(group, 1, func() { w.ann.WriteIn(group, "/latest") })
	})
}

// Single sections, the list of issues and searches stay open to all.
func TestMembersReadSections(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(178, "Old")
		w.issue(179, "News", "Newsletters")
		group, bea := w.friends()
		wantText(t, w.one(group, func() { bea.WriteIn(group, "/latest@digest_sim_bot newsl") }), "About Newsletters")
		which := w.one(group, func() { bea.WriteIn(group, "/latest@digest_sim_bot new") })
		wantText(t, w.one(group, func() { w.press(w.li, which, "News") }), "About News")
		wantRow(t, w.one(group, func() { bea.WriteIn(group, "/issues@digest_sim_bot") }), "179 | 178")
		wantText(t, w.one(group, func() { bea.WriteIn(group, "/search@digest_sim_bot old") }), "About Old")
	})
}

// A member whose rights cannot be checked is told so, after a command and after a press.
func TestIssueWhileRightsCannotBeChecked(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		group, _ := w.friends()
		list := w.one(group, func() { w.ann.WriteIn(group, "/issues") })
		w.pass(time.Minute)
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.ServerError, Methods: []string{"getChatAdministrators"}, Times: 2})
		wantText(t, w.one(group, func() { w.ann.WriteIn(group, "/latest") }), "could not check")
		answer, _ := w.press(w.ann, list, "179")
		wantPopup(t, answer, "could not check")
		w.delivered(group, 1, func() { w.press(w.ann, list, "179") })
	})
}

// A person who writes in the name of a channel is not known to be an admin; one who
// writes in the name of the group is.
func TestIssueForAnonymousPeople(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		group, _ := w.friends()
		own := w.sim.NewChannel("Li's", w.li)
		answer := w.one(group, func() { w.li.WriteAs(own, group, "/latest") })
		wantText(t, answer, "Only admins of this chat")
		group.Promote(w.li, telegramsim.AllRights(), true)
		w.delivered(group, 1, func() { w.li.WriteIn(group, "/latest") })
	})
}

// A reader who comes by a link to one issue finds out how to get all of them.
func TestGuestsCanSubscribe(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		for _, test := range []struct {
			by    *telegramsim.Person
			label string
		}{{w.ann, "🔔 Subscribe"}, {w.li, "🔔 订阅"}} {
			said := w.said(test.by.Chat(), func() { test.by.Write("/start issue_179") })
			last := said[len(said)-1]
			b, ok := last.Button(test.label)
			if !ok || b.URL != "https://t.me/digest_sim_bot?start=subscribe" {
				t.Errorf("under the issue are %q, want a link to subscribe", labels(last))
			}
			w.tell(test.by, "/start subscribe")
			w.wantState(test.by.ID(), "on")
		}
	})
}

// A page of the archive in a group is in the group's language, no matter which member
// turns it.
func TestPagesOfAGroupKeepItsLanguage(t *testing.T) {
	inWorld(t, func(w *world) {
		for number := 160; number < 180; number++ {
			w.issue(number, "News")
		}
		group := w.club()
		w.said(group, func() { w.ann.WriteIn(group, "/subscribe") })
		m := w.one(group, func() { w.ann.WriteIn(group, "/issues") })
		_, m = w.press(w.li, m, "▶️")
		wantText(t, m, "The archive: 20 issues")
		m = w.one(group, func() { w.ann.WriteIn(group, "/search About") })
		before := m.Text
		_, m = w.press(w.li, m, "▶️")
		_, m = w.press(w.li, m, "◀️")
		if m.Text != before {
			t.Errorf("after turning the page and back the message is %q, was %q", m.Text, before)
		}
	})
}

func TestWhatLooksLikeACommandIsAnswered(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		for range 2 {
			wantText(t, w.tell(w.li, "/搜索"), "搜索全部往期")
			wantText(t, w.tell(w.li, "/图书"), "没有找到与 图书 相关的内容")
			wantText(t, w.tell(w.ann, "//"), "/help")
		}
	})
}
