package document_test

import "testing"

// TestLinkBlocks holds that a link around several blocks, as programs write it that make
// Markdown of pages, is a link.
func TestLinkBlocks(t *testing.T) {
	const picture = `<a href="https://example.org/a">🖼</a>`
	checkMarkup(t, []markup{
		{"a heading", "Hello.\n\n[\n\n#### Lamps ####\n\nAll about them.\n\n](https://example.org/a)\n\nBye.", "Hello.\n\n<b><a href=\"https://example.org/a\">Lamps</a></b>\nAll about them.\n\nBye."},
		{"a text", "Hello.\n\n[\n\nLamps\nand ropes\n\nAll about them.\n\n](https://example.org/a \"Lamps\")\n\nBye, [you](https://example.org/b).", "Hello.\n<a href=\"https://example.org/a\">Lamps and ropes</a>\n\nAll about them.\n\nBye, <a href=\"https://example.org/b\">you</a>."},
		{"a picture", "Hello.\n\n[\n\n![](https://example.org/a.png)\n\n\n\n](https://example.org/a)\n\nBye.", "Hello. " + picture + "\n\nBye."},
		{"in a list", "- [\n\n  Lamps\n\n  ![](https://example.org/a.png)](https://example.org/a)\n- Ropes", "<a href=\"https://example.org/a\"><b>Lamps</b></a> " + picture + "\n\n<b>Ropes</b>"},
		{"around a link", "[ Hello.\n\nSee [lamps](https://example.org/b).\n\n](a)", "[ Hello.\n\nSee <a href=\"https://example.org/b\">lamps</a>.\n\n](a)"},
		{"without an address", "[ Hello.\n\nLamps ] (so)", "[ Hello.\n\nLamps ] (so)"},
		{"in code", "Hello.\n\n```\n[\n\na\n\n](https://example.org/a)\n```", "Hello.\n\n<pre>[\n\na\n\n](https://example.org/a)</pre>"},
		{"in one paragraph", "[Lamps\nand ropes](https://example.org/a)", `<b><a href="https://example.org/a">Lamps and ropes</a></b>`},
	})
}
