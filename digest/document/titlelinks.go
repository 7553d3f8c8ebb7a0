package document

import (
	"slices"

	"digestbot/digest"
	"digestbot/digest/document/cut"
)

// carryLinks gives the titles of items the only link of their text if its words only
// call on readers to go on, such as "Read more": headlines and search then lead there
// too. A last line that is nothing but such a call has said what it has to say.
func carryLinks(items []digest.Item) {
	for i := range items {
		it := &items[i]
		if it.RunIn || len(it.Title) == 0 || len(it.Body) == 0 || isLinked(it.Title) {
			continue
		}
		if target := onlyCall(it.Body); target != "" {
			it.Title = slices.Clone(it.Title)
			for k := range it.Title {
				it.Title[k].Link = target
			}
			it.Body = withoutCall(it.Body)
		}
	}
}

// withoutCall returns blocks without a last paragraph that is one link.
func withoutCall(blocks []digest.Block) []digest.Block {
	last := blocks[len(blocks)-1]
	if last.Kind == digest.Paragraph && digest.IsLinkTitle(last.Spans) {
		return blocks[:len(blocks)-1]
	}
	return blocks
}

func isLinked(spans []digest.Span) bool {
	return slices.ContainsFunc(spans, func(s digest.Span) bool { return s.Link != "" })
}

// onlyCall returns where the only link of blocks leads, if it calls on readers to go
// on; otherwise "".
func onlyCall(blocks []digest.Block) string {
	target, words := "", ""
	for s := range digest.AllSpans(blocks) {
		switch {
		case s.Link == "":
		case target != "" && s.Link != target:
			return ""
		default:
			target, words = s.Link, words+s.Text
		}
	}
	if target == "" || !cut.IsCall(words) || !digest.IsWebAddress(target) {
		return ""
	}
	return target
}
