package document_test

import (
	"strings"
	"testing"
)

// TestTitleOfAPage: the heading of a page is its title, with the number or date that
// the head of the page says behind the same words, and without the name of the site.
func TestTitleOfAPage(t *testing.T) {
	tests := []struct{ head, heading, want string }{
		{"Harbour Weekly – 16–20 novembre 2026", "Harbour Weekly", "Harbour Weekly – 16–20 novembre 2026"},
		{"Harbour Weekly #12 | Harbour", "Harbour Weekly", "Harbour Weekly #12"},
		{"Harbour Weekly - Boats - Issue 12 - Harbour", "Harbour Weekly", "Harbour Weekly - Boats - Issue 12"},
		{"Harbour Weekly #12: boats | Harbour 2000", "Harbour Weekly #12: boats", "Harbour Weekly #12: boats"},
		{"Harbour Weekly | Harbour", "Harbour Weekly", "Harbour Weekly"},
		{"Boats #12", "Ropes", "Ropes"},
		{"", "Ropes", "Ropes"},
	}
	for _, tt := range tests {
		issue := parse(t, "a.html", "<html><head><title>"+tt.head+"</title></head><body><h1>"+tt.heading+"</h1><p>Text.</p><h2>Ropes</h2><p>Text.</p></body></html>")
		if issue.Title != tt.want {
			t.Errorf("title of %q, headed %q = %q, want %q", tt.head, tt.heading, issue.Title, tt.want)
		}
	}
}

// TestTitleThatSaysWhich: a first heading that says which issue it is is the title,
// also among headings of its level and below another level.
func TestTitleThatSaysWhich(t *testing.T) {
	for _, title := range []string{"Harbour, issue 12", "Harbour Weekly 12", "2026-11", "November 20, 2026", "2026 Week 41", "第十二期", "Newsletter May 5"} {
		issue := parse(t, "a.md", "## "+title+"\n\n## Boats\n\n- a\n- b\n\n## Ropes\n\n- c\n")
		if issue.Title != title || len(issue.Sections) != 2 {
			t.Errorf("title = %q with %d sections, want %q with 2", issue.Title, len(issue.Sections), title)
		}
	}
	issue := parse(t, "a.md", "## November 20, 2026\n\n- a\n- b\n\n## November 13, 2026\n\n- c\n\n## November 6, 2026\n\n- d\n")
	if issue.Title != "" || len(issue.Sections) != 3 {
		t.Errorf("a log has the title %q and %d sections, want none and 3", issue.Title, len(issue.Sections))
	}
	for _, heading := range []string{"2 boats", "Boats in May", "Top 10"} {
		issue := parse(t, "a.md", "## "+heading+"\n\n- x\n- y\n\n## Boats\n\n- a\n- b\n\n## Ropes\n\n- c\n")
		if issue.Title != "" || len(issue.Sections) != 3 {
			t.Errorf("title = %q with %d sections, want none with 3", issue.Title, len(issue.Sections))
		}
	}
}

// The only title of a mail may be its hidden teaser, if that says which issue it is.
func TestTitleOfTeaser(t *testing.T) {
	mail := func(title, above, teaser string) string {
		return "<html><head><title>" + title + "</title></head><body>" + above + "<div style=\"display:none\">" + teaser + "&zwnj;&nbsp;&zwnj;&nbsp;</div><h1>The pier</h1><p>Fog.</p><h1>The boats</h1><p>Frost.</p></body></html>"
	}
	for _, tt := range []struct{ name, document, want string }{
		{"a month", mail("", "<img src=\"https://q.example/a.jpg\"><script>var a</script>", "Quay letter\nMay 2026"), "Quay letter May 2026"},
		{"a number", mail("", "", "Quay Wire #12"), "Quay Wire #12"},
		{"neither", mail("", "", "Ann leaves the pier"), ""},
		{"a sentence", mail("", "", "In May 2026 Ann left the pier."), ""},
		{"long", mail("", "", "May 2026"+strings.Repeat(" and the boats", 9)), ""},
		{"below a text", mail("", "<p>Good morning</p>", "Quay letter May 2026"), ""},
		{"a title", mail("Quay Wire", "", "Quay letter May 2026"), "Quay Wire"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := parse(t, "a.html", tt.document).Title; got != tt.want {
				t.Errorf("title = %q, want %q", got, tt.want)
			}
		})
	}
}

// A text without a heading may begin with its title: a line that says which issue it is.
func TestTitleOfLine(t *testing.T) {
	const list = "\n\n1. Fog - https://q.example/a\n2. Frost - https://q.example/b\n"
	for _, tt := range []struct{ name, file, document, want string }{
		{"a date", "a.txt", "Quay Wire (2026.11.20)" + list, "Quay Wire (2026.11.20)"},
		{"a number", "a.txt", "Quay Wire #12" + list, "Quay Wire #12"},
		{"in HTML", "a.html", "<p>灯塔周刊 第12期</p><ol><li>雾</li><li>霜</li></ol>", "灯塔周刊 第12期"},
		{"only a date", "a.txt", "20 November 2026" + list, ""},
		{"neither", "a.txt", "Quay Wire" + list, ""},
		{"a sentence", "a.txt", "This is Quay Wire #12." + list, ""},
		{"two lines", "a.txt", "Quay Wire #12  \nby Ann" + list, ""},
		{"a link", "a.txt", "[Quay Wire #12](https://q.example/12)" + list, ""},
		{"a file", "灯塔周刊-第7期.md", "Quay Wire #7" + list, "灯塔周刊-第7期"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, tt.file, tt.document)
			if issue.Title != tt.want {
				t.Errorf("title = %q, want %q", issue.Title, tt.want)
			}
			if intro := shown(issue, ""); issue.Title != "" && strings.Contains(intro, issue.Title) {
				t.Errorf("introduction %q repeats the title", intro)
			}
		})
	}
}

// The name of the series above a page is no section, also if its title says the number first.
func TestNameBehindNumber(t *testing.T) {
	page := func(title string) string {
		return "<html><head><title>" + title + "</title></head><body><h1>Quay Wire</h1><p>November 20, 2026</p><h1>News</h1><ul><li>Fog</li><li>Frost</li></ul><h1>Books</h1><p>Sea.</p></body></html>"
	}
	const sections = "News (2, 0): Fog\nBooks (1, 0): Sea.\n"
	checkOutlines(t, []struct{ name, file, document, want string }{
		{"behind a dash", "a.html", page("Issue #12 — Quay Wire"), "Issue #12 — Quay Wire | 12 | 2026-11-20\n" + sections},
		{"behind a bar", "a.html", page("No. 12 | Quay Wire"), "No. 12 | Quay Wire | 12 | 2026-11-20\n" + sections},
	})
	for _, title := range []string{"Fog, frost and #12 of Quay Wire", "Fog — Quay Wire"} {
		if got := outline(parse(t, "a.html", page(title))); strings.Count(got, "\n") != 4 {
			t.Errorf("%s: the first heading is no section:\n%s", title, got)
		}
	}
}
