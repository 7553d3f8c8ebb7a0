package revision_test

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/revision"
	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/internal/longtest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// A reader who has blocked the bot, deleted a message, unsubscribed or left for good.
func TestCorrectionOfWhatIsNotThere(t *testing.T) {
	inBubble(t, 5, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.broadcast(w.issue("News: one", "Tools: two"))
		readers[0].Block()
		gone := readers[1].Chat().FromBot()[1]
		readers[1].Delete(gone)
		if _, err := w.store.Unsubscribe(t.Context(), readers[2].ID(), 0); err != nil {
			t.Fatal(err)
		}
		r := w.correct(w.issue("News: 1", "Tools: two", "Jobs: new"))
		if err := w.store.Forget(t.Context(), readers[3].ID()); err != nil {
			t.Fatal(err)
		}
		books := w.over(r)
		wantShown(t, readers[2].Chat(), shown(readers[2].Chat())[0], "News|1", "Tools|two") // and nothing new
		wantShown(t, readers[4].Chat(), shown(readers[4].Chat())[0], "News|1", "Tools|two", "Jobs|new")
		for reason, want := range map[subscribers.Reason]int{subscribers.ReasonMissing: 1, subscribers.ReasonForgotten: 3} {
			if got := messages(books, skipped, reason); got != want {
				t.Errorf("%d messages are skipped because they are %s, want %d: %+v", got, reason, want, books.Entries)
			}
		}
		if n := w.sim.Stats().Refused[429]; n != 0 {
			t.Errorf("Telegram refused %d requests with 429, want none", n)
		}
	})
}

func messages(b subscribers.RevisionBooks, outcome subscribers.Outcome, reason subscribers.Reason) (n int) {
	for _, e := range b.Entries {
		if e.Outcome == outcome && e.Reason == reason {
			n += e.Messages
		}
	}
	return n
}

// Who asked for the issue gets the correction of what they have. New sections come only to
// those who are subscribed.
func TestCorrectionOfWhatWasAskedFor(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue("News: one", "Tools: two")
		for _, p := range readers {
			must(w.bot.broadcaster.Deliver(t.Context(), issue.ID, w.id(p.ID())))(t)
		}
		time.Sleep(time.Minute)
		if _, err := w.store.Unsubscribe(t.Context(), readers[0].ID(), 0); err != nil {
			t.Fatal(err)
		}
		w.over(w.correct(w.issue("News: 1…", "Tools: two", "Jobs: new")))
		if got := shown(readers[0].Chat()); len(got) != 4 || strings.Contains(got[3], "Jobs") {
			t.Errorf("who has unsubscribed sees %q, want the rest of News last", got)
		}
		if got := shown(readers[1].Chat()); len(got) != 5 || got[4] != "Jobs|new" {
			t.Errorf("who is subscribed sees %q, want Jobs last", got)
		}
	})
}

// An admin pauses a correction, lets it go on, and cancels it.
func TestCorrectionIsPausedAndCancelled(t *testing.T) {
	inBubble(t, 200, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.broadcast(w.issue("News: one"))
		r := w.correct(w.issue("News: 1"))
		time.Sleep(2 * time.Second)
		turn := func(do func() (bool, error)) {
			if changed, err := do(); !changed || err != nil {
				t.Fatalf("the state does not change: %v", err)
			}
			w.bot.reviser.Wake()
			time.Sleep(time.Second)
		}
		turn(func() (bool, error) { return w.store.PauseRevision(t.Context(), r.ID, admin) })
		before := w.sim.Stats().Edited
		time.Sleep(time.Minute)
		if after := w.sim.Stats().Edited; after != before || before == 0 {
			t.Errorf("%d messages were edited at the pause and %d a minute later", before, after)
		}
		turn(func() (bool, error) { return w.store.ResumeRevision(t.Context(), r.ID, admin) })
		turn(func() (bool, error) { return w.store.CancelRevision(t.Context(), r.ID, admin) })
		books := w.over(r)
		if n := messages(books, skipped, subscribers.ReasonCancelled); n == 0 || n+books.Sum(edited)+books.Sum(unchanged) != 400 {
			t.Errorf("books are %+v, want that the rest is skipped", books.Entries)
		}
		if started, ended := w.bot.saw(revision.EventStarted), w.bot.saw(revision.EventFinished); started != 2 || ended != 1 {
			t.Errorf("there were %d starts and %d ends, want 2 and 1", started, ended)
		}
		// What was left is corrected by the next one, and nothing else.
		rest := w.over(w.correct(must(w.store.Issue(t.Context(), r.IssueID))(t)))
		if rest.Sum(edited) == 0 || rest.Sum(edited)+books.Sum(edited) < 200 {
			t.Errorf("the second correction edits %d messages after %d", rest.Sum(edited), books.Sum(edited))
		}
		w.wantAll(readers, "News|1")
	})
}

