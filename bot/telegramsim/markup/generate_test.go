package markup

import (
	"math/rand/v2"
	"strings"
	"unicode/utf16"
)

// generator makes texts at the limits of Telegram's rules: valid, nearly valid and hostile
// ones. Equal seeds make equal texts.
type generator struct{ *rand.Rand }

func newGenerator(seed uint64) generator { return generator{rand.New(rand.NewPCG(seed, 8))} }

func (g generator) pick(from []string) string { return from[g.IntN(len(from))] }

// repeat joins up to most pieces.
func (g generator) repeat(most int, piece func() string) string {
	var out strings.Builder
	for range g.IntN(most + 1) {
		out.WriteString(piece())
	}
	return out.String()
}

var plainPieces = []string{
	"a", "b", "word", "中文", "é", "😀", "👩‍💻", " ", " ", "\n", "  ", "\t", "\r\n", "\v", "\x00", "\x1f", "\u00a0", "\u2028", "\u202e",
	"\u0333", "\u030a", "a\u0301", "\u200e", "\u200f\u200e", "\u200e\u200f\u200f", "\u200c", "\u200b", "\u2060", "\ufeff", "\u3000", "\u2800",
	"&amp;", "&lt;", "&gt;", "&quot;", "&nbsp;", "&", "&#65;", "&#x1F600;", "&#10;", "&#0;", "&#xd83d;", "&#1114111;", "&#x10fffe;", "&amp", "&LT;",
	"&#000065;", "&#99999999999;", "&#x;", "&#;", ">", "\"", "'", "=", ".", "...",
	" /start ", " @name ", "#tag", " x.org ", "https://x.org/a", " a@b.co ", "$USD", " 4111111111111111 ",
}

var startTags = []string{
	"<b>", "<strong>", "<i>", "<em>", "<u>", "<ins>", "<s>", "<strike>", "<del>", "<tg-spoiler>", "<span class=\"tg-spoiler\">",
	"<code>", "<pre>", "<code class=\"language-go\">", "<pre><code class=\"language-go\">", "<code class='language-c'><pre>", "<code class=go>",
	"<blockquote>", "<blockquote expandable>", "<blockquote expandable=\"\">", "<tg-emoji emoji-id=\"5368324170671202286\">", "<B >", "<b\n>",
}

var oddTags = []string{
	"<p>", "<br>", "<br/>", "<>", "< b>", "<span>", "<span class=\"x\">", "<b class>", "<a =x>", "<a href>", "<a href=\"x>", "<a href=x.org>",
	"<a href=https://x.org>", "<b", "</", "</b", "</>", "</ >", "<\x00>", "<b\x00>", "</b\x00>", "<b \x00", "<ſ>", "<K>", "<tg-emoji emoji-id=\"+5\">",
	"<tg-emoji emoji-id=\"007\">", "<tg-emoji>", "<tg-emoji emoji-id=\"0\">", "<blockquote expandable/>", "<b/>", "<a href='x' href=\"y.org\">",
	"<b x='&lt;'>", "<code class=\"language-\">", "<pre class=\"language-go\">", "<a href=\"&quot;\">", "<!-- x -->", "<b x=\"y\"z>", "<b x = y>",
	"<a href=\"&#xd83d;.org\">",
}

// html makes a text with tags that mostly match.
func (g generator) html() string {
	out := g.element(4)
	for range g.IntN(3) * g.IntN(2) {
		out = g.spoiled(out)
	}
	return out
}

func (g generator) element(depth int) string {
	return g.repeat(4, func() string {
		switch n := g.IntN(20); {
		case n < 9 || depth == 0:
			return g.pick(plainPieces)
		case n < 16:
			return g.inTag(g.pick(startTags), depth)
		case n < 17:
			return g.pick(oddTags)
		case n < 18:
			return g.inTag(g.date(), depth)
		}
		return g.inTag("<a href=\""+strings.NewReplacer("&", "&amp;", "\"", "&quot;", "<", "&lt;").Replace(g.address())+"\">", depth)
	})
}

// inTag writes an element and closes what it opened.
func (g generator) inTag(start string, depth int) string {
	out := start + g.element(depth-1)
	tags := strings.Split(start, "<")
	for i := len(tags) - 1; i > 0; i-- {
		name, _, _ := strings.Cut(strings.TrimSpace(strings.SplitAfter(tags[i], ">")[0]), " ")
		out += "</" + strings.ToLower(strings.Trim(name, ">\n ")) + ">"
	}
	return out
}

func (g generator) date() string {
	unix := g.pick([]string{"1647531900", "0", "-5", "2147483647", "2147483648", "4294967297", "-2147483649", "12x", "", "1e9"})
	format := g.repeat(3, func() string { return g.pick([]string{"t", "T", "d", "D", "w", "W", "r", "R", "x"}) })
	return "<tg-time unix=\"" + unix + "\" format=\"" + format + "\">"
}

// spoiled removes, doubles or replaces one character.
func (g generator) spoiled(text string) string {
	runes := []rune(text)
	if len(runes) == 0 {
		return text
	}
	at := g.IntN(len(runes))
	switch g.IntN(3) {
	case 0:
		return string(runes[:at]) + string(runes[at+1:])
	case 1:
		return string(runes[:at]) + g.pick(append([]string{"<", ">", "/", "&"}, plainPieces...)) + string(runes[at:])
	}
	return string(runes[:at]) + string(runes[at:at+1]) + string(runes[at:])
}

