package main

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"digestbot/bot"
	"digestbot/bot/telegramsim"
	"digestbot/bot/telegramsim/speed"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/storetest"
)

// asProgram is the variable that makes the binary of the tests run as the program, so
// that it need not be built again.
const asProgram = "RUN_AS_DIGESTBOT"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	if err := flag.Set("test.parallel", strconv.Itoa(max(atOnce, runtime.GOMAXPROCS(0)))); err != nil { // -parallel on the command line wins
		panic(err)
	}
	code := storetest.InMemory(m)
	if builtIn != "" {
		_ = os.RemoveAll(builtIn) // what is left there is in a folder for temporary files
	}
	os.Exit(code)
}

// atOnce is how many parallel tests run at once at least: most of their time they wait for the
// pace at which Telegram takes messages, not for the processor.
const atOnce = 12

// program is a process that runs the program.
type program struct {
	t     testing.TB
	log   watchedLog // its standard error
	run   *exec.Cmd
	ended chan struct{}
	err   error // once ended
}

// startProgram starts the program, with the fake token, from a folder of its own.
// It is killed at the end of the test.
func startProgram(t testing.TB, args ...string) *program {
	t.Helper()
	return startCommand(t, exec.Command(testBinary(t), args...))
}

func testBinary(t testing.TB) string {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

// buildProgram builds the program and returns its path. The binary of the tests is
// larger, and slower under -race.
func buildProgram(t testing.TB) string {
	t.Helper()
	binary, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

// built is where the program was built, once for all tests; TestMain removes it.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "digestbot-test-")
	if err != nil {
		return "", err
	}
	builtIn = dir
	binary := filepath.Join(dir, "digestbot")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return binary, nil
})

var builtIn string // the folder of built, if it was called

func startCommand(t testing.TB, command *exec.Cmd) *program {
	t.Helper()
	p := &program{t: t, log: watchedLog{grown: make(chan struct{}, 1)}, run: command, ended: make(chan struct{})}
	command.Env = slices.Concat(os.Environ(), []string{asProgram + "=1", "DIGESTBOT_TOKEN=" + fakeToken}, command.Env)
	command.Dir, command.Stderr = t.TempDir(), &p.log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		p.err = command.Wait()
	}()
	t.Cleanup(func() {
		p.kill()
		hasNoToken(t, p.log.String())
		if t.Failed() {
			t.Log(p.log.String())
		}
	})
	return p
}

// watchedLog is a syncBuffer that announces when it has grown.
type watchedLog struct {
	syncBuffer
	grown chan struct{} // has room for one announcement
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

func (p *program) kill() {
	_ = p.run.Process.Kill() // it may have ended
	<-p.ended
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

// The exit code tells a supervisor whether a restart helps.
func TestExitCodes(t *testing.T) {
	t.Parallel()
	stranger := newTelegram(t, telegramsim.Options{Token: otherToken})
	for _, test := range []struct {
		name string
		args []string
		want int
	}{
		{"help", []string{"--help"}, 0},
		{"no such flag", []string{"--colour"}, 78},
		{"wrong setting", []string{"--rate", "0"}, 78},
		{"wrong setting of an import", []string{"import", "--include", "[", "none.md"}, 78},
		{"no such command", []string{"sevre"}, 78},
		{"database that is a folder", []string{"--database", "."}, 78},
		{"withdraw without a database", []string{"withdraw", "8", "--database", "none.db"}, 78},
		{"withdraw from a folder", []string{"withdraw", "8", "--database", "."}, 78},
		{"redate without a database", []string{"redate", "8", "2026-11-20", "--database", "none/none.db"}, 78},
		{"redate without a date", []string{"redate", "8", "20.11.2026"}, 78},
		{"import into a folder", []string{"import", "--database", ".", "none.md"}, 78},
		{"document that cannot be read", []string{"preview", "none.md"}, 1},
		{"token unknown to Telegram", []string{"--api-url", stranger.url}, 77},
	} {
		if got := startProgram(t, test.args...).wait(); got != test.want {
			t.Errorf("%s: exit code %d, want %d", test.name, got, test.want)
		}
	}
}

// These ends take minutes to reach.
func TestExitCodesOfWhatLasts(t *testing.T) {
	for end, want := range map[error]int{
		bot.ErrSecondCopy: 75, bot.ErrWebhookSet: 75, bot.ErrToken: 77, bot.ErrWebhook: 78,
		subscribers.ErrMissing: 78, subscribers.ErrForeignDatabase: 78, subscribers.ErrNewerDatabase: 78, subscribers.ErrLost: 1, errors.New("disk"): 1,
	} {
		if got := exitCode(errors.Join(fmt.Errorf("run: %w", end), errors.New("close"))); got != want {
			t.Errorf("%v: exit code %d, want %d", end, got, want)
		}
	}
	help := strings.Join(strings.Fields(runWith(t, nil, "", "--help").out), " ")
	for _, code := range []string{"1", "75", "77", "78"} {
		for _, name := range readmes() {
			mustContain(t, name, readText(t, name), "| "+code+" |")
		}
		mustContain(t, "--help", help, " "+code+" ")
	}
}

// What net/http logs is in the program's log, in its format and without the token.
func TestLogOfLibraries(t *testing.T) {
	said := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/getMe") {
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		const answer = `{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"A","username":"a_bot"}}`
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%sGET %s", len(answer), answer, r.URL.Path)
		<-said
	}))
	defer server.Close()
	defer close(said)
	p := startProgram(t, "--api-url", server.URL, "--log-format", "json")
	mustContain(t, "the log", p.line("Unsolicited response"), `"level":"WARN"`, "/bot***/getMe")
	for scan := bufio.NewScanner(strings.NewReader(p.log.String())); scan.Scan(); {
		if !json.Valid(scan.Bytes()) {
			t.Errorf("%q is no JSON", scan.Text())
		}
	}
}

