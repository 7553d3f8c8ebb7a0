package document_test

import "testing"

// TestMarkdownThatBeginsWithHTML: a text that begins with a little HTML is still Markdown if
// it defines links, or if its paragraphs stand outside of elements.
func TestMarkdownThatBeginsWithHTML(t *testing.T) {
	const opening = "<p style=\"text-align: center;\">\n  Hello.\n</p>\n\n<p><em>Read on.</em></p>\n\n"
	for _, tt := range []struct{ name, file, text, want string }{
		{"definitions of links", "a.md", opening + "<h2>Boats</h2>\n\nOne *boat* [sails][1].\n\n<h2>Ropes</h2>\n\n[Two][2] hold.\n\n [1]: https://a.example/1\n [2]: https://a.example/2\n",
			"One <i>boat</i> <a href=\"https://a.example/1\">sails</a>."},
		{"texts outside of elements", "a.md", opening + "<h2>Boats</h2>\n\nOne *boat* sails around the bay in the morning, every day of the week.\n\nThe other boat stays at the quay, because its mast is broken, they say.\n\n<h2>Ropes</h2>\n\nTwo ropes hold it there, and one of them is as old as the boat itself.\n",
			"One <i>boat</i> sails around the bay in the morning, every day of the week.\n\nThe other boat stays at the quay, because its mast is broken, they say."},
		{"a page", "a.html", "<!doctype html><title>T</title>" + opening + "<h2>Boats</h2>\n\nOne *boat* sails.\n\n[1]: https://a.example/1\n\n<h2>Ropes</h2><p>Two.</p>",
			"One *boat* sails. [1]: <a href=\"https://a.example/1\">a.example/1</a>"},
	} {
		if got := shown(parse(t, tt.file, tt.text), "boats"); got != tt.want {
			t.Errorf("%s: shown as\n%s, want\n%s", tt.name, got, tt.want)
		}
	}
}
