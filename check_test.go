package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"digestbot/bot/check"
	"digestbot/bot/settings"
	"digestbot/bot/telegramsim"
)

// place is for a bot: a folder with issues, a database, and a Telegram in which Ann has
// started the bot.
type place struct {
	*telegram
	dir  string
	args []string
}

func newPlace(t *testing.T) *place {
	t.Helper()
	return newPlaceIn(t, telegramsim.Options{})
}

func newPlaceIn(t *testing.T, options telegramsim.Options) *place {
	t.Helper()
	p := &place{telegram: newTelegram(t, options), dir: t.TempDir()}
	p.ann.Write("/start")
	issues := filepath.Join(p.dir, "issues")
	if err := os.Mkdir(issues, 0o700); err != nil {
		t.Fatal(err)
	}
	writeSettled(t, issues, "7.md", document)
	p.args = []string{"--api-url", p.url, "--admins=77", "--source", issues, "--timezone=Europe/Berlin", "--database", p.database()}
	return p
}

func (p *place) database() string { return filepath.Join(p.dir, "test.db") }

// withDatabase imports the issue.
func (p *place) withDatabase(t *testing.T) *place {
	t.Helper()
	if got := runWith(t, nil, "", "import", "--database", p.database(), filepath.Join(p.dir, "issues")); got.failure != nil {
		t.Fatal(got.failure)
	}
	return p
}

// withoutToken is an environment in which there is no token.
const withoutToken = "DIGESTBOT_TOKEN="

// check runs the checks and returns what they found, by state, one line each.
func (p *place) check(t *testing.T, environ []string, args ...string) (found map[check.State][]string, end int) {
	t.Helper()
	if !slices.Contains(environ, withoutToken) {
		environ = append([]string{"DIGESTBOT_TOKEN=" + fakeToken}, environ...)
	}
	got := runWith(t, environ, "", slices.Concat([]string{"check", "--json"}, p.args, args)...)
	hasNoToken(t, got.out, got.err)
	var report check.Report
	if err := json.Unmarshal([]byte(got.out), &report); err != nil {
		t.Fatalf("check --json printed %q, %v", got.out, err)
	}
	found = map[check.State][]string{}
	for _, f := range report.Findings {
		found[f.State] = append(found[f.State], strings.TrimSpace(fmt.Sprintf("%s %s: %s → %s", f.Check, f.Subject, f.Text, f.Cure)))
	}
	return found, exitCode(got.failure)
}

// mustFind checks that one line of what was found has all the texts.
func mustFind(t *testing.T, what string, found map[check.State][]string, state check.State, wants ...string) {
	t.Helper()
	if !slices.ContainsFunc(found[state], func(line string) bool {
		return !slices.ContainsFunc(wants, func(want string) bool { return !strings.Contains(line, want) })
	}) {
		t.Errorf("%s: no %s line has %q:\n%v", what, state, wants, found)
	}
}

func TestCheckFindsNothing(t *testing.T) {
	t.Parallel()
	p := newPlace(t).withDatabase(t)
	before := listing(t, p.dir)
	found, end := p.check(t, nil, "--listen=127.0.0.1:0")
	if len(found[check.Failed]) > 0 || len(found[check.Warning]) > 0 || end != 0 {
		t.Errorf("check ends with %d, and found\n%v", end, found)
	}
	for _, wants := range [][]string{
		{"settings", "they are right: 6 on the command line"},
		{"token", "@digest_sim_bot", "https://t.me/digest_sim_bot"},
		{"proxy", "reached directly"},
		{"clock", "agrees with Telegram"},
		{"admins", "can write to 77"},
		{"webhook", "the bot asks for updates"},
		{"database", "test.db is sound: 0 readers, 1 issue,", "no bot runs with it"},
		{"disk", "free for " + p.dir},
		{"schedule", "the next broadcasts: Fri ", "09:00 CE"},
		{"schedule", "clocks change on Sun ", "the first broadcast from then on: "},
		{"source", "1 document", `7.md: "Letters, issue 7" of 13 November 2026`},
		{"listen", "is free"},
		{"open files", "this process may have"},
	} {
		mustFind(t, "check", found, check.OK, wants...)
	}
	if after := listing(t, p.dir); after != before {
		t.Errorf("check has changed the files:\n%s\nwere\n%s", after, before)
	}
	if len(p.ann.Chat().FromBot()) > 0 || p.sim.Stats().Calls["getupdates"] > 0 {
		t.Errorf("check has written to Ann, or asked for updates")
	}
}