// wantAll checks the messages behind the cover of all readers.
func (w *world) wantAll(readers []*telegramsim.Person, want ...string) {
	w.t.Helper()
	for _, p := range readers {
		if got := shown(p.Chat()); len(got) == 0 || !slices.Equal(got[1:], want) {
			w.t.Errorf("%s sees %q, want %q behind the cover", p.Name(), got, want)
			return
		}
	}
}

// A newer correction takes the place of one that is under way, also if it takes back what
// that one has changed.
func TestCorrectionOfACorrection(t *testing.T) {
	inBubble(t, 100, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.broadcast(w.issue("News: one", "Tools: two"))
		first := w.correct(w.issue("News: 1", "Tools: two"))
		time.Sleep(1500 * time.Millisecond)
		second := w.correct(w.issue("News: one", "Tools: 2"))
		if again, started, err := w.store.StartCorrection(t.Context(), first.IssueID, admin); err != nil || started || again.ID != second.ID {
			t.Errorf("the same again is %+v, %v, %v; want the one that is under way", again, started, err)
		}
		w.over(second)
		w.wantAll(readers, "News|one", "Tools|2")
		if r := must(w.store.Revision(t.Context(), first.ID))(t); r.State != subscribers.Cancelled || r.FinishedAt.IsZero() {
			t.Errorf("the first correction is %+v, want it cancelled", r)
		}
		w.over(first)
	})
}

// A correction takes care of those whom the broadcast has yet to reach.
func TestCorrectionDuringABroadcast(t *testing.T) {
	inBubble(t, 100, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		w.startBroadcast(w.issue("News: one", "Tools: two", "Essays: three"))
		time.Sleep(3 * time.Second)
		r := w.correct(w.issue("News: 1", "Tools: two", "Essays: long…"))
		w.over(r)
		w.wantAll(readers, "News|1", "Tools|two", "Essays (1/2)|long…", "Essays (2/2)|It…")
	})
}

// A reader who asked once more has two copies. Both are corrected, and what is new comes
// once.
func TestCorrectionOfTwoCopies(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		issue := w.issue("News: one", "Tools: two")
		w.broadcast(issue)
		w.setLayout(readers[0], digest.LayoutRich)
		if _, err := w.bot.broadcaster.Deliver(t.Context(), issue.ID, w.id(readers[0].ID())); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		books := w.over(w.correct(w.issue("News: 1", "Tools: two", "Jobs: new")))
		got := shown(readers[0].Chat())
		want := []string{"News|1", "Tools|two", "rich News|1", "rich Tools|two", "rich Jobs|new"}
		if got = slices.DeleteFunc(got, func(s string) bool { return strings.Contains(s, "Weekly") }); !slices.Equal(got, want) {
			t.Errorf("the reader sees %q, want %q", got, want)
		}
		if n := books.Sum(added); n != 1 {
			t.Errorf("%d messages were added, want 1", n)
		}
	})
}

// The messages of a group stay behind when it becomes a supergroup: an edit with their ids
// would change others.
func TestCorrectionAfterAMove(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		group := w.sim.NewGroup("Readers", readers[0])
		group.AddBot(readers[0])
		w.subscribe(subscribers.Chat{ID: group.ID, Kind: subscribers.Group})
		w.broadcast(w.issue("News: one", "Tools: two"))
		super := group.Upgrade()
		if err := w.store.MoveChat(t.Context(), group.ID, super.ID); err != nil {
			t.Fatal(err)
		}
		books := w.over(w.correct(w.issue("News: 1", "Tools: two", "Jobs: new")))
		if n := messages(books, skipped, subscribers.ReasonUnknown); n != 3 {
			t.Errorf("%d messages are out of reach, want 3: %+v", n, books.Entries)
		}
		if got := len(super.FromBot()); got != 0 {
			t.Errorf("the supergroup got %d messages, want none", got)
		}
	})
}