// address makes a value for href.
func (g generator) address() string {
	scheme := []string{"http://", "https://", "HTTPS://", "", "", "tg://", "tg:", "ton://", "tonsite://", "TG:", "mailto:", "tel:", "javascript:", "ftp://", "//", "http:", "://", " https://"}
	user := []string{"", "", "", "", "u@", "u:p@", "@", "a@b@", "%41@", "%4@", "ü@"}
	host := []string{
		"example.org", "Example.ORG", "localhost", "a.b", "x", "ex ample.org", "", ".org", "org.", ".", "..", "%41.org", "%zz.org", "a%4", "пример.рф", "中文.中国",
		"user?id=5", "user?id=05", "user?x=1&id=7#id=8", "resolve?domain=x", "1.2.3.4", "[::1]", "[::ffff:1.2.3.4]", "[fe80::1%25eth0]", "[x]", "[", "a_b.org", "-a.org", "a..b", "a.org,b", "a|b.org", "a\x00.org", "a\".org",
	}
	port := []string{"", "", "", ":80", ":0", ":65535", ":65536", ":99999", ":", ":080", ":8x", ":-1", ":+1"}
	path := []string{"", "", "/", "/a", "?q=1", "#f", "/a b", "/ü", "/%zz", "/a?b=c&d#e", "/ ", "/\t", "/a\n ", "/\x01", "/a:b@c", "?", "#", "/\"<>"}
	return g.pick(scheme) + g.pick(user) + g.pick(host) + g.pick(port) + g.pick(path) + g.pick([]string{"", "", "", " ", "\n", "\v"})
}

var talk = []string{
	"@ab", "@abc", "@gif", "@GIF", "@abcd", "@under_score", "@" + strings.Repeat("a", 32), "@" + strings.Repeat("b", 33), "@@abcd", "@", "#tag", "#1", "#a1", "#тег", "#标签", "#a#b", "#a·b", "#අකුරු",
	"#a@channel", "#a@ab", "#" + strings.Repeat("a", 255), "#" + strings.Repeat("c", 300), "##", "#", "$USD", "$1INCH", "$1INCHX", "$ABCDEFGHI", "$usd", "$USD@channel", "$$USD", "$", "/start", "/start@my_bot", "/a/b", "//", "/", "/a@b",
	"/" + strings.Repeat("x", 64), "/" + strings.Repeat("x", 65), "1/2", "and/or", "</a>", "4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111 5", "378282246310005", "6200000000000005", "5555555555554444", "1234567890123",
	"example.org", "Example.Org", "hello.World", "node.js", "a.b", "v1.2.3", "main.go", "e.g.", "x.онлайн", "пример.рф", "中文.中国", "xn--e1aybc.xn--p1ai", "1.2.3.4", "256.1.1.1", "1.2.3.4/x", "http://localhost", "https://x.y",
	"http://a_b.org", "https://a.b_c.org", "HTTP://X.ORG", "shttp://x.org", "sftp://x.org", "ftp://x.org", "foo://x.org", "http://x.org:80", "x.org:65536", "x.org:", "x.org/a(b)c", "x.org/a)b", "x.org/path.", "x.org?", "x.org?a", "x.org#",
	"tg://resolve?domain=x", "ton://x", "tonsite://x.ton", "TG://x/y", "tg:x", "a@b.co", "a.b+c@d-e.com", "-a@b.com", "a@b", "mailto:a@b.com", "user:pw@x.org", "@x.org", "a@@x.org", "#x.org", "teiegram.org", "x.org.", "x..org", "x.-y.org", "x-.org",
	strings.Repeat("a", 64) + ".org", strings.Repeat("a", 36) + "@b.com", "«x.org»", "x.org»", "x.org/«a»", "x.org/a\u2013b", "x.org/a\u2019b",
	"a", "b", "Z", "_", "1", "é", "中", "\u0301", "😀", " ", " ", " ", "\n", ".", ",", ":", ";", "-", "(", ")", "[", "]", "'", "\"", "<", ">", "\u200b", "\u200c", "\u00a0", "\u2060", "\u200e", "·", "~", "+", "?", "!",
}

// talk makes a text in which Telegram may find something by itself.
func (g generator) talk() string { return g.repeat(7, func() string { return g.pick(talk) }) }

// nested makes a text without Markdown whose entities may overlap in any way.
func (g generator) nested() Formatted {
	text := g.repeat(12, func() string {
		return g.pick([]string{"a", "b ", "word", "中文", "😀", " ", "\n", "\r", "\u202a", "\u0333", "\u200e\u200f", "\u200f", "\t"})
	})
	starts := []int{0}
	for _, r := range text {
		starts = append(starts, starts[len(starts)-1]+utf16.RuneLen(r))
	}
	kinds := append([]string{"code", "pre", "text_link", "text_link", "text_link", "blockquote", "expandable_blockquote"}, styleKinds...)
	f := Formatted{Text: text}
	for range g.IntN(7) {
		from := g.IntN(len(starts))
		to := from + g.IntN(len(starts)-from)
		e := Entity{Type: g.pick(kinds), Offset: starts[from], Length: starts[to] - starts[from]}
		if e.Type == "text_link" {
			e.URL = "https://e.example/"
		}
		f.Entities = append(f.Entities, e)
	}
	return f
}
