package figures_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/text/language"

	"digestbot/digest"
	"digestbot/internal/longtest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/figures"
	"digestbot/subscribers/roster"
	"digestbot/subscribers/storetest"
)

// A world is what should be counted, kept another way: by chat and by event.
type world struct {
	t      *testing.T
	rand   *rand.Rand
	store  *subscribers.Store
	places map[place]*life
	events []event
	issues []*sending // in the order of their broadcasts
	next   int64      // the id of a new chat

	forgotten map[int64]bool // chats

	saved    int                       // issues
	known    map[int64]archive.Section // by their ids, without those that were merged
	uses     map[int64][]int           // which issues they are in
	parts    map[int64][]int64         // what was merged into a section, and first the section itself
	polls    map[int64]*poll           // by the issue
	happened map[string]int            // what has happened how often, in all worlds
}

// place is where issues go: a chat, or a topic of one.
type place struct {
	chat  int64
	topic int
}

// life is a chat or topic that is known.
type life struct {
	sub         int64
	state       subscribers.State
	kind        subscribers.Kind
	lang        string
	layout      digest.Layout
	until       time.Time // of a pause
	muted       map[int64]bool
	other       bool
	words       map[string]bool // whether it is highlighted
	unconfirmed bool
}

type event struct {
	at     time.Time
	joined bool
	reason subscribers.Reason
}

// sending is a broadcast: what became of it, for each subscriber.
type sending struct {
	id       int64
	outcomes map[int64]figures.Without // by the subscriber; the zero value: it has the issue
}

func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// Whatever happens to subscribers, each figure is what can be counted one by one.
func TestFiguresAreWhatCanBeCounted(t *testing.T) {
	happened := make(map[string]int)
	for _, seed := range []uint64{30, 0, 2, 1, 3}[:longtest.Rounds(1, 5)] {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := must(storetest.Open(t.Context(), filepath.Join(t.TempDir(), "digestbot.db")))(t)
				defer store.Close()
				w := &world{t: t, rand: rand.New(rand.NewPCG(seed, 14)), store: store, next: 1000}
				w.places, w.happened = make(map[place]*life), happened
				w.known, w.uses, w.parts = make(map[int64]archive.Section), make(map[int64][]int), make(map[int64][]int64)
				w.polls, w.forgotten = make(map[int64]*poll), make(map[int64]bool)
				for step := range 280 {
					w.step()
					time.Sleep(time.Duration(w.rand.Int64N(int64(40 * time.Hour)))) // on the clock of the bubble
					if step%70 == 69 {
						w.compare()
					}
				}
				w.compareAggregated()
			})
		})
	}
	for _, what := range []string{
		"a move", "a topic that is gone", "an import", "an import of who was forgotten", "a greeting", "a first delivery", "a delivery that waits", "a merging", "a vote that is taken back", "the end of voting",
	} {
		if happened[what] == 0 {
			t.Errorf("%s has never happened", what)
		}
	}
}

var reasons = []subscribers.Reason{subscribers.ReasonBlocked, subscribers.ReasonDeactivated, subscribers.ReasonKicked}

// step has something happen to somebody.
func (w *world) step() {
	if len(w.places) < 3 || w.rand.IntN(4) == 0 {
		w.subscribe(w.newcomer())
		return
	}
	at := w.anybody()
	switch w.rand.IntN(24) {
	case 0:
		w.subscribe(at)
	case 1:
		must(w.store.Unsubscribe(w.t.Context(), at.chat, at.topic))(w.t)
		w.leave(w.places[at], subscribers.Off, subscribers.ReasonUnsubscribed)
	case 2:
		w.lose(at.chat)
	case 3:
		w.find(at.chat)
	case 4:
		w.forget(at.chat)
	case 5:
		w.move(at)
	case 6:
		w.dropTopic(at)
	case 7, 8, 9:
		w.broadcast()
	case 10:
		w.enroll()
	case 11:
		w.merge()
	case 12, 13, 14, 15:
		w.vote()
	case 16:
		w.closePolls()
	case 17:
		w.greet()
	default:
		w.choose(w.places[at])
	}
}

// anybody is somewhere.
func (w *world) anybody() place {
	all := w.sorted()
	return all[w.rand.IntN(len(all))]
}

// sorted returns all places in an order that is the same in each run.
func (w *world) sorted() []place {
	return slices.SortedFunc(maps.Keys(w.places), func(x, y place) int {
		return cmp.Or(cmp.Compare(x.chat, y.chat), cmp.Compare(x.topic, y.topic))
	})
}

// of returns who is in a chat.
func (w *world) of(chat int64) (all []*life) {
	for at, l := range w.places {
		if at.chat == chat {
			all = append(all, l)
		}
	}
	return all
}

var languages = []string{"", "en", "de-AT", "zh-hans", "zh-TW", "?!"}

