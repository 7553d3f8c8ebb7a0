package bot_test

import (
	"database/sql"
	"strings"
	"testing"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
)

// breakTable makes what needs a table fail, as a damaged database would.
func (w *world) breakTable(name string) { w.exec("ALTER TABLE " + name + " RENAME TO lost") }

// exec changes the database behind the bot's back.
func (w *world) exec(statement string) {
	w.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+w.path+"?_foreign_keys=off&_busy_timeout=10000")
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(w.t.Context(), statement); err != nil {
		w.t.Fatal(err)
	}
}

func TestTroubleOfOursIsAdmitted(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		m := w.tell(w.li, "/sections")
		w.breakTable("muted_sections")
		wantText(t, w.tell(w.ann, "/sections"), "Something went wrong on my side")
		said := w.said(w.li.Chat(), func() { w.press(w.li, m, "✅ News") })
		if len(said) != 1 {
			w.t.Fatalf("the bot said %q, want an apology", texts(said))
		}
		wantText(t, said[0], "我这边出了点问题")
		if !strings.Contains(w.log.String(), "a request failed") {
			t.Error("the log does not tell of it")
		}
	})
}

func TestAnswerThatCannotArrive(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.ann, "/subscribe")
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Forbidden: bot was blocked by the user", Chat: w.ann.ID(), Times: 1})
		if said := w.said(w.ann.Chat(), func() { w.ann.Write("/help") }); len(said) != 0 {
			t.Errorf("the bot said %q, want nothing", texts(said))
		}
		w.wantState(w.ann.ID(), subscribers.Gone)
		w.tell(w.ann, "/help")
		w.wantState(w.ann.ID(), subscribers.On)
	})
}

// An answer whose markup Telegram refuses comes as plain text, and a message whose
// new text it refuses changes all the same.
func TestAnswerWhoseMarkupIsRefused(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: telegramsim.CannotParse, With: telegramsim.Markup})
		m := w.tell(w.ann, "/sections")
		wantText(t, m, "Your sections")
		_, now := w.press(w.ann, m, "✅ Tools")
		wantRow(t, now, "⬜ Tools")
		for _, m := range []telegramsim.Message{m, now} {
			if m.ParseMode != "" || strings.Contains(m.Text, "<b>") {
				t.Errorf("the answer is %q in %q, want plain text", m.Text, m.ParseMode)
			}
		}
	})
}

func TestEditOfAMessageThatIsGone(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		m := w.tell(w.ann, "/sections")
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Bad Request: message to edit not found", Methods: []string{"editMessageText"}, Times: 1})
		w.press(w.ann, m, "✅ Tools")
		if strings.Contains(w.log.String(), "level=WARN msg=\"an answer") {
			t.Error("a message the reader deleted is worth a warning, want none")
		}
		wantRow(t, w.tell(w.ann, "/sections"), "⬜ Tools")
	})
}

func TestPressThatIsAnsweredTooLate(t *testing.T) {
	inWorld(t, func(w *world) {
		m := w.tell(w.ann, "/start")
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Methods: []string{"answerCallbackQuery"}, Times: 1,
			Refusal: "Bad Request: query is too old and response timeout expired or query ID is invalid"})
		if _, err := w.ann.Press(m, "🔔 Subscribe"); err != nil {
			w.t.Fatal(err)
		}
		w.settle()
		w.wantState(w.ann.ID(), subscribers.On)
		if strings.Contains(w.log.String(), "level=WARN msg=\"a press") {
			t.Error("a late answer is worth a warning, want none")
		}
	})
}

func TestLatestButtonWithoutAnIssue(t *testing.T) {
	inWorld(t, func(w *world) {
		m := w.tell(w.ann, "/subscribe")
		said := w.said(w.ann.Chat(), func() { w.press(w.ann, m, "📰 Latest issue") })
		if len(said) != 1 {
			w.t.Fatalf("the bot said %q, want one message", texts(said))
		}
		wantText(t, said[0], "no issue yet")
	})
}

// refuse makes Telegram refuse so many messages to a chat, 0: all, after the first few.
func (w *world) refuse(chat int64, after, times int) (mend func()) {
	return w.sim.Inject(telegramsim.Fault{
		Kind: telegramsim.Refuse, Refusal: "Forbidden: something new", Methods: []string{"sendMessage"}, Chat: chat, After: after, Times: times,
	})
}