// BenchmarkProcess runs the real program for the first minute of a paid
// broadcast at 1000 messages a second, against the simulator over real
// connections, and reports the operating system's figures for the process: its peak
// memory and the share of one processor it used.
func BenchmarkProcess(b *testing.B) {
	binary := buildForProc(b)
	crowds, lasts := []int{10_000, 100_000, 1_000_000}, time.Minute
	if testing.Short() {
		crowds, lasts = crowds[:1], 5*time.Second
	}
	for _, readers := range crowds {
		b.Run(fmt.Sprint(readers), func(b *testing.B) {
			for b.Loop() {
				begin(b, binary, readers, lasts)
			}
		})
	}
}

// begin runs the first part of a broadcast.
func begin(b *testing.B, binary string, readers int, lasts time.Duration) {
	b.Helper()
	var sent atomic.Int64
	tg := newTelegram(b, telegramsim.Options{
		ImplicitChats: true, Forget: true, Limits: speed.Limits{Off: true},
		OnSend: func(telegramsim.Message) { sent.Add(1) },
	})
	defer tg.sim.Close()
	tg.sim.Inject(telegramsim.Fault{Kind: telegramsim.SlowAnswer, Delay: 50 * time.Millisecond, MaxDelay: 150 * time.Millisecond})
	p := startSending(tg, binary, readers, "--paid-broadcast", "--rate", "1000")
	defer p.kill()
	before, began := sent.Load(), time.Now()
	cpu := processorTime(b, p.run.Process.Pid)
	time.Sleep(lasts) // the process runs outside of any synctest bubble
	took := time.Since(began).Seconds()
	b.ReportMetric(float64(peakMemory(b, p.run.Process.Pid))/1e6, "peak-MB")
	b.ReportMetric(100*(processorTime(b, p.run.Process.Pid)-cpu).Seconds()/took, "cpu-%")
	b.ReportMetric(float64(sent.Load()-before)/took, "messages/s")
}

// buildForProc builds the program if the system has figures of processes in /proc.
func buildForProc(b *testing.B) (binary string) {
	b.Helper()
	if _, err := os.Stat("/proc/self/status"); err != nil {
		b.Skip("the figures come from /proc, which only Linux has")
	}
	return buildProgram(b)
}

// startSending starts the program with an unfinished broadcast to that many readers, and
// waits until it sends.
func startSending(tg *telegram, binary string, readers int, args ...string) *program {
	tg.t.Helper()
	database := filepath.Join(tg.t.TempDir(), "digestbot.db")
	startBroadcast(tg.t, database, readers)
	p := startCommand(tg.t, exec.Command(binary, append(args, "--database", database, "--api-url", tg.url)...))
	ctx, cancel := context.WithTimeout(tg.t.Context(), time.Minute)
	defer cancel()
	if err := tg.sim.Wait(ctx, func() bool { return tg.sim.Stats().Sent > 0 }); err != nil {
		tg.t.Fatalf("waiting until the program sends: %v", err)
	}
	return p
}

