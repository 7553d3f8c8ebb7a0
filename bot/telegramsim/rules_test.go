package telegramsim_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/telegramsim"
	"digestbot/bot/telegramsim/speed"
)

// noLimits are the options for a simulator without limits of speed.
var noLimits = telegramsim.Options{Limits: speed.Limits{Off: true}}

// send sends HTML and returns the refusal, if any.
func send(ctx context.Context, b *tg.Bot, chat any, html string) (*models.Message, error) {
	return b.SendMessage(ctx, &tg.SendMessageParams{ChatID: chat, Text: html, ParseMode: models.ParseModeHTML})
}

// wantRefusal is refusedWith, or checks that a message was accepted: want is empty.
func wantRefusal(tb testing.TB, err error, want telegramsim.Refusal) {
	tb.Helper()
	if want != "" {
		refusedWith(tb, err, want)
	} else if err != nil {
		tb.Errorf("send: %v, want it accepted", err)
	}
}

// refusedWith checks that an error of the library has exactly the words of a refusal.
func refusedWith(tb testing.TB, err error, want telegramsim.Refusal) {
	tb.Helper()
	if err == nil || !strings.HasSuffix(err.Error(), ", "+string(want)) && !strings.HasSuffix(err.Error(), ": "+string(want)) {
		tb.Errorf("got %v, want %q", err, want)
	}
}

func TestTextRules(t *testing.T) {
	long := strings.Repeat("x", 4096)
	links := func(n, length int) string {
		return strings.Repeat(`<a href="https://e.example/`+strings.Repeat("y", length)+`">x</a> `, n)
	}
	tests := map[string]struct {
		text string
		want telegramsim.Refusal // empty: accepted
	}{
		"empty":                  {"", telegramsim.TextEmpty},
		"blank":                  {" \n\u200b", telegramsim.TextBlank},
		"blank in Braille":       {"\u2800", telegramsim.TextBlank},
		"blank in Hangul":        {"\u3164", telegramsim.TextBlank},
		"blank after parsing":    {"<b> </b>", telegramsim.TextBlank},
		"as long as may be":      {long, ""},
		"one too many":           {long + "x", telegramsim.MessageTooLong},
		"long markup":            {"<b>" + long + "</b>", ""},
		"counted in UTF-16":      {strings.Repeat("😀", 2048), ""},
		"one emoji too many":     {strings.Repeat("😀", 2048) + "x", telegramsim.MessageTooLong},
		"Chinese":                {strings.Repeat("中", 4096), ""},
		"raw text too long":      {strings.Repeat("&lt;", 8193), telegramsim.TextTooLong},
		"bad markup":             {"<p>x</p>", telegramsim.CannotParse},
		"entities of 9 kB":       {links(45, 150), ""},
		"entities of over 10 kB": {links(45, 250), telegramsim.EntitiesTooLong},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
				ann, b := started(sim, "Ann"), newBot(t, sim)
				_, err := send(t.Context(), b, ann.ID(), test.text)
				wantRefusal(t, err, test.want)
			})
		})
	}
}

