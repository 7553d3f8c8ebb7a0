package document_test

import (
	"strings"
	"testing"
)

// cards are pages on which elements of one structure are the items. They are compared like
// [shapes].
var cards = []struct{ name, file, document, want string }{
	{"whole cards are links, and have the level of a title", "a.html", "<title>T</title><div>" + things(`<div class="c"><a href="https://a.example/%[1]d"><img src="https://a.example/%[1]d.png"><div><h1>%[2]s</h1><p>Text.</p><p><span>Club %[1]d</span></p></div></a></div>`) + "</div>",
		"T | 0 | \n (4, 4): Lamp\n"},
	{"pictures with words name runs of cards", "a.html", `<title>T</title><div><div><img src="https://a.example/n.png" alt="News"></div>` + things(`<div class="c"><a href="https://a.example/%[1]d"><h1>%[2]s</h1><p>Text.</p></a></div>`) + `<div><img src="https://a.example/b.png" alt="Books"></div>` + things(`<div class="c"><a href="https://a.example/b%[1]d"><h1>%[2]s, a book</h1><p>Long.</p></a></div>`) + "</div>",
		"T | 0 | \nNews (4, 4): Lamp\nBooks (4, 4): Lamp, a book\n"},
	{"lines name runs of cards", "a.html", `<h1>T</h1><p>Hello.</p><div>News</div>` + things(`<div class="c"><h2><a href="https://a.example/%[1]d">%[2]s is here</a></h2><p>Text.</p></div>`) + `<div>Books</div>` + things(`<div class="c"><h2><a href="https://a.example/b%[1]d">%[2]s, a book</a></h2><p>Long.</p></div>`),
		"T | 0 | \nNews (4, 4): Lamp is here\nBooks (4, 4): Lamp, a book\n"},
	{"one line above cards names nothing", "a.html", `<h1>T</h1><div>Have fun</div>` + things(`<div class="c"><h2><a href="https://a.example/%[1]d">%[2]s is here</a></h2><p>Text.</p></div>`),
		"T | 0 | \n (4, 4): Lamp is here\n"},
	{"titles of cards have the level of sections", "a.html", `<h1>T</h1><h2>News</h2>` + things(`<div class="c"><h2>%[2]s is back, and it is green and gold</h2><p>Text.</p><p><a href="https://a.example/%[1]d">Read more</a></p></div>`) + `<h2>Books</h2>` + things(`<div class="c"><h2>%[2]s, a book that nobody can put down</h2><p>Long.</p><p><a href="https://a.example/b%[1]d">Read more</a></p></div>`),
		"T | 0 | \nNews (4, 4): Lamp is back, and it is green and gold\nBooks (4, 4): Lamp, a book that nobody can put down\n"},
	{"chapters and lines above the title stay in their card", "a.html", `<h1>T</h1><h2>What is new</h2>` + things(`<div class="c"><p>Club %[1]d</p><h3>%[2]s is back, and it is green and gold</h3><p>Text.</p><h4>Why</h4><p>So.</p><h4>When</h4><p>Now.</p><div><a href="https://a.example/%[1]d">Read more</a></div></div>`),
		"T | 0 | \nWhat is new (4, 4): Lamp is back, and it is green and gold\n"},
	{"one of another structure leads the cards", "a.html", `<h1>T</h1><h2>What is new</h2><div class="first"><h3>The pier is open again after a year</h3><p>Come.</p><h4>Why</h4><p>So.</p><h4>When</h4><p>Now, and for as long as the lamp burns, which will be long, since the keeper has found new oil in the cellar below the tower, and the mayor has promised a barrel each year. All are welcome: young and old, with boats and without, by day and by night, and nobody has to bring anything but good shoes and a hat.</p><p><a href="https://a.example/0">Read more</a></p></div>` + things(`<div class="c"><h3>%[2]s is back, and it is green and gold</h3><p>Text.</p><div><a href="https://a.example/%[1]d">Read more</a></div></div>`),
		"T | 0 | \nWhat is new (5, 5): The pier is open again after a year\n"},
	{"a lead of a higher level, below a label", "a.html", `<h1>T</h1><div><span style="letter-spacing:2px">Focus</span><h2><a href="https://a.example/0">The pier is open again after a year</a></h2><p>Come.</p></div><h3>More</h3>` + things(`<div class="c"><h4><a href="https://a.example/%[1]d">%[2]s is back</a></h4><p>Text.</p></div>`),
		"T | 0 | \nFocus (1, 1): The pier is open again after a year\nMore (4, 4): Lamp is back\n"},

	{"a small heading behind the last card is a section of its own", "a.html", `<h1>T</h1><h2>News</h2>` + things(`<article class="c"><h2><a href="https://a.example/%[1]d">%[2]s is back</a></h2><p>Text.</p></article>`) + `<h2>Books</h2>` + things(`<article class="c"><h2><a href="https://a.example/b%[1]d">%[2]s, a book</a></h2><p>Long.</p></article>`) + `<h3>Sources</h3><ul><li><a href="https://a.example/s1">Letters</a></li><li><a href="https://a.example/s2">Papers</a></li></ul>`,
		"T | 0 | \nNews (4, 4): Lamp is back\nBooks (4, 4): Lamp, a book\nSources (2, 2): Letters\n"},
	{"only the title of the page stands over all cards", "a.html", `<title>Quay Wire - No. 7 - Fog on the pier</title><h1>Fog on the pier</h1><p>Hello.</p>` + things(`<div class="c"><h2>%[2]s is back, and it is green and gold</h2><p>Text.</p><p><a href="https://a.example/%[1]d">Read more</a></p></div>`) + `<h2>Column</h2><p>A text.</p>`,
		"Fog on the pier | 7 | \n (4, 4): Lamp is back, and it is green and gold\nColumn (1, 0): A text.\n"},
	// No cards.
	{"sections of one structure that hold lists", "a.html", `<h1>T</h1>` + things(`<div class="c"><h2>%[2]s</h2><div class="e"><a href="https://a.example/%[1]d1">%[2]s one</a><p>Text.</p></div><div class="e"><a href="https://a.example/%[1]d2">%[2]s two</a><p>Text.</p></div><div class="e"><a href="https://a.example/%[1]d3">%[2]s three</a><p>Text.</p></div></div>`),
		"T | 0 | \nLamp (3, 3): Lamp one\nOil (3, 3): Oil one\nRope (3, 3): Rope one\nKnot (3, 3): Knot one\n"},
	{"topics over one text with a button each", "a.html", `<h1>T</h1>` + things(`<div class="c"><h2>%[2]s</h2><p>Text.</p><p><a href="https://a.example/%[1]d">Read more</a></p></div>`),
		"T | 0 | \nLamp (1, 1): Text.\nOil (1, 1): Text.\nRope (1, 1): Text.\nKnot (1, 1): Text.\n"},
	{"chapters of one structure without links", "a.html", `<h1>T</h1>` + things(`<section class="c"><h2>%[2]s</h2><p>Text.</p></section>`),
		"T | 0 | \nLamp (1, 0): Text.\nOil (1, 0): Text.\nRope (1, 0): Text.\nKnot (1, 0): Text.\n"},

	// The same without elements around them.
	{"headings over texts that end with a button", "a.html", `<h1>T</h1>` + things(`<h2>%[2]s is back, and it is green and gold</h2><p>Text.</p><p><a href="https://a.example/%[1]d">Read more</a></p>`),
		"T | 0 | \n (4, 4): Lamp is back, and it is green and gold\n"},
	{"titles within entries of lists, below labels", "a.html", `<h1>T</h1><h2>Cases</h2><ul>` + things(`<li><div>Club</div><h3><a href="https://a.example/%[1]d">%[2]s is lost</a></h3><p>Text.</p></li>`) + `</ul><h2>Books</h2><p>Text.</p>`,
		"T | 0 | \nCases (4, 4): Lamp is lost\nBooks (1, 0): Text.\n"},
	{"tables of a picture and a text, with a row between", "a.html", `<h1>T</h1><h2>News</h2>` + things(`<table><tr><td><img src="https://a.example/%[1]d.png"></td><td>&nbsp;</td><td><a style="font-weight: bold" href="https://a.example/%[1]d">%[2]s is here</a><p>Text.</p></td></tr><tr><td colspan="2">&nbsp;</td></tr></table>`),
		"T | 0 | \nNews (4, 4): Lamp is here\n"},
}

