package bot_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers/storetest"
)

// doomed is a way to Telegram of a process that is killed at one of its requests.
type doomed struct {
	base roundTrip

	mu     sync.Mutex
	left   int  // requests that post something before it is killed; below 0: it is not
	after  bool // when Telegram has carried out the request, not before
	killed bool
	ended  chan struct{} // closed when all of the process is over
}

var errKilled = errors.New("the process is dead")

func (d *doomed) Do(r *http.Request) (*http.Response, error) {
	last := d.count(r)
	if last && d.after {
		_, _ = d.base(r) // what is answered is lost
	}
	if d.isDead() { // nothing of what comes back reaches the process
		<-d.ended
		return nil, errKilled
	}
	return d.base(r)
}

// count counts a request, and reports whether the process is killed at it.
func (d *doomed) count(r *http.Request) (last bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	method := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	if d.killed || d.left < 0 || !strings.HasPrefix(method, "copy") && !strings.HasPrefix(method, "send") && !strings.HasPrefix(method, "edit") || method == "sendChatAction" {
		return false
	}
	d.left--
	d.killed = d.left < 0
	return d.killed
}

func (d *doomed) isDead() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.killed
}

func (d *doomed) arm(left int, after bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.left, d.after = left, after
}

// rise begins the next life after a kill, with the database as it was on disk then. It reports
// whether the process was killed.
func (w *editorsWorld) rise(d *doomed) bool {
	w.t.Helper()
	synctest.Wait()
	if !d.isDead() {
		return false
	}
	next := filepath.Join(w.t.TempDir(), "digestbot.db")
	for _, suffix := range []string{"", "-wal", "-progress"} {
		if content, err := os.ReadFile(w.path + suffix); err == nil {
			if err := os.WriteFile(next+suffix, content, 0o600); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	close(d.ended)
	w.stop()
	store, err := storetest.Open(w.t.Context(), next)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { store.Close() })
	w.path, w.store, w.config.Store, w.config.HTTPClient = next, store, store, w.sim.Client()
	w.start()
	w.pass(2 * time.Minute)
	return true
}

// Whenever the program is killed, each letter and each answer arrives, at most one of them twice.
func TestRepliesThroughKills(t *testing.T) {
	for _, after := range []bool{false, true} {
		for n, more := 0, true; more; n++ {
			if n > 40 {
				t.Fatal("the program is never done")
			}
			t.Run(fmt.Sprint(n, after), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { more = killReplies(t, n, after) })
			})
		}
	}
}

// killReplies kills the program at its nth request, and reports whether it made so many.
func killReplies(t *testing.T, n int, after bool) bool {
	w := newWorld(t)
	d := &doomed{base: w.sim.Client().Do, left: -1, ended: make(chan struct{})}
	w.config.HTTPClient = d
	e := newEditorsWorld(w, 0)
	d.arm(n, after)
	w.ann.Reply(e.issue[1], "Letter one")
	w.ann.Reply(e.issue[1], "Letter two")
	w.pass(2 * time.Minute)
	killed := e.rise(d)
	var copies []telegramsim.Message
	for _, m := range e.group.FromBot() {
		if m.Text == "Letter one" {
			copies = append(copies, m)
		}
	}
	if len(copies) == 0 {
		t.Fatalf("the editors have %q", texts(e.group.FromBot()))
	}
	e.bea.Reply(copies[len(copies)-1], "Answer one")
	w.pass(2 * time.Minute)
	if !killed {
		killed = e.rise(d)
	}
	repeats := 0
	for _, want := range []struct {
		chat *telegramsim.Chat
		text string
	}{{e.group, "✉️ Reader"}, {e.group, "Letter one"}, {e.group, "Letter two"}, {w.ann.Chat(), "Answer one"}} {
		got := count(want.chat, want.text)
		repeats += got - 1
		if got < 1 || got > 2 {
			t.Errorf("%q is there %d times", want.text, got)
		}
	}
	if repeats > 1 || repeats > 0 && !after {
		t.Errorf("%d messages came twice", repeats)
	}
	if got := count(w.ann.Chat(), passedOn); got < 2 || got > 3 {
		t.Errorf("Ann was told %d times that a letter was passed on", got)
	}
	w.wantAllHandled()
	return killed
}

// An update that is handled again, because the program was killed before that was on record,
// passes on nothing twice.
func TestReplyIsHandledAgain(t *testing.T) {
	withEditors(t, func(w *editorsWorld) {
		letter := w.ann.Reply(w.issue[1], "Once only")
		w.settle()
		update := fmt.Sprintf(`{"message_id":%d,"date":946684900,"chat":{"id":%d,"type":"private","first_name":"Ann"},"from":{"id":%d,"is_bot":false,"first_name":"Ann"},
			"text":"Once only","reply_to_message":{"message_id":%d,"date":946684800,"chat":{"id":%d,"type":"private"},"from":{"id":%d,"is_bot":true,"first_name":"b"}}}`,
			letter.ID, w.ann.ID(), w.ann.ID(), w.issue[1].ID, w.ann.ID(), w.issue[1].From.ID)
		said := w.said(w.ann.Chat(), func() { w.sim.Push("message", update) })
		if n := count(w.group, "Once only"); n != 1 || len(said) != 0 {
			t.Errorf("the editors have it %d times, Ann is told %q", n, texts(said))
		}
	})
}
