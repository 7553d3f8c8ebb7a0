package markup

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"unicode/utf16"
)

// Entity is one formatted part of a text. Offset and Length count UTF-16 code units.
type Entity struct {
	Type           string `json:"type"`
	Offset         int    `json:"offset"`
	Length         int    `json:"length"`
	URL            string `json:"url,omitempty"`
	Language       string `json:"language,omitempty"`
	CustomEmojiID  string `json:"custom_emoji_id,omitempty"`
	UnixTime       int64  `json:"unix_time,omitempty"`
	DateTimeFormat string `json:"date_time_format,omitempty"`

	// UserID is that of a text_mention. On the wire there is the account in its place.
	UserID int64 `json:"-"`
}

func (e Entity) end() int { return e.Offset + e.Length }

// Part returns the part of its text that the entity covers.
func (e Entity) Part(text string) string {
	return string(utf16.Decode(utf16.Encode([]rune(text))[e.Offset:e.end()]))
}

// ReadEntities reads the entities that a bot gives for a text, as JSON. Errors have
// Telegram's words.
func ReadEntities(text, list string) ([]Entity, error) {
	if list == "" {
		return nil, nil
	}
	var given []struct {
		Entity
		User struct {
			ID int64 `json:"id"`
		} `json:"user"`
	}
	if err := json.Unmarshal([]byte(list), &given); err != nil {
		return nil, nil // Telegram ignores a list it cannot read
	}
	units := Units(text)
	var out []Entity
	for _, g := range given {
		e := g.Entity
		if e.Offset < 0 || e.Length < 0 || e.end() > units {
			return nil, says("Entity beginning at UTF-16 offset %d ends after the end of the text at UTF-16 offset %d", e.Offset, e.end())
		}
		e.UserID = g.User.ID
		out = append(out, e)
	}
	return out, nil
}

// nesting says how an entity may lie inside others (tdlib/td, MessageEntity.cpp).
type nesting int

const (
	styles     nesting = iota // bold and the like: anywhere but in code; they are split if needed
	continuous                // links, mentions, code: never inside one another
	quotes                    // blockquotes: never inside one another or inside a link
)

// styleKinds are the kinds of styles, in the order in which they are split.
var styleKinds = []string{"bold", "italic", "underline", "strikethrough", "spoiler"}

func nestingOf(kind string) nesting {
	switch kind {
	case "blockquote", "expandable_blockquote":
		return quotes
	}
	if slices.Contains(styleKinds, kind) {
		return styles
	}
	return continuous
}

// isCode reports whether an entity is code: it holds no other, and only a quote holds it.
func isCode(kind string) bool { return kind == "pre" || kind == "code" || kind == "date_time" }

// outermost orders entities that cover the same text: quotes hold code, code beats links,
// links beat styles.
func (e Entity) outermost() int {
	switch e.Type {
	case "blockquote", "expandable_blockquote":
		return 0
	case "pre":
		if e.Language != "" {
			return 10
		}
		return 11
	case "code":
		return 20
	case "date_time":
		return 30
	case "text_link", "text_mention":
		return 49
	case "custom_emoji":
		return 99
	}
	if n := slices.Index(styleKinds, e.Type); n >= 0 {
		return 90 + n
	}
	return 50
}

func sortEntities(es []Entity) {
	slices.SortStableFunc(es, func(a, b Entity) int {
		return cmp.Or(
			cmp.Compare(a.Offset, b.Offset),
			cmp.Compare(b.Length, a.Length),
			cmp.Compare(a.outermost(), b.outermost()),
		)
	})
}

// fix removes or splits entities until they nest as Telegram demands.
func (f *Formatted) fix() {
	f.Entities = slices.DeleteFunc(f.Entities, func(e Entity) bool { return e.Length <= 0 })
	sortEntities(f.Entities)
	if nests(f.Entities) {
		return
	}
	style, cont, quote := byNesting(f.Entities)
	before := len(cont) + len(quote)
	cont, quote = apart(cont), apart(quote)
	cont = slices.DeleteFunc(cont, func(e Entity) bool { return crossesAny(e, quote) })
	f.Dropped += before - len(cont) - len(quote)
	f.Entities = fitStyles(style, append(cont, quote...))
}

