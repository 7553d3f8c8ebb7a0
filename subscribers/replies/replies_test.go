package replies_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/digest/digesttest"
	"digestbot/subscribers"
	"digestbot/subscribers/database"
	"digestbot/subscribers/replies"
	"digestbot/subscribers/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.InMemory(m)) }

const (
	reader, other = 5_000_000_001, 5_000_000_002
	editors       = -1_000_000_000_077
)

var limits = replies.Limits{PerHour: 3, PerDay: 5, Waiting: 8}

// world is a store with an issue, on a bubble's clock.
type world struct {
	*testing.T
	*replies.Store
	all   *subscribers.Store
	path  string
	issue int64
	next  int // message
}

func inWorld(t *testing.T, test func(ctx context.Context, w *world)) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "digestbot.db")
		all, err := storetest.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer all.Close()
		row, _, err := all.SaveIssue(t.Context(), digesttest.Issue(1, "News"), "1.md", []byte("#"))
		if err != nil {
			t.Fatal(err)
		}
		test(t.Context(), &world{T: t, Store: all.Replies, all: all, path: path, issue: row.ID})
	})
}

// write has a person write a letter and checks what becomes of it.
func (w *world) write(person int64, album string, want replies.Verdict) replies.Outcome {
	w.Helper()
	w.next++
	l := replies.Letter{
		Conversation: replies.Conversation{Issue: w.issue, Reader: person}, Album: album,
		At: replies.Place{Chat: person, Message: w.next}, MadeAt: time.Now(),
	}
	o, err := w.Take(w.Context(), l, limits)
	if err != nil || o.Verdict != want {
		w.Errorf("Take = %+v, %v, want %s", o, err, want)
	}
	if again, err := w.Take(w.Context(), l, limits); want == replies.Taken && (err != nil || again.Verdict != replies.Known) {
		w.Errorf("Take once more = %+v, %v", again, err)
	}
	return o
}

func (w *world) letter(id int64) replies.Letter {
	w.Helper()
	l, err := w.Letter(w.Context(), id)
	if err != nil {
		w.Fatal(err)
	}
	return l
}

// pass has a letter arrive as a message.
func (w *world) pass(id int64, header bool, message int) {
	w.Helper()
	c := replies.Copy{Letter: id, Chat: editors, Header: header}
	if ok, err := w.Begin(w.Context(), c); err != nil || !ok {
		w.Fatalf("Begin = %t, %v", ok, err)
	}
	if err := w.End(w.Context(), c, replies.Sent, message); err != nil {
		w.Fatal(err)
	}
}

// A reader has as many letters an hour and a day, and no more wait than a number. An album is one.
func TestLimits(t *testing.T) {
	inWorld(t, func(ctx context.Context, w *world) {
		began := time.Now()
		for range 2 {
			w.write(reader, "", replies.Taken)
		}
		for range 3 {
			w.write(reader, "album", replies.Taken)
		}
		time.Sleep(time.Minute)
		if o := w.write(reader, "", replies.TooMany); !o.Again.Equal(began.Add(time.Hour)) {
			t.Errorf("may write again at %v, want an hour after the first at %v", o.Again, began)
		}
		w.write(other, "", replies.Taken)
		time.Sleep(time.Hour)
		for range 2 {
			w.write(reader, "", replies.Taken)
		}
		if o := w.write(reader, "", replies.TooMany); !o.Again.Equal(began.Add(24 * time.Hour)) {
			t.Errorf("may write again at %v, want a day after the first at %v", o.Again, began)
		}
		w.write(other, "", replies.Full)
		if n, err := w.CountWaiting(ctx); err != nil || n != 8 {
			t.Errorf("CountWaiting = %d, %v", n, err)
		}
	})
}

