package subscribers_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/digest"
	"digestbot/digest/digesttest"
	"digestbot/subscribers"
	"digestbot/subscribers/feedback"
	"digestbot/subscribers/replies"
)

func TestPausedSubscribersAreLeftOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := open(t)
		ctx := t.Context()
		subs := subscribe(t, store, 3)
		if err := store.Pause(ctx, subs[0].ID, time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		first := saveIssue(t, store, digesttest.Issue(1, "News"))
		if n := must(store.Audience(ctx, first.ID))(t); n != 2 {
			t.Errorf("Audience = %d, want the two that are not paused", n)
		}
		b := must(store.StartBroadcast(ctx, first.ID, subscribers.InPrivate(99)))(t)
		if b.Subscribers != 2 {
			t.Errorf("the broadcast goes to %d, want the two that are not paused", b.Subscribers)
		}

		// A subscriber who pauses after the start is skipped, with the reason.
		d := must(store.Delivery(ctx, first.ID, subs[1].ID))(t)
		if why := must(store.Recipient(ctx, subs[1].ID))(t).SkipReason(&d); why != "" {
			t.Errorf("before the pause it is skipped: %q", why)
		}
		if err := store.Pause(ctx, subs[1].ID, time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		paused := must(store.Recipient(ctx, subs[1].ID))(t)
		if why := paused.SkipReason(&d); why != subscribers.ReasonPaused {
			t.Errorf("during the pause it is skipped for %q, want %q", why, subscribers.ReasonPaused)
		}
		if why := paused.SkipReason(&subscribers.Delivery{}); why != "" {
			t.Errorf("what a paused reader asks for is skipped: %q", why)
		}

		// The pause ends by itself, before the chat has been told.
		time.Sleep(time.Hour)
		if why := paused.SkipReason(&d); why != "" {
			t.Errorf("after the pause it is skipped: %q", why)
		}
		second := saveIssue(t, store, digesttest.Issue(2, "News"))
		if b := must(store.StartBroadcast(ctx, second.ID, subscribers.InPrivate(99)))(t); b.Subscribers != 3 {
			t.Errorf("after the pauses a broadcast goes to %d, want all 3", b.Subscribers)
		}
	})
}

// A later broadcast takes over the deliveries that a cancelled one gave up, but not
// those of subscribers who have paused since.
func TestCancelledDeliveryOfAPausedSubscriber(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	subs := subscribe(t, store, 2)
	row := saveIssue(t, store, digesttest.Issue(1, "News"))
	b := must(store.StartBroadcast(ctx, row.ID, subscribers.InPrivate(99)))(t)
	must(store.CancelBroadcast(ctx, b.ID, subscribers.InPrivate(99)))(t)
	must(store.FinishBroadcast(ctx, b.ID))(t)
	if err := store.Pause(ctx, subs[0].ID, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if n := must(store.Audience(ctx, row.ID))(t); n != 1 {
		t.Errorf("Audience = %d, want 1", n)
	}
	again := must(store.StartBroadcast(ctx, row.ID, subscribers.InPrivate(99)))(t)
	if again.Subscribers != 1 {
		t.Errorf("the second broadcast goes to %d, want 1", again.Subscribers)
	}
	must(store.CancelBroadcast(ctx, again.ID, subscribers.InPrivate(99)))(t)
	for _, id := range []int64{b.ID, again.ID} {
		if id == again.ID {
			must(store.FinishBroadcast(ctx, id))(t)
		}
		if err := must(store.Books(ctx, id))(t).Check(); err != nil {
			t.Errorf("books of broadcast %d: %v", id, err)
		}
	}
}

func TestEndsOfPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := open(t)
		ctx := t.Context()
		subs := subscribe(t, store, 4)
		start := time.Now()
		for i, d := range []time.Duration{2 * time.Hour, time.Hour, time.Hour, 3 * time.Hour} {
			if err := store.Pause(ctx, subs[i].ID, start.Add(d)); err != nil {
				t.Fatal(err)
			}
		}
		ended := func(after int64, limit int) (ids []int64) {
			for _, sub := range must(store.EndedPauses(ctx, time.Now(), after, limit))(t) {
				ids = append(ids, sub.ID)
			}
			return ids
		}
		wantNext := func(want time.Time) {
			t.Helper()
			if got := must(store.NextPauseEnd(ctx, time.Now()))(t); !got.Equal(want) {
				t.Errorf("NextPauseEnd = %v, want %v", got, want)
			}
		}
		wantNext(start.Add(time.Hour))
		if got := ended(0, 10); len(got) != 0 {
			t.Errorf("pauses of %v are over, want none", got)
		}
		time.Sleep(2 * time.Hour)
		if got := ended(0, 2); len(got) != 2 || got[0] != subs[0].ID || got[1] != subs[1].ID {
			t.Errorf("the first two pauses that are over are of %v", got)
		}
		if got := ended(subs[1].ID, 2); len(got) != 1 || got[0] != subs[2].ID {
			t.Errorf("the others are of %v, want %d", got, subs[2].ID)
		}
		wantNext(start.Add(3 * time.Hour))

		// Told, but it has paused anew in the meantime.
		old := must(store.Subscriber(ctx, subs[0].Chat.ID, 0))(t)
		if err := store.Pause(ctx, old.ID, start.Add(5*time.Hour)); err != nil {
			t.Fatal(err)
		}
		for _, sub := range append(must(store.EndedPauses(ctx, time.Now(), 0, 10))(t), old) {
			if err := store.MarkPauseEndTold(ctx, sub); err != nil {
				t.Fatal(err)
			}
		}
		if got := ended(0, 10); len(got) != 0 {
			t.Errorf("pauses of %v are over and untold, want none", got)
		}
		if sub := must(store.Subscriber(ctx, old.Chat.ID, 0))(t); !sub.IsPaused(time.Now()) {
			t.Error("the new pause is gone")
		}

		for i, want := range []bool{true, false} {
			if changed := must(store.Resume(ctx, old.ID))(t); changed != want {
				t.Errorf("Resume %d: changed %v, want %v", i+1, changed, want)
			}
		}
		// Subscribing and leaving end a pause as well.
		if _, changed, err := store.Subscribe(ctx, subs[3].Chat); err != nil || !changed {
			t.Errorf("Subscribe of a paused chat: changed %v, %v; want true", changed, err)
		}
		wantNext(time.Time{})
		if err := store.Pause(ctx, subs[3].ID, start.Add(9*time.Hour)); err != nil {
			t.Fatal(err)
		}
		must(store.Unsubscribe(ctx, subs[3].Chat.ID, 0))(t)
		wantNext(time.Time{})
		if err := store.Pause(ctx, 999, start); !errors.Is(err, subscribers.ErrNotFound) {
			t.Errorf("Pause of an unknown subscriber: %v, want ErrNotFound", err)
		}
	})
}