// newcomer is a chat, or a topic, that has only written.
func (w *world) newcomer() place {
	w.next++
	chat := subscribers.Chat{ID: w.next, Kind: subscribers.Private, Language: languages[w.rand.IntN(len(languages))]}
	switch w.rand.IntN(8) {
	case 0:
		chat = subscribers.Chat{ID: -w.next, Kind: subscribers.Group, Title: "A group"}
	case 1:
		chat = subscribers.Chat{ID: -1_002_000_000_000 - w.next, Kind: subscribers.Channel, Title: "A channel"}
	case 2, 3: // a topic, of one of few forums
		chat = subscribers.Chat{ID: -1_003_000_000_000 - w.next%3, Thread: int(w.next), Kind: subscribers.Supergroup, Title: "A forum"}
	}
	sub := must(w.store.EnsureChat(w.t.Context(), chat))(w.t)
	at := place{chat.ID, chat.Thread}
	w.places[at] = newLife(sub.ID, subscribers.Off, chat)
	return at
}

func newLife(sub int64, state subscribers.State, chat subscribers.Chat) *life {
	return &life{sub: sub, state: state, kind: chat.Kind, lang: chat.Language, muted: make(map[int64]bool), words: make(map[string]bool)}
}

func (w *world) subscribe(at place) {
	l := w.places[at]
	if _, _, err := w.store.Subscribe(w.t.Context(), subscribers.Chat{ID: at.chat, Thread: at.topic, Kind: l.kind}); err != nil {
		w.t.Fatal(err)
	}
	l.until, l.unconfirmed = time.Time{}, false
	w.join(l)
}

func (w *world) join(l *life) {
	if l.state == subscribers.On {
		return
	}
	reason := subscribers.Reason("")
	if l.state == subscribers.Gone {
		reason = "returned"
	}
	l.state = subscribers.On
	w.events = append(w.events, event{at: time.Now(), joined: true, reason: reason})
}

func (w *world) leave(l *life, to subscribers.State, reason subscribers.Reason) {
	if l.state == subscribers.On {
		w.events = append(w.events, event{at: time.Now(), reason: reason})
	}
	if reason == subscribers.ReasonUnsubscribed {
		l.until = time.Time{}
	}
	l.state = to
}

// lose has a chat block the bot, or end.
func (w *world) lose(chat int64) {
	reason := reasons[w.rand.IntN(len(reasons))]
	w.check(w.store.MarkGone(w.t.Context(), chat, reason))
	for _, l := range w.of(chat) {
		if l.state == subscribers.On {
			w.leave(l, subscribers.Gone, reason)
		}
	}
}

// find has a chat be there again.
func (w *world) find(chat int64) {
	must(w.store.MarkReturned(w.t.Context(), chat))(w.t)
	for _, l := range w.of(chat) {
		if l.state == subscribers.Gone {
			w.join(l)
		}
	}
}

func (w *world) forget(chat int64) {
	w.check(w.store.Forget(w.t.Context(), chat))
	for at, l := range w.places {
		if at.chat != chat {
			continue
		}
		w.leave(l, subscribers.Off, subscribers.ReasonForgotten)
		delete(w.places, at)
		for _, s := range w.issues {
			if s.outcomes[l.sub].Outcome == subscribers.OutcomePending {
				s.outcomes[l.sub] = figures.Without{Outcome: subscribers.OutcomeSkipped, Reason: subscribers.ReasonForgotten}
			}
		}
	}
	w.forgotten[chat] = true
	w.forgetVotes(chat)
}

// move has a group become a supergroup.
func (w *world) move(at place) {
	l := w.places[at]
	if l.kind != subscribers.Group {
		return
	}
	w.happened["a move"]++
	w.next++
	to := -1_001_000_000_000 - w.next
	w.check(w.store.MoveChat(w.t.Context(), at.chat, to))
	delete(w.places, at)
	w.places[place{to, 0}], l.kind = l, subscribers.Supergroup
}

// dropTopic has a topic be deleted. The group gets issues instead, if it does not already.
func (w *world) dropTopic(at place) {
	if at.topic == 0 {
		return
	}
	w.happened["a topic that is gone"]++
	l := w.places[at]
	must(w.store.DropTopic(w.t.Context(), l.sub, at.topic))(w.t)
	group := place{at.chat, 0}
	there := w.places[group]
	if there != nil && there.state == subscribers.On {
		w.leave(l, subscribers.Off, subscribers.ReasonTopicGone)
		return
	}
	if there != nil { // it makes room, and what it was sent counts as sent to the other
		for _, s := range w.issues {
			o, had := s.outcomes[there.sub]
			if _, both := s.outcomes[l.sub]; had && !both {
				s.outcomes[l.sub] = o
				delete(s.outcomes, there.sub)
			}
		}
	}
	delete(w.places, at)
	w.places[group] = l
}

