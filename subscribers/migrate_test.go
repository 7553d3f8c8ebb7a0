package subscribers_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/search"
)

// versions returns the migrations in their order, as SQL.
func versions(t testing.TB) []string {
	t.Helper()
	files := must(filepath.Glob("migrations/*.sql"))(t)
	if len(files) == 0 {
		t.Fatal("there are no migrations")
	}
	var steps []string
	for _, file := range files {
		steps = append(steps, string(must(os.ReadFile(file))(t)))
	}
	return steps
}

// rows are what a database of each version may have in it, in addition to the rows of
// the version before.
var rows = map[int]string{
	1: `
		INSERT INTO subscribers (id, chat_id, kind, language, state, created_at, updated_at)
		VALUES (1, 11, 'private', 'zh-hans', 'on', 1600000000, 1600000001), (2, -22, 'supergroup', 'en', 'off', 1600000000, 1600000001);
		INSERT INTO sections (id, key, name, emoji) VALUES (1, 'news', 'News', ''), (2, 'tools', 'Tools', '🔧');
		INSERT INTO muted_sections (subscriber_id, section_id) VALUES (1, 2);
		INSERT INTO issues (id, key, number, title, published_on, document_name, document, digest, added_at)
		VALUES (1, '179', 179, 'Weekly 179', '2020-09-11', '179.md', x'23', '{"Key":"179","Number":179,"Title":"Weekly 179","Sections":[
			{"Key":"news","Name":"News","Items":[{"Title":[{"Text":"Moon found"}]}]}]}', 1600000002);
		INSERT INTO issue_sections (issue_id, position, section_id) VALUES (1, 0, 1), (1, 1, 2);
		INSERT INTO messages (issue_id, edition, position, section_id, html, plain)
		VALUES (1, 1, 0, NULL, '<b>Weekly 179</b>', 'Weekly 179'), (1, 1, 1, 1, '<b>News</b>', 'News');
		INSERT INTO broadcasts (id, issue_id, edition, source, state, subscribers, messages, created_at)
		VALUES (1, 1, 1, 'schedule', 'running', 1, 2, 1600000003);
		INSERT INTO deliveries (issue_id, subscriber_id, broadcast_id, edition, next_message, sent, message_ids)
		VALUES (1, 1, 1, 1, 1, 1, '501');
		INSERT INTO schedule_runs (scheduled_at, fired_at, broadcast_id) VALUES (1600000003, 1600000003, 1);
		INSERT INTO waits (chat_id, not_before) VALUES (11, 4000000000000);
		INSERT INTO updates (update_id, body, received_at) VALUES (7, '{"update_id":7}', 1600000004);
		INSERT INTO audit (at, user_id, action) VALUES (1600000003, 0, 'broadcast')`,
	2: `UPDATE subscribers SET topics = 1 WHERE id = 2;
		INSERT INTO section_topics (subscriber_id, section_id, thread_id) VALUES (2, 1, 33)`,
	3: `INSERT INTO sections (id, key, name, merged_into) VALUES (3, 'gear', 'Gear', 2);
		INSERT INTO muted_other (subscriber_id) VALUES (1)`,
	4: `UPDATE subscribers
		SET layout = 'compact', chosen_language = 'en', silent = 1, delivery_weekday = 0, delivery_minute = 1200, delivery_zone = 'Asia/Shanghai'
		WHERE id = 1`,
	5: `UPDATE messages SET headlines = 'Headlines' WHERE position = 1;
		UPDATE deliveries SET not_before = 1600000100, layout = 'compact'`,
	6: `INSERT INTO items (issue_id, position, title_fold, text_fold, section, title, text, link)
		VALUES (1, 0, '` + search.Fold("Moon found") + `', '', 'News', 'Moon found', '', '');
		INSERT INTO searchable (issue_id, edition, revision) VALUES (1, 1, 1)`,
	7:  `UPDATE progress_file SET stamp = 5`,
	8:  `UPDATE deleted_subscribers SET last_id = 1`,
	9:  `UPDATE messages SET compact_refused = 'markup' WHERE position = 0`,
	10: `INSERT INTO recent_messages (chat_id, answered_at) VALUES (-22, 1600000005000)`,
	11: `UPDATE messages SET bare = 'button' WHERE position = 1`,
	12: `INSERT INTO dismissed_questions (chat_id, message_id, about, dismissed_at) VALUES (11, 5, 'forget', 1600000000)`,
	13: `INSERT INTO own_texts (text) VALUES ('Brings you every issue')`,
	14: `INSERT INTO heartbeat (id, at) VALUES (1, 1600000000)`,
	16: `UPDATE schedule_runs SET outcome = 'started', issue_id = 1, archive = 1`,
	17: `INSERT INTO issues (id, key, number, title, published_on, document_name, document, digest, added_at)
		VALUES (2, '178', 178, 'Weekly 178', '2020-09-04', '178.md', x'23', '{"Key":"178","Number":178,"Title":"Weekly 178"}', 1600000002);
		INSERT INTO withdrawn_issues (issue_id, withdrawn_at, told_edition) VALUES (2, 1600000006, 1);
		INSERT INTO redated_issues (issue_id, document_date) VALUES (1, '2062-09-11');
		INSERT INTO told_dates (issue_id, published_on) VALUES (1, '2062-09-11')`,
	18: `UPDATE broadcasts SET reported = 0`,
	22: `UPDATE subscribers SET layout = 'auto', layout_advice = 1 WHERE id = 2`,
	23: `UPDATE messages SET share = '<b>News</b>' WHERE position = 1`,
	29: `INSERT INTO editors (user_id, named_by, named_at) VALUES (88, 77, 1600000007)`,
	30: `INSERT INTO issues (id, key, number, title, published_on, document_name, document, digest, added_at)
		VALUES (3, '180', 180, 'Weekly 180', '2020-09-18', '180.md', x'23', '{"Key":"180","Number":180,"Title":"Weekly 180"}', 1600000007);
		INSERT INTO held_issues (issue_id, held_at) VALUES (3, 1600000008)`,
	31: `INSERT INTO sources (id, place, begun_at) VALUES (1, 'https://example.org/feed.xml', 1600000009);
		INSERT INTO source_files (source_id, name, modified, size) VALUES (1, '179.md', 1600000009000000000, 5);
		INSERT INTO entries (source_id, identity, found_at, waiting, body) VALUES (1, 'urn:1', 1600000010, 1, '{}')`,
	33: `INSERT INTO drafts (id, user_id, message_id, name, state, document, changed_at) VALUES (4, 77, 5, 'x.md', 'ready', x'23', 4000000000);
		INSERT INTO untold_issues (issue_id, source, outcome) VALUES (3, 'folder', 'added')`,
	36: `INSERT INTO archive_only (issue_id) VALUES (1)`,
	37: `INSERT INTO publication (only, name, username) VALUES (1, 'Weekly', 'weekly_bot')`,
	38: `UPDATE subscribers SET unconfirmed = 1, greeting = 1 WHERE id = 1`,
	39: `UPDATE subscribers SET dark_pictures = 1 WHERE id = 1`,
	40: `INSERT INTO polls (issue_id, secret, opened_at, closed) VALUES (1, zeroblob(32), 1600000011, 1);
		INSERT INTO vote_totals (issue_id, section_id, up, down) VALUES (1, 1, 3, 2)`,
	41: `INSERT INTO conversations (id, issue_id, reader, name) VALUES (1, 1, 11, 4711);
		INSERT INTO letters (conversation_id, answer, chat_id, message_id, made_at) VALUES (1, 0, 11, 601, 1600000012)`,
}