// A copy that may have arrived is sent once more and no oftener; one that had no effect is not
// counted.
func TestAttempts(t *testing.T) {
	inWorld(t, func(ctx context.Context, w *world) {
		c := replies.Copy{Letter: w.write(reader, "", replies.Taken).ID, Chat: editors}
		begin := func(want bool) {
			t.Helper()
			if ok, err := w.Begin(ctx, c); err != nil || ok != want {
				t.Errorf("Begin = %t, %v, want %t", ok, err, want)
			}
		}
		for range 3 {
			begin(true)
			if err := w.End(ctx, c, replies.Undone, 0); err != nil {
				t.Fatal(err)
			}
		}
		begin(true)
		begin(true)
		begin(false)
		if state, _, err := w.Standing(ctx, c); err != nil || state != replies.Uncertain {
			t.Errorf("Standing = %s, %v", state, err)
		}
		sent := replies.Copy{Letter: w.write(reader, "", replies.Taken).ID, Chat: editors}
		w.pass(sent.Letter, false, 50)
		c = sent
		begin(false)
	})
}

func TestFind(t *testing.T) {
	inWorld(t, func(ctx context.Context, w *world) {
		id := w.write(reader, "", replies.Taken).ID
		w.pass(id, true, 70)
		w.pass(id, false, 71)
		if err := errors.Join(w.Conclude(ctx, id, replies.Passed, ""), w.NoteTold(ctx, id, replies.Passed, 90)); err != nil {
			t.Fatal(err)
		}
		l := w.letter(id)
		for _, at := range []replies.Place{l.At, {Chat: reader, Message: 90}, {Chat: editors, Message: 70}, {Chat: editors, Message: 71}} {
			if found, err := w.Find(ctx, at); err != nil || found.ID != id {
				t.Errorf("Find(%v) = %d, %v", at, found.ID, err)
			}
		}
		for _, at := range []replies.Place{{Chat: other, Message: 90}, {Chat: editors, Message: 1}, {Chat: reader, Message: 71}} {
			if _, err := w.Find(ctx, at); !errors.Is(err, subscribers.ErrNotFound) {
				t.Errorf("Find(%v): %v, want ErrNotFound", at, err)
			}
		}
	})
}

// What is taken back is unwanted, also a copy that is on its way; the header with the last letter.
func TestTakeBack(t *testing.T) {
	inWorld(t, func(ctx context.Context, w *world) {
		first, second := w.write(reader, "", replies.Taken).ID, w.write(reader, "", replies.Taken).ID
		w.pass(first, true, 70)
		w.pass(first, false, 71)
		late := replies.Copy{Letter: second, Chat: editors}
		if _, err := w.Begin(ctx, late); err != nil {
			t.Fatal(err)
		}
		wantUnwanted := func(want ...int) {
			t.Helper()
			all, err := w.Unwanted(ctx, 10)
			if err != nil || len(all) != len(want) {
				t.Fatalf("Unwanted = %v, %v, want %v", all, err, want)
			}
			for i, u := range all {
				if u.Message != want[i] {
					t.Errorf("Unwanted = %v, want %v", all, want)
				}
			}
		}
		if passed, err := w.TakeBack(ctx, w.letter(first)); err != nil || !passed {
			t.Errorf("TakeBack = %t, %v", passed, err)
		}
		wantUnwanted(71)
		if passed, err := w.TakeBack(ctx, w.letter(second)); err != nil || passed {
			t.Errorf("TakeBack of one under way = %t, %v", passed, err)
		}
		wantUnwanted(70, 71)
		if err := w.End(ctx, late, replies.Sent, 72); err != nil {
			t.Fatal(err)
		}
		wantUnwanted(70, 71, 72)
	})
}

