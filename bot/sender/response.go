package sender

import (
	"errors"
	"regexp"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"

	"digestbot/subscribers"
)

// DeletableFor is how long Telegram deletes a message after it was sent, but where the bot may
// delete any message (core.telegram.org/bots/api#deletemessage).
const DeletableFor = 48 * time.Hour

// Kind is what a response means for the program.
type Kind string

// The kinds of responses.
const (
	Sent         Kind = "sent"          // accepted, or there was nothing to change
	Gone         Kind = "gone"          // the chat cannot be reached until it returns
	Moved        Kind = "moved"         // the group became a supergroup: Response.MovedTo is its new id
	TopicGone    Kind = "topic gone"    // the forum topic is deleted or closed
	NotAllowed   Kind = "not allowed"   // the bot has no right to post there
	NoPreview    Kind = "no preview"    // the chat forbids pictures, and so link previews; if there was none, the message is not allowed
	ContentFault Kind = "content fault" // Telegram refuses the text, and would do so for everybody
	MessageGone  Kind = "message gone"  // the message to edit or delete is no longer there
	Refused      Kind = "refused"       // any other refusal
	Unauthorized Kind = "unauthorized"  // nothing was done, Telegram does not know the token: to be believed only if it lasts
	Conflict     Kind = "conflict"      // another program asks for the bot's updates, or has set a webhook
	Wait         Kind = "wait"          // 429: nothing was done, try again after RetryAfter
	Down         Kind = "down"          // nothing was done, Telegram is down
	Uncertain    Kind = "uncertain"     // no answer: it may have been done
)

// Response is what Telegram's answer to a request means, or that there was none.
type Response struct {
	Kind       Kind
	Reason     subscribers.Reason // short, for the books: "blocked", "chat not found", …
	RetryAfter time.Duration      // of Wait
	MovedTo    int64              // of Moved
	// Simpler says that a simpler form of the message may be accepted. It is set for
	// ContentFault, and for a 400 whose words are not known.
	Simpler bool
	// Answered says, for Down and Uncertain, that Telegram itself answered so to this
	// request. Other requests may get through.
	Answered bool
}

