package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// inBroadcast runs test while a broadcast of three messages to each of 60
// readers is under way, at Telegram's pace and with answers that take time. It
// is for two admins: m is the first one's live report.
func inBroadcast(t *testing.T, test func(w *world, m telegramsim.Message)) {
	t.Helper()
	inWorldToStart(t, func(w *world) {
		w.config.Admins = []int64{adminID, w.li.ID()}
		w.issue(179, "News", "Tools")
		w.start()
		w.tell(w.li, "/start")
		w.audience(60)
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.SlowAnswer, Delay: 50 * time.Millisecond, MaxDelay: 150 * time.Millisecond})
		test(w, w.sendNow(2*time.Second))
	})
}

// pressNow presses a button and returns the popup, after at most a second.
func (w *world) pressNow(p *telegramsim.Person, m telegramsim.Message, data string) string {
	w.t.Helper()
	q := p.PressData(m, data)
	w.pass(time.Second)
	return w.popup(q)
}

func (w *world) popup(q *telegramsim.Query) string {
	w.t.Helper()
	answer, ok := q.Answer()
	if !ok {
		w.t.Fatalf("the press of %q was not answered", q.Data)
	}
	return answer.Text
}

func (w *world) broadcast() subscribers.Broadcast {
	w.t.Helper()
	bc, err := w.store.LastBroadcast(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return bc
}

// wantSent checks how many messages go out within a time.
func (w *world) wantSent(d time.Duration, least, most int) {
	w.t.Helper()
	before := w.sim.Stats().Sent
	w.pass(d)
	if n := w.sim.Stats().Sent - before; n < least || n > most {
		w.t.Errorf("%d messages were sent in %s, want %d to %d", n, d, least, most)
	}
}

// issueMessages is how many messages of the issue a reader has: all but the
// answer to /subscribe.
func issueMessages(p *telegramsim.Person) int { return len(p.Chat().FromBot()) - 1 }

func TestControlTakesEffectWithinASecond(t *testing.T) {
	inBroadcast(t, func(w *world, m telegramsim.Message) {
		w.pressNow(w.admin, m, "1:bpause:1")
		w.wantSent(time.Minute, 0, 0)
		w.pressNow(w.admin, m, "1:bres:1")
		w.wantSent(time.Second, 20, 30)
		w.pressNow(w.admin, m, "1:bask:1")
		w.pressNow(w.admin, m, "1:bstop:1")
		if bc := w.broadcast(); bc.State != subscribers.Cancelled || bc.FinishedAt.IsZero() {
			t.Errorf("a second after it was cancelled the broadcast is %s, finished at %s", bc.State, bc.FinishedAt)
		}
		w.wantSent(time.Minute, 0, 0)
	})
}

func TestControlWhileTelegramMakesTheBotWait(t *testing.T) {
	inBroadcast(t, func(w *world, m telegramsim.Message) {
		w.early = 8 // what leaves within 150 ms at 30 per second, and a bunch of late slots
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.TooMany, RetryAfter: 600, Global: true, Times: 1})
		w.pass(2 * time.Second)
		if got := w.pressNow(w.admin, m, "1:bpause:1"); got != "Paused." {
			t.Errorf("the press was answered by %q", got)
		}
		if bc := w.broadcast(); bc.State != subscribers.Paused {
			t.Errorf("the broadcast is %s, want it paused", bc.State)
		}
		w.pass(10 * time.Minute)
		w.pressNow(w.admin, m, "1:bres:1")
		w.finished()
		now, _ := w.admin.Chat().Message(m.ID)
		wantText(t, now, "sent: 180 messages")
	})
}

