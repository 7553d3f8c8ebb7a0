package settings_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/settings"
)

// log returns a log as the settings make it, and what it has written.
func log(t *testing.T) (*slog.Logger, *bytes.Buffer) {
	t.Helper()
	s, err := settings.Demo("1:token", 1, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var written bytes.Buffer
	return slog.New(s.LogHandler(&written)).With("component", "bot"), &written
}

// A disk that is full for an hour does not fill the log.
func TestLogSaysTheSameLessAndLess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, written := log(t)
		for range 3600 {
			log.Error("progress cannot be saved", "err", errors.New("disk is full"))
			time.Sleep(time.Second)
		}
		if n := strings.Count(written.String(), "\n"); n != 6 {
			t.Errorf("an hour of the same error, once a second, is %d lines, want 6", n)
		}
		for _, after := range []int{1, 2, 4, 8, 16} {
			if want := fmt.Sprintf("left_out=%d\n", 60*after-1); !strings.Contains(written.String(), want) {
				t.Errorf("the log lacks %q:\n%s", want, written)
			}
		}
		written.Reset()
		time.Sleep(time.Hour)
		log.Error("progress cannot be saved", "err", errors.New("disk is full"))
		if got := written.String(); !strings.Contains(got, "disk is full") || strings.Contains(got, "left_out") {
			t.Errorf("the next day's error is %q, want it as if it were the first", got)
		}
	})
}

// A line that differs in anything is logged.
func TestLogSaysWhatDiffers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, written := log(t)
		for range 2 {
			log.Error("held up", "err", errors.New("disk is full"))
			log.Error("held up", "err", errors.New("disk is gone"))
			log.Error("held up", "broadcast", 1)
			log.Error("held up", "broadcast", 2)
			log.With("source", "a").Error("held up")
			log.With("source", "b").Error("held up")
			log.WithGroup("a").Error("held up", "n", 1)
			log.WithGroup("b").Error("held up", "n", 1)
		}
		if n := strings.Count(written.String(), "\n"); n != 8 {
			t.Errorf("eight errors, twice each, are %d lines:\n%s", n, written)
		}
	})
}