// database makes a database of a version with rows in it.
func database(t testing.TB, version int) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "digestbot.db")
	for v, step := range versions(t)[:version] {
		exec(t, path, step)
		exec(t, path, rows[v+1])
	}
	exec(t, path, fmt.Sprintf("PRAGMA user_version = %d", version))
	return path
}

func exec(t testing.TB, path, statements string) {
	t.Helper()
	db := must(sql.Open("sqlite3", path))(t)
	defer db.Close()
	if _, err := db.Exec(statements); err != nil {
		t.Fatalf("%v in %s", err, statements)
	}
}

// schema returns the schema of a database, by name. Added columns stand at the end of
// their table, and comments do not count.
func schema(t testing.TB, path string) map[string]string {
	t.Helper()
	db := must(sql.Open("sqlite3", path))(t)
	defer db.Close()
	rows := must(db.Query("SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema"))(t)
	defer rows.Close()
	all := make(map[string]string)
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			t.Fatal(err)
		}
		all[name] = normalised(text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func normalised(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		code, _, _ := strings.Cut(line, "--")
		b.WriteString(code + " ")
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// A database of each past version gets the schema of a new one and keeps its rows.
func TestMigrateEveryVersion(t *testing.T) {
	withoutBackup := func(ctx context.Context, path string) (*subscribers.Store, error) {
		return subscribers.OpenWith(ctx, path, subscribers.Opening{NoBackup: true})
	}
	steps := versions(t)
	fresh := filepath.Join(t.TempDir(), "fresh.db")
	if err := must(subscribers.Open(t.Context(), fresh))(t).Close(); err != nil {
		t.Fatal(err)
	}
	want := schema(t, fresh)
	growing := filepath.Join(t.TempDir(), "growing.db")
	for version := 1; version <= len(steps); version++ {
		exec(t, growing, fmt.Sprintf("%s; %s; PRAGMA user_version = %d", steps[version-1], rows[version], version))
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "digestbot.db")
			if err := os.WriteFile(path, must(os.ReadFile(growing))(t), 0o600); err != nil {
				t.Fatal(err)
			}
			store := openWith(t, withoutBackup, path)
			if diff := cmp.Diff(want, schema(t, path)); diff != "" {
				t.Errorf("the schema differs from a fresh one (-fresh +migrated):\n%s", diff)
			}
			checkRows(t, store, version)
		})
	}
}

