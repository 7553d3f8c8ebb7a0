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
	{"names with a large sign instead of headings", "a.md", "# 船便り 第7号\n\nこんにちは。\n\n■ 船\n・[甲](https://a.example/1) 帆船です。\n・[乙](https://a.example/2)\n\n■ 本\n\n・丙\n・丁\n\n■ お知らせ\n来週は休みです。\n",
		"船便り 第7号 | 7 | \n船 (2, 2): 甲\n本 (2, 0): 丙\nお知らせ (1, 0): 来週は休みです。\n"},
	{"the same in HTML", "a.html", "<h1>船便り 第7号</h1><p>◆船<br>・甲<br>・乙</p><p>◆本<br>・丙<br>・丁</p>",
		"船便り 第7号 | 7 | \n船 (2, 0): 甲\n本 (2, 0): 丙\n"},
	{"items with a large sign", "a.md", "# 船便り 第7号\n\n■ 帆船が港に入り、人が集まりました。\n\n文。\n\n■ 灯が消えました。\n\n文。\n",
		"船便り 第7号 | 7 | \n (2, 0): 帆船が港に入り、人が集まりました。\n"},
	{"names in angle brackets", "a.md", "# 船便り 第7号\n\n＜船＞\n\n- 甲\n- 乙\n\n＜本＞\n\n- 丙\n",
		"船便り 第7号 | 7 | \n船 (2, 0): 甲\n本 (1, 0): 丙\n"},
	{"headings with a large sign", "a.md", "# 船便り 第7号\n\n## ■ 船\n\n- 甲\n- 乙\n\n## ◆本\n\n- 丙\n",
		"船便り 第7号 | 7 | \n船 (2, 0): 甲\n本 (1, 0): 丙\n"},
	{"bold cells over bold linked titles", "a.html", "<html><head><title>Quay 7</title></head><body><table><tr><td><b style=\"font-size:18px\">Boats</b></td></tr><tr><td><b><a href=\"https://a.example/1\">A</a></b><br>Sails.<br><br><a href=\"https://a.example/2\"><b>B</b></a><br>Rows.</td></tr><tr><td><b>Books<br></b></td></tr><tr><td><b><a href=\"https://a.example/3\">C</a></b><br>Read it.</td></tr></table></body></html>",
		"Quay 7 | 0 | \nBoats (2, 2): A\nBooks (1, 1): C\n"},
	{"bold titles over prose are no sections", "a.md", "# Quay Notes #7\n\n**The old lamp**\n\nIt burns.\n\n**The new lamp**\n\nIt shines.\n",
		"Quay Notes #7 | 7 | \n (2, 0): The old lamp\n"},
	{"bold days are no sections", "a.md", "# Quay Notes #7\n\n**Monday May 4th**\n\n- [a](https://a.example/1)\n- [b](https://a.example/2)\n\n**Friday May 8th**\n\n- [c](https://a.example/3)\n- [d](https://a.example/4)\n",
		"Quay Notes #7 | 7 | \n (4, 4): a\n"},

	{"a list of the headings below is no section", "a.md", "# Quay 7\n\n## 📊 In this issue\n\n- **🚀 Boats** (2 of them)\n- Books:\n- Ropes and knots (3)\n- and more\n\n**Six in all**\n\n---\n\n## 🚀 Boats\n\n- a\n- b\n\n## Books\n\n- c\n- d\n\n## Ropes and knots\n\n- e\n- f\n",
		"Quay 7 | 0 | \n🚀 Boats (2, 0): a\nBooks (2, 0): c\nRopes and knots (2, 0): e\n"},
	{"contents that name some of the headings", "a.html", "<html><head><title>T</title></head><body><p>In this issue:</p><ul><li><a href='#l'>Lamps</a></li><li><a href='#r'>Ropes (2)</a></li></ul><h3>Lamps</h3><h3>Frost on the pier</h3><p>It is white.</p><h3>Fog over the bay</h3><p>Nobody sees it.</p><h3>Ropes</h3><h3>Hemp came in</h3><h4>Prices</h4><p>They rose.</p><h3>Knots of old sailors</h3><p>They hold.</p></body></html>",
		"T | 0 | \nLamps (2, 0): Frost on the pier\nRopes (2, 0): Hemp came in\n"},
	{"the same without places in the page", "a.html", "<html><head><title>T</title></head><body><p>In this issue:</p><ul><li><a href='quay7.html#l'>Lamps</a></li><li><a href='quay7.html#r'>Ropes (2)</a></li></ul><h3>Lamps</h3><h3>Frost on the pier</h3><p>It is white.</p><h3>Fog over the bay</h3><p>Nobody sees it.</p><h3>Ropes</h3><h3>Hemp came in</h3><h4>Prices</h4><p>They rose.</p><h3>Knots of old sailors</h3><p>They hold.</p></body></html>",
		"T | 0 | \nLamps (2, 0): Frost on the pier\nRopes (2, 0): Hemp came in\n"},
	{"contents that name headings with texts", "a.html", "<html><head><title>T</title></head><body><p>In this issue:</p><ul><li><a href='#l'>Lamps</a></li><li><a href='#r'>Ropes (2)</a></li></ul><h3>Lamps</h3><p>They burn.</p><h3>Frost on the pier</h3><p>It is white.</p><h3>Fog over the bay</h3><p>Nobody sees it.</p><h3>Ropes</h3><h3>Hemp came in</h3><h4>Prices</h4><p>They rose.</p><h3>Knots of old sailors</h3><p>They hold.</p></body></html>",
		"T | 0 | \nLamps (1, 0): They burn.\nFrost on the pier (1, 0): It is white.\nFog over the bay (1, 0): Nobody sees it.\nRopes (0, 0): \nHemp came in (1, 0): Prices\nKnots of old sailors (1, 0): They hold.\n"},
	{"a list of other words is a section", "a.md", "# Quay 7\n\n## What came in\n\n- Boats\n- Ropes\n- Books\n- Lamps\n\n## Boats\n\n- a\n- b\n\n## Books\n\n- c\n- d\n",
		"Quay 7 | 0 | \nWhat came in (4, 0): Boats\nBoats (2, 0): a\nBooks (2, 0): c\n"},
	{"short lines over titles are no item", "a.md", "# Quay 7\n\n## Boats\n\n*They sail.*\n\n**2 boats**\n\n### The old one\n\nIt rows.\n\n### The new one\n\nIt sails.\n\n## Books\n\n**1 book**\n\n### Sea\n\nLong.\n",
		"Quay 7 | 0 | \nBoats (2, 0): The old one\nBooks (1, 0): Sea\n"},
	{"bold lines below the heading of a mail", "a.html", "<html><head><title>Quay 7</title></head><body><h2>Letters of the quay</h2><p>Hello.</p><p><b>Boats</b></p><p><a href=\"https://a.example/1\"><b>A</b></a><br>Sails.</p><p><a href=\"https://a.example/2\"><b>B</b></a><br>Rows.</p><p><b>Books</b></p><p><a href=\"https://a.example/3\"><b>C</b></a><br>Read it.</p><p><b>Jobs</b></p><p><a href=\"https://a.example/4\"><b>D</b></a><br>At night.</p><h2>Letters of the quay</h2></body></html>",
		"Quay 7 | 0 | \nBoats (2, 2): A\nBooks (1, 1): C\nJobs (1, 1): D\n"},
	{"bold lines below one of two headings", "a.md", "---\ntitle: T\n---\n## A\n\n**Boats**\n\n- a\n- b\n\n**Books**\n\n- c\n- d\n\n**Jobs**\n\n- e\n- f\n\n## B\n\nText.\n",
		"T | 0 | \nA (6, 0): a\nB (1, 0): Text.\n"},

	// Which heading is the title.
	{"first story begins the title", "a.md", "---\ntitle: \"Winter on the quay, Ropes, Knots\"\n---\nHello.\n\n## Winter on the quay\n\nIt snowed.\n\n## Ropes\n\n- a\n- b\n\n## Knots\n\n- c\n",
		"Winter on the quay, Ropes, Knots | 0 | \nWinter on the quay (1, 0): It snowed.\nRopes (2, 0): a\nKnots (1, 0): c\n"},
	{"a heading begins the title with its number", "a.md", "---\ntitle: \"Letters of the harbour, No. 12 is here\"\n---\n## Letters of the harbour\n\nHello.\n\n## Ropes\n\n- a\n- b\n\n## Knots\n\n- c\n",
		"Letters of the harbour, No. 12 is here | 12 | \nRopes (2, 0): a\nKnots (1, 0): c\n"},
	{"the only heading of its level begins the title", "a.md", "---\ntitle: \"Letters of the harbour: ropes\"\n---\n# Letters of the harbour\n\n## Ropes\n\n- a\n- b\n\n## Knots\n\n- c\n",
		"Letters of the harbour: ropes | 0 | \nRopes (2, 0): a\nKnots (1, 0): c\n"},
	{"title with nothing under it among sections with deeper headings", "a.md", "# Harbour notes\n\n# News\n\n## Frost\n\nIt came.\n\n# Books\n\n## Sea\n\nLong.\n",
		"Harbour notes | 0 | \nNews (1, 0): Frost\nBooks (1, 0): Sea\n"},
	{"an empty section of level two is no title", "a.md", "## Left over\n\n## News\n\n### Frost\n\nIt came.\n\n## Books\n\n### Sea\n\nLong.\n",
		" | 0 | \nLeft over (0, 0): \nNews (1, 0): Frost\nBooks (1, 0): Sea\n"},
	{"title of level two with a number over prose", "a.md", "## 2018 Week 41\n\n### Boats\n\nThey sailed.\n\n### Ropes and knots\n\nThey held.\n\n### The team\n\nIt met.\n",
		"2018 Week 41 | 0 | \nBoats (1, 0): They sailed.\nRopes and knots (1, 0): They held.\nThe team (1, 0): It met.\n"},
	{"title that looks smaller than the sections", "a.md", "### Issue #12 (ropes and boats)\n\nHello.\n\n## Boats\n\n- a\n- b\n\n## Ropes\n\n- c\n",
		"Issue #12 (ropes and boats) | 12 | \nBoats (2, 0): a\nRopes (1, 0): c\n"},
	{"small headings that count the texts are no title", "a.md", "### No. 1\n\n- a\n- b\n\n### No. 2\n\n- c\n- d\n\n## Ropes\n\n- e\n",
		" | 0 | \nNo. 1 (2, 0): a\nNo. 2 (2, 0): c\nRopes (1, 0): e\n"},
	{"a section of linked items is no title", "a.md", "## Top 5\n\n### [One](https://a.example/1)\n\nText.\n\n### [Two](https://a.example/2)\n\nText.\n",
		" | 0 | \nTop 5 (2, 2): One\n"},
	{"number and date below the title", "a.html", "<h1>Harbour letters</h1><h3>No. 12 – Friday 4 May</h3><p>Hello.</p><ul><li><b>One</b></li><p>Text. <a href=\"https://a.example/1\">Read</a></p><li><b>Two</b></li><p>Text.</p></ul>",
		"Harbour letters | 12 | \n (2, 1): One\n"},

	// Which level makes the sections.
	{"deeper heading before the first section", "a.md", "# Harbour Weekly #12\n\n### In short\n\n> * Ropes\n> * Knots\n\n## Ropes\n\n### A new rope\n\nIt is long.\n\n## Knots\n\nBy Ann\n\n### A knot\n\nIt holds.\n\n## Links\n\n1、[a](https://a.example/1)\n\n2、[b](https://a.example/2)\n",
		"Harbour Weekly #12 | 12 | \nRopes (1, 0): A new rope\nKnots (1, 0): A knot\nLinks (2, 2): a\n"},
	{"deeper heading with links before the first section", "a.md", "# Harbour Weekly #12\n\n### Sponsors\n\n- [s](https://a.example/s)\n- [t](https://a.example/t)\n\n## Ropes\n\n### A new rope\n\nIt is long.\n\n## Knots\n\n### A knot\n\nIt holds.\n",
		"Harbour Weekly #12 | 12 | \nSponsors (2, 2): s\nRopes (1, 0): A new rope\nKnots (1, 0): A knot\n"},
	{"a higher heading near the end", "a.md", "---\ntitle: T\n---\n## News\n\n- a\n- b\n\n## Tools\n\n- c\n\n## Thanks\n\nTo all.\n\n# Special\n\nWe met.\n\n## Plans\n\n- d\n- e\n",
		"T | 0 | \nNews (2, 0): a\nTools (1, 0): c\nThanks (1, 0): To all.\nPlans (2, 0): d\n"},
	{"a heading that holds only deeper ones", "a.md", "# Tide notes\n\n## Notes\n\nThe pier is open. Bring boots.\n\n## Releases\n\n### Lamp 4\n\n- Brighter\n- Lighter\n\n### Oil 2\n\n- Cleaner\n\n## Help wanted\n\nWith the rope.\n",
		"Tide notes | 0 | \nNotes (1, 0): The pier is open. Bring boots.\nReleases (2, 0): Lamp 4\nHelp wanted (1, 0): With the rope.\n"},
	{"a greeting above the sections, and peers of it below", "a.md", "---\ntitle: T\n---\n# Hello from the quay\n\nIt rains.\n\n## News\n\n### Boats\n\n- [a](https://a.example/1)\n- [b](https://a.example/2)\n\n### Ropes\n\n- [c](https://a.example/3)\n\n## Tools\n\n- [d](https://a.example/4)\n- [e](https://a.example/5)\n\n## Books\n\n- [f](https://a.example/6)\n\n## Events\n\n- [g](https://a.example/7)\n- [h](https://a.example/8)\n\n# Jobs\n\n- i\n- j\n\n# Quote\n\nIt rains.\n",
		"T | 0 | \nNews (3, 3): a\nTools (2, 2): d\nBooks (1, 1): f\nEvents (2, 2): g\nJobs (2, 0): i\nQuote (1, 0): It rains.\n"},
	{"sections and linked items of one level", "a.html", "<h1>Tides</h1><h2>High</h2><div>01</div><h2><a href=\"https://a.example/1\">One</a></h2><p>Text.</p><div>02</div><h2><a href=\"https://a.example/2\">Two</a></h2><p>Text.</p><h2>Low</h2><div>03</div><h2><a href=\"https://a.example/3\">Three</a></h2><p>Text.</p><div>04</div><h2><a href=\"https://a.example/4\">Four</a></h2><p>Text.</p>",
		"Tides | 0 | \nHigh (2, 2): One\nLow (2, 2): Three\n"},
	{"a list that closes a document with linked items", "a.html", "<h1>Tides</h1><h2>High</h2><h2><a href=\"https://a.example/1\">One</a></h2><p>Text.</p><h2><a href=\"https://a.example/2\">Two</a></h2><p>Text.</p><h2>Low</h2><h2><a href=\"https://a.example/3\">Three</a></h2><p>Text.</p><h2><a href=\"https://a.example/4\">Four</a></h2><p>Text.</p><h3>Sources</h3><ul><li><a href=\"https://a.example/a\">The almanac</a></li><li><a href=\"https://a.example/b\">The pilot</a></li></ul>",
		"Tides | 0 | \nHigh (2, 2): One\nLow (2, 2): Three\nSources (2, 2): The almanac\n"},
	{"headings that close the document behind a rule", "a.md", "---\ntitle: T\n---\n## News\n\n- a\n- b\n\n## Tools\n\n- c\n- d\n\n## Talk\n\n- e\n- f\n\n---\n\n### That is all\n\nBye.\n",
		"T | 0 | \nNews (2, 0): a\nTools (2, 0): c\nTalk (2, 0): e\nThat is all (1, 0): Bye.\n"},
	{"headings without a space", "a.md", "---\ntitle: T\n---\n##News\n- a\n- b\n\n##Tools ##\n- c\n\n#quay #boats\n",
		"T | 0 | \nNews (2, 0): a\nTools (1, 0): c\n"},
	{"a paragraph over a line of dashes", "a.md", "---\ntitle: T\n---\nThis week we look at the ropes of the old harbour, at the knots that hold them, at the people who tie them, and at what all of this has to do with the weather of the last days.\n---\n\n## News\n\n- a\n- b\n\n## Tools\n\n- c\n",
		"T | 0 | \nNews (2, 0): a\nTools (1, 0): c\n"},
	{"headings of mere signs", "a.md", "---\ntitle: T\n---\n## A\n\n- a\n- b\n\n## …\n\n## 🔥\n\n### One\n\nText.\n\n### \\*\\*\\*\n\n### Two\n\nText.\n\n## . . .\n",
		"T | 0 | \nA (2, 0): a\n🔥 (2, 0): One\n"},
	{"contents under the only heading", "a.html", "<h4>Contents</h4><ul><li><a href=\"#a\">One</a></li><li><a href=\"#b\">Two</a></li></ul><p><b>One</b></p><p>Text.</p><p><b>Two</b></p><p>Text.</p>",
		" | 0 | \n (2, 0): One\n"},
	{"contents before deeper headings", "a.md", "## Contents\n\n- [a](#a)\n- [b](#b)\n\n### Note\n\nText.\n\n## News\n\n- a\n- b\n",
		" | 0 | \nNews (2, 0): a\n"},

	// Bullets that are indented less than Markdown wants.
	{"bullets with one space below numbers", "a.md", "# Quay 7\n\n## News\n\n1. [a](https://a.example/1)\n - It sails.\n - It rows.\n2. [b](https://a.example/2)\n  - It floats.\n   - It sinks.\n3. c\n\n## Books\n\n1. d\n\n - e\n - f\n\n2. g\n",
		"Quay 7 | 0 | \nNews (3, 2): a\nBooks (2, 0): d\n"},
	{"bullets with one space below bullets of another kind", "a.md", "# Quay 7\n\n## News\n\n- [a](https://a.example/1)\n - It sails.\n   And rows.\n - It rows.\n- [b](https://a.example/2)\n\n## Books\n\n- On knots:\n - [c](https://a.example/3)\n - [d](https://a.example/4)\n- On boats:\n - [e](https://a.example/5)\n\n## Tools\n\n* f\n - g\n - h\n* i\n",
		"Quay 7 | 0 | \nNews (2, 2): a\nBooks (2, 3): On knots\nTools (2, 0): f\n"},
	{"bullets with one space by accident", "a.md", "# Quay 7\n\n## News\n\n- [a](https://a.example/1)\n - [b](https://a.example/2)\n- [c](https://a.example/3)\n\n## Books\n\n - d\n - e\n- f\n\n## Tools\n\n1. g\n2. h\n\n * i\n * j\n\n```\n1. k\n - l\n```\n",
		"Quay 7 | 0 | \nNews (3, 3): a\nBooks (3, 0): d\nTools (4, 0): g\n"},

	// Headings that announce the next one.
	{"a heading that announces the next one", "a.md", "# Quay 7\n\n## Deep dive:\n\n## How lamps burn\n\nThey burn oil.\n\n## News\n\n- a\n- b\n",
		"Quay 7 | 0 | \nDeep dive: How lamps burn (1, 0): They burn oil.\nNews (2, 0): a\n"},
	{"a small heading that announces a larger one", "a.html", "<h1>Quay 7</h1><h3>Interview:</h3><h2>Ann of the quay</h2><p>She ties knots.</p><h2>News</h2><p>Snow.</p><h3>Out now:</h3><h2><a href=\"https://a.example/1\">Knots</a></h2><p>Forty.</p>",
		"Quay 7 | 0 | \nInterview: Ann of the quay (1, 0): She ties knots.\nNews (1, 0): Snow.\nOut now: Knots (1, 1): Forty.\n"},
	{"a Chinese heading that announces the next one", "a.md", "# 码头周刊 第 7 期\n\n## 专题：\n\n## 灯怎样亮\n\n用油。\n\n## 新闻\n\n- 甲\n- 乙\n",
		"码头周刊 第 7 期 | 7 | \n专题：灯怎样亮 (1, 0): 用油。\n新闻 (2, 0): 甲\n"},
	{"sections with a colon, one of them empty", "a.md", "# Quay 7\n\n## News:\n\n- a\n- b\n\n## Jobs:\n\n## Books\n\n- c\n- d\n",
		"Quay 7 | 0 | \nNews (2, 0): a\nJobs (0, 0): \nBooks (2, 0): c\n"},
	{"a topic with a colon over its items", "a.md", "# Quay 7\n\n## News:\n\n### Snow\n\nIt fell.\n\n### Rain\n\nIt came.\n\n## Books:\n\n### Knots\n\nForty.\n",
		"Quay 7 | 0 | \nNews (2, 0): Snow\nBooks (1, 0): Knots\n"},

	// Sections, or the items of a flat digest.
	{"counted stories with lists in them", "a.md", "# 码头周刊（第39期）\n\n## 1、绳子：怎样选\n\n很长。\n\n## 2、结：怎样打\n\n几个特点:\n\n1、不松\n\n2、不断\n\n## 3、船：怎样开\n\n步骤：\n\n- 上船\n- 开船\n",
		"码头周刊（第39期） | 39 | \n (3, 0): 绳子：怎样选\n"},
	{"counted sections with bare numbers", "a.md", "# Quay 12\n\n## 1 News\n\n- a\n- b\n\n## 2 Books\n\n- c\n- d\n\n## 3 Tools\n\n- e\n",
		"Quay 12 | 0 | \nNews (2, 0): a\nBooks (2, 0): c\nTools (1, 0): e\n"},
	{"numbers that do not count the sections", "a.md", "# Quay 12\n\n## 3 boats\n\n- a\n- b\n\n## 5 ropes\n\n- c\n- d\n",
		"Quay 12 | 0 | \n3 boats (2, 0): a\n5 ropes (2, 0): c\n"},
	{"long stories beside sections", "a.html", "<h1>Morning</h1><h2>The ferry runs twice a day again from the first of May on</h2><p>Text.</p><h2>A study looks at what the tides leave behind on the quay</h2><p>Text.</p><h2>Short</h2><p>⛵ <a href=\"https://a.example/1\">One</a> | text</p><p>🌊 <a href=\"https://a.example/2\">Two</a> | text</p><h2>Events</h2><p>📅 <a href=\"https://a.example/3\">Three</a> | text</p><p>📅 <a href=\"https://a.example/4\">Four</a> | text</p>",
		"Morning | 0 | \nThe ferry runs twice a day again from the first of May on (1, 0): Text.\nA study looks at what the tides leave behind on the quay (1, 0): Text.\nShort (2, 2): ⛵ One\nEvents (2, 2): 📅 Three\n"},

	// Items and groups.
	{"linked lines over their texts", "a.md", "# Quay Notes #7\n\n## News\n\n[A pier](https://a.example/1)\nIt is long and made of wood.\n\n[A lamp](https://a.example/2)\nIt shines at night:\n\n- by the sea\n- by day\n\n[A boat](https://a.example/3)\nIt sails.\n\n> Ahoy.\n\n## Books\n\n[Knots](https://a.example/4)\nForty.\n",
		"Quay Notes #7 | 7 | \nNews (3, 3): A pier\nBooks (1, 1): Knots\n"},
	{"linked lines in bold and with an emoji over their texts", "a.md", "# Quay Notes #7\n\nHello there.\n\nThis is the text of this week.\n\n🚢 [A pier](https://a.example/1)\nIt is long and made of wood.\n\n**[A lamp](https://a.example/2)**\n*It shines* at night.\n",
		"Quay Notes #7 | 7 | \n (2, 2): 🚢 A pier\n"},
	{"linked lines over Chinese texts", "a.md", "# 码头周刊 第 7 期\n\n## 新闻\n\n[新码头开放了](https://a.example/1)\n码头很长，\n用木头做的。\n\n## 书\n\n[绳结](https://a.example/3)\n四十个。\n",
		"码头周刊 第 7 期 | 7 | \n新闻 (1, 1): 新码头开放了\n书 (1, 1): 绳结\n"},
	{"links at the ends of wrapped lines", "a.md", "# Quay Notes #7\n\n## News\n\n[The harbour office](https://a.example/1)\nhas said that it snows.\n\n## Books\n\n[Knots and more](https://a.example/2),\nforty of them.\n",
		"Quay Notes #7 | 7 | \nNews (1, 1): The harbour office has said that it snows.\nBooks (1, 1): Knots and more, forty of them.\n"},
	{"linked item headings with an emoji over lists", "a.md", "# T #5\n\n## A\n\n### 🐕 [One](https://a.example/1)\n\nThree ways:\n1. this\n2. that\n3. none\n\n### 🐎 [Two](https://a.example/2)\n\nText.\n\n## B\n\n### 🐕 Three\n\nBoth are small.\n\n- https://a.example/3\n- https://a.example/4\n",
		"T #5 | 5 | \nA (2, 2): 🐕 One\nB (1, 2): 🐕 Three\n"},
	{"groups with a line above their lists", "a.md", "---\ntitle: T\n---\n## A\n\n### Boats\n\nThese are new:\n\n- [a](https://a.example/1)\n- [b](https://a.example/2)\n\n### Ropes\n\n- [c](https://a.example/3)\n\n## B\n\n- d\n",
		"T | 0 | \nA (3, 3): a\nB (1, 0): d\n"},
	{"item heading with headings in its text", "a.md", "---\ntitle: T\n---\n## A\n\n### Closures\n\nA long paragraph about what a closure captures and when, which says more than one line could say, and then goes on for a while.\n\n#### By reference\n\nText.\n\n#### By value\n\nText.\n\n## B\n\n- c\n",
		"T | 0 | \nA (1, 0): Closures\nB (1, 0): c\n"},
	{"a topic over a line and a list of links", "a.md", "---\ntitle: T\n---\n## A\n\n### Boats\n\nMany have come in since the last letter.\n\n- [a](https://a.example/1)\n- [b](https://a.example/2): text\n- [c](https://a.example/3)\n\n### Ropes\n\nAnd these are made of hemp.\n\n- [d](https://a.example/4)\n- [e](https://a.example/5)\n- [f](https://a.example/6)\n\n## B\n\n### Boats\n\nThree of them are talked about a lot.\n\n- [g](https://a.example/7)\n- [h](https://a.example/8)\n- [i](https://a.example/9)\n\n### The new pier\n\nIt is open.\n",
		"T | 0 | \nA (6, 6): a\nB (2, 3): Boats\n"},
	{"stories of paragraphs that begin with links", "a.md", "---\ntitle: T\n---\n## A\n\n### The harbour gets a new lamp and a bench\n\n[The lamp](https://a.example/1) burns all night.\n\n[The bench](https://a.example/2) is of oak.\n\n### The ferry runs again\n\nSince Monday, says [the crew](https://a.example/3).\n\n### Tide tables are printed\n\nIn the old shop.\n\n## B\n\n- c\n",
		"T | 0 | \nA (3, 3): The harbour gets a new lamp and a bench\nB (1, 0): c\n"},
	{"fields under item headings", "a.md", "---\ntitle: T\n---\n## A\n\n### One\n\n**Where**: here\n\n**Price**: free\n\n### Two\n\n**Where**: there\n\n**Price**: dear\n\n## B\n\n- c\n",
		"T | 0 | \nA (2, 0): One\nB (1, 0): c\n"},
	{"number of one problem among other entries", "a.md", "# T 7\n\n## Tasks\n\n- [13. Counting](https://a.example/2)\n- [Boats](https://a.example/3)\n\n## Books\n\n- 1\\. Sea\n- 2\\. Fog\n",
		"T 7 | 0 | \nTasks (2, 2): 13. Counting\nBooks (2, 0): Sea\n"},
	{"headings that nothing stands under", "a.md", "# T 7\n\n## 见闻\n\n### 文章\n\n### 其它\n\n## 算法\n\n+ [384. 打乱](https://a.example/1)\n+ [13. 数](https://a.example/2)\n",
		"T 7 | 0 | \n见闻 (0, 0): \n算法 (2, 2): 384. 打乱\n"},
	{"lists behind rules between the lead stories", "a.md", "---\ntitle: T\n---\n## A\n\n**[One](https://a.example/1)**\n\nText.\n\n- point\n- point\n\n---\n\n**[Two](https://a.example/2)**\n\nText.\n\n---\n\n- [c](https://a.example/3)\n- [d](https://a.example/4): text\n\n## B\n\n- e\n",
		"T | 0 | \nA (4, 4): One\nB (1, 0): e\n"},
	{"a list of points behind a rule is no list of items", "a.md", "---\ntitle: T\n---\n## A\n\n**[One](https://a.example/1)**\n\nText.\n\n---\n\n- point\n- point\n\n## B\n\n- e\n",
		"T | 0 | \nA (1, 1): One\nB (1, 0): e\n"},
	{"advertisement and label above a list", "a.md", "---\ntitle: T\n---\n## A\n\n[📦 Buy ropes 📦](https://a.example/ad)\n\n**New**\n\n+ [a](https://a.example/1): text\n\n+ [b](https://a.example/2)\n\n![](https://i.example/p.png)\n\n+ [c](https://a.example/3)\n\n## B\n\n- e\n",
		"T | 0 | \nA (3, 4): a\nB (1, 0): e\n"},
	{"points under one heading among headings over prose", "a.md", "---\ntitle: T\n---\n## A\n\n### The pier\n\nIt is open.\n\n### What to bring\n\n- Boots\n- A lamp\n\n### The ferry\n\nIt runs.\n\n## B\n\n### 灯塔\n\n很多人去看。\n\n### 注意\n\n1. 靴子\n2. 灯\n\n### 船\n\n一天两班。\n",
		"T | 0 | \nA (3, 0): The pier\nB (3, 0): 灯塔\n"},
	{"points under the names of groups", "a.md", "---\ntitle: T\n---\n## A\n\n### Lamps\n\n- Brighter\n- Lighter\n\n### Oil\n\n- Cleaner\n\n## B\n\n- c\n",
		"T | 0 | \nA (3, 0): Brighter\nB (1, 0): c\n"},
	{"points and further reading under item headings", "a.html", "<h1>A</h1><h2>Frost</h2><ul><li>It came.</li><li>It went.</li></ul><p>Links:</p><ul><li><a href=\"https://a.example/1\">a</a></li></ul><h2>Fog</h2><ul><li>It came too.</li></ul><p>Links:</p><ul><li><a href=\"https://a.example/2\">b</a></li><li><a href=\"https://a.example/3\">c</a></li></ul><h1>B</h1><h2>Sea</h2><ul><li>It is calm.</li></ul><p>Links:</p><ul><li><a href=\"https://a.example/4\">d</a></li></ul>",
		" | 0 | \nA (2, 3): Frost\nB (1, 1): Sea\n"},
	{"things to do among headings over text", "a.md", "---\ntitle: T\n---\n## A\n\n### Theme\n\nIt is blue.\n\n### Plans\n\nWe have some.\n\n### To do\n\nThis is next:\n\n- [ ] [Lamps](https://a.example/1) for all\n- [ ] more ropes\n\n## B\n\n- c\n- d\n",
		"T | 0 | \nA (3, 1): Theme\nB (2, 0): c\n"},
	{"points under paragraphs with bold titles", "a.md", "---\ntitle: T\n---\n## A\n\n**El muelle.** Texto.\n\n**La lámpara.** Texto:\n\n- brilla\n- arde\n\n**La cuerda.** Texto.\n\n## B\n\n- c\n",
		"T | 0 | \nA (3, 0): El muelle.\nB (1, 0): c\n"},
	{"a list behind a rule below headings", "a.html", "<h1>T</h1><h2>A</h2><h3><a href=\"https://a.example/1\">One</a></h3><p>Text.</p><p>More.</p><hr><ul><li><a href=\"https://a.example/2\">b</a></li><li><a href=\"https://a.example/3\">c</a>: text</li></ul><h2>B</h2><h3>Two is here</h3><p>Text.</p><hr><ul><li><a href=\"https://a.example/4\">d</a></li><li><a href=\"https://a.example/5\">e</a></li></ul>",
		"T | 0 | \nA (3, 3): One\nB (3, 2): Two is here\n"},
	{"an advertisement and a plain word above a list", "a.md", "---\ntitle: T\n---\n## A\n\n[📦 Buy ropes 📦](https://a.example/ad)\n\nQUAY\n\n+ [a](https://a.example/1): text\n\n+ [b](https://a.example/2)\n\n## B\n\n[One](https://a.example/3)\n\nBy Ann\n\n- [c](https://a.example/4)\n- [d](https://a.example/5)\n\n[Two](https://a.example/6)\n\nBy Ben\n",
		"T | 0 | \nA (2, 3): a\nB (2, 4): One\n"},
	{"paragraphs with a sign and a link", "a.md", "---\ntitle: T\n---\n## A\n\n🔹[One](https://a.example/1)：text\n\n🔹[Two](https://a.example/2)：text\n\n## B\n\n🔹[Three](https://a.example/3)：text\n\n### C\n\n🔹[Four](https://a.example/4)：text\n\n🔹[Five](https://a.example/5)：text\n",
		"T | 0 | \nA (2, 2): 🔹One\nB (3, 3): 🔹Three\n"},
	{"paragraphs with bullets that are signs", "a.html", "<h3>Boats</h3><div>• <a href=\"https://a.example/1\">One</a></div><div>• Two sails <a href=\"https://a.example/2\">on</a></div><h3>Ropes</h3><p>·&nbsp;&nbsp; Three</p><p>·&nbsp;&nbsp; Four</p><p>Of hemp.</p>",
		" | 0 | \nBoats (2, 2): One\nRopes (2, 0): Three\n"},
	{"paragraphs with bold titles between remarks", "a.html", "<p><em>Lamps, ropes, tides.</em></p><p> </p><p><em>We <a href=\"https://a.example/j\">hire</a>.</em></p><p> </p><p><strong>Lamps.</strong> The <a href=\"https://a.example/1\">lamps</a> burn.</p><p> </p><p><strong>Ropes.</strong> They hold.</p><p> </p><p><strong>Tides.</strong> They turn.</p><p> </p><p><em>Write to us.</em></p>",
		" | 0 | \n (3, 1): Lamps.\n"},
	{"bold linked titles, and links without a text", "a.html", "<h2>News</h2><p><b><a href='https://a.example/1'>The new lamp</a></b><br>It shines.</p><p><a href='https://a.example/2'>A rope for the ferry</a></p><p><b><a href='https://a.example/3'>The cat</a></b><br>It sleeps.</p><p><a href='https://a.example/3'>See the cat asleep</a></p><h2>Books</h2><ul><li>a</ul>",
		" | 0 | \nNews (3, 3): The new lamp\nBooks (1, 0): a\n"},
	{"bold words that begin paragraphs, with a list between", "a.md", "---\ntitle: T\n---\n## A\n\n**The lamp is lit.** It burns since May.\n\n**The rope holds.** We tried it with:\n\n- a boat\n- a ferry\n\nBoth stayed.\n\n**The ferry has a cat.** It [sleeps](https://a.example/1).\n\n## B\n\n- e\n",
		"T | 0 | \nA (3, 1): The lamp is lit.\nB (1, 0): e\n"},
	{"fields with a list between", "a.md", "---\ntitle: T\n---\n## A\n\n### One\n\n**What:** a lamp\n\n**Where:** here\n\n- left\n- right\n\n**When:** now\n\n### Two\n\nText.\n\n## B\n\n- e\n",
		"T | 0 | \nA (2, 0): One\nB (1, 0): e\n"},
	{"items that end with buttons", "a.html", "<h2>News</h2><p><img src='https://i.example/1.png'></p><p>Frost came over night.</p><p><a href='https://a.example/1'>To the quay &gt;</a></p><p><img src='https://i.example/2.png'></p><p>Fog</p><p>It is thick.</p><p><a href='https://a.example/2'>To the quay &gt;</a></p><h2>Books</h2><ul><li>a</ul>",
		" | 0 | \nNews (2, 2): Frost came over night.\nBooks (1, 0): a\n"},
	{"numbers in lines of their own", "a.html", "<h2>Lamps</h2><div>1</div><div><a href='https://a.example/1'>Ann</a></div><div>2</div><div>Bob</div><div>3</div><div>Cem</div><h2>Boats</h2><div>1</div><div>Dora</div><div>2</div><div>Emil</div>",
		" | 0 | \nLamps (3, 1): Ann\nBoats (2, 0): Dora\n"},
	{"the same link under each first line", "a.html", "<h2>Lamps</h2><p>💡 <a href='https://a.example/1'>The new lamp</a> by Ann</p><p><a href='https://a.example/d1'>Discuss</a></p><p>It shines.</p><p>It is new.</p><p>💡 Bob asks</p><p><a href='https://a.example/d2'>Discuss</a></p><p>Is it dark?</p><ul><li>Or not?</ul><h2>Boats</h2><ul><li>Dora</ul>",
		" | 0 | \nLamps (2, 3): 💡 The new lamp\nBoats (1, 0): Dora\n"},
	{"lists with bullets drawn by hand", "a.html", "<h2>Lamps</h2><ul><li><span>•</span> <a href='https://a.example/1'>Ann</a> has one.<li><p>•</p><p>Bob</p><li>●  Lit</ul><h2>Boats</h2><ul><li>• Dora<li>Emil</ul>",
		" | 0 | \nLamps (3, 1): Ann\nBoats (2, 0): Dora\n"},
	{"bullets in lines of their own", "a.html", "<h2>Lamps</h2><div>•</div><div><a href='https://a.example/1'>Ann</a> has one.</div><div>•</div><div>Bob</div><h2>Boats</h2><div>•</div><div>Dora</div><div>•</div><div>Emil</div>",
		" | 0 | \nLamps (2, 1): Ann\nBoats (2, 0): Dora\n"},
	{"days over lists are groups", "a.md", "# T\n\n## Dates\n\n**Wednesday, November 5**\n\n- [Lamps](https://a.example/1), at noon\n\n**Saturday, November 8**\n\n- [Ropes](https://a.example/2)\n- [Nets](https://a.example/3)\n\n## Books\n\n- a\n",
		"T | 0 | \nDates (3, 3): Lamps\nBooks (1, 0): a\n"},
	{"lines with a colon over lists", "a.html", "<html><head><title>Quay 7</title></head><body><p><b>Quay 7</b></p><p>News of the quay:</p><ul><li>Frost came over night, and the quay is white.<li>b</ul><p>Books:</p><ul><li>c</ul></body></html>",
		"Quay 7 | 0 | \nNews of the quay (2, 0): Frost came over night, and the quay is white.\nBooks (1, 0): c\n"},
	{"lines with a colon in prose", "a.html", "<html><head><title>Quay 7</title></head><body><p>The frost has two sides, says the book, and both of them are long to tell.</p><p>For:</p><ul><li>a<li>b</ul><p>Against:</p><ul><li>c</ul><p>So nobody knows.</p></body></html>",
		"Quay 7 | 0 | \n (1, 0): The frost has two sides, says the book, and both of them are long to tell.\n"},
	{"the only heading, at the end", "a.html", "<html><head><title>Quay 7</title></head><body><p>Frost came over night.</p><p>Fog follows.</p><h3><a href='../all.html'>Back to all letters</a></h3></body></html>",
		"Quay 7 | 0 | \n (1, 0): Frost came over night.\n"},
	{"bold titles after a long introduction", "a.md", "# Letter\n\nOne.\n\nTwo.\n\nThree.\n\n**The new lamp is brighter**\n\nIt shines over the whole bay and can be seen from the other side.\n\nPeople like it.\n\n**The rope is longer now**\n\nIt reaches from the quay to the second buoy, and a bit farther.\n\n**The ferry has a cat**\n\nIt sleeps on the bridge, and nobody dares to wake it up.\n",
		"Letter | 0 | \n (3, 0): The new lamp is brighter\n"},
	{"headlines below the stories of two sections", "a.md", "---\ntitle: T\n---\n## A\n\n**[One](https://a.example/1)**\n\nText.\n\n**[Two](https://a.example/2)**\n\nText.\n\n- [p1](https://a.example/p1): text\n- [p2](https://a.example/p2): text\n- [p3](https://a.example/p3): text\n- [p4](https://a.example/p4): text\n\n## B\n\n### [Three](https://a.example/3)\n\nText.\n\n- [q1](https://a.example/q1): text\n- [q2](https://a.example/q2): text\n- [q3](https://a.example/q3): text\n- [q4](https://a.example/q4): text\n\n## C\n\n- e\n",
		"T | 0 | \nA (6, 6): One\nB (5, 5): Three\nC (1, 0): e\n"},
	{"further reading of the last story", "a.md", "---\ntitle: T\n---\n## A\n\n**[One](https://a.example/1)**\n\nText.\n\n**[Two](https://a.example/2)**\n\nText.\n\n- [r1](https://a.example/r1): text\n- [r2](https://a.example/r2): text\n- [r3](https://a.example/r3): text\n- [r4](https://a.example/r4): text\n\n## C\n\n- e\n",
		"T | 0 | \nA (2, 6): One\nC (1, 0): e\n"},
	{"bold titles of stories over lists of points", "a.md", "---\ntitle: T\n---\n## A\n\nWhat we did:\n\n**The old lamp got a wick that burns all night**\n\n- It is made of hemp.\n- See [here](https://a.example/1).\n\n**The rope was replaced by a much longer one**\n\n- It reaches the buoy.\n- It floats.\n\n## B\n\n- e\n",
		"T | 0 | \nA (2, 1): The old lamp got a wick that burns all night\nB (1, 0): e\n"},
	{"bold lines over lists of links", "a.md", "---\ntitle: T\n---\n## A\n\n**What others have written about lamps lately**\n\n- [a](https://a.example/1)\n- [b](https://a.example/2)\n\n**What others have written about ropes lately**\n\n- [c](https://a.example/3)\n- [d](https://a.example/4)\n\n## B\n\n- e\n",
		"T | 0 | \nA (4, 4): a\nB (1, 0): e\n"},
	{"days over texts", "a.md", "---\ntitle: T\n---\n## Dates\n\nWhat comes next.\n\nMay 4, 2026 (Monday) – 16:00 UTC\n\nThe lamp is lit.\n\nFriday 8 May\n\nThe [ferry](https://a.example/1) leaves.\n\n## B\n\n- e\n",
		"T | 0 | \nDates (2, 1): May 4, 2026 (Monday) – 16:00 UTC\nB (1, 0): e\n"},
	{"a text that begins with days", "a.md", "---\ntitle: T\n---\n## Log\n\nMay 4: the lamp is lit.\n\nMay 8: the ferry leaves and comes back.\n\n## B\n\n- e\n",
		"T | 0 | \nLog (1, 0): May 4: the lamp is lit.\nB (1, 0): e\n"},
	{"entries that are headings, one of them long", "a.html", "<h1>T</h1><h2>News</h2><h3>Lamp <a href=\"https://a.example/1\">v2</a>.</h3><h3>A rope was found on the quay, and nobody knows whose it is, where it comes from, how long it has been lying there, or what is to be done with it; ask in the <a href=\"https://a.example/2\">harbour office</a>.</h3><h3>Oil <a href=\"https://a.example/3\">v4</a>.</h3><h2>Books</h2><p>Sea.</p>",
		"T | 0 | \nNews (3, 3): Lamp v2.\nBooks (1, 0): Sea.\n"},
	{"prose between rules", "a.md", "Hello, this is the week.\n\n---\n\n⛵ The boat has sailed.\n\nhttps://a.example/1\n\n---\n\nA rope was found, and nobody knows whose it is.\n\n---\n\nBye.\n",
		" | 0 | \n (3, 1): ⛵ The boat has sailed.\n"},
	{"a rule within a text", "a.md", "# T\n\n## A\n\nOne text of some words.\n\n---\n\nIt goes on, and says more.\n\n## B\n\n- c\n",
		"T | 0 | \nA (1, 0): One text of some words.\nB (1, 0): c\n"},
	{"the same labels under the headings of stories", "a.md", "# Letter\n\n## Lamps\n\n### Frost on the pier\n\n- **Date**: 20 November\n- **Address**: [read](https://a.example/1)\n- 📰 Short: ice.\n\n### Fog\n\n- **Date**: 19 November\n- **Address**: [read](https://a.example/2)\n\n## Ropes\n\n### Tide\n\n- **Date**: 18 November\n- **Address**: [read](https://a.example/3)\n",
		"Letter | 0 | \nLamps (2, 2): Frost on the pier\nRopes (1, 1): Tide\n"},
	{"the same label over the sources of stories", "a.md", "# Letter\n\n## Lamps\n\n### Frost on the pier\n\n- It is white.\n- Boots help.\n\nSources:\n\n- [a](https://a.example/1)\n- [b](https://a.example/2)\n\n### Fog\n\n- Nobody sees it.\n\nSources:\n\n- [c](https://a.example/3)\n\n## Ropes\n\n### Tide\n\n- It turns.\n\nSources:\n\n- [d](https://a.example/4)\n",
		"Letter | 0 | \nLamps (2, 3): Frost on the pier\nRopes (1, 1): Tide\n"},
	{"labels that do not come back", "a.md", "# Letter\n\n## Lamps\n\n### Oil\n\n- **Whale**: dear, [a](https://a.example/1)\n- **Olive**: slow, [b](https://a.example/2)\n\n### Gas\n\n- **Town**: smells, [c](https://a.example/3)\n\n## Ropes\n\n- d\n",
		"Letter | 0 | \nLamps (3, 3): Whale\nRopes (1, 0): d\n"},
	{"one very long heading among topics", "a.md", "---\ntitle: T\n---\n## Community\n\nText.\n\n## The team\n\nText.\n\n## Did anybody say that the tides are higher than they have ever been since people began to write them down here\n\nText.\n\n## Strolls\n\nText.\n",
		"T | 0 | \nCommunity (1, 0): Text.\nThe team (1, 0): Text.\nDid anybody say that the tides are higher than they have ever been since people began to write them down here (1, 0): Text.\nStrolls (1, 0): Text.\n"},
}

// TestLabelsOfOneList: labels stand above the lists that they name, also the first; a line
// above the only list introduces the issue.
func TestLabelsOfOneList(t *testing.T) {
	for _, tt := range []struct{ document, intro, want string }{
		{"# T\n\nHello.\n\nWhat we heard of boats this week:\n\n- a boat sails\n- a boat sinks\n\nAnd of ropes:\n\n- a rope holds\n- a rope tears\n", "Hello.", ": [What we heard of boats this week:] a boat sails a boat sinks [And of ropes:] a rope holds a rope tears"},
		{"# T\n\nHello.\n\nWhat we heard of boats this week:\n\n- a boat sails\n- a boat sinks\n", "Hello.\n\nWhat we heard of boats this week:", ": a boat sails a boat sinks"},
	} {
		issue := parse(t, "a.md", tt.document)
		if got := outlineOf(issue); got != tt.want || shown(issue, "") != tt.intro {
			t.Errorf("%q is read as %q below %q, want %q below %q", tt.document, got, shown(issue, ""), tt.want, tt.intro)
		}
	}
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
