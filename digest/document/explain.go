package document

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"digestbot/digest"
	"digestbot/digest/document/fields"
	"digestbot/digest/document/note"
	"digestbot/digest/document/outline"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
	"digestbot/digest/document/web"
)

// place is where metadata is from.
type place string

const (
	inFrontMatter place = "the front matter"
	inHead        place = "the head of the page"
	inEntry       place = "the feed's entry"
)

// field names a key of the metadata in an explanation.
func (d *draft) field(key string) string { return fmt.Sprintf("%s's %q", d.place, key) }

// fieldOf names the key of those given that has a value, "" if none has.
func (d *draft) fieldOf(keys ...string) string {
	for _, key := range keys {
		if d.meta.Get(key) != "" {
			return d.field(key)
		}
	}
	return ""
}

// explain notes what can be told from the issue, once it is made.
func (d *draft) explain(issue *digest.Issue, o outline.Division) {
	if !d.notes.AreAsked() {
		return
	}
	d.explainTitle(issue, o)
	d.explainMarks(issue)
	d.explainPicture(issue)
	if issue.Original != "" {
		d.notes.Say(note.Address, "%s: relative links and pictures are resolved against it", issue.Original)
	}
	d.explainSections(issue, o)
	if len(issue.Credits) > 0 {
		d.notes.Say(note.Moved, "to the credits, at the end of the cover: %s", beginning(issue.Credits))
	}
	d.explainDoubts(issue)
}

// explainDoubts notes what may well be meant, and is no warning for that reason, but may
// also be items that were not recognized.
func (d *draft) explainDoubts(issue *digest.Issue) {
	var single, untitled []string
	all := 0
	for i := range issue.Sections {
		s := &issue.Sections[i]
		if len(s.Items) == 1 {
			single = append(single, nameOf(s))
		}
		if n := countUntitled(s); n > 0 {
			untitled = append(untitled, fmt.Sprintf("%s (%d)", nameOf(s), n))
			all += n
		}
	}
	if len(single) > 0 {
		d.notes.Say(note.ToCheck, "one item only: %s", firstNames(single))
	}
	if all > 0 {
		d.notes.Say(note.ToCheck, "items without a title: %d, in %s", all, firstNames(untitled))
	}
}

// maxNamed is how many sections a note or a warning names.
const maxNamed = 10

// firstNames joins names of sections, of which the first ones count.
func firstNames(names []string) string {
	if len(names) > maxNamed {
		names = append(names[:maxNamed:maxNamed], "…")
	}
	return strings.Join(names, ", ")
}

func countUntitled(s *digest.Section) int {
	untitled := 0
	for i := range s.Items {
		if len(s.Items[i].Title) == 0 {
			untitled++
		}
	}
	return untitled
}

func (d *draft) explainTitle(issue *digest.Issue, o outline.Division) {
	field := d.fieldOf(fields.Title.Keys...)
	switch {
	case issue.Title == "":
		d.notes.Say(note.Title, "none: no field and no heading names the issue")
	case field != "":
		d.notes.Say(note.Title, "%q, from %s", issue.Title, field)
	case issue.Title == plain.Title(d.title):
		d.notes.Say(note.Title, "%q, from the head of the page", issue.Title)
	case d.title != "":
		d.notes.Say(note.Title, "%q, from the first heading: the head of the page adds the name of the site", issue.Title)
	case o.Title == nil && issue.Title == d.titleOfTeaser():
		d.notes.Say(note.Title, "%q, from the hidden teaser of the mail", issue.Title)
	case o.Title == nil && issue.Title == d.titleOfFile():
		d.notes.Say(note.Title, "%q, from the name of the file", issue.Title)
	case o.Title == nil && issue.Title == d.titleOfLine():
		d.notes.Say(note.Title, "%q, from the first line of the text", issue.Title)
	default:
		d.notes.Say(note.Title, "%q, from the first heading, because no field says it", issue.Title)
	}
	if o.Title != nil && (field != "" || issue.Title == plain.Title(d.title)) {
		d.notes.Say(note.Title, "the heading %q says it again, so it is no section", digest.TextOf(o.Title.Spans))
	}
}

func (d *draft) explainPicture(issue *digest.Issue) {
	if issue.Image == "" {
		d.notes.Say(note.Picture, "none: no field names one, and the text does not begin with one")
		return
	}
	for _, key := range fields.Picture.Keys {
		if web.Picture(d.base, d.meta.Get(key)) == issue.Image {
			d.notes.Say(note.Picture, "%s, from %s", issue.Image, d.field(key))
			return
		}
	}
	d.notes.Say(note.Picture, "%s, the first picture of the text, because no field names one", issue.Image)
}

