package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"digestbot/bot/replies"
	"digestbot/bot/telegramsim"
)

// editorsWorld is a world in which readers may reply to editors, who are in a group.
type editorsWorld struct {
	*world
	bea   *telegramsim.Person // an editor, as all in the group
	group *telegramsim.Chat
	issue []telegramsim.Message // that Ann has, cover first
}

// withEditors runs test in such a world, with an issue that Ann has got.
func withEditors(t *testing.T, test func(w *editorsWorld)) {
	t.Helper()
	inWorldToStart(t, func(w *world) { test(newEditorsWorld(w, 0)) })
}

// newEditorsWorld starts a world with editors in a group, in a topic of it unless that is 0.
func newEditorsWorld(w *world, topic int) *editorsWorld {
	e := &editorsWorld{world: w, bea: w.sim.NewPerson("Bea", telegramsim.Language("en"))}
	e.group = w.sim.NewForum("Editors", e.bea)
	if topic != 0 {
		topic = e.group.NewTopic(e.bea, "Letters")
	}
	e.group.AddBot(e.bea)
	w.config.Replies = replies.Target{Chat: e.group.ID, Topic: topic}
	w.issue(179, "News", "值得关注")
	w.start()
	w.tell(w.ann, "/subscribe")
	e.issue = w.latest(w.ann)
	if len(e.issue) != 3 {
		w.t.Fatalf("the issue is %q", texts(e.issue))
	}
	return e
}

// passed is what reaches the editors while f runs.
func (w *editorsWorld) passed(f func()) []telegramsim.Message {
	w.t.Helper()
	return w.said(w.group, f)
}

// wantTexts checks what messages say: each has to begin as wanted.
func wantTexts(t testing.TB, got []telegramsim.Message, want ...string) {
	t.Helper()
	ok := len(got) == len(want)
	for i := range min(len(got), len(want)) {
		ok = ok && strings.HasPrefix(got[i].Text, want[i])
	}
	if !ok {
		t.Fatalf("messages are %q, want %q", texts(got), want)
	}
}

const passedOn = "✉️ Passed on to the editors"

func TestReplyAndAnswer(t *testing.T) {
	for _, topic := range []int{0, 1} {
		t.Run(fmt.Sprint(topic), func(t *testing.T) {
			inWorldToStart(t, func(w *world) { replyAndAnswer(newEditorsWorld(w, topic)) })
		})
	}
}

func replyAndAnswer(w *editorsWorld) {
	t := w.t
	var letter telegramsim.Message
	var notice []telegramsim.Message
	got := w.passed(func() {
		notice = w.said(w.ann.Chat(), func() { letter = w.ann.ReplyHTML(w.issue[2], "I <b>like</b> this") })
	})
	wantTexts(t, got, "✉️ Reader ", "I like this")
	wantText(t, got[0], "Weekly <179>", "值得关注")
	if got[1].ReplyTo != got[0].ID || got[1].Thread != w.config.Replies.Topic || got[0].Thread != w.config.Replies.Topic || len(got[1].Entities) != 1 {
		t.Errorf("the copy is %+v", got[1])
	}
	wantLabels(t, got[0], "🔇 Mute this reader")
	wantTexts(t, notice, passedOn)
	if notice[0].ReplyTo != letter.ID {
		t.Errorf("the notice is %+v, want a reply to the letter", notice[0])
	}
	wantLabels(t, notice[0], "↩️ Take it back")

	// The answer, and on and on.
	var answer telegramsim.Message
	back := w.said(w.ann.Chat(), func() { answer = w.bea.Reply(got[1], "Thank you!") })
	wantTexts(t, back, "Thank you!")
	if back[0].ReplyTo != letter.ID {
		t.Errorf("the answer is %+v, want a reply to the letter", back[0])
	}
	more := w.passed(func() { w.ann.Reply(back[0], "You're welcome") })
	wantTexts(t, more, "You're welcome")
	if more[0].ReplyTo != answer.ID {
		t.Errorf("the next letter is %+v, want a reply to the editor's message", more[0])
	}
	wantTexts(t, w.said(w.ann.Chat(), func() { w.bea.Reply(more[0], "Bye") }), "Bye")
	wantTexts(t, w.said(w.ann.Chat(), func() { w.bea.Reply(got[0], "To the header") }), "To the header")
	// Another letter on the same section stands below the same header.
	same := w.passed(func() { w.ann.Reply(w.issue[2], "One more") })
	wantTexts(t, same, "One more")
	if same[0].ReplyTo != got[0].ID {
		t.Errorf("the letter is %+v, want it below the header", same[0])
	}
	other := w.passed(func() { w.ann.ReplyQuote(w.issue[1], "About <News>", "Really?") })
	wantTexts(t, other, "✉️ Reader ", "Really?")
	wantText(t, other[0], "News", "\nAbout <News>")
	if name(got[0]) != name(other[0]) {
		t.Errorf("the reader is called %q and then %q", name(got[0]), name(other[0]))
	}
	// Somebody else has another name.
	w.tell(w.li, "/subscribe")
	lis := w.latest(w.li)
	foreign := w.passed(func() { w.li.Reply(lis[1], "我也喜欢") })
	wantTexts(t, foreign, "✉️ Reader ", "我也喜欢")
	if name(got[0]) == name(foreign[0]) {
		t.Errorf("two readers are called %q", name(got[0]))
	}
	w.wantNoAccounts()
	w.wantAllHandled()
}

