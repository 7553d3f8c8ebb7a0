package bot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/bot"
	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/storetest"
)

// world is a Telegram with people in it and a running bot, on a bubble's clock.
type world struct {
	t      *testing.T
	sim    *telegramsim.Sim
	store  *subscribers.Store
	path   string // of the database
	config bot.Config
	bot    *bot.Bot
	hook   atomic.Pointer[http.Handler] // where Telegram's webhook leads; nil: nowhere
	log    logBuffer
	stop   func() // ends the bot; the second time it does nothing
	early  int    // messages that may have been under way when a wait was ordered

	admin *telegramsim.Person
	ann   *telegramsim.Person // reads English
	li    *telegramsim.Person // reads Chinese
}

// logBuffer is a log that handlers write to at the same time.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

const adminID = 77

// inWorld runs test in a bubble with a bot that has started.
func inWorld(t *testing.T, test func(w *world)) {
	t.Helper()
	inWorldToStart(t, func(w *world) {
		w.start()
		test(w)
	})
}

// inDays is inWorld for a test in which days pass. Telegram calls the bot by its webhook, for
// otherwise the bot's polls, every 50 seconds, are what takes the time.
func inDays(t *testing.T, test func(w *world)) {
	t.Helper()
	withWebhook(t, func(w *world) {
		w.start()
		test(w)
	})
}

// inWorldToStart is inWorld with a bot that has not started. A bubble has a clock of its own, so
// several worlds turn at once.
func inWorldToStart(t *testing.T, test func(w *world)) {
	t.Helper()
	if _, has := worlds.LoadOrStore(t, true); !has {
		t.Parallel()
	}
	synctest.Test(t, func(t *testing.T) { test(newWorld(t)) })
}

// worlds holds the tests that have had one: a test may have several, one after the other.
var worlds sync.Map

