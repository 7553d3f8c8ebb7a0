package document_test

import (
	"testing"

	"digestbot/digest"
	"digestbot/digest/digesttest"

	"github.com/google/go-cmp/cmp"
)

// pages are pages that were saved from a browser or made by a site generator.
var pages = []struct {
	name, file, document, want string
}{
	{"permalinks in headings", "a.html", `<h1>Quay 12</h1>` +
		`<h2 id="n">News<a class="headerlink" href="#n" title="Link to this heading">¶</a></h2><ul><li>a<li>b</ul>` +
		`<h2 id="t"><a class="anchor" aria-hidden="true" href="#t"><svg><title>Link</title><path/></svg></a>Tools</h2><ul><li>c</ul>` +
		`<h2 id="b">Books <a href="#top">▲</a> <a href="#n">▼</a></h2><ul><li>d</ul>` +
		`<h2 id="w"><span class="mw-headline">Wiki</span><span class="mw-editsection">[<a href="/w?action=edit">bearbeiten</a>]</span></h2><ul><li>e</ul>` +
		`<h2 id="s">Songs<a class="hash-link" href="#s"><span>Direct link to Songs</span></a></h2><ul><li>f</ul>` +
		`<h2 id="p">Plays <a href="https://quay.example/12/#p">#</a></h2><ul><li>g</ul>`,
		"Quay 12 | 0 | \nNews (2, 0): a\nTools (1, 0): c\nBooks (1, 0): d\nWiki (1, 0): e\nSongs (1, 0): f\nPlays (1, 0): g\n"},
	{"signs in headings that are no permalinks", "a.html", `<h1>Quay 12</h1>` +
		`<h2 id="n"><a class="anchor" href="#n">News</a></h2><ul><li>a<li>b</ul>` +
		`<h2>C#</h2><ul><li>c</ul>` +
		`<h2>Lamp <a href="https://a.example/lamp#p">↗</a></h2><ul><li>d</ul>`,
		"Quay 12 | 0 | \nNews (2, 0): a\nC# (1, 0): c\nLamp ↗ (1, 1): d\n"},
	{"title above the text", "a.html", "<html><head><title>Quay 12 - Harbour</title></head><body><h1 class='post-title'>Quay 12</h1><div class='post-content'><h2>News</h2><p>Frost came over night, and the quay is white.</p><h2>Books</h2><p>Sea.</p></div></body></html>",
		"Quay 12 | 0 | \nNews (1, 0): Frost came over night, and the quay is white.\nBooks (1, 0): Sea.\n"},
	{"number above the text of a mail", "a.html", "<html><head><title>Quay</title></head><body><table><tr><td><h3>Issue 12</h3><h1>Quay</h1><p>by Ann · <span>20 Nov 2026</span></p><div class='post-content'><h2>News</h2><p>Frost came over night, and the quay is white.</p><h2>Books</h2><p>Sea.</p></div></td></tr></table></body></html>",
		"Quay | 12 | 2026-11-20\nNews (1, 0): Frost came over night, and the quay is white.\nBooks (1, 0): Sea.\n"},
	{"name of the site above the text", "a.html", "<html><head><title>Quay 12 - Harbour</title></head><body><h1>Harbour</h1><div class='post-content'><h2>News</h2><p>Frost came over night, and the quay is white.</p><h2>Books</h2><p>Sea.</p></div></body></html>",
		"Quay 12 - Harbour | 0 | \nNews (1, 0): Frost came over night, and the quay is white.\nBooks (1, 0): Sea.\n"},
	{"subtitle", "a.html", "<h1 class='post-title'>Quay 12</h1>\n<h3 class='subtitle subtitle-a'>And other stories</h3><p>Hello.</p><h2>News</h2><ul><li>a<li>b</ul><h2 class='subtitle'>Books</h2><ul><li>c</ul>",
		"Quay 12 | 0 | \nNews (2, 0): a\nBooks (1, 0): c\n"},
	{"aside in Markdown", "a.md", "# Quay 12\n\n## News\n\n- a\n- b\n\n<aside>\n\nMore at [the pier](https://a.example/1).\n\n</aside>\n\n## Books\n\n- c\n",
		"Quay 12 | 0 | \nNews (2, 1): a\nBooks (1, 0): c\n"},
	{"aside within an article", "a.html", "<main><article><h1>Quay 12</h1><h2>News</h2><p>Frost came over night, and the quay is white.</p><aside><a href='https://a.example/1'>Watch the film</a></aside><h2>Books</h2><p>Sea.</p></article></main><aside>Archive <a href='https://a.example/2'>Quay 11</a></aside>",
		"Quay 12 | 0 | \nNews (1, 1): Frost came over night, and the quay is white.\nBooks (1, 0): Sea.\n"},
	{"aside beside an article that is too short", "a.html", "<main><h1>Quay 12</h1><h2>News</h2><p>Frost.</p><h2>Books</h2><p>Sea.</p></main><aside><p>All issues since the year in which the quay was built, and the people who write them, in a long list: <a href='https://a.example/2'>Quay 11</a></p></aside>",
		"Quay 12 | 0 | \nNews (1, 0): Frost.\nBooks (1, 0): Sea.\n"},
	{"link to skip to the text", "a.html", "<html><head><title>Quay 12</title></head><body><p>A copy of <a href='https://old.example/'>the old site</a>.</p><p><a href='#mainContent'>Direkt zum Inhalt</a></p><h1><a href='/'>Harbour</a></h1><ul><li><a href='https://a.example/about'>About</a><li><a href='https://a.example/shop'>Shop</a></ul><div id='mainContent'><h2>News</h2><p>Frost came over night, and the quay is white.</p><h2>Books</h2><p>Sea.</p></div><div>Copyright</div></body></html>",
		"Quay 12 | 0 | \nNews (1, 0): Frost came over night, and the quay is white.\nBooks (1, 0): Sea.\n"},
	{"link to a section at the top", "a.html", "<html><head><title>Quay 12</title></head><body><p>Hello. See <a href='#contents'>below</a>.</p><h2>News</h2><p>Frost.</p><div id='contents'><h2>Books</h2><p>Sea.</p></div></body></html>",
		"Quay 12 | 0 | \nNews (1, 0): Frost.\nBooks (1, 0): Sea.\n"},
	{"name of the site as heading", "a.html", "<html><head><title>Quay 12</title></head><body><h1><a href='https://a.example/'>Harbour</a></h1><h2>News</h2><p>Frost.</p><h2>Books</h2><p>Sea.</p></body></html>",
		"Quay 12 | 0 | \nNews (1, 0): Frost.\nBooks (1, 0): Sea.\n"},
	{"name of the site behind the title", "a.html", "<html><head><meta property='og:title' content='Quay Letter | Harbour'></head><body><h1>Quay Letter</h1><h2>News</h2><p>Frost.</p><h2>Books</h2><p>Sea.</p></body></html>",
		"Quay Letter | 0 | \nNews (1, 0): Frost.\nBooks (1, 0): Sea.\n"},
	{"name of the site behind the title with another dash", "a.html", "<html><head><link rel='canonical' href='https://a.example/2026/11/20/quay-letter'><title>Quay - Letter | Harbour</title><meta property='og:title' content='Quay - Letter | Harbour'></head><body><h1>Quay – Letter</h1><h2>News</h2><p>Frost.</p><h2>Books</h2><p>Sea.</p></body></html>",
		"Quay – Letter | 0 | 2026-11-20\nNews (1, 0): Frost.\nBooks (1, 0): Sea.\n"},
	{"contents in an element for navigation", "a.html", "<html><head><title>Quay 12</title></head><body><p>Hello!</p><h2>Inhalt</h2><nav><ul><li><a href='#n'>News</a><li><a href='#b'>Books</a></ul></nav><h2 id='n'>News</h2><p>Frost.</p><h2 id='b'>Books</h2><p>Sea.</p></body></html>",
		"Quay 12 | 0 | \nNews (1, 0): Frost.\nBooks (1, 0): Sea.\n"},
	{"heading as caption of a picture", "a.html", "<html><head><title>Quay 12</title></head><body><figure><img src='https://i.example/l.jpg'><figcaption><h4>Lamp at dawn</h4></figcaption></figure><h2>News</h2><ul><li>a<li>b</ul><h2>Books</h2><ul><li>c</ul></body></html>",
		"Quay 12 | 0 | \nNews (2, 0): a\nBooks (1, 0): c\n"},
	{"links to the pages beside, side by side", "a.html", "<html><head><title>Quay 12</title></head><body><h2>News</h2><p><a href='https://a.example/1'>Frost</a><a href='https://a.example/2'>Fog</a></p><h2>Books</h2><p>Sea.</p><p><a href='../11'>« Vorherige</a><a>Nächste »</a></p></body></html>",
		"Quay 12 | 0 | \nNews (1, 2): Frost Fog\nBooks (1, 0): Sea.\n"},
	{"where the page is filed", "a.html", "<html><head><link rel='canonical' href='https://a.example/q/12'><title>Quay 12</title></head><body><h1>Quay 12</h1><p><a href='/q/12'>20 Nov 2026</a> in <a href='/categories/letters/'>Letters</a>, <a href='/q/12#comments'>no comments</a></p><ul><li><a href='https://a.example/tag/sea'>Sea</a></ul><h2>News</h2><p>See <a href='/tags/frost/'>all of frost</a>.</p><h2>Books</h2><p>Sea, with <a href='https://b.example/tags/sea/'>pictures</a>.</p><p><a href='/x' rel='category tag'>Letters</a></p></body></html>",
		"Quay 12 | 12 | 2026-11-20\nNews (1, 1): See all of frost.\nBooks (1, 1): Sea, with pictures.\n"},
	{"related pages below", "a.html", "<html><head><title>Quay 12</title></head><body><h2>News</h2><p>Frost.</p><h2>Books</h2><p>Sea.</p><p><a href='https://a.example/edit'>Edit this page</a></p><h3>Related</h3><ul><li><a href='https://a.example/11'>Quay 11</a></ul></body></html>",
		"Quay 12 | 0 | \nNews (1, 0): Frost.\nBooks (1, 0): Sea.\n"},
	{"what surrounds the text", "a.html", "<body><div class='breadcrumbs'><a href='https://a.example/'>Home</a></div><div class='post'><h1>Quay 12</h1><div id='toc' class='toc'><h2>Contents</h2><ul><li>1 News</ul></div><h2 id='sidebar'>News</h2><p>Frost came over night, and the quay is white.</p><h2 class='navigation'>Books</h2><p>Sea.</p><div class='sharedaddy'><h3>Share this</h3><ul><li><a href='https://a.example/t'>Tweet</a></ul></div></div></body>",
		"Quay 12 | 0 | \nNews (1, 0): Frost came over night, and the quay is white.\nBooks (1, 0): Sea.\n"},
	{"contents and other pages, by a part of their class", "a.html", "<article><h1>Quay 12</h1><div class='post-toc'><h2>In this letter</h2><ol><li><a href='#n'>News</a></li></ol></div><h2 id='n'>News</h2><p>Frost came over night, and the quay is white.</p><h2>Books</h2><p>Sea.</p><section class='related__posts'><h2>You may like</h2><ul><li><a href='https://q.example/11'>Quay 11</a></li></ul></section></article>",
		"Quay 12 | 0 | \nNews (1, 0): Frost came over night, and the quay is white.\nBooks (1, 0): Sea.\n"},
	{"an article beside a long footer", "a.html", "<html><head><title>Quay 12 | Harbour</title></head><body><header><h1><a href='/'>Harbour</a></h1></header><article><h1>Quay 12</h1><h1>News</h1><p>Frost.</p><h1>Books</h1><p>Sea.</p></article><footer><h3>Old letters</h3><ul><li>Quay 11, with the ropes and the new lamp on the pier</li><li>Quay 10, with the tide that came too late</li></ul></footer></body></html>",
		"Quay 12 | 0 | \nNews (1, 0): Frost.\nBooks (1, 0): Sea.\n"},
	{"whose the text is, above its author", "a.html", "<article><h1>Quay 12</h1><h2>News</h2><p>Frost came over night, and the quay is white.</p><h2>Books</h2><p>Sea.</p><blockquote><ul><li>Link: <a href='https://q.example/12'>Quay 12</a></li><li>版权声明：<a href='https://cc.example/by'>CC BY</a></li></ul></blockquote><img src='https://q.example/ann.png'><h3>Ann</h3><p>She writes.</p></article>",
		"Quay 12 | 0 | \nNews (1, 0): Frost came over night, and the quay is white.\nBooks (1, 0): Sea.\n"},
	{"tags and categories", "a.html", "<html><head><link rel='canonical' href='https://q.example/12'></head><body><article><h1>Quay 12</h1><div><a href='/categories/letters/'>letters</a></div><h2>News</h2><ul><li><a href='https://a.example/tags/frost/'>Frost</a></li><li>Fog, see <a href='/tags/fog/'>others</a></li></ul><h2><a href='/tags/books/'>Books</a></h2><p>Sea.</p><ul>🏷 <li><a href='https://q.example/tags/sea/'>#sea</a></li><li><a rel='tag' href='/t/lamp'>#lamp</a></li></ul></article></body></html>",
		"Quay 12 | 12 | \nNews (2, 2): Frost\nBooks (1, 1): Sea.\n"},
	{"Markdown behind HTML tags", "a.md", "# Quay 12\n\n<div align=\"center\">![Moon](//a.example/moon.jpg)\n**Hello** from [the quay](https://a.example/q \"Quay\")\n</div>\n\n## News\n\n<table><tr><td>[![](//i.example/i.png)](//a.example/i)</td></tr></table>\n\n- a\n- b\n\n## Books\n\n<center>\n[c](https://a.example/c_(d))\n</center>\n",
		"Quay 12 | 0 | \nNews (2, 1): a\nBooks (1, 1): c\n"},
	{"Markdown that is none behind HTML tags", "a.md", "# Quay 12\n\n## News\n\n<pre>\n[a](https://a.example/1)\n</pre>\n\n<div>`[b](b.html)`</div>\n\n<p title=\"[c](https://a.example/3)\">d</p>\n\n## Books\n\n- e\n",
		"Quay 12 | 0 | \nNews (1, 0): [a](https://a.example/1)\nBooks (1, 0): e\n"},
	{"number above the text", "a.html", "<body><h4>Issue #39</h4><img src='https://i.example/l.png' alt='Quay logo'><p>Hello!</p><h2>News</h2><p>Frost.</p><h2>Books</h2><p>Sea.</p></body>",
		"Issue #39 | 39 | \nNews (1, 0): Frost.\nBooks (1, 0): Sea.\n"},
	{"number and date below the title", "a.html", "<html><head><title>Quay Letter</title></head><body><h2>Issue 12 - Friday, 20 November 2026</h2><h2>News</h2><p>Frost.</p><h2>Books</h2><p>Sea.</p></body></html>",
		"Quay Letter | 12 | 2026-11-20\nNews (1, 0): Frost.\nBooks (1, 0): Sea.\n"},
	{"date below the title", "a.md", "# Quay Letter\n\n### November 20, 2026\n\nHello!\n\n## News\n\n- a\n- b\n\n## Books\n\n- c\n",
		"Quay Letter | 0 | 2026-11-20\nNews (2, 0): a\nBooks (1, 0): c\n"},
	{"number as title", "a.md", "# Issue 12\n\n## News\n\n- a\n- b\n\n## Books\n\n- c\n",
		"Issue 12 | 12 | \nNews (2, 0): a\nBooks (1, 0): c\n"},
	{"headings with names and numbers", "a.md", "---\ntitle: Quay\n---\n## Lamp 39\n\n- a\n- b\n\n## Edition notes 2026\n\n- c\n",
		"Quay | 0 | \nLamp 39 (2, 0): a\nEdition notes 2026 (1, 0): c\n"},
	{"a month below the title", "a.html", "<html><body><h1>Quay Letter</h1><h1>Enero 2026</h1><p>Hello!</p><h2>The pier is open again, and the ferries are late by an hour</h2><p>Frost.</p><h2>Ann and her neighbours light all lamps of the harbour</h2><p>Sea.</p></body></html>",
		"Quay Letter | 0 | \n (2, 0): The pier is open again, and the ferries are late by an hour\n"},
	{"a month over topics", "a.md", "---\ntitle: Quay Letter\n---\n# Quay Letter\n\n## January 2026\n\n### News\n\n- a\n- b\n\n### Books\n\n- c\n",
		"Quay Letter | 0 | \nNews (2, 0): a\nBooks (1, 0): c\n"},
	{"days as sections", "a.md", "# Quay Letter\n\n## November 20, 2026\n\n- a\n- b\n\n## November 21, 2026\n\n- c\n",
		"Quay Letter | 0 | \nNovember 20, 2026 (2, 0): a\nNovember 21, 2026 (1, 0): c\n"},
	{"navigation above and below", "a.html", "<html><head><title>Quay Letter</title></head><body><p>Prev: <a href='11.html'>Issue 11</a> Next: <a href='13.html'>Issue 13</a></p><hr><h2>News</h2><p>Frost.</p><h2>Books</h2><p>Sea.</p><p><a href='https://q.example/11'>« Previous issue</a> | <a href='https://q.example/'>Home</a></p><div><b>Past issues</b><ul><li><a href='https://q.example/1'>Quay 1</a></li><li><a href='https://q.example/2'>Quay 2</a></li></ul></div></body></html>",
		"Quay Letter | 0 | \nNews (1, 0): Frost.\nBooks (1, 0): Sea.\n"},
	{"arrows to the issues beside", "a.md", "# Quay 12\n\n## News\n\n- a\n- b\n\n## Books\n\n**Knots** are long.\n\n[← Brief 11](https://a.example/11) | [Brief 13 →](https://a.example/13)\n",
		"Quay 12 | 0 | \nNews (2, 0): a\nBooks (1, 0): Knots are long.\n"},
	{"arrows of a text", "a.md", "# Quay 12\n\n## News\n\n- a\n- b\n\n## Books\n\n**Knots** are long.\n\n« [Sea](https://a.example/11) and [fog](https://a.example/13) »\n",
		"Quay 12 | 0 | \nNews (2, 0): a\nBooks (1, 2): Knots are long.\n"},
	{"Chinese navigation below", "a.md", "# 码头 12\n\n## 新闻\n\n- 霜\n- 雾\n\n## 书\n\n- 海\n\n上一期：[11](https://q.example/11) 下一期：[13](https://q.example/13)\n",
		"码头 12 | 0 | \n新闻 (2, 0): 霜\n书 (1, 0): 海\n"},
	{"what comes next is no navigation", "a.md", "# Quay 12\n\nPrevious research said the next frost is late.\n\n## News\n\n- a\n- b\n\n## Books\n\n- c\n\nNext: a letter about lamps.\n",
		"Quay 12 | 0 | \nNews (2, 0): a\nBooks (1, 0): c\n"},
	{"a window that a script opens", "a.html", "<html><head><style>.ask{display:none;position:fixed;inset:0} .ask.open{display:flex} .more{display:none}</style></head><body><h1>Quay 12</h1><h2>News</h2><p>Frost.</p><div class='more'><h2>Books</h2><p>Sea.</p></div><div class='ask big'><h2>Every Tuesday</h2><p>Your address</p></div></body></html>",
		"Quay 12 | 0 | \nNews (1, 0): Frost.\nBooks (1, 0): Sea.\n"},
	{"a bar that is always seen", "a.html", "<html><head><style>.bar{position: fixed; top:0}</style></head><body><h1>Quay 12</h1><h2>News</h2><p>Frost.</p><div class='bar'><h2>Books</h2><p>Sea.</p></div></body></html>",
		"Quay 12 | 0 | \nNews (1, 0): Frost.\nBooks (1, 0): Sea.\n"},
	{"a page whose text is all in a sidebar", "a.html", "<body><h1>Quay 12</h1><div class='sidebar'><h2>News</h2><p>Frost.</p><h2>Books</h2><p>Sea.</p></div></body>",
		"Quay 12 | 0 | \nNews (1, 0): Frost.\nBooks (1, 0): Sea.\n"},
}

