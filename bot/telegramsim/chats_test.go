package telegramsim_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/telegramsim"
	"digestbot/bot/telegramsim/speed"
)

// received fetches and confirms the updates that wait, as the library reads them.
func received(t *testing.T, sim *telegramsim.Sim) []models.Update {
	t.Helper()
	time.Sleep(time.Second) // Telegram keeps some back from a bot that asks again too soon
	got, err := call(t.Context(), sim, "getUpdates", object{
		"allowed_updates": []string{"message", "edited_message", "channel_post", "callback_query", "my_chat_member", "chat_member", "inline_query", "chosen_inline_result"},
	})
	if err != nil || !got.OK {
		t.Fatalf("getUpdates = %+v, %v", got, err)
	}
	var out []models.Update
	if err := json.Unmarshal(got.Result, &out); err != nil {
		t.Fatal(err)
	}
	if len(out) > 0 {
		poll(t, sim, object{"offset": out[len(out)-1].ID + 1})
	}
	return out
}

func TestComingAndGoing(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		received(t, sim)
		ann, bob := sim.NewPerson("Ann"), sim.NewPerson("Bob")
		g := sim.NewSupergroup("Group", ann, bob)
		g.AddBot(ann)
		got := received(t, sim)
		if len(got) != 2 || got[0].MyChatMember == nil || got[1].Message == nil || len(got[1].Message.NewChatMembers) != 1 {
			t.Fatalf("added: %+v, want my_chat_member and a service message", got)
		}
		if s := got[0].MyChatMember.NewChatMember.Type; s != models.ChatMemberTypeMember {
			t.Errorf("standing %q, want member", s)
		}
		g.PromoteBot(ann, telegramsim.AllRights())
		g.Promote(bob, telegramsim.AdminRights{DeleteMessages: true}, true)
		bob.WriteIn(g, "as the group")
		got = received(t, sim)
		if len(got) != 3 || got[0].MyChatMember.NewChatMember.Administrator == nil || got[1].ChatMember == nil {
			t.Fatalf("promoted: %+v, want my_chat_member, chat_member and a message", got)
		}
		m := got[2].Message
		if m.SenderChat == nil || m.SenderChat.ID != g.ID || m.From.Username != "GroupAnonymousBot" {
			t.Errorf("anonymous admin writes as %+v / %+v", m.From, m.SenderChat)
		}
		g.RemoveBot(ann)
		got = received(t, sim)
		if len(got) != 1 || got[0].MyChatMember.NewChatMember.Banned == nil {
			t.Errorf("removed: %+v, want my_chat_member with kicked", got)
		}
	})
}

func TestBlockingTellsTheBot(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann := started(sim, "Ann")
		received(t, sim)
		ann.Block()
		ann.Block()
		ann.Write("/start") // writing again unblocks
		got := received(t, sim)
		if len(got) != 3 || got[0].MyChatMember.NewChatMember.Banned == nil || got[1].MyChatMember.NewChatMember.Member == nil || got[2].Message.Text != "/start" {
			t.Errorf("got %+v, want kicked, member and the message", got)
		}
	})
}

func TestHiddenMembers(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, eve := sim.NewPerson("Ann"), sim.NewPerson("Eve")
		b := newBot(t, sim)
		g := sim.NewSupergroup("Group", ann)
		g.HideMembers()
		g.AddBot(ann)
		ask := func(id int64) error {
			_, err := b.GetChatMember(t.Context(), &tg.GetChatMemberParams{ChatID: g.ID, UserID: id})
			return err
		}
		for id, want := range map[int64]telegramsim.Refusal{ann.ID(): telegramsim.AdminRequired, eve.ID(): telegramsim.ParticipantInvalid} {
			if err := ask(id); err == nil || !strings.Contains(err.Error(), strings.TrimPrefix(string(want), "Bad Request: ")) {
				t.Errorf("member %d: %v, want %q", id, err, want)
			}
		}
		if err := ask(sim.Bot().ID); err != nil {
			t.Errorf("the bot itself: %v", err)
		}
		if admins, err := b.GetChatAdministrators(t.Context(), &tg.GetChatAdministratorsParams{ChatID: g.ID}); err != nil || len(admins) != 1 {
			t.Errorf("administrators = %+v, %v, want the owner", admins, err)
		}
		g.PromoteBot(ann, telegramsim.AdminRights{})
		if err := ask(ann.ID()); err != nil {
			t.Errorf("asked by an administrator: %v", err)
		}
	})
}