// Messages from before positions were on record are corrected if it is certain which they
// are.
func TestCorrectionOfOldMessages(t *testing.T) {
	inBubble(t, 3, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		first := w.issue("News: one", "Tools: two")
		w.mute(readers[1], "News")
		w.mute(readers[2], "News")
		w.broadcast(first)
		w.unmute(readers[2], "News") // now nobody knows
		w.exec(`UPDATE deliveries SET message_ids = replace(replace(replace(message_ids, '0:', ''), '1:', ''), '2:', '')`)
		books := w.over(w.correct(w.issue("News: 1", "Tools: 2")))
		w.wantAll(readers[:1], "News|1", "Tools|2")
		w.wantAll(readers[1:2], "Tools|2")
		w.wantAll(readers[2:], "Tools|two")
		if n := messages(books, skipped, subscribers.ReasonUnknown); n != 2 {
			t.Errorf("%d messages are unknown, want 2: %+v", n, books.Entries)
		}
	})
}

// exec changes the database behind the back of the program.
func (w *world) exec(statement string) {
	w.t.Helper()
	db := must(sql.Open("sqlite3", w.path+"?_busy_timeout=5000"))(w.t)
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) unmute(p *telegramsim.Person, name string) {
	w.t.Helper()
	for _, s := range must(w.store.Switches(w.t.Context(), w.id(p.ID())))(w.t) {
		if s.Name == name {
			if err := w.store.SetMuted(w.t.Context(), w.id(p.ID()), s.ID, false); err != nil {
				w.t.Fatal(err)
			}
		}
	}
}

// Telegram refuses the markup of a message: everybody gets it without, and the first one
// who does not take it in any form pauses the correction.
func TestCorrectionThatIsRefused(t *testing.T) {
	const words = "Bad Request: can't parse entities: of no kind"
	for _, test := range []struct {
		name  string
		times int
		state subscribers.BroadcastState
	}{{"as it was made", 1, subscribers.Done}, {"in every form", 1000, subscribers.Paused}} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, 3, func(t *testing.T, w *world, readers []*telegramsim.Person) {
				w.broadcast(w.issue("News: one"))
				stop := w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: words, Methods: []string{"editMessageText"}, Times: test.times})
				r := w.correct(w.issue("News: 1"))
				time.Sleep(time.Minute)
				if got := must(w.store.Revision(t.Context(), r.ID))(t); got.State != test.state {
					t.Fatalf("the correction is %+v, want it %s", got, test.state)
				}
				if test.state == subscribers.Done {
					w.over(r)
					w.wantAll(readers, "News|1")
					return
				}
				stop()
				if _, err := w.store.ResumeRevision(t.Context(), r.ID, admin); err != nil {
					t.Fatal(err)
				}
				w.bot.reviser.Wake()
				w.over(r)
				w.wantAll(readers, "News|1")
			})
		})
	}
}

// Any order of edits, kills, refusals, pauses and newer corrections leaves each reader with
// the newest text, each message once, and books that balance.
func TestAnyLife(t *testing.T) {
	for seed := range longtest.Rounds[uint64](2, 10) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { newLife(t, seed).run() })
		})
	}
}

// life is a correction with everything going on around it.
type life struct {
	*world
	random  *rand.Rand
	readers []*telegramsim.Person
	layouts []digest.Layout
	texts   []string // of the sections of the newest edition
	all     []subscribers.Revision
	crashes int
}

func newLife(t *testing.T, seed uint64) *life {
	l := &life{world: newWorld(t, telegramsim.Options{Seed: seed}), random: rand.New(rand.NewPCG(seed, 3))}
	l.readers = l.world.readers(40)
	for n, p := range l.readers {
		layout := []digest.Layout{digest.LayoutSections, digest.LayoutSections, digest.LayoutRich, digest.LayoutCompact}[n%4]
		l.layouts = append(l.layouts, layout)
		l.setLayout(p, layout)
	}
	return l
}

func (l *life) run() {
	l.start()
	l.change()
	l.startBroadcast(l.newest())
	for range 25 {
		time.Sleep(time.Duration(l.random.Int64N(int64(1500 * time.Millisecond))))
		l.happen()
	}
	l.sim.ClearFaults()
	l.await("the broadcast", func() bool { return !must(l.store.LastBroadcast(l.t.Context()))(l.t).FinishedAt.IsZero() })
	l.change()
	l.begin()
	l.resume()
	for _, r := range l.all {
		l.over(r)
	}
	l.check()
}

