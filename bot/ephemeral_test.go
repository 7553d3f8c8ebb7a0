package bot_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/telegramsim"
)

// ephemeral returns the messages of the bot that only one person in a chat sees, sent
// while f runs.
func (w *world) ephemeral(p *telegramsim.Person, chat *telegramsim.Chat, f func()) []telegramsim.Message {
	w.t.Helper()
	only := func() []telegramsim.Message {
		return slices.DeleteFunc(chat.SeenBy(p), func(m telegramsim.Message) bool { return m.Ephemeral == 0 || !m.Mine() })
	}
	before := len(only())
	if said := w.said(chat, f); len(said) != 0 {
		w.t.Fatalf("everybody reads %q, want it for one only", texts(said))
	}
	return only()[before:]
}

// oneEphemeral is ephemeral for exactly one message.
func (w *world) oneEphemeral(p *telegramsim.Person, chat *telegramsim.Chat, f func()) telegramsim.Message {
	w.t.Helper()
	said := w.ephemeral(p, chat, f)
	if len(said) != 1 {
		w.t.Fatalf("the bot said %q to one member, want one message", texts(said))
	}
	return said[0]
}

// oneFor is one for a message that the bot sends to everybody or to a person alone.
func (w *world) oneFor(p *telegramsim.Person, chat *telegramsim.Chat, f func()) telegramsim.Message {
	w.t.Helper()
	seen := func() []telegramsim.Message {
		return slices.DeleteFunc(chat.SeenBy(p), func(m telegramsim.Message) bool { return !m.Mine() })
	}
	before := seen()
	f()
	w.settle()
	fresh := slices.DeleteFunc(seen(), func(m telegramsim.Message) bool {
		return slices.ContainsFunc(before, func(old telegramsim.Message) bool { return old.ID == m.ID && old.Ephemeral == m.Ephemeral })
	})
	if len(fresh) != 1 {
		w.t.Fatalf("the bot said %q, want one message", texts(fresh))
	}
	return fresh[0]
}

// pressEphemeral is press for an ephemeral message.
func (w *world) pressEphemeral(p *telegramsim.Person, m telegramsim.Message, button string) (telegramsim.Answer, telegramsim.Message) {
	w.t.Helper()
	q, err := p.Press(m, button)
	if err != nil {
		w.t.Fatalf("%v; the message is %q with %v", err, m.Text, labels(m))
	}
	answer, _ := w.afterwards(q, m)
	now, _ := w.sim.Chat(m.Chat).Ephemeral(m.Ephemeral)
	return answer, now
}

// club is a supergroup of Ann, its owner, and Li in which the bot is an admin.
func (w *world) club() *telegramsim.Chat {
	w.t.Helper()
	group := w.sim.NewSupergroup("Club", w.ann, w.li)
	w.said(group, func() { group.AddBot(w.ann) })
	group.PromoteBot(w.ann, telegramsim.AllRights())
	w.settle()
	return group
}

func TestSettingsAreSeenByWhoAsked(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		group := w.club()
		group.Promote(w.li, telegramsim.AllRights(), false)
		for _, test := range []struct {
			by            *telegramsim.Person
			title, closed string
			done          string
		}{
			{w.ann, "Your sections", "1 of 2 sections are on", "Done"},
			{w.li, "栏目设置", "已开启 2/2 个栏目", "完成"},
		} {
			m := w.oneEphemeral(test.by, group, func() { test.by.WriteEphemeral(group, "/sections") })
			wantText(t, m, test.title)
			mark, now := "✅", telegramsim.Message{}
			if test.by == w.li {
				mark = "⬜"
			}
			_, now = w.pressEphemeral(test.by, m, mark+" Tools")
			if got := now.Edits; got != 1 {
				t.Errorf("the keyboard was edited %d times, want in place", got)
			}
			_, now = w.pressEphemeral(test.by, now, test.done)
			wantText(t, now, test.closed)
		}
	})
}

func TestPressOnSomebodyElsesEphemeralKeyboard(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		group := w.club()
		m := w.oneEphemeral(w.ann, group, func() { w.ann.WriteEphemeral(group, "/sections") })
		forge := func(want string) {
			t.Helper()
			answer, now := w.pressEphemeral(w.li, m, "✅ Tools")
			wantText(t, telegramsim.Message{Text: answer.Text}, want)
			if !answer.Alert || now.Edits != 0 {
				t.Errorf("the press got %+v and edited %d times", answer, now.Edits)
			}
			for _, seen := range group.SeenBy(w.li) {
				if seen.Ephemeral != 0 {
					t.Errorf("the stranger to the keyboard sees %q", seen.Text)
				}
			}
		}
		forge("这个按钮已经过期")
		group.Promote(w.li, telegramsim.AllRights(), false) // an admin neither
		w.pass(time.Minute)
		forge("这个按钮已经过期")
		again := w.oneEphemeral(w.ann, group, func() { w.ann.WriteEphemeral(group, "/sections") })
		wantRow(t, again, "✅ Tools")
	})
}

