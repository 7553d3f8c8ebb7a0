package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
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
	"digestbot/bot/sender"
	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/storetest"
)

// world is a Telegram with a bot that delivers to it. Inside a synctest bubble it runs on
// the clock of the bubble: a sleep of the tests moves that clock on, and takes no time.
type world struct {
	t    *testing.T
	sim  *telegramsim.Sim
	path string
	rate int
	keep time.Duration

	silent bool // the HTTP client calls no hooks
	paid   bool // paid broadcasting is allowed

	buttons [][]models.InlineKeyboardButton // under every message; nil: none

	store *subscribers.Store
	bot   *process
}

// process is one life of the program.
type process struct {
	sender      *sender.Sender
	broadcaster *delivery.Broadcaster
	line        *line
	stop        context.CancelFunc
	done        sync.WaitGroup
	err         error // of the sender, after done

	mu     sync.Mutex
	events []delivery.Event
	errors []string // messages of the errors that were logged
}

// line is the bot's way to Telegram, which a crash cuts.
type line struct {
	base tg.HttpClient
	cut  atomic.Bool
	life context.Context
	die  context.CancelFunc

	silent bool // hooks are not called
}

func newLine(base tg.HttpClient) *line {
	l := &line{base: base}
	l.life, l.die = context.WithCancel(context.Background())
	return l
}

var errCut = errors.New("the process is dead")

func (l *line) Do(r *http.Request) (*http.Response, error) {
	if l.cut.Load() {
		return nil, errCut
	}
	// A request whose attempt is not recorded when the process dies never leaves.
	ctx := r.Context()
	if l.silent {
		ctx = untraced{ctx}
	}
	ctx, cancel := context.WithCancel(ctx)
	context.AfterFunc(l.life, cancel)
	resp, err := l.base.Do(r.WithContext(ctx))
	if l.cut.Load() { // Telegram has the message, and the process never gets the answer
		return nil, errCut
	}
	return resp, err
}

// untraced is a context without values.
type untraced struct{ context.Context }

func (untraced) Value(any) any { return nil }

func newWorld(t *testing.T, o telegramsim.Options, rate int) *world {
	t.Helper()
	w := &world{t: t, sim: telegramsim.ForTest(t, o), path: filepath.Join(t.TempDir(), "digestbot.db"), rate: rate}
	t.Cleanup(w.sim.Close)
	w.openStore()
	t.Cleanup(func() {
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// inBubble runs test with a bot that is running and has readers, on a bubble's
// clock.
func inBubble(t *testing.T, readers int, test func(t *testing.T, w *world, readers []*telegramsim.Person)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, telegramsim.Options{}, 30)
		people := w.readers(readers)
		w.start()
		synctest.Wait() // for the progress file
		test(t, w, people)
	})
}

// inGroup is inBubble with one reader, who owns a supergroup that has subscribed.
func inGroup(t *testing.T, test func(t *testing.T, w *world, owner *telegramsim.Person, group *telegramsim.Chat)) {
	t.Helper()
	inBubble(t, 1, func(t *testing.T, w *world, readers []*telegramsim.Person) {
		owner := readers[0]
		group := w.sim.NewSupergroup("Readers", owner)
		group.AddBot(owner)
		w.subscribe(subscribers.Chat{ID: group.ID, Kind: subscribers.Supergroup})
		test(t, w, owner, group)
	})
}

func (w *world) openStore() {
	w.t.Helper()
	store, err := storetest.Open(w.t.Context(), w.path)
	if err != nil {
		w.t.Fatal(err)
	}
	w.store = store
}

// start begins a life of the program.
func (w *world) start() *process {
	w.t.Helper()
	p := w.prepare()
	w.run(p)
	return p
}

// prepare makes the parts of a program that does not run yet.
func (w *world) prepare() *process {
	w.t.Helper()
	p := &process{line: newLine(w.sim.Client())}
	p.line.silent = w.silent
	api, err := tg.New(w.sim.Token(), tg.WithSkipGetMe(), tg.WithHTTPClient(time.Minute, sender.NewClient(p.line)))
	if err != nil {
		w.t.Fatal(err)
	}
	log := slog.New(&errorLog{Handler: slog.NewTextHandler(w.t.Output(), &slog.HandlerOptions{Level: slog.LevelError}), of: p})
	p.sender = sender.New(api, w.store, sender.Config{Rate: w.rate, Paid: w.paid, Log: log})
	p.broadcaster = delivery.NewBroadcaster(w.store, p.sender, p.note, delivery.Config{Paid: w.paid, Keep: w.keep, Log: log, Texts: rendition.Texts{Keyboard: w.keyboard, HiddenLine: hiddenLine}, Month: monthTexts})
	return p
}

