package search

import "strings"

// Score is how well an item matches a query; 0: it does not.
type Score int

// What a term counts, by its place.
const (
	inText      = 1
	wordInText  = 2 // not only the beginning of a word
	inTitle     = 3
	wordInTitle = 4
)

// manyHits is how many hits of a term count: a long text is not better than a new one.
const manyHits = 3

// Score returns how well an item matches, by its folded title and text. It must have
// all terms. Hits in the title count more than hits in the text, and whole words more
// than beginnings; between equals, several hits count more than one.
func (q Query) Score(title, text string) Score {
	const perPlace = maxTerms*manyHits + 1
	score := Score(1)
	for _, term := range q.terms {
		place, hits := term.place(title, text)
		if place == 0 {
			return 0
		}
		score += Score(place*perPlace + hits)
	}
	return score
}

// place returns the best place where the term is, and how often it is in the
// text, up to manyHits.
func (t Term) place(title, text string) (place, hits int) {
	hits = t.count(text)
	switch {
	case strings.Contains(title, t.Word):
		return wordInTitle, hits
	case strings.Contains(title, t.Text):
		return inTitle, hits
	case hits == 0:
		return 0, 0
	case strings.Contains(text, t.Word):
		return wordInText, hits
	}
	return inText, hits
}

func (t Term) count(text string) int {
	for n := range manyHits {
		next := strings.Index(text, t.Text)
		if next < 0 {
			return n
		}
		text = text[next+len(t.Text):]
	}
	return manyHits
}
