package document_test

import (
	"slices"
	"strings"
	"testing"

	"digestbot/digest/document"
)

// TestRelativeWithoutAddress holds that an editor is told of pictures and links that readers
// cannot be sent to.
func TestRelativeWithoutAddress(t *testing.T) {
	tests := []struct{ name, document, want string }{
		{"pictures and a link", "# Boat\n\n![a](a.jpg)\n\n![b](/img/b.jpg)\n\n## Ropes\n\n- [one](../1.md)\n", "2 pictures and 1 link are relative, and the document has no address"},
		{"one picture", "# Boat\n\n![a](./a.jpg)\n\n## Ropes\n\n- one\n", "1 picture is relative, and the document has no address"},
		{"links", "<h2>Ropes</h2><p><a href=\"/1\">one</a>, <a href=\"2.html#x\">two</a>, <a href='?p=3'>three</a></p>", "3 links are relative, and the document has no address"},
		{"with front matter", "---\ntitle: Boat\nurl: /letters/boat/\n---\n\n[one](/1)\n", "1 link is relative, and the document has no address"},
		{"places in the page", "# Boat\n\n[top](#top), [mail](mailto:a@example.org), [x](https://example.org/x), `[a](b)`, [t]({{ page.url }}), <a href='*|UNSUB|*'>u</a>\n\n![p](data:image/gif;base64,AA)\n", ""},
		{"what is not shown", "<h2>Ropes <a href=\"/index.php?title=Ropes&action=edit\">edit</a></h2><nav><a href=\"/1\">1</a></nav><p hidden><a href=\"/2\">2</a></p><p>Text.</p>", ""},
		{"an icon", "<p>Ropes <img src=\"i.png\" width=\"16\" height=\"16\"> and oars</p>", ""},
		{"an address", "---\ncanonical: https://example.org/letters/12/\n---\n\n[one](../1) ![a](a.jpg)\n", ""},
		{"a host only", "![a](//example.org/a.jpg)\n\nText.\n", ""},
	}
	for _, tt := range tests {
		issue := parse(t, "doc", tt.document)
		found := ""
		for _, w := range issue.Warnings {
			if strings.Contains(w, "relative") {
				found = w
			}
		}
		if !strings.HasPrefix(found, tt.want) || (tt.want == "") != (found == "") {
			t.Errorf("%s: warning %q, want %q", tt.name, found, tt.want)
		}
	}
}

// TestRelativeWithAddress holds where the address of a document is found, and what relative
// addresses become with it.
func TestRelativeWithAddress(t *testing.T) {
	const body = `<p><a href="a">a</a> <a href="../b">b</a> <a href="/c">c</a> <a href="//d.example/d">d</a> <a href="?e">e</a> <img src="f.jpg"></p>`
	const links = "https://h.example/x/y/a https://h.example/x/b https://h.example/c https://d.example/d https://h.example/x/y/?e"
	const escaped = `&lt;p&gt;&lt;a href="a"&gt;a&lt;/a&gt; &lt;a href="../b"&gt;b&lt;/a&gt; &lt;a href="/c"&gt;c&lt;/a&gt; &lt;a href="//d.example/d"&gt;d&lt;/a&gt; &lt;a href="?e"&gt;e&lt;/a&gt; &lt;img src="f.jpg"&gt;&lt;/p&gt;`
	tests := []struct{ name, document, original string }{
		{"front matter", "---\ntitle: Boat\ncanonicalURL: https://h.example/x/y/\n---\n" + body, "https://h.example/x/y/"},
		{"head of a page", `<html><head><link rel="canonical" href="https://h.example/x/y/"></head><body>` + body, "https://h.example/x/y/"},
		{"base of a page", `<html><head><base href="https://h.example/x/y/"></head><body>` + body, ""},
		{"base and address", `<html><head><base href="/x/y/"><link rel="canonical" href="https://h.example/12"></head><body>` + body, "https://h.example/12"},
		{"base and front matter", "---\ntitle: Boat\nurl: https://h.example/12\n---\n<html><head><base href=\"x/y/\"></head><body>" + body, "https://h.example/12"},
		{"link of an entry", `<rss version="2.0"><channel><link>https://g.example/</link><item><title>Boat</title><link>https://h.example/x/y/</link><description>` + escaped + `</description></item></channel></rss>`, "https://h.example/x/y/"},
		{"relative link of an entry", `<rss version="2.0"><channel><link>https://h.example/</link><item><title>Boat</title><link>/x/y/</link><description>` + escaped + `</description></item></channel></rss>`, "https://h.example/x/y/"},
		{"entry without a link", `<rss version="2.0"><channel><link>https://h.example/x/y/</link><item><title>Boat</title><description>` + escaped + `</description></item></channel></rss>`, ""},
		{"base of a channel", `<rss version="2.0" xml:base="https://h.example/x/"><channel xml:base="y/"><title>g</title><item><title>Boat</title><description>` + escaped + `</description></item></channel></rss>`, ""},
		{"base of an entry", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://h.example/"><link href="https://g.example/"/><entry xml:base="x/"><title>Boat</title><link href="https://h.example/12"/><content type="html" xml:base="y/">` + escaped + `</content></entry></feed>`, "https://h.example/12"},
		{"JSON Feed", `{"version":"https://jsonfeed.org/version/1.1","title":"g","home_page_url":"https://h.example/x/y/","items":[{"id":"1","title":"Boat","content_html":` + quoted(body) + `}]}`, ""},
	}
	for _, tt := range tests {
		issues, err := document.ParseAll("doc", []byte(tt.document))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		issue := issues[0]
		var got []string
		for _, s := range issue.Sections {
			got = append(got, s.Links()...)
		}
		for _, block := range issue.Intro {
			for _, s := range block.Spans {
				if s.Link != "" && !slices.Contains(got, s.Link) {
					got = append(got, s.Link)
				}
			}
		}
		if strings.Join(got, " ") != links {
			t.Errorf("%s: links %q, want %q", tt.name, got, links)
		}
		if issue.Original != tt.original {
			t.Errorf("%s: Original = %q, want %q", tt.name, issue.Original, tt.original)
		}
		if issue.Image != "" && issue.Image != "https://h.example/x/y/f.jpg" {
			t.Errorf("%s: Image = %q", tt.name, issue.Image)
		}
	}
}

func quoted(text string) string { return `"` + strings.ReplaceAll(text, `"`, `\"`) + `"` }
