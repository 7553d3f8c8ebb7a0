package digest

// ItemMarks is where the items of a section stand in the forms of one of its messages.
// [Tailor] makes of them the messages of a reader who does not want all items.
type ItemMarks struct {
	Items     int    `json:"n,omitempty"` // how many items the section has, in all its messages
	HTML      Marked `json:"h,omitzero"`
	Plain     Marked `json:"p,omitzero"`
	Share     Marked `json:"s,omitzero"`
	Rich      Marked `json:"r,omitzero"`
	Headlines Marked `json:"l,omitzero"`
}

// Marked is where items stand in a text.
type Marked struct {
	Length int      `json:"n"` // of the text; if it is longer, something stands before all items now
	Items  []ItemAt `json:"i"` // in the order of the text
}

// ItemAt is where an item stands in a text, all of it or a part.
type ItemAt struct {
	Item  int  `json:"i"`           // counted from 1; restOfItems
	Lead  bool `json:"l,omitempty"` // not the item, but what stands before it and is for its group
	More  bool `json:"m,omitempty"` // the item began further up, or in a message before
	Start int  `json:"s"`           // in bytes, as all that follows
	Sep   int  `json:"p,omitempty"` // how much divides it from what is before it
	Text  int  `json:"t"`           // where its text begins; noStar
	End   int  `json:"e"`
}

const (
	restOfItems = -1 // in headlines, the line that counts the items without a line
	noStar      = -1 // there is no room, or no place, for a star
)

// IsZero reports whether no items are marked.
func (m Marked) IsZero() bool { return len(m.Items) == 0 }

// IsZero reports whether no items are marked, as in a cover.
func (m ItemMarks) IsZero() bool { return m.Items == 0 }

// markedIn returns the places of items in a text. One that is in another message before, or
// stands here twice, is marked as More.
func markedIn(text string, items []ItemAt, seen map[int]bool) Marked {
	for n := range items {
		i := &items[n]
		if !i.Lead {
			i.More = seen[i.Item]
			seen[i.Item] = true
		}
	}
	return Marked{Length: len(text), Items: items}
}

// places are what pieces name, and where that stands in their text.
type places struct {
	names NameList
	items []ItemAt
}

// add notes a piece: its separator begins at start, its text goes from text up to end.
func (p *places) add(a *piece, start, text, end int) {
	p.names.addPiece(a, text, end)
	if a.item == 0 {
		return
	}
	if n := len(p.items); n > 0 {
		if last := &p.items[n-1]; last.Item == a.item && last.Lead == a.lead && last.End == start {
			last.End = end
			return
		}
	}
	p.items = append(p.items, ItemAt{Item: a.item, Lead: a.lead, Start: start, Sep: len(a.sep), Text: text, End: end})
}

// close notes that the frame of a piece ends.
func (p *places) close(a *piece, end int) {
	if a.item != 0 {
		p.items[len(p.items)-1].End = end
	}
}
