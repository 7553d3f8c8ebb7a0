package digest

import "time"

// Issue is one edition of the digest.
type Issue struct {
	// Key is the issue's identity in the archive: its number if it has one,
	// else what the document says of itself, else its file name.
	Key      string    `json:"key"`
	Number   int       `json:"number,omitempty"` // 0: none
	Title    string    `json:"title,omitempty"`
	Date     time.Time `json:"date,omitzero"`    // midnight UTC of the date as published; zero: unknown
	Image    string    `json:"image,omitempty"`  // http(s) address of the picture
	Original string    `json:"source,omitempty"` // http(s) address of the original
	Intro    []Block   `json:"intro,omitempty"`
	Sections []Section `json:"sections,omitempty"`
	Credits  []Block   `json:"credits,omitempty"`
	Warnings []string  `json:"warnings,omitempty"` // for the editor, in English
	// Modified is when the document was last changed, or a month before that it names; it
	// replaces a missing Date. A parser cannot know it: the caller that reads the file sets it.
	Modified time.Time `json:"-"`
}

// Section is a named part of an issue that readers can switch on or off.
type Section struct {
	// Key is what SectionKey makes of Name: a section has the same key in
	// every issue. A document without headings has one section with key and
	// name "".
	Key   string `json:"key"`
	Name  string `json:"name"`
	Emoji string `json:"emoji,omitempty"`
	// New says that readers meet the section for the first time: its headings
	// carry a mark. A parser cannot know it: the caller that keeps the archive
	// sets it before the messages are made.
	New bool `json:"new,omitempty"`
	// Heading is Name with its links, when the heading has any.
	Heading []Span  `json:"heading,omitempty"`
	Intro   []Block `json:"intro,omitempty"` // what stands before the first item
	Items   []Item  `json:"items,omitempty"`
	Outro   []Block `json:"outro,omitempty"` // what stands after the last item and belongs to none
}

// Item is one entry of a section.
type Item struct {
	// Lead is what stands before the item and belongs to none: the heading
	// of the group that starts here, with its introduction.
	Lead  []Block `json:"lead,omitempty"`
	Title []Span  `json:"title,omitempty"` // empty: an untitled item, such as a quotation
	// RunIn says that the first block of Body, a paragraph, goes on in the
	// line of the title, as in "Title: and what it is about".
	RunIn bool    `json:"run_in,omitempty"`
	Body  []Block `json:"body,omitempty"`
}

// BlockKind says what a Block is.
type BlockKind string

// The kinds of blocks.
const (
	Paragraph BlockKind = "paragraph" // Spans
	Heading   BlockKind = "heading"   // Spans; it is below the level of sections and items
	Quote     BlockKind = "quote"     // Blocks
	List      BlockKind = "list"      // Entries; Ordered, Start
	Code      BlockKind = "code"      // Spans of plain text; Language
	Image     BlockKind = "image"     // URL; Spans hold the alternative text or caption
	Table     BlockKind = "table"     // Rows of cells; the first is the header if Header is set
)

// Block is a paragraph, quotation, list, piece of code, picture or table.
type Block struct {
	Kind     BlockKind  `json:"kind"`
	Spans    []Span     `json:"spans,omitempty"`
	Blocks   []Block    `json:"blocks,omitempty"`
	Entries  [][]Block  `json:"entries,omitempty"` // of a list, each of blocks
	Ordered  bool       `json:"ordered,omitempty"`
	Start    int        `json:"start,omitempty"` // number of an ordered list's first entry
	Language string     `json:"language,omitempty"`
	URL      string     `json:"url,omitempty"`
	Rows     [][][]Span `json:"rows,omitempty"` // rows of cells of spans
	Header   bool       `json:"header,omitempty"`
}

// Columns returns how many cells the longest row of a table has.
func (b *Block) Columns() (n int) {
	for _, row := range b.Rows {
		n = max(n, len(row))
	}
	return n
}

// Style is a set of text styles.
type Style uint8

// The styles a Span can combine.
const (
	Bold Style = 1 << iota
	Italic
	Underline
	Strike
	Monospace
	Spoiler
)

// Span is a piece of text in one style. Spans do not nest, so text can be cut
// between any two characters and stays valid markup.
type Span struct {
	Text  string `json:"text"` // UTF-8; may contain "\n", a line break
	Style Style  `json:"style,omitempty"`
	Link  string `json:"link,omitempty"` // http(s), mailto, tel or tg address; empty: none
}

// Message is one Telegram message, ready to send.
type Message struct {
	Section string `json:"section"` // key of the section; see Cover
	Cover   bool   `json:"cover,omitempty"`
	Part    int    `json:"part"`            // 1 to Parts
	Parts   int    `json:"parts"`           // number of messages the section (or the cover) became
	HTML    string `json:"html"`            // for parse_mode HTML
	Length  int    `json:"length"`          // UTF-16 code units after parsing, at most 4096
	Image   string `json:"image,omitempty"` // shown above the text through link_preview_options; only a first part has one
	// Plain is the same text without markup, with addresses written out, in
	// case Telegram refuses the HTML. It has at most 4096 units as well.
	Plain string `json:"plain"`
	// Headlines is this message's share of the compact layout, for parse_mode
	// HTML: of the cover the title and how the introduction begins, of a
	// section its name and the titles of its items. Only first parts have
	// headlines. Compact joins those of an issue, or of some of its sections,
	// to one message within Telegram's limits.
	Headlines string `json:"headlines,omitempty"`
	// Rich is the whole section or cover as HTML of Telegram's rich messages.
	// Only first parts have it. It is empty if it would exceed the limits of
	// a rich message: then the parts are sent.
	Rich string `json:"rich,omitempty"`
	// Share is how the section goes on in the message of the section before it, for
	// parse_mode HTML, see Shared. Empty: it begins a message.
	Share string `json:"share,omitempty"`
	// List is, of the cover, where HTML, Plain and Rich name the sections.
	List CoverList `json:"-"`
	// Items is, of a section, where the items stand in all these forms.
	Items ItemMarks `json:"-"`
	// Untitled says that the heading has the number of the issue for want of a title, see
	// Titled.
	Untitled bool `json:"-"`
}

// IsEmpty reports whether there is nothing in the section, and so no message.
func (s *Section) IsEmpty() bool {
	return len(s.Items) == 0 && len(s.Intro) == 0 && len(s.Outro) == 0
}
