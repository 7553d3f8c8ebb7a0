package main

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// started runs the bot until Telegram has heard of it and a reader has done something,
// and returns the log and the error of the program.
func started(t *testing.T, do func(reader reader), args ...string) (log string, err error) {
	t.Helper()
	sim := telegramsim.ForTest(t, telegramsim.Options{Token: fakeToken})
	defer sim.Close()
	ann := sim.NewPerson("Ann", telegramsim.Language("en"), telegramsim.WithID(77))
	stop := serving(t, sim, args...)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := sim.Wait(ctx, func() bool { return sim.Stats().Calls["getupdates"] > 0 }); err != nil {
		log, _ := stop()
		t.Fatalf("waiting for the bot: %v\n%s", err, log)
	}
	do(reader{
		write: ann.Write,
		gets:  func(text string) { t.Helper(); waitFor(ctx, t, sim, ann, text) },
	})
	return stop()
}

// reader is somebody in Telegram.
type reader struct {
	write func(text string) telegramsim.Message
	gets  func(text string) // waits until the bot has written it
}

func (r reader) subscribe() {
	r.write("/subscribe")
	r.gets("ubscribe")
}

func nothing(reader) {}

// The start tells what there is, and what may not be meant.
func TestStartSaysWhatThereIs(t *testing.T) {
	dir := t.TempDir()
	database := filepath.Join(dir, "test.db")
	token := write(t, dir, "token", "\uFEFF"+fakeToken)
	if err := os.Chmod(token, 0o644); err != nil {
		t.Fatal(err)
	}
	first, err := started(t, reader.subscribe, "--database", database, "--token-file", token, "--schedule", "@every 30s")
	if err != nil {
		t.Fatal(err)
	}
	mustContain(t, "the first start", first, "there was no database, so a new, empty one was made", "database="+database,
		"readers=0", "issues=0", "admins=0", "sources=0", "the machine's", "there are no admins", "chmod 600", "@every 30s")
	if got := runWith(t, nil, document, "import", "--database", database, "-"); got.failure != nil {
		t.Fatal(got.failure)
	}
	second, err := started(t, nothing, "--database", database, "--admins=77", "--source", t.TempDir(), "--timezone=Asia/Shanghai", "--catch-up=2d")
	if err != nil {
		t.Fatal(err)
	}
	mustContain(t, "the second start", second, "readers=1 off=0 gone=0 issues=1 admins=1 sources=1 timezone=Asia/Shanghai")
	for _, warning := range []string{"there was no database", "there are no admins", "there is no source", "the machine's", "chmod"} {
		if strings.Contains(second, warning) {
			t.Errorf("the second start warns of %q:\n%s", warning, second)
		}
	}
}

// What is no file is met before anything is touched.
func TestDatabaseThatIsNoFile(t *testing.T) {
	for database, want := range map[string]string{
		":memory:": "in memory", "file:x.db?mode=ro": "is an address", "": "the name is empty", "/dev/null": "it is a device",
	} {
		got := runWith(t, []string{"DIGESTBOT_TOKEN=" + fakeToken}, "", "--database="+database)
		if got.failure == nil || !strings.Contains(got.failure.Error(), "--database (DIGESTBOT_DATABASE)") || !strings.Contains(got.failure.Error(), want) {
			t.Errorf("--database %q: %v, want %q", database, got.failure, want)
		}
		if got := runWith(t, nil, document, "import", "--database="+database, "-"); got.failure == nil || !strings.Contains(got.failure.Error(), want) {
			t.Errorf("import --database %q: %v, want %q", database, got.failure, want)
		}
	}
}

func TestImportSaysThatTheDatabaseIsNew(t *testing.T) {
	database := filepath.Join(t.TempDir(), "test.db")
	first := runWith(t, nil, document, "import", "--database", database, "-")
	if want := "digestbot: there was no database, so a new one was made: " + database + "\n"; first.failure != nil || first.err != want {
		t.Errorf("the first import printed %q, %v, want %q", first.err, first.failure, want)
	}
	if second := runWith(t, nil, document, "import", "--database", database, "-"); second.failure != nil || second.err != "" {
		t.Errorf("the second import printed %q, %v, want nothing", second.err, second.failure)
	}
}

// A database that is lost while the bot runs ends it: admins know, nothing that was
// taken in is lost, and the next start does not begin with an empty one.
func TestServeEndsWhenItsDatabaseIsLost(t *testing.T) {
	for name, lose := range map[string]func(database string) error{
		"removed":   os.Remove,
		"replaced":  func(database string) error { return replace(database, "not a database") },
		"truncated": func(database string) error { return os.Truncate(database, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := filepath.Join(t.TempDir(), "test.db")
			log, err := started(t, func(admin reader) {
				admin.subscribe()
				if err := lose(database); err != nil {
					t.Error(err)
				}
				admin.gets("removed or replaced")
			}, "--database", database, "--admins=77")
			if !errors.Is(err, subscribers.ErrLost) {
				t.Fatalf("serve = %v, want %v", err, subscribers.ErrLost)
			}
			mustContain(t, "the log", log, "level=ERROR", "removed or replaced")
			saved := regexp.MustCompile(`all that was in it is in (\S+):`).FindStringSubmatch(err.Error())
			if saved == nil {
				t.Fatalf("serve = %v, want the name of the copy", err)
			}
			if name == "removed" {
				next := runWith(t, []string{"DIGESTBOT_TOKEN=" + fakeToken}, "", "--database", database)
				if !errors.Is(next.failure, subscribers.ErrMissing) || !strings.Contains(next.failure.Error(), saved[1]) {
					t.Errorf("the next start: %v, want that the database is missing, and the copy", next.failure)
				}
			}
			if err := os.Rename(saved[1], database); err != nil {
				t.Fatal(err)
			}
			again, err := started(t, nothing, "--database", database)
			if err != nil {
				t.Fatal(err)
			}
			mustContain(t, "the log with the copy in its place", again, "readers=1")
		})
	}
}

// replace puts another file in a file's place.
func replace(path, text string) error {
	return errors.Join(os.WriteFile(path+".new", []byte(text), 0o600), os.Rename(path+".new", path))
}

func TestGuestsAreWarnedOf(t *testing.T) {
	for address, want := range map[string]bool{"127.0.0.1": false, "::1": false, "0.0.0.0": true, "::": true, "192.0.2.1": true} {
		var said strings.Builder
		warnOfGuests(&said, &net.TCPAddr{IP: net.ParseIP(address), Port: 7979})
		if got := strings.Contains(said.String(), "--address 127.0.0.1:7979"); got != want {
			t.Errorf("on %s the demo says %q", address, said.String())
		}
	}
}
