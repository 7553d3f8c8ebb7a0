//go:build unix

package main

import (
	"database/sql"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/bot/telegramsim/speed"
	"digestbot/digest"
	"digestbot/internal/longtest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// TestKillRevisions kills the program with SIGKILL in the middle of a correction and of a
// recall: everybody has the new text, then nothing, and the books balance.
func TestKillRevisions(t *testing.T) {
	longtest.Only(t)
	t.Parallel()
	tg := newTelegram(t, telegramsim.Options{ImplicitChats: true, Limits: speed.Limits{Off: true}, Seed: *killSeed})
	tg.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: 20 * time.Millisecond, MaxDelay: 80 * time.Millisecond})
	r := &revisedByProgram{t: t, tg: tg, binary: buildProgram(t), database: filepath.Join(t.TempDir(), "digestbot.db"), random: rand.New(rand.NewPCG(*killSeed, 7))}
	r.inStore(func(store *subscribers.Store) {
		row := r.save(store, "old")
		for i := range revisedReaders {
			if _, _, err := store.Subscribe(t.Context(), subscribers.Chat{ID: int64(5000 + i), Kind: subscribers.Private}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := store.StartBroadcast(t.Context(), row.ID, subscribers.InPrivate(1)); err != nil {
			t.Fatal(err)
		}
	})
	r.run("SELECT finished_at > 0 FROM broadcasts", 0)
	r.inStore(func(store *subscribers.Store) {
		if _, _, err := store.StartCorrection(t.Context(), r.save(store, "new").ID, subscribers.InPrivate(1)); err != nil {
			t.Fatal(err)
		}
	})
	r.run("SELECT finished_at > 0 FROM revisions WHERE id = 1", 3)
	for i := range revisedReaders {
		messages := tg.sim.Chat(int64(5000 + i)).FromBot()
		if len(messages) != 4 {
			t.Fatalf("chat %d has %d messages, want 4", i, len(messages))
		}
		for _, m := range messages[1:] {
			if !strings.Contains(m.Text, "new item") || m.Edits != 1 {
				t.Errorf("chat %d has %q, edited %d times; want the new text, by one edit", i, m.Text, m.Edits)
			}
		}
	}
	r.inStore(func(store *subscribers.Store) {
		if _, _, err := store.StartRecall(t.Context(), 1, subscribers.InPrivate(1)); err != nil {
			t.Fatal(err)
		}
	})
	r.run("SELECT finished_at > 0 FROM revisions WHERE id = 2", 1)
	for i := range revisedReaders {
		for _, m := range tg.sim.Chat(int64(5000 + i)).FromBot() {
			if !m.Deleted {
				t.Errorf("chat %d still has %q", i, m.Text)
			}
		}
	}
	r.inStore(func(store *subscribers.Store) {
		for id, want := range map[int64]int{1: 4 * revisedReaders, 2: 4 * revisedReaders} {
			books, err := store.RevisionBooks(t.Context(), id)
			if err != nil || books.Check() != nil || books.Messages != want {
				t.Errorf("the books of revision %d are %+v, %v, want %d messages", id, books, err, want)
			}
		}
	})
}

const revisedReaders = 40

// revisedByProgram is a database that the real program works on, again and again.
type revisedByProgram struct {
	t                *testing.T
	tg               *telegram
	binary, database string
	random           *rand.Rand
}

func (r *revisedByProgram) inStore(do func(*subscribers.Store)) {
	r.t.Helper()
	store, err := subscribers.Open(r.t.Context(), r.database)
	if err != nil {
		r.t.Fatal(err)
	}
	do(store)
	if err := store.Close(); err != nil {
		r.t.Fatal(err)
	}
}

// save archives an issue of a cover and three sections with that text.
func (r *revisedByProgram) save(store *subscribers.Store, text string) archive.Issue {
	r.t.Helper()
	issue := &digest.Issue{Key: "1", Number: 1, Title: "Weekly 1"}
	for _, name := range []string{"News", "Tools", "Jobs"} {
		issue.Sections = append(issue.Sections, digest.Section{
			Key: digest.SectionKey(name), Name: name, Items: []digest.Item{{Title: []digest.Span{{Text: "A " + text + " item"}}}},
		})
	}
	row, _, err := store.SaveIssue(r.t.Context(), issue, "1.md", []byte(text))
	if err != nil {
		r.t.Fatal(err)
	}
	return row
}

// run runs the program until a query says that the work is done, and kills it so often in
// the middle.
func (r *revisedByProgram) run(done string, kills int) {
	r.t.Helper()
	for limit := time.Now().Add(2 * time.Minute); !r.is(done); kills-- {
		if time.Now().After(limit) {
			r.t.Fatalf("%s does not come true", done)
		}
		p := startCommand(r.t, exec.Command(r.binary, "--database", r.database, "--api-url", r.tg.url))
		for began := time.Now(); !r.is(done) && (kills <= 0 || time.Since(began) < r.moment()); {
			time.Sleep(100 * time.Millisecond) // the program is a process of its own, with a real clock
		}
		if kills > 0 {
			p.signal(syscall.SIGKILL)
		} else {
			p.signal(syscall.SIGTERM)
		}
		p.wait()
	}
}

// moment is how long the program runs before a kill: nothing goes out in its first second.
func (r *revisedByProgram) moment() time.Duration {
	return 1500*time.Millisecond + time.Duration(r.random.Int64N(int64(time.Second)))
}

func (r *revisedByProgram) is(query string) bool {
	r.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+r.database+"?mode=ro&_busy_timeout=10000")
	if err != nil {
		r.t.Fatal(err)
	}
	defer db.Close()
	var is bool
	if err := db.QueryRow(query).Scan(&is); err != nil {
		r.t.Fatal(err)
	}
	return is
}
