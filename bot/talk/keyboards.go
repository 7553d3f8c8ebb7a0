package talk

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/sender"
)

// Keyboard is an inline keyboard, row by row.
type Keyboard [][]models.InlineKeyboardButton

// Inline returns the keyboard as the library wants it. An edit with an empty keyboard
// takes the buttons away.
func (k Keyboard) Inline() *models.InlineKeyboardMarkup { return sender.Keyboard(k) }

// Button is a button that leads to an action, with the numbers it carries.
func Button(text string, a Action, numbers ...int64) models.InlineKeyboardButton {
	return models.InlineKeyboardButton{Text: text, CallbackData: Callback{Action: a, Numbers: numbers}.data()}
}

// ChannelButton leads to the settings of a channel, in the private chat of a person who
// manages it.
func ChannelButton(text string, channel int64) models.InlineKeyboardButton {
	return models.InlineKeyboardButton{Text: text, CallbackData: Callback{Action: ActSettings, Channel: channel}.data()}
}

// about returns the keyboard with buttons that are about a channel, but for the one that
// leads to other channels.
func (k Keyboard) about(channel int64) Keyboard {
	if k == nil {
		return nil
	}
	rows := make(Keyboard, len(k))
	for i, row := range k {
		rows[i] = slices.Clone(row)
		for j, b := range row {
			if c, ok := ParseCallback(b.CallbackData); ok && c.Action != ActHosts {
				c.Channel = channel
				rows[i][j].CallbackData = c.data()
			}
		}
	}
	return rows
}

// LinkButton is a button that opens an address.
func LinkButton(text, address string) models.InlineKeyboardButton {
	return models.InlineKeyboardButton{Text: text, URL: address}
}

// Row is a row of buttons.
func Row(buttons ...models.InlineKeyboardButton) []models.InlineKeyboardButton { return buttons }

// IssuesPerPage is how many issues stand on a page of a list.
const IssuesPerPage = 10

// buttonsPerRow is how many short buttons stand side by side on a phone.
const buttonsPerRow = 5

// Grid arranges buttons row by row: short ones side by side, a long one alone.
func Grid(buttons []models.InlineKeyboardButton) Keyboard {
	const short = 6 // characters: "📰 1234"
	var k Keyboard
	room := 0
	for _, b := range buttons {
		if utf8.RuneCountInString(b.Text) > short {
			k, room = append(k, Row(b)), 0
			continue
		}
		if room == 0 {
			k, room = append(k, nil), buttonsPerRow
		}
		last := len(k) - 1
		k[last] = append(k[last], b)
		room--
	}
	return k
}

// NearestPage returns the page, counted from 0, that is nearest to the one
// asked for, and how many there are: a button may be older than what it pages
// through, or forged.
func NearestPage(page int64, total, perPage int) (at, pages int) {
	pages = max((total+perPage-1)/perPage, 1)
	return int(min(page, int64(pages-1))), pages
}

// Pager is the row that turns pages; there is none for a single page. Its buttons lead
// to an action with the numbers given and the page, counted from 0.
func Pager(page, pages int, a Action, numbers ...int64) Keyboard {
	return PagerFrom(0, page, pages, a, numbers...)
}

// PagerFrom is Pager with pages that are counted from another number than 0.
func PagerFrom(first, page, pages int, a Action, numbers ...int64) Keyboard {
	if pages <= 1 {
		return nil
	}
	to := func(text string, page int) models.InlineKeyboardButton {
		return Button(text, a, append(slices.Clip(numbers), int64(first+page))...)
	}
	return Keyboard{Row(
		to("◀️", max(page-1, 0)),
		to(fmt.Sprintf("%d/%d", page+1, pages), page),
		to("▶️", min(page+1, pages-1)),
	)}
}
