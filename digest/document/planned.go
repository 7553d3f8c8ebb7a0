package document

import (
	"fmt"
	"slices"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/note"
	"digestbot/digest/document/page"
)

// apply renames, merges, describes and hides the sections of an issue, and puts those
// that the plan names first, in its order. The others follow as in the document.
func (p plan) apply(issue *digest.Issue, n *note.List) {
	if p.ignored != "" {
		issue.Warnings = append(issue.Warnings, fmt.Sprintf(`"sections" in the front matter is ignored: %s`, p.ignored))
	}
	if p.namesTheText(issue) || len(p.wishes) == 0 {
		return
	}
	var planned []digest.Section
	rest := issue.Sections
	var unknown []string
	take := func(key string) (parts []digest.Section) {
		isIt := func(s digest.Section) bool { return s.Key == key && key != "" }
		for _, s := range rest {
			if isIt(s) {
				parts = append(parts, s)
			}
		}
		rest = slices.DeleteFunc(slices.Clone(rest), isIt)
		return parts
	}
	for _, w := range p.wishes {
		parts := take(w.own)
		for _, heading := range w.from {
			more := take(digest.SectionKey(heading))
			if parts = append(parts, more...); len(more) == 0 {
				unknown = append(unknown, fmt.Sprintf("%q", heading))
			}
		}
		switch {
		case len(parts) == 0:
		case w.hide:
			n.LeaveOut("sections that the front matter hides", parts[0].Name)
		default:
			planned = append(planned, w.shown(parts))
		}
	}
	if len(unknown) > 0 {
		issue.Warnings = append(issue.Warnings, fmt.Sprintf("the front matter's \"sections\" names %s, which the document does not have; it has %s",
			strings.Join(unknown, ", "), sectionNames(issue.Sections)))
	}
	n.Say(note.Sections, "order and names as in the front matter's \"sections\": %s", sectionNames(planned))
	issue.Sections = append(planned, rest...)
}

// namesTheText gives the one section of a document without headings the name that the
// plan has for its one section, and reports whether it did.
func (p plan) namesTheText(issue *digest.Issue) bool {
	if len(p.wishes) != 1 || len(issue.Sections) != 1 || issue.Sections[0].Name != "" || p.wishes[0].hide {
		return false
	}
	w := p.wishes[0]
	if w.name == "" {
		w.name = w.from[0]
	}
	issue.Sections[0] = w.shown(issue.Sections)
	return true
}

// shown makes one section of the parts that a wish takes in. The first keeps its name
// unless the wish has one. Parts of other names than that become groups within the
// section.
func (w wish) shown(parts []digest.Section) digest.Section {
	s := parts[0]
	if w.name != "" {
		named := sectionOf(&page.Node{Block: digest.Block{Kind: digest.Heading, Spans: []digest.Span{{Text: w.name}}}})
		named.Intro, named.Items, named.Outro = s.Intro, s.Items, s.Outro
		s = named
		if len(parts) > 1 {
			s.Intro, s.Items, s.Outro = nil, nil, nil
			addPart(&s, parts[0])
		}
	}
	for _, part := range parts[1:] {
		addPart(&s, part)
	}
	if w.description != "" {
		s.Intro = append([]digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: w.description}}}}, s.Intro...)
	}
	return s
}

// addPart adds what is in another section, under its name if that is another one.
func addPart(s *digest.Section, part digest.Section) {
	lead := s.Outro
	s.Outro = nil
	if part.Key != s.Key && part.Name != "" {
		spans := part.Heading
		if len(spans) == 0 {
			spans = []digest.Span{{Text: strings.TrimSpace(part.Emoji + " " + part.Name)}}
		}
		lead = append(lead, digest.Block{Kind: digest.Heading, Spans: spans})
	}
	lead = append(lead, part.Intro...)
	switch {
	case len(part.Items) > 0:
		items := slices.Clone(part.Items)
		items[0].Lead = append(lead, items[0].Lead...)
		s.Items = append(s.Items, items...)
		s.Outro = part.Outro
	case len(s.Items) == 0:
		s.Intro = append(append(s.Intro, lead...), part.Outro...)
	default:
		s.Outro = append(lead, part.Outro...)
	}
}

// sectionNames names sections in a warning.
func sectionNames(sections []digest.Section) string {
	var names []string
	for i := range sections {
		if sections[i].Name != "" {
			names = append(names, fmt.Sprintf("%q", sections[i].Name))
		}
	}
	if len(names) == 0 {
		return "no headings"
	}
	return firstNames(names)
}
