package subscribers_test

import (
	"errors"
	"path/filepath"
	"testing"

	"digestbot/digest/digesttest"
	"digestbot/subscribers"
)

func TestSubscribeAndLeave(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	chat := subscribers.Chat{ID: 42, Kind: subscribers.Private, Language: "zh-hans"}

	if _, err := store.Subscriber(ctx, 42, 0); !errors.Is(err, subscribers.ErrNotFound) {
		t.Errorf("Subscriber of an unknown chat: %v, want ErrNotFound", err)
	}
	known := must(store.EnsureChat(ctx, chat))(t)
	if known.State != subscribers.Off {
		t.Errorf("a chat that only wrote is %s, want off", known.State)
	}
	for i, want := range []bool{true, false} {
		sub, changed, err := store.Subscribe(ctx, chat)
		if err != nil {
			t.Fatal(err)
		}
		if changed != want || sub.State != subscribers.On || sub.ID != known.ID {
			t.Errorf("Subscribe %d = %+v, changed %v; want on, changed %v", i+1, sub, changed, want)
		}
	}
	sub := must(store.EnsureChat(ctx, subscribers.Chat{ID: 42, Kind: subscribers.Private}))(t)
	if sub.State != subscribers.On || sub.Language != "zh-hans" {
		t.Errorf("Known without a language made it %+v, want it on and zh-hans", sub)
	}
	for i, want := range []bool{true, false} {
		if changed := must(store.Unsubscribe(ctx, 42, 0))(t); changed != want {
			t.Errorf("Unsubscribe %d: changed %v, want %v", i+1, changed, want)
		}
	}
}

func TestGoneComesBackWithPreferences(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	saveIssue(t, store, digesttest.Issue(1, "News", "Tools"))
	sub := subscribe(t, store, 1)[0]
	tools := must(store.Switches(ctx, sub.ID))(t)[1]
	if err := store.SetMuted(ctx, sub.ID, tools.ID, true); err != nil {
		t.Fatal(err)
	}
	if err := store.MarkGone(ctx, sub.Chat.ID, "blocked"); err != nil {
		t.Fatal(err)
	}
	gone := must(store.Subscriber(ctx, sub.Chat.ID, 0))(t)
	if gone.State != subscribers.Gone || gone.Reason != "blocked" {
		t.Errorf("after Lost it is %s (%s), want gone (blocked)", gone.State, gone.Reason)
	}
	if changed := must(store.MarkReturned(ctx, sub.Chat.ID))(t); !changed {
		t.Error("Returned changed nothing")
	}
	back := must(store.Recipient(ctx, sub.ID))(t)
	if back.State != subscribers.On || back.Reason != "" || !back.Muted[tools.ID] {
		t.Errorf("after Returned it is %+v, want it on with %q muted", back, tools.Name)
	}
	// A chat that left on purpose does not come back when the bot is unblocked.
	must(store.Unsubscribe(ctx, sub.Chat.ID, 0))(t)
	if err := store.MarkGone(ctx, sub.Chat.ID, "blocked"); err != nil {
		t.Fatal(err)
	}
	if changed := must(store.MarkReturned(ctx, sub.Chat.ID))(t); changed {
		t.Error("Returned switched on a chat that had left")
	}
}

func TestRefusedThreeTimesIsGone(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	sub := subscribe(t, store, 1)[0]
	for i, want := range []struct {
		first bool
		state subscribers.State
	}{{true, subscribers.On}, {false, subscribers.On}, {false, subscribers.Gone}} {
		first := must(store.MarkRefused(ctx, sub.ID, "no rights"))(t)
		state := must(store.Subscriber(ctx, sub.Chat.ID, 0))(t).State
		if first != want.first || state != want.state {
			t.Errorf("refusal %d: first %v, state %s; want %v, %s", i+1, first, state, want.first, want.state)
		}
	}
	must(store.MarkReturned(ctx, sub.Chat.ID))(t)
	if first := must(store.MarkRefused(ctx, sub.ID, "no rights"))(t); !first {
		t.Error("refusals are not forgotten when the chat returns")
	}
	if err := store.MarkAllowed(ctx, sub.ID); err != nil {
		t.Fatal(err)
	}
	if first := must(store.MarkRefused(ctx, sub.ID, "no rights"))(t); !first {
		t.Error("refusals are not forgotten when the chat allows posting")
	}
}

func TestMoved(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	group := subscribers.Chat{ID: -10, Kind: subscribers.Group, Title: "Readers"}
	sub, _, err := store.Subscribe(ctx, group)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.MoveChat(ctx, -10, -1001); err != nil {
		t.Fatal(err)
	}
	moved := must(store.Subscriber(ctx, -1001, 0))(t)
	if moved.ID != sub.ID || moved.Kind != subscribers.Supergroup || moved.State != subscribers.On {
		t.Errorf("after the move it is %+v, want the same subscriber as a supergroup", moved)
	}
	// The new id subscribes by itself before the old one is moved.
	if _, _, err := store.Subscribe(ctx, group); err != nil {
		t.Fatal(err)
	}
	if err := store.MoveChat(ctx, -10, -1001); err != nil {
		t.Fatal(err)
	}
	if old := must(store.Subscriber(ctx, -10, 0))(t); old.State != subscribers.Off {
		t.Errorf("the old chat is %s, want off: both would get the issue", old.State)
	}
}