// refusals is the table of Telegram's refusals, in Telegram's words and lower case. The
// first that fits holds. The text decides and not the code, because a 403 in capitals
// arrives as a 400 (Client.cpp:89), and so does a 406 (Client.cpp:181).
//
// The sources: Client.cpp is of tdlib/telegram-bot-api at 01a3679, other files are of
// tdlib/td at 022d602, both with the line. Words in capitals come from Telegram's
// closed servers: "messages.*" is a method whose page at core.telegram.org/method
// lists them. "reported" means that people received these words, and no
// source has them.
var refusals = []struct {
	text   string
	reason subscribers.Reason
	kind   Kind
}{
	{"bot was blocked by the user", subscribers.ReasonBlocked, Gone},          // Client.cpp:127
	{"user_is_blocked", subscribers.ReasonBlocked, Gone},                      // messages.sendMessage; Client.cpp:125 puts it into words
	{"user is deactivated", subscribers.ReasonDeactivated, Gone},              // Client.cpp:124, 8136; MessagesManager.cpp:27948
	{"user_deactivated", subscribers.ReasonDeactivated, Gone},                 // messages.sendMessage, as INPUT_USER_DEACTIVATED
	{"user_deleted", subscribers.ReasonDeactivated, Gone},                     // MessagesManager.cpp:27987
	{"bot was kicked from", subscribers.ReasonKicked, Gone},                   // Client.cpp:8162-8176
	{"bot is not a member of", subscribers.ReasonLeft, Gone},                  // Client.cpp:8165-8185, 18073
	{"channel_private", subscribers.ReasonLeft, Gone},                         // messages.sendMessage; ChatManager.cpp:6392
	{"channel_public_group_na", subscribers.ReasonLeft, Gone},                 // MessagesManager.cpp:27986; ChatManager.cpp:6392
	{"can't access the chat", subscribers.ReasonLeft, Gone},                   // DialogManager.cpp:1370
	{"group chat was deleted", subscribers.ReasonDeleted, Gone},               // Client.cpp:8158
	{"can't initiate conversation", subscribers.ReasonNeverStarted, Gone},     // MessagesManager.cpp:27957
	{"can't send messages to the bot", subscribers.ReasonBot, Gone},           // MessagesManager.cpp:27952
	{"can't send messages to bots", subscribers.ReasonBot, Gone},              // reported of older servers
	{"user_bot_invalid", subscribers.ReasonBot, Gone},                         // MessagesManager.cpp:27987
	{"user_is_bot", subscribers.ReasonBot, Gone},                              // messages.sendMessage; MessagesManager.cpp:27949 puts it into words
	{"chat not found", subscribers.ReasonNotFound, Gone},                      // Client.cpp:6571, 6596, 8139
	{"peer_id_invalid", subscribers.ReasonNotFound, Gone},                     // messages.sendMessage; MessagesManager.cpp:27954
	{"chat_id_invalid", subscribers.ReasonNotFound, Gone},                     // messages.sendMessage
	{"channel_invalid", subscribers.ReasonNotFound, Gone},                     // messages.sendMessage
	{"message thread not found", subscribers.ReasonTopicGone, TopicGone},      // Client.cpp:6818, 8277
	{"topic_closed", subscribers.ReasonTopicClosed, TopicGone},                // messages.sendMessage
	{"topic_deleted", subscribers.ReasonTopicGone, TopicGone},                 // messages.sendMessage
	{"chat_send_webpage_forbidden", subscribers.ReasonNoRights, NoPreview},    // messages.sendMedia, which carries a preview: InputMessageText.cpp:80
	{"chat_send_media_forbidden", subscribers.ReasonNoRights, NoPreview},      // messages.sendMedia
	{"chat_send_photos_forbidden", subscribers.ReasonNoRights, NoPreview},     // messages.sendMedia
	{"not enough rights", subscribers.ReasonNoRights, NotAllowed},             // MessageContent.cpp:6183-6340
	{"have no write access", subscribers.ReasonNoRights, NotAllowed},          // DialogManager.cpp:1368, 1511; MessagesManager.cpp:1205
	{"have no rights", subscribers.ReasonNoRights, NotAllowed},                // reported of older servers
	{"need administrator rights", subscribers.ReasonNoRights, NotAllowed},     // DialogManager.cpp:1525
	{"chat_write_forbidden", subscribers.ReasonNoRights, NotAllowed},          // messages.sendMessage
	{"chat_restricted", subscribers.ReasonNoRights, NotAllowed},               // messages.sendMessage; tdlib/telegram-bot-api#863
	{"chat_admin_required", subscribers.ReasonNoRights, NotAllowed},           // messages.sendMessage
	{"chat_send_plain_forbidden", subscribers.ReasonNoRights, NotAllowed},     // messages.sendMessage
	{"chat_guest_send_forbidden", subscribers.ReasonNoRights, NotAllowed},     // messages.sendMessage; MessagesManager.cpp:28056
	{"user_banned_in_channel", subscribers.ReasonNoRights, NotAllowed},        // messages.sendMessage
	{"allow_payment_required", subscribers.ReasonNoRights, NotAllowed},        // messages.sendMessage; MessagesManager.cpp:28054
	{"can't parse entities", subscribers.ReasonMarkup, ContentFault},          // SynchronousRequests.cpp:180
	{"entity_bounds_invalid", subscribers.ReasonMarkup, ContentFault},         // messages.sendMessage; MessagesManager.cpp:28069
	{"entity_mention_user_invalid", subscribers.ReasonMarkup, ContentFault},   // messages.sendMessage
	{"entities_too_long", subscribers.ReasonTooLong, ContentFault},            // messages.sendMessage
	{"reply markup is too long", subscribers.ReasonButton, ContentFault},      // Client.cpp:121
	{"message is too long", subscribers.ReasonTooLong, ContentFault},          // MessageContent.cpp:4759; MessagesManager.cpp:27943
	{"message_too_long", subscribers.ReasonTooLong, ContentFault},             // messages.editMessage
	{"text is too long", subscribers.ReasonTooLong, ContentFault},             // Client.cpp:11310
	{"caption is too long", subscribers.ReasonTooLong, ContentFault},          // MessageContent.cpp:5242; MessagesManager.cpp:27945
	{"caption_too_long", subscribers.ReasonTooLong, ContentFault},             // messages.editMessage
	{"message text is empty", subscribers.ReasonEmpty, ContentFault},          // Client.cpp:11401
	{"message_empty", subscribers.ReasonEmpty, ContentFault},                  // messages.sendMessage
	{"button text must be non-empty", subscribers.ReasonButton, ContentFault}, // ReplyMarkup.cpp:570
	{"text must be non-empty", subscribers.ReasonEmpty, ContentFault},         // MessageEntity.cpp:4519
	{"button_", subscribers.ReasonButton, ContentFault},                       // messages.sendMessage: _DATA_INVALID, _TYPE_INVALID, _URL_INVALID and others
	{"reply_markup_", subscribers.ReasonButton, ContentFault},                 // messages.sendMessage: _INVALID, _BUY_EMPTY and others
	{"inline keyboard", subscribers.ReasonButton, ContentFault},               // ReplyMarkup.cpp:567-733; Client.cpp:9754
	{"inline_keyboard", subscribers.ReasonButton, ContentFault},               // Client.cpp:9748, no array of arrays; JsonBuilder.cpp:561, no array
	{"keyboard markup", subscribers.ReasonButton, ContentFault},               // Client.cpp:9708
	{"as reply markup", subscribers.ReasonButton, ContentFault},               // Client.cpp:9717
	{"webpage_", subscribers.ReasonPreview, ContentFault},                     // messages.sendMedia: _NOT_FOUND, _URL_INVALID and others
	{"http url", subscribers.ReasonPreview, ContentFault},                     // Client.cpp:112-117, for WC_CONVERT_URL_INVALID, WEBPAGE_CURL_FAILED; MessagesManager.cpp:27975
	{"web page content", subscribers.ReasonPreview, ContentFault},             // Client.cpp:117, for WEBPAGE_MEDIA_EMPTY
	{"link preview", subscribers.ReasonPreview, ContentFault},                 // Client.cpp:11371-11379; InputMessageText.cpp:47
	{"url_invalid", subscribers.ReasonButton, ContentFault},                   // messages.sendMessage: of a button or a preview, which go together
	{"message is not modified", "", Sent},                                     // Client.cpp:108
	{"message to edit not found", "", MessageGone},                            // Client.cpp:13541, 6729
	{"message can't be edited", "", MessageGone},                              // MessagesManager.cpp:23386
	{"no text in the message to edit", "", MessageGone},                       // MessagesManager.cpp:23393
	{"message_id_invalid", "", MessageGone},                                   // messages.editMessage; TelegramBotAPI/errors#2
	{"message_edit_time_expired", "", MessageGone},                            // messages.editMessage
	{"message_author_required", "", MessageGone},                              // messages.editMessage
	{"message to copy not found", "", MessageGone},                            // Client.cpp:8420, for copyMessage
	{"message can't be copied", "", Refused},                                  // MessagesManager.cpp:24344
	{"message to delete not found", "", MessageGone},                          // Client.cpp:8420
	{"message can't be deleted", subscribers.ReasonLate, MessageGone},         // Client.cpp:151
	{replyNotFound, "", Refused},                                              // Client.cpp:8516
	{"query is too old", "", Refused},                                         // Client.cpp:148
}

