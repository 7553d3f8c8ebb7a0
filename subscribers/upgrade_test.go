package subscribers_test

import (
	"compress/gzip"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/subscribers"
	file "digestbot/subscribers/database"
)

// backupsOf returns the backups before upgrades in a folder.
func backupsOf(t testing.TB, folder string) []string {
	t.Helper()
	return must(filepath.Glob(filepath.Join(folder, "*-version-*.db")))(t)
}

// Before a database is brought up to date there is a backup of it, from which the older
// version comes back with all that lay beside it. There is none of a new database, or of one
// that is up to date.
func TestBackupBeforeAnUpgrade(t *testing.T) {
	const version = 40
	path := database(t, version)
	if err := os.WriteFile(path+"-progress", []byte("what an older version wrote"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		openAt(t, path)
	}
	folder := filepath.Dir(path)
	all := backupsOf(t, folder)
	if len(all) != 1 || !strings.HasPrefix(filepath.Base(all[0]), "digestbot-version-40-") || must(os.Stat(all[0]))(t).Mode() != 0o600 {
		t.Fatalf("there are %q, want one of version 40", all)
	}
	if _, err := os.Stat(path + ".lock"); err != nil {
		t.Errorf("nobody was kept away meanwhile: %v", err)
	}
	back := filepath.Join(folder, "back.db")
	if b, err := subscribers.Unpack(t.Context(), all[0], back); err != nil || b.Version != version {
		t.Fatalf("the backup is %+v, %v", b, err)
	}
	if diff := cmp.Diff(schema(t, database(t, version)), schema(t, back)); diff != "" {
		t.Errorf("the schema of the backup is not that of version 40:\n%s", diff)
	}
	if got := string(must(os.ReadFile(back + "-progress"))(t)); got != "what an older version wrote" {
		t.Errorf("beside it lay %q", got)
	}
	checkRows(t, openAt(t, back), version)
}

func TestUpgradeIsTold(t *testing.T) {
	folder := t.TempDir()
	path := database(t, 40)
	store := must(subscribers.OpenWith(t.Context(), path, subscribers.Opening{BackupFolder: folder}))(t)
	defer store.Close()
	if u := store.Upgraded(); u.From != 40 || u.To != len(versions(t)) || len(backupsOf(t, folder)) != 1 || u.Backup != backupsOf(t, folder)[0] {
		t.Errorf("the upgrade was %+v, and there are %q", u, backupsOf(t, folder))
	}
	if u := openAt(t, filepath.Join(folder, "new.db")).Upgraded(); u != (file.Upgrade{}) {
		t.Errorf("a new database was upgraded: %+v", u)
	}
}

// A backup that cannot go where it is wanted goes beside the database, and that is told.
func TestUpgradeWithoutTheFolderOfBackups(t *testing.T) {
	path := database(t, 40)
	nowhere := filepath.Join(t.TempDir(), "none")
	store := must(subscribers.OpenWith(t.Context(), path, subscribers.Opening{BackupFolder: nowhere}))(t)
	defer store.Close()
	u := store.Upgraded()
	if all := backupsOf(t, filepath.Dir(path)); len(all) != 1 || u.Backup != all[0] {
		t.Errorf("the upgrade was %+v, and there are %q", u, all)
	}
	if u.Beside == nil || !strings.Contains(u.Beside.Error(), nowhere) {
		t.Errorf("the backup is elsewhere because of %v, want a word of %s", u.Beside, nowhere)
	}
	if _, err := os.Stat(nowhere); err == nil {
		t.Error("the folder was made")
	}
}

// Without a backup there is no upgrade, unless that is wanted.
func TestUpgradeNeedsABackup(t *testing.T) {
	short := database(t, 40)
	path := filepath.Join(filepath.Dir(short), strings.Repeat("d", 225)+".db") // too long for a backup
	if err := os.Rename(short, path); err != nil {
		t.Fatal(err)
	}
	before := schema(t, path)
	nowhere := subscribers.Opening{BackupFolder: filepath.Join(t.TempDir(), "none")}
	store, err := subscribers.OpenWith(t.Context(), path, nowhere)
	if err == nil {
		t.Fatal(errors.Join(errors.New("opened"), store.Close()))
	}
	for _, want := range []string{"from version 40", "no such file", "too long", "--no-upgrade-backup"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("OpenWith = %v, want %q", err, want)
		}
	}
	if diff := cmp.Diff(before, schema(t, path)); diff != "" {
		t.Errorf("the database was changed:\n%s", diff)
	}
	nowhere.NoBackup = true
	checkRows(t, must(subscribers.OpenWith(t.Context(), path, nowhere))(t), 40)
}

// A database that an older version serves is not upgraded under its hands.
func TestUpgradeOfADatabaseInUse(t *testing.T) {
	path := database(t, 40)
	synctest.Test(t, func(t *testing.T) {
		unlock := must(file.Lock(t.Context(), path))(t)
		defer unlock() //nolint:errcheck // nobody needs it any more
		store, err := subscribers.Open(t.Context(), path)
		if !errors.Is(err, subscribers.ErrLocked) || !strings.Contains(err.Error(), "has version 40") {
			t.Errorf("Open = %v, %v, want ErrLocked and the version", store, err)
		}
	})
	if all := backupsOf(t, filepath.Dir(path)); len(all) > 0 {
		t.Errorf("there are backups %q", all)
	}
}

