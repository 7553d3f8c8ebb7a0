//go:build unix

package main

import (
	"bufio"
	"context"
	"database/sql"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
)

// A terminal that closes is a stop like any other, though it may say so twice.
func TestHangupIsAStop(t *testing.T) {
	tg := newTelegram(t, telegramsim.Options{})
	p := startProgram(t, "--api-url", tg.url)
	tg.subscribe()
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

// An operator who starts the program with nohup wants it to outlive the terminal.
func TestHangupUnderNohup(t *testing.T) {
	tg := newTelegram(t, telegramsim.Options{})
	p := startCommand(t, exec.Command("/bin/sh", "-c", `trap "" HUP; exec "$0" "$@"`, testBinary(t), "--api-url", tg.url))
	tg.subscribe()
	p.signal(syscall.SIGHUP)
	tg.asks("/help", "What I can do")
	p.signal(syscall.SIGTERM)
	if code := p.wait(); code != 0 {
		t.Errorf("the program ended with %d after SIGTERM, want 0", code)
	}
}

// The first signal makes the program wait for the answers under way. An operator who
// does not want to wait sends a second one.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	tg := newTelegram(t, telegramsim.Options{})
	tg.sim.Inject(telegramsim.Fault{Kind: telegramsim.Hang, Methods: []string{"sendMessage"}})
	address := freeAddress(t)
	p := startProgram(t, "--listen", address, "--api-url", tg.url)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tg.ann.Write("/start")
	if err := tg.sim.Wait(ctx, func() bool { return tg.sim.Stats().Faults[telegramsim.Hang] > 0 }); err != nil {
		t.Fatalf("waiting for an answer under way: %v", err)
	}

	conn := heard(t, address)
	p.signal(syscall.SIGTERM)
	// The program closes connections that are idle when it has heard the signal.
	if _, err := io.Copy(io.Discard, conn); err != nil {
		t.Fatalf("waiting for the connection to end: %v", err)
	}
	select {
	case <-p.ended:
		t.Fatalf("the program ended at the first signal: %v", p.err)
	default:
	}
	// A signal that comes within microseconds of the first is one with it.
	repeat := time.NewTicker(20 * time.Millisecond)
	defer repeat.Stop()
	for {
		select {
		case <-p.ended:
			if status := p.run.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != syscall.SIGTERM {
				t.Errorf("after the second signal the program ended with %v, want by the signal", p.err)
			}
			return
		case <-repeat.C:
			_ = p.run.Process.Signal(syscall.SIGTERM) // to a process that may have ended by now
		}
	}
}

// heard returns a connection to the program, which has answered a request on it.
func heard(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(conn, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	return conn
}

// A pipe and a link to the token lie among the documents: the program names them,
// delivers, answers, and stops when it is told to.
func TestServeWithAPipeInTheSource(t *testing.T) {
	dir := t.TempDir()
	source := filepath.Join(dir, "issues")
	if err := os.Mkdir(source, 0o700); err != nil {
		t.Fatal(err)
	}
	writeSettled(t, source, "7.md", document)
	if err := os.Symlink(write(t, dir, "token", fakeToken), filepath.Join(source, "tok.md")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(source, "zz.md"), 0o600); err != nil {
		t.Fatal(err)
	}
	tg := newTelegram(t, telegramsim.Options{})
	admin := tg.sim.NewPerson("Bo", telegramsim.Language("en"))
	p := startProgram(t, "--api-url", tg.url, "--source", source, "--admins", strconv.FormatInt(admin.ID(), 10))

	tg.subscribe()
	admin.Write("/broadcast")
	tg.waitFor(admin, "Send this issue?")
	said := admin.Chat().FromBot()
	question := said[len(said)-1]
	mustContain(t, "the question to the admin", question.Text, "tok.md is a link", "zz.md is no regular file", "Letters, issue 7")
	if _, err := admin.Press(question, "📣 Send now"); err != nil {
		t.Fatal(err)
	}
	tg.gets("Bold paragraph.")

	p.signal(syscall.SIGTERM)
	if code := p.wait(); code != 0 {
		t.Errorf("after SIGTERM the program ended with %d", code)
	}
}

// kills is how often TestKill ends the program in the middle of its broadcast.
// The default keeps the test short; CI runs it with 50.
var (
	kills    = flag.Int("kills", 5, "how often TestKill kills the program")
	killSeed = flag.Uint64("kill-seed", 1, "when it does")
)

const (
	killReaders  = 300
	killMessages = 6
)

// lives is a broadcast over several lives of the real program, which talks to
// the simulator over real connections.
type lives struct {
	t        *testing.T
	binary   string
	database string
	url      string // of the simulator

	mu  sync.Mutex
	got map[int64][]string // what each chat received, by heading
}

func newLives(t *testing.T) *lives {
	t.Helper()
	l := &lives{t: t, binary: buildProgram(t), database: filepath.Join(t.TempDir(), "digestbot.db"), got: make(map[int64][]string)}
	tg := newTelegram(t, telegramsim.Options{
		ImplicitChats: true, Limits: telegramsim.Limits{Off: true}, OnSend: l.received, Seed: *killSeed,
	})
	tg.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: 50 * time.Millisecond, MaxDelay: 150 * time.Millisecond})
	l.url = tg.url
	l.prepare()
	return l
}

