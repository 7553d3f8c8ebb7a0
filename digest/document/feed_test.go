package document_test

import (
	"strings"
	"testing"
)

// feedTexts are the texts of entries as feeds carry them, after the escaping that
// every feed needs, and what readers get.
var feedTexts = []struct{ name, text, want string }{
	{"escaped once", "<p>Salt &amp; pepper&nbsp;&mdash; it&#39;s &lt;hot&gt;.</p>", "Salt & pepper — it's <hot>."},
	{"escaped twice", "<p>Salt &amp;amp; pepper&amp;nbsp;&amp;mdash; it&amp;#39;s &amp;#8220;hot&amp;#8221;.</p>", "Salt & pepper — it's “hot”."},
	{"tags escaped twice", "&lt;p&gt;Salt &amp;amp; pepper.&lt;/p&gt;&lt;p&gt;Hot.&lt;/p&gt;", "Salt & pepper.\n\nHot."},
	{"about HTML", "<p>Write &amp;nbsp; or &amp;mdash; where you want them.</p>", "Write &nbsp; or &mdash; where you want them."},
	{"code about HTML", "<p>Write <code>&amp;amp;</code> and <code>a&amp;nbsp;b</code>.</p>", "Write &amp; and a&nbsp;b."},
	{"addresses", `<p><a href="https://a.example/?a=1&amp;amp=2">Salt</a>.</p>`, "Salt."},
	{"plain text about tags", "Put an &lt;img&gt; there.", "Put an <img> there."},
}

func TestFeedTexts(t *testing.T) {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
	for _, tt := range feedTexts {
		t.Run(tt.name, func(t *testing.T) {
			feed := `<?xml version="1.0"?><rss version="2.0"><channel><title>Quay</title><item><title>Quay 12</title><description>` + escape.Replace(tt.text) + `</description></item></channel></rss>`
			issue := parse(t, "a.xml", feed)
			item := issue.Sections[0].Items[0]
			if item.Text() != tt.want && item.Headline() != tt.want {
				t.Errorf("item = %+v, want the text %q", item, tt.want)
			}
		})
	}
}

// An entry may say the same in two formats, and the one that is no HTML may be longer by its
// addresses. A teaser in HTML is not the text.
func TestFeedTextsInTwoFormats(t *testing.T) {
	const inHTML = "<h2>News</h2><ul><li><a href=\"https://q.example/a/long/address/of/fog\">Fog</a></li><li>Frost</li></ul><h2>Books</h2><p>Knots and ropes for long evenings.</p>"
	const inMarkdown = "## News\n\n- [Fog](https://q.example/a/long/address/of/fog)\n- Frost\n\n## Books\n\nKnots and ropes for long evenings."
	for _, tt := range []struct{ name, description, content, want string }{
		{"Markdown in the description", inMarkdown, inHTML, "Quay 12 | 12 | \nNews (2, 1): Fog\nBooks (1, 0): Knots and ropes for long evenings.\n"},
		{"a teaser as content", "Fog on the pier, and it lasts. " + strings.Repeat("The boats stay in today. ", 9), "<p>Fog on the pier …</p>", "Quay 12 | 12 | \n (1, 0): Fog on the pier, and it lasts. The boats stay in today. The boats stay in today…\n"},
		{"both are HTML", inHTML, "<p>Fog …</p>", "Quay 12 | 12 | \nNews (2, 1): Fog\nBooks (1, 0): Knots and ropes for long evenings.\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			feed := `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Quay</title><item><title>Quay 12</title><description><![CDATA[` + tt.description + `]]></description><content:encoded><![CDATA[` + tt.content + `]]></content:encoded></item></channel></rss>`
			if got := outline(parse(t, "a.xml", feed)); got != tt.want {
				t.Errorf("outline = %q, want %q", got, tt.want)
			}
		})
	}
}
