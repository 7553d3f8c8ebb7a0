package document_test

import (
	"fmt"
	"strings"
)

// nest opens a construct as often as size has room for, and closes it as often.
func nest(before, open, inside, shut, after string, size int) string {
	n := max((size-len(before+inside+after))/len(open+shut), 1)
	return before + strings.Repeat(open, n) + inside + strings.Repeat(shut, n) + after
}

func rss(item func(int) string) func(int) string {
	return func(n int) string {
		return `<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>` + item(n) + `</channel></rss>`
	}
}

// extremes are more hostile documents: every construct of a format, repeated and
// nested.
var extremes = []shape{
	// TOML
	{"toml inline tables", func(n int) string { return nest("+++\nx=", "{a=", "1", "}", "\n+++\nx", n) }},
	{"toml arrays", func(n int) string { return "+++\nx=" + repeat("[", n) + "\n+++\nx" }},
	{"toml dotted keys", func(n int) string { return "+++\n" + repeat("a.", n) + "b=1\n+++\nx" }},
	{"toml short dotted keys", func(n int) string { return "+++\n" + counted("a%d.a.a.a.a.a.a=1\n", n) + "+++\nx" }},
	{"toml tables", func(n int) string { return "+++\n" + counted("[%d]\n", n) + "+++\nx" }},
	{"toml string", func(n int) string { return "+++\nx=\"\"\"" + repeat("[{", n) + "\"\"\"\n+++\nx" }},
	// YAML
	{"yaml lists", func(n int) string { return "---\nx: " + repeat("[", n) + "\n---\nx" }},
	{"yaml maps", func(n int) string { return nest("---\nx: ", "{a: ", "1", "}", "\n---\nx", n) }},
	{"yaml dashes", func(n int) string { return "---\nx:\n  " + repeat("- ", n) + "x\n---\nx" }},
	{"yaml questions", func(n int) string { return "---\nx: y\n" + repeat("? ", n) + "x\n---\nx" }},
	{"yaml aliases", func(n int) string { return "---\na: &a x\n" + counted("b%d: [*a,*a,*a]\n", n) + "---\nx" }},
	{"yaml anchors", func(n int) string { return "---\nx:\n" + repeat(" - &a [*a]\n", n) + "---\nx" }},
	{"yaml merges", func(n int) string { return "---\na: &a {b: c}\nx:\n" + repeat("  <<: *a\n", n) + "---\nx" }},
	// Pelican
	{"pelican continued", func(n int) string { return "Title: x\n" + repeat(" a\n", n) + "\nx" }},
	// Markdown
	{"wide table", func(n int) string {
		return repeat("| a ", n/3) + "|\n" + repeat("|---", n/3) + "|\n" + repeat("| b ", n/3) + "|\n"
	}},
	{"empty cells", func(n int) string { return "|a|b|\n|-|-|\n" + repeat("||||||||||||||||\n", n) }},
	{"rows of a wide table", func(n int) string { return repeat("|a", 1000) + "|\n" + repeat("|-", 1000) + "|\n" + repeat("|\n", n) }},
	{"tables", func(n int) string { return repeat("|a|\n|-|\n|b|\n\n", n) }},
	{"headings only", func(n int) string { return repeat("# a\n", n) }},
	{"empty headings", func(n int) string { return repeat("#\n", n) }},
	{"underlined headings", func(n int) string { return repeat("a\n-\n", n) }},
	{"brackets", func(n int) string { return repeat("[]", n) }},
	{"nested brackets", func(n int) string { return nest("", "[", "a", "]", "(https://a.example)", n) }},
	{"links in links", func(n int) string { return nest("", "[", "a", "](https://a.example)", "", n) }},
	{"pictures in pictures", func(n int) string { return nest("", "![", "a", "](https://a.example)", "", n) }},
	{"links around blocks", func(n int) string { return repeat("[\n\n![](b)\n\na\n\n](https://a.example)\n", n) }},
	{"links around blocks that stay open", func(n int) string { return repeat("[\n\n", n) }},
	{"underscores", func(n int) string { return repeat("_", n) }},
	{"underscored letters", func(n int) string { return repeat("_a", n) }},
	{"stars", func(n int) string { return repeat("*", n) + "a" }},
	{"starred letters", func(n int) string { return repeat("*a* ", n) }},
	{"stars and underscores", func(n int) string { return repeat("*_", n) + "a" }},
	{"nested emphasis", func(n int) string { return nest("", "*a _b ", "x", " b_ a*", "", n) }},
	{"strikes", func(n int) string { return repeat("~~a ", n) }},
	{"code spans", func(n int) string { return repeat("`a` ", n) }},
	{"growing code marks", func(n int) string { return growing("`", n) }},
	{"rules", func(n int) string { return repeat("---\n\n", n) }},
	{"fences", func(n int) string { return repeat("```\n", n) }},
	{"fenced blocks", func(n int) string { return repeat("```a\nb\n```\n", n) }},
	{"fences of tildes", func(n int) string { return "~~~\n" + repeat("\n", n) }},
	{"indented code", func(n int) string { return repeat("    a\n\nb\n\n", n) }},
	{"quotes", func(n int) string { return repeat("> a\n\n", n) }},
	{"quotes with lazy lines", func(n int) string { return ">>>>>>>>>>>>>>>> a\n" + repeat("a\n", n) }},
	{"quotes and lists", func(n int) string { return repeat("> - > - > - > - a\n", n) }},
	{"numbered list", func(n int) string { return repeat("1. a\n", n) }},
	{"numbers in numbers", func(n int) string { return repeat("1. ", n) + "a" }},
	{"numbers in a quotation", func(n int) string { return repeat("> 1. ", n) + "a" }},
	{"loose list", func(n int) string { return repeat("- a\n\n", n) }},
	{"alternating marks", func(n int) string { return repeat("- a\n+ b\n* c\n", n) }},
	{"empty entries", func(n int) string { return repeat("-\n", n) }},
	{"lists of lists", func(n int) string { return repeat("- - - - - - - - a\n", n) }},
	{"tasks", func(n int) string { return repeat("- [ ] a\n", n) }},
	{"paragraphs", func(n int) string { return repeat("a\n\n", n) }},
	{"lines of letters", func(n int) string { return repeat("a\n", n) }},
	{"hard breaks", func(n int) string { return repeat("a  \n", n) }},
	{"backslashes", func(n int) string { return repeat("\\", n) }},
	{"escapes", func(n int) string { return repeat("\\*", n) }},
	{"backslash breaks", func(n int) string { return repeat("a\\\n", n) }},
	{"entities in Markdown", func(n int) string { return repeat("&amp;", n) }},
	{"numbered entities", func(n int) string { return repeat("&#42;", n) }},
	{"ampersands", func(n int) string { return repeat("&", n) }},
	{"less", func(n int) string { return repeat("<", n) }},
	{"autolinks", func(n int) string { return repeat("<a:b> ", n) }},
	{"mail links", func(n int) string { return repeat("<a@b.c> ", n) }},
	{"bare addresses", func(n int) string { return repeat("http://a.b ", n) }},
	{"brackets after an address", func(n int) string { return "http://a.b/" + repeat(")", n) }},
	{"colons and slashes", func(n int) string { return repeat("://", n) }},
	{"commands", func(n int) string { return repeat("/a ", n) }},
	{"slashes", func(n int) string { return repeat("/", n) }},
	{"tildes after commands", func(n int) string { return repeat("~/a.", n) }},
	{"mentions", func(n int) string { return repeat("@abcde #abc a@b.cd ", n) }},
	{"different definitions", func(n int) string { return counted("[%d]: b\n", n) }},
	{"different footnotes", func(n int) string { return counted("x[^%d]\n\n[^%[1]d]: y\n\n", n) }},
	{"footnotes in footnotes", func(n int) string { return counted("[^%d]: y[^%[1]d]\n", n) }},
	{"footnote in itself", func(n int) string { return "[^a]\n\n[^a]: " + repeat("[^a]", n) }},
	{"footnote lines", func(n int) string { return "[^a]\n\n[^a]: x\n" + repeat("    y\n\n", n) }},
	{"definition over lines", func(n int) string { return "[a]: b '" + repeat("c\n", n) }},
	{"definition of brackets", func(n int) string { return repeat("[a]: <", n) }},
	{"heading attributes", func(n int) string { return "# a {" + repeat("b=c ", n) + "}\n" }},
	{"open attributes", func(n int) string { return "# a " + repeat("{b ", n) + "\n" }},
	{"braces", func(n int) string { return repeat("{", n) }},
	{"template outputs", func(n int) string { return repeat("{{a}}", n) }},
	{"kramdown", func(n int) string { return repeat("{: a }\n", n) }},
	{"tabs", func(n int) string { return repeat("\t", n) + "a" }},
	{"tabs and dashes", func(n int) string { return repeat("-\t", n) }},
	{"spaces", func(n int) string { return repeat(" ", n) + "a" }},
	{"lines of spaces", func(n int) string { return "a" + repeat("        \n", n) + "b" }},
	{"bold titles", func(n int) string { return repeat("**a**\n\nb\n\n", n) }},
	{"brackets of titles", func(n int) string { return repeat("【a】b\n\n", n) }},
	{"Chinese numbers", func(n int) string { return repeat("一、a\n\n", n) }},
	{"numbers", func(n int) string { return counted("%d、a\n\n", n) }},
	{"digits", func(n int) string { return repeat("1", n) }},
	{"emoji headings", func(n int) string { return repeat("## 👩🏽‍💻 a\n\nb\n\n", n) }},
	{"empty links", func(n int) string { return repeat("[](https://a.example/)", n) }},
	{"references to a long address", func(n int) string {
		return "[b]: https://a.example/" + repeat("c", n/2) + "\n\n" + repeat("[b] ", n/2)
	}},
	{"references with a long title", func(n int) string { return "[b]: c '" + repeat("d", n/2) + "'\n\n" + repeat("[b] ", n/2) }},
	{"title of a link", func(n int) string { return repeat("[a](b \"c\") ", n) }},
	// HTML in Markdown and HTML
	{"inline tags", func(n int) string { return "x " + repeat("<b>a</b>", n) }},
	{"line breaks", func(n int) string { return "<p>" + repeat("a<br>", n) }},
	{"unclosed paragraphs", func(n int) string { return repeat("<p>a", n) }},
	{"ends without starts", func(n int) string { return "<p>a" + repeat("</p>", n) }},
	{"unclosed entries", func(n int) string { return "<ul>" + repeat("<li>a", n) }},
	{"unclosed headings", func(n int) string { return repeat("<h2>a", n) }},
	{"styles before paragraphs", func(n int) string { return styles(400) + repeat("<p>a", n) }},
	{"styles closed by paragraphs", func(n int) string { return "<p>" + styles(100) + repeat("</p><p>a", n) }},
	{"styles with attributes", func(n int) string {
		return "<p><b " + counted("a%d ", n/8) + ">" + repeat("</p><p>a", n)
	}},
	{"styles in tables", func(n int) string { return "<table>" + repeat("<b><tr><td>a", n) }},
	{"misnested styles", func(n int) string { return "<p>" + repeat("<b><i><p>a</b></i>", n) }},
	{"misnested links", func(n int) string { return "<p>" + repeat("<a href=x><div>a", n) }},
	{"attributes", func(n int) string { return "<p " + repeat("a ", n) + ">x" }},
	{"counted attributes", func(n int) string { return "<p>" + strings.Repeat("<b "+counted("a%d ", n/4)+">", 4) + "x" }},
	{"attributes of the page", func(n int) string { return "<html>" + counted("<html a%d=b>", n) + "x" }},
	{"empty attributes", func(n int) string { return repeat("<p a='' b='' c=''>", n) }},
	{"text in a table", func(n int) string { return "<table>" + repeat("a<tr>", n) }},
	{"tables in tables", func(n int) string { return nest("", "<table><tr><td>", "a", "</td></tr></table>", "", n) }},
	{"tables in lists", func(n int) string { return nest("", "<ul><li><table><tr><td>", "a", "</table></ul>", "", n) }},
	{"hundred tables in tables", func(n int) string {
		return strings.Repeat("<table><tr><td>", 100) + repeat("<p>a</p>", n)
	}},
	{"hundred lists in lists", func(n int) string { return strings.Repeat("<ul><li>", 100) + repeat("<p>a</p>", n) }},
	{"hundred quotations", func(n int) string { return strings.Repeat("<blockquote>", 200) + repeat("<p>a</p>", n) }},
	{"hundred headings", func(n int) string { return strings.Repeat("<div><h2>", 100) + repeat("<p>a</p>", n) }},
	{"cells", func(n int) string { return "<table>" + repeat("<tr><td>a<td>b", n) }},
	{"templates", func(n int) string { return repeat("<template>", n) }},
	{"options", func(n int) string { return "<select>" + repeat("<option>", n) }},
	{"frames", func(n int) string { return repeat("<frameset>", n) }},
	{"foreign elements", func(n int) string { return repeat("<svg><math>", n) }},
	{"foreign elements closed", func(n int) string { return repeat("<svg><a/></svg>", n) }},
	{"comments", func(n int) string { return "<p>x" + repeat("<!---->", n) }},
	{"broken comments", func(n int) string { return "<p>x" + repeat("<!-- --!-- ", n) }},
	{"plain text", func(n int) string { return "<plaintext>" + repeat("<p>", n) }},
	{"raw text", func(n int) string { return repeat("<textarea><title><style>", n) }},
	{"long tag name", func(n int) string { return "<p><" + repeat("a", n) + ">" }},
	{"definitions lists", func(n int) string { return "<dl>" + repeat("<dt>a<dd>b", n) }},
	{"details", func(n int) string { return nest("", "<details><summary>a</summary>", "b", "</details>", "", n) }},
	{"figures", func(n int) string {
		return repeat("<figure><img src=https://a.example/p.png><figcaption>a</figcaption></figure>", n)
	}},
	{"pictures in HTML", func(n int) string { return "<p>" + repeat("<img src=https://a.example/p.png alt=a>", n) }},
	{"superscripts", func(n int) string { return "<p>" + repeat("<sup><a href=#a>1</a></sup>", n) }},
	{"nested superscripts", func(n int) string { return nest("<p>", "<sup>", "a", "</sup>", "", n) }},
	{"spans with styles", func(n int) string {
		return "<p>" + repeat("<span style=\"font-weight: bold\">a</span>", n)
	}},
	{"meta", func(n int) string { return "<html><head>" + counted("<meta name=a%d content=b>", n) + "<body>x" }},
	{"times", func(n int) string { return "<p>" + repeat("<time datetime=2020-01-01>", n) }},
	{"articles", func(n int) string { return repeat("<article>a</article>", n) }},
	{"asides", func(n int) string { return repeat("<aside>a</aside>", n) + "<p>b" }},
	{"asides in asides", func(n int) string { return nest("", "<aside>", "a", "</aside>", "<p>b", n) }},
	{"address with long path", func(n int) string { return "<p><a href=https://a.example/" + repeat("a", n) + ">b</a>" }},
	{"relative addresses", func(n int) string { return "<base href=https://a.example/><p>" + repeat("<a href=../a>b</a>", n) }},
	{"long base", func(n int) string {
		return "<base href=https://a.example/" + repeat("a/", n/2) + "><p>" + repeat("<a href=a>b</a>", n/2)
	}},
	{"one cell of many", func(n int) string { return "<table><tr>" + strings.Repeat("<td>a", 30) + repeat("<tr><td>", n) }},
	{"permalinks", func(n int) string { return "<h2>a" + repeat("<a class=anchor href=#a></a>", n) + "</h2>" }},
	{"edit links", func(n int) string { return "<h2>" + repeat("<span class=mw-editsection>[a]</span>", n) + "a</h2>" }},
	{"buttons", func(n int) string { return repeat("<p><a class=btn href=https://a.example>a</a>", n) }},
	{"entries of contents", func(n int) string { return repeat("<p><a href=#a>a</a>", n) }},
	{"pictures above titles", func(n int) string { return "<h1>a</h1>" + repeat("<img src=//a.example/p.png><h2>a</h2>b", n) }},
	{"pictures with links", func(n int) string {
		return repeat("<a href=https://a.example><img src=//a.example/p.png></a>", n) + "<h2><a href=https://a.example>a</a></h2>b"
	}},
	{"players", func(n int) string {
		return counted("<iframe src=https://youtu.be/embed/%d></iframe><iframe src=https://www.youtube.com/embed/%[1]d></iframe>", n)
	}},
	{"sidebars in sidebars", func(n int) string { return nest("", "<div class=sidebar>", "a", "</div>", "<p>b", n) }},
	{"sidebars", func(n int) string { return repeat("<div class=sidebar>a</div>", n) + "<p>b" }},
	{"open shortcodes", func(n int) string { return "<p>" + repeat("[a b=\"", n) }},
	{"shortcodes", func(n int) string { return "<p>" + repeat("[a b=\"c\"]d[/a]", n) }},
	{"merge tags", func(n int) string { return "<p>" + repeat("*|AB|* {{ unsubscribe }} %%a%% [[UNSUB]]", n) }},
	{"open merge tags", func(n int) string { return "<p>" + repeat("*|AB {{ subscri %%a <% asm_", n) }},
	{"lines about a mail", func(n int) string { return "<p>a<p>" + repeat("unsubscribe<br>", n) }},
	{"paragraphs about a mail", func(n int) string { return "<p>a" + repeat("<p>unsubscribe", n) }},
	{"menus", func(n int) string { return "<p>a<p>" + repeat("home | twitter | ", n) }},
	{"characters without width", func(n int) string { return "<p>a" + repeat("\u200c ", n) }},
	{"Markdown behind tags", func(n int) string { return "<div>" + repeat("[a](b) ![c](d) **e** ", n) }},
	{"open Markdown behind tags", func(n int) string { return "<div>" + repeat("[a](b ![c](( **e ", n) }},
	{"lines of Markdown behind tags", func(n int) string { return repeat("<div>[a](b)\n", n) }},
	{"numbers of issues", func(n int) string { return repeat("<h2>Issue 1, 2026</h2>a", n) }},
	// RSS, Atom
	{"rss items", rss(func(n int) string { return repeat("<item><title>a</title></item>", n) })},
	{"rss empty items", rss(func(n int) string { return repeat("<item/>", n) })},
	{"rss text", rss(func(n int) string {
		return "<item><description>" + repeat("&lt;p&gt;words and words&lt;/p&gt;", n) + "</description></item>"
	})},
	{"rss plain text", rss(func(n int) string {
		return "<item><description>" + repeat("words and words ", n) + "</description></item>"
	})},
	{"rss tags in text", rss(func(n int) string {
		return "<item><description><![CDATA[" + repeat("<p>", n) + "]]></description></item>"
	})},
	{"rss styles before paragraphs", rss(func(n int) string {
		return "<item><description><![CDATA[" + styles(400) + repeat("<p>a", n) + "]]></description></item>"
	})},
	{"rss brackets in text", rss(func(n int) string { return "<item><description>" + repeat("&lt;", n) + "</description></item>" })},
	{"rss characters by number", rss(func(n int) string { return "<item><description>" + repeat("&#60;p&#62;", n) + "</description></item>" })},
	{"rss sections of characters", rss(func(n int) string { return "<item><description>" + repeat("<![CDATA[]]>", n) + "</description></item>" })},
	{"rss escaped twice", rss(func(n int) string {
		return "<item><description>&lt;p&gt;" + repeat("a&amp;amp;nbsp;&amp;amp;amp;amp;", n) + "</description></item>"
	})},
	{"rss open code", rss(func(n int) string {
		return "<item><description>&amp;amp;" + repeat("&lt;code&gt;&lt;pre ", n) + "</description></item>"
	})},
	{"rss open elements", rss(func(n int) string { return repeat("<a>", n) })},
	{"rss nested elements", rss(func(n int) string { return nest("<item>", "<a>", "b", "</a>", "</item>", n) })},
	{"rss nested extensions", rss(func(n int) string { return nest("<item xmlns:x='u'>", "<x:a>", "b", "</x:a>", "</item>", n) })},
	{"rss extensions", rss(func(n int) string { return "<item xmlns:x='u'>" + repeat("<x:a/>", n) + "</item>" })},
	{"rss extensions with text", rss(func(n int) string { return "<item xmlns:x='u'><x:a>" + repeat("<x:b/>c", n) + "</x:a></item>" })},
	{"rss attributes", rss(func(n int) string { return "<item xmlns:x='u'><x:a " + counted("a%d='' ", n) + "/></item>" })},
	{"rss name spaces", rss(func(n int) string {
		return "<item " + counted("xmlns:a%d='u' ", n/2) + ">" + repeat("<a1:b/>", n/2) + "</item>"
	})},
	{"rss name spaces nested", rss(func(n int) string { return nest("<item>", "<a xmlns:b='u'>", "c", "</a>", "</item>", n) })},
	{"rss bases nested", rss(func(n int) string { return nest("<item>", "<a xml:base='b/'>", "c", "</a>", "</item>", n) })},
	{"rss base and addresses", rss(func(n int) string {
		return "<item xml:base='https://a.example/" + repeat("a/", n/2) + "'>" + repeat("<x href='b'/>", n/2) + "</item>"
	})},
	{"rss categories", rss(func(n int) string { return "<item>" + repeat("<category>a</category>", n) + "</item>" })},
	{"rss enclosures", rss(func(n int) string { return "<item>" + repeat("<enclosure/>", n) + "</item>" })},
	{"rss comments", rss(func(n int) string { return repeat("<!-- -->", n) + "<item><title>a</title></item>" })},
	{"rss instructions", rss(func(n int) string { return repeat("<?a?>", n) + "<item><title>a</title></item>" })},
	{"rss entities", func(n int) string {
		return `<?xml version="1.0"?><!DOCTYPE a [` + counted("<!ENTITY a%d 'b'>", n) + `]><rss version="2.0"><channel><item><title>a</title></item></channel></rss>`
	}},
	{"atom entries", func(n int) string {
		return `<feed xmlns="http://www.w3.org/2005/Atom">` + repeat("<entry><title>a</title></entry>", n) + `</feed>`
	}},
	{"atom pages", func(n int) string {
		return `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/"><entry><content type="xhtml">` + repeat("<p>a</p>", n) + `</content></entry></feed>`
	}},
	{"atom nested page", func(n int) string {
		return nest(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="xhtml">`, "<div>", "a", "</div>", `</content></entry></feed>`, n)
	}},
	{"atom styles", func(n int) string {
		return `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/"><entry><content type="html"><![CDATA[` + styles(400) + repeat("<p>a", n) + `]]></content></entry></feed>`
	}},
	{"atom links", func(n int) string {
		return `<feed xmlns="http://www.w3.org/2005/Atom"><entry>` + repeat("<link href='a'/>", n) + `</entry></feed>`
	}},
	{"atom authors", func(n int) string {
		return `<feed xmlns="http://www.w3.org/2005/Atom"><entry>` + repeat("<author><name>a</name></author>", n) + `</entry></feed>`
	}},
	// JSON Feed
	{"json items", func(n int) string {
		return `{"version":"https://jsonfeed.org/version/1.1","items":[` + repeat(`{"id":"a"},`, n) + `{}]}`
	}},
	{"json empty items", func(n int) string {
		return `{"version":"https://jsonfeed.org/version/1.1","items":[` + repeat(`{},`, n) + `{}]}`
	}},
	{"json arrays", func(n int) string {
		return nest(`{"version":"https://jsonfeed.org/version/1.1","x":`, "[", "", "]", "}", n)
	}},
	{"json objects", func(n int) string {
		return nest(`{"version":"https://jsonfeed.org/version/1.1","x":`, `{"a":`, "1", "}", "}", n)
	}},
	{"json tags", func(n int) string {
		return `{"version":"https://jsonfeed.org/version/1.1","items":[{"tags":[` + repeat(`"",`, n) + `""]}]}`
	}},
	{"json text", func(n int) string {
		return `{"version":"https://jsonfeed.org/version/1.1","items":[{"content_html":"` + repeat(`<p>`, n) + `"}]}`
	}},
	{"json escaped text", func(n int) string {
		return `{"version":"https://jsonfeed.org/version/1.1","items":[{"content_html":"` + repeat(`\u003cp>`, n) + `"}]}`
	}},
	{"json attachments", func(n int) string {
		return `{"version":"https://jsonfeed.org/version/1.1","items":[{"attachments":[` + repeat(`{},`, n) + `{}]}]}`
	}},
	{"json unclosed", func(n int) string { return `{"version":"https://jsonfeed.org/version/1.1","items":` + repeat("[", n) }},
	// Encodings
	{"wide characters", func(n int) string { return "\xff\xfe" + repeat("|\x00", n) }},
	{"Latin page", func(n int) string { return "<meta charset=latin1><p>" + repeat("\xe9", n) }},
	{"carriage returns", func(n int) string { return "a" + repeat("\r", n) + "b" }},
	{"broken UTF-16", func(n int) string { return "\xff\xfe" + repeat("\x00\xd8", n) }},
}

// counted repeats a format with a number that counts up.
func counted(format string, size int) string {
	var out strings.Builder
	for i := 0; out.Len() < size; i++ {
		fmt.Fprintf(&out, format, i)
	}
	return out.String()
}

func growing(mark string, size int) string {
	var out strings.Builder
	for i := 1; out.Len() < size; i++ {
		out.WriteString(strings.Repeat(mark, i) + "a ")
	}
	return out.String()
}

// styles returns elements whose style reaches into the paragraphs after them.
func styles(n int) string {
	var out strings.Builder
	for i := range n {
		fmt.Fprintf(&out, "<font a%d>", i)
	}
	return out.String()
}
