package feedback_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"digestbot/digest/digesttest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/feedback"
	"digestbot/subscribers/storetest"
)

const person = 5_000_000_007

// world is a store with an issue of three sections.
type world struct {
	t        *testing.T
	store    *subscribers.Store
	db       *sql.DB
	issue    archive.Issue
	sections []int64
	presses  int
}

func newWorld(t *testing.T) *world {
	t.Helper()
	path := filepath.Join(t.TempDir(), "digestbot.db")
	store, err := storetest.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", path+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(db.Close(), store.Close()); err != nil {
			t.Error(err)
		}
	})
	w := &world{t: t, store: store, db: db}
	parsed := digesttest.Issue(1, "News", "Tools", "Jobs")
	if w.issue, _, err = store.SaveIssue(t.Context(), parsed, "1.md", []byte("1")); err != nil {
		t.Fatal(err)
	}
	sections, err := store.IssueSections(t.Context(), w.issue)
	if err != nil || len(sections) != 3 {
		t.Fatalf("sections are %v, %v", sections, err)
	}
	for _, s := range sections {
		w.sections = append(w.sections, s.ID)
	}
	return w
}

// cast presses a button and returns the vote that counts then.
func (w *world) cast(who, section int64, vote feedback.Vote) feedback.Vote {
	w.t.Helper()
	w.presses++
	return w.again(who, section, vote)
}

// again handles the press before once more.
func (w *world) again(who, section int64, vote feedback.Vote) feedback.Vote {
	w.t.Helper()
	now, err := w.store.Feedback.Cast(w.t.Context(), feedback.Ballot{Issue: w.issue.ID, Section: section, Person: who, Press: fmt.Sprint(w.presses)}, vote)
	if err != nil {
		w.t.Fatal(err)
	}
	return now
}