// listing returns names, sizes and times of all files.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&b, info.Mode(), info.Name(), info.Size(), info.ModTime())
	}
	return b.String()
}

// A wrong setting ends with 78, and everything else is checked all the same.
func TestCheckOfWrongSettings(t *testing.T) {
	p := newPlace(t)
	found, end := p.check(t, []string{withoutToken}, "--rate=99", "--schedule=soon")
	mustFind(t, "settings", found, check.Failed, "--rate (DIGESTBOT_RATE): 99 is not between 1 and 30")
	mustFind(t, "settings", found, check.Failed, "settings", "there is no bot token", "@BotFather")
	mustFind(t, "schedule", found, check.Skipped, "schedule", "see settings")
	mustFind(t, "token", found, check.Skipped, "token", "no token")
	mustFind(t, "admins", found, check.Skipped, "admins", "see token")
	mustFind(t, "source", found, check.OK, "source", "1 document")
	if end != exitSettings {
		t.Errorf("check ends with %d", end)
	}
}

func TestCheckOfTelegram(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>Welcome") }))
	defer page.Close()
	nowhere := httptest.NewServer(http.NotFoundHandler())
	defer nowhere.Close()
	stranger := newTelegram(t, telegramsim.Options{Token: otherToken})
	for name, test := range map[string]struct {
		environ, args []string
		wants         []string
	}{
		"unknown token": {nil, []string{"--api-url", stranger.url}, []string{"token", "Telegram does not know the token", "@BotFather"}},
		"no server":     {nil, []string{"--api-url", closed.URL}, []string{"token", "cannot be reached", "connection refused", "start that server"}},
		"web page":      {nil, []string{"--api-url", page.URL}, []string{"token", "does not answer as the Bot API does", "correct --api-url"}},
		"another path":  {nil, []string{"--api-url", nowhere.URL + "/x"}, []string{"token", "does not answer as the Bot API does", "correct --api-url"}},
		"no name":       {nil, []string{"--api-url", "https://telegram.invalid"}, []string{"token", "cannot be reached"}},
		"dead proxy":    {[]string{"HTTP_PROXY=http://me:hush-hush@" + closed.Listener.Addr().String()}, []string{"--api-url", "http://telegram.invalid"}, []string{"proxy", "http://***@127.0.0.1", "does not answer", "start it"}},
		"deaf proxy":    {[]string{"HTTP_PROXY=" + page.URL}, []string{"--api-url", "http://telegram.invalid"}, []string{"proxy", "Telegram is not reached through it"}},
	} {
		found, end := newPlace(t).check(t, test.environ, test.args...)
		mustFind(t, name, found, check.Failed, test.wants...)
		mustFind(t, name, found, check.Skipped, "admins", "see token")
		if all := fmt.Sprint(found); end != exitFault || strings.Contains(all, "hush-hush") {
			t.Errorf("%s: check ends with %d, %s", name, end, all)
		}
	}
}

func TestCheckOfAdmins(t *testing.T) {
	p := newPlace(t)
	for id, do := range map[int64]func(*telegramsim.Person){
		78: func(*telegramsim.Person) {},
		79: func(person *telegramsim.Person) { person.Write("/start"); person.Block() },
		80: func(person *telegramsim.Person) { person.Write("/start"); person.Deactivate() },
	} {
		do(p.sim.NewPerson("Bob", telegramsim.WithID(id)))
	}
	found, end := p.check(t, nil, "--admins=77,78,79,80,81")
	mustFind(t, "well", found, check.OK, "admins", "can write to 77")
	for id, want := range map[string]string{
		"78": "has never started the bot", "79": "has blocked the bot", "80": "has deleted their account", "81": "presses Start",
	} {
		mustFind(t, want, found, check.Failed, "admins "+id, want)
	}
	if len(found[check.Failed]) != 4 || end != exitFault {
		t.Errorf("check ends with %d and found %v", end, found)
	}
}

