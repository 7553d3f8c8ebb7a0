package document_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"digestbot/digest/document"
)

// TestBoundsAreExplained holds that the error for a document beyond a bound names the
// document, the line if it is known, what there is too much of, and the cure.
func TestBoundsAreExplained(t *testing.T) {
	page := func(text string) string { return "<p>" + text }
	feed := func(text string) string { return "<rss><channel>" + text + "</channel></rss>" }
	tests := []struct{ name, document, want string }{
		{"inline tables", "\n+++\ntitle = 'x'\ny = " + strings.Repeat("{a=", 9) + "1" + strings.Repeat("}", 9) + "\n+++\nx", "front matter, line 4: brackets or dotted keys are nested deeper than 8"},
		{"arrays", "+++\ny = [\n" + strings.Repeat("[\n", 9) + "\n+++\nx", "front matter, line 10: brackets or dotted keys are nested deeper than 8"},
		{"dotted keys", "+++\n" + strings.Repeat("a.", 9) + "b = 1\n+++\nx", "front matter, line 2: brackets or dotted keys are nested deeper than 8"},
		{"brackets after a string of quotes", "+++\nx = \"\"\"a\\\"\"\"\"\"" + "\ny = " + strings.Repeat("[", 9) + "\n+++\nx", "line 3: brackets"},
		{"long TOML", "+++\nx = '" + strings.Repeat("a", 33<<10) + "'\n+++\nx", "front matter, line 1: it is longer than 32 KB"},
		{"long YAML", "\n---\nx: " + strings.Repeat("a", 33<<10) + "\n---\nx", "front matter, line 2: it is longer than 32 KB"},
		{"long lines of metadata", "Title: x\n" + strings.Repeat(" more\n", 9000), "front matter, line 1: it is longer than 32 KB"},
		{"lines", "---\ntitle: x\n---\n" + strings.Repeat("a\n", 20_001), "line 20004: more than 20000 lines and marks"},
		{"a paragraph", strings.Repeat("*a* ", 4001), "line 1: more than 8000 marks of Markdown in one paragraph: break it"},
		{"a table", strings.Repeat("|a", 99) + "|\n" + strings.Repeat("|-", 99) + "|\n" + strings.Repeat("|\n", 300), "more than 20000 cells"},
		{"a definition used often", "[b]: https://a.example/" + strings.Repeat("x", 1<<20/1000) + "\n\n" + strings.Repeat("[a][b] ", 1900) + "\n\n" + strings.Repeat("[a][b] ", 1900), "addresses and titles of links are longer than 2 MB together"},
		{"tags", page(strings.Repeat("<i>a</i>", 15_001)), "more than 15000 HTML tags"},
		{"tags that come again", page(strings.Repeat("<font a>", 3) + counted("<font b%d>", 4000) + strings.Repeat("<p>a", 1000)), "elements such as <b> and <font> that are never closed"},
		{"attributes of the page", counted("<html a%d=b>", 10_000), "or <html> too often"},
		{"a long text", strings.Repeat("words ", 180_000), "text is longer than 1 MB: give each issue a file of its own"},
		{"elements of a feed", feed(strings.Repeat("<x></x>", 30_001)), "more than 60000 elements, attributes and values: give the feed fewer entries"},
		{"deep elements", feed(strings.Repeat("<a>", 65)), "nested deeper than 64: validate the feed"},
		{"deep elements behind a control character", feed("\b" + strings.Repeat("<a>", 65)), "nested deeper than 64: validate the feed"},
		{"entries", feed(strings.Repeat("<item><title>a</title></item>", 501)), "more than 500 entries: divide the feed"},
		{"name spaces", feed("<item " + counted("xmlns:a%d='b' ", 2000) + "/>"), "more than 100 name spaces"},
		{"values", `{"version":"https://jsonfeed.org/version/1.1","items":[` + strings.Repeat("1,", 60_001) + "1]}", "more than 60000 elements, attributes and values"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			issues, err := document.ParseAll("weekly-7.md", []byte(tt.document))
			if err == nil || !strings.HasPrefix(err.Error(), "parse weekly-7.md: ") || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("ParseAll = %d issues and %v, want %q", len(issues), err, tt.want)
			}
			_, bounds := errors.AsType[*document.BoundsError](err)
			if _, front := errors.AsType[*document.FrontMatterError](err); !bounds && !front {
				t.Errorf("ParseAll = %T, want a *BoundsError or *FrontMatterError", err)
			}
		})
	}
}

// TestWithinBounds holds that a document is read that only seems to break a bound.
func TestWithinBounds(t *testing.T) {
	rows := strings.Repeat("<tr><td><font size=2><b>a</b></font></td><td><a href=https://a.example/>b</a></td></tr>\n", 1000)
	tests := []struct{ name, document string }{
		{"brackets in strings", "+++\na = '[[[[[[[[[['\nb = \"\\\"{{{{{{{{{{\"\nc = \"\"\"\n[[[[[[[[[[\"\"\"\"\nd = '''[[[[[[[[[['''\ne = 1 # [[[[[[[[[[\n+++\nx"},
		{"many flat tables", "+++\n" + counted("[[a.b]]\nc = {d = [1.5, 2.5]}\nx%d.y = '1.2.3'\n", 20_000) + "+++\nx"},
		{"a mail of tables", "<table>" + rows + "</table>"},
		{"styles without ends that are alike", "<p>" + strings.Repeat("<b>a<i>b<p>", 900)},
		{"styles in many paragraphs", "<div>" + strings.Repeat("<p><b style='color: red'>a</b> <em>b</em></p>\n", 2000) + "</div>"},
		{"a drawing with a title", "<p><svg><title>a</title><style>b</style></svg></p>" + strings.Repeat("<p><b>c</b></p>", 2000)},
		{"entries of a list", strings.Repeat("- **a** [b](https://a.example/c) _d_ `e`\n", 1000)},
		{"a table", "|a|b|\n|-|-|\n" + strings.Repeat("|c|d|\n", 2000)},
		{"code", "```\n" + strings.Repeat("if (a[b] < c) { d(); }\n", 2000) + "```\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := document.ParseAll("weekly-7.md", []byte(tt.document)); err != nil {
				t.Errorf("ParseAll of %d bytes = %v", len(tt.document), err)
			}
		})
	}
}

// TestBoundsOfEncodings holds that the size of a text counts after it is decoded.
func TestBoundsOfEncodings(t *testing.T) {
	text := "<meta charset=latin1><p>" + strings.Repeat("\xe9", 600_000)
	_, err := document.ParseAll("weekly-7.html", []byte(text))
	if want := "text is longer than 1 MB"; err == nil || !strings.Contains(fmt.Sprint(err), want) {
		t.Errorf("ParseAll = %v, want %q", err, want)
	}
}

// Elements that are never closed end with the element around them, as for the parser.
func TestFeedWithUnclosedElements(t *testing.T) {
	feed := "<rss version='2.0'><channel>" + strings.Repeat("<item><title>Letter</title><description>a<br>b<br></description></item>", 100) + "</channel></rss>"
	if issues, err := document.ParseAll("feed.xml", []byte(feed)); err != nil || len(issues) != 100 {
		t.Errorf("ParseAll = %d issues and %v, want 100", len(issues), err)
	}
}
