package telegramsim

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"digestbot/bot/telegramsim/markup"
)

const (
	maxCallbackBytes = 64  // core.telegram.org/bots/api#inlinekeyboardbutton
	maxButtons       = 100 // of one keyboard, seen in practice
	maxCopyUnits     = 256 // core.telegram.org/bots/api#copytextbutton
	maxRowButtons    = 12  // the rest of a row is cut off silently: tdlib/td, ReplyMarkup.cpp
	maxCutButtons    = 300 // and so is what is beyond these in all
)

// keyboard reads reply_markup. A method that sends accepts and ignores reply keyboards; an
// edit takes inline keyboards only. given is false if there is no keyboard at all.
func (c *call) keyboard(chatKind kind, editing bool) (rows [][]Button, err error) {
	var markup struct {
		Inline *[]json.RawMessage `json:"inline_keyboard"`
	}
	given, err := c.object("reply_markup", &markup)
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
		for _, b := range row { // the server looks at all of them, and TDLib then cuts
			if err := b.readable(); err != nil {
				return nil, err
			}
		}
		if row, err = kept(row, maxCutButtons-total, chatKind); err != nil {
			return nil, err
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

// kept returns what Telegram keeps of a row: at most room buttons, without those that have
// no text. It does not look at what it cuts off.
func kept(row []Button, room int, chatKind kind) ([]Button, error) {
	var out []Button
	for _, b := range row {
		if len(out) == min(room, maxRowButtons) {
			break
		}
		if b.Text == "" && b.IconCustomEmojiID == "" {
			continue
		}
		if err := b.check(chatKind); err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

// readable refuses a style that the Bot API server does not know.
func (b *Button) readable() error {
	switch strings.ToLower(b.Style) {
	case "", "default", "primary", "danger", "success":
		return nil
	}
	return badRequest("Can't parse inline keyboard button: invalid button style specified")
}

// check refuses a button that Telegram refuses. It looks at the actions in Telegram's order
// and completes the address.
func (b *Button) check(chatKind kind) error {
	switch {
	case !utf8.ValidString(b.Text):
		return badRequest("Inline keyboard button text must be encoded in UTF-8")
	case strings.TrimSpace(b.Text) == "":
		return badRequest("Inline keyboard button text must be non-empty")
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
		if n := markup.Units(b.CopyText.Text); n < 1 || n > maxCopyUnits {
			return Refusal("Bad Request: BUTTON_COPY_TEXT_INVALID")
		}
	case b.WebApp != nil:
		return b.checkWebApp(chatKind)
	case b.LoginURL != nil, b.CallbackGame != nil, b.Pay:
	default:
		return badRequest("Can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
	}
	return nil
}

func (b *Button) checkURL() error {
	if markup.UserOfLink(b.URL) != 0 {
		return nil
	}
	if _, err := markup.CheckLink(b.URL); err != nil {
		return badRequest("Inline keyboard button URL '%s' is invalid: %s", b.URL, err)
	}
	return nil
}

// checkWebApp takes addresses with https, in private chats: tdlib/td, ReplyMarkup.cpp;
// core.telegram.org/bots/api#inlinekeyboardbutton.
func (b *Button) checkWebApp(chatKind kind) error {
	var app struct {
		URL string `json:"url"`
	}
	if err := json.Unmarshal(b.WebApp, &app); err != nil {
		return badRequest("Can't parse inline keyboard button: Field \"web_app\" must be of type Object")
	}
	if markup.UserOfLink(app.URL) != 0 {
		return badRequest("Link to a user can't be used in Web App URL buttons")
	}
	const invalid = "Inline keyboard button Web App URL '%s' is invalid: %s"
	_, err := markup.CheckLink(app.URL)
	switch {
	case err != nil:
		return badRequest(invalid, app.URL, err)
	case !strings.HasPrefix(strings.ToLower(app.URL), "https://"):
		return badRequest(invalid, app.URL, "Only HTTPS links are allowed")
	case chatKind != private:
		return Refusal("Bad Request: BUTTON_TYPE_INVALID")
	}
	return nil
}
