package document_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"digestbot/digest/digesttest"
	"digestbot/digest/document"
	"digestbot/internal/longtest"
)

// shape is a kind of document, written as large as asked for.
type shape struct {
	name  string
	write func(size int) string
}

// hostile are documents that nobody writes by accident. All are read at 15 KB.
var hostile = []shape{
	{"one paragraph of words", func(n int) string { return repeat("Words and more words, then a stop. ", n) }},
	{"one paragraph of Chinese", func(n int) string { return repeat("没有停顿的文字一直写下去，", n) }},
	{"one word", func(n int) string { return repeat("a", n) }},
	{"one grapheme", func(n int) string { return "e" + repeat("\u0301", n) }},
	{"emoji sequences", func(n int) string { return repeat("👩🏽‍💻🇺🇳👨‍👩‍👧‍👦", n) }},
	{"right to left", func(n int) string { return repeat("مرحبا بالعالم\u202e ", n) }},
	{"one paragraph of links", func(n int) string { return repeat("[a](https://a.example/) b ", n) }},
	{"one paragraph of styles", func(n int) string { return repeat("*a* **b** `c` ~~d~~ ", n) }},
	{"list", func(n int) string { return repeat("- [Item](https://a.example/x): a line of text\n", n) }},
	{"list of bare words", func(n int) string { return repeat("* word\n", n) }},
	{"headings", func(n int) string { return repeat("## Heading\n\n- a\n- b\n\n", n) }},
	{"headings of a numbered issue", func(n int) string { return "---\nnumber: 12\n---\n" + repeat("## Heading\n\n- a\n- b\n\n", n) }},
	{"headings of all levels", func(n int) string { return repeat("# a\n## b\n### c\n#### d\n- x\n- y\n", n) }},
	{"headings within one section", func(n int) string { return "## a\n\n" + repeat("### b\n\nx\n\n", n) }},
	{"headings below contents", func(n int) string { return "## a\n\n- [b](#b)\n- [c](#c)\n\n" + repeat("### b\n\nx\n\n", n) + "## d\n" }},
	{"headings before sections", func(n int) string {
		return repeat("### b\n\nx\n\n", n/2) + repeat("## a\n\n### b\n\nx\n\n", n/2)
	}},
	{"linked headings of one level", func(n int) string {
		return repeat("# a\n\n# [b](https://a.example/)\n\n# [c](https://a.example/)\n\n", n)
	}},
	{"stories over headlines", func(n int) string {
		return repeat("## a\n\n**[b](https://a.example/)**\n\nx\n\n"+strings.Repeat("- [c](https://a.example/)\n", 8)+"\n", n)
	}},
	{"prose between rules", func(n int) string { return repeat("x\n\n---\n\n", n) }},
	{"numbers before headings", func(n int) string { return repeat("1\n\n## a\n\n2\n\n", n) }},
	{"numbered paragraphs", func(n int) string { return repeat("1、[标题](https://a.example/)\n\n正文。\n\n", n) }},
	{"lines", func(n int) string { return "<p>" + repeat("1、标题<br>", n) + "</p>" }},
	{"open quotes", func(n int) string { return repeat(">", n) + " x" }},
	{"open lists", func(n int) string { return repeat("- ", n) + "x" }},
	{"lists deeper and deeper", func(n int) string { return staircase(n, "- x") }},
	{"open divs", func(n int) string { return repeat("<div>", n) + "x" }},
	{"open quotations", func(n int) string { return repeat("<blockquote>", n) + "x" }},
	{"open tables", func(n int) string { return repeat("<table><tr><td>", n) + "x" }},
	{"open styles", func(n int) string { return "<p>" + repeat("<b><i>x", n) }},
	{"open links", func(n int) string { return "<p>" + repeat("<a href=https://a.example/>x", n) }},
	{"open brackets", func(n int) string { return repeat("[", n) }},
	{"brackets that do not match", func(n int) string { return repeat("[a](", n) }},
	{"open addresses", func(n int) string { return repeat("[a](<", n) }},
	{"open titles", func(n int) string { return repeat("[a](b (", n) }},
	{"open comments", func(n int) string { return "x " + repeat("<!-- ", n) }},
	{"open instructions", func(n int) string { return "x " + repeat("<? ", n) }},
	{"open declarations", func(n int) string { return "x " + repeat("<!A ", n) }},
	{"open sections of characters", func(n int) string { return "x " + repeat("<![CDATA[ ", n) }},
	{"open tags", func(n int) string { return "x " + repeat("<a b=\"c ", n) }},
	{"open tags without quotes", func(n int) string { return "x " + repeat("<a b ", n) }},
	{"footnotes", func(n int) string { return repeat("x[^a] ", n) + "\n\n[^a]: y\n" }},
	{"definitions", func(n int) string { return repeat("[a]: b\n", n) + "\n[a]\n" }},
	{"references", func(n int) string { return repeat("[a][b] ", n) + "\n\n[b]: https://a.example/\n" }},
	{"open template tags", func(n int) string { return repeat("{% x ", n) }},
	{"template comments", func(n int) string { return repeat("{% comment %} x ", n) }},
	{"colons", func(n int) string { return "Title: x\n" + repeat("a: b\n", n) }},
	{"bold labels", func(n int) string { return repeat("**a**\n\n- b\n- c\n\n", n) }},
	{"attribute lists", func(n int) string { return repeat("## a {#b .c d=\"e\"\n", n) }},
	{"pictures", func(n int) string { return repeat("![](https://a.example/p.png) ", n) }},
	{"emphasis that does not match", func(n int) string { return repeat("*a **b ", n) }},
	{"code marks", func(n int) string { return repeat("`a ``b ", n) }},
	{"code", func(n int) string { return "```\n" + repeat("x := <y> & \"z\"\n", n) + "```\n" }},
	{"table", func(n int) string { return "| a | b |\n|---|---|\n" + repeat("| c | [d](https://a.example/) |\n", n) }},
	{"entities", func(n int) string { return "<p>" + repeat("&lt;&amp;&quot;&#128512;", n) + "</p>" }},
	{"front matter", func(n int) string { return "---\n" + repeat("a: b\n", n) + "---\nx" }},
	{"addresses", func(n int) string { return repeat("https://a.example/(x)，", n) }},
	{"empty paragraphs", func(n int) string { return "<p>x</p>" + repeat("<p>&nbsp;</p>", n) + "<p>y</p>" }},
	{"scripts and styles", func(n int) string {
		return repeat("<style>p{}</style><p>a<script>if (a<b) x()</script>b</p><noscript>c</noscript>\n", n)
	}},
	{"broken tags", func(n int) string { return repeat("<p>a<b c=<i>d</p></b></table><td>e</p ", n) }},
	{"cards", func(n int) string {
		return repeat(`<div class="a1"><p>k</p><h3><a href="https://a.example/">b</a></h3><h4>c</h4><p>d</p></div>`, n)
	}},
	{"cards within each other", func(n int) string {
		return repeat(`<div class="a"><h3><a href="https://a.example/">b</a></h3><p>c</p>`, n)
	}},
	{"names of runs of cards", func(n int) string {
		return repeat(`<div>e</div><div class="a"><h3><a href="https://a.example/">b</a></h3><p>c</p></div><p>&nbsp;</p>`, n)
	}},
	{"parts of lines within each other", func(n int) string {
		return "<!doctype html>" + repeat(`<div class="a"><span>b</span><span>c`, n)
	}},
	{"isolated directions", func(n int) string { return repeat("\u2067\u2068\u200fשלום \u202dabc ", n) }},
	{"one row of a table", func(n int) string { return "<table><tr>" + repeat("<td>a</td>", n) + "</tr><tr><td>b<td>c</table>" }},
	{"titles with long addresses", func(n int) string {
		return repeat("## [A](https://a.example/"+strings.Repeat("x", 900)+")\n\n- [b](https://a.example/"+strings.Repeat("y", 900)+")\n- c\n\n", n)
	}},
	{"one heading", func(n int) string { return "## " + repeat("a *b* ", n) + "\n\nx" }},
}

