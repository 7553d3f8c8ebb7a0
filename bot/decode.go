package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/go-telegram/bot/models"
)

// Telegram adds to its updates at any time: kinds of media, of members, of
// backgrounds. The library gives an update up for a single part that it cannot
// read. Most often that part does not matter here, such as the message somebody
// replies to. The bot answers such an update all the same.

var (
	errNoID   = errors.New("it has no id")
	errNoCore = errors.New("it does not say where it comes from")
)

// readUpdate reads an update as Telegram sends it. The parts that the library cannot
// read are there, but empty; the error says why. Of an update that does not say where it
// comes from only the id is left, and u is nil if it has none.
func readUpdate(raw []byte) (u *models.Update, err error) {
	var head struct {
		ID *int64 `json:"update_id"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return nil, fmt.Errorf("read id of an update: %w", err)
	}
	if head.ID == nil {
		return nil, fmt.Errorf("read id of an update: %w", errNoID)
	}
	u = &models.Update{}
	if err = json.Unmarshal(raw, u); err != nil {
		u = &models.Update{}
		salvage(raw, reflect.ValueOf(u).Elem(), maxSalvage)
	}
	if !hasCore(u) {
		return &models.Update{ID: *head.ID}, errors.Join(errNoCore, err)
	}
	u.ID = *head.ID
	readRich(u.Message, raw, "message")
	readRich(u.ChannelPost, raw, "channel_post")
	readRich(u.EditedMessage, raw, "edited_message")
	return u, err
}

// hasCore reports whether an update says all that is needed to answer it. An update of a
// kind that the bot did not ask for need not.
func hasCore(u *models.Update) bool {
	switch q := u.CallbackQuery; {
	case u.Message != nil:
		return isPlace(&u.Message.Chat)
	case u.ChannelPost != nil:
		return isPlace(&u.ChannelPost.Chat)
	case u.EditedMessage != nil:
		return isPlace(&u.EditedMessage.Chat)
	case u.MyChatMember != nil:
		return isPlace(&u.MyChatMember.Chat)
	case q != nil && q.Message.Message != nil:
		return q.ID != "" && q.From.ID != 0 && isPlace(&q.Message.Message.Chat)
	case q != nil:
		return q.ID != "" && q.From.ID != 0
	case u.InlineQuery != nil:
		return u.InlineQuery.ID != "" && u.InlineQuery.From != nil && u.InlineQuery.From.ID != 0
	}
	return true
}

func isPlace(c *models.Chat) bool { return c.ID != 0 && c.Type != "" }

// maxSalvage is how many levels deep salvage looks into an update. What matters is at
// most four deep, such as the keyboard under a message whose button was pressed.
const maxSalvage = 8

// salvage reads of a JSON value what fits into a variable. It tries the parts one by
// one, so that an unreadable one spoils no other. That part is empty then, but there: a
// forwarded message stays forwarded.
func salvage(raw []byte, into reflect.Value, depth int) {
	if depth == 0 || json.Unmarshal(raw, into.Addr().Interface()) == nil {
		return
	}
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		salvage(raw, into.Elem(), depth-1)
	case reflect.Slice:
		var elements []json.RawMessage
		if json.Unmarshal(raw, &elements) != nil {
			return
		}
		into.Set(reflect.MakeSlice(into.Type(), len(elements), len(elements)))
		for i, element := range elements {
			salvage(element, into.Index(i), depth-1)
		}
	case reflect.Struct:
		salvageParts(raw, into, depth)
	default: // a number where there was a text, and the like
	}
}

// salvageParts is salvage for an object. A type with several forms, such as a member of
// a chat, found out which form it is before it gave up.
func salvageParts(raw []byte, into reflect.Value, depth int) {
	if _, ok := into.Addr().Interface().(json.Unmarshaler); ok {
		for _, form := range into.Fields() {
			if form.Kind() == reflect.Pointer && !form.IsNil() {
				form.Elem().SetZero()
				salvage(raw, form.Elem(), depth-1)
			}
		}
		return
	}
	var parts map[string]json.RawMessage
	if json.Unmarshal(raw, &parts) != nil {
		return
	}
	into.SetZero()
	for field, value := range into.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if part, ok := parts[name]; ok && field.IsExported() {
			salvage(part, value, depth-1)
		}
	}
}
