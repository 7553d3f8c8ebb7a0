package digest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkDocument parses and splits each golden document.
func BenchmarkDocument(b *testing.B) {
	for _, path := range goldenInputs(b) {
		document, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		name, _, _ := strings.Cut(filepath.Base(path), ".in.")
		b.Run(name, func(b *testing.B) { benchmarkDocument(b, document) })
	}
}
