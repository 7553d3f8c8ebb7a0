//go:build unix

package main

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"digestbot/bot/telegramsim"
	"digestbot/internal/longtest"
)

// notRun has the blocks that TestBlocksOfTheDocs does not run, or whole pages, by the reason. Their
// commands are read all the same.
var notRun = map[string][]string{
	"TestFreshClone runs it": {
		"README.md: go run . demo",
	},
	"CI runs it, and it takes minutes": {
		"CONTRIBUTING.md: go build",
		"docs/conformance.md: .ci/run parser",
	},
	"needs root on a Debian with systemd; TestPackageOnAFreshMachine does the same there": {
		"docs/backup.md: sudo systemctl stop digestbot",
		"deploy/systemd/README.md: sudo apt install ./digestbot_1.2.0_amd64.deb",
		"deploy/systemd/README.md: sudo -u digestbot digestbot export --config /etc/digestbot/digestbot.toml",
		"deploy/systemd/README.md: sudo install -m 600 /dev/stdin /etc/digestbot/weekly.token",
		"deploy/vps/README.md: apt install ./digestbot_1.2.0_amd64.deb",
		"deploy/vps/README.md: addgroup editors",
		"deploy/vps/README.md: systemctl enable --now digestbot",
	},
	"needs such a machine; TestPackageOnAFreshMachine runs it all there": {
		"docs/operating.md",
	},
	"needs another machine": {
		"docs/backup.md: ssh bot.example.org digestbot backup --database /var/lib/digestbot/digestbot.db - > copy.db",
		"deploy/vps/README.md: ssh root@203.0.113.5",
		"deploy/vps/README.md: scp issue-12.md ada@203.0.113.5:/srv/digestbot/issues/",
		"deploy/vps/README.md: rsync -a root@203.0.113.5:/var/backups/digestbot/ digestbot-backups/",
	},
	"installs programs from the network; .ci/run parser and .ci/run release do so": {
		"docs/conformance.md: npm install --prefix /tmp/tdlib prebuilt-tdlib",
		"deploy/README.md: apt install gcc gcc-aarch64-linux-gnu libc6-dev-arm64-cross",
	},
	"needs a release; TestRelease checks its sums": {
		"deploy/README.md: sha256sum --check --ignore-missing SHA256SUMS",
	},
	"needs Docker": {
		"deploy/docker/README.md: cd deploy/docker",
	},
	"needs root and Litestream; TestReplica runs that": {
		"deploy/litestream/README.md: install -d /etc/systemd/system/litestream.service.d",
		"deploy/litestream/README.md: litestream restore -config /etc/litestream.yml /var/lib/digestbot/digestbot.db",
	},
	"needs root; .ci/run alerts has a Prometheus read these files": {
		"deploy/prometheus/README.md: apt install prometheus",
	},
	"needs root and a name on the web; TestBehindWebServers has nginx run with that file": {
		"deploy/nginx/README.md: sudo apt install nginx certbot",
		"deploy/nginx/README.md: sed 's/example\\.org/www.example.com/g' deploy/nginx/digestbot.conf | sudo tee /etc/nginx/conf.d/digestbot.conf",
	},
	"changes the sources": {
		"docs/upgrading.md: go test ./subscribers -run TestReleasedVersions -write-released 1.0.0",
	},
}

// Every block of commands in the docs does what it says: it is run as a new user would, in a
// folder with a document, a token and a database, before a simulated Telegram. A bot that it
// starts answers.
func TestBlocksOfTheDocs(t *testing.T) {
	listed := slices.Concat(slices.Collect(maps.Values(notRun))...)
	seen := map[string]bool{}
	for _, b := range shellBlocks(t) {
		name := b.name()
		if out, err := exec.Command("bash", "-n", "-c", b.text).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		same := fmt.Sprint(shellCommands(strings.ReplaceAll(b.text, "Asia/Shanghai", "Europe/Berlin"))) // in another language, or with other comments
		known := seen[same]
		seen[same], seen[name], seen[b.page] = true, true, true
		if known || slices.Contains(listed, name) || slices.Contains(listed, b.page) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := newUser(t)
			u.prepares(b.text)
			u.runs(b)
		})
	}
	for _, name := range listed {
		if !seen[name] {
			t.Errorf("notRun has %q, but no page has", name)
		}
	}
}

