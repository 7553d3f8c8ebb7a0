package desk

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/bot/delivery"
	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// english speaks English, with times in UTC.
func english(t testing.TB) talk.Speaker {
	t.Helper()
	catalog, err := talk.NewCatalog("en")
	if err != nil {
		t.Fatal(err)
	}
	return catalog.Speaker("en", time.UTC)
}

// entry is a line of books.
func entry(outcome subscribers.Outcome, reason subscribers.Reason, people, messages int) subscribers.Entry {
	return subscribers.Entry{Outcome: outcome, Reason: reason, Subscribers: people, Messages: messages}
}

// books are those of ten subscribers with four messages each.
func books(entries ...subscribers.Entry) subscribers.Books {
	return subscribers.Books{Subscribers: 10, Messages: 4, Entries: entries}
}

func TestHeadline(t *testing.T) {
	s := english(t)
	broadcast := func(state subscribers.BroadcastState, why subscribers.PauseReason) subscribers.Broadcast {
		return subscribers.Broadcast{ID: 7, State: state, Reason: why, Subscribers: 10, Messages: 4}
	}
	running := broadcast(subscribers.Running, subscribers.PauseReason{})
	progressOf := func(id int64) delivery.Tally {
		return delivery.Tally{Broadcast: subscribers.Broadcast{ID: id}}
	}
	pending := entry(subscribers.OutcomePending, "", 2, 8)
	for _, test := range []struct {
		name string
		st   standing
		want string
	}{
		{"under way", standing{Broadcast: running, sending: true, tally: progressOf(7)}, "📣 <b>Being sent</b>"},
		{"another is under way", standing{Broadcast: running, sending: true, tally: progressOf(8)}, "⏳ <b>Waiting for its turn</b>"},
		{"about to begin", standing{Broadcast: running}, "📣 <b>Being sent</b>"},
		{
			"only readers' own times are left",
			standing{Broadcast: running, books: books(pending), ownTimes: subscribers.OwnTimes{Subscribers: 2}},
			"🕘 <b>Waiting for readers' own times</b>",
		},
		{
			"more than readers' own times is left",
			standing{Broadcast: running, books: books(pending), ownTimes: subscribers.OwnTimes{Subscribers: 1}, sending: true, tally: progressOf(8)},
			"⏳ <b>Waiting for its turn</b>",
		},
		{
			"paused by an admin",
			standing{Broadcast: broadcast(subscribers.Paused, subscribers.PauseReason{Kind: subscribers.PausedByAdmin})},
			"⏸ <b>Paused</b>",
		},
		{
			"paused after the first few",
			standing{Broadcast: broadcast(subscribers.Paused, subscribers.PauseReason{Kind: subscribers.PausedAfterCanary})},
			"🐤 <b>The first few have it.</b> Does it look right? Then resume.",
		},
		{
			"paused by the program",
			standing{Broadcast: broadcast(subscribers.Paused, subscribers.PauseReason{Kind: subscribers.PausedForImbalance, Detail: "3 < 4"})},
			"⏸ <b>Paused</b>: The numbers do not add up, which is a bug in this program. Please report it: 3 &lt; 4",
		},
		{"cancelled", standing{Broadcast: broadcast(subscribers.Cancelled, subscribers.PauseReason{})}, "⏹ <b>Cancelled</b>"},
		{
			"done",
			standing{Broadcast: broadcast(subscribers.Done, subscribers.PauseReason{}), books: books(entry(subscribers.OutcomeSent, "", 10, 40))},
			"✅ <b>Sent</b>",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := headline(s, test.st); got != test.want {
				t.Errorf("headline = %q, want %q", got, test.want)
			}
		})
	}
}

