package document_test

import "testing"

func TestTemplates(t *testing.T) {
	checkMarkup(t, []markup{
		{"Liquid", "Hello {% if x %}dear {{ page.name }}{% endif %} reader.", "Hello dear reader."},
		{"greeting in Liquid", "Dear {{ user.name }},\n\n{{ name }}, welcome.", "Dear,\n\nwelcome."},
		{"greeting of Mailchimp", "Kære *|FNAME|*,\n\n*|FNAME|*, velkommen *hjem*.", "Kære,\n\nvelkommen <i>hjem</i>."},
		{"greeting of Mailjet", "Hi [[FIRST_NAME]], hello.", "Hi, hello."},
		{"emphasis around signs", "So *|a|* and *|b|*.", "So <i>|a|</i> and <i>|b|</i>."},
		{"Liquid with a percent sign", "Hello {% x \"50%\" %}reader.", "Hello reader."},
		{"Liquid comment", "Hello {% comment %} not\n\nthis {% endcomment %}reader.", "Hello reader."},
		{"Liquid over lines", "Hello reader.\n\n{% include x.html\n  text=\"a\"\n%}\n\nBye.", "Hello reader.\n\nBye."},
		{"Liquid that is kept", "Write {% raw %}{{ page.name }}{% endraw %} here.", "Write {{ page.name }} here."},
		{"Liquid that does not end", "Hello {% reader and {{ friends.", "Hello {% reader and {{ friends."},
		{"code of Jekyll", "Write:\n\n{% highlight ruby linenos %}\nputs '{{ x }}' # *a*\n{% endhighlight %}\n\nBye.",
			"Write:\n\n<pre><code class=\"language-ruby\">puts '{{ x }}' # *a*</code></pre>\n\nBye."},
		{"code of Hugo", "Write:\n{{< highlight go \"linenos=table\" >}}\nx := `a`\n{{< /highlight >}}\nBye.",
			"Write:\n\n<pre><code class=\"language-go\">x := `a`</code></pre>\n\nBye."},
		{"code within a line", "Write {% highlight go %}x := *y{% endhighlight %} here.", "Write <code>x := *y</code> here."},
		{"shortcode around text", "{{% notice tip %}}\nTake *boots*.\n{{% /notice %}}", "Take <i>boots</i>."},
		{"shortcode that shows a film", "See {{< youtube w7Ft2ymGmfc >}} now.", "See <a href=\"https://youtu.be/w7Ft2ymGmfc\">▶ youtu.be</a> now."},
		{"film with a title", "See {{< youtube id=\"w7Ft2ymGmfc\" title=\"Lamp & boat\" >}} now.", "See <a href=\"https://youtu.be/w7Ft2ymGmfc\">▶ Lamp &amp; boat</a> now."},
		{"film of its own", "See it:\n\n{{< youtube w7Ft2ymGmfc >}}\n\nBye.", "See it:\n<a href=\"https://youtu.be/w7Ft2ymGmfc\">▶ youtu.be</a>\n\nBye."},
		{"film in an include", "See {% include video id=\"w7Ft2ymGmfc\" provider=\"youtube\" %} now.", "See <a href=\"https://youtu.be/w7Ft2ymGmfc\">▶ youtu.be</a> now."},
		{"post", "See {{< tweet user=\"lamp\" id=\"1453110110599868418\" >}} now.", "See <a href=\"https://twitter.com/lamp/status/1453110110599868418\">▶ twitter.com</a> now."},
		{"post without names", "See {{< tweet lamp 1453110110599868418 >}} now.", "See <a href=\"https://twitter.com/lamp/status/1453110110599868418\">▶ twitter.com</a> now."},
		{"gist", "See {% gist lamp/7896402a %} now.", "See <a href=\"https://gist.github.com/lamp/7896402a\">▶ gist.github.com</a> now."},
		{"embedded address", "See {% embed https://a.example/x %} now.", "See <a href=\"https://a.example/x\">a.example/x</a> now."},
		{"picture", "See this:\n\n{{< figure src=\"https://a.example/l.png\" caption=\"A lamp\" >}}\n\nBye.", "See this:\n\n<a href=\"https://a.example/l.png\">🖼 A lamp</a>\n\nBye."},
		{"box of parameters", "See:\n\n{% include event.html\n  title=\"Night of the lamps\"\n  when=\"May 4, 2026\"\n  class=\"wide dark\"\n  links=\"[Come](https://a.example/x)\"\n%}\n\nBye.",
			"See:\n\n<b>Night of the lamps</b>\nMay 4, 2026\n<a href=\"https://a.example/x\">Come</a>\n\nBye."},
		{"heading of a box", "See:\n\n{{< notice tip \"Take care\" >}}\nMind the *frost*.\n\nIt comes.\n{{< /notice >}}", "See:\n\n<b>Take care</b>\nMind the <i>frost</i>.\n\nIt comes."},
		{"parameters for machines", "See:\n\n{{< gallery match=\"images/*\" style=\"color: dark red\" order=\"desc\" >}}\n\n{% assign x = \"a lamp\" %}\n\nBye.", "See:\n\nBye."},
		{"tags around entries", "{{% news %}}\nA boat *sails*.\n{{% /news %}}\n\n{{% news %}}\nA [rope](https://a.example/x) holds.\n{{% /news %}}", "• A boat <i>sails</i>.\n• A <a href=\"https://a.example/x\">rope</a> holds."},
		{"tags with titles around entries", "{{% event \"May 4 – 16:00 UTC\" %}}\nThe lamp is lit.\n{{% /event %}}\n\n{{% event \"May 8 – 16:00 UTC\" %}}\nThe ferry leaves.\n{{% /event %}}", "<b>May 4 – 16:00 UTC</b>\nThe lamp is lit.\n\n<b>May 8 – 16:00 UTC</b>\nThe ferry leaves."},
		{"tag with an address around a text", "See {{< button href=\"https://a.example/x\" >}}the lamp{{< /button >}} now.", "See <a href=\"https://a.example/x\">the lamp</a> now."},
		{"shortcode that is shown", "Write {{</* youtube x */>}} here.", "Write {{&lt; youtube x &gt;}} here."},
		{"shortcode in an address", "See [here]({{< ref \"x.md\" >}}) now.", "See here now."},
		{"tags of kramdown", "{::options toc_levels=\"1..2\" /}\n\nHello {::comment}not this{:/comment}reader.", "Hello reader."},
		{"in code", "Write `{% x %}` and `` {{ `y` }} `` here.\n\n```\n{{< z >}}\n```", "Write <code>{% x %}</code> and <code>{{ `y` }}</code> here.\n\n<pre>{{&lt; z &gt;}}</pre>"},
		{"in code of a list", "- ```\n  {{ x }}\n  ```\n- Hello {{ y }}reader.", "<pre>{{ x }}</pre>\n\n<b>Hello reader.</b>"},
		{"in indented code", "Write this:\n\n    {{ x }}\n\nBye.", "Write this:\n\n<pre>{{ x }}</pre>\n\nBye."},
		{"not in an indented list", "- One\n\n    {{ x }}two", "<b>One</b>\ntwo"},
		{"escaped", `Write \{% x %} here.`, "Write {% x %} here."},
	})
}

