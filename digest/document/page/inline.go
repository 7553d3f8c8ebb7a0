package page

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"digestbot/digest"
	"digestbot/digest/document/plain"
	"digestbot/digest/document/web"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// inlineStyle is how text at one place of the tree looks.
type inlineStyle struct {
	style digest.Style
	link  string
	role  Role // of the link
	size  int  // of the letters, in pixels; 0: not said
	space int  // between the letters, in hundredths of their size

	capitals bool // whatever the letters are, they are shown as capitals
	names    bool // a class says that they name a section
}

func (s inlineStyle) with(style digest.Style) inlineStyle {
	s.style |= style
	return s
}

// styles are those that elements give to their text.
var styles = map[atom.Atom]digest.Style{
	atom.B: digest.Bold, atom.Strong: digest.Bold, atom.I: digest.Italic, atom.Em: digest.Italic, atom.Cite: digest.Italic, atom.Var: digest.Italic, atom.Dfn: digest.Italic,
	atom.U: digest.Underline, atom.Ins: digest.Underline, atom.S: digest.Strike, atom.Del: digest.Strike, atom.Strike: digest.Strike,
	atom.Code: digest.Monospace, atom.Kbd: digest.Monospace, atom.Samp: digest.Monospace, atom.Tt: digest.Monospace,
}

// styleOf returns the style inside element n.
func (b *builder) styleOf(n *html.Node, s inlineStyle) inlineStyle {
	s.style |= styles[n.DataAtom]
	if n.DataAtom == atom.A {
		s.role |= b.roleOf(n)
		if target := web.Target(b.base, attr(n, "href")); target != "" {
			s.link = target
		}
	}
	if n.Data == "tg-spoiler" || attr(n, "class") == "tg-spoiler" {
		s.style |= digest.Spoiler
	}
	if css := attr(n, "style"); css != "" {
		s.style |= cssStyle(css)
	}
	s.size = sizeOf(n, s.size)
	s.setLetters(n, b.rules)
	return s
}

var cssBold = plain.Pattern(`font-weight:\s*(?:bold|[6-9]00)`)

func cssStyle(css string) digest.Style {
	if cssBold().MatchString(strings.ToLower(css)) {
		return digest.Bold
	}
	return 0
}

// inline collects the text of one paragraph as spans. Of white space it keeps as
// much as a browser shows. The zero value is an empty paragraph.
type inline struct {
	spans   []digest.Span
	buf     strings.Builder // text of the span being collected
	cur     inlineStyle
	space   bool // white space is to be written before the next word
	newline bool // and it held a line end
	brk     bool // a line break is to be written before the next word
	gap     bool // a merge tag stood before the next word
	last    rune // the last character written; 0 at the start of a line
	roles   Roles
}

func (in *inline) isEmpty() bool { return len(in.spans) == 0 && in.buf.Len() == 0 }

// lineBreak notes a line break, and reports whether it is the second in a row,
// which ends the paragraph.
func (in *inline) lineBreak() (paragraph bool) {
	if in.isEmpty() {
		return false
	}
	again := in.brk
	in.brk, in.space, in.newline = true, false, false
	return again
}

func (in *inline) write(text string, s inlineStyle) {
	for text != "" {
		i := strings.IndexFunc(text, isSpace)
		if i < 0 {
			i = len(text)
		}
		if i > 0 {
			in.word(text[:i], s)
			text = text[i:]
			continue
		}
		r, size := utf8.DecodeRuneInString(text)
		in.space = true
		in.newline = in.newline || r == '\n'
		text = text[size:]
	}
}

// close writes a sign that closes the text before it: white space between them is left out.
func (in *inline) close(sign string, s inlineStyle) {
	space, newline := in.space, in.newline
	in.space, in.newline = false, false
	in.word(sign, s)
	in.space, in.newline = space, newline
}

func isSpace(r rune) bool {
	return unicode.IsSpace(r) && r != '\u3000' || r == '\u200b' || r == '\ufeff'
}

// padding are characters without width. Mails fill the line after their teaser with
// them, so that a list of mails does not show the text behind it.
const padding = "\u200c\u200d\u034f\u061c\u2060\u180e"

// word writes text without white space, and before it the white space or line
// break that is due.
func (in *inline) word(word string, s inlineStyle) {
	in.gap = in.gap || strings.HasPrefix(word, mergeMark)
	word = strings.Map(plain.Visible, word)
	if in.gap && word != "" {
		word, in.gap = in.closeGap(word), false
	}
	if strings.Trim(word, padding) == "" {
		return
	}
	first, _ := utf8.DecodeRuneInString(word)
	switch {
	case in.brk:
		in.writeStyled("\n", inlineStyle{})
	case in.space && in.last != 0 && (!in.newline || !digest.IsWide(in.last) || !digest.IsWide(first)):
		between := inlineStyle{style: s.style & in.cur.style}
		if s.link == in.cur.link {
			between.link = s.link
		}
		in.writeStyled(" ", between)
	}
	in.brk, in.space, in.newline = false, false, false
	in.writeStyled(word, s)
	in.roles.add(word, s)
	in.last, _ = utf8.DecodeLastRuneInString(word)
}

