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
		{"a class", "a.html", strings.ReplaceAll(labelled("", "🏠 Community", "Weather", ""), `style=""`, `class="card-eyebrow"`), sections},
		{"one over two stories", "a.html", labelled(spaced, "🏠 Community", "Weather", "<h3>Storms</h3><p>None.</p>"), strings.Replace(sections, "Weather (1", "Weather (2", 1)},
	})
	for name, document := range map[string]string{
		"no style":         labelled("font-size:10px", "Community", "Weather", ""),
		"drawn together":   labelled("letter-spacing:-0.02em", "Community", "Weather", ""),
		"a name twice":     labelled(spaced, "News", "News", ""),
		"dates":            labelled(spaced, "3 May 2026", "4 May 2026", ""),
		"longer labels":    labelled(spaced, "What our neighbours are talking of", "How the sea will be in these days", ""),
		"a higher heading": labelled(spaced, "Community", "Weather", "<h1>News</h1><p>None.</p>"),
	} {
		t.Run(name, func(t *testing.T) {
			if got := outline(parse(t, "a.html", document)); strings.Contains(got, "Quick Hits (") {
				t.Errorf("labels make sections:\n%s", got)
			}
		})
	}
}