// TestPages compares what is understood of pages with what their readers see as
// the text.
func TestPages(t *testing.T) {
	for _, tt := range pages {
		t.Run(tt.name, func(t *testing.T) {
			issue := parse(t, tt.file, tt.document)
			if diff := cmp.Diff(tt.want, outline(issue)); diff != "" {
				t.Errorf("outline (-want +got):\n%s", diff)
			}
			digesttest.CheckIssue(t, issue)
		})
	}
}

// Lines that only serve to pass on the text are left out, wherever they stand.
func TestLinksToShare(t *testing.T) {
	issue := parse(t, "a.html", "<p>Hello.</p><p><a href='https://q.example/12?utm_medium=email&action=share'>Teilen</a></p><h2>News</h2><ul><li><p>Frost.</p><p>Pass it on: <a href='https://twitter.com/intent/tweet?text=a'>Twitter</a> | <a href='mailto:?subject=a'>Mail</a></p><li>Fog, <a href='https://x.com/share?url=a'>tell Ann</a> of <a href='https://a.example/'>it</a>.</ul>")
	if got, want := shown(issue, ""), "Hello.\n\n• News (2)"; got != want {
		t.Errorf("the cover is %q, want %q", got, want)
	}
	if got, want := outline(issue), " | 0 | \nNews (2, 2): Frost.\n"; got != want {
		t.Errorf("outline is %q, want %q", got, want)
	}
}