func TestVerdict(t *testing.T) {
	s := english(t)
	sent := entry(subscribers.OutcomeSent, "", 6, 24)
	for _, test := range []struct {
		name    string
		entries []subscribers.Entry
		want    string
	}{
		{"all got it", []subscribers.Entry{entry(subscribers.OutcomeSent, "", 10, 40)}, "✅ <b>Sent</b>"},
		{"others chose so, or are gone", []subscribers.Entry{
			sent, entry(subscribers.OutcomeSkipped, "paused", 2, 8), entry(subscribers.OutcomeSkipped, "blocked", 2, 8),
		}, "✅ <b>Sent</b>"},
		{"some chats do not let the bot post", []subscribers.Entry{
			sent, entry(subscribers.OutcomeSkipped, "no rights", 1, 4), entry(subscribers.OutcomeFailed, "markup", 3, 12),
		}, "⚠️ <b>Sent, but 4 of 10 subscribers did not get all of it</b>"},
		{"nobody, most of them failed", []subscribers.Entry{
			entry(subscribers.OutcomeFailed, "markup", 1, 4), entry(subscribers.OutcomeFailed, "too long", 2, 8),
			entry(subscribers.OutcomeSkipped, "blocked", 7, 28),
		}, "❌ <b>Nobody got it:</b> too long"},
		{"nobody, all were skipped", []subscribers.Entry{
			entry(subscribers.OutcomeSkipped, "blocked", 7, 28), entry(subscribers.OutcomeSkipped, "left", 3, 12),
		}, "❌ <b>Nobody got it:</b> blocked the bot"},
		{"perhaps somebody", []subscribers.Entry{
			entry(subscribers.OutcomeUncertain, "", 1, 1), entry(subscribers.OutcomeSkipped, "blocked", 9, 36),
		}, "✅ <b>Sent</b>"},
	} {
		t.Run(test.name, func(t *testing.T) {
			st := standing{Broadcast: subscribers.Broadcast{State: subscribers.Done, Subscribers: 10, Messages: 4}, books: books(test.entries...)}
			if got := verdict(s, st); got != test.want {
				t.Errorf("verdict = %q, want %q", got, test.want)
			}
		})
	}
}

