package telegramsim

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

const (
	maxTextUnits    = 4096    // UTF-16 units of a message, core.telegram.org/bots/api#sendmessage
	maxCaptionUnits = 1024    // UTF-16 units of a caption, core.telegram.org/bots/api#sendphoto
	maxRawBytes     = 1 << 15 // bytes of the text argument, tdlib/telegram-bot-api get_formatted_text
	maxEntities     = 100     // the rest lose their formatting, seen in practice
	maxEntityBytes  = 10_000  // about, addresses included, then ENTITIES_TOO_LONG; seen in practice
	entityOverhead  = 12      // bytes one entity takes beside its address: constructor, offset, length
)

// Entity is one stretch of formatting. Offset and Length count UTF-16 code units.
type Entity struct {
	Type           string `json:"type"`
	Offset         int    `json:"offset"`
	Length         int    `json:"length"`
	URL            string `json:"url,omitempty"`
	User           *User  `json:"user,omitempty"`
	Language       string `json:"language,omitempty"`
	CustomEmojiID  string `json:"custom_emoji_id,omitempty"`
	UnixTime       int64  `json:"unix_time,omitempty"`
	DateTimeFormat string `json:"date_time_format,omitempty"`

	userID int64 // of a text_mention, until the user is looked up
}

func (e Entity) end() int { return e.Offset + e.Length }

// nesting says how an entity may lie with others (tdlib/td, MessageEntity.cpp).
type nesting int

const (
	styles     nesting = iota // bold and its like: anywhere but in code, split where needed
	continuous                // links, mentions, code: never inside one another
	quotes                    // blockquotes: never inside one another or inside a link
)

func nestingOf(kind string) nesting {
	switch kind {
	case "bold", "italic", "underline", "strikethrough", "spoiler":
		return styles
	case "blockquote", "expandable_blockquote":
		return quotes
	}
	return continuous
}

func isCode(kind string) bool { return kind == "pre" || kind == "code" }

// outermost orders entities that cover the same text: quotes hold code, code beats links,
// links beat styles.
func outermost(kind string) int {
	switch kind {
	case "blockquote", "expandable_blockquote":
		return 0
	case "pre":
		return 10
	case "code":
		return 20
	case "text_link", "text_mention":
		return 49
	case "bold":
		return 90
	case "italic":
		return 91
	case "underline":
		return 92
	case "strikethrough":
		return 93
	case "spoiler":
		return 94
	case "custom_emoji":
		return 99
	}
	return 50
}

func sortEntities(es []Entity) {
	slices.SortStableFunc(es, func(a, b Entity) int {
		return cmp.Or(
			cmp.Compare(a.Offset, b.Offset),
			cmp.Compare(b.Length, a.Length),
			cmp.Compare(outermost(a.Type), outermost(b.Type)),
		)
	})
}

// finish does to a parsed text what Telegram does before it stores it: clean control
// characters, trim, settle how entities nest, find addresses, mentions and commands,
// and cut the list at a hundred.
func (f formatted) finish() formatted {
	f = f.cleaned()
	f.fix()
	f = f.trimmed()
	f.fix()
	f.detect()
	if n := len(f.Entities); n > maxEntities {
		f.Dropped += n - maxEntities
		f.Entities = f.Entities[:maxEntities]
	}
	return f
}

// fix removes or splits entities until they nest as Telegram demands.
func (f *formatted) fix() {
	f.Entities = slices.DeleteFunc(f.Entities, func(e Entity) bool { return e.Length <= 0 })
	sortEntities(f.Entities)
	if nests(f.Entities) {
		return
	}
	var style, cont, quote []Entity
	for _, e := range f.Entities {
		switch nestingOf(e.Type) {
		case styles:
			style = append(style, e)
		case quotes:
			quote = append(quote, e)
		default:
			cont = append(cont, e)
		}
	}
	before := len(cont) + len(quote)
	cont, quote = apart(cont), apart(quote)
	cont = slices.DeleteFunc(cont, func(e Entity) bool { return crossesAny(e, quote) })
	f.Dropped += before - len(cont) - len(quote)
	solid := append(cont, quote...)
	sortEntities(solid)
	f.Entities = append(solid, fitStyles(style, solid)...)
	sortEntities(f.Entities)
}

// nests reports whether sorted entities obey all the rules as they are: the usual case.
func nests(es []Entity) bool {
	var stack []Entity
	ends := map[string]int{}
	for _, e := range es {
		for len(stack) > 0 && stack[len(stack)-1].end() <= e.Offset {
			stack = stack[:len(stack)-1]
		}
		for _, outer := range stack {
			if !mayHold(outer, e) {
				return false
			}
		}
		if end, before := ends[e.Type]; before && end == e.Offset && nestingOf(e.Type) == styles {
			return false // two stretches of one style touch: they have to be joined
		}
		ends[e.Type] = e.end()
		stack = append(stack, e)
	}
	return true
}