// Lines and pictures that say once more what the cover shows are left out of the
// introduction.
func TestShownOnce(t *testing.T) {
	issue := parse(t, "a.html", "<html><head><title>Quay 12</title><meta property='og:image' content='https://i.example/q.jpg'></head><body>"+
		"<p><img class='avatar' src='https://i.example/ann.jpg'></p><p><img src='https://i.example/q-800x600.jpg'></p><p><b>Quay 12</b></p><p>November 20, 2026</p><p>Hello.</p><h2>News</h2><p>Frost.</p><h2>Books</h2><p>Sea.</p></body></html>")
	if got, want := shown(issue, ""), "Hello.\n\n• News\n• Books"; got != want {
		t.Errorf("the cover is %q, want %q", got, want)
	}
	issue = parse(t, "a.html", "<html><head><title>Quay 12</title></head><body><p>Issue #12</p><p>November 20, 2026: the lamp is lit.</p><h2>News</h2><p>Frost.</p><h2>Books</h2><p>Sea.</p></body></html>")
	if got, want := shown(issue, ""), "November 20, 2026: the lamp is lit.\n\n• News\n• Books"; got != want {
		t.Errorf("the cover is %q, want %q", got, want)
	}
	issue = parse(t, "a.md", "# Quay\n\n05/06/2026\n\n## News\n\nFrost.\n\n## Books\n\nSea.\n")
	if got, want := shown(issue, ""), "05/06/2026\n\n• News\n• Books"; got != want {
		t.Errorf("the cover is %q, want %q with the date in doubt", got, want)
	}
}