func TestProgressLines(t *testing.T) {
	s := english(t)
	const rate = 10
	running := subscribers.Broadcast{ID: 7, State: subscribers.Running, Subscribers: 10, Messages: 4}
	paused := running
	paused.State = subscribers.Paused
	burst := delivery.Tally{Broadcast: running, Settled: 30, Rate: 2568, Remaining: time.Second}
	fast := delivery.Tally{Broadcast: running, Settled: 30, Rate: 9.6, Remaining: 90 * time.Second}
	early, elsewhere := fast, fast
	early.Settled = 29
	elsewhere.Broadcast.ID = 8
	unknown := fast
	unknown.Remaining = 0
	pending := books(entry(subscribers.OutcomeSent, "", 5, 20), entry(subscribers.OutcomePending, "", 5, 20))
	for _, test := range []struct {
		name     string
		bc       subscribers.Broadcast
		progress delivery.Tally
		sending  bool
		want     string
	}{
		{"under way", running, fast, true, "▓▓▓▓▓▓▓▓▓░░░ 75 %\n30 of 40 messages\n10 per second, about 90 seconds left"},
		{"the burst after a pause", running, burst, true, "▓▓▓▓▓▓▓▓▓░░░ 75 %\n30 of 40 messages"},
		{"too early for a speed", running, early, true, "▓▓▓▓▓▓▓▓░░░░ 72 %\n29 of 40 messages"},
		{"the rest is unknown", running, unknown, true, "▓▓▓▓▓▓▓▓▓░░░ 75 %\n30 of 40 messages"},
		{"being paused", paused, fast, true, "▓▓▓▓▓▓▓▓▓░░░ 75 %\n30 of 40 messages"},
		{"another is under way", running, elsewhere, true, "▓▓▓▓▓▓░░░░░░ 50 %\n20 of 40 messages"},
		{"none is under way", running, delivery.Tally{}, false, "▓▓▓▓▓▓░░░░░░ 50 %\n20 of 40 messages"},
		{"nobody to send to", subscribers.Broadcast{ID: 7}, delivery.Tally{}, false, "▓▓▓▓▓▓▓▓▓▓▓▓ 100 %\n0 of 0 messages"},
	} {
		t.Run(test.name, func(t *testing.T) {
			st := standing{Broadcast: test.bc, books: pending, tally: test.progress, sending: test.sending}
			if test.bc.Subscribers == 0 {
				st.books = subscribers.Books{}
			}
			if diff := cmp.Diff(test.want, progressLines(s, st, rate)); diff != "" {
				t.Errorf("progress (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTook(t *testing.T) {
	s := english(t)
	began := time.Date(2026, time.November, 27, 9, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name string
		took time.Duration
		sent int
		want string
	}{
		{"a while", 20 * time.Second, 590, "In 20 seconds, 30 per second"},
		{"an instant", 0, 4, "In 1 second, 4 per second"},
		{"days, for readers' own times", 48 * time.Hour, 590, "In 48 hours"},
	} {
		t.Run(test.name, func(t *testing.T) {
			bc := subscribers.Broadcast{CreatedAt: began, FinishedAt: began.Add(test.took)}
			if got := took(s, bc, books(entry(subscribers.OutcomeSent, "", 10, test.sent))); got != test.want {
				t.Errorf("took = %q, want %q", got, test.want)
			}
		})
	}
}

func TestBookLines(t *testing.T) {
	failed := []subscribers.Entry{
		entry(subscribers.OutcomeFailed, "Bad Request: <new>", 1, 9),
		entry(subscribers.OutcomeFailed, "markup", 1, 8),
		entry(subscribers.OutcomeFailed, "too long", 1, 7),
		entry(subscribers.OutcomeFailed, "empty", 1, 6),
		entry(subscribers.OutcomeFailed, "button", 1, 5),
		entry(subscribers.OutcomeFailed, "preview", 1, 4),
		entry(subscribers.OutcomeFailed, "server error", 1, 3),
	}
	all := append(slices.Clip(failed),
		entry(subscribers.OutcomePending, "", 1, 2),
		entry(subscribers.OutcomeSent, "", 1, 1),
		entry(subscribers.OutcomeSkipped, "covered", 0, 6),
		entry(subscribers.OutcomeSkipped, "muted", 0, 1),
		entry(subscribers.OutcomeUncertain, "", 0, 1))
	want := []string{
		"✅ sent: 1 message",
		"❌ failed, Bad Request: &lt;new&gt;: 9 messages",
		"❌ failed, its formatting: 8 messages",
		"❌ failed, too long: 7 messages",
		"❌ failed, empty: 6 messages",
		"❌ failed, a button: 5 messages",
		"✅ sent within another message: 6 messages",
		"➖ skipped, section switched off, or hidden by words: 1 message",
		"❔ no answer from Telegram, perhaps sent: 1 message",
		"❌ failed, other reasons: 7 messages",
	}
	if diff := cmp.Diff(want, bookLines(english(t), books(all...))); diff != "" {
		t.Errorf("lines of the books (-want +got):\n%s", diff)
	}
}

func TestFailuresAmong(t *testing.T) {
	all := []subscribers.Failure{
		{IssueID: 2, BroadcastID: 5, Reason: "markup", Subscribers: 9},
		{IssueID: 2, Reason: "too long", Subscribers: 3},
		{IssueID: 2, Reason: "empty", Subscribers: 1},
		{IssueID: 1, BroadcastID: 4, Reason: "markup", Subscribers: 7},
		{IssueID: 1, BroadcastID: 3, Reason: "markup", Subscribers: 2},
		{IssueID: 1, BroadcastID: 3, Reason: "empty", Subscribers: 1},
	}
	for _, test := range []struct {
		name             string
		issue, broadcast int64
		want             failures
	}{
		{"of a broadcast and of readers", 2, 5, failures{broadcast: 9, asked: 4, reason: "too long"}},
		{"of readers only", 2, 0, failures{asked: 4, reason: "too long"}},
		{"of one of two broadcasts", 1, 3, failures{broadcast: 3}},
		{"none", 3, 6, failures{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := failuresAmong(all, test.issue, test.broadcast); got != test.want {
				t.Errorf("failuresAmong = %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestControls(t *testing.T) {
	finished := time.Unix(1, 0)
	captions := captions{pause: "pause", resume: "resume", cancel: "stop", retry: "retry"}
	for _, test := range []struct {
		name string
		st   standing
		want []string
	}{
		{"running", standing{Broadcast: subscribers.Broadcast{State: subscribers.Running}}, []string{"pause", "stop"}},
		{"paused", standing{Broadcast: subscribers.Broadcast{State: subscribers.Paused}}, []string{"resume", "stop"}},
		{"done", standing{Broadcast: subscribers.Broadcast{State: subscribers.Done, FinishedAt: finished}}, nil},
		{
			"done with failures",
			standing{Broadcast: subscribers.Broadcast{State: subscribers.Done, FinishedAt: finished}, failed: failures{broadcast: 1}},
			[]string{"retry"},
		},
		{
			"running with failures",
			standing{Broadcast: subscribers.Broadcast{State: subscribers.Running}, failed: failures{broadcast: 1}},
			[]string{"pause", "stop"},
		},
		{
			"waiting for readers' own times with failures",
			standing{
				Broadcast: subscribers.Broadcast{State: subscribers.Running}, failed: failures{broadcast: 1},
				ownTimes: subscribers.OwnTimes{Subscribers: 1},
			},
			[]string{"pause", "stop", "retry"},
		},
		{
			"cancelled, but asked for in vain",
			standing{Broadcast: subscribers.Broadcast{State: subscribers.Cancelled, FinishedAt: finished}, failed: failures{asked: 1}},
			[]string{"retry"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, row := range controls(test.st, captions) {
				for _, b := range row {
					got = append(got, b.Text)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("buttons (-want +got):\n%s", diff)
			}
		})
	}
}