// name is what a header calls a reader.
func name(header telegramsim.Message) string {
	fields := strings.Fields(header.Text)
	return strings.Join(fields[2:4], " ")
}

// wantNoAccounts checks that neither side sees who is on the other one, and neither do those
// who read the log or the audit.
func (w *editorsWorld) wantNoAccounts() {
	w.t.Helper()
	of := func(p *telegramsim.Person) []string { return []string{p.Name(), fmt.Sprint(p.ID())} }
	look := func(where string, all []telegramsim.Message, people ...*telegramsim.Person) {
		for _, m := range all {
			for _, p := range people {
				for _, sign := range of(p) {
					if shown := fmt.Sprintf("%s %+v %+v", m.Text, m.Entities, m.Keyboard); strings.Contains(shown, sign) {
						w.t.Errorf("in %s %q shows %s", where, shown, p.Name())
					}
				}
			}
		}
	}
	look("the editors' group", w.group.FromBot(), w.ann, w.li)
	look("Ann's chat", w.ann.Chat().FromBot(), w.bea, w.admin)
	for line := range strings.Lines(w.log.String()) {
		if !strings.Contains(line, "level=DEBUG") && (strings.Contains(line, w.ann.Name()) || strings.Contains(line, "like this")) {
			w.t.Errorf("the log has %q", line)
		}
	}
}

// What is a reply to the editors, and what is not.
func TestWhatIsAReply(t *testing.T) {
	withEditors(t, func(w *editorsWorld) {
		friends := w.groupOfAnn()
		for what, say := range map[string]func(){
			"no reply":           func() { w.ann.Write("hello editors") },
			"a command":          func() { w.ann.Reply(w.issue[1], "/help") },
			"a word":             func() { w.ann.Reply(w.issue[1], "help") },
			"to a help text":     func() { w.ann.Reply(w.tell(w.ann, "/help"), "what?") },
			"to their own words": func() { w.ann.Reply(w.ann.Write("/help"), "what?") },
			"in a group":         func() { w.ann.Reply(w.said(friends, func() { w.ann.WriteIn(friends, "/latest") })[0], "nice") },
		} {
			if got := w.passed(say); len(got) != 0 {
				t.Errorf("%s: the editors get %q", what, texts(got))
			}
		}
		if said := w.tell(w.ann, "no such words"); !strings.Contains(said.Text, "reply to a message of an issue") {
			t.Errorf("the answer to plain words is %q", said.Text)
		}
		// Words that begin like a search, or are a sentence with a command in it, are letters.
		wantTexts(t, w.passed(func() { w.ann.Reply(w.issue[1], "search engines are not mentioned") }), "✉️ Reader ", "search engines are")
		// What has no text.
		wantTexts(t, w.passed(func() { w.ann.ReplySticker(w.issue[1], "🦊") }), "")
		wantTexts(t, w.passed(func() { w.ann.ReplyVoice(w.issue[1]) }), "")
		wantTexts(t, w.passed(func() { w.ann.ReplyAlbum(w.issue[1], "first", "second", "third") }), "first", "second", "third")
		for _, refused := range []func(){
			func() { w.ann.ReplyContact(w.issue[1]) }, func() { w.ann.ReplyQuiz(w.issue[1], "Yes?") },
		} {
			var said []telegramsim.Message
			if got := w.passed(func() { said = w.said(w.ann.Chat(), refused) }); len(got) != 0 {
				t.Errorf("the editors get %q", texts(got))
			}
			wantTexts(t, said, "⚠️ Not passed on")
		}
		if notices := count(w.ann.Chat(), passedOn); notices != 4 {
			t.Errorf("Ann is told %d times that something was passed on, want once a letter and once for the album", notices)
		}
	})
}

