package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/feedback"
)

// inVotingWorld runs test in a world whose readers may vote.
func inVotingWorld(t *testing.T, test func(w *world)) {
	t.Helper()
	withWebhook(t, func(w *world) {
		w.config.Feedback = true
		w.start()
		test(w)
	})
}

// wantVotes checks the votes on the newest issue: "News 2 1" is two up and one down.
func (w *world) wantVotes(want ...string) {
	w.t.Helper()
	issue, err := w.store.NewestIssue(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	totals, err := w.store.Feedback.Totals(w.t.Context(), issue.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	var got []string
	for _, t := range totals {
		got = append(got, fmt.Sprint(t.Name, " ", t.Up, " ", t.Down))
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("the votes are %q, want %q", got, want)
	}
}

// latest has a person get the newest issue, cover first.
func (w *world) latest(p *telegramsim.Person) []telegramsim.Message {
	w.t.Helper()
	return w.said(p.Chat(), func() { p.Write("/latest") })
}

// votable counts the messages with thumbs.
func votable(messages ...telegramsim.Message) (n int) {
	for _, m := range messages {
		if strings.Contains(strings.Join(labels(m), " "), "👍") {
			n++
		}
	}
	return n
}

func TestVote(t *testing.T) {
	for _, test := range []struct {
		language, thanks, back string
	}{
		{"en", "👍 Thank you! Press again", "Your vote is taken back."},
		{"zh-hans", "👍 谢谢！", "已收回你的投票"},
		{"zh-hant", "👍 謝謝！", "已收回你的投票"},
	} {
		t.Run(test.language, func(t *testing.T) {
			inVotingWorld(t, func(w *world) {
				w.issue(179, "News", "Tools")
				p := w.sim.NewPerson("Reader", telegramsim.Language(test.language))
				w.tell(p, "/subscribe")
				said := w.latest(p)
				if len(said) != 3 || votable(said...) != 2 || votable(said[0]) != 0 {
					t.Fatalf("the issue is %q, want thumbs under both sections", texts(said))
				}
				wantLabels(t, said[1], "👍 | 👎")
				answer, now := w.press(p, said[1], "👍")
				wantPopup(t, answer, test.thanks)
				wantLabels(t, now, "👍 ✓ | 👎")
				if now.Text != said[1].Text || answer.Alert {
					t.Errorf("the message is %q then, the answer %+v", now.Text, answer)
				}
				w.wantVotes("News 1 0")
				_, now = w.press(p, now, "👎")
				wantLabels(t, now, "👍 | 👎 ✓")
				w.wantVotes("News 0 1")
				// Another copy shows the vote as well.
				again := w.latest(p)
				wantLabels(t, again[1], "👍 | 👎 ✓")
				answer, now = w.press(p, again[1], "👎 ✓")
				wantPopup(t, answer, test.back)
				wantLabels(t, now, "👍 | 👎")
				w.wantVotes()
			})
		})
	}
}

func TestNoVotesUnlessWanted(t *testing.T) {
	inWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		w.tell(w.ann, "/subscribe")
		said := w.latest(w.ann)
		if votable(said...) != 0 {
			t.Errorf("there are thumbs under %q", texts(said))
		}
		w.forge(w.ann.Chat(), w.ann, said[1], "1:vote:1:1:1")
		if text := w.tell(w.ann, "/privacy").Text; strings.Contains(text, "👍") {
			t.Errorf("/privacy tells of votes: %q", text)
		}
	})
}

// Where each layout has the thumbs. Sections that share a message have a row each.
func TestVotesInLayouts(t *testing.T) {
	inVotingWorld(t, func(w *world) {
		w.save(longIssue(179))
		w.tell(w.ann, "/subscribe")
		said := w.latest(w.ann)
		if got := votable(said...); got != 3 || votable(said[0]) != 0 { // Essays has three parts
			t.Errorf("%d messages of %d have thumbs, want 3", got, len(said))
		}
		w.setLayout(w.ann.ID(), digest.LayoutRich)
		said = w.latest(w.ann)
		if got := votable(said...); got != 3 || len(said) != 4 {
			t.Errorf("%d rich messages of %d have thumbs, want 3", got, len(said))
		}
		_, now := w.press(w.ann, said[1], "👍")
		wantRow(t, now, "👍 ✓ | 👎")
		w.wantVotes("News 1 0")
		compact := w.compactIn(w.ann.Chat(), w.ann)
		if votable(compact) != 0 {
			t.Errorf("under the headlines are %q", labels(compact))
		}
		_, open := w.press(w.ann, compact, "▾ News")
		wantRow(t, open, "👍 ✓ | 👎")
		_, open = w.press(w.ann, open, "👎")
		wantRow(t, open, "👍 | 👎 ✓")
		w.wantVotes("News 0 1")
		_, open = w.press(w.ann, open, "Essays ›")
		if votable(open) != 0 {
			t.Errorf("under the first part are %q", labels(open))
		}
	})
}

