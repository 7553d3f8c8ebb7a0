package telegramsim_test

import (
	"fmt"
	"strings"
	"testing"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/telegramsim"
)

func TestProfile(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		b, ctx := newBot(t, sim), t.Context()
		for language, text := range map[string]string{"": "A digest", "zh": "周刊"} {
			if _, err := b.SetMyDescription(ctx, &tg.SetMyDescriptionParams{Description: text, LanguageCode: language}); err != nil {
				t.Fatal(err)
			}
		}
		for language, want := range map[string]string{"": "A digest", "zh": "周刊", "de": "A digest"} {
			got, err := b.GetMyDescription(ctx, &tg.GetMyDescriptionParams{LanguageCode: language})
			if err != nil || got.Description != want || sim.About(language) != want {
				t.Errorf("description in %q = %+v, %v; want %q", language, got, err, want)
			}
		}
		_, err := b.SetMyShortDescription(ctx, &tg.SetMyShortDescriptionParams{ShortDescription: strings.Repeat("x", 121)})
		refusedWith(t, err, "Bad Request: short description is too long")
		if _, err := b.SetMyShortDescription(ctx, &tg.SetMyShortDescriptionParams{ShortDescription: "short"}); err != nil {
			t.Error(err)
		}
		if got, err := b.GetMyShortDescription(ctx, &tg.GetMyShortDescriptionParams{}); err != nil || got.ShortDescription != "short" {
			t.Errorf("short description = %+v, %v", got, err)
		}
		if got, err := b.GetMyName(ctx, &tg.GetMyNameParams{}); err != nil || got.Name != sim.Bot().FirstName {
			t.Errorf("name = %+v, %v", got, err)
		}
		if _, err := b.SetMyName(ctx, &tg.SetMyNameParams{Name: "Weekly"}); err != nil {
			t.Error(err)
		}
		if got, err := b.GetMyName(ctx, &tg.GetMyNameParams{}); err != nil || got.Name != "Weekly" {
			t.Errorf("new name = %+v, %v", got, err)
		}
	})
}

func TestCommandsOfGroups(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		b, ctx := newBot(t, sim), t.Context()
		ann, bob := sim.NewPerson("Ann"), sim.NewPerson("Bob")
		g := sim.NewGroup("Group", ann, bob)
		g.AddBot(ann)
		set := func(name string, scope models.BotCommandScope) {
			if _, err := b.SetMyCommands(ctx, &tg.SetMyCommandsParams{Scope: scope, Commands: []models.BotCommand{{Command: name, Description: "d"}}}); err != nil {
				t.Fatal(err)
			}
		}
		sees := func(p *telegramsim.Person) string {
			if all := sim.Commands(p, g); len(all) > 0 {
				return all[0].Command
			}
			return ""
		}
		set("plain", nil)
		set("groups", &models.BotCommandScopeAllGroupChats{})
		set("admins", &models.BotCommandScopeAllChatAdministrators{})
		if a, o := sees(ann), sees(bob); a != "admins" || o != "groups" {
			t.Errorf("owner sees %s, member %s; want admins and groups", a, o)
		}
		set("here", &models.BotCommandScopeChatAdministrators{ChatID: g.ID})
		set("bobs", &models.BotCommandScopeChatMember{ChatID: g.ID, UserID: bob.ID()})
		if a, o := sees(ann), sees(bob); a != "here" || o != "bobs" {
			t.Errorf("owner sees %s, member %s; want here and bobs", a, o)
		}
		if got, err := b.GetMyCommands(ctx, &tg.GetMyCommandsParams{Scope: &models.BotCommandScopeAllGroupChats{}}); err != nil || len(got) != 1 || got[0].Command != "groups" {
			t.Errorf("commands of groups = %+v, %v", got, err)
		}
		if _, err := b.DeleteMyCommands(ctx, &tg.DeleteMyCommandsParams{Scope: &models.BotCommandScopeChatMember{ChatID: g.ID, UserID: bob.ID()}}); err != nil || sees(bob) != "groups" {
			t.Errorf("after deleting: %v, member sees %s; want groups", err, sees(bob))
		}
	})
}