// dated is a Telegram whose clock is ahead.
func (p *place) dated(t *testing.T, ahead time.Duration) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
		p.sim.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestCheckOfTheClock(t *testing.T) {
	p := newPlace(t)
	for ahead, want := range map[time.Duration]struct {
		state check.State
		text  string
	}{
		-time.Hour:               {check.Failed, "1h0m0s ahead of Telegram, so issues go out at the wrong time"},
		-time.Hour + time.Second: {check.Failed, "1h0m0s ahead of Telegram"}, // what a slow answer may add
		time.Hour:                {check.Failed, "behind Telegram"},
		20 * time.Second:         {check.Warning, "behind Telegram"},
		0:                        {check.OK, "agrees with Telegram"},
	} {
		found, _ := p.check(t, nil, "--api-url", p.dated(t, ahead))
		mustFind(t, ahead.String(), found, want.state, "clock", want.text)
	}
}

// answering is what Telegram gets from every webhook.
type answering int

func (status answering) Do(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: int(status), Body: http.NoBody, Request: r}, nil
}

func TestCheckOfTheWebhook(t *testing.T) {
	p := newPlaceIn(t, telegramsim.Options{Webhooks: answering(http.StatusOK)})
	set := func(address string) {
		t.Helper()
		response, err := http.Post(p.url+"/bot"+fakeToken+"/setWebhook", "application/json", strings.NewReader(fmt.Sprintf(`{"url":%q}`, address)))
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("setWebhook: %v, %v", response, err)
		}
		response.Body.Close()
	}
	own := []string{"--webhook-url=https://hook.example:8443/hook", "--listen=127.0.0.1:0"}
	found, _ := p.check(t, nil, own...)
	mustFind(t, "not set yet", found, check.Warning, "webhook", "none yet", "at its start")
	mustFind(t, "not reached", found, check.Warning, "webhook", "hook.example:8443 is not reached from here")

	set("https://elsewhere.example:8443/x")
	found, _ = p.check(t, nil)
	mustFind(t, "while polling", found, check.Warning, "webhook", "elsewhere.example:8443", "removes that webhook")
	found, _ = p.check(t, nil, own...)
	mustFind(t, "elsewhere", found, check.Warning, "webhook", "elsewhere.example:8443", "another program")
	set("https://hook.example:8443/hook")
	found, _ = p.check(t, nil, own...)
	mustFind(t, "set", found, check.OK, "webhook", "Telegram brings updates to hook.example:8443")
}

func TestCheckSaysThatTelegramDoesNotGetThrough(t *testing.T) {
	p := newPlaceIn(t, telegramsim.Options{Webhooks: answering(http.StatusBadGateway)})
	response, err := http.Post(p.url+"/bot"+fakeToken+"/setWebhook", "application/json", strings.NewReader(`{"url":"https://hook.example/hook"}`))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	for t.Context().Err() == nil { // until the simulator has tried
		found, _ := p.check(t, nil, "--webhook-url=https://hook.example/hook", "--listen=127.0.0.1:0")
		if len(found[check.Warning]) > 2 { // there is no database, and the host is not known
			mustFind(t, "Telegram", found, check.Warning, "webhook", "Telegram did not get through at ", "Wrong response", "1 update for the bot", "look at the web server")
			return
		}
	}
}

// The address of the webhook is tried as Telegram does, but without the secret.
func TestCheckTriesTheWebhook(t *testing.T) {
	p := newPlace(t)
	for status, want := range map[int]string{http.StatusUnauthorized: "leads to the bot", http.StatusBadGateway: "with status 502: the bot does not run"} {
		web := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost || r.URL.Path != "/hook" {
				t.Errorf("%s %s was asked for", r.Method, r.URL)
			}
			w.WriteHeader(status)
		}))
		defer web.Close()
		s := settings.Settings{Token: fakeToken, APIURL: p.url, Database: p.database(), WebhookURL: web.URL + "/hook"}
		all := check.Run(t.Context(), check.Config{Settings: s, Web: web.Client().Transport}, func(check.Finding) {})
		if !slices.ContainsFunc(all, func(f check.Finding) bool {
			return f.Check == "webhook" && f.State == check.OK && strings.Contains(f.Text, want)
		}) {
			t.Errorf("status %d: found %+v", status, all)
		}
	}
}

