package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// syncBuffer can be read while it is written.
type syncBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}

// telegram is a simulated Telegram in which Ann, who is 77, writes to the bot.
type telegram struct {
	t   testing.TB
	sim *telegramsim.Sim
	url string // of its Bot API
	ann *telegramsim.Person
}

// newTelegram makes a Telegram that knows the fake token unless options have another.
func newTelegram(t testing.TB, options telegramsim.Options) *telegram {
	t.Helper()
	options.Token = cmp.Or(options.Token, fakeToken)
	sim := telegramsim.ForTest(t, options)
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	t.Cleanup(sim.Close) // before the server: it ends requests that hang
	return &telegram{t: t, sim: sim, url: server.URL, ann: sim.NewPerson("Ann", telegramsim.Language("en"), telegramsim.WithID(77))}
}

// serving runs the bot until stop is called, which returns the program's error and its
// log.
func (tg *telegram) serving(args ...string) (stop func() (log string, err error)) {
	return tg.servingWith(nil, args...)
}

// servingWith is serving with more variables in the environment.
func (tg *telegram) servingWith(environ []string, args ...string) (stop func() (log string, err error)) {
	ctx, cancel := context.WithCancel(tg.t.Context())
	var log syncBuffer
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, append([]string{"--api-url", tg.url + "/", "--log-level", "debug"}, args...),
			append(environ, "DIGESTBOT_TOKEN="+fakeToken), stdio{strings.NewReader(""), &log, &log})
	}()
	return func() (string, error) {
		cancel()
		err := <-done
		return log.String(), err
	}
}

// asks has Ann write to the bot, and waits for an answer with a text in it.
func (tg *telegram) asks(question, answer string) {
	tg.t.Helper()
	tg.ann.Write(question)
	tg.gets(answer)
}

func (tg *telegram) subscribe() {
	tg.t.Helper()
	tg.asks("/subscribe", "ubscribe")
}

// gets waits until the bot has written a text to Ann.
func (tg *telegram) gets(text string) {
	tg.t.Helper()
	tg.waitFor(tg.ann, text)
}

// waitFor waits until the bot has written a text to the person.
func (tg *telegram) waitFor(p *telegramsim.Person, text string) {
	tg.t.Helper()
	ctx, cancel := context.WithTimeout(tg.t.Context(), time.Minute)
	defer cancel()
	err := tg.sim.Wait(ctx, func() bool {
		return slices.ContainsFunc(p.Chat().FromBot(), func(m telegramsim.Message) bool { return strings.Contains(m.Text, text) })
	})
	if err != nil {
		tg.t.Fatalf("waiting for %q: %v; the chat has %+v", text, err, p.Chat().FromBot())
	}
}

// started runs the bot until it has asked for updates and Ann has done something, and
// returns the log and the error of the program.
func started(t *testing.T, do func(*telegram), args ...string) (log string, err error) {
	t.Helper()
	tg := newTelegram(t, telegramsim.Options{})
	stop := tg.serving(args...)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := tg.sim.Wait(ctx, func() bool { return tg.sim.Stats().Calls["getupdates"] > 0 }); err != nil {
		log, _ := stop()
		t.Fatalf("waiting for the bot: %v\n%s", err, log)
	}
	do(tg)
	return stop()
}

func nothing(*telegram) {}

func TestServe(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"text", "json"} {
		t.Run(format, func(t *testing.T) {
			dir := t.TempDir()
			source := filepath.Join(dir, "issues")
			if err := os.Mkdir(source, 0o700); err != nil {
				t.Fatal(err)
			}
			writeSettled(t, source, "7.md", document)
			tg := newTelegram(t, telegramsim.Options{})
			stop := tg.serving("--database", filepath.Join(dir, "test.db"), "--source", source, "--log-format", format)
			tg.subscribe()
			tg.asks("/latest", "Bold paragraph.")

			log, err := stop()
			if err != nil {
				t.Errorf("serve = %v after it was asked to stop", err)
			}
			for _, want := range []string{"started", "issue archived", "connected to Telegram", "https://t.me/digest_sim_bot", "stopped"} {
				if !strings.Contains(log, want) {
					t.Errorf("log lacks %q:\n%s", want, log)
				}
			}
			hasNoToken(t, log)
		})
	}
}

func TestServeRefusesASecondCopyOnTheDatabase(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "test.db")
	tg := newTelegram(t, telegramsim.Options{})
	stop := tg.serving("--database", database)
	tg.asks("/start", "")

	second := runWithToken(t, "--database", database)
	mustFail(t, "second copy", second, "in use by another running digestbot")
	if _, err := stop(); err != nil {
		t.Errorf("first copy: %v", err)
	}
}

func TestServeEndsWithAWrongToken(t *testing.T) {
	stranger := newTelegram(t, telegramsim.Options{Token: otherToken})
	got := runWithToken(t, "--api-url", stranger.url, "--log-level=debug", "--database", filepath.Join(t.TempDir(), "test.db"))
	mustFail(t, "serve", got, "@BotFather")
	hasNoToken(t, got.err, got.failure.Error())
}

