package document

import (
	"fmt"
	"slices"

	"digestbot/digest"
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
