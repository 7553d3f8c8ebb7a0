//go:build unix

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
)

// A terminal that closes is a stop like any other, though it may say so twice.
func TestHangupIsAStop(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no signals to send")
	}
	p, _, _ := serveSim(t, startProgram)
	p.signal(syscall.SIGHUP)
	// Signals without a pause would leave the program no time for anything else.
	for again := time.NewTicker(time.Millisecond); ; <-again.C {
		if p.run.Process.Signal(syscall.SIGHUP) != nil {
			break // it has ended
		}
	}
	if code := p.wait(); code != 0 || !strings.Contains(p.log.String(), "msg=stopped") {
		t.Errorf("the program ended with %d, want 0 and a word of it in the log", code)
	}
}

// Who starts the program with nohup wants it to outlive the terminal.
func TestHangupUnderNohup(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no signals to send")
	}
	p, sim, reader := serveSim(t, func(t *testing.T, args ...string) *program {
		binary, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		ignoring := []string{"-c", `trap "" HUP; exec "$0" "$@"`, binary}
		return startCommand(t, exec.Command("/bin/sh", append(ignoring, args...)...))
	})
	p.signal(syscall.SIGHUP)
	reader.Write("/help")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	waitFor(ctx, t, sim, reader, "What I can do")
	p.signal(syscall.SIGTERM)
	if code := p.wait(); code != 0 {
		t.Errorf("the program ended with %d after SIGTERM, want 0", code)
	}
}

// The first signal makes the program wait for the answers under way. Whoever
// does not want to wait sends a second one.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no signals to send")
	}
	dir := t.TempDir()
	binary := filepath.Join(dir, "digestbot")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	sim := telegramsim.ForTest(t, telegramsim.Options{Token: fakeToken})
	server := httptest.NewServer(sim)
	defer server.Close()
	defer sim.Close() // first: it lets go of what hangs
	sim.Inject(telegramsim.Fault{Kind: telegramsim.Hang, Methods: []string{"sendMessage"}})
	reader := sim.NewPerson("Ann")

	var log syncBuffer
	address := freeAddress(t)
	command := exec.Command(binary, "--listen", address, "--database", filepath.Join(dir, "test.db"), "--api-url", server.URL)
	command.Env = append(os.Environ(), "DIGESTBOT_TOKEN="+fakeToken)
	command.Stderr = &log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	reader.Write("/start")
	if err := sim.Wait(ctx, func() bool { return sim.Stats().Faults[telegramsim.Hang] > 0 }); err != nil {
		t.Fatalf("waiting for an answer under way: %v\n%s", err, log.String())
	}

	conn := heard(t, address)
	signal := func() {
		if err := command.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
	}
	signal()
	// The program closes connections that are idle when it has heard the signal.
	if _, err := io.Copy(io.Discard, conn); err != nil {
		t.Fatalf("waiting for the connection to end: %v\n%s", err, log.String())
	}
	select {
	case err := <-ended:
		t.Fatalf("the program ended at the first signal: %v\n%s", err, log.String())
	default:
	}
	// A signal that comes within microseconds of the first is one with it.
	repeat := time.NewTicker(20 * time.Millisecond)
	defer repeat.Stop()
	for {
		select {
		case err := <-ended:
			var exit *exec.ExitError
			if !errors.As(err, &exit) || !signaled(exit) {
				t.Errorf("after the second signal the program ended with %v, want by the signal\n%s", err, log.String())
			}
			return
		case <-repeat.C:
			_ = command.Process.Signal(syscall.SIGTERM) // which may have ended in the meantime
		}
	}
}

// heard returns a connection to the program, which has answered a request on it.
func heard(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(conn, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	return conn
}

func signaled(exit *exec.ExitError) bool {
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGTERM
}

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
