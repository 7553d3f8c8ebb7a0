package supervisor_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"digestbot/bot/supervisor"
)

// listen is systemd: it returns what it hears.
func listen(t *testing.T, watchdog string) <-chan string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	t.Setenv("NOTIFY_SOCKET", path)
	t.Setenv("WATCHDOG_USEC", watchdog)
	t.Setenv("WATCHDOG_PID", strconv.Itoa(os.Getpid()))
	heard := make(chan string)
	go func() {
		defer close(heard)
		for buffer := make([]byte, 100); ; {
			n, err := socket.Read(buffer)
			if err != nil {
				return
			}
			heard <- string(buffer[:n])
		}
	}()
	return heard
}

// start runs Report and returns what ends it.
func start(t *testing.T, alive func() error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- supervisor.Report(ctx, slog.New(slog.NewTextHandler(io.Discard, nil)), alive) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func mustHear(t *testing.T, heard <-chan string, want string) {
	t.Helper()
	if got := <-heard; got != want {
		t.Errorf("systemd heard %q, want %q", got, want)
	}
}

func TestReport(t *testing.T) {
	heard := listen(t, "20000") // microseconds
	stop := start(t, func() error { return nil })
	for _, want := range []string{"READY=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"} {
		mustHear(t, heard, want)
	}
	go stop()
	for got := range heard {
		if got == "STOPPING=1" {
			return
		}
	}
}

// A program that hangs does not say that it is alive.
func TestReportWhileItHangs(t *testing.T) {
	heard := listen(t, "2000")
	asked := make(chan struct{})
	var stopped atomic.Bool
	stop := start(t, func() error {
		if !stopped.Load() {
			asked <- struct{}{}
		}
		return errors.New("the scheduler hangs")
	})
	mustHear(t, heard, "READY=1")
	<-asked
	<-asked
	stopped.Store(true)
	go stop()
	mustHear(t, heard, "STOPPING=1")
}

// Work after the stop has been told needs more time than a stop has, and the watchdog's.
func TestExtend(t *testing.T) {
	heard := listen(t, "")
	go supervisor.Extend(time.Minute)
	mustHear(t, heard, "EXTEND_TIMEOUT_USEC=60000000\nWATCHDOG_USEC=60000000")
}

func TestReportWithoutAWatchdog(t *testing.T) {
	heard := listen(t, "")
	stop := start(t, func() error { t.Error("asked without need"); return nil })
	mustHear(t, heard, "READY=1")
	go stop()
	mustHear(t, heard, "STOPPING=1")
}

func TestReportWithoutSystemd(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "")
	if err := supervisor.Report(t.Context(), slog.New(slog.NewTextHandler(io.Discard, nil)), nil); err != nil {
		t.Error(err)
	}
}