// enroll brings a list in, twice.
func (w *world) enroll() {
	ctx, text := w.t.Context(), "chat,topic,kind,title,state,reason,language,layout,muted_sections,highlighted_words\n"
	fresh, without := make(map[place]*life), 0
	for range 1 + w.rand.IntN(5) {
		w.next++
		at, l := place{w.next, 0}, newLife(0, subscribers.On, subscribers.Chat{Kind: subscribers.Private, Language: languages[w.rand.IntN(len(languages)-1)]})
		title, reason, word, sections := "", subscribers.Reason(""), "", []string(nil)
		switch w.rand.IntN(8) {
		case 0:
			at.chat, l.kind, title = -1_002_000_000_000-w.next, subscribers.Channel, "A channel"
		case 1:
			at, l.kind, title = place{-1_003_000_000_000 - w.next%3, int(w.next)}, subscribers.Supergroup, "A forum"
		case 2:
			l.state = subscribers.Off
		case 3:
			l.state, reason = subscribers.Gone, subscribers.ReasonBlocked
		case 4:
			l.layout, word = digest.LayoutCompact, "moon"
			l.words["moon"] = true
		}
		for _, id := range slices.Sorted(maps.Keys(w.known)) {
			if w.rand.IntN(4) == 0 {
				sections, l.muted[id] = append(sections, w.known[id].Name), true
			}
		}
		topic := ""
		if at.topic != 0 {
			topic = strconv.Itoa(at.topic)
		}
		text += fmt.Sprintf("%d,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", at.chat, topic, l.kind, title, l.state, reason, l.lang, l.layout, strings.Join(sections, " | "), word)
		l.unconfirmed = l.state == subscribers.On
		if w.forgotten[at.chat] {
			w.happened["an import of who was forgotten"]++
			without++
			continue
		}
		fresh[at] = l
	}
	list := must(roster.Read([]byte(text), roster.CSV))(w.t)
	if r := must(roster.Enroll(ctx, w.store, list, roster.Options{}))(w.t); r.New != len(fresh) || r.Forgotten != without || len(r.Sections) != 0 {
		w.t.Fatalf("of %d people and no section %+v are new, in\n%s", len(fresh), r, text)
	}
	if r := must(roster.Enroll(ctx, w.store, list, roster.Options{Replace: true}))(w.t); r.Unchanged != len(fresh) {
		w.t.Fatalf("the second time %+v are unchanged, in\n%s", r, text)
	}
	for at, l := range fresh {
		l.sub = must(w.store.Subscriber(ctx, at.chat, at.topic))(w.t).ID
		w.places[at] = l
		if l.state == subscribers.On {
			w.happened["an import"]++
			w.events = append(w.events, event{at: time.Now(), joined: true, reason: "imported"})
		}
	}
}

// greet has a greeting reach one whom an import has brought.
func (w *world) greet() {
	for _, at := range w.sorted() {
		if l := w.places[at]; l.unconfirmed {
			w.happened["a greeting"]++
			w.check(roster.EndGreeting(w.t.Context(), w.store, l.sub, true))
			l.unconfirmed = false
			return
		}
	}
}

// choose has a subscriber choose something.
func (w *world) choose(l *life) {
	ctx, r, sub := w.t.Context(), w.rand, l.sub
	sections := slices.Sorted(maps.Keys(w.known))
	switch n := r.IntN(7); {
	case n < 2 && len(sections) > 0:
		section, muted := sections[r.IntN(len(sections))], r.IntN(3) > 0
		w.check(w.store.SetMuted(ctx, sub, section, muted))
		l.muted[section] = muted
	case n == 2:
		l.other = !l.other
		w.check(w.store.SetOtherMuted(ctx, sub, l.other))
	case n == 3:
		word, _ := subscribers.NewWord("word"+strconv.Itoa(r.IntN(4)), r.IntN(2) == 0)
		w.check(w.store.AddWords(ctx, sub, []subscribers.Word{word}))
		l.words[word.Fold] = word.Highlight
	case n == 4:
		l.layout = []digest.Layout{"", digest.LayoutAuto, digest.LayoutCompact, digest.LayoutRich, digest.LayoutSections}[r.IntN(5)]
		w.check(w.store.SetLayout(ctx, sub, l.layout))
	case n == 5:
		l.until = time.Now().Add(time.Duration(r.IntN(1000)) * time.Hour).Truncate(time.Second)
		w.check(w.store.Pause(ctx, sub, l.until))
	default:
		l.lang = []string{"en", "zh-Hans", "zh-Hant"}[r.IntN(3)]
		w.check(w.store.SetLanguage(ctx, sub, l.lang))
	}
}

// compareAggregated compares before and after what is old becomes totals.
func (w *world) compareAggregated() {
	w.t.Helper()
	before := w.compare()
	n := must(w.store.AggregateDeliveries(w.t.Context(), time.Now()))(w.t)
	if n == 0 {
		w.t.Error("nothing was aggregated")
	}
	if diff := gocmp.Diff(before, w.compare(), cmpopts.EquateComparable(language.Tag{})); diff != "" {
		w.t.Errorf("figures before (-) and after (+) deliveries are aggregated:\n%s", diff)
	}
}