func TestVotesOnSectionsInOneMessage(t *testing.T) {
	inVotingWorld(t, func(w *world) {
		w.issue(179, "A", "B", "C", "D", "E", "F", "G")
		w.tell(w.ann, "/subscribe")
		said := w.latest(w.ann)
		i := slices.IndexFunc(said, func(m telegramsim.Message) bool { return len(m.Keyboard) > 1 })
		if i < 0 || len(said) > 6 {
			t.Fatalf("no sections share a message: %q", texts(said))
		}
		first, second := said[i].Keyboard[0][0].Text, said[i].Keyboard[1][0].Text
		if first != "👍 A" || second != "👍 B" {
			t.Errorf("the buttons are %q, want the names of the sections", labels(said[i]))
		}
		w.press(w.ann, said[i], first)
		_, now := w.press(w.ann, said[i], second) // of the message as it was before
		if rows := labels(now); !strings.HasPrefix(rows[0], first+" ✓") || !strings.HasPrefix(rows[1], second+" ✓") {
			t.Errorf("the buttons are %q, want two marks", rows)
		}
	})
}

// Each member has a vote, and the message shows nobody's.
func TestVotesInAGroup(t *testing.T) {
	inVotingWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		group, bea := w.friends()
		w.said(group, func() { w.ann.WriteIn(group, "/subscribe") })
		said := w.said(group, func() { w.ann.WriteIn(group, "/latest") })
		if votable(said...) != 2 {
			t.Fatalf("the group got %q", texts(said))
		}
		for _, p := range []*telegramsim.Person{w.ann, bea, w.li} {
			answer, now := w.press(p, said[1], "👍")
			if answer.Alert || !strings.Contains(answer.Text, "👍") {
				t.Errorf("the answer is %+v", answer)
			}
			wantLabels(t, now, "👍 | 👎")
		}
		w.press(w.li, said[1], "👎")
		w.wantVotes("News 2 1")
		// In private it is the same vote.
		w.tell(bea, "/subscribe")
		wantLabels(t, w.latest(bea)[1], "👍 ✓ | 👎")
	})
}

func TestVotesInAChannel(t *testing.T) {
	inVotingWorld(t, func(w *world) {
		channel, m := w.newsChannel()
		w.press(w.ann, m, "🔔 Subscribe")
		w.sendAll()
		said := channel.FromBot()
		i := slices.IndexFunc(said, func(m telegramsim.Message) bool { return votable(m) > 0 })
		if i < 0 {
			t.Fatalf("no post has thumbs: %q", texts(said))
		}
		w.press(w.li, said[i], "👎") // a reader
		w.wantVotes("News 0 1")
	})
}

// A press that no button stands for counts nothing.
func TestForgedVotes(t *testing.T) {
	inVotingWorld(t, func(w *world) {
		issue := w.issue(179, "News", "Tools")
		w.tell(w.ann, "/subscribe")
		said := w.latest(w.ann)
		theirs := said[1].Keyboard[0][0].CallbackData
		other := said[2].Keyboard[0][0].CallbackData
		for _, m := range []telegramsim.Message{said[0], said[2]} {
			w.forge(w.ann.Chat(), w.ann, m, theirs)
		}
		w.forge(w.ann.Chat(), w.ann, said[1], other, theirs+":1", "1:vote", "1:vote:1", fmt.Sprintf("1:vote:%d:99:1", issue.ID), theirs[:len(theirs)-1]+"2", "1:vote:99:1:1")
		w.forge(w.ann.Chat(), w.ann, said[1], fmt.Sprintf("1:btally:%d", issue.ID), fmt.Sprintf("1:btallyr:%d", issue.ID))
		w.wantVotes()
	})
}

// After four weeks only totals are kept, nobody votes any more, and copies have no thumbs. What
// was delivered keeps them.
func TestVotingEnds(t *testing.T) {
	inVotingWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		w.tell(w.ann, "/subscribe")
		said := w.latest(w.ann)
		w.press(w.ann, said[1], "👍")
		w.stop() // what it looks at each minute of four weeks takes seconds
		w.pass(28 * 24 * time.Hour)
		w.start()
		w.pass(7 * time.Hour)
		answer, now := w.press(w.ann, said[1], "👎")
		wantPopup(t, answer, "not counted any more")
		wantLabels(t, now, "👍 ✓ | 👎")
		w.wantVotes("News 1 0")
		if again := w.latest(w.ann); votable(again...) != 0 {
			t.Errorf("a copy has thumbs: %q", labels(again[1]))
		}
	})
}