func TestEditingOtherContent(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		b, ctx, ann := newBot(t, sim), t.Context(), started(sim, "Ann")
		keys := &models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "a", CallbackData: "a"}}}}
		m, err := send(ctx, b, ann.ID(), "x")
		if err != nil {
			t.Fatal(err)
		}
		markup := func(k *models.InlineKeyboardMarkup) error {
			p := &tg.EditMessageReplyMarkupParams{ChatID: ann.ID(), MessageID: m.ID}
			if k != nil {
				p.ReplyMarkup = k
			}
			_, err := b.EditMessageReplyMarkup(ctx, p)
			return err
		}
		if err := markup(keys); err != nil {
			t.Error(err)
		}
		refusedWith(t, markup(keys), telegramsim.NotModified)
		if err := markup(nil); err != nil {
			t.Error(err)
		}
		rich := func(html string) error {
			_, err := b.EditMessageText(ctx, &tg.EditMessageTextParams{ChatID: ann.ID(), MessageID: m.ID, RichMessage: &models.InputRichMessage{HTML: html}})
			return err
		}
		if err := rich("<h1>T</h1>"); err != nil {
			t.Error(err)
		}
		if got, _ := ann.Chat().Message(m.ID); got.Rich == nil || got.Rich.Text != "T" || got.Text != "" {
			t.Errorf("edited = %+v, want a rich message", got)
		}
		photo, err := b.SendPhoto(ctx, &tg.SendPhotoParams{ChatID: ann.ID(), Photo: &models.InputFileString{Data: "https://e.example/a.jpg"}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.EditMessageCaption(ctx, &tg.EditMessageCaptionParams{ChatID: ann.ID(), MessageID: photo.ID, Caption: "c"}); err != nil {
			t.Error(err)
		}
		_, err = b.EditMessageText(ctx, &tg.EditMessageTextParams{ChatID: ann.ID(), MessageID: photo.ID, Text: "c"})
		refusedWith(t, err, telegramsim.NoTextToEdit)
		_, err = b.EditMessageCaption(ctx, &tg.EditMessageCaptionParams{ChatID: ann.ID(), MessageID: m.ID, Caption: "c"})
		refusedWith(t, err, "Bad Request: there is no caption in the message to edit")
	})
}

func TestDeletingAndPinning(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		b, ctx, ann := newBot(t, sim), t.Context(), started(sim, "Ann")
		g := sim.NewSupergroup("Group", ann)
		g.AddBot(ann)
		theirs := ann.WriteIn(g, "hello")
		mine, err := send(ctx, b, g.ID, "x")
		if err != nil {
			t.Fatal(err)
		}
		pin := func(id int) error {
			_, err := b.PinChatMessage(ctx, &tg.PinChatMessageParams{ChatID: g.ID, MessageID: id})
			return err
		}
		remove := func(ids ...int) error {
			_, err := b.DeleteMessages(ctx, &tg.DeleteMessagesParams{ChatID: g.ID, MessageIDs: ids})
			return err
		}
		refusedWith(t, pin(mine.ID), telegramsim.PinForbidden)
		refusedWith(t, remove(mine.ID, theirs.ID), telegramsim.DeleteForbidden)
		refusedWith(t, remove(make([]int, 101)...), "Bad Request: too many message identifiers specified")
		g.PromoteBot(ann, telegramsim.AllRights())
		if err := pin(mine.ID); err != nil {
			t.Error(err)
		}
		refusedWith(t, pin(9999), telegramsim.PinNotFound)
		if c, err := b.GetChat(ctx, &tg.GetChatParams{ChatID: g.ID}); err != nil || c.PinnedMessage == nil || c.PinnedMessage.ID != mine.ID {
			t.Errorf("pinned = %+v, %v", c, err)
		}
		if _, err := b.UnpinChatMessage(ctx, &tg.UnpinChatMessageParams{ChatID: g.ID, MessageID: mine.ID}); err != nil {
			t.Error(err)
		}
		if err := remove(mine.ID, theirs.ID, 9999); err != nil {
			t.Errorf("delete as an administrator: %v", err)
		}
		for _, m := range g.Messages() {
			if m.Service == "" {
				t.Errorf("%+v is left", m)
			}
		}
	})
}

func TestReplies(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		b, ctx, ann := newBot(t, sim), t.Context(), started(sim, "Ann")
		question := ann.Write("?")
		reply := func(id int, without bool) (*models.Message, error) {
			return b.SendMessage(ctx, &tg.SendMessageParams{ChatID: ann.ID(), Text: "x", ReplyParameters: &models.ReplyParameters{MessageID: id, AllowSendingWithoutReply: without}})
		}
		if m, err := reply(question.ID, false); err != nil || m.ReplyToMessage == nil || m.ReplyToMessage.ID != question.ID {
			t.Errorf("reply = %+v, %v", m, err)
		}
		_, err := reply(9999, false)
		refusedWith(t, err, telegramsim.ReplyNotFound)
		if m, err := reply(9999, true); err != nil || m.ReplyToMessage != nil {
			t.Errorf("reply to nothing, allowed = %+v, %v", m, err)
		}
	})
}

