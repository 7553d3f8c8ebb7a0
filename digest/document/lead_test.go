package document_test

import (
	"strings"
	"testing"
)

// The heading of the story that leads may be larger than all others.
func TestLargerLead(t *testing.T) {
	part := func(tag, name, picture, text string) string {
		return "<" + tag + ">" + name + "</" + tag + ">" + picture + "<p>" + text + "</p>"
	}
	picture := func(name string) string {
		return "<a href=\"https://q.example/" + name + "\"><img src=\"https://q.example/" + name + ".jpg\"></a>"
	}
	letter := func(first, more string) string {
		return "<h1>Quay Wire</h1><p>Good morning!</p>" + first + part("h3", "Best song", picture("b"), "Of rain.") + part("h3", "A boat", picture("c"), "Of wood.") + part("h3", "Something old", picture("d"), "Of iron.") + more
	}
	const sections = "Quay Wire | 0 | \nThe best of the week (1, 1): Seen from the pier.\nBest song (1, 1): Of rain.\nA boat (1, 1): Of wood.\nSomething old (1, 1): Of iron.\n"
	lead := part("h2", "The best of the week", picture("a"), "Seen from the pier.")
	checkOutlines(t, []struct{ name, file, document, want string }{
		{"larger", "a.html", letter(lead, ""), sections},
		{"as large", "a.html", strings.ReplaceAll(letter(lead, ""), "h3>", "h2>"), sections},
	})
	for name, document := range map[string]string{
		"an introduction":        letter(part("h2", "The best of the week", "", "Seen from the pier."), ""),
		"a picture without link": letter(part("h2", "The best of the week", "<img src=\"https://q.example/a.jpg\">", "Seen from the pier."), ""),
		"a second one":           letter(lead, part("h2", "News", picture("e"), "None.")),
		"one without a picture":  letter(lead, part("h3", "News", "", "None.")),
	} {
		t.Run(name, func(t *testing.T) {
			if got := outline(parse(t, "a.html", document)); strings.Contains(got, "A boat (") {
				t.Errorf("a deeper heading makes a section:\n%s", got)
			}
		})
	}
}
