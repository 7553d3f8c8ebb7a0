package digest

// For tests that ask which links messages keep; Telegram's own parser holds it.
var (
	IsTaken      = isTaken
	ShownAddress = shownAddress
)
