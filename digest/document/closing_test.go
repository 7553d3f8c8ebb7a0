package document_test

import (
	"strings"
	"testing"

	"digestbot/digest"
)

// closings are documents that end with some words to their readers: credits are those, if
// it is plain that they belong to no item.
var closings = []struct{ name, file, document, outline, credits string }{
	{"behind a rule and a list", "a.md", "# Quay 7\n\nHello.\n\n## News\n\n- [a](https://a.example/1)\n\n## Books\n\n- [b](https://a.example/2)\n- [c](https://a.example/3)\n\n---\n\nThanks for reading, and see you next week!\n\nQuay is written by [Ann](https://a.example/ann).\n",
		"Quay 7 | 0 | \nNews (1, 1): a\nBooks (2, 2): b\n", "Thanks for reading, and see you next week!\nQuay is written by Ann."},
	{"behind a rule and headed items", "a.md", "# Quay 7\n\n## News\n\n### [a](https://a.example/1)\n\nText.\n\n### [b](https://a.example/2)\n\nText.\n\n***\n\nBis nächste Woche!\n\n[Hier](https://a.example/s) bestellt man den Brief.\n",
		"Quay 7 | 0 | \nNews (2, 2): a\n", "Bis nächste Woche!\nHier bestellt man den Brief."},
	{"behind a rule and bold titles", "a.md", "# 码头周刊 第 7 期\n\n## 新闻\n\n**甲船**\n\n文。\n\n**乙船**\n\n文。\n\n---\n\n下周见！\n\n关注我们的公众号：码头周刊\n",
		"码头周刊 第 7 期 | 7 | \n新闻 (2, 0): 甲船\n", "下周见！\n关注我们的公众号：码头周刊"},
	{"behind rules between the sections", "a.md", "# Quay 7\n\nHello.\n\n---\n\n## News\n\nIt snowed.\n\n---\n\n## Quote\n\n> Ahoy.\n\n---\n\nSee you next week.\n\nAnn\n",
		"Quay 7 | 0 | \nNews (1, 0): It snowed.\nQuote (1, 0): Ahoy.\n", "See you next week.\nAnn"},
	{"before a rule at the end", "a.html", "<h1>Quay 7</h1><h2>News</h2><ul><li>a</li><li>b</li></ul><hr><p>See you next week.</p><hr>",
		"Quay 7 | 0 | \nNews (2, 0): a\n", "See you next week."},
	{"behind a logo", "a.html", "<h1>Quay 7</h1><h2>News</h2><p><a href=\"https://a.example/1\">a</a></p><p>Text.</p><p><a href=\"https://a.example/2\">b</a></p><p>Text.</p><p><img src=\"https://i.example/quay-logo.png\"></p><p>Quay comes out every Friday.</p>",
		"Quay 7 | 0 | \nNews (2, 2): a\n", "Quay comes out every Friday."},
	{"behind a rule of a document without headings", "a.md", "---\ntitle: Quay 7\n---\nHello.\n\n---\n\n- [a](https://a.example/1)\n- [b](https://a.example/2)\n\n---\n\nSee you next week.\n",
		"Quay 7 | 0 | \n (2, 2): a\n", "See you next week."},
	{"with a name behind a dash", "a.md", "# Quay 7\n\nHello.\n\n- [a](https://a.example/1): x\n- [b](https://a.example/2): y\n\n* * *\n\nThat is it for this week!\n\n- Ann\n",
		"Quay 7 | 0 | \n (2, 2): a\n", "That is it for this week!\n"},
	{"that begins with a link, below titles in lines of their own", "a.md", "# Quay 7\n\n## News\n\n[Pier opens](https://a.example/1)\nIt is long.\n\n[Lamp lit](https://a.example/2)\nIt shines.\n\n---\n\n[Subscribe](https://a.example/s) for more. See you next week.\n",
		"Quay 7 | 0 | \nNews (2, 2): Pier opens\n", "Subscribe for more. See you next week."},

	{"no closing: one more item", "a.md", "# Quay 7\n\n## News\n\n[a](https://a.example/1) is open.\n\n[b](https://a.example/2) is shut.\n\n---\n\n[c](https://a.example/3) is here.\n",
		"Quay 7 | 0 | \nNews (3, 3): a\n", ""},
	{"no closing: one more bold title", "a.md", "# Quay 7\n\n## News\n\n**a**\n\nText.\n\n**b**\n\nText.\n\n---\n\n**c**\n\nText.\n",
		"Quay 7 | 0 | \nNews (3, 0): a\n", ""},
	{"no closing: rules between texts", "a.md", "# Quay 7\n\n## News\n\nIt snowed.\n\n---\n\nIt rained.\n\n## Thoughts\n\nOne.\n\n---\n\nAnother.\n",
		"Quay 7 | 0 | \nNews (1, 0): It snowed.\nThoughts (1, 0): One.\n", ""},
	{"no closing: the text itself", "a.md", "# Quay 7\n\nHello.\n\n---\n\nIt snowed all week.\n",
		"Quay 7 | 0 | \n (1, 0): Hello.\n", ""},
	{"no closing: a list", "a.md", "# Quay 7\n\n## News\n\n- a\n- b\n\n---\n\nAlso:\n\n- c\n",
		"Quay 7 | 0 | \nNews (3, 0): a\n", ""},
	{"no closing: an essay", "a.md", "# Quay 7\n\n## News\n\n- a\n- b\n\n---\n\n" + strings.Repeat("It has snowed on the pier for days. ", 30) + "\n",
		"Quay 7 | 0 | \nNews (2, 0): a\n", ""},
}

func TestClosing(t *testing.T) {
	for _, tt := range closings {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, tt.file, tt.document)
			if got := outline(issue); got != tt.outline {
				t.Errorf("outline:\n%s\nwant\n%s", got, tt.outline)
			}
			var lines []string
			for _, b := range issue.Credits {
				lines = append(lines, digest.TextOf(b.Spans))
			}
			if got := strings.Join(lines, "\n"); got != tt.credits {
				t.Errorf("credits = %q, want %q", got, tt.credits)
			}
		})
	}
}