// newWorld makes a world whose bot has not started, in a Telegram with options
// that change has changed.
func newWorld(t *testing.T, change ...func(*telegramsim.Options)) *world {
	t.Helper()
	w := &world{t: t, stop: func() {}}
	options := telegramsim.Options{
		OnSend: func(m telegramsim.Message) { checkText(t, m.HTML) }, Webhooks: roundTrip(w.bring),
	}
	for _, f := range change {
		f(&options)
	}
	w.sim = telegramsim.ForTest(t, options)
	t.Cleanup(w.sim.Close)
	w.path = filepath.Join(t.TempDir(), "digestbot.db")
	store, err := storetest.Open(t.Context(), w.path)
	if err != nil {
		t.Fatal(err)
	}
	w.store = store
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	w.config = bot.Config{
		Token: w.sim.Token(), HTTPClient: w.sim.Client(), Store: store, Admins: []int64{adminID}, Location: time.UTC,
		Log:     slog.New(slog.NewTextHandler(&w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		NextRun: nextFriday,
	}
	w.admin = w.sim.NewPerson("Ada", telegramsim.Language("en"), telegramsim.WithID(adminID))
	w.ann = w.sim.NewPerson("Ann", telegramsim.Language("en"))
	w.li = w.sim.NewPerson("Li", telegramsim.Language("zh-hans"))
	t.Cleanup(func() {
		w.stop()
		if _, secret, _ := strings.Cut(w.sim.Token(), ":"); strings.Contains(w.log.String(), secret) {
			t.Error("the token is in the log")
		}
		if n := w.sim.Stats().Early; n > w.early {
			t.Errorf("%d messages came before a wait was over", n)
		}
		if t.Failed() {
			t.Log(w.log.String())
		}
	})
	return w
}

// nextFriday returns the first Friday at 09:00 UTC after a time.
func nextFriday(after time.Time) time.Time {
	at := time.Date(2000, 1, 7, 9, 0, 0, 0, time.UTC)
	for !at.After(after) {
		at = at.AddDate(0, 0, 7)
	}
	return at
}

// checkText finds what a text with a missing key or value looks like.
func checkText(t *testing.T, text string) {
	for _, odd := range []string{"<no value>", "&lt;no value", "{{", "%!"} {
		if strings.Contains(text, odd) {
			t.Errorf("message %q contains %q", text, odd)
		}
	}
}

// start begins a life of the program, which must end without an error.
func (w *world) start() {
	w.t.Helper()
	ended := w.launch()
	end := w.stop
	w.stop = sync.OnceFunc(func() {
		end()
		if err := <-ended; err != nil {
			w.t.Errorf("Run = %v, want nil", err)
		}
	})
	w.settle()
}

// launch begins a life of the program and returns how it ends.
func (w *world) launch() <-chan error {
	w.t.Helper()
	b, err := bot.New(w.config)
	if err != nil {
		w.t.Fatal(err)
	}
	w.bot = b
	handler := b.Handler()
	w.hook.Store(&handler)
	ctx, cancel := context.WithCancel(w.t.Context())
	w.stop = cancel
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	return ended
}

// settle lets everything under way come to rest.
func (w *world) settle() { w.pass(10 * time.Second) }

func (w *world) pass(d time.Duration) {
	time.Sleep(d) // the bubble's clock
	synctest.Wait()
}

// said returns what the bot sends to a chat while f runs and until all is
// quiet.
func (w *world) said(chat *telegramsim.Chat, f func()) []telegramsim.Message {
	w.t.Helper()
	before := len(chat.FromBot())
	f()
	w.settle()
	return chat.FromBot()[before:]
}

// tell makes a person write in private and returns the bot's only answer.
func (w *world) tell(p *telegramsim.Person, text string) telegramsim.Message {
	w.t.Helper()
	return w.one(p.Chat(), func() { p.Write(text) })
}

// one is said for exactly one message.
func (w *world) one(chat *telegramsim.Chat, f func()) telegramsim.Message {
	w.t.Helper()
	said := w.said(chat, f)
	if len(said) != 1 {
		w.t.Fatalf("the bot said %q, want one message", texts(said))
	}
	return said[0]
}

func texts(messages []telegramsim.Message) []string {
	var all []string
	for _, m := range messages {
		all = append(all, m.Text)
	}
	return all
}

// press presses a button and returns the popup and the message afterwards.
func (w *world) press(p *telegramsim.Person, m telegramsim.Message, button string) (telegramsim.Answer, telegramsim.Message) {
	w.t.Helper()
	q, err := p.Press(m, button)
	if err != nil {
		w.t.Fatalf("%v; the message is %q with %v", err, m.Text, labels(m))
	}
	return w.afterwards(q, m)
}

func (w *world) afterwards(q *telegramsim.Query, m telegramsim.Message) (telegramsim.Answer, telegramsim.Message) {
	w.t.Helper()
	w.settle()
	answer, ok := q.Answer()
	if !ok {
		w.t.Fatalf("the press of %q was not answered", q.Data)
	}
	now, _ := w.sim.Chat(m.Chat).Message(m.ID)
	return answer, now
}

// labels are the texts of a message's buttons, row by row.
func labels(m telegramsim.Message) []string {
	var rows []string
	for _, row := range m.Keyboard {
		var texts []string
		for _, b := range row {
			texts = append(texts, b.Text)
		}
		rows = append(rows, strings.Join(texts, " | "))
	}
	return rows
}

// sendNow has the admin broadcast the newest issue, and returns the live report after a
// while.
func (w *world) sendNow(after time.Duration) telegramsim.Message {
	w.t.Helper()
	question := w.tell(w.admin, "/broadcast")
	if _, err := w.admin.Press(question, "📣 Send now"); err != nil {
		w.t.Fatal(err)
	}
	w.pass(after)
	m, _ := w.admin.Chat().Message(question.ID)
	return m
}

// sendAll has the admin broadcast the newest issue, and returns the broadcast when it is over.
func (w *world) sendAll() subscribers.Broadcast {
	w.t.Helper()
	w.press(w.admin, w.tell(w.admin, "/broadcast"), "📣 Send now")
	return w.finished()
}

// groupOfAnn is a supergroup of Ann alone in which the bot is a member.
func (w *world) groupOfAnn() *telegramsim.Chat {
	w.t.Helper()
	group := w.sim.NewSupergroup("Friends", w.ann)
	w.said(group, func() { group.AddBot(w.ann) })
	return group
}

// changePolls lets change read and replace the answers to polls for updates.
func (w *world) changePolls(change func(body string) string) {
	w.config.HTTPClient = roundTrip(func(r *http.Request) (*http.Response, error) {
		resp, err := w.sim.Client().Do(r)
		if err != nil || !strings.HasSuffix(r.URL.Path, "/getUpdates") {
			return resp, err
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body = io.NopCloser(strings.NewReader(change(string(body))))
		return resp, err
	})
}

// issue archives an issue with the sections.
func (w *world) issue(number int, sections ...string) archive.Issue {
	w.t.Helper()
	issue := &digest.Issue{
		Key: fmt.Sprint(number), Number: number, Title: fmt.Sprintf("Weekly <%d>", number),
		Date: time.Date(2021, 11, 19, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 7*(number-179)),
	}
	for _, name := range sections {
		issue.Sections = append(issue.Sections, sectionOf(name, "About "+name))
	}
	row, _, err := w.store.SaveIssue(w.t.Context(), issue, "issue.md", fmt.Appendf(nil, "%d %q", number, sections))
	if err != nil {
		w.t.Fatal(err)
	}
	return row
}

// sectionOf is a section with an item for each text.
func sectionOf(name string, items ...string) digest.Section {
	s := digest.Section{Key: digest.SectionKey(name), Name: name}
	for _, text := range items {
		s.Items = append(s.Items, digest.Item{Title: []digest.Span{{Text: text}}})
	}
	return s
}

// state is the state of a chat's subscription; empty: the chat is not known.
func (w *world) state(chat int64, thread int) subscribers.State {
	w.t.Helper()
	sub, err := w.store.Subscriber(w.t.Context(), chat, thread)
	if err != nil {
		return ""
	}
	return sub.State
}

func (w *world) wantState(chat int64, want subscribers.State) {
	w.t.Helper()
	if got := w.state(chat, 0); got != want {
		w.t.Errorf("chat %d is %q, want %q", chat, got, want)
	}
}

// wantAllHandled checks that no update waits.
func (w *world) wantAllHandled() {
	w.t.Helper()
	left, err := w.store.UnhandledUpdates(w.t.Context())
	if err != nil || len(left) != 0 {
		w.t.Errorf("UnhandledUpdates = %d, %v, want none", len(left), err)
	}
}

func (w *world) wantNoBroadcast() {
	w.t.Helper()
	if _, err := w.store.LastBroadcast(w.t.Context()); !errors.Is(err, subscribers.ErrNotFound) {
		w.t.Errorf("LastBroadcast = %v, want none", err)
	}
}

func wantText(t testing.TB, m telegramsim.Message, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(m.Text, part) {
			t.Errorf("message is %q, want %q in it", m.Text, part)
		}
	}
}

// roundTrip is an HTTP client made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) Do(r *http.Request) (*http.Response, error) { return f(r) }

var _ tg.HttpClient = roundTrip(nil)
