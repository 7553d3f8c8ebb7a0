package markup

import (
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// Limits of rich messages, core.telegram.org/bots/api#rich-message-limits.
const (
	maxRichRunes   = 32768
	maxRichBlocks  = 500
	maxRichDepth   = 16
	maxRichMedia   = 50
	maxRichColumns = 20
)

// Rich is the content of a rich message.
type Rich struct {
	Text string   // all of its text, one line per block
	RTL  bool     // written from right to left
	Root RichNode // the same as a tree
}

// RichNode is an element of a rich message, or a text if Tag is empty.
type RichNode struct {
	Tag      string            `json:"tag,omitempty"`
	Text     string            `json:"text,omitempty"`
	Attr     map[string]string `json:"attr,omitempty"`
	Children []RichNode        `json:"children,omitempty"`
}

// isExpandable reports whether the element is a quotation that unfolds. The Bot API gives
// it a text where other quotations have blocks
// (core.telegram.org/bots/api#richblockexpandableblockquotation).
func (n RichNode) isExpandable() bool {
	_, expandable := n.Attr["expandable"]
	return n.Tag == "blockquote" && expandable
}

// ParseRich reads the HTML of a rich message. Errors have Telegram's words.
func ParseRich(source string) (Rich, error) {
	const empty = "Rich message must be non-empty"
	if strings.TrimSpace(source) == "" {
		return Rich{}, says(empty)
	}
	p := &richParser{tokens: html.NewTokenizer(strings.NewReader(source)), stack: []RichNode{{Tag: "body"}}}
	if err := p.run(); err != nil {
		return Rich{}, says("Can't parse rich message: %s", err)
	}
	text := strings.Trim(p.text.String(), "\n")
	switch {
	case strings.TrimSpace(text) == "" && p.media == 0:
		return Rich{}, says(empty)
	case utf8.RuneCountInString(text) > maxRichRunes:
		return Rich{}, says("RICH_MESSAGE_TOO_LONG")
	case p.blocks > maxRichBlocks:
		return Rich{}, says("RICH_MESSAGE_BLOCKS_TOO_MUCH")
	case p.media > maxRichMedia:
		return Rich{}, says("RICH_MESSAGE_MEDIA_TOO_MUCH")
	}
	return Rich{Text: text, Root: p.stack[0]}, nil
}

// richTag describes a tag of rich HTML: whether it is a block, and whether it is empty.
type richTag struct{ block, void bool }

// richTagOf describes a tag (core.telegram.org/bots/api#rich-message-formatting-options).
func richTagOf(name string) (richTag, bool) {
	switch name {
	case "h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "blockquote", "aside",
		"details", "table", "figure", "pre", "footer":
		return richTag{block: true}, true
	case "hr", "img":
		return richTag{block: true, void: true}, true
	case "br":
		return richTag{void: true}, true
	case "summary", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "figcaption", "cite",
		"a", "b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "mark", "sub", "sup", "code",
		"tg-spoiler", "tg-time", "tg-emoji", "span":
		return richTag{}, true
	}
	return richTag{}, false
}

type richParser struct {
	tokens        *html.Tokenizer
	stack         []RichNode // open elements, the whole message first
	text          strings.Builder
	blocks, media int
	columns       int // of the table row being read
}

func (p *richParser) run() error {
	for {
		switch p.tokens.Next() {
		case html.ErrorToken:
			if err := p.tokens.Err(); !errors.Is(err, io.EOF) {
				return err
			}
			if open := p.stack[len(p.stack)-1].Tag; len(p.stack) > 1 {
				return says("Can't find end tag corresponding to start tag %q", open)
			}
			return nil
		case html.TextToken:
			t := string(p.tokens.Text())
			p.text.WriteString(t)
			p.add(RichNode{Text: t})
		case html.StartTagToken, html.SelfClosingTagToken:
			if err := p.start(p.tokens.Token()); err != nil {
				return err
			}
		case html.EndTagToken:
			if err := p.end(p.tokens.Token().Data); err != nil {
				return err
			}
		}
	}
}

func (p *richParser) add(n RichNode) {
	parent := &p.stack[len(p.stack)-1]
	parent.Children = append(parent.Children, n)
}

func (p *richParser) start(t html.Token) error {
	tag, ok := richTagOf(t.Data)
	if !ok {
		return says("Unsupported start tag %q", t.Data)
	}
	node := RichNode{Tag: t.Data}
	for _, a := range t.Attr {
		if node.Attr == nil {
			node.Attr = map[string]string{}
		}
		node.Attr[a.Key] = a.Val
	}
	if open := p.stack[len(p.stack)-1]; tag.block && open.isExpandable() {
		return says("Tag %q isn't allowed in %q", t.Data, open.Tag)
	}
	if err := p.count(tag, node); err != nil {
		return err
	}
	if tag.void {
		p.add(node)
		return nil
	}
	if len(p.stack) > maxRichDepth {
		return says("Too deep nesting")
	}
	p.stack = append(p.stack, node)
	return nil
}

func (p *richParser) count(tag richTag, n RichNode) error {
	if tag.block {
		p.blocks++
		p.text.WriteString("\n")
	}
	switch n.Tag {
	case "img":
		p.media++
		return p.picture(n)
	case "tr":
		p.columns = 0
	case "th", "td":
		span, err := strconv.Atoi(n.Attr["colspan"])
		if err != nil {
			span = 1
		}
		if p.columns += span; p.columns > maxRichColumns {
			return says("Too many table columns")
		}
		p.text.WriteString("\n")
	}
	return nil
}

// picture reads a picture, which needs an address and is a block of its own.
func (p *richParser) picture(n RichNode) error {
	src := n.Attr["src"]
	if _, err := CheckLink(src); err != nil || !strings.HasPrefix(src, "http") {
		return says("Wrong image address %q", src)
	}
	switch parent := p.stack[len(p.stack)-1].Tag; parent {
	case "body", "figure", "li", "blockquote", "aside", "details":
		return nil
	default:
		return says("Image in the tag %q", parent)
	}
}

func (p *richParser) end(name string) error {
	top := p.stack[len(p.stack)-1]
	if len(p.stack) == 1 || top.Tag != name {
		return says("Unmatched end tag %q", name)
	}
	p.stack = p.stack[:len(p.stack)-1]
	p.add(top)
	if tag, _ := richTagOf(name); tag.block {
		p.text.WriteString("\n")
	}
	return nil
}