func TestCheckOfSources(t *testing.T) {
	p := newPlace(t)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/feed.xml":
			fmt.Fprint(w, `<rss version="2.0"><channel><title>F</title><item><title>Old</title><pubDate>Fri, 06 Nov 2026 09:00:00 GMT</pubDate><description>x</description></item>`+
				`<item><title>Young</title><pubDate>Fri, 20 Nov 2026 09:00:00 GMT</pubDate><description>y</description></item></channel></rss>`)
		case "/index.html":
			fmt.Fprint(w, `<html><body><a class="issue" href="/1">One</a><a class="issue" href="/2">Two</a></body></html>`)
		default:
			http.NotFound(w, r)
		}
	}))
	defer web.Close()
	empty, broken := filepath.Join(p.dir, "empty"), filepath.Join(p.dir, "broken")
	for _, dir := range []string{empty, broken} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	writeSettled(t, broken, "8.md", "---\ntitle: [\n---\n")
	found, _ := p.check(t, nil, "--allow-private-sources", "--source="+empty, "--source="+broken, "--source="+web.URL+"/feed.xml",
		"--source="+web.URL+`/index.html link="a.issue"`, "--source="+web.URL+`/index.html?2 link="a.none" name=none`, "--source="+web.URL+"/gone.xml")
	mustFind(t, "empty folder", found, check.Warning, "source "+empty, "no documents", "--include")
	mustFind(t, "broken document", found, check.Failed, "source "+broken, "8.md, cannot be read", "front matter")
	mustFind(t, "feed", found, check.OK, "source "+web.URL+"/feed.xml", "2 entries", `"Young" of 20 November 2026`)
	mustFind(t, "index", found, check.Failed, "source none", "no such links")
	mustFind(t, "links", found, check.OK, "source "+web.URL+"/index.html", "2 links to issues")
	mustFind(t, "gone", found, check.Failed, "source "+web.URL+"/gone.xml", "404", "digestbot preview")
	if private, _ := p.check(t, nil, "--source="+web.URL+"/feed.xml"); len(private[check.Failed]) == 0 {
		t.Error("a private address was fetched")
	}
}

func TestCheckOfTheListener(t *testing.T) {
	p := newPlace(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for conn, err := listener.Accept(); err == nil; conn, err = listener.Accept() {
			conn.Close()
		}
	}()
	found, _ := p.check(t, nil, "--listen="+listener.Addr().String())
	mustFind(t, "taken", found, check.Failed, "listen", "is taken", "choose another address")
	found, _ = p.check(t, nil, "--listen=192.0.2.1:8080")
	mustFind(t, "of another machine", found, check.Failed, "listen", "an address of this machine")
}

// Who cannot look at the database is not told that another program listens.
func TestCheckOfTheListenerByAStranger(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	noFolder := write(t, t.TempDir(), "file", "")
	s := settings.Settings{Token: fakeToken, APIURL: server.URL, Database: filepath.Join(noFolder, "test.db"), Listen: server.Listener.Addr().String()}
	all := check.Run(t.Context(), check.Config{Settings: s}, func(check.Finding) {})
	if i := slices.IndexFunc(all, func(f check.Finding) bool { return f.Check == "listen" }); all[i].State != check.Warning || !strings.Contains(all[i].Text, "cannot tell") {
		t.Errorf("found %+v", all)
	}
}

// What root may open says nothing of what the user of the bot may.
func TestCheckByRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root, to give files away")
	}
	p := newPlace(t).withDatabase(t)
	const nobody = 65534
	if err := os.Chown(p.database(), nobody, nobody); err != nil {
		t.Fatal(err)
	}
	found, end := p.check(t, nil)
	mustFind(t, "of another user", found, check.Warning, "database", "root may open all files", "sudo -u nobody digestbot check")
	if end != 0 {
		t.Errorf("check ends with %d: %v", end, found)
	}
}