func TestWhoMayBeWrittenTo(t *testing.T) {
	type setup func(*telegramsim.Sim, *telegramsim.Person) int64
	groupOf := func(make func(*telegramsim.Sim, *telegramsim.Person) *telegramsim.Chat, then func(*telegramsim.Chat, *telegramsim.Person)) setup {
		return func(sim *telegramsim.Sim, ann *telegramsim.Person) int64 {
			c := make(sim, ann)
			c.AddBot(ann)
			then(c, ann)
			return c.ID
		}
	}
	basic := func(sim *telegramsim.Sim, p *telegramsim.Person) *telegramsim.Chat { return sim.NewGroup("G", p) }
	super := func(sim *telegramsim.Sim, p *telegramsim.Person) *telegramsim.Chat { return sim.NewSupergroup("S", p) }
	channel := func(sim *telegramsim.Sim, p *telegramsim.Person) *telegramsim.Chat { return sim.NewChannel("C", p) }
	nothing := func(*telegramsim.Chat, *telegramsim.Person) {}
	tests := map[string]struct {
		chat setup
		want telegramsim.Refusal
	}{
		"started": {func(_ *telegramsim.Sim, p *telegramsim.Person) int64 { p.Write("hi"); return p.ID() }, ""},
		"nobody":  {func(*telegramsim.Sim, *telegramsim.Person) int64 { return 424242 }, telegramsim.ChatNotFound},
		"unknown": {func(_ *telegramsim.Sim, p *telegramsim.Person) int64 { return p.ID() }, telegramsim.ChatNotFound},
		"known from a group": {func(sim *telegramsim.Sim, p *telegramsim.Person) int64 {
			c := sim.NewGroup("G", p)
			c.AddBot(p)
			p.WriteIn(c, "/help@digest_sim_bot")
			return p.ID()
		}, telegramsim.CannotInitiate},
		"blocked": {func(_ *telegramsim.Sim, p *telegramsim.Person) int64 { p.Write("hi"); p.Block(); return p.ID() }, telegramsim.BotBlocked},
		"unblocked": {func(_ *telegramsim.Sim, p *telegramsim.Person) int64 {
			p.Write("hi")
			p.Block()
			p.Unblock()
			return p.ID()
		}, ""},
		"deactivated": {func(_ *telegramsim.Sim, p *telegramsim.Person) int64 { p.Write("hi"); p.Deactivate(); return p.ID() }, telegramsim.UserDeactivated},
		"a bot": {func(sim *telegramsim.Sim, _ *telegramsim.Person) int64 {
			return sim.NewPerson("R2", telegramsim.AsBot()).ID()
		}, telegramsim.CannotWriteToBots},

		"group":             {groupOf(basic, nothing), ""},
		"group, kicked":     {groupOf(basic, (*telegramsim.Chat).RemoveBot), telegramsim.KickedGroup},
		"group, not in":     {func(sim *telegramsim.Sim, p *telegramsim.Person) int64 { return sim.NewGroup("G", p).ID }, telegramsim.NotInGroup},
		"group, deleted":    {groupOf(basic, func(c *telegramsim.Chat, _ *telegramsim.Person) { c.Delete() }), telegramsim.GroupDeleted},
		"group, muted":      {groupOf(basic, (*telegramsim.Chat).MuteBot), telegramsim.NoRightsText},
		"supergroup":        {groupOf(super, nothing), ""},
		"supergroup, out":   {groupOf(super, (*telegramsim.Chat).RemoveBot), telegramsim.KickedSupergroup},
		"supergroup, never": {func(sim *telegramsim.Sim, p *telegramsim.Person) int64 { return sim.NewSupergroup("S", p).ID }, telegramsim.NotInSupergroup},
		"supergroup, gone":  {groupOf(super, func(c *telegramsim.Chat, _ *telegramsim.Person) { c.Delete() }), telegramsim.ChatNotFound},
		"channel":           {groupOf(channel, nothing), ""},
		"channel, out":      {groupOf(channel, (*telegramsim.Chat).RemoveBot), telegramsim.KickedChannel},
		"channel, never":    {func(sim *telegramsim.Sim, p *telegramsim.Person) int64 { return sim.NewChannel("C", p).ID }, telegramsim.NotInChannel},
		"channel, demoted":  {groupOf(channel, (*telegramsim.Chat).DemoteBot), telegramsim.ChannelRights},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
				b := newBot(t, sim)
				id := test.chat(sim, sim.NewPerson("Ann"))
				_, err := send(t.Context(), b, id, "hello")
				wantRefusal(t, err, test.want)
			})
		})
	}
}

