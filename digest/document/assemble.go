package document

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"digestbot/digest"
)

// issue makes an issue of a draft.
func (d *draft) issue() *digest.Issue {
	title := cleanTitle(d.meta.get(titleField.Keys...))
	if title == "" {
		title = cleanTitle(d.title)
	}
	title = withEmoji(title)
	nodes, notes := cutNotes(d.nodes)
	nodes, foot := cleanMail(nodes, !d.markdown)
	d.explainLost(nodes, foot)
	nodes, credits := cutCredits(nodes)
	credits = append(credits, foot...)
	d.nodes = nodes
	nodes, line := cutIssueLine(nodes, title)
	o := divide(nodes, title)
	d.outline = o.Outline
	issue := &digest.Issue{Intro: toBlocks(notes.place(o.title, o.intro)), Credits: credits}
	if o.title != nil {
		heading := cleanTitle(digest.TextOf(o.title.Spans))
		switch {
		case title == "":
			title = d.wholeTitle(heading)
		case !sameTitle(heading, title):
			issue.Intro = append([]digest.Block{{Kind: digest.Heading, Spans: o.title.Spans}}, issue.Intro...)
		}
	}
	if title == "" {
		title = cleanTitle(line)
	}
	issue.Title = title
	var doubt string
	if issue.Date, doubt = d.date(title); doubt != "" {
		issue.Warnings = append(issue.Warnings, doubt)
	}
	if issue.Date.IsZero() {
		issue.Date = digest.DateIn(line)
	}
	if issue.Number = d.number(title, issue.Date); issue.Number == 0 {
		issue.Number = lineNumber(line)
	}
	if o.edition != nil {
		issue.Intro = append([]digest.Block{{Kind: digest.Paragraph, Spans: o.edition.Spans}}, issue.Intro...)
		if issue.Number == 0 {
			issue.Number = findNumber(digest.TextOf(o.edition.Spans))
		}
	}
	if d.address != nil {
		issue.Original = d.address.String()
	}
	for _, r := range o.sections {
		r.nodes = notes.place(r.heading, r.nodes)
		addRegion(issue, r)
	}
	d.plan.apply(issue, d.notes)
	d.setImage(issue)
	issue.Key = d.key(issue)
	d.warn(issue)
	if w := d.relative.warning(); w != "" {
		issue.Warnings = append(issue.Warnings, w)
	}
	d.explain(issue, o)
	return issue
}

// addRegion adds to an issue the section that a region is.
func addRegion(issue *digest.Issue, r region) {
	var notes []node
	if at := slices.IndexFunc(r.nodes, func(n node) bool { return n.note }); at >= 0 {
		r.nodes, notes = r.nodes[:at], r.nodes[at:]
	}
	if r.heading == nil {
		// What stands before a table of contents introduces the whole issue.
		if at := slices.IndexFunc(r.nodes, func(n node) bool { return n.Kind == tocNode }); at >= 0 && at <= maxTop {
			issue.Intro = append(issue.Intro, toBlocks(r.nodes[:at])...)
			r.nodes = r.nodes[at+1:]
		}
	}
	f := findItems(r.nodes)
	clearRepeated(f.items)
	carryLinks(f.items)
	f.outro = append(f.outro, toBlocks(notes)...)
	if r.heading == nil {
		issue.Intro = append(append(issue.Intro, f.intro...), f.takeTitleLine()...)
		if len(f.items)+len(f.outro) > 0 {
			issue.Sections = append(issue.Sections, digest.Section{Items: f.items, Outro: f.outro})
		}
		return
	}
	s := sectionOf(r.heading)
	s.Intro, s.Items, s.Outro = f.intro, f.items, f.outro
	issue.Sections = append(issue.Sections, s)
}

// sectionOf names a section after its heading.
func sectionOf(heading *node) digest.Section {
	text := digest.TextOf(heading.Spans)
	name, emoji := digest.SplitEmoji(text)
	if _, rest, ok := digest.CutOrdinal(name); ok && strings.TrimSpace(rest) != "" {
		var inner string
		name, inner = digest.SplitEmoji(rest)
		if emoji == "" {
			emoji = inner
		}
	}
	if trimmed := strings.TrimRight(name, ":： "); trimmed != "" {
		name = trimmed
	}
	if strings.TrimSpace(name) == "" {
		name, emoji = strings.TrimSpace(text), ""
	}
	s := digest.Section{Key: digest.SectionKey(name), Name: name, Emoji: emoji}
	if slices.ContainsFunc(heading.Spans, func(sp digest.Span) bool { return sp.Link != "" }) {
		s.Heading = headingLinks(heading.Spans, text, name)
	}
	return s
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
	for _, key := range pictureField.Keys {
		address := d.meta.get(key)
		if issue.Image = picture(d.base, address); issue.Image != "" {
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
		return b.Kind == digest.Image && b.URL == issue.Image && (len(b.Spans) == 0 || b.Spans[0].Link == "")
	})
}

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
	if said := cleanTitle(d.meta.get(keyField.Keys...)); said != "" {
		return said
	}
	if issue.Number > 0 {
		return strconv.Itoa(issue.Number)
	}
	if said := cleanTitle(d.meta.get(identityField.Keys...)); said != "" {
		return said
	}
	if name := cleanTitle(baseName(d.name)); name != "" && name != "." && name != "/" {
		return name
	}
	if issue.Original != "" {
		return issue.Original
	}
	return issue.Title
}
