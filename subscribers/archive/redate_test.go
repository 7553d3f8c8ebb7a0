package archive_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"digestbot/digest"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
)

// A date that an admin gives stays after a look at the same document, or a correction
// with the same date; a correction with another date wins.
func TestRedateIssue(t *testing.T) {
	const slip, right, later = "2062-11-27", "2026-11-27", "2026-11-28"
	for _, tt := range []struct {
		name, date, title string
		want              string
		saved             archive.Saved
	}{
		{"the same document", slip, "Weekly 12", right, archive.Unchanged},
		{"corrected, with the slip", slip, "Weekly 12, corrected", right, archive.Corrected},
		{"corrected, without a date", "", "Weekly 12, corrected", right, archive.Corrected},
		{"corrected to the same date", right, "Weekly 12, corrected", right, archive.Corrected},
		{"corrected to another date", later, "Weekly 12", later, archive.Corrected},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := open(t)
			ctx := t.Context()
			save := func(date, title string) (archive.Issue, archive.Saved) {
				t.Helper()
				issue := dated(12, date)
				issue.Title = title
				row, saved, err := a.SaveIssue(ctx, issue, "12.md", []byte(date+title))
				if err != nil {
					t.Fatal(err)
				}
				return row, saved
			}
			row, _ := save(slip, "Weekly 12")
			date, _ := time.Parse(time.DateOnly, right)
			before, after, err := a.RedateIssue(ctx, row.ID, date, nothingElse)
			if err != nil || before != row || !after.Date.Equal(date) || after.Edition != 2 {
				t.Fatalf("RedateIssue = %+v, %+v, %v", before, after, err)
			}
			if cover := must(a.Messages(ctx, row.ID, after.Edition))(t)[0]; !strings.Contains(cover.Plain, right) {
				t.Errorf("the cover is %q, want the new date on it", cover.Plain)
			}
			row, saved := save(tt.date, tt.title)
			if got := row.Date.Format(time.DateOnly); got != tt.want || saved != tt.saved {
				t.Errorf("the document is %s and the issue dated %s, want %s and %s", saved, got, tt.saved, tt.want)
			}
			if cover := must(a.Messages(ctx, row.ID, row.Edition))(t)[0]; !strings.Contains(cover.Plain, tt.want) {
				t.Errorf("the cover is %q, want %s on it", cover.Plain, tt.want)
			}
			if newest := must(a.NewestIssue(ctx))(t); newest != row {
				t.Errorf("the newest issue is %+v, want %+v", newest, row)
			}
		})
	}
}

func TestRedateIssueAgain(t *testing.T) {
	a := open(t)
	ctx := t.Context()
	row := saveIssue(t, a, dated(12, "2062-11-27"))
	one, other := row.Date.AddDate(-36, 0, 0), row.Date.AddDate(-37, 0, 0)
	for _, date := range []time.Time{one, other} {
		if _, _, err := a.RedateIssue(ctx, row.ID, date, nothingElse); err != nil {
			t.Fatal(err)
		}
	}
	if before, after, err := a.RedateIssue(ctx, row.ID, other, nothingElse); err != nil || before != after || after.Edition != 3 {
		t.Errorf("the same date again: %+v, %+v, %v; want no change", before, after, err)
	}
	// The document still has its slip, of which admins are not told again.
	issue := dated(12, "2062-11-27")
	issue.Credits = []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: "Thanks."}}}}
	if row, _, err := a.SaveIssue(ctx, issue, "12.md", []byte("corrected")); err != nil || !row.Date.Equal(other) {
		t.Errorf("a correction: %+v, %v; want it dated %s", row, err, other)
	}
	if _, _, err := a.RedateIssue(ctx, 99, one, nothingElse); !errors.Is(err, database.ErrNotFound) {
		t.Errorf("RedateIssue of an unknown one: %v, want ErrNotFound", err)
	}
}
