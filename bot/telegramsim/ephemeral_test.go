package telegramsim_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/telegramsim"
)

// ephemeralTo is a message in a group that only one member sees.
func ephemeralTo(c *telegramsim.Chat, to int64, text string) *tg.SendMessageParams {
	return &tg.SendMessageParams{
		ChatID: c.ID, Text: text, EphemeralMessageParameters: &models.EphemeralMessageParameters{ReceiverUserID: to},
		ReplyMarkup: &models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "Go", CallbackData: "g"}}}},
	}
}

func edit(c *telegramsim.Chat, to int64, id int, text string) *tg.EditEphemeralMessageTextParams {
	return &tg.EditEphemeralMessageTextParams{ChatID: c.ID, ReceiverUserID: to, EphemeralMessageID: id, Text: text}
}

func TestEphemeralMessage(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		b, ctx, ann, bob := newBot(t, sim), t.Context(), sim.NewPerson("Ann"), sim.NewPerson("Bob")
		g := sim.NewSupergroup("Group", ann, bob)
		g.AddBot(ann)
		_, err := b.SendMessage(ctx, ephemeralTo(g, ann.ID(), "psst"))
		refusedWith(t, err, telegramsim.AdminRequired)
		g.PromoteBot(ann, telegramsim.AdminRights{})
		m, err := b.SendMessage(ctx, ephemeralTo(g, ann.ID(), "psst"))
		if err != nil {
			t.Fatal(err)
		}
		if m.ID != 0 || m.EphemeralMessageID == 0 || m.ReceiverUser == nil || m.ReceiverUser.ID != ann.ID() {
			t.Errorf("sent %+v, want an ephemeral message for Ann", m)
		}
		if got := g.SeenBy(ann); len(got) != 2 || got[1].Text != "psst" {
			t.Errorf("Ann sees %+v, want the message", got)
		}
		if got, all := g.SeenBy(bob), g.FromBot(); len(got) != 1 || len(all) != 0 {
			t.Errorf("Bob sees %+v and everybody %+v, want neither to have it", got, all)
		}

		id := m.EphemeralMessageID
		if _, err := b.EditEphemeralMessageText(ctx, edit(g, ann.ID(), id, "hush")); err != nil {
			t.Error(err)
		}
		if now, ok := g.Ephemeral(id); !ok || now.Text != "hush" || now.Edits != 1 || len(now.Keyboard) != 0 {
			t.Errorf("after the edit it is %+v", now)
		}
		for name, test := range map[string]struct {
			params *tg.EditEphemeralMessageTextParams
			want   telegramsim.Refusal
		}{
			"another's":  {edit(g, bob.ID(), id, "x"), telegramsim.MessageIDInvalid},
			"unknown":    {edit(g, ann.ID(), id+1, "x"), telegramsim.MessageIDInvalid},
			"unchanged":  {edit(g, ann.ID(), id, "hush"), telegramsim.NotModified},
			"empty":      {edit(g, ann.ID(), id, ""), telegramsim.TextEmpty},
			"over 1024":  {edit(g, ann.ID(), id, strings.Repeat("x", 1025)), telegramsim.CaptionTooLongRaw},
			"other chat": {edit(ann.Chat(), ann.ID(), id, "x"), telegramsim.ChatNotFound},
		} {
			_, err := b.EditEphemeralMessageText(ctx, test.params)
			if err == nil || !strings.HasSuffix(err.Error(), string(test.want)) {
				t.Errorf("%s: got %v, want %q", name, err, test.want)
			}
		}
		_, err = b.EditMessageText(ctx, &tg.EditMessageTextParams{ChatID: g.ID, MessageID: id, Text: "x"})
		if err == nil {
			t.Error("an ephemeral message was edited like any other")
		}
		drop := &tg.DeleteEphemeralMessageParams{ChatID: g.ID, ReceiverUserID: ann.ID(), EphemeralMessageID: id}
		if _, err := b.DeleteEphemeralMessage(ctx, drop); err != nil {
			t.Error(err)
		}
		_, err = b.DeleteEphemeralMessage(ctx, drop)
		refusedWith(t, err, telegramsim.MessageIDInvalid)
		if got := g.SeenBy(ann); len(got) != 1 {
			t.Errorf("Ann still sees %+v", got)
		}
	})
}

