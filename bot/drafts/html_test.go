package drafts

import (
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/go-telegram/bot/models"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"digestbot/digest"
	"digestbot/digest/document"
)

// marked returns a text without its marks, and them as entities: "{bold:x}" is a bold x,
// and "{text_link=https://go.dev:x}" a link.
func marked(text string) (string, []models.MessageEntity) {
	var entities []models.MessageEntity
	var out strings.Builder
	var open []int
	for text != "" {
		switch {
		case text[0] == '{':
			name, rest, _ := strings.Cut(text[1:], ":")
			if kind, address, ok := strings.Cut(name, "="); ok { // an address has a colon
				more, after, _ := strings.Cut(rest, ":")
				name, rest = kind, after
				entities = append(entities, models.MessageEntity{Type: models.MessageEntityType(name), Offset: unitsOf(out.String()), URL: address + ":" + more})
			} else {
				entities = append(entities, models.MessageEntity{Type: models.MessageEntityType(name), Offset: unitsOf(out.String())})
			}
			open = append(open, len(entities)-1)
			text = rest
		case text[0] == '}':
			e := &entities[open[len(open)-1]]
			e.Length = unitsOf(out.String()) - e.Offset
			open, text = open[:len(open)-1], text[1:]
		default:
			out.WriteByte(text[0])
			text = text[1:]
		}
	}
	return out.String(), entities
}