func (l *lives) received(m telegramsim.Message) {
	l.mu.Lock()
	defer l.mu.Unlock()
	first, _, _ := strings.Cut(m.Text, "\n")
	l.got[m.Chat] = append(l.got[m.Chat], first)
}

// prepare starts the broadcast on record; the program finds it there.
func (l *lives) prepare() {
	l.t.Helper()
	store := l.open()
	issue := &digest.Issue{Key: "1", Number: 1, Title: "Weekly 1"}
	for i := range killMessages - 1 {
		name := fmt.Sprintf("Section %c", 'A'+i)
		issue.Sections = append(issue.Sections, digest.Section{
			Key: digest.SectionKey(name), Name: name, Items: []digest.Item{{Title: []digest.Span{{Text: "An item"}}}},
		})
	}
	row, _, err := store.SaveIssue(l.t.Context(), issue, "1.md", []byte("1"))
	if err != nil {
		l.t.Fatal(err)
	}
	for i := range killReaders {
		if _, _, err := store.Subscribe(l.t.Context(), subscribers.Chat{ID: int64(5000 + i), Kind: subscribers.Private}); err != nil {
			l.t.Fatal(err)
		}
	}
	if _, err := store.StartBroadcast(l.t.Context(), row.ID, 1); err != nil {
		l.t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		l.t.Fatal(err)
	}
}

func (l *lives) open() *subscribers.Store {
	l.t.Helper()
	store, err := subscribers.Open(l.t.Context(), l.database)
	if err != nil {
		l.t.Fatal(err)
	}
	return store
}

// live runs the program until it gets the signal, some time after its first
// message of this life.
func (l *lives) live(signal os.Signal, after time.Duration) {
	l.t.Helper()
	p := startCommand(l.t, exec.Command(l.binary, "--paid-broadcast", "--rate", "300", "--database", l.database, "--api-url", l.url))
	l.untilSending(p)
	time.Sleep(after)
	p.signal(signal)
	if code := p.wait(); signal == syscall.SIGTERM && code != 0 {
		l.t.Fatalf("after SIGTERM the program ended with %d", code)
	}
}

// untilSending waits until a message arrives, or there are none left.
func (l *lives) untilSending(p *program) {
	l.t.Helper()
	before := l.count()
	poll := time.NewTicker(10 * time.Millisecond) // the database cannot report a change
	defer poll.Stop()
	timeout := time.After(time.Minute)
	for l.count() == before && !l.finished() {
		select {
		case <-timeout:
			l.t.Fatal("the program sends nothing")
		case <-poll.C:
		case <-p.ended:
			l.t.Fatalf("the program ended by itself: %v", p.err)
		case <-l.t.Context().Done():
			return
		}
	}
}

func (l *lives) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, got := range l.got {
		n += len(got)
	}
	return n
}

// finished reports whether the broadcast is over.
func (l *lives) finished() bool {
	return l.number("SELECT finished_at > 0 FROM broadcasts") == 1
}

