package subscribers_test

import (
	"errors"
	"slices"
	"testing"

	"digestbot/digest/digesttest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// names are the switches of a subscriber, those that are off with a minus.
func names(t testing.TB, store *subscribers.Store, sub subscribers.Subscriber) []string {
	t.Helper()
	var all []string
	for _, w := range must(store.Switches(t.Context(), sub.ID))(t) {
		name := w.Name
		if w.Other {
			name = "Other"
		}
		if w.Muted {
			name = "-" + name
		}
		all = append(all, name)
	}
	return all
}

func wantNames(t testing.TB, store *subscribers.Store, sub subscribers.Subscriber, want ...string) {
	t.Helper()
	if got := names(t, store, sub); !slices.Equal(got, want) {
		t.Errorf("switches are %q, want %q", got, want)
	}
}

// muted returns the sections of an issue that a subscriber does not get.
func muted(t testing.TB, store *subscribers.Store, sub subscribers.Subscriber, issue archive.Issue) []string {
	t.Helper()
	to := must(store.Recipient(t.Context(), sub.ID))(t)
	sections := sectionNames(t, store)
	var all []string
	for _, m := range must(store.Messages(t.Context(), issue.ID, issue.Edition))(t) {
		if to.Mutes(m) {
			all = append(all, sections[m.SectionID])
		}
	}
	return all
}

func sectionNames(t testing.TB, store *subscribers.Store) map[int64]string {
	t.Helper()
	all := make(map[int64]string)
	for _, s := range must(store.CountedSections(t.Context()))(t) {
		all[s.ID] = s.Name
	}
	return all
}

// mute switches a section off or on by its name.
func mute(t testing.TB, store *subscribers.Store, sub subscribers.Subscriber, name string, off bool) {
	t.Helper()
	for id, n := range sectionNames(t, store) {
		if n == name {
			if err := store.SetMuted(t.Context(), sub.ID, id, off); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("there is no section %q", name)
}

func muteOther(t testing.TB, store *subscribers.Store, sub subscribers.Subscriber, off bool) {
	t.Helper()
	if err := store.SetOtherMuted(t.Context(), sub.ID, off); err != nil {
		t.Fatal(err)
	}
}

func wantMuted(t testing.TB, store *subscribers.Store, sub subscribers.Subscriber, issue archive.Issue, want ...string) {
	t.Helper()
	if got := muted(t, store, sub, issue); !slices.Equal(got, want) {
		t.Errorf("of issue %d the subscriber does not get %q, want %q", issue.Number, got, want)
	}
}

func TestOther(t *testing.T) {
	store := open(t)
	subs := subscribe(t, store, 2)
	sub, bystander := subs[0], subs[1]
	first := saveIssue(t, store, digesttest.Issue(1, "News", "Essay on bees", "Tools"))
	wantNames(t, store, sub, "News", "Essay on bees", "Tools") // nothing is one-off in an archive that just began

	second := saveIssue(t, store, digesttest.Issue(2, "Tools", "Essay on cats", "News", "Jobs"))
	wantNames(t, store, sub, "Tools", "News", "Other")
	changes := store.PreferenceChanges()
	muteOther(t, store, sub, true)
	muteOther(t, store, sub, true) // a press that arrives twice
	if store.PreferenceChanges() == changes {
		t.Error("muting Other does not count as a change of preferences")
	}
	wantNames(t, store, sub, "Tools", "News", "-Other")
	wantMuted(t, store, sub, first, "Essay on bees")
	wantMuted(t, store, sub, second, "Essay on cats", "Jobs")
	wantMuted(t, store, bystander, second)

	third := saveIssue(t, store, digesttest.Issue(3, "News", "Tools", "Essay on dogs", "Jobs"))
	wantNames(t, store, sub, "News", "Tools", "Jobs", "-Other") // Jobs came a second time
	wantMuted(t, store, sub, second, "Essay on cats")
	wantMuted(t, store, sub, third, "Essay on dogs")

	muteOther(t, store, sub, false)
	wantMuted(t, store, sub, third)
	if err := store.SetOtherMuted(t.Context(), 999, true); !errors.Is(err, subscribers.ErrNotFound) {
		t.Errorf("SetOtherMuted of an unknown subscriber: %v, want ErrNotFound", err)
	}
}

func TestOtherAndSectionsMutedByThemselves(t *testing.T) {
	store := open(t)
	sub := subscribe(t, store, 1)[0]
	first := saveIssue(t, store, digesttest.Issue(1, "News", "Essay"))
	mute(t, store, sub, "Essay", true)
	second := saveIssue(t, store, digesttest.Issue(2, "News", "Poem"))
	wantNames(t, store, sub, "News", "-Essay", "Other")
	wantMuted(t, store, sub, first, "Essay")
	wantMuted(t, store, sub, second)

	muteOther(t, store, sub, true)
	mute(t, store, sub, "Essay", false) // now it is one of the others, and those are off
	wantNames(t, store, sub, "News", "-Other")
	wantMuted(t, store, sub, first, "Essay")
	muteOther(t, store, sub, false)
	wantMuted(t, store, sub, first)
}

func TestOtherIsOneOfAll(t *testing.T) {
	store := open(t)
	sub := subscribe(t, store, 1)[0]
	saveIssue(t, store, digesttest.Issue(1, "News"))
	saveIssue(t, store, digesttest.Issue(2, "News", "Essay"))
	if err := store.SetAllMuted(t.Context(), sub.ID, true); err != nil {
		t.Fatal(err)
	}
	wantNames(t, store, sub, "-News", "-Other")
	if err := store.SetAllMuted(t.Context(), sub.ID, false); err != nil {
		t.Fatal(err)
	}
	wantNames(t, store, sub, "News", "Other")
}

// If no heading is one-off, there is no such switch, unless it was switched off: then
// it can be switched on.
func TestOtherWithoutOneOffs(t *testing.T) {
	store := open(t)
	sub := subscribe(t, store, 1)[0]
	saveIssue(t, store, digesttest.Issue(1, "News"))
	saveIssue(t, store, digesttest.Issue(2, "News"))
	wantNames(t, store, sub, "News")
	muteOther(t, store, sub, true)
	wantNames(t, store, sub, "News", "-Other")
}

// A heading that a correction takes away is only in the old edition, which counts as
// being in one issue.
func TestMessagesOfAnOldEditionAreOneOff(t *testing.T) {
	store := open(t)
	sub := subscribe(t, store, 1)[0]
	saveIssue(t, store, digesttest.Issue(1, "News"))
	before := saveIssue(t, store, digesttest.Issue(2, "News", "Typo"))
	corrected := digesttest.Issue(2, "News", "Tools")
	corrected.Title = "Weekly 2, corrected"
	after := saveIssue(t, store, corrected)
	muteOther(t, store, sub, true)
	wantMuted(t, store, sub, before, "Typo")
	wantMuted(t, store, sub, after, "Tools")
}

func TestHeadingTwiceInAnIssueHasOneSwitch(t *testing.T) {
	store := open(t)
	sub := subscribe(t, store, 1)[0]
	saveIssue(t, store, digesttest.Issue(1, "News", "Tools", "News"))
	wantNames(t, store, sub, "News", "Tools")
	saveIssue(t, store, digesttest.Issue(2, "Tools", "Essay", "Essay"))
	wantNames(t, store, sub, "Tools", "Other")
}

func TestForgettingAChatForgetsItsOther(t *testing.T) {
	store := open(t)
	sub := subscribe(t, store, 1)[0]
	saveIssue(t, store, digesttest.Issue(1, "News"))
	muteOther(t, store, sub, true)
	if err := store.Forget(t.Context(), sub.Chat.ID); err != nil {
		t.Fatal(err)
	}
	again := subscribe(t, store, 1)[0]
	wantNames(t, store, again, "News")
}
