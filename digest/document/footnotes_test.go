package document_test

import (
	"strings"
	"testing"
)

func TestFootnotes(t *testing.T) {
	const text = "# T\n\nHello.[^h]\n\n## News\n\nThe frost[^f] came early[^g].\n\n## Books\n\n- Sea[^g]\n- Lamp[^s]\n\n## Tools\n\n- Wick\n\n" +
		"[^f]: Minus *three* degrees.\n[^g]: They say.\n[^h]: Good evening.\n[^s]: See [^t].\n[^t]: Deep.\n[^u]: Nobody cites this.\n"
	checkNotes(t, "a.md", text)
}

func TestFootnotesOfPages(t *testing.T) {
	ref := func(id, number string) string {
		return `<sup id="r` + id + `"><a href="#` + id + `" class="footnote-ref">` + number + `</a></sup>`
	}
	note := func(id, text string) string {
		return `<li id="` + id + `"><p>` + text + ` <a href="#r` + id + `" class="reversefootnote" role="doc-backlink">↩</a></p></li>`
	}
	for _, opening := range []string{`<div class="footnotes">`, `<section class="footnotes footnotes-end-of-document" role="doc-endnotes"><hr>`, `<section data-footnotes><h2 class="sr-only">Footnotes</h2>`} {
		checkNotes(t, "a.html", "<h1>T</h1><p>Hello."+ref("h", "1")+"</p><h2>News</h2><p>The frost"+ref("f", "2")+" came early"+ref("g", "3")+".</p><h2>Books</h2><ul><li>Sea"+ref("g", "3")+"</li><li>Lamp"+ref("s", "4")+"</li></ul><h2>Tools</h2><ul><li>Wick</li></ul>"+
			opening+"<ol>"+note("h", "Good evening.")+note("f", "Minus <i>three</i> degrees.")+note("g", "They say.")+note("s", "See "+ref("t", "5")+".")+note("t", "Deep.")+"</ol></div></section>")
	}
}

func checkNotes(t *testing.T, name, text string) {
	t.Helper()
	issue := parse(t, name, text)
	for section, want := range map[string]string{
		"":      "Hello.[1]\n\n1. Good evening.\n\n• News\n• Books (2)\n• Tools",
		"news":  "The frost[2] came early[3].\n\n2. Minus <i>three</i> degrees.\n3. They say.",
		"books": "• Sea[3]\n• Lamp[4]\n\n3. They say.\n4. See [5].\n5. Deep.",
		"tools": "<b>Wick</b>",
	} {
		if got := shown(issue, section); got != want {
			t.Errorf("%s: section %q is\n%s, want\n%s", name, section, got, want)
		}
	}
}

// TestFootnotesManySections holds that a note which every section cites is not shown without
// bounds.
func TestFootnotesManySections(t *testing.T) {
	text := "# T\n\n" + strings.Repeat("## A\n\nLamp[^a].\n\n", 500) + "[^a]: " + strings.Repeat("word ", 500) + "\n"
	size := 0
	for _, m := range parse(t, "a.md", text).Messages() {
		size += len(m.HTML)
	}
	if size > 5*len(text) {
		t.Errorf("%d bytes of messages for %d", size, len(text))
	}
}
