//go:build linux

package main

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/replies"
	"digestbot/bot/settings"
	"digestbot/bot/telegramsim"
	"digestbot/digest"
	"digestbot/internal/longtest"
	"digestbot/scheduler"
	"digestbot/subscribers/feedback"
)

var soakWeeks = flag.Int("soak.weeks", 0, "how many weeks TestSoakOfWeeks simulates; 0: eight, in CI only")

// year is a weekly that is sent Friday by Friday, with what happens to it.
type year struct {
	*machine
	chance  *rand.Rand
	folder  string
	zone    *time.Location
	readers []*telegramsim.Person // who get each issue
	editors *telegramsim.Chat     // the group where letters of readers go
	terms   []term

	mu  sync.Mutex
	got map[int64][]string // what each chat got since it was emptied, by first lines
}

// term is what was measured of four weeks.
type term struct {
	week, readers, messages, twice, uncertain int
	letters                                   int // with an answer
	heap, database                            int // in KB: what the bot holds, and its files
	goroutines, files                         int // more than without the bot
	events                                    []string
}

const weeksOfATerm = 4

// Weeks with broadcasts, corrections, votes, letters and answers, people who join, leave and
// block, floods of commands, restarts, kills and faults of Telegram and the network, and both
// clock changes of a year. Nobody is skipped, what comes twice is called uncertain, the books
// balance, every vote counts once, and memory, files and goroutines do not grow.
//
// A year: go test . -run TestSoakOfWeeks -soak.weeks 52 -v
func TestSoakOfWeeks(t *testing.T) {
	if *soakWeeks == 0 {
		longtest.Only(t)
	}
	weeks := cmp.Or(*soakWeeks, 2*weeksOfATerm)
	synctest.Test(t, func(t *testing.T) {
		y := newYear(t)
		defer func() { y.end() }()
		for week := 1; week <= weeks && !t.Failed(); week++ {
			y.week(week)
		}
		y.report()
	})
}

func newYear(t *testing.T) *year {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	schedule, err := scheduler.Parse("0 9 * * FRI", zone)
	if err != nil {
		t.Fatal(err)
	}
	seed := cmp.Or(*soakSeed, 1)
	y := &year{machine: &machine{t: t}, chance: rand.New(rand.NewPCG(seed, 0)), folder: t.TempDir(), zone: zone, got: map[int64][]string{}}
	y.sim = telegramsim.ForTest(t, telegramsim.Options{Webhooks: y.machine, OnSend: y.received})
	y.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: 50 * time.Millisecond, MaxDelay: 150 * time.Millisecond})
	y.admin = y.sim.NewPerson("Ada")
	y.settings = settings.Settings{
		Token: y.sim.Token(), Admins: []int64{y.admin.ID()}, Location: zone, Rate: 30,
		Database: filepath.Join(y.folder, "0.db"), Schedule: schedule, CatchUp: day, KeepDeliveries: 4 * 7 * day, Feedback: true,
		WebhookURL: "https://example.org/digestbot", // polling would slow the simulation
	}
	y.editors = y.sim.NewGroup("Editors", y.admin)
	y.settings.Replies = replies.Target{Chat: y.editors.ID}
	y.at(1, 0, 12, 0, 0)
	y.start()
	y.editors.AddBot(y.admin)
	y.admin.Write("/start")
	y.join(30)
	y.terms = []term{{}}
	return y
}

func (y *year) received(m telegramsim.Message) {
	y.mu.Lock()
	defer y.mu.Unlock()
	first, _, _ := strings.Cut(m.Text, "\n")
	y.got[m.Chat] = append(y.got[m.Chat], first)
}

func (y *year) join(n int) {
	for range n {
		p := y.sim.NewPerson("Bea")
		p.Write("/subscribe")
		y.readers = append(y.readers, p)
	}
	time.Sleep(time.Minute)
}

// at waits until a time of a week, whose days count from Saturday.
func (y *year) at(week, days, hour, minute, second int) {
	y.t.Helper()
	when := time.Date(2026, 11, 14+7*(week-1)+days, hour, minute, second, 0, y.zone)
	time.Sleep(time.Until(when))
	synctest.Wait()
}

func (y *year) week(n int) {
	y.t.Helper()
	y.at(n, 2, 12, 0, 0)
	y.join(2)
	gone := y.readers[y.chance.IntN(len(y.readers))]
	if y.readers = slices.DeleteFunc(y.readers, func(p *telegramsim.Person) bool { return p == gone }); n%2 == 0 {
		gone.Block()
	} else {
		gone.Write("/unsubscribe")
	}
	y.at(n, 3, 20, 0, 0)
	for _, p := range y.readers { // a flood
		for _, command := range []string{"/help", "/sections", "/settings", "/search words", "/issues", "nonsense"} {
			p.Write(command)
		}
	}
	y.at(n, 5, 18, 0, 0)
	y.publishIssue(n, "The words of the week.")
	y.at(n, 6, 8, 58, 0)
	y.friday(n)
	y.hear(n)
	y.at(n, 6, 20, 0, 0)
	y.publishIssue(n, "The corrected words of the week.")
	y.at(n, 6, 22, 0, 0)
	if n%weeksOfATerm == 0 {
		y.measure(n)
	}
}

