package archive_test

import (
	"testing"
	"time"
)

// An issue dated more than a week ahead is neither the newest nor in any list, and comes
// by itself when its date is near.
func TestIssueDatedAhead(t *testing.T) {
	a := open(t)
	ctx := t.Context()
	day := func(n int) string { return time.Now().UTC().AddDate(0, 0, n).Format(time.DateOnly) }
	saveIssue(t, a, dated(1, day(-7)))
	saveIssue(t, a, dated(2, day(6))) // for Friday
	saveIssue(t, a, dated(3, day(9)))
	saveIssue(t, a, dated(4, "2062-11-27"))
	if newest := must(a.NewestIssue(ctx))(t); newest.Number != 2 {
		t.Errorf("the newest issue is %d, want 2", newest.Number)
	}
	if issues, total, err := a.Issues(ctx, 10, 0); err != nil || total != 2 || len(issues) != 2 {
		t.Errorf("the archive has %+v of %d, %v; want 2 and 1", issues, total, err)
	}
	if got := find(t, a, ""); len(got) != 2 {
		t.Errorf("a search finds %q, want what two issues have", got)
	}
	ahead := must(a.IssuesAhead(ctx, 10))(t)
	if len(ahead) != 2 || ahead[0].Number != 3 || !ahead[0].IsAhead() {
		t.Errorf("ahead are %+v, want 3 and 4", ahead)
	}
}