// Presses of two admins at the same moment, of every pair of buttons: one of
// them is too late, and what is under way ends in one of the states asked for.
func TestTwoAdminsPressAtOnce(t *testing.T) {
	const paused, cancelled, running = subscribers.Paused, subscribers.Cancelled, subscribers.Running
	for _, test := range []struct {
		prepare       string
		first, second string
		want          subscribers.BroadcastState
		late          int // how many of the two are told that they are too late
	}{
		{first: "bpause", second: "bpause", want: paused, late: 1},
		{prepare: "bpause", first: "bres", second: "bres", want: running, late: 1},
		{first: "bstop", second: "bstop", want: cancelled, late: 1},
		{prepare: "bpause", first: "bstop", second: "bstop", want: cancelled, late: 1},
		{first: "bres", second: "bres", want: running, late: 2},
		{first: "bretry", second: "bretry", want: running, late: 2},
	} {
		t.Run(test.prepare+test.first+test.second, func(t *testing.T) {
			inBroadcast(t, func(w *world, m telegramsim.Message) {
				if test.prepare != "" {
					w.pressNow(w.admin, m, "1:"+test.prepare+":1")
				}
				own := w.li.Chat().FromBot()[0]
				a, b := w.admin.PressData(m, "1:"+test.first+":1"), w.li.PressData(own, "1:"+test.second+":1")
				w.pass(time.Second)
				late := 0
				for _, popup := range []string{w.popup(a), w.popup(b)} {
					if strings.HasPrefix(popup, "Too late") || strings.HasPrefix(popup, "晚了一步") {
						late++
					}
				}
				if got := w.broadcast().State; got != test.want || late != test.late {
					t.Errorf("the broadcast is %s with %d too late, want %s with %d", got, late, test.want, test.late)
				}
			})
		})
	}
}

func TestTwoAdminsStartAtOnce(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Admins = []int64{adminID, w.li.ID()}
		w.issue(179, "News")
		w.start()
		people := w.readers(50)
		mine, theirs := w.tell(w.admin, "/broadcast"), w.tell(w.li, "/broadcast")
		w.admin.PressData(mine, "1:bgo:1")
		w.admin.PressData(mine, "1:bgo:1") // a double press
		w.li.PressData(theirs, "1:bfew:1")
		w.li.PressData(theirs, "1:bfew:1")
		w.pass(time.Second)
		// Whoever was first decides whether it is a canary.
		if bc := w.broadcast(); bc.ID != 1 {
			t.Errorf("%d broadcasts were started, want 1", bc.ID)
		}
		w.settle()
		w.pressNow(w.admin, mine, "1:bres:1")
		w.finished()
		for _, p := range people {
			if n := issueMessages(p); n != 2 {
				t.Errorf("%s has %d messages, want 2", p.Name(), n)
			}
		}
		for label, m := range map[string]telegramsim.Message{"🗑 Recall what was sent": mine, "🗑 召回已发出的消息": theirs} {
			now, _ := w.sim.Chat(m.Chat).Message(m.ID)
			wantText(t, now, "100")
			wantLabels(t, now, label)
		}
	})
}

// Buttons of a broadcast that is over do nothing, however often.
func TestStaleButtons(t *testing.T) {
	for _, end := range []subscribers.BroadcastState{subscribers.Done, subscribers.Cancelled} {
		t.Run(string(end), func(t *testing.T) {
			inBroadcast(t, func(w *world, m telegramsim.Message) {
				if end == subscribers.Cancelled {
					w.pressNow(w.admin, m, "1:bstop:1")
				}
				before := w.finished()
				sent := w.sim.Stats().Sent
				for _, data := range []string{"1:bgo:1", "1:bfew:1", "1:bpause:1", "1:bres:1", "1:bask:1", "1:bstop:1", "1:bretry:1", "1:bpause:99", "1:bask:99", "1:bretry:99"} {
					for range 2 {
						if got := w.pressNow(w.admin, m, data); got == "" {
							t.Errorf("%s was passed over in silence", data)
						}
					}
				}
				w.settle()
				if after := w.broadcast(); after != before {
					t.Errorf("the broadcast became %+v, want %+v", after, before)
				}
				if n := w.sim.Stats().Sent; n != sent {
					t.Errorf("%d messages were sent, want none", n-sent)
				}
				wantText(t, w.tell(w.admin, "/help"), "For admins")
			})
		})
	}
}

