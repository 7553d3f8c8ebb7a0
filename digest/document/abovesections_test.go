package document_test

import "testing"

// Headings above the sections that name none: a line above the title, a title with the name
// of the series, and what the publisher says of himself.
func TestHeadingsAboveSections(t *testing.T) {
	const topics = "<h2>News</h2><p>Frost.</p><h2>Books</h2><h3>Knots</h3><p>Sea.</p><h3>Ropes</h3><p>Rain.</p>"
	const read = "News (1, 0): Frost.\nBooks (2, 0): Knots\n"
	const motto = "<h1>The Quay Club is a group of neighbours who mend the old boats of the harbour</h1>"
	const stories = "<p>May 2026 Letter</p><h3>The crane</h3><p>Repaired.</p><h3>The buoy</h3><p>Painted.</p>"
	const club = "<h1>News</h1><p>Frost.</p><h1>Dates</h1><p>Friday.</p>"
	head := func(title, body string) string {
		return "<html><head><title>" + title + "</title></head><body>" + body + "</body></html>"
	}
	checkOutlines(t, []struct{ name, file, document, want string }{
		{"a line above the title", "a.html", head("*|MC:SUBJECT|*", "<img src=\"https://q.example/logo.jpg\"><h4>To all who joined us</h4><h1>A few words on the next days</h1>"+topics), "A few words on the next days | 0 | \n" + read},
		{"the same in Markdown", "a.md", "#### To all who joined us\n\n# A few words on the next days\n\n## News\n\n- a\n- b\n\n## Books\n\n- c\n", "A few words on the next days | 0 | \nNews (2, 0): a\nBooks (1, 0): c\n"},
		{"a deeper heading with a text is a section", "a.md", "### Hello\n\n- Frost\n- Fog\n\n# News\n\n- a\n- b\n\n## Books\n\n- c\n", " | 0 | \nHello (2, 0): Frost\nNews (2, 0): a\nBooks (1, 0): c\n"},
		{"the series and a story", "a.html", head("Quay Wire 11/25/26", "<h1>Quay Wire: Ann leaves</h1><p>Welcome!</p><h1>News</h1><p>Frost.</p><h1>Books</h1><p>Sea.</p>"), "Quay Wire 11/25/26 | 0 | 2026-11-25\nNews (1, 0): Frost.\nBooks (1, 0): Sea.\n"},
		{"another name and a story", "a.html", head("Quay Wire 11/25/26", "<h1>Harbour: Ann leaves</h1><p>Welcome!</p><h1>News</h1><p>Frost.</p><h1>Books</h1><p>Sea.</p>"), "Quay Wire 11/25/26 | 0 | 2026-11-25\nHarbour: Ann leaves (1, 0): Welcome!\nNews (1, 0): Frost.\nBooks (1, 0): Sea.\n"},
		{"a motto", "a.html", head("Quay Club Letter", motto+stories+club), "Quay Club Letter | 0 | \n (2, 0): The crane\nNews (1, 0): Frost.\nDates (1, 0): Friday.\n"},
		{"a topic", "a.html", head("Quay Club Letter", "<h1>Repairs</h1>"+stories+club), "Quay Club Letter | 0 | \nRepairs (2, 0): The crane\nNews (1, 0): Frost.\nDates (1, 0): Friday.\n"},
		{"a story with chapters", "a.html", head("Quay Club Letter", motto+"<p>It all began with a storm that lasted for eleven days, and took the roofs of half the sheds. What was left of the boats lay upside down on the slip, and nobody knew which of them could float.</p>"+stories+club), "Quay Club Letter | 0 | \nThe Quay Club is a group of neighbours who mend the old boats of the harbour (3, 0): It all began with a storm that lasted for eleven days, and took the roofs of ha…\nNews (1, 0): Frost.\nDates (1, 0): Friday.\n"},
		{"two headings in one", "a.html", head("Quay Club Letter", "<h1><b>News</b><br><br><b><a href=\"https://q.example/a\">Frost on the pier</a></b></h1><p>Cold.</p><h2><a href=\"https://q.example/b\">Fog on the pier</a></h2><p>Grey.</p><h1>Dates</h1><p>Friday.</p>"), "Quay Club Letter | 0 | \nNews (2, 2): Frost on the pier\nDates (1, 0): Friday.\n"},
		{"a broken heading", "a.html", head("Quay Club Letter", "<h1>News of<br><a href=\"https://q.example/a\">the pier</a></h1><p>Cold.</p><h1>Dates</h1><p>Friday.</p>"), "Quay Club Letter | 0 | \nNews of the pier (1, 1): Cold.\nDates (1, 0): Friday.\n"},
	})
}
