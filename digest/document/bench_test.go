package document_test

import (
	"testing"
)

// BenchmarkDocument parses and splits each golden document.
func BenchmarkDocument(b *testing.B) {
	for _, in := range goldenInputs(b) {
		b.Run(in.name, func(b *testing.B) { benchmarkDocument(b, in.document) })
	}
}
