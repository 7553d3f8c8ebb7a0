package intake_test

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"digestbot/subscribers/intake"
)

// issueWith is issue n, published on that day of November, with that text.
func issueWith(n int, text string) string {
	return fmt.Sprintf("---\nnumber: %d\ndate: 2026-11-%02d\n---\n# Letters\n\n## News\n\n%s\n", n, n, text)
}

// Admins are told what looks wrong in the newest issue when it comes, not in older ones,
// and not again after a start.
func TestSourcesTellOfDoubts(t *testing.T) {
	store, folder := openStore(t), t.TempDir()
	const odd = "See [the pier]()."
	steps := []struct {
		name   string
		change func()
		starts bool
		want   string // what is told; "": nothing
	}{
		{"an old issue and a newest one", func() {
			write(t, folder, "3.md", issueWith(3, odd))
			write(t, folder, "4.md", issueWith(4, odd))
		}, true, `4.md: 1 link leads nowhere, such as "the pier"`},
		{"nothing new", func() {}, false, `4.md: 1 link leads nowhere`},
		{"after a start", func() {}, true, ""},
		{"a correction that is odd too", func() { write(t, folder, "4.md", issueWith(4, odd+" Snow fell.")) }, false, "4.md: 1 link leads nowhere"},
		{"a correction", func() { write(t, folder, "4.md", issueWith(4, "Snow fell.")) }, false, ""},
		{"a newer issue", func() { write(t, folder, "5.md", issueWith(5, odd)) }, false, "5.md: 1 link leads nowhere"},
		{"a newer one without doubts", func() { write(t, folder, "6.md", issueWith(6, "Rain.")) }, false, ""},
	}
	var checked checks
	var sources *intake.Sources
	for _, step := range steps {
		step.change()
		if step.starts {
			sources = intake.NewSources(store, slog.New(slog.DiscardHandler), checked.note, folders(t, folder))
		}
		checked = nil
		if err := sources.Look(t.Context()); err != nil {
			t.Errorf("%s: Look = %v, want no error: the issue is in the archive", step.name, err)
		}
		want := filepath.Base(folder) + ": " + step.want
		if step.want == "" {
			want += "fine"
		}
		if len(checked) != 1 || !strings.HasPrefix(checked[0], want) || strings.Count(checked[0], ".md: ") > 1 {
			t.Errorf("%s: told %q, want only %q", step.name, checked, want)
		}
	}
}

func TestSourcesTellOfFewDoubts(t *testing.T) {
	store, folder := openStore(t), t.TempDir()
	var checked checks
	text := "Snow.\n" + strings.Repeat("\n## Empty\n\n## Empty too\n", 4)
	write(t, folder, "4.md", issueWith(4, text))
	sources := intake.NewSources(store, slog.New(slog.DiscardHandler), checked.note, folders(t, folder))
	if err := sources.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
	if told := checked[0]; strings.Count(told, "4.md: section") != 5 || !strings.Contains(told, "4.md: 3 more; digestbot preview shows them") {
		t.Errorf("told %q, want 5 warnings and how many more there are", told)
	}
}
