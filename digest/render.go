package digest

import (
	"strings"
)

// tag is an element of Telegram's HTML; core.telegram.org/bots/api#html-style.
type tag struct{ open, close string }

var styleTags = []struct {
	style Style
	tag
}{
	{Bold, tag{"<b>", "</b>"}}, {Italic, tag{"<i>", "</i>"}}, {Underline, tag{"<u>", "</u>"}},
	{Strike, tag{"<s>", "</s>"}}, {Spoiler, tag{"<tg-spoiler>", "</tg-spoiler>"}},
}

var codeTag = tag{"<code>", "</code>"}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// tagsOf returns the elements around a span, outermost first: the styles it
// shares with its neighbours, its link, its own styles. Code cannot hold other
// elements or stand in them, so a link or a title is not set as code.
func tagsOf(s Span, shared Style) []tag {
	if s.isCode() {
		return []tag{codeTag}
	}
	var tags []tag
	for _, t := range styleTags {
		if s.Style&shared&t.style != 0 {
			tags = append(tags, t.tag)
		}
	}
	if s.Link != "" {
		tags = append(tags, tag{`<a href="` + escaper.Replace(s.Link) + `">`, "</a>"})
	}
	for _, t := range styleTags {
		if s.Style&^shared&t.style != 0 {
			tags = append(tags, t.tag)
		}
	}
	return tags
}

func (s Span) isCode() bool { return s.Style&Monospace != 0 && s.Link == "" && s.Style&Bold == 0 }

// markup writes pieces as Telegram's HTML.
type markup struct {
	out  strings.Builder
	open []tag // of the span written last
}

// spans writes the spans of one piece. An element stays open as long as the next
// span has it too.
func (m *markup) spans(spans []Span, shared Style) {
	for _, s := range spans {
		m.span(s.Text, tagsOf(s, shared), escaper)
	}
	m.closeTo(0)
}

// HTML returns spans for parse_mode HTML. As in the messages of an issue, what
// Telegram would take for a command is set as code.
func HTML(spans ...Span) string {
	var m markup
	m.spans(withoutCommands(spans), 0)
	return m.out.String()
}

// span writes a text within tags, escaped.
func (m *markup) span(text string, tags []tag, escape *strings.Replacer) {
	keep := commonTags(m.open, tags)
	m.closeTo(keep)
	for _, t := range tags[keep:] {
		m.out.WriteString(t.open)
	}
	m.open = append(m.open[:keep:keep], tags[keep:]...)
	m.out.WriteString(escape.Replace(text))
}

func (m *markup) closeTo(n int) {
	for i := len(m.open) - 1; i >= n; i-- {
		m.out.WriteString(m.open[i].close)
	}
	m.open = m.open[:n]
}

func commonTags(a, b []tag) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// renderHTML returns pieces as one message, and where it names sections and has items.
func renderHTML(pieces []piece) (string, places) {
	var m markup
	var found places
	text := bytesOf(pieces)
	m.out.Grow(text + text/8) // and some markup
	for i := range pieces {
		a := &pieces[i]
		joined := i > 0 && a.joins(&pieces[i-1])
		if i > 0 && !joined {
			m.out.WriteString(pieces[i-1].frameTag().close)
			found.close(&pieces[i-1], m.out.Len())
		}
		before := m.out.Len()
		if i > 0 {
			m.out.WriteString(a.sep)
		}
		if !joined {
			m.out.WriteString(a.frameTag().open)
		}
		start := m.out.Len()
		if a.frame == pre {
			m.out.WriteString(escaper.Replace(TextOf(a.spans)))
		} else {
			m.spans(withoutCommands(a.spans), a.shared)
		}
		found.add(a, before, start, m.out.Len())
	}
	if n := len(pieces); n > 0 {
		m.out.WriteString(pieces[n-1].frameTag().close)
		found.close(&pieces[n-1], m.out.Len())
	}
	return m.out.String(), found
}
