package telegramsim

import (
	"strings"
	"unicode/utf8"

	"digestbot/bot/telegramsim/markup"
)

const (
	maxTextUnits    = 4096    // UTF-16 units of a message, core.telegram.org/bots/api#sendmessage
	maxCaptionUnits = 1024    // UTF-16 units of a caption, core.telegram.org/bots/api#sendphoto
	maxRawBytes     = 1 << 15 // bytes of the text argument, tdlib/telegram-bot-api get_formatted_text
	maxEntityBytes  = 10_000  // about, addresses included, then ENTITIES_TOO_LONG; seen in practice
)

// body is the text or caption of a message being sent.
type body struct {
	markup.Formatted
	raw     string
	mode    string
	preview *LinkPreview // of a link in a text
}

func (b body) message() *Message {
	m := &Message{}
	m.setText(b)
	return m
}

func (m *Message) setText(b body) {
	m.Text, m.HTML, m.ParseMode, m.Entities, m.Dropped = b.Text, b.raw, b.mode, b.Entities, b.Dropped
	m.Preview = b.preview
}

// textOf reads and checks a message text, and how the preview of its link is shown.
func (c *call) textOf() (body, error) {
	raw := c.form.Text("text")
	if raw == "" {
		return body{}, TextEmpty
	}
	b, err := c.parse(raw, c.form.Text("parse_mode"), c.form.Text("entities"))
	if err != nil {
		return body{}, err
	}
	switch {
	case markup.IsBlank(b.Text):
		return body{}, TextBlank
	case markup.Units(b.Text) > maxTextUnits:
		return body{}, MessageTooLong
	}
	b.preview, err = c.preview()
	return b, err
}

func (c *call) preview() (*LinkPreview, error) {
	var p LinkPreview
	given, err := c.object("link_preview_options", &p)
	if err != nil {
		return nil, badRequest("Can't parse link preview options JSON object")
	}
	if !given && c.form.Flag("disable_web_page_preview") {
		return &LinkPreview{Disabled: true}, nil
	}
	if !given {
		return nil, nil
	}
	return &p, nil
}

// captionOf reads and checks a caption, which may be empty.
func (c *call) captionOf() (body, error) {
	b, err := c.parse(c.form.Text("caption"), c.form.Text("parse_mode"), c.form.Text("caption_entities"))
	if err != nil {
		return body{}, err
	}
	if markup.Units(b.Text) > maxCaptionUnits {
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
	f := markup.Formatted{Text: raw}
	var err error
	switch strings.ToLower(mode) {
	case "html":
		if f, err = markup.ParseHTML(raw); err != nil {
			return body{}, Refusal("Bad Request: can't parse entities: " + err.Error())
		}
	case "", "none":
		if f.Entities, err = markup.ReadEntities(raw, entities); err != nil {
			return body{}, badRequest("%s", err)
		}
	case "markdown", "markdownv2":
		return body{}, MarkdownUnmodelled
	default:
		return body{}, ParseModeUnknown
	}
	f = f.Finish()
	if f.Bytes() > maxEntityBytes {
		return body{}, EntitiesTooLong
	}
	return body{Formatted: f, raw: raw, mode: mode}, nil
}
