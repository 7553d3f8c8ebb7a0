//go:build unix

package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"digestbot/bot/check"
	"digestbot/bot/settings"
	"digestbot/bot/telegramsim"
	"digestbot/bot/telegramsim/speed"
	"digestbot/internal/longtest"
)

// pingSecret is in the addresses to which the tests send pings.
const pingSecret = "hush-hush-0b1c"

// pingWatch is a service that watches for pings.
type pingWatch struct {
	*httptest.Server
	t     *testing.T
	mu    sync.Mutex
	asked []string
	more  chan struct{} // room for one: asked has grown
	on    func()        // is called before a ping counts; nil: nothing
}

func newPingWatch(t *testing.T) *pingWatch {
	t.Helper()
	w := &pingWatch{t: t, more: make(chan struct{}, 1)}
	w.Server = httptest.NewServer(w)
	t.Cleanup(w.Close)
	return w
}

func (w *pingWatch) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	on := w.on
	w.mu.Unlock()
	if on != nil {
		on()
	}
	w.mu.Lock()
	w.asked = append(w.asked, r.RequestURI)
	w.mu.Unlock()
	select {
	case w.more <- struct{}{}:
	default:
	}
	fmt.Fprint(out, "OK")
}

func (w *pingWatch) address() string { return w.URL + "/" + pingSecret + "?k=" + pingSecret }

func (w *pingWatch) pings() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.asked)
}

// await waits until there are so many pings.
func (w *pingWatch) await(n int) []string {
	w.t.Helper()
	for limit := time.After(time.Minute); ; {
		if got := w.pings(); len(got) >= n {
			return got
		}
		select {
		case <-w.more:
		case <-limit:
			w.t.Fatalf("after a minute the pings are %q, want %d", w.pings(), n)
		}
	}
}

const (
	pingGood   = "/" + pingSecret + "?k=" + pingSecret
	pingFailed = "/" + pingSecret + "/fail?k=" + pingSecret
)

// The program says how a broadcast has ended, and that somebody did not get it. The log
// and the figures do not show the address.
func TestPingsOfTheProgram(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		fault telegramsim.Fault
		want  string
	}{
		{"good", telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Forbidden: bot was blocked by the user", Chat: 1000001, Methods: []string{"sendMessage"}}, pingGood},
		{"failed", telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Bad Request: something new", Chat: 1000001, Methods: []string{"sendMessage"}}, pingFailed},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			watch, database, listen := newPingWatch(t), filepath.Join(t.TempDir(), "test.db"), freeAddress(t)
			startBroadcast(t, database, 3)
			tg := newTelegram(t, telegramsim.Options{ImplicitChats: true, Limits: speed.Limits{Off: true}})
			tg.sim.Inject(test.fault)
			var page string
			watch.on = func() { page = get(t, "http://"+listen+"/metrics") }
			stop := tg.serving("--database", database, "--listen", listen, "--ping-url", watch.address())
			if got := watch.await(1); got[0] != test.want {
				t.Errorf("the ping is %q, want %q", got[0], test.want)
			}
			log, err := stop()
			if err != nil || strings.Contains(log+page, pingSecret) {
				t.Errorf("%v; the address must not be in\n%s%s", err, log, page)
			}
			mustContain(t, "the log", log, "DIGESTBOT_PING_URL or give --ping-url-file")
			mustContain(t, "/metrics", page, "\ndigestbot_ping_failures 0\n")
		})
	}
}

func get(t *testing.T, address string) string {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer answer.Body.Close()
	var b strings.Builder
	if err := answer.Write(&b); err != nil {
		t.Error(err)
	}
	return b.String()
}

// Pings go through the proxy as all else does, and to find out whether the service is reached
// nothing is said to it.
func TestPingThroughAProxy(t *testing.T) {
	t.Parallel()
	for name, way := range map[string]string{"CONNECT": "http://me:right@", "SOCKS": "socks5h://me:right@"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := filepath.Join(t.TempDir(), "test.db")
			startBroadcast(t, database, 1)
			tg := newTelegram(t, telegramsim.Options{ImplicitChats: true, Limits: speed.Limits{Off: true}})
			watch := newPingWatch(t)
			target, ca := secure(t, watch)
			proxy := newTunnel(t, target)
			environ := []string{"HTTPS_PROXY=" + way + proxy.address, "SSL_CERT_FILE=" + ca, "DIGESTBOT_PING_URL=https://example.com" + pingGood}
			command := exec.Command(testBinary(t), "check", "--api-url", tg.url, "--database", database, "--admins=77")
			command.Env = slices.Concat(os.Environ(), environ, []string{asProgram + "=1", "DIGESTBOT_TOKEN=" + fakeToken})
			out, _ := command.CombinedOutput() // other checks may fail
			mustContain(t, "check", string(out), "example.com is reached")
			if got := watch.pings(); len(got) > 0 || strings.Contains(string(out), pingSecret) {
				t.Errorf("check has sent %q, and says\n%s", got, out)
			}
			command = exec.Command(testBinary(t), "--api-url", tg.url, "--database", database)
			command.Env = environ
			p := startCommand(t, command)
			if got := watch.await(1); got[0] != pingGood {
				t.Errorf("the ping is %q", got)
			}
			if got := proxy.hosts(); len(got) != 1 || !strings.HasSuffix(got[0], " example.com:443") {
				t.Errorf("the proxy was asked for %q", got)
			}
			p.signal(syscall.SIGTERM)
			if code := p.wait(); code != 0 || strings.Contains(p.log.String(), pingSecret) {
				t.Errorf("the program ended with %d, and the log must not have the address in it", code)
			}
		})
	}
}

