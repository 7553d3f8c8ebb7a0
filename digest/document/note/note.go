// Package note collects what is decided while a document is read, for an editor who asks
// why an issue looks as it does, and the mistakes of which the editor is warned.
package note

import (
	"fmt"
	"slices"

	"digestbot/digest"
	"digestbot/digest/document/plain"
)

// Note is one thing that was decided when a document was read, for an editor who
// asks why an issue looks as it does.
type Note struct {
	About About  `json:"about"`
	Text  string `json:"text"` // in English, one line
}

// About says what a Note is about.
type About string

// What notes are about, in the order in which they are shown.
const (
	Format   About = "format"
	Encoding About = "encoding"
	Title    About = "title"
	Number   About = "number"
	Date     About = "date"
	Picture  About = "picture"
	Address  About = "address" // of the original, for relative links
	Sections About = "sections"
	Items    About = "items"
	Moved    About = "moved" // to another place, such as the credits
	LeftOut  About = "left out"
	ToCheck  About = "to check" // what may be meant, but was not recognized if it is not
)

var aboutOrder = []About{Format, Encoding, Title, Number, Date, Picture, Address,
	Sections, Items, Moved, LeftOut, ToCheck}

// List collects what is decided while a document is read. Whoever decides says
// it where it does so, in one line:
//
//	d.notes.Say(note.Date, "%s, from the front matter's %q", date, key)
//	b.notes.LeaveOut("navigation", textOf(n))
//
// Nothing but flaws is kept unless somebody asked for an explanation. A nil *List keeps
// nothing, so tests need none.
type List struct {
	Asked bool
	list  []Note
	sums  []sum   // of what is left out
	Flaws []Found // also if nobody asked
}

// sum counts what is left out several times.
type sum struct {
	what     string
	count    int
	examples []string
}

// AreAsked reports whether somebody asked for an explanation; for notes that take
// work to write.
func (n *List) AreAsked() bool { return n != nil && n.Asked }

// Say notes what was decided, and why.
func (n *List) Say(about About, format string, args ...any) {
	if n.AreAsked() {
		n.list = append(n.list, Note{about, plain.Title(fmt.Sprintf(format, args...))})
	}
}

// LeaveOut notes that something is not shown; what names its kind, in the plural
// ("scripts", "relative links"), and is shown as one line with a number. example is its
// text or address, "" for none.
func (n *List) LeaveOut(what, example string) {
	if !n.AreAsked() {
		return
	}
	s := n.sum(what)
	s.count++
	if len(s.examples) == maxExamples {
		return
	}
	if example = shortExample(example); example != "" && !slices.Contains(s.examples, example) {
		s.examples = append(s.examples, example)
	}
}

// How many examples a note gives, and how long one is, in characters.
const (
	maxExamples = 3
	MaxExample  = 60
)

// shortExample returns how an example is shown.
func shortExample(text string) string {
	return digest.ShortenCharacters(plain.Title(text[:min(len(text), 8*MaxExample)]), MaxExample)
}

func (n *List) sum(what string) *sum {
	for i := range n.sums {
		if s := &n.sums[i]; s.what == what {
			return s
		}
	}
	n.sums = append(n.sums, sum{what: what})
	return &n.sums[len(n.sums)-1]
}

// Has reports whether something was said of that already.
func (n *List) Has(about About) bool {
	return n != nil && slices.ContainsFunc(n.list, func(note Note) bool { return note.About == about })
}

// All returns the notes in the order in which they are shown.
func (n *List) All() []Note {
	list := n.list
	for _, s := range n.sums {
		list = append(list, Note{LeftOut, s.text()})
	}
	out := []Note{}
	for _, about := range aboutOrder {
		for _, note := range list {
			if note.About == about {
				out = append(out, note)
			}
		}
	}
	return out
}

func (s *sum) text() string {
	text := fmt.Sprintf("%s: %d", s.what, s.count)
	for i, example := range s.examples {
		text += map[bool]string{true: ", such as ", false: ", "}[i == 0] + fmt.Sprintf("%q", example)
	}
	return text
}
