package backup_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/digest/digesttest"
	"digestbot/subscribers"
	"digestbot/subscribers/backup"
	"digestbot/subscribers/database"
	"digestbot/subscribers/storetest"
)

// A broadcast that was paused at the time of the backup may have gone on since, so it waits for
// the reason of a restore, whatever it waited for before. A canary that is over stays over.
func TestRestoreOfAPausedBroadcast(t *testing.T) {
	for _, was := range []subscribers.PauseKind{subscribers.PausedAfterCanary, subscribers.PausedByAdmin} {
		dir := t.TempDir()
		path, file := filepath.Join(dir, "digestbot.db"), filepath.Join(dir, "copy.db")
		store := must(storetest.Open(t.Context(), path))(t)
		for i := range int64(3) {
			subscribe(t, store, 100+i)
		}
		b, _, err := store.StartCanary(t.Context(), saveIssue(t, store, digesttest.Issue(1, "News")), subscribers.InPrivate(9), 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		must(store.HoldBroadcast(t.Context(), b.ID, subscribers.PauseReason{Kind: was}))(t)
		makeBackup(t, path, file)
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		if said := must(backup.Restore(t.Context(), path, file, nil))(t); !strings.Contains(said, "under way or paused: 1") {
			t.Errorf("%q: restore says %q, want the broadcast", was, said)
		}
		open := must(open(t, path).UnfinishedBroadcasts(t.Context()))(t)
		if len(open) != 1 || open[0].State != subscribers.Paused || open[0].Reason.Kind != subscribers.PausedAfterRestore {
			t.Fatalf("%q: under way are %+v, want the one, paused after the restore", was, open)
		}
		if begun := was != subscribers.PausedAfterCanary; open[0].Canary != begun {
			t.Errorf("%q: Canary = %v, want %v", was, open[0].Canary, begun)
		}
	}
}

// The database that was there is whole under another name, with what its log and progress
// file hold.
func TestRestoreKeepsWhatWasThere(t *testing.T) {
	dir := t.TempDir()
	s := serve(t, filepath.Join(dir, "digestbot.db"))
	file := filepath.Join(t.TempDir(), "copy.db")
	makeBackup(t, s.path, file)
	s.send(t, 3)
	subscribe(t, s.Store, 999)
	if _, err := backup.Restore(t.Context(), s.path, file, nil); !errors.Is(err, subscribers.ErrLocked) {
		t.Fatalf("while a program serves it, Restore = %v, want ErrLocked", err)
	}
	s.stop()
	said := must(backup.Restore(t.Context(), s.path, file, nil))(t)
	_, kept, _ := strings.Cut(said, "what was there before: ")
	kept, _, _ = strings.Cut(kept, "\n")
	if filepath.Dir(kept) != dir {
		t.Fatalf("restore says %q, want where the database is that was there", said)
	}
	restored, before := open(t, s.path), open(t, kept)
	if on(t, restored) != readers || on(t, before) != readers+1 {
		t.Errorf("restored are %d subscribers, and there were %d; want %d and %d", on(t, restored), on(t, before), readers, readers+1)
	}
	must(before.OpenProgressFile(t.Context()))(t)
	if d := must(before.Delivery(t.Context(), s.issue, s.pending[3].SubscriberID))(t); d.NextMessage != 1 {
		t.Errorf("the delivery is %+v, want what the progress file knew", d.Progress)
	}
	must(restored.OpenProgressFile(t.Context()))(t)
	if d := must(restored.Delivery(t.Context(), s.issue, s.pending[3].SubscriberID))(t); d.NextMessage != 0 {
		t.Errorf("the delivery is %+v, want it as it was at the backup", d.Progress)
	}
}

// The files of a database that somebody has copied, with what is in its log and its progress
// file, are a backup as well.
func TestRestorePlainCopies(t *testing.T) {
	s := serve(t, filepath.Join(t.TempDir(), "digestbot.db"))
	s.send(t, 2)
	copied := filepath.Join(t.TempDir(), "plain.db")
	for _, suffix := range []string{"", "-wal", "-progress"} {
		write(t, copied+suffix, string(must(os.ReadFile(s.path+suffix))(t)))
	}
	s.stop()
	other := filepath.Join(t.TempDir(), "other.db")
	said := must(backup.Restore(t.Context(), other, copied, nil))(t)
	if !strings.Contains(said, "paused") {
		t.Errorf("restore says %q, want that the broadcast is paused", said)
	}
	store := open(t, other)
	if d := must(store.Delivery(t.Context(), s.issue, s.pending[2].SubscriberID))(t); d.NextMessage != 1 || on(t, store) != readers {
		t.Errorf("the delivery is %+v, and there are %d subscribers", d.Progress, on(t, store))
	}
}

// What cannot be restored changes nothing.
func TestRestoresThatAreRefused(t *testing.T) {
	dir := t.TempDir()
	path, file := filepath.Join(dir, "digestbot.db"), filepath.Join(dir, "copy.db")
	store := must(storetest.Open(t.Context(), path))(t)
	for i := range int64(50) {
		subscribe(t, store, 100+i)
	}
	makeBackup(t, path, file)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	whole := must(os.ReadFile(file))(t)
	damaged := bytes.Clone(whole)
	for i := len(damaged) / 3; i < len(damaged)/2; i++ {
		damaged[i] ^= 0x55
	}
	newer := filepath.Join(dir, "newer.db")
	write(t, newer, string(whole))
	execute(t, newer, "PRAGMA user_version = 9999")
	foreign := filepath.Join(dir, "foreign.db")
	execute(t, foreign, "CREATE TABLE songs (x); PRAGMA user_version = 3")
	before := must(os.ReadFile(path))(t)
	for _, test := range []struct {
		name, file, want string
		is               error
	}{
		{"damaged", write(t, filepath.Join(dir, "damaged.db"), string(damaged)), "take another backup", subscribers.ErrDamaged},
		{"cut off", write(t, filepath.Join(dir, "cut.db"), string(whole[:len(whole)/2])), "take another backup", subscribers.ErrDamaged},
		{"empty", write(t, filepath.Join(dir, "empty.db"), ""), "it is empty", subscribers.ErrDamaged},
		{"no database", write(t, filepath.Join(dir, "text.db"), strings.Repeat("text ", 500)), "not a database", backup.ErrFile},
		{"newer", newer, "start the newer program", subscribers.ErrNewerDatabase},
		{"another program's", foreign, "another program", subscribers.ErrForeignDatabase},
		{"missing", filepath.Join(dir, "none.db"), "no such file", backup.ErrFile},
		{"the database itself", path, "is the database itself", backup.ErrFile},
	} {
		said, err := backup.Restore(t.Context(), path, test.file, nil)
		if err == nil || !strings.Contains(err.Error(), test.want) || !errors.Is(err, test.is) {
			t.Errorf("%s: %q, %v; want %q", test.name, said, err, test.want)
		}
	}
	if !bytes.Equal(before, must(os.ReadFile(path))(t)) {
		t.Error("the database was changed")
	}
	for _, pattern := range []string{"*replaced*", ".*"} {
		if left := must(filepath.Glob(filepath.Join(dir, pattern)))(t); len(left) > 0 {
			t.Errorf("%v is left over", left)
		}
	}
}

// A damaged database is kept as it is, and the backup takes its place.
func TestRestoreInPlaceOfADamagedDatabase(t *testing.T) {
	dir := t.TempDir()
	path, file := filepath.Join(dir, "digestbot.db"), filepath.Join(t.TempDir(), "copy.db")
	store := must(storetest.Open(t.Context(), path))(t)
	subscribe(t, store, 5)
	makeBackup(t, path, file)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, path, "this was a database")
	write(t, path+"-wal", "and this its log")
	said := must(backup.Restore(t.Context(), path, file, nil))(t)
	_, kept, _ := strings.Cut(said, "what was there before: ")
	kept, _, _ = strings.Cut(kept, "\n")
	if text := string(must(os.ReadFile(kept))(t)) + " " + string(must(os.ReadFile(kept+"-wal"))(t)); text != "this was a database and this its log" {
		t.Errorf("kept is %q", text)
	}
	if n := on(t, open(t, path)); n != 1 {
		t.Errorf("there are %d subscribers, want 1", n)
	}
}

