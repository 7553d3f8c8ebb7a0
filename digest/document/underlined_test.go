package document_test

import (
	"strings"
	"testing"
)

// In mails without headings a line is often drawn under the name of a section.
func TestUnderlinedLines(t *testing.T) {
	const drawn = "<p style=\"border-top:solid 2px #1ce;font-size:1px;margin:0 auto;width:100%\">\n</p>"
	const bare = "<table><tr><td>The lamp is lit again.</td></tr><tr><td>From the pier</td></tr><tr><td>LINE</td></tr><tr><td><a href=\"https://q.example/a\">Fog</a></td></tr><tr><td>Grey.</td></tr><tr><td><a href=\"https://q.example/b\">Frost</a></td></tr><tr><td>Cold.</td></tr>" +
		"<tr><td>New boats</td></tr><tr><td>LINE</td></tr><tr><td><a href=\"https://q.example/c\">Heron</a></td></tr><tr><td>Red.</td></tr></table>"
	mail := func(line string) string {
		return "<html><head><title>Quay Wire</title></head><body>" + strings.ReplaceAll(bare, "LINE", line) + "</body></html>"
	}
	const sections = "Quay Wire | 0 | \nFrom the pier (2, 2): Fog\nNew boats (1, 1): Heron\n"
	checkOutlines(t, []struct{ name, file, document, want string }{
		{"a border", "a.html", mail(drawn), sections},
		{"a border below", "a.html", mail("<p style=\"width:50%;border-bottom: 1px dashed red\"></p>"), sections},
		{"rules", "a.html", mail("<hr>"), sections},
		{"Markdown", "a.md", "From the pier\n\n---\n\n- [Fog](https://q.example/a)\n- Frost\n\nNew boats\n\n---\n\n- Heron\n", " | 0 | \nFrom the pier (2, 1): Fog\nNew boats (1, 0): Heron\n"},
	})
	for name, document := range map[string]string{
		"no border":          mail("<p style=\"border-top:none\"></p>"),
		"a text in a border": mail("<p style=\"border-top:1px solid red\">Wind: none, and it stays so, as the harbour office tells us this morning.</p>"),
		"no items":           "<html><body><p>From the pier</p><hr><p>Fog, and it is grey.</p><p>New boats</p><hr><p>Heron, and it is red.</p></body></html>",
	} {
		t.Run(name, func(t *testing.T) {
			if got := outline(parse(t, "a.html", document)); strings.Contains(got, "New boats (") {
				t.Errorf("lines make sections:\n%s", got)
			}
		})
	}
}
