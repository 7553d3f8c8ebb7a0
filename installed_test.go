package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"digestbot/bot/telegramsim"
)

// What .ci/run deploy tests: a release that deploy/release has made, and a fresh Debian with
// systemd that mmdebstrap has.
var (
	releaseFolder = flag.String("release", "", "folder with a release, to be tested")
	debianRoot    = flag.String("debian", "", "folder with a fresh Debian, in which the package is installed; it is changed")
)

// output runs a command and returns what it prints on both outputs.
func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// released returns the only file of the release whose name fits the pattern.
func released(t *testing.T, pattern string) string {
	t.Helper()
	if *releaseFolder == "" {
		t.Skip("needs -release: see deploy/README.md")
	}
	found, err := filepath.Glob(filepath.Join(*releaseFolder, pattern))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: %v, %v; want one file", pattern, found, err)
	}
	return found[0]
}

// Each archive has what a person needs without the network, and a program that is static, for
// the right processor, and knows what it is. The checksums are right, and the bill of materials
// names what is in the program.
func TestRelease(t *testing.T) {
	for arch, run := range map[string][]string{"amd64": nil, "arm64": {"qemu-aarch64-static"}} {
		archive := released(t, "*_linux_"+arch+".tar.gz")
		dir := t.TempDir()
		output(t, "tar", "-xzf", archive, "-C", dir, "--strip-components=1")
		for _, name := range []string{"README.md", "README.zh-CN.md", "LICENSE", "LICENSES", "CHANGELOG.md", "docs/delivery.md", "deploy/README.md", "deploy/systemd/digestbot.service", "deploy/docker/compose.yaml"} {
			if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
				t.Errorf("%s: %v", archive, err)
			}
		}
		program := filepath.Join(dir, "digestbot")
		if headers := output(t, "readelf", "-lW", program); strings.Contains(headers, "INTERP") {
			t.Errorf("%s: the program is not static:\n%s", archive, headers)
		}
		version := strings.Split(filepath.Base(archive), "_")[1]
		says := output(t, "env", append(run, program, "version")...)
		mustContain(t, arch+": digestbot version", says, "digestbot "+version+"\n", "platform  linux/"+arch)
		if !regexp.MustCompile(`\ncommit    [0-9a-f]{40}`).MatchString(says) {
			t.Errorf("%s: the commit is missing: %s", arch, says)
		}
		mustContain(t, "LICENSES", readText(t, filepath.Join(dir, "LICENSES")), "github.com/mattn/go-sqlite3", "github.com/go-telegram/bot", "Noto Sans CJK", "GNU C Library")
		checkMaterials(t, released(t, "*_linux_"+arch+".cdx.json"))
	}
	checked := 0
	for line := range strings.Lines(readText(t, released(t, "SHA256SUMS"))) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		if got := sha256.Sum256([]byte(readText(t, filepath.Join(*releaseFolder, name)))); hex.EncodeToString(got[:]) != sum {
			t.Errorf("the checksum of %s is wrong", name)
		}
		checked++
	}
	if checked != 6 {
		t.Errorf("%d files have a checksum, want an archive, a package and a bill of materials for each of two architectures", checked)
	}
}

func checkMaterials(t *testing.T, path string) {
	t.Helper()
	var bill struct {
		BOMFormat  string
		Components []struct{ Name, Version, Purl string }
	}
	if err := json.Unmarshal([]byte(readText(t, path)), &bill); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	names := map[string]bool{}
	for _, c := range bill.Components {
		names[c.Name] = c.Version != "" && c.Purl != ""
	}
	for _, want := range []string{"github.com/mattn/go-sqlite3", "github.com/go-telegram/bot", "std"} {
		if !names[want] {
			t.Errorf("%s lacks %s, or its version: %v", path, want, names)
		}
	}
}

