package document

import (
	"fmt"
	"slices"
	"strings"

	"digestbot/digest"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
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
	AboutFormat   About = "format"
	AboutEncoding About = "encoding"
	AboutTitle    About = "title"
	AboutNumber   About = "number"
	AboutDate     About = "date"
	AboutPicture  About = "picture"
	AboutAddress  About = "address" // of the original, for relative links
	AboutSections About = "sections"
	AboutItems    About = "items"
	AboutMarkup   About = "markup" // what is written another way than Markdown or HTML
	AboutMoved    About = "moved"  // to another place, such as the credits
	AboutLeftOut  About = "left out"
)

var aboutOrder = []About{AboutFormat, AboutEncoding, AboutTitle, AboutNumber, AboutDate, AboutPicture, AboutAddress,
	AboutSections, AboutItems, AboutMarkup, AboutMoved, AboutLeftOut}

// notes collects what is decided while a document is read. Whoever decides says
// it where it does so, in one line:
//
//	d.notes.say(AboutDate, "%s, from the front matter's %q", date, key)
//	b.notes.leaveOut("navigation", textOf(n))
//
// Nothing but flaws is kept unless somebody asked for an explanation. A nil *notes keeps
// nothing, so tests need none.
type notes struct {
	asked bool
	list  []Note
	sums  []sum
	flaws []found // also if nobody asked
}

// sum counts what happened several times.
type sum struct {
	about    About
	what     string
	count    int
	examples []string
}

// areAsked reports whether somebody asked for an explanation; for notes that take
// work to write.
func (n *notes) areAsked() bool { return n != nil && n.asked }

// say notes what was decided, and why.
func (n *notes) say(about About, format string, args ...any) {
	if n.areAsked() {
		n.list = append(n.list, Note{about, cleanTitle(fmt.Sprintf(format, args...))})
	}
}

// leaveOut notes that something is not shown; what names its kind, in the plural
// ("scripts", "relative links"). example is its text or address, "" for none.
func (n *notes) leaveOut(what, example string) { n.count(AboutLeftOut, what, example) }

// count notes what may happen many times, and is shown as one line with a number.
func (n *notes) count(about About, what, example string) {
	if !n.areAsked() {
		return
	}
	s := n.sum(about, what)
	s.count++
	if len(s.examples) == maxExamples {
		return
	}
	example = digest.ShortenCharacters(cleanTitle(example[:min(len(example), 8*maxExample)]), maxExample)
	if example != "" && !slices.Contains(s.examples, example) {
		s.examples = append(s.examples, example)
	}
}

// How many examples a note gives, and how long one is, in characters.
const (
	maxExamples = 3
	maxExample  = 60
)

func (n *notes) sum(about About, what string) *sum {
	for i := range n.sums {
		if s := &n.sums[i]; s.about == about && s.what == what {
			return s
		}
	}
	n.sums = append(n.sums, sum{about: about, what: what})
	return &n.sums[len(n.sums)-1]
}

// has reports whether something was said of that already.
func (n *notes) has(about About) bool {
	return n != nil && slices.ContainsFunc(n.list, func(note Note) bool { return note.About == about })
}

// all returns the notes in the order in which they are shown.
func (n *notes) all() []Note {
	list := n.list
	for _, s := range n.sums {
		list = append(list, Note{s.about, s.text()})
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

// Explain reads a document like [ParseAll] and returns, for each of its issues,
// what was decided and why.
func Explain(name string, document []byte) ([][]Note, error) {
	r := &reading{explain: true}
	if _, err := r.readDocument(name, document); err != nil {
		return nil, fmt.Errorf("parse %s: %w", name, err)
	}
	out := make([][]Note, len(r.notes))
	for i, n := range r.notes {
		out[i] = n.all()
	}
	return out, nil
}

// ExplanationText returns notes for a person who reads them, a line for each. It is
// "" if there are none.
func ExplanationText(list []Note) string {
	if len(list) == 0 {
		return ""
	}
	var out strings.Builder
	out.WriteString("\n──── how it was read ────\n")
	var last About
	for _, note := range list {
		about := note.About
		if about == last {
			about = ""
		}
		fmt.Fprintf(&out, "%-9s %s\n", about, note.Text)
		last = note.About
	}
	return out.String()
}

// reading is the reading of one document.
type reading struct {
	explain bool
	notes   []*notes // of each issue, if asked for
}

// next returns the notes for the next issue.
func (r *reading) next() *notes {
	n := &notes{asked: r.explain}
	if r.explain {
		r.notes = append(r.notes, n)
	}
	return n
}

// noteSkipped notes an element that is not shown, unless nobody would miss it.
func (b *builder) noteSkipped(n *html.Node) {
	switch {
	case !b.notes.areAsked() || isBacklink(n):
	case isHidden(n):
		b.notes.leaveOut("hidden elements", textOf(n))
	case n.FirstChild != nil && n.DataAtom != atom.Title && n.DataAtom != atom.Head || hasAttr(n, "src"):
		b.notes.leaveOut("<"+n.Data+">", attr(n, "src"))
	}
}