// startBroadcast makes a database with a broadcast of six messages to each of the
// readers, with which the program goes on.
func startBroadcast(t testing.TB, database string, readers int) {
	t.Helper()
	store, err := subscribers.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	issue := &digest.Issue{Key: "1", Number: 1, Title: "Weekly 1"}
	for i := range 5 {
		name := fmt.Sprintf("Section %c", 'A'+i)
		issue.Sections = append(issue.Sections, digest.Section{
			Key: digest.SectionKey(name), Name: name, Items: []digest.Item{{
				Title: []digest.Span{{Text: "An item", Link: "https://example.org/item"}},
				Body:  []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: strings.Repeat("A sentence of some length. ", 20)}}}},
			}},
		})
	}
	row, _, err := store.SaveIssue(t.Context(), issue, "1.md", []byte("1"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", database+"?_busy_timeout=10000")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`
		WITH RECURSIVE ids (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id < ?)
		INSERT INTO subscribers (chat_id, kind, state, created_at, updated_at)
		SELECT 1000000 + id, 'private', 'on', 0, 0 FROM ids`, readers); err != nil {
		t.Fatal(err)
	}
	if _, err := store.StartBroadcast(t.Context(), row.ID, subscribers.InPrivate(1)); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkFlood has 2,000 people send commands to the real program at once, over
// real connections to a simulator without limits, and reports the processor time of
// the program for each answer, as the operating system counts it.
func BenchmarkFlood(b *testing.B) {
	flood(b, 2000, floodCommands, "--paid-broadcast", "--rate", "1000")
}

// floodCommands are the commands that readers send in BenchmarkFlood. At the first one
// their chats are new.
var floodCommands = []string{"/start", "/sections", "/settings", "/help"}

// BenchmarkFloodAtPace has 1,500 people do so while the program answers 30 a second, the
// pace of Telegram. The figure includes receiving what they sent.
func BenchmarkFloodAtPace(b *testing.B) {
	readers := 1500
	if testing.Short() {
		readers = 150
	}
	flood(b, readers, floodCommands[:1])
}

func flood(b *testing.B, readers int, commands []string, args ...string) {
	b.Helper()
	binary := buildForProc(b)
	for b.Loop() {
		floodOnce(b, binary, readers, commands, args)
	}
}

func floodOnce(b *testing.B, binary string, readers int, commands, args []string) {
	b.Helper()
	tg := newTelegram(b, telegramsim.Options{ImplicitChats: true, Limits: speed.Limits{Off: true}})
	defer tg.sim.Close()
	p := startSending(tg, binary, 1, args...)
	defer p.kill()
	people := make([]*telegramsim.Person, readers)
	for i := range people {
		people[i] = tg.sim.NewPerson(fmt.Sprint("Reader ", i))
	}
	ctx, cancel := context.WithTimeout(b.Context(), 5*time.Minute)
	defer cancel()
	for n, text := range commands {
		before, began, sent := processorTime(b, p.run.Process.Pid), time.Now(), tg.sim.Stats().Sent
		for _, person := range people {
			person.Write(text)
		}
		if err := tg.sim.Wait(ctx, func() bool { return tg.sim.Stats().Sent-sent >= readers }); err != nil {
			b.Fatalf("command %d: %v", n, err)
		}
		busy := processorTime(b, p.run.Process.Pid) - before
		b.ReportMetric(float64(busy.Microseconds())/float64(readers), text[1:]+"-µs/answer")
		b.ReportMetric(float64(readers)/time.Since(began).Seconds(), text[1:]+"/s")
	}
}

// peakMemory returns the most memory a process has had, in bytes (VmHWM of
// proc(5)).
func peakMemory(b *testing.B, pid int) int {
	b.Helper()
	for line := range strings.Lines(proc(b, pid, "status")) {
		if rest, found := strings.CutPrefix(line, "VmHWM:"); found {
			kilobytes, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				b.Fatal(err)
			}
			return kilobytes * 1024
		}
	}
	b.Fatal("no VmHWM")
	return 0
}

// processorTime returns the processor time a process has used (fields 14 and
// 15 of /proc/pid/stat, in ticks of which Linux has 100 a second).
func processorTime(b *testing.B, pid int) time.Duration {
	b.Helper()
	_, afterName, _ := strings.Cut(proc(b, pid, "stat"), ") ")
	fields := strings.Fields(afterName)
	ticks := 0
	for _, field := range fields[11:13] {
		n, err := strconv.Atoi(field)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

func proc(b *testing.B, pid int, file string) string {
	b.Helper()
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file))
	if err != nil {
		b.Fatal(err)
	}
	return string(content)
}
