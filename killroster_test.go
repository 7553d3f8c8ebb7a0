//go:build unix

package main

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/bot/telegramsim/speed"
	"digestbot/internal/longtest"
	"digestbot/subscribers"
	"digestbot/subscribers/roster"
)

// TestKillImport kills an import with SIGKILL at any moment: there are all its subscribers
// then, or none, and the next import finds out which.
func TestKillImport(t *testing.T) {
	longtest.Only(t)
	t.Parallel()
	const people, kills = 20_000, 6
	folder := t.TempDir()
	list, database := filepath.Join(folder, "people.csv"), filepath.Join(folder, "digestbot.db")
	var text strings.Builder
	text.WriteString("chat,muted_sections,muted_words\n")
	for i := range people {
		fmt.Fprintf(&text, "%d,News | Tools,word%d\n", 1000+i, i%50)
	}
	if err := os.WriteFile(list, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	binary := buildProgram(t)
	random := rand.New(rand.NewPCG(*killSeed, 14))
	r := &revisedByProgram{t: t, database: database}
	r.inStore(func(*subscribers.Store) {}) // so that no kill hits the making of the database
	took := 2 * time.Second
	for range kills {
		began := time.Now()
		p := startCommand(t, exec.Command(binary, "import-subscribers", "--database", database, list))
		time.Sleep(time.Duration(random.Int64N(int64(took)))) // the program is a process of its own, with a real clock
		p.kill()
		r.inStore(func(*subscribers.Store) {}) // as the next program would
		whole := r.is(fmt.Sprintf("SELECT count(*) = %d FROM subscribers", people))
		if !whole && !r.is("SELECT NOT EXISTS (SELECT 1 FROM subscribers) AND NOT EXISTS (SELECT 1 FROM words) AND NOT EXISTS (SELECT 1 FROM sections) AND NOT EXISTS (SELECT 1 FROM audit)") {
			t.Fatal("something of the import is there, and something is not")
		}
		if whole && !r.is(fmt.Sprintf("SELECT (SELECT count(*) FROM words) = %d AND (SELECT count(*) FROM muted_sections) = %d AND (SELECT count(*) FROM audit) = 1", people, 2*people)) {
			t.Fatal("all subscribers are there, but not all that they have chosen, or not the audit")
		}
		if whole { // the next one has something to do, and less time for it
			took = min(took, time.Since(began))
			r.execute("DELETE FROM subscribers; DELETE FROM sections; DELETE FROM audit")
		}
	}
	for _, want := range []string{"20000 new, 0 as they were", "0 new, 20000 as they were"} {
		out, err := exec.Command(binary, "import-subscribers", "--database", database, list).CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("the import says %s, %v, want %q", out, err, want)
		}
	}
}

// TestKillExport kills an export with SIGKILL at any moment: the file is as it was before, or
// whole.
func TestKillExport(t *testing.T) {
	longtest.Only(t)
	t.Parallel()
	const people, kills = 20_000, 8
	folder := t.TempDir()
	list, database := filepath.Join(folder, "people.csv"), filepath.Join(folder, "digestbot.db")
	binary := buildProgram(t)
	imported := exec.Command(binary, "import-subscribers", "--database", database, "--format", "csv", "-")
	text := "chat\n"
	for i := range people {
		text += fmt.Sprintln(1000 + i)
	}
	imported.Stdin = strings.NewReader(text)
	if out, err := imported.CombinedOutput(); err != nil {
		t.Fatalf("the import says %s, %v", out, err)
	}
	export := func() *exec.Cmd { return exec.Command(binary, "export", "--database", database, list) }
	began := time.Now()
	if out, err := export().CombinedOutput(); err != nil {
		t.Fatalf("the export says %s, %v", out, err)
	}
	took := time.Since(began)
	whole, err := os.ReadFile(list)
	if err != nil || strings.Count(string(whole), "\n") != people+1 {
		t.Fatalf("the export has %d lines, %v", strings.Count(string(whole), "\n"), err)
	}
	random := rand.New(rand.NewPCG(*killSeed, 16))
	for range kills {
		const older = "older"
		if err := os.WriteFile(list, []byte(older), 0o600); err != nil {
			t.Fatal(err)
		}
		p := startCommand(t, export())
		time.Sleep(time.Duration(random.Int64N(int64(took)))) // the program is a process of its own, with a real clock
		p.kill()
		got, err := os.ReadFile(list)
		if err != nil || string(got) != older && string(got) != string(whole) {
			t.Fatalf("the file has %d bytes, %v, want %d or the older %d", len(got), err, len(whole), len(older))
		}
	}
}

// TestKillGreetings kills the program with SIGKILL while it greets whom another process has
// imported: nobody is greeted twice, and who was not is unconfirmed.
func TestKillGreetings(t *testing.T) {
	longtest.Only(t)
	t.Parallel()
	const people, kills = 150, 3
	tg := newTelegram(t, telegramsim.Options{ImplicitChats: true, Limits: speed.Limits{Off: true}, Seed: *killSeed})
	tg.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: 20 * time.Millisecond, MaxDelay: 80 * time.Millisecond})
	r := &revisedByProgram{t: t, tg: tg, binary: buildProgram(t), database: filepath.Join(t.TempDir(), "digestbot.db"), random: rand.New(rand.NewPCG(*killSeed, 15))}
	list := "chat\n"
	for i := range people {
		list += fmt.Sprintln(5000 + i)
	}
	r.inStore(func(*subscribers.Store) {})
	imported := exec.Command(r.binary, "import-subscribers", "--greet", "--database", r.database, "--format", "csv", "-")
	imported.Stdin = strings.NewReader(list)
	if out, err := imported.CombinedOutput(); err != nil || !strings.Contains(string(out), "while it runs: 150") {
		t.Fatalf("the import says %s, %v", out, err)
	}
	r.run("SELECT NOT EXISTS (SELECT 1 FROM subscribers WHERE greeting > 0)", kills)
	missing := 0
	r.inStore(func(store *subscribers.Store) {
		for i := range people {
			n := len(tg.sim.Chat(int64(5000 + i)).FromBot())
			sub, err := store.Subscriber(t.Context(), int64(5000+i), 0)
			if err != nil || n > 1 || n == 0 && !sub.Unconfirmed {
				t.Errorf("chat %d has %d greetings and is %+v, %v", 5000+i, n, sub, err)
			}
			missing += 1 - n
		}
		if due, err := roster.GreetingsDue(t.Context(), store, 0, people); err != nil || len(due) != 0 {
			t.Errorf("to be greeted are %v, %v", due, err)
		}
	})
	if missing > people/2 {
		t.Errorf("%d were not greeted at all", missing)
	}
	t.Logf("not greeted, because the program was killed at that moment: %d", missing)
}

// execute changes the database.
func (r *revisedByProgram) execute(statements string) {
	r.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+r.database+"?_foreign_keys=on&_busy_timeout=10000")
	if err != nil {
		r.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statements); err != nil {
		r.t.Fatal(err)
	}
}
