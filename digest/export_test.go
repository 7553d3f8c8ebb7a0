package digest

// For tests that ask which links messages keep; Telegram's own parser checks them.
var (
	IsTaken      = isTaken
	ShownAddress = shownAddress
)