// Below a front matter a text may be nearly all HTML, and still go through a site generator.
func TestHTMLOfGenerators(t *testing.T) {
	const text = "<h3>News</h3>\n\n<div>\n    <p>One <b>lamp</b>.</p>\n\n    <div>\n        <p>Two lamps.</p>\n    </div>\n</div>\n\n{{< support />}}\n\n<h3>Books</h3>\n\n<p>Sea.</p>\n\n![Sea](/sea.png)\n"
	issue := parse(t, "a.md", "---\ntitle: T\n---\n"+text)
	if got, want := shown(issue, "news"), "One <b>lamp</b>.\n\nTwo lamps."; got != want {
		t.Errorf("News is shown as\n%s, want\n%s", got, want)
	}
	if got, want := shown(issue, "books"), "Sea."; got != want {
		t.Errorf("Books is shown as\n%s, want\n%s", got, want)
	}
}

// Indented HTML goes on with the element that is open, and is code elsewhere.
func TestIndentedHTML(t *testing.T) {
	checkMarkup(t, []markup{
		{"in an element", "<div>\n\n    <p>One.</p>\n\n    <p>Two.</p>\n</div>\n\nBye.", "One.\n\nTwo.\n\nBye."},
		{"behind an element", "<div>One.</div>\n\nSo:\n\n    <p>Two.</p>", "One.\n\nSo:\n\n<pre>&lt;p&gt;Two.&lt;/p&gt;</pre>"},
	})
}

func TestContentsPlaceholder(t *testing.T) {
	for _, contents := range []string{"* TOC\n{:toc}\n", "1. This becomes the contents\n{: toc }\n"} {
		issue := parse(t, "a.md", "# T\n\nHello.\n\n"+contents+"\n## News\n\n- a\n\n## Books\n\n- b\n")
		if got, want := shown(issue, ""), "Hello.\n\n• News\n• Books"; got != want {
			t.Errorf("%q gives\n%s, want\n%s", contents, got, want)
		}
	}
}

