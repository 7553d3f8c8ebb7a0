package telegramsim

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Refusal is the "description" in an answer of Telegram that refuses a request. The error
// code follows from its beginning, see [Refusal.Code].
type Refusal string

// The refusals that a bot may meet with (tdlib/telegram-bot-api Client.cpp, tdlib/td).
const (
	BotBlocked         Refusal = "Forbidden: bot was blocked by the user"
	UserDeactivated    Refusal = "Forbidden: user is deactivated"
	KickedGroup        Refusal = "Forbidden: bot was kicked from the group chat"
	KickedSupergroup   Refusal = "Forbidden: bot was kicked from the supergroup chat"
	KickedChannel      Refusal = "Forbidden: bot was kicked from the channel chat"
	NotInGroup         Refusal = "Forbidden: bot is not a member of the group chat"
	NotInSupergroup    Refusal = "Forbidden: bot is not a member of the supergroup chat"
	NotInChannel       Refusal = "Forbidden: bot is not a member of the channel chat"
	GroupDeleted       Refusal = "Forbidden: the group chat was deleted"
	CannotInitiate     Refusal = "Forbidden: bot can't initiate conversation with a user"
	CannotWriteToBots  Refusal = "Forbidden: the bot can't send messages to the bot"
	ChatNotFound       Refusal = "Bad Request: chat not found"
	PrivateNotFound    Refusal = "Bad Request: private chat not found"
	PeerInvalid        Refusal = "Bad Request: PEER_ID_INVALID"
	GroupUpgraded      Refusal = "Bad Request: group chat was upgraded to a supergroup chat"
	ThreadNotFound     Refusal = "Bad Request: message thread not found"
	TopicClosed        Refusal = "Bad Request: TOPIC_CLOSED"
	TopicDeleted       Refusal = "Bad Request: TOPIC_DELETED"
	NoRightsText       Refusal = "Bad Request: not enough rights to send text messages to the chat"
	FileEmpty          Refusal = "Bad Request: file must be non-empty"
	PhotoTooBig        Refusal = "Bad Request: file is too big"
	PhotoUnreadable    Refusal = "Bad Request: IMAGE_PROCESS_FAILED"
	PhotoDimensions    Refusal = "Bad Request: PHOTO_INVALID_DIMENSIONS"
	NoRightsPhotos     Refusal = "Bad Request: not enough rights to send photos to the chat"
	NoRightsDocuments  Refusal = "Bad Request: not enough rights to send documents to the chat"
	NoRightsToSend     Refusal = "Bad Request: have no rights to send a message"
	WriteForbidden     Refusal = "Bad Request: CHAT_WRITE_FORBIDDEN"
	ChannelRights      Refusal = "Bad Request: need administrator rights in the channel chat"
	CannotParse        Refusal = "Bad Request: can't parse entities: Unsupported start tag \"p\" at byte offset 0"
	MessageTooLong     Refusal = "Bad Request: message is too long"
	TextTooLong        Refusal = "Bad Request: text is too long"
	TextEmpty          Refusal = "Bad Request: message text is empty"
	TextBlank          Refusal = "Bad Request: text must be non-empty"
	CaptionTooLong     Refusal = "Bad Request: message caption is too long"
	CaptionTooLongRaw  Refusal = "Bad Request: MEDIA_CAPTION_TOO_LONG"
	EntitiesTooLong    Refusal = "Bad Request: ENTITIES_TOO_LONG"
	ButtonDataInvalid  Refusal = "Bad Request: BUTTON_DATA_INVALID"
	MarkupTooLong      Refusal = "Bad Request: reply markup is too long"
	NotModified        Refusal = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"
	EditNotFound       Refusal = "Bad Request: message to edit not found"
	EditForbidden      Refusal = "Bad Request: message can't be edited"
	NoTextToEdit       Refusal = "Bad Request: there is no text in the message to edit"
	DeleteNotFound     Refusal = "Bad Request: message to delete not found"
	DeleteForbidden    Refusal = "Bad Request: message can't be deleted"
	ReplyNotFound      Refusal = "Bad Request: message to be replied not found"
	CopyNotFound       Refusal = "Bad Request: message to copy not found"
	CopyForbidden      Refusal = "Bad Request: the message can't be copied"
	CopyProtected      Refusal = "Bad Request: CHAT_FORWARDS_RESTRICTED"
	PinNotFound        Refusal = "Bad Request: message to pin not found"
	PinForbidden       Refusal = "Bad Request: not enough rights to manage pinned messages in the chat"
	TopicsForbidden    Refusal = "Bad Request: not enough rights to create a topic"
	NotAForum          Refusal = "Bad Request: the chat is not a forum"
	MessageIDInvalid   Refusal = "Bad Request: MESSAGE_ID_INVALID"
	AdminRequired      Refusal = "Bad Request: CHAT_ADMIN_REQUIRED"
	NotAMember         Refusal = "Bad Request: USER_NOT_PARTICIPANT"
	ParticipantInvalid Refusal = "Bad Request: PARTICIPANT_ID_INVALID"
	NotACommand        Refusal = "Bad Request: MESSAGE_NOT_COMMAND"
	EphemeralForbidden Refusal = "Bad Request: ephemeral messages can't be sent to the chat"
	QueryTooOld        Refusal = "Bad Request: query is too old and response timeout expired or query ID is invalid"
	AnswerTooLong      Refusal = "Bad Request: MESSAGE_TOO_LONG"
	MemberListHidden   Refusal = "Bad Request: member list is inaccessible"
	NoAdministrators   Refusal = "Bad Request: there are no administrators in the private chat"
	LeavePrivate       Refusal = "Bad Request: chat member status can't be changed in private chats"
	HostNotFound       Refusal = "Bad Request: bad webhook: Failed to resolve host: Name or service not known"
	FileNotFound       Refusal = "Bad Request: invalid file_id"
	FileTooBig         Refusal = "Bad Request: file is too big"
	WrongFile          Refusal = "Bad Request: wrong file identifier/HTTP URL specified"
	MarkdownUnmodelled Refusal = "Bad Request: the simulator does not model the parse modes Markdown and MarkdownV2"
	ParseModeUnknown   Refusal = "Bad Request: unsupported parse_mode"
	NotUTF8            Refusal = "Bad Request: strings must be encoded in UTF-8"
	Unauthorized       Refusal = "Unauthorized"
	NotFound           Refusal = "Not Found"
	MethodNotFound     Refusal = "Not Found: method not found"
	OtherPoller        Refusal = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
	WebhookActive      Refusal = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
	TerminatedBySet    Refusal = "Conflict: terminated by setWebhook request"
	InternalError      Refusal = "Internal Server Error"
	DeletedAtOnce      Refusal = "Internal Server Error: sent message was immediately deleted and can't be returned"
	RestartingRefusal  Refusal = "Internal Server Error: restart"
	tooManyRequests            = "Too Many Requests: retry after %d"
	unclearParameters          = "Bad Request: %s"
)

