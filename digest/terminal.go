package digest

import (
	"fmt"
	"math"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// Escape sequences of terminals: ECMA-48 "select graphic rendition", and
// hyperlinks as in gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda.
const (
	sgrReset   = "\x1b[0m"
	sgrHeading = "\x1b[2m" // faint
	linkStart  = "\x1b]8;;%s\x1b\\"
	linkEnd    = "\x1b]8;;\x1b\\"
)

// sgrTags are the styles of Telegram's tags. Spoilers stay readable, because an
// editor who previews an issue wants to see them.
var sgrTags = map[string]string{
	"b": "1", "strong": "1",
	"i": "3", "em": "3",
	"u": "4", "ins": "4",
	"s": "9", "strike": "9", "del": "9",
	"code": "36", "pre": "36",
	"tg-spoiler": "7", "span": "7",
	"a": "4;34",
}

// Terminal returns the issue as readers with that layout get it, for a terminal:
// each message under a line that names its section and part and says how long it
// is. With styled it uses escape sequences for bold, italic, links and so on,
// without it writes out the addresses of links. Control characters of the
// document never reach the terminal.
func (i *Issue) Terminal(layout Layout, styled bool) string {
	var out strings.Builder
	messages := i.Messages()
	shared := sharing(messages)
	layout = layout.For(len(shared))
	if layout == LayoutCompact {
		m := compactMessage(messages)
		writeMessage(&out, m, fmt.Sprintf("──── headlines · %d of %d characters ────", m.Length, maxMessageUnits), styled)
		return out.String()
	}
	if layout == LayoutRich {
		i.writeRich(&out, messages, styled)
		return out.String()
	}
	for n, these := range shared {
		if n > 0 {
			out.WriteByte('\n')
		}
		writeMessage(&out, together(these), i.terminalHeading(these), styled)
	}
	return out.String()
}

// writeRich writes the messages of the rich layout.
func (i *Issue) writeRich(out *strings.Builder, messages []Message, styled bool) {
	for n := 0; n < len(messages); {
		m := messages[n]
		if n > 0 {
			out.WriteByte('\n')
		}
		if m.Rich == "" {
			writeMessage(out, m, i.terminalHeading(messages[n:n+1]), styled)
			n++
			continue
		}
		heading := fmt.Sprintf("──── %s · rich message ────", i.messageName(m))
		writeText(out, heading, terminalRich(m.Rich, styled), styled)
		n += m.Parts
	}
}

// compactMessage returns the message of the compact layout.
func compactMessage(messages []Message) Message {
	headlines := make([]string, len(messages))
	for n, m := range messages {
		headlines[n] = m.Headlines
	}
	text := Compact(headlines)
	return Message{HTML: text, Length: Units(textWithin(text)), Image: messages[0].Image}
}

func writeMessage(out *strings.Builder, m Message, heading string, styled bool) {
	text := printable(plainWithin(m.HTML, math.MaxInt)) // Plain may lack addresses, for which there is no room in a message
	if styled {
		text = terminalText(m.HTML)
	}
	if m.Image != "" {
		text = "[" + printable(m.Image) + "]\n\n" + text
	}
	writeText(out, heading, text, styled)
}

func writeText(out *strings.Builder, heading, text string, styled bool) {
	if styled {
		heading = sgrHeading + heading + sgrReset
	}
	out.WriteString(heading + "\n\n" + strings.TrimRight(text, "\n") + "\n")
}

// terminalHeading names the sections that share a message, and its length.
func (i *Issue) terminalHeading(these []Message) string {
	m, names := together(these), make([]string, len(these))
	for n := range these {
		names[n] = i.messageName(these[n])
	}
	name := strings.Join(names, " + ")
	if m.Parts > 1 {
		name += fmt.Sprintf(" · part %d of %d", m.Part, m.Parts)
	}
	return fmt.Sprintf("──── %s · %d of %d characters ────", name, m.Length, maxMessageUnits)
}

func (i *Issue) messageName(m Message) string {
	if m.Cover {
		return "cover"
	}
	return i.sectionName(m.Section)
}

func (i *Issue) sectionName(key string) string {
	for _, s := range i.Sections {
		if s.Key == key && s.Name != "" {
			return printable(strings.TrimSpace(s.Emoji + " " + s.Name))
		}
	}
	return "main part" // as the bot calls it
}

// terminalText returns a message in HTML as text with escape sequences.
func terminalText(message string) string {
	var t terminalWriter
	eachToken(message, func(token html.Token) {
		switch token.Type {
		case html.TextToken:
			t.text(printable(token.Data))
		case html.StartTagToken:
			t.open(token)
		case html.EndTagToken:
			t.close(token.Data)
		}
	})
	return t.out.String()
}

// terminalWriter keeps the styles of the open tags. A terminal cannot end one
// style: it can only reset all, so the others are set again.
type terminalWriter struct {
	out    strings.Builder
	styles []string // of the open tags, the outermost first; "" for a tag without a style
	quotes int      // how many block quotes are open
	inLine bool     // something stands in the current line
	ended  bool     // a block quote ended: a line break is due
}

func (t *terminalWriter) open(tag html.Token) {
	if tag.Data == "blockquote" {
		if t.inLine {
			t.text("\n")
		}
		t.quotes++
	}
	t.styles = append(t.styles, sgrTags[tag.Data])
	t.restyle()
	if tag.Data == "a" {
		fmt.Fprintf(&t.out, linkStart, terminalLink(tag))
	}
}

func (t *terminalWriter) close(tag string) {
	if tag == "a" {
		t.out.WriteString(linkEnd)
	}
	if len(t.styles) > 0 {
		t.styles = t.styles[:len(t.styles)-1]
	}
	t.restyle()
	if tag == "blockquote" {
		t.quotes--
		t.ended = true
	}
}

func (t *terminalWriter) restyle() {
	t.out.WriteString(sgrReset)
	for _, s := range t.styles {
		if s != "" {
			t.out.WriteString("\x1b[" + s + "m")
		}
	}
}

func (t *terminalWriter) text(text string) {
	if t.ended && t.inLine && !strings.HasPrefix(text, "\n") {
		text = "\n" + text
	}
	t.ended = false
	for line := range strings.SplitAfterSeq(text, "\n") {
		if line == "" {
			continue
		}
		if t.quotes > 0 && !t.inLine {
			t.out.WriteString("│ ")
		}
		t.out.WriteString(line)
		t.inLine = !strings.HasSuffix(line, "\n")
	}
}

// terminalLink returns the address of a link, without characters that could end
// the escape sequence around it.
func terminalLink(tag html.Token) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' {
			return -1
		}
		return r
	}, asciiURL(tokenAttr(tag, "href")))
}

// asciiURL escapes what is beyond ASCII, as terminals expect it.
func asciiURL(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.String()
	}
	return address
}

// printable returns a text without the characters that a terminal may take for
// commands.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
}