// mayHold reports whether an entity may lie in another as it is.
func mayHold(outer, e Entity) bool {
	switch {
	case e.end() > outer.end(), e.Type == outer.Type, isCode(outer.Type):
		return false
	case isCode(e.Type):
		return nestingOf(outer.Type) == quotes
	case nestingOf(outer.Type) == continuous:
		return nestingOf(e.Type) == styles
	}
	return nestingOf(e.Type) != quotes || nestingOf(outer.Type) != quotes
}

// apart keeps, of sorted entities, those that do not overlap an earlier one.
func apart(es []Entity) []Entity {
	end := 0
	return slices.DeleteFunc(es, func(e Entity) bool {
		if e.Offset < end {
			return true
		}
		end = e.end()
		return false
	})
}

// crossesAny reports whether e overlaps a quote without lying wholly inside it.
func crossesAny(e Entity, quotes []Entity) bool {
	return slices.ContainsFunc(quotes, func(q Entity) bool {
		overlap := e.Offset < q.end() && q.Offset < e.end()
		inside := q.Offset <= e.Offset && e.end() <= q.end()
		return overlap && !inside
	})
}

// fitStyles joins touching stretches of one style, takes them out of code, and splits
// them where a solid entity begins or ends inside.
func fitStyles(style, solid []Entity) []Entity {
	var out []Entity
	for _, kind := range []string{"bold", "italic", "underline", "strikethrough", "spoiler"} {
		var joined []Entity
		for _, e := range style {
			if e.Type != kind {
				continue
			}
			if n := len(joined); n > 0 && e.Offset <= joined[n-1].end() {
				joined[n-1].Length = max(joined[n-1].end(), e.end()) - joined[n-1].Offset
				continue
			}
			joined = append(joined, e)
		}
		for _, e := range joined {
			out = append(out, splitStyle(e, solid)...)
		}
	}
	return out
}

func splitStyle(e Entity, solid []Entity) []Entity {
	cuts := []int{e.Offset, e.end()}
	for _, s := range solid {
		if e.Offset <= s.Offset && s.end() <= e.end() && !isCode(s.Type) {
			continue // the style wraps the link or quote whole
		}
		for _, at := range []int{s.Offset, s.end()} {
			if e.Offset < at && at < e.end() {
				cuts = append(cuts, at)
			}
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var out []Entity
	for i := 1; i < len(cuts); i++ {
		part := Entity{Type: e.Type, Offset: cuts[i-1], Length: cuts[i] - cuts[i-1]}
		inCode := slices.ContainsFunc(solid, func(s Entity) bool {
			return isCode(s.Type) && s.Offset <= part.Offset && part.end() <= s.end()
		})
		if !inCode {
			out = append(out, part)
		}
	}
	return out
}

// cleaned turns control characters into spaces, drops carriage returns and the invisible
// characters Telegram removes, and moves the entities with the text.
func (f formatted) cleaned() formatted {
	if !strings.ContainsFunc(f.Text, func(r rune) bool { return cleanRune(r) != r }) {
		return f
	}
	var out strings.Builder
	shift := make([]int, 0, len(f.Text)+1) // per UTF-16 unit: its place in the cleaned text
	units := 0
	for _, r := range f.Text {
		for range utf16Len(r) {
			shift = append(shift, units)
		}
		if c := cleanRune(r); c >= 0 {
			out.WriteRune(c)
			if utf16Len(r) == 2 {
				shift[len(shift)-1] = units + 1
			}
			units += utf16Len(r)
		}
	}
	shift = append(shift, units)
	entities := slices.Clone(f.Entities)
	for i, e := range entities {
		start, end := shift[min(e.Offset, len(shift)-1)], shift[min(e.end(), len(shift)-1)]
		entities[i].Offset, entities[i].Length = start, end-start
	}
	f.Text, f.Entities = out.String(), entities
	return f
}

// cleanRune says what becomes of one character; -1 removes it.
func cleanRune(r rune) rune {
	switch {
	case r == '\n':
		return r
	case r == '\r', r >= 0x2028 && r <= 0x202e, r == 0x333, r == 0x33f, r == 0x30a:
		return -1
	case r < ' ':
		return ' '
	}
	return r
}

func utf16Len(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

// trimmed cuts spaces and line feeds off both ends; at the front only as far as the first
// entity, as Telegram does.
func (f formatted) trimmed() formatted {
	text := strings.TrimRight(f.Text, " \n")
	end := unitsOf(text)
	front := len(text) - len(strings.TrimLeft(text, " \n")) // these are one unit each
	if len(f.Entities) > 0 {
		front = min(front, f.Entities[0].Offset)
	}
	front = min(front, len(text))
	entities := f.Entities[:0:0]
	for _, e := range f.Entities {
		stop := min(e.end(), end)
		if e.Offset >= stop {
			continue
		}
		e.Length = stop - e.Offset
		e.Offset -= front
		entities = append(entities, e)
	}
	f.Text, f.Entities = text[front:], entities
	return f
}

// isBlank reports whether nothing is to be seen of s.
func isBlank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsSpace(r) && r != '\u200b' && r != '\u200e' && r != '\u200f' && r != '\u2060' && r != '\ufeff'
	})
}