// user is somebody who follows the docs.
type user struct {
	t       *testing.T
	tg      *telegram
	dir     string // where the commands are run
	environ []string
	address string // in the place of 127.0.0.1:8080
	out     syncBuffer
}

// newUser has what one should have by then, as the docs say: the program, and in the folder a
// token and a document. There is nothing else to run, as what a page says may be meant for a
// machine that is to be changed, and no web.
func newUser(t *testing.T) *user {
	t.Helper()
	u, bin := userIn(t, t.TempDir()), t.TempDir()
	u.has(filepath.Join(bin, "digestbot"), fmt.Sprintf("%s=1 exec %s \"$@\"", asProgram, testBinary(t)))
	u.has(filepath.Join(u.dir, "digestbot"), "exec digestbot \"$@\"")
	u.has(filepath.Join(bin, "go"), "[ \"$*\" = build ]") // TestFreshClone builds
	u.environ = []string{"HTTPS_PROXY=http://127.0.0.1:9", "PATH=" + bin}
	return u
}

// userIn is somebody in a folder, with a token and a document there.
func userIn(t *testing.T, dir string) *user {
	t.Helper()
	u := &user{t: t, dir: dir, address: freeAddress(t)}
	u.tg = newTelegram(t, telegramsim.Options{Webhooks: webServer(u.address)})
	u.settle()
	return u
}

// has makes a program of shell commands.
func (u *user) has(path, commands string) {
	u.t.Helper()
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+commands+"\n"), 0o700); err != nil {
		u.t.Fatal(err)
	}
}

// settle puts the token and a document, the one that the README shows, into the folder.
func (u *user) settle() {
	u.t.Helper()
	write(u.t, u.dir, "token", fakeToken+"\n")
	issues := filepath.Join(u.dir, "issues")
	if err := os.Mkdir(issues, 0o700); err != nil {
		u.t.Fatal(err)
	}
	writeSettled(u.t, issues, "12.md", documentOfTheReadme(u.t))
}

// documentOfTheReadme is the example of a document.
func documentOfTheReadme(t *testing.T) string {
	t.Helper()
	_, text, _ := strings.Cut(readText(t, "README.md"), "\n```markdown\n")
	text, _, found := strings.Cut(text, "\n```\n")
	if !found {
		t.Fatal("the README shows no document")
	}
	return text
}

// runs runs a block, and checks that it ends well. A bot that it starts is stopped once it has
// answered.
func (u *user) runs(b block) {
	u.t.Helper()
	text := strings.NewReplacer("127.0.0.1:8080", u.address, "/var/www", u.dir).Replace(b.text)
	for _, word := range slices.Concat(shellCommands(text)...) {
		if strings.HasPrefix(word, "/") && !strings.HasPrefix(word, u.dir) {
			u.t.Fatalf("%q is outside of the folder for tests", word)
		}
	}
	p := u.starts(text)
	if looksAtAFolder(text) {
		p.line("issue archived")
	}
	if serves(text) {
		u.tg.asks("/start", "Garden Letters")
		u.stops(p, syscall.SIGTERM)
	}
	if code := u.awaits(p); code != 0 {
		u.t.Errorf("it ends with %d: %s", code, p.log.String())
	}
}

// awaits waits for the end of a block, which may have to compile everything, and returns the exit
// code.
func (u *user) awaits(p *program) int {
	u.t.Helper()
	waitUntil(u.t, "the end of a block", func() bool {
		select {
		case <-p.ended:
			return true
		default:
			return false
		}
	})
	return p.wait()
}

