package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"digestbot/bot/check"
)

func TestCheckOfTheDatabase(t *testing.T) {
	t.Parallel()
	change := func(statement string) func(t *testing.T, p *place) {
		return func(t *testing.T, p *place) {
			db, err := sql.Open("sqlite3", p.withDatabase(t).database())
			if err == nil {
				_, err = db.ExecContext(t.Context(), statement)
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, test := range map[string]struct {
		make  func(t *testing.T, p *place)
		state check.State
		wants []string
	}{
		"none":    {func(*testing.T, *place) {}, check.Warning, []string{"is not there", "set --database"}},
		"lost":    {func(t *testing.T, p *place) { write(t, p.dir, "test.db.lock", "") }, check.Failed, []string{"there was a database, and it is gone", "put it back"}},
		"text":    {func(t *testing.T, p *place) { write(t, p.dir, "test.db", strings.Repeat("no database\n", 99)) }, check.Failed, []string{"not a database", "restore a backup"}},
		"newer":   {change("PRAGMA user_version = 9999"), check.Failed, []string{"newer version of digestbot", "start the newer program"}},
		"older":   {change("PRAGMA user_version = 3"), check.OK, []string{"of version 3", "at its start"}},
		"foreign": {change("DROP TABLE subscribers"), check.Failed, []string{"another program"}},
		"damaged": {func(t *testing.T, p *place) { damage(t, p.withDatabase(t).database()) }, check.Failed, []string{"damaged", "restore a backup"}},
		"open to all": {func(t *testing.T, p *place) {
			if err := os.Chmod(p.withDatabase(t).database(), 0o644); err != nil {
				t.Fatal(err)
			}
		}, check.Warning, []string{"everybody on this machine can open", "chmod o="}},
		"cut off": {func(t *testing.T, p *place) { write(t, p.withDatabase(t).dir, "test.db-progress", "x") }, check.OK, []string{"a run was cut off", "(1 byte)"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			test.make(t, p)
			before := listing(t, p.dir)
			found, _ := p.check(t, nil)
			mustFind(t, name, found, test.state, append(test.wants, "database")...)
			if after := listing(t, p.dir); after != before {
				t.Errorf("check has changed the files:\n%s\nwere\n%s", after, before)
			}
		})
	}
}

// damage overwrites the pages in the middle of a database.
func damage(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	for i := 4 * page; i < len(data)-page; i++ {
		data[i] ^= 0x5a
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// What a command run by root leaves keeps the bot from writing.
func TestCheckFindsAnotherOwner(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	p := newPlace(t).withDatabase(t)
	if err := os.Chown(p.database(), 65534, -1); err != nil {
		t.Fatal(err)
	}
	write(t, p.dir, "test.db.lock", "")
	found, end := p.check(t, nil)
	mustFind(t, "owner", found, check.Failed, "database", "test.db.lock belongs to root", "chown ")
	if end != exitFault {
		t.Errorf("check ends with %d", end)
	}
}

func TestCheckOfBackups(t *testing.T) {
	p := newPlace(t).withDatabase(t)
	folder := filepath.Join(p.dir, "backups")
	found, _ := p.check(t, nil, "--backup-dir="+folder)
	mustFind(t, "no folder", found, check.Failed, "backups", "no such file", "mkdir -m 700")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	found, _ = p.check(t, nil, "--backup-dir="+folder)
	mustFind(t, "none", found, check.Warning, "backups", "there is none", "start the bot")
	for at, state := range map[time.Duration]check.State{48 * time.Hour: check.Warning, time.Hour: check.OK} {
		file := filepath.Join(folder, "test-backup-"+time.Now().Add(-at).UTC().Format("20060102-150405")+".db")
		if got := runWith(t, nil, "", "backup", "--database", p.database(), file); got.failure != nil {
			t.Fatal(got.failure)
		}
		found, _ = p.check(t, nil, "--backup-dir="+folder)
		mustFind(t, file, found, state, "backups", "the newest in "+folder)
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
}
