//go:build unix

package main

import (
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"digestbot/internal/longtest"
)

// A machine that is suspended, or a debugger, stops the program in the middle of a broadcast.
// Nobody is skipped, and what comes twice is called uncertain.
func TestFrozenProgram(t *testing.T) {
	longtest.Only(t)
	t.Parallel()
	r := newResumed(t, killReaders)
	p := startCommand(t, exec.Command(r.binary, "--paid-broadcast", "--rate", "300", "--database", r.database, "--api-url", r.url))
	r.untilSending(p)
	p.signal(syscall.SIGSTOP)
	time.Sleep(90 * time.Second) // the program is a process of its own, with a real clock
	p.signal(syscall.SIGCONT)
	p.line("broadcast finished")
	p.signal(syscall.SIGTERM)
	if code := p.wait(); code != 0 {
		t.Errorf("the program ended with %d", code)
	}
	if lost, repeats, uncertain := r.check(); lost > 0 || repeats > uncertain {
		t.Errorf("%d lost, %d repeated, %d uncertain: want none lost, and each that was repeated uncertain", lost, repeats, uncertain)
	}
}

// Without free file descriptors the program opens no more connections, and takes turns with
// those that it has. Nobody is skipped or gets anything twice, and it can be stopped.
func TestOutOfDescriptors(t *testing.T) {
	longtest.Only(t)
	t.Parallel()
	r := newResumed(t, killReaders)
	p := startCommand(t, exec.Command("/bin/sh", "-c", `ulimit -n 48 && exec "$0" "$@"`,
		r.binary, "--paid-broadcast", "--rate", "300", "--database", r.database, "--api-url", r.url))
	p.line("broadcast finished")
	if !strings.Contains(p.log.String(), "everything waits") {
		t.Error("there were descriptors enough, so this tests nothing")
	}
	p.signal(syscall.SIGTERM)
	if code := p.wait(); code != 0 {
		t.Errorf("the program ended with %d", code)
	}
	if lost, repeats, uncertain := r.check(); lost > 0 || repeats > 0 || uncertain > 0 {
		t.Errorf("%d lost, %d repeated, %d uncertain, want none", lost, repeats, uncertain)
	}
}