func TestMDX(t *testing.T) {
	const before = "Hello reader.\n\n"
	checkMarkup(t, []markup{
		{"import", before + "import Lamp from \"../lamp.mdx\";\nimport {a, b} from 'c'\n\nBye.", "Hello reader.\n\nBye."},
		{"import over lines", before + "import {\n  a,\n  b,\n} from 'c';\n\nBye.", "Hello reader.\n\nBye."},
		{"export", before + "export const x = 1;\nexport const y = {\n  a: [1],\n};\n\nexport default Lamp;\n\nBye.", "Hello reader.\n\nBye."},
		{"comment", before + "{/* not\nthis */}\n\nBye{/* nor this */}.", "Hello reader.\n\nBye."},
		{"components", before + "<Lamp />\n\n<Tabs x={() => <a/>}>\n<Tab>\nThe *text*.\n</Tab>\n</Tabs>", "Hello reader.\n\nThe <i>text</i>."},
		{"component over lines", before + "<Lamp\n  colour=\"red\"\n  size={{ a: 1 }}\n/>\n\nBye.", "Hello reader.\n\nBye."},
		{"component within text", "The <Tip text=\"x\">lamp</Tip> is old.", "The lamp is old."},
		{"title of a component", before + "<Card title=\"Take care\">\nMind the *frost*.\n</Card>", "Hello reader.\n\n<b>Take care</b>\nMind the <i>frost</i>."},
		{"link", "See <Link to=\"https://a.example/\">the lamp</Link> now.", "See <a href=\"https://a.example/\">the lamp</a> now."},
		{"card with a link", "See <LinkCard href=\"https://a.example/\" title=\"The lamp\" /> now.", "See <a href=\"https://a.example/\">The lamp</a> now."},
		{"film", "See <YouTube id=\"w7Ft2ymGmfc\" /> now.", "See <a href=\"https://youtu.be/w7Ft2ymGmfc\">▶ youtu.be</a> now."},
		{"words that look alike", before + "import the lamp from Kiel\n\nexport is the default here.", "Hello reader.\n\nimport the lamp from Kiel\n\nexport is the default here."},
		{"in code", before + "```js\nimport a from 'b';\n\nexport const c = <Lamp />;\n```\n\nWrite `<Lamp />` here.", "Hello reader.\n\n<pre><code class=\"language-js\">import a from 'b';\n\nexport const c = &lt;Lamp /&gt;;</code></pre>\n\nWrite <code>&lt;Lamp /&gt;</code> here."},
	})
}

func TestFormulas(t *testing.T) {
	checkMarkup(t, []markup{
		{"within a line", `So $$\int_0^1 x \, dx$$ and $a_1 * b_2 * c$ hold.`, `So $$\int_0^1 x \, dx$$ and $a_1 * b_2 * c$ hold.`},
		{"with braces", `So $x^{{2}}$ holds.`, `So $x^{{2}}$ holds.`},
		{"block", "So:\n\n$$\na &= b \\\\\nc &= *d*\n$$\n\nBye.", "So:\n\n<pre><code class=\"language-latex\">a &amp;= b \\\\\nc &amp;= *d*</code></pre>\n\nBye."},
		{"money", "It costs $5 or *US$6_000*, not $7 or *A$8*.", "It costs $5 or <i>US$6_000</i>, not $7 or <i>A$8</i>."},
	})
}

func TestTargets(t *testing.T) {
	checkMarkup(t, []markup{
		{"space", "See [frost](https://a.example/a b(1).png) now.", "See <a href=\"https://a.example/a%20b(1).png\">frost</a> now."},
		{"space and title", "See [frost](https://a.example/a b \"A title\") now.", "See <a href=\"https://a.example/a%20b\">frost</a> now."},
		{"mail", "See [us](mailto:a@a.example?subject=Lamp Weekly) now.", "See us (a@a.example) now."},
		{"size of a picture", "See this:\n\n![A lamp](https://a.example/l.png =100x200)", "See this:\n\n<a href=\"https://a.example/l.png\">🖼 A lamp</a>"},
		{"title", "See [frost](https://a.example/ 'A title') now.", "See <a href=\"https://a.example/\">frost</a> now."},
		{"no address", "See [frost](below, please) now.", "See [frost](below, please) now."},
		{"in code", "Write `[a](https://a.example/a b)` now.", "Write <code>[a](https://a.example/a b)</code> now."},
	})
}