func (d *draft) explainSections(issue *digest.Issue, o outline.Division) {
	switch {
	case o.Mark == outline.ByNothing:
		d.notes.Say(note.Sections, "one, without a name: %s", o.Reason)
	case o.Flat && len(o.Sections) > 1:
		d.notes.Say(note.Sections, "made by headings of level %d that name topics; the other ones are items of one without a name: %s", o.Level, o.Reason)
	case o.Flat:
		d.notes.Say(note.Sections, "one, without a name, and its items are the headings of level %d: %s", o.Level, o.Reason)
	case o.Mark == outline.ByHeadings:
		d.notes.Say(note.Sections, "made by headings of level %d: %s", o.Level, o.Reason)
	default:
		d.notes.Say(note.Sections, "made by %s: %s", o.Mark, o.Reason)
	}
	for i := range issue.Sections {
		s := &issue.Sections[i]
		line := fmt.Sprintf("%q: %d", s.Name, len(s.Items))
		if untitled := countUntitled(s); untitled > 0 {
			line += fmt.Sprintf(", %d without a title", untitled)
		}
		d.notes.Say(note.Items, "%s", line)
	}
}

// beginning returns how the text of blocks begins.
func beginning(blocks []digest.Block) string {
	for i := range blocks {
		if text := strings.TrimSpace(digest.TextOf(blocks[i].Spans)); text != "" {
			return fmt.Sprintf("%q", digest.ShortenCharacters(plain.Title(text), note.MaxExample))
		}
	}
	return fmt.Sprintf("%d blocks", len(blocks))
}

// noteNumber notes the number of the issue, if it has one, and where it is from.
func (d *draft) noteNumber(number int, source string) {
	if number > 0 {
		d.notes.Say(note.Number, "%d, from %s", number, source)
	}
}

// explainMarks notes number and date of an issue where nobody else has: they are from
// a line above the text, or there are none.
func (d *draft) explainMarks(issue *digest.Issue) {
	switch {
	case d.notes.Has(note.Number):
	case issue.Number > 0:
		d.notes.Say(note.Number, "%d, from a line above the text", issue.Number)
	default:
		d.notes.Say(note.Number, "none: nothing above the text says one")
	}
	switch {
	case d.notes.Has(note.Date):
	case !issue.Date.IsZero():
		d.notes.Say(note.Date, "%s, from a line above the text", issue.Date.Format(time.DateOnly))
	default:
		d.notes.Say(note.Date, "none: nothing above the text and no name says one; the date of the file counts")
	}
}

// explainLost notes what was left out of the nodes of the document as furniture of a
// mail or a page, given those that are kept and what became credits.
func (d *draft) explainLost(kept []page.Node, credits []digest.Block) {
	if !d.notes.AreAsked() {
		return
	}
	had, still := setOf(linesOf(d.nodes)), setOf(linesOf(kept))
	for _, b := range credits {
		still[digest.TextOf(b.Spans)] = true
	}
	var joined []string // headings that were several
	for _, i := range outline.HeadingsOf(kept) {
		if text := digest.TextOf(kept[i].Spans); !had[text] {
			joined = append(joined, text)
		}
	}
	for line := range linesOf(d.nodes) {
		isPart := func(heading string) bool { return strings.Contains(heading, line) }
		if !still[line] && !slices.ContainsFunc(joined, isPart) {
			d.notes.LeaveOut("lines around the text of a mail or page", line)
		}
	}
}

func setOf(lines iter.Seq[string]) map[string]bool {
	set := map[string]bool{}
	for line := range lines {
		set[line] = true
	}
	return set
}

// linesOf yields the texts of paragraphs and headings.
func linesOf(nodes []page.Node) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, n := range nodes {
			if text := digest.TextOf(n.Spans); (n.Kind == digest.Paragraph || n.Kind == digest.Heading) && text != "" && !yield(text) {
				return
			}
		}
	}
}

// reading is the reading of one document.
type reading struct {
	explain bool
	notes   []*note.List // of each issue, if asked for
}

// next returns the notes for the next issue.
func (r *reading) next() *note.List {
	n := &note.List{Asked: r.explain}
	if r.explain {
		r.notes = append(r.notes, n)
	}
	return n
}

// Explain reads a document like [ParseAll] and returns, for each of its issues,
// what was decided and why.
func Explain(name string, document []byte) ([][]note.Note, error) {
	r := &reading{explain: true}
	if _, err := r.readDocument(name, document); err != nil {
		return nil, fmt.Errorf("parse %s: %w", name, err)
	}
	out := make([][]note.Note, len(r.notes))
	for i, n := range r.notes {
		out[i] = n.All()
	}
	return out, nil
}

// ExplanationText returns notes for a person who reads them, a line for each. It is
// "" if there are none.
func ExplanationText(list []note.Note) string {
	if len(list) == 0 {
		return ""
	}
	var out strings.Builder
	out.WriteString("\n──── how it was read ────\n")
	var last note.About
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
