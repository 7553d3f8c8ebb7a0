package subscribers

// Reason says why a subscriber is gone, or why messages were skipped or failed. It is one
// of those below, or the words of Telegram about a refusal that nobody knew.
type Reason string

// The reasons of skipped deliveries and messages.
const (
	ReasonMuted        Reason = "muted"   // the subscriber switched the section off
	ReasonCovered      Reason = "covered" // the content came within another message
	ReasonNotDue       Reason = "not due" // the subscriber does not get every issue, and not this one; see SetEvery
	ReasonUnsubscribed Reason = "unsubscribed"
	ReasonPaused       Reason = "paused" // by the subscriber
	ReasonCancelled    Reason = "cancelled"
	ReasonForgotten    Reason = "forgotten" // the subscriber, at its wish
	ReasonRecalled     Reason = "recalled"  // what arrived was deleted; a broadcast brings the issue again
)

// The reasons why a revision leaves a message as it is.
const (
	ReasonMissing Reason = "missing" // it is not there any more
	ReasonUnknown Reason = "unknown" // nobody knows which message of the issue it is, or it stayed in a group's old chat
	ReasonLate    Reason = "late"    // too old to be deleted
)

// The reasons why a subscriber is gone.
const (
	ReasonBlocked      Reason = "blocked"
	ReasonDeactivated  Reason = "deactivated"
	ReasonKicked       Reason = "kicked"
	ReasonLeft         Reason = "left"
	ReasonDeleted      Reason = "deleted"
	ReasonNeverStarted Reason = "never started"
	ReasonBot          Reason = "a bot"
	ReasonNotFound     Reason = "chat not found" // doubtful if it holds for many: then the token or the database may be the wrong one
	ReasonNoRights     Reason = "no rights"
	ReasonTopicClosed  Reason = "topic closed"
	ReasonTopicGone    Reason = "topic gone"
	ReasonMoved        Reason = "moved" // to a supergroup that is a subscriber of its own
)

// IsGone reports whether a delivery was skipped because the subscriber cannot be reached, and
// not because it did not want the issue.
func (r Reason) IsGone() bool {
	switch r {
	case ReasonBlocked, ReasonDeactivated, ReasonKicked, ReasonLeft, ReasonDeleted, ReasonNeverStarted, ReasonBot, ReasonNotFound,
		ReasonNoRights, ReasonTopicClosed, ReasonTopicGone, ReasonMoved:
		return true
	}
	return false
}

// The reasons of failures.
const (
	ReasonMarkup      Reason = "markup"
	ReasonTooLong     Reason = "too long"
	ReasonEmpty       Reason = "empty"
	ReasonButton      Reason = "button"
	ReasonPreview     Reason = "preview"
	ReasonServerError Reason = "server error" // Telegram had a fault of its own, again and again
)
