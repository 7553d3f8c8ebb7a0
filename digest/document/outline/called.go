package outline

import (
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
)

// called finds the items of a section in which each ends with a button, such as "View
// post": two or more have one, each with a text above it, and nothing follows the last.
func called(nodes []page.Node) []start {
	var starts []start
	first, text, isCall := -1, false, false
	for i, n := range nodes {
		switch {
		case !page.Shows(nodes[i : i+1]):
			continue
		case n.Aside && n.Kind == digest.Paragraph && !isPlayer(n):
			if !text && !isCall {
				return nil
			}
			if text {
				starts = append(starts, start{at: first, item: calledItem})
			}
			first, text, isCall = -1, false, true
			continue
		case first < 0:
			first = i
		}
		text, isCall = text || n.Kind == digest.Paragraph, false
	}
	if len(starts) < 2 || first >= 0 {
		return nil
	}
	return starts
}

// titledCalls finds the items of a section in which the same words of a link, such as
// "Discuss", come back right under the first line of each: two or more times, the first one
// under the first line of the section, and something stands below the last one.
func titledCalls(nodes []page.Node) []start {
	var starts []start
	above, words := -1, "" // the line above, and what the links say
	paragraphs := 0
	for i, n := range nodes {
		if n.Kind != digest.Paragraph || isPlayer(n) {
			if page.Shows(nodes[i : i+1]) {
				above = -1
			}
			continue
		}
		if n.Aside {
			said := plain.FoldLine(digest.TextOf(n.Spans))
			if words == "" || said == words {
				if above < 0 || words == "" && paragraphs != 1 {
					return nil
				}
				starts = append(starts, start{at: above, item: lineItem})
				words, above = said, -1
				continue
			}
		}
		paragraphs++
		above = i
	}
	if len(starts) < 2 || starts[len(starts)-1].at+2 >= len(nodes) {
		return nil
	}
	return starts
}

// isPlayer reports whether a paragraph is a player, which belongs to the text around it.
func isPlayer(n page.Node) bool { return strings.HasPrefix(digest.TextOf(n.Spans), "▶") }

// calledItem makes an item that may begin with a picture: its first paragraph may be the
// title.
func calledItem(n page.Node, body []digest.Block) digest.Item {
	blocks := append(page.Blocks([]page.Node{n}), body...)
	at := 0
	for blocks[at].Kind != digest.Paragraph && at+1 < len(blocks) {
		at++
	}
	rest := append(append([]digest.Block(nil), blocks[:at]...), blocks[at+1:]...)
	return titled(blocks[at].Spans, rest, true)
}