func TestDemotedAdminsEphemeralKeyboard(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		group := w.club()
		group.Promote(w.li, telegramsim.AllRights(), false)
		m := w.oneEphemeral(w.li, group, func() { w.li.WriteEphemeral(group, "/sections") })
		group.Demote(w.li)
		w.pass(time.Minute)
		answer, now := w.pressEphemeral(w.li, m, "✅ Tools")
		wantText(t, telegramsim.Message{Text: answer.Text}, "只有这里的管理员才能修改")
		wantRow(t, now, "✅ Tools")
	})
}

// An app that knows no ephemeral messages shows nothing: so an open command gets an open
// answer, even where the bot may send ephemeral ones. A refusal is the exception.
func TestWhatCameOpenlyIsAnsweredOpenly(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		group := w.club()
		for _, command := range []string{"/settings", "/sections", "/topics", "/forget"} {
			w.one(group, func() { w.ann.WriteIn(group, command) })
		}
		m := w.one(group, func() { w.ann.WriteIn(group, "/subscribe") })
		settings := w.one(group, func() { w.press(w.ann, m, "🗂 Sections") })
		_, now := w.press(w.ann, settings, "✅ Tools")
		wantRow(t, now, "⬜ Tools")
		for _, p := range []*telegramsim.Person{w.ann, w.li} {
			for _, seen := range group.SeenBy(p) {
				if seen.Ephemeral != 0 {
					t.Errorf("%s alone sees %q", p.Name(), seen.Text)
				}
			}
		}
	})
}

// An ephemeral message that Telegram deletes at once was not for everybody: the
// next one is tried.
func TestEphemeralMessageThatIsDeletedAtOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		group := w.club()
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: telegramsim.DeletedAtOnce, Times: 1})
		if said := w.ephemeral(w.ann, group, func() { w.ann.WriteEphemeral(group, "/sections") }); len(said) != 0 {
			t.Errorf("the bot said %q, want nothing more", texts(said))
		}
		w.oneEphemeral(w.ann, group, func() { w.ann.WriteEphemeral(group, "/sections") })
	})
}

// An anonymous admin's press comes in the person's own name.
func TestAnonymousAdminPresses(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		group := w.club()
		group.Promote(w.li, telegramsim.AllRights(), true)
		m := w.one(group, func() { w.li.WriteIn(group, "/sections") }) // no person to send an ephemeral message to
		_, now := w.press(w.li, m, "✅ Tools")
		wantRow(t, now, "⬜ Tools")
		eve := w.sim.NewPerson("Eve", telegramsim.Language("en"))
		group.Join(eve)
		answer, now := w.press(eve, now, "⬜ Tools")
		if !answer.Alert {
			t.Errorf("a member's press got %+v, want an alert", answer)
		}
		wantRow(t, now, "⬜ Tools")
	})
}

// The menu declares the settings commands ephemeral: then also the command is
// seen by the bot only, and the bot need not be an admin to answer likewise.
func TestEphemeralCommand(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		group := w.sim.NewSupergroup("Friends", w.ann, w.li)
		w.said(group, func() { group.AddBot(w.ann) })
		m := w.oneEphemeral(w.ann, group, func() {
			if m := w.ann.WriteEphemeral(group, "/sections"); m.Ephemeral == 0 {
				t.Error("the menu does not declare /sections ephemeral")
			}
		})
		_, now := w.pressEphemeral(w.ann, m, "✅ Tools")
		wantRow(t, now, "⬜ Tools")
		wantText(t, w.oneEphemeral(w.ann, group, func() { w.ann.WriteEphemeral(group, "/topics") }), "groups that have topics")
		if m := w.li.WriteEphemeral(group, "/sections"); m.Ephemeral != 0 {
			t.Error("members have the admins' menu")
		}
		w.settle()
		// An error is also told only to the person who asked.
		w.breakTable("muted_sections")
		wantText(t, w.oneEphemeral(w.ann, group, func() { w.ann.WriteEphemeral(group, "/sections") }), "Something went wrong")
	})
}