// away lets time pass while the bot is off, which is quicker.
func (w *editorsWorld) away(d time.Duration) {
	w.stop()
	time.Sleep(d)
	w.start()
}

// count counts the bot's messages in a chat that begin with a text.
func count(chat *telegramsim.Chat, text string) (n int) {
	for _, m := range chat.FromBot() {
		if !m.Deleted && strings.HasPrefix(m.Text, text) {
			n++
		}
	}
	return n
}

func TestNoRepliesUnlessWanted(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		w.tell(w.ann, "/subscribe")
		said := w.latest(w.ann)
		if got := w.one(w.ann.Chat(), func() { w.ann.Reply(said[1], "hello there") }); strings.Contains(got.Text, "editors") {
			t.Errorf("the answer is %q", got.Text)
		}
		for _, command := range []string{"/help", "/privacy"} {
			if text := w.tell(w.ann, command).Text; strings.Contains(text, "✉️") {
				t.Errorf("%s tells of replies: %q", command, text)
			}
		}
		for _, data := range []string{"1:rback:1", "1:rmute:1:1"} {
			w.forge(w.ann.Chat(), w.ann, said[1], data)
		}
	})
}

func TestRepliesInWords(t *testing.T) {
	withEditors(t, func(w *editorsWorld) {
		for _, command := range []string{"/help", "/privacy"} {
			if text := w.tell(w.ann, command).Text; !strings.Contains(text, "✉️") {
				t.Errorf("%s does not tell of replies: %q", command, text)
			}
		}
		w.group.RemoveBot(w.bea)
		w.ann.Reply(w.issue[1], "Good morning")
		w.pass(time.Minute)
		wantText(t, w.tell(w.admin, "/status"), "✉️ 1 reply of a reader waits", "I am not in the group")
	})
}

func TestEditsOfReplies(t *testing.T) {
	withEditors(t, func(w *editorsWorld) {
		var letter, photo, answer telegramsim.Message
		got := w.passed(func() { letter = w.ann.Reply(w.issue[1], "Good morning") })
		seen := w.passed(func() { photo = w.ann.ReplyPhoto(w.issue[1], "look") })
		back := w.said(w.ann.Chat(), func() { answer = w.bea.Reply(got[1], "Thank you!") })
		before := len(w.ann.Chat().FromBot())
		w.ann.Edit(letter, "hello editors")
		w.ann.Edit(photo, "look here")
		w.bea.Edit(answer, "Many thanks!")
		w.ann.LoadPreview(letter)
		w.settle()
		for _, want := range []struct {
			m    telegramsim.Message
			text string
		}{{got[1], "hello editors"}, {seen[0], "look here"}, {back[0], "Many thanks!"}} {
			if now, _ := w.sim.Chat(want.m.Chat).Message(want.m.ID); now.Text != want.text {
				t.Errorf("the copy is %q, want %q", now.Text, want.text)
			}
		}
		if said := w.ann.Chat().FromBot()[before:]; len(said) != 0 {
			t.Errorf("an edit is answered with %q", texts(said))
		}
		// So many edits are too many; none is left behind, and the group is not flooded.
		for i := range 40 {
			w.ann.Edit(letter, fmt.Sprint("edit ", i))
			w.pass(time.Second)
		}
		w.pass(2 * time.Minute)
		if now, _ := w.group.Message(got[1].ID); now.Edits > 25 {
			t.Errorf("the copy was edited %d times", now.Edits)
		}
		if waiting, err := w.store.Replies.Changed(w.t.Context(), 9); err != nil || len(waiting) != 0 {
			t.Errorf("edits that wait: %+v, %v", waiting, err)
		}
	})
}

