package telegramsim

import (
	"strings"

	"digestbot/bot/telegramsim/markup"
)

// wireRichOf shows the blocks of the message as paragraphs. A bot that has sent the message does
// not need the details of the Bot API's blocks.
func wireRichOf(r *markup.Rich) *wireRich {
	type paragraph struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
	blocks := []paragraph{}
	for line := range strings.Lines(r.Text) {
		blocks = append(blocks, paragraph{"paragraph", strings.TrimSuffix(line, "\n")})
	}
	return &wireRich{Blocks: mustMarshal("rich message", blocks), IsRTL: r.RTL}
}

func sendRichMessage(c *call) (any, error) {
	rich, err := c.richMessage()
	if err != nil {
		return nil, err
	}
	return c.send("the rich message", &Message{Rich: rich})
}

// richMessage reads the parameter rich_message. Only its HTML form is known.
func (c *call) richMessage() (*markup.Rich, error) {
	var input struct {
		HTML string `json:"html"`
		RTL  bool   `json:"is_rtl"`
	}
	given, err := c.object("rich_message", &input)
	if err != nil {
		return nil, err
	}
	if !given {
		return nil, badRequest("Rich message must be non-empty")
	}
	rich, err := markup.ParseRich(input.HTML)
	if err != nil {
		return nil, badRequest("%s", err)
	}
	rich.RTL = input.RTL
	return &rich, nil
}
