package main

import (
	"bufio"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"digestbot/bot/telegramsim"
)

// .ci/run image builds the image of deploy/docker/Dockerfile with podman, in a folder of its own.
var imageStore = flag.String("image-store", "", "folder in which podman has the image digestbot")

// container runs programs in the image as the compose file says.
type container struct {
	t       *testing.T
	dir     string
	service composed
}

// composed is what the compose file says of the bot.
type composed struct {
	Environment   map[string]string
	ReadOnly      bool     `yaml:"read_only"`
	CapDrop       []string `yaml:"cap_drop"`
	SecurityOpt   []string `yaml:"security_opt"`
	MemLimit      string   `yaml:"mem_limit"`
	PidsLimit     int      `yaml:"pids_limit"`
	StopGrace     string   `yaml:"stop_grace_period"`
	Volumes       []string
	Ports         []string
	HealthCommand struct{ Test []string } `yaml:"healthcheck"`
}

func readCompose(t *testing.T) composed {
	t.Helper()
	var file struct{ Services map[string]composed }
	if err := yaml.Unmarshal([]byte(readText(t, "deploy/docker/compose.yaml")), &file); err != nil {
		t.Fatal(err)
	}
	return file.Services["digestbot"]
}

// podman runs a command of podman that must work.
func (c container) podman(args ...string) string {
	c.t.Helper()
	out, err := c.try(args...)
	if err != nil {
		c.t.Fatalf("podman %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

func (c container) try(args ...string) (string, error) {
	store := []string{"--root", filepath.Join(*imageStore, "store"), "--runroot", filepath.Join(*imageStore, "run"), "--cgroup-manager", "cgroupfs", "--runtime", "runc"}
	out, err := exec.Command("podman", append(store, args...)...).CombinedOutput()
	return string(out), err
}

// run starts the image with all that the compose file forbids, in the network of this machine.
func (c container) run(options []string, command ...string) string {
	c.t.Helper()
	s := c.service
	args := []string{"run", "--pull=never", "--network=host", "--no-healthcheck", "--ulimit=nofile=4096:4096", "--ulimit=nproc=1024:1024", "--read-only-tmpfs=false", fmt.Sprintf("--read-only=%t", s.ReadOnly), fmt.Sprint("--pids-limit=", s.PidsLimit), "--memory=" + s.MemLimit}
	for _, what := range s.CapDrop {
		args = append(args, "--cap-drop="+what)
	}
	for _, what := range s.SecurityOpt {
		args = append(args, "--security-opt="+strings.TrimSuffix(what, ":true")) // as podman spells it
	}
	for name, value := range s.Environment {
		args = append(args, "--env="+name+"="+value)
	}
	args = append(args, "--volume="+c.dir+"/token:/run/secrets/digestbot_token:ro", "--volume="+c.dir+"/issues:/issues:ro")
	args = append(args, options...)
	return c.podman(append(append(args, "localhost/digestbot"), command...)...)
}

// The image as the compose file runs it: it has what the program needs, and nothing else; the bot
// works in it with nothing to write but its volume, and ends when it is asked to.
func TestImage(t *testing.T) {
	if *imageStore == "" {
		t.Skip("needs -image-store: see deploy/README.md")
	}
	c := container{t: t, dir: t.TempDir(), service: readCompose(t)}
	if err := os.Mkdir(filepath.Join(c.dir, "issues"), 0o755); err != nil {
		t.Fatal(err)
	}
	c.readable("issues/7.md", document)
	token := write(t, c.dir, "token", fakeToken+"\n")
	for _, err := range []error{os.Chmod(c.dir, 0o755), os.Chown(token, 10001, 10001), os.Chmod(token, 0o400)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	c.hasLittle()
	c.takesSettings()
	c.reachesTheWeb()
	c.serves()
}

// readable writes a file for the user of the container.
func (c container) readable(name, text string) {
	c.t.Helper()
	if err := os.Chmod(write(c.t, c.dir, name, text), 0o644); err != nil {
		c.t.Fatal(err)
	}
}

// hasLittle: the program, certificates, settings and the folder of the database.
func (c container) hasLittle() {
	c.t.Helper()
	var told []struct {
		User        string
		Healthcheck struct{ Test []string }
	}
	if err := json.Unmarshal([]byte(c.podman("image", "inspect", "localhost/digestbot")), &told); err != nil || len(told) != 1 {
		c.t.Fatalf("%v, %d images", err, len(told))
	}
	if got := told[0]; got.User != "10001:10001" || strings.Join(got.Healthcheck.Test, " ") != "CMD /digestbot healthy" || strings.Join(c.service.HealthCommand.Test, " ") != "CMD /digestbot healthy" {
		c.t.Errorf("user and health of the image: %+v", got)
	}
	name := strings.TrimSpace(c.podman("create", "--pull=never", "localhost/digestbot"))
	tar := filepath.Join(c.dir, "image.tar")
	c.podman("export", "--output", tar, name)
	c.podman("rm", name)
	listed := output(c.t, "tar", "-tvf", tar)
	for line := range strings.Lines(listed) {
		file := strings.Fields(line)[5]
		if regexp.MustCompile(`^(dev|proc|run|sys)/|^etc/(hosts|hostname|resolv\.conf|mtab)$`).MatchString(file) {
			continue // of podman
		}
		if !regexp.MustCompile(`^(digestbot|data/|etc/|etc/ssl/|etc/ssl/certs/|etc/ssl/certs/ca-certificates\.crt|etc/digestbot/|etc/digestbot/digestbot\.toml)$`).MatchString(file) {
			c.t.Errorf("the image has %s", file)
		}
	}
	if !regexp.MustCompile(`(?m)^drwx------ 10001/10001 .* data/$`).MatchString(listed) {
		c.t.Errorf("/data is not the user's only:\n%s", listed)
	}
	if roots := output(c.t, "tar", "-xOf", tar, "etc/ssl/certs/ca-certificates.crt"); strings.Count(roots, "BEGIN CERTIFICATE") < 50 {
		c.t.Error("the certificates of public authorities are missing")
	}
}

// takesSettings: those of the image are a file, whose place a mounted one takes; time zones are known.
func (c container) takesSettings() {
	c.t.Helper()
	mustContain(c.t, "settings of the image", c.run([]string{"--rm"}, "config", "--timezone", "Asia/Shanghai"),
		`database = "/data/digestbot.db"`, `listen = ":8080"`, `source = ["/issues"]`, "Asia/Shanghai", "digestbot_token")
	c.readable("own.toml", "database = \"/data/own.db\"\nlisten = \":9090\"\n")
	mustContain(c.t, "settings of a mounted file", c.run([]string{"--rm", "--volume=" + c.dir + "/own.toml:/etc/digestbot/digestbot.toml:ro"}, "config"),
		`database = "/data/own.db"`, `listen = ":9090"`)
}

// reachesTheWeb: names are looked up, and certificates checked with those at their place.
func (c container) reachesTheWeb() {
	c.t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/markdown")
		fmt.Fprint(w, document)
	}))
	defer server.Close()
	c.readable("ca.crt", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	address := strings.Replace(server.URL, "127.0.0.1", "example.com", 1) // the name in the certificate
	mustContain(c.t, "preview", c.run([]string{"--rm", "--add-host=example.com:127.0.0.1", "--volume=" + c.dir + "/ca.crt:/etc/ssl/certs/ca-certificates.crt:ro"},
		"preview", "--allow-private-sources", address+"/7.md"), "Letters, issue 7")
}

// serves runs a bot until it is stopped.
func (c container) serves() {
	c.t.Helper()
	tg := newTelegram(c.t, telegramsim.Options{})
	const name = "digestbot"
	c.run([]string{"--detach", "--name=" + name, "--volume=data:/data", "--env=DIGESTBOT_API_URL=" + tg.url, "--env=DIGESTBOT_LISTEN=" + freeAddress(c.t)})
	c.t.Cleanup(func() {
		if log, _ := c.try("logs", name); c.t.Failed() {
			c.t.Log(log)
		}
		_, _ = c.try("rm", "--force", name) // it may have ended
	})
	tg.subscribe()
	mustContain(c.t, "digestbot healthy", c.podman("exec", name, "/digestbot", "healthy"), "ok")
	c.isConfined(strings.TrimSpace(c.podman("inspect", "--format={{.State.Pid}}", name)))
	mustContain(c.t, "digestbot export", c.podman("exec", name, "/digestbot", "export"), "private")

	c.podman("stop", "--time="+strings.TrimSuffix(c.service.StopGrace, "s"), name)
	if code := strings.TrimSpace(c.podman("inspect", "--format={{.State.ExitCode}}", name)); code != "0" {
		c.t.Errorf("it ends with %s, want 0: within %s", code, c.service.StopGrace)
	}
	log := c.podman("logs", name)
	mustContain(c.t, "the log", log, "stopped")
	hasNoToken(c.t, log, c.podman("inspect", name))
}

// isConfined looks at a process as the kernel has it.
func (c container) isConfined(pid string) {
	c.t.Helper()
	status := readText(c.t, "/proc/"+pid+"/status")
	mustContain(c.t, "status of the process", status, "\nUid:\t10001\t10001\t", "\nGid:\t10001\t10001\t", "\nCapEff:\t0000000000000000\n", "\nCapBnd:\t0000000000000000\n", "\nNoNewPrivs:\t1\n", "\nSeccomp:\t2\n")
	mounts, err := os.Open("/proc/" + pid + "/mountinfo")
	if err != nil {
		c.t.Fatal(err)
	}
	defer mounts.Close()
	for lines := bufio.NewScanner(mounts); lines.Scan(); {
		if fields := strings.Fields(lines.Text()); fields[4] == "/" && !strings.HasPrefix(fields[5], "ro") {
			c.t.Errorf("the file system can be written: %s", lines.Text())
		}
	}
}

// The image is built with the Go of releases, and runs without anything that a variable would
// keep a mounted file of settings from.
func TestDockerfile(t *testing.T) {
	file := readText(t, "deploy/docker/Dockerfile")
	mustContain(t, "Dockerfile", file, "\nFROM golang:"+strings.TrimPrefix(strings.TrimSpace(readText(t, "deploy/toolchain")), "go")+"-", "RUN deploy/build ")
	if strings.Contains(file, "DIGESTBOT_LISTEN") || strings.Contains(file, "DIGESTBOT_DATABASE") {
		t.Error("a variable of the image wins over a file of settings that is mounted")
	}
	got := runWith(t, nil, "", "config", "--config", "deploy/docker/digestbot.toml", "--token-file", write(t, t.TempDir(), "token", fakeToken))
	mustContain(t, "digestbot config", got.out, `database = "/data/digestbot.db"`, `listen = ":8080"`)
}
