package archive_test

import (
	"errors"
	"testing"
	"time"

	"digestbot/digest"
	"digestbot/digest/digesttest"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
)

func TestSaveIssue(t *testing.T) {
	a := open(t)
	ctx := t.Context()
	issue := digesttest.Issue(7, "News", "Tools")
	save := func(issue *digest.Issue, document string) (archive.Issue, archive.Saved) {
		t.Helper()
		row, saved, err := a.SaveIssue(ctx, issue, "7.md", []byte(document))
		if err != nil {
			t.Fatal(err)
		}
		return row, saved
	}
	first, saved := save(issue, "one")
	if saved != archive.Added || first.Edition != 1 || first.Number != 7 || !first.Date.Equal(issue.Date) {
		t.Errorf("first time: %s %+v", saved, first)
	}
	if again, saved := save(issue, "one"); saved != archive.Unchanged || again != first {
		t.Errorf("same document: %s %+v, want unchanged %+v", saved, again, first)
	}
	corrected := digesttest.Issue(7, "News", "Tools", "Errata")
	second, saved := save(corrected, "two")
	if saved != archive.Corrected || second.ID != first.ID || second.Edition != 2 {
		t.Errorf("other document: %s %+v, want a correction of %d", saved, second, first.ID)
	}
	old := must(a.Messages(ctx, first.ID, 1))(t)
	current := must(a.Messages(ctx, first.ID, 2))(t)
	if len(old) != 3 || len(current) != 4 {
		t.Errorf("editions have %d and %d messages, want 3 and 4", len(old), len(current))
	}
	if old[0].SectionID != 0 || old[1].SectionID == 0 || old[1].SectionID != current[1].SectionID {
		t.Errorf("sections are not carried over: %+v, %+v", old, current)
	}
}

func TestSaveIssueUnderATakenKey(t *testing.T) {
	a := open(t)
	saveIssue(t, a, digesttest.Issue(22, "News"))
	other := digesttest.Issue(22, "News")
	other.Title, other.Date = "Season two, episode 22", other.Date.AddDate(1, 0, 0)
	_, _, err := a.SaveIssue(t.Context(), other, "02-22.md", []byte("other"))
	if !errors.Is(err, archive.ErrKeyTaken) {
		t.Fatalf("SaveIssue of another issue 22: %v, want ErrKeyTaken", err)
	}
	if row := must(a.IssueByNumber(t.Context(), 22))(t); row.Title != "Weekly 22" {
		t.Errorf("the archive has %q now, want it unchanged", row.Title)
	}
}

func TestNewestIssue(t *testing.T) {
	a := open(t)
	ctx := t.Context()
	if _, err := a.NewestIssue(ctx); !errors.Is(err, database.ErrNotFound) {
		t.Errorf("NewestIssue of an empty archive: %v, want ErrNotFound", err)
	}
	for _, number := range []int{3, 1, 2} { // imported in any order
		saveIssue(t, a, digesttest.Issue(number, "News"))
	}
	if newest := must(a.NewestIssue(ctx))(t); newest.Number != 3 {
		t.Errorf("newest is %d, want 3", newest.Number)
	}
	for _, number := range []int{302, 301} { // no dates: they count as of today
		issue := digesttest.Issue(number, "News")
		issue.Date = time.Time{}
		saveIssue(t, a, issue)
	}
	if newest := must(a.NewestIssue(ctx))(t); newest.Number != 302 {
		t.Errorf("newest is %d, want 302", newest.Number)
	}
}

// A message is refused in one form after the other; people are told only of the first
// refusal of an edition.
func TestRefuseMessage(t *testing.T) {
	a := open(t)
	ctx := t.Context()
	row := saveIssue(t, a, digesttest.Issue(1, "News", "Tools"))
	for i, step := range []struct {
		position int
		how      archive.Simpler
		why      string
		want     [3][2]string // of each message why it is plain and why bare
	}{
		{1, archive.Simpler{Plain: true}, "markup", [3][2]string{1: {"markup"}}},
		{1, archive.Simpler{Plain: true, Bare: true}, "button", [3][2]string{1: {"markup", "button"}}},
		{2, archive.Simpler{Bare: true}, "preview", [3][2]string{1: {"markup", "button"}, 2: {"", "preview"}}},
	} {
		if news := must(a.RefuseMessage(ctx, row.ID, 1, step.position, step.how, step.why))(t); news != (i == 0) {
			t.Errorf("refusal %d is news: %v, want only the first", i, news)
		}
		for p, m := range must(a.Messages(ctx, row.ID, 1))(t) {
			if got := [2]string{m.Refused, m.Bare}; got != step.want[p] {
				t.Errorf("after refusal %d message %d is refused as %q, want %q", i, p, got, step.want[p])
			}
		}
	}
}