func TestServeReportsADatabaseItCannotOpen(t *testing.T) {
	dir := t.TempDir()
	tests := []struct{ database, want string }{
		{dir, "it is a folder"},
		{filepath.Join(dir, "none", "test.db"), "folder is missing"},
		{write(t, dir, "text.db", "this is no database, though it has a fitting name\n"), "not a database"},
	}
	for _, tt := range tests {
		mustFail(t, "--database "+tt.database, runWithToken(t, "--database", tt.database), tt.want, tt.database)
	}
}

// At the start the log says what there is, and warns of settings that look like mistakes.
func TestStartSaysWhatThereIs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database := filepath.Join(dir, "test.db")
	token := write(t, dir, "token", "\uFEFF"+fakeToken)
	if err := os.Chmod(token, 0o644); err != nil {
		t.Fatal(err)
	}
	first, err := started(t, (*telegram).subscribe, "--database", database, "--token-file", token, "--schedule", "@every 30s")
	if err != nil {
		t.Fatal(err)
	}
	mustContain(t, "the first start", first, "there was no database, so a new, empty one was made", "database="+database,
		"readers=0", "issues=0", "admins=0", "sources=0", "the machine's", "there are no admins", "there is no source", "chmod 600", "@every 30s")
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

// systemd lets the copying of a lost database take the time that it needs.
func TestRescueAsksForTime(t *testing.T) {
	dir := t.TempDir()
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(dir, "notify"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	t.Setenv("NOTIFY_SOCKET", socket.LocalAddr().String())
	database := filepath.Join(dir, "test.db")
	if _, err := started(t, func(admin *telegram) {
		admin.subscribe()
		if err := os.Remove(database); err != nil {
			t.Error(err)
		}
		admin.gets("removed or replaced")
	}, "--database", database, "--admins=77"); !errors.Is(err, subscribers.ErrLost) {
		t.Fatalf("serve = %v, want %v", err, subscribers.ErrLost)
	}
	if err := socket.SetReadDeadline(time.Now().Add(time.Second)); err != nil { // all has been sent
		t.Fatal(err)
	}
	heard := ""
	for buffer := make([]byte, 100); !strings.Contains(heard, "EXTEND"); {
		n, err := socket.Read(buffer)
		if err != nil {
			break
		}
		heard += string(buffer[:n]) + "\n"
	}
	mustContain(t, "what systemd hears", heard, "STOPPING=1", "EXTEND_TIMEOUT_USEC=660000000")
}

// The bot ends when its database is lost: admins are told, nothing the bot has accepted
// is lost, and the next start does not begin with an empty database.
func TestServeEndsWhenItsDatabaseIsLost(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(database string) error{
		"removed":   os.Remove,
		"replaced":  func(database string) error { return replace(database, "not a database") },
		"truncated": func(database string) error { return os.Truncate(database, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := filepath.Join(t.TempDir(), "test.db")
			log, err := started(t, func(admin *telegram) {
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
				next := runWithToken(t, "--database", database)
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

// An issue is withdrawn while the bot runs. The source that still has its document does
// not bring it back, not even after a restart.
func TestWithdrawWhileTheBotRuns(t *testing.T) {
	t.Parallel()
	database, source := filepath.Join(t.TempDir(), "test.db"), t.TempDir()
	writeSettled(t, source, "7.md", document)
	if imported := runWith(t, nil, "", "import", source, "--database", database); imported.failure != nil {
		t.Fatal(imported.failure) // a busy machine may look at the source only after the question
	}
	tg := newTelegram(t, telegramsim.Options{})
	stop := tg.serving("--database", database, "--source", source)
	tg.asks("/issues", "Letters, issue 7")
	if withdrawn := runWith(t, nil, "", "withdraw", "7", "--database", database); withdrawn.failure != nil {
		t.Fatal(withdrawn.failure)
	}
	tg.asks("/latest", "There is no issue yet")
	if log, err := stop(); err != nil {
		t.Errorf("serve ended with %v:\n%s", err, log)
	}
	stop = tg.serving("--database", database, "--source", source)
	tg.asks("/issue 7", "This issue has been withdrawn.")
	if _, err := stop(); err != nil {
		t.Error(err)
	}
}

// The program collects garbage early, unless it is told otherwise.
func TestGarbage(t *testing.T) {
	t.Parallel()
	for variable, want := range map[string]string{"GOGC=": "50", "GOGC=300": "300"} {
		listen := freeAddress(t)
		tg := newTelegram(t, telegramsim.Options{})
		command := exec.Command(testBinary(t), "--api-url", tg.url, "--admins", "77", "--database", "test.db", "--listen", listen)
		command.Env = []string{variable}
		startCommand(t, command).line("connected to Telegram")
		mustContain(t, variable, get(t, "http://"+listen+"/metrics"), "\ngo_gc_gogc_percent "+want+"\n")
	}
}

// Telegram brings updates to the real program, which reports its health.
func TestServeWithWebhook(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	tg := newTelegram(t, telegramsim.Options{Webhooks: webServer(address)})
	stop := tg.serving("--database", filepath.Join(t.TempDir(), "test.db"), "--listen", address, "--webhook-url", "https://example.org/digestbot")
	tg.subscribe()

	resp, err := http.Get("http://" + address + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("/healthz: status %d, want 200", resp.StatusCode)
	}
	if got := runWith(t, nil, "", "healthy", "--listen", address); got.failure != nil || !strings.HasPrefix(got.out, "ok\n") {
		t.Errorf("healthy: %q, %v", got.out, got.failure)
	}
	second := runWithToken(t, "--listen", address, "--database", filepath.Join(t.TempDir(), "test.db"))
	mustFail(t, "on an address that is taken", second, "--listen (DIGESTBOT_LISTEN)")
	log, err := stop()
	if err != nil {
		t.Errorf("serve = %v after it was asked to stop", err)
	}
	hasNoToken(t, log)
	if n := tg.sim.Stats().Calls["getupdates"]; n != 0 {
		t.Errorf("the bot asked for updates %d times, want never", n)
	}
}

func TestHealthyWithoutAGoodBot(t *testing.T) {
	mustFail(t, "healthy without an address", runWith(t, nil, "", "healthy"), "--listen")
	mustFail(t, "healthy without a bot", runWith(t, nil, "", "healthy", "--listen", freeAddress(t)), "the bot does not answer")
	ill := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "the scheduler hangs, at "+r.URL.Path, http.StatusServiceUnavailable)
	}))
	defer ill.Close()
	address := strings.Replace(ill.Listener.Addr().String(), "127.0.0.1", "", 1) // as in --listen :8080
	mustFail(t, "healthy with a bot that is ill", runWith(t, nil, "", "healthy", "--listen", address), "the bot does not do its work: the scheduler hangs, at /healthz")
}

// freeAddress returns an address nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// webServer is the web server between Telegram and the bot: it takes https for
// any name and passes requests on to the address.
type webServer string

func (s webServer) Do(r *http.Request) (*http.Response, error) {
	r.URL.Scheme, r.URL.Host = "http", string(s)
	return http.DefaultClient.Do(r)
}

// The whole conversation goes through the proxy: no other way leads to a host that
// does not exist.
func TestProxies(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"http", "socks5", "socks5h"} {
		t.Run(scheme, func(t *testing.T) {
			tg := newTelegram(t, telegramsim.Options{}) // its server answers requests made to a proxy too
			proxy := strings.TrimPrefix(tg.url, "http://")
			if scheme != "http" {
				proxy = socksProxy(t, proxy)
			}
			stop := tg.servingWith([]string{"ALL_PROXY=" + scheme + "://" + proxy}, "--api-url", "http://bot-api.invalid",
				"--database", filepath.Join(t.TempDir(), "test.db"))
			tg.asks("/help", "What I can do")
			if log, err := stop(); err != nil {
				t.Errorf("serve = %v:\n%s", err, log)
			}
		})
	}
}

// socksProxy serves SOCKS 5 (RFC 1928): whatever host it is asked for, by name, it
// connects to the target. It returns its address.
func socksProxy(t *testing.T, target string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if err := serveSocks(conn, target); err != nil {
					t.Error(err)
				}
			}()
		}
	}()
	return listener.Addr().String()
}