// No part of the address after the host is printed, wherever it was written, and a wrong one
// is refused without being shown.
func TestPingAddressIsHidden(t *testing.T) {
	dir := t.TempDir()
	address := "https://name:" + pingSecret + "@hc-ping.example/" + pingSecret + "?k=" + pingSecret
	file := write(t, dir, "ping-url", address+"\n")
	config := write(t, dir, "digestbot.toml", fmt.Sprintf("rate = 20\nping-url = %q\n", address))
	const shown = "https://hc-ping.example/***"
	for _, test := range []struct {
		name    string
		environ []string
		args    []string
		origin  settings.Origin
		file    string
	}{
		{"flag", []string{"DIGESTBOT_PING_URL=https://other.example/x"}, []string{"--ping-url", address}, settings.Origin{Kind: settings.FromFlag, Name: "--ping-url"}, ""},
		{"variable", []string{"DIGESTBOT_PING_URL=" + address}, []string{"--config", config}, settings.Origin{Kind: settings.FromVariable, Name: "DIGESTBOT_PING_URL"}, ""},
		{"line of the file", nil, []string{"--config", config}, settings.Origin{Kind: settings.FromFile, Name: config, Line: 2}, ""},
		{"file", []string{"DIGESTBOT_PING_URL=https://other.example/x"}, []string{"--ping-url-file", file}, settings.Origin{Kind: settings.FromFlag, Name: "--ping-url-file"}, file},
		{"credential", []string{"CREDENTIALS_DIRECTORY=" + dir}, nil, settings.Origin{Kind: settings.FromCredential, Name: "ping-url"}, file},
	} {
		t.Run(test.name, func(t *testing.T) {
			environ := append(test.environ, "DIGESTBOT_TOKEN="+fakeToken)
			got := runWith(t, environ, "", append([]string{"config"}, test.args...)...)
			if got.failure != nil || strings.Contains(got.out+got.err, pingSecret) {
				t.Errorf("%v, and the address must not be in\n%s%s", got.failure, got.out, got.err)
			}
			mustContain(t, "config", got.out, map[bool]string{true: "\n# ping-url = \"" + shown, false: "\n# ping-url: in " + file}[test.file == ""])
			o := inForce(t, environ, test.args...)
			if diff := gocmp.Diff(settings.ShownSecret{Name: "ping-url", Origin: test.origin, File: test.file}, o.Secrets[2]); diff != "" {
				t.Errorf("where it is (-want +got):\n%s", diff)
			}
		})
	}
	for wrong, why := range map[string]string{
		"hc-ping.example/" + pingSecret:                   "copy it again",
		"https://hc-ping.example/" + pingSecret + "/fail": "leave out /fail",
	} {
		got := runWithToken(t, "--ping-url", wrong)
		mustFail(t, "a wrong address", got, "--ping-url (DIGESTBOT_PING_URL)", why)
		if exitCode(got.failure) != 78 || strings.Contains(got.failure.Error()+got.err, pingSecret) {
			t.Errorf("it ends with %d and %v", exitCode(got.failure), got.failure)
		}
	}
	mustFail(t, "an empty file", runWithToken(t, "--ping-url-file", write(t, t.TempDir(), "empty", "\n")), "write the address into it")
	p := newPlace(t)
	found, _ := p.check(t, nil, "--ping-url", "http://127.0.0.1:1/"+pingSecret)
	mustFind(t, "check", found, check.Failed, "ping-url", "127.0.0.1:1 is not reached", "connection refused")
	if strings.Contains(fmt.Sprint(found), pingSecret) {
		t.Errorf("check shows the address: %v", found)
	}
}

// TestKillPings kills the program with SIGKILL at any moment around the end of a broadcast, and
// once in the middle of a ping. No ping is forgotten, and only one that was being sent is
// sent again.
func TestKillPings(t *testing.T) {
	longtest.Only(t)
	t.Parallel()
	random := rand.New(rand.NewPCG(*killSeed, 44))
	binary := buildProgram(t)
	for round := range max(2, *kills/25) { // a round takes twenty seconds
		watch, database := newPingWatch(t), filepath.Join(t.TempDir(), "test.db")
		startBroadcast(t, database, 5)
		tg := newTelegram(t, telegramsim.Options{ImplicitChats: true, Limits: speed.Limits{Off: true}})
		program := func() *program {
			command := exec.Command(binary, "--api-url", tg.url, "--database", database)
			command.Env = []string{"DIGESTBOT_PING_URL=" + watch.address()}
			return startCommand(t, command)
		}
		p, begun := program(), make(chan struct{})
		within := 0
		if round == 0 { // the service has the ping, and the program has no answer
			watch.on = sync.OnceFunc(func() {
				close(begun)
				<-p.ended
			})
			<-begun
			within = 1
		} else {
			time.Sleep(time.Duration(random.Int64N(int64(8 * time.Second)))) // the program is a process of its own, with a real clock
		}
		p.kill()
		if strings.Contains(p.log.String(), pingSecret) {
			t.Errorf("the address is in the log")
		}
		p = program()
		watch.await(1 + within)
		if round == 0 {
			p.line("was told")
		}
		for range 2 { // and after the next start there is nothing to say
			time.Sleep(6 * time.Second)
			p.signal(syscall.SIGTERM)
			p.wait()
			p = program()
		}
		p.kill()
		if got := watch.pings(); len(got) != 1+within || slices.ContainsFunc(got, func(path string) bool { return path != pingGood }) {
			t.Errorf("round %d: the pings are %q, want %d", round, got, 1+within)
		}
	}
}
