package document_test

import (
	"strings"
	"testing"

	"digestbot/digest"
)

// The name of the publisher above the foot of a mail is a part of it, and no section or item.
func TestSignature(t *testing.T) {
	const top, bottom = "<html><body><h1>Quay Wire</h1><h2>News</h2><p>Frost.</p><h2>Books</h2><p>Knots, of which <b>forty</b> are new.</p>", "</body></html>"
	const rights = "<p>© 2026 Quay Ltd</p>"
	const large = "<html><body><p style=\"font-size:24px\">News</p><p>Frost.</p><p style=\"font-size:24px\">Books</p><p>Sea.</p>"
	tests := []struct{ name, document, credits string }{
		{"the name above the rights", top + "<div><b>Quay Wire</b></div><p>By neighbours. <a href=\"https://q.example/f\">Tell us more</a></p>" + rights + bottom, "Quay Wire\nBy neighbours. Tell us more\n© 2026 Quay Ltd"},
		{"nothing else tells the foot", top + "<p>Quay Wire<br>The letter of the harbour</p><p>Pier 1</p>" + bottom, "Quay Wire\nThe letter of the harbour\nPier 1"},
		{"a text goes on below it", top + "<p>Quay Wire</p><p>" + strings.Repeat("The ferry is late. ", 20) + "</p>" + bottom, ""},
		{"in large letters", large + "<p style=\"font-size:20px\">Quay Institute of Ropes</p>" + rights + bottom, "Quay Institute of Ropes\n© 2026 Quay Ltd"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, "a.html", tt.document)
			var lines []string
			for _, b := range issue.Credits {
				lines = append(lines, digest.TextOf(b.Spans))
			}
			if got := strings.Join(lines, "\n"); got != tt.credits {
				t.Errorf("credits = %q, want %q", got, tt.credits)
			}
			if got := outline(issue); strings.Count(got, "\n") != 3 || !strings.Contains(got, "News (1, 0)") || !strings.Contains(got, "Books (1, 0)") {
				t.Errorf("outline:\n%s", got)
			}
		})
	}
}