func TestTakeBackReply(t *testing.T) {
	withEditors(t, func(w *editorsWorld) {
		var notice []telegramsim.Message
		got := w.passed(func() { notice = w.said(w.ann.Chat(), func() { w.ann.Reply(w.issue[1], "oh no") }) })
		w.tell(w.li, "/subscribe")
		// A forged press does nothing to somebody else's letter.
		answer, _ := w.afterwards(w.li.PressData(w.li.Chat().FromBot()[0], notice[0].Keyboard[0][0].CallbackData), w.li.Chat().FromBot()[0])
		wantPopup(t, answer, "这个按钮已经过期")
		if m, _ := w.group.Message(got[1].ID); m.Deleted {
			t.Fatal("Li took Ann's letter back")
		}
		answer, now := w.press(w.ann, notice[0], "↩️ Take it back")
		wantPopup(t, answer, "Taken back")
		wantText(t, now, "↩️ Taken back.")
		wantLabels(t, now)
		for _, m := range got {
			if m, _ := w.group.Message(m.ID); !m.Deleted {
				t.Errorf("%q is still there", m.Text)
			}
		}
		w.pressOld(w.ann, notice[0], "Taken back")
		// After two days Telegram deletes nothing.
		got = w.passed(func() { notice = w.said(w.ann.Chat(), func() { w.ann.Reply(w.issue[1], "hm") }) })
		w.pass(49 * time.Hour)
		answer, _ = w.press(w.ann, notice[0], "↩️ Take it back")
		wantPopup(t, answer, "Telegram lets me delete it only within 48 hours.")
		if m, _ := w.group.Message(got[1].ID); m.Deleted {
			t.Error("the copy is deleted")
		}
		// An album goes as a whole.
		got = w.passed(func() { notice = w.said(w.ann.Chat(), func() { w.ann.ReplyAlbum(w.issue[1], "a", "b") }) })
		w.press(w.ann, notice[0], "↩️ Take it back")
		for _, m := range got {
			if m, _ := w.group.Message(m.ID); !m.Deleted {
				t.Errorf("%q of the album is still there", m.Text)
			}
		}
	})
}

// pressOld presses a button of an old copy of a message.
func (w *editorsWorld) pressOld(p *telegramsim.Person, old telegramsim.Message, want string) {
	w.t.Helper()
	answer, _ := w.afterwards(p.PressData(old, old.Keyboard[0][0].CallbackData), old)
	wantPopup(w.t, answer, want)
}

func TestMuteReader(t *testing.T) {
	withEditors(t, func(w *editorsWorld) {
		got := w.passed(func() { w.ann.Reply(w.issue[1], "buy my coins") })
		mute := got[0].Keyboard[0][0].CallbackData
		// Not by the reader, nor by an admin of the bot elsewhere.
		w.forge(w.ann.Chat(), w.ann, w.issue[1], mute)
		w.forge(w.admin.Chat(), w.admin, w.tell(w.admin, "/help"), mute)
		wantTexts(t, w.passed(func() { w.ann.Reply(w.issue[1], "still here") }), "still here")
		answer, header := w.press(w.bea, got[0], "🔇 Mute this reader")
		wantPopup(t, answer, "🔇 No more replies")
		wantLabels(t, header, "🔊 Take replies again")
		var said []telegramsim.Message
		if got := w.passed(func() {
			said = w.said(w.ann.Chat(), func() { w.ann.Reply(w.issue[1], "coins!"); w.ann.Reply(w.issue[1], "coins!!") })
		}); len(got) != 0 {
			t.Errorf("the editors get %q", texts(got))
		}
		wantTexts(t, said, "The editors take no replies from you")
		audit := w.tell(w.admin, "/audit").Text
		if !strings.Contains(audit, "muted the reader "+name(got[0])) || strings.Contains(audit, "Ann") || strings.Contains(audit, fmt.Sprint(w.ann.ID())) {
			t.Errorf("the audit is %q", audit)
		}
		answer, header = w.press(w.bea, header, "🔊 Take replies again")
		wantPopup(t, answer, "🔊 Replies from this reader come again.")
		wantLabels(t, header, "🔇 Mute this reader")
		wantTexts(t, w.passed(func() { w.ann.Reply(w.issue[1], "sorry") }), "sorry")
		// What waits when they are muted does not come either.
		w.group.MuteBot(w.bea)
		w.ann.Reply(w.issue[1], "coins again")
		w.pass(time.Minute)
		w.press(w.bea, header, "🔇 Mute this reader")
		w.group.DemoteBot(w.bea)
		w.pass(3 * time.Minute)
		if count(w.group, "coins again") != 0 || count(w.ann.Chat(), "The editors take no replies from you") != 2 {
			t.Errorf("the editors have %q, Ann is told %q", texts(w.group.FromBot()), texts(w.ann.Chat().FromBot()))
		}
	})
}

