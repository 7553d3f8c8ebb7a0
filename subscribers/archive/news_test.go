package archive_test

import (
	"testing"
)

func TestNewsForAdmins(t *testing.T) {
	a := open(t)
	ctx := t.Context()
	row := saveIssue(t, a, dated(1, "2062-11-27"))
	news := must(a.NewsForAdmins(ctx))(t)
	if len(news.Ahead) != 1 {
		t.Fatalf("news are %+v, want the issue", news)
	}
	if err := a.MarkNewsTold(ctx, news); err != nil {
		t.Fatal(err)
	}
	none := func(when string) {
		t.Helper()
		if news := must(a.NewsForAdmins(ctx))(t); len(news.Ahead)+len(news.Corrected) != 0 {
			t.Errorf("%s news are %+v, want none", when, news)
		}
	}
	none("told once")
	if _, _, err := a.RedateIssue(ctx, row.ID, row.Date.AddDate(1, 0, 0), nothingElse); err != nil {
		t.Fatal(err)
	}
	none("after an admin's own date")
	a.withdraw(t, row.ID)
	a.restore(t, row.ID)
	none("after it was restored")
}