func TestCards(t *testing.T) {
	checkOutlines(t, cards)
}

func TestExplainCards(t *testing.T) {
	got := explanation(t, "a.html", cards[0].document)
	if want := "items: 4 elements of one structure with a title and a link: each is an item"; !strings.Contains(got, want) {
		t.Errorf("explanation lacks %q:\n%s", want, got)
	}
}

// aboveText are pages that say elsewhere than in their text which issue it is.
var aboveText = []struct{ name, file, document, want string }{
	{"beside the name of the site, above the text", "a.html", `<!doctype html><header><span>Quay Wire</span><nav><a href="/">Home</a></nav><span>Issue 12</span><p>20 November 2026</p></header><main><h1>Lamps burn again</h1><h2>News</h2><ul><li>a</li><li>b</li></ul><h2>Books</h2><p>Text.</p></main>`,
		"Lamps burn again | 12 | 2026-11-20\nNews (2, 0): a\nBooks (1, 0): Text.\n"},
	{"in parts of a line that nothing separates", "a.html", `<!doctype html><h1>港口周刊</h1><div class="meta"><span>第 12 期</span><span>2026年11月20日（星期五）</span><span><a href="/">所有往期</a></span></div><h2>新闻</h2><ul><li>甲</li><li>乙</li></ul><h2>书</h2><p>文。</p>`,
		"港口周刊 | 12 | 2026-11-20\n新闻 (2, 0): 甲\n书 (1, 0): 文。\n"},
	{"in its name, without a sign between", "quay-20Nov2026.html", `<h1>Quay Wire</h1><h2>News</h2><ul><li>a</li><li>b</li></ul><h2>Books</h2><p>Text.</p>`,
		"Quay Wire | 0 | 2026-11-20\nNews (2, 0): a\nBooks (1, 0): Text.\n"},
}