// In an otherwise empty folder, as in a container FROM scratch, the program looks names up,
// trusts certificates, and knows time zones.
func TestReleaseWithNothingAround(t *testing.T) {
	archive := released(t, "*_linux_amd64.tar.gz")
	dir := t.TempDir()
	output(t, "tar", "-xzf", archive, "-C", dir, "--strip-components=1", "--wildcards", "*/digestbot")
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/markdown")
		fmt.Fprint(w, document)
	}))
	defer server.Close()
	if err := os.MkdirAll(filepath.Join(dir, "etc/ssl/certs"), 0o755); err != nil {
		t.Fatal(err)
	}
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	write(t, dir, "etc/ssl/certs/ca-certificates.crt", string(certificate))
	write(t, dir, "etc/hosts", "127.0.0.1 example.com\n")
	address := strings.Replace(server.URL, "127.0.0.1", "example.com", 1) // the name in the certificate
	mustContain(t, "preview", output(t, "chroot", dir, "/digestbot", "preview", "--allow-private-sources", address+"/7.md"), "Letters, issue 7")
	mustContain(t, "config", output(t, "env", "DIGESTBOT_TOKEN="+fakeToken, "chroot", dir, "/digestbot", "config", "--timezone", "Asia/Shanghai"), "Asia/Shanghai")
}

// The unit of one bot and that of several differ in nothing but names.
func TestUnitsAreAlike(t *testing.T) {
	rest := func(name string) string {
		_, rest, found := strings.Cut(readText(t, "deploy/systemd/"+name), "\nUMask=")
		if !found {
			t.Fatalf("%s has no UMask=", name)
		}
		return rest
	}
	if diff := gocmp.Diff(rest("digestbot.service"), rest("digestbot@.service")); diff != "" {
		t.Errorf("the units differ: %s", diff)
	}
}

// A unit without a token says where it belongs.
func TestUnitWithoutAToken(t *testing.T) {
	folder := filepath.Dir(write(t, t.TempDir(), "token", "\n")) // SetCredential= of the units
	got := runWith(t, []string{"CREDENTIALS_DIRECTORY=" + folder}, "", "serve")
	mustFail(t, "serve", got, "@BotFather", "LoadCredential=", "/etc/digestbot/token")
}

// debian is a Debian that has booted, with the network of this one.
type debian struct {
	t      *testing.T
	root   string
	leader string // process id of its systemd
}

// boot starts the Debian in root. It is stopped at the end of the test.
func boot(t *testing.T, root string) *debian {
	t.Helper()
	var console syncBuffer
	nspawn := exec.Command("systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--boot", "--console=pipe", "--directory", root)
	nspawn.Stdout, nspawn.Stderr = &console, &console
	if err := nspawn.Start(); err != nil {
		t.Fatal(err)
	}
	m := &debian{t: t, root: root}
	t.Cleanup(func() {
		if _, err := m.try("systemctl", "poweroff"); err != nil {
			_ = nspawn.Process.Kill()
		}
		_ = nspawn.Wait() // it says what a signal has ended
		if t.Failed() {
			t.Log(console.String())
		}
	})
	children := fmt.Sprintf("/proc/%d/task/%[1]d/children", nspawn.Process.Pid)
	m.eventually("the machine runs", func() bool {
		pids, _ := os.ReadFile(children) // none before it has begun
		m.leader = strings.TrimSpace(string(pids))
		state, _ := m.try("systemctl", "is-system-running")
		return strings.TrimSpace(state) == "running"
	})
	return m
}

// try runs a command on the machine.
func (m *debian) try(args ...string) (output string, err error) {
	inside := append([]string{"--target", m.leader, "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--root", "--wd"}, args...)
	enter := exec.Command("nsenter", inside...)
	enter.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8"} // ours has folders that are not there
	out, err := enter.CombinedOutput()
	return string(out), err
}

// do runs a command on the machine that must work.
func (m *debian) do(args ...string) string {
	m.t.Helper()
	out, err := m.try(args...)
	if err != nil {
		journal, _ := m.try("journalctl", "--no-pager", "--lines=40")
		m.t.Fatalf("%s: %v\n%s\n%s", strings.Join(args, " "), err, out, journal)
	}
	return out
}

// property returns what systemd knows of a unit.
func (m *debian) property(unit, name string) string {
	m.t.Helper()
	return strings.TrimSpace(m.do("systemctl", "show", unit, "--value", "--property", name))
}

// eventually waits until something is so on the machine, which does not say when.
func (m *debian) eventually(what string, is func() bool) {
	m.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			journal, _ := m.try("journalctl", "--no-pager", "--lines=40")
			m.t.Fatalf("waited two minutes until %s\n%s", what, journal)
		}
	}
}

