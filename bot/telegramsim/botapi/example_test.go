package botapi_test

import (
	"fmt"

	"digestbot/bot/telegramsim/botapi"
)

func ExampleInspect() {
	for _, markup := range []string{
		`{"inline_keyboard": [[{"text": "News", "callback_data": "n"}]]}`,
		`{"inline_keyboard": [[{"text": "News", "callbackData": "n"}]]}`,
		`{"inline_keyboard": [null]}`,
	} {
		wrong, refusal := botapi.Inspect("sendmessage", botapi.Params{Values: map[string]string{
			"chat_id": "1001", "text": "Hello", "reply_markup": markup,
		}})
		fmt.Printf("%q\n%q\n", wrong, refusal)
	}
	// Output:
	// []
	// ""
	// ["sendMessage: reply_markup.inline_keyboard[0][0].callbackData is unknown in InlineKeyboardButton"]
	// "the simulator refuses what Telegram would ignore: sendMessage: reply_markup.inline_keyboard[0][0].callbackData is unknown in InlineKeyboardButton"
	// ["sendMessage: reply_markup.inline_keyboard[0] is null"]
	// "Field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array of Arrays"
}