// When the compact message is refused, the other forms of the cover and other editions
// are not.
func TestRefuseCompact(t *testing.T) {
	a := open(t)
	ctx := t.Context()
	row := saveIssue(t, a, digesttest.Issue(1, "News"))
	correction := digesttest.Issue(1, "News")
	correction.Title = "Corrected"
	corrected := saveIssue(t, a, correction)
	if news := must(a.RefuseCompact(ctx, row.ID, 1, "markup"))(t); !news {
		t.Error("the first refusal is no news")
	}
	if news := must(a.RefuseCompact(ctx, row.ID, 1, "markup"))(t); news {
		t.Error("the second refusal is news")
	}
	for position, m := range must(a.Messages(ctx, row.ID, 1))(t) {
		if (m.CompactRefused == "markup") != (position == 0) || m.Refused != "" || m.RichRefused != "" {
			t.Errorf("message %d is refused as %q, %q and %q, want the first as compact only", position, m.CompactRefused, m.Refused, m.RichRefused)
		}
	}
	if m := must(a.Messages(ctx, row.ID, corrected.Edition))(t)[0]; m.CompactRefused != "" {
		t.Errorf("the corrected edition is refused as %q, want it to be tried", m.CompactRefused)
	}
}

func TestIssues(t *testing.T) {
	a := open(t)
	if issues, total, err := a.Issues(t.Context(), 10, 0); len(issues) != 0 || total != 0 || err != nil {
		t.Errorf("Issues of an empty archive = %v of %d, %v", issues, total, err)
	}
	for _, number := range []int{2, 5, 1, 4, 3} {
		saveIssue(t, a, digesttest.Issue(number, "News"))
	}
	issues, total, err := a.Issues(t.Context(), 2, 1)
	if err != nil || total != 5 || len(issues) != 2 || issues[0].Number != 4 || issues[1].Number != 3 {
		t.Errorf("Issues = %+v of %d, %v, want 4 and 3 of 5", issues, total, err)
	}
}

func TestIssueByKey(t *testing.T) {
	a := open(t)
	for _, key := range []string{"Frost", "frost"} {
		issue := digesttest.Issue(0, "News")
		issue.Key, issue.Title = key, key
		saveIssue(t, a, issue)
	}
	for key, want := range map[string]string{"Frost": "Frost", "frost": "frost", "FROST": "frost"} {
		if issue := must(a.IssueByKey(t.Context(), key))(t); issue.Key != want {
			t.Errorf("IssueByKey(%q) = %q, want %q", key, issue.Key, want)
		}
	}
	if _, err := a.IssueByKey(t.Context(), "f%"); !errors.Is(err, database.ErrNotFound) {
		t.Errorf("IssueByKey of none: %v, want ErrNotFound", err)
	}
}

func TestSectionMessages(t *testing.T) {
	a := open(t)
	issue := digesttest.Issue(1, "News", "Tools", "Empty")
	issue.Sections[2].Items = nil
	saveIssue(t, a, issue)
	issue.Sections[1].Items[0].Title = []digest.Span{{Text: "Corrected"}}
	row, _, err := a.SaveIssue(t.Context(), issue, "1.md", []byte("another"))
	if err != nil || row.Edition != 2 {
		t.Fatalf("SaveIssue = %+v, %v, want edition 2", row, err)
	}
	sections := must(a.IssueSections(t.Context(), row))(t)
	if len(sections) != 2 || sections[0].Name != "News" || sections[1].Name != "Tools" {
		t.Fatalf("sections are %+v, want News and Tools", sections)
	}
	messages := must(a.SectionMessages(t.Context(), row, sections[1].ID))(t)
	if len(messages) != 1 || messages[0].Position != 2 || messages[0].SectionID != sections[1].ID {
		t.Errorf("messages are %+v, want the third", messages)
	}
	for _, none := range []int64{0, 99} {
		if messages := must(a.SectionMessages(t.Context(), row, none))(t); len(messages) != 0 {
			t.Errorf("section %d has %d messages, want none", none, len(messages))
		}
	}
}

func TestIssuesNamed(t *testing.T) {
	a := open(t)
	ctx := t.Context()
	twelve := saveIssue(t, a, digesttest.Issue(12, "News"))
	namesake := digesttest.Issue(12, "News")
	namesake.Key, namesake.Title, namesake.Date = "s2-12", "Season two", namesake.Date.AddDate(0, 0, 1)
	other := saveIssue(t, a, namesake)
	for name, want := range map[string][]int64{
		"12": {other.ID, twelve.ID}, "#１２": {other.ID, twelve.ID}, "第 12 期": {other.ID, twelve.ID},
		"S2-12": {other.ID}, "id_1": {twelve.ID}, "id_9": nil, "13": nil, "": nil,
	} {
		issues, err := a.IssuesNamed(ctx, name)
		if want == nil {
			if !errors.Is(err, database.ErrNotFound) {
				t.Errorf("IssuesNamed(%q): %v, want ErrNotFound", name, err)
			}
			continue
		}
		var got []int64
		for _, issue := range issues {
			got = append(got, issue.ID)
		}
		if err != nil || len(got) != len(want) || got[0] != want[0] {
			t.Errorf("IssuesNamed(%q) = %v, %v; want %v", name, got, err, want)
		}
	}
	a.withdraw(t, other.ID)
	if issue := must(a.IssueByNumber(ctx, 12))(t); issue.ID != twelve.ID {
		t.Errorf("number 12 is issue %d, want the one that is not withdrawn", issue.ID)
	}
}
