//go:build unix

package main

import (
	"bufio"
	"cmp"
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
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/bot/telegramsim/speed"
	"digestbot/digest"
	"digestbot/internal/longtest"
	"digestbot/subscribers"
)

// A terminal that closes stops the program like any other signal, and may send several.
func TestHangupIsAStop(t *testing.T) {
	// Under nohup the tests ignore the signal, and so would the program: what is
	// ignored is inherited, what is handled is not.
	handled := make(chan os.Signal, 1)
	signal.Notify(handled, syscall.SIGHUP)
	defer signal.Stop(handled)
	tg := newTelegram(t, telegramsim.Options{})
	p := startProgram(t, "--api-url", tg.url)
	tg.subscribe()
	p.signal(syscall.SIGHUP)
	for again := time.NewTicker(time.Millisecond); ; <-again.C {
		if p.run.Process.Signal(syscall.SIGHUP) != nil {
			break // it has ended
		}
	}
	if code := p.wait(); code != 0 || !strings.Contains(p.log.String(), "msg=stopped") {
		t.Errorf("the program ended with %d, want 0 and msg=stopped in the log", code)
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
	t.Parallel()
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

	conn := dial(t, address)
	p.signal(syscall.SIGTERM)
	// The program closes idle connections when it gets the signal.
	if _, err := io.Copy(io.Discard, conn); err != nil {
		t.Fatalf("waiting for the connection to end: %v", err)
	}
	select {
	case <-p.ended:
		t.Fatalf("the program ended at the first signal: %v", p.err)
	default:
	}
	// Two signals within microseconds count as one.
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

// dial returns a connection on which the program has answered a request.
func dial(t *testing.T, address string) net.Conn {
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

// A pipe and a link to the token lie among the documents. The program names them,
// delivers, answers, and stops on SIGTERM.
func TestServeWithAPipeInTheSource(t *testing.T) {
	t.Parallel()
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

// kills is how often TestKill ends the program in the middle of its broadcast. CI runs it
// with 50.
var (
	kills    = flag.Int("kills", 0, "how often TestKill kills the program; 0: a few times")
	killSeed = flag.Uint64("kill-seed", 1, "when it does")
)

const (
	killReaders  = 300 // in a long run
	fewReaders   = 100
	killMessages = 6
)

// resumed is a broadcast that the real program resumes after every end, over real
// connections to the simulator.
type resumed struct {
	t        *testing.T
	readers  int
	binary   string
	database string
	url      string // of the simulator
	tg       *telegram

	mu  sync.Mutex
	got map[int64][]string // what each chat received, by heading
}

func newResumed(t *testing.T, readers int) *resumed {
	t.Helper()
	return newResumedIn(t, readers, buildProgram(t), t.TempDir())
}

// newResumedIn is newResumed of a binary, with the database in a folder.
func newResumedIn(t *testing.T, readers int, binary, folder string) *resumed {
	t.Helper()
	r := &resumed{t: t, readers: readers, binary: binary, database: filepath.Join(folder, "digestbot.db"), got: make(map[int64][]string)}
	tg := newTelegram(t, telegramsim.Options{
		ImplicitChats: true, Limits: speed.Limits{Off: true}, OnSend: r.received, Seed: *killSeed,
	})
	tg.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: 50 * time.Millisecond, MaxDelay: 150 * time.Millisecond})
	r.tg, r.url = tg, tg.url
	r.prepare()
	return r
}

func (r *resumed) received(m telegramsim.Message) {
	r.mu.Lock()
	defer r.mu.Unlock()
	first, _, _ := strings.Cut(m.Text, "\n")
	r.got[m.Chat] = append(r.got[m.Chat], first)
}

// prepare records that the broadcast has started, so that the program goes on with it.
func (r *resumed) prepare() {
	r.t.Helper()
	store := r.open()
	issue := &digest.Issue{Key: "1", Number: 1, Title: "Weekly 1"}
	for i := range killMessages - 1 {
		name := fmt.Sprintf("Section %c", 'A'+i)
		issue.Sections = append(issue.Sections, digest.Section{
			Key: digest.SectionKey(name), Name: name, Items: []digest.Item{{Title: []digest.Span{{Text: "An item"}}}},
		})
	}
	row, _, err := store.SaveIssue(r.t.Context(), issue, "1.md", []byte("1"))
	if err != nil {
		r.t.Fatal(err)
	}
	for i := range r.readers {
		if _, _, err := store.Subscribe(r.t.Context(), subscribers.Chat{ID: int64(5000 + i), Kind: subscribers.Private}); err != nil {
			r.t.Fatal(err)
		}
	}
	if _, err := store.StartBroadcast(r.t.Context(), row.ID, subscribers.InPrivate(1)); err != nil {
		r.t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		r.t.Fatal(err)
	}
}

func (r *resumed) open() *subscribers.Store {
	r.t.Helper()
	store, err := subscribers.Open(r.t.Context(), r.database)
	if err != nil {
		r.t.Fatal(err)
	}
	return store
}

// runUntil runs the program, and sends it the signal some time after the first message of
// this run.
func (r *resumed) runUntil(signal os.Signal, after time.Duration) {
	r.t.Helper()
	p := startCommand(r.t, exec.Command(r.binary, "--paid-broadcast", "--rate", "300", "--database", r.database, "--api-url", r.url))
	r.untilSending(p)
	time.Sleep(after) // the program is a process of its own, with a real clock
	p.signal(signal)
	if code := p.wait(); signal == syscall.SIGTERM && code != 0 {
		r.t.Fatalf("after SIGTERM the program ended with %d", code)
	}
}

// untilSending waits until a message arrives, or there are none left.
func (r *resumed) untilSending(p *program) {
	r.t.Helper()
	before := r.count()
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	timeout := time.After(time.Minute)
	for r.count() == before && !strings.Contains(p.log.String(), "broadcast finished") {
		select {
		case <-timeout:
			r.t.Fatal("the program sends nothing")
		case <-poll.C:
		case <-p.ended:
			r.t.Fatalf("the program ended by itself: %v", p.err)
		case <-r.t.Context().Done():
			return
		}
	}
}

func (r *resumed) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, got := range r.got {
		n += len(got)
	}
	return n
}

// finished reports whether the broadcast is over.
func (r *resumed) finished() bool {
	return r.number("SELECT finished_at > 0 FROM broadcasts") == 1
}

// inFlight returns the number of messages recorded as sent without an answer. It reads a
// copy, so that the program finds the files as it left them.
func (r *resumed) inFlight() int {
	r.t.Helper()
	path := filepath.Join(r.t.TempDir(), "copy.db")
	for _, suffix := range []string{"", "-wal", "-progress"} {
		content, err := os.ReadFile(r.database + suffix)
		if err != nil && !os.IsNotExist(err) {
			r.t.Fatal(err)
		}
		if err := os.WriteFile(path+suffix, content, 0o600); err != nil {
			r.t.Fatal(err)
		}
	}
	store, err := subscribers.Open(r.t.Context(), path)
	if err != nil {
		r.t.Fatal(err)
	}
	defer store.Close()
	progress, err := store.OpenProgressFile(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	defer progress.Close()
	n, err := store.CountInterrupted(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

func (r *resumed) number(query string) (n int) {
	r.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+r.database+"?mode=ro&_busy_timeout=10000")
	if err != nil {
		r.t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		r.t.Fatal(err)
	}
	return n
}

// check compares what every chat received with what it should have. It returns how many
// messages were lost, how many repeated, and how many the books call uncertain.
func (r *resumed) check() (lost, repeats, uncertain int) {
	r.t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	var want []string
	for chat := range int64(r.readers) {
		got := r.got[5000+chat]
		once := slices.Compact(slices.Clone(got))
		if want == nil {
			want = once
		}
		if len(once) != killMessages || !slices.Equal(once, want) {
			r.t.Errorf("chat %d received %q, want each of %q in this order", 5000+chat, got, want)
		}
		lost += max(0, killMessages-len(once))
		repeats += len(got) - len(once)
		for i := 2; i < len(got); i++ {
			if got[i] == got[i-2] {
				r.t.Errorf("chat %d received %q more than twice", 5000+chat, got[i])
			}
		}
	}
	store := r.open()
	defer store.Close()
	books, err := store.Books(r.t.Context(), 1)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := books.Check(); err != nil {
		r.t.Error(err)
	}
	return lost, repeats, books.Sum(subscribers.OutcomeUncertain)
}

// contend locks the database now and then, as an import does, until the test is over. In
// that time only the progress file has what the program knows.
func (r *resumed) contend() {
	r.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+r.database+"?_busy_timeout=10000&_txlock=immediate")
	if err != nil {
		r.t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(*killSeed, 2))
	ctx := r.t.Context()
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
				continue // the program has the lock, or the test is over
			}
			pause(time.Second)
			_ = tx.Rollback() // nothing was written
			pause(time.Second / 2)
		}
	})
	r.t.Cleanup(func() {
		contending.Wait()
		if err := db.Close(); err != nil {
			r.t.Error(err)
		}
	})
}

