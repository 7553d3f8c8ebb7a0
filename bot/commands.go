package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/talk"
	"digestbot/subscribers"
)

// commandHandler is what a command does. args is the rest of its message.
type commandHandler struct {
	run      func(ctx context.Context, v talk.Visit, args string) error
	by       permission // botEditors and botOwners: in private; it does not exist for others
	settings bool       // in groups and channels only for their admins
	aside    bool       // in channels it leads to the private chat, as settings do
}

func (b *Bot) commandTable() map[string]commandHandler {
	return map[string]commandHandler{
		"start":       {run: b.start, aside: true},
		"subscribe":   {run: b.reader.Subscribe, settings: true},
		"unsubscribe": {run: b.reader.Unsubscribe, settings: true},
		"sections":    {run: b.reader.Sections, settings: true},
		"topics":      {run: b.reader.Topics, settings: true},
		"latest":      {run: b.reader.Latest},
		"issues":      {run: b.reader.Issues},
		"issue":       {run: b.reader.AskIssue},
		"search":      {run: b.reader.Search},
		"help":        {run: b.reader.Help, aside: true},
		"settings":    {run: b.reader.Settings, settings: true},
		"time":        {run: b.reader.Time, settings: true},
		"mute":        {run: b.reader.Mute, settings: true},
		"highlight":   {run: b.reader.Highlight, settings: true},
		"channels":    {run: b.hosts.Channels, aside: true},
		"pause":       {run: b.reader.Pause, settings: true},
		"resume":      {run: b.reader.Resume, settings: true},
		"forget":      {run: b.reader.AskForget, settings: true},
		"privacy":     {run: b.reader.Privacy},
		"broadcast":   {run: b.desk.AskBroadcast, by: botEditors},
		"status":      {run: b.status, by: botEditors},
		"stats":       {run: b.figures.Stats, by: botEditors},
		"withdraw":    {run: b.desk.Withdraw, by: botEditors},
		"redate":      {run: b.desk.Redate, by: botEditors},
		"audit":       {run: b.staff.Audit, by: botEditors},
		"editors":     {run: b.staff.Editors, by: botOwners},
		"sources":     {run: b.sourcing.Sources, by: botEditors},
		"draft":       {run: b.drafts.Draft, by: botEditors},
		"done":        {run: b.drafts.Done, by: botEditors},
		"cancel":      {run: b.drafts.Cancel, by: botEditors},
	}
}

// call is a message read as a command.
type call struct {
	name  string // lower case, without slash; empty: it is no command
	args  string
	to    string // the bot it names; empty: none
	plain bool   // a person wrote or sent something that is no command
}

// readCall finds the command in a message, or in what is written under a picture
// or file. Telegram marks it with an entity, so "/subscribe" in the middle of a
// sentence is none; forwarded ones are somebody else's words.
func readCall(m *models.Message) call {
	c := call{plain: hasContent(m)}
	text, entities := m.Text, m.Entities
	if text == "" {
		text, entities = m.Caption, m.CaptionEntities
	}
	if len(entities) == 0 || m.ForwardOrigin != nil || m.ViaBot != nil {
		return c
	}
	e := entities[0]
	if e.Type != models.MessageEntityTypeBotCommand || e.Offset != 0 || e.Length < 1 || e.Length > len(text) {
		return c
	}
	// Commands are ASCII, so their UTF-16 units are bytes.
	c.name, c.to, _ = strings.Cut(strings.ToLower(strings.TrimPrefix(text[:e.Length], "/")), "@")
	c.args = strings.TrimSpace(text[e.Length:])
	if number, ok := strings.CutPrefix(c.name, "issue_"); ok { // can be tapped, which "/issue 12" cannot
		c.name, c.args = "issue", number
	}
	return c
}

// hasContent reports whether somebody wrote or sent the message; others are Telegram's
// reports about the chat, such as a new title.
func hasContent(m *models.Message) bool {
	return slices.Contains([]bool{
		m.Text != "", m.Caption != "", len(m.Photo) > 0, m.Document != nil, m.Sticker != nil,
		m.Voice != nil, m.Video != nil, m.Audio != nil, m.Animation != nil, m.VideoNote != nil, m.Location != nil,
		m.Contact != nil, m.Poll != nil, m.Dice != nil, m.Story != nil, m.Game != nil, m.PaidMedia != nil,
		m.Checklist != nil, m.RichMessage != nil, m.LivePhoto != nil, m.Giveaway != nil,
	}, true)
}

