package digest_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"digestbot/digest"
	"digestbot/digest/digesttest"
	"digestbot/internal/longtest"

	"github.com/google/go-cmp/cmp"
)

func compact(issue *digest.Issue) string {
	var headlines []string
	for _, m := range issue.Messages() {
		headlines = append(headlines, m.Headlines)
	}
	return digest.Compact(headlines)
}

// TestHeadlines pins what the compact layout shows.
func TestHeadlines(t *testing.T) {
	long := strings.Repeat("word ", 40)
	tests := []struct{ name, document, want string }{
		{"titles, links, a run-in text", "# T\n\n## 🔥 A\n\n- [One](https://a.example/1): text\n- **Two:** more\n",
			"<b>T</b>\n\n<b>🔥 A</b>\n• <a href=\"https://a.example/1\">One</a>\n• Two"},
		{"number and date", "---\ntitle: T\nnumber: 7\ndate: 2026-11-13\n---\n## A\n\n- x\n- y\n", "<b>T</b>\n№ 7 · 2026-11-13\n\n<b>A</b>\n• x\n• y"},
		{"introduction ends after a sentence", "# T\n\nHello there, this is a " + "very " + strings.Repeat("very ", 20) + "long first sentence. Word " + long + long + "\n\n## A\n\n- x\n- y\n",
			"<b>T</b>\n\nHello there, this is a " + "very " + strings.Repeat("very ", 20) + "long first sentence. …\n\n<b>A</b>\n• x\n• y"},
		{"introduction ends once", "# T\n\nHello there, this is a " + strings.Repeat("very ", 35) + "long first sentence. Word " + strings.Repeat(long, 4) + "\n\n- apples\n\n## A\n\n- x\n- y\n",
			"<b>T</b>\n\nHello there, this is a " + strings.Repeat("very ", 35) + "long first sentence. …\n\n<b>A</b>\n• x\n• y"},
		{"paragraphs of the introduction", "# T\n\nHello there.\n\nThis [is](https://a.example/) why:\nit is.\n\n![](https://a.example/1.png)\n\nGoodbye.\n\n## A\n\n- x\n- y\n",
			"<b>T</b>\n\nHello there.\n\nThis <a href=\"https://a.example/\">is</a> why: it is.\n\nGoodbye.\n\n<b>A</b>\n• x\n• y"},
		{"more paragraphs than there is room for", "# T\n\n" + strings.Repeat("Four words stand here.\n\n", 20) + "## A\n\n- x\n- y\n",
			"<b>T</b>" + strings.Repeat("\n\nFour words stand here.", 14) + " …\n\n<b>A</b>\n• x\n• y"},
		{"a list in the introduction", "# T\n\nHello there. There are\n\n- apples,\n- pears.\n\nGoodbye.\n\n## A\n\n- x\n- y\n",
			"<b>T</b>\n\nHello there. There are…\n\n<b>A</b>\n• x\n• y"},
		{"text without titles", "# T\n\n## A\n\nSome *text* with [a link](https://a.example/).\n\nMore.\n", "<b>T</b>\n\n<b>A</b>\nSome text with <a href=\"https://a.example/\">a link</a>."},
		{"quotations", "# T\n\n## A\n\n> One.\n\n> Two.\n", "<b>T</b>\n\n<b>A</b>\n• One.\n• Two."},
		{"a long title", "# T\n\n## A\n\n### [" + long + "](https://a.example/)\n\nText.\n\n### B\n\nText.\n",
			"<b>T</b>\n\n<b>A</b>\n• <a href=\"https://a.example/\">" + strings.TrimSpace(strings.Repeat("word ", 15)) + "</a>…\n• B"},
		{"more than an overview", "# T\n\n## A\n\n" + strings.Repeat("- x\n", 23), "<b>T</b>\n\n<b>A</b>" + strings.Repeat("\n• x", 20) + "\n… +3"},
		{"linked heading", "# T\n\n## [A](https://a.example/a)\n\n- x\n- y\n", "<b>T</b>\n\n<b><a href=\"https://a.example/a\">A</a></b>\n• x\n• y"},
		{"a bare address", "# T\n\n## A\n\n- https://www.a.example/some/long/path/that/nobody/reads?x=1\n- <https://a.example/b/>\n",
			"<b>T</b>\n\n<b>A</b>\n• <a href=\"https://www.a.example/some/long/path/that/nobody/reads?x=1\">a.example/…</a>\n• <a href=\"https://a.example/b/\">a.example/b</a>"},
		{"no headings", "---\ntitle: T\n---\n- x\n- y\n", "<b>T</b>\n\n• x\n• y"},
		{"quoted credits", "# T\n\n> Q\n\n## A\n\n- x\n- y\n\n## B\n\n- z\n- w\n\n（完）\n\n> Bye.\n",
			"<b>T</b>\n\nQ\n\n<b>A</b>\n• x\n• y\n\n<b>B</b>\n• z\n• w"},
		{"an empty section", "# T\n\n## A\n\n- x\n- y\n\n## B\n\n## C\n\n- z\n- w\n", "<b>T</b>\n\n<b>A</b>\n• x\n• y\n\n<b>C</b>\n• z\n• w"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, "doc.md", tt.document)
			digesttest.CheckIssue(t, issue)
			if diff := cmp.Diff(tt.want, compact(issue)); diff != "" {
				t.Errorf("compact (-want +got):\n%s", diff)
			}
		})
	}
}