// TestKill kills the program with SIGKILL at random moments of one broadcast.
func TestKill(t *testing.T) {
	t.Parallel()
	readers, binary := longtest.Rounds(fewReaders, killReaders), testBinary(t)
	if readers == killReaders {
		binary = buildProgram(t) // which takes longer than all else
	}
	r := newResumedIn(t, readers, binary, t.TempDir())
	r.contend()
	random := rand.New(rand.NewPCG(*killSeed, 0))
	times := cmp.Or(*kills, longtest.Rounds(3, 5))
	inFlight, killed := 0, 0
	// The moments are spread over the broadcast, which takes about 7 seconds for all readers.
	step := 6 * time.Second * time.Duration(r.readers) / killReaders / time.Duration(times)
	for range times {
		r.runUntil(syscall.SIGKILL, time.Duration(random.Int64N(int64(2*step))))
		if r.finished() {
			break
		}
		killed++
		inFlight += r.inFlight()
	}
	for !r.finished() {
		r.runUntil(syscall.SIGTERM, 2*time.Second)
	}
	lost, repeats, uncertain := r.check()
	t.Logf("%d kills: %d messages in flight, %d uncertain, %d repeated, %d of %d lost", killed, inFlight, uncertain, repeats, lost, r.readers*killMessages)
	if killed < times/2 {
		t.Errorf("only %d of %d kills struck the broadcast", killed, times)
	}
	if repeats > uncertain || uncertain > inFlight {
		t.Errorf("%d repeats, %d uncertain, %d in flight at the kills; want each at most the next", repeats, uncertain, inFlight)
	}
}

// TestTerminate stops the program with SIGTERM, again and again. Nothing is lost, and
// nothing repeated. In usual runs the broadcast of TestKill ends so.
func TestTerminate(t *testing.T) {
	longtest.Only(t)
	t.Parallel()
	r := newResumed(t, killReaders)
	r.contend()
	random := rand.New(rand.NewPCG(*killSeed, 1))
	times := cmp.Or(*kills, 5)
	for i := 0; !r.finished(); i++ {
		after := time.Duration(random.Int64N(int64(time.Second) * int64(r.readers) / killReaders))
		if i >= times {
			after = 8 * time.Second
		}
		r.runUntil(syscall.SIGTERM, after)
	}
	if _, repeats, uncertain := r.check(); repeats != 0 || uncertain != 0 {
		t.Errorf("%d messages were repeated and %d are uncertain, want none", repeats, uncertain)
	}
}
