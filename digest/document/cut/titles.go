package cut

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"digestbot/digest"
	"digestbot/digest/document/outline"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
)

// joinTitles makes one heading of two in a row if the second goes on with the sentence of the
// first, or the first lacks its end: editors of mails break long titles by hand.
func joinTitles(nodes []page.Node) []page.Node {
	goesOn := func(i int) bool {
		if i == 0 || !arePeers(nodes[i-1], nodes[i]) {
			return false
		}
		before := digest.TextOf(nodes[i-1].Spans)
		return continues(before, digest.TextOf(nodes[i].Spans)) || openEnd().MatchString(before) && isPair(nodes, i)
	}
	var out []page.Node
	for i, n := range nodes {
		if !goesOn(i) {
			if out != nil {
				out = append(out, n)
			}
			continue
		}
		if out == nil {
			out = slices.Clone(nodes[:i])
		}
		last := &out[len(out)-1]
		last.Spans = append(append(slices.Clip(last.Spans), digest.Span{Text: " "}), n.Spans...)
	}
	if out == nil {
		return nodes
	}
	return out
}

// continues reports whether a line goes on with the sentence of the line before:
// that one ends with a comma, or it begins with a small letter or a dash, as that
// one does not.
func continues(before, line string) bool {
	if strings.HasSuffix(before, ",") || strings.HasSuffix(before, "，") {
		return true
	}
	first, _ := utf8.DecodeRuneInString(line)
	start, _ := utf8.DecodeRuneInString(before)
	return (unicode.IsLower(first) || strings.ContainsRune("—–&", first)) && !unicode.IsLower(start) && !outline.EndsSentence(before)
}

// openEnd matches a line of several words that lacks its end: it ends with an article, "and",
// "of", or with whose it is.
var openEnd = plain.Pattern(`\s(?:\pL+['’]s|the|a|and|or|of|der|des|dem|und|oder|von|la|les?|et|ou|el|los|las|del|y|della|di|e|het|een|en|os?|dos)$`)

// isPair reports whether the heading at i and that before it stand by themselves, over a text
// or deeper headings: a row of headings is a list of entries.
func isPair(nodes []page.Node, i int) bool {
	if i > 1 && arePeers(nodes[i-2], nodes[i]) || i+1 == len(nodes) {
		return false
	}
	return nodes[i+1].Kind != digest.Heading || nodes[i+1].Level > nodes[i].Level
}

// arePeers reports whether two nodes are headings of one level.
func arePeers(a, b page.Node) bool {
	return a.Kind == digest.Heading && b.Kind == digest.Heading && a.Level == b.Level
}
