package intake_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/subscribers/intake"
)

func TestSourcesTellOfIssues(t *testing.T) {
	store, folder := openStore(t), t.TempDir()
	var told []string
	start := func() *intake.Sources {
		sources := intake.NewSources(store, slog.New(slog.DiscardHandler), new(checks).note, folders(t, folder))
		sources.Archived = func(_ context.Context, source string, one intake.Saved) {
			told = append(told, string(one.Outcome)+" "+one.Issue.Key+" from "+filepath.Base(source))
		}
		return sources
	}
	base := filepath.Base(folder)
	steps := []struct {
		name   string
		change func()
		starts bool
		want   []string
	}{
		{"nothing there", func() {}, true, nil},
		{"first issues, the newest not last by name", func() {
			write(t, folder, "3.md", issueWith(3, "Rain."))
			write(t, folder, "4.md", strings.Replace(issueWith(4, "Rain."), "-11-04", "-11-02", 1))
		}, false, []string{"added 3 from " + base}},
		{"nothing new", func() {}, false, nil},
		{"two more", func() {
			write(t, folder, "5.md", issueWith(5, "Rain."))
			write(t, folder, "6.md", issueWith(6, "Rain."))
		}, false, []string{"added 5 from " + base, "added 6 from " + base}},
		{"one more and a correction, after a start", func() {
			write(t, folder, "7.md", issueWith(7, "Rain."))
			write(t, folder, "6.md", issueWith(6, "Snow."))
		}, true, []string{"corrected 6 from " + base, "added 7 from " + base}},
		{"nothing new after a start", func() {}, true, nil},
	}
	var sources *intake.Sources
	for _, step := range steps {
		step.change()
		if step.starts {
			sources = start()
		}
		told = nil
		if err := sources.Look(t.Context()); err != nil {
			t.Errorf("%s: Look = %v", step.name, err)
		}
		if diff := cmp.Diff(step.want, told); diff != "" {
			t.Errorf("%s: told of (-want +got):\n%s", step.name, diff)
		}
	}
}

// issueWith is issue n, published on that day of November, with that text.
func issueWith(n int, text string) string {
	return fmt.Sprintf("---\nnumber: %d\ndate: 2026-11-%02d\n---\n# Letters\n\n## News\n\n%s\n", n, n, text)
}

// What looks wrong in an issue is told with the issue. It is nothing wrong with its source,
// or admins would be told twice.
func TestOddIssueIsToldOnce(t *testing.T) {
	store, folder := openStore(t), t.TempDir()
	var checked checks
	sources := intake.NewSources(store, slog.New(slog.DiscardHandler), checked.note, folders(t, folder))
	var warnings []string
	sources.Archived = func(ctx context.Context, _ string, one intake.Saved) {
		content, err := store.Content(ctx, one.Issue)
		if err != nil {
			t.Error(err)
			return
		}
		warnings = append(warnings, content.Check(time.Now())...)
	}
	write(t, folder, "4.md", issueWith(4, "See [the pier]()."))
	if err := sources.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(checked) != 1 || !strings.HasSuffix(checked[0], ": fine") {
		t.Errorf("of the source is told %q, want that it is fine", checked)
	}
	if len(warnings) != 1 || !strings.Contains(warnings[0], "leads nowhere") {
		t.Errorf("of the issue is told %q", warnings)
	}
}

// With approval, of the first look only the newest issue waits, and after that each new one.
func TestSourcesHoldIssues(t *testing.T) {
	store, folder := openStore(t), t.TempDir()
	sources := intake.NewSources(store, slog.New(slog.DiscardHandler), new(checks).note, folders(t, folder))
	sources.Approve = true
	held := func() (all []string) {
		t.Helper()
		if err := sources.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		issues, err := store.RecentIssues(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, issue := range issues {
			if issue.Held {
				all = append(all, issue.Key)
			}
		}
		return all
	}
	for _, number := range []int{3, 4, 5} {
		write(t, folder, fmt.Sprintf("%d.md", number), issueWith(number, "Rain."))
	}
	if diff := cmp.Diff([]string{"5"}, held()); diff != "" {
		t.Errorf("after the first look these wait (-want +got):\n%s", diff)
	}
	write(t, folder, "6.md", issueWith(6, "Rain."))
	write(t, folder, "7.md", issueWith(7, "Rain."))
	write(t, folder, "4.md", issueWith(4, "Snow."))
	if diff := cmp.Diff([]string{"7", "6", "5"}, held()); diff != "" {
		t.Errorf("later these wait (-want +got):\n%s", diff)
	}
}
