package digest

// MaxHidden is how long the line may be that says how many items are hidden, in UTF-16
// code units.
const MaxHidden = 60

// hiddenRoom is the room that each message keeps for that line.
var hiddenRoom = cost{units: MaxHidden, markup: 6 * MaxHidden}.plus(separatorCost)

// Extended returns a message, in HTML or plain text, with a line in plain text at its end, if
// there is room.
func Extended(message, line string, isHTML bool) string {
	text := message
	if isHTML {
		text, line = textWithin(message), escaper.Replace(line)
	}
	if line == "" || Units(text)+Units(messageSeparator+line) > maxMessageUnits {
		return message
	}
	return message + messageSeparator + line
}

// ExtendedRich is Extended for a rich message.
func ExtendedRich(message, line string) string {
	if message == "" || line == "" || richRoom(message) < Units(line) {
		return message
	}
	return message + "<p>" + escaper.Replace(line) + "</p>"
}

// richRoom returns how many units are left in a rich message, or less.
func richRoom(text string) int {
	const blocks = 2 * maxRichBlocks // each counts as two units
	return maxRichUnits - blocks - MaxHidden - Units(textWithin(text))
}
