// Package search knows what a reader means by the words of a search, and where
// they stand in a text. [Parse] makes a [Query] of the words, [Query.Score] says how
// well a text matches, and [Query.Excerpt] shows where.
//
// Everything here is a pure function of its input. Case, width and punctuation make
// no difference. In scripts with spaces between words, such as Latin, a word is found
// by its beginning; in scripts without, such as Chinese, it is found anywhere.
package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"digestbot/digest"
)

// The bounds of a query; words beyond them are left out. Nobody remembers more of an
// item than that.
const (
	MaxUnits = 100 // UTF-16 code units
	maxTerms = 8
)

// Query is what a reader searches for. The zero Query is empty.
type Query struct {
	words string
	terms []Term
}

// Term is a word of a query, or several that are joined by punctuation.
type Term struct {
	Text string // has to be in the fold of a text that matches
	Word string // is in the fold as well if Text is there as a whole word, not only as its beginning
}

// Parse reads the words of a search. String does not return what Parse leaves out,
// because it is too much or invisible.
func Parse(words string) Query {
	var q Query
	var kept []string
	for _, word := range strings.FieldsFunc(shorten(tidy(words)), separates) {
		if len(q.terms) == maxTerms {
			break
		}
		kept = append(kept, word)
		term := Term{Text: strings.TrimSuffix(Fold(word), " ")}
		term.Word = Fold(term.Text)
		if term.Text != "" && !slices.Contains(q.terms, term) {
			q.terms = append(q.terms, term)
		}
	}
	q.words = strings.Join(kept, " ")
	return q
}

// String returns the words of the search, in one line. Parse makes the same query of
// them.
func (q Query) String() string { return q.words }

// Empty reports whether there is nothing to search for: no words, or nothing but
// punctuation.
func (q Query) Empty() bool { return len(q.terms) == 0 }

// Terms returns the terms of the query. A text matches if it has all of them.
func (q Query) Terms() []Term { return slices.Clone(q.terms) }

// tidy removes what is invisible, and what Telegram removes from messages (tdlib/td,
// clean_input_string), so that the words come back from a message unchanged.
func tidy(words string) string {
	words = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r != '\u200d' && unicode.In(r, unicode.Cc, unicode.Cf): // U+200D joins emoji
			return -1
		}
		return r
	}, strings.ToValidUTF8(words, ""))
	words = strings.Map(func(r rune) rune {
		if strings.ContainsRune("\u030a\u0333\u033f", r) { // on letters other than å
			return -1
		}
		return r
	}, norm.NFC.String(words))
	return norm.NFC.String(words)
}

// shorten cuts off the end of a query that is too long. The last word is cut off as a
// whole, unless it is most of the query.
func shorten(words string) string {
	head := digest.FirstUnits(words, MaxUnits)
	next, _ := utf8.DecodeRuneInString(words[len(head):])
	if head == words || separates(next) {
		return head
	}
	if last := strings.LastIndexFunc(head, separates); last > len(head)/2 {
		return head[:last]
	}
	return head
}

// separates reports whether a character stands between words that may be found apart
// from each other. There is none within "node.js".
func separates(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune("，。、；：！？…“”‘’（）《》〈〉【】「」『』｜·,;|", r)
}
