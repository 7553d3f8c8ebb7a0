package subscribers_test

import (
	"testing"

	"digestbot/digest/digesttest"
	"digestbot/subscribers"
)

func TestParsePauseReason(t *testing.T) {
	for _, test := range []struct {
		text string
		want subscribers.PauseReason
	}{
		{"", subscribers.PauseReason{}},
		{"canary", subscribers.PauseReason{Kind: subscribers.PausedAfterCanary}},
		{"content 3 too long", subscribers.PauseReason{Kind: subscribers.PausedForContent, Number: 3, Detail: "too long"}},
		{"compact too long", subscribers.PauseReason{Kind: subscribers.PausedForCompact, Detail: "too long"}},
		{"failures 20 chat not found", subscribers.PauseReason{Kind: subscribers.PausedForFailures, Number: 20, Detail: "chat not found"}},
		{"failures 20", subscribers.PauseReason{Kind: subscribers.PausedForFailures, Number: 20}},
		{"books books do not balance: 1", subscribers.PauseReason{Kind: subscribers.PausedForImbalance, Detail: "books do not balance: 1"}},
		{"other a\nb  c", subscribers.PauseReason{Kind: subscribers.PausedForOther, Detail: "a\nb  c"}},
		// What this program never wrote:
		{"content three too long", subscribers.PauseReason{Kind: subscribers.PausedForOther, Detail: "content three too long"}},
		{"content 03 too long", subscribers.PauseReason{Kind: subscribers.PausedForOther, Detail: "content 03 too long"}},
		{"content", subscribers.PauseReason{Kind: subscribers.PausedForOther, Detail: "content"}},
		{" canary", subscribers.PauseReason{Kind: subscribers.PausedForOther, Detail: " canary"}},
		{"Telegram refuses message 1", subscribers.PauseReason{Kind: subscribers.PausedForOther, Detail: "Telegram refuses message 1"}},
	} {
		if got := subscribers.ParsePauseReason(test.text); got != test.want {
			t.Errorf("ParsePauseReason(%q) = %+v, want %+v", test.text, got, test.want)
		}
	}
}

// Any text can be read, and is written as it was read.
func FuzzParsePauseReason(f *testing.F) {
	for _, text := range []string{"", "canary", "content 3 too long", "compact too long", "failures 20", "books x", "other y", "junk", "content 9999999999999999999 x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := subscribers.ParsePauseReason(text)
		if again := subscribers.ParsePauseReason(r.String()); again != r {
			t.Errorf("%q is %+v, written and read %+v", text, r, again)
		}
		if r.Kind == subscribers.PausedForOther && r.Detail != text && r.String() != text || r.Kind != subscribers.PausedForOther && r.String() != text {
			t.Errorf("%q became %+v", text, r)
		}
	})
}

func TestPauseReasonIsKept(t *testing.T) {
	store := open(t)
	subscribe(t, store, 1)
	b := must(store.StartBroadcast(t.Context(), saveIssue(t, store, digesttest.Issue(1, "News")).ID, subscribers.InPrivate(1)))(t)
	want := subscribers.PauseReason{Kind: subscribers.PausedForContent, Number: 2, Detail: "too long"}
	must(store.HoldBroadcast(t.Context(), b.ID, want))(t)
	if got := must(store.Broadcast(t.Context(), b.ID))(t); got.Reason != want || got.State != subscribers.Paused {
		t.Errorf("broadcast is %s for %+v, want it paused for %+v", got.State, got.Reason, want)
	}
	must(store.ResumeBroadcast(t.Context(), b.ID, subscribers.InPrivate(1)))(t)
	if got := must(store.Broadcast(t.Context(), b.ID))(t); got.Reason != (subscribers.PauseReason{}) {
		t.Errorf("after it went on the reason is %+v", got.Reason)
	}
}