func TestTopics(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, b := sim.NewPerson("Ann"), newBot(t, sim)
		forum := sim.NewForum("Forum", ann)
		forum.AddBot(ann)
		thread := forum.NewTopic(ann, "News")
		post := func(thread int) (*models.Message, error) {
			return b.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: forum.ID, MessageThreadID: thread, Text: "x"})
		}
		m, err := post(thread)
		if err != nil || m.MessageThreadID != thread || !m.IsTopicMessage {
			t.Errorf("post in a topic = %+v, %v; want it there", m, err)
		}
		_, err = post(thread + 999)
		refusedWith(t, err, telegramsim.ThreadNotFound)
		forum.CloseTopic(thread)
		_, err = post(thread)
		refusedWith(t, err, telegramsim.TopicClosed)
		forum.PromoteBot(ann, telegramsim.AllRights())
		if _, err = post(thread); err != nil {
			t.Errorf("post in a closed topic with the right to manage topics: %v", err)
		}
		forum.DeleteTopic(thread)
		_, err = post(thread)
		refusedWith(t, err, telegramsim.TopicDeleted)

		made, err := b.CreateForumTopic(t.Context(), &tg.CreateForumTopicParams{ChatID: forum.ID, Name: "Tools"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = post(made.MessageThreadID); err != nil {
			t.Errorf("post in the bot's own topic: %v", err)
		}
		forum.DemoteBot(ann)
		_, err = b.CreateForumTopic(t.Context(), &tg.CreateForumTopicParams{ChatID: forum.ID, Name: "More"})
		refusedWith(t, err, telegramsim.TopicsForbidden)
	})
}

func TestMigration(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, b := sim.NewPerson("Ann"), newBot(t, sim)
		old := sim.NewGroup("Group", ann)
		old.AddBot(ann)
		fresh := old.Upgrade()
		_, err := send(t.Context(), b, old.ID, "x")
		migrated, ok := errors.AsType[*tg.MigrateError](err)
		if !ok || int64(migrated.MigrateToChatID) != fresh.ID {
			t.Errorf("send to the old group = %v, want a migration to %d", err, fresh.ID)
		}
		if _, err := send(t.Context(), b, fresh.ID, "x"); err != nil {
			t.Errorf("send to the new one: %v", err)
		}
	})
}

func TestKeyboardRules(t *testing.T) {
	data := func(s string) models.InlineKeyboardButton {
		return models.InlineKeyboardButton{Text: "b", CallbackData: s}
	}
	many := func(n int) []models.InlineKeyboardButton {
		row := make([]models.InlineKeyboardButton, n)
		for i := range row {
			row[i] = data("x")
		}
		return row
	}
	tests := map[string]struct {
		row  []models.InlineKeyboardButton
		want string
	}{
		"64 bytes":      {[]models.InlineKeyboardButton{data(strings.Repeat("x", 64))}, ""},
		"65 bytes":      {[]models.InlineKeyboardButton{data(strings.Repeat("x", 65))}, string(telegramsim.ButtonDataInvalid)},
		"22 characters": {[]models.InlineKeyboardButton{data(strings.Repeat("中", 22))}, string(telegramsim.ButtonDataInvalid)},
		"90 in a row":   {many(90), ""},
		"no action":     {[]models.InlineKeyboardButton{{Text: "b"}}, "Text buttons are unallowed in the inline keyboard"},
		"no text":       {[]models.InlineKeyboardButton{{CallbackData: "x"}}, ""},
		"blank text":    {[]models.InlineKeyboardButton{{Text: " ", CallbackData: "x"}}, "inline keyboard button text must be non-empty"},
		"style":         {[]models.InlineKeyboardButton{{Text: "b", CallbackData: "x", Style: "danger"}}, ""},
		"unknown style": {[]models.InlineKeyboardButton{{Text: "b", CallbackData: "x", Style: "pink"}}, "can't parse inline keyboard button: invalid button style specified"},
		"web app":       {[]models.InlineKeyboardButton{{Text: "b", WebApp: &models.WebAppInfo{URL: "https://e.example/x"}}}, ""},
		"bare web app":  {[]models.InlineKeyboardButton{{Text: "b", WebApp: &models.WebAppInfo{URL: "http://e.example/x"}}}, "inline keyboard button Web App URL 'http://e.example/x' is invalid: Only HTTPS links are allowed"},
		"odd web app":   {[]models.InlineKeyboardButton{{Text: "b", WebApp: &models.WebAppInfo{URL: "x y"}}}, "inline keyboard button Web App URL 'x y' is invalid: Disallowed character in URL host"},
		"no such port":  {[]models.InlineKeyboardButton{{Text: "b", URL: "https://e.example:99999/"}}, "inline keyboard button URL 'https://e.example:99999/' is invalid: Wrong port number specified in the URL"},
		"address":       {[]models.InlineKeyboardButton{{Text: "b", URL: "https://e.example/x"}}, ""},
		"deep link":     {[]models.InlineKeyboardButton{{Text: "b", URL: "tg://user?id=5"}}, ""},
		"bad address":   {[]models.InlineKeyboardButton{{Text: "b", URL: "http://localhost"}}, "inline keyboard button URL 'http://localhost' is invalid: Wrong HTTP URL"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
				ann, b := started(sim, "Ann"), newBot(t, sim)
				_, err := b.SendMessage(t.Context(), &tg.SendMessageParams{
					ChatID: ann.ID(), Text: "x", ReplyMarkup: &models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{test.row}},
				})
				if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
					t.Errorf("send = %v, want %q", err, test.want)
				}
			})
		})
	}
}

