package digest

import (
	"strings"

	"golang.org/x/net/html"
)

// bytesOf returns how many bytes the text of pieces has, so that a builder need not grow.
func bytesOf(pieces []piece) int {
	n := 0
	for i := range pieces {
		n += len(pieces[i].sep)
		for _, s := range pieces[i].spans {
			n += len(s.Text)
		}
	}
	return n
}

// renderText returns pieces as the text that a reader sees.
func renderText(pieces []piece) string {
	var out strings.Builder
	out.Grow(bytesOf(pieces))
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

// renderPlain returns pieces without markup, and where it names sections and has items.
// Addresses stand behind the words of their links as long as there is room for them.
func renderPlain(pieces []piece) (string, places) {
	room := maxMessageUnits - Units(renderText(pieces))
	var out strings.Builder
	var found places
	out.Grow(bytesOf(pieces))
	for i := range pieces {
		before := out.Len()
		if i > 0 {
			out.WriteString(pieces[i].sep)
		}
		start := out.Len()
		spans := pieces[i].spans
		for j, s := range spans {
			words := s.Text
			if s.Link != "" && (j+1 == len(spans) || spans[j+1].Link != s.Link) {
				words = withAddress(s.Text, s.Link, room)
				room -= Units(words) - Units(s.Text)
			}
			out.WriteString(words)
		}
		found.add(&pieces[i], before, start, out.Len())
	}
	return out.String(), found
}

// withAddress returns the words of a link with its address behind them, or the
// address in place of words that are the address already. If there is no room for
// that it returns the words.
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

// PlainOf returns a message in Telegram's HTML, such as this package writes,
// without its markup. Addresses stand behind the words of their links as long as
// there is room for them in one message.
func PlainOf(message string) string {
	return plainWithin(message, maxMessageUnits-Units(textWithin(message)))
}

// plainWithin is PlainOf with that much room for addresses, in UTF-16 code units.
func plainWithin(message string, room int) string {
	var out, words strings.Builder
	into, link := &out, ""
	eachToken(message, func(t html.Token) {
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

// textWithin returns the text of a message in HTML.
func textWithin(message string) string { return SeenIn(message).Text }

// Seen is what readers see of a message in HTML.
type Seen struct {
	Text  string
	Links []string // where they lead
}

// SeenIn returns what readers see of a message in HTML.
func SeenIn(message string) (seen Seen) {
	var text strings.Builder
	eachToken(message, func(t html.Token) {
		switch {
		case t.Type == html.TextToken:
			text.WriteString(t.Data)
		case t.Type == html.StartTagToken && t.Data == "a":
			seen.Links = append(seen.Links, tokenAttr(t, "href"))
		}
	})
	seen.Text = text.String()
	return seen
}

// eachToken calls yield for each tag and text of a message in HTML.
func eachToken(message string, yield func(html.Token)) {
	tokens := html.NewTokenizer(strings.NewReader(message))
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
