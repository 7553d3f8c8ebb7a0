package archive_test

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"digestbot/digest/digesttest"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
)

func names(t *testing.T, a opened) (all []string) {
	t.Helper()
	for _, s := range must(a.ListedSections(t.Context()))(t) {
		all = append(all, fmt.Sprintf("%s %d", s.Name, s.Issues))
	}
	return all
}

// What readers are not shown has no part in the lists of what they are shown, and whatever
// changes that changes the state.
func TestWhatIsListed(t *testing.T) {
	a := open(t)
	ctx := t.Context()
	last := must(a.State(ctx))(t)
	changed := func(what string) {
		t.Helper()
		now := must(a.State(ctx))(t)
		if now == last {
			t.Errorf("the state is the same after %s", what)
		}
		last = now
	}
	first := saveIssue(t, a, digesttest.Issue(1, "News", "Tools"))
	changed("an issue")
	second := saveIssue(t, a, digesttest.Issue(2, "NEWS", "Secret"))
	saveIssue(t, a, dated(3, "2062-11-27"))
	changed("two more")
	if got, want := names(t, a), []string{"NEWS 2", "Secret 1", "Tools 1"}; !slices.Equal(got, want) {
		t.Errorf("sections are %q, want %q", got, want)
	}
	if again := must(a.State(ctx))(t); again != last {
		t.Errorf("the state went from %v to %v by reading", last, again)
	}
	a.withdraw(t, second.ID)
	changed("withdrawing")
	if got, want := names(t, a), []string{"News 1", "Tools 1"}; !slices.Equal(got, want) {
		t.Errorf("sections are %q, want %q", got, want)
	}
	for name, want := range map[string]int64{
		"1": first.ID, "id_1": first.ID, "2": 0, "id_2": 0, "3": 0, "id_3": 0, "01": 0, "id_01": 0, "-1": 0, "0": 0, "": 0, "id_": 0, "1 OR 1": 0, "99999999999999999999": 0,
	} {
		got, err := a.ListedIssue(ctx, name)
		if got.ID != want || (want == 0) != errors.Is(err, database.ErrNotFound) {
			t.Errorf("ListedIssue(%q) = %+v, %v; want %d", name, got, err, want)
		}
	}
	a.restore(t, second.ID)
	changed("restoring")
	a.write(t, func(tx *sql.Tx) error { return archive.Hold(ctx, tx, second.ID) })
	changed("holding")
	correct(t, a, 1, "mended", "News", "Jobs")
	changed("a correction")
	if added, corrected, err := a.ChangedAt(ctx, first); err != nil || added.IsZero() || corrected.Before(added) {
		t.Errorf("the issue was added at %v and corrected at %v, %v", added, corrected, err)
	}
	if into := must(a.MergedSections(ctx))(t); len(into) != 0 {
		t.Errorf("merged sections are %v", into)
	}
	sections := must(a.ListedSections(ctx))(t)
	news, jobs := sections[0], sections[1]
	a.write(t, func(tx *sql.Tx) error { return archive.MergeSections(ctx, tx, jobs.ID, news.ID) })
	changed("merging sections")
	if into := must(a.MergedSections(ctx))(t); len(into) != 1 || into[jobs.ID] != news.ID {
		t.Errorf("merged sections are %v", into)
	}
	if id := must(a.Merged(ctx, jobs.ID))(t); id != news.ID {
		t.Errorf("section %d became %d, want %d", jobs.ID, id, news.ID)
	}
	if _, err := a.Merged(ctx, 999); !errors.Is(err, database.ErrNotFound) {
		t.Errorf("Merged(999) = %v", err)
	}
	if got := must(a.PositionsOf(ctx, first, news.ID))(t); !slices.Equal(got, []int{0, 1}) {
		t.Errorf("the section stands at %d, want 0 and 1", got)
	}
	if with := must(a.IssuesWith(ctx, news.ID, 10))(t); len(with) != 1 || with[0].ID != first.ID {
		t.Errorf("issues with the section are %+v, want the first", with)
	}
}

// A link names an issue by its number as long as that leads to it.
func TestLinkName(t *testing.T) {
	a := open(t)
	first, second := saveIssue(t, a, dated(7, "2020-01-03")), digesttest.Issue(8, "News")
	second.Number = 7
	row := saveIssue(t, a, second)
	for _, tt := range []struct {
		issue archive.Issue
		want  string
	}{{first, "id_1"}, {row, "7"}} {
		name := must(a.LinkName(t.Context(), tt.issue))(t)
		if found := must(a.ListedIssue(t.Context(), name))(t); name != tt.want || found.ID != tt.issue.ID {
			t.Errorf("issue %d has the name %q, which leads to %d; want %q", tt.issue.ID, name, found.ID, tt.want)
		}
	}
}

func TestPublication(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	a := openAt(t, path)
	if got := a.Publication(); got != (archive.Publication{}) {
		t.Errorf("a new archive is of %+v", got)
	}
	for _, name := range []string{"Weekly", "Daily", "Daily"} {
		if err := a.SetPublication(t.Context(), name, "weekly_bot"); err != nil {
			t.Fatal(err)
		}
	}
	want := archive.Publication{Name: "Daily", Username: "weekly_bot"}
	if got, later := a.Publication(), openAt(t, path).Publication(); got != want || later != want {
		t.Errorf("the publication is %+v, and %+v after a restart; want %+v", got, later, want)
	}
}
