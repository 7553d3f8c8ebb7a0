package talk

import (
	"strings"

	"github.com/rivo/uniseg"
)

const (
	// maxName is how many characters of a name buttons and texts show: a
	// heading may be as long as its author likes.
	maxName = 60
	// maxNameBytes is for characters that are made of many.
	maxNameBytes = 8 * maxName
)

// clip cuts a long name between two characters as readers see them.
func clip(name string) string {
	end, count := 0, 0
	graphemes := uniseg.NewGraphemes(name)
	for graphemes.Next() {
		_, to := graphemes.Positions()
		if count++; count > maxName || to > maxNameBytes {
			return strings.TrimSpace(name[:end]) + "…"
		}
		if count < maxName {
			end = to // room for the sign that something is missing
		}
	}
	return name
}