func TestClosedGeneralIsTheEnd(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	sub, _, err := store.Subscribe(ctx, subscribers.Chat{ID: -1001, Kind: subscribers.Supergroup})
	if err != nil {
		t.Fatal(err)
	}
	if elsewhere := must(store.DropTopic(ctx, sub.ID, 0))(t); elsewhere {
		t.Error("the group has another place, want none")
	}
	if now := must(store.Subscriber(ctx, -1001, 0))(t); now.State != subscribers.Gone || now.Reason != "topic closed" {
		t.Errorf("the group became %+v, want it gone: there is nowhere else to go", now)
	}
	if changed := must(store.MarkReturned(ctx, -1001))(t); !changed {
		t.Error("the group does not come back")
	}
}

func TestTopicGone(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	topic := subscribers.Chat{ID: -1001, Thread: 5, Kind: subscribers.Supergroup}
	first, _, err := store.Subscribe(ctx, topic)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second call comes from somebody who did not know of the first
		if elsewhere := must(store.DropTopic(ctx, first.ID, 5))(t); !elsewhere {
			t.Error("the topic's subscriber has no other place, want the group")
		}
	}
	if now := must(store.Subscriber(ctx, -1001, 0))(t); now.ID != first.ID || now.State != subscribers.On {
		t.Errorf("the topic's subscriber became %+v, want the group itself", now)
	}
	topic.Thread = 6
	second, _, err := store.Subscribe(ctx, topic)
	if err != nil {
		t.Fatal(err)
	}
	if elsewhere := must(store.DropTopic(ctx, second.ID, 6))(t); elsewhere {
		t.Error("a second lost topic has another place, want none")
	}
	if now := must(store.Subscriber(ctx, -1001, 6))(t); now.State != subscribers.Off {
		t.Errorf("a second lost topic is %s, want off: the group would get the issue twice", now.State)
	}
}

// Somebody has only written in the group itself: it must not miss the issues that came
// to a topic.
func TestTopicGoneWhereTheGroupIsOff(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	group := subscribers.Chat{ID: -1001, Kind: subscribers.Supergroup}
	other := must(store.EnsureChat(ctx, group))(t)
	group.Thread = 5
	sub, _, err := store.Subscribe(ctx, group)
	if err != nil {
		t.Fatal(err)
	}
	if elsewhere := must(store.DropTopic(ctx, sub.ID, 5))(t); !elsewhere {
		t.Error("the topic's subscriber has no other place, want the group")
	}
	now := must(store.Subscriber(ctx, -1001, 0))(t)
	if now.ID != sub.ID || now.State != subscribers.On {
		t.Errorf("the group's subscriber is %+v, want %d instead of %d", now, sub.ID, other.ID)
	}
}

func TestSwitches(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	saveIssue(t, store, digesttest.Issue(1, "News", "Essay", "Tools"))
	sub := subscribe(t, store, 1)[0]
	for _, w := range must(store.Switches(ctx, sub.ID))(t) {
		if w.Name == "Essay" {
			if err := store.SetMuted(ctx, sub.ID, w.ID, true); err != nil {
				t.Fatal(err)
			}
		}
	}
	saveIssue(t, store, digesttest.Issue(2, "Tools", "News", "Jobs"))
	wantNames(t, store, sub, "Tools", "News", "-Essay", "Other")
	if err := store.SetAllMuted(ctx, sub.ID, true); err != nil {
		t.Fatal(err)
	}
	wantNames(t, store, sub, "-Tools", "-News", "-Essay", "-Other")
	if err := store.SetAllMuted(ctx, sub.ID, false); err != nil {
		t.Fatal(err)
	}
	wantNames(t, store, sub, "Tools", "News", "Other")
	if err := store.SetMuted(ctx, sub.ID, 999, true); !errors.Is(err, subscribers.ErrNotFound) {
		t.Errorf("SetMuted of an unknown section: %v, want ErrNotFound", err)
	}
	if err := store.SetMuted(ctx, 999, 1, true); !errors.Is(err, subscribers.ErrNotFound) {
		t.Errorf("SetMuted of an unknown subscriber: %v, want ErrNotFound", err)
	}
}

// A delivery under way is known by the id of its subscriber, so the id of a forgotten
// subscriber is not given again.
func TestIDsComeOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	seen := make(map[int64]bool)
	for range 3 { // lives
		store := openAt(t, path)
		for _, sub := range subscribe(t, store, 2) {
			if seen[sub.ID] {
				t.Errorf("id %d came twice", sub.ID)
			}
			seen[sub.ID] = true
			if err := store.Forget(t.Context(), sub.Chat.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
}
