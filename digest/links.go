package digest

import (
	"slices"
	"strings"
)

// linkSet collects distinct http(s) addresses in the order in which they appear.
type linkSet struct {
	seen map[string]bool
	list []string
}

func (l *linkSet) spans(spans []Span) {
	for _, s := range spans {
		l.add(s.Link)
	}
}

func (l *linkSet) blocks(blocks []Block) {
	for s := range AllSpans(blocks) {
		l.add(s.Link)
	}
}

func (l *linkSet) add(link string) {
	if !IsWebAddress(strings.ToLower(link[:min(len(link), 8)])) || l.seen[link] {
		return
	}
	if l.seen == nil {
		l.seen = map[string]bool{}
	}
	l.seen[link] = true
	l.list = append(l.list, link)
}

// Links returns the distinct http(s) addresses the section links to, in order.
// Addresses of pictures are not among them.
func (s *Section) Links() []string {
	var l linkSet
	l.spans(s.Heading)
	l.blocks(s.Intro)
	for i := range s.Items {
		l.blocks(s.Items[i].Lead)
		l.spans(s.Items[i].Title)
		l.blocks(s.Items[i].Body)
	}
	l.blocks(s.Outro)
	return slices.Clip(l.list)
}

// Links returns the distinct http(s) addresses the item links to, in order.
func (it *Item) Links() []string {
	var l linkSet
	l.spans(it.Title)
	l.blocks(it.Body)
	return slices.Clip(l.list)
}

// untakenLinks returns the distinct http(s) addresses of which Telegram makes
// no link.
func (i *Issue) untakenLinks() []string {
	var l linkSet
	l.blocks(i.Intro)
	l.blocks(i.Credits)
	for n := range i.Sections {
		for _, link := range i.Sections[n].Links() {
			l.add(link)
		}
	}
	return slices.DeleteFunc(l.list, isTaken)
}
