package main

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
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
	t     *testing.T
	log   watchedLog // its standard error
	run   *exec.Cmd
	ended chan struct{}
	err   error // once ended
}

// startProgram starts the program, with the fake token, from a folder of its own.
// It is killed at the end of the test.
func startProgram(t *testing.T, args ...string) *program {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return startCommand(t, exec.Command(binary, args...))
}

func startCommand(t *testing.T, command *exec.Cmd) *program {
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
		_ = command.Process.Kill() // which may have ended
		<-p.ended
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