func repeat(s string, size int) string { return strings.Repeat(s, size/len(s)+1) }

func staircase(size int, line string) string {
	var out strings.Builder
	for depth := 0; out.Len() < size; depth++ {
		out.WriteString(strings.Repeat(" ", 2*(depth%200)) + line + "\n")
	}
	return out.String()
}

// TestHostile parses documents that nobody writes in good faith: the messages are
// valid and lose nothing.
func TestHostile(t *testing.T) {
	size := longtest.Rounds(2_500, 10_000)
	for _, h := range hostile {
		t.Run(h.name, func(t *testing.T) {
			digesttest.CheckIssue(t, parse(t, "hostile.md", h.write(accepted(h, size))))
		})
	}
}

// BenchmarkHostile shows how time grows with size: MB/s stays level.
func BenchmarkHostile(b *testing.B) {
	for _, h := range hostile {
		large := accepted(h, 500_000)
		for _, size := range []int{large / 10, large} {
			document := []byte(h.write(size))
			b.Run(fmt.Sprintf("%s/%d", h.name, size), func(b *testing.B) {
				benchmarkDocument(b, document)
			})
		}
	}
}

// TestMemoryGrowsWithSize holds that a document four times as large needs about
// four times the memory. If the work grew with the square it would need sixteen.
func TestMemoryGrowsWithSize(t *testing.T) {
	allocated := func(document string) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		parse(t, "hostile.md", document).Messages()
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	most := longtest.Rounds(6_000, 20_000)
	for _, h := range hostile {
		size := accepted(h, most)
		var small, large uint64
		for range 3 { // what libraries keep for the next time they may have to make anew in any try
			small, large = allocated(h.write(size/4)), allocated(h.write(size))
			if large <= 8*small {
				break
			}
		}
		if large > 8*small {
			t.Errorf("%s: %d bytes of memory for %d bytes, %d for %d", h.name, small, size/4, large, size)
		}
	}
}

// BenchmarkGrowth shows that time grows with size and no faster: the time for a
// byte stays level from a hundredth of the largest document to that document.
func BenchmarkGrowth(b *testing.B) {
	for _, name := range []string{"one paragraph of words", "right to left", "emoji sequences", "one grapheme", "list", "open quotes", "open tags", "scripts and styles"} {
		for _, h := range hostile {
			if h.name != name {
				continue
			}
			large := accepted(h, largeDocument)
			for _, size := range []int{large / 100, large / 10, large} {
				document := []byte(h.write(size))
				b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) {
					benchmarkDocument(b, document)
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(document)), "ns/byte")
				})
			}
		}
	}
}

func benchmarkDocument(b *testing.B, data []byte) {
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		issue, err := document.Parse("document.md", data)
		if err != nil {
			b.Fatal(err)
		}
		if len(issue.Messages()) == 0 {
			b.Fatal("no messages")
		}
	}
}
