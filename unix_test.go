//go:build unix

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
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

// A terminal that closes is a stop like any other, though it may say so twice.
func TestHangupIsAStop(t *testing.T) {
	tg := newTelegram(t, telegramsim.Options{})
	p := startProgram(t, "--api-url", tg.url)
	tg.subscribe()
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

// An operator who starts the program with nohup wants it to outlive the terminal.
func TestHangupUnderNohup(t *testing.T) {
	tg := newTelegram(t, telegramsim.Options{})
	p := startCommand(t, exec.Command("/bin/sh", "-c", `trap "" HUP; exec "$0" "$@"`, testBinary(t), "--api-url", tg.url))
	tg.subscribe()
	p.signal(syscall.SIGHUP)
	tg.asks("/help", "What I can do")
	p.signal(syscall.SIGTERM)
	if code := p.wait(); code != 0 {
		t.Errorf("the program ended with %d after SIGTERM, want 0", code)
	}
}

// The first signal makes the program wait for the answers under way. An operator who
// does not want to wait sends a second one.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	tg := newTelegram(t, telegramsim.Options{})
	tg.sim.Inject(telegramsim.Fault{Kind: telegramsim.Hang, Methods: []string{"sendMessage"}})
	address := freeAddress(t)
	p := startProgram(t, "--listen", address, "--api-url", tg.url)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tg.ann.Write("/start")
	if err := tg.sim.Wait(ctx, func() bool { return tg.sim.Stats().Faults[telegramsim.Hang] > 0 }); err != nil {
		t.Fatalf("waiting for an answer under way: %v", err)
	}

	conn := heard(t, address)
	p.signal(syscall.SIGTERM)
	// The program closes connections that are idle when it has heard the signal.
	if _, err := io.Copy(io.Discard, conn); err != nil {
		t.Fatalf("waiting for the connection to end: %v", err)
	}
	select {
	case <-p.ended:
		t.Fatalf("the program ended at the first signal: %v", p.err)
	default:
	}
	// A signal that comes within microseconds of the first is one with it.
	repeat := time.NewTicker(20 * time.Millisecond)
	defer repeat.Stop()
	for {
		select {
		case <-p.ended:
			if status := p.run.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != syscall.SIGTERM {
				t.Errorf("after the second signal the program ended with %v, want by the signal", p.err)
			}
			return
		case <-repeat.C:
			_ = p.run.Process.Signal(syscall.SIGTERM) // to a process that may have ended by now
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

// A pipe and a link to the token lie among the documents: the program names them,
// delivers, answers, and stops when it is told to.
func TestServeWithAPipeInTheSource(t *testing.T) {
	dir := t.TempDir()
	source := filepath.Join(dir, "issues")
	if err := os.Mkdir(source, 0o700); err != nil {
		t.Fatal(err)
	}
	writeSettled(t, source, "7.md", document)
	if err := os.Symlink(write(t, dir, "token", fakeToken), filepath.Join(source, "tok.md")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(source, "zz.md"), 0o600); err != nil {
		t.Fatal(err)
	}
	tg := newTelegram(t, telegramsim.Options{})
	admin := tg.sim.NewPerson("Bo", telegramsim.Language("en"))
	p := startProgram(t, "--api-url", tg.url, "--source", source, "--admins", strconv.FormatInt(admin.ID(), 10))

	tg.subscribe()
	admin.Write("/broadcast")
	tg.waitFor(admin, "Send this issue?")
	said := admin.Chat().FromBot()
	question := said[len(said)-1]
	mustContain(t, "the question to the admin", question.Text, "tok.md is a link", "zz.md is no regular file", "Letters, issue 7")
	if _, err := admin.Press(question, "📣 Send now"); err != nil {
		t.Fatal(err)
	}
	tg.gets("Bold paragraph.")

	p.signal(syscall.SIGTERM)
	if code := p.wait(); code != 0 {
		t.Errorf("after SIGTERM the program ended with %d", code)
	}
}
