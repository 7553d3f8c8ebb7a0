//go:build unix

package main

import (
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"digestbot/subscribers"
)

// TestReplica loses a machine in the middle of a broadcast, and starts the bot elsewhere
// with what Litestream has replicated: to a folder, and to a server that speaks S3. Nobody is
// skipped, every subscriber is there, and what came twice is counted. Run it with .ci/run replica.
func TestReplica(t *testing.T) {
	litestream, s3 := os.Getenv("DIGESTBOT_LITESTREAM"), os.Getenv("DIGESTBOT_S3")
	if litestream == "" || s3 == "" {
		t.Skip("DIGESTBOT_LITESTREAM and DIGESTBOT_S3 name no programs; .ci/run replica installs them")
	}
	t.Setenv("LITESTREAM_ACCESS_KEY_ID", "any")
	t.Setenv("LITESTREAM_SECRET_ACCESS_KEY", "any")
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "AWS_") { // of this machine
			t.Setenv(name, "")
			os.Unsetenv(name) // t.Setenv restores it
		}
	}
	t.Run("folder", func(t *testing.T) {
		loseMachine(t, replica{litestream: litestream, url: "file://" + filepath.Join(t.TempDir(), "replica")})
	})
	t.Run("S3", func(t *testing.T) {
		address := freeAddress(t)
		startCommand(t, exec.Command(s3, "-quiet", "-host", address, "-backend", "memory", "-initialbucket", "my-bucket"))
		waitUntil(t, "the S3 server", func() bool {
			resp, err := http.Get("http://" + address)
			return err == nil && resp.Body.Close() == nil
		})
		loseMachine(t, replica{litestream: litestream, url: "s3://my-bucket/digestbot", endpoint: "http://" + address})
	})
}

// replica is a place to which Litestream replicates.
type replica struct {
	litestream, url, endpoint string
}

// configure writes the configuration of deploy for a database, and returns its name.
func (r replica) configure(t *testing.T, database string) string {
	t.Helper()
	text := readText(t, "deploy/litestream/litestream.yml")
	for old, value := range map[string]string{"/var/lib/digestbot/digestbot.db": database, "url: s3://my-bucket/digestbot": r.urlLines()} {
		if strings.Count(text, old) != 1 {
			t.Fatalf("litestream.yml has not one %q", old)
		}
		text = strings.Replace(text, old, value, 1)
	}
	return write(t, t.TempDir(), "litestream.yml", text)
}

func (r replica) urlLines() string {
	if r.endpoint == "" {
		return "url: " + r.url
	}
	const indent = "\n      "
	return "url: " + r.url + indent + "endpoint: " + r.endpoint + indent + "region: us-east-1" + indent + "force-path-style: true"
}

func (r replica) command(args ...string) *exec.Cmd { return exec.Command(r.litestream, args...) }

// loseMachine sends a part of a broadcast, loses bot, Litestream and database at once, and
// goes on elsewhere.
func loseMachine(t *testing.T, to replica) {
	r := newResumed(t, killReaders)
	machine := filepath.Dir(r.database)
	config := to.configure(t, r.database)
	replicating := startCommand(t, to.command("replicate", "-config", config))
	restored := func() (string, error) {
		path := filepath.Join(t.TempDir(), "digestbot.db")
		out, err := to.command("restore", "-config", config, "-o", path, r.database).CombinedOutput()
		if err != nil {
			err = fmt.Errorf("%w: %s", err, out)
		}
		return path, err
	}
	waitUntil(t, "the first replica", func() bool { _, err := restored(); return err == nil })

	bot := startCommand(t, exec.Command(r.binary, "--paid-broadcast", "--rate", "300", "--database", r.database, "--api-url", r.url))
	waitUntil(t, "a third of the broadcast", func() bool { return r.count() >= killReaders*killMessages/3 })
	eraseUnder(t, r.database)
	waitUntil(t, "half of the broadcast", func() bool { return r.count() >= killReaders*killMessages/2 })
	bot.signal(syscall.SIGKILL)
	replicating.signal(syscall.SIGKILL)
	bot.wait()
	replicating.wait()
	progress, err := os.ReadFile(r.database + "-progress") // to find out what it was worth
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(machine); err != nil {
		t.Fatal(err)
	}
	before := r.count()

	path, err := restored()
	if err != nil {
		t.Fatal(err)
	}
	known, withProgress := messagesKnown(t, path, nil), messagesKnown(t, path, progress)
	r.database = path
	p := startCommand(t, exec.Command(r.binary, "--paid-broadcast", "--rate", "300", "--database", r.database, "--api-url", r.url))
	waitUntil(t, "the end of the broadcast", func() bool { return strings.Contains(p.log.String(), "broadcast finished") })
	p.signal(syscall.SIGTERM)
	if code := p.wait(); code != 0 {
		t.Errorf("the bot ended with %d", code)
	}
	t.Logf("before the loss %d messages had arrived; the replica knew of %d, and with the progress file that was lost it would be %d", before, known, withProgress)
	twice := r.everybodyHasAll(t)
	t.Logf("came twice: %d of %d", twice, killReaders*killMessages)
	if known == 0 || twice > before-known+killReaders {
		t.Errorf("%d messages came twice, and the replica knew of %d of %d: it did not carry on", twice, known, before)
	}
}

// messagesKnown counts the messages that a copy of a database knows to have been sent, with the
// contents of a progress file.
func messagesKnown(t *testing.T, path string, progress []byte) (n int) {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "copy.db")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for suffix, content := range map[string][]byte{"": content, "-progress": progress} {
		if err := os.WriteFile(copied+suffix, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	store, err := subscribers.Open(t.Context(), copied)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	file, err := store.OpenProgressFile(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	counts, err := store.CountSubscribers(t.Context())
	if err != nil || counts[subscribers.On] != killReaders {
		t.Fatalf("the replica has %v subscribers, %v, want %d", counts, err, killReaders)
	}
	if err := store.Reads().QueryRow("SELECT sum(sent) FROM deliveries").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// eraseUnder empties the write-ahead log while Litestream reads it, as the bot does to erase
// votes. It need not succeed, but nothing may get lost by it.
func eraseUnder(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?_busy_timeout=200")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var busy, pages, moved int
	err = db.QueryRow("PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved)
	t.Logf("emptying the log: busy %d, %d pages, %d moved, %v", busy, pages, moved, err)
}

// everybodyHasAll checks that each chat has every message, and returns how many came twice.
// What a chat gets again begins where the replica knew it to be, and comes in order.
func (r *resumed) everybodyHasAll(t *testing.T) (twice int) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	var want []string
	for chat := range int64(killReaders) {
		got := r.got[5000+chat]
		once := slices.Compact(slices.Sorted(slices.Values(got)))
		if want == nil {
			want = once
		}
		if len(once) != killMessages || !slices.Equal(once, want) {
			t.Errorf("chat %d received %q, want all of %q", 5000+chat, got, want)
		}
		twice += len(got) - len(once)
	}
	store := r.open()
	defer store.Close()
	books, err := store.Books(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := books.Check(); err != nil {
		t.Error(err)
	}
	return twice
}

// waitUntil waits for something that other processes do.
func waitUntil(t *testing.T, what string, done func() bool) {
	t.Helper()
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	timeout := time.After(8 * time.Minute) // a build may be waited for
	for !done() {
		select {
		case <-poll.C:
		case <-timeout:
			t.Fatalf("waited too long for %s", what)
		case <-t.Context().Done():
			return
		}
	}
}
