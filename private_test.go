//go:build unix

package main

import (
	"io/fs"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/alecthomas/kong"

	"digestbot/bot/telegramsim"
)

// Whatever the umask, nobody but its user opens a file that the program makes, or looks into
// a folder of it: they say who reads what. The token is in none of them. The public archive,
// which is for everybody, is made where nothing else is.
func TestNothingIsLeftOpen(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	database, backups := filepath.Join(folder, "digestbot.db"), filepath.Join(folder, "backups")
	list := write(t, t.TempDir(), "people.csv", "chat\n4711\n4712\n")
	issue := write(t, t.TempDir(), "7.md", document)
	start := func(args ...string) *program {
		args = append([]string{"-c", `umask 0; exec "$0" "$@" --database "` + database + `"`, testBinary(t)}, args...)
		return startCommand(t, exec.Command("sh", args...))
	}
	do := func(args ...string) {
		t.Helper()
		if code := start(args...).wait(); code != 0 {
			t.Fatalf("%q ended with %d", args, code)
		}
	}
	do("import", issue)
	do("import-subscribers", list)
	do("export", filepath.Join(folder, "out.csv"))
	do("export", filepath.Join(folder, "out.json"))
	do("backup", filepath.Join(folder, "copy.db"))

	tg := newTelegram(t, telegramsim.Options{})
	p := start("--api-url", tg.url, "--backup-dir", backups)
	p.line("connected to Telegram")
	wantClosed(t, folder, "digestbot.db-wal", "digestbot.db-shm", "digestbot.db.lock")
	p.signal(syscall.SIGTERM)
	p.wait()

	do("restore", filepath.Join(folder, "copy.db"))
	wantClosed(t, folder, "out.csv", "out.json", "copy.db")
}

// Without --address, only programs on the same machine reach the demo.
func TestDemoStaysOnTheMachine(t *testing.T) {
	parser, err := kong.New(&commandLine{}, kong.Vars{"version": ""})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, command := range parser.Model.Children {
		for _, flag := range command.Flags {
			if command.Name == "demo" && flag.Name == "address" {
				address, err := netip.ParseAddrPort(flag.Default)
				found = err == nil && address.Addr().IsLoopback()
			}
		}
	}
	if !found {
		t.Error("the demo is to be served on the address of the machine itself")
	}
}

// wantClosed checks all that is in a folder, where these files are to be.
func wantClosed(t *testing.T, folder string, files ...string) {
	t.Helper()
	var all []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == folder {
			return err
		}
		info, err := entry.Info()
		if os.IsNotExist(err) { // it has gone meanwhile
			return nil
		}
		if err != nil {
			return err
		}
		all = append(all, filepath.Base(path))
		if info.Mode().IsRegular() {
			hasNoToken(t, readText(t, path))
		}
		if mode := info.Mode().Perm(); mode&0o077 != 0 {
			t.Errorf("%s has the mode %o, so others can open it", path, mode)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !strings.Contains(strings.Join(all, "\n")+"\n", file+"\n") {
			t.Errorf("there is no %s among %q", file, all)
		}
	}
}
