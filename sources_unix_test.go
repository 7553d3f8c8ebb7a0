//go:build unix

package main

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
)

// A pipe and a link to the token lie among the documents: the program names them,
// delivers, answers, and stops when it is told to.
func TestServeWithAPipeInTheSource(t *testing.T) {
	dir := t.TempDir()
	source := filepath.Join(dir, "issues")
	if err := os.Mkdir(source, 0o700); err != nil {
		t.Fatal(err)
	}
	hourAgo := time.Now().Add(-time.Hour)
	if err := os.Chtimes(write(t, source, "7.md", document), hourAgo, hourAgo); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(write(t, dir, "token", fakeToken), filepath.Join(source, "tok.md")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(source, "zz.md"), 0o600); err != nil {
		t.Fatal(err)
	}
	sim := telegramsim.ForTest(t, telegramsim.Options{Token: fakeToken})
	server := httptest.NewServer(sim)
	defer server.Close()
	defer sim.Close()
	reader, admin := sim.NewPerson("Ann", telegramsim.Language("en")), sim.NewPerson("Bo", telegramsim.Language("en"))

	running := startProgram(t, "--database", filepath.Join(dir, "test.db"), "--api-url", server.URL,
		"--source", source, "--admins", strconv.FormatInt(admin.ID(), 10))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()

	reader.Write("/subscribe")
	waitFor(ctx, t, sim, reader, "ubscribe")
	admin.Write("/broadcast")
	waitFor(ctx, t, sim, admin, "Send this issue?")
	said := admin.Chat().FromBot()
	question := said[len(said)-1]
	for _, want := range []string{"tok.md is a link", "zz.md is no regular file", "Letters, issue 7"} {
		if !strings.Contains(question.Text, want) {
			t.Errorf("the admin was asked %q, want %q in it", question.Text, want)
		}
	}
	if _, err := admin.Press(question, "📣 Send now"); err != nil {
		t.Fatal(err)
	}
	waitFor(ctx, t, sim, reader, "Bold paragraph.")

	running.signal(syscall.SIGTERM)
	if code := running.wait(); code != 0 {
		t.Errorf("after SIGTERM the program ended with %d", code)
	}
}
