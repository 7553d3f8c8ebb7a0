package outline

import (
	"slices"

	"digestbot/digest"
)

// ClearRepeated makes titles part of their texts if they do not tell the items of a
// section apart: entries that all begin with the link of one repository or author, or
// with a word such as "New". If these are at least half of the titles that stand in the
// line of their text, it is done for all of those.
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
	if labels == 0 {
		return
	}
	for i := range items {
		if key := repeatKey(&items[i]); key != "" && (isLabel[key] || labels*2 >= inLine) {
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