// checkRows checks that what rows put into a database of the version is there.
func checkRows(t *testing.T, store *subscribers.Store, version int) {
	t.Helper()
	ctx := t.Context()
	first := must(store.Recipient(ctx, 1))(t)
	second := must(store.Subscriber(ctx, -22, 0))(t)
	if first.Chat.ID != 11 || first.State != subscribers.On || !first.Muted[2] || second.State != subscribers.Off {
		t.Errorf("subscribers are %+v and %+v", first, second)
	}
	checkChoices(t, first, version)
	if since := version >= 2; (must(store.Recipient(ctx, 2))(t).Topics != 0) != since {
		t.Errorf("the group has topics: %v, want %v", !since, since)
	}
	if since := version >= 3; first.Muted[3] != since || first.MutesOther != since {
		t.Errorf("muted are %v, other %v, want the merged one and other: %v", first.Muted, first.MutesOther, since)
	}
	if since := version >= 29; store.IsEditor(88) != since {
		t.Errorf("88 is an editor: %v, want %v", !since, since)
	}
	if version >= 17 && !must(store.Issue(ctx, 2))(t).Withdrawn {
		t.Error("issue 178 is not withdrawn any more")
	}
	source := must(store.Sources.Open(ctx, "https://example.org/feed.xml", ""))(t)
	if since := version >= 31; !source.Begun.IsZero() != since || (must(store.Sources.CountWaiting(ctx, source.ID))(t) == 1) != since || (len(must(store.Sources.Files(ctx, source.ID))(t)) == 1) != since {
		t.Errorf("source is %+v", source)
	}
	if version >= 30 && !must(store.Issue(ctx, 3))(t).Held {
		t.Error("issue 180 does not wait for approval any more")
	}
	if version >= 33 && (must(store.Draft(ctx, 4))(t).Name != "x.md" || len(must(store.UntoldIssues(ctx))(t)) != 1) {
		t.Error("the draft, or what admins are to be told, is not there any more")
	}
	issue := must(store.NewestIssue(ctx))(t)
	messages := must(store.Messages(ctx, issue.ID, issue.Edition))(t)
	if issue.Number != 179 || len(messages) != 2 || messages[1].HTML != "<b>News</b>" || messages[1].RichRefused != "" {
		t.Errorf("issue %+v has the messages %+v", issue, messages)
	}
	if since := version >= 9; (messages[0].CompactRefused == "markup") != since {
		t.Errorf("the compact message is refused as %q, want that: %v", messages[0].CompactRefused, since)
	}
	if since := version >= 11; (messages[1].Bare == "button") != since {
		t.Errorf("the second message is bare for %q, want that: %v", messages[1].Bare, since)
	}
	b := firstUnfinished(t, store)
	left := must(store.PendingDeliveries(ctx, b, 0, 10))(t)
	if len(left) != 1 || left[0].NextMessage != 1 || left[0].Covered != 0 || len(left[0].Arrived) != 1 || left[0].Arrived[0] != (subscribers.Arrived{Position: subscribers.UnknownPosition, ID: 501}) {
		t.Errorf("pending are %+v, want the one delivery from its second message on", left)
	}
	if at := must(store.LastScheduleRun(ctx, time.Now()))(t); at.Unix() != 1600000003 {
		t.Errorf("the schedule ran last at %v: what was due since is made up for", at)
	}
	if recent := must(store.RecentMessages(ctx, time.Unix(1600000000, 0), time.Unix(1600000100, 0)))(t); version >= 10 && len(recent) != 1 {
		t.Errorf("recent messages are %v", recent)
	}
	if waits := must(store.Waits(ctx, time.Now()))(t); len(waits) != 1 {
		t.Errorf("waits are %v", waits)
	}
	if updates := must(store.UnhandledUpdates(ctx))(t); len(updates) != 1 || updates[0].ID != 7 {
		t.Errorf("updates are %v", updates)
	}
	if found, total, err := store.Search(ctx, search.Parse("moon"), 10, 0); err != nil || total != 1 {
		t.Errorf("search finds %+v, %v, want the one item", found, err)
	}
	if totals := must(store.Feedback.Totals(ctx, 1))(t); (len(totals) == 1 && totals[0].Up == 3) != (version >= 40) {
		t.Errorf("version %d has the votes %+v", version, totals)
	}
	if waiting := must(store.Replies.CountWaiting(ctx))(t); waiting != 0 != (version >= 41) {
		t.Errorf("version %d has %d replies that wait", version, waiting)
	}
	if unconfirmed := must(store.CountUnconfirmed(ctx))(t); unconfirmed != 0 != (version >= 38) {
		t.Errorf("%d are unconfirmed", unconfirmed)
	}
	// It can be written to.
	progress(t, store, left[0], subscribers.Progress{NextMessage: 2, State: subscribers.Delivered, Sent: 2, Arrived: []subscribers.Arrived{{Position: 0, ID: 501}, {Position: 1, ID: 502}}})
	if books, err := store.FinishBroadcast(ctx, b.ID); err != nil || books.Sum(subscribers.OutcomeSent) != 2 {
		t.Errorf("books are %+v, %v", books, err)
	}
	if unconfirmed := must(store.CountUnconfirmed(ctx))(t); unconfirmed != 0 {
		t.Errorf("%d are unconfirmed after a delivery", unconfirmed)
	}
}

