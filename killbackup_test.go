//go:build unix

package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"digestbot/internal/longtest"
	"digestbot/subscribers"
)

// TestKillBackup kills a backup, and then a restore, with SIGKILL at any moment. The file
// that was there is whole after that, or the new one is, and after a restore that replaced a
// database it is whole under its other name.
func TestKillBackup(t *testing.T) {
	longtest.Only(t)
	t.Parallel()
	binary, folder := buildProgram(t), t.TempDir()
	database, older, file := filepath.Join(folder, "digestbot.db"), filepath.Join(folder, "older.db"), filepath.Join(folder, "copy.db")
	must := func(args ...string) time.Duration {
		t.Helper()
		began := time.Now()
		if out, err := exec.Command(binary, append(args, "--database", database)...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", args[0], err, out)
		}
		return time.Since(began)
	}
	const few, many = 1000, 5000
	rounds := max(1, *kills/5)
	list := func(people int) string {
		return write(t, folder, "people.csv", "chat\n"+strings.Join(ids(people), "\n"))
	}
	must("import-subscribers", list(few))
	must("backup", older)
	must("import-subscribers", list(many))
	random := rand.New(rand.NewPCG(*killSeed, 17))
	kill := func(took time.Duration, args ...string) {
		p := startCommand(t, exec.Command(binary, append(args, "--database", database)...))
		time.Sleep(time.Duration(random.Int64N(int64(took)))) // the program is a process of its own, with a real clock
		p.kill()
	}
	took := must("backup", file)
	for range rounds {
		if err := copyOver(older, file); err != nil {
			t.Fatal(err)
		}
		kill(took, "backup", "--force", file)
		if n := people(t, file); n != few && n != many {
			t.Fatalf("the backup has %d subscribers, want %d as before or %d", n, few, many)
		}
	}
	must("backup", "--force", file)
	took = must("restore", file)
	for range rounds {
		must("restore", file)
		for _, name := range replaced(t, folder) {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
		kill(took, "restore", older)
		switch n := people(t, database); {
		case n == few: // the restore was done
			if kept := replaced(t, folder); len(kept) != 1 || people(t, kept[0]) != many {
				t.Fatalf("%v has been kept, want the one with %d subscribers", kept, many)
			}
		case n != many:
			t.Fatalf("the database has %d subscribers, want %d as before or %d", n, many, few)
		}
	}
	must("restore", older)
	if left, err := filepath.Glob(filepath.Join(folder, ".digestbot*")); err != nil || len(left) > 0 {
		t.Errorf("%v, %v is left of the restores that were killed", left, err)
	}
}

// ids are the ids of chats, as text.
func ids(n int) (all []string) {
	for i := range n {
		all = append(all, fmt.Sprint(1000+i))
	}
	return all
}

func copyOver(from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o600)
}

// people counts the subscribers in a file that nobody changes.
func people(t *testing.T, file string) int {
	t.Helper()
	contents, err := subscribers.ReadContents(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	return contents.Subscribers
}

// replaced are the databases that restores have kept.
func replaced(t *testing.T, folder string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(folder, "*-replaced-*.db"))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestKillUpgrade kills a program with SIGKILL while it backs up a database of an older
// version and brings that up to date. All its rows are there then, and the next start goes on.
func TestKillUpgrade(t *testing.T) {
	longtest.Only(t)
	t.Parallel()
	binary := buildProgram(t)
	const version, many = 37, 2000
	random := rand.New(rand.NewPCG(*killSeed, 18))
	took := 300 * time.Millisecond
	for range max(1, *kills/5) {
		folder := t.TempDir()
		r := &revisedByProgram{t: t, database: filepath.Join(folder, "digestbot.db")}
		steps, err := filepath.Glob("subscribers/migrations/*.sql")
		if err != nil || len(steps) < version {
			t.Fatalf("there are %d migrations, %v", len(steps), err)
		}
		for _, step := range steps[:version] {
			r.execute(readText(t, step))
		}
		r.execute(fmt.Sprintf(`PRAGMA user_version = %d;
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
			INSERT INTO subscribers (chat_id, kind, language, state, created_at, updated_at) SELECT i, 'private', 'en', 'on', 0, 0 FROM n`, version, many))
		program := func() *exec.Cmd {
			return exec.Command(binary, "export", "--database", r.database, filepath.Join(folder, "people.csv"))
		}
		p := startCommand(t, program())
		time.Sleep(time.Duration(random.Int64N(int64(took)))) // the program is a process of its own, with a real clock
		p.kill()
		if !r.is(fmt.Sprintf("SELECT count(*) = %d FROM subscribers", many)) {
			t.Fatal("subscribers are missing")
		}
		if out, err := program().CombinedOutput(); err != nil {
			t.Fatalf("the next start: %v\n%s", err, out)
		}
		backups, err := filepath.Glob(filepath.Join(folder, "*-version-*.db"))
		if err != nil || len(backups) == 0 || people(t, backups[0]) != many {
			t.Fatalf("there are the backups %v, %v, want one with %d subscribers", backups, err, many)
		}
	}
}
