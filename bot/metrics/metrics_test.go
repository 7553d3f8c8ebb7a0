package metrics_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"digestbot/bot"
	"digestbot/bot/metrics"
	"digestbot/bot/ping"
	"digestbot/bot/sourcing"
	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/scheduler"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/intake"
	"digestbot/subscribers/intake/sourceline"
	"digestbot/subscribers/sourcestore"
	"digestbot/subscribers/storetest"
)

// watch is what there is to know of two sources that are called the same.
type watch struct{ sourcing.Watch }

func (watch) Standings(context.Context) ([]intake.Standing, error) {
	at := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	line := sourceline.Line{Address: "https://u:secret@www.example.org/feed?key=secret"}
	return []intake.Standing{
		{Line: line, Source: sourcestore.Source{ID: 1, Looked: at, Succeeded: at, Issue: 1}, Waiting: 3},
		{Line: line, Source: sourcestore.Source{ID: 2, Looked: at, Failures: 4, Fault: "is gone", Issue: 99}},
	}, nil
}

// world is a bot that runs, in a bubble, with what answers for /metrics.
type world struct {
	t     *testing.T
	sim   *telegramsim.Sim
	store *subscribers.Store
	bot   *bot.Bot
	page  http.Handler
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, sim: telegramsim.ForTest(t, telegramsim.Options{})}
	t.Cleanup(w.sim.Close)
	store, err := storetest.Open(t.Context(), filepath.Join(t.TempDir(), "digestbot.db"))
	if err != nil {
		t.Fatal(err)
	}
	w.store = store
	t.Cleanup(func() { store.Close() })
	log := slog.New(slog.DiscardHandler)
	round := time.Now
	if w.bot, err = bot.New(bot.Config{Token: w.sim.Token(), HTTPClient: w.sim.Client(), Store: store, Location: time.UTC, Log: log, LastRound: round}); err != nil {
		t.Fatal(err)
	}
	schedule, err := scheduler.Parse("0 9 * * FRI", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	w.page = metrics.New(metrics.Config{
		Bot: w.bot, Store: store, Schedule: schedule, LastRound: round, Log: log, Sources: func() sourcing.Watch { return watch{} }, NextLook: func(at time.Time) time.Time { return at.Add(7 * 24 * time.Hour) }, Pinger: ping.New(ping.Config{}),
		Build: metrics.Build{Version: "1.2.3", Commit: "abc", Go: "go1.26", SQLite: "3.50", BotAPI: "10.3"},
	})
	return w
}

// start lets the bot run until the test ends.
func (w *world) start() {
	ctx, stop := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.bot.Run(ctx) }()
	w.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
	})
	time.Sleep(10 * time.Second)
	synctest.Wait()
}

// scrape returns what /metrics answers.
func (w *world) scrape() string {
	w.t.Helper()
	time.Sleep(10 * time.Second) // so that the database is counted anew
	synctest.Wait()
	r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	r.RemoteAddr = "127.0.0.1:1234"
	answer := httptest.NewRecorder()
	w.page.ServeHTTP(answer, r)
	if answer.Code != http.StatusOK {
		w.t.Fatalf("/metrics: %d %s", answer.Code, answer.Body)
	}
	return answer.Body.String()
}

// values returns the program's own figures, by name and labels.
func values(t *testing.T, page string) map[string]float64 {
	t.Helper()
	all := map[string]float64{}
	for line := range strings.Lines(page) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if strings.Contains(line, `="`) { // a value may have a space in it
			i := strings.LastIndexByte(strings.TrimSpace(line), ' ')
			name, value = line[:i], strings.TrimSpace(line[i:])
		}
		if !strings.HasPrefix(name, "digestbot_") {
			continue
		}
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		all[name] = n
	}
	return all
}

func wantValues(t *testing.T, when, page string, want map[string]float64) {
	t.Helper()
	got := values(t, page)
	for name, value := range want {
		if v, ok := got[name]; !ok || v != value {
			t.Errorf("%s: %s is %v (%t), want %v", when, name, v, ok, value)
		}
	}
}

// issue archives an issue of a cover and two sections.
func (w *world) issue() archive.Issue {
	w.t.Helper()
	one := &digest.Issue{Key: "1", Number: 1, Title: "Weekly", Date: time.Now()}
	for _, name := range []string{"News", "Tools"} {
		one.Sections = append(one.Sections, digest.Section{Key: digest.SectionKey(name), Name: name, Items: []digest.Item{{Title: []digest.Span{{Text: name}}}}})
	}
	row, _, err := w.store.SaveIssue(w.t.Context(), one, "1.md", []byte("1"))
	if err != nil {
		w.t.Fatal(err)
	}
	return row
}

