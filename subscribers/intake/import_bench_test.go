package intake_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"digestbot/subscribers/intake"
)

// BenchmarkImport brings the issues of a large archive in, as digestbot import does.
func BenchmarkImport(b *testing.B) {
	const issues = 2000
	folder, files := largeFolder(b, issues), b.TempDir()
	names, err := intake.ParseNames(nil)
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		n++
		added := 0
		documents := intake.ReadAll(b.Context(), []string{folder}, intake.Ways{}, names, func(string, string) {})
		err := intake.Import(b.Context(), filepath.Join(files, fmt.Sprintf("%d.db", n)), documents, func(n intake.Note) { added++ })
		if err != nil || added != issues {
			b.Fatalf("import: %d added, %v", added, err)
		}
	}
	b.ReportMetric(issues*float64(b.N)/b.Elapsed().Seconds(), "documents/s")
}