func serveSocks(conn net.Conn, target string) error {
	hello := make([]byte, 2) // version, number of ways to authenticate
	if _, err := io.ReadFull(conn, hello); err != nil {
		return err
	}
	if _, err := io.CopyN(io.Discard, conn, int64(hello[1])); err != nil {
		return err
	}
	if _, err := conn.Write([]byte{5, 0}); err != nil { // no authentication
		return err
	}
	head := make([]byte, 5) // version, command, reserved, kind of address, length of the name
	if _, err := io.ReadFull(conn, head); err != nil {
		return err
	}
	name := make([]byte, int(head[4])+2) // with the port
	if _, err := io.ReadFull(conn, name); err != nil {
		return err
	}
	port := binary.BigEndian.Uint16(name[head[4]:])
	if host := string(name[:head[4]]); head[1] != 1 || head[3] != 3 || host != "bot-api.invalid" || port != 80 {
		return fmt.Errorf("asked for %v %s:%d, want a connection to bot-api.invalid:80", head, host, port)
	}
	if _, err := conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0}); err != nil { // connected
		return err
	}
	server, err := net.Dial("tcp", target)
	if err != nil {
		return err
	}
	defer server.Close()
	go func() {
		_, _ = io.Copy(server, conn) // either side may end it
		_ = server.(*net.TCPConn).CloseWrite()
	}()
	_, _ = io.Copy(conn, server)
	return nil
}