func TestCancelThatIsNotWanted(t *testing.T) {
	inBroadcast(t, func(w *world, m telegramsim.Message) {
		_, asked := w.press(w.admin, m, "⏹ Cancel")
		wantText(t, asked, "Cancel it for good?")
		bc := w.finished() // while the question stands
		if bc.State != subscribers.Done {
			t.Errorf("the broadcast is %s, want it done", bc.State)
		}
		answer, now := w.press(w.admin, asked, "⏹ Yes, cancel it")
		wantText(t, telegramsim.Message{Text: answer.Text}, "Too late")
		wantText(t, now, "sent: 180 messages")
	})
}

// Only what failed is sent again, from where it failed, though two admins ask
// for it and press twice.
func TestRetryOnlyTheFailed(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Admins = []int64{adminID, w.li.ID()}
		w.issue(179, "News", "Tools")
		w.start()
		people := w.readers(6)
		for i, passed := range []int{0, 1, 2} { // fails at the first, second and third message
			w.sim.Inject(telegramsim.Fault{
				Kind: telegramsim.Refuse, Refusal: "Forbidden: something new", Chat: people[i].ID(), After: passed, Times: 1,
			})
		}
		question := w.tell(w.admin, "/broadcast")
		w.press(w.admin, question, "📣 Send now")
		w.finished()
		m, _ := w.admin.Chat().Message(question.ID)
		wantText(t, m, "sent: 12 messages", "something new: 6 messages")
		status := w.tell(w.li, "/status")
		wantText(t, status, "已发送：12 条消息", "something new）：6 条消息")
		wantLabels(t, status, "🔁 重发失败的消息", "🔄 刷新", "🗑 召回已发出的消息")

		a, b := w.admin.PressData(m, "1:bretry:1"), w.li.PressData(status, "1:bretry:1")
		again := w.admin.PressData(m, "1:bretry:1")
		w.pass(time.Second)
		if got := w.broadcast().State; got != subscribers.Running && got != subscribers.Done {
			t.Errorf("a second later the broadcast is %s", got)
		}
		tried := 0
		for _, q := range []*telegramsim.Query{a, b, again} {
			if popup := w.popup(q); strings.HasPrefix(popup, "Trying 3 deliveries") || popup == "正在重新发送 3 份。" {
				tried++
			}
		}
		if tried != 1 {
			t.Errorf("%d presses retried, want 1", tried)
		}
		w.finished()
		for _, p := range people {
			if n := issueMessages(p); n != 3 {
				t.Errorf("%s has %d messages, want 3", p.Name(), n)
			}
		}
		m, _ = w.admin.Chat().Message(question.ID)
		wantText(t, m, "sent: 18 messages")
		status, _ = w.li.Chat().Message(status.ID)
		wantText(t, status, "已发送：18 条消息")
	})
}

// A canary goes to the admins first, waits over a restart, and takes one
// go-ahead or one no.
func TestCanaryIsForAdminsFirst(t *testing.T) {
	for _, test := range []struct {
		button string
		want   int // readers that get the issue in the end
		state  subscribers.BroadcastState
	}{{"▶️ 继续", 30, subscribers.Done}, {"⏹ 取消", 18, subscribers.Cancelled}} {
		t.Run(test.button, func(t *testing.T) {
			inWorldToStart(t, func(w *world) {
				w.config.Admins = []int64{adminID, w.li.ID()}
				w.issue(179, "News")
				w.start()
				people := w.readers(30)
				w.tell(w.admin, "/subscribe")
				w.tell(w.li, "/subscribe")
				m := w.tell(w.admin, "/broadcast")
				wantText(t, m, "32 subscribers")
				said := w.said(w.li.Chat(), func() { w.press(w.admin, m, "🐤 First 20, then ask") })
				texts := strings.Join(texts(said), "\n")
				for _, want := range []string{"Weekly <179>", "About News", "首批已发出"} {
					if !strings.Contains(texts, want) {
						t.Errorf("the second admin got %q, want %q in it", texts, want)
					}
				}
				w.stop()
				w.start()
				w.wantSent(time.Hour, 0, 0)
				status := w.tell(w.li, "/status")
				wantText(t, status, "首批已发出", "40/64 条消息", "已发送：40 条消息")
				_, after := w.press(w.li, status, test.button)
				if test.state == subscribers.Cancelled {
					w.press(w.li, after, "⏹ 确定取消")
				}
				if bc := w.finished(); bc.State != test.state {
					t.Errorf("the broadcast is %s, want %s", bc.State, test.state)
				}
				w.pressNow(w.admin, m, "1:bres:1")
				got := 0
				for _, p := range people {
					got += issueMessages(p) / 2
				}
				if got != test.want {
					t.Errorf("%d readers have the issue, want %d", got, test.want)
				}
			})
		})
	}
}

