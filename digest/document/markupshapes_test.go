package document_test

import (
	"fmt"
	"strings"
)

// markupShapes are hostile documents with the syntax of the usual extensions of Markdown.
var markupShapes = []shape{
	{"open tags of Liquid", func(n int) string { return repeat("{% a\n", n) }},
	{"open tags of Liquid in lines", func(n int) string { return repeat("{% a %} b\n", n) }},
	{"open shortcodes", func(n int) string { return repeat("{{< a\n", n) }},
	{"shortcodes", func(n int) string { return repeat("{{< youtube a >}}\n", n) }},
	{"shortcodes with parameters", func(n int) string { return repeat("{{% a b=\"c\" d e=f %}}\n", n) }},
	{"shortcodes around texts", func(n int) string { return repeat("{{% a \"b c\" %}}\nd\n{{% /a %}}\n", n) }},
	{"shortcodes with many names", func(n int) string {
		var out strings.Builder
		for i := 0; out.Len() < n; i++ {
			fmt.Fprintf(&out, "{{< a%d >}}\n", i)
		}
		return out.String()
	}},
	{"open comments of MDX", func(n int) string { return repeat("{/* a\n", n) }},
	{"open comments of kramdown", func(n int) string { return repeat("{::comment} a\n", n) }},
	{"open raw text", func(n int) string { return repeat("{% raw %} a\n", n) }},
	{"open code of Jekyll", func(n int) string { return repeat("{% highlight a %} b\n", n) }},
	{"code of Jekyll", func(n int) string { return repeat("{% highlight a %}\nb\n{% endhighlight %}\n", n) }},
	{"open code spans", func(n int) string { return repeat("``a ` ", n) }},
	{"open formulas", func(n int) string { return "x " + repeat("$$ $a ", n) }},
	{"formulas", func(n int) string { return repeat("$a_b$ ", n) }},
	{"formulas in blocks", func(n int) string { return repeat("$$\na\n", n) }},
	{"components", func(n int) string { return repeat("<Aa/>\n", n) }},
	{"components with titles", func(n int) string { return repeat("<Aa title=\"b\">c</Aa>\n", n) }},
	{"open components", func(n int) string { return repeat("<Aa a=\"b\n", n) }},
	{"open components with braces", func(n int) string { return repeat("<Aa a={b \" ", n) }},
	{"components as links", func(n int) string { return repeat("<Aa href=\"/b\">c</Aa> ", n) }},
	{"imports", func(n int) string { return repeat("import {\n\n", n) }},
	{"exports", func(n int) string { return repeat("export default {\n\n", n) }},
	{"attribute lists of links", func(n int) string { return repeat("[a](b){: .c d=e} ", n) }},
	{"open attribute lists", func(n int) string { return repeat("[a](b){: .c ", n) }},
	{"addresses with spaces", func(n int) string { return repeat("[a](/b c ", n) }},
	{"marked words", func(n int) string { return repeat("==a== ++bb++ ||c|| ", n) }},
	{"marks that do not match", func(n int) string { return repeat("==a ++bb ||c ", n) }},
	{"boxes", func(n int) string { return repeat("!!! note\n    a\n\n", n) }},
	{"open boxes", func(n int) string { return repeat("::: note\n", n) }},
	{"boxes in boxes", func(n int) string { return nest("", "::: note\n", "a\n", ":::\n", "", n) }},
	{"boxes deeper and deeper", func(n int) string { return staircase(n, "!!! note") }},
	{"boxes of quotations", func(n int) string { return repeat("> [!NOTE]\n> a\n\n", n) }},
	{"raised text", func(n int) string { return repeat("a^b^ c~d~ ", n) }},
	{"open raised text", func(n int) string { return repeat("a^b ", n) }},
	{"raised elements", func(n int) string { return repeat("1<sup>2</sup>", n) }},
	{"bullets indented by one space", func(n int) string { return repeat("- [a](b)\n - c\n", n) }},
	{"bullets indented below a number", func(n int) string { return "123456789. a\n" + repeat(" - b\n", n) }},
	{"indented bullets apart from a number", func(n int) string { return repeat("1. a\n\n - b\n", n) }},
	{"notes in text", func(n int) string { return repeat("a^[b] ", n) }},
	{"open notes in text", func(n int) string { return repeat("a^[b ", n) }},
	{"wiki links", func(n int) string { return repeat("[[a|b]] ", n) }},
	{"open wiki links", func(n int) string { return repeat("[[a|", n) }},
	{"links without text", func(n int) string { return repeat("[](https://a.example/b) ", n) }},
	{"types", func(n int) string { return repeat("A<B> ", n) }},
	{"definitions of terms", func(n int) string { return repeat("a\n: b\n\n", n) }},
	{"definitions of many lines", func(n int) string { return repeat("a\n", n) + ": b\n" }},
	{"definitions deeper and deeper", func(n int) string { return staircase(n, ": a") }},
	{"names of emoji", func(n int) string { return repeat(":tada:", n) }},
	{"colons of emoji", func(n int) string { return repeat(":aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", n) }},
	{"line breaks of kramdown", func(n int) string { return repeat("a\\\\\n", n) }},
	{"contents", func(n int) string { return repeat("* a\n{:toc}\n", n) }},
	{"asterisks between ideographs", func(n int) string { return repeat("一**（二**", n) }},
}
