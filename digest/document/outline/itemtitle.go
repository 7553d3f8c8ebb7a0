package outline

import (
	"slices"
	"strings"

	"digestbot/digest"
)

// titled makes an item of its first paragraph and the blocks that follow. The
// title is what stands out at the beginning: a link, bold words, or the whole
// line if it is short. single says that nothing else distinguishes the paragraph
// from running text.
func titled(spans []digest.Span, body []digest.Block, single bool) digest.Item {
	spans = digest.TrimSpans(spans, "")
	text := digest.TextOf(spans)
	if at := strings.IndexByte(text, '\n'); at >= 0 {
		first, rest := digest.CutSpans(spans, at)
		if IsTitleLine(first) {
			return digest.Item{Title: titleSpans(first), Body: withParagraph(digest.TrimSpans(rest, ""), body)}
		}
	}
	if title, rest := cutHeadline(spans); len(title) > 0 && digest.Width(digest.TextOf(title)) <= maxMarkedTitle {
		if len(rest) == 0 {
			return digest.Item{Title: titleSpans(title), Body: body}
		}
		return digest.Item{Title: titleSpans(title), RunIn: true, Body: withParagraph(rest, body)}
	}
	if digest.Width(text) <= MaxTitle && !strings.Contains(text, "\n") && !(single && len(body) == 0 && EndsSentence(text) && digest.Width(text) > MaxTitle/2) {
		return digest.Item{Title: titleSpans(spans), Body: body}
	}
	if len(spans) > 0 {
		body = withParagraph(spans, body)
	}
	return digest.Item{Body: body}
}

// cutHeadline separates the title that a paragraph begins with. A label that announces the
// only link of its line, such as an author's name with a colon, is the title together with
// it.
func cutHeadline(spans []digest.Span) (title, rest []digest.Span) {
	title, rest = digest.CutTitle(spans)
	if len(rest) == 0 || firstLink(title) != "" || !endsInColon(title) && !endsInColon(rest[:1]) {
		return title, rest
	}
	link, behind := digest.CutTitle(digest.TrimSpans(rest, ":："))
	if len(link) == 0 || link[0].Link == "" || strings.Contains(digest.TextOf(link), "\n") || firstLink(digest.FirstLine(behind)) != "" {
		return title, rest
	}
	return spans[: len(spans)-len(behind) : len(spans)-len(behind)], behind
}

// withParagraph returns a paragraph and the blocks under it.
func withParagraph(paragraph []digest.Span, blocks []digest.Block) []digest.Block {
	return append([]digest.Block{{Kind: digest.Paragraph, Spans: paragraph}}, blocks...)
}

// titleSpans removes from a title the bold style, which it has as a title, and
// the mono-spaced font, which cannot be bold.
func titleSpans(spans []digest.Span) []digest.Span {
	return digest.TrimSpans(digest.WithoutStyle(spans, digest.Bold|digest.Monospace), "")
}

// MaxTitle is how wide, in columns, a line without link or bold words may be to
// be a title.
const MaxTitle = 120

// maxMarkedTitle is how wide, in columns, a link or bold words may be to be a
// title.
const maxMarkedTitle = 480

// IsTitleLine reports whether a line is all bold, or all link.
func IsTitleLine(spans []digest.Span) bool { return isBold(spans) || digest.IsLinkTitle(spans) }

// isBold reports whether all the words of a paragraph are bold.
func isBold(spans []digest.Span) bool {
	words := false
	for _, s := range spans {
		if s.Style&digest.Bold != 0 {
			words = words || strings.TrimSpace(s.Text) != ""
		} else if digest.HasWords(s.Text) {
			return false
		}
	}
	return words
}

// EndsSentence reports whether a text ends like a statement.
func EndsSentence(text string) bool {
	text = strings.TrimRight(text, " ”’\"')）」』")
	return strings.HasSuffix(text, "。") || strings.HasSuffix(text, "！") || strings.HasSuffix(text, ".") || strings.HasSuffix(text, "；")
}

// isBoldTitle reports whether a bold line is a title, and not a sentence that is
// bold for emphasis.
func isBoldTitle(line []digest.Span) bool {
	text := digest.TextOf(line)
	return isBold(line) && digest.Width(text) <= 2*MaxTitle && !strings.HasSuffix(text, "。") &&
		!(EndsSentence(text) && digest.Width(text) > MaxTitle/2)
}

// ClearRepeated makes titles part of their texts if they do not tell the items of a
// section apart: entries that all begin with the link of one repository or author, or
// with a word such as "New". If these are at least half of the titles that stand in the
// line of their text, it is done for all of those. The name of a user, "@jane", tells
// nothing anyway.
func ClearRepeated(items []digest.Item) {
	where := map[string][]int{} // of titles
	inLine := 0
	for i := range items {
		if key := repeatKey(&items[i]); key != "" {
			where[key] = append(where[key], i)
			inLine++
		}
	}
	labels := 0
	isLabel := map[string]bool{}
	for key, at := range where {
		if len(at) > 1 && tellNothing(items, at) {
			isLabel[key] = true
			labels += len(at)
		}
	}
	for i := range items {
		if key := repeatKey(&items[i]); key != "" && (isLabel[key] || labels > 0 && labels*2 >= inLine || isUser(&items[i])) {
			clearTitle(&items[i])
		}
	}
}

// tellNothing reports whether items with one title are different ones: they are
// neighbours, or their texts lead somewhere, or their title does not. Otherwise an item
// may be listed twice.
func tellNothing(items []digest.Item, at []int) bool {
	for k, i := range at {
		title := items[i].Title[0].Link
		for _, s := range items[i].Body[0].Spans {
			if s.Link != "" && s.Link != title {
				return true
			}
		}
		if title == "" || k > 0 && i == at[k-1]+1 {
			return true
		}
	}
	return false
}

// repeatKey returns what is compared of a title in the line of its text; "" for other
// items.
func repeatKey(it *digest.Item) string {
	if !it.RunIn || len(it.Body) == 0 || len(it.Title) == 0 {
		return ""
	}
	return digest.FoldName(digest.TextOf(it.Title))
}

// isUser reports whether a title is only the name of a user of a network.
func isUser(it *digest.Item) bool {
	name, ok := strings.CutPrefix(strings.TrimRight(digest.TextOf(it.Title), " :："), "@")
	return ok && name != "" && !strings.ContainsAny(name, " \u00a0")
}

func clearTitle(it *digest.Item) {
	body := slices.Clone(it.Body)
	title := slices.Clone(it.Title)
	for i := range title {
		if title[i].Link == "" {
			title[i].Style |= digest.Bold // what made it a title
		}
	}
	body[0].Spans = slices.Concat(title, body[0].Spans)
	it.Title, it.RunIn, it.Body = nil, false, body
}
