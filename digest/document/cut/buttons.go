package cut

import (
	"digestbot/digest"
	"digestbot/digest/document/outline"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
)

// maxButtons is how many buttons stand in a row. More are a list of links.
const maxButtons = 2

// markButtons marks the paragraphs that call on readers to go on: they look like
// buttons, say what buttons say, or have words that other links have too. The
// titles of items differ.
func markButtons(nodes []page.Node) {
	said := map[string]int{}
	for _, n := range nodes {
		if n.Kind != digest.Paragraph || !digest.IsLinkTitle(n.Spans) {
			continue
		}
		if text := digest.TextOf(n.Spans); digest.Width(text) <= page.MaxButton {
			said[plain.FoldLine(text)]++
		}
	}
	for i := 0; i < len(nodes); {
		end := i
		for end < len(nodes) && isButton(nodes[end], said) {
			nodes[end].Aside = true
			end++
		}
		for at := i; end-i > maxButtons && at < end; at++ {
			nodes[at].Aside = callTexts[plain.FoldLine(digest.TextOf(nodes[at].Spans))]
		}
		i = max(end, i+1)
	}
}

// isButton reports whether a paragraph is a button; said counts the words of links.
func isButton(n page.Node, said map[string]int) bool {
	if n.Kind != digest.Paragraph || !outline.IsTitleLine(n.Spans) {
		return false
	}
	text := digest.TextOf(n.Spans)
	if digest.Width(text) > page.MaxButton {
		return false
	}
	folded := plain.FoldLine(text)
	return callTexts[folded] || n.Roles.All&page.Button != 0 || said[folded] > 1
}

// IsCall reports whether the words of a link only call on readers to go on, as "Read more" and
// "点击此处立即跳转阅读" do.
func IsCall(words string) bool {
	folded := plain.FoldLine(words)
	return callTexts[folded] || clickTexts().MatchString(folded)
}
