package digest

import "strings"

// cost is how much of a message something takes, and how much room there is.
type cost struct{ units, entities, markup, wire int }

var messageLimit = cost{maxMessageUnits, maxEntities, maxMarkupBytes, maxEntitiesBytes}

func (c cost) plus(d cost) cost {
	return cost{c.units + d.units, c.entities + d.entities, c.markup + d.markup, c.wire + d.wire}
}

func (c cost) minus(d cost) cost {
	return cost{c.units - d.units, c.entities - d.entities, c.markup - d.markup, c.wire - d.wire}
}

func (c cost) within(limit cost) bool {
	return c.units <= limit.units && c.entities <= limit.entities && c.markup <= limit.markup && c.wire <= limit.wire
}

// Limits of one message. What a message may hold is counted after parsing.
// The limits in bytes leave a reserve below 32,768 and 10,000, because Telegram
// states neither exactly.
const (
	maxMessageUnits  = 4096  // UTF-16 code units, core.telegram.org/bots/api#sendmessage
	maxEntities      = 100   // with those Telegram finds by itself; beyond it drops formatting silently
	maxMarkupBytes   = 32000 // the text argument is refused above 32,768 (tdlib/telegram-bot-api)
	maxEntitiesBytes = 9000  // ENTITIES_TOO_LONG above about 10,000, addresses included
	entityBytes      = 12    // constructor, offset and length of one entity on the wire
)

func escapedLen(text string) int {
	n := len(text)
	for i := range len(text) {
		switch text[i] {
		case '&':
			n += len("&amp;") - 1
		case '<', '>':
			n += len("&lt;") - 1
		case '"':
			n += len("&quot;") - 1
		}
	}
	return n
}

// share divides room among n.
func (c cost) share(n int) cost {
	return cost{c.units / n, c.entities / n, c.markup / n, c.wire / n}
}

// tally adds up what the spans of a piece cost, one after another. It counts at least as many
// entities as Telegram: Telegram splits styles wherever another entity begins or ends, and
// finds mentions, hashtags, commands, addresses and numbers in plain text (tdlib/td,
// MessageEntity.cpp, split_entities and find_entities).
type tally struct {
	open  []tag
	found bool // the entity found last may go on: there was no white space since
}

// enter returns what the tags of a span cost, after those of the span before it.
func (t *tally) enter(s Span, tags []tag) cost {
	keep := commonTags(t.open, tags)
	var c cost
	for _, tag := range tags[keep:] {
		c.entities++
		c.markup += len(tag.open) + len(tag.close)
		if strings.HasPrefix(tag.open, "<a") {
			c.wire += len(s.Link)
		}
	}
	if keep < len(t.open) || keep < len(tags) {
		c.entities += styleCount(tags[:keep])
	}
	if t.found {
		c.entities += styleCount(tags)
	}
	c.wire += c.entities * entityBytes
	t.open = tags
	return c
}

// text returns what the entities cost that Telegram may find in a span's text.
func (t *tally) text(text string, tags []tag) cost {
	var c cost
	for i := range len(text) {
		if text[i] <= '@' { // letters, which most of a text is, add nothing
			c = c.plus(t.at(text, i, tags))
		}
	}
	return c
}

// at returns what the entity costs that Telegram may find because of the byte at i of a
// span's text. A command becomes code, see withoutCommands.
func (t *tally) at(text string, i int, tags []tag) cost {
	var c cost
	switch text[i] {
	case ' ', '\n':
		t.found = false
		return c
	case '@', '#', '$', '+', '.', ':', '/', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
	default:
		return c
	}
	if !isFoundAt(text, i) {
		return c
	}
	t.found = true
	c.entities = 1 + 2*styleCount(tags)
	c.wire = c.entities * entityBytes
	if text[i] == '/' {
		c.markup = len(codeTag.open) + len(codeTag.close)
		for _, tag := range tags {
			c.markup += len(tag.open) + len(tag.close)
		}
	}
	return c
}

// isSearched reports whether Telegram looks for entities between these tags.
func isSearched(tags []tag) bool {
	for _, t := range tags {
		if t == codeTag || strings.HasPrefix(t.open, "<a") {
			return false
		}
	}
	return true
}

func styleCount(tags []tag) int {
	n := 0
	for _, t := range tags {
		if t != codeTag && !strings.HasPrefix(t.open, "<a") {
			n++
		}
	}
	return n
}
