package archive_test

import (
	"fmt"
	"os"
	"testing"

	"digestbot/digest/document"
)

// BenchmarkSaveIssue measures how long an issue takes to be archived for the first time,
// to be corrected, and to be found there already.
func BenchmarkSaveIssue(b *testing.B) {
	data := must(os.ReadFile("../../digest/document/testdata/crawler/seed.in.md"))(b)
	parsed := must(document.Parse("seed.md", data))(b)
	for _, kind := range []string{"new", "corrected", "unchanged"} {
		b.Run(kind, func(b *testing.B) {
			a := open(b)
			saved := 0
			for b.Loop() {
				saved++
				issue, text := *parsed, data
				switch kind {
				case "new":
					issue.Key = fmt.Sprint(saved)
				case "corrected":
					text = fmt.Appendf(data[:len(data):len(data)], "\n%d", saved)
				}
				if _, _, err := a.SaveIssue(b.Context(), &issue, "seed.md", text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