// Beside a running bot the checks find it, and do not disturb it.
func TestCheckBesideARunningBot(t *testing.T) {
	t.Parallel()
	p := newPlace(t).withDatabase(t)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	public := []string{"--listen=" + address, "--public-url=http://" + address + "/weekly/"}
	running := startProgram(t, slices.Concat(p.args, public)...)
	running.line("connected to Telegram")
	p.asks("/help", "/subscribe")
	found, end := p.check(t, nil, public...)
	mustFind(t, "database", found, check.OK, "database", fmt.Sprintf("a bot runs with it (process %d)", running.run.Process.Pid))
	mustFind(t, "listen", found, check.OK, "listen", "the bot that runs is healthy")
	mustFind(t, "public", found, check.OK, "public-url", "answers in")
	mustFind(t, "files", found, check.OK, "open files", "the bot that runs may have")
	if end != 0 {
		t.Errorf("check ends with %d: %v", end, found)
	}
	found, _ = p.check(t, nil, "--listen=127.0.0.1:1")
	mustFind(t, "other settings", found, check.Failed, "listen", "does not listen at 127.0.0.1:1", "start it again")
	p.asks("/latest", "Bold paragraph.") // it works as before
	if log := running.log.String(); strings.Contains(log, "level=WARN") || strings.Contains(log, "level=ERROR") {
		t.Errorf("the bot was disturbed:\n%s", log)
	}
}

// Whatever never answers is given up, and the others are checked meanwhile.
func TestCheckGivesUpWhatHangs(t *testing.T) {
	t.Parallel()
	asked, end := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(asked)
		<-end
	}))
	defer server.Close()
	defer close(end)
	var order []string
	s := settings.Settings{Token: fakeToken, APIURL: server.URL, Database: filepath.Join(t.TempDir(), "test.db")}
	all := check.Run(t.Context(), check.Config{Settings: s, Patience: time.Millisecond}, func(f check.Finding) { order = append(order, f.Check) })
	<-asked
	if i := slices.IndexFunc(all, func(f check.Finding) bool { return f.Check == "token" }); all[i].State != check.Failed || !strings.HasPrefix(all[i].Text, "given up: there was no answer in 1ms") {
		t.Errorf("found %+v", all)
	}
	if i := slices.IndexFunc(all, func(f check.Finding) bool { return f.Check == "database" }); all[i].State != check.Warning || !slices.IsSortedFunc(order, func(a, b string) int { return slices.Index(checkOrder, a) - slices.Index(checkOrder, b) }) {
		t.Errorf("found in the order %q: %+v", order, all)
	}
}

var checkOrder = []string{"settings", "token", "clock", "proxy", "admins", "webhook", "database", "disk", "backups", "schedule", "source", "listen", "public-url", "open files"}

// Each finding is one line, whatever others have written, and colours are for terminals.
func TestTextOfCheck(t *testing.T) {
	p := newPlace(t).withDatabase(t)
	got := runWith(t, []string{"DIGESTBOT_TOKEN=" + fakeToken}, "", append([]string{"check"}, p.args...)...)
	lines := strings.Split(strings.TrimSpace(got.out), "\n")
	for _, line := range lines {
		if state, _, _ := strings.Cut(line, " "); !slices.Contains([]string{"ok", "warning", "failed", "skipped"}, state) || strings.Contains(line, "\x1b") {
			t.Errorf("the line %q is no finding", line)
		}
	}
	if got.failure != nil || len(lines) < 12 {
		t.Errorf("check printed %d lines, %v:\n%s", len(lines), got.failure, got.out)
	}
	var b strings.Builder
	f := check.Finding{Check: "source", Subject: "a", State: check.Failed, Text: "x\nok\x1b[2J", Cure: "y"}
	if err := f.WriteText(&b, true); err != nil || b.String() != "\x1b[31mfailed  \x1b[0m source     a: x ok [2J → y\n" {
		t.Errorf("WriteText = %q, %v", b.String(), err)
	}
	if keys := slices.Sorted(maps.Keys(jsonOf(t, f))); !slices.Equal(keys, []string{"check", "cure", "state", "subject", "text"}) {
		t.Errorf("the JSON of a finding has %q; programs read these names", keys)
	}
}

func jsonOf(t *testing.T, value any) (keys map[string]any) {
	t.Helper()
	data, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(data, &keys)
	}
	if err != nil {
		t.Fatal(err)
	}
	return keys
}
