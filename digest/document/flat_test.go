package document_test

import (
	"fmt"
	"strings"
	"testing"
)

// things returns a text for each of four things: format, which says its number as %[1]d and
// its name as %[2]s.
func things(format string) string {
	var out strings.Builder
	for i, name := range []string{"Lamp", "Oil", "Rope", "Knot"} {
		fmt.Fprintf(&out, format, i+1, name)
	}
	return out.String()
}

// flats are documents whose headings are titles of stories, and some that look like
// them. They are compared like [shapes].
var flats = []struct{ name, file, document, want string }{
	// Fields.
	{"counted headings over the same fields", "a.md", "# T\n\n" + things("## %[1]d. %[2]s\n\n- Author: Ann\n- Stars: %[1]d\n- Link: <https://a.example/%[1]d>\n\nIt is new.\n\n"),
		"T | 0 | \n (4, 4): Lamp\n"},
	{"linked headings over the same fields", "a.md", "# T\n\n" + things("### [%[2]s](https://a.example/%[1]d)\n\n- **作者**：某人\n- **星标**：%[1]d\n\n"),
		"T | 0 | \n (4, 4): Lamp\n"},
	{"plain headings over the same facts", "a.html", "<h1>T</h1>" + things("<h2>%[2]s</h2><ul><li><b>Autor:</b> Ann</li><li><b>Preis:</b> %[1]d</li></ul>"),
		"T | 0 | \n (4, 0): Lamp\n"},
	{"plain headings over the same texts", "a.md", "# T\n\n" + things("## %[2]s\n\n- **Done**: what we did was long and heavy, and it took all of us and a good part of week %[1]d\n- **Next**: what comes then will be as long and as heavy, and it will take the rest of the year\n\n"),
		"T | 0 | \nLamp (2, 0): Done\nOil (2, 0): Done\nRope (2, 0): Done\nKnot (2, 0): Done\n"},
	{"labels that say of what kind entries are", "a.md", "# T\n\n" + things("## %[2]s\n\n- Fix: %[1]d\n- Fix: again\n- New: this\n- New: that\n\n"),
		"T | 0 | \nLamp (4, 0): Fix: 1\nOil (4, 0): Fix: 2\nRope (4, 0): Fix: 3\nKnot (4, 0): Fix: 4\n"},
	{"fields below the news of each day", "a.md", "# T\n\n" + things("## Day %[2]s\n\n1. One https://a.example/%[1]d1\n2. Two https://a.example/%[1]d2\n3. Three https://a.example/%[1]d3\n\n* Editor: Ann\n* Jobs: https://a.example/j\n\n"),
		"T | 0 | \nDay Lamp (3, 4): One https://a.example/11\nDay Oil (3, 4): One https://a.example/21\nDay Rope (3, 4): One https://a.example/31\nDay Knot (3, 4): One https://a.example/41\n"},
	{"fields under the items of sections", "a.md", "# T\n\n## Tools\n\n" + things("### %[2]s\n\n- Author: Ann\n- Link: <https://a.example/%[1]d>\n\n") + "## Books\n\n" + things("**%[2]s**\n\n- Author: Ben\n- Pages: %[1]d\n\n"),
		"T | 0 | \nTools (4, 4): Lamp\nBooks (4, 0): Lamp\n"},
	{"bold lines over the same fields", "a.md", "# T\n\n" + things("**%[2]s**\n\n- Author: Ann\n- Stars: %[1]d\n\n"),
		"T | 0 | \n (4, 0): Lamp\n"},
	{"counted headings over the same chapters", "a.md", "# T\n\n" + things("## %[1]d. %[2]s\n\n### What it is\n\nA thing.\n\n### What it is for\n\nFor boats.\n\n"),
		"T | 0 | \n (4, 0): Lamp\n"},
	{"long headings over the same chapters", "a.md", "# T\n\n## In full\n\nThese are new.\n\n" + things("### %[2]s makers put off what they had planned for the year\n\n#### What is new\n\nA thing.\n\n#### How it works\n\nWell.\n\n#### Sources\n\n- [a](https://a.example/%[1]d)\n- [b](https://a.example/b%[1]d)\n\n"),
		"T | 0 | \nIn full (4, 8): Lamp makers put off what they had planned for the year\n"},
	{"headings within sections over the same chapters", "a.md", "# T\n\n## In short\n\nThese are new.\n\n## In full\n\n" + things("### %[2]s\n\n#### What is new\n\nA thing.\n\n#### How it works\n\nWell, on day %[1]d.\n\n"),
		"T | 0 | \nIn short (1, 0): These are new.\nIn full (4, 0): Lamp\n"},
	{"sections with the same groups", "a.md", "# T\n\n" + things("## %[2]s\n\n### Texts\n\n- [a](https://a.example/a%[1]d)\n- [b](https://a.example/b%[1]d)\n\n### Films\n\n- [c](https://a.example/c%[1]d)\n\n"),
		"T | 0 | \nLamp (3, 3): a\nOil (3, 3): a\nRope (3, 3): a\nKnot (3, 3): a\n"},
	{"a small heading above the first story", "a.md", "# T\n\n###### Four things from the quay\n\nBy Ann.\n\n" + things("## %[1]d. %[2]s\n\n- Author: Ann\n- Stars: %[1]d\n\n"),
		"T | 0 | \n (4, 0): Lamp\n"},
	{"a small heading above sections", "a.md", "# T\n\n#### Good morning\n\nIt rains.\n\n## News\n\n- a\n- b\n\n## Books\n\n- c\n",
		"T | 0 | \nNews (2, 0): a\nBooks (1, 0): c\n"},

	// Stories and topics.
	{"headings that are whole sentences", "a.md", "# T\n\n## Who lost the rope?\n\nText.\n\n## Nobody saw it fall.\n\nText.\n\n## 灯塔今天重新开放！\n\n文。\n\n## Fog\n\nText.\n",
		"T | 0 | \n (4, 0): Who lost the rope?\n"},
	{"topics that end like sentences", "a.md", "# T\n\n## What's new?\n\nText.\n\n## And finally...\n\nText.\n\n## 好文！\n\n文。\n",
		"T | 0 | \nWhat's new? (1, 0): Text.\nAnd finally... (1, 0): Text.\n好文！ (1, 0): 文。\n"},
	{"some more linked headings than plain ones", "a.md", "# T\n\n" + things("## [%[2]s %[1]d](https://a.example/%[1]d)\n\nText.\n\n") + "## Fog\n\nText.\n\n## Sea\n\nText:\n\n- point\n- point\n\n## Pier\n\nText.\n",
		"T | 0 | \n (7, 4): Lamp 1\n"},
	{"as many linked headings as plain ones", "a.md", "# T\n\n" + things("## [%[2]s](https://a.example/%[1]d)\n\nText.\n\n") + things("## %[2]s again\n\nText %[1]d.\n\n"),
		"T | 0 | \nLamp (1, 1): Text.\nOil (1, 1): Text.\nRope (1, 1): Text.\nKnot (1, 1): Text.\nLamp again (1, 0): Text 1.\nOil again (1, 0): Text 2.\nRope again (1, 0): Text 3.\nKnot again (1, 0): Text 4.\n"},
	{"linked names of topics over lists", "a.md", "# T\n\n" + things("## [%[2]s](https://a.example/%[1]d)\n\n- a\n- b\n\n"),
		"T | 0 | \nLamp (2, 1): a\nOil (2, 1): a\nRope (2, 1): a\nKnot (2, 1): a\n"},
	{"linked stories over points", "a.html", "<h1>T</h1>" + things("<h2><a href=\"https://a.example/%[1]d\">%[2]s makers have found out what it is good for</a></h2><ul><li>It glows.</li><li>It burns.</li></ul>"),
		"T | 0 | \n (4, 4): Lamp makers have found out what it is good for\n"},
	{"events among stories", "a.md", "# T\n\n" + things("## [%[2]s is here](https://a.example/%[1]d)\n\nText.\n\n") + "## AROUND THE QUAY\n\nAll are free.\n\n" + things("- [Event %[1]d](https://a.example/e%[1]d): %[2]s\n") + "\n## [Last](https://a.example/9)\n\nText.\n",
		"T | 0 | \n (5, 5): Lamp is here\nAROUND THE QUAY (4, 4): Event 1\n"},
	{"further reading of a story", "a.md", "# T\n\n" + things("## [%[2]s is here](https://a.example/%[1]d)\n\nText.\n\n") + "## The pier\n\nIt is open. Read also:\n\n- [a](https://a.example/a)\n- [b](https://a.example/b)\n",
		"T | 0 | \n (5, 6): Lamp is here\n"},
	{"half are sentences, and none is a topic", "a.html", "<h1>Quay Club</h1><h2>Who wants to paint a buoy?</h2><p>Ask Ann.</p><h2>Our crew of 2026</h2><p>These are new:</p><ul><li>Ann</li><li>Bo</li></ul><h2>The pier is open once more!</h2><p>Come.</p><h2>Help us to find some more old lamps</h2><p>Write.</p>",
		"Quay Club | 0 | \n (4, 0): Who wants to paint a buoy?\n"},
	{"half are sentences, and one is a topic", "a.html", "<h1>Quay Club</h1><h2>Who wants to paint a buoy?</h2><p>Ask Ann.</p><h2>Our crew</h2><p>These are new:</p><ul><li>Ann</li><li>Bo</li></ul><h2>The pier is open once more!</h2><p>Come.</p><h2>Help us to find some more old lamps</h2><p>Write.</p>",
		"Quay Club | 0 | \nWho wants to paint a buoy? (1, 0): Ask Ann.\nOur crew (2, 0): Ann\nThe pier is open once more! (1, 0): Come.\nHelp us to find some more old lamps (1, 0): Write.\n"},
	{"quick links below counted stories", "a.md", "# T\n\n" + things("## %[1]d. %[2]s\n\nText.\n\n") + "## Quick links\n\n" + things("- [Link %[1]d](https://a.example/e%[1]d): %[2]s\n"),
		"T | 0 | \n (4, 0): Lamp\nQuick links (4, 4): Link 1\n"},
	{"where to find more, behind counted stories", "a.md", "# T\n\n###### July\n\n" + things("## %[1]d. %[2]s\n\n- Author: Ann\n- Stars: %[1]d\n\n") + "---\n## More lamps\n\nThat is all. See also:\n\n- [Letters](https://a.example/1)\n- [Books](https://a.example/2)\n",
		"T | 0 | \n (4, 0): Lamp\nMore lamps (2, 2): Letters\n"},
	{"two long headings, one of them a whole headline", "a.md", "---\n\n### 新しい灯台3号の発表\n\n[灯台](https://a.example/1)\n\n灯台が建ちました。\n\n---\n\n### 港の渡し船が新しい時刻表をリリース\n\n[船](https://a.example/2)\n\n朝から走ります。\n",
		" | 0 | \n (2, 2): 新しい灯台3号の発表\n"},
	{"two headings, one of them a topic", "a.md", "### Boats\n\nText.\n\n### The ferry across the harbour runs twice a day again\n\nText.\n",
		" | 0 | \nBoats (1, 0): Text.\nThe ferry across the harbour runs twice a day again (1, 0): Text.\n"},
	{"topics among stories that are links, and one that is half a link", "a.md", "# T\n\n" + things("## [%[2]s is here](https://a.example/%[1]d)\n\nText.\n\n## %[2]ss\n\n- [a](https://a.example/a%[1]d)\n- [b](https://a.example/b%[1]d)\n- [c](https://a.example/c%[1]d)\n\n") + "## Sponsor: [Ropes](https://a.example/8)\n\nText.\n",
		"T | 0 | \n (5, 5): Lamp is here\nLamps (3, 3): a\nOils (3, 3): a\nRopes (3, 3): a\nKnots (3, 3): a\n"},
	{"counted stories, a list and thanks", "a.md", "# T\n\n" + things("## %[1]d. %[2]s\n\nText.\n\n") + "## Reading\n\n- [a](https://a.example/a)\n- [b](https://a.example/b)\n- [c](https://a.example/c)\n\n## Thanks\n\nTo all.\n",
		"T | 0 | \n (5, 0): Lamp\nReading (3, 3): a\n"},
	{"counted sections with headings in them", "a.md", "# T\n\n## 1. News\n\n### The pier is open\n\nText.\n\n### The ferry runs\n\nText.\n\n## 2. Books\n\n### Sea\n\nLong.\n\n## 3. Thoughts\n\nText.\n",
		"T | 0 | \nNews (2, 0): The pier is open\nBooks (1, 0): Sea\nThoughts (1, 0): Text.\n"},
	{"groups below stories", "a.md", "# T\n\n" + things("## [%[2]s is here](https://a.example/%[1]d)\n\nText.\n\n") + "## Jobs\n\n### Keeper of the lamp\n\nAt night.\n\n### Cook\n\nBy day.\n\n### Maker of knots\n\nNow and then.\n",
		"T | 0 | \n (4, 4): Lamp is here\nJobs (3, 0): Keeper of the lamp\n"},
}

// TestFlats compares what was understood of these documents.
func TestFlats(t *testing.T) {
	checkOutlines(t, flats)
}
