package subscribers

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"digestbot/digest"
)

// Arrived is a Telegram message that a chat has of an issue, on record so that it can be
// corrected or recalled. It is stored as text: position and id with a colon between, then,
// up to the last that is not zero, edition, layout, copy and chat. Before positions were on
// record only the id was stored.
type Arrived struct {
	Position int           // of the message of the issue that it begins with, or one of those below
	ID       int           // Telegram's; 0: the message may be there, but no answer said so
	Edition  int           // that its text is of; 0: that of the delivery
	Layout   digest.Layout // in which it was sent; empty: that of the delivery
	// Copy is 0 for what the delivery brought. A reader who has the issue and asks once
	// more gets another copy; these are counted from 1.
	Copy int
	// Chat is where the message is; 0: in the chat of the subscriber. It is set in groups
	// that may become supergroups: their messages do not come along.
	Chat int64
}

// The positions of messages that are none of the edition.
const (
	UnknownPosition = -1 // the message was sent before positions were on record
	LinePosition    = -2 // the message has only a line that says that the issue was corrected
)

// arrivedFields is how many fields a message has as text at most.
const arrivedFields = 6

func parseArrived(text string) ([]Arrived, error) {
	var all []Arrived
	for field := range strings.FieldsSeq(text) {
		h, err := parseOneArrived(field)
		if err != nil {
			return nil, fmt.Errorf("message ids %q: %w", text, err)
		}
		all = append(all, h)
	}
	return all, nil
}

func parseOneArrived(text string) (h Arrived, err error) {
	fields := strings.Split(text, ":")
	if len(fields) == 1 {
		h.Position = UnknownPosition
		h.ID, err = strconv.Atoi(text)
		return h, err
	}
	if len(fields) > arrivedFields {
		return h, fmt.Errorf("%q has more than %d fields", text, arrivedFields)
	}
	number := func(n int) int {
		if n >= len(fields) || fields[n] == "" {
			return 0
		}
		value, wrong := strconv.Atoi(fields[n])
		err = errors.Join(err, wrong)
		return value
	}
	h = Arrived{Position: number(0), ID: number(1), Edition: number(2), Copy: number(4), Chat: int64(number(5))}
	if len(fields) > 3 {
		h.Layout = digest.Layout(fields[3])
	}
	return h, err
}

func formatArrived(all []Arrived) string {
	var b []byte
	for i, h := range all {
		if i > 0 {
			b = append(b, ' ')
		}
		b = h.append(b)
	}
	return string(b)
}

func (h Arrived) append(b []byte) []byte {
	if h.Position == UnknownPosition && h.Edition == 0 && h.Layout == "" && h.Copy == 0 && h.Chat == 0 {
		return strconv.AppendInt(b, int64(h.ID), 10)
	}
	number := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	fields := [arrivedFields]string{
		strconv.Itoa(h.Position), strconv.Itoa(h.ID), number(int64(h.Edition)), string(h.Layout), number(int64(h.Copy)), number(h.Chat),
	}
	last := arrivedFields - 1
	for ; last > 1 && fields[last] == ""; last-- {
	}
	return append(b, strings.Join(fields[:last+1], ":")...)
}
