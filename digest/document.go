package digest

// MaxDocument is the size from which on a document is refused, in bytes: what
// Telegram lets a bot download, core.telegram.org/bots/api#getfile.
const MaxDocument = 20 << 20
