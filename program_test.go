package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"digestbot/bot"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// asProgram is the variable that makes the binary of the tests the program itself,
// which saves building it once more.
const asProgram = "RUN_AS_DIGESTBOT"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// program is a process that runs the program.
type program struct {
	t     testing.TB
	log   watchedLog // its standard error
	run   *exec.Cmd
	ended chan struct{}
	err   error // once ended
}

// startProgram starts the program, with the fake token, from a folder of its own.
// It is killed at the end of the test.
func startProgram(t testing.TB, args ...string) *program {
	t.Helper()
	return startCommand(t, exec.Command(testBinary(t), args...))
}

func testBinary(t testing.TB) string {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

// buildProgram builds the program as operators do, where the binary of the tests would
// be slower under -race, or larger, and returns its path.
func buildProgram(t testing.TB) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "digestbot")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

func startCommand(t testing.TB, command *exec.Cmd) *program {
	t.Helper()
	p := &program{t: t, log: watchedLog{grown: make(chan struct{}, 1)}, run: command, ended: make(chan struct{})}
	command.Env = append(os.Environ(), asProgram+"=1", "DIGESTBOT_TOKEN="+fakeToken)
	command.Dir, command.Stderr = t.TempDir(), &p.log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		p.err = command.Wait()
	}()
	t.Cleanup(func() {
		p.kill()
		hasNoToken(t, p.log.String())
		if t.Failed() {
			t.Log(p.log.String())
		}
	})
	return p
}

// watchedLog is a syncBuffer that can be waited for.
type watchedLog struct {
	syncBuffer
	grown chan struct{} // room for one: there is more
}

func (l *watchedLog) Write(p []byte) (int, error) {
	defer func() {
		select {
		case l.grown <- struct{}{}:
		default:
		}
	}()
	return l.syncBuffer.Write(p)
}

// line waits for a line of the log with the text in it, and returns it.
func (p *program) line(text string) string {
	p.t.Helper()
	for limit := time.After(time.Minute); ; {
		for line := range strings.Lines(p.log.String()) {
			if strings.Contains(line, text) && strings.HasSuffix(line, "\n") {
				return line
			}
		}
		select {
		case <-p.log.grown:
		case <-limit:
			p.t.Fatalf("the log lacks %q", text)
		}
	}
}

func (p *program) signal(s os.Signal) {
	p.t.Helper()
	if err := p.run.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

func (p *program) kill() {
	_ = p.run.Process.Kill() // it may have ended
	<-p.ended
}

// wait waits for the end and returns the exit code, -1 for an end by a signal.
func (p *program) wait() int {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(time.Minute):
		p.t.Fatal("the program is still running")
	}
	var exit *exec.ExitError
	if p.err != nil && !errors.As(p.err, &exit) {
		p.t.Fatal(p.err)
	}
	return p.run.ProcessState.ExitCode()
}

// A supervisor tells by the exit code what a restart is good for.
func TestExitCodes(t *testing.T) {
	stranger := newTelegram(t, telegramsim.Options{Token: otherToken})
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
		{"withdraw without a database", []string{"withdraw", "8", "--database", "none.db"}, 78},
		{"withdraw from a folder", []string{"withdraw", "8", "--database", "."}, 78},
		{"redate without a database", []string{"redate", "8", "2026-11-20", "--database", "none/none.db"}, 78},
		{"document that cannot be read", []string{"preview", "none.md"}, 1},
		{"token unknown to Telegram", []string{"--api-url", stranger.url}, 77},
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
