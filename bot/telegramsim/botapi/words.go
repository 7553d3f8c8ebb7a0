package botapi

// Telegram's words for parameters and fields of the wrong type, from tdlib/telegram-bot-api,
// Client.cpp (get_reply_markup and the functions near it), and tdlib/td, JsonBuilder.cpp. The
// words for rich and ephemeral messages are like the others: their source is not published.

// parameterRefusal has Telegram's words for a parameter that is not JSON, and for one of the
// wrong type. If there are none, Telegram ignores the parameter.
type parameterRefusal struct{ unreadable, wrongType string }

func parameterWords(name string) parameterRefusal {
	switch name {
	case "reply_markup":
		return parameterRefusal{"Can't parse reply keyboard markup JSON object", "Object expected as reply markup"}
	case "link_preview_options":
		return objectExpected("link preview options")
	case "reply_parameters":
		return objectExpected("reply parameters")
	case "suggested_post_parameters":
		return objectExpected("suggested post parameters")
	case "rich_message":
		return objectExpected("rich message")
	case "ephemeral_message_parameters":
		return objectExpected("ephemeral message parameters")
	case "scope":
		return mustBeObject("BotCommandScope", "BotCommandScope")
	case "menu_button":
		return mustBeObject("menu button", "MenuButton")
	case "rights":
		return mustBeObject("ChatAdministratorRights", "ChatAdministratorRights")
	case "button":
		return mustBeObject("inline query results button", "InlineQueryResultsButton")
	case "commands":
		return parameterRefusal{"Can't parse commands JSON object", "Expected an Array of BotCommand"}
	case "message_ids":
		return parameterRefusal{"Can't parse message_ids JSON object", "Expected an Array of message identifiers"}
	case "results":
		return parameterRefusal{"Can't parse JSON encoded inline query results", "Expected an Array of inline query results"}
	}
	return parameterRefusal{} // allowed_updates, entities, caption_entities
}

func objectExpected(what string) parameterRefusal {
	return parameterRefusal{"Can't parse " + what + " JSON object", "Object expected as " + what}
}

func mustBeObject(what, name string) parameterRefusal {
	return parameterRefusal{"Can't parse " + what + " JSON object", "Can't parse " + what + ": " + name + " must be an Object"}
}

// prefixOf returns Telegram's words before those about a field of an object of a type.
func prefixOf(typeName string) string {
	switch typeName {
	case "InlineKeyboardButton":
		return "Can't parse inline keyboard button: "
	case "KeyboardButton":
		return "Can't parse keyboard button: "
	case "InlineQueryResult":
		return "Can't parse inline query result: "
	case "InlineQueryResultsButton":
		return "Can't parse inline query results button: "
	case "MenuButton":
		return "Can't parse menu button: "
	case "BotCommand", "BotCommandScope", "ChatAdministratorRights", "MessageEntity":
		return "Can't parse " + typeName + ": "
	}
	return ""
}

// words returns Telegram's words for a value of the wrong type at a place.
func (at place) words(f *apiField) string {
	switch {
	case at.arrays > 0:
		return at.elementWords(f)
	case at.in == nil:
		return parameterWords(f.name).wrongType
	case f.name == "entities" || f.name == "caption_entities" || f.name == "quote_entities":
		return ""
	case f.types[0].arrays > 0:
		return `Field "` + f.name + `" must be of type Array`
	}
	switch f.types[0].name {
	case "String", "Boolean":
		return `Field "` + f.name + `" must be of type ` + f.types[0].name
	case "True":
		return `Field "` + f.name + `" must be of type Boolean`
	case "Integer":
		return `Field "` + f.name + `" must be a Number`
	case "Float":
		return `Field "` + f.name + `" must be of type Number`
	}
	return `Field "` + f.name + `" must be of type Object`
}

// elementWords returns the words for an element of an array.
func (at place) elementWords(f *apiField) string {
	t := f.types[0]
	switch {
	case f.name == "inline_keyboard" && at.arrays < t.arrays:
		return `Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays`
	case f.name == "keyboard" && at.arrays < t.arrays:
		return `Field "keyboard" must be an Array of Arrays`
	case f.name == "message_ids":
		return "Message identifier must be a Number"
	case f.name == "allowed_updates":
		return "" // Telegram uses the default then
	}
	switch t.name {
	case "InlineKeyboardButton":
		return prefixOf(t.name) + "InlineKeyboardButton must be an Object"
	case "KeyboardButton":
		return prefixOf(t.name) + "KeyboardButton must be a String or an Object"
	case "InlineQueryResult":
		return prefixOf(t.name) + "Inline query result must be an object"
	}
	return prefixOf(t.name) + "expected an Object"
}

// mayLack reports whether Telegram accepts objects of a type without their required fields.
func mayLack(typeName string) bool {
	switch typeName {
	case "InlineKeyboardMarkup", "ReplyKeyboardMarkup", "ReplyKeyboardRemove", "ForceReply":
		return true
	}
	return false
}
