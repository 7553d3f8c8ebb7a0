package digest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWriteMessage(t *testing.T) {
	issue := &Issue{Sections: []Section{{Key: "tools", Name: "Tools", Emoji: "🔧"}}}
	tests := []struct {
		name    string
		message Message
		styled  bool
		want    string // with ESC written as ^
	}{{
		name:    "cover in plain text",
		message: Message{Cover: true, Part: 1, Parts: 1, Length: 11, Image: "https://example.org/a.png", HTML: "<b>Issue 179</b>"},
		want:    "──── cover · 11 of 4096 characters ────\n\n[https://example.org/a.png]\n\nIssue 179\n",
	}, {
		name:    "part in plain text",
		message: Message{Section: "tools", Part: 2, Parts: 3, Length: 4096, HTML: "<a href=\"https://example.org\">text</a>\n\n"},
		want:    "──── 🔧 Tools · part 2 of 3 · 4096 of 4096 characters ────\n\ntext (https://example.org)\n",
	}, {
		name:    "a section without a name",
		message: Message{Part: 1, Parts: 1, Length: 1, HTML: "x"},
		want:    "──── main part · 1 of 4096 characters ────\n\nx\n",
	}, {
		name:   "styles nest",
		styled: true,
		message: Message{Section: "tools", Part: 1, Parts: 1, Length: 5,
			HTML: "<b>a<i>b</i>c</b> &lt;d&gt; &amp; <code>e</code>"},
		want: "^[2m──── 🔧 Tools · 5 of 4096 characters ────^[0m\n\n" +
			"^[0m^[1ma^[0m^[1m^[3mb^[0m^[1mc^[0m <d> & ^[0m^[36me^[0m\n",
	}, {
		name:    "links can be clicked",
		styled:  true,
		message: Message{Section: "tools", Part: 1, Parts: 1, HTML: `<a href="https://example.org/日?a=1&amp;b=2">link</a>`},
		want: "^[2m──── 🔧 Tools · 0 of 4096 characters ────^[0m\n\n" +
			"^[0m^[4;34m^]8;;https://example.org/%E6%97%A5?a=1&b=2^\\link^]8;;^\\^[0m\n",
	}, {
		name:   "quotations stand apart",
		styled: true,
		message: Message{Section: "tools", Part: 1, Parts: 1,
			HTML: "before<blockquote expandable>one\n\ntwo</blockquote>\nbetween\n<blockquote>three</blockquote>after"},
		want: "^[2m──── 🔧 Tools · 0 of 4096 characters ────^[0m\n\n" +
			"before\n^[0m│ one\n│ \n│ two^[0m\nbetween\n^[0m│ three^[0m\nafter\n",
	}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := strings.ReplaceAll(show(issue, tt.message, tt.styled), "\x1b", "^")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("writeMessage (-want +got):\n%s", diff)
			}
		})
	}
}

// A document must not be able to change the title of the window or move the cursor.
func TestTerminalKeepsControlCharactersOut(t *testing.T) {
	issue := &Issue{Sections: []Section{{Key: "k", Name: "na\x1b[2Jme\x9b"}}}
	message := Message{Section: "k", Part: 1, Parts: 1, Image: "https://example.org/\x1b",
		HTML: "<a href=\"https://example.org/%1b\x1b\x07&#27;\u009b\">a\x1b]0;title\x07b&#x1b;&#155;c</a>"}
	for _, styled := range []bool{false, true} {
		got := show(issue, message, styled)
		for _, own := range []string{"\x1b[2m", "\x1b[0m", "\x1b[4;34m", "\x1b]8;;", "\x1b\\"} {
			got = strings.ReplaceAll(got, own, "")
		}
		if strings.ContainsAny(got, "\x1b\x07\r\u009b") {
			t.Errorf("styled %t: %q holds control characters", styled, got)
		}
	}
}

func show(issue *Issue, m Message, styled bool) string {
	var out strings.Builder
	writeMessage(&out, m, issue.terminalHeading([]Message{m}), styled)
	return out.String()
}

func TestTerminalShowsEveryMessage(t *testing.T) {
	issue := &Issue{Title: "Issue 179", Sections: []Section{
		{Key: "tools", Name: "Tools", Intro: []Block{{Kind: Paragraph, Spans: []Span{{Text: "Sharp", Style: Bold}, {Text: " ones."}}}}},
		{Key: "books", Name: "Books", Intro: []Block{{Kind: Paragraph, Spans: []Span{{Text: "Long ones."}}}}},
	}}
	for _, styled := range []bool{false, true} {
		got := issue.Terminal(LayoutSections, styled)
		rest := got
		for _, want := range []string{"cover", "Issue 179", "──── Tools", "Sharp", " ones.", "──── Books", "Long ones."} {
			_, after, found := strings.Cut(rest, want)
			if !found {
				t.Fatalf("Terminal(%t) lacks %q after what comes before it:\n%s", styled, want, got)
			}
			rest = after
		}
		if strings.Contains(got, "\x1b") != styled {
			t.Errorf("Terminal(%t) = %q", styled, got)
		}
	}
}

