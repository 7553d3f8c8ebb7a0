package digest

import "fmt"

// frame is what stands around a run of text in a message.
type frame uint8

const (
	bare       frame = iota
	quote            // a quotation
	expandable       // a quotation that shows three lines until it is tapped
	pre              // a piece of code
)

// piece is a line or paragraph in one frame. Messages are put together from
// pieces.
type piece struct {
	spans    []Span
	shared   Style // styles that all spans have; their tags stand outermost
	frame    frame
	group    int    // neighbours of the same group share the frame
	language string // of pre
	sep      string // goes before it, unless it comes first in a message
	start    bool   // begins an item
	keep     bool   // stays with what follows: a title
	under    bool   // stands in the line under the heading
	section  int    // of a name on the cover: the section's number, counted from 1; 0: it is none
	item     int    // to which it belongs, counted from 1 in its section; 0: to none; restOfItems
	lead     bool   // stands before the item, for its group
	copied   bool   // its spans are a copy that cutting may change
}

// frameTag returns the element around the text of a piece.
func (a *piece) frameTag() tag {
	switch a.frame {
	case quote:
		return tag{"<blockquote>", "</blockquote>"}
	case expandable:
		return tag{"<blockquote expandable>", "</blockquote>"}
	case pre:
		if a.language != "" {
			return tag{fmt.Sprintf(`<pre><code class="language-%s">`, escaper.Replace(a.language)), "</code></pre>"}
		}
		return tag{"<pre>", "</pre>"}
	}
	return tag{}
}

// joins reports whether a piece goes on in the frame of the piece before it.
func (a *piece) joins(before *piece) bool {
	return a.frame != bare && a.frame == before.frame && a.group == before.group
}

// costWithin returns the cost of a piece with its separator and frame, and
// whether that is within room. If not, it stops counting early.
func (a *piece) costWithin(room cost, joined bool) (cost, bool) {
	total := a.frameCost(joined)
	var t tally
	for _, s := range a.spans {
		if len(s.Text) > 3*room.units { // a unit takes at most three bytes
			return total, false
		}
		tags, searched := a.tagsOf(s)
		total = total.plus(cost{units: Units(s.Text), markup: escapedLen(s.Text)}).plus(t.enter(s, tags))
		if !total.within(room) {
			return total, false
		}
		if searched {
			total = total.plus(t.text(s.Text, tags))
		}
	}
	return total, total.within(room)
}

// tagsOf returns the tags of a span of the piece, and whether Telegram looks for entities
// within them.
func (a *piece) tagsOf(s Span) (tags []tag, searched bool) {
	if a.frame == pre {
		return nil, false
	}
	tags = tagsOf(s, a.shared)
	return tags, isSearched(tags)
}

func (a *piece) frameCost(joined bool) cost {
	c := cost{units: len(a.sep), markup: len(a.sep)}
	if a.frame != bare && !joined {
		t := a.frameTag()
		c.entities++
		c.markup += len(t.open) + len(t.close)
		c.wire += entityBytes + len(a.language)
	}
	return c
}