func TestWhoMayGetEphemeralMessages(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		b, ctx, ann := newBot(t, sim), t.Context(), started(sim, "Ann")
		stranger, robot := sim.NewPerson("Eve"), sim.NewPerson("R2", telegramsim.AsBot())
		g, c := sim.NewSupergroup("Group", ann, robot), sim.NewChannel("Channel", ann)
		for _, chat := range []*telegramsim.Chat{g, c} {
			chat.AddBot(ann)
			chat.PromoteBot(ann, telegramsim.AllRights())
		}
		for name, test := range map[string]struct {
			params *tg.SendMessageParams
			want   telegramsim.Refusal
		}{
			"stranger": {ephemeralTo(g, stranger.ID(), "x"), telegramsim.NotAMember},
			"bot":      {ephemeralTo(g, robot.ID(), "x"), telegramsim.NotAMember},
			"nobody":   {ephemeralTo(g, 4711, "x"), telegramsim.NotAMember},
			"channel":  {ephemeralTo(c, ann.ID(), "x"), telegramsim.EphemeralForbidden},
			"private":  {ephemeralTo(ann.Chat(), ann.ID(), "x"), telegramsim.EphemeralForbidden},
		} {
			_, err := b.SendMessage(ctx, test.params)
			if err == nil || !strings.HasSuffix(err.Error(), string(test.want)) {
				t.Errorf("%s: got %v, want %q", name, err, test.want)
			}
		}
	})
}

// For fifteen seconds any bot may answer a press or an ephemeral command.
func TestEphemeralAnswers(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		b, ctx, ann, bob := newBot(t, sim), t.Context(), sim.NewPerson("Ann"), sim.NewPerson("Bob")
		g := sim.NewForum("Forum", ann, bob)
		g.AddBot(ann)
		if _, err := b.SetMyCommands(ctx, &tg.SetMyCommandsParams{
			Commands: []models.BotCommand{{Command: "set", Description: "d", IsEphemeral: true}, {Command: "say", Description: "d"}},
			Scope:    &models.BotCommandScopeAllChatAdministrators{},
		}); err != nil {
			t.Fatal(err)
		}
		thread := g.NewTopic(ann, "Topic")
		received(t, sim)
		if m := bob.WriteEphemeral(g, "/set"); m.Ephemeral != 0 {
			t.Error("a member's command is ephemeral, but only admins have it so")
		}
		if m := ann.WriteEphemeral(g, "/say"); m.Ephemeral != 0 {
			t.Error("an ordinary command is ephemeral")
		}
		received(t, sim)
		command := ann.WriteEphemeralInTopic(g, thread, "/set it")
		got := received(t, sim)
		if len(got) != 1 || got[0].Message.EphemeralMessageID != command.Ephemeral || got[0].Message.ID != 0 ||
			got[0].Message.ReceiverUser.ID != sim.Bot().ID || got[0].Message.From.ID != ann.ID() || got[0].Message.MessageThreadID != thread {
			t.Fatalf("the bot got %+v, want an ephemeral command of Ann's", got)
		}
		answer := func(to int64, reply int) error {
			params := ephemeralTo(g, to, "done")
			params.ReplyParameters = &models.ReplyParameters{EphemeralMessageID: reply}
			_, err := b.SendMessage(ctx, params)
			return err
		}
		if err := answer(ann.ID(), command.Ephemeral); err != nil {
			t.Error(err)
		}
		refusedWith(t, answer(bob.ID(), command.Ephemeral), telegramsim.NotACommand)
		refusedWith(t, answer(ann.ID(), 4711), telegramsim.NotACommand)

		press := func(to int64, q *telegramsim.Query) error {
			params := ephemeralTo(g, to, "pressed")
			params.EphemeralMessageParameters.CallbackQueryID = q.ID
			_, err := b.SendMessage(ctx, params)
			return err
		}
		seen := g.SeenBy(ann)
		q, err := ann.Press(seen[len(seen)-1], "Go")
		if err != nil {
			t.Fatal(err)
		}
		if got := received(t, sim); len(got) != 1 || got[0].CallbackQuery.Message.Message.EphemeralMessageID == 0 {
			t.Errorf("the press came as %+v, want it under an ephemeral message", got)
		}
		if err := press(ann.ID(), q); err != nil {
			t.Error(err)
		}
		refusedWith(t, press(bob.ID(), q), telegramsim.QueryTooOld)
		time.Sleep(16 * time.Second)
		refusedWith(t, press(ann.ID(), q), telegramsim.QueryTooOld)
		refusedWith(t, answer(ann.ID(), command.Ephemeral), telegramsim.NotACommand)
		g.Fade()
		if got := bob.PressData(seen[len(seen)-1], "g"); got == nil || len(received(t, sim)) != 1 {
			t.Error("a press under a message that is gone did not arrive")
		}
	})
}