// crowd is an issue of many sections of many items with long names, titles and
// addresses.
func crowd(sections, items, width int) *digest.Issue {
	issue := &digest.Issue{Key: "k", Title: strings.Repeat("标题 & <", width), Number: 9,
		Intro: []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: strings.Repeat("\"你好\" ", width), Link: "https://a.example/" + strings.Repeat("i", width)}}}}}
	for n := range sections {
		s := digest.Section{Key: fmt.Sprint(n), Name: fmt.Sprint(n) + strings.Repeat("名<", width), Emoji: "👩🏽‍💻", New: n%2 == 0}
		for k := range items {
			title := digest.Span{Text: fmt.Sprint(k) + strings.Repeat("题&", width), Link: fmt.Sprintf("https://a.example/%d/%d/%s", n, k, strings.Repeat("x", width))}
			s.Items = append(s.Items, digest.Item{Title: []digest.Span{title}})
		}
		issue.Sections = append(issue.Sections, s)
	}
	return issue
}

// TestHeadlinesShareTheRoom holds that every section has its part of the message,
// however many there are.
func TestHeadlinesShareTheRoom(t *testing.T) {
	crowds := []struct{ sections, items, width int }{
		{1, 30, 1}, {5, 12, 1}, {5, 12, 30}, {20, 5, 1}, {49, 3, 20}, {99, 2, 20}, {200, 1, 1},
		{5, 2, 1800}, {20, 5, 100}, {20, 2, 900}, {100, 2, 20}, {200, 2, 100}, {400, 1, 20}, {900, 1, 1}, // take seconds
	}
	for _, tt := range crowds[:longtest.Rounds(7, len(crowds))] {
		issue := crowd(tt.sections, tt.items, tt.width)
		messages := issue.Messages()
		digesttest.CheckIssue(t, issue)
		least, most := 4096, 0
		for _, m := range messages {
			if m.Part == 1 && !m.Cover && m.Headlines != "" {
				units := digest.Units(digest.PlainOf(regexp.MustCompile(`</?a[^>]*>`).ReplaceAllString(m.Headlines, "")))
				least, most = min(least, units), max(most, units)
			}
		}
		if tt.sections > 1 && (most > 3*least && tt.sections < 300 || least < 3) {
			t.Errorf("%+v: headlines of %d to %d units", tt, least, most)
		}
	}
	// What a small section leaves of its share goes to a large section.
	issue := crowd(4, 20, 10)
	issue.Sections[0].Items = issue.Sections[0].Items[:1]
	issue.Sections[1].Items = issue.Sections[1].Items[:1]
	messages := issue.Messages()
	if few, many := messages[1].Headlines, messages[len(messages)-1].Headlines; strings.Count(many, "\n") < 20 || strings.Count(few, "\n") != 1 {
		t.Errorf("headlines of a small and a large section:\n%s\n\n%s", few, many)
	}
}

