package talk

import (
	"strconv"
	"strings"
)

// Callback is what the data of a button says: what to do, with what, and in which chat. It
// says what is to be, not what to change, so that a press that arrives twice does nothing
// the second time.
type Callback struct {
	Action  Action
	Numbers []int64
	Channel int64 // that the visitor manages from a private chat; 0: the chat in which the button is
}

// Callback data is "1:<action>:<number>:…", and "@<channel>" if it is about a channel: the
// version of this format, what to do, and with what. Anybody can send any data: it is parsed
// strictly, and rights are checked at every press.
const callbackVersion = "1"

// data writes what ParseCallback reads; at most 64 bytes.
func (c Callback) data() string {
	fields := []string{callbackVersion, string(c.Action)}
	for _, n := range c.Numbers {
		fields = append(fields, strconv.FormatInt(n, 10))
	}
	data := strings.Join(fields, ":")
	if c.Channel != 0 {
		data += "@" + channelName(c.Channel)
	}
	return data
}

// ParseCallback reads callback data; ok is false for what no button has. Whether there is
// such an action, with so many numbers, is up to the table of presses.
func ParseCallback(data string) (c Callback, ok bool) {
	data, channel, about := strings.Cut(data, "@")
	if about {
		if c.Channel, ok = ParseChannel(channel); !ok {
			return Callback{}, false
		}
	}
	fields := strings.Split(data, ":")
	if len(fields) < 2 || fields[0] != callbackVersion {
		return Callback{}, false
	}
	c.Action = Action(fields[1])
	for _, field := range fields[2:] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil || n < 0 || strconv.FormatInt(n, 10) != field {
			return Callback{}, false
		}
		c.Numbers = append(c.Numbers, n)
	}
	return c, true
}

// channelName writes what ParseChannel reads: the id of a channel without its sign. Ids of
// channels are below zero, core.telegram.org/api/bots/ids.
func channelName(channel int64) string { return strconv.FormatInt(-channel, 10) }

// ParseChannel reads the id of a channel without its sign.
func ParseChannel(name string) (channel int64, ok bool) {
	n, err := strconv.ParseInt(name, 10, 64)
	if err != nil || n <= 0 || channelName(-n) != name {
		return 0, false
	}
	return -n, true
}
