package document

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"digestbot/digest"
	"digestbot/digest/dates"
	"digestbot/digest/document/cut"
	"digestbot/digest/document/fields"
	"digestbot/digest/document/note"
	"digestbot/digest/document/numbers"
	"digestbot/digest/document/outline"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
	"digestbot/digest/document/web"
)

// issue makes an issue of a draft.
func (d *draft) issue() *digest.Issue {
	nodes, footnotes := page.CutFootnotes(d.nodes)
	nodes, foot := cut.Mail(nodes, !d.markdown)
	d.explainLost(nodes, foot)
	nodes, credits := cut.Credits(nodes)
	d.nodes = nodes
	said := d.saidTitle()
	nodes, line := cut.IssueLine(nodes, said)
	o := outline.Divide(nodes, said)
	issue := &digest.Issue{Title: d.findTitle(said, o.Title, line), Credits: append(credits, foot...)}
	issue.Intro = append(headingsAbove(o, said), page.Blocks(footnotes.Place(o.Title, o.Intro))...)
	d.setDateAndNumber(issue, o, line)
	if d.address != nil {
		issue.Original = d.address.String()
	}
	for _, r := range o.Sections {
		r.Nodes = footnotes.Place(r.Heading, r.Nodes)
		addRegion(issue, r)
	}
	issue.Intro = withoutRepeats(issue)
	d.plan.apply(issue, d.notes)
	d.setImage(issue)
	issue.Key = d.key(issue)
	d.warn(issue)
	if w := d.relative.Warning(); w != "" {
		issue.Warnings = append(issue.Warnings, w)
	}
	d.explain(issue, o)
	return issue
}

// saidTitle returns the title that the metadata or the head of a page says, or "".
func (d *draft) saidTitle() string {
	said := plain.WithEmoji(cmp.Or(plain.Title(d.meta.Get(fields.Title.Keys...)), plain.Title(d.title)))
	if at := outline.HeadingsOf(d.nodes); d.place == inHead && len(at) > 0 && d.nodes[at[0]].Level == 1 {
		return d.withoutSite(said, plain.Title(textOf(&d.nodes[at[0]])))
	}
	return said
}

// findTitle returns the title of the issue: what is said, else the heading that is the
// title, the line that says which issue it is, what stands above the text of a page, the
// name of the file, or the first line.
func (d *draft) findTitle(said string, heading *page.Node, line string) string {
	if said != "" && d.place == inHead {
		return d.withoutSite(said, plain.Title(textOf(heading)))
	}
	if said != "" {
		return said
	}
	return cmp.Or(d.wholeTitle(plain.Title(textOf(heading))), plain.Title(line), d.titleAbove(), d.titleOfTeaser(), d.titleOfFile(), d.titleOfLine())
}

// headingsAbove returns the headings above the sections that name none, and that
// the title does not repeat.
func headingsAbove(o outline.Division, said string) []digest.Block {
	var blocks []digest.Block
	if o.Edition != nil {
		blocks = append(blocks, digest.Block{Kind: digest.Paragraph, Spans: o.Edition.Spans})
	}
	if o.Title != nil && said != "" && !plain.SameTitle(plain.Title(textOf(o.Title)), said) {
		blocks = append(blocks, digest.Block{Kind: digest.Heading, Spans: o.Title.Spans})
	}
	return blocks
}

// maxRepeats is how many lines above the introduction may repeat what the cover shows.
const maxRepeats = 3

// withoutRepeats returns the introduction without the lines at its beginning that say
// nothing but what the cover shows above it: the title, the number and the date.
func withoutRepeats(issue *digest.Issue) []digest.Block {
	intro := issue.Intro
	for i, repeats := 0, 0; i < len(intro) && repeats < maxRepeats; {
		b := intro[i]
		switch text := digest.TextOf(b.Spans); {
		case b.Kind == digest.Image:
			i++
		case b.Kind == digest.Paragraph && (issue.Title != "" && plain.Title(text) == issue.Title || repeatsNumber(issue, text)):
			intro = slices.Delete(intro, i, i+1)
			repeats++
		default:
			return intro
		}
	}
	return intro
}