// Where another program has just brought the database up to date, or has waited for that, it holds the
// lock for a moment more. A bot that starts waits for that.
func TestLockAfterAnUpgrade(t *testing.T) {
	path := database(t, 40)
	synctest.Test(t, func(t *testing.T) {
		store := must(subscribers.Open(t.Context(), path))(t)
		defer store.Close()
		other := must(file.Lock(t.Context(), path))(t)
		time.AfterFunc(500*time.Millisecond, func() {
			if err := other(); err != nil {
				t.Error(err)
			}
		})
		unlock := must(store.Lock(t.Context()))(t)
		if _, err := store.Lock(t.Context()); !errors.Is(err, subscribers.ErrLocked) {
			t.Errorf("Lock = %v while it is held for long, want ErrLocked", err)
		}
		if err := unlock(); err != nil {
			t.Error(err)
		}
	})
}

// A start that fails at the first step leaves no backup: the next one makes its own.
func TestUpgradesThatFailLeaveNoBackups(t *testing.T) {
	path := database(t, 41)
	exec(t, path, "DROP TRIGGER turnover_new") // the next step wants to
	for range 2 {
		if store, err := subscribers.Open(t.Context(), path); err == nil {
			t.Fatal(errors.Join(errors.New("opened"), store.Close()))
		}
	}
	if all := backupsOf(t, filepath.Dir(path)); len(all) > 0 {
		t.Errorf("there are backups %q", all)
	}
}

// An upgrade that is killed again and again makes a backup each time. Three of a version are kept,
// the newest among them; those of other versions and of other databases are left alone, and of
// those that were killed only the old are removed.
func TestOldBackupsOfAVersionAreRemoved(t *testing.T) {
	folder := t.TempDir()
	how := subscribers.Opening{BackupFolder: folder}
	upgraded := func(path string) string {
		store := must(subscribers.OpenWith(t.Context(), path, how))(t)
		defer store.Close()
		return store.Upgraded().Backup
	}
	others := []string{upgraded(database(t, 40)), filepath.Join(folder, ".digestbot-version-40-20260101-000000.db-1")}
	left := filepath.Join(folder, ".digestbot-version-40-20260101-000000.db-2")
	for _, file := range []string{others[1], left} {
		must(0, os.WriteFile(file, nil, 0o600))(t)
	}
	must(0, os.Chtimes(left, time.Time{}, time.Now().Add(-2*time.Hour)))(t)
	path, before := database(t, 41), ""
	others = append(others, upgraded(path))
	old := must(os.ReadFile(database(t, 40)))(t)
	for range 5 {
		must(0, os.WriteFile(path, old, 0o600))(t) // as if nothing had come of the upgrade
		before = upgraded(path)
	}
	for _, file := range append(others, before) {
		if _, err := os.Stat(file); err != nil {
			t.Errorf("it is gone: %v", err)
		}
	}
	if all := backupsOf(t, folder); len(all) != 2+3 {
		t.Errorf("there are %q, want those of another database and version, and three", all)
	}
	if _, err := os.Stat(left); err == nil {
		t.Error("what a killed upgrade has left is there for good")
	}
}

// The way back to an older version is named, if the backup is there.
func TestNewerDatabaseNamesTheWayBack(t *testing.T) {
	path := database(t, 40)
	if err := must(subscribers.Open(t.Context(), path))(t).Close(); err != nil {
		t.Fatal(err)
	}
	backup := backupsOf(t, filepath.Dir(path))[0]
	exec(t, path, "PRAGMA user_version = 1000")
	_, err := subscribers.Open(t.Context(), path)
	if !errors.Is(err, subscribers.ErrNewerDatabase) || !strings.Contains(err.Error(), "digestbot restore "+backup) {
		t.Errorf("Open = %v, want how to restore %s", err, backup)
	}
	if err := os.Remove(backup); err != nil {
		t.Fatal(err)
	}
	if _, err := subscribers.Open(t.Context(), path); !strings.Contains(err.Error(), "restore a backup made before the upgrade") {
		t.Errorf("Open = %v without a backup", err)
	}
}

var released = flag.String("write-released", "", "version for which TestReleasedVersions writes a database of the present schema")

// A database of every version that was released is in testdata/released, and opens. One is
// written before a release:
//
//	go test ./subscribers -run TestReleasedVersions -write-released 1.0.0
func TestReleasedVersions(t *testing.T) {
	const folder = "testdata/released"
	if *released != "" {
		pack(t, database(t, len(versions(t))), filepath.Join(folder, *released+".db.gz"))
	}
	all := must(filepath.Glob(folder + "/*.db.gz"))(t)
	if len(all) == 0 {
		t.Fatal("there are no databases in " + folder)
	}
	fresh := filepath.Join(t.TempDir(), "fresh.db")
	openAt(t, fresh)
	for _, packed := range all {
		t.Run(filepath.Base(packed), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "digestbot.db")
			unpack(t, packed, path)
			version := must(subscribers.ReadContents(t.Context(), path))(t).Version
			store := openAt(t, path)
			if diff := cmp.Diff(schema(t, fresh), schema(t, path)); diff != "" {
				t.Errorf("the schema differs from a fresh one (-fresh +opened):\n%s", diff)
			}
			checkRows(t, store, version)
		})
	}
}

// pack compresses a file to a new one: what was released is not changed any more.
func pack(t *testing.T, from, to string) {
	t.Helper()
	out := must(os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644))(t)
	w := must(gzip.NewWriterLevel(out, gzip.BestCompression))(t)
	must(w.Write(must(os.ReadFile(from))(t)))(t)
	if err := errors.Join(w.Close(), out.Close()); err != nil {
		t.Fatal(err)
	}
}

func unpack(t *testing.T, from, to string) {
	t.Helper()
	in := must(os.Open(from))(t)
	defer in.Close()
	content := must(io.ReadAll(must(gzip.NewReader(in))(t)))(t)
	if err := os.WriteFile(to, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
