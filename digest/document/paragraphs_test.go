package document_test

import (
	"fmt"
	"strings"
	"testing"
)

// Paragraphs that begin with titles are items also behind a longer introduction, if they are
// many, and with lists between them behind one line.
func TestParagraphsBehindIntroductions(t *testing.T) {
	links := func(n int) string {
		var out strings.Builder
		for i := range n {
			fmt.Fprintf(&out, "[How lamp %d was lit](https://a.example/%d)\n\n", i+1, i+1)
		}
		return out.String()
	}
	const verse = "Song of the pier\n\nThe tide comes in, the tide goes out,\n\nand nobody asks the lamp,\n\nwhich stays.\n\n"
	const stories = "**The lamp burns with oil again.** It took a year.\n\n- [Why](https://a.example/1)\n- Who\n\n" +
		"**The crane has been painted red.** Some like it.\n\n**Ann leaves the harbour office.** She says why.\n\n- [Letter](https://a.example/2)\n"
	checkOutlines(t, []struct{ name, file, document, want string }{
		{"a verse before many links", "a.md", "---\ntitle: T\n---\n\n" + verse + links(16), "T | 0 | \n (16, 16): How lamp 1 was lit\n"},
		{"a verse before few", "a.md", "---\ntitle: T\n---\n\n" + verse + links(9), "T | 0 | \n (1, 9): Song of the pier\n"},
		{"many links before a verse", "a.md", "---\ntitle: T\n---\n\n" + links(16) + verse, "T | 0 | \n (16, 16): How lamp 1 was lit\n"},
		{"a line before bold stories with lists", "a.md", "---\ntitle: T\n---\n\n## News\n\n![](https://a.example/lamp.png)\n\n_The lamp at night, by Ann_\n\n" + stories + "\n## Ropes\n\n- a\n",
			"T | 0 | \nNews (3, 2): The lamp burns with oil again.\nRopes (1, 0): a\n"},
		{"two lines before them", "a.md", "---\ntitle: T\n---\n\n## News\n\nHello.\n\nAll of this is true.\n\n" + stories + "\n## Ropes\n\n- a\n",
			"T | 0 | \nNews (3, 2): Why\nRopes (1, 0): a\n"},
	})
}

// Lines that are nothing but links are items, also those that Markdown joins with the line
// before; lines of one sentence stay together.
func TestLinesOfLinks(t *testing.T) {
	const lines = "[How lamps burn](https://a.example/1)\n**[Why boats sink](https://a.example/2)**\n[What ropes are](https://a.example/3)\n"
	checkOutlines(t, []struct{ name, file, document, want string }{
		{"one paragraph", "a.md", "# T #7\n\n## News\n\n" + lines + "\n## Ropes\n\n- a\n", "T #7 | 7 | \nNews (3, 3): How lamps burn\nRopes (1, 0): a\n"},
		{"a text under the last", "a.md", "# T #7\n\n## News\n\n" + lines + "They are long.\n\n## Ropes\n\n- a\n", "T #7 | 7 | \nNews (3, 3): How lamps burn\nRopes (1, 0): a\n"},
		{"a sentence", "a.md", "# T #7\n\n## News\n\n[Ann](https://a.example/1)\nand [Bob](https://a.example/2)\nsay that [it snows](https://a.example/3).\n\n## Ropes\n\n- a\n",
			"T #7 | 7 | \nNews (1, 3): Ann and Bob say that it snows.\nRopes (1, 0): a\n"},
	})
}

