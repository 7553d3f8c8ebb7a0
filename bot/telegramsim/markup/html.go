package markup

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// ParseHTML reads Telegram's HTML as Telegram's own parser does (tdlib/td, parse_html):
// the tags of entityOfTag and nothing else, four named entities and numeric ones, every
// tag closed in order. Errors have Telegram's words, with byte offsets. The text is not
// trimmed and the entities are as written: Finish does the rest.
func ParseHTML(source string) (Formatted, error) {
	p := &htmlParser{src: source}
	for p.pos < len(p.src) {
		switch p.at(p.pos) {
		case '&':
			p.reference()
		case '<':
			if err := p.tag(); err != nil {
				return Formatted{}, err
			}
		default:
			n := strings.IndexAny(p.src[p.pos:], "&<")
			if n < 0 {
				n = len(p.src) - p.pos
			}
			p.write(p.src[p.pos : p.pos+n])
			p.pos += n
		}
	}
	if n := len(p.open); n > 0 {
		return Formatted{}, says("Can't find end tag corresponding to start tag %q", p.open[n-1].name)
	}
	for i := range p.entities {
		if p.entities[i].Type == "code" {
			p.entities[i].Language = ""
		}
	}
	sortEntities(p.entities)
	text := p.out.String()
	if !utf8.ValidString(text) {
		return Formatted{}, says("Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units")
	}
	return Formatted{Text: text, Entities: p.entities, Dropped: p.dropped}, nil
}

// entityOfTag returns the entity that a tag makes; false: Telegram does not know the tag.
// Some depend on their attributes, see entity.
func entityOfTag(name string) (string, bool) {
	switch name {
	case "b", "strong":
		return "bold", true
	case "i", "em":
		return "italic", true
	case "u", "ins":
		return "underline", true
	case "s", "strike", "del":
		return "strikethrough", true
	case "tg-spoiler", "span":
		return "spoiler", true
	case "a":
		return "text_link", true
	case "tg-emoji":
		return "custom_emoji", true
	case "tg-time":
		return "date_time", true
	case "code", "pre", "blockquote":
		return name, true
	}
	return "", false
}

// openTag is a start tag whose end has not come yet.
type openTag struct {
	name     string
	argument string // the value of the one attribute that matters
	unix     string // of tg-time
	offset   int    // UTF-16 units before it
	bytes    int    // bytes of text before it
}

type htmlParser struct {
	src      string
	pos      int
	out      strings.Builder
	units    int // UTF-16 units written
	open     []openTag
	entities []Entity
	dropped  int
}

// at returns the byte at i, or 0 after the end, where Telegram's parser meets a NUL.
func (p *htmlParser) at(i int) byte {
	if i < len(p.src) {
		return p.src[i]
	}
	return 0
}

func (p *htmlParser) write(s string) {
	p.out.WriteString(s)
	p.units += Units(s)
}

func (p *htmlParser) reference() {
	r, end := decodeReference(p.src, p.pos)
	if r == 0 {
		p.write("&")
		p.pos++
		return
	}
	p.pos = end
	if utf16.IsSurrogate(r) {
		// Written as it came, so that the check for valid text refuses it.
		p.out.WriteString("\xed")
		p.units++
		return
	}
	p.write(string(r))
}

// isSpace reports whether Telegram takes a byte for a space. The end of the text is one, too.
func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0 || c == '\v'
}

func (p *htmlParser) skipSpaces() {
	for p.at(p.pos) != 0 && isSpace(p.at(p.pos)) {
		p.pos++
	}
}

// name reads up to a space or '>' and returns it in lower case.
func (p *htmlParser) name() string {
	start := p.pos
	for !isSpace(p.at(p.pos)) && p.at(p.pos) != '>' {
		p.pos++
	}
	return lower(p.src[start:p.pos])
}

