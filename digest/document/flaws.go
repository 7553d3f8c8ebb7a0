package document

import (
	"fmt"

	"digestbot/digest"
)

// flaw is a kind of mistake in a document that readers notice: what is wrong, for one
// and for several, and what to do about it.
type flaw struct {
	one, many string
	cure      string
}

// The flaws that are found while a document is read, besides relative addresses.
var ()

// found is how often a flaw was met, and the first place.
type found struct {
	flaw    *flaw
	count   int
	example string
}

// flawed notes a mistake of which the editor is warned, once for each kind.
func (n *notes) flawed(f *flaw, example string) {
	if n == nil {
		return
	}
	n.leaveOut(f.many, example)
	for i := range n.flaws {
		if n.flaws[i].flaw == f {
			n.flaws[i].count++
			return
		}
	}
	n.flaws = append(n.flaws, found{f, 1, example})
}

func (f found) String() string {
	text := fmt.Sprintf("%d %s", f.count, f.flaw.many)
	if f.count == 1 {
		text = "1 " + f.flaw.one
	}
	if example := digest.ShortenCharacters(cleanTitle(f.example[:min(len(f.example), 8*maxExample)]), maxExample); example != "" {
		text += fmt.Sprintf(", such as %q", example)
	}
	return text + ": " + f.flaw.cure
}
