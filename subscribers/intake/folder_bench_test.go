package intake_test

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"digestbot/subscribers"
	"digestbot/subscribers/intake"
)

// manyIssues is how many a large archive has: a daily of fourteen years.
func manyIssues() int {
	if testing.Short() {
		return 500
	}
	return 5000
}

// largeFolder makes a folder with that many issues of about 2 KB.
func largeFolder(tb testing.TB, issues int) string {
	tb.Helper()
	folder := tb.TempDir()
	text := strings.Repeat("\n### [A title](https://example.org/)\n\nIt was the day of the snow, and the garden slept below it.\n", 15)
	for n := 1; n <= issues; n++ {
		day := time.Date(2012, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n)
		document := fmt.Sprintf("---\nnumber: %d\ndate: %s\n---\n# Letters %d\n\n## News\n%s", n, day.Format(time.DateOnly), n, text)
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%d.md", n)), []byte(document), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return folder
}

func lookOnce(tb testing.TB, database, folder string) {
	tb.Helper()
	store, err := subscribers.Open(tb.Context(), database)
	if err != nil {
		tb.Fatal(err)
	}
	names, err := intake.ParseNames(nil)
	if err != nil {
		tb.Fatal(err)
	}
	sources := intake.NewSources(store, slog.New(slog.DiscardHandler), new(checks).note, []*intake.Folder{intake.OpenFolder(folder, intake.Rules{Names: names})})
	if err := sources.Look(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	if err := store.Close(); err != nil {
		tb.Fatal(err)
	}
}

// BenchmarkLargeFolder looks at a folder for the first time, and again after a start when
// nothing in it has changed.
func BenchmarkLargeFolder(b *testing.B) {
	folder := largeFolder(b, manyIssues())
	files := b.TempDir()
	n := 0
	database := func() string { return filepath.Join(files, fmt.Sprintf("%d.db", n)) }
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			n++
			lookOnce(b, database(), folder)
		}
	})
	b.Run("unchanged", func(b *testing.B) {
		for b.Loop() {
			lookOnce(b, database(), folder)
		}
	})
}