// A form to fill in is left out, but not a page that stands in one.
func TestForms(t *testing.T) {
	issue := parse(t, "a.html", "<form action='/'><h1>Quay 12</h1><p>Hello.</p></form><h2>News</h2><p>Frost.</p><form><label>Address</label><input><button>Subscribe</button></form><h2>Books</h2><p>Sea.</p>")
	if got, want := shown(issue, "news"), "Frost."; got != want || len(issue.Intro) != 1 {
		t.Errorf("the section is shown as %q, want %q; the introduction has %d blocks, want 1", got, want, len(issue.Intro))
	}
	issue = parse(t, "a.html", "<div><h2>Subscribe to Quay</h2><p>Free!</p><form><input type=email><button>Send</button></form></div><h2>News</h2><p>Frost.</p><div><h2>Books</h2><p>Sea.</p><form><input type=radio></form></div>")
	if got, want := outline(issue), " | 0 | \nNews (1, 0): Frost.\nBooks (1, 0): Sea.\n"; got != want {
		t.Errorf("a form with a heading gives %q, want %q", got, want)
	}
}

// A link around a heading is the heading's.
func TestLinkAroundHeading(t *testing.T) {
	const page = "<html><body><h1>Quay 12</h1><h2>News</h2><a href=\"https://q.example/a\"><div><h3>Frost</h3></div></a><p>Cold.</p><a href=\"#\"><h3>Fog</h3></a><p>Grey.</p><h2>Books</h2><p>Sea.</p></body></html>"
	issue := parse(t, "a.html", page)
	var links []string
	for _, item := range issue.Sections[0].Items {
		links = append(links, digest.TextOf(item.Title)+" "+item.Title[0].Link)
	}
	if diff := cmp.Diff([]string{"Frost https://q.example/a", "Fog "}, links); diff != "" {
		t.Errorf("titles and links (-want +got):\n%s", diff)
	}
}
