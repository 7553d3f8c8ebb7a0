package bot_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/intake"
)

// correct has a source find the newest issue with other sections, and with another title unless
// that is empty. It returns what the admin is asked.
func (w *world) correct(title string, sections ...digest.Section) (question telegramsim.Message) {
	w.t.Helper()
	issue, err := w.store.NewestIssue(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	row := w.save(&digest.Issue{Key: issue.Key, Number: issue.Number, Title: cmp.Or(title, issue.Title), Date: issue.Date, Sections: sections})
	return w.one(w.admin.Chat(), func() {
		w.bot.IssueArchived(w.t.Context(), "issues", intake.Saved{Issue: row, Outcome: archive.Corrected})
		w.pass(time.Second)
	})
}

// correctNews is correct with News as the only section, and an item with that text in it.
func (w *world) correctNews(text string) (question telegramsim.Message) {
	w.t.Helper()
	return w.correct("", sectionOf("News", text))
}

// shownTexts are the texts of the bot that a person sees, one below the other.
func shownTexts(p *telegramsim.Person) string {
	var all []string
	for _, m := range p.Chat().FromBot() {
		if !m.Deleted {
			all = append(all, m.Text)
		}
	}
	return strings.Join(all, "\n")
}

func TestCorrectionIsOfferedAndApplied(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		people := w.readers(3)
		w.sendAll()
		question := w.correctNews("Quite another item")
		wantText(t, question, "Changed after it was sent:", "It reached 3 subscribers, in 6 messages", "✏️ News", "→", "Quite another item")
		wantLabels(t, question, "✏️ Correct what was sent", "Leave as it is")
		answer, _ := w.afterwards(w.ann.PressData(question, "1:bcor:1:2"), question)
		wantPopup(t, answer, "for the admins of the bot")
		_, left := w.press(w.admin, question, "Leave as it is")
		wantText(t, left, "Left as it was sent")
		wantText(t, w.tell(w.admin, "/audit 179"), "Ada left Weekly <179>", "as it was sent, though")
		again := w.tell(w.admin, "/withdraw 179") // has the button for whoever lost that message
		wantText(t, again, "has changed since it was sent")
		wantLabels(t, again, "🚫 Withdraw it", "Don't withdraw", "✏️ Correct what was sent", "🗑 Recall what was sent")
		w.press(w.admin, again, "✏️ Correct what was sent")
		w.pass(time.Minute)
		for _, p := range people {
			if text := shownTexts(p); !strings.Contains(text, "Quite another item") || strings.Contains(text, "About News") {
				t.Errorf("a reader sees %q, want the new text only", text)
			}
		}
		wantText(t, last(w.admin.Chat().FromBot()), "Corrected:", "corrected: ")
		wantLabels(t, w.tell(w.admin, "/withdraw 179"), "🚫 Withdraw it", "Don't withdraw", "🗑 Recall what was sent")
		// The button of an older correction does nothing.
		w.correctNews("And yet another")
		for _, old := range []string{"1:bcor:1:2", "1:bcno:1:2"} {
			answer, _ = w.afterwards(w.admin.PressData(question, old), question)
			wantPopup(t, answer, "changed once more")
		}
	})
}

func TestRecallByAnOwner(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		people := w.readers(3)
		w.sendAll()
		question := w.tell(w.admin, "/withdraw 179")
		_, really := w.press(w.admin, question, "🗑 Recall what was sent")
		wantText(t, really, "Delete what was sent?", "It reached 3 subscribers, in 6 messages", "48 hours")
		for _, data := range []string{"1:bdelq:1", "1:bdel:1", "1:bdelno:1", "1:brevc:1"} {
			answer, _ := w.afterwards(w.ann.PressData(really, data), really)
			wantPopup(t, answer, "of the bot")
		}
		w.press(w.admin, really, "🗑 Delete the messages")
		w.pass(time.Minute)
		for _, p := range people {
			if text := shownTexts(p); strings.Contains(text, "About News") {
				t.Errorf("a reader still sees %q", text)
			}
		}
		wantText(t, last(w.admin.Chat().FromBot()), "Recalled:", "✅ deleted: 6 messages")
		wantText(t, w.tell(w.ann, "/issues"), "There is no issue yet")
	})
}

