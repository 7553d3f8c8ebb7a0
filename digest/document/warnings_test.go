package document_test

import (
	"slices"
	"strings"
	"testing"
)

// Each warning says what is wrong and what to do. What is no mistake has no warning.
func TestWarnings(t *testing.T) {
	const many = "[a](https://example.org/1) [b](https://example.org/2) [c](https://example.org/3) [d](https://example.org/4) " +
		"[e](https://example.org/5) [f](https://example.org/6) [g](https://example.org/7) [h](https://example.org/8) " +
		"[i](https://example.org/9) [j](https://example.org/10) [k](https://example.org/11) [l](https://example.org/12) " +
		"[m](https://example.org/13) [n](https://example.org/14) [o](https://example.org/15)"
	const head = "# Letters\n\n## News\n\n"
	tests := []struct {
		name, document string
		want           []string // parts of the only warnings, in order
	}{
		{"nothing", head + "- [Snow](https://example.org/snow)\n", nil},
		{"one item", head + "Snow fell.\n", nil},
		{"item without title", head + "### Snow\n\nIt fell.\n\n### Rain\n\nIt fell too.\n\n> A word.\n", nil},
		{"relative link", head + "See [the pier](pier.html) and [the boat](/boat).\n",
			[]string{`2 links are relative`}},
		{"relative link of a document with an address", "---\nlink: https://example.org/12\n---\n" + head + "See [the pier](pier.html).\n", nil},
		{"empty link", head + "See [the pier]() and [the boat](#).\n", []string{`2 links lead nowhere, such as "the pier"`}},
		{"script", head + "<a href=\"javascript:go()\">Go</a> there.\n", []string{`1 link leads nowhere, such as "Go"`}},
		{"place within the page", head + "See [below](#books).\n", nil},
		{"anchor", head + "<a name=\"news\"></a>Snow fell.\n", nil},
		{"button of a page", "<html><body><h1>Letters</h1><h2>News</h2><p>Snow fell. <a href='#'>Share</a></p></body></html>", nil},
		{"relative picture", head + "![Pier](pier.jpg)\n\nSnow.\n", []string{`1 picture is relative`}},
		{"icon", head + "<img src=\"i.png\" width=\"16\"> Snow.\n", nil},
		{"picture in the document", head + "![Pier](data:image/png;base64,AAAA)\n\nSnow.\n", []string{"1 picture is not on the web"}},
		{"a list that is one item", head + many + "\n", []string{`section "News" is one item although it has 15 links`}},
		{"the same without a heading", many + "\n", []string{"no title", `the text is one item although it has 15 links`}},
		{"empty section", head + "## Books\n\n- Knots\n", []string{`section "News" is empty`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, "letters.md", tt.document)
			if len(issue.Warnings) != len(tt.want) {
				t.Fatalf("warnings %q, want %d: %q", issue.Warnings, len(tt.want), tt.want)
			}
			for i, want := range tt.want {
				if !strings.Contains(issue.Warnings[i], want) {
					t.Errorf("warning %q, want %q in it", issue.Warnings[i], want)
				}
			}
		})
	}
}

func TestItemWithoutAWord(t *testing.T) {
	const picture = "- ![](https://example.org/1.jpg)\n"
	issue := parse(t, "letters.md", "# Letters\n\n## News\n\n- Snow\n"+picture+"\n## Pictures\n\n"+picture+picture)
	want := `section "News" has items without a word (1)`
	if !slices.ContainsFunc(issue.Warnings, func(w string) bool { return strings.HasPrefix(w, want) }) || len(issue.Warnings) != 1 {
		t.Errorf("warnings %q, want only %q", issue.Warnings, want)
	}
}