// What root restores is whose the database was, or else its folder, so that a bot that runs as
// another user can start.
func TestRestoreByRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	const user, group, other = 65534, 65533, 65532
	source := filepath.Join(t.TempDir(), "source.db")
	subscribe(t, open(t, source), 5)
	file := filepath.Join(t.TempDir(), "copy.db")
	makeBackup(t, source, file)
	for name, of := range map[string]struct{ folder, database int }{"its folder": {user, 0}, "the database": {other, user}} {
		dir := t.TempDir()
		path := filepath.Join(dir, "digestbot.db")
		if of.database != 0 {
			if err := must(storetest.Open(t.Context(), path))(t).Close(); err != nil {
				t.Fatal(err)
			}
			for _, name := range names(t, dir) {
				give(t, filepath.Join(dir, name), of.database, group)
			}
		}
		give(t, dir, of.folder, group)
		must(backup.Restore(t.Context(), path, file, nil))(t)
		for _, e := range must(os.ReadDir(dir))(t) {
			owner := must(e.Info())(t).Sys().(*syscall.Stat_t)
			if owner.Uid != user || owner.Gid != group {
				t.Errorf("as %s: %s is owned by %d:%d, want %d:%d", name, e.Name(), owner.Uid, owner.Gid, user, group)
			}
		}
		if n := on(t, open(t, path)); n != 1 {
			t.Errorf("as %s: there are %d subscribers, want 1", name, n)
		}
	}
}

func give(t testing.TB, path string, user, group int) {
	t.Helper()
	if err := os.Chown(path, user, group); err != nil {
		t.Fatal(err)
	}
}

// A restore that failed where there was no database leaves nothing, so that a bot can begin there.
func TestRestoreThatFailsLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "digestbot.db")
	if said, err := backup.Restore(t.Context(), path, "-", strings.NewReader("no backup")); err == nil {
		t.Fatalf("restored: %s", said)
	}
	if left := names(t, dir); len(left) > 0 {
		t.Errorf("%q are left", left)
	}
	open(t, path)
}

