package document

import (
	"slices"

	"digestbot/digest"
	"digestbot/digest/document/cut"
	"digestbot/digest/document/plain"
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
	if target == "" || !isCall(words) || !digest.IsWebAddress(target) {
		return ""
	}
	return target
}

// isCall reports whether the words of a link only call on readers to go on: "Read more",
// "点击此处立即跳转阅读".
func isCall(words string) bool {
	folded := plain.FoldLine(words)
	return cut.CallTexts[folded] || clicks().MatchString(folded)
}

var clicks = plain.Pattern(`^(?:请|請)?(?:点击|點擊|点此|點此|戳)(?:此处|此處|这里|這裡|链接|連結)?(?:立即|直接)?(?:跳转|跳轉)?(?:阅读|閱讀|查看|前往|了解|浏览)?(?:原文|全文|详情|更多)?$`)