func (y *year) publishIssue(n int, text string) {
	y.t.Helper()
	issue := &digest.Issue{Key: fmt.Sprint(n), Number: n, Title: fmt.Sprintf("Weekly %d", n), Date: time.Now().UTC().Truncate(day)}
	for _, name := range []string{"News", "Books", "Music"} {
		issue.Sections = append(issue.Sections, digest.Section{Key: digest.SectionKey(name), Name: name, Items: []digest.Item{{
			Title: []digest.Span{{Text: fmt.Sprintf("%s of week %d", name, n)}},
			Body:  []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: strings.Repeat(text+" ", 20)}}}},
		}}})
	}
	if _, _, err := y.store.SaveIssue(y.t.Context(), issue, "issue.md", []byte(issue.Key+text)); err != nil {
		y.t.Fatal(err)
	}
}

// friday has the broadcast at nine, with what goes wrong then, and checks what came of it.
func (y *year) friday(n int) {
	y.t.Helper()
	y.mu.Lock()
	clear(y.got)
	y.mu.Unlock()
	event := y.trouble()
	y.at(n, 6, 9, 0, 1+y.chance.IntN(4))
	switch y.chance.IntN(4) {
	case 0:
		y.end()
		y.start()
		event += ", restart"
	case 1, 2:
		y.kill(n)
		event += ", kill"
	}
	y.at(n, 6, 15, 0, 0)
	y.check(n, event)
}

// hear has some readers vote and write to the editors, who answer. The program is killed in
// between. Each vote counts once; letters and answers come, and twice at most around a kill.
func (y *year) hear(n int) {
	y.t.Helper()
	const writers = 5
	letter := func(i int) string { return fmt.Sprintf("Letter %d of week %d", i, n) }
	answer := func(i int) string { return fmt.Sprintf("Answer to letter %d of week %d", i, n) }
	some := y.readers[len(y.readers)-writers:]
	var last []telegramsim.Message // of the issue
	for i, p := range some {
		said := p.Chat().FromBot()
		at := slices.IndexFunc(said, func(m telegramsim.Message) bool { return strings.Contains(m.Text, fmt.Sprintf("Music of week %d", n)) })
		if at < 0 {
			y.t.Fatalf("week %d: reader %d has no last section", n, i)
		}
		last = append(last, said[at])
	}
	for i, p := range some {
		for range 1 + 2*(i%2) { // once, or with second thoughts: it stands, is taken back, stands again
			m, _ := p.Chat().Message(last[i].ID)
			if _, err := p.Press(m, y.thumb(m)); err != nil {
				y.t.Fatalf("week %d: %v", n, err)
			}
			time.Sleep(time.Second)
		}
		p.Reply(last[i], letter(i))
	}
	time.Sleep(time.Duration(y.chance.Int64N(int64(2 * time.Second))))
	y.kill(1000 + n)
	time.Sleep(10 * time.Minute)
	for i := range some {
		y.admin.Reply(y.cameTo(n, y.editors, letter(i)), answer(i))
	}
	time.Sleep(10 * time.Minute)
	for i, p := range some {
		y.cameTo(n, p.Chat(), answer(i))
	}
	y.terms[len(y.terms)-1].letters += writers
	issue, err := y.store.NewestIssue(y.t.Context())
	if err != nil {
		y.t.Fatal(err)
	}
	totals, err := y.store.Feedback.Totals(y.t.Context(), issue.ID)
	if up, down := feedback.Sum(totals); err != nil || up != writers || down != 0 {
		y.t.Errorf("week %d: %d votes up and %d down are counted, want %d and 0 (%v)", n, up, down, writers, err)
	}
}

// thumb is the label of the button that votes up, or takes that vote back.
func (y *year) thumb(m telegramsim.Message) string {
	if _, ok := m.Button("👍 ✓"); ok {
		return "👍 ✓"
	}
	return "👍"
}

// cameTo returns the last message of a chat with a text, which has to be there, once or around
// a kill twice.
func (y *year) cameTo(n int, c *telegramsim.Chat, text string) (found telegramsim.Message) {
	y.t.Helper()
	times := 0
	for _, m := range c.FromBot() {
		if m.Text == text {
			found, times = m, times+1
		}
	}
	if times < 1 || times > 2 {
		y.t.Fatalf("week %d: %q came %d times", n, text, times)
	}
	return found
}

// trouble has Telegram or the network fail for a while, and says how.
func (y *year) trouble() string {
	faults := []telegramsim.Fault{
		{Kind: telegramsim.RefuseConnection, Methods: []string{"*"}},
		{Kind: telegramsim.ServerError, Methods: []string{"*"}, Probability: 0.3},
		{Kind: telegramsim.TooMany, RetryAfter: 7, Probability: 0.05},
		{Kind: telegramsim.LoseAnswer, Probability: 0.05},
		{Kind: telegramsim.Hang, Methods: []string{"*"}}, // all of them: of two tries that hang by chance the second is the last
		{Kind: telegramsim.GatewayTimeout, Probability: 0.05},
	}
	fault := faults[y.chance.IntN(len(faults))]
	lasts := time.Duration(y.chance.Int64N(int64(time.Hour))).Truncate(time.Second)
	time.AfterFunc(lasts, y.sim.Inject(fault))
	return fmt.Sprintf("%s for %s", fault.Kind, lasts)
}