// Buttons from when readers could vote count nothing when they cannot.
func TestVotesAreSwitchedOff(t *testing.T) {
	inVotingWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		w.tell(w.ann, "/subscribe")
		said := w.latest(w.ann)
		w.stop()
		w.config.Feedback = false
		w.start()
		answer, _ := w.press(w.ann, said[1], "👍")
		wantPopup(t, answer, "not counted any more")
		w.wantVotes()
	})
}

// The bot is killed after a vote and before that is on record: the press is handled again.
func TestVoteIsHandledAgainAfterACrash(t *testing.T) {
	inVotingWorld(t, func(w *world) {
		issue := w.issue(179, "News", "Tools")
		w.tell(w.ann, "/subscribe")
		said := w.latest(w.ann)
		w.stop()
		q, err := w.ann.Press(said[1], "👍")
		if err != nil {
			t.Fatal(err)
		}
		sections, err := w.store.IssueSections(w.t.Context(), issue)
		if err != nil {
			t.Fatal(err)
		}
		ballot := feedback.Ballot{Issue: issue.ID, Section: sections[0].ID, Person: w.ann.ID(), Press: q.ID}
		if _, err := w.store.Feedback.Cast(w.t.Context(), ballot, feedback.Up); err != nil {
			t.Fatal(err)
		}
		w.start()
		w.wantVotes("News 1 0")
		now, _ := w.ann.Chat().Message(said[1].ID)
		wantLabels(t, now, "👍 ✓ | 👎")
	})
}

// A correction keeps the thumbs, and the mark of who has voted.
func TestVotesAfterACorrection(t *testing.T) {
	inVotingWorld(t, func(w *world) {
		w.issue(179, "News")
		w.tell(w.ann, "/subscribe")
		w.sendAll()
		m := w.ann.Chat().FromBot()[2]
		w.press(w.ann, m, "👍")
		question := w.correctNews("Quite another item")
		w.press(w.admin, question, "✏️ Correct what was sent")
		w.pass(time.Minute)
		now, _ := w.ann.Chat().Message(m.ID)
		wantText(t, now, "Quite another item")
		wantRow(t, now, "👍 ✓ | 👎")
		_, now = w.press(w.ann, now, "👍 ✓")
		wantRow(t, now, "👍 | 👎")
		w.wantVotes()
	})
}

func TestVotesOfAWithdrawnIssue(t *testing.T) {
	inVotingWorld(t, func(w *world) {
		issue := w.issue(179, "News", "Tools")
		w.tell(w.ann, "/subscribe")
		said := w.latest(w.ann)
		if _, err := w.store.WithdrawIssue(w.t.Context(), issue.ID, subscribers.InPrivate(adminID)); err != nil {
			t.Fatal(err)
		}
		answer, _ := w.press(w.ann, said[1], "👍")
		wantPopup(t, answer, "withdrawn")
	})
}

// Editors see the sums in the report, and each section behind a button. Readers see none.
func TestTally(t *testing.T) {
	inVotingWorld(t, func(w *world) {
		w.issue(179, "News", "Tools")
		people := w.readers(3)
		bc := w.sendAll()
		report := last(w.admin.Chat().FromBot())
		wantRow(t, report, "👍 Votes")
		tally := w.one(w.admin.Chat(), func() { w.press(w.admin, report, "👍 Votes") })
		wantText(t, tally, "Votes: 👍 0 👎 0", "Weekly <179>", "Nobody has voted yet.")
		for i, p := range people {
			said := p.Chat().FromBot()
			w.press(p, said[2], "👍")
			if i == 0 {
				w.press(p, said[3], "👎")
			}
		}
		_, tally = w.press(w.admin, tally, "🔄 Refresh")
		wantText(t, tally, "Votes: 👍 3 👎 1", "News: 👍 3 👎 0", "Tools: 👍 0 👎 1")
		if err := w.store.Forget(w.t.Context(), people[0].ID()); err != nil {
			t.Fatal(err)
		}
		_, tally = w.press(w.admin, tally, "🔄 Refresh")
		wantText(t, tally, "Votes: 👍 2 👎 0")
		_, now := w.afterwards(w.admin.PressData(report, fmt.Sprintf("1:bpause:%d", bc.ID)), report)
		wantText(t, now, "Votes: 👍 2 👎 0")
		if text := w.tell(people[1], "/privacy").Text; !strings.Contains(text, "four weeks") {
			t.Errorf("/privacy does not tell of votes: %q", text)
		}
	})
}
