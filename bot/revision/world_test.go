package revision_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/bot/rendition"
	"digestbot/bot/revision"
	"digestbot/bot/sender"
	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/storetest"
)

// world is a Telegram with a bot that delivers and revises, on the clock of a bubble.
type world struct {
	t     *testing.T
	sim   *telegramsim.Sim
	path  string
	store *subscribers.Store
	bot   *process
}

// process is one life of the program.
type process struct {
	line        *line
	broadcaster *delivery.Broadcaster
	reviser     *revision.Reviser
	stop        context.CancelFunc
	done        sync.WaitGroup

	mu     sync.Mutex
	events []revision.Event
}

// line is the way to Telegram, which a crash cuts.
type line struct {
	base tg.HttpClient
	cut  atomic.Bool
	life context.Context
	die  context.CancelFunc
}

var errCut = errors.New("the process is dead")

func (l *line) Do(r *http.Request) (*http.Response, error) {
	if l.cut.Load() {
		return nil, errCut
	}
	ctx, cancel := context.WithCancel(r.Context())
	context.AfterFunc(l.life, cancel)
	resp, err := l.base.Do(r.WithContext(ctx))
	if l.cut.Load() { // Telegram has done it, and the process never gets the answer
		return nil, errCut
	}
	return resp, err
}

// inBubble runs test in a world with a bot and readers.
func inBubble(t *testing.T, readers int, test func(t *testing.T, w *world, readers []*telegramsim.Person)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{})
		people := w.readers(readers)
		w.start()
		test(t, w, people)
	})
}