func (p *htmlParser) tag() error {
	begin := p.pos
	p.pos++
	if p.at(p.pos) == '/' {
		p.pos++
		return p.endTag(begin)
	}
	return p.startTag(begin)
}

func (p *htmlParser) startTag(begin int) error {
	tag := openTag{offset: p.units, bytes: p.out.Len()}
	tag.name = p.name()
	if p.at(p.pos) == 0 {
		return says("Unclosed start tag at byte offset %d", begin)
	}
	if _, ok := entityOfTag(tag.name); !ok {
		return says("Unsupported start tag \"%s\" at byte offset %d", tag.name, begin)
	}
	for p.at(p.pos) != '>' {
		p.skipSpaces()
		if p.at(p.pos) == '>' {
			break
		}
		if err := p.attribute(&tag, begin); err != nil {
			return err
		}
	}
	p.pos++
	if tag.name == "span" && tag.argument != "spoiler" {
		return says("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
	}
	p.open = append(p.open, tag)
	return nil
}

// attribute reads one attribute, with or without a value, and keeps it if it matters.
func (p *htmlParser) attribute(tag *openTag, begin int) error {
	start := p.pos
	for !isSpace(p.at(p.pos)) && !strings.ContainsRune("=>/\"'", rune(p.at(p.pos))) {
		p.pos++
	}
	name := p.src[start:p.pos]
	if name == "" {
		return says("Empty attribute name in the tag \"%s\" at byte offset %d", tag.name, begin)
	}
	p.skipSpaces()
	if p.at(p.pos) != '=' {
		if p.at(p.pos) == 0 {
			return says("Unclosed start tag \"%s\" at byte offset %d", tag.name, begin)
		}
		if tag.name == "blockquote" && name == "expandable" {
			tag.argument = "1"
		}
		return nil
	}
	p.pos++
	p.skipSpaces()
	if p.at(p.pos) == 0 {
		return says("Unclosed start tag \"%s\" at byte offset %d", tag.name, begin)
	}
	value, err := p.attributeValue()
	if err != nil {
		return err
	}
	if p.at(p.pos) == 0 {
		return says("Unclosed start tag at byte offset %d", begin)
	}
	tag.set(name, value)
	return nil
}

func (p *htmlParser) attributeValue() (string, error) {
	quote := p.at(p.pos)
	start := p.pos
	if quote != '"' && quote != '\'' {
		for c := p.at(p.pos); isLetter(c) || isDigit(c) || c == '.' || c == '-'; c = p.at(p.pos) {
			p.pos++
		}
		if c := p.at(p.pos); !isSpace(c) && c != '>' {
			return "", says("Unexpected end of name token at byte offset %d", start)
		}
		return lower(p.src[start:p.pos]), nil
	}
	var value strings.Builder
	p.pos++
	for p.at(p.pos) != quote && p.at(p.pos) != 0 {
		if p.at(p.pos) == '&' {
			if r, end := decodeReference(p.src, p.pos); r != 0 {
				value.WriteRune(r)
				p.pos = end
				continue
			}
		}
		value.WriteByte(p.at(p.pos))
		p.pos++
	}
	if p.at(p.pos) == quote {
		p.pos++
	}
	return value.String(), nil
}

func (t *openTag) set(name, value string) {
	switch {
	case t.name == "a" && name == "href",
		t.name == "tg-emoji" && name == "emoji-id",
		t.name == "tg-time" && name == "format":
		t.argument = value
	case t.name == "code" && name == "class" && strings.HasPrefix(value, "language-"):
		t.argument = strings.TrimPrefix(value, "language-")
	case t.name == "span" && name == "class" && strings.HasPrefix(value, "tg-"):
		t.argument = strings.TrimPrefix(value, "tg-")
	case t.name == "blockquote" && name == "expandable":
		t.argument = "1"
	case t.name == "tg-time" && name == "unix":
		t.unix = value
	}
}

func (p *htmlParser) endTag(begin int) error {
	if len(p.open) == 0 {
		return says("Unexpected end tag at byte offset %d", begin)
	}
	name := p.name()
	p.skipSpaces()
	if p.at(p.pos) != '>' {
		return says("Unclosed end tag at byte offset %d", begin)
	}
	p.pos++
	tag := p.open[len(p.open)-1]
	if name != "" && name != tag.name {
		return says("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, tag.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	if p.units == tag.offset {
		return nil // an empty element makes no entity
	}
	return p.entity(tag)
}

func (p *htmlParser) entity(tag openTag) error {
	kind, _ := entityOfTag(tag.name)
	e := Entity{Type: kind, Offset: tag.offset, Length: p.units - tag.offset}
	switch tag.name {
	case "a":
		return p.link(e, tag)
	case "pre", "code":
		p.code(e, tag)
		return nil
	case "blockquote":
		if tag.argument != "" {
			e.Type = "expandable_blockquote"
		}
	case "tg-emoji":
		if id, ok := plainInteger(tag.argument); !ok || id == 0 {
			return says("Invalid custom emoji identifier specified")
		}
		e.CustomEmojiID = tag.argument
	case "tg-time":
		format, ok := dateFormat(tag.argument)
		if !ok {
			return says("Invalid date format used")
		}
		e.UnixTime, e.DateTimeFormat = wrappedInteger(tag.unix), format
		if e.UnixTime <= 0 {
			p.dropped++
			return nil
		}
	}
	p.entities = append(p.entities, e)
	return nil
}

// link adds a link, or a mention for tg://user?id=N. Without an address the text is the
// address; one that leads nowhere leaves plain text.
func (p *htmlParser) link(e Entity, tag openTag) error {
	address := tag.argument
	if address == "" {
		address = p.out.String()[tag.bytes:]
	}
	if id := UserOfLink(address); id != 0 {
		e.Type, e.UserID = "text_mention", id
		p.entities = append(p.entities, e)
		return nil
	}
	checked, err := CheckLink(address)
	if err != nil {
		p.dropped++
		return nil
	}
	e.URL = checked
	p.entities = append(p.entities, e)
	return nil
}

// code adds pre or code; one exactly inside the other makes a pre with a language.
func (p *htmlParser) code(e Entity, tag openTag) {
	if n := len(p.entities); n > 0 {
		last := &p.entities[n-1]
		same := last.Offset == e.Offset && last.Length == e.Length
		if same && tag.name == "pre" && last.Type == "code" && last.Language != "" {
			last.Type = "pre"
			return
		}
		if same && tag.name == "code" && last.Type == "pre" && last.Language == "" && tag.argument != "" {
			last.Language = tag.argument
			return
		}
	}
	if tag.name == "code" {
		e.Language = tag.argument
	}
	p.entities = append(p.entities, e)
}

// dateFormat reads the format of a date and returns it as Telegram writes it.
func dateFormat(given string) (format string, ok bool) {
	if given == "r" || given == "R" {
		return "r", true
	}
	given = strings.ReplaceAll(given, "W", "w")
	for _, part := range []string{"w", "dD", "tT"} {
		for _, letter := range part {
			if strings.ContainsRune(given, letter) {
				format += string(letter) // the short form goes before the long
				break
			}
		}
	}
	return format, strings.Trim(given, "wdDtT") == ""
}

// plainInteger reads a number written as a program would write it: no plus, no zeros in front.
func plainInteger(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && strconv.FormatInt(n, 10) == s
}

// wrappedInteger reads the digits at the start of s as Telegram reads a date: what is too
// large for 32 bits wraps around (tdlib/td, to_integer).
func wrappedInteger(s string) int64 {
	digits, negative := strings.CutPrefix(s, "-")
	var n int32
	for i := 0; i < len(digits) && isDigit(digits[i]); i++ {
		n = n*10 + int32(digits[i]-'0')
	}
	if negative {
		n = -n
	}
	return int64(n)
}