// repeatsNumber reports whether a line says only number and date of an issue.
func repeatsNumber(issue *digest.Issue, text string) bool {
	line, ok := numbers.ReadTopLine(text)
	if !ok || !numbers.SaysOnlyIssue(text) || line.Number > 0 && line.Number != issue.Number {
		return false
	}
	return line.Date == "" || !issue.Date.IsZero() && dates.In(line.Date).Equal(issue.Date)
}

// setDateAndNumber finds date and number of the issue. If no other place says them, the
// line that was taken out counts, and the heading of the edition for the number.
func (d *draft) setDateAndNumber(issue *digest.Issue, o outline.Division, line string) {
	d.top = d.topLines(issue.Title)
	var doubt string
	if issue.Date, doubt = d.date(issue.Title); doubt != "" {
		issue.Warnings = append(issue.Warnings, doubt)
	}
	if issue.Date.IsZero() {
		issue.Date = dates.In(line)
	}
	if issue.Date.IsZero() && doubt != "" {
		d.notes.Say(note.Date, "none: %s", doubt)
	}
	issue.Number = cmp.Or(d.number(issue.Title, textOf(o.Title), issue.Date), numbers.LineNumber(line), numbers.Find(textOf(o.Edition)))
}

// textOf returns the text of a heading, "" if there is none.
func textOf(heading *page.Node) string {
	if heading == nil {
		return ""
	}
	return digest.TextOf(heading.Spans)
}

// addRegion adds to an issue the section that a region is.
func addRegion(issue *digest.Issue, r outline.Region) {
	var notes []page.Node
	if at := slices.IndexFunc(r.Nodes, func(n page.Node) bool { return n.Note }); at >= 0 {
		r.Nodes, notes = r.Nodes[:at], r.Nodes[at:]
	}
	if r.Heading == nil {
		// What stands before a table of contents introduces the whole issue.
		if at := slices.IndexFunc(r.Nodes, func(n page.Node) bool { return n.Kind == page.Contents }); at >= 0 && at <= cut.MaxTop {
			issue.Intro = append(issue.Intro, page.Blocks(r.Nodes[:at])...)
			r.Nodes = r.Nodes[at+1:]
		}
	}
	f := outline.FindItems(r.Nodes)
	outline.ClearRepeated(f.Items)
	carryLinks(f.Items)
	f.Outro = append(f.Outro, page.Blocks(notes)...)
	if r.Heading == nil {
		f.GiveLabel()
		intro := append(f.Intro, f.TakeTitleLine(issue.Title)...)
		if digest.BlocksWidth(intro) > outline.MaxIntro {
			f.Items = append([]digest.Item{{Body: intro}}, f.Items...)
		} else {
			issue.Intro = append(issue.Intro, intro...)
		}
		if len(f.Items)+len(f.Outro) > 0 {
			issue.Sections = append(issue.Sections, digest.Section{Items: f.Items, Outro: f.Outro})
		}
		return
	}
	s := sectionOf(r.Heading)
	s.Intro, s.Items, s.Outro = f.Intro, f.Items, f.Outro
	issue.Sections = append(issue.Sections, s)
}

// headingSigns are signs that only make a heading stand out.
const headingSigns = "■◆▼▲●□◇▽◎▪◦ \u3000"

// sectionOf names a section after its heading.
func sectionOf(heading *page.Node) digest.Section {
	text := digest.TextOf(heading.Spans)
	name, emoji := digest.SplitEmoji(text)
	if _, rest, ok := digest.CutOrdinal(name); ok && strings.TrimSpace(rest) != "" {
		var inner string
		name, inner = digest.SplitEmoji(rest)
		if emoji == "" {
			emoji = inner
		}
	}
	if trimmed := strings.TrimLeft(strings.TrimRight(name, ":： "), headingSigns); trimmed != "" {
		name = trimmed
	}
	name = withoutFrame(name)
	if strings.TrimSpace(name) == "" {
		name, emoji = strings.TrimSpace(text), ""
	}
	s := digest.Section{Key: digest.SectionKey(name), Name: name, Emoji: emoji}
	if isLinked(heading.Spans) {
		s.Heading = headingLinks(heading.Spans, text, name)
	}
	return s
}

