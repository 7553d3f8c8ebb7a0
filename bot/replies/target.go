package replies

import (
	"fmt"
	"strconv"
	"strings"
)

// Target is where replies of readers go. The zero Target is nowhere: there are none.
type Target struct {
	Admins bool  // to the private chats of all owners and editors
	Chat   int64 // to a group
	Topic  int   // in that topic of it; 0: none
}

// IsOff reports whether readers have nobody to reply to.
func (t Target) IsOff() bool { return !t.Admins && t.Chat == 0 }

// toAdmins is the target of all admins, as the setting has it.
const toAdmins = "admins"

// ParseTarget reads a target: "admins", the id of a group, or that and the id of a topic with
// a slash between. Nothing is the zero Target.
func ParseTarget(text string) (Target, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Target{}, nil
	}
	if text == toAdmins {
		return Target{Admins: true}, nil
	}
	chat, topic, inTopic := strings.Cut(text, "/")
	id, err := strconv.ParseInt(chat, 10, 64)
	if err != nil || id == 0 {
		return Target{}, fmt.Errorf("%q is neither admins nor the id of a group, such as -1001234567890 or, for a topic of it, -1001234567890/12: "+
			"the address of the group in web.telegram.org ends with it", text)
	}
	if id > 0 {
		return Target{}, fmt.Errorf("%d is the id of a person, and that of a group begins with a minus: give the group of the editors, or admins for the private chats of all admins", id)
	}
	t := Target{Chat: id}
	if !inTopic {
		return t, nil
	}
	if t.Topic, err = strconv.Atoi(topic); err != nil || t.Topic <= 0 {
		return Target{}, fmt.Errorf("%q is not the id of a topic, which is a number above 0: it is in the link of each message of the topic, before that of the message", topic)
	}
	return t, nil
}