func TestAboveText(t *testing.T) {
	checkOutlines(t, aboveText)
}

// places are documents in which the place of a heading says what it is. They are compared like
// [shapes].
var places = []struct{ name, file, document, want string }{
	{"the news of a day above regular sections", "a.html", `<h1>T</h1>` + things(`<h2>%[2]s is back, green and gold as before</h2><p>Text.</p><hr>`) + `<h2>Quick hits</h2><ul>` + things(`<li><a href="https://a.example/%[1]d">Hit %[1]d</a></li>`) + `</ul><h2>Events</h2><ul>` + things(`<li><a href="https://a.example/e%[1]d">Event %[1]d</a></li>`) + `</ul>`,
		"T | 0 | \n (4, 0): Lamp is back, green and gold as before\nQuick hits (4, 4): Hit 1\nEvents (4, 4): Event 1\n"},
	{"two such stories", "a.html", `<h1>T</h1><h2>The lamp is back, green and gold as before</h2><p>Text.</p><h2>The pier is back, green and gold as before</h2><p>Text.</p><h2>Quick hits</h2><ul>` + things(`<li><a href="https://a.example/%[1]d">Hit %[1]d</a></li>`) + `</ul><h2>Events</h2><ul>` + things(`<li><a href="https://a.example/e%[1]d">Event %[1]d</a></li>`) + `</ul>`,
		"T | 0 | \nThe lamp is back, green and gold as before (1, 0): Text.\nThe pier is back, green and gold as before (1, 0): Text.\nQuick hits (4, 4): Hit 1\nEvents (4, 4): Event 1\n"},
	{"a subtitle is the only heading below the title", "a.html", `<h1>Lamps, oil and rope</h1><h2>And what the keeper of the pier has to say of all of that.</h2>` + things(`<p><b>%[2]s is here</b></p><p>Text.</p>`),
		"Lamps, oil and rope | 0 | \n (4, 0): Lamp is here\n"},
	{"a topic is the only heading below the title", "a.html", `<h1>Lamps, oil and rope</h1><h2>What is new</h2>` + things(`<p><b>%[2]s is here</b></p><p>Text.</p>`),
		"Lamps, oil and rope | 0 | \nWhat is new (4, 0): Lamp is here\n"},
	{"an invitation behind all of the text", "a.html", `<h1>T</h1>` + strings.Repeat("<p>The keeper climbs the tower each night and lights the lamp, and nobody knows why he sings.</p>", 20) + `<h4>Invite your friends and earn rewards</h4><p>If you like it, tell them.</p><p><a href="https://a.example/i">Invite them</a></p>`,
		"T | 0 | \n (1, 1): The keeper climbs the tower each night and lights the lamp, and nobody knows wh…\n"},
	{"the title again over all others", "a.html", `<title>How lamps burn</title><h1><a href="https://a.example/0">How lamps burn</a></h1><p>By Ann.</p><h1>How lamps burn</h1><p>They do.</p><h2>Oil</h2><p>Text.</p><h2>Wicks</h2><p>Text.</p>`,
		"How lamps burn | 0 | \nOil (1, 0): Text.\nWicks (1, 0): Text.\n"},
	{"the title twice, and nowhere else", "a.html", `<h1>How lamps burn</h1><p>By Ann.</p><h1>How lamps burn</h1><p>They do.</p><h2>Oil</h2><p>Text.</p><h2>Wicks</h2><p>Text.</p>`,
		"How lamps burn | 0 | \nOil (1, 0): Text.\nWicks (1, 0): Text.\n"},
	{"an essay above regular sections", "a.html", `<h1>T</h1>` + strings.Repeat("<p>The keeper climbs the tower each night and lights the lamp, and nobody knows why he sings.</p>", 50) + `<h2>Jobs</h2><ul>` + things(`<li><a href="https://a.example/%[1]d">%[2]s</a></li>`) + `</ul><h2>Books</h2><p>Text.</p>`,
		"T | 0 | \n (1, 0): The keeper climbs the tower each night and lights the lamp, and nobody knows wh…\nJobs (4, 4): Lamp\nBooks (1, 0): Text.\n"},
	{"an essay above titles", "a.html", `<h1>T</h1>` + strings.Repeat("<p>The keeper climbs the tower each night and lights the lamp, and nobody knows why he sings.</p>", 50) + `<ul>` + things(`<li><a href="https://a.example/%[1]d">%[2]s</a></li>`) + `</ul>`,
		"T | 0 | \n (5, 4): The keeper climbs the tower each night and lights the lamp, and nobody knows wh…\n"},
	{"links behind all of the text", "a.html", `<h1>T</h1>` + strings.Repeat("<p>The keeper climbs the tower each night and lights the lamp, and nobody knows why he sings.</p>", 20) + `<h2>Links</h2><ul>` + things(`<li><a href="https://a.example/%[1]d">%[2]s</a></li>`) + `</ul>`,
		"T | 0 | \nLinks (4, 4): Lamp\n"},
}

func TestPlacesOfHeadings(t *testing.T) {
	checkOutlines(t, places)
}