// withoutFrame returns a name without the signs on both sides of it, as in ">> News <<".
func withoutFrame(name string) string {
	const signs = "<>«»=~-–—*_+·•|"
	name = strings.TrimSpace(name)
	inner := strings.Trim(name, signs)
	if bare := strings.TrimSpace(inner); len(inner) == len(bare)+2 && strings.TrimLeft(name, signs) != name && strings.TrimRight(name, signs) != name {
		return bare
	}
	return name
}

// headingLinks returns the part of a heading's spans that holds the name. A
// link outside that part is kept as a span of its own.
func headingLinks(spans []digest.Span, text, name string) []digest.Span {
	at := strings.Index(text, name)
	if at < 0 {
		return spans
	}
	before, rest := digest.CutSpans(spans, at)
	inside, after := digest.CutSpans(rest, len(name))
	out := slices.Clone(inside)
	for _, s := range append(slices.Clone(before), after...) {
		if s.Link != "" && !slices.ContainsFunc(inside, func(in digest.Span) bool { return in.Link == s.Link }) {
			out = append(out, digest.Span{Text: " "}, s)
		}
	}
	return out
}

// setImage finds the picture of the issue: the one in the metadata, else the
// first of the introduction. It is shown above the introduction, so it is taken
// out of it.
func (d *draft) setImage(issue *digest.Issue) {
	named := ""
	for _, key := range fields.Picture.Keys {
		address := d.meta.Get(key)
		if issue.Image = web.Picture(d.base, address); issue.Image != "" {
			break
		}
		if named == "" {
			named = address
		}
	}
	if issue.Image == "" {
		issue.Image = firstPicture(issue)
	}
	if issue.Image == "" && named != "" {
		issue.Warnings = append(issue.Warnings, fmt.Sprintf("picture %.100q is a placeholder or has no http(s) address: none is shown", named))
	}
	issue.Intro = slices.DeleteFunc(issue.Intro, func(b digest.Block) bool {
		return b.Kind == digest.Image && wholePicture(b.URL) == wholePicture(issue.Image) && (len(b.Spans) == 0 || b.Spans[0].Link == "")
	})
}

// scaled matches what WordPress puts into the name of a scaled picture.
var scaled = regexp.MustCompile(`-[0-9]{2,4}x[0-9]{2,4}(\.[a-z]+)$`)

// wholePicture returns the address of a picture of which address may be a scaled one.
func wholePicture(address string) string { return scaled.ReplaceAllString(address, "$1") }

// firstPicture returns the first picture of the introduction, or the picture
// that the first section begins with.
func firstPicture(issue *digest.Issue) string {
	for _, b := range issue.Intro {
		if b.Kind == digest.Image && b.URL != "" {
			return b.URL
		}
	}
	if len(issue.Sections) > 0 && len(issue.Sections[0].Items) > 0 {
		first := issue.Sections[0].Items[0]
		if body := first.Body; len(first.Title) == 0 && len(body) > 0 && body[0].Kind == digest.Image {
			return body[0].URL
		}
	}
	return ""
}

// key returns the issue's identity.
func (d *draft) key(issue *digest.Issue) string {
	if said := plain.Title(d.meta.Get(fields.Key.Keys...)); said != "" {
		return said
	}
	if issue.Number > 0 {
		return strconv.Itoa(issue.Number)
	}
	if said := plain.Title(d.meta.Get(fields.Identity.Keys...)); said != "" {
		return said
	}
	if name := plain.Title(web.BaseName(d.name)); name != "" && name != "." && name != "/" {
		return name
	}
	if issue.Original != "" {
		return issue.Original
	}
	return issue.Title
}
