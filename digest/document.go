package digest

// MaxDocument is the size from which on a document is refused, in bytes. Only a feed
// may be that large: its entries, and all other documents, up to half of it.
const MaxDocument = 2 << 20
