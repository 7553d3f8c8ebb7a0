package cut

import (
	"slices"

	"digestbot/digest"
	"digestbot/digest/document/outline"
	"digestbot/digest/document/page"
)

// How much a closing part may be.
const (
	maxClosing       = 6   // blocks
	maxClosingWidth  = 720 // columns
	shortClosing     = 400 // columns, where it is less sure that nothing belongs to a text
	minClosedSection = 2   // headings of a document, where that is so
)

// closingPart returns the index of the divider behind which a document takes leave of its
// readers: the last rule, or a logo, with short prose behind it and items of the last
// section before it. It returns -1 if there is none. last is where the last section begins.
func closingPart(nodes []page.Node, last int) int {
	end := len(nodes)
	for end > last && !isShown(nodes[end-1]) {
		end-- // a rule may stand behind the closing part too
	}
	at := end - 1
	for at > last && !isDivider(nodes[at]) {
		at--
	}
	if at <= last || !isClosing(nodes[at+1:end]) {
		return -1
	}
	before := nodes[last+lastRule(nodes[last:at])+1 : at]
	switch {
	case !page.Shows(before), likeItems(before, nodes[at+1:end]):
		return -1
	case outline.CountItems(before) > 1:
		return at
	}
	if len(outline.HeadingsOf(nodes)) < minClosedSection || dividesTexts(nodes[:at]) || digest.BlocksWidth(page.Blocks(nodes[at:end])) > shortClosing {
		return -1
	}
	return at
}

func isShown(n page.Node) bool { return page.Shows([]page.Node{n}) }

// isDivider reports whether a node separates the text from what is behind it.
func isDivider(n page.Node) bool { return n.Kind == page.Rule || n.Kind == digest.Image && isLogo(n) }

// lastRule returns the index of the last rule, or -1.
func lastRule(nodes []page.Node) int {
	at := len(nodes) - 1
	for at >= 0 && nodes[at].Kind != page.Rule {
		at--
	}
	return at
}

// isClosing reports whether nodes are short prose.
func isClosing(nodes []page.Node) bool {
	prose := false
	for _, n := range nodes {
		switch n.Kind {
		case digest.Paragraph:
			prose = true
		case digest.Image, page.Blank:
		case digest.List:
			if !prose || !isSignature(n) {
				return false
			}
		default:
			return false
		}
	}
	blocks := page.Blocks(nodes)
	return prose && len(blocks) <= maxClosing && digest.BlocksWidth(blocks) <= maxClosingWidth && !outline.BeginsItems(nodes)
}

// isSignature reports whether a list is a name behind a dash, which Markdown takes for a
// bullet.
func isSignature(n page.Node) bool {
	return len(n.Entries) == 1 && outline.LinksIn(n) == 0 && digest.BlocksWidth(n.Entries[0]) <= maxMenuPart
}

// likeItems reports whether something in a closing part begins as one of the items before it
// does.
func likeItems(before, closing []page.Node) bool {
	items, others := beginningsIn(before), beginningsIn(closing)
	return items.linkLine && others.linkLine || items.linkInText && others.linkInText || items.bareList && others.bareList
}

// beginnings says how items may begin that stand in some nodes.
type beginnings struct {
	linkLine   bool // a paragraph, with a line that is a link
	linkInText bool // a paragraph, with a link in a sentence
	bareList   bool // a list without links
}

func beginningsIn(nodes []page.Node) beginnings {
	var found beginnings
	for _, n := range nodes {
		switch {
		case n.Kind == digest.List:
			found.bareList = found.bareList || outline.LinksIn(n) == 0
		case n.Kind != digest.Paragraph || n.Aside || !beginsWithLink(n.Spans):
		case digest.IsLinkTitle(digest.FirstLine(n.Spans)):
			found.linkLine = true
		default:
			found.linkInText = true
		}
	}
	return found
}

func beginsWithLink(spans []digest.Span) bool {
	title, _ := digest.CutTitle(digest.TrimSpans(spans, ""))
	return slices.ContainsFunc(title, func(s digest.Span) bool { return s.Link != "" })
}

// dividesTexts reports whether a rule of a document stands between texts, and not in front
// of a heading or above all sections: then one may also stand within the last text.
func dividesTexts(nodes []page.Node) bool {
	headings := false
	for i, n := range nodes {
		headings = headings || n.Kind == digest.Heading
		if n.Kind != page.Rule || !headings {
			continue
		}
		next := slices.IndexFunc(nodes[i:], isShown)
		if next < 0 || nodes[i+next].Kind != digest.Heading {
			return true
		}
	}
	return false
}
