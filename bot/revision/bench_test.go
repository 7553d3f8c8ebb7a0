package revision_test

import (
	"database/sql"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers/archive"
)

// What the benchmark corrects: all messages in layout sections of an issue, the cover included.
const (
	benchMessages = 6 // of the issue, and of the one that is broadcast beside its correction

	// A request takes so long there and back, as in the benchmarks of package delivery. Half
	// of it passes before Telegram counts the request.
	benchTrip, benchJitter = 80 * time.Millisecond, 40 * time.Millisecond
)

func benchReaders() int {
	if testing.Short() {
		return 1_000
	}
	return 10_000
}

// BenchmarkCorrection broadcasts an issue to 10,000 readers and corrects it twice: alone, and
// beside the broadcast of another issue to the same readers, which begins at the same time.
// Every request travels 80 ± 40 ms.
// Times and rates are those of the simulation, from the first request to arrive to the last;
// "%-of-pace" are all requests in that time, of the 30 a second that Telegram allows.
func BenchmarkCorrection(b *testing.B) {
	for b.Loop() {
		began := time.Now()
		var all []correctionPace
		// Only a test gets a bubble.
		ok := testing.RunTests(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{{
			Name: "Correction",
			F: func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { all = measureCorrections(t) })
			},
		}})
		if !ok {
			b.Fatal("the correction failed")
		}
		for n, name := range []string{"broadcast", "alone", "beside"} {
			p := all[n]
			seconds := p.last.Sub(p.first).Seconds()
			b.ReportMetric(seconds, "s-"+name)
			b.ReportMetric(float64(p.edits)/seconds, "edits/s-"+name)
			b.ReportMetric(float64(p.sent)/seconds, "sent/s-"+name)
			b.ReportMetric(float64(p.edits+p.sent)/seconds/30*100, "%-of-pace-"+name)
			b.ReportMetric(float64(p.refused), "429s-"+name)
		}
		b.ReportMetric(time.Since(began).Seconds(), "real-s")
	}
}

// correctionPace is what reached Telegram during a correction or, without edits, a broadcast.
type correctionPace struct {
	first, last time.Time
	edits, sent int
	refused     int // with 429, from its start to its end
}

// meter notes what reaches Telegram.
type meter struct {
	mu    sync.Mutex
	pace  correctionPace
	late  int // messages since the last edit
	edits map[place]int
}

type place struct {
	chat    int64
	message int
}

func (m *meter) note(at telegramsim.Message) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := &m.pace
	switch {
	case at.Edits > 0 && p.edits == 0: // what came before does not count
		*p = correctionPace{first: time.Now(), last: time.Now(), edits: 1}
		m.late = 0
	case at.Edits > 0:
		p.edits, p.sent, p.last = p.edits+1, p.sent+m.late, time.Now()
		m.late = 0
	case p.edits > 0:
		m.late++
	default:
		if p.sent == 0 {
			p.first = time.Now()
		}
		p.sent, p.last = p.sent+1, time.Now()
	}
	if at.Edits > 0 {
		m.edits[place{at.Chat, at.ID}]++
	}
}

// begin forgets what was noted before.
func (m *meter) begin() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pace, m.late, m.edits = correctionPace{}, 0, make(map[place]int)
}

func measureCorrections(t *testing.T) (all []correctionPace) {
	seen := &meter{}
	seen.begin()
	w := newWorld(t, telegramsim.Options{ImplicitChats: true, OnSend: seen.note})
	w.sim.Inject(telegramsim.Fault{Kind: telegramsim.Slow, Delay: benchTrip - benchJitter, MaxDelay: benchTrip + benchJitter})
	w.manyReaders(benchReaders())
	w.start()
	w.broadcast(w.numbered(1, "one"))
	seen.pace.refused = w.sim.Stats().Refused[429]
	all = append(all, seen.pace)
	all = append(all, w.measureCorrection(seen, w.numbered(1, "two"), false))
	return append(all, w.measureCorrection(seen, w.numbered(1, "three"), true))
}

// measureCorrection corrects an issue that everybody has, and returns how fast that was.
func (w *world) measureCorrection(seen *meter, issue archive.Issue, beside bool) correctionPace {
	w.t.Helper()
	seen.begin()
	refused := w.sim.Stats().Refused[429]
	if beside {
		w.startBroadcast(w.numbered(2, "other"))
	}
	books := w.over(w.correct(issue))
	if beside {
		w.await("the broadcast", func() bool {
			return !must(w.store.LastBroadcast(w.t.Context()))(w.t).FinishedAt.IsZero()
		})
	}
	seen.mu.Lock()
	defer seen.mu.Unlock()
	pace := seen.pace
	pace.refused = w.sim.Stats().Refused[429] - refused
	if n := books.Sum(edited); n != benchReaders()*benchMessages || len(books.Entries) != 1 || pace.refused != 0 {
		w.t.Errorf("the books are %+v after %d answers 429, want %d edited messages and no 429", books.Entries, pace.refused, benchReaders()*benchMessages)
	}
	for at, n := range seen.edits {
		if n != 1 {
			w.t.Fatalf("message %d of chat %d was edited %d times, want once", at.message, at.chat, n)
		}
	}
	if len(seen.edits) != benchReaders()*benchMessages {
		w.t.Errorf("%d messages were edited, want %d", len(seen.edits), benchReaders()*benchMessages)
	}
	return pace
}

// manyReaders adds subscribers faster than they could subscribe.
func (w *world) manyReaders(n int) {
	w.t.Helper()
	db := must(sql.Open("sqlite3", w.path+"?_busy_timeout=10000"))(w.t)
	defer db.Close()
	if _, err := db.Exec(`
		WITH RECURSIVE ids (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id < ?)
		INSERT INTO subscribers (chat_id, kind, state, created_at, updated_at)
		SELECT 1000000 + id, 'private', 'on', 0, 0 FROM ids`, n); err != nil {
		w.t.Fatal(err)
	}
}