func TestToHTML(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"plain", "a < b\nc\n\nd", "<p>a &lt; b<br>\nc</p>\n<p>d</p>\n"},
		{"title and sections", "{bold:Weekly 12}\n\n{bold:News}\n• one\n• two\n\n{bold:Tools}\nText",
			"<h1><b>Weekly 12</b></h1>\n<h2><b>News</b></h2>\n<ul><li>one</li>\n<li>two</li></ul>\n<h2><b>Tools</b></h2>\n<p>Text</p>\n"},
		{"sections that stand alone have items", "{bold:T}\n\n{bold:News}\n\n{bold:One}\ntext\n\n{bold:Two}\ntext",
			"<h1><b>T</b></h1>\n<h2><b>News</b></h2>\n<h3><b>One</b></h3>\n<p>text</p>\n<h3><b>Two</b></h3>\n<p>text</p>\n"},
		{"an emoji before a heading", "x\n\n🔥 {bold:News}\n1. one", "<p>x</p>\n<h2>🔥 <b>News</b></h2>\n<ul><li>one</li></ul>\n"},
		{"bold in a line", "{bold:Go} is out", "<p><b>Go</b> is out</p>\n"},
		{"units after an emoji", "😀😀 {text_link=https://go.dev:Go}", `<p>😀😀 <a href="https://go.dev">Go</a></p>` + "\n"},
		{"nested", "a {bold:b {italic:c} d} e", "<p>a <b>b <i>c</i> d</b> e</p>\n"},
		{"over lines", "{italic:a\nb}", "<p><i>a</i><br>\n<i>b</i></p>\n"},
		{"addresses", "{url:go.dev} {mention:@ada} {email:a@b.org} https://x.org/?a&b",
			`<p><a href="https://go.dev">go.dev</a> <a href="https://t.me/ada">@ada</a> <a href="mailto:a@b.org">a@b.org</a> <a href="https://x.org/?a&amp;b">https://x.org/?a&amp;b</a></p>` + "\n"},
		{"blocks", "x\n{blockquote:q\n\nr}\n{pre:a < b\n\nc}", "<p>x</p>\n<blockquote><p>q</p>\n<p>r</p>\n</blockquote>\n<pre><code>a &lt; b\n\nc</code></pre>\n"},
		{"other entities", "{hashtag:#go} {custom_emoji:😀} {bot_command:/x}", "<p>#go 😀 /x</p>\n"},
		{"a hostile link", `{text_link=https://x.org/"><script>:x}`, `<p><a href="https://x.org/&#34;&gt;&lt;script&gt;">x</a></p>` + "\n"},
	} {
		text, entities := marked(test.text)
		if diff := cmp.Diff(test.want, toHTML(text, entities)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestToMarkdown(t *testing.T) {
	text, entities := marked("# Weekly 12\n## News\n- {bold:Go} is {text_link=https://go.dev/a(b):out}\n")
	if !isMarkdown(text) || isMarkdown("#go is #fun\n\n{bold:x}") {
		t.Error("Markdown is not told from other texts")
	}
	want := "# Weekly 12\n## News\n- **Go** is [out](https://go.dev/a%28b%29)\n"
	if diff := cmp.Diff(want, toMarkdown(text, entities)); diff != "" {
		t.Errorf("Markdown (-want +got):\n%s", diff)
	}
}

// overlapping marks are closed and opened again, so that the tags nest.
func TestOverlappingEntities(t *testing.T) {
	got := toHTML("abcdef", []models.MessageEntity{{Type: "bold", Offset: 0, Length: 4}, {Type: "italic", Offset: 2, Length: 4}})
	if want := "<p><b>ab<i>cd</i></b><i>ef</i></p>\n"; got != want {
		t.Errorf("toHTML = %q, want %q", got, want)
	}
}

// A forwarded post becomes an issue with sections, items and links.
func TestPostBecomesIssue(t *testing.T) {
	text, entities := marked("{bold:Weekly 12}\n\n{bold:News}\n• {text_link=https://go.dev:Go} is out\n• Rust is out\n\n{bold:Tools}\n• {text_link=https://x.org:A linter}")
	issue, err := document.Parse("post.html", []byte(toHTML(text, entities)))
	if err != nil {
		t.Fatal(err)
	}
	if issue.Title != "Weekly 12" || issue.Number != 12 || len(issue.Sections) != 2 || len(issue.Sections[0].Items) != 2 || issue.Sections[1].Name != "Tools" {
		t.Errorf("the issue is %q, %d, with sections %+v", issue.Title, issue.Number, issue.Sections)
	}
	if links := issue.Sections[0].Links(); len(links) != 1 || links[0] != "https://go.dev" {
		t.Errorf("links are %q", links)
	}
}

// Whatever the entities say, the text is whole, the tags nest, and nothing of the text is
// a tag.
func FuzzToHTML(f *testing.F) {
	for _, text := range []string{"a 😀 b\n\nc", "😀😀😀", "• x\n• y", "<script>", "# x", "\n\n", "https://x.org/😀", "a\u200db"} {
		f.Add(text, "bold", 0, 2, "text_link", 1, 3, "https://x.org")
		f.Add(text, "pre", -1, 9, "blockquote", 2, -5, "")
		f.Add(text, "url", 1, 1<<30, "italic", 1, 1, "")
	}
	f.Fuzz(func(t *testing.T, text, kind1 string, from1, length1 int, kind2 string, from2, length2 int, link string) {
		text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")
		entities := []models.MessageEntity{
			{Type: models.MessageEntityType(kind1), Offset: from1, Length: length1, URL: link},
			{Type: models.MessageEntityType(kind2), Offset: from2, Length: length2, URL: link},
		}
		out := toHTML(text, entities)
		if toHTML(text, entities) != out {
			t.Fatal("the same text gives different HTML")
		}
		want := letters(withoutBullets(text))
		if got := letters(contents(t, out)); got != want {
			t.Errorf("%q with %+v becomes %q: its letters are %q, want %q", text, entities, out, got, want)
		}
		toMarkdown(text, entities)
		if _, err := document.Parse("x.html", []byte(out)); err == nil {
			_ = digest.IsWebAddress(out)
		}
	})
}

// withoutBullets takes out what begins the entries of lists.
func withoutBullets(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = bullet.ReplaceAllString(line, "")
	}
	return strings.Join(lines, "\n")
}

// letters leaves out what HTML does not keep or a list takes out.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("•·▪▫◦●○‣⁃*–—-.)、0123456789", r) || r <= ' ' || r == '\ufffd' || utf16.IsSurrogate(r) {
			return -1
		}
		return r
	}, strings.Join(strings.Fields(text), ""))
}

// contents returns the text of HTML, and fails if its tags do not nest.
func contents(t *testing.T, source string) string {
	t.Helper()
	var text strings.Builder
	var open []string
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				t.Errorf("%q leaves %q open", source, open)
			}
			return text.String()
		case html.TextToken:
			text.Write(z.Text())
		case html.StartTagToken:
			if name, _ := z.TagName(); string(name) != "br" {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				t.Errorf("%q closes %q within %q", source, name, open)
				return ""
			}
			open = open[:len(open)-1]
		case html.SelfClosingTagToken, html.CommentToken, html.DoctypeToken:
			t.Errorf("%q has an odd tag", source)
		}
	}
}
