package delivery

import (
	"errors"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
)

// Kind is what the answer to a request means for the program.
type Kind string

// The kinds of outcomes.
const (
	Sent         Kind = "sent"          // accepted, or there was nothing to change
	Gone         Kind = "gone"          // the chat cannot be reached until it returns
	Moved        Kind = "moved"         // the group became a supergroup: use Outcome.MovedTo
	TopicGone    Kind = "topic gone"    // the forum topic is deleted or closed
	NotAllowed   Kind = "not allowed"   // the bot has no right to post there
	ContentFault Kind = "content fault" // Telegram refuses the text: it would for everybody
	MessageGone  Kind = "message gone"  // the message to edit or delete is no longer there
	Refused      Kind = "refused"       // any other refusal
	Fatal        Kind = "fatal"         // wrong token, or a second copy is running
	Wait         Kind = "wait"          // 429: nothing was done, try again after RetryAfter
	Later        Kind = "later"         // nothing was done, Telegram is out of order
	Uncertain    Kind = "uncertain"     // no answer: it may have been done
)

// Outcome is the meaning of the answer to a request.
type Outcome struct {
	Kind       Kind
	Reason     string        // short, for the books: "blocked", "chat not found", …
	RetryAfter time.Duration // of Wait
	MovedTo    int64         // of Moved
}

// refusals is the table of Telegram's refusals, in its words and lower case.
// The texts come from the source of its Bot API server (tdlib/telegram-bot-api)
// and from reports. A 403 in capitals arrives as a 400, so the text decides.
var refusals = []struct {
	text, reason string
	kind         Kind
}{
	{"bot was blocked by the user", "blocked", Gone},
	{"user_is_blocked", "blocked", Gone},
	{"user is deactivated", "deactivated", Gone},
	{"user_deactivated", "deactivated", Gone},
	{"bot was kicked from", "kicked", Gone},
	{"bot is not a member of", "left", Gone},
	{"group chat was deleted", "deleted", Gone},
	{"can't initiate conversation", "never started", Gone},
	{"can't send messages to bots", "a bot", Gone},
	{"user_bot_invalid", "a bot", Gone},
	{"chat not found", notFound, Gone},
	{"peer_id_invalid", notFound, Gone},
	{"message thread not found", "topic gone", TopicGone},
	{"topic_closed", "topic closed", TopicGone},
	{"topic_deleted", "topic gone", TopicGone},
	{"not enough rights", "no rights", NotAllowed},
	{"have no rights", "no rights", NotAllowed},
	{"chat_write_forbidden", "no rights", NotAllowed},
	{"chat_restricted", "no rights", NotAllowed},
	{"need administrator rights", "no rights", NotAllowed},
	{"can't parse entities", "markup", ContentFault},
	{"message is too long", "too long", ContentFault},
	{"text is too long", "too long", ContentFault},
	{"caption is too long", "too long", ContentFault},
	{"caption_too_long", "too long", ContentFault},
	{"reply markup is too long", "too long", ContentFault},
	{"entities_too_long", "too long", ContentFault},
	{"message text is empty", "empty", ContentFault},
	{"text must be non-empty", "empty", ContentFault},
	{"button_data_invalid", "button", ContentFault},
	{"message is not modified", "", Sent},
	{"message to edit not found", "", MessageGone},
	{"message can't be edited", "", MessageGone},
	{"message to delete not found", "", MessageGone},
	{"message can't be deleted", "", MessageGone},
}

// notFound is the reason that, for many chats at once, means that token or
// database are the wrong ones.
const notFound = "chat not found"

// Classify says what an error of the client library means. It is the only
// place where Telegram's errors are interpreted.
func Classify(err error) Outcome {
	if err == nil {
		return Outcome{Kind: Sent}
	}
	// The library's own helpers (errors.Is with its sentinels) miss these two.
	var tooMany *tg.TooManyRequestsError
	if errors.As(err, &tooMany) {
		return Outcome{Kind: Wait, RetryAfter: time.Duration(max(tooMany.RetryAfter, 1)) * time.Second}
	}
	var migrate *tg.MigrateError
	if errors.As(err, &migrate) {
		return Outcome{Kind: Moved, MovedTo: int64(migrate.MigrateToChatID)}
	}
	switch {
	case errors.Is(err, tg.ErrorForbidden), errors.Is(err, tg.ErrorBadRequest):
		return classifyRefusal(err.Error())
	case errors.Is(err, tg.ErrorUnauthorized), errors.Is(err, tg.ErrorNotFound):
		return Outcome{Kind: Fatal, Reason: "Telegram does not know this token"}
	case errors.Is(err, tg.ErrorConflict):
		return Outcome{Kind: Fatal, Reason: "another program uses the same token"}
	case errors.Is(err, errNotDone):
		return Outcome{Kind: Later, Reason: "Telegram is out of order"}
	}
	return Outcome{Kind: Uncertain, Reason: "no answer"}
}

// unsent is the outcome of a request that certainly did not leave.
func (o Outcome) unsent() Outcome {
	if o.Kind == Uncertain {
		return Outcome{Kind: Later, Reason: "Telegram is out of order"}
	}
	return o
}

func classifyRefusal(text string) Outcome {
	lower := strings.ToLower(text)
	for _, r := range refusals {
		if strings.Contains(lower, r.text) {
			return Outcome{Kind: r.kind, Reason: r.reason}
		}
	}
	return Outcome{Kind: Refused, Reason: text}
}
