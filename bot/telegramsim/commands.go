package telegramsim

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"digestbot/bot/telegramsim/botapi"
)

type commandKey struct {
	scope    scope
	language string
}

// scope is a BotCommandScope.
type scope struct {
	Type string `json:"type"`
	Chat int64  `json:"-"`
	User int64  `json:"user_id"`
}

// commandKey reads scope and language_code.
func (c *call) commandKey() (commandKey, error) {
	var given struct {
		scope
		ChatID json.RawMessage `json:"chat_id"`
	}
	ok, err := c.object("scope", &given)
	if err != nil {
		return commandKey{}, badRequest("Can't parse BotCommandScope JSON object")
	}
	key := commandKey{scope: given.scope, language: c.form.Text("language_code")}
	if !ok {
		key.scope.Type = "default"
	}
	if err := c.checkLanguage(key.language); err != nil {
		return commandKey{}, err
	}
	switch key.scope.Type {
	case "default", "all_private_chats", "all_group_chats", "all_chat_administrators":
		key.scope.Chat, key.scope.User = 0, 0
		return key, nil
	case "chat", "chat_administrators", "chat_member":
	default:
		return commandKey{}, badRequest("Can't parse BotCommandScope: Unsupported type specified")
	}
	return c.chatScope(key, strings.Trim(string(given.ChatID), `"`))
}

func (c *call) chatScope(key commandKey, chatID string) (commandKey, error) {
	inner := *c
	inner.form = botapi.Params{Values: map[string]string{"chat_id": chatID}}
	in, err := inner.chatLocked(toRead)
	if err != nil {
		return commandKey{}, err
	}
	switch {
	case in.kind == channel:
		return commandKey{}, badRequest("Can't change commands in channel chats")
	case in.kind == private && key.scope.Type != "chat":
		return commandKey{}, badRequest("Can't use specified scope in private chats")
	case key.scope.Type == "chat_member" && key.scope.User <= 0:
		return commandKey{}, badRequest("Can't parse BotCommandScope: Invalid user_id specified")
	}
	key.scope.Chat = in.id
	if key.scope.Type != "chat_member" {
		key.scope.User = 0
	}
	return key, nil
}

func (c *call) checkLanguage(code string) error {
	if code == "" || len(code) == 2 && isLower(code[0]) && isLower(code[1]) {
		return nil
	}
	return badRequest("Invalid language code specified")
}

func isLower(b byte) bool { return 'a' <= b && b <= 'z' }

func setMyCommands(c *call) (any, error) {
	key, err := c.commandKey()
	if err != nil {
		return nil, err
	}
	var commands []Command
	if _, err := c.object("commands", &commands); err != nil {
		return nil, badRequest("Can't parse commands JSON object")
	}
	if len(commands) > maxCommands {
		return nil, Refusal("Bad Request: BOT_COMMANDS_TOO_MUCH")
	}
	for i := range commands {
		if err := commands[i].check(); err != nil {
			return nil, err
		}
		commands[i].IsEphemeral = commands[i].IsEphemeral && !c.sim.opts.WithoutEphemeral
	}
	if slices.Equal(c.sim.state.profile.commands[key], commands) {
		c.sim.state.stats.Unchanged++
	}
	if len(commands) == 0 {
		delete(c.sim.state.profile.commands, key)
	} else {
		c.sim.state.profile.commands[key] = commands
	}
	c.sim.state.changed()
	return true, nil
}

// check cleans a command up as Telegram does, or refuses it.
func (k *Command) check() error {
	k.Command = strings.TrimPrefix(strings.TrimSpace(k.Command), "/")
	k.Description = strings.TrimSpace(k.Description)
	switch {
	case k.Command == "":
		return badRequest("Command must be non-empty")
	case utf8.RuneCountInString(k.Command) > maxCommandRunes:
		return badRequest("Command length must not exceed %d", maxCommandRunes)
	case k.Description == "":
		return badRequest("Command description must be non-empty")
	case utf8.RuneCountInString(k.Description) > maxDescriptionRunes:
		return badRequest("Command description length must not exceed %d", maxDescriptionRunes)
	}
	if strings.Trim(k.Command, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return Refusal("Bad Request: BOT_COMMAND_INVALID")
	}
	return nil
}

func getMyCommands(c *call) (any, error) {
	key, err := c.commandKey()
	if err != nil {
		return nil, err
	}
	commands := c.sim.state.profile.commands[key]
	if commands == nil {
		commands = []Command{}
	}
	return commands, nil
}

func deleteMyCommands(c *call) (any, error) {
	key, err := c.commandKey()
	if err != nil {
		return nil, err
	}
	delete(c.sim.state.profile.commands, key)
	c.sim.state.changed()
	return true, nil
}

// Commands returns the command menu that a person sees in a chat. It is that of the first
// scope with commands, in the person's language or else without a language, in the order of
// core.telegram.org/bots/api#determining-list-of-commands.
func (s *Sim) Commands(p *Person, in *Chat) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.commands(p, in.ID)
}

func (st *state) commands(p *Person, chatID int64) []Command {
	c := st.chats[chatID]
	if c == nil || c.kind == channel {
		return nil
	}
	language, _, _ := strings.Cut(p.user.LanguageCode, "-")
	for _, sc := range scopesFor(c, p.user.ID) {
		for _, l := range []string{language, ""} {
			if found := st.profile.commands[commandKey{sc, l}]; len(found) > 0 {
				return append([]Command(nil), found...)
			}
		}
	}
	return nil
}

func scopesFor(c *chat, user int64) []scope {
	if c.kind == private {
		return []scope{{Type: "chat", Chat: c.id}, {Type: "all_private_chats"}, {Type: "default"}}
	}
	scopes := []scope{{Type: "chat_member", Chat: c.id, User: user}}
	if c.members[user].admin() {
		scopes = append(scopes, scope{Type: "chat_administrators", Chat: c.id})
	}
	scopes = append(scopes, scope{Type: "chat", Chat: c.id})
	if c.members[user].admin() {
		scopes = append(scopes, scope{Type: "all_chat_administrators"})
	}
	return append(scopes, scope{Type: "all_group_chats"}, scope{Type: "default"})
}