func byNesting(es []Entity) (style, cont, quote []Entity) {
	for _, e := range es {
		switch nestingOf(e.Type) {
		case styles:
			style = append(style, e)
		case quotes:
			quote = append(quote, e)
		default:
			cont = append(cont, e)
		}
	}
	return style, cont, quote
}

// nests reports whether sorted entities obey all the rules as they are, which is the usual
// case. An entity inside a style breaks them, because Telegram splits the style there.
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
		if end, before := ends[e.Type]; before && end >= e.Offset && nestingOf(e.Type) == styles {
			return false // two parts of one style touch: they have to be joined
		}
		ends[e.Type] = e.end()
		stack = append(stack, e)
	}
	return true
}

// mayHold reports whether an entity may lie in another as it is.
func mayHold(outer, e Entity) bool {
	switch {
	case e.end() > outer.end(), isCode(outer.Type):
		return false
	case nestingOf(outer.Type) == quotes:
		return nestingOf(e.Type) != quotes
	}
	return nestingOf(outer.Type) == continuous && nestingOf(e.Type) == styles
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

func overlap(a, b Entity) bool { return a.Offset < b.end() && b.Offset < a.end() }

// crossesAny reports whether e overlaps a quote without lying wholly inside it.
func crossesAny(e Entity, quotes []Entity) bool {
	return slices.ContainsFunc(quotes, func(q Entity) bool {
		return overlap(e, q) && (e.Offset < q.Offset || q.end() < e.end())
	})
}

// fitStyles returns solid entities and, between their borders, the styles.
func fitStyles(style, solid []Entity) []Entity {
	sortEntities(solid)
	out := append(splitStyles(style, solid), solid...)
	sortEntities(out)
	return out
}

// splitStyles joins touching parts of one style, takes them out of code, and splits
// them at every border of a solid entity and wherever another style begins.
func splitStyles(style, solid []Entity) []Entity {
	s := styleSplitter{waiting: style}
	var open []Entity
	closeTo := func(offset int) {
		for n := len(open) - 1; n >= 0 && open[n].end() <= offset; n-- {
			written := len(s.out)
			s.advance(open[n].end())
			if isCode(open[n].Type) {
				s.out = s.out[:written]
			}
			open = open[:n]
		}
		s.advance(offset)
	}
	for _, e := range solid {
		closeTo(e.Offset)
		open = append(open, e)
	}
	closeTo(math.MaxInt)
	return s.out
}

// styleSplitter writes styles up to an offset, one after another.
type styleSplitter struct {
	waiting []Entity        // sorted; they begin further on
	current [5]styleStretch // by the order of styleKinds
	out     []Entity
}

// styleStretch is the part of a style that is not written yet; end 0: there is none.
type styleStretch struct{ begin, end int }

// advance writes all that lies before offset.
func (s *styleSplitter) advance(offset int) {
	for len(s.waiting) > 0 && s.waiting[0].Offset < offset {
		e := s.waiting[0]
		s.waiting = s.waiting[1:]
		c := &s.current[slices.Index(styleKinds, e.Type)]
		if c.end != 0 && e.Offset <= c.end {
			c.end = max(c.end, e.end())
			continue
		}
		s.flush(e.Offset)
		*c = styleStretch{e.Offset, e.end()}
	}
	s.flush(offset)
}

// flush writes the part of each current style that lies before offset.
func (s *styleSplitter) flush(offset int) {
	for n, kind := range styleKinds {
		c := &s.current[n]
		if c.end == 0 || c.begin >= offset {
			continue
		}
		end := min(c.end, offset)
		s.out = append(s.out, Entity{Type: kind, Offset: c.begin, Length: end - c.begin})
		c.begin = end
		if end == c.end {
			*c = styleStretch{}
		}
	}
}