func TestNewSectionsAreMarked(t *testing.T) {
	issue := &digest.Issue{Key: "k", Title: "T", Number: 7, Sections: []digest.Section{
		{Key: "a", Name: "A", Emoji: "🔥", New: true, Intro: []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: "x"}}}}},
		{Key: "b", Name: "B", Intro: []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: "y"}}}}},
	}}
	messages := issue.Messages()
	a, b := messages[1], messages[2]
	if !strings.HasPrefix(a.HTML, "<b>🆕 🔥 A</b> · № 7\n") || !strings.HasPrefix(a.Plain, "🆕 🔥 A · № 7\n") ||
		!strings.HasPrefix(a.Headlines, "<b>🆕 🔥 A</b>\n") || !strings.HasPrefix(a.Rich, "<h2>🆕 🔥 A · № 7</h2>") {
		t.Errorf("messages of a new section are not marked: %+v", a)
	}
	for _, m := range []digest.Message{messages[0], b} {
		if all := m.HTML + m.Plain + m.Headlines + m.Rich; strings.Contains(all, "🆕") {
			t.Errorf("marked as new: %s", all)
		}
	}
	digesttest.CheckIssue(t, issue)
}

func TestPlainOf(t *testing.T) {
	tests := []struct{ name, html, want string }{
		{"styles and escapes", "<b>a &amp; b</b>\n<blockquote expandable>c &lt;d&gt;</blockquote>", "a & b\nc <d>"},
		{"a link", `<a href="https://a.example/?a=1&amp;b=2"><b>word</b>s</a>.`, "words (https://a.example/?a=1&b=2)."},
		{"an address", `<a href="https://a.example/x">https://a.example/x</a>`, "https://a.example/x"},
		{"a short address", `<a href="https://a.example/?x=1">a.example/…</a>!`, "https://a.example/?x=1!"},
		{"no room", strings.Repeat("x", 4090) + `<a href="https://a.example/">y</a>`, strings.Repeat("x", 4090) + "y"},
		{"broken", `<a href="https://a.example/">y`, "y"},
	}
	for _, tt := range tests {
		if got := digest.PlainOf(tt.html); got != tt.want {
			t.Errorf("%s: PlainOf(%q) = %q, want %q", tt.name, tt.html, got, tt.want)
		}
	}
	issue := crowd(3, 3, 3)
	for _, m := range issue.Messages() {
		if got := digest.PlainOf(m.HTML); got != m.Plain {
			t.Errorf("PlainOf(HTML) = %q, Plain = %q", got, m.Plain)
		}
	}
}

// FuzzLayouts makes issues of one hostile text in many places: what FuzzParse
// states of every document holds of every issue.
func FuzzLayouts(f *testing.F) {
	f.Add("Text & <more>", "https://a.example/?q=1", uint16(3), uint16(4), uint8(0))
	f.Add("👩🏽‍💻e\u0301\u0302 مرحبا", "http://localhost/p.png", uint16(70), uint16(1), uint8(3))
	f.Add("一句。又一句，很长很长", "https://a.example/"+strings.Repeat("x", 1900), uint16(12), uint16(90), uint8(77))
	f.Add("short @name #tag & <x>", "https://a.example/", uint16(40), uint16(1), uint8(1)) // sections share messages
	f.Add("短。", "https://a.example/"+strings.Repeat("y", 400), uint16(60), uint16(0), uint8(0x81))
	f.Fuzz(func(t *testing.T, text, link string, sections, items uint16, shape uint8) {
		issue := layoutIssue(text, link, int(sections)%300, int(items)%120, shape)
		if issue != nil {
			digesttest.CheckIssue(t, issue)
		}
	})
}

// A title with more hashtags than there is room for is shown in part.
func TestTitleFullOfHashtags(t *testing.T) {
	issue := &digest.Issue{Key: "1", Title: strings.Repeat("#tag ", 30)}
	if got := issue.Messages()[0].Headlines; !strings.Contains(got, "#tag #tag") || !strings.Contains(got, "…") {
		t.Errorf("the cover of the compact layout is %q, want the beginning of the title", got)
	}
}
