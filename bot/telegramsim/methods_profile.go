package telegramsim

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// core.telegram.org/bots/api, setMyCommands and the methods after it.
const (
	maxCommands         = 100
	maxCommandRunes     = 32
	maxDescriptionRunes = 256 // of a command
	maxNameRunes        = 64
	maxAboutRunes       = 512 // setMyDescription
	maxShortRunes       = 120 // setMyShortDescription
)

// profile is what the bot says about itself; guarded by Sim.mu.
type profile struct {
	commands map[commandKey][]Command
	texts    map[textKey]string
	menu     map[int64]json.RawMessage // per chat; 0 is the default
	rights   map[bool]json.RawMessage  // default rights in groups and (true) channels
}

type textKey struct{ what, language string }

func newProfile() profile {
	return profile{
		commands: map[commandKey][]Command{}, texts: map[textKey]string{},
		menu: map[int64]json.RawMessage{}, rights: map[bool]json.RawMessage{},
	}
}

func setMyName(c *call) (any, error) { return c.setText("name", maxNameRunes) }

func setMyDescription(c *call) (any, error) { return c.setText("description", maxAboutRunes) }

func setMyShortDescription(c *call) (any, error) {
	return c.setText("short_description", maxShortRunes)
}

func getMyName(c *call) (any, error) { return c.getText("name", c.sim.state.bot.FirstName) }

func getMyDescription(c *call) (any, error) { return c.getText("description", "") }

func getMyShortDescription(c *call) (any, error) { return c.getText("short_description", "") }

func (c *call) setText(what string, most int) (any, error) {
	key := textKey{what, c.form.Text("language_code")}
	if err := c.checkLanguage(key.language); err != nil {
		return nil, err
	}
	text := strings.TrimSpace(c.form.Text(what))
	if utf8.RuneCountInString(text) > most {
		return nil, badRequest("%s is too long", strings.ReplaceAll(what, "_", " "))
	}
	if c.sim.state.profile.texts[key] == text {
		c.sim.state.stats.Unchanged++
	}
	if text == "" {
		delete(c.sim.state.profile.texts, key)
	} else {
		c.sim.state.profile.texts[key] = text
	}
	c.sim.state.changed()
	return true, nil
}

func (c *call) getText(what, otherwise string) (any, error) {
	language := c.form.Text("language_code")
	if err := c.checkLanguage(language); err != nil {
		return nil, err
	}
	return map[string]string{what: c.sim.state.about(what, language, otherwise)}, nil
}

func (st *state) about(what, language, otherwise string) string {
	for _, l := range []string{language, ""} {
		if text := st.profile.texts[textKey{what, l}]; text != "" {
			return text
		}
	}
	return otherwise
}

// About returns the text that the empty chat with the bot shows in a language, see
// setMyDescription.
func (s *Sim) About(language string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.about("description", language, "")
}

func setChatMenuButton(c *call) (any, error) {
	var button struct {
		Type string `json:"type"`
	}
	given, err := c.object("menu_button", &button)
	if err != nil {
		return nil, err
	}
	chatID := c.form.Integer("chat_id")
	if chatID != 0 && (c.sim.state.chats[chatID] == nil || c.sim.state.chats[chatID].kind != private) {
		return nil, ChatNotFound
	}
	switch button.Type {
	case "commands", "web_app", "default":
	default:
		if given {
			return nil, badRequest("Can't parse menu button: MenuButton has unsupported type")
		}
	}
	c.sim.state.profile.menu[chatID] = json.RawMessage(c.form.Text("menu_button"))
	if !given {
		delete(c.sim.state.profile.menu, chatID)
	}
	return true, nil
}

func getChatMenuButton(c *call) (any, error) {
	for _, id := range []int64{c.form.Integer("chat_id"), 0} {
		if button := c.sim.state.profile.menu[id]; button != nil {
			return button, nil
		}
	}
	return map[string]string{"type": "commands"}, nil
}

func setDefaultRights(c *call) (any, error) {
	var rights map[string]bool
	given, err := c.object("rights", &rights)
	if err != nil {
		return nil, err
	}
	channels := c.form.Flag("for_channels")
	if !given {
		delete(c.sim.state.profile.rights, channels)
		return true, nil
	}
	c.sim.state.profile.rights[channels] = json.RawMessage(c.form.Text("rights"))
	return true, nil
}

func getDefaultRights(c *call) (any, error) {
	if stored := c.sim.state.profile.rights[c.form.Flag("for_channels")]; stored != nil {
		return stored, nil
	}
	return map[string]bool{}, nil
}

// botID returns the number before the colon of a token.
func botID(token string) int64 {
	digits, _, _ := strings.Cut(token, ":")
	id, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 1
	}
	return id
}