func TestEntitiesParameter(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		b, ctx, ann := newBot(t, sim), t.Context(), started(sim, "Ann")
		post := func(length int) error {
			_, err := b.SendMessage(ctx, &tg.SendMessageParams{ChatID: ann.ID(), Text: "😀 bold", Entities: []models.MessageEntity{{Type: models.MessageEntityTypeBold, Offset: 3, Length: length}}})
			return err
		}
		if err := post(4); err != nil {
			t.Fatal(err)
		}
		if got := ann.Chat().Last().Entities; len(got) != 1 || got[0].Offset != 3 || got[0].Length != 4 {
			t.Errorf("entities = %+v, want bold 3..7", got)
		}
		refusedWith(t, post(5), "Bad Request: entity beginning at UTF-16 offset 3 ends after the end of the text at UTF-16 offset 8")
		_, err := b.SendMessage(ctx, &tg.SendMessageParams{ChatID: ann.ID(), Text: "*x*", ParseMode: models.ParseModeMarkdown})
		refusedWith(t, err, telegramsim.MarkdownUnmodelled)
		if m, err := send(ctx, b, ann.ID(), fmt.Sprintf(`<a href="tg://user?id=%d">Ann</a> <a href="tg://resolve?domain=x">l</a>`, ann.ID())); err != nil || m.Entities[0].User == nil || m.Entities[0].User.FirstName != "Ann" || m.Entities[1].URL != "tg://resolve?domain=x" {
			t.Errorf("mention = %+v, %v", m, err)
		}
		m, err := b.SendMessage(ctx, &tg.SendMessageParams{ChatID: ann.ID(), Text: "Ann", Entities: []models.MessageEntity{
			{Type: models.MessageEntityTypeTextMention, Length: 3, User: &models.User{ID: ann.ID(), FirstName: "Somebody"}},
		}})
		if err != nil || len(m.Entities) != 1 || m.Entities[0].User == nil || m.Entities[0].User.FirstName != "Ann" {
			t.Errorf("mention by an entity = %+v, %v", m, err)
		}
	})
}

func TestTopicsOfTheBot(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		b, ctx, ann := newBot(t, sim), t.Context(), sim.NewPerson("Ann")
		f := sim.NewForum("Forum", ann)
		f.AddBot(ann)
		f.PromoteBot(ann, telegramsim.AllRights())
		thread := f.NewTopic(ann, "News")
		closeTopic := func() error {
			_, err := b.CloseForumTopic(ctx, &tg.CloseForumTopicParams{ChatID: f.ID, MessageThreadID: thread})
			return err
		}
		if err := closeTopic(); err != nil {
			t.Error(err)
		}
		refusedWith(t, closeTopic(), "Bad Request: TOPIC_NOT_MODIFIED")
		if _, err := b.ReopenForumTopic(ctx, &tg.ReopenForumTopicParams{ChatID: f.ID, MessageThreadID: thread}); err != nil {
			t.Error(err)
		}
		received(t, sim)
		ann.WriteInTopic(f, thread, "/subscribe@digest_sim_bot")
		if got := received(t, sim); len(got) != 1 || got[0].Message.MessageThreadID != thread || !got[0].Message.IsTopicMessage || !got[0].Message.Chat.IsForum {
			t.Errorf("got %+v, want a message of the topic", got)
		}
	})
}

func TestChatActionsAndMenuButton(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		b, ctx, ann := newBot(t, sim), t.Context(), started(sim, "Ann")
		if _, err := b.SendChatAction(ctx, &tg.SendChatActionParams{ChatID: ann.ID(), Action: models.ChatActionTyping}); err != nil {
			t.Error(err)
		}
		_, err := b.SendChatAction(ctx, &tg.SendChatActionParams{ChatID: ann.ID(), Action: "dancing"})
		refusedWith(t, err, "Bad Request: wrong parameter action in request")
		if _, err := b.SetChatMenuButton(ctx, &tg.SetChatMenuButtonParams{ChatID: ann.ID(), MenuButton: &models.MenuButtonCommands{Type: models.MenuButtonTypeCommands}}); err != nil {
			t.Error(err)
		}
		if _, err := b.SetMyDefaultAdministratorRights(ctx, &tg.SetMyDefaultAdministratorRightsParams{Rights: &models.ChatAdministratorRights{CanManageTopics: true}}); err != nil {
			t.Error(err)
		}
		// go-telegram/bot calls the setter here, so without it.
		if got, err := call(ctx, sim, "getMyDefaultAdministratorRights", nil); err != nil || !strings.Contains(string(got.Result), `"can_manage_topics":true`) {
			t.Errorf("rights = %s, %v", got.Result, err)
		}
	})
}

func TestMembersComeAndGo(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, bob := sim.NewPerson("Ann", telegramsim.WithID(77)), sim.NewPerson("Bob")
		g := sim.NewSupergroup("Group", ann)
		g.AddBot(ann)
		g.PromoteBot(ann, telegramsim.AllRights())
		received(t, sim)
		g.Join(bob)
		g.Promote(bob, telegramsim.AllRights(), false)
		g.Demote(bob)
		g.Leave(bob)
		var got []models.ChatMemberType
		for _, u := range received(t, sim) {
			got = append(got, u.ChatMember.NewChatMember.Type)
		}
		want := []models.ChatMemberType{models.ChatMemberTypeMember, models.ChatMemberTypeAdministrator, models.ChatMemberTypeMember, models.ChatMemberTypeLeft}
		if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] || got[3] != want[3] {
			t.Errorf("got %v, want %v", got, want)
		}
		m := ann.WriteIn(g, "first")
		ann.Edit(m, "/help")
		if got := received(t, sim); len(got) != 2 || got[1].EditedMessage == nil || got[1].EditedMessage.Text != "/help" {
			t.Errorf("got %+v, want the message and its edit", got)
		}
	})
}