const complaint = `level=WARN msg="a message is refused, and the rest of the issue is not sent"`

// wantComplaints checks how many lines of the log tell of a refusal.
func (w *world) wantComplaints(want int) {
	w.t.Helper()
	if n := strings.Count(w.log.String(), complaint); n != want {
		w.t.Errorf("the log tells of %d refusals, want %d", n, want)
	}
}

// A reader who asks for an issue that Telegram refuses is told what is missing, in the
// reader's language. The log tells it once, and the admins hear of it once for everybody.
func TestRefusedRequestIsHeardOf(t *testing.T) {
	ask := map[string]func(w *world, p *telegramsim.Person){
		"a command": func(_ *world, p *telegramsim.Person) { p.Write("/latest") },
		"a number":  func(_ *world, p *telegramsim.Person) { p.Write("/issue 179") },
		"the archive": func(w *world, p *telegramsim.Person) {
			archive := p.Chat().FromBot()[0]
			if _, err := p.Press(archive, "179"); err != nil {
				w.t.Error(err)
			}
		},
	}
	for name, ask := range ask {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.issue(179, "News", "Tools")
				w.tell(w.admin, "/start")
				w.tell(w.ann, "/issues")
				w.tell(w.li, "/issues")

				w.refuse(w.ann.ID(), 1, 1)
				told := w.one(w.admin.Chat(), func() {
					said := w.said(w.ann.Chat(), func() { ask(w, w.ann) })
					if len(said) != 2 {
						t.Fatalf("the reader got %q, want the cover and an apology", texts(said))
					}
					wantText(t, said[1], "Part of Weekly <179>", "News", "Tools", "could not be delivered")
				})
				wantText(t, told, "Weekly <179>", "message 2", "something new")

				w.refuse(w.li.ID(), 0, 1)
				if again := w.said(w.admin.Chat(), func() {
					wantText(t, w.one(w.li.Chat(), func() { ask(w, w.li) }), "Weekly <179>", "未能送达")
				}); len(again) != 0 {
					t.Errorf("the admin was told %q, and knew", texts(again))
				}
				w.wantComplaints(2)
			})
		})
	}
}

// inVain runs test in a world where Ann, who is subscribed, has the cover of an issue
// and was refused the rest.
func inVain(t *testing.T, test func(w *world)) {
	t.Helper()
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		w.tell(w.admin, "/start")
		w.tell(w.ann, "/subscribe")
		w.refuse(w.ann.ID(), 1, 1)
		w.said(w.ann.Chat(), func() { w.ann.Write("/latest") })
		test(w)
	})
}

// wantRest checks that the rest of the issue arrives, and nothing twice.
func (w *world) wantRest(do func()) {
	w.t.Helper()
	said := w.said(w.ann.Chat(), do)
	if len(said) != 2 || !strings.Contains(said[0].Text, "About News") || !strings.Contains(said[1].Text, "About Tools") {
		w.t.Errorf("the reader got %q, want what was missing", texts(said))
	}
}

// The reader tries again, by the button or the command, and gets what is missing.
func TestReaderTriesAgainWhatWasRefused(t *testing.T) {
	inVain(t, func(w *world) {
		said := w.ann.Chat().FromBot()
		w.wantRest(func() {
			if _, err := w.ann.Press(said[len(said)-1], "🔁 Try again"); err != nil {
				t.Fatal(err)
			}
		})
	})
	inVain(t, func(w *world) {
		w.wantRest(func() { w.ann.Write("/latest") })
		if said := w.said(w.ann.Chat(), func() { w.ann.Write("/latest") }); len(said) != 3 {
			t.Errorf("who has the issue and asks got %q, want all of it", texts(said))
		}
	})
}

// The status of a bot that has sent nothing names the readers who asked in vain, and has
// a button to try again; so has the notice.
func TestRetryForWhoAskedInVain(t *testing.T) {
	inVain(t, func(w *world) {
		status := w.tell(w.admin, "/status")
		wantText(t, status, "No broadcast yet", "Weekly <179>", "1 reader asked for it and did not get all of it", "something new")
		wantRow(t, status, "🔁 Retry what failed of 179")
		w.wantRest(func() {
			answer, _ := w.press(w.admin, status, "🔁 Retry what failed of 179")
			wantText(t, telegramsim.Message{Text: answer.Text}, "Trying 1 delivery again.")
		})
		_, status = w.press(w.admin, status, "🔄 Refresh")
		wantLabels(t, status, "🔄 Refresh")
	})
	inVain(t, func(w *world) {
		said := w.admin.Chat().FromBot()
		notice := said[len(said)-1]
		w.wantRest(func() { w.press(w.admin, notice, "🔁 Retry what failed") })
		answer, _ := w.press(w.admin, notice, "🔁 Retry what failed")
		wantText(t, telegramsim.Message{Text: answer.Text}, "Nothing failed")
	})
}