// A number right before small letters counts an item if it goes on with the one before.
func TestNumbersBeforeSmallLetters(t *testing.T) {
	checkOutlines(t, []struct{ name, file, document, want string }{
		{"lines", "a.md", "# 周刊 #7\n\n## 工具\n\n1.oil 说明 https://a.example/1\n2.rope 说明 https://a.example/2\n3.船 https://a.example/3\n", "周刊 #7 | 7 | \n工具 (3, 3): oil 说明 https://a.example/1\n"},
		{"links over texts", "a.md", "# 周刊 #7\n\n## 工具\n\n1.[oil](https://a.example/1)\n\n说明。\n\n2.**[rope](https://a.example/2)**\n\n说明。\n", "周刊 #7 | 7 | \n工具 (2, 2): oil\n"},
		{"line breaks", "a.md", "# 周刊 #7\n\n## 工具\n\n1.油<br />\n<br />2.oil<br />\n<br />3.绳<br />\n", "周刊 #7 | 7 | \n工具 (3, 0): 油\n"},
		{"names and versions", "a.md", "# T #7\n\n## Tools\n\n[Oil](https://a.example/1)\n\n3.js has lamps.\n\n[Rope](https://a.example/2)\n\n1.x is gone.\n", "T #7 | 7 | \nTools (2, 2): Oil\n"},
	})
}

// Bullets with labels right behind a counted list say who made it; they are shown, but are no
// items.
func TestFactsBehindCountedLists(t *testing.T) {
	const counted = "1. Fog lifts\n2. Frost stays\n3. Boats sail\n"
	checkOutlines(t, []struct{ name, file, document, want string }{
		{"facts", "a.md", "# T #7\n\n## News\n\n" + counted + "\n- Editor: Ann\n- Archive: https://a.example/7\n\n## More\n\n" + counted + "\n* 编辑：安\n* 订阅 https://a.example/8\n* 归档：https://a.example/9\n",
			"T #7 | 7 | \nNews (3, 1): Fog lifts\nMore (3, 2): Fog lifts\n"},
		{"items", "a.md", "# T #7\n\n## News\n\n" + counted + "\n- Tides rise\n- Ropes hold\n", "T #7 | 7 | \nNews (5, 0): Fog lifts\n"},
		{"texts behind labels", "a.md", "# T #7\n\n## News\n\n" + counted + "\n- Tides: they rise higher than they have ever done since the harbour was built\n- Ropes: [a](https://a.example/1) and [b](https://a.example/2) hold whatever the wind may do to the boats\n", "T #7 | 7 | \nNews (5, 2): Fog lifts\n"},
		{"a line between", "a.md", "# T #7\n\n## News\n\n" + counted + "\nPrices:\n\n- Oil: 3\n- Rope: 4\n", "T #7 | 7 | \nNews (5, 0): Fog lifts\n"},
	})
}

// Texts below the numbers of a list belong to its entries, also if they are not indented.
func TestTextsBelowNumbers(t *testing.T) {
	const entries = "1. [Oil](https://a.example/1)\n\n![](https://a.example/1.png)\n\nIt burns.\n\n- Source: Ann\n\n2. [Rope](https://a.example/2)\n3. [Fog](https://a.example/3)\n\nIt is grey.\n\n- Source: Bob\n- Day: Friday\n"
	checkOutlines(t, []struct{ name, file, document, want string }{
		{"texts", "a.md", "# T #7\n\n## News\n\n" + entries + "\n## More\n\n4. Tide\n\nIt turns.\n\n5. Moon\n\nIt shines.\n", "T #7 | 7 | \nNews (3, 3): Oil\nMore (2, 0): Tide\n"},
		{"groups", "a.md", "# T #7\n\n## News\n\n1. Boats\n\n- [a](https://a.example/1)\n- [b](https://a.example/2)\n\n2. Ropes\n\n- [c](https://a.example/3)\n", "T #7 | 7 | \nNews (5, 3): Boats\n"},
		{"lists that begin anew", "a.md", "# T #7\n\n## News\n\n1. a\n2. b\n\nAnd in town:\n\n1. c\n2. d\n", "T #7 | 7 | \nNews (4, 0): a\n"},
	})
	item := parse(t, "a.md", "# T #7\n\n## News\n\n"+entries).Sections[0].Items[0]
	if len(item.Body) != 3 || len(item.Lead) != 0 {
		t.Errorf("the first item has %d blocks below its title and %d above, want 3 and 0", len(item.Body), len(item.Lead))
	}
}
