package cut

import (
	"slices"
	"strings"
	"unicode"

	"digestbot/digest"
	"digestbot/digest/document/outline"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
)

const (
	maxFoot      = 4000 // columns of the foot of a mail
	maxFootNodes = 32
)

// cutFoot separates the foot of a mail or a page from its text: from the first line on
// that speaks of the mail itself or leads to other pages, if only such lines and short
// ones follow to the end. The lines about receiving mails are left out, since readers
// get none; the rest, such as the sender's address, are credits.
func cutFoot(nodes []page.Node, html bool) ([]page.Node, []digest.Block) {
	first := footStart(nodes)
	if html {
		if at := signature(nodes, first); at >= 0 {
			first = at
		}
	}
	if first < 0 || !slices.ContainsFunc(nodes[:first], func(n page.Node) bool { return n.Kind == digest.Paragraph || n.Kind == digest.List }) {
		return nodes, nil
	}
	most := commonSize(nodes)
	for first > 0 && (belongsToFoot(nodes[first-1]) || isPostal(nodes[first-1], most) || isSenderLine(nodes[first-1], most)) {
		first--
	}
	foot := footBlocks(nodes[first:])
	if first > 1 && nodes[first-1].Kind == digest.Heading {
		first-- // nothing else stands under it
	}
	return slices.Clip(nodes[:first]), foot
}

// footStart returns the index of the first line of the foot, or -1. Below a list that says
// whose the text is anything may stand that is not wide: it is about the author.
func footStart(nodes []page.Node) int {
	first, width, other := -1, 0, false // other: something stands here that is no furniture
	for i := len(nodes) - 1; i >= 0 && len(nodes)-i <= maxFootNodes; i-- {
		width += digest.BlocksWidth([]digest.Block{nodes[i].Block})
		switch {
		case width > maxFoot, other && width > maxBelowRights:
			return first
		case saysRights(nodes[i].Block):
			first = i
		case other:
		case nodes[i].Foot && mayBeFoot(nodes[i]), speaksOfMail(nodes[i]), isNavigation(nodes[i]), isArchive(nodes, i):
			first = i
		case !mayBeFoot(nodes[i]):
			other = true
		}
	}
	return first
}

// mayBeFoot reports whether a node may stand between lines that speak of the mail.
func mayBeFoot(n page.Node) bool {
	switch n.Kind {
	case page.Blank, page.Rule, page.Contents, digest.Image:
		return true
	case digest.Paragraph:
		return digest.Width(digest.TextOf(n.Spans)) <= maxFurnitureLine
	case digest.Heading:
		folded := plain.FoldLine(digest.TextOf(n.Spans))
		return isMenuOrNetworks(folded) || relatedTexts[folded]
	}
	return false
}

// belongsToFoot reports whether a node right above the foot is a part of it.
func belongsToFoot(n page.Node) bool {
	switch n.Kind {
	case page.Blank, page.Rule:
		return true
	case digest.Image:
		return isLogo(n)
	case digest.Paragraph:
		folded := plain.FoldLine(digest.TextOf(n.Spans))
		return folded != "" && digest.Width(folded) <= maxFurnitureLine && isMenuOrNetworks(folded)
	}
	return false
}

// maxSignature is how many nodes may stand from a signature to the foot or the end.
const maxSignature = 6

// signature returns the index of the text near the end of a mail whose first line says what its
// first heading says, such as the name of the publisher above his address, or -1. Only short lines
// may stand between it and the foot, which begins at foot, or the end if that is -1.
func signature(nodes []page.Node, foot int) int {
	at := outline.HeadingsOf(nodes)
	if len(at) == 0 || at[0] >= MaxTop || !outline.IsOnlyTop(nodes, at) {
		return -1 // there is no title
	}
	name := digest.FoldName(digest.TextOf(nodes[at[0]].Spans))
	if name == "" {
		return -1
	}
	if foot < 0 {
		foot = len(nodes)
	}
	for i := foot - 1; i > at[0] && foot-i <= maxSignature; i-- {
		if nodes[i].Kind == digest.Paragraph || nodes[i].Kind == digest.Heading {
			line, _, _ := strings.Cut(digest.TextOf(nodes[i].Spans), "\n")
			if digest.FoldName(line) == name {
				return i
			}
		}
		if !mayBeFoot(nodes[i]) {
			return -1
		}
	}
	return -1
}

// isSenderLine reports whether a line right above the foot is in large letters, as the name of
// the sender: nothing else stands under it. most is the size of the text.
func isSenderLine(n page.Node, most int) bool {
	return isLarge(n, most) && n.Roles.Words && outline.LinksIn(n) == 0
}

