package outline

import (
	"slices"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/page"
)

// JoinPictures puts behind a title the picture in front of it that belongs to it:
// mails show the picture of an item above or beside its title. A picture belongs
// to the title after it if both lead to the same place or say the same, or if the button
// below the title leads where the picture does.
func JoinPictures(nodes []page.Node) []page.Node {
	if !slices.ContainsFunc(nodes, isPicture) {
		return nodes
	}
	nodes = slices.Clone(nodes)
	for i := range nodes {
		if !isPicture(nodes[i]) {
			continue
		}
		next := nextOf(nodes, i)
		if next < len(nodes) && (belongTogether(nodes[i], titleOf(nodes[next])) || endsWhereLeads(nodes[i], nodes[next:])) {
			swapPicture(nodes, i, next)
		}
	}
	for _, at := range headingRuns(nodes) {
		if ledByPictures(nodes, at) {
			for _, i := range at {
				swapPicture(nodes, i-1, i)
			}
		}
	}
	return nodes
}

func isPicture(n page.Node) bool { return n.Kind == digest.Image }

// titleOf returns the words of a heading, or the title that a paragraph begins with.
func titleOf(n page.Node) []digest.Span {
	switch n.Kind {
	case digest.Heading:
		return n.Spans
	case digest.Paragraph:
		title, _ := digest.CutTitle(digest.TrimSpans(digest.FirstLine(n.Spans), ""))
		return title
	}
	return nil
}

func belongTogether(picture page.Node, title []digest.Span) bool {
	if len(picture.Spans) == 0 || len(title) == 0 {
		return false
	}
	if link := pageOf(picture.Spans[0].Link); link != "" && slices.ContainsFunc(title, func(s digest.Span) bool { return pageOf(s.Link) == link }) {
		return true
	}
	alt := digest.FoldName(picture.Spans[0].Text)
	return alt != "" && alt == digest.FoldName(digest.TextOf(title))
}

// endsWhereLeads reports whether nodes begin with a title, and a button below it, before the
// next title and the next picture, leads where a picture leads.
func endsWhereLeads(picture page.Node, nodes []page.Node) bool {
	if len(picture.Spans) == 0 || pageOf(picture.Spans[0].Link) == "" || len(titleOf(nodes[0])) == 0 {
		return false
	}
	for _, n := range nodes[1:] {
		switch {
		case n.Aside && pageOf(firstLink(n.Spans)) == pageOf(picture.Spans[0].Link):
			return true
		case isPicture(n), n.Kind == digest.Heading:
			return false
		}
	}
	return false
}

// pageOf returns an address without the parameters that say from where a reader
// comes.
func pageOf(link string) string {
	link, _, _ = strings.Cut(link, "#")
	if page, query, _ := strings.Cut(link, "?"); strings.Contains(query, "utm_") {
		return page
	}
	return link
}

// swapPicture puts a picture behind the title after it. What the title says or
// links to, the picture need not.
func swapPicture(nodes []page.Node, picture, title int) {
	p := nodes[picture]
	copy(nodes[picture:title], nodes[picture+1:title+1])
	if len(p.Spans) > 0 {
		said := digest.FoldName(digest.TextOf(titleOf(nodes[title-1])))
		caption := p.Spans[0]
		if strings.Contains(said, digest.FoldName(caption.Text)) {
			caption.Text = ""
		}
		if belongTogether(p, titleOf(nodes[title-1])) {
			caption.Link = ""
		}
		p.Spans = nil
		if caption.Text != "" || caption.Link != "" {
			p.Spans = []digest.Span{caption}
		}
	}
	nodes[title] = p
}

// headingRuns returns the indexes of headings of one level between headings of
// higher ones, two or more.
func headingRuns(nodes []page.Node) [][]int {
	var runs [][]int
	var open [7][]int // by level
	shut := func(above int) {
		for level := above + 1; level < len(open); level++ {
			if len(open[level]) > 1 {
				runs = append(runs, open[level])
			}
			open[level] = nil
		}
	}
	for i, n := range nodes {
		if n.Kind == digest.Heading && n.Level < len(open) {
			shut(n.Level)
			open[n.Level] = append(open[n.Level], i)
		}
	}
	shut(0)
	return runs
}

// ledByPictures reports whether each of some titles has a picture right before it,
// also the first. If pictures ended the items instead, the last item would end
// with one.
func ledByPictures(nodes []page.Node, titles []int) bool {
	if len(titles) < 2 {
		return false
	}
	for _, i := range titles {
		if i == 0 || !isPicture(nodes[i-1]) {
			return false
		}
	}
	last := titles[len(titles)-1]
	end := last + 1
	for end < len(nodes) && (nodes[end].Kind != digest.Heading || nodes[last].Kind == digest.Heading && nodes[end].Level > nodes[last].Level) {
		end++
	}
	return end > last+1 && !isPicture(nodes[end-1])
}

// behindTitles puts the pictures in front of the titles of a section behind them,
// if each title has one.
func behindTitles(nodes []page.Node, s shape) []page.Node {
	titles := make([]int, len(s.starts))
	for i, start := range s.starts {
		titles[i] = start.at
	}
	if !ledByPictures(nodes, titles) {
		return nodes
	}
	nodes = slices.Clone(nodes)
	for i, at := range titles {
		swapPicture(nodes, at-1, at)
		s.starts[i].at--
	}
	return nodes
}