// Every reason to pause is told to admins in words of their language.
func TestPauseReasonsAreInWords(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(w *world, readers []*telegramsim.Person)
		want  []string
	}{
		{"content", func(w *world, readers []*telegramsim.Person) {
			waits := slices.IndexFunc(readers, func(p *telegramsim.Person) bool { return issueMessages(p) == 0 })
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: telegramsim.MessageTooLong, Chat: readers[waits].ID()})
		}, []string{"Telegram 拒绝了第 1 条消息，去掉按钮、改用纯文本也不接受：太长。"}},
		{"failures", func(w *world, _ []*telegramsim.Person) {
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: telegramsim.ChatNotFound, Methods: []string{"sendMessage"}, Times: 20})
		}, []string{"连续 20 份发送失败，最近一次的原因：找不到聊天。"}},
		{"books", func(w *world, _ []*telegramsim.Person) {
			w.pass(7 * time.Second) // until some readers have everything
			w.falsify("sent = sent - 1")
		}, []string{"发送数目对不上", "books do not balance"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorldToStart(t, func(w *world) {
				w.config.Rate = 5
				w.config.Admins = []int64{w.li.ID()}
				w.issue(179, "News")
				w.start()
				readers := w.readers(30)
				question := w.tell(w.li, "/broadcast")
				if _, err := w.li.Press(question, "📣 立即发送"); err != nil {
					w.t.Fatal(err)
				}
				w.pass(2 * time.Second)
				test.spoil(w, readers)
				notice := w.one(w.li.Chat(), func() { w.pass(time.Minute) })
				wantText(t, notice, append(test.want, "的发送已暂停。", "/status")...)
				wantText(t, w.tell(w.li, "/status"), append(test.want, "已暂停", "条消息")...)
			})
		})
	}
}

// falsify changes the rows of deliveries that are done behind the bot's back.
func (w *world) falsify(change string) {
	w.t.Helper()
	w.pressNow(w.li, w.li.Chat().FromBot()[0], "1:bpause:1")
	w.exec("UPDATE deliveries SET " + change + " WHERE state = 'done'")
	w.pressNow(w.li, w.li.Chat().FromBot()[0], "1:bres:1")
}

// The books give a reason in words for every chat that did not get the issue.
func TestReasonsAreInWords(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Admins = []int64{w.li.ID()}
		w.issue(179, "News")
		w.start()
		refusals := []telegramsim.Refusal{
			telegramsim.BotBlocked, telegramsim.UserDeactivated, telegramsim.KickedGroup, telegramsim.NotInGroup, telegramsim.GroupDeleted,
			telegramsim.CannotInitiate, telegramsim.CannotWriteToBots, telegramsim.ChatNotFound, telegramsim.NoRightsText,
		}
		people := w.readers(len(refusals))
		for i, refusal := range refusals {
			w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: refusal, Chat: people[i].ID()})
		}
		question := w.tell(w.li, "/broadcast")
		w.press(w.li, question, "📣 立即发送")
		w.finished()
		m, _ := w.li.Chat().Message(question.ID)
		if got := strings.Count(m.Text, "跳过（"); got != len(refusals) {
			t.Errorf("the books give %d reasons, want %d: %s", got, len(refusals), m.Text)
		}
		for line := range strings.Lines(m.Text) {
			_, why, ok := strings.Cut(line, "（")
			if ok && strings.ContainsFunc(why, func(r rune) bool { return r <= unicode.MaxASCII && unicode.IsLetter(r) }) {
				t.Errorf("the reason in %q is not in words of the language", line)
			}
		}
	})
}