func checkChoices(t *testing.T, r subscribers.Recipient, version int) {
	t.Helper()
	want := subscribers.Subscriber{}
	if version >= 4 {
		want.Layout, want.Silent = digest.LayoutCompact, true
		want.Delivery = subscribers.DeliveryTime{Weekday: time.Sunday, Minute: 1200, Zone: "Asia/Shanghai"}
	}
	if r.Layout != want.Layout || r.Silent != want.Silent || r.Delivery != want.Delivery || !r.PausedUntil.IsZero() {
		t.Errorf("choices are %+v, want %+v", r.Subscriber, want)
	}
}

// A migration begins with the versions it leads from and to, which are those of its place: a
// file gets another number when it is joined with others.
func TestMigrationsSayTheirVersions(t *testing.T) {
	for i, step := range versions(t) {
		if want := fmt.Sprintf("-- v%d -> v%d: ", i, i+1); !strings.HasPrefix(step, want) {
			t.Errorf("migration %d begins with %.20q, want %q", i+1, step, want)
		}
	}
}

// A step that fails leaves the version before it whole, and works the next time.
func TestMigrationThatFails(t *testing.T) {
	path := database(t, 3)
	before := schema(t, path)
	// The fourth step makes an index of this name after it has added columns.
	exec(t, path, "CREATE TABLE subscribers_timed (x)")
	store, err := subscribers.Open(t.Context(), path)
	if err == nil {
		t.Fatal(errors.Join(errors.New("opened"), store.Close()))
	}
	if !strings.Contains(err.Error(), "0004_") {
		t.Errorf("error is %q, want the name of the step in it", err)
	}
	exec(t, path, "DROP TABLE subscribers_timed")
	if diff := cmp.Diff(before, schema(t, path)); diff != "" {
		t.Errorf("the step that failed left something behind:\n%s", diff)
	}
	checkRows(t, openAt(t, path), 3)
}

// A database of a newer version is not touched, whether it was closed in order or there
// is something in its log.
func TestNewerDatabaseIsLeftAlone(t *testing.T) {
	for _, test := range []struct {
		name   string
		pragma string
		crash  bool
	}{
		{"rollback journal", "PRAGMA journal_mode = DELETE", false},
		{"write-ahead log", "PRAGMA journal_mode = WAL", false},
		{"write-ahead log after a crash", "PRAGMA journal_mode = WAL", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "digestbot.db")
			db := must(sql.Open("sqlite3", path))(t)
			if _, err := db.Exec(test.pragma + "; CREATE TABLE future (x); PRAGMA user_version = 1000"); err != nil {
				t.Fatal(err)
			}
			if test.crash {
				copied := filepath.Join(t.TempDir(), "digestbot.db")
				for _, suffix := range []string{"", "-wal"} {
					if err := os.WriteFile(copied+suffix, must(os.ReadFile(path+suffix))(t), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				path = copied
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			before := must(os.ReadFile(path))(t)
			store, err := subscribers.Open(t.Context(), path)
			if err == nil {
				t.Fatal(errors.Join(errors.New("opened"), store.Close()))
			}
			if !errors.Is(err, subscribers.ErrNewerDatabase) {
				t.Errorf("Open = %v, want ErrNewerDatabase", err)
			}
			if after := must(os.ReadFile(path))(t); !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}