// put writes a file on the machine.
func (m *debian) put(path, text string, mode os.FileMode) {
	m.t.Helper()
	file := filepath.Join(m.root, path)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), mode); err != nil {
		m.t.Fatal(err)
	}
}

// newer puts a package with another version on the machine and returns its path there.
func (m *debian) newer(deb, version string) string {
	m.t.Helper()
	dir := filepath.Join(m.t.TempDir(), "package")
	output(m.t, "dpkg-deb", "--raw-extract", deb, dir)
	control := filepath.Join(dir, "DEBIAN/control")
	write(m.t, dir, "DEBIAN/control", regexp.MustCompile(`(?m)^Version: .*`).ReplaceAllString(readText(m.t, control), "Version: "+version))
	output(m.t, "dpkg-deb", "-Zgzip", "-z1", "--build", dir, filepath.Join(m.root, "newer.deb"))
	return "/newer.deb"
}

// A bot on a fresh machine, from the installation of the package until it is purged, with the
// real dpkg and systemd and all that the unit forbids.
func TestPackageOnAFreshMachine(t *testing.T) {
	deb := released(t, "*_amd64.deb")
	if *debianRoot == "" {
		t.Skip("needs -debian: see deploy/README.md")
	}
	m := boot(t, *debianRoot)
	output(t, "cp", deb, filepath.Join(m.root, "first.deb"))
	m.do("dpkg", "--install", "/first.deb")
	m.isInstalled()
	m.unitsAreGood()

	tg, second := newTelegram(t, telegramsim.Options{}), newTelegram(t, telegramsim.Options{Token: otherToken})
	m.startsOnlyWithAToken()
	health := m.configure("digestbot", "token", tg, fakeToken)
	m.configure("second", "second.token", second, otherToken)
	m.do("systemctl", "enable", "--now", "digestbot", "digestbot@second")
	m.runs(tg, health)
	second.asks("/start", "")
	m.backsUp()
	m.startsAnewWhatHangs(second)

	m.followsTheGuide(tg, deb)
	m.upgrades(tg, deb)
	m.endsForGoodWithWrongSettings(deb)
	second.asks("/start", "")

	m.do("dpkg", "--remove", "digestbot")
	if state, err := m.try("systemctl", "is-active", "digestbot@second"); err == nil {
		t.Errorf("a bot runs after its removal: %s", state)
	}
	m.do("test", "-s", "/var/lib/digestbot/digestbot.db", "-a", "-s", "/var/lib/digestbot/second/digestbot.db", "-a", "-s", "/etc/digestbot/token", "-a", "-s", "/etc/digestbot/digestbot.toml")
	m.do("dpkg", "--install", "/first.deb")
	m.do("systemctl", "start", "digestbot")
	tg.asks("/unsubscribe", "Unsubscribed") // which only a subscriber is told

	m.do("dpkg", "--purge", "digestbot")
	if !m.hasBackup("digestbot") {
		t.Error("a purge takes the backups")
	}
	for _, path := range []string{"/var/lib/digestbot", "/etc/digestbot", "/usr/bin/digestbot", "/lib/systemd/system/digestbot.service", "/etc/systemd/system/multi-user.target.wants/digestbot.service", "/etc/systemd/system/multi-user.target.wants/digestbot@second.service"} {
		if _, err := m.try("test", "!", "-e", path, "-a", "!", "-L", path); err != nil {
			t.Errorf("%s is there after a purge", path)
		}
	}
	hasNoToken(t, m.do("journalctl", "--no-pager"))
}