// stops sends a signal to all that a block has started, as a terminal does.
func (u *user) stops(p *program, signal syscall.Signal) {
	u.t.Helper()
	if err := syscall.Kill(-p.run.Process.Pid, signal); err != nil {
		u.t.Fatal(err)
	}
}

// looksAtAFolder reports whether the bot of a block takes issues from the folder.
func looksAtAFolder(text string) bool { return strings.Contains(text, "--source issues") }

// prepares has been done before: there is a database, unless the block makes it, and the backup
// that it names.
func (u *user) prepares(text string) {
	u.t.Helper()
	if !looksAtAFolder(text) {
		u.did("import", filepath.Join(u.dir, "issues"))
	}
	if made := madeByAnUpgrade.FindString(text); made != "" {
		u.did("backup", filepath.Join(u.dir, made))
	}
}

// did has done something with the database before.
func (u *user) did(args ...string) {
	u.t.Helper()
	if got := runWith(u.t, nil, "", append(args, "--database", filepath.Join(u.dir, "digestbot.db"))...); got.failure != nil {
		u.t.Fatal(got.failure)
	}
}

// serves reports whether a bot runs until the end of a block.
func serves(text string) bool {
	for _, words := range shellCommands(text) {
		if args, isOurs := ourArguments(words); isOurs {
			if command, err := understood(args); err == nil && command == "serve" {
				return true
			}
		}
	}
	return false
}

// starts runs commands in the folder, with a Telegram that is simulated.
func (u *user) starts(commands string) *program {
	u.t.Helper()
	// The shell waits for the program, which ends by the same signal, and ends as that did.
	command := exec.Command("bash", "-c", "cd '"+u.dir+"'; set -euo pipefail; trap : TERM INT\n"+commands)
	command.Env = append(u.environ, "DIGESTBOT_API_URL="+u.tg.url)
	command.Stdout = &u.out
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p := startCommand(u.t, command)
	u.t.Cleanup(func() { _ = syscall.Kill(-p.run.Process.Pid, syscall.SIGKILL) }) // all of it may have ended
	return p
}

// madeByAnUpgrade finds the name of a backup that is made before a migration.
var madeByAnUpgrade = regexp.MustCompile(`digestbot-version-[\d-]+\.db`)

// A new machine with Go and a C compiler: the commands of the README in a fresh clone, from the
// first one, with which the demo answers, to a bot of one's own that does.
func TestFreshClone(t *testing.T) {
	longtest.Only(t)
	dir := filepath.Join(t.TempDir(), "digestbot")
	output(t, "git", "clone", "--quiet", ".", dir)
	u := userIn(t, dir)
	for _, b := range shellBlocks(t) {
		switch {
		case b.page != "README.md":
		case strings.HasPrefix(b.text, "go run . demo "):
			u.triesTheDemo() // go test ./..., which is there as well, is what CI does with a fresh clone
		default:
			u.runs(b)
			if serves(b.text) {
				return
			}
		}
	}
	t.Error("no bot was started")
}

// triesTheDemo writes to the bot of the demo, and ends it.
func (u *user) triesTheDemo() {
	u.t.Helper()
	p := u.starts("go run . demo --address " + u.address)
	waitUntil(u.t, "the demo", func() bool { return strings.Contains(u.out.String(), "open http://"+u.address) })
	v := visitor{u.t, "http://" + u.address + "/en/sim/"}
	before := len(v.chat("Admin Mei").Messages)
	v.write("Admin Mei", "/start")
	waitUntil(u.t, "an answer to /start", func() bool { return len(v.chat("Admin Mei").Messages) >= before+2 })
	u.stops(p, syscall.SIGINT)
	if code := u.awaits(p); code > 1 { // go run itself says 1 after Ctrl-C
		u.t.Errorf("the demo ends with %d: %s", code, p.log.String())
	}
}