func TestOlderServerIgnoresEphemeral(t *testing.T) {
	options := noLimits
	options.WithoutEphemeral = true
	inBubble(t, options, func(t *testing.T, sim *telegramsim.Sim) {
		b, ctx, ann := newBot(t, sim), t.Context(), sim.NewPerson("Ann")
		g := sim.NewSupergroup("Group", ann)
		g.AddBot(ann)
		m, err := b.SendMessage(ctx, ephemeralTo(g, ann.ID(), "psst"))
		if err != nil || m.ID == 0 || m.EphemeralMessageID != 0 {
			t.Errorf("sent %+v, %v, want an ordinary message", m, err)
		}
		_, err = b.EditEphemeralMessageText(ctx, edit(g, ann.ID(), 1, "x"))
		refusedWith(t, err, telegramsim.MethodNotFound)
		if _, err := b.SetMyCommands(ctx, &tg.SetMyCommandsParams{Commands: []models.BotCommand{{Command: "set", Description: "d", IsEphemeral: true}}}); err != nil {
			t.Error(err)
		}
		if m := ann.WriteEphemeral(g, "/set"); m.Ephemeral != 0 {
			t.Error("a command is ephemeral on a server that does not know that")
		}
	})
}

func TestEphemeralMessagesOnThePage(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		b, ann, bob := newBot(t, sim), sim.NewPerson("Ann"), sim.NewPerson("Bob")
		g := sim.NewSupergroup("Group", ann, bob)
		g.AddBot(ann)
		g.PromoteBot(ann, telegramsim.AllRights())
		m, err := b.SendMessage(t.Context(), ephemeralTo(g, ann.ID(), "psst"))
		if err != nil {
			t.Fatal(err)
		}
		view := func(p *telegramsim.Person) string {
			_, chat := ask(t, sim, fmt.Sprintf("GET /sim/chat?id=%d&as=%d", g.ID, p.ID()), "")
			return chat
		}
		if got := view(ann); !strings.Contains(got, fmt.Sprintf(`"id":%d,`, -m.EphemeralMessageID)) || !strings.Contains(got, `"only":true`) {
			t.Errorf("Ann's page shows %s, want the message", got)
		}
		if got := view(bob); strings.Contains(got, "psst") {
			t.Errorf("Bob's page shows %s, want nothing of Ann's message", got)
		}
		received(t, sim)
		pressed := make(chan int)
		go func() {
			code, _ := ask(t, sim, "POST /sim/press", fmt.Sprintf(`{"as":%d,"chat":%d,"message":%d,"data":"g"}`, ann.ID(), g.ID, -m.EphemeralMessageID), fromPage...)
			pressed <- code
		}()
		synctest.Wait()
		defer func() {
			if code := <-pressed; code != 400 { // no bot answers the press
				t.Errorf("press: %d, want 400", code)
			}
		}()
		if got := received(t, sim); len(got) != 1 || got[0].CallbackQuery.Message.Message.EphemeralMessageID != m.EphemeralMessageID {
			t.Errorf("the press came as %+v", got)
		}
		if _, script := ask(t, sim, "GET /sim/message.js", ""); !strings.Contains(script, "Only you see this") {
			t.Error("the page does not say who sees an ephemeral message")
		}
	})
}
