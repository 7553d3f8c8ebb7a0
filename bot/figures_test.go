package bot_test

import (
	"bytes"
	"encoding/csv"
	"image/png"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
	"digestbot/subscribers/feedback"
	"digestbot/subscribers/roster"
)

// stats has a person ask for the figures, and returns the words and the picture.
func (w *world) stats(p *telegramsim.Person) (words, picture telegramsim.Message) {
	w.t.Helper()
	said := w.said(p.Chat(), func() { p.Write("/stats") })
	if len(said) != 2 || said[1].Photo == "" {
		w.t.Fatalf("the bot said %q, want words and a picture", texts(said))
	}
	return said[0], said[1]
}

// background returns the color of a corner of a picture that was sent.
func (w *world) background(m telegramsim.Message) uint32 {
	w.t.Helper()
	decoded, err := png.Decode(bytes.NewReader(w.sim.File(m.Photo)))
	if err != nil {
		w.t.Fatal(err)
	}
	red, _, _, _ := decoded.At(1, 1).RGBA()
	return red >> 8
}

const (
	lightRed = 0xff
	darkRed  = 0x17
)

func TestStats(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(178, "News", "Tools", "<Jokes>")
		w.issue(179, "News", "Tools", "<Jokes>")
		people := w.readers(3)
		w.tell(w.li, "/subscribe")
		jokes, err := w.store.IssueSections(w.t.Context(), w.issue(180, "News", "Tools", "<Jokes>"))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range people[:2] {
			sub, err := w.store.Subscriber(w.t.Context(), p.ID(), 0)
			if err != nil {
				t.Fatal(err)
			}
			if err := w.store.SetMuted(w.t.Context(), sub.ID, jokes[2].ID, true); err != nil {
				t.Fatal(err)
			}
		}
		people[0].Write("/mute crypto")
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: telegramsim.BotBlocked, Chat: people[2].ID()})
		w.sendNow(time.Minute)
		w.finished()
		people[1].Write("/unsubscribe")
		w.settle()

		words, picture := w.stats(w.admin)
		wantText(t, words,
			"2 subscribers", "private chats: 2", "not subscribed: 2", "cannot be reached: 1",
			"In 30 days: +4 −2", "blocked the bot: 1 · unsubscribed: 1",
			"Weekly <180>: 3 of 4 readers have it (blocked the bot: 1)",
			"Most wanted: News: 2 · Tools: 2 · <Jokes>: 1", "Most often switched off: <Jokes>: 1",
			"Languages: Simplified Chinese: 1 · unknown: 1", "Layouts: One per section: 2", "Muted words: 1, by 1 subscriber",
			"What anybody reads is not counted")
		wantText(t, picture, "Digest · 1 January 2000")
		wantLabels(t, picture, "🌙 Dark | 📄 CSV")
		if red := w.background(picture); red != lightRed {
			t.Errorf("the picture is not light: %x", red)
		}
	})
}

// Who has chosen a dark picture gets it in place of the light one, and the next time too.
func TestStatsInTheDark(t *testing.T) {
	inWorld(t, func(w *world) {
		_, picture := w.stats(w.admin)
		said := w.said(w.admin.Chat(), func() { w.press(w.admin, picture, "🌙 Dark") })
		if len(said) != 1 || w.background(said[0]) != darkRed {
			t.Fatalf("the bot sent %v, want a dark picture", texts(said))
		}
		wantLabels(t, said[0], "☀️ Light | 📄 CSV")
		if old, _ := w.admin.Chat().Message(picture.ID); !old.Deleted {
			t.Error("the light picture is still there")
		}
		w.stop()
		w.start()
		_, picture = w.stats(w.admin)
		if red := w.background(picture); red != darkRed {
			t.Errorf("the next picture is not dark: %x", red)
		}
		said = w.said(w.admin.Chat(), func() { w.press(w.admin, picture, "☀️ Light") })
		if len(said) != 1 || w.background(said[0]) != lightRed {
			t.Errorf("the bot sent %v, want a light picture", texts(said))
		}
		// A press whose message is no picture, with forged data, deletes nothing.
		words := w.tell(w.admin, "/stats what")
		wantText(t, words, "/stats csv")
		w.said(w.admin.Chat(), func() { w.admin.PressData(words, "1:bfig:1") })
		if m, _ := w.admin.Chat().Message(words.ID); m.Deleted {
			t.Error("a forged press has deleted a message")
		}
	})
}