// A message that is refused again after a retry is news to the admins.
func TestRetryThatIsRefused(t *testing.T) {
	inVain(t, func(w *world) {
		status := w.tell(w.admin, "/status")
		w.refuse(w.ann.ID(), 0, 1)
		told := w.one(w.admin.Chat(), func() { w.press(w.admin, status, "🔁 Retry what failed of 179") })
		wantText(t, told, "did not arrive in full", "something new")
		wantText(t, w.tell(w.admin, "/status"), "1 reader asked for it")
	})
}

// A broadcast also goes to readers who asked in vain: they get what they lack.
func TestBroadcastAfterARefusedRequest(t *testing.T) {
	inVain(t, func(w *world) {
		w.tell(w.li, "/subscribe")
		question := w.tell(w.admin, "/broadcast")
		wantText(t, question, "2 subscribers", "It could not be delivered to 1 of them before")
		w.wantRest(func() { w.press(w.admin, question, "📣 Send now") })
		w.finished()
		report := w.now(question)
		wantText(t, report, "✅ Sent", "To 2 subscribers", "sent: 6 messages")
		wantLabels(t, report, "🗑 Recall what was sent")
		wantText(t, w.tell(w.admin, "/broadcast"), "Everybody already has this issue.")
	})
}

// There is no new subscriber, but a reader who asked for the issue and is not subscribed
// lacks some of it.
func TestBroadcastForNobodyButWhoAskedInVain(t *testing.T) {
	inVain(t, func(w *world) {
		w.tell(w.li, "/subscribe")
		w.said(w.li.Chat(), func() { w.li.Write("/latest") })
		w.tell(w.ann, "/unsubscribe")
		answer := w.tell(w.admin, "/broadcast")
		wantText(t, answer, "nobody new", "1 reader asked for it and did not get all of it")
		w.wantRest(func() { w.press(w.admin, answer, "🔁 Retry what failed") })
	})
}

// The heading of a report tells the truth, in both languages.
func TestHeadingOfAReport(t *testing.T) {
	tests := map[string]struct {
		prepare  func(w *world, people []*telegramsim.Person)
		want, zh string
	}{
		"all": {func(*world, []*telegramsim.Person) {}, "✅ Sent\n", "✅ 发送完成\n"},
		"all but one who left": {func(_ *world, people []*telegramsim.Person) { people[0].Block() },
			"✅ Sent\n", "✅ 发送完成\n"},
		"some": {func(w *world, people []*telegramsim.Person) { w.refuse(people[1].ID(), 1, 1) },
			"⚠️ Sent, but 1 of 3 subscribers did not get all of it\n", "⚠️ 已发送，但 3 位订阅者中有 1 位没有收全\n"},
		"the first message": {func(w *world, people []*telegramsim.Person) {
			for _, p := range people {
				w.refuse(p.ID(), 1, 1)
			}
		}, "⚠️ Sent, but 3 of 3 subscribers did not get all of it\n", "⚠️ 已发送，但 3 位订阅者中有 3 位没有收全\n"},
		"none": {func(w *world, people []*telegramsim.Person) {
			for _, p := range people {
				w.refuse(p.ID(), 0, 1)
			}
		}, "❌ Nobody got it: Forbidden: something new\n", "❌ 无人收到：Forbidden: something new\n"},
		"none of who is there": {func(w *world, people []*telegramsim.Person) {
			for _, p := range people { // before Telegram reports that they have blocked it
				w.sim.Inject(telegramsim.Fault{
					Kind: telegramsim.Refuse, Refusal: "Forbidden: bot was blocked by the user", Methods: []string{"sendMessage"}, Chat: p.ID(),
				})
			}
		}, "❌ Nobody got it: blocked the bot\n", "❌ 无人收到：屏蔽了机器人\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inWorldToStart(t, func(w *world) {
				w.config.Admins = []int64{adminID, w.li.ID()}
				w.start()
				w.issue(179, "News")
				w.tell(w.li, "/start")
				people := w.readers(3)
				question := w.tell(w.admin, "/broadcast")
				test.prepare(w, people)
				w.press(w.admin, question, "📣 Send now")
				w.finished()
				if got := w.now(question).Text; !strings.HasPrefix(got, test.want) {
					t.Errorf("the report is %q, want it to begin with %q", got, test.want)
				}
				wantText(t, w.tell(w.admin, "/status"), test.want)
				wantText(t, w.tell(w.li, "/status"), test.zh)
				if all := strings.Join(texts(w.li.Chat().FromBot()), "\n"); strings.Count(all, test.zh) < 2 {
					t.Errorf("the other admin was told %q, want the end in it", all)
				}
			})
		})
	}
}

