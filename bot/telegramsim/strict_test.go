package telegramsim_test

import (
	"fmt"
	"strings"
	"testing"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/telegramsim"
)

// Telegram silently cuts keyboards: a row after 12 buttons, and buttons without a text
// (tdlib/td, ReplyMarkup.cpp). It refuses more than 100 buttons.
func TestKeyboardsAreCut(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, b := started(sim, "Ann"), newBot(t, sim)
		rows := func(lengths ...int) [][]models.InlineKeyboardButton {
			var out [][]models.InlineKeyboardButton
			for _, n := range lengths {
				row := make([]models.InlineKeyboardButton, n)
				for i := range row {
					row[i] = models.InlineKeyboardButton{Text: fmt.Sprint(i), CallbackData: "x"}
				}
				out = append(out, row)
			}
			return out
		}
		send := func(keyboard [][]models.InlineKeyboardButton) error {
			_, err := b.SendMessage(t.Context(), &tg.SendMessageParams{
				ChatID: ann.ID(), Text: "x", ReplyMarkup: &models.InlineKeyboardMarkup{InlineKeyboard: keyboard},
			})
			return err
		}
		if err := send(append(rows(13, 12), []models.InlineKeyboardButton{{CallbackData: "x"}}, []models.InlineKeyboardButton{})); err != nil {
			t.Fatal(err)
		}
		got := ann.Chat().Last().Keyboard
		if len(got) != 2 || len(got[0]) != 12 || len(got[1]) != 12 || got[0][11].Text != "11" {
			t.Errorf("keyboard = %v, want two rows of 12", got)
		}
		if err := send(rows(12, 12, 12, 12, 12, 12, 12, 12, 4)); err != nil {
			t.Errorf("100 buttons: %v", err)
		}
		refusedWith(t, send(rows(12, 12, 12, 12, 12, 12, 12, 12, 5)), telegramsim.MarkupTooLong)
	})
}

func TestWebAppsArePrivate(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, b := started(sim, "Ann"), newBot(t, sim)
		g := sim.NewGroup("Group", ann)
		g.AddBot(ann)
		_, err := b.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: g.ID, Text: "x", ReplyMarkup: &models.InlineKeyboardMarkup{
			InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "b", WebApp: &models.WebAppInfo{URL: "https://e.example/x"}}}},
		}})
		refusedWith(t, err, "Bad Request: BUTTON_TYPE_INVALID")
	})
}

// With {} there is nothing to reply to. Parameters without a message are a mistake.
func TestReplyParametersNameAMessage(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		chat := fmt.Sprint(started(sim, "Ann").ID())
		for parameters, want := range map[string]string{
			`{}`:                                     "",
			`{"allow_sending_without_reply":true}`:   `Bad Request: can't find field "message_id"`,
			`{"message_id":1}`:                       "",
			`{"quote":"x"}`:                          `Bad Request: can't find field "message_id"`,
			`{"message_id":9}`:                       string(telegramsim.ReplyNotFound),
			`{"chat_id":5,"ephemeral_message_id":7}`: "",
		} {
			got, err := form(t.Context(), sim, "sendMessage", "chat_id", chat, "text", "x", "reply_parameters", parameters)
			if err != nil || got.Description != want {
				t.Errorf("%s: %q, %v, want %q", parameters, got.Description, err, want)
			}
		}
	})
}

func TestNamesAndColorsOfTopics(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, b := started(sim, "Ann"), newBot(t, sim)
		f := sim.NewForum("Forum", ann)
		f.AddBot(ann)
		f.PromoteBot(ann, telegramsim.AllRights())
		for _, test := range []struct {
			name  string
			color int
			want  string // the name it gets
			err   telegramsim.Refusal
		}{
			{"  Tea \n and  cake ", 0, "Tea and cake", ""},
			{strings.Repeat("茶", 129), 0xFB6F5F, strings.Repeat("茶", 128), ""},
			{"   ", 0, "", "Bad Request: name must be non-empty"},
			{"\n\t", 0, "", "Bad Request: name must be non-empty"},
			{"Tea", 0x1000000, "", "Bad Request: invalid icon color specified"},
			{"Tea", 0x123456, "", "Bad Request: TOPIC_ICON_COLOR_INVALID"},
		} {
			topic, err := b.CreateForumTopic(t.Context(), &tg.CreateForumTopicParams{ChatID: f.ID, Name: test.name, IconColor: test.color})
			if test.err != "" {
				refusedWith(t, err, test.err)
			} else if err != nil || topic.Name != test.want || test.color != 0 && topic.IconColor != test.color {
				t.Errorf("%q: %+v, %v, want %q", test.name, topic, err, test.want)
			}
		}
	})
}

// A press may open only the bot itself.
func TestAnswersLeadToTheBot(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, b := started(sim, "Ann"), newBot(t, sim)
		for link, want := range map[string]telegramsim.Refusal{
			"https://t.me/digest_sim_bot?start=a":       "",
			"t.me/Digest_Sim_Bot?start=a":               "",
			"tg://resolve?domain=digest_sim_bot":        "",
			"https://t.me/other_bot?start=a":            "Bad Request: URL_INVALID",
			"https://e.example/digest_sim_bot?start=a":  "Bad Request: URL_INVALID",
			"https://telegram.example.org/?start=a":     "Bad Request: URL_INVALID",
			"https://t.me/digest_sim_bot/other?start=a": "Bad Request: URL_INVALID",
		} {
			q := ann.PressData(ann.Chat().Last(), "x")
			_, err := b.AnswerCallbackQuery(t.Context(), &tg.AnswerCallbackQueryParams{CallbackQueryID: q.ID, URL: link})
			if want != "" {
				refusedWith(t, err, want)
			} else if err != nil {
				t.Errorf("%s: %v", link, err)
			}
		}
	})
}

// Telegram knows Markdown. The simulator does not, and says so.
func TestMarkdownIsNotModelled(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, b := started(sim, "Ann"), newBot(t, sim)
		for _, mode := range []models.ParseMode{models.ParseModeMarkdown, models.ParseModeMarkdownV1, "markdown"} {
			_, err := b.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: ann.ID(), Text: "x", ParseMode: mode})
			refusedWith(t, err, telegramsim.MarkdownUnmodelled)
		}
		_, err := b.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: ann.ID(), Text: "x", ParseMode: "wiki"})
		refusedWith(t, err, telegramsim.ParseModeUnknown)
	})
}