func TestMute(t *testing.T) {
	inWorld(t, func(ctx context.Context, w *world) {
		c := w.letter(w.write(reader, "", replies.Taken).ID).Conversation
		mute := func(until time.Time, want bool) {
			t.Helper()
			if changed, err := w.all.MuteReader(ctx, c.ID, until, subscribers.InPrivate(77)); err != nil || changed != want {
				t.Errorf("MuteReader = %t, %v, want %t", changed, err, want)
			}
		}
		mute(time.Time{}, false)
		mute(time.Now().Add(time.Hour), true)
		mute(time.Now().Add(time.Hour), false)
		if o := w.write(reader, "", replies.IsMuted); o.Told {
			t.Error("the reader was told before")
		}
		if o := w.write(reader, "", replies.IsMuted); !o.Told {
			t.Error("the reader is told twice")
		}
		w.write(other, "", replies.Taken)
		mute(time.Time{}, true)
		w.write(reader, "", replies.Taken)
		mute(time.Now().Add(time.Hour), true)
		if err := w.all.Forget(ctx, reader); err != nil {
			t.Fatal(err)
		}
		w.write(reader, "", replies.IsMuted)
		time.Sleep(2 * time.Hour)
		w.write(reader, "", replies.Taken)
		if entries, n, err := w.all.AuditOf(ctx, subscribers.AuditAbout{}, 10, 0); err != nil || n != 3 || entries[0].Facts.From != c.Name.String() {
			t.Errorf("the audit is %+v, %v", entries, err)
		}
		if _, err := w.all.MuteReader(ctx, 999, time.Time{}, subscribers.InPrivate(77)); !errors.Is(err, subscribers.ErrNotFound) {
			t.Errorf("MuteReader of nobody: %v", err)
		}
	})
}

// After four weeks nothing in the file leads from a name to a person.
func TestCloseLeavesNothing(t *testing.T) {
	inWorld(t, func(ctx context.Context, w *world) {
		w.pass(w.write(reader, "", replies.Taken).ID, false, 70)
		time.Sleep(time.Hour)
		kept := w.write(other, "", replies.Taken).ID
		if n, err := w.Close(ctx, time.Now().Add(-time.Minute)); err != nil || n != 1 {
			t.Errorf("Close = %d, %v", n, err)
		}
		w.letter(kept)
		db, err := sql.Open("sqlite3", w.path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for query, want := range map[string]int{"SELECT count(*) FROM conversations": 1, "SELECT count(*) FROM letters": 1, "SELECT count(*) FROM copies": 0} {
			var n int
			if err := db.QueryRow(query).Scan(&n); err != nil || n != want {
				t.Errorf("%s is %d, %v, want %d", query, n, err, want)
			}
		}
	})
}

func TestNames(t *testing.T) {
	seen := map[string]bool{}
	for n := replies.Name(0); n < 288_000; n++ {
		seen[n.String()] = true
	}
	if len(seen) != 288_000 {
		t.Errorf("there are %d names, want 32 animals of 9,000", len(seen))
	}
	if got := replies.Name(0).String(); got != "🦊 1000" || !strings.HasSuffix(replies.Name(287_999).String(), " 9999") {
		t.Errorf("the first name is %q", got)
	}
}

// A conversation is open while its reader has written last; what was taken back counts for nothing.
func TestOpen(t *testing.T) {
	inWorld(t, func(ctx context.Context, w *world) {
		want := func(unanswered, waiting int) {
			t.Helper()
			var open replies.Open
			if err := w.all.View(ctx, func(q database.Queryer) (err error) {
				open, err = replies.ReadOpen(ctx, q)
				return err
			}); err != nil || open != (replies.Open{Unanswered: unanswered, Waiting: waiting}) {
				t.Errorf("%+v, %v are open, want %d and %d", open, err, unanswered, waiting)
			}
		}
		want(0, 0)
		first := w.write(reader, "", replies.Taken)
		second := w.write(reader, "", replies.Taken)
		w.write(other, "", replies.Taken)
		want(2, 3)
		for _, id := range []int64{first.ID, second.ID} {
			if err := w.Conclude(ctx, id, replies.Passed, ""); err != nil {
				t.Fatal(err)
			}
		}
		want(2, 1)
		w.next++
		answer := replies.Letter{Conversation: w.letter(first.ID).Conversation, Answer: true, At: replies.Place{Chat: editors, Message: w.next}, To: first.ID, MadeAt: time.Now()}
		o, err := w.TakeAnswer(ctx, answer, false)
		if err != nil {
			t.Fatal(err)
		}
		want(1, 1)
		if err := w.Conclude(ctx, o.ID, replies.Failed, "blocked"); err != nil { // the editor knows
			t.Fatal(err)
		}
		want(1, 1)
		third := w.write(reader, "", replies.Taken)
		want(2, 2)
		if _, err := w.TakeBack(ctx, w.letter(third.ID)); err != nil {
			t.Fatal(err)
		}
		want(1, 1)
	})
}