// A broadcast of which everything is refused stays readable in the log, and an admin
// hears of it once.
func TestLogOfABroadcastThatIsRefused(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		for _, p := range w.readers(60) {
			w.refuse(p.ID(), 0, 0)
		}
		question := w.tell(w.admin, "/broadcast")
		before := len(w.admin.Chat().FromBot())
		w.press(w.admin, question, "📣 Send now")
		for range 3 { // it pauses after twenty in a row
			w.pressNow(w.admin, question, "1:bres:1")
			w.settle()
		}
		w.finished()
		w.wantComplaints(20)
		failed := 0
		for _, m := range w.admin.Chat().FromBot()[before:] {
			if strings.Contains(m.Text, "did not arrive in full") {
				failed++
			}
		}
		if failed != 1 {
			t.Errorf("the admin was told %d times, want once", failed)
		}
		if all := strings.Count(w.log.String(), "and the rest of the issue is not sent"); all != 60 {
			t.Errorf("the debug log tells of %d refusals, want 60", all)
		}
	})
}

// A chat that takes nothing cannot be told; the log tells of it.
func TestRefusedChat(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		w.tell(w.ann, "/start")
		w.refuse(w.ann.ID(), 0, 0)
		if said := w.said(w.ann.Chat(), func() { w.ann.Write("/latest") }); len(said) != 0 {
			t.Errorf("the bot said %q", texts(said))
		}
		w.wantComplaints(1)
		if !strings.Contains(w.log.String(), "a reader does not hear of a refusal") {
			t.Error("the log does not say that the reader knows nothing")
		}
	})
}

// In a topic the apology comes there.
func TestRefusedRequestInATopic(t *testing.T) {
	inWorld(t, func(w *world) {
		forum := w.forum(telegramsim.AllRights())
		thread := forum.NewTopic(w.ann, "Digest")
		w.issue(179, "News")
		w.refuse(forum.ID, 1, 1)
		said := w.said(forum, func() { w.ann.WriteInTopic(forum, thread, "/latest") })
		if len(said) != 2 || said[1].Thread != thread {
			t.Fatalf("the bot said %q, want the cover and an apology in the topic", texts(said))
		}
		wantText(t, said[1], "Part of", "News")
	})
}

// A section, a page and the results of a search are answers: a reader who waits for one
// that Telegram refuses hears of it as well.
func TestRefusedAnswers(t *testing.T) {
	inWorld(t, func(w *world) {
		w.save(longIssue(179))
		w.tell(w.admin, "/start")
		w.tell(w.ann, "/subscribe")
		w.setLayout(w.ann.ID(), digest.LayoutCompact)
		compact := w.one(w.ann.Chat(), func() { w.ann.Write("/latest") })

		refuseOne := func(method string) {
			w.sim.Inject(telegramsim.Fault{
				Kind: telegramsim.Refuse, Refusal: "Forbidden: something new", Methods: []string{method}, Chat: w.ann.ID(), Times: 1,
			})
		}
		refuseOne("sendMessage")
		told := w.one(w.admin.Chat(), func() {
			wantText(t, w.tell(w.ann, "/latest News"), "“News” could not be delivered")
		})
		wantText(t, told, "A reader wanted to see", "something new")

		refuseOne("editMessageText")
		apology := w.one(w.ann.Chat(), func() { w.press(w.ann, compact, "▾ Essays") })
		wantText(t, apology, "“Essays” could not be delivered")

		refuseOne("sendMessage")
		wantText(t, w.tell(w.ann, "/search words"), "Telegram refused my answer")
	})
}