func (w *world) keyboard(rendition.Buttons) [][]models.InlineKeyboardButton { return w.buttons }

func (w *world) run(p *process) {
	w.t.Helper()
	ctx, stop := context.WithCancel(w.t.Context())
	p.stop = stop
	p.done.Go(func() { p.err = p.sender.Run(ctx) })
	p.done.Go(func() {
		if err := p.broadcaster.Run(ctx); err != nil && !errors.Is(err, sender.ErrFatal) {
			w.t.Error(err)
		}
	})
	w.bot = p
	w.t.Cleanup(p.end)
}

// end stops the process in order.
func (p *process) end() {
	p.stop()
	p.done.Wait()
}

func (p *process) note(_ context.Context, e delivery.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.events = append(p.events, e)
}

// errorLog keeps the errors a process logs.
type errorLog struct {
	slog.Handler
	of *process
}

func (l *errorLog) Handle(ctx context.Context, r slog.Record) error {
	l.of.mu.Lock()
	l.of.errors = append(l.of.errors, r.Message)
	l.of.mu.Unlock()
	return l.Handler.Handle(ctx, r)
}

// logged returns how often an error was logged.
func (p *process) logged(message string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.errors {
		if m == message {
			n++
		}
	}
	return n
}

// saw returns the events of a kind.
func (p *process) saw(kind delivery.EventKind) []delivery.Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(p.events), func(e delivery.Event) bool { return e.Kind != kind })
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

func (w *world) subscribe(chat subscribers.Chat) subscribers.Subscriber {
	w.t.Helper()
	sub, _, err := w.store.Subscribe(w.t.Context(), chat)
	if err != nil {
		w.t.Fatal(err)
	}
	return sub
}

