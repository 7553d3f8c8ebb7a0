package sender

import "github.com/go-telegram/bot/models"

// Keyboard returns an inline keyboard as Telegram takes it. It leaves out rows without
// buttons: a nil row would be a null, and Telegram would refuse the whole message
// (get_inline_keyboard in Client.cpp of tdlib/telegram-bot-api). A keyboard without rows
// removes the buttons when a message is edited.
func Keyboard(rows [][]models.InlineKeyboardButton) *models.InlineKeyboardMarkup {
	k := [][]models.InlineKeyboardButton{}
	for _, row := range rows {
		if len(row) > 0 {
			k = append(k, row)
		}
	}
	return &models.InlineKeyboardMarkup{InlineKeyboard: k}
}
