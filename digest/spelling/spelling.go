// Package spelling finds the name that was meant by a word that is none:
//
//	spelling.Nearest("shedule", []string{"poll", "schedule"}) // schedule
package spelling

import "strings"

// maxWord is how long a word may be, in bytes. Beyond that it is no misspelled name.
const maxWord = 40

// Nearest returns the name that takes the fewest changes of letters to become the word; ""
// if all take too many. A name that the word begins with, or ends with, is near as well.
func Nearest(word string, names []string) string {
	if len(word) > maxWord {
		return ""
	}
	best, least := "", max(2, len(word)/3)+1
	for _, name := range names {
		if n := changes(word, name); n < least {
			best, least = name, n
		}
	}
	for _, name := range names {
		if best == "" && (isEnd(word, name) || isEnd(name, word)) {
			best = name
		}
	}
	return best
}

// isEnd reports whether a word begins or ends with a part that is long enough to mean it.
func isEnd(word, part string) bool {
	const shortest = 4
	return len(part) >= shortest && (strings.HasPrefix(word, part) || strings.HasSuffix(word, part))
}

// changes returns how many letters have to be added, left out or replaced to make one word
// of the other (Levenshtein's distance), counted in bytes.
func changes(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
