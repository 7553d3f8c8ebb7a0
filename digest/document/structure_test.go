package document_test

import (
	"testing"

	"digestbot/digest/digesttest"

	"github.com/google/go-cmp/cmp"
)

// structures are documents whose sections and items can be found only from the
// whole document. They are compared like [shapes].
var structures = []struct{ name, file, document, want string }{
	// What names the sections.
	{"bold lines instead of headings", "a.md", "# Quay Notes #7\n\nHello.\n\n**Boats**\n\n- [a](https://a.example/1) sails\n- [b](https://a.example/2)\n\n📚 **Books:**\n\n- [c](https://a.example/3)\n- [d](https://a.example/4)\n\n**Thanks**\n\nTo all.\n",
		"Quay Notes #7 | 7 | \nBoats (2, 2): a\n📚 Books (2, 2): c\nThanks (1, 0): To all.\n"},
	{"bold linked lines instead of headings", "a.md", "# 码头周刊 第 7 期\n\n你好。\n\n**[⛵船只](https://a.example/)**\n\n① 甲船\n\n② 乙船\n\n**[📚书](https://a.example/)**\n\n① 丙书\n\n② 丁书\n\n全文在这里。\n",
		"码头周刊 第 7 期 | 7 | \n⛵ 船只 (2, 1): 甲船\n📚 书 (2, 1): 丙书\n"},
	{"names in brackets instead of headings", "a.md", "# 码头周刊 第 7 期\n\n【船只】\n\n1. [甲](https://a.example/1)\n2. [乙](https://a.example/2)\n\n🌊【海】\n\n1. [丙](https://a.example/3)\n",
		"码头周刊 第 7 期 | 7 | \n船只 (2, 2): 甲\n🌊 海 (1, 1): 丙\n"},
	{"bold cells over bold linked titles", "a.html", "<html><head><title>Quay 7</title></head><body><table><tr><td><b style=\"font-size:18px\">Boats</b></td></tr><tr><td><b><a href=\"https://a.example/1\">A</a></b><br>Sails.<br><br><a href=\"https://a.example/2\"><b>B</b></a><br>Rows.</td></tr><tr><td><b>Books<br></b></td></tr><tr><td><b><a href=\"https://a.example/3\">C</a></b><br>Read it.</td></tr></table></body></html>",
		"Quay 7 | 0 | \nBoats (2, 2): A\nBooks (1, 1): C\n"},
	{"bold titles over prose are no sections", "a.md", "# Quay Notes #7\n\n**The old lamp**\n\nIt burns.\n\n**The new lamp**\n\nIt shines.\n",
		"Quay Notes #7 | 7 | \n (2, 0): The old lamp\n"},
	{"bold days are no sections", "a.md", "# Quay Notes #7\n\n**Monday May 4th**\n\n- [a](https://a.example/1)\n- [b](https://a.example/2)\n\n**Friday May 8th**\n\n- [c](https://a.example/3)\n- [d](https://a.example/4)\n",
		"Quay Notes #7 | 7 | \n (4, 4): a\n"},
}

// TestStructures compares what was understood of these documents.
func TestStructures(t *testing.T) {
	for _, tt := range structures {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, tt.file, tt.document)
			if diff := cmp.Diff(tt.want, outline(issue)); diff != "" {
				t.Errorf("outline (-want +got):\n%s", diff)
			}
			digesttest.CheckIssue(t, issue)
		})
	}
}
