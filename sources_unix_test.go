//go:build unix

package main

import (
	"context"
	"net/http/httptest"
	"os"
	"os/exec"
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
	binary, source := filepath.Join(dir, "digestbot"), filepath.Join(dir, "issues")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	if err := os.Mkdir(source, 0o700); err != nil {
		t.Fatal(err)
	}
	hourAgo := time.Now().Add(-time.Hour)
	if err := os.Chtimes(write(t, source, "7.md", document), hourAgo, hourAgo); err != nil {
		t.Fatal(err)
	}
	token := write(t, dir, "token", fakeToken)
	if err := os.Symlink(token, filepath.Join(source, "tok.md")); err != nil {
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

	var log syncBuffer
	command := exec.Command(binary, "--token-file", token, "--database", filepath.Join(dir, "test.db"), "--api-url", server.URL,
		"--source", source, "--admins", strconv.FormatInt(admin.ID(), 10))
	command.Stderr = &log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
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

	if err := command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if err != nil || !strings.Contains(log.String(), "msg=stopped") {
			t.Errorf("after SIGTERM the program ended with %v\n%s", err, log.String())
		}
	case <-ctx.Done():
		t.Errorf("the program did not stop\n%s", log.String())
		if err := command.Process.Kill(); err != nil {
			t.Error(err)
		}
	}
	hasNoToken(t, log.String())
}
