package telegramsim

import (
	"encoding/json"
	"unicode/utf8"
)

const (
	maxCallbackBytes = 64  // core.telegram.org/bots/api#inlinekeyboardbutton
	maxButtons       = 100 // of one keyboard, seen in practice
	maxCopyUnits     = 256 // core.telegram.org/bots/api#copytextbutton
)

// keyboard reads reply_markup. Reply keyboards are accepted and ignored when the method
// sends; an edit takes inline keyboards only. given tells an absent keyboard from an empty one.
func (c *call) keyboard(chatKind kind, editing bool) (rows [][]Button, err error) {
	var markup struct {
		Inline *[]json.RawMessage `json:"inline_keyboard"`
	}
	given, err := c.form.object("reply_markup", &markup)
	if err != nil {
		return nil, badRequest("Can't parse reply keyboard markup JSON object")
	}
	if !given {
		return nil, nil
	}
	if markup.Inline == nil {
		if editing {
			return nil, badRequest("Inline keyboard expected")
		}
		return nil, nil
	}
	total := 0
	for _, raw := range *markup.Inline {
		var row []Button
		if err := json.Unmarshal(raw, &row); err != nil {
			return nil, badRequest("Can't parse inline keyboard button: InlineKeyboardButton must be an Object")
		}
		for _, b := range row {
			if err := b.check(chatKind); err != nil {
				return nil, err
			}
		}
		total += len(row)
		if len(row) > 0 {
			rows = append(rows, row)
		}
	}
	if total > maxButtons {
		return nil, MarkupTooLong
	}
	return rows, nil
}

// check refuses a button Telegram refuses. It looks at the actions in Telegram's order
// and makes the address complete.
func (b *Button) check(chatKind kind) error {
	if b.Text == "" || !utf8.ValidString(b.Text) {
		return badRequest("Can't parse inline keyboard button: Field \"text\" must be of type String")
	}
	switch {
	case b.URL != "":
		return b.checkURL()
	case b.CallbackData != "":
		if len(b.CallbackData) > maxCallbackBytes {
			return ButtonDataInvalid
		}
	case b.SwitchInlineQuery != nil, b.SwitchInlineQueryCurrentChat != nil, b.SwitchInlineQueryChosenChat != nil:
		if chatKind == channel {
			return badRequest("Can't use switch_inline_query button in a channel chat, because users will not be able to use the button without knowing bot's username")
		}
	case b.CopyText != nil:
		if n := unitsOf(b.CopyText.Text); n < 1 || n > maxCopyUnits {
			return Refusal("Bad Request: BUTTON_COPY_TEXT_INVALID")
		}
	case b.WebApp != nil, b.LoginURL != nil, b.CallbackGame != nil, b.Pay:
	default:
		return badRequest("Can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
	}
	return nil
}

func (b *Button) checkURL() error {
	if userOfLink(b.URL) != 0 {
		return nil
	}
	if _, err := checkLink(b.URL); err != nil {
		return badRequest("Inline keyboard button URL '%s' is invalid: %s", b.URL, err)
	}
	return nil
}
