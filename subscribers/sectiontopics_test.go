package subscribers_test

import (
	"errors"
	"testing"

	"digestbot/digest/digesttest"
	"digestbot/subscribers"
)

// forum returns a store with an issue and a subscriber in a forum group.
func forum(t *testing.T) (*subscribers.Store, subscribers.Subscriber, []subscribers.Switch) {
	t.Helper()
	store := open(t)
	saveIssue(t, store, digesttest.Issue(1, "News", "Tools"))
	sub, _, err := store.Subscribe(t.Context(), subscribers.Chat{ID: -100, Kind: subscribers.Supergroup})
	if err != nil {
		t.Fatal(err)
	}
	return store, sub, must(store.Switches(t.Context(), sub.ID))(t)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantTopic checks where a section of a recipient goes; 0: it has no topic.
func wantTopic(t *testing.T, store *subscribers.Store, subscriber, section int64, want int) {
	t.Helper()
	thread, known := must(store.Recipient(t.Context(), subscriber))(t).TopicOf(section)
	if thread != want || known != (want != 0) {
		t.Errorf("TopicOf(%d) = %d, %v, want %d", section, thread, known, want)
	}
}

func TestSectionTopics(t *testing.T) {
	store, sub, sections := forum(t)
	ctx := t.Context()
	news, tools := sections[0].ID, sections[1].ID
	if must(store.Recipient(ctx, sub.ID))(t).TopicsWanted() {
		t.Error("a new subscriber wants topics")
	}
	changes := store.PreferenceChanges()
	check(t, store.SetSectionTopics(ctx, sub.ID, true))
	if store.PreferenceChanges() == changes {
		t.Error("who holds preferences does not learn of the topics")
	}
	if !must(store.Recipient(ctx, sub.ID))(t).TopicsWanted() {
		t.Error("the subscriber does not want topics, want it to")
	}
	wantTopic(t, store, sub.ID, news, 0)
	check(t, store.SetSectionTopic(ctx, sub.ID, news, 7))
	check(t, store.SetSectionTopic(ctx, sub.ID, tools, 8))
	check(t, store.SetSectionTopic(ctx, sub.ID, tools, 9))
	wantTopic(t, store, sub.ID, news, 7)
	wantTopic(t, store, sub.ID, tools, 9)
	check(t, store.DropSectionTopic(ctx, sub.ID, news))
	wantTopic(t, store, sub.ID, news, 0)

	check(t, store.SetSectionTopics(ctx, sub.ID, false))
	wantTopic(t, store, sub.ID, tools, 0)
	check(t, store.SetSectionTopics(ctx, sub.ID, true))
	wantTopic(t, store, sub.ID, tools, 9)

	if err := store.SetSectionTopics(ctx, 4711, true); !errors.Is(err, subscribers.ErrNotFound) {
		t.Errorf("topics for nobody: %v, want ErrNotFound", err)
	}
}

func TestOneSubscriberOfAGroupHasTopics(t *testing.T) {
	store, sub, sections := forum(t)
	ctx := t.Context()
	news := sections[0].ID
	check(t, store.SetSectionTopics(ctx, sub.ID, true))
	check(t, store.SetSectionTopic(ctx, sub.ID, news, 7))
	other, _, err := store.Subscribe(ctx, subscribers.Chat{ID: -100, Thread: 5, Kind: subscribers.Supergroup})
	check(t, err)
	stranger, _, err := store.Subscribe(ctx, subscribers.Chat{ID: -200, Kind: subscribers.Supergroup})
	check(t, err)
	check(t, store.SetSectionTopics(ctx, stranger.ID, true))
	check(t, store.SetSectionTopic(ctx, stranger.ID, news, 70))

	check(t, store.SetSectionTopics(ctx, other.ID, true))
	wantTopic(t, store, sub.ID, news, 0)
	wantTopic(t, store, other.ID, news, 7)
	wantTopic(t, store, stranger.ID, news, 70)
	if must(store.Recipient(ctx, sub.ID))(t).TopicsWanted() {
		t.Error("two subscribers of one group have topics")
	}
	owner, ok, err := store.TopicOwner(ctx, -100, 7)
	if owner != 5 || !ok || err != nil {
		t.Errorf("TopicOwner = %d, %v, %v, want 5", owner, ok, err)
	}
	if _, ok, err := store.TopicOwner(ctx, -100, 70); ok || err != nil {
		t.Errorf("another group's topic has an owner here (%v)", err)
	}
}

func TestForgetForgetsTopics(t *testing.T) {
	store, sub, sections := forum(t)
	ctx := t.Context()
	check(t, store.SetSectionTopics(ctx, sub.ID, true))
	check(t, store.SetSectionTopic(ctx, sub.ID, sections[0].ID, 7))
	check(t, store.Forget(ctx, -100))
	if _, ok, err := store.TopicOwner(ctx, -100, 7); ok || err != nil {
		t.Errorf("the topic of a forgotten group has an owner (%v)", err)
	}
	again, _, err := store.Subscribe(ctx, subscribers.Chat{ID: -100, Kind: subscribers.Supergroup})
	check(t, err)
	check(t, store.SetSectionTopics(ctx, again.ID, true))
	wantTopic(t, store, again.ID, sections[0].ID, 0)
}

func TestRefusedTopics(t *testing.T) {
	store, sub, sections := forum(t)
	ctx := t.Context()
	if must(store.RefuseTopics(ctx, sub.ID))(t) {
		t.Error("topics nobody wants are refused")
	}
	check(t, store.SetSectionTopics(ctx, sub.ID, true))
	for i, want := range []bool{true, false} {
		if first := must(store.RefuseTopics(ctx, sub.ID))(t); first != want {
			t.Errorf("RefuseTopics %d = %v, want %v", i+1, first, want)
		}
	}
	want := func(want subscribers.Topics) {
		t.Helper()
		if got := must(store.Recipient(ctx, sub.ID))(t).Topics; got != want {
			t.Errorf("topics are %d, want %d", got, want)
		}
	}
	want(subscribers.TopicsRefused)
	check(t, store.AllowTopics(ctx, -100))
	want(subscribers.SectionTopics)
	must(store.RefuseTopics(ctx, sub.ID))(t)
	check(t, store.SetSectionTopic(ctx, sub.ID, sections[0].ID, 3))
	want(subscribers.SectionTopics)
}

func TestMovedKeepsEverything(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	issue := saveIssue(t, store, digesttest.Issue(1, "News", "Tools"))
	old, _, err := store.Subscribe(ctx, subscribers.Chat{ID: -1, Kind: subscribers.Group, Language: "zh-hans"})
	check(t, err)
	sections := must(store.Switches(ctx, old.ID))(t)
	check(t, store.SetMuted(ctx, old.ID, sections[1].ID, true))
	check(t, store.SetSectionTopics(ctx, old.ID, true))
	check(t, store.SetSectionTopic(ctx, old.ID, sections[0].ID, 7))
	check(t, store.AddWords(ctx, old.ID, []subscribers.Word{{Text: "Rust", Fold: " rust ", Highlight: true}}))
	check(t, store.SetNoPreviews(ctx, old.ID, true))
	// Somebody wrote in the supergroup, and was sent an issue, before the bot
	// heard of the move.
	fresh := must(store.EnsureChat(ctx, subscribers.Chat{ID: -100, Kind: subscribers.Supergroup}))(t)
	if _, _, err := store.RequestDelivery(ctx, issue.ID, fresh.ID); err != nil {
		t.Fatal(err)
	}
	for range 2 { // Telegram says so in both groups
		check(t, store.MoveChat(ctx, -1, -100))
	}
	moved := must(store.Subscriber(ctx, -100, 0))(t)
	if moved.ID != old.ID || moved.State != subscribers.On || moved.Kind != subscribers.Supergroup || moved.Language != "zh-hans" {
		t.Errorf("after the move there is %+v, want what there was", moved)
	}
	to := must(store.Recipient(ctx, old.ID))(t)
	if !to.Muted[sections[1].ID] {
		t.Error("the muted section is on again")
	}
	if len(to.Words) != 1 || !to.Words[0].Highlight || !to.NoPreviews {
		t.Errorf("words are %+v, without previews: %t; want what there was", to.Words, to.NoPreviews)
	}
	wantTopic(t, store, old.ID, sections[0].ID, 7)
	if _, err := store.Delivery(ctx, issue.ID, old.ID); err != nil {
		t.Errorf("the issue it was sent is not known any more: %v", err)
	}
	if _, err := store.Subscriber(ctx, -1, 0); !errors.Is(err, subscribers.ErrNotFound) {
		t.Errorf("the old group: %v, want ErrNotFound", err)
	}
}

// A subscriber that subscribed in the supergroup stays, even if Telegram says twice that
// the group has moved.
func TestMovedLeavesASubscriptionAlone(t *testing.T) {
	store := open(t)
	ctx := t.Context()
	_, _, err := store.Subscribe(ctx, subscribers.Chat{ID: -1, Kind: subscribers.Group})
	check(t, err)
	fresh, _, err := store.Subscribe(ctx, subscribers.Chat{ID: -100, Kind: subscribers.Supergroup})
	check(t, err)
	check(t, store.MoveChat(ctx, -1, -100))
	must(store.Unsubscribe(ctx, -100, 0))(t)
	check(t, store.MoveChat(ctx, -1, -100))
	got := must(store.Subscriber(ctx, -100, 0))(t)
	if got.ID != fresh.ID || got.State != subscribers.Off {
		t.Errorf("the supergroup is %+v, want %d off", got, fresh.ID)
	}
}
