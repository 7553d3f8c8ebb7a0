package settings

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const testToken = "123456789:AAF0fakeFAKEfakeFAKEfakeFAKEfakeFAK"

func TestTokenFile(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want string // in the error; empty: it is read
	}{
		"plain":               {testToken, ""},
		"with a line's end":   {testToken + "\r\n", ""},
		"of Notepad":          {"\uFEFF" + testToken + "\r\n", ""},
		"of PowerShell":       {"\xff\xfe1\x002\x003\x00", "this is UTF-16"},
		"the other way round": {"\xfe\xff\x001\x002\x003", "this is UTF-16"},
		"long":                {strings.Repeat(" ", maxTokenFile) + testToken, "more than 4096 bytes"},
		"of something else":   {"my token", "this is not a bot token"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "token")
			if err := os.WriteFile(file, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			wantToken(t, file, test.want)
		})
	}
	wantToken(t, "/dev/zero", "more than 4096 bytes")
	wantToken(t, "/dev/null", "this is not a bot token")
}

func wantToken(t *testing.T, file, want string) {
	t.Helper()
	token, err := Config{TokenFile: file}.token(nil)
	if want == "" && (token != testToken || err != nil) {
		t.Errorf("token = %q, %v, want the one in %s", token, err, file)
	}
	if want != "" && (err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), file)) {
		t.Errorf("error is %v, want %q and the name", err, want)
	}
}

// A shell's <(command) is a pipe that has a name.
func TestTokenThroughAPipe(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	go func() {
		fmt.Fprintln(write, testToken)
		write.Close()
	}()
	wantToken(t, fmt.Sprintf("/dev/fd/%d", read.Fd()), "")
}

func namedPipe(t *testing.T) string {
	t.Helper()
	pipe := filepath.Join(t.TempDir(), "token")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	return pipe
}

func TestTokenThroughANamedPipe(t *testing.T) {
	pipe := namedPipe(t)
	go func() { _ = os.WriteFile(pipe, []byte(testToken), 0o600) }() // an error shows below
	wantToken(t, pipe, "")
}

func TestNamedPipeNobodyWritesTo(t *testing.T) {
	pipe := namedPipe(t)
	if text, err := readBounded(pipe, maxTokenFile, time.Millisecond); err == nil || !strings.Contains(err.Error(), "nothing has come from it in 1ms") {
		t.Errorf("readBounded = %q, %v, want that nothing comes", text, err)
	}
	both, err := os.OpenFile(pipe, os.O_RDWR, 0) // so that the waiting reader ends
	if err == nil {
		err = both.Close()
	}
	if err != nil {
		t.Error(err)
	}
}

func TestTokenFileThatOthersCanRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	for mode, want := range map[os.FileMode]bool{0o600: false, 0o640: false, 0o644: true, 0o604: true} {
		if err := os.WriteFile(file, []byte(testToken), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		if got := readableByOthers(file); got != want {
			t.Errorf("a file of mode %o can be read by others: %t, want %t", mode, got, want)
		}
	}
}

func TestParseDuration(t *testing.T) {
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"0s": 0, "36h": 36 * time.Hour, "7d": 7 * day, "2w": 14 * day, "1.5d": 36 * time.Hour, "1w2d12h": 9*day + 12*time.Hour, "-1d": -day,
	} {
		if got, err := parseDuration(text); got != want || err != nil {
			t.Errorf("parseDuration(%q) = %s, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "7", "1 day", "d", "1.5.5d", "999999w", "1y", "9999999d"} {
		if got, err := parseDuration(text); err == nil || !strings.Contains(err.Error(), "h, d or w") {
			t.Errorf("parseDuration(%q) = %s, %v, want an error that names the units", text, got, err)
		}
	}
}
