package numbers

import (
	"iter"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"digestbot/digest/document/plain"
)

// numberForm is a way in which a title states its number.
type numberForm struct {
	pattern func() *regexp.Regexp // its first group is the number
	place   place                 // where in a text a match may begin
	needs   string                // a match has one of these characters; "": it may have none
	yearToo bool                  // a number such as 2026 after it is more likely a year
	closed  bool                  // the pattern says itself what may follow
	sign    bool                  // a sign that numbers other things too, such as requests
}

// place says where a pattern is looked for. The patterns of all languages take long, so
// those of words are tried at the numbers of a text only.
type place int

const (
	anywhere  place = iota
	atWords         // at the two words in front of a number, with which the pattern ends
	atNumbers       // at the character in front of a number, with which it begins
)

// match is a place where a text states its number.
type match struct {
	begin      int // with the character in front of the words
	start, end int // of the number
}

// find returns the number that a text states in this form, or 0.
func (f numberForm) find(text string) int {
	for m := range f.matches(text) {
		n := number(text[m.start:m.end])
		if f.sign && numbersOthers().MatchString(strings.TrimRight(text[:m.start], "# ")) {
			continue
		}
		if n > 0 && (f.closed || endsNumber(n, text[m.end:])) && !(f.yearToo && isYear(n)) {
			return n
		}
	}
	return 0
}

// numbersOthers matches words in front of "#12" that make it the number of a request or a
// ticket, or a rank.
var numbersOthers = plain.Pattern(`(?i)(?:^|[^\pL])(?:pr|prs|mr|pull requests?|merge requests?|bug|ticket|gh|fix|fix(?:es|ed|ing)|clos(?:e|es|ed|ing)|resolv(?:e|es|ed|ing)|top|best|rank(?:ed)?)\s*:?$`)

// maxMatches is how many places of a text are looked at.
const maxMatches = 4

// matches yields the places where a text has this form.
func (f numberForm) matches(text string) iter.Seq[match] {
	return func(yield func(match) bool) {
		switch {
		case f.needs != "" && !strings.ContainsAny(text, f.needs):
		case f.place == anywhere:
			for _, m := range f.pattern().FindAllStringSubmatchIndex(text, maxMatches) {
				if !yield(match{m[0], m[2], m[3]}) {
					return
				}
			}
		default:
			for start, end := range digitRuns(text) {
				if m, ok := f.matchAt(text, start, end); ok && !yield(m) {
					return
				}
			}
		}
	}
}

// matchAt returns the match of the form whose number stands at a place of a text.
func (f numberForm) matchAt(text string, start, end int) (match, bool) {
	if f.place == atNumbers {
		begin := runeBefore(text, start)
		m := f.pattern().FindStringSubmatchIndex(text[begin:])
		if m == nil {
			return match{}, false
		}
		return match{begin, begin + m[2], begin + m[3]}, true
	}
	for _, word := range wordsBefore(text, start) {
		if word >= 0 && f.pattern().MatchString(text[word:end]) {
			return match{runeBefore(text, word), start, end}, true
		}
	}
	return match{}, false
}

// runeBefore returns where the character begins that stands before a place of a text.
func runeBefore(text string, at int) int {
	_, size := utf8.DecodeLastRuneInString(text[:at])
	return at - size
}

// digitRuns yields where the numbers of a text begin and end.
func digitRuns(text string) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		for at := 0; at < len(text); at++ {
			if !isDigit(text[at]) {
				continue
			}
			start := at
			for at < len(text) && isDigit(text[at]) {
				at++
			}
			if !yield(start, at) {
				return
			}
		}
	}
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// wordsBefore returns where the two words begin that stand before a place of a text without
// a number between, the first one first; -1: there is none.
func wordsBefore(text string, at int) [2]int {
	starts := [2]int{-1, -1}
	for i := 1; i >= 0; i-- {
		before := strings.TrimRightFunc(text[:at], func(r rune) bool { return !isWordRune(r) && !unicode.IsDigit(r) })
		at = len(strings.TrimRightFunc(before, isWordRune))
		if at == len(before) {
			break
		}
		starts[i] = at
	}
	return starts
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) }

// firstForm returns the number in the first form that a text has, or 0.
func firstForm(forms []numberForm, text string) int {
	for _, form := range forms {
		if n := form.find(text); n > 0 {
			return n
		}
	}
	return 0
}