// Who has blocked the bot gets no answer, and the editor hears of it where they wrote.
func TestAnswerToABlocker(t *testing.T) {
	withEditors(t, func(w *editorsWorld) {
		got := w.passed(func() { w.ann.Reply(w.issue[1], "bye") })
		w.ann.Block()
		var answer telegramsim.Message
		said := w.passed(func() { answer = w.bea.Reply(got[1], "Wait!") })
		wantTexts(t, said, "⚠️ The reader has blocked me")
		if said[0].ReplyTo != answer.ID {
			t.Errorf("the editor is told in %+v", said[0])
		}
		// What cannot be copied.
		w.ann.Unblock()
		wantTexts(t, w.passed(func() { w.bea.ReplyQuiz(got[1], "Yes?") }), "⚠️ Not passed on")
		wantTexts(t, w.said(w.ann.Chat(), func() { w.bea.Reply(got[1], "Hello again") }), "Hello again")
	})
}

// Anonymous admins and those who write as a channel answer as well; what is not a reply to a
// letter is none of the bot's business.
func TestWhoAnswers(t *testing.T) {
	withEditors(t, func(w *editorsWorld) {
		got := w.passed(func() { w.ann.Reply(w.issue[1], "Good morning") })
		channel := w.sim.NewChannel("Bea's", w.bea)
		wantTexts(t, w.said(w.ann.Chat(), func() { w.bea.ReplyAs(channel, got[1], "As a channel") }), "As a channel")
		w.group.Promote(w.bea, telegramsim.AllRights(), true)
		wantTexts(t, w.said(w.ann.Chat(), func() { w.bea.Reply(got[1], "Anonymous") }), "Anonymous")
		before := len(w.ann.Chat().FromBot())
		w.group.PromoteBot(w.bea, telegramsim.AllRights())
		w.bea.Reply(w.bea.WriteIn(w.group, "What do we say?"), "Nothing")
		w.bea.Reply(got[1], "/help")
		w.settle()
		if said := w.ann.Chat().FromBot()[before:]; len(said) != 0 {
			t.Errorf("Ann gets %q", texts(said))
		}
		w.wantNoAccounts()
	})
}

// /forget deletes what links a reader to a name, and the copies.
func TestForgetDeletesReplies(t *testing.T) {
	withEditors(t, func(w *editorsWorld) {
		got := w.passed(func() { w.ann.Reply(w.issue[1], "Good morning") })
		if _, err := w.ann.Press(w.tell(w.ann, "/forget"), "🗑 Delete everything"); err != nil {
			t.Fatal(err)
		}
		w.settle()
		for _, m := range got {
			if m, _ := w.group.Message(m.ID); !m.Deleted {
				t.Errorf("%q is still there", m.Text)
			}
		}
		before := len(w.ann.Chat().FromBot())
		w.bea.Reply(got[1], "hello back")
		w.settle()
		if said := w.ann.Chat().FromBot()[before:]; len(said) != 0 {
			t.Errorf("Ann gets %q", texts(said))
		}
		answer, _ := w.afterwards(w.bea.PressData(got[0], got[0].Keyboard[0][0].CallbackData), got[0])
		if answer.Text != "This button is out of date. Send /help to see what I can do." {
			wantPopup(t, answer, "It is not known any more who this was")
		}
	})
}

// After four weeks nobody can answer, and nobody knows who it was.
func TestRepliesEnd(t *testing.T) {
	withEditors(t, func(w *editorsWorld) {
		got := w.passed(func() { w.ann.Reply(w.issue[1], "Good morning") })
		w.away(27 * 24 * time.Hour)
		wantTexts(t, w.said(w.ann.Chat(), func() { w.bea.Reply(got[1], "late, but not too late") }), "late")
		w.away(29 * 24 * time.Hour)
		before := len(w.ann.Chat().FromBot())
		w.bea.Reply(got[1], "too late")
		wantTexts(t, w.passed(func() { w.bea.Reply(got[0], "too late as well") }), "It is not known any more who this was")
		answer, _ := w.press(w.bea, got[0], "🔇 Mute this reader")
		wantPopup(t, answer, "It is not known any more who this was")
		for _, m := range w.ann.Chat().FromBot()[before:] {
			if strings.Contains(m.Text, "late") {
				t.Errorf("Ann gets %q", m.Text)
			}
		}
	})
}
