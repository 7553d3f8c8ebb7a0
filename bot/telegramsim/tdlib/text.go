//go:build unix

package tdlib

import (
	"slices"
	"strings"
)

// Text is a text with its entities; offsets and lengths count UTF-16 code units.
type Text struct {
	Type     string   `json:"@type"`
	Text     string   `json:"text"`
	Entities []Entity `json:"entities"`
}

// Entity is a textEntity. The further fields of a kind are those of td_api.tl.
type Entity struct {
	Type   string `json:"@type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	Kind   Kind   `json:"type"`
}

// Kind is a textEntityType.
type Kind struct {
	Type          string `json:"@type"`
	URL           string `json:"url,omitempty"`
	UserID        int64  `json:"user_id,omitempty"`
	Language      string `json:"language,omitempty"`
	CustomEmojiID string `json:"custom_emoji_id,omitempty"`
	UnixTime      int64  `json:"unix_time,omitempty"`
	Formatting    any    `json:"formatting_type,omitempty"`
}

// ParseHTML reads a text with parse_mode HTML. The text is not trimmed yet, and entities
// may lie across one another: Fix does the rest.
func (l *Library) ParseHTML(source string) (Text, error) {
	var out Text
	err := l.call(map[string]any{
		"@type": "parseTextEntities", "text": source, "parse_mode": map[string]any{"@type": "textParseModeHTML"},
	}, &out)
	return out, err
}

// Fix cleans a text and settles how its entities nest, as it is done before a message is
// sent; white space at its ends stays. The text must hold no Markdown, which would be read.
func (l *Library) Fix(text Text) (Text, error) {
	text.Type = "formattedText"
	var out Text
	err := l.call(map[string]any{"@type": "parseMarkdown", "text": text}, &out)
	return out, err
}

// Find returns the entities that Telegram finds by itself: mentions, hashtags, commands,
// addresses and the like.
func (l *Library) Find(text string) ([]Entity, error) {
	var out struct {
		Entities []Entity `json:"entities"`
	}
	err := l.call(map[string]any{"@type": "getTextEntities", "text": text}, &out)
	return out.Entities, err
}

// Message does to a text in HTML what Telegram does before it is sent: it is parsed and
// cleaned, and what Telegram finds in it, except times of day, becomes an entity if it may.
// White space at its ends stays.
func (l *Library) Message(source string) (Text, error) {
	parsed, err := l.ParseHTML(source)
	if err != nil {
		return Text{}, err
	}
	harmless := withoutMarkdown.Replace(parsed.Text)
	fixed, err := l.Fix(Text{Text: harmless, Entities: parsed.Entities})
	if err != nil {
		return Text{}, err
	}
	text := fixed.Text
	if text == harmless {
		text = parsed.Text
	}
	found, err := l.Find(text)
	if err != nil {
		return Text{}, err
	}
	found = slices.DeleteFunc(found, func(e Entity) bool {
		return e.Kind.Type == "textEntityTypeMediaTimestamp" || slices.ContainsFunc(fixed.Entities, func(o Entity) bool { return o.excludes(e) })
	})
	whole, err := l.Fix(Text{Text: fixed.Text, Entities: append(fixed.Entities, asLinks(found)...)})
	for i, e := range whole.Entities {
		for _, f := range found {
			if e.Kind.URL == foundURL && e.Offset == f.Offset {
				whole.Entities[i].Kind = f.Kind
			}
		}
	}
	return Text{Text: text, Entities: whole.Entities}, err
}

// withoutMarkdown keeps the length of a text and leaves no Markdown in it.
var withoutMarkdown = strings.NewReplacer("_", "x", "*", "x", "~", "x", "|", "x", "[", "x", "]", "x", "(", "x", ")", "x", "`", "x")

const foundURL = "https://found.example/"

// asLinks returns found entities as links. Fix accepts no found entities, and links may lie
// in the same places.
func asLinks(found []Entity) []Entity {
	out := slices.Clone(found)
	for i := range out {
		out[i].Kind = Kind{Type: "textEntityTypeTextUrl", URL: foundURL}
	}
	return out
}

// excludes reports whether e may not be found where o is (MessageEntity.cpp, merge_new_entities).
func (o Entity) excludes(e Entity) bool {
	if o.Offset >= e.Offset+e.Length || e.Offset >= o.Offset+o.Length {
		return false
	}
	switch o.Kind.Type {
	case "textEntityTypeBold", "textEntityTypeItalic", "textEntityTypeUnderline", "textEntityTypeStrikethrough", "textEntityTypeSpoiler":
		return false
	case "textEntityTypeBlockQuote", "textEntityTypeExpandableBlockQuote":
		return e.Offset < o.Offset || o.Offset+o.Length < e.Offset+e.Length
	}
	return true
}