// noAnswer is the reason if it is not known what became of a message.
const noAnswer = "no answer"

// telegramIsDown is the reason if the fault has nothing to do with the message.
const telegramIsDown = "Telegram is down"

// WebhookSet is the reason if Telegram refuses to be asked for updates.
const WebhookSet = "a webhook takes the updates"

// byWebhook reports whether a conflict is with a webhook, not with another poll
// (process_get_updates_query and abort_long_poll in Client.cpp of
// tdlib/telegram-bot-api).
func byWebhook(text string) bool {
	return strings.Contains(text, "webhook is active") || strings.Contains(text, "terminated by setWebhook")
}

// replyNotFound is in Telegram's words for a reply to a message that is gone.
const replyNotFound = "message to be replied not found"

// IsReplyLost reports whether the message that was to be replied to is gone.
func (r Response) IsReplyLost() bool {
	return r.Kind == Refused && strings.Contains(string(r.Reason), replyNotFound)
}

// isForbiddenKind matches Telegram's words for a kind of message that members of a group may
// not send (core.telegram.org/method/messages.sendMedia).
var isForbiddenKind = regexp.MustCompile(`chat_send_[a-z]+_forbidden`)

// IsAboutKind reports whether err, of which r is the meaning, says that a chat lets the bot
// write, but no message of that kind.
func (r Response) IsAboutKind(err error) bool {
	words := strings.ToLower(err.Error())
	_, kind, some := strings.Cut(words, "not enough rights to send ")
	return r.Kind == NoPreview || some && !strings.HasPrefix(kind, "text") || isForbiddenKind.MatchString(words) && !strings.Contains(words, "_plain_")
}