func TestEditing(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, b := started(sim, "Ann"), newBot(t, sim)
		theirs := ann.Write("mine")
		m, err := send(t.Context(), b, ann.ID(), "<b>a</b>")
		if err != nil {
			t.Fatal(err)
		}
		edit := func(id int, text string) error {
			_, err := b.EditMessageText(t.Context(), &tg.EditMessageTextParams{ChatID: ann.ID(), MessageID: id, Text: text, ParseMode: models.ParseModeHTML})
			return err
		}
		refusedWith(t, edit(m.ID, "<b>a</b> "), telegramsim.NotModified)
		refusedWith(t, edit(m.ID, ""), telegramsim.TextEmpty)
		refusedWith(t, edit(999, "x"), telegramsim.EditNotFound)
		refusedWith(t, edit(theirs.ID, "x"), telegramsim.EditForbidden)
		if err := edit(m.ID, "a"); err != nil {
			t.Errorf("edit that only takes the formatting off: %v", err)
		}
		if _, err := b.DeleteMessage(t.Context(), &tg.DeleteMessageParams{ChatID: ann.ID(), MessageID: m.ID}); err != nil {
			t.Errorf("delete: %v", err)
		}
		refusedWith(t, edit(m.ID, "x"), telegramsim.EditNotFound)
		_, err = b.DeleteMessage(t.Context(), &tg.DeleteMessageParams{ChatID: ann.ID(), MessageID: m.ID})
		refusedWith(t, err, telegramsim.DeleteNotFound)

		old, err := send(t.Context(), b, ann.ID(), "old")
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(48 * time.Hour) // the bubble's clock
		_, err = b.DeleteMessage(t.Context(), &tg.DeleteMessageParams{ChatID: ann.ID(), MessageID: old.ID})
		refusedWith(t, err, telegramsim.DeleteForbidden)
		if err := edit(old.ID, "new"); err != nil {
			t.Errorf("edit after two days: %v", err)
		}
	})
}

func TestAnswersToButtons(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, b := started(sim, "Ann"), newBot(t, sim)
		m, err := b.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: ann.ID(), Text: "x", ReplyMarkup: &models.InlineKeyboardMarkup{
			InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "Go", CallbackData: "go"}, {Text: "Web", URL: "https://e.example"}}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		seen, _ := ann.Chat().Message(m.ID)
		if _, err := ann.Press(seen, "Web"); err == nil {
			t.Error("pressing an address calls the bot")
		}
		press := func() *telegramsim.Query {
			q, err := ann.Press(seen, "Go")
			if err != nil {
				t.Fatal(err)
			}
			return q
		}
		answer := func(q *telegramsim.Query, text string) error {
			_, err := b.AnswerCallbackQuery(t.Context(), &tg.AnswerCallbackQueryParams{CallbackQueryID: q.ID, Text: text, ShowAlert: true})
			return err
		}
		q := press()
		refusedWith(t, answer(q, strings.Repeat("中", 201)), telegramsim.AnswerTooLong)
		if err := answer(q, strings.Repeat("中", 200)); err != nil {
			t.Errorf("answer: %v", err)
		}
		if a, ok := q.Answer(); !ok || !a.Alert {
			t.Errorf("answer = %+v, %t; want an alert", a, ok)
		}
		refusedWith(t, answer(q, "again"), telegramsim.QueryTooOld)
		old := press()
		time.Sleep(6 * time.Minute)
		refusedWith(t, answer(old, "late"), telegramsim.QueryTooOld)
	})
}

