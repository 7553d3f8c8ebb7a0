//go:build unix

package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/bot/telegramsim/speed"
)

// scale is for how many subscribers TestScale measures; CI runs it with 100,000.
var scale = flag.Int("scale", 0, "for how many subscribers TestScale measures memory and time; 0: it is skipped")

// smallMachine is the memory of a machine that has to do for 100,000 subscribers, and what its
// system needs of it, in kB.
const smallMachine, forTheSystem = 256 << 10, 96 << 10

// TestScale measures what the program needs for many subscribers: to import them, to start, to
// answer /stats, to begin a broadcast, to go on with it after a restart, and to make a backup meanwhile.
func TestScale(t *testing.T) {
	if *scale == 0 {
		t.Skip("it measures, and takes long: give -scale 100000")
	}
	m := newScaled(t)
	list := write(t, m.folder, "people.csv", "chat\n"+strings.Join(ids(*scale), "\n"))
	m.measure("import-subscribers", list)
	all := filepath.Join(m.folder, "all.csv")
	m.measure("export", all)
	m.measure("import-subscribers", all)
	m.measure("import", write(t, m.folder, "7.md", document))
	m.measure("backup", filepath.Join(m.folder, "copy.db"))

	m.serve("start")
	m.tg.asks("/start", "")
	began := time.Now()
	m.tg.asks("/stats", "Figures of")
	m.say("/stats answered", began)
	m.tg.ann.Write("/broadcast")
	m.tg.gets("Send this issue?")
	said := m.tg.ann.Chat().FromBot()
	began = time.Now()
	if _, err := m.tg.ann.Press(said[len(said)-1], "📣 Send now"); err != nil {
		t.Fatal(err)
	}
	m.waitForSent(1)
	m.say("first message of the broadcast", began)
	m.waitForSent(3000)
	m.measure("backup", filepath.Join(m.folder, "during.db"))
	m.stop("until 3,000 messages were sent")

	m.serve("restart in the broadcast")
	m.waitForSent(m.count() + 1000)
	m.tg.asks("/status", "Status")
	m.stop("restart, and 1,000 more messages")
}

// scaled is a database with many subscribers, and the program at work on it.
type scaled struct {
	t                *testing.T
	tg               *telegram
	binary, folder   string
	database, listen string
	program          *program

	mu   sync.Mutex
	sent int
}

func newScaled(t *testing.T) *scaled {
	t.Helper()
	folder := t.TempDir()
	m := &scaled{t: t, binary: buildProgram(t), folder: folder, database: filepath.Join(folder, "digestbot.db"), listen: freeAddress(t)}
	m.tg = newTelegram(t, telegramsim.Options{ImplicitChats: true, Limits: speed.Limits{Off: true}, OnSend: func(msg telegramsim.Message) {
		m.mu.Lock()
		defer m.mu.Unlock()
		if msg.Chat >= 1000 {
			m.sent++
		}
	}})
	return m
}

func (m *scaled) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sent
}

func (m *scaled) waitForSent(n int) {
	m.t.Helper()
	waitUntil(m.t, fmt.Sprintf("message %d", n), func() bool { return m.count() >= n })
}

// measure runs a command, and says how long it took and how much memory.
func (m *scaled) measure(args ...string) {
	m.t.Helper()
	began := time.Now()
	p := startCommand(m.t, exec.Command(m.binary, append(args, "--database", m.database)...))
	peak := 0
	for over := false; !over; {
		select {
		case <-p.ended:
			over = true
		case <-time.After(5 * time.Millisecond):
			peak = max(peak, mostMemory(p))
		}
	}
	if code := p.wait(); code != 0 {
		m.t.Fatalf("%s ended with %d: %s", args[0], code, p.log.String())
	}
	m.say(args[0], began)
	m.check(args[0], peak)
}

// serve starts the bot and says how long that took.
func (m *scaled) serve(what string) {
	m.t.Helper()
	began := time.Now()
	m.program = startCommand(m.t, exec.Command(m.binary, "--database", m.database, "--api-url", m.tg.url, "--admins", "77",
		"--listen", m.listen, "--paid-broadcast", "--rate", "300"))
	waitUntil(m.t, "/healthz", func() bool {
		resp, err := http.Get("http://" + m.listen + "/healthz")
		return err == nil && resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
	})
	m.say(what+": well after", began)
}

// stop ends the bot, and says how much memory it has taken.
func (m *scaled) stop(what string) {
	m.t.Helper()
	peak := mostMemory(m.program)
	m.program.signal(syscall.SIGTERM)
	if code := m.program.wait(); code != 0 {
		m.t.Errorf("the bot ended with %d", code)
	}
	m.check("serve, "+what, peak)
}

func (m *scaled) say(what string, began time.Time) {
	m.t.Logf("%s: %.2f s", what, time.Since(began).Seconds())
}

// check says how much memory was taken, which must not be more than a small machine has left.
func (m *scaled) check(what string, peak int) {
	m.t.Logf("%s: %d MB at most", what, peak>>10)
	if peak == 0 || peak > smallMachine-forTheSystem {
		m.t.Errorf("%s took %d MB, and a machine with %d MB has %d left for it", what, peak>>10, smallMachine>>10, (smallMachine-forTheSystem)>>10)
	}
}

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// mostMemory returns how much memory a program that runs has had at most, in kB.
func mostMemory(p *program) int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.run.Process.Pid))
	match := highWater.FindSubmatch(status)
	if err != nil || match == nil {
		return 0
	}
	n, err := strconv.Atoi(string(match[1]))
	if err != nil {
		return 0
	}
	return n
}
