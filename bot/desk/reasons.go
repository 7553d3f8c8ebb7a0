package desk

import (
	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
)

// reasons are the keys of the texts for the reasons in the books.
var reasons = map[subscribers.Reason]string{
	subscribers.ReasonMuted:        "reason.muted",
	subscribers.ReasonUnsubscribed: "reason.unsubscribed",
	subscribers.ReasonPaused:       "reason.paused",
	subscribers.ReasonCovered:      "reason.covered",
	subscribers.ReasonBlocked:      "reason.blocked",
	subscribers.ReasonDeactivated:  "reason.deactivated",
	subscribers.ReasonKicked:       "reason.kicked",
	subscribers.ReasonLeft:         "reason.left",
	subscribers.ReasonDeleted:      "reason.deleted",
	subscribers.ReasonNeverStarted: "reason.never_started",
	subscribers.ReasonBot:          "reason.a_bot",
	subscribers.ReasonNotFound:     "reason.not_found",
	subscribers.ReasonNoRights:     "reason.no_rights",
	subscribers.ReasonMarkup:       "reason.markup",
	subscribers.ReasonTooLong:      "reason.too_long",
	subscribers.ReasonEmpty:        "reason.empty",
	subscribers.ReasonButton:       "reason.button",
	subscribers.ReasonCancelled:    "reason.cancelled",
	subscribers.ReasonForgotten:    "reason.forgotten",
	subscribers.ReasonTopicClosed:  "reason.topic_closed",
	subscribers.ReasonTopicGone:    "reason.topic_gone",
	subscribers.ReasonServerError:  "reason.server_error",
	subscribers.ReasonPreview:      "reason.preview",
}

// reason puts a reason from the books into words. A reason that is not in the table is
// in Telegram's own words.
func reason(s talk.Speaker, reason subscribers.Reason) string {
	if key, ok := reasons[reason]; ok {
		return s.Plain(key)
	}
	return string(reason)
}

// masked is a reason without the token, which may stand in an error's words.
func (r *reports) masked(reason subscribers.Reason) subscribers.Reason {
	return subscribers.Reason(talk.MaskToken(string(reason), r.Token))
}

// shortReason is reason cut to one line.
func shortReason(s talk.Speaker, why subscribers.Reason) string {
	return digest.ShortenUnits(reason(s, why), talk.ErrorUnits)
}

// pauseReason puts into words why the program paused a broadcast.
func pauseReason(s talk.Speaker, why subscribers.PauseReason) string {
	switch why.Kind {
	case subscribers.PausedForContent:
		return s.Plain("pause.content", talk.Values{"Message": why.Number, "Reason": reason(s, subscribers.Reason(why.Detail))})
	case subscribers.PausedForCompact:
		return s.Plain("pause.compact", talk.Values{"Reason": reason(s, subscribers.Reason(why.Detail))})
	case subscribers.PausedForFailures:
		return s.Plain("pause.failures", talk.Values{"Deliveries": why.Number, "Reason": reason(s, subscribers.Reason(why.Detail))})
	case subscribers.PausedForImbalance:
		return s.Plain("pause.unbalanced", talk.Values{"Detail": why.Detail})
	}
	return why.Detail
}
