package cut

import (
	"regexp"

	"digestbot/digest"
	"digestbot/digest/document/outline"
	"digestbot/digest/document/page"
)

// maxCredits is how wide credits may be, in columns. Longer text after a spacer
// is part of the last item.
const maxCredits = 1500

// endMark matches a line that says that a document is over.
var endMark = regexp.MustCompile(`(?i)^[（(【\[—–\- ]*(?:完|全文完|本期完|end|the end|fin|конец)[）)】\]—–\- ]*[.。]?$`)

// Credits separates the paragraphs at the end of a document that belong to no
// item: those after an empty paragraph, after a divider, and after a line that says that
// it is over.
func Credits(nodes []page.Node) ([]page.Node, []digest.Block) {
	last := 0
	for i, n := range nodes {
		if n.Kind == digest.Heading {
			last = i + 1
		}
	}
	for i := len(nodes) - 1; i > last; i-- {
		if nodes[i].Kind == digest.Paragraph && endMark.MatchString(digest.TextOf(outline.Head(nodes[i].Spans))) {
			return nodes[:i], page.Blocks(nodes[i+1:])
		}
	}
	at := spacer(nodes, last)
	if at < 0 {
		at = closingPart(nodes, last)
	}
	if at < 0 {
		return nodes, nil
	}
	if isDivider(nodes[at]) {
		return nodes[:at], page.Blocks(nodes[at+1:])
	}
	return nodes[:at], page.Blocks(nodes[at:])
}

// spacer returns the index of the only empty paragraph after the last heading,
// if plain paragraphs without titles follow it; else -1.
func spacer(nodes []page.Node, last int) int {
	at := -1
	for i := last; i < len(nodes); i++ {
		if nodes[i].Kind != page.Blank || i == last {
			continue
		}
		if at >= 0 && page.Shows(nodes[at:i]) {
			return -1
		}
		at = i
	}
	if at < 0 || !page.Shows(nodes[last:at]) {
		return -1
	}
	after := nodes[at:]
	blocks := page.Blocks(after)
	if len(blocks) == 0 || len(blocks) > 8 || digest.BlocksWidth(blocks) > maxCredits {
		return -1
	}
	if outline.BeginsItems(after) {
		return -1
	}
	return at
}