// Who was imported has not joined, and counts as unconfirmed until something has reached them.
func TestStatsOfAnImport(t *testing.T) {
	inWorld(t, func(w *world) {
		w.ann.Write("hello") // or the bot may not write to her
		w.settle()
		w.exec("DELETE FROM subscribers")
		w.readers(2)
		if said := w.said(w.ann.Chat(), func() {
			w.enroll("chat,state\n"+itoa(w.ann.ID())+",on\n9002,on\n9003,on\n9004,off\n", roster.Options{})
			w.pass(5 * time.Minute)
		}); len(said) != 0 {
			t.Errorf("she is greeted, though nobody asked for that: %q", texts(said))
		}
		words, _ := w.stats(w.admin)
		wantText(t, words, "5 subscribers", "of these imported and not reached yet: 3", "In 30 days: +2 −0, imported: 3")
		w.issue(179, "News")
		w.sendNow(time.Minute)
		w.finished()
		words, _ = w.stats(w.admin)
		wantText(t, words, "3 subscribers", "In 30 days: +2 −2, imported: 3", "cannot be reached: 2")
		if strings.Contains(words.Text, "imported and not reached") {
			t.Errorf("somebody is unconfirmed in %s", words.Text)
		}
	})
}

// The votes on the last issues are in the words and in the table.
func TestStatsOfVotes(t *testing.T) {
	inWorld(t, func(w *world) {
		words, _ := w.stats(w.admin)
		if strings.Contains(words.Text, "Feedback") {
			t.Errorf("there are votes in %s", words.Text)
		}
		issue := w.issue(179, "News", "=Tools")
		sections, err := w.store.IssueSections(w.t.Context(), issue)
		if err != nil {
			t.Fatal(err)
		}
		for person, vote := range []feedback.Vote{feedback.Up, feedback.Down, feedback.Up, feedback.Up} {
			ballot := feedback.Ballot{Issue: issue.ID, Section: sections[person/2].ID, Person: int64(person + 1), Press: strconv.Itoa(person)}
			if _, err := w.store.Feedback.Cast(w.t.Context(), ballot, vote); err != nil {
				t.Fatal(err)
			}
		}
		words, _ = w.stats(w.admin)
		wantText(t, words, "💬 Feedback", "• Weekly <179>: 👍 3 👎 1, voting goes on")
		if _, err := w.store.Feedback.Close(w.t.Context(), time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		words, _ = w.stats(w.admin)
		wantText(t, words, "• Weekly <179>: 👍 3 👎 1")
		if strings.Contains(words.Text, "voting goes on") {
			t.Errorf("voting still goes on in %s", words.Text)
		}
		lines := w.statsTable(func() { w.admin.Write("/stats csv") })
		for _, want := range [][]string{
			{"votes up", "2000-01-01", "Weekly <179>", "News", "1"}, {"votes down", "2000-01-01", "Weekly <179>", "News", "1"},
			{"votes up", "2000-01-01", "Weekly <179>", "'=Tools", "2"}, {"votes down", "2000-01-01", "Weekly <179>", "'=Tools", "0"},
		} {
			if !slices.ContainsFunc(lines, func(line []string) bool { return slices.Equal(line, want) }) {
				t.Errorf("the table lacks %q in %q", want, lines)
			}
		}
	})
}

// Who waits for an answer of the editors is counted until there is one.
func TestStatsOfReplies(t *testing.T) {
	withEditors(t, func(w *editorsWorld) {
		const unanswered = "conversations that wait for an answer: 1"
		got := w.passed(func() { w.ann.Reply(w.issue[2], "One"); w.ann.Reply(w.issue[2], "Two") })
		words, _ := w.stats(w.admin)
		wantText(t, words, "💬 Feedback", unanswered)
		w.said(w.ann.Chat(), func() { w.bea.Reply(got[len(got)-1], "Thank you") })
		words, _ = w.stats(w.admin)
		if strings.Contains(words.Text, "Feedback") {
			t.Errorf("something waits in %s", words.Text)
		}
		got = w.passed(func() { w.ann.Reply(w.issue[2], "Three") })
		words, _ = w.stats(w.admin)
		wantText(t, words, unanswered)
		lines := w.statsTable(func() { w.admin.Write("/stats csv") })
		if want := []string{"replies", "2000-01-01", "unanswered", "", "1"}; !slices.ContainsFunc(lines, func(line []string) bool { return slices.Equal(line, want) }) {
			t.Errorf("the table lacks %q in %q", want, lines)
		}
	})
}

// Editors see figures; for others the command does not exist.
func TestStatsAreForAdmins(t *testing.T) {
	inWorld(t, func(w *world) {
		w.nameEditor() // Li
		words, _ := w.stats(w.li)
		wantText(t, words, "的统计", "0 位订阅者", "不统计任何人读了什么")
		for _, m := range w.said(w.ann.Chat(), func() { w.ann.Write("/stats"); w.ann.Write("/stats csv") }) {
			if m.Photo != "" || m.Document != nil || strings.Contains(m.Text, "Joined and left") {
				t.Errorf("Ann gets %q", m.Text)
			}
		}
		group := w.sim.NewSupergroup("Friends", w.admin, w.ann)
		w.said(group, func() { group.AddBot(w.admin) })
		for _, m := range w.said(group, func() { w.admin.WriteIn(group, "/stats") }) {
			if m.Photo != "" || strings.Contains(m.Text, "Joined and left") {
				t.Errorf("a group sees %q", m.Text)
			}
		}
	})
}

// Without the picture the words are there, and nothing is said twice.
func TestStatsWithoutPicture(t *testing.T) {
	inWorld(t, func(w *world) {
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Methods: []string{"sendPhoto"}, Refusal: "Bad Request: IMAGE_PROCESS_FAILED"})
		said := w.said(w.admin.Chat(), func() { w.admin.Write("/stats") })
		if len(said) != 1 {
			t.Fatalf("the bot said %q, want the words alone", texts(said))
		}
		wantText(t, said[0], "0 subscribers")
	})
}

