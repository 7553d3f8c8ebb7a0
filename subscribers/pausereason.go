package subscribers

import (
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
)

// PauseKind is why a broadcast is paused.
type PauseKind string

// The kinds of reasons.
const (
	PausedByAdmin      PauseKind = ""         // an admin wanted it
	PausedAfterCanary  PauseKind = "canary"   // the first few have the issue, and an admin looks at it
	PausedForContent   PauseKind = "content"  // Telegram refuses message Number in every form: Detail, as in the books
	PausedForCompact   PauseKind = "compact"  // by an older version: Telegram refused the message of the compact layout: Detail, as in the books
	PausedForFailures  PauseKind = "failures" // Number deliveries in a row failed, the last one: Detail, as in the books
	PausedForImbalance PauseKind = "books"    // they do not balance: Detail
	PausedAfterRestore PauseKind = "restored" // the database is the one of a backup; Detail is when that was made, RFC 3339
	PausedForOther     PauseKind = "other"    // Detail
)

// PauseReason is why a broadcast is paused, with what there is to say about it.
// The zero value: an admin wanted it, or it is not paused. It is stored as
// text: the kind, the number if its kind has one, the detail.
type PauseReason struct {
	Kind   PauseKind
	Number int // counts from 1
	Detail string
}

// numbered are the kinds that have a number.
var numbered = map[PauseKind]bool{PausedForContent: true, PausedForFailures: true}

// String returns the reason as it is stored.
func (r PauseReason) String() string {
	fields := []string{string(r.Kind)}
	if numbered[r.Kind] {
		fields = append(fields, strconv.Itoa(r.Number))
	}
	if r.Detail != "" {
		fields = append(fields, r.Detail)
	}
	return strings.Join(fields, " ")
}

// ParsePauseReason is the inverse of String. A text that String does not return
// becomes the detail of PausedForOther.
func ParsePauseReason(text string) PauseReason {
	kind, rest, _ := strings.Cut(text, " ")
	r := PauseReason{Kind: PauseKind(kind), Detail: rest}
	if text == "" {
		return r
	}
	switch r.Kind {
	case PausedAfterCanary, PausedForCompact, PausedForImbalance, PausedAfterRestore, PausedForOther:
	case PausedForContent, PausedForFailures:
		number, detail, _ := strings.Cut(rest, " ")
		r.Number, _ = strconv.Atoi(number) // an error shows below: String does not write what was read
		r.Detail = detail
	default:
		return PauseReason{Kind: PausedForOther, Detail: text}
	}
	if r.String() != text {
		return PauseReason{Kind: PausedForOther, Detail: text}
	}
	return r
}

// Value implements driver.Valuer.
func (r PauseReason) Value() (driver.Value, error) { return r.String(), nil }

// Scan implements sql.Scanner.
func (r *PauseReason) Scan(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("reason of a pause is a %T, not a string", value)
	}
	*r = ParsePauseReason(text)
	return nil
}
