// Package markup reads texts as Telegram does: HTML of messages and of rich messages,
// entities, links, and what Telegram finds in a text by itself. Its rules are those of
// tdlib/td, and TestTelegramsOwnParser compares it with TDLib itself. A text is first parsed
// and then finished:
//
//	f, err := markup.ParseHTML("<b>Hello</b> @riverside")
//	f = f.Finish() // a text with the entities bold and mention
//
// Errors have Telegram's words, without "Bad Request" before them. Only the closed source of
// rich messages could not be followed: [ParseRich] follows their documentation.
package markup

import "unicode/utf16"

const (
	maxEntities    = 100 // the rest lose their formatting, seen in practice
	entityOverhead = 12  // bytes one entity takes beside its address: constructor, offset, length
)

// Formatted is a text with its entities, as a reader's app gets it.
type Formatted struct {
	Text     string
	Entities []Entity
	// Dropped counts the entities that Telegram leaves out silently: those that break the
	// nesting rules, links that lead nowhere, and all beyond the hundredth.
	Dropped int
}

// Plain returns what Telegram makes of a text without markup, as people write it.
func Plain(text string) Formatted { return Formatted{Text: text}.Finish() }

// Finish does to a parsed text what Telegram does before it stores it (tdlib/td,
// fix_formatted_text): clean control characters, trim, settle how entities nest, find
// addresses, mentions and commands, and cut the list at a hundred.
func (f Formatted) Finish() Formatted {
	f = f.fixed().trimmed()
	f.detect()
	if n := len(f.Entities); n > maxEntities {
		f.Dropped += n - maxEntities
		f.Entities = f.Entities[:maxEntities]
	}
	return f
}

// fixed cleans the text and settles how the entities nest; ends stay as they are.
func (f Formatted) fixed() Formatted {
	f.fix()
	f = f.cleaned()
	f.fix() // where characters went, styles may touch and entities be empty
	return f
}

// Bytes estimates what the entities take on the wire, addresses included.
func (f Formatted) Bytes() int {
	n := 0
	for _, e := range f.Entities {
		n += entityOverhead + len(e.URL) + len(e.Language) + len(e.CustomEmojiID)
	}
	return n
}

// Units counts the UTF-16 code units of s, in which Telegram measures everything.
func Units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