// isInstalled checks what the package has made, and that it has started nothing.
func (m *debian) isInstalled() {
	m.t.Helper()
	for path, want := range map[string]string{
		"/var/lib/digestbot":            "700 digestbot digestbot",
		"/var/backups/digestbot":        "700 digestbot digestbot",
		"/etc/digestbot/digestbot.toml": "640 root digestbot",
		"/usr/bin/digestbot":            "755 root root",
	} {
		if got := strings.TrimSpace(m.do("stat", "--format=%a %U %G", path)); got != want {
			m.t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if got := m.property("digestbot", "ActiveState") + m.property("digestbot", "UnitFileState"); got != "inactivedisabled" {
		m.t.Errorf("after the installation the bot is %s", got)
	}
	mustContain(m.t, "conffiles", m.do("dpkg-query", "--show", "--showformat=${Conffiles}", "digestbot"), "/etc/digestbot/digestbot.toml")
}

// unitsAreGood has systemd look at the units. The exposure is in tenths: deploy/systemd says
// which it is.
func (m *debian) unitsAreGood() {
	m.t.Helper()
	m.put("/lib/systemd/system/litestream.service", "[Unit]\nDescription=Litestream\n[Service]\nRestart=always\nExecStart=/usr/bin/true\n", 0o644) // as its package has it
	m.put("/etc/systemd/system/litestream.service.d/digestbot.conf", readText(m.t, "deploy/litestream/digestbot.conf"), 0o644)
	for _, unit := range []string{"digestbot.service", "digestbot@second.service", "litestream.service"} {
		if said := m.do("systemd-analyze", "verify", "--man=no", unit); said != "" {
			m.t.Errorf("systemd-analyze verify %s: %s", unit, said)
		}
	}
	for _, unit := range []string{"digestbot.service", "digestbot@.service"} {
		m.do("systemd-analyze", "security", "--no-pager", "--offline=yes", "--threshold=11", "/lib/systemd/system/"+unit)
	}
}

func (m *debian) startsOnlyWithAToken() {
	m.t.Helper()
	if said, err := m.try("systemctl", "start", "digestbot"); err == nil {
		m.t.Errorf("without a token the bot starts: %s", said)
	}
	if got := m.property("digestbot", "ActiveState") + m.property("digestbot", "ExecMainStatus"); got != "failed78" {
		m.t.Errorf("without a token the unit is %s, want failed with 78", got)
	}
	mustContain(m.t, "the log without a token", m.do("journalctl", "--no-pager", "--unit=digestbot"), "@BotFather", "/etc/digestbot/token")
}

// backups is where the unit lets bots write these.
const backups = "/var/backups/digestbot/"

func textOf(text string, _ error) string { return text }

// configure writes the settings and the token of an instance as an operator would, and returns
// the address of its /healthz.
func (m *debian) configure(instance, token string, tg *telegram, secret string) string {
	m.t.Helper()
	settings := "/etc/digestbot/" + instance + ".toml"
	text, _ := os.ReadFile(filepath.Join(m.root, settings)) // the package has brought that of one instance only
	address := freeAddress(m.t)
	m.put(settings, fmt.Sprintf("%s\napi-url = %q\nadmins = [77]\nsource = [\"/srv/issues\"]\nlisten = %q\nbackup-dir = %q\n", text, tg.url, address, backups+instance), 0o644)
	m.do("install", "-d", "-m", "700", "-o", "digestbot", "-g", "digestbot", backups+instance)
	m.put("/etc/digestbot/"+token, secret+"\n", 0o600)
	m.put("/srv/issues/7.md", document, 0o644)
	m.do("touch", "--date=1 hour ago", "/srv/issues/7.md")
	return "http://" + address + "/healthz"
}

// runs checks that a bot does its work within all that the unit forbids.
func (m *debian) runs(tg *telegram, health string) {
	m.t.Helper()
	tg.asks("/subscribe", "ubscribe")
	m.eventually("the issue of the folder is there", func() bool {
		return strings.Contains(textOf(m.try("journalctl", "--no-pager", "--unit=digestbot")), "issue archived")
	})
	tg.asks("/latest", "Bold paragraph.")
	m.has(health)
	m.has(strings.TrimSuffix(health, "healthz")+"metrics", series(m.t)...)
	if got := strings.TrimSpace(m.do("stat", "--format=%a %U", "/var/lib/digestbot/digestbot.db")); got != "600 digestbot" {
		m.t.Errorf("the database: %s", got)
	}
	if got := m.property("digestbot", "WatchdogTimestampMonotonic"); got == "0" {
		m.t.Error("the watchdog was never told that the bot is alive")
	}
	if other := m.property("digestbot", "MainPID"); strings.TrimSpace(m.do("stat", "--format=%U", "/proc/"+other)) != "digestbot" {
		m.t.Error("the bot does not run as its own user")
	}
}

// has checks that a page is well, and has some words in it.
func (m *debian) has(page string, words ...string) {
	m.t.Helper()
	answer, err := http.Get(page)
	if err != nil {
		m.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		m.t.Errorf("%s: %s, %v", page, answer.Status, err)
	}
	mustContain(m.t, page, string(text), words...)
}

// series returns the beginnings of the lines on /metrics that the alerts need, but for what is
// there only with a webhook or --ping-url, or after a broadcast.
func series(t *testing.T) (all []string) {
	t.Helper()
	for _, name := range regexp.MustCompile(`\b(digestbot|process)_[a-z_]+`).FindAllString(readText(t, "deploy/prometheus/digestbot.rules.yml"), -1) {
		if !regexp.MustCompile("^digestbot_(webhook|ping|broadcast)_").MatchString(name) {
			all = append(all, "\n"+name)
		}
	}
	return all
}

// backsUp: the night that was missed is made up for, a minute after the start, in the only folder
// beside that of the database into which the unit lets the bot write.
func (m *debian) backsUp() {
	m.t.Helper()
	for _, instance := range []string{"digestbot", "second"} {
		m.eventually("there is a backup of "+instance, func() bool { return m.hasBackup(instance) })
	}
}

func (m *debian) hasBackup(instance string) bool {
	_, err := m.try("sh", "-c", "set -- "+backups+instance+"/digestbot-backup-*.db; test -s \"$1\"")
	return err == nil
}

// upgrades installs a newer package: the bot goes on with the new program, with the settings
// and subscribers that it had.
func (m *debian) upgrades(tg *telegram, deb string) {
	m.t.Helper()
	before, settings := m.property("digestbot", "MainPID"), m.do("cat", "/etc/digestbot/digestbot.toml")
	m.do("dpkg", "--install", m.newer(deb, "9.9.9"))
	if after := m.property("digestbot", "MainPID"); after == before || after == "0" {
		m.t.Errorf("after the upgrade the bot is process %s, before it was %s", after, before)
	}
	if !bytes.Equal([]byte(m.do("cat", "/etc/digestbot/digestbot.toml")), []byte(settings)) {
		m.t.Error("the upgrade has changed the settings")
	}
	tg.asks("/subscribe", "already")
}

// endsForGoodWithWrongSettings: what no restart mends is not tried again and again, and is no
// reason for an upgrade to fail.
func (m *debian) endsForGoodWithWrongSettings(deb string) {
	m.t.Helper()
	settings := "/etc/digestbot/second.toml"
	right := m.do("cat", settings)
	m.put(settings, right+"scedule = \"@daily\"\n", 0o644)
	mustContain(m.t, "the upgrade", m.do("dpkg", "--install", m.newer(deb, "9.9.10")), "not every bot has started again", "digestbot@second.service")
	if got := m.do("dpkg-query", "--show", "--showformat=${Status}", "digestbot"); got != "install ok installed" {
		m.t.Errorf("after the upgrade the package is %s", got)
	}
	if got := m.property("digestbot@second", "ActiveState") + m.property("digestbot@second", "ExecMainStatus"); got != "failed78" {
		m.t.Errorf("with wrong settings the unit is %s, want failed with 78", got)
	}
	m.put(settings, right, 0o644)
	m.do("systemctl", "restart", "digestbot@second")
}

// startsAnewWhatHangs: a bot that is frozen is ended by systemd, which starts it again. The unit
// waits longer than a test.
func (m *debian) startsAnewWhatHangs(tg *telegram) {
	m.t.Helper()
	const unit = "digestbot@second"
	m.put("/etc/systemd/system/"+unit+".service.d/soon.conf", "[Service]\nWatchdogSec=15s\nRestartSec=1s\n", 0o644)
	m.do("systemctl", "daemon-reload")
	m.do("systemctl", "restart", unit)
	before := m.property(unit, "MainPID")
	m.do("systemctl", "kill", "--signal=SIGSTOP", unit)
	m.eventually("the frozen bot is another process", func() bool {
		now := m.property(unit, "MainPID")
		return now != "0" && now != before && m.property(unit, "ActiveState") == "active"
	})
	mustContain(m.t, "the log", m.do("journalctl", "--no-pager", "--unit="+unit), "Watchdog timeout")
	tg.asks("/start", "")
}