// Nothing in the database is about a chat that was forgotten.
func TestForgetLeavesNoTrace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	store := openAt(t, path)
	ctx := t.Context()
	const chat = 918273645
	sub, _, err := store.Subscribe(ctx, subscribers.Chat{ID: chat, Kind: subscribers.Private, Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	row := saveIssue(t, store, digesttest.Issue(1, "News"))
	if _, _, err := store.StartCanary(ctx, row.ID, subscribers.InPrivate(99), 5, []int64{chat}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(
		store.SetAllMuted(ctx, sub.ID, true), store.AddWords(ctx, sub.ID, []subscribers.Word{{Text: "x", Fold: " x "}}), store.SetLayout(ctx, sub.ID, digest.LayoutRich),
		store.Pause(ctx, sub.ID, time.Now().Add(time.Hour)), store.SaveWait(ctx, chat, time.Now().Add(time.Hour)),
		store.NoteManager(ctx, chat, -100), store.NoteManager(ctx, 5, chat),
		store.SaveRecentMessages(ctx, []subscribers.RecentMessage{{Chat: chat, AnsweredAt: time.Now()}}, time.Time{}),
	); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Feedback.Cast(ctx, feedback.Ballot{Issue: 1, Section: 1, Person: chat, Press: "1"}, feedback.Up); err != nil {
		t.Fatal(err)
	}
	letter := replies.Letter{Conversation: replies.Conversation{Issue: 1, Reader: chat}, At: replies.Place{Chat: chat, Message: 7}, MadeAt: time.Now()}
	if o, err := store.Replies.Take(ctx, letter, replies.Limits{PerHour: 1, PerDay: 1, Waiting: 1}); err != nil || o.Verdict != replies.Taken {
		t.Fatal(o, err)
	}
	draft := must(store.AddDraft(ctx, subscribers.Draft{User: chat, Message: 5, State: subscribers.DraftOpen}))(t)
	if err := store.PutPart(ctx, draft.ID, subscribers.Part{Message: 6}); err != nil {
		t.Fatal(err)
	}
	if err := store.Forget(ctx, chat); err != nil {
		t.Fatal(err)
	}
	db := must(sql.Open("sqlite3", path))(t)
	defer db.Close()
	for _, query := range []string{
		"SELECT count(*) FROM subscribers", "SELECT count(*) FROM muted_sections", "SELECT count(*) FROM words", "SELECT count(*) FROM deliveries",
		"SELECT count(*) FROM canaries", "SELECT count(*) FROM waits",
		"SELECT count(*) FROM recent_messages", "SELECT count(*) FROM drafts", "SELECT count(*) FROM draft_parts", "SELECT count(*) FROM channel_managers", "SELECT count(*) FROM votes",
		"SELECT count(*) FROM conversations", "SELECT count(*) FROM letters",
	} {
		var n int
		if err := db.QueryRow(query).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s is %d, %v, want 0", query, n, err)
		}
	}
}

// BenchmarkDeliveryTimes measures how long it takes to list the delivery times of a
// million subscribers, of whom one in ten has chosen one.
func BenchmarkDeliveryTimes(b *testing.B) {
	path := filepath.Join(b.TempDir(), "digestbot.db")
	store := openAt(b, path)
	fill(b, path, crowds()[2])
	db := must(sql.Open("sqlite3", path+"?_busy_timeout=10000"))(b)
	defer db.Close()
	if _, err := db.Exec(`
		UPDATE subscribers
		SET delivery_weekday = id % 7, delivery_minute = id / 10 % 24 * 60,
			delivery_zone = CASE id / 100 % 3 WHEN 0 THEN 'UTC' WHEN 1 THEN 'Asia/Shanghai' ELSE 'Europe/Berlin' END
		WHERE id % 10 = 0`); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if times, err := store.DeliveryTimes(b.Context()); err != nil || len(times) < 100 {
			b.Fatal(len(times), err)
		}
	}
}