// Classify returns what an error of the client library means. Telegram's errors are
// interpreted nowhere else.
func Classify(err error) Response {
	if err == nil {
		return Response{Kind: Sent}
	}
	// The library's own helpers (errors.Is with its sentinels) miss these two.
	var tooMany *tg.TooManyRequestsError
	if errors.As(err, &tooMany) {
		return Response{Kind: Wait, RetryAfter: time.Duration(max(tooMany.RetryAfter, 1)) * time.Second}
	}
	var migrate *tg.MigrateError
	if errors.As(err, &migrate) {
		return Response{Kind: Moved, MovedTo: int64(migrate.MigrateToChatID)}
	}
	if fault, ok := errors.AsType[*serverError](err); ok {
		return fault.response()
	}
	switch {
	case errors.Is(err, tg.ErrorForbidden), errors.Is(err, tg.ErrorBadRequest):
		return classifyRefusal(err)
	case IsUnknownMethod(err): // an older server answers with the code of a wrong token
		return Response{Kind: Refused, Reason: subscribers.Reason(err.Error())}
	case errors.Is(err, tg.ErrorUnauthorized), errors.Is(err, tg.ErrorNotFound):
		return Response{Kind: Unauthorized, Reason: "Telegram does not know this token"}
	case errors.Is(err, tg.ErrorConflict) && byWebhook(err.Error()):
		return Response{Kind: Conflict, Reason: WebhookSet}
	case errors.Is(err, tg.ErrorConflict):
		return Response{Kind: Conflict, Reason: "another program uses the same token"}
	case errors.Is(err, errNotDone):
		return Response{Kind: Down, Reason: telegramIsDown}
	}
	return Response{Kind: Uncertain, Reason: noAnswer}
}

// IsRefusal reports whether Telegram refuses the message, and not the chat.
func (r Response) IsRefusal() bool { return r.Kind == ContentFault || r.Kind == Refused }

// IsUndone reports whether nothing was done, and the same request may get through
// another time.
func (r Response) IsUndone() bool { return r.Kind == Wait || r.Kind == Moved || r.isOutage() }

// isOutage reports whether nothing was done, for a reason that is neither the message's
// nor the chat's.
func (r Response) isOutage() bool {
	return r.Kind == Down || r.Kind == Unauthorized || r.Kind == Conflict
}

// IsMarkupFault reports whether Telegram refuses the text, and not what is around it.
func (r Response) IsMarkupFault() bool {
	return r.Kind == ContentFault && r.Reason != subscribers.ReasonButton && r.Reason != subscribers.ReasonPreview
}

// Unsent returns the response of a request that certainly did not leave.
func (r Response) Unsent() Response {
	if r.Kind == Uncertain {
		return Response{Kind: Down, Reason: telegramIsDown}
	}
	return r
}

func classifyRefusal(err error) Response {
	words := telegramsWords(err)
	lower := strings.ToLower(words)
	for _, r := range refusals {
		if strings.Contains(lower, r.text) {
			reason := r.reason
			if r.kind == Refused {
				reason = subscribers.Reason(words)
			}
			return Response{Kind: r.kind, Reason: reason, Simpler: r.kind == ContentFault}
		}
	}
	return Response{Kind: Refused, Reason: subscribers.Reason(words), Simpler: errors.Is(err, tg.ErrorBadRequest)}
}

// telegramsWords returns Telegram's words in a refusal, without the library's name for
// the code before them.
func telegramsWords(err error) string {
	for _, code := range []error{tg.ErrorForbidden, tg.ErrorBadRequest} {
		if words, ok := strings.CutPrefix(err.Error(), code.Error()+", "); ok {
			return words
		}
	}
	return err.Error()
}
