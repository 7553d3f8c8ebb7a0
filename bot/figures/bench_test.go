package figures

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-telegram/bot/models"
	_ "github.com/mattn/go-sqlite3"

	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/digest/digesttest"
	"digestbot/subscribers"
)

// crowded makes a database of 100,000 subscribers, of whom somebody joined or left in every
// quarter of an hour of five years. Half have muted a section, and one in ten has muted or
// highlighted a word. The last five issues were broadcast to all, and 20,000 have voted on
// each.
func crowded(b *testing.B) *Figures {
	b.Helper()
	path := filepath.Join(b.TempDir(), "digestbot.db")
	store, err := subscribers.Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close() })
	for n := range 5 {
		if _, _, err := store.SaveIssue(b.Context(), digesttest.Issue(n+1, "News", "Tools", "Essays", "People", "Last"), "a.md", []byte("#")); err != nil {
			b.Fatal(err)
		}
	}
	db, err := sql.Open("sqlite3", path+"?_busy_timeout=10000")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`
		WITH RECURSIVE ids (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id < 100000)
		INSERT INTO subscribers (id, chat_id, kind, state, language, layout, created_at, updated_at)
		SELECT id, id, iif(id % 10 = 0, 'channel', 'private'), 'on', substr('enzhderu', 1 + id % 4 * 2, 2), iif(id % 7 = 0, 'compact', ''), 0, 0 FROM ids;
		INSERT INTO muted_sections SELECT id, 1 + id % 5 FROM subscribers WHERE id % 2 = 0;
		INSERT INTO words (subscriber_id, fold, word, highlight) SELECT id, 'w', 'w', id % 3 = 0 FROM subscribers WHERE id % 10 = 0;
		DELETE FROM turnover; -- times are others
		WITH RECURSIVE quarters (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM quarters WHERE n < 5 * 365 * 96)
		INSERT INTO turnover (at, change, reason, subscribers)
		SELECT unixepoch() / 900 * 900 - n * 900, iif(n % 3 = 0, 'leave', 'join'),
			CASE n % 9 WHEN 0 THEN 'blocked' WHEN 3 THEN 'unsubscribed' WHEN 6 THEN 'deactivated' WHEN 5 THEN 'returned' ELSE '' END, 1
		FROM quarters;
		INSERT INTO broadcasts (id, issue_id, edition, trigger, state, subscribers, messages, created_at)
		SELECT id, id, 1, 'admin', 'done', 100000, 6, 0 FROM issues;
		INSERT INTO deliveries (issue_id, subscriber_id, broadcast_id, edition, state, reason, sent, message_ids)
		SELECT i.id, s.id, i.id, 1, iif(s.id % 50 = 0, 'skipped', 'done'), iif(s.id % 50 = 0, 'blocked', ''), 6, '123456 123457 123458 123459 123460 123461'
		FROM issues i, subscribers s;
		INSERT INTO polls (issue_id, secret, opened_at) SELECT id, randomblob(32), unixepoch() FROM issues;
		INSERT INTO votes (issue_id, section_id, voter, vote, press)
		SELECT i.id, 1 + s.id / 5 % 5, randomblob(16), iif(s.id % 3 = 0, -1, 1), randomblob(16) FROM issues i, subscribers s WHERE s.id % 5 = 0`); err != nil {
		b.Fatal(err)
	}
	talker, err := talk.New(talk.Config{Store: store, Location: time.UTC})
	if err != nil {
		b.Fatal(err)
	}
	talker.Self.Store(&models.User{FirstName: "Weekly"})
	return New(talker, Config{Layout: digest.LayoutSections, Reason: func(_ talk.Speaker, why subscribers.Reason) string { return string(why) }})
}

// BenchmarkStats measures an answer to /stats: everything is counted, written and drawn.
func BenchmarkStats(b *testing.B) {
	f := crowded(b)
	s := f.SpeakerTo(subscribers.Subscriber{}, "zh-hans")
	all, err := f.read(b.Context(), shownIssues)
	if err != nil || len(all.Issues) != 5 || len(all.Votes) != 5 || len(all.Sections) != 5 || len(all.Turnover.Days) < 5*365 || all.Audience.On != 100_000 {
		b.Fatal(all, err)
	}
	count := func() {
		if all, err = f.read(b.Context(), shownIssues); err != nil {
			b.Fatal(err)
		}
	}
	write := func() {
		if _, err := f.text(b.Context(), s, all); err != nil {
			b.Fatal(err)
		}
	}
	draw := func() {
		if _, err := f.picture(s, all, false).draw(); err != nil {
			b.Fatal(err)
		}
	}
	for _, part := range []struct {
		name string
		do   func()
	}{{"count", count}, {"write", write}, {"draw", draw}, {"all", func() { count(); write(); draw() }}} {
		b.Run(part.name, func(b *testing.B) {
			for b.Loop() {
				part.do()
			}
		})
	}
}
