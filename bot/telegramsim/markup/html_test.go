package markup

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// entity is a shorthand for the tables.
func entity(kind string, offset, length int, url ...string) Entity {
	return Entity{Type: kind, Offset: offset, Length: length, URL: strings.Join(url, "")}
}

func TestParseHTML(t *testing.T) {
	tests := map[string]struct {
		in, text string
		want     []Entity
	}{
		"plain":             {"just text", "just text", nil},
		"named references":  {"&lt;a&gt; &amp; &quot;b&quot;", `<a> & "b"`, nil},
		"nbsp stays":        {"a&nbsp;b", "a&nbsp;b", nil},
		"numeric":           {"&#65;&#x42;&#x1F600;", "AB😀", nil},
		"no semicolon":      {"a &lt b", "a < b", nil},
		"bare ampersand":    {"A & B", "A & B", nil},
		"tags of one style": {"<b>a</b> <strong>b</strong>", "a b", []Entity{entity("bold", 0, 1), entity("bold", 2, 1)}},
		"touching styles":   {"<b>a</b><b>b</b>", "ab", []Entity{entity("bold", 0, 2)}},
		"all styles": {"<i>i</i><em>e</em> <u>u</u> <ins>n</ins> <s>s</s> <del>d</del> <strike>k</strike> <tg-spoiler>p</tg-spoiler> <span class=\"tg-spoiler\">q</span>",
			"ie u n s d k p q", []Entity{
				entity("italic", 0, 2), entity("underline", 3, 1), entity("underline", 5, 1), entity("strikethrough", 7, 1),
				entity("strikethrough", 9, 1), entity("strikethrough", 11, 1), entity("spoiler", 13, 1), entity("spoiler", 15, 1)}},
		"upper case":          {"<B>x</B>", "x", []Entity{entity("bold", 0, 1)}},
		"empty element":       {"a<b></b>c", "ac", nil},
		"empty end tag":       {"<b>x</>", "x", []Entity{entity("bold", 0, 1)}},
		"nested styles":       {"<b>a<i>b</i></b>", "ab", []Entity{entity("bold", 0, 1), entity("bold", 1, 1), entity("italic", 1, 1)}},
		"surrogates":          {"😀<b>😀x</b>", "😀😀x", []Entity{entity("bold", 2, 3)}},
		"link":                {`<a href="https://example.com/a?b=1&amp;c=2">x</a>`, "x", []Entity{entity("text_link", 0, 1, "https://example.com/a?b=1&c=2")}},
		"link without scheme": {`<a href="example.com">x</a>`, "x", []Entity{entity("text_link", 0, 1, "http://example.com/")}},
		"link by its text":    {"<a>example.com</a>", "example.com", []Entity{entity("text_link", 0, 11, "http://example.com/")}},
		"link to nowhere":     {`<a href="#top">x</a>`, "x", nil},
		"link to localhost":   {`<a href="http://localhost/">x</a>`, "x", nil},
		"script link":         {`<a href="javascript:alert(1)">x</a>`, "x", nil},
		"mail link":           {`<a href="mailto:a@b.example">x</a>`, "x", []Entity{entity("text_link", 0, 1, "http://mailto:a@b.example/")}},
		"link in bold": {`<b>a <a href="https://e.example/">b</a> c</b>`, "a b c", []Entity{
			entity("bold", 0, 2), entity("text_link", 2, 1, "https://e.example/"), entity("bold", 2, 1), entity("bold", 3, 2)}},
		"command in bold": {"<b>a /start c</b>", "a /start c", []Entity{
			entity("bold", 0, 2), entity("bot_command", 2, 6), entity("bold", 2, 6), entity("bold", 8, 2)}},
		"address normalised": {`<a href="HTTPS://Example.ORG:080?q=a b ">x</a>`, "x", []Entity{entity("text_link", 0, 1, "https://example.org:80/?q=a%20b")}},
		"no such port":       {`<a href="https://e.example:99999/">x</a>`, "x", nil},
		"host of two kinds":  {`<a href="https://.example">x</a><a href="https://%zz.example">y</a>`, "xy", []Entity{entity("text_link", 0, 1, "https://.example/")}},
		"date":               {`<tg-time unix="4294967297" format="Tw">x</tg-time>`, "x", []Entity{{Type: "date_time", Length: 1, UnixTime: 1, DateTimeFormat: "wT"}}},
		"direction marks":    {"a\u200e\u200fb", "a\u200c\u200fb", nil},
		"link in link":       {`<a href="https://a.example/">a<a href="https://b.example/">b</a></a>`, "ab", []Entity{entity("text_link", 0, 2, "https://a.example/")}},
		"quote":              {"<blockquote>q</blockquote>", "q", []Entity{entity("blockquote", 0, 1)}},
		"expandable":         {"<blockquote expandable>q</blockquote>", "q", []Entity{entity("expandable_blockquote", 0, 1)}},
		"expandable with value": {`<blockquote expandable="">q</blockquote>`, "q",
			[]Entity{entity("expandable_blockquote", 0, 1)}},
		"quote in quote": {"<blockquote>a<blockquote>b</blockquote></blockquote>", "ab", []Entity{entity("blockquote", 0, 2)}},
		"bold in quote":  {"<blockquote><b>a</b>b</blockquote>", "ab", []Entity{entity("blockquote", 0, 2), entity("bold", 0, 1)}},
		"code":           {"<code>c</code>", "c", []Entity{entity("code", 0, 1)}},
		"bold in code":   {"<code>a<b>b</b></code>", "ab", []Entity{entity("code", 0, 2)}},
		"code in bold":   {"<b>a<code>c</code>b</b>", "acb", []Entity{entity("bold", 0, 1), entity("code", 1, 1), entity("bold", 2, 1)}},
		"code in link":   {`<a href="https://e.example/"><code>c</code></a>`, "c", []Entity{entity("code", 0, 1)}},
		"pre with language": {`<pre><code class="language-go">f()</code></pre>`, "f()",
			[]Entity{{Type: "pre", Length: 3, Language: "go"}}},
		"attribute ignored": {`<b class="x" data-y='z'>a</b>`, "a", []Entity{entity("bold", 0, 1)}},
		"carriage return":   {"a\r\n<b>b</b>", "a\nb", []Entity{entity("bold", 2, 1)}},
		"tab":               {"a\tb", "a b", nil},
		"trimmed":           {" \n <b>a</b> b \n", "a b", []Entity{entity("bold", 0, 1)}},
		"trailing in bold":  {"<b>a </b>", "a", []Entity{entity("bold", 0, 1)}},
		"found by itself": {"/start and /help@digest_bot, @digest_bot #news https://e.example/x.", "/start and /help@digest_bot, @digest_bot #news https://e.example/x.", []Entity{
			entity("bot_command", 0, 6), entity("bot_command", 11, 16), entity("mention", 29, 11), entity("hashtag", 41, 5), entity("url", 47, 19)}},
		"addresses": {"see Example.org, not node.js or Hello.World; a@b.co $USD #a#b @ab", "see Example.org, not node.js or Hello.World; a@b.co $USD #a#b @ab", []Entity{
			entity("url", 4, 11), entity("email", 45, 6), entity("cashtag", 52, 4)}},
		"not commands":    {"a/b 1/2 //x /a/b", "a/b 1/2 //x /a/b", nil},
		"address in link": {`<a href="https://e.example/">https://f.example/</a>`, "https://f.example/", []Entity{entity("text_link", 0, 18, "https://e.example/")}},
		"emoji":           {`<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>`, "👍", []Entity{{Type: "custom_emoji", Length: 2, CustomEmojiID: "5368324170671202286"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := ParseHTML(test.in)
			if err != nil {
				t.Fatalf("ParseHTML(%q): %v", test.in, err)
			}
			got = got.Finish()
			if got.Text != test.text {
				t.Errorf("text = %q, want %q", got.Text, test.text)
			}
			if diff := cmp.Diff(got.Entities, test.want, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("entities differ (-got +want):\n%s", diff)
			}
		})
	}
}

func TestParseHTMLRefuses(t *testing.T) {
	tests := []struct{ in, want string }{
		{"<p>x</p>", `Unsupported start tag "p" at byte offset 0`},
		{"a<br>b", `Unsupported start tag "br" at byte offset 1`},
		{"a<br/>b", `Unsupported start tag "br/" at byte offset 1`},
		{"<h1>x</h1>", `Unsupported start tag "h1" at byte offset 0`},
		{"中<img src=x>", `Unsupported start tag "img" at byte offset 3`},
		{"1 < 2", `Unsupported start tag "" at byte offset 2`},
		{"<b", "Unclosed start tag at byte offset 0"},
		{"<b>x", `Can't find end tag corresponding to start tag "b"`},
		{"x</b>", "Unexpected end tag at byte offset 1"},
		{"<b>x</i>", `Unmatched end tag at byte offset 4, expected "</b>", found "</i>"`},
		{"<b><i>x</b></i>", `Unmatched end tag at byte offset 7, expected "</i>", found "</b>"`},
		{`<tg-time unix="5" format="x">x</tg-time>`, "Invalid date format used"},
		{"<b>x</b\x00>", "Unclosed end tag at byte offset 4"},
		{"<b>x</b", "Unclosed end tag at byte offset 4"},
		{"<span>x</span>", `Tag "span" must have class "tg-spoiler" at byte offset 0`},
		{`<span class="x">x</span>`, `Tag "span" must have class "tg-spoiler" at byte offset 0`},
		{`<a href="x>y</a>`, `Unclosed start tag at byte offset 0`},
		{`<a href=https://e.example>y</a>`, "Unexpected end of name token at byte offset 8"},
		{`<a ="x">y</a>`, `Empty attribute name in the tag "a" at byte offset 0`},
		{`<tg-emoji emoji-id="x">y</tg-emoji>`, "Invalid custom emoji identifier specified"},
		{"&#xd83d;", "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units"},
	}
	for _, test := range tests {
		if _, err := ParseHTML(test.in); err == nil || err.Error() != test.want {
			t.Errorf("ParseHTML(%q) = %v, want %q", test.in, err, test.want)
		}
	}
}

func TestFinishKeepsAHundredEntities(t *testing.T) {
	got, err := ParseHTML(strings.Repeat("<b>a</b> ", 120))
	if err != nil {
		t.Fatal(err)
	}
	got = got.Finish()
	if len(got.Entities) != maxEntities || got.Dropped != 20 {
		t.Errorf("%d entities and %d dropped, want 100 and 20", len(got.Entities), got.Dropped)
	}
}

// FuzzParseHTML: if a text is accepted, its entities are within the text, on whole
// characters, in order and properly nested.
func FuzzParseHTML(f *testing.F) {
	for _, seed := range []string{
		"", "plain", "<b>a<i>b</i></b>", `<a href="https://e.example/">x</a>`, "<blockquote expandable><b>q</b></blockquote> x",
		"<pre><code class=\"language-go\">x</code></pre>", "&lt;&#x1F600;&nbsp;&", "<b>a</b\t>\r\n😀<u>\u2028x</u> ", "<s><code>a</code>b</s>",
		"/start@bot #tag @name https://x.example/?a=b", "<blockquote>a<blockquote>b</blockquote></blockquote>", "<span class='tg-spoiler'>x</span>",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		if !utf8.ValidString(in) || len(in) > 1<<15 {
			t.Skip("refused before parsing")
		}
		got, err := ParseHTML(in)
		if err != nil {
			return
		}
		got = got.Finish()
		if !utf8.ValidString(got.Text) {
			t.Fatalf("text %q is not valid", got.Text)
		}
		if again := (Formatted{Text: got.Text}).Finish(); again.Text != strings.Trim(got.Text, " \n") {
			t.Errorf("finishing %q again gives %q", got.Text, again.Text)
		}
		checkEntities(t, got)
	})
}

func checkEntities(t *testing.T, f Formatted) {
	t.Helper()
	starts := map[int]bool{Units(f.Text): true}
	at := 0
	for _, r := range f.Text {
		starts[at] = true
		at += utf16.RuneLen(r)
	}
	var open []Entity
	for i, e := range f.Entities {
		if e.Length <= 0 || !starts[e.Offset] || !starts[e.end()] {
			t.Fatalf("entity %+v is not on characters of %q", e, f.Text)
		}
		if i > 0 && e.Offset < f.Entities[i-1].Offset {
			t.Fatalf("entities of %q are out of order: %+v", f.Text, f.Entities)
		}
		for len(open) > 0 && open[len(open)-1].end() <= e.Offset {
			open = open[:len(open)-1]
		}
		for _, outer := range open {
			crosses := e.end() > outer.end()
			doubled := nestingOf(e.Type) == nestingOf(outer.Type) && nestingOf(e.Type) != styles || e.Type == outer.Type
			if crosses && nestingOf(e.Type) != styles || doubled || isCode(outer.Type) {
				t.Fatalf("%+v does not nest in %+v in %q", e, outer, f.Text)
			}
		}
		open = append(open, e)
	}
}