// Code returns the HTTP status and "error_code" that belong to the refusal.
func (r Refusal) Code() int {
	beginning, _, _ := strings.Cut(string(r), ":")
	switch beginning {
	case "Unauthorized":
		return 401
	case "Forbidden":
		return 403
	case "Not Found":
		return 404
	case "Conflict":
		return 409
	case "Too Many Requests":
		return 429
	case "Internal Server Error":
		return 500
	}
	return 400
}

// Error makes a Refusal an error inside the simulator.
func (r Refusal) Error() string { return string(r) }

// ChatRefusals returns the refusals that concern a chat or a message, and not the bot as a
// whole. A table of outcomes should have a row for each.
func ChatRefusals() []Refusal {
	return slices.Clone([]Refusal{
		BotBlocked, UserDeactivated, KickedGroup, KickedSupergroup, KickedChannel,
		NotInGroup, NotInSupergroup, NotInChannel, GroupDeleted, CannotInitiate, CannotWriteToBots,
		ChatNotFound, PrivateNotFound, PeerInvalid,
		ThreadNotFound, TopicClosed, TopicDeleted,
		NoRightsText, NoRightsPhotos, NoRightsDocuments, NoRightsToSend, WriteForbidden, ChannelRights,
		CannotParse, MessageTooLong, TextTooLong, TextEmpty, TextBlank, CaptionTooLong, CaptionTooLongRaw,
		EntitiesTooLong, ButtonDataInvalid, MarkupTooLong,
		NotModified, EditNotFound, EditForbidden, DeleteNotFound, DeleteForbidden, CopyNotFound, CopyForbidden, CopyProtected,
	})
}

// apiError is a refusal with parameters.
type apiError struct {
	Refusal
	retryAfter int   // seconds, with 429
	migrateTo  int64 // with GroupUpgraded
}

// flood refuses a call for a time in whole seconds.
func flood(wait time.Duration) error {
	seconds := int(wait / time.Second)
	return &apiError{Refusal: Refusal(fmt.Sprintf(tooManyRequests, seconds)), retryAfter: seconds}
}

// badRequest makes a refusal of Telegram's internal words. The Bot API server writes their
// first letter in lower case, unless they begin with a constant.
func badRequest(format string, args ...any) error {
	text := fmt.Sprintf(format, args...)
	if len(text) > 1 && text[1] != '_' && (text[1] < 'A' || text[1] > 'Z') {
		text = strings.ToLower(text[:1]) + text[1:]
	}
	return Refusal(fmt.Sprintf(unclearParameters, text))
}