func newWorld(t *testing.T, o telegramsim.Options) *world {
	t.Helper()
	w := &world{t: t, sim: telegramsim.ForTest(t, o), path: filepath.Join(t.TempDir(), "digestbot.db")}
	t.Cleanup(w.sim.Close)
	w.openStore()
	t.Cleanup(func() {
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *world) openStore() {
	w.t.Helper()
	w.store = must(storetest.Open(w.t.Context(), w.path))(w.t)
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// start begins a life of the program.
func (w *world) start() {
	w.t.Helper()
	p := &process{line: &line{base: w.sim.Client()}}
	p.line.life, p.line.die = context.WithCancel(context.Background())
	api := must(tg.New(w.sim.Token(), tg.WithSkipGetMe(), tg.WithHTTPClient(time.Minute, sender.NewClient(p.line))))(w.t)
	log := slog.New(slog.NewTextHandler(w.t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	s := sender.New(api, w.store, sender.Config{Rate: 30, Log: log})
	texts := rendition.Texts{Keyboard: keyboard}
	p.broadcaster = delivery.NewBroadcaster(w.store, s, func(context.Context, delivery.Event) {}, delivery.Config{Log: log, Texts: texts})
	p.reviser = revision.New(w.store, s, p.note, revision.Config{Log: log, Texts: texts, Line: lineText})
	ctx, stop := context.WithCancel(w.t.Context())
	p.stop = stop
	for _, run := range []func(context.Context) error{s.Run, p.broadcaster.Run} {
		p.done.Go(func() {
			if err := run(ctx); err != nil && !errors.Is(err, sender.ErrFatal) {
				w.t.Error(err)
			}
		})
	}
	p.done.Go(func() {
		select {
		case <-p.broadcaster.Ready():
		case <-ctx.Done():
			return
		}
		if err := p.reviser.Run(ctx); err != nil && !errors.Is(err, sender.ErrFatal) {
			w.t.Error(err)
		}
	})
	w.bot = p
	w.t.Cleanup(p.end)
	synctest.Wait() // for the progress file
}

func lineText(_ subscribers.Subscriber, vanished bool) string {
	if vanished {
		return "(taken out)"
	}
	return "(see above)"
}

// keyboard stands under the last message, and unfolds sections of a compact one.
func keyboard(b rendition.Buttons) (rows [][]models.InlineKeyboardButton) {
	button := func(text string) []models.InlineKeyboardButton {
		return []models.InlineKeyboardButton{{Text: text, CallbackData: text}}
	}
	for _, m := range b.Unfolds {
		rows = append(rows, button(fmt.Sprintf("%s of %d", m.Section, b.Edition)))
	}
	if b.Last {
		rows = append(rows, button("end"))
	}
	return rows
}

func (p *process) note(_ context.Context, e revision.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.events = append(p.events, e)
}

// saw returns how many events of a kind there were.
func (p *process) saw(kind revision.EventKind) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.events {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

func (p *process) end() {
	p.stop()
	p.done.Wait()
}

// crash ends the program like SIGKILL, and starts it again.
func (w *world) crash() {
	w.t.Helper()
	synctest.Wait()
	dead, store := w.bot, w.store
	next := filepath.Join(w.t.TempDir(), "digestbot.db")
	for _, suffix := range []string{"", "-wal", "-progress"} {
		content := must(os.ReadFile(w.path + suffix))(w.t)
		if err := os.WriteFile(next+suffix, content, 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
	dead.line.cut.Store(true)
	dead.line.die()
	dead.end()
	if err := store.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.path = next
	w.openStore()
	w.start()
}

// readers adds n people who started the bot and subscribed.
func (w *world) readers(n int) []*telegramsim.Person {
	w.t.Helper()
	people := make([]*telegramsim.Person, n)
	for i := range people {
		people[i] = w.sim.NewPerson(fmt.Sprintf("Reader %d", i+1))
		people[i].Write("/start")
		w.subscribe(subscribers.Chat{ID: people[i].ID(), Kind: subscribers.Private})
	}
	return people
}

func (w *world) subscribe(chat subscribers.Chat) {
	w.t.Helper()
	if _, _, err := w.store.Subscribe(w.t.Context(), chat); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) id(chat int64) int64 {
	w.t.Helper()
	return must(w.store.Subscriber(w.t.Context(), chat, 0))(w.t).ID
}

func (w *world) setLayout(p *telegramsim.Person, layout digest.Layout) {
	w.t.Helper()
	if err := w.store.SetLayout(w.t.Context(), w.id(p.ID()), layout); err != nil {
		w.t.Fatal(err)
	}
}

// issue archives issue 1 with sections, each "name: text" for one with an item of that
// text. A text that ends with "…" goes on for more than a message.
func (w *world) issue(sections ...string) archive.Issue {
	w.t.Helper()
	issue := &digest.Issue{Key: "1", Number: 1, Title: "Weekly 1"}
	for _, s := range sections {
		name, text, _ := strings.Cut(s, ": ")
		if begin, long := strings.CutSuffix(text, "…"); long {
			text = begin + strings.Repeat(" It goes on and on.", 300)
		}
		issue.Sections = append(issue.Sections, section(name, text))
	}
	row, _, err := w.store.SaveIssue(w.t.Context(), issue, "issue.md", fmt.Append(nil, sections))
	if err != nil {
		w.t.Fatal(err)
	}
	return row
}

// numbered archives an issue of six messages with that number, all of which say the text.
func (w *world) numbered(number int, text string) archive.Issue {
	w.t.Helper()
	issue := &digest.Issue{Key: fmt.Sprint(number), Number: number, Title: "Weekly " + text}
	for _, name := range []string{"News", "Tools", "Essays", "Jobs", "Quotes"} {
		issue.Sections = append(issue.Sections, section(name, text))
	}
	row, _, err := w.store.SaveIssue(w.t.Context(), issue, "issue.md", fmt.Append(nil, number, text))
	if err != nil {
		w.t.Fatal(err)
	}
	return row
}

func section(name, text string) digest.Section {
	return digest.Section{Key: digest.SectionKey(name), Name: name, Items: []digest.Item{{
		Title: []digest.Span{{Text: "About " + name}},
		Body:  []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: text}}}},
	}}}
}

// broadcast sends an issue to everybody.
func (w *world) broadcast(issue archive.Issue) {
	w.t.Helper()
	w.startBroadcast(issue)
	w.await("the broadcast", func() bool {
		b := must(w.store.LastBroadcast(w.t.Context()))(w.t)
		return !b.FinishedAt.IsZero()
	})
}

func (w *world) startBroadcast(issue archive.Issue) {
	w.t.Helper()
	if _, err := w.store.StartBroadcast(w.t.Context(), issue.ID, admin); err != nil {
		w.t.Fatal(err)
	}
	w.bot.broadcaster.Wake()
}

var admin = subscribers.InPrivate(1)

// correct starts a correction.
func (w *world) correct(issue archive.Issue) subscribers.Revision {
	w.t.Helper()
	r, started, err := w.store.StartCorrection(w.t.Context(), issue.ID, admin)
	if err != nil || !started {
		w.t.Fatalf("StartCorrection: %v, %v", started, err)
	}
	w.bot.reviser.Wake()
	return r
}

// recall starts a recall.
func (w *world) recall(issue archive.Issue) subscribers.Revision {
	w.t.Helper()
	r, started, err := w.store.StartRecall(w.t.Context(), issue.ID, admin)
	if err != nil || !started {
		w.t.Fatalf("StartRecall: %v, %v", started, err)
	}
	w.bot.broadcaster.Wake()
	w.bot.reviser.Wake()
	return r
}

// await waits until something is true.
func (w *world) await(what string, is func() bool) {
	w.t.Helper()
	for began := time.Now(); !is(); {
		if time.Since(began) > 7*24*time.Hour {
			w.t.Fatalf("waited for %s in vain", what)
		}
		time.Sleep(max(100*time.Millisecond, time.Since(began)/100))
	}
}

// over waits for the end of a revision and returns its books, which must balance.
func (w *world) over(r subscribers.Revision) subscribers.RevisionBooks {
	w.t.Helper()
	w.await("the revision", func() bool {
		return !must(w.store.Revision(w.t.Context(), r.ID))(w.t).FinishedAt.IsZero()
	})
	books := must(w.store.RevisionBooks(w.t.Context(), r.ID))(w.t)
	if err := books.Check(); err != nil {
		w.t.Errorf("books %+v: %v", books, err)
	}
	return books
}

// wantBooks checks how many messages have an outcome; all others must be 0.
func wantBooks(t *testing.T, b subscribers.RevisionBooks, want map[subscribers.Outcome]int) {
	t.Helper()
	got := make(map[subscribers.Outcome]int)
	for _, e := range b.Entries {
		got[e.Outcome] += e.Messages
	}
	for outcome := range got {
		if got[outcome] != want[outcome] {
			t.Errorf("the books have %d %s, want %d: %+v", got[outcome], outcome, want[outcome], b.Entries)
		}
	}
	for outcome := range want {
		if got[outcome] != want[outcome] {
			t.Errorf("the books have %d %s, want %d: %+v", got[outcome], outcome, want[outcome], b.Entries)
		}
	}
}

// shown returns what a chat shows: the messages that are not deleted, each as its heading,
// the text of its item in short, and how often it was edited.
func shown(c *telegramsim.Chat) (all []string) {
	for _, m := range c.FromBot() {
		if !m.Deleted {
			all = append(all, brief(m))
		}
	}
	return all
}

func brief(m telegramsim.Message) string {
	text := m.Text
	if m.Rich != nil {
		text = "rich " + strings.TrimSpace(m.Rich.Text)
	}
	text = strings.ReplaceAll(text, " · № 1", "")
	lines := slices.DeleteFunc(strings.Split(text, "\n"), func(l string) bool { return strings.TrimSpace(l) == "" || strings.Contains(l, "About ") })
	for n, l := range lines {
		lines[n] = strings.TrimSpace(l)
		if len(l) > 40 {
			lines[n] = l[:strings.IndexByte(l, ' ')] + "…"
		}
	}
	return strings.Join(lines, "|")
}

// wantShown checks what a chat shows.
func wantShown(t *testing.T, c *telegramsim.Chat, want ...string) {
	t.Helper()
	if got := shown(c); !slices.Equal(got, want) {
		t.Errorf("chat %d shows\n%q, want\n%q", c.ID, got, want)
	}
}