// The figures of a broadcast agree with its books, before, within and after it, also if they
// are those of a bot that has started only since.
func TestFiguresOfABroadcast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		began := float64(time.Now().Unix())
		const last = "digestbot_schedule_last_run_timestamp_seconds"
		wantValues(t, "before the start", w.scrape(), map[string]float64{"digestbot_healthy": 0, "digestbot_start_timestamp_seconds": began, last: 0, "digestbot_telegram_last_answer_timestamp_seconds": 0})
		w.start()
		var people []*telegramsim.Person
		for i := range 12 {
			people = append(people, w.sim.NewPerson(fmt.Sprintf("Reader %d", i)))
			people[i].Write("/subscribe")
			time.Sleep(3 * time.Second)
		}
		synctest.Wait()
		issue := w.issue()
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Forbidden: bot was blocked by the user", Chat: people[0].ID(), Methods: []string{"sendMessage"}})
		w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Refuse, Refusal: "Bad Request: something new", Chat: people[1].ID(), Methods: []string{"sendMessage"}})
		due := time.Now().Truncate(time.Second)
		if err := w.bot.RunSchedule(t.Context(), due); err != nil {
			t.Fatal(err)
		}
		time.Sleep(1500 * time.Millisecond)
		within := values(t, w.scrapeNow())
		if within[`digestbot_broadcast_readers{state="waiting"}`] == 0 || within[`digestbot_broadcast_messages{outcome="sent"}`] == 0 {
			t.Errorf("within the broadcast: %v, want some readers who wait and some messages that are sent", within)
		}
		w.agrees("within the broadcast", within, issue)
		page := w.scrape()
		after := values(t, page)
		w.agrees("after the broadcast", after, issue)
		wantValues(t, "after the broadcast", page, map[string]float64{
			"digestbot_healthy": 1, last: float64(due.Unix()), "digestbot_schedule_last_good_run_timestamp_seconds": 0, // somebody failed
			`digestbot_broadcast_state{state="done"}`: 1, `digestbot_schedule_last_run_outcome{outcome="started"}`: 1,
			`digestbot_broadcast_readers{state="failed"}`: 1, `digestbot_broadcast_readers{state="gone"}`: 1, `digestbot_broadcast_readers{state="done"}`: 10,
			`digestbot_subscribers{state="on"}`: 11, `digestbot_subscribers{state="gone"}`: 1, `digestbot_broadcasts_unbalanced`: 0,
			`digestbot_messages_total{lane="deliveries",outcome="gone"}`: 1, `digestbot_messages_total{lane="deliveries",outcome="sent"}`: 30,
			`digestbot_message_duration_seconds_count{lane="deliveries"}`: 34, `digestbot_updates_received_total{kind="message"}`: 12,
			`digestbot_source_up{source="example.org"}`: 1, `digestbot_source_up{source="example.org (2)"}`: 0, `digestbot_source_failures{source="example.org (2)"}`: 4,
			`digestbot_source_waiting_entries{source="example.org"}`: 3, `digestbot_source_look_due_timestamp_seconds{source="example.org"}`: float64(time.Date(2026, 12, 4, 8, 0, 0, 0, time.UTC).Unix()), `digestbot_issues`: 1, `digestbot_database_readable`: 1,
			`digestbot_build_info{bot_api="10.3",commit="abc",goversion="go1.26",sqlite="3.50",version="1.2.3"}`: 1,
		})
		if after["digestbot_source_last_issue_timestamp_seconds{source=\"example.org\"}"] == 0 || after["digestbot_file_size_bytes{file=\"database\"}"] == 0 {
			t.Error("the issue of a source or the size of the database is not known")
		}
		if strings.Contains(page, "secret") || strings.Contains(page, w.sim.Token()) || strings.Contains(page, strconv.FormatInt(people[2].ID(), 10)) || strings.Contains(page, "Reader 2") {
			t.Error("a figure has a password, the token or a person in it")
		}
		restarted := newBotOn(t, w)
		w.agrees("after a restart", values(t, restarted), issue)
	})
}

// scrapeNow is scrape without a wait.
func (w *world) scrapeNow() string {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	r.RemoteAddr = "[::1]:1234"
	answer := httptest.NewRecorder()
	w.page.ServeHTTP(answer, r)
	return answer.Body.String()
}

