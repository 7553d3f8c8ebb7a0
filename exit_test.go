package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"digestbot/bot"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// A supervisor tells by the exit code what a restart is good for.
func TestExitCodes(t *testing.T) {
	stranger := telegramsim.ForTest(t, telegramsim.Options{Token: "987654321:AAF0otherOTHERotherOTHERotherOTHERo"})
	defer stranger.Close()
	server := httptest.NewServer(stranger)
	defer server.Close()
	for _, test := range []struct {
		name string
		args []string
		want int
	}{
		{"help", []string{"--help"}, 0},
		{"no such flag", []string{"--colour"}, 78},
		{"wrong setting", []string{"--rate", "0"}, 78},
		{"wrong setting of an import", []string{"import", "--include", "[", "none.md"}, 78},
		{"no such command", []string{"sevre"}, 78},
		{"database that is a folder", []string{"--database", "."}, 78},
		{"document that cannot be read", []string{"preview", "none.md"}, 1},
		{"token unknown to Telegram", []string{"--api-url", server.URL}, 77},
	} {
		if got := startProgram(t, test.args...).wait(); got != test.want {
			t.Errorf("%s: exit code %d, want %d", test.name, got, test.want)
		}
	}
}

// These take minutes to come about.
func TestExitCodesOfWhatLasts(t *testing.T) {
	for end, want := range map[error]int{
		bot.ErrSecondCopy: 75, bot.ErrWebhookSet: 75, bot.ErrToken: 77, bot.ErrWebhook: 78,
		subscribers.ErrMissing: 78, subscribers.ErrForeignDatabase: 78, subscribers.ErrNewerDatabase: 78, subscribers.ErrLost: 1, errors.New("disk"): 1,
	} {
		if got := exitCode(errors.Join(fmt.Errorf("run: %w", end), errors.New("close"))); got != want {
			t.Errorf("%v: exit code %d, want %d", end, got, want)
		}
	}
	help, readme := runWith(t, nil, "", "--help").out, readText(t, "README.md")
	for _, code := range []string{"1", "75", "77", "78"} {
		mustContain(t, "README.md", readme, "| "+code+" |")
		mustContain(t, "--help", strings.Join(strings.Fields(help), " "), " "+code+" ")
	}
}

// serveSim starts the program against a simulator, and waits until it answers a
// reader.
func serveSim(t *testing.T, start func(t *testing.T, args ...string) *program) (*program, *telegramsim.Sim, *telegramsim.Person) {
	t.Helper()
	sim := telegramsim.ForTest(t, telegramsim.Options{Token: fakeToken})
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	t.Cleanup(sim.Close)
	reader := sim.NewPerson("Ann", telegramsim.Language("en"))
	p := start(t, "--api-url", server.URL, "--database", "test.db")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	reader.Write("/subscribe")
	waitFor(ctx, t, sim, reader, "ubscribe")
	return p, sim, reader
}

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

// What net/http has to say is in the log like everything else, and without the token.
func TestLogOfLibraries(t *testing.T) {
	said := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/getMe") {
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		const answer = `{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"A","username":"a_bot"}}`
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%sGET %s", len(answer), answer, r.URL.Path)
		<-said
	}))
	defer server.Close()
	defer close(said)
	p := startProgram(t, "--api-url", server.URL, "--log-format", "json")
	mustContain(t, "the log", p.line("Unsolicited response"), `"level":"WARN"`, "/bot***/getMe")
	for scan := bufio.NewScanner(strings.NewReader(p.log.String())); scan.Scan(); {
		if !json.Valid(scan.Bytes()) {
			t.Errorf("%q is no JSON", scan.Text())
		}
	}
}
