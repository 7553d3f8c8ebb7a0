package document_test

import (
	"fmt"
	"strings"
	"testing"

	"digestbot/digest"
	"digestbot/digest/digesttest"

	"github.com/google/go-cmp/cmp"
)

// outline describes an issue in a few lines: "title | number | date", then for
// each section "emoji name (items, links): first item".
func outline(issue *digest.Issue) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s | %d | %s\n", issue.Title, issue.Number, day(issue))
	for _, s := range issue.Sections {
		first := ""
		if len(s.Items) > 0 {
			first = s.Items[0].Headline()
		}
		fmt.Fprintf(&out, "%s (%d, %d): %s\n", strings.TrimSpace(s.Emoji+" "+s.Name), len(s.Items), len(s.Links()), first)
	}
	return out.String()
}

// checkOutlines compares the outlines of documents with what is wanted, and checks what holds
// of every issue.
func checkOutlines(t *testing.T, documents []struct{ name, file, document, want string }) {
	t.Helper()
	for _, tt := range documents {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, tt.file, tt.document)
			if diff := cmp.Diff(tt.want, outline(issue)); diff != "" {
				t.Errorf("outline (-want +got):\n%s", diff)
			}
			digesttest.CheckIssue(t, issue)
		})
	}
}

var shapes = []struct {
	name, file, document, want string
}{
	// Containers.
	{"yaml after an empty line", "a.md", "\n---\ntitle: '河畔周报12期 _ 早市开张'\ndate: Fri, 05 Mar 2021 00:00:00 GMT\n---\n\n<div>\n<h3>一、要闻</h3><p><strong>早市开张</strong></p><p>周六起。</p>\n</div>",
		"河畔周报12期 _ 早市开张 | 12 | 2021-03-05\n要闻 (1, 0): 早市开张\n"},
	{"yaml with nested lines", "a.md", "---\ntitle: Harbor Weekly 7\ndate: 2022/01/14\nlists:\n  - {a: [1, 2]}\n  - b\ncover:\n  image: https://img.example.com/c.png\n---\n## News\n- [One](https://a.example/1)\n- [Two](https://a.example/2)\n",
		"Harbor Weekly 7 | 7 | 2022-01-14\nNews (2, 2): One\n"},
	{"toml over Markdown", "a.md", "+++\ntitle = \"Mill Notes #31\"\ndate = 2023-05-06T21:00:00+09:00\n[extra]\nx = 1\n+++\n# News\n* [A](https://a.example/1)\n* [B](https://a.example/2)\n# Tools\n* [C](https://a.example/3)\n",
		"Mill Notes #31 | 31 | 2023-05-06\nNews (2, 2): A\nTools (1, 1): C\n"},
	{"toml over HTML", "a.html", "+++\ntitle = 'Mill Notes 32. sezona'\ndate = 2023-05-06\n+++\n<h2>News</h2><ul><li><a href=\"https://a.example/1\">A</a></li></ul><h2>More</h2><p>Nothing.</p>",
		"Mill Notes 32. sezona | 32 | 2023-05-06\nNews (1, 1): A\nMore (1, 0): Nothing.\n"},
	{"pelican lines", "a.md", "Title: Lantern Letter\nNumber: 19\nDate: 2016-02-22 10:00\nTags: a, b\n\nHello!\n\n# First\n\n* [One](https://a.example/1). Text.\n\n# Second\n\n* [Two](https://a.example/2).\n",
		"Lantern Letter | 19 | 2016-02-22\nFirst (1, 1): One\nSecond (1, 1): Two.\n"},
	{"no metadata, title in a heading", "a.md", "# 《河岸》第 08 期\n\n## 新闻\n\n1、[甲](https://a.example/1)\n\n内容。\n\n## 工具\n\n2、[乙](https://a.example/2)：说明。\n",
		"《河岸》第 08 期 | 8 | \n新闻 (1, 1): 甲\n工具 (1, 1): 乙\n"},
	{"no title anywhere", "weekly-33.md", "Welcome.\n\n## News\n\n- [One](https://a.example/1) by Ann\n  > A quote.\n  \n- [Two](https://a.example/2)\n",
		" | 33 | \nNews (2, 2): One\n"},
	{"escaped braces in the title", "a.md", "---\ntitle: 'Use &#123;x&#125; _ part'\n---\n<div><p>Text only.</p></div>",
		"Use {x} _ part | 0 | \n (1, 0): Text only.\n"},
	{"setext headings", "a.md", "Harbor 5\n========\n\nNews\n----\n\n- [One](https://a.example/1)\n- [Two](https://a.example/2)\n\nTools\n-----\n\n- [Three](https://a.example/3)\n",
		"Harbor 5 | 0 | \nNews (2, 2): One\nTools (1, 1): Three\n"},
	{"style element first", "a.md", "---\ntitle: T\n---\n<div><style>p{color:red}</style><h2>A</h2><p><strong>x1</strong></p><p>y</p><h2>B</h2><p><strong>x2</strong></p><p>y</p></div>",
		"T | 0 | \nA (1, 0): x1\nB (1, 0): x2\n"},

	{"no spaces behind the marks", "a.md", "#河岸 第12期\n\n##新闻\n\n- 甲\n- 乙\n\n##书\n\n- 丙\n",
		"河岸 第12期 | 12 | \n新闻 (2, 0): 甲\n书 (1, 0): 丙\n"},
	{"wide spaces behind the marks", "a.md", "#\u3000河岸 第12期\n\n##\u3000新闻\n\n-\u3000[甲](https://a.example/1)\n-\u00a0[乙](https://a.example/2)\n\n##\u00a0书\n\n1.\u3000丙\n2.\u3000丁\n\n```\n-\u3000x\n```\n",
		"河岸 第12期 | 12 | \n新闻 (2, 2): 甲\n书 (2, 0): 丙\n"},

	// Section headings.
	{"levels jump", "a.md", "# T\n\n### A\n#### 1. [One](https://a.example/1)（x）\ntext\n#### 2.Two\ntext\n### B\n#### 1. [Three](https://a.example/3)\ntext\n",
		"T | 0 | \nA (2, 1): One（x）\nB (1, 1): Three\n"},
	{"levels mixed", "a.md", "---\ntitle: T\n---\n\n## News\n* [a](https://a.example/1)\n* [b](https://a.example/2)\n\n### Nearby\n* [c](https://a.example/3)\n\n## Tools\n* [d](https://a.example/4)\n\n# Jobs\n* [e](https://a.example/5)\n\n# Quote\n> Words.\n",
		"T | 0 | \nNews (3, 3): a\nTools (1, 1): d\nJobs (1, 1): e\nQuote (1, 0): Words.\n"},
	{"title at the sections' level", "a.md", "# Harbor Digest 12\n\nHello.\n\n# News\n\n- [a](https://a.example/1)\n- [b](https://a.example/2)\n\n# Tools\n\n- [c](https://a.example/3)\n- [d](https://a.example/4)\n",
		"Harbor Digest 12 | 12 | \nNews (2, 2): a\nTools (2, 2): c\n"},
	{"wrapper of the real sections", "a.md", "# 《河岸》第 2 期\n\n## 目录\n\n看右上角。\n\n## 内容\n\n> 说明\n\n### 甲类\n1、[a](https://a.example/1)：文。\n\n### 乙类\n2、[b](https://a.example/2)：文。\n\n3、[c](https://a.example/3)：文。\n\n## 声明\n\n许可。\n",
		"《河岸》第 2 期 | 2 | \n目录 (1, 0): 看右上角。\n甲类 (1, 1): a\n乙类 (2, 2): b\n声明 (1, 0): 许可。\n"},
	{"groups within sections", "a.md", "---\ntitle: T\n---\n# Community\n\n## Blogs\n* [a](https://a.example/1)\n* [b](https://a.example/2)\n\n## Crates\n* [c](https://a.example/3)\n\n# Core\n\nMany [merged](https://a.example/m).\n\n## Changes\n* [d](https://a.example/4)\n\n## People\n* Ann\n* Bob\n\n# Events\n* [e](https://a.example/5)\n",
		"T | 0 | \nCommunity (3, 3): a\nCore (3, 2): d\nEvents (1, 1): e\n"},
	{"flat: headings are items", "a.md", "---\ntitle: T\n---\nHi.\n\n## [A long story](https://a.example/1)\n\nText one.\n\n## [Another one](https://a.example/2)\n\nText two.\n\n## [The third](https://a.example/3)\n\nText three.\n",
		"T | 0 | \n (3, 3): A long story\n"},
	{"flat: long headings without links", "a.md", "---\ntitle: T\n---\n## The old lighthouse gets a new lamp this year\n\nText.\n\n## Ferry to run twice\n\nText.\n\n## A study looks at what the tides leave behind on the quay\n\nText.\n",
		"T | 0 | \n (3, 0): The old lighthouse gets a new lamp this year\n"},
	{"flat: counted headings", "a.md", "---\ntitle: T\n---\n## 1. Ropes\n\nText.\n\n## 2. Lamps\n\nText.\n\n## 3. Nets\n\nText.\n",
		"T | 0 | \n (3, 0): Ropes\n"},
	{"counted sections", "a.md", "---\ntitle: T\n---\n## 1. Ropes\n\n- a\n- b\n\n## 2. Lamps\n\n- c\n- d\n\n## 3. Nets\n\n- e\n",
		"T | 0 | \nRopes (2, 0): a\nLamps (2, 0): c\nNets (1, 0): e\n"},
	{"one section of headed items", "a.md", "## News\n\n### [One](https://a.example/1)\n\nText.\n\n### [Two](https://a.example/2)\n\nText.\n",
		" | 0 | \nNews (2, 2): One\n"},
	{"title two levels above", "a.md", "## Harbor\n\n### News\n\n- a\n- b\n\n### Tools\n\n- c\n- d\n",
		"Harbor | 0 | \nNews (2, 0): a\nTools (2, 0): c\n"},
	{"banners instead of headings", "a.md", "---\ntitle: T\n---\n![News](https://i.example/n.png)\n\n- [a](https://a.example/1)\n- [b](https://a.example/2)\n\n![Tools](https://i.example/t.png)\n\n- [c](https://a.example/3)\n",
		"T | 0 | \nNews (2, 2): a\nTools (1, 1): c\n"},
	{"bare list", "a.md", "---\ntitle: T\n---\nHi.\n\n- [a](https://a.example/1)\n- [b](https://a.example/2): text\n- [c](https://a.example/3)\n",
		"T | 0 | \n (3, 3): a\n"},
	{"empty headings", "a.html", "<h3>甲</h3><p>@晨报【<a href=\"https://a.example/1\">第一条新闻的标题</a>】内容。</p><h3><br></h3><h3>乙</h3><h3> </h3><p>@晚报【<a href=\"https://a.example/2\">第二条新闻的标题</a>】内容。</p>",
		" | 0 | \n甲 (1, 1): 第一条新闻的标题\n乙 (1, 1): 第二条新闻的标题\n"},
	{"stray item heading", "a.md", "# T 周刊\n\n## 新闻\n\n### 1、甲\n\n文。\n\n## 2、乙\n\n文。\n\n### 3、丙\n\n文。\n\n## 工具\n\n### 1、丁\n\n文。\n",
		"T 周刊 | 0 | \n新闻 (3, 0): 甲\n工具 (1, 0): 丁\n"},
	{"stray linked item heading", "a.md", "---\ntitle: T\n---\n## A\n\n### [One](https://a.example/1)\n\nText.\n\n## [Two](https://a.example/2)\n\nText.\n\n## B\n\n- x\n\n## C\n\n- y\n",
		"T | 0 | \nA (2, 2): One\nB (1, 0): x\nC (1, 0): y\n"},
	{"heading with the title's number", "a.md", "---\ntitle: Issue 12\n---\n# Harbor Weekly #12\n\nHi.\n\n# A\n\n- x\n- y\n\n# B\n\n- z\n",
		"Issue 12 | 12 | \nA (2, 0): x\nB (1, 0): z\n"},
	{"emoji, links, signs in headings", "a.md", "---\ntitle: T\n---\n##  👩🏽‍💻 Code && `x`\n- [a](https://a.example/1)\n- b\n## [Docs](https://a.example/d) & [API](https://a.example/api)\n- [c](https://a.example/2)\n- d\n## [tag] Text\n- e\n- f\n## fn x(y: Z) -> W\n- g\n## Links:\n- h\n## <img src=\"https://i.example/x.png\"> Pictures 🎨\n- i\n",
		"T | 0 | \n👩🏽‍💻 Code && x (2, 1): a\nDocs & API (2, 3): c\n[tag] Text (2, 0): e\nfn x(y: Z) -> W (1, 0): g\nLinks (1, 0): h\n🎨 Pictures (1, 0): i\n"},
	{"false ordinals", "a.md", "---\ntitle: T\n---\n## 360度看城市\n- [a](https://a.example/1)\n- b\n## 水电、风电提速\n- [c](https://a.example/1)\n- b\n## 5 Things\n- [d](https://a.example/1)\n- b\n## 2.0 release\n- e\n## 1234: fix\n- f\n",
		"T | 0 | \n360度看城市 (2, 1): a\n水电、风电提速 (2, 1): c\n5 Things (2, 1): d\n2.0 release (1, 0): e\n1234: fix (1, 0): f\n"},
	{"ordinals", "a.md", "---\ntitle: T\n---\n## 一、甲\n- a\n- x\n## 2. 乙\n- b\n- x\n## (3) 丙\n- c\n## ④丁\n- d\n## Ⅴ. 戊\n- e\n## 06 己\n- f\n",
		"T | 0 | \n甲 (2, 0): a\n乙 (2, 0): b\n丙 (1, 0): c\n丁 (1, 0): d\n戊 (1, 0): e\n己 (1, 0): f\n"},
	{"comments in code are no headings", "a.md", "---\ntitle: T\n---\n## A\n\n```sh\n# not a heading\nls\n```\n\n## B\n\nText.\n",
		"T | 0 | \nA (1, 0): # not a heading\nB (1, 0): Text.\n"},

	// Items.
	{"bold paragraphs", "a.html", "<h3>一、要闻</h3><p><span><strong>1、甲事</strong></span></p><p>文一。</p><p><strong>2、</strong><strong>乙事</strong></p><p>文二，<strong>强调</strong>。</p><h3>二、其他</h3><p><strong>丙事</strong></p><p>文三。</p><p><strong>这一句是全段加粗的强调语句，它以句号结束，并不是标题。</strong></p><p>文四。</p>",
		" | 0 | \n要闻 (2, 0): 甲事\n其他 (1, 0): 丙事\n"},
	{"bold title, address, text with breaks", "a.md", "---\ntitle: T\n---\n## A\n\n**First**  \n<https://a.example/1>  \nText one.\n\n**Second**  \n<https://a.example/2>  \nText two.\n\n## B\n\nProse.\n",
		"T | 0 | \nA (2, 2): First\nB (1, 0): Prose.\n"},
	{"several items in one paragraph", "a.html", "<h2>甲</h2><p>1、<a href=\"https://a.example/1\">一</a><br>2、<a href=\"https://a.example/2\">二</a><br>3、<a href=\"https://a.example/3\">三</a></p><h2>乙</h2><p>• 一条<br>• 两条</p>",
		" | 0 | \n甲 (3, 3): 一\n乙 (2, 0): 一条\n"},
	{"breaks for paragraphs", "a.html", "<h2>A</h2><strong>One</strong><br><br>Text.<br><br><strong>Two</strong><br><br>Text.<h2>B</h2>Text.",
		" | 0 | \nA (2, 0): One\nB (1, 0): Text.\n"},
	{"numbers across the issue, tags before links", "a.md", "# T\n\n## 甲\n\n1、［文章］[一](https://a.example/1)（英文）\n\n文。\n\n2、[笔记][二](https://a.example/2)\n\n文。\n\n## 乙\n\n3、[三](https://a.example/3)\n\n文。\n",
		"T | 0 | \n甲 (2, 2): ［文章］一（英文）\n乙 (1, 1): 三\n"},
	{"untitled quotes", "a.md", "# T\n\n## 言论\n\n1、\n\n水总会流走。\n\n-- [河工](https://a.example/1)\n\n2、\n\n石头会留下，但也会变圆。\n\n-- 石匠\n\n## 金句\n\n第一句。\n\n-- 甲\n\n第二句。\n\n-- 乙\n",
		"T | 0 | \n言论 (2, 1): 水总会流走。\n金句 (2, 0): 第一句。\n"},
	{"bullets with bodies", "a.md", "---\ntitle: T\n---\n## A\n\n-   **One:** text with [link](https://a.example/1).\n\n    Second paragraph.\n\n    - nested\n    - nested\n\n-   **Two:** text.\n\n## B\n\n- [Three](https://a.example/3) by X\n  > quote\ngoes on\n",
		"T | 0 | \nA (2, 1): One\nB (1, 1): Three\n"},
	{"nothing this week", "a.md", "---\ntitle: T\n---\n## A\n\n- [a](https://a.example/1)\n- [b](https://a.example/2)\n\n## B\n\nNothing this week.\n\n## C\n\n* No news. Come back!\n",
		"T | 0 | \nA (2, 2): a\nB (1, 0): Nothing this week.\nC (1, 0): No news. Come back!\n"},
	{"bold label over a list", "a.md", "---\ntitle: T\n---\n## A\n\n**Core:**\n\n- [a](https://a.example/1)\n- [b](https://a.example/2)\n\n**Tools:**\n\n- [c](https://a.example/3)\n- [d](https://a.example/4)\n\n## B\n\n- e\n",
		"T | 0 | \nA (4, 4): a\nB (1, 0): e\n"},
	{"prose with numbered steps", "a.md", "# T\n\n## 话题\n\n第一段。\n\n第二段。\n\n第三段。\n\n**（1）早晨**。做甲。\n\n**（2）晚上**。做乙。\n\n## 工具\n\n1、[甲](https://a.example/1)\n\n文。\n",
		"T | 0 | \n话题 (1, 0): 第一段。\n工具 (1, 1): 甲\n"},
	{"bare numbers that count up", "a.html", "<h3>甲</h3><p><strong>1</strong><strong>5G来了</strong></p><p>文。</p><p><strong>2</strong> <strong>船坞</strong></p><p>文。</p><h3>乙</h3><p><strong>8家船厂</strong></p><p>文。</p>",
		" | 0 | \n甲 (2, 0): 5G来了\n乙 (1, 0): 8家船厂\n"},
	{"lines that begin with links", "a.html", "<h3>A</h3><p><a href=\"https://a.example/1\">One</a> about one<br><a href=\"https://a.example/2\">Two</a> about two</p><h3>B</h3><p>x</p>",
		" | 0 | \nA (2, 2): One\nB (1, 0): x\n"},
	{"headings, bullets and paragraphs", "a.md", "---\ntitle: T\n---\n## A\n\nOne paragraph with [a link](https://a.example/1) and quite some more words, to be an item of its own.\n\nAnother paragraph.\n\n### Vote\n\nText.\n\n## B\n\n### [12345: fix: a thing](https://a.example/2)\n\nText.\n\n### KEP-12: another\n\nText.\n\n## C\n\n* [d](https://a.example/3)\n",
		"T | 0 | \nA (2, 1): One paragraph with a link and quite some more words, to be an item of its own.\nB (2, 1): 12345: fix: a thing\nC (1, 1): d\n"},

	// Around the sections.
	{"link definitions after template tags", "a.md", "---\ntitle: T\n---\n## A\n\n- [One][] text\n- [Two][no such] text\n- [Three] text {{ site.x }}\n\n{% include refs.md %}\n{% include more.md a=\"b\" %}\n[one]: https://a.example/1\n[three]: https://a.example/3\n",
		"T | 0 | \nA (3, 2): One\n"},
	{"template tags over several lines", "a.md", "---\ntitle: T\n---\n## A\n\n- a\n- b\n\n{% include list.md\n  q0=\"Question?\"\n  a0=\"Answer\" %}\n\n## B\n\n- [c]({{x}}1) text\n",
		"T | 0 | \nA (2, 0): a\nB (1, 0): c text\n"},
	{"lines with marks that are none in Markdown", "a.md", "---\ntitle: T\n---\n## A\n\n1、[甲](https://a.example/1)：文\n2、[乙](https://a.example/2)\n写得好。\n3、丙\n\n## B\n\n・丁\n・戊\n\n## C\n\n● 己\n\n文。\n\n● 庚\n",
		"T | 0 | \nA (3, 2): 甲\nB (2, 0): 丁\nC (2, 0): 己\n"},
	{"lines that only begin with a number", "a.md", "---\ntitle: T\n---\n## A\n\n1、甲和\n3、乙\n一起来。\n\n## B\n\n- c\n",
		"T | 0 | \nA (1, 0): 甲和 3、乙一起来。\nB (1, 0): c\n"},
	{"links that lead nowhere", "a.md", "---\ntitle: T\n---\n## A\n\n- [a](javascript:alert(1))\n- [b]()\n- [c](/relative)\n- [d]({{ site.url }}/x)\n- [e](https://a.example/?a=1&b=2)\n- <a href=\"data:text/html,x\">f</a>\n",
		"T | 0 | \nA (6, 1): a\n"},
	{"works with their authors", "a.md", "---\ntitle: T\n---\n## Books\n\n**Lamps** – Ann Gray\n\nA long text about lamps.\n\n**Oars** — Ben Blue\n\nA text about oars.\n\nIt goes on.\n\n## Films\n\n**Rain** – a film about rain, and very long.\n\nText.\n\n**Wind** – another sentence.\n\nText.\n",
		"T | 0 | \nBooks (2, 0): Lamps – Ann Gray\nFilms (1, 0): Rain – a film about rain, and very long.\n"},
	{"lists of the same fields between lines", "a.md", "---\ntitle: T\n---\n## Tools\n\n---\n- Name：[lamp](https://a.example/1)\n- Use：burns\n  ![](https://a.example/l.png)\n------\n- Name：[oar](https://a.example/2)\n- Use：rows\n- Price：12\n\n## Names\n\n- Name：a\n- Use：b\n\n---\n\n- Price：c\n- Use：d\n\n## One\n\n- Name：a\n- Use：b\n",
		"T | 0 | \nTools (2, 2): lamp\nNames (4, 0): Name：a\nOne (2, 0): Name：a\n"},
	{"lists of fields with bold labels", "a.md", "---\ntitle: T\n---\n## A\n\n- **Name** Pier: a story\n- **Use** walks\n\n---\n\n- **Name:** Oar: another\n- **Use:** rows\n\n## B\n\n- **Name**: lamp\n- **Use**: burns\n\n---\n\n- **Name**: oar\n- **Use**: rows\n",
		"T | 0 | \nA (2, 0): Pier: a story\nB (2, 0): lamp\n"},
	{"links in the middle of words", "a.md", "---\ntitle: T\n---\n## A\n\n- [민수](https://a.example/1)가 배를 [고쳤습니다](https://a.example/2).\n- [등대](https://a.example/3) 소식\n\n## B\n\n- [灯台](https://a.example/4)が光る\n- [Lamp](https://a.example/5)s burn\n",
		"T | 0 | \nA (2, 3): 민수가 배를 고쳤습니다.\nB (2, 2): 灯台\n"},
	{"front matter with tabs", "a.md", "---\ntitle: T\ntags:\n\t- a\n\t- b\nextra:\n\tnumber: 7\n---\n## A\n\n- a\n",
		"T | 7 | \nA (1, 0): a\n"},
	{"a title that is only in the name of the file", "港口周刊-第7期：灯塔.md", "## 值得关注\n\n- 甲\n- 乙\n",
		"港口周刊-第7期：灯塔 | 7 | \n值得关注 (2, 0): 甲\n"},
	{"a name of a file that is no title", "第7期.md", "## 值得关注\n\n- 甲\n- 乙\n", " | 7 | \n值得关注 (2, 0): 甲\n"},
	{"a name of a file for programs", "harbour-weekly-issue-7.md", "## A\n\n- a\n- b\n\n## B\n\n- c\n", " | 7 | \nA (2, 0): a\nB (1, 0): c\n"},
	{"names in frames", "a.md", "---\ntitle: T\n---\n## >> News <<\n\n- a\n- b\n\n## == Boats ==\n\n- c\n\n## C++\n\n- d\n",
		"T | 0 | \nNews (2, 0): a\nBoats (1, 0): c\nC++ (1, 0): d\n"},
	{"a long name among lines with a colon", "a.md", "---\ntitle: T\n---\nHello.\n\nRepairs, painting and other work (by members, friends and guests):\n\n- a\n- b is a long entry about the work of the week, with all that was done on the pier and in the yard\n- b2 is a long entry about the work of the week, too\n\nBoats:\n\n- c\n- d\n\nRopes:\n\n- e\n- f\n\nEvents:\n\n- g\n",
		"T | 0 | \nRepairs, painting and other work (by members, friends and guests) (3, 0): a\nBoats (2, 0): c\nRopes (2, 0): e\nEvents (1, 0): g\n"},
	{"assignments above a line", "a.md", "title=Harbour 40\naudio.url=https://a.example/40.mp3\ndate=2026-03-07\n----\n\n## A\n\n- a\n- b\n\n## B\n\n- c\n",
		"Harbour 40 | 0 | 2026-03-07\nA (2, 0): a\nB (1, 0): c\n"},
	{"assignments that are a text", "a.md", "title=Harbour 40\nAnd so on.\n\n## A\n\n- a\n- b\n\n## B\n\n- c\n",
		" | 0 | \nA (2, 0): a\nB (1, 0): c\n"},
	{"headings below lone tags", "a.md", "title: \"Harbour [12]\"\ndate: 2026-05-26\n---\n\n### A\n<hr>\n**[Lamp](https://a.example/1)**\nText.\n\n<br>\n### B\n\n- b\n- c\n\n<div>\n\n<p align=\"center\">x</p>\n\n</div>\n### C\n\n- d\n",
		"Harbour [12] | 0 | 2026-05-26\nA (1, 1): Lamp Text.\nB (2, 0): b\nC (1, 0): d\n"},
	{"hidden things", "a.md", "---\ntitle: T\n---\n## A\n\n<!-- \n- [sample](https://a.example/s)\n-->\n\n- [a](https://a.example/1)<script>x()</script>\n- b<noscript>c</noscript>\n\n<iframe src=\"https://v.example\"></iframe>\n\n[^1]: Note.\n",
		"T | 0 | \nA (2, 1): a\n"},
}

// TestShapes parses a small document of every shape that publishers write, and
// compares what was understood: title, number, date, and of every section the
// name, how many items and links it has, and the headline of the first item.
func TestShapes(t *testing.T) {
	checkOutlines(t, shapes)
}
