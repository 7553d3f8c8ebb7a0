package drafts

import (
	"cmp"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/go-telegram/bot/models"
)

// A text of Telegram has no markup: entities say which of its UTF-16 units are bold, a link
// or a quotation. They may nest and, from a hostile server, overlap or point to nowhere.

// mark is an entity as HTML.
type mark struct {
	from, to    int // UTF-16 units
	open, close string
}

// toHTML writes a text with entities as HTML: headings, paragraphs, lists, quotations and
// code as blocks, all else as written.
func toHTML(text string, entities []models.MessageEntity) string {
	units := utf16.Encode([]rune(text))
	var marks, blocks []mark
	for _, e := range entities {
		m, isBlock := markOf(e, units)
		switch {
		case m.open == "" || m.from >= m.to:
		case isBlock:
			blocks = append(blocks, m)
		default:
			marks = append(marks, m)
		}
	}
	marks = append(marks, bareLinks(text, marks)...)
	slices.SortStableFunc(blocks, byPlace)
	slices.SortStableFunc(marks, byPlace)
	w := writer{units: units, marks: marks}
	at := 0
	for _, b := range blocks {
		if b.from < at { // it overlaps with the one before
			continue
		}
		w.paragraphs(at, b.from)
		w.block(b)
		at = b.to
	}
	w.paragraphs(at, len(units))
	return w.out.String()
}

// isMarkdown reports whether somebody wrote Markdown into a message: it has a heading of
// number signs, or a front matter.
func isMarkdown(text string) bool { return markdownText.MatchString(text) }

var markdownText = regexp.MustCompile(`(?m)^#{1,6} \S|\A(?:---|\+\+\+)\n`)

// toMarkdown writes a text that is Markdown, in which an app has made entities of links and
// bold words.
func toMarkdown(text string, entities []models.MessageEntity) string {
	units := utf16.Encode([]rune(text))
	w := writer{units: units, asIs: true}
	for _, e := range entities {
		m, isBlock := markOf(e, units)
		tag, isTag := markdownMarks[m.open]
		switch {
		case isBlock || m.from >= m.to:
			continue
		case isTag:
			m.open, m.close = tag, tag
		case e.Type == models.MessageEntityTypeTextLink && m.open != "":
			m.open, m.close = "[", "]("+strings.NewReplacer("(", "%28", ")", "%29", " ", "%20", "\n", "").Replace(e.URL)+")"
		default:
			continue
		}
		w.marks = append(w.marks, m)
	}
	slices.SortStableFunc(w.marks, byPlace)
	for _, l := range w.lines(0, len(units)) {
		w.line(l.from, l.to)
		w.out.WriteString("\n")
	}
	return w.out.String()
}

var markdownMarks = map[string]string{"<b>": "**", "<i>": "*", "<s>": "~~", "<code>": "`"}

// byPlace orders marks by where they begin; of two at one place the longer comes first.
func byPlace(a, b mark) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) }

// inline are the tags of entities that stand within a line.
var inline = map[models.MessageEntityType]string{
	models.MessageEntityTypeBold:          "b",
	models.MessageEntityTypeItalic:        "i",
	models.MessageEntityTypeUnderline:     "u",
	models.MessageEntityTypeStrikethrough: "s",
	models.MessageEntityTypeSpoiler:       "tg-spoiler",
	models.MessageEntityTypeCode:          "code",
}