func (w *world) newest() archive.Issue {
	w.t.Helper()
	return must(w.store.NewestIssue(w.t.Context()))(w.t)
}

// change archives another edition.
func (l *life) change() {
	l.texts = nil
	for _, name := range []string{"News", "Tools", "Essays", "Jobs"} {
		text := fmt.Sprintf("%s: text %d", name, l.random.IntN(5))
		switch l.random.IntN(6) {
		case 0:
			text += "…"
		case 1:
			if name != "News" {
				continue
			}
		}
		l.texts = append(l.texts, text)
	}
	l.issue(l.texts...)
}

func (l *life) begin() {
	r, started, err := l.store.StartCorrection(l.t.Context(), l.newest().ID, admin)
	if errors.Is(err, subscribers.ErrNothingToRevise) { // the broadcast has just begun
		return
	}
	if err != nil {
		l.t.Fatal(err)
	}
	if started {
		l.all = append(l.all, r)
	}
	l.bot.reviser.Wake()
}

func (l *life) resume() {
	for _, r := range l.all {
		if _, err := l.store.ResumeRevision(l.t.Context(), r.ID, admin); err != nil {
			l.t.Fatal(err)
		}
	}
	l.bot.reviser.Wake()
}

func (l *life) happen() {
	switch l.random.IntN(7) {
	case 0, 1:
		l.change()
		l.begin()
	case 2, 3:
		l.crash()
		l.crashes++
	case 4:
		l.sim.ClearFaults()
		for _, f := range telegramsim.Mixture(0.03) {
			if f.Kind != telegramsim.Slow {
				l.sim.Inject(f)
			}
		}
	case 5:
		if len(l.all) > 0 {
			if _, err := l.store.PauseRevision(l.t.Context(), l.all[len(l.all)-1].ID, admin); err != nil {
				l.t.Fatal(err)
			}
			l.bot.reviser.Wake()
			time.Sleep(time.Second)
			l.resume()
		}
	case 6:
		l.begin()
	}
}

// check compares what everybody sees with the newest edition.
func (l *life) check() {
	doubles := 0
	for n, p := range l.readers {
		got := map[string]int{}
		for _, s := range shown(p.Chat()) {
			got[strings.TrimPrefix(s, "rich ")]++
		}
		if l.layouts[n] == digest.LayoutCompact {
			if len(got) == 0 {
				l.t.Errorf("%s has no headlines", p.Name())
			}
			continue
		}
		lacks, extras := 0, 0
		for _, text := range l.texts {
			name, text, _ := strings.Cut(text, ": ")
			text, long := strings.CutSuffix(text, "…")
			want := []string{name + "|" + text}
			if long {
				want = []string{name + " (1/2)|text…", name + " (2/2)|It…"}
			}
			if long && l.layouts[n] == digest.LayoutRich {
				want = []string{name + "|text…|It…"}
			}
			for _, w := range want {
				if got[w] == 0 {
					l.t.Logf("%s lacks %q: %q", p.Name(), w, shown(p.Chat()))
					lacks++ // an uncertain message, of which no id is known
				}
				extras += max(got[w]-1, 0)
				delete(got, w)
			}
		}
		for s := range got {
			if !strings.Contains(s, "Weekly") {
				extras++ // an uncertain message, which may be there twice, and then stays as it was
			}
		}
		doubles += max(lacks, extras)
	}
	uncertain := 0
	for _, r := range l.all {
		uncertain += must(l.store.RevisionBooks(l.t.Context(), r.ID))(l.t).Sum(subscribers.OutcomeUncertain)
	}
	books := must(l.store.Books(l.t.Context(), must(l.store.LastBroadcast(l.t.Context()))(l.t).ID))(l.t)
	uncertain += books.Sum(subscribers.OutcomeUncertain)
	l.t.Logf("%d corrections, %d crashes, %d doubles, %d uncertain", len(l.all), l.crashes, doubles, uncertain)
	if doubles > uncertain {
		l.t.Errorf("%d messages are there twice, or with an old text, or not, only %d are uncertain", doubles, uncertain)
	}
	if n := l.sim.Stats().Refused[429]; n > 0 {
		l.t.Logf("Telegram refused %d requests with 429", n)
	}
}