// statsTable has the admin ask for the table, and returns its lines.
func (w *world) statsTable(ask func()) [][]string {
	w.t.Helper()
	m := w.one(w.admin.Chat(), ask)
	if m.Document == nil {
		w.t.Fatalf("the bot said %q, want a file", m.Text)
	}
	data, marked := bytes.CutPrefix(w.sim.File(m.Document.FileID), []byte("\xef\xbb\xbf"))
	lines, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || !marked || !strings.HasPrefix(m.Document.Name, "figures-20") || !strings.HasSuffix(m.Document.Name, ".csv") {
		w.t.Fatalf("%s is %q, %v", m.Document.Name, data, err)
	}
	return lines
}

// The table has every figure, also after everybody was forgotten, and says nothing of who it was.
func TestStatsTable(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Location = mustLoad(t, "Asia/Shanghai")
		w.start()
		w.pass(17 * time.Hour) // the next day has begun in Shanghai, though not here
		w.issue(179, "=1+1", "News")
		people := w.readers(2)
		if err := w.store.MarkGone(w.t.Context(), people[0].ID(), subscribers.ReasonBlocked); err != nil {
			t.Fatal(err)
		}
		if err := w.store.Forget(w.t.Context(), people[1].ID()); err != nil {
			t.Fatal(err)
		}
		lines := w.statsTable(func() { w.admin.Write("/stats CSV") })
		for _, want := range [][]string{
			{"figure", "day", "name", "detail", "count"},
			{"subscribers", "2000-01-02", "on", "", "0"},
			{"section", "2000-01-02", "'=1+1", "audience", "0"},
			{"subscribers over time", "2000-01-02", "joined", "", "2"},
			{"subscribers over time", "2000-01-02", "left", "blocked", "1"},
			{"subscribers over time", "2000-01-02", "left", "forgotten", "1"},
		} {
			if !slices.ContainsFunc(lines, func(line []string) bool { return slices.Equal(line, want) }) {
				t.Errorf("the table lacks %q in %q", want, lines)
			}
		}
		_, picture := w.stats(w.admin)
		again := w.statsTable(func() { w.admin.PressData(picture, "1:bcsv") })
		if len(again) != len(lines) {
			t.Errorf("the button sends %d lines, the command %d", len(again), len(lines))
		}
	})
}
