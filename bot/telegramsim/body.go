package telegramsim

import (
	"encoding/json"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// body is the text or caption of a message being sent.
type body struct {
	formatted
	raw  string
	mode string
}

// textOf reads and checks a message text.
func (c *call) textOf() (body, error) {
	raw := c.form.text("text")
	if raw == "" {
		return body{}, TextEmpty
	}
	b, err := c.parse(raw, c.form.text("parse_mode"), c.form.text("entities"))
	if err != nil {
		return body{}, err
	}
	switch {
	case isBlank(b.Text):
		return body{}, TextBlank
	case unitsOf(b.Text) > maxTextUnits:
		return body{}, MessageTooLong
	}
	return b, nil
}

// captionOf reads and checks a caption, which may be empty.
func (c *call) captionOf() (body, error) {
	b, err := c.parse(c.form.text("caption"), c.form.text("parse_mode"), c.form.text("caption_entities"))
	if err != nil {
		return body{}, err
	}
	if unitsOf(b.Text) > maxCaptionUnits {
		return body{}, CaptionTooLong
	}
	return b, nil
}

// parse turns what the bot sent into what readers see.
func (c *call) parse(raw, mode, entities string) (body, error) {
	if len(raw) > maxRawBytes {
		return body{}, TextTooLong
	}
	if !utf8.ValidString(raw) {
		return body{}, NotUTF8
	}
	f := formatted{Text: raw}
	var err error
	switch strings.ToLower(mode) {
	case "html":
		if f, err = parseHTML(raw); err != nil {
			return body{}, Refusal("Bad Request: can't parse entities: " + err.Error())
		}
	case "", "none":
		if f.Entities, err = readEntities(raw, entities); err != nil {
			return body{}, err
		}
	case "markdown", "markdownv2":
		return body{}, MarkdownUnmodelled
	default:
		return body{}, ParseModeUnknown
	}
	f = f.finish()
	if f.bytes() > maxEntityBytes {
		return body{}, EntitiesTooLong
	}
	c.nameMentions(f.Entities)
	return body{formatted: f, raw: raw, mode: mode}, nil
}

func readEntities(text, list string) ([]Entity, error) {
	if list == "" {
		return nil, nil
	}
	var out []Entity
	if err := json.Unmarshal([]byte(list), &out); err != nil {
		return nil, nil // Telegram ignores a list it cannot read
	}
	units := unitsOf(text)
	for _, e := range out {
		if e.Offset < 0 || e.Length < 0 || e.end() > units {
			return nil, badRequest("Entity beginning at UTF-16 offset %d ends after the end of the text at UTF-16 offset %d", e.Offset, e.end())
		}
	}
	return out, nil
}

// bytes estimates what the entities take on the wire, addresses included.
func (f formatted) bytes() int {
	n := 0
	for _, e := range f.Entities {
		n += entityOverhead + len(e.URL) + len(e.Language) + len(e.CustomEmojiID)
	}
	return n
}

// nameMentions looks up the users of tg://user links.
func (c *call) nameMentions(es []Entity) {
	for i := range es {
		if id := es[i].userID; id != 0 {
			u := c.sim.userLocked(id)
			es[i].User = &u
		}
	}
}

// utf16Slice cuts text by UTF-16 offsets.
func utf16Slice(text string, from, to int) string {
	return string(utf16.Decode(utf16.Encode([]rune(text))[from:to]))
}
