package document

import (
	"fmt"
	"iter"
	"strings"
	"time"

	"digestbot/digest"
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
		if d.meta.get(key) != "" {
			return d.field(key)
		}
	}
	return ""
}

// explain notes what can be told from the issue, once it is made.
func (d *draft) explain(issue *digest.Issue, o outline) {
	if !d.notes.areAsked() {
		return
	}
	d.explainTitle(issue, o)
	d.explainMarks(issue)
	d.explainPicture(issue)
	if issue.Original != "" {
		d.notes.say(AboutAddress, "%s: relative links and pictures are resolved against it", issue.Original)
	}
	d.explainSections(issue, o)
	if len(issue.Credits) > 0 {
		d.notes.say(AboutMoved, "to the credits, at the end of the cover: %s", beginning(issue.Credits))
	}
}

func (d *draft) explainTitle(issue *digest.Issue, o outline) {
	field := d.fieldOf(titleField.Keys...)
	switch {
	case issue.Title == "":
		d.notes.say(AboutTitle, "none: no field and no heading names the issue")
	case field != "":
		d.notes.say(AboutTitle, "%q, from %s", issue.Title, field)
	case issue.Title == cleanTitle(d.title):
		d.notes.say(AboutTitle, "%q, from the head of the page", issue.Title)
	default:
		d.notes.say(AboutTitle, "%q, from the first heading, because no field says it", issue.Title)
	}
	if o.title != nil && (field != "" || issue.Title == cleanTitle(d.title)) {
		d.notes.say(AboutTitle, "the heading %q says it again, so it is no section", digest.TextOf(o.title.Spans))
	}
}

func (d *draft) explainPicture(issue *digest.Issue) {
	if issue.Image == "" {
		d.notes.say(AboutPicture, "none: no field names one, and the text does not begin with one")
		return
	}
	for _, key := range pictureField.Keys {
		if picture(d.base, d.meta.get(key)) == issue.Image {
			d.notes.say(AboutPicture, "%s, from %s", issue.Image, d.field(key))
			return
		}
	}
	d.notes.say(AboutPicture, "%s, the first picture of the text, because no field names one", issue.Image)
}

func (d *draft) explainSections(issue *digest.Issue, o outline) {
	switch {
	case o.Mark == ByNothing:
		d.notes.say(AboutSections, "one, without a name: %s", o.Reason)
	case o.Flat:
		d.notes.say(AboutSections, "one, without a name, and its items are the headings of level %d: %s", o.Level, o.Reason)
	case o.Mark == ByHeadings:
		d.notes.say(AboutSections, "made by headings of level %d: %s", o.Level, o.Reason)
	default:
		d.notes.say(AboutSections, "made by %s: %s", o.Mark, o.Reason)
	}
	for i := range issue.Sections {
		s := &issue.Sections[i]
		titled := 0
		for k := range s.Items {
			if len(s.Items[k].Title) > 0 {
				titled++
			}
		}
		line := fmt.Sprintf("%q: %d", s.Name, len(s.Items))
		if untitled := len(s.Items) - titled; untitled > 0 {
			line += fmt.Sprintf(", %d without a title", untitled)
		}
		d.notes.say(AboutItems, "%s", line)
	}
}

// beginning returns how the text of blocks begins.
func beginning(blocks []digest.Block) string {
	for i := range blocks {
		if text := strings.TrimSpace(digest.TextOf(blocks[i].Spans)); text != "" {
			return fmt.Sprintf("%q", digest.ShortenCharacters(cleanTitle(text), maxExample))
		}
	}
	return fmt.Sprintf("%d blocks", len(blocks))
}

// noteNumber notes the number of the issue, if it has one, and where it is from.
func (d *draft) noteNumber(number int, source string) {
	if number > 0 {
		d.notes.say(AboutNumber, "%d, from %s", number, source)
	}
}

// explainMarks notes number and date of an issue where nobody else has: they are from
// a line above the text, or there are none.
func (d *draft) explainMarks(issue *digest.Issue) {
	switch {
	case d.notes.has(AboutNumber):
	case issue.Number > 0:
		d.notes.say(AboutNumber, "%d, from a line above the text", issue.Number)
	default:
		d.notes.say(AboutNumber, "none: nothing above the text says one")
	}
	switch {
	case d.notes.has(AboutDate):
	case !issue.Date.IsZero():
		d.notes.say(AboutDate, "%s, from a line above the text", issue.Date.Format(time.DateOnly))
	default:
		d.notes.say(AboutDate, "none: nothing above the text and no name says one; the date of the file counts")
	}
}

// explainLost notes what was left out of the nodes of the document as furniture of a
// mail or a page, given those that are kept and what became credits.
func (d *draft) explainLost(kept []node, credits []digest.Block) {
	if !d.notes.areAsked() {
		return
	}
	still := map[string]bool{}
	for line := range linesOf(kept) {
		still[line] = true
	}
	for _, b := range credits {
		still[digest.TextOf(b.Spans)] = true
	}
	for line := range linesOf(d.nodes) {
		if !still[line] {
			d.notes.leaveOut("lines around the text of a mail or page", line)
		}
	}
}

// linesOf yields the texts of paragraphs and headings.
func linesOf(nodes []node) iter.Seq[string] {
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