func TestMembersAndAdministrators(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, bob, eve := sim.NewPerson("Ann"), sim.NewPerson("Bob"), sim.NewPerson("Eve")
		b := newBot(t, sim)
		g := sim.NewSupergroup("Group", ann, bob)
		g.AddBot(ann)
		g.Promote(bob, telegramsim.AdminRights{}, true)
		list := func() ([]models.ChatMember, error) {
			return b.GetChatAdministrators(t.Context(), &tg.GetChatAdministratorsParams{ChatID: g.ID})
		}
		if admins, err := list(); err != nil || len(admins) != 1 {
			t.Errorf("administrators a member sees = %+v, %v, want the owner", admins, err)
		}
		g.PromoteBot(ann, telegramsim.AdminRights{})
		admins, err := list()
		if err != nil || len(admins) != 3 || admins[0].Owner == nil || admins[1].Administrator == nil || !admins[1].Administrator.IsAnonymous {
			t.Errorf("administrators = %+v, %v", admins, err)
		}
		for p, want := range map[*telegramsim.Person]models.ChatMemberType{
			ann: models.ChatMemberTypeOwner, bob: models.ChatMemberTypeAdministrator, eve: models.ChatMemberTypeLeft,
		} {
			m, err := b.GetChatMember(t.Context(), &tg.GetChatMemberParams{ChatID: g.ID, UserID: p.ID()})
			if err != nil || m.Type != want {
				t.Errorf("%s: %+v, %v; want %s", p.Name(), m, err, want)
			}
		}
		if n, err := b.GetChatMemberCount(t.Context(), &tg.GetChatMemberCountParams{ChatID: g.ID}); err != nil || n != 3 {
			t.Errorf("%d members, %v; want 3", n, err)
		}
		_, err = b.GetChatAdministrators(t.Context(), &tg.GetChatAdministratorsParams{ChatID: started(sim, "Zoe").ID()})
		refusedWith(t, err, telegramsim.NoAdministrators)
		g.SetUsername("group")
		if chat, err := b.GetChat(t.Context(), &tg.GetChatParams{ChatID: "@group"}); err != nil || chat.ID != g.ID {
			t.Errorf("getChat by name = %+v, %v", chat, err)
		}
		if _, err := b.LeaveChat(t.Context(), &tg.LeaveChatParams{ChatID: g.ID}); err != nil {
			t.Error(err)
		}
		_, err = send(t.Context(), b, g.ID, "x")
		refusedWith(t, err, telegramsim.NotInSupergroup)
	})
}

func TestChannel(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		received(t, sim)
		ann, b := sim.NewPerson("Ann"), newBot(t, sim)
		c := sim.NewChannel("Channel", ann)
		c.AddBot(ann)
		ann.WriteIn(c, "/subscribe")
		got := received(t, sim)
		if len(got) != 2 || got[1].ChannelPost == nil || got[1].ChannelPost.From != nil || got[1].ChannelPost.SenderChat.ID != c.ID {
			t.Fatalf("got %+v, want a channel_post by the channel", got)
		}
		m, err := send(t.Context(), b, c.ID, "post")
		if err != nil || m.From != nil || m.SenderChat == nil {
			t.Errorf("own post = %+v, %v", m, err)
		}
		if posts := c.FromBot(); len(posts) != 1 || posts[0].Text != "post" {
			t.Errorf("posts of the bot = %+v, want one", posts)
		}
		if _, err := b.EditMessageText(t.Context(), &tg.EditMessageTextParams{ChatID: c.ID, MessageID: m.ID, Text: "edited"}); err != nil {
			t.Errorf("edit own post: %v", err)
		}
	})
}

