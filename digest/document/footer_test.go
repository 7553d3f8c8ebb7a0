package document_test

import (
	"strings"
	"testing"
)

// The footer of a page is no part of the last item.
func TestFooterOfAPage(t *testing.T) {
	for _, tt := range []struct {
		name, footer string
		credits      bool
	}{
		{"a footer", "<footer><p>Quay Wire, every Friday</p></footer>", true},
		{"in the frame of the page", "<div><footer><span>Quay Wire, every Friday</span></footer></div>", true},
		{"of a section", "<section><footer>Quay Wire, every Friday</footer></section>", false},
		{"no footer", "<p>Quay Wire, every Friday</p>", false},
		{"a long text", "<footer><p>Quay Wire, every Friday" + strings.Repeat(" and more of the sea", 20) + "</p></footer>", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, "a.html", "<!DOCTYPE html><html><body><h1>Quay Wire</h1><h2>News</h2><p>Fog on the pier.</p><h2>Books</h2><p>Knots and ropes.</p>"+tt.footer+"</body></html>")
			if got := len(issue.Credits) > 0; got != tt.credits || len(issue.Sections) != 2 {
				t.Errorf("credits = %+v with %d sections, want credits: %v with 2", issue.Credits, len(issue.Sections), tt.credits)
			}
		})
	}
}