// A database of which a part is in its log, or that is damaged, takes no other one's place.
func TestReplaceWithWhatIsNotWhole(t *testing.T) {
	for name, spoil := range map[string]func(path string, content []byte){
		"a log":     func(path string, _ []byte) { write(t, path+"-wal", "what is not in the file yet") },
		"a journal": func(path string, _ []byte) { write(t, path+"-journal", "what is to be undone") },
		"a damage":  func(path string, content []byte) { write(t, path, string(content[:len(content)/2])) },
	} {
		dir := t.TempDir()
		path, with := filepath.Join(dir, "digestbot.db"), filepath.Join(t.TempDir(), "restored.db")
		for _, file := range []string{path, with} {
			if err := must(storetest.Open(t.Context(), file))(t).Close(); err != nil {
				t.Fatal(err)
			}
		}
		spoil(with, must(os.ReadFile(with))(t))
		before := names(t, dir)
		if kept, err := subscribers.Replace(t.Context(), path, with); err == nil {
			t.Errorf("%s: it was replaced, and is kept at %q", name, kept)
		}
		if diff := cmp.Diff(before, names(t, dir)); diff != "" {
			t.Errorf("%s: what was there is changed:\n%s", name, diff)
		}
	}
}

// After a restore the schedule makes up for nothing, and asks before it sends an issue that
// may have been sent since the backup. One that is dated later goes out by itself.
func TestScheduleAfterARestore(t *testing.T) {
	dir := t.TempDir()
	path, file := filepath.Join(dir, "digestbot.db"), filepath.Join(dir, "copy.db")
	store := must(storetest.Open(t.Context(), path))(t)
	subscribe(t, store, 5)
	old := digesttest.Issue(1, "News")
	old.Date = time.Now().AddDate(0, 0, -1)
	first := saveIssue(t, store, old)
	makeBackup(t, path, file)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	must(backup.Restore(t.Context(), path, file, nil))(t)
	store = open(t, path)
	if last := must(store.LastScheduleRun(t.Context(), time.Now()))(t); time.Since(last) > time.Hour {
		t.Errorf("the last run was at %v, want the restore", last)
	}
	told := must(store.TakeUntoldRuns(t.Context(), 3))(t)
	if len(told) != 1 || told[0].Outcome != subscribers.RunRestored || told[0].IssueID != first || told[0].AsOf.IsZero() {
		t.Errorf("to be told is %+v, want the restore with the issue", told)
	}
	run := must(store.RunSchedule(t.Context(), time.Now().Add(time.Hour)))(t)
	if run.Outcome != subscribers.RunAfterRestore || run.IssueID != first {
		t.Errorf("the next run is %+v, want that it asks", run)
	}
	later := digesttest.Issue(2, "News")
	later.Date = time.Now().AddDate(0, 0, 5)
	second := saveIssue(t, store, later)
	run = must(store.RunSchedule(t.Context(), time.Now().Add(2*time.Hour)))(t)
	if run.Outcome != subscribers.RunStarted || run.IssueID != second {
		t.Errorf("the run with a new issue is %+v, want that it goes out", run)
	}
}

// What single readers waited for is given up, and a database that was restored has the schema
// of any other.
func TestRestoreGivesUpWhatReadersWaitedFor(t *testing.T) {
	dir := t.TempDir()
	s := serve(t, filepath.Join(dir, "digestbot.db"))
	subscribe(t, s.Store, 999)
	sub := must(s.Subscriber(t.Context(), 999, 0))(t)
	if _, _, err := s.RequestDelivery(t.Context(), s.issue, sub.ID); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "copy.db")
	makeBackup(t, s.path, file)
	s.stop()
	said := must(backup.Restore(t.Context(), s.path, file, nil))(t)
	if !strings.Contains(said, "asked for and were waiting for: 1") {
		t.Errorf("restore says %q", said)
	}
	store := open(t, s.path)
	if pending := must(store.PendingRequests(t.Context()))(t); len(pending) > 0 {
		t.Errorf("to be sent are %+v", pending)
	}
	fresh := filepath.Join(dir, "fresh.db")
	open(t, fresh)
	if diff := cmp.Diff(tables(t, fresh), tables(t, s.path)); diff != "" {
		t.Errorf("the schema differs from a fresh one (-fresh +restored):\n%s", diff)
	}
	audit := must(store.AuditEntries(t.Context(), 10, 0))(t)
	if len(audit) == 0 || audit[0].Deed != subscribers.DeedRestoreBackup {
		t.Errorf("the audit is %+v, want the restore", audit)
	}
}

// tables returns the schema of a database.
func tables(t testing.TB, path string) (all []string) {
	t.Helper()
	err := database.View(t.Context(), path, func(q database.Queryer) error {
		rows, err := q.QueryContext(t.Context(), "SELECT type || ' ' || name FROM sqlite_schema ORDER BY 1")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var one string
			if err := rows.Scan(&one); err != nil {
				return err
			}
			all = append(all, one)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