// markOf returns the mark of an entity, within the text; the zero mark for one that needs
// none. Emoji stay as they are, and so do names of accounts without a user name.
func markOf(e models.MessageEntity, units []uint16) (m mark, isBlock bool) {
	from := min(max(e.Offset, 0), len(units))
	to := min(max(from, from+min(e.Length, len(units))), len(units))
	m = mark{from: whole(units, from), to: whole(units, to)}
	covered := string(utf16.Decode(units[m.from:max(m.from, m.to)]))
	link := ""
	switch e.Type {
	case models.MessageEntityTypeTextLink:
		link = e.URL
	case models.MessageEntityTypeURL:
		link = covered
		if !strings.Contains(link, "://") {
			link = "https://" + link
		}
	case models.MessageEntityTypeEmail:
		link = "mailto:" + covered
	case models.MessageEntityTypePhoneNumber:
		link = "tel:" + covered
	case models.MessageEntityTypeMention:
		link = "https://t.me/" + strings.TrimPrefix(covered, "@")
	case models.MessageEntityTypeBlockquote, models.MessageEntityTypeExpandableBlockquote:
		m.open, m.close = "<blockquote>", "</blockquote>"
		return m, true
	case models.MessageEntityTypePre:
		m.open, m.close = "<pre><code>", "</code></pre>"
		return m, true
	default:
		if tag := inline[e.Type]; tag != "" {
			m.open, m.close = "<"+tag+">", "</"+tag+">"
		}
		return m, false
	}
	if link != "" {
		m.open, m.close = `<a href="`+html.EscapeString(link)+`">`, "</a>"
	}
	return m, false
}

// whole moves a place out of the middle of a surrogate pair, to its beginning.
func whole(units []uint16, at int) int {
	const lowFirst, lowLast = 0xdc00, 0xdfff
	if at > 0 && at < len(units) && units[at] >= lowFirst && units[at] <= lowLast {
		return at - 1
	}
	return at
}

// webAddress is an address as people write it.
var webAddress = regexp.MustCompile(`https?://[^\s<>"]+`)

// bareLinks returns marks for addresses that no entity covers: apps leave them alone in some
// texts.
func bareLinks(text string, marks []mark) (links []mark) {
	for _, at := range webAddress.FindAllStringIndex(text, -1) {
		from := unitsOf(text[:at[0]])
		to := from + unitsOf(text[at[0]:at[1]])
		covered := slices.ContainsFunc(marks, func(m mark) bool {
			return m.from < to && from < m.to && strings.HasPrefix(m.open, "<a ")
		})
		if !covered {
			links = append(links, mark{from, to, `<a href="` + html.EscapeString(text[at[0]:at[1]]) + `">`, "</a>"})
		}
	}
	return links
}

// writer writes the HTML.
type writer struct {
	units []uint16
	marks []mark // in order
	out   strings.Builder
	asIs  bool // the text is Markdown, which is not escaped

	hasSection bool // a heading of a section stands alone above
}

func (w *writer) block(b mark) {
	w.out.WriteString(b.open)
	if strings.HasPrefix(b.open, "<pre") {
		w.out.WriteString(html.EscapeString(w.text(b.from, b.to)))
	} else {
		w.paragraphs(b.from, b.to)
	}
	w.out.WriteString(b.close + "\n")
}

func (w *writer) text(from, to int) string { return string(utf16.Decode(w.units[from:to])) }

// lineKind is what a line of a text looks like.
type lineKind int

const (
	emptyLine lineKind = iota
	plainLine
	listLine // it begins with a bullet
	boldLine // all of its letters are bold or underlined
)

// textLine is a line of a text, from one place to another.
type textLine struct {
	from, to int
	kind     lineKind
}

// bullet is how an entry of a list begins.
var bullet = regexp.MustCompile(`^\s*(?:[•·▪▫◦●○‣⁃*–—-]|\d{1,3}[.)、])\s+`)

func (w *writer) lines(from, to int) (all []textLine) {
	for at := from; at < to; {
		next := at
		for next < to && w.units[next] != '\n' {
			next++
		}
		l := textLine{from: at, to: next, kind: plainLine}
		switch text := w.text(at, next); {
		case strings.TrimSpace(text) == "":
			l.kind = emptyLine
		case w.isBold(at, next):
			l.kind = boldLine
		case bullet.MatchString(text):
			l.kind = listLine
		}
		all = append(all, l)
		at = next + 1
	}
	return all
}

