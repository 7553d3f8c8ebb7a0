package subscribers_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/storetest"
)

// pinged is a store of which a dead-man's switch is told, with one reader.
type pinged struct {
	*subscribers.Store
	t      *testing.T
	reader subscribers.Subscriber
	issues int
}

func newPinged(t *testing.T) *pinged {
	t.Helper()
	store := must(storetest.Open(t.Context(), filepath.Join(t.TempDir(), "digestbot.db")))(t)
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	reader, _, err := store.Subscribe(t.Context(), subscribers.Chat{ID: 1, Kind: subscribers.Private})
	if err != nil {
		t.Fatal(err)
	}
	return &pinged{Store: store, t: t, reader: reader}
}

// begin starts the broadcast of a new issue, by an admin.
func (p *pinged) begin() subscribers.Broadcast {
	p.t.Helper()
	p.issues++
	row, _, err := p.SaveIssue(p.t.Context(), &digest.Issue{Key: fmt.Sprint(p.issues), Number: p.issues, Title: "Weekly"}, fmt.Sprint(p.issues), fmt.Append(nil, p.issues))
	if err != nil {
		p.t.Fatal(err)
	}
	return must(p.StartBroadcast(p.t.Context(), row.ID, subscribers.InPrivate(7)))(p.t)
}

// end ends a broadcast; a reason is why the reader did not get it.
func (p *pinged) end(b subscribers.Broadcast, failed subscribers.Reason) {
	p.t.Helper()
	state := subscribers.Progress{NextMessage: b.Messages, Sent: b.Messages, State: subscribers.Delivered}
	if failed != "" {
		state = subscribers.Progress{State: subscribers.Failed, Reason: failed}
	}
	d := subscribers.Delivery{IssueID: b.IssueID, SubscriberID: p.reader.ID, BroadcastID: b.ID, Edition: b.Edition, Progress: state}
	if err := p.SaveProgress(p.t.Context(), []subscribers.Delivery{d}); err != nil {
		p.t.Fatal(err)
	}
	must(p.FinishBroadcast(p.t.Context(), b.ID))(p.t)
}

func (p *pinged) set(on bool) {
	p.t.Helper()
	if err := p.SetPings(p.t.Context(), on); err != nil {
		p.t.Fatal(err)
	}
}

// due checks what there is to tell, and notes that it was told.
func (p *pinged) due(when string, want []subscribers.Ping, resting ...int64) {
	p.t.Helper()
	got := must(p.DuePings(p.t.Context(), time.Now(), resting...))(p.t)
	if diff := cmp.Diff(want, got); diff != "" {
		p.t.Errorf("%s (-want +got):\n%s", when, diff)
	}
	for _, one := range got {
		if err := p.NotePing(p.t.Context(), one); err != nil {
			p.t.Fatal(err)
		}
	}
	if again := must(p.DuePings(p.t.Context(), time.Now(), resting...))(p.t); len(again) > 0 {
		p.t.Errorf("%s: %v is told again", when, again)
	}
}

func good(b subscribers.Broadcast) []subscribers.Ping {
	return []subscribers.Ping{{Broadcast: b.ID, Good: true}}
}

func failed(b subscribers.Broadcast) []subscribers.Ping {
	return []subscribers.Ping{{Broadcast: b.ID}}
}

func TestPingsOfBroadcasts(t *testing.T) {
	p := newPinged(t)
	p.end(p.begin(), "")
	p.end(p.begin(), subscribers.ReasonMarkup)
	p.set(true)
	p.due("of what was over before", nil)

	b := p.begin()
	p.due("while it is under way", nil)
	p.end(b, "")
	p.set(true) // after a restart
	p.due("at the end", good(b))

	b = p.begin()
	p.end(b, subscribers.ReasonServerError)
	p.due("after a fault of Telegram's", good(b))

	b = p.begin()
	p.end(b, subscribers.ReasonMarkup)
	p.due("after a refusal", failed(b))
	must(p.RetryFailed(t.Context(), b.ID, subscribers.InPrivate(7)))(t)
	p.due("while it is tried again", nil)
	p.end(b, "")
	p.due("after that worked", good(b))

	b = p.begin()
	p.due("when the rest waits for readers' own times", good(b), b.ID)
	p.due("when these have come", nil)
	p.end(b, "")
	p.due("when these have it", nil)
	p.end(p.begin(), "") // not told
	p.set(false)
	p.set(true)
	p.due("of what was over while nothing was to be told", nil)
}

func TestPingsOfPauses(t *testing.T) {
	p := newPinged(t)
	p.set(true)
	for _, test := range []struct {
		reason subscribers.PauseReason
		fails  bool
	}{
		{subscribers.PauseReason{}, false},
		{subscribers.PauseReason{Kind: subscribers.PausedAfterCanary}, false},
		{subscribers.PauseReason{Kind: subscribers.PausedForContent, Number: 1, Detail: "markup"}, true},
		{subscribers.PauseReason{Kind: subscribers.PausedForFailures, Number: 20}, true},
		{subscribers.PauseReason{Kind: subscribers.PausedForImbalance, Detail: "1 of 2"}, true},
		{subscribers.PauseReason{Kind: subscribers.PausedForOther, Detail: "moon"}, true},
	} {
		b := p.begin()
		if test.reason.Kind == subscribers.PausedByAdmin {
			must(p.PauseBroadcast(t.Context(), b.ID, subscribers.InPrivate(7)))(t)
		} else {
			must(p.HoldBroadcast(t.Context(), b.ID, test.reason))(t)
		}
		var want []subscribers.Ping
		if test.fails {
			want = failed(b)
		}
		p.due(fmt.Sprintf("paused: %q", test.reason), want)
		must(p.ResumeBroadcast(t.Context(), b.ID, subscribers.InPrivate(7)))(t)
		p.due("when it goes on", nil)
		p.end(b, "")
		p.due("when it is done", good(b))
	}
	b := p.begin()
	must(p.CancelBroadcast(t.Context(), b.ID, subscribers.InPrivate(7)))(t)
	must(p.FinishBroadcast(t.Context(), b.ID))(t)
	p.due("cancelled", nil)
}

// A run that has nothing to send is good if an admin has sent the newest issue since the run
// before, and only then.
func TestPingsOfRuns(t *testing.T) {
	p := newPinged(t)
	p.set(true)
	now := time.Now().Truncate(time.Second)
	run := func(due time.Time) {
		t.Helper()
		must(p.RunSchedule(t.Context(), due))(t)
	}
	run(now.Add(-4 * time.Hour))
	p.due("of a run without an issue", nil)
	b := p.begin()
	p.end(b, "")
	p.due("after an admin has sent it", good(b))
	third := now.Add(-3 * time.Hour)
	exec(t, p.Files()[0], fmt.Sprintf("UPDATE broadcasts SET created_at = %d", third.Unix()-60))
	run(third)
	p.due("of the run after that", []subscribers.Ping{{Run: third, Good: true}})
	run(now.Add(-2 * time.Hour))
	p.due("of a week without an issue", nil)

	b = p.begin()
	run(now)
	p.due("of a run while an admin's broadcast is under way", nil)
	p.end(b, "")
	p.due("when that is done", append(good(b), subscribers.Ping{Run: now, Good: true}))
}