func TestCommandMenus(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		b := newBot(t, sim)
		ann, lin := started(sim, "Ann", telegramsim.Language("en")), started(sim, "小林", telegramsim.Language("zh-hans"))
		set := func(scope models.BotCommandScope, language string, names ...string) error {
			var commands []models.BotCommand
			for _, n := range names {
				commands = append(commands, models.BotCommand{Command: n, Description: "about " + n})
			}
			_, err := b.SetMyCommands(t.Context(), &tg.SetMyCommandsParams{Commands: commands, Scope: scope, LanguageCode: language})
			return err
		}
		for _, err := range []error{
			set(nil, "", "start"), set(nil, "zh", "start", "latest"),
			set(&models.BotCommandScopeChat{ChatID: ann.ID()}, "", "start", "broadcast"),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		for p, want := range map[*telegramsim.Person]string{ann: "start broadcast", lin: "start latest"} {
			var got []string
			for _, c := range sim.Commands(p, p.Chat()) {
				got = append(got, c.Command)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s sees %v, want %s", p.Name(), got, want)
			}
		}
		refusedWith(t, set(nil, "", "Start"), "Bad Request: BOT_COMMAND_INVALID")
		refusedWith(t, set(nil, "", strings.Repeat("x", 33)), "Bad Request: command length must not exceed 32")
		refusedWith(t, set(nil, "zh-hans", "x"), "Bad Request: invalid language code specified")
		refusedWith(t, set(&models.BotCommandScopeChat{ChatID: 5555}, "", "x"), telegramsim.ChatNotFound)
		many := make([]string, 101)
		for i := range many {
			many[i] = fmt.Sprintf("c%d", i)
		}
		refusedWith(t, set(nil, "", many...), "Bad Request: BOT_COMMANDS_TOO_MUCH")
	})
}

func TestFiles(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		b := newBot(t, sim)
		ann := started(sim, "Ann")
		sent := ann.SendDocument("issue-180.md", []byte("# Issue"), "new one")
		f, err := b.GetFile(t.Context(), &tg.GetFileParams{FileID: sent.Document.FileID})
		if err != nil {
			t.Fatal(err)
		}
		response, err := sim.Client().Get(b.FileDownloadLink(f))
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		data := make([]byte, 100)
		n, _ := response.Body.Read(data)
		if got := string(data[:n]); got != "# Issue" || f.FileSize != 7 {
			t.Errorf("downloaded %q of size %d, want # Issue of 7", got, f.FileSize)
		}
		_, err = b.GetFile(t.Context(), &tg.GetFileParams{FileID: "nothing"})
		refusedWith(t, err, telegramsim.FileNotFound)
		big := ann.SendDocument("big.md", make([]byte, 20<<20+1), "")
		_, err = b.GetFile(t.Context(), &tg.GetFileParams{FileID: big.Document.FileID})
		refusedWith(t, err, telegramsim.FileTooBig)
		back, err := b.SendDocument(t.Context(), &tg.SendDocumentParams{
			ChatID: ann.ID(), Document: &models.InputFileUpload{Filename: "a.txt", Data: strings.NewReader("abc")}, Caption: "<i>c</i>", ParseMode: models.ParseModeHTML,
		})
		if err != nil || back.Document.FileName != "a.txt" || back.Caption != "c" {
			t.Errorf("document sent = %+v, %v", back, err)
		}
	})
}

func TestPhotos(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		b, ann := newBot(t, sim), started(sim, "Ann")
		photo := func(address, caption string) error {
			_, err := b.SendPhoto(t.Context(), &tg.SendPhotoParams{ChatID: ann.ID(), Photo: &models.InputFileString{Data: address}, Caption: caption})
			return err
		}
		if err := photo("https://e.example/a.jpg", strings.Repeat("x", 1024)); err != nil {
			t.Errorf("photo: %v", err)
		}
		refusedWith(t, photo("https://e.example/a.jpg", strings.Repeat("x", 1025)), telegramsim.CaptionTooLong)
		refusedWith(t, photo("no-such-file", ""), telegramsim.WrongFile)
	})
}