func TestForgedAndStaleButtons(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, b := started(sim, "Ann"), newBot(t, sim)
		m, err := send(t.Context(), b, ann.ID(), "x")
		if err != nil {
			t.Fatal(err)
		}
		received(t, sim)
		seen, _ := ann.Chat().Message(m.ID)
		ann.PressData(seen, "forged")
		if _, err := b.DeleteMessage(t.Context(), &tg.DeleteMessageParams{ChatID: ann.ID(), MessageID: m.ID}); err != nil {
			t.Fatal(err)
		}
		ann.PressData(seen, "stale")
		got := received(t, sim)
		if len(got) != 2 || got[0].CallbackQuery.Data != "forged" || got[0].CallbackQuery.Message.Message == nil {
			t.Fatalf("got %+v, want two callback queries, the first with its message", got)
		}
		if gone := got[1].CallbackQuery.Message.InaccessibleMessage; gone == nil || gone.MessageID != m.ID {
			t.Errorf("under a deleted message: %+v, want an inaccessible one", got[1].CallbackQuery.Message)
		}
	})
}

func TestInlineMode(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		received(t, sim)
		ann, bob, b := sim.NewPerson("Ann"), sim.NewPerson("Bob"), newBot(t, sim)
		g := sim.NewGroup("Group", ann, bob)
		q := ann.Inline("lighthouse", "")
		got := received(t, sim)
		if len(got) != 1 || got[0].InlineQuery == nil || got[0].InlineQuery.Query != "lighthouse" {
			t.Fatalf("got %+v, want an inline_query", got)
		}
		article := func(id, text string) models.InlineQueryResult {
			return &models.InlineQueryResultArticle{ID: id, Title: "Lighthouses", InputMessageContent: models.InputTextMessageContent{MessageText: text, ParseMode: models.ParseModeHTML}}
		}
		answer := func(results ...models.InlineQueryResult) error {
			_, err := b.AnswerInlineQuery(t.Context(), &tg.AnswerInlineQueryParams{InlineQueryID: q.ID, Results: results})
			return err
		}
		refusedWith(t, answer(article("1", "<p>x</p>")), telegramsim.CannotParse)
		refusedWith(t, answer(article("1", "x"), article("1", "y")), "Bad Request: RESULT_ID_DUPLICATE")
		refusedWith(t, answer(&models.InlineQueryResultArticle{ID: "1", Title: " \u202e\n", InputMessageContent: models.InputTextMessageContent{MessageText: "x"}}), "Bad Request: ARTICLE_TITLE_EMPTY")
		refusedWith(t, answer(article("1", "")), telegramsim.TextEmpty)
		if err := answer(article("1", "<b>Light</b>")); err != nil {
			t.Fatal(err)
		}
		refusedWith(t, answer(article("1", "x")), telegramsim.QueryTooOld)
		a, ok := q.Answer()
		if !ok || len(a.Results) != 1 {
			t.Fatalf("answer = %+v, %t", a, ok)
		}
		sent := ann.Choose(q, a.Results[0], g)
		if sent.Text != "Light" || !sent.ViaBot || sent.From.FirstName != "Ann" {
			t.Errorf("sent = %+v, want Ann's message via the bot", sent)
		}
		if got := received(t, sim); len(got) != 1 || got[0].ChosenInlineResult == nil {
			t.Errorf("got %+v, want the chosen result", got)
		}
	})
}