// subscriber returns the subscriber of a chat.
func (w *world) subscriber(chat int64) subscribers.Subscriber {
	w.t.Helper()
	sub, err := w.store.Subscriber(w.t.Context(), chat, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	return sub
}

// id returns the subscriber id of a reader.
func (w *world) id(p *telegramsim.Person) int64 {
	w.t.Helper()
	return w.subscriber(p.ID()).ID
}

// request makes a reader ask for an issue.
func (w *world) request(issue archive.Issue, reader *telegramsim.Person) delivery.RequestState {
	w.t.Helper()
	state, err := w.bot.broadcaster.Deliver(w.t.Context(), issue.ID, w.id(reader))
	if err != nil {
		w.t.Fatal(err)
	}
	return state
}

func (w *world) setLayout(chat int64, layout digest.Layout) {
	w.t.Helper()
	if err := w.store.SetLayout(w.t.Context(), w.subscriber(chat).ID, layout); err != nil {
		w.t.Fatal(err)
	}
}

// names are the headings of the test issues, in order.
var names = []string{"News", "Tools", "Essays", "Jobs", "Quotes"}

// issue archives an issue of a cover and one message for each of names.
func (w *world) issue(number int) archive.Issue { return w.issueOf(number, nil) }

// longIssue is issue with Essays in two messages.
func (w *world) longIssue(number int) archive.Issue {
	long := digest.Block{Kind: digest.Paragraph, Spans: []digest.Span{{Text: strings.Repeat("It goes on. ", 400)}}}
	return w.issueOf(number, map[string][]digest.Block{"Essays": {long}})
}

// issueOf archives an issue with a body for some of names.
func (w *world) issueOf(number int, bodies map[string][]digest.Block) archive.Issue {
	w.t.Helper()
	issue := &digest.Issue{Key: fmt.Sprint(number), Number: number, Title: fmt.Sprintf("Weekly %d", number)}
	for _, name := range names {
		issue.Sections = append(issue.Sections, digest.Section{
			Key: digest.SectionKey(name), Name: name,
			Items: []digest.Item{{Title: []digest.Span{{Text: "About " + name}}, Body: bodies[name]}},
		})
	}
	row, _, err := w.store.SaveIssue(w.t.Context(), issue, "issue.md", fmt.Append(nil, issue.Title, len(bodies)))
	if err != nil {
		w.t.Fatal(err)
	}
	return row
}

// broadcast starts the broadcast of an issue and wakes the bot.
func (w *world) broadcast(issue archive.Issue) subscribers.Broadcast {
	w.t.Helper()
	b, err := w.store.StartBroadcast(w.t.Context(), issue.ID, subscribers.InPrivate(1))
	if err != nil {
		w.t.Fatal(err)
	}
	w.bot.broadcaster.Wake()
	return b
}

// await waits until the broadcast has one of the states; after a week of the
// bubble's time it gives up.
func (w *world) await(b subscribers.Broadcast, states ...subscribers.BroadcastState) subscribers.Broadcast {
	w.t.Helper()
	began := time.Now()
	for waited := time.Duration(0); waited < 7*24*time.Hour; waited = time.Since(began) {
		time.Sleep(max(100*time.Millisecond, waited/100))
		now, err := w.store.Broadcast(w.t.Context(), b.ID)
		if err != nil {
			w.t.Fatal(err)
		}
		over := now.State == subscribers.Paused || !now.FinishedAt.IsZero()
		if over && slices.Contains(states, now.State) {
			synctest.Wait() // what is told of it comes after it is stored
			return now
		}
	}
	w.t.Fatalf("broadcast %d did not become %v", b.ID, states)
	return b
}

// awaitFault waits until a fault has struck so often.
func (w *world) awaitFault(kind telegramsim.Kind, times int) {
	w.t.Helper()
	for range 10_000 {
		if w.sim.Stats().Faults[kind] >= times {
			return
		}
		time.Sleep(time.Millisecond)
	}
	w.t.Fatalf("%s did not strike", kind)
}

func (w *world) books(b subscribers.Broadcast) subscribers.Books {
	w.t.Helper()
	books, err := w.store.Books(w.t.Context(), b.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := books.Check(); err != nil {
		w.t.Errorf("books %+v: %v", books, err)
	}
	return books
}

// got returns which messages of the test issue a chat received, by heading;
// the cover is "cover".
func (w *world) got(chat int64) []string {
	var got []string
	for _, m := range w.sim.Chat(chat).FromBot() {
		got = append(got, headingOf(m))
	}
	return got
}

// headingOf returns the heading of a message, with the number of the part if there are
// several. It has "rich" before it for a rich message. That of the compact message is
// "headlines".
func headingOf(m telegramsim.Message) string {
	if m.Rich != nil {
		return "rich " + heading(strings.TrimSpace(m.Rich.Text))
	}
	if h := heading(m.Text); h != "cover" || !strings.Contains(m.Text, "About ") {
		return h
	}
	return "headlines"
}

func heading(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	for _, name := range names {
		if strings.Contains(first, name) {
			_, part, _ := strings.Cut(first, "(")
			return strings.TrimSuffix(name+" "+strings.TrimSuffix(part, ")"), " ")
		}
	}
	return "cover"
}

// everything returns what a reader gets who has muted nothing.
func everything() []string { return append([]string{"cover"}, names...) }

func (w *world) wantGot(chat int64, want ...string) {
	w.t.Helper()
	if got := w.got(chat); !slices.Equal(got, want) {
		w.t.Errorf("chat %d received %q, want %q", chat, got, want)
	}
}

// wantOnce checks that a chat received everything in order, under all the ids it had, and
// nothing more than twice. It returns how many messages did not come exactly once.
func (w *world) wantOnce(want []string, ids ...int64) (odd int) {
	w.t.Helper()
	var got []string
	for _, id := range ids {
		got = append(got, w.got(id)...)
	}
	odd, err := oddities(got, want)
	if err != nil {
		w.t.Errorf("chat %d: %v", ids, err)
	}
	return odd
}

// wantAllOnce checks that all readers got everything, in order, and that the
// books call no message uncertain.
func (w *world) wantAllOnce(b subscribers.Broadcast, readers []*telegramsim.Person) {
	w.t.Helper()
	for _, r := range readers {
		w.wantGot(r.ID(), everything()...)
	}
	if n := w.books(b).Sum(subscribers.OutcomeUncertain); n != 0 {
		w.t.Errorf("%d messages are uncertain, want none", n)
	}
}

// oddities checks that all readers got everything, in order and nothing more than twice.
// It returns how many messages did not come exactly once, and how many the books call
// uncertain.
func (w *world) oddities(b subscribers.Broadcast, readers []*telegramsim.Person) (odd, uncertain int) {
	w.t.Helper()
	for _, r := range readers {
		odd += w.wantOnce(everything(), r.ID())
	}
	return odd, w.books(b).Sum(subscribers.OutcomeUncertain)
}

// oddities counts the messages in want that did not come exactly once. The error says
// that others came, or one came more than twice, or in another order.
func oddities(got, want []string) (odd int, err error) {
	at := 0
	for _, heading := range want {
		copies := 0
		for ; at < len(got) && got[at] == heading; at++ {
			copies++
		}
		if copies > 2 {
			err = fmt.Errorf("received %s %d times", heading, copies)
		}
		if copies != 1 {
			odd++
		}
	}
	if at != len(got) {
		err = fmt.Errorf("received %q, want %q in this order", got, want)
	}
	return odd, err
}
