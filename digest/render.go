package digest

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
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
// shares with its neighbours, its link, its own styles. Code holds nothing and
// stands in nothing, so a link or a title wins over it.
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

// frameTag returns the element around the text of a piece.
func (a *piece) frameTag() tag {
	switch a.frame {
	case quote:
		return tag{"<blockquote>", "</blockquote>"}
	case fold:
		return tag{"<blockquote expandable>", "</blockquote>"}
	case pre:
		if a.language != "" {
			return tag{fmt.Sprintf(`<pre><code class="language-%s">`, escaper.Replace(a.language)), "</code></pre>"}
		}
		return tag{"<pre>", "</pre>"}
	}
	return tag{}
}

// markup writes pieces as Telegram's HTML.
type markup struct {
	out  strings.Builder
	open []tag // of the span written last
}

// spans writes the spans of one piece, keeping elements open from span to span
// where it can.
func (m *markup) spans(spans []Span, shared Style) {
	for _, s := range spans {
		m.span(s.Text, tagsOf(s, shared), escaper)
	}
	m.closeTo(0)
}

// HTML returns the text of spans for parse mode HTML. As in the messages of an issue,
// what Telegram would take for a command is set as code.
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

// renderHTML writes pieces as one message.
func renderHTML(pieces []piece) string {
	var m markup
	for i := range pieces {
		a := &pieces[i]
		joined := i > 0 && a.joins(&pieces[i-1])
		if i > 0 && !joined {
			m.out.WriteString(pieces[i-1].frameTag().close)
		}
		if i > 0 {
			m.out.WriteString(a.sep)
		}
		if !joined {
			m.out.WriteString(a.frameTag().open)
		}
		if a.frame == pre {
			m.out.WriteString(escaper.Replace(plain(a.spans)))
		} else {
			m.spans(withoutCommands(a.spans), a.shared)
		}
	}
	if n := len(pieces); n > 0 {
		m.out.WriteString(pieces[n-1].frameTag().close)
	}
	return m.out.String()
}

// joins tells whether a piece goes on in the frame of the one before it.
func (a *piece) joins(before *piece) bool {
	return a.frame != bare && a.frame == before.frame && a.group == before.group
}

// renderText writes pieces as the text a reader sees.
func renderText(pieces []piece) string {
	var out strings.Builder
	for i := range pieces {
		if i > 0 {
			out.WriteString(pieces[i].sep)
		}
		for _, s := range pieces[i].spans {
			out.WriteString(s.Text)
		}
	}
	return out.String()
}

// renderPlain writes pieces without markup, addresses behind the words they
// belong to as long as there is room for them.
func renderPlain(pieces []piece) string {
	room := maxMessageUnits - Units(renderText(pieces))
	var out strings.Builder
	for i := range pieces {
		if i > 0 {
			out.WriteString(pieces[i].sep)
		}
		spans := pieces[i].spans
		for j, s := range spans {
			words := s.Text
			if s.Link != "" && (j+1 == len(spans) || spans[j+1].Link != s.Link) {
				words = withAddress(s.Text, s.Link, room)
				room -= Units(words) - Units(s.Text)
			}
			out.WriteString(words)
		}
	}
	return out.String()
}

// withAddress returns the words of a link with its address behind them, or
// in place of words that are the address already, if it needs no more room than
// there is.
func withAddress(words, link string, room int) string {
	full := words + " (" + link + ")"
	if words == link || words == shortAddress(link, link) {
		full = link
	}
	if Units(full)-Units(words) > room {
		return words
	}
	return full
}

// PlainOf returns a text in Telegram's HTML, such as this package writes,
// without its markup: addresses stand behind the words they belong to as long
// as there is room for them in one message.
func PlainOf(source string) string {
	room := maxMessageUnits - Units(textWithin(source))
	var out, words strings.Builder
	into, link := &out, ""
	eachToken(source, func(t html.Token) {
		switch {
		case t.Type == html.TextToken:
			into.WriteString(t.Data)
		case t.Data != "a":
		case t.Type == html.StartTagToken:
			into, link = &words, tokenAttr(t, "href")
		case t.Type == html.EndTagToken:
			full := withAddress(words.String(), link, room)
			room -= Units(full) - Units(words.String())
			out.WriteString(full)
			into = &out
			words.Reset()
		}
	})
	out.WriteString(words.String()) // of a link that never ended
	return out.String()
}

// textWithin returns the text of a piece of HTML.
func textWithin(source string) string {
	var text strings.Builder
	eachToken(source, func(t html.Token) {
		if t.Type == html.TextToken {
			text.WriteString(t.Data)
		}
	})
	return text.String()
}

// eachToken calls yield for each tag and text of a piece of HTML.
func eachToken(source string, yield func(html.Token)) {
	tokens := html.NewTokenizer(strings.NewReader(source))
	for tokens.Next() != html.ErrorToken {
		yield(tokens.Token())
	}
}

func tokenAttr(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