// For a message that was sent via the bot, the bot gets only the inline_message_id, also from
// a press. With that it can edit the message as long as it has buttons.
func TestPressUnderAnInlineMessage(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		received(t, sim)
		ann, b, ctx := sim.NewPerson("Ann"), newBot(t, sim), t.Context()
		g := sim.NewGroup("Group", ann)
		q := ann.Inline("x", "")
		if _, err := b.AnswerInlineQuery(ctx, &tg.AnswerInlineQueryParams{InlineQueryID: q.ID, Results: []models.InlineQueryResult{
			&models.InlineQueryResultArticle{
				ID: "1", Title: "T", InputMessageContent: models.InputTextMessageContent{MessageText: "one"},
				ReplyMarkup: &models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "More", CallbackData: "m"}}}},
			},
		}}); err != nil {
			t.Fatal(err)
		}
		a, _ := q.Answer()
		sent := ann.Choose(q, a.Results[0], g)
		if _, err := ann.Press(sent, "More"); err != nil {
			t.Fatal(err)
		}
		got := received(t, sim)
		if len(got) != 3 || got[1].ChosenInlineResult == nil || got[2].CallbackQuery == nil {
			t.Fatalf("got %+v, want the query, the choice and the press", got)
		}
		press := got[2].CallbackQuery
		if press.Message.Message != nil || press.Message.InaccessibleMessage != nil || press.InlineMessageID == "" ||
			press.InlineMessageID != got[1].ChosenInlineResult.InlineMessageID {
			t.Errorf("press = %+v, want the inline message only", press)
		}
		edit := func(id, text string) error {
			got, err := call(ctx, sim, "editMessageText", object{"inline_message_id": id, "text": text}) // the library expects a message
			if err == nil && !got.OK {
				return telegramsim.Refusal(got.Description)
			}
			return err
		}
		if err := edit(press.InlineMessageID, "two"); err != nil || g.Last().Text != "two" {
			t.Errorf("edit = %v, the message is %q", err, g.Last().Text)
		}
		if err := edit(press.InlineMessageID, "three"); !errors.Is(err, telegramsim.MessageIDInvalid) {
			t.Errorf("edit without buttons = %v, want %v", err, telegramsim.MessageIDInvalid)
		}
		if err := edit("AAAA", "x"); !errors.Is(err, telegramsim.MessageIDInvalid) {
			t.Errorf("edit of nothing = %v, want %v", err, telegramsim.MessageIDInvalid)
		}
	})
}

func TestForgettingAndImplicitChats(t *testing.T) {
	var sent []telegramsim.Message
	opts := telegramsim.Options{ImplicitChats: true, Forget: true, Limits: speed.Limits{Off: true},
		OnSend: func(m telegramsim.Message) { sent = append(sent, m) }}
	inBubble(t, opts, func(t *testing.T, sim *telegramsim.Sim) {
		b := newBot(t, sim)
		m, err := send(t.Context(), b, int64(987654321), "<b>x</b>")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.EditMessageText(t.Context(), &tg.EditMessageTextParams{ChatID: 987654321, MessageID: m.ID, Text: "y"}); err != nil {
			t.Errorf("edit: %v", err)
		}
		if got := sim.Stats(); got.Sent != 1 || got.Edited != 1 || len(sent) != 2 || sent[0].Text != "x" {
			t.Errorf("stats %+v, hook got %+v", got, sent)
		}
		if left := sim.Chat(987654321).Messages(); len(left) != 0 {
			t.Errorf("%d messages kept, want none", len(left))
		}
		_, err = send(t.Context(), b, int64(-5), "x")
		refusedWith(t, err, telegramsim.ChatNotFound)
	})
}

func TestDeepLinks(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann := sim.NewPerson("Ann")
		for payload, want := range map[string]string{
			"issue_179": "/start issue_179", "": "/start", "第179期": "/start", "a b": "/start",
			string(make([]byte, 65)): "/start",
		} {
			if got := ann.Open(payload).Text; got != want {
				t.Errorf("Open(%q) writes %q, want %q", payload, got, want)
			}
		}
	})
}
