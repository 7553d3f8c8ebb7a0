package outline

import (
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/page"
)

// called finds the items of a section in which each ends with a button, such as "View
// post": two or more have one, each with a text above it, and nothing follows the last.
func called(nodes []page.Node) []start {
	var starts []start
	first, text, isCall := -1, false, false
	for i, n := range nodes {
		switch {
		case len(page.Blocks(nodes[i:i+1])) == 0:
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