// isBold reports whether all letters and digits of a line are bold or underlined. An emoji
// in front need not be.
func (w *writer) isBold(from, to int) bool {
	letters := false
	for at := from; at < to; {
		r, size := rune(w.units[at]), 1
		if utf16.IsSurrogate(r) && at+1 < to {
			r, size = utf16.DecodeRune(r, rune(w.units[at+1])), 2
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			letters = true
			if !slices.ContainsFunc(w.marks, func(m mark) bool { return m.from <= at && at < m.to && (m.open == "<b>" || m.open == "<u>") }) {
				return false
			}
		}
		at += size
	}
	return letters
}

// paragraphs writes what is between two places. A bold line is a heading: of the text if it
// is the very first, of an item if prose follows without an empty line and headings of sections
// stand alone, and else of a section.
func (w *writer) paragraphs(from, to int) {
	open := ""
	begin := func(tag, between string) {
		switch {
		case open == tag:
			w.out.WriteString(between)
			return
		case open != "":
			w.out.WriteString("</" + open + ">\n")
		}
		if open = tag; tag != "" {
			w.out.WriteString("<" + tag + ">")
		}
	}
	lines := w.lines(from, to)
	for i, l := range lines {
		switch l.kind {
		case emptyLine:
			begin("", "")
		case boldLine:
			tag := w.headingTag(lines, i)
			begin("", "")
			w.out.WriteString("<" + tag + ">")
			w.line(l.from, l.to)
			w.out.WriteString("</" + tag + ">\n")
		case listLine:
			begin("ul", "\n")
			w.out.WriteString("<li>")
			w.line(l.from+unitsOf(bullet.FindString(w.text(l.from, l.to))), l.to)
			w.out.WriteString("</li>")
		default:
			begin("p", "<br>\n")
			w.line(l.from, l.to)
		}
	}
	begin("", "")
}

// headingTag returns the tag of a bold line.
func (w *writer) headingTag(lines []textLine, i int) string {
	first := w.out.Len() == 0
	next := emptyLine
	if i+1 < len(lines) {
		next = lines[i+1].kind
	}
	switch {
	case first && next != listLine:
		return "h1"
	case next == plainLine && w.hasSection:
		return "h3"
	}
	w.hasSection = w.hasSection || next == emptyLine || next == boldLine
	return "h2"
}

// unitsOf returns the length of a text in UTF-16 units.
func unitsOf(text string) int { return len(utf16.Encode([]rune(text))) }

// line writes what is between two places with its marks, each closed before the one around
// it. A mark that overlaps the end of another is closed and opened again there.
func (w *writer) line(from, to int) {
	var open []mark
	for at := from; at < to; {
		for len(open) > 0 && slices.ContainsFunc(open, func(m mark) bool { return m.to <= at }) {
			open = w.closeEnded(open, at)
		}
		for _, m := range w.marks {
			if max(m.from, from) == at && m.to > at {
				w.out.WriteString(m.open)
				open = append(open, m)
			}
		}
		next := w.nextPlace(at, to)
		if w.asIs {
			w.out.WriteString(w.text(at, next))
		} else {
			w.out.WriteString(html.EscapeString(w.text(at, next)))
		}
		at = next
	}
	for i := len(open) - 1; i >= 0; i-- {
		w.out.WriteString(open[i].close)
	}
}

// closeEnded closes the marks that end at a place, and opens those again that were within
// them and go on.
func (w *writer) closeEnded(open []mark, at int) []mark {
	first := slices.IndexFunc(open, func(m mark) bool { return m.to <= at })
	for i := len(open) - 1; i >= first; i-- {
		w.out.WriteString(open[i].close)
	}
	left := open[:first:first]
	for _, m := range open[first:] {
		if m.to > at {
			w.out.WriteString(m.open)
			left = append(left, m)
		}
	}
	return left
}

// nextPlace returns the next place after one at which a mark begins or ends, or to.
func (w *writer) nextPlace(at, to int) int {
	next := to
	for _, m := range w.marks {
		for _, place := range [...]int{m.from, m.to} {
			if place > at {
				next = min(next, place)
			}
		}
	}
	return next
}