// handleMessage handles a message or a channel's post.
func (b *Bot) handleMessage(ctx context.Context, m *models.Message) {
	b.showMenu(m)
	if m.MigrateToChatID != 0 || m.MigrateFromChatID != 0 {
		b.hosts.FollowMigration(ctx, m)
		return
	}
	if m.From != nil && m.From.IsBot && m.SenderChat == nil {
		return // bots that answer each other would never stop
	}
	if m.Chat.IsDirectMessages {
		b.answerDirect(ctx, m)
		return
	}
	b.hosts.FollowMove(m)
	b.lastMessages.keep(m)
	if b.takeAnswer(ctx, m) || b.takeDraft(ctx, m) {
		return
	}
	b.answerMessage(ctx, m)
}

// answerMessage answers a command, or what a person wrote to the bot instead of one.
func (b *Bot) answerMessage(ctx context.Context, m *models.Message) {
	c := b.readCallOrWord(m)
	todo, known := b.findCommand(c, m)
	reply := b.isReply(c, known, m)
	if !reply && !known && !b.wantsAnswer(c, m) {
		return
	}
	judgement := b.messagePatience.Judge(talk.WriterID(m), time.Unix(int64(m.Date), 0))
	if judgement == talk.StillTooFast {
		return
	}
	v, err := b.talk.WriterVisit(ctx, m)
	switch {
	case err != nil:
	case judgement == talk.TooFast:
		b.talk.Say(ctx, v, v.HTML("flood.slow_down"), nil)
	case reply && b.takeReply(ctx, v, m):
	case known:
		b.hints.reset(m.Chat.ID)
		err = b.runCommand(ctx, v, todo, c, m)
		b.desk.TellUntold(v)
	case !reply || b.wantsAnswer(c, m):
		err = b.answerUnknown(ctx, v, c, m)
	}
	if err != nil {
		b.talk.SayFailure(ctx, v, err)
	}
}

// takeDraft takes a message of an admin that is a draft or a part of one. It reports whether
// the message is.
func (b *Bot) takeDraft(ctx context.Context, m *models.Message) bool {
	if !b.talk.IsFromBotAdmin(m) || !hasContent(m) || m.IsFromOffline || m.ViaBot != nil || readCall(m).name != "" {
		return false
	}
	wanted, err := b.drafts.Wants(ctx, m)
	if err == nil && !wanted {
		return false
	}
	v, problem := b.talk.WriterVisit(ctx, m)
	if err = errors.Join(err, problem); err == nil {
		err = b.drafts.Take(ctx, v, m)
	}
	if err != nil {
		b.talk.SayFailure(ctx, v, err)
	}
	return true
}

// isMoreComing reports whether a later message of the chat waits to be handled.
func (b *Bot) isMoreComing(ctx context.Context, m *models.Message) bool {
	waiting, err := b.backlog(ctx, m.Chat.ID)
	return err == nil && slices.ContainsFunc(waiting, func(u *models.Update) bool {
		return u.Message != nil && u.Message.ID > m.ID
	})
}

// findCommand returns the command that a call names, if its writer may know of it.
func (b *Bot) findCommand(c call, m *models.Message) (todo commandHandler, known bool) {
	todo, known = b.commands[c.name]
	if c.to != "" && !b.isMe(c.to) || todo.by >= botEditors && !b.talk.IsFromBotAdmin(m) {
		return commandHandler{}, false
	}
	return todo, known
}

// isMe reports whether a lower-case user name is the bot's.
func (b *Bot) isMe(name string) bool { return name == strings.ToLower(b.talk.Self.Load().Username) }

// runCommand runs a command if the visitor has the right to it.
func (b *Bot) runCommand(ctx context.Context, v talk.Visit, todo commandHandler, c call, m *models.Message) error {
	if v.Sub.Kind == subscribers.Channel {
		b.hosts.RemovePost(ctx, m)
		if todo.settings || todo.aside {
			return b.hosts.InChannel(ctx, v, c.name, c.args)
		}
	}
	if todo.settings && !b.talk.MayConfigure(ctx, v) {
		return nil
	}
	if todo.by == botOwners && !b.talk.IsOwner(v.User) { // an editor
		b.talk.Say(ctx, v, v.HTML("rights.owner"), nil)
		return nil
	}
	return todo.run(ctx, v, c.args)
}
