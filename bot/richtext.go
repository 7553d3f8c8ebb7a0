package bot

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/go-telegram/bot/models"
)

// Text that somebody pastes with its formatting arrives as a rich message, which has
// blocks in place of a text (core.telegram.org/bots/api#richmessage).

// readRich gives a rich message the text that it shows, with the command at its
// beginning, as if somebody had typed it. raw is an update, and kind the name of the
// message in it.
func readRich(m *models.Message, raw []byte, kind string) {
	if m == nil || m.Text != "" || m.RichMessage == nil {
		return
	}
	var parts map[string]json.RawMessage
	var shown struct {
		Rich any `json:"rich_message"`
	}
	if json.Unmarshal(raw, &parts) != nil || json.Unmarshal(parts[kind], &shown) != nil {
		return // readUpdate has read this much, so it cannot happen
	}
	var text strings.Builder
	writeRich(&text, shown.Rich)
	m.Text = strings.TrimSpace(text.String())
	if command := richCommand.FindStringSubmatch(m.Text); command != nil {
		m.Entities = []models.MessageEntity{{Type: models.MessageEntityTypeBotCommand, Length: len(command[1])}}
	}
}

// richCommand is what Telegram takes for a command at the beginning of a text
// (tdlib/td, MessageEntity.cpp, match_bot_commands).
var richCommand = regexp.MustCompile(`^(/\w{1,64}(?:@\w{3,32})?)(?:$|[^\pL\pN_/<>@])`)

// The parts of rich blocks and texts that hold text, in the order in which apps show
// them. New kinds of blocks will have some of them as well; the library reads nothing of
// a kind it does not know.
var (
	richTexts  = []string{"summary", "text", "alternative_text", "expression"}
	richBlocks = []string{"blocks", "items", "cells", "caption", "credit"} // on lines of their own
)

// writeRich writes the text of a block or rich text.
func writeRich(text *strings.Builder, rich any) {
	switch rich := rich.(type) {
	case string:
		text.WriteString(rich)
	case []any:
		for _, element := range rich {
			writeRich(text, element)
		}
	case map[string]any:
		for _, name := range richTexts {
			writeRich(text, rich[name])
		}
		for _, name := range richBlocks {
			blocks, several := rich[name].([]any)
			if !several {
				blocks = []any{rich[name]}
			}
			for _, block := range blocks {
				text.WriteByte('\n')
				writeRich(text, block)
			}
		}
	}
}