// Under the report of a broadcast that is over, owners can have it recalled, as long as
// Telegram deletes what arrived. Editors do not see that.
func TestRecallFromAReport(t *testing.T) {
	inDays(t, func(w *world) {
		w.issue(179, "News")
		people := w.readers(3)
		w.nameEditor() // Li
		w.tell(w.li, "/start")
		w.sendAll()
		w.pass(time.Minute)
		report := last(w.admin.Chat().FromBot())
		wantText(t, report, "✅ Sent")
		wantLabels(t, report, "🗑 Recall what was sent")
		theirs := last(w.li.Chat().FromBot())
		wantText(t, theirs, "✅")
		wantLabels(t, theirs)
		wantLabels(t, w.tell(w.li, "/status"), "🔄 刷新")
		question := w.one(w.admin.Chat(), func() { w.press(w.admin, report, "🗑 Recall what was sent") })
		wantText(t, question, "Delete what was sent?", "It reached 3 subscribers")
		_, no := w.press(w.admin, question, "Don't delete")
		wantText(t, no, "Not deleted")
		status := w.tell(w.admin, "/status")
		wantLabels(t, status, "🔄 Refresh", "🗑 Recall what was sent")
		w.pass(48 * time.Hour)
		wantLabels(t, w.tell(w.admin, "/status"), "🔄 Refresh")
		late := w.one(w.admin.Chat(), func() { w.press(w.admin, status, "🗑 Recall what was sent") })
		wantText(t, late, "Delete what was sent?", "ended more than 48 hours ago")
		w.press(w.admin, late, "🗑 Delete the messages")
		w.pass(time.Minute)
		for _, p := range people {
			if text := shownTexts(p); !strings.Contains(text, "About News") {
				t.Errorf("a reader sees %q", text)
			}
		}
		wantText(t, last(w.admin.Chat().FromBot()), "➖ not deleted, older than 48 hours, or no right to delete there: 6 messages")
	})
}

// What admins see of a correction names every section, however much changed in one, and is
// about what was sent: not about a correction that was not applied.
func TestCorrectionSaysWhatChangedSinceItWasSent(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tuuls", "Events", "Fun")
		w.readers(1)
		w.sendAll()
		news := []string{"About News"}
		for n := range 40 {
			news = append(news, fmt.Sprintf("More %d", n))
		}
		tools, fun := sectionOf("Tools", "About Tuuls"), sectionOf("Fun", "About Fun")
		w.correct("", sectionOf("News", news...), tools, fun)
		fun.Intro = []digest.Block{{Kind: digest.Image, URL: "https://example.org/another.png"}}
		question := w.correct("", sectionOf("News", news...), tools, fun)
		wantText(t, question, "✏️ News", "+ • More 0", "more changes", "✏️ Tuuls is now Tools", "➖ Events was taken out", "✏️ Fun", "🖼 another picture")
		if lines := strings.Count(question.Text, "\n"); lines > 30 {
			t.Errorf("the question has %d lines", lines)
		}
	})
}

// An admin sends the mended document of an issue that was broadcast and taps Replace: admins
// are asked about what readers have, and a tap later readers have the new text.
func TestUploadCorrectsWhatWasSent(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		reader := w.readers(1)[0]
		_, summary := w.upload("weekly.md", weekly12)
		question := w.one(w.admin.Chat(), func() { w.press(w.admin, summary, "📣 Send now…") })
		w.press(w.admin, question, "📣 Send now")
		w.finished()
		before := reader.Chat().FromBot()
		_, summary = w.upload("weekly.md", strings.NewReplacer("Rust is out", "Zig is out", "A [linter]", "See [](https://example.org) a [linter]").Replace(weekly12))
		wantText(t, summary, "The archive has this issue with another text")
		question = w.one(w.admin.Chat(), func() { w.press(w.admin, summary, "♻️ Replace issue 12") })
		wantText(t, question, "Changed after it was sent: Weekly 12", "Rust is out → • Zig is out", "It reached 1 subscriber, in 3 messages")
		if text := shownTexts(reader); !strings.Contains(text, "Rust is out") {
			t.Errorf("before anybody has decided the reader sees %q", text)
		}
		w.press(w.admin, question, "✏️ Correct what was sent")
		w.pass(10 * time.Second)
		wantText(t, w.now(question), "Corrected: Weekly 12", "✅ corrected: ")
		after := reader.Chat().FromBot()
		text := shownTexts(reader)
		if len(after) != len(before) || strings.Contains(text, "Rust is out") || !strings.Contains(text, "Zig is out") {
			t.Errorf("the reader has %d messages after %d: %q", len(after), len(before), text)
		}
	})
}

// Another title is also in the link by which readers share the issue, under its last message.
func TestCorrectionOfATitle(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Fun")
		readers := w.readers(1)
		w.sendAll()
		question := w.correct("Mended", sectionOf("News", "About News"), sectionOf("Fun", "About Fun"))
		w.press(w.admin, question, "✏️ Correct what was sent")
		w.pass(10 * time.Second)
		closing := last(readers[0].Chat().FromBot())
		if keys := fmt.Sprint(closing.Keyboard); !strings.Contains(keys, "text=Mended") {
			t.Errorf("under %q stands %v", closing.Text, keys)
		}
	})
}

