package document_test

import (
	"fmt"
	"strings"
	"testing"

	"digestbot/digest"

	"github.com/google/go-cmp/cmp"
)

// tables are tables, and the blocks that readers get of them.
var tables = []struct{ name, html, want string }{
	{"data with a header", `<table><tr><th>Ship</th><th>Length</th></tr><tr><td>Ann</td><td>12</td></tr></table>`, "table 2"},
	{"data without a header", `<table><tr><td>Ann</td><td>12</td></tr><tr><td>Eve</td><td>14</td></tr></table>`, "table 2"},
	{"data with paragraphs in cells", `<table border=1><tr><td><p>Ann</p></td><td><p>12</p></td></tr><tr><td><p>Eve</p></td><td><p>14</p></td></tr></table>`, "table 2"},
	{"one column", `<table><tr><td>Ann</td></tr><tr><td>Eve</td></tr></table>`, "Ann, Eve"},
	{"columns side by side", `<table><tr><td>Ann came.</td><td>Eve went.</td></tr></table>`, "Ann came., Eve went."},
	{"two columns of text", `<table><tr><td><p>Ann</p><p>She came.</p></td><td><p>Eve</p><p>She went.</p></td></tr><tr><td><p>Kai</p></td><td></td></tr></table>`, "Ann, She came., Eve, She went., Kai"},
	{"said to be layout", `<table role="none"><tr><td>Ann</td><td>Eve</td></tr><tr><td>Kai</td><td>Jan</td></tr></table>`, "Ann, Eve, Kai, Jan"},
	{"long texts", `<table><tr><td>Ann</td><td>` + strings.Repeat("She came. ", 50) + `</td></tr><tr><td>Eve</td><td>She went.</td></tr></table>`, "Ann, " + strings.TrimSpace(strings.Repeat("She came. ", 50)) + ", Eve, She went."},
}

func TestTables(t *testing.T) {
	for _, tt := range tables {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, "a.html", "<h1>Quay 12</h1><h2>News</h2><p>Ships are counted.</p>"+tt.html+"<h2>Books</h2><p>Sea.</p>")
			var got []string
			for _, b := range issue.Sections[0].Items[0].Body[1:] {
				if b.Kind == digest.Table {
					got = append(got, fmt.Sprint("table ", len(b.Rows)))
				} else {
					got = append(got, digest.TextOf(b.Spans))
				}
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
				t.Errorf("blocks (-want +got):\n%s", diff)
			}
		})
	}
}