// want checks the totals: "News 2 1" is two votes up and one down.
func (w *world) want(when string, want ...string) {
	w.t.Helper()
	totals, err := w.store.Feedback.Totals(w.t.Context(), w.issue.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	var got []string
	for _, t := range totals {
		got = append(got, fmt.Sprint(t.Name, " ", t.Up, " ", t.Down))
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		w.t.Errorf("%s: votes are %q, want %q", when, got, want)
	}
}

func (w *world) close(after time.Duration) int {
	w.t.Helper()
	n, err := w.store.Feedback.Close(w.t.Context(), time.Now().Add(after))
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// onDisk reports whether bytes are anywhere in the files of the database.
func (w *world) onDisk(data []byte) bool {
	w.t.Helper()
	for _, name := range w.store.Files() {
		if file, err := os.ReadFile(name); err == nil && bytes.Contains(file, data) {
			return true
		}
	}
	return false
}

func TestOneVoteEach(t *testing.T) {
	w := newWorld(t)
	news, tools := w.sections[0], w.sections[1]
	for _, step := range []struct {
		who, section int64
		vote, now    feedback.Vote
		want         []string
	}{
		{1, tools, feedback.Up, feedback.Up, []string{"Tools 1 0"}},
		{1, tools, feedback.Down, feedback.Down, []string{"Tools 0 1"}},
		{2, tools, feedback.Down, feedback.Down, []string{"Tools 0 2"}},
		{1, tools, feedback.Down, feedback.None, []string{"Tools 0 1"}},
		{1, news, feedback.Up, feedback.Up, []string{"News 1 0", "Tools 0 1"}},
		{2, tools, feedback.Down, feedback.None, []string{"News 1 0"}},
		{2, tools, feedback.Up, feedback.Up, []string{"News 1 0", "Tools 1 0"}},
	} {
		for try := range 2 { // after a crash the same press is handled once more
			now := w.again
			if try == 0 {
				now = w.cast
			}
			if got := now(step.who, step.section, step.vote); got != step.now {
				t.Errorf("%+v, try %d: the vote is %d", step, try+1, got)
			}
			w.want(fmt.Sprintf("%+v, try %d", step, try+1), step.want...)
		}
	}
	own, open, err := w.store.Feedback.Votes(t.Context(), w.issue.ID, 1, w.sections)
	if want := map[int64]feedback.Vote{news: feedback.Up, tools: feedback.None, w.sections[2]: feedback.None}; err != nil || !open || !reflect.DeepEqual(own, want) {
		t.Errorf("the first has the votes %v, %v, %v; want %v", own, open, err, want)
	}
}

func TestVotesOnWhatIsNotThere(t *testing.T) {
	w := newWorld(t)
	for _, b := range []feedback.Ballot{{Issue: w.issue.ID, Section: 99, Person: 1}, {Issue: 99, Section: w.sections[0], Person: 1}} {
		if _, err := w.store.Feedback.Cast(t.Context(), b, feedback.Up); err == nil {
			t.Errorf("%+v counts", b)
		}
	}
	w.want("after wrong votes")
}

// Votes are kept under the ids that the sections had, and count for the one they became.
func TestVotesOnMergedSections(t *testing.T) {
	w := newWorld(t)
	news, tools := w.sections[0], w.sections[1]
	w.cast(1, news, feedback.Up)
	w.cast(2, news, feedback.Up)
	w.cast(1, tools, feedback.Up)
	if _, err := w.store.MergeSections(t.Context(), subscribers.InPrivate(77), news, tools); err != nil {
		t.Fatal(err)
	}
	w.want("merged", "Tools 3 0")
	if now := w.cast(2, tools, feedback.Down); now != feedback.Down { // from the button of a corrected message
		t.Errorf("the vote is %d", now)
	}
	w.want("one has voted on both ids", "Tools 2 1")
	w.cast(1, news, feedback.Down) // an old button
	w.want("one with votes on both sections", "Tools 0 2")
	w.close(time.Hour)
	w.want("closed", "Tools 0 2")
}

// When voting is over nobody can tell who voted what: neither votes nor the secret are there.
func TestClose(t *testing.T) {
	w := newWorld(t)
	w.cast(person, w.sections[0], feedback.Up)
	w.cast(2, w.sections[0], feedback.Down)
	w.cast(3, w.sections[1], feedback.Down)
	var secret []byte
	if err := w.db.QueryRow("SELECT secret FROM polls").Scan(&secret); err != nil || !w.onDisk(secret) {
		t.Fatalf("the secret is not where it is looked for, %v", err)
	}
	if n := w.close(-time.Hour); n != 0 {
		t.Errorf("voting on %d issues is over too early", n)
	}
	if n := w.close(time.Hour); n != 1 {
		t.Errorf("voting on %d issues is over, want 1", n)
	}
	if n := w.close(time.Hour); n != 0 {
		t.Errorf("voting on %d issues is over twice", n)
	}
	w.want("closed", "News 1 1", "Tools 0 1")
	if w.onDisk(secret) {
		t.Error("the secret is still in the files of the database")
	}
	var votes, secrets int
	if err := w.db.QueryRow("SELECT (SELECT count(*) FROM votes), (SELECT count(*) FROM polls WHERE secret <> zeroblob(32))").Scan(&votes, &secrets); err != nil || votes+secrets != 0 {
		t.Errorf("%d votes and %d secrets are left, %v", votes, secrets, err)
	}
	_, err := w.store.Feedback.Cast(t.Context(), feedback.Ballot{Issue: w.issue.ID, Section: w.sections[0], Person: 9, Press: "x"}, feedback.Up)
	if !errors.Is(err, feedback.ErrClosed) {
		t.Errorf("a vote afterwards is %v, want ErrClosed", err)
	}
	if _, open, err := w.store.Feedback.Votes(t.Context(), w.issue.ID, 1, w.sections); open || err != nil {
		t.Errorf("voting is open: %v, %v", open, err)
	}
}

// While somebody reads, what was deleted cannot be erased from the log: the next Close does it.
func TestCloseBesideAReader(t *testing.T) {
	w := newWorld(t)
	w.cast(person, w.sections[0], feedback.Up)
	tx, err := w.db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	var secret []byte
	if err := tx.QueryRow("SELECT secret FROM polls").Scan(&secret); err != nil {
		t.Fatal(err)
	}
	if n := w.close(time.Hour); n != 1 || !w.onDisk(secret) {
		t.Errorf("beside a reader voting on %d issues is over, and the secret is on disk: %t", n, w.onDisk(secret))
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if n := w.close(time.Hour); n != 0 || w.onDisk(secret) {
		t.Errorf("after that voting on %d issues is over, and the secret is on disk: %t", n, w.onDisk(secret))
	}
}

// No table says who votes, and one person's votes on two sections have nothing in common.
func TestVotesNameNobody(t *testing.T) {
	w := newWorld(t)
	w.cast(person, w.sections[0], feedback.Up)
	w.cast(person, w.sections[1], feedback.Up)
	var voters, same int
	if err := w.db.QueryRow("SELECT count(*), count(*) - count(DISTINCT voter) FROM votes").Scan(&voters, &same); err != nil || voters != 2 || same != 0 {
		t.Errorf("of %d voters %d are the same, %v", voters, same, err)
	}
	var named int
	if err := w.db.QueryRow("SELECT count(*) FROM votes WHERE instr(hex(voter), printf('%X', ?1)) OR instr(hex(press), printf('%X', ?1)) OR instr(voter, ?1)", int64(person)).Scan(&named); err != nil || named != 0 {
		t.Errorf("%d votes name the person, %v", named, err)
	}
}

// Whatever people press, the totals are those of a count made another way.
func TestAnyVotes(t *testing.T) {
	w := newWorld(t)
	random := rand.New(rand.NewPCG(1, 2))
	type key struct{ who, section int64 }
	votes := make(map[key]feedback.Vote)
	for range 400 {
		k := key{1 + random.Int64N(6), w.sections[random.IntN(3)]}
		if random.IntN(40) == 0 {
			if err := w.store.Forget(t.Context(), k.who); err != nil {
				t.Fatal(err)
			}
			for _, section := range w.sections {
				delete(votes, key{k.who, section})
			}
			continue
		}
		vote := []feedback.Vote{feedback.Up, feedback.Down}[random.IntN(2)]
		if votes[k] == vote {
			delete(votes, k)
		} else {
			votes[k] = vote
		}
		if got := w.cast(k.who, k.section, vote); got != votes[k] {
			t.Fatalf("the vote is %d, want %d", got, votes[k])
		}
		if random.IntN(4) == 0 {
			w.again(k.who, k.section, vote)
		}
	}
	var want []string
	for i, name := range []string{"News", "Tools", "Jobs"} {
		up, down := 0, 0
		for k, vote := range votes {
			switch {
			case k.section != w.sections[i]:
			case vote == feedback.Up:
				up++
			default:
				down++
			}
		}
		if up+down > 0 {
			want = append(want, fmt.Sprint(name, " ", up, " ", down))
		}
	}
	w.want("at the end", want...)
	w.close(time.Hour)
	w.want("closed", want...)
}
