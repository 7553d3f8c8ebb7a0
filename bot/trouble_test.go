package bot_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"digestbot/bot"
	"digestbot/bot/talk"
	"digestbot/bot/telegramsim"
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
		if !strings.Contains(w.log.String(), "a request cannot be met") {
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
		m := w.tell(w.ann, "/start")
		said := w.said(w.ann.Chat(), func() { w.press(w.ann, m, "📰 Latest issue") })
		if len(said) != 1 {
			w.t.Fatalf("the bot said %q, want one message", texts(said))
		}
		wantText(t, said[0], "no issue yet")
	})
}

// The scheduler runs on while Telegram is away, and must not wait for it.
func TestNoticesWaitForTheBotToRun(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		if _, err := w.store.EnsureChat(w.t.Context(), subscribers.Chat{ID: adminID, Kind: subscribers.Private, Language: "en"}); err != nil {
			w.t.Fatal(err)
		}
		w.admin.Write("/help") // so that the bot may write to her
		b, err := bot.New(w.config)
		if err != nil {
			w.t.Fatal(err)
		}
		began := time.Now()
		if err := b.RunSchedule(w.t.Context(), w.config.NextRun()); err != nil {
			w.t.Fatal(err)
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("RunSchedule waited %s for Telegram", took)
		}
		ctx, stop := context.WithCancel(w.t.Context())
		ended := make(chan error, 1)
		go func() { ended <- b.Run(ctx) }()
		w.settle()
		if got := strings.Join(texts(w.admin.Chat().FromBot()), "\n"); !strings.Contains(got, "There is no issue yet") {
			t.Errorf("the admin got %q, want the notice", got)
		}
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run = %v, want nil", err)
		}
	})
}

func TestCheckLanguage(t *testing.T) {
	for tag, ok := range map[string]bool{"en": true, "zh-CN": true, "": true, "xx-": false, "fr": false} {
		if err := talk.CheckLanguage(tag); (err == nil) != ok {
			t.Errorf("CheckLanguage(%q) = %v, want ok %t", tag, err, ok)
		}
	}
}
