package note

import "fmt"

// Flaw is a kind of mistake in a document that readers notice: what is wrong, for one
// and for several, and what to do about it.
type Flaw struct {
	One, Many string
	Cure      string
}

// Found is how often a flaw was met, and the first place.
type Found struct {
	flaw    *Flaw
	count   int
	example string
}

// Flawed notes a mistake of which the editor is warned, once for each kind.
func (n *List) Flawed(f *Flaw, example string) {
	if n == nil {
		return
	}
	n.LeaveOut(f.Many, example)
	for i := range n.Flaws {
		if n.Flaws[i].flaw == f {
			n.Flaws[i].count++
			return
		}
	}
	n.Flaws = append(n.Flaws, Found{f, 1, example})
}

func (f Found) String() string {
	text := fmt.Sprintf("%d %s", f.count, f.flaw.Many)
	if f.count == 1 {
		text = "1 " + f.flaw.One
	}
	if example := shortExample(f.example); example != "" {
		text += fmt.Sprintf(", such as %q", example)
	}
	return text + ": " + f.flaw.Cure
}