// TestTerminalLayouts pins what a preview shows of each layout.
func TestTerminalLayouts(t *testing.T) {
	text := func(s string) Block { return Block{Kind: Paragraph, Spans: []Span{{Text: s}}} }
	link := Span{Text: "One", Link: "https://example.org/1"}
	issue := &Issue{Title: "Issue 179", Number: 179, Image: "https://example.org/a.png", Intro: []Block{text("Hello.")}, Sections: []Section{
		{Key: "tools", Name: "Tools", Emoji: "🔧", New: true, Items: []Item{
			{Title: []Span{link}, Body: []Block{
				text("First."),
				{Kind: List, Ordered: true, Start: 3, Entries: [][]Block{{text("a")}, {text("b"), {Kind: List, Entries: [][]Block{{text("c")}}}}}},
				{Kind: Quote, Blocks: []Block{text("Said."), text("Again.")}},
				{Kind: Code, Spans: []Span{{Text: "x\n\ny"}}},
				{Kind: Image, URL: "https://example.org/b.png", Spans: []Span{{Text: "A picture"}}},
				{Kind: Table, Header: true, Rows: [][][]Span{{{{Text: "h"}}, {{Text: "i"}}}, {{{Text: "1"}}, {link}}}},
			}},
			{Title: []Span{{Text: "Two"}}, Body: []Block{text(strings.Repeat("Some words here. ", 20) + "End.")}},
		}},
	}}
	long := strings.Repeat("Some words here. ", 7)
	tests := map[Layout]string{
		LayoutCompact: "──── headlines · 42 of 4096 characters ────\n\n[https://example.org/a.png]\n\n" +
			"Issue 179\n\nHello.\n\n🆕 🔧 Tools\n• One (https://example.org/1)\n• Two\n",
		LayoutRich: "──── cover · rich message ────\n\n[https://example.org/a.png]\n\nIssue 179\n\nHello.\n\n🔧 Tools (2)\n\n" +
			"──── 🔧 Tools · rich message ────\n\n🆕 🔧 Tools · № 179\n\nOne (https://example.org/1)\n\n" +
			"First.\n\n3. a\n4. b\n  • c\n\n│ Said.\n\n│ Again.\n\nx\n\ny\n\n[https://example.org/b.png]\nA picture\n\n" +
			"h · i\n1 · One (https://example.org/1)\n\nTwo\n\n▸ " + long + "…\n\n  " + long + strings.Repeat("Some words here. ", 6) + "End.\n",
	}
	for layout, want := range tests {
		if diff := cmp.Diff(want, issue.Terminal(layout, false)); diff != "" {
			t.Errorf("Terminal(%s) (-want +got):\n%s", layout, diff)
		}
		plain := strings.NewReplacer(sgrReset, "", "\x1b[1m", "", "\x1b[1;4m", "", "\x1b[2m", "", "\x1b[3m", "", "\x1b[36m", "", "\x1b[4;34m", "",
			"\x1b]8;;https://example.org/1\x1b\\", "", linkEnd, "").Replace(issue.Terminal(layout, true))
		if diff := cmp.Diff(strings.ReplaceAll(want, " (https://example.org/1)", ""), plain); diff != "" {
			t.Errorf("styled Terminal(%s) without escape sequences (-want +got):\n%s", layout, diff)
		}
	}
}

func TestTerminalRichKeepsControlCharactersOut(t *testing.T) {
	const source = "<h1>a\x1b]0;b\x07</h1><p><a href=\"https://example.org/\x1b\x07&#27;\">c&#x1b;&#155;</a></p><img src=\"https://example.org/\x1b.png\"/><ol start=\"9999999999999999999999\"><li>\rd</li></ol></ul></b>"
	for _, styled := range []bool{false, true} {
		got := terminalRich(source, styled)
		for _, own := range []string{"\x1b[1;4m", sgrReset, "\x1b[4;34m", "\x1b]8;;", "\x1b\\"} {
			got = strings.ReplaceAll(got, own, "")
		}
		if strings.ContainsAny(got, "\x1b\x07\r\u009b") {
			t.Errorf("styled %t: %q holds control characters", styled, got)
		}
	}
}

// A preview that is not for a terminal has the addresses of all links, also of a message that
// is too long for them.
func TestPlainPreviewHasAllAddresses(t *testing.T) {
	var items []Item
	for n := range 80 {
		link := fmt.Sprintf("https://example.org/boats/of/the/year/%03d", n)
		items = append(items, Item{Title: []Span{{Text: fmt.Sprintf("Boat of the year number %d, with its name", n), Link: link}}})
	}
	issue := &Issue{Title: "Boat letters", Sections: []Section{{Key: "boats", Name: "Boats", Items: items}}}
	for _, layout := range []Layout{LayoutSections, LayoutRich} {
		got := issue.Terminal(layout, false)
		for n := range items {
			if link := items[n].Title[0].Link; !strings.Contains(got, "("+link+")") {
				t.Fatalf("%s: Terminal lacks %s:\n%s", layout, link, got)
			}
		}
	}
}

// Auto is shown as a reader gets it who has switched nothing off.
func TestTerminalAuto(t *testing.T) {
	issue := &Issue{Key: "1", Title: "Weekly"}
	for n := range 9 {
		layout := LayoutSections
		if n > 5 { // with the cover
			layout = LayoutCompact
		}
		if got, want := issue.Terminal(LayoutAuto, false), issue.Terminal(layout, false); got != want {
			t.Errorf("with %d sections auto is\n%s\nwant %s\n%s", n, got, layout, want)
		}
		title := []Span{{Text: fmt.Sprint("Item ", n)}}
		issue.Sections = append(issue.Sections, Section{Key: fmt.Sprint(n), Name: fmt.Sprint("Part ", n), Items: []Item{{Title: title}, {Title: title}}})
	}
}
