//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/bot/telegramsim/speed"
	"digestbot/internal/longtest"
)

// prometheus is a real Prometheus.
type prometheus struct {
	t       *testing.T
	address string
}

// startPrometheus starts one with the configuration and the alerts of deploy/prometheus, which
// scrapes a bot every second.
func startPrometheus(t *testing.T, bot string) *prometheus {
	t.Helper()
	program, err := exec.LookPath("prometheus")
	if err != nil {
		t.Skip("there is no Prometheus; .ci/run tools installs it")
	}
	rules, err := filepath.Abs("deploy/prometheus/digestbot.rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	config := readText(t, "deploy/prometheus/prometheus.yml")
	for old, replaced := range map[string]string{"127.0.0.1:8080": bot, "digestbot.rules.yml": rules, "scrape_interval: 30s": "scrape_interval: 1s", "evaluation_interval: 30s": "evaluation_interval: 1s"} {
		if !strings.Contains(config, old) {
			t.Fatalf("prometheus.yml lacks %q", old)
		}
		config = strings.ReplaceAll(config, old, replaced)
	}
	dir := t.TempDir()
	p := &prometheus{t: t, address: freeAddress(t)}
	command := exec.Command(program, "--config.file", write(t, dir, "prometheus.yml", config), "--storage.tsdb.path", filepath.Join(dir, "data"), "--web.listen-address", p.address)
	var log bytes.Buffer
	command.Stdout, command.Stderr = &log, &log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill() // it may have ended
		_ = command.Wait()         // of a kill
		if t.Failed() {
			t.Log(log.String())
		}
	})
	return p
}

// answer is what Prometheus answers.
type answer struct {
	Status, Error string
	Data          struct {
		Result []struct {
			Metric map[string]string
			Value  [2]any
		}
		Groups []struct {
			Rules []struct{ Name, Query, Health, LastError, State string }
		}
	}
}

func (p *prometheus) get(path string) (a answer, err error) {
	resp, err := http.Get("http://" + p.address + path)
	if err != nil {
		return a, err
	}
	defer resp.Body.Close()
	err = json.NewDecoder(resp.Body).Decode(&a)
	return a, err
}

// query puts a query, which must not be wrong.
func (p *prometheus) query(query string) answer {
	p.t.Helper()
	a, err := p.get("/api/v1/query?query=" + url.QueryEscape(query))
	if err != nil || a.Status != "success" {
		p.t.Errorf("%s: %v, %s", query, err, a.Error)
	}
	return a
}

// await waits until a query has an answer that is not empty.
func (p *prometheus) await(query string) {
	p.t.Helper()
	for limit := time.Now().Add(time.Minute); time.Now().Before(limit); time.Sleep(200 * time.Millisecond) {
		if a, err := p.get("/api/v1/query?query=" + url.QueryEscape(query)); err == nil && len(a.Data.Result) > 0 {
			return
		}
	}
	p.t.Fatalf("%s has had no answer for a minute", query)
}

// value returns the only value that a query has.
func (p *prometheus) value(query string) string {
	p.t.Helper()
	a := p.query(query)
	if len(a.Data.Result) != 1 {
		p.t.Fatalf("%s: %+v, want one value", query, a.Data.Result)
	}
	return fmt.Sprint(a.Data.Result[0].Value[1])
}