// A correction that is not over stands in /status, where it can be resumed. Who sees its end
// there is told nothing besides.
func TestStatusShowsCorrections(t *testing.T) {
	inWorld(t, func(w *world) {
		issue := w.issue(179, "News")
		w.readers(3)
		w.sendAll()
		w.correctNews("Quite another item")
		by := subscribers.Actor{User: w.admin.ID()}
		r, _, err := w.store.StartCorrection(w.t.Context(), issue.ID, by)
		if err != nil {
			w.t.Fatal(err)
		}
		if _, err := w.store.PauseRevision(w.t.Context(), r.ID, by); err != nil {
			w.t.Fatal(err)
		}
		status := w.said(w.admin.Chat(), func() { w.admin.Write("/status") })
		if len(status) != 2 {
			w.t.Fatalf("the status is %q, want that of the correction too", texts(status))
		}
		wantText(t, status[1], "Paused:", "Weekly <179>")
		said := w.said(w.admin.Chat(), func() {
			w.press(w.admin, status[1], "▶️ Resume")
			w.pass(time.Minute)
		})
		if len(said) != 0 {
			t.Errorf("who sees the end is told %q besides", texts(said))
		}
		wantText(t, w.now(status[1]), "Corrected:", "corrected: ")
	})
}

// Who has seen the end of a correction in its report is not told of it once more, though the
// notices of other admins take long.
func TestEndOfACorrectionIsToldOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News")
		w.readers(3)
		w.nameEditor() // Li
		w.tell(w.li, "/start")
		w.sendAll()
		question := w.correctNews("Quite another item")
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: 20 * time.Second, Methods: []string{"sendMessage"}, Chat: w.li.ID(), Times: 1})
		said := w.said(w.admin.Chat(), func() {
			w.press(w.admin, question, "✏️ Correct what was sent")
			w.pass(time.Minute)
		})
		wantText(t, w.now(question), "Corrected:")
		if len(said) != 0 {
			t.Errorf("who sees the end is told %q besides", texts(said))
		}
		wantText(t, last(w.li.Chat().FromBot()), "已更正")
	})
}

// What a correction has left, because the bot was not in a channel or because it was
// cancelled, is corrected when an admin tries again.
func TestCorrectionIsTriedAgain(t *testing.T) {
	inWorld(t, func(w *world) {
		channel, _ := w.newsChannel()
		w.ann.WriteIn(channel, "/subscribe")
		w.settle()
		w.sendAll()
		channelText := func() string { return strings.Join(texts(channel.FromBot()), "\n") }
		after := func(m telegramsim.Message, button string) telegramsim.Message {
			w.press(w.admin, m, button)
			w.pass(time.Minute)
			return w.now(m)
		}
		question := w.correctNews("Quite another item")
		channel.RemoveBot(w.ann)
		report := after(question, "✏️ Correct what was sent")
		wantText(t, report, "⚠️ Corrected, but not everywhere", "➖ not corrected")
		channel.PromoteBot(w.ann, telegramsim.AllRights())
		w.settle()
		answer, _ := w.afterwards(w.ann.PressData(report, "1:bcor:1:2"), report)
		wantPopup(t, answer, "for the admins of the bot")
		report = after(report, "🔁 Try again")
		wantText(t, report, "✅ Corrected", "✅ corrected: ")
		wantLabels(t, report)
		if text := channelText(); !strings.Contains(text, "Quite another item") {
			t.Errorf("the channel has %q, want the new text", text)
		}
		answer, _ = w.afterwards(w.admin.PressData(report, "1:bcor:1:2"), report)
		wantPopup(t, answer, "already started")

		w.correctNews("A third text")
		if _, _, err := w.store.StartCorrection(w.t.Context(), 1, subscribers.InPrivate(w.admin.ID())); err != nil {
			w.t.Fatal(err)
		}
		r, err := w.store.LastRevision(w.t.Context(), 1)
		if err != nil {
			w.t.Fatal(err)
		}
		cancelled := w.one(w.admin.Chat(), func() {
			if _, err := w.store.CancelRevision(w.t.Context(), r.ID, subscribers.InPrivate(w.admin.ID())); err != nil {
				w.t.Fatal(err)
			}
			w.pass(2 * time.Minute)
		})
		wantText(t, cancelled, "Cancelled:")
		wantText(t, after(cancelled, "✏️ Correct what was sent"), "✅ Corrected")
		if text := channelText(); !strings.Contains(text, "A third text") {
			t.Errorf("the channel has %q, want the newest text", text)
		}
	})
}