// inFlight is the number of messages on record as handed to the network without
// an answer. It looks at a copy: what was left behind is for the program to find.
func (l *lives) inFlight() int {
	l.t.Helper()
	path := filepath.Join(l.t.TempDir(), "copy.db")
	for _, suffix := range []string{"", "-wal", "-progress"} {
		content, err := os.ReadFile(l.database + suffix)
		if err != nil && !os.IsNotExist(err) {
			l.t.Fatal(err)
		}
		if err := os.WriteFile(path+suffix, content, 0o600); err != nil {
			l.t.Fatal(err)
		}
	}
	store, err := subscribers.Open(l.t.Context(), path)
	if err != nil {
		l.t.Fatal(err)
	}
	defer store.Close()
	progress, err := store.OpenProgressFile(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	defer progress.Close()
	n, err := store.Interrupted(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	return n
}

func (l *lives) number(query string) (n int) {
	l.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+l.database+"?mode=ro&_busy_timeout=10000")
	if err != nil {
		l.t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		l.t.Fatal(err)
	}
	return n
}

// check compares what every chat received with what it should have, and
// returns the number of messages lost, of repeats, and of messages the books
// call uncertain.
func (l *lives) check() (lost, repeats, uncertain int) {
	l.t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var want []string
	for chat := range int64(killReaders) {
		got := l.got[5000+chat]
		once := slices.Compact(slices.Clone(got))
		if want == nil {
			want = once
		}
		if len(once) != killMessages || !slices.Equal(once, want) {
			l.t.Errorf("chat %d received %q, want each of %q in this order", 5000+chat, got, want)
		}
		lost += max(0, killMessages-len(once))
		repeats += len(got) - len(once)
		for i := 2; i < len(got); i++ {
			if got[i] == got[i-2] {
				l.t.Errorf("chat %d received %q more than twice", 5000+chat, got[i])
			}
		}
	}
	store := l.open()
	defer store.Close()
	books, err := store.Books(l.t.Context(), 1)
	if err != nil {
		l.t.Fatal(err)
	}
	if err := books.Check(); err != nil {
		l.t.Error(err)
	}
	return lost, repeats, books.Sum(subscribers.OutcomeUncertain)
}

// contend keeps the program from writing to the database now and then, as an
// import does, until the test is over: what it knows is in its progress file only.
func (l *lives) contend() {
	l.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+l.database+"?_busy_timeout=10000&_txlock=immediate")
	if err != nil {
		l.t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(*killSeed, 2))
	ctx := l.t.Context()
	pause := func(most time.Duration) {
		select {
		case <-time.After(time.Duration(random.Int64N(int64(most)))):
		case <-ctx.Done():
		}
	}
	var contending sync.WaitGroup
	contending.Go(func() {
		for ctx.Err() == nil {
			tx, err := db.BeginTx(ctx, nil)
			if err != nil {
				continue // the program has the lock, or this is over
			}
			pause(time.Second)
			_ = tx.Rollback() // nothing was written
			pause(time.Second / 2)
		}
	})
	l.t.Cleanup(func() {
		contending.Wait()
		if err := db.Close(); err != nil {
			l.t.Error(err)
		}
	})
}

// TestKill kills the program with SIGKILL at random moments of one broadcast.
func TestKill(t *testing.T) {
	t.Parallel()
	l := newLives(t)
	l.contend()
	random := rand.New(rand.NewPCG(*killSeed, 0))
	inFlight, killed := 0, 0
	// The moments are spread over the broadcast, which takes about 7 seconds.
	step := 6 * time.Second / time.Duration(*kills)
	for range *kills {
		l.live(syscall.SIGKILL, time.Duration(random.Int64N(int64(2*step))))
		if l.finished() {
			break
		}
		killed++
		inFlight += l.inFlight()
	}
	for !l.finished() {
		l.live(syscall.SIGTERM, 2*time.Second)
	}
	lost, repeats, uncertain := l.check()
	t.Logf("%d kills: %d messages in flight, %d uncertain, %d repeated, %d of %d lost", killed, inFlight, uncertain, repeats, lost, killReaders*killMessages)
	if killed < *kills/2 {
		t.Errorf("only %d of %d kills struck the broadcast", killed, *kills)
	}
	if repeats > uncertain || uncertain > inFlight {
		t.Errorf("%d repeats, %d uncertain, %d in flight at the kills; want each at most the next", repeats, uncertain, inFlight)
	}
}

// TestTerminate stops the program in an orderly way, again and again: nothing
// is lost, and nothing repeated.
func TestTerminate(t *testing.T) {
	t.Parallel()
	l := newLives(t)
	l.contend()
	random := rand.New(rand.NewPCG(*killSeed, 1))
	for i := 0; !l.finished(); i++ {
		after := time.Duration(random.Int64N(int64(time.Second)))
		if i >= *kills {
			after = 8 * time.Second
		}
		l.live(syscall.SIGTERM, after)
	}
	if _, repeats, uncertain := l.check(); repeats != 0 || uncertain != 0 {
		t.Errorf("%d messages were repeated and %d are uncertain, want none", repeats, uncertain)
	}
}