// dashboardQueries returns the queries of the dashboard, with its variables filled in.
func dashboardQueries(t *testing.T) (queries []string) {
	t.Helper()
	var board struct {
		Title, UID  string
		Annotations struct{ List []struct{ Expr string } }
		Templating  struct{ List []struct{ Name string } }
		Panels      []struct {
			ID      int
			Type    string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal([]byte(readText(t, "deploy/grafana/digestbot.json")), &board); err != nil {
		t.Fatal(err)
	}
	ids := map[int]bool{}
	for _, panel := range board.Panels {
		if ids[panel.ID] || panel.Type == "" || (panel.Type != "row") != (len(panel.Targets) > 0) {
			t.Errorf("panel %d has the id of another, or no type, or no query", panel.ID)
		}
		ids[panel.ID] = true
		for _, target := range panel.Targets {
			queries = append(queries, target.Expr)
		}
	}
	for _, a := range board.Annotations.List {
		queries = append(queries, a.Expr)
	}
	if len(queries) < 40 || board.UID == "" || len(board.Templating.List) != 2 {
		t.Fatalf("the dashboard has %d queries", len(queries))
	}
	for i := range queries {
		queries[i] = strings.NewReplacer("$__rate_interval", "1m", "$instance", ".*").Replace(queries[i])
	}
	return queries
}

// figure finds the names of figures in a query.
var figure = regexp.MustCompile(`\b(?:digestbot|process|go)_[a-z_]+`)

// A real Prometheus scrapes the program in a broadcast to some hundred readers, agrees with its
// books, and answers every query of the dashboard and of the alerts.
func TestPrometheusAnswersEverything(t *testing.T) {
	longtest.Only(t)
	const readers = 300
	dir := t.TempDir()
	source := filepath.Join(dir, "issues")
	if err := os.Mkdir(source, 0o700); err != nil {
		t.Fatal(err)
	}
	writeSettled(t, source, "7.md", document)
	database, listen := filepath.Join(dir, "test.db"), freeAddress(t)
	prom := startPrometheus(t, listen)
	startBroadcast(t, database, readers)
	tg := newTelegram(t, telegramsim.Options{ImplicitChats: true, Limits: speed.Limits{Off: true}})
	stop := tg.serving("--database", database, "--source", source, "--listen", listen, "--webhook-url", "https://example.org/digestbot", "--rate", "1000", "--paid-broadcast", "--ping-url", newPingWatch(t).address())
	prom.await(`digestbot_broadcast_state{state="done"} == 1`)
	prom.await(`digestbot_source_up == 1`)
	time.Sleep(3 * time.Second) // a rate needs two scrapes

	if got, want := prom.value(`digestbot_broadcast_messages{outcome="sent"}`), fmt.Sprint(readers*6); got != want {
		t.Errorf("Prometheus knows of %s messages, want %s", got, want)
	}
	if got, want := prom.value(`sum(digestbot_messages_total{lane="deliveries",outcome="sent"})`), fmt.Sprint(tg.sim.Stats().Sent); got != want {
		t.Errorf("Prometheus has counted %s messages, Telegram %s", got, want)
	}
	for _, query := range dashboardQueries(t) {
		// Nothing has to have begun in the last minute; what was never sent has no latency.
		mayBeEmpty := strings.HasPrefix(query, "changes(")
		if a := prom.query(query); len(a.Data.Result) == 0 && !mayBeEmpty {
			t.Errorf("the dashboard's %s has no answer", query)
		}
	}
	prom.checkAlerts()
	checkFigures(t, listen)
	if log, err := stop(); err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
}

// checkFigures has promtool look at what a bot answers.
func checkFigures(t *testing.T, listen string) {
	t.Helper()
	program, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatal(err) // it comes with Prometheus
	}
	answer, err := http.Get("http://" + listen + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	command := exec.Command(program, "check", "metrics")
	command.Stdin = answer.Body
	if out, err := command.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool check metrics: %v\n%s", err, out)
	}
}

// checkAlerts checks that Prometheus evaluates each alert, that each figure in it is there, and that
// none fires for a bot that is well.
func (p *prometheus) checkAlerts() {
	p.t.Helper()
	a, err := p.get("/api/v1/rules")
	if err != nil || len(a.Data.Groups) != 1 || len(a.Data.Groups[0].Rules) < 20 {
		p.t.Fatalf("the rules are %+v, %v", a, err)
	}
	page := readText(p.t, "docs/alerts.md")
	for _, rule := range a.Data.Groups[0].Rules {
		if rule.Health != "ok" {
			p.t.Errorf("%s is %s: %s", rule.Name, rule.Health, rule.LastError)
		}
		if rule.State == "firing" {
			p.t.Errorf("%s fires", rule.Name)
		}
		mustContain(p.t, "docs/alerts.md", page, "\n## "+rule.Name+"\n")
		names := figure.FindAllString(rule.Query, -1)
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			if a := p.query("count(" + name + ")"); len(a.Data.Result) == 0 {
				p.t.Errorf("%s: there is no %s", rule.Name, name)
			}
		}
	}
}

// Each alert has its place in docs/alerts.md, where its runbook_url leads, and the other way round.
func TestAlertsAreDocumented(t *testing.T) {
	rules, page := readText(t, "deploy/prometheus/digestbot.rules.yml"), readText(t, "docs/alerts.md")
	tests := readText(t, "deploy/prometheus/digestbot.rules.test.yml")
	names := regexp.MustCompile(`- alert: (\w+)`).FindAllStringSubmatch(rules, -1)
	if len(names) < 20 {
		t.Fatalf("there are %d alerts", len(names))
	}
	for _, m := range names {
		mustContain(t, "docs/alerts.md", page, "\n## "+m[1]+"\n")
		mustContain(t, "digestbot.rules.yml", rules, "runbook_url: docs/alerts.md#"+strings.ToLower(m[1])+"\n")
		mustContain(t, "digestbot.rules.test.yml", tests, "name: "+m[1]+" fires")
	}
	if got := strings.Count(page, "\n## "); got != len(names) {
		t.Errorf("docs/alerts.md has %d alerts, the rules %d", got, len(names))
	}
	known := readText(t, "docs/metrics.md")
	all := append(dashboardQueries(t), rules)
	for _, name := range regexp.MustCompile(`digestbot_[a-z_]+`).FindAllString(strings.Join(all, "\n"), -1) {
		mustContain(t, "docs/metrics.md", known, "`"+strings.TrimSuffix(name, "_bucket")+"`")
	}
}