// isPostal reports whether a line is a postal address in small print, as mails have right above
// their foot: no sentence, but a number and several parts. most is the size of the text.
func isPostal(n page.Node, most int) bool {
	text := digest.TextOf(n.Spans)
	if n.Kind != digest.Paragraph || !n.Roles.Words || n.Roles.Size >= most || digest.Width(text) > maxFurnitureLine || outline.EndsSentence(text) {
		return false
	}
	return strings.ContainsFunc(text, unicode.IsNumber) && strings.Count(text, ",")+strings.Count(text, "\n") >= 2 && outline.LinksIn(n) == 0
}

// isMenuOrNetworks reports whether a line has nothing but entries of a menu, sure
// signs or not.
func isMenuOrNetworks(folded string) bool {
	_, _, only := menu(folded)
	return only
}

// speaksOfMail reports whether a node at the end of a document is about the mail
// that it was: how to receive it no more, why it was sent, or whose it is.
func speaksOfMail(n page.Node) bool {
	switch n.Kind {
	case digest.Paragraph:
		if n.Roles.Any&page.OfMail != 0 {
			return true
		}
		return slices.ContainsFunc(outline.SpanLines(n.Spans), func(line []digest.Span) bool {
			text := digest.TextOf(line)
			return isFootLine(text) || isRights(text)
		})
	case digest.List, digest.Table:
		var entries []string
		for s := range digest.AllSpans([]digest.Block{n.Block}) {
			entries = append(entries, plain.FoldLine(s.Text))
		}
		sure, _, only := menu(strings.Join(entries, " | "))
		return only && sure > 0 && len(entries) <= maxFootNodes
	}
	return false
}

// isFootLine reports whether a line at the end of a document is about receiving
// mails.
func isFootLine(line string) bool {
	width := digest.Width(line)
	folded := plain.FoldLine(line)
	switch {
	case folded == "" || width > maxReason:
		return false
	case onlineTexts[folded]:
		return true
	case width <= maxFurnitureLine/3 && (viewsInBrowser(folded) || poweredPhrases.In(folded)):
		return true
	case width <= maxFurnitureLine && (leavePhrases.In(folded) || settingsPhrases.In(folded) || passedOnPhrases.In(folded)):
		return true
	}
	return reasonPhrases.In(folded)
}

// maxReason is how wide, in columns, a line may be that says why a mail was sent.
const maxReason = 900

// isRights reports whether a line says whose the text is, or where it appeared first.
func isRights(line string) bool {
	folded := plain.FoldLine(line)
	return digest.Width(line) <= maxReason && (rightsPhrases.In(folded) && digest.Width(line) <= maxFurnitureLine || appearedPhrases.In(folded))
}

// maxBelowRights is how wide, in columns, a card about the author may be that stands below
// a list that says whose the text is.
const maxBelowRights = 2 * maxFurnitureLine

// maxRights is how many entries a list has at most that says whose the text is.
const maxRights = 5

// saysRights reports whether a list, perhaps quoted, says who wrote the text, where, and who
// may copy it: it has short lines, of which one is about that.
func saysRights(b digest.Block) bool {
	b = unquoted(b)
	if b.Kind != digest.List || len(b.Entries) > maxRights {
		return false
	}
	rights := false
	for _, entry := range b.Entries {
		text := digest.TextOf(entry[0].Spans)
		if len(entry) > 1 || digest.Width(text) > maxFurnitureLine {
			return false
		}
		rights = rights || isRights(text)
	}
	return rights
}

// unquoted returns the only block of a quotation.
func unquoted(b digest.Block) digest.Block {
	if b.Kind == digest.Quote && len(b.Blocks) == 1 {
		return b.Blocks[0]
	}
	return b
}

// footBlocks returns the lines of a foot that are worth keeping: those that are
// not about receiving mails.
func footBlocks(nodes []page.Node) []digest.Block {
	var out []digest.Block
	for _, n := range nodes {
		if saysRights(n.Block) {
			out = append(out, unquoted(n.Block))
		}
		if n.Kind != digest.Paragraph || isNavigation(n) {
			continue
		}
		all := n.Spans
		n.Spans = withoutLines(all, func(line string) bool {
			return isFootLine(line) && !mayKeep(n, line) || isMenuOrNetworks(plain.FoldLine(line)) || archiveTexts[plain.FoldLine(line)]
		})
		if n.Roles.Any&page.OfMail != 0 && len(n.Spans) == len(all) && digest.Width(digest.TextOf(all)) <= maxFurnitureLine {
			n.Spans = nil // only the address of a link tells
		}
		if digest.HasWords(digest.TextOf(n.Spans)) {
			out = append(out, n.Block)
		}
	}
	return out
}

// mayKeep reports whether a line about receiving mails may say something else as
// well: it is long, and links lead elsewhere.
func mayKeep(n page.Node, line string) bool {
	return digest.Width(line) > maxFurnitureLine && n.Roles.Any&page.OfMail == 0 && outline.LinksIn(n) > 0
}
