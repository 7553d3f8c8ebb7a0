package digest

// IsTaken is for the test that compares it with Telegram's own parser.
var IsTaken = isTaken
