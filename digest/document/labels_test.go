package document_test

import (
	"strings"
	"testing"
)

// labelled is a page of two stories, "Community" and "Weather", each with a label above it in
// the given style, a list in a third section, and what else there is.
func labelled(style, community, weather, more string) string {
	label := func(name string) string { return "<p style=\"" + style + "\">" + name + "</p>" }
	return "<html><body><h1>Quay Wire</h1>" + label(community) + "<h2>After fifty winters, Ann leaves the pier</h2><p>She kept the lamp, and the log.</p><ul><li><a href=\"https://q.example/a\">Ann</a></li><li>Lamp</li></ul>" +
		label(weather) + "<h3>Fog until Friday, and then the long frost</h3><p>Boats stay in.</p>" + more + label("Quick Hits") + "<p>The ferry is late.</p></body></html>"
}

const spaced = "font-size:10px; letter-spacing:0.2em; text-transform:uppercase"

// In mails a label above a headline names the topic, and the headline the story.
func TestLabels(t *testing.T) {
	const sections = "Quay Wire | 0 | \n🏠 Community (1, 1): After fifty winters, Ann leaves the pier\nWeather (1, 0): Fog until Friday, and then the long frost\nQuick Hits (1, 0): The ferry is late.\n"
	checkOutlines(t, []struct{ name, file, document, want string }{
		{"capitals and spaces", "a.html", labelled(spaced, "🏠 Community", "Weather", ""), sections},
		{"capitals", "a.html", labelled("font-size:11px;text-transform: uppercase", "🏠 Community", "Weather", ""), sections},
		{"spaces in pixels", "a.html", labelled("font-size:11px;letter-spacing:2px", "🏠 Community", "Weather", ""), sections},
		{"classes that name sections", "a.html", "<h1>Quay</h1><p>Hello.</p><div class=\"section-label\">Boats</div><ul><li><button class=\"card\"><h3>Sails are dry</h3><p>A text.</p></button></li></ul><button>Like</button><div class=\"section-label\">Ropes</div><p>A text about ropes.</p>",
			"Quay | 0 | \nBoats (1, 0): Sails are dry\nRopes (1, 0): A text about ropes.\n"},
		{"classes that name sections above headlines", "a.html", strings.ReplaceAll(labelled("", "🏠 Community", "Weather", ""), `style=""`, `class="wire-section-label"`), sections},
		{"a class", "a.html", strings.ReplaceAll(labelled("", "🏠 Community", "Weather", ""), `style=""`, `class="card-eyebrow"`), sections},
		{"one over two stories", "a.html", labelled(spaced, "🏠 Community", "Weather", "<h3>Storms</h3><p>None.</p>"), strings.Replace(sections, "Weather (1", "Weather (2", 1)},
	})
	for name, document := range map[string]string{
		"no style":                labelled("font-size:10px", "Community", "Weather", ""),
		"drawn together":          labelled("letter-spacing:-0.02em", "Community", "Weather", ""),
		"classes within sections": strings.ReplaceAll(labelled("", "Community", "Weather", ""), `style=""`, `class="subsection-label"`),
		"a name twice":            labelled(spaced, "News", "News", ""),
		"dates":                   labelled(spaced, "3 May 2026", "4 May 2026", ""),
		"longer labels":           labelled(spaced, "What our neighbours are talking of", "How the sea will be in these days", ""),
		"a higher heading":        labelled(spaced, "Community", "Weather", "<h1>News</h1><p>None.</p>"),
	} {
		t.Run(name, func(t *testing.T) {
			if got := outline(parse(t, "a.html", document)); strings.Contains(got, "Quick Hits (") {
				t.Errorf("labels make sections:\n%s", got)
			}
		})
	}
}

// sheeted is a page whose style sheet sets labels, with kind and source above each headline.
func sheeted(css string) string {
	story := func(kind, source, title string) string {
		return "<div class=\"kind\">" + kind + "</div><div class=\"source\">" + source + "</div><h2><a href=\"https://q.example/" + source + "\">" + title + "</a></h2><p>The harbour office says so.</p>"
	}
	return "<html><head><title>Quay Wire</title><style>" + css + "</style></head><body><div class=\"wire\"><div class=\"top\">Every morning</div><h1>Quay Wire</h1></div>" +
		"<div class=\"part big\">🚀 Boats</div>" + story("News", "Lamp", "After fifty winters, Ann leaves the pier and her lamp") + story("Rumour", "Buoy", "The ferry will be red again, says its captain") +
		"<div class=\"part\">Weather & sea</div>" + story("News", "Gull", "Fog until Friday, and then the long frost") + story("News", "Crane", "The harbour froze, and people walk to the island") + "</body></html>"
}

const sheetOfLabels = "/* labels */ .part, .other > .x { letter-spacing: 3px; text-transform: uppercase } @media (max-width: 9em) { .kind { letter-spacing: 0 } } .kind { letter-spacing: 1px; } div.source { letter-spacing: 1px }"

// Of several labels in a row above a headline the first may name the section; those of the
// story go below its title. Style sheets say what is a label.
func TestLabelsInRows(t *testing.T) {
	checkOutlines(t, []struct{ name, file, document, want string }{
		{"a style sheet", "a.html", sheeted(sheetOfLabels), "Quay Wire | 0 | \n🚀 Boats (2, 2): After fifty winters, Ann leaves the pier and her lamp\nWeather & sea (2, 2): Fog until Friday, and then the long frost\n"},
		{"no style sheet", "a.html", sheeted(""), "Quay Wire | 0 | \n (4, 4): After fifty winters, Ann leaves the pier and her lamp\n"},
		{"on small screens only", "a.html", sheeted("@media print {" + sheetOfLabels + "}"), "Quay Wire | 0 | \n (4, 4): After fifty winters, Ann leaves the pier and her lamp\n"},
		{"cut off", "a.html", sheeted(".part { letter-spacing: 3px"), "Quay Wire | 0 | \n (4, 4): After fifty winters, Ann leaves the pier and her lamp\n"},
		{"a topic with a heading", "a.html", strings.Replace(labelled(spaced, "Community", "Weather", "<h3>Around the quay</h3><p style=\""+spaced+"\">Boats</p><h4>The ferry will be red again, says its captain</h4><p>Soon.</p><h4>The crane turns</h4><p>Slowly.</p>"), "<h3>Fog", "<h2>Fog", 1),
			"Quay Wire | 0 | \nCommunity (1, 1): After fifty winters, Ann leaves the pier\nWeather (1, 0): Fog until Friday, and then the long frost\nAround the quay (2, 0): The ferry will be red again, says its captain\nQuick Hits (1, 0): The ferry is late.\n"},
	})
	issue := parse(t, "a.html", sheeted(sheetOfLabels))
	if got, want := issue.Sections[0].Items[0].Text(), "News\n\nLamp\n\nThe harbour office says so."; !strings.HasSuffix(got, want) {
		t.Errorf("first item = %q, want it to end with %q", got, want)
	}
}
