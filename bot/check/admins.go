package check

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/sender"
	"digestbot/subscribers"
)

// checkAdmins finds out which owners the bot can write to. It has "typing" shown for a moment
// to who has the chat with the bot open, which Telegram refuses for the same reasons as a
// message, and nothing stays of it.
func (c *checker) checkAdmins(ctx context.Context) (all []Finding) {
	if len(c.Settings.Admins) == 0 {
		return one(Skipped, "there are none, see settings", "")
	}
	me, err := c.telegram.me()
	if err != nil {
		return one(Skipped, silent, "")
	}
	var reached []string
	for _, id := range c.Settings.Admins {
		name := strconv.FormatInt(id, 10)
		if text, cure := c.reach(ctx, id, me.Username); text != "" {
			all = append(all, Finding{Subject: name, State: Failed, Text: text, Cure: cure})
			continue
		}
		reached = append(reached, name)
	}
	if len(reached) > 0 {
		found := one(OK, "the bot can write to "+strings.Join(reached, ", "), "")
		all = append(found, all...)
	}
	return all
}

// reach returns why the bot cannot write to a person, and the cure; "": it can.
func (c *checker) reach(ctx context.Context, id int64, bot string) (text, cure string) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	_, err := c.telegram.api.SendChatAction(ctx, &tg.SendChatActionParams{ChatID: id, Action: models.ChatActionTyping})
	if err == nil {
		return "", ""
	}
	start := fmt.Sprintf("this person opens https://t.me/%s and presses Start; or correct --admins", bot)
	switch response := sender.Classify(err); response.Reason {
	case subscribers.ReasonNeverStarted, subscribers.ReasonNotFound:
		return "has never started the bot, so it cannot write to them", start
	case subscribers.ReasonBlocked:
		return "has blocked the bot", "this person unblocks it: " + start
	case subscribers.ReasonDeactivated:
		return "has deleted their account", "take the id out of --admins"
	case subscribers.ReasonBot:
		return "is the id of a bot", "give the id of a person: @userinfobot says yours"
	}
	return "cannot be reached: " + reason(err), "try again; if it stays, look at what Telegram says"
}
