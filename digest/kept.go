package digest

import (
	"hash/maphash"
	"strings"
	"unicode"
)

// shingle is the length of the pieces by which texts are compared, in letters. Languages
// without spaces have no words to compare.
const shingle = 8

// Kept returns which share of the text of an issue is in another one, from 0 to 1. Headings
// of sections do not count, because all issues of a weekly have them. An issue without text
// is kept whole.
func Kept(before, after *Issue) float64 {
	seed := maphash.MakeSeed()
	here := shinglesOf(after, seed)
	all, kept := 0, 0
	for piece, n := range shinglesOf(before, seed) {
		all += n
		kept += min(n, here[piece])
	}
	if all == 0 {
		return 1
	}
	return float64(kept) / float64(all)
}

// shinglesOf counts the pieces of the text of an issue, by their hashes.
func shinglesOf(i *Issue, seed maphash.Seed) map[uint64]int {
	pieces := map[uint64]int{}
	for text := range i.texts() {
		letters := []rune(strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, text))
		for from := range letters {
			to := min(from+shingle, len(letters))
			if from == 0 || to-from == shingle { // a short text is one piece
				pieces[maphash.String(seed, string(letters[from:to]))]++
			}
		}
	}
	return pieces
}