func (in *inline) writeStyled(text string, s inlineStyle) {
	if s.style != in.cur.style || s.link != in.cur.link {
		in.endSpan()
		in.cur = s
	}
	in.buf.WriteString(text)
}

func (in *inline) endSpan() {
	if in.buf.Len() > 0 {
		in.spans = append(in.spans, digest.Span{Text: in.buf.String(), Style: in.cur.style, Link: in.cur.link})
		in.buf.Reset()
	}
}

// take returns the paragraph and starts the next.
func (in *inline) take() []digest.Span {
	in.endSpan()
	spans := in.spans
	*in = inline{}
	if len(spans) == 0 {
		return nil
	}
	return finish(spans)
}

// finish makes links of bare addresses, and cleans the texts of links.
func finish(spans []digest.Span) []digest.Span {
	out := make([]digest.Span, 0, len(spans))
	for i, s := range spans {
		switch {
		case s.Link != "":
			if i == 0 || spans[i-1].Link != s.Link {
				s.Text = trimArrows(s.Text, strings.TrimLeft)
			}
			if i+1 == len(spans) || spans[i+1].Link != s.Link {
				s.Text = trimArrows(s.Text, strings.TrimRight)
			}
			out = append(out, s)
		case s.Style&digest.Monospace == 0:
			out = append(out, linkify(s)...)
		default:
			out = append(out, s)
		}
	}
	return out
}

// openReference matches a reference link whose definition is missing.
var openReference = plain.Pattern(`\[([^\[\]\n]{1,200})\]\[[^\[\]\n]{0,200}\]`)

// showReferences replaces reference links without a definition by their words,
// in place.
func showReferences(spans []digest.Span) []digest.Span {
	for i, s := range spans {
		if s.Link == "" && s.Style&digest.Monospace == 0 && strings.Contains(s.Text, "][") {
			spans[i].Text = openReference().ReplaceAllString(s.Text, "$1")
		}
	}
	return spans
}

// trimArrows removes the arrows that authors put around the texts of links
// (">>>read"), unless there is nothing else or they close a bracket
// ("Option<T>").
func trimArrows(text string, trim func(text, cutset string) string) string {
	trimmed := trim(text, ">＞»›》〉 ")
	if strings.TrimSpace(trimmed) == strings.TrimSpace(text) || trimmed == "" || strings.ContainsAny(trimmed, "<＜«‹《〈") {
		return text
	}
	return trimmed
}

// bareAddress matches an address in running text. It ends before the first
// character that is not ASCII, because Chinese text follows without a space.
var bareAddress = plain.Pattern(`https?://[A-Za-z0-9][A-Za-z0-9_~:/?#@!$&'()*+,;=.%\[\]|-]+`)

// linkify makes of each address in a span a span with a link.
func linkify(s digest.Span) []digest.Span {
	if !strings.Contains(s.Text, "://") {
		return []digest.Span{s}
	}
	var out []digest.Span
	rest := s.Text
	for {
		at := bareAddress().FindStringIndex(rest)
		if at == nil {
			break
		}
		end := at[0] + len(trimAddress(rest[at[0]:at[1]]))
		address := rest[at[0]:end]
		if at[0] > 0 {
			out = append(out, digest.Span{Text: rest[:at[0]], Style: s.Style})
		}
		link := address
		if len(link) > digest.MaxLink {
			link = ""
		}
		out = append(out, digest.Span{Text: address, Style: s.Style, Link: link})
		rest = rest[end:]
	}
	if rest != "" {
		out = append(out, digest.Span{Text: rest, Style: s.Style})
	}
	return out
}

// trimAddress removes the punctuation that belongs to the sentence around an
// address.
func trimAddress(address string) string {
	round := strings.Count(address, ")") - strings.Count(address, "(")
	square := strings.Count(address, "]") - strings.Count(address, "[")
	for {
		trimmed := strings.TrimRight(address, ".,;:!?'*_~|")
		switch {
		case round > 0 && strings.HasSuffix(trimmed, ")"):
			round--
			trimmed = trimmed[:len(trimmed)-1]
		case square > 0 && strings.HasSuffix(trimmed, "]"):
			square--
			trimmed = trimmed[:len(trimmed)-1]
		}
		if trimmed == address {
			return address
		}
		address = trimmed
	}
}

func cleanCode(text string) string {
	text = strings.ReplaceAll(text, "\t", "    ")
	return strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		return plain.Visible(r)
	}, text)
}