// newBotOn scrapes a bot that was only made, with the same database.
func newBotOn(t *testing.T, w *world) string {
	t.Helper()
	b, err := bot.New(bot.Config{Token: w.sim.Token(), HTTPClient: w.sim.Client(), Store: w.store, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	other := &world{t: t, page: metrics.New(metrics.Config{Bot: b, Store: w.store, Log: slog.New(slog.DiscardHandler)})}
	return other.scrapeNow()
}

// agrees checks that the figures add up to what the broadcast has to send, and that what the
// books know is in them.
func (w *world) agrees(when string, got map[string]float64, issue archive.Issue) {
	w.t.Helper()
	b, err := w.store.BroadcastSince(w.t.Context(), issue.ID, time.Unix(0, 0))
	if err != nil {
		w.t.Fatal(err)
	}
	books, err := w.store.Books(w.t.Context(), b.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	var messages, readers float64
	for _, outcome := range subscribers.Outcomes {
		n := got[`digestbot_broadcast_messages{outcome="`+string(outcome)+`"}`]
		messages += n
		if int(n) != books.Sum(outcome) && b.State == subscribers.Done {
			w.t.Errorf("%s: %v messages are %s, %d by the books", when, n, outcome, books.Sum(outcome))
		}
	}
	for name, n := range got {
		if strings.HasPrefix(name, "digestbot_broadcast_readers{") {
			readers += n
		}
	}
	if int(messages) != b.Subscribers*b.Messages || messages != got["digestbot_broadcast_messages_expected"] || int(readers) != b.Subscribers {
		w.t.Errorf("%s: there are %v messages and %v readers, %v expected, want %d × %d", when, messages, readers, got["digestbot_broadcast_messages_expected"], b.Subscribers, b.Messages)
	}
}

// Prometheus has rules for names and units, and docs/metrics.md lists all figures.
func TestFiguresAreNamedWellAndDocumented(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		w.issue()
		w.sim.NewPerson("Ann").Write("/subscribe")
		time.Sleep(10 * time.Second)
		if err := w.bot.RunSchedule(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
		page := w.scrape()
		problems, err := promlint.New(strings.NewReader(page)).Lint()
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range problems {
			if strings.HasPrefix(p.Metric, "digestbot_") {
				t.Errorf("%s: %s", p.Metric, p.Text)
			}
		}
		want, got := documented(t), listed(page)
		for _, only := range []string{"digestbot_webhook_pending_updates gauge", "digestbot_webhook_last_error_timestamp_seconds gauge"} { // with a webhook
			got[only] = want[only]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("docs/metrics.md does not say what there is (-docs +program):\n%s", diff)
		}
	})
}

// documented returns the rows of docs/metrics.md: name and type, with the labels.
func documented(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	row := regexp.MustCompile("(?m)^\\| `(digestbot_[a-z_]+)` \\| ([a-z]+) \\| ([^|]*) \\| [^|]+ \\|$")
	for _, m := range row.FindAllStringSubmatch(string(text), -1) {
		all[m[1]+" "+m[2]] = strings.Join(regexp.MustCompile("[a-z_]+").FindAllString(strings.ReplaceAll(m[3], "none", ""), -1), " ")
	}
	if len(all) < 40 {
		t.Fatalf("docs/metrics.md has %d rows; is this test looking in the right place?", len(all))
	}
	return all
}

// listed returns what a page has: name and type, with the labels in alphabetical order.
func listed(page string) map[string]string {
	all := map[string]string{}
	kind, name := "", ""
	label := regexp.MustCompile(`([a-z_]+)="`)
	for lines := bufio.NewScanner(strings.NewReader(page)); lines.Scan(); {
		if of, ok := strings.CutPrefix(lines.Text(), "# TYPE "); ok {
			name, kind, _ = strings.Cut(of, " ")
			continue
		}
		if !strings.HasPrefix(name, "digestbot_") || strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		var labels []string
		for _, m := range label.FindAllStringSubmatch(lines.Text(), -1) {
			if m[1] != "le" {
				labels = append(labels, m[1])
			}
		}
		all[name+" "+kind] = strings.Join(labels, " ")
	}
	return all
}

// Only those who ask from a private network see the figures, and not through a proxy that
// passes on what the internet asks.
func TestOutsidersSeeNoFigures(t *testing.T) {
	page := metrics.New(metrics.Config{Log: slog.New(slog.DiscardHandler)})
	for _, test := range []struct {
		from, header string
		method       string
		want         int
	}{
		{"127.0.0.1:1", "", http.MethodPost, http.StatusMethodNotAllowed}, // which is an answer
		{"[::1]:1", "", http.MethodPost, http.StatusMethodNotAllowed},
		{"192.168.7.7:1", "", http.MethodPost, http.StatusMethodNotAllowed},
		{"[::ffff:10.1.2.3]:1", "", http.MethodPost, http.StatusMethodNotAllowed},
		{"[fe80::1%eth0]:1", "", http.MethodPost, http.StatusMethodNotAllowed},
		{"[fd00::1]:1", "", http.MethodPost, http.StatusMethodNotAllowed},
		{"100.100.1.1:1", "", http.MethodPost, http.StatusMethodNotAllowed},
		{"8.8.8.8:1", "", http.MethodGet, http.StatusNotFound},
		{"[2001:4860::1]:1", "", http.MethodGet, http.StatusNotFound},
		{"", "", http.MethodGet, http.StatusNotFound},
		{"127.0.0.1:1", "X-Forwarded-For", http.MethodGet, http.StatusNotFound},
		{"127.0.0.1:1", "Forwarded", http.MethodGet, http.StatusNotFound},
		{"127.0.0.1:1", "X-Real-IP", http.MethodGet, http.StatusNotFound},
		{"127.0.0.1:1", "Via", http.MethodGet, http.StatusNotFound},
	} {
		r := httptest.NewRequest(test.method, "/metrics", nil)
		r.RemoteAddr = test.from
		if test.header != "" {
			r.Header.Set(test.header, "127.0.0.1")
		}
		answer := httptest.NewRecorder()
		page.ServeHTTP(answer, r)
		if answer.Code != test.want {
			t.Errorf("%+v: answered %d", test, answer.Code)
		}
	}
}

// populate makes subscribers, all of whom have got the same issue.
func populate(b testing.TB, store *subscribers.Store, many int) {
	b.Helper()
	change := func(query string, args ...any) {
		b.Helper()
		if err := store.ChangePreferences(b.Context(), func(tx *sql.Tx) error {
			_, err := tx.ExecContext(b.Context(), query, args...)
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
	change(`
		WITH RECURSIVE ids (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id < ?)
		INSERT INTO subscribers (chat_id, kind, state, created_at, updated_at)
		SELECT 1000000 + id, 'private', 'on', 0, 0 FROM ids`, many)
	row, _, err := store.SaveIssue(b.Context(), &digest.Issue{Key: "1", Number: 1, Title: "Weekly"}, "1.md", []byte("1"))
	if err != nil {
		b.Fatal(err)
	}
	broadcast, err := store.StartBroadcast(b.Context(), row.ID, subscribers.InPrivate(1))
	if err != nil {
		b.Fatal(err)
	}
	change("UPDATE deliveries SET state = 'done', sent = ?1, next_message = ?1", broadcast.Messages)
	if _, err := store.FinishBroadcast(b.Context(), broadcast.ID); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkScrape measures a scrape beside 100,000 subscribers, who have the last issue: when
// nothing has changed since the last one, and when everything is counted anew.
func BenchmarkScrape(b *testing.B) {
	const many = 100_000
	store, err := storetest.Open(b.Context(), filepath.Join(b.TempDir(), "digestbot.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	populate(b, store, many)
	sim := telegramsim.ForTest(b, telegramsim.Options{})
	defer sim.Close()
	log := slog.New(slog.DiscardHandler)
	robot, err := bot.New(bot.Config{Token: sim.Token(), HTTPClient: sim.Client(), Store: store, Log: log})
	if err != nil {
		b.Fatal(err)
	}
	scrape := func(page http.Handler) {
		r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		r.RemoteAddr = "127.0.0.1:1"
		answer := httptest.NewRecorder()
		if page.ServeHTTP(answer, r); answer.Code != http.StatusOK || !strings.Contains(answer.Body.String(), `digestbot_subscribers{state="on"} 100000`) {
			b.Fatalf("%d %s", answer.Code, answer.Body)
		}
	}
	b.Run("unchanged", func(b *testing.B) {
		page := metrics.New(metrics.Config{Bot: robot, Store: store, Log: log})
		scrape(page)
		for b.Loop() {
			scrape(page)
		}
	})
	b.Run("counted anew", func(b *testing.B) {
		for b.Loop() {
			scrape(metrics.New(metrics.Config{Bot: robot, Store: store, Log: log}))
		}
	})
	b.Run("first after a start", func(b *testing.B) {
		for b.Loop() {
			again, err := bot.New(bot.Config{Token: sim.Token(), HTTPClient: sim.Client(), Store: store, Log: log})
			if err != nil {
				b.Fatal(err)
			}
			scrape(metrics.New(metrics.Config{Bot: again, Store: store, Log: log}))
		}
	})
}

// What the last run led to is not said of a newer run that has not taken place.
func TestOutcomeIsOfTheLastRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		if _, err := w.store.RunSchedule(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
		const none = `digestbot_schedule_last_run_outcome{outcome="no_issue"}`
		wantValues(t, "after the run", w.scrape(), map[string]float64{none: 1})
		time.Sleep(8 * 24 * time.Hour)
		wantValues(t, "after the next was due", w.scrape(), map[string]float64{none: 0})
	})
}
