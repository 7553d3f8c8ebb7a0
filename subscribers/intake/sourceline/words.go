package sourceline

import (
	"errors"
	"strings"
	"unicode"
)

var errOpen = errors.New("a quotation mark is not closed: add one at the end of the value")

// split returns the words of a line. Quotation marks, which are left out, hold a word with
// spaces together; another kind may stand within.
func split(text string) (words []string, err error) {
	var word strings.Builder
	var quote rune
	open := false // a word has begun
	end := func() {
		if open {
			words = append(words, word.String())
		}
		word.Reset()
		open = false
	}
	for _, r := range text {
		switch {
		case quote != 0 && closes(quote, r):
			quote = 0
		case quote == 0 && isQuote(r):
			quote, open = r, true
		case quote == 0 && unicode.IsSpace(r):
			end()
		default:
			word.WriteRune(r)
			open = true
		}
	}
	if quote != 0 {
		return nil, errOpen
	}
	end()
	return words, nil
}

// isQuote reports whether a word may begin with a quotation mark like this. Many an editor and
// chat makes curly ones of those that were typed.
func isQuote(r rune) bool { return strings.ContainsRune("\"'“”„", r) }

// closes reports whether a quotation mark ends what another one began.
func closes(quote, r rune) bool {
	return r == quote || strings.ContainsRune("“”„", quote) && (r == '”' || r == '“')
}