func TestRichMessages(t *testing.T) {
	tests := map[string]struct{ html, want string }{
		"a bit of all": {`<h2>T</h2><p>a <b>b</b></p><ul><li>x</li></ul><img src="https://e.example/a.jpg"/><table><tr><td>1</td></tr></table><hr/><footer>f</footer>`, ""},
		"empty":        {"  ", "rich message must be non-empty"},
		"unknown tag":  {"<video>x</video>", "can't parse rich message: Unsupported start tag"},
		"unclosed":     {"<p>x", "can't parse rich message: Can't find end tag"},
		"crossed":      {"<p><b>x</p></b>", "can't parse rich message: Unmatched end tag"},
		"inline image": {`<p><img src="https://e.example/a.jpg"/></p>`, "can't parse rich message: Image in the tag"},
		"quotes":       {"<blockquote><p>x</p></blockquote><blockquote expandable>x</blockquote>", ""},
		"folded block": {"<blockquote expandable><p>x</p></blockquote>", `Tag "p" isn't allowed in "blockquote"`},
		"too long":     {"<p>" + strings.Repeat("x", 32769) + "</p>", "RICH_MESSAGE_TOO_LONG"},
		"500 blocks":   {strings.Repeat("<p>x</p>", 500), ""},
		"501 blocks":   {strings.Repeat("<p>x</p>", 501), "RICH_MESSAGE_BLOCKS_TOO_MUCH"},
		"51 pictures":  {strings.Repeat(`<img src="https://e.example/a.jpg"/>`, 51), "RICH_MESSAGE_MEDIA_TOO_MUCH"},
		"21 columns":   {"<table><tr>" + strings.Repeat("<td>x</td>", 21) + "</tr></table>", "Too many table columns"},
		"too deep":     {strings.Repeat("<b>", 17) + "x" + strings.Repeat("</b>", 17), "Too deep nesting"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
				b, ann := newBot(t, sim), started(sim, "Ann")
				_, err := b.SendRichMessage(t.Context(), &tg.SendRichMessageParams{ChatID: ann.ID(), RichMessage: models.InputRichMessage{HTML: test.html}})
				if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
					t.Errorf("send = %v, want %q", err, test.want)
				}
			})
		})
	}
	t.Run("older server", func(t *testing.T) {
		inBubble(t, telegramsim.Options{WithoutRich: true}, func(t *testing.T, sim *telegramsim.Sim) {
			b, ann := newBot(t, sim), started(sim, "Ann")
			_, err := b.SendRichMessage(t.Context(), &tg.SendRichMessageParams{ChatID: ann.ID(), RichMessage: models.InputRichMessage{HTML: "<p>x</p>"}})
			refusedWith(t, err, telegramsim.MethodNotFound)
		})
	})
}

// In a channel where the bot may no longer post, its posts stay as they are.
func TestChangingPostsWithoutRights(t *testing.T) {
	inBubble(t, noLimits, func(t *testing.T, sim *telegramsim.Sim) {
		ann, b := started(sim, "Ann"), newBot(t, sim)
		c := sim.NewChannel("Channel", ann)
		c.PromoteBot(ann, telegramsim.AllRights())
		m, err := send(t.Context(), b, c.ID, "post")
		if err != nil {
			t.Fatal(err)
		}
		c.PromoteBot(ann, telegramsim.AdminRights{})
		_, err = b.EditMessageText(t.Context(), &tg.EditMessageTextParams{ChatID: c.ID, MessageID: m.ID, Text: "x"})
		refusedWith(t, err, telegramsim.EditForbidden)
		_, err = b.DeleteMessages(t.Context(), &tg.DeleteMessagesParams{ChatID: c.ID, MessageIDs: []int{m.ID}})
		refusedWith(t, err, telegramsim.DeleteForbidden)
	})
}