// kill ends the program as kill -9 does: what the next start finds is what the files had at
// that moment, and nothing leaves the machine after it.
func (y *year) kill(n int) {
	y.t.Helper()
	synctest.Wait()
	before := y.settings.Database
	after := filepath.Join(y.folder, fmt.Sprintf("%d.db", n))
	for _, suffix := range []string{"", "-wal", "-progress"} {
		content, err := os.ReadFile(before + suffix)
		if err == nil {
			err = os.WriteFile(after+suffix, content, 0o600)
		}
		if err != nil && !os.IsNotExist(err) {
			y.t.Fatal(err)
		}
	}
	back := y.sim.Inject(telegramsim.Fault{Kind: telegramsim.RefuseConnection, Methods: []string{"*"}})
	y.end()
	back()
	y.settings.Database = after
	y.start()
	for _, old := range y.files(before) {
		_ = os.Remove(old) // the folder is one for tests
	}
}

func (y *year) files(database string) []string {
	all, _ := filepath.Glob(database + "*")
	return all
}

// check compares what came with what should have.
func (y *year) check(n int, event string) {
	y.t.Helper()
	broadcast, err := y.store.LastBroadcast(y.t.Context())
	if err != nil {
		y.t.Fatal(err)
	}
	books, err := y.store.Books(y.t.Context(), broadcast.ID)
	if err != nil {
		y.t.Fatal(err)
	}
	if err := books.Check(); err != nil {
		y.t.Errorf("week %d, %s: %v", n, event, err)
	}
	now := &y.terms[len(y.terms)-1]
	twice, uncertain := 0, books.Sum("uncertain")
	y.mu.Lock()
	defer y.mu.Unlock()
	for _, p := range y.readers {
		got := y.got[p.ID()]
		once := slices.Compact(slices.Sorted(slices.Values(got)))
		if len(once) != 4 {
			y.t.Errorf("week %d, %s: %d got %q, want the cover and three sections", n, event, p.ID(), got)
		}
		now.messages += len(got)
		twice += len(got) - len(once)
	}
	if twice > uncertain {
		y.t.Errorf("week %d, %s: %d messages came twice, and %d are uncertain", n, event, twice, uncertain)
	}
	now.twice, now.uncertain = now.twice+twice, now.uncertain+uncertain
	now.events = append(now.events, event)
}

// measure ends a term. What the program holds is what is gone after it has ended.
func (y *year) measure(n int) {
	y.t.Helper()
	now := &y.terms[len(y.terms)-1]
	now.week, now.readers = n, len(y.readers)
	heap, goroutines, files := held()
	for _, name := range y.files(y.settings.Database) {
		if info, err := os.Stat(name); err == nil {
			now.database += int(info.Size()) / 1024
		}
	}
	y.end()
	without, others, open := held()
	now.heap, now.goroutines, now.files = (heap-without)/1024, goroutines-others, files-open
	y.start()
	time.Sleep(time.Minute)
	y.t.Log(now)
	y.terms = append(y.terms, term{})
}

// held returns the heap in bytes, and how many goroutines and open files there are.
func held() (heap, goroutines, files int) {
	synctest.Wait()
	runtime.GC()
	runtime.GC() // what finalizers have freed
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	open, _ := os.ReadDir("/proc/self/fd")
	return int(stats.HeapAlloc), runtime.NumGoroutine(), len(open)
}

func (t *term) String() string {
	return fmt.Sprintf("| %d | %d | %d | %d | %d | %d | %d KB | %d | %d | %d KB |  %s", t.week, t.readers, t.messages, t.twice, t.uncertain,
		t.letters, t.heap, t.goroutines, t.files, t.database, strings.Join(t.events, "; "))
}

// report prints the table, and compares the last term with the first.
func (y *year) report() {
	y.t.Helper()
	y.t.Log("| week | readers | messages | twice | uncertain | letters | heap | goroutines | open files | database |")
	terms := y.terms[:len(y.terms)-1]
	for i := range terms {
		row, _, _ := strings.Cut(terms[i].String(), "  ")
		y.t.Log(row)
	}
	if len(terms) < 2 {
		return
	}
	first, last := terms[0], terms[len(terms)-1]
	// Connections to the database are made when they are needed, up to four, with two files each.
	if last.heap > first.heap+1024 || last.goroutines > first.goroutines+5 || last.files > first.files+6 {
		y.t.Errorf("memory, goroutines or open files have grown from %v to %v", &first, &last)
	}
	if months := len(terms); months > 6 && last.database > terms[2].database*2 {
		y.t.Errorf("the database has grown from %d to %d KB, though it forgets deliveries of four weeks ago", terms[2].database, last.database)
	}
}