// A bot that may not send an ephemeral message of its own accord tries once, and
// again when its standing in the group changes.
func TestEphemeralIsNotTriedEachTime(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		group := w.groupOfAnn()
		late := telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: telegramsim.NotACommand, Methods: []string{"sendMessage"}, Times: 1}
		for range 3 {
			w.sim.Inject(late)
			w.one(group, func() { w.ann.WriteEphemeral(group, "/sections") })
		}
		if got := strings.Count(w.log.String(), "an ephemeral message is refused"); got != 4 {
			t.Errorf("the bot tried %d times, want three times by right of the command and once of its own accord", got)
		}
		group.PromoteBot(w.ann, telegramsim.AllRights())
		w.settle()
		w.sim.Inject(late)
		w.oneEphemeral(w.ann, group, func() { w.ann.WriteEphemeral(group, "/sections") })
	})
}

func TestOlderServerKnowsNoEphemeralMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(o *telegramsim.Options) { o.WithoutEphemeral = true })
		w.issue(179, "News", "Tools")
		w.start()
		group := w.club()
		m := w.one(group, func() { w.ann.WriteIn(group, "/sections") })
		_, now := w.press(w.ann, m, "✅ Tools")
		wantRow(t, now, "⬜ Tools")
		if m := w.ann.WriteEphemeral(group, "/sections"); m.Ephemeral != 0 {
			t.Error("an older server has an ephemeral command")
		}
	})
}

// A server of Bot API 10.2 knows ephemeral commands, but posts the answers to
// them for everybody.
func TestServerThatKnowsEphemeralCommandsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(o *telegramsim.Options) { o.WithoutEphemeralParameters = true })
		w.issue(179, "News", "Tools")
		w.start()
		group := w.club()
		for range 2 {
			m := w.one(group, func() {
				if m := w.ann.WriteEphemeral(group, "/sections"); m.Ephemeral == 0 {
					t.Error("the command is not ephemeral")
				}
			})
			_, now := w.press(w.ann, m, m.Keyboard[1][0].Text)
			if now.Edits != 1 {
				t.Errorf("the keyboard was edited %d times, want in place", now.Edits)
			}
		}
		if n := strings.Count(w.log.String(), "knows no ephemeral messages"); n != 1 {
			t.Errorf("the server was found out %d times, want once", n)
		}
	})
}

// Keyboards that Telegram has forgotten, or that come from before a server was
// replaced by an older one, are sent again, and the bot goes on.
func TestEphemeralKeyboardThatFaded(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		group := w.club()
		for _, refusal := range []telegramsim.Refusal{telegramsim.MessageIDInvalid, telegramsim.MethodNotFound, telegramsim.PeerInvalid} {
			m := w.oneEphemeral(w.ann, group, func() { w.ann.WriteEphemeral(group, "/sections") })
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: refusal, Methods: []string{"editEphemeralMessageText"}, Times: 1})
			anew := w.oneEphemeral(w.ann, group, func() { w.pressEphemeral(w.ann, m, "✅ Tools") })
			wantRow(t, anew, "⬜ Tools")
			w.pressEphemeral(w.ann, anew, "⬜ Tools")
		}
		m := w.oneEphemeral(w.ann, group, func() { w.ann.WriteEphemeral(group, "/sections") })
		group.Fade()
		answer, _ := w.pressEphemeral(w.ann, m, "✅ Tools")
		wantText(t, telegramsim.Message{Text: answer.Text}, "out of date")
	})
}

// An answer that comes too late to be ephemeral because of the press is ephemeral if the
// bot is an admin, and else is for everybody.
func TestPressThatIsTooOldForAnEphemeralAnswer(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		group := w.groupOfAnn()
		press := func() {
			m := w.oneEphemeral(w.ann, group, func() { w.ann.WriteEphemeral(group, "/sections") })
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: telegramsim.MessageIDInvalid, Methods: []string{"editEphemeralMessageText"}, Times: 1})
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: telegramsim.QueryTooOld, Methods: []string{"sendMessage"}, Times: 1})
			w.pressEphemeral(w.ann, m, m.Keyboard[0][0].Text)
		}
		wantText(t, w.one(group, press), "Your sections")
		group.PromoteBot(w.ann, telegramsim.AllRights())
		w.settle()
		if said := w.ephemeral(w.ann, group, press); len(said) != 2 {
			t.Errorf("Ann alone sees %q, want the keyboard and one in its place", texts(said))
		}
	})
}

// The refusal of an ephemeral message says nothing about the chat.
func TestRefusedEphemeralMessageDoesNotSwitchTheGroupOff(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		group := w.club()
		w.said(group, func() { w.ann.WriteIn(group, "/subscribe") })
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: telegramsim.PeerInvalid, Methods: []string{"sendMessage"}, Times: 2})
		w.one(group, func() { w.ann.WriteEphemeral(group, "/sections") })
		w.wantState(group.ID, "on")
	})
}
