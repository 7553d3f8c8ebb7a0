package digesttest

import (
	"errors"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
)

// parsed is a message as Telegram would understand it.
type parsed struct {
	text     string
	entities int
	wire     int // bytes of the entities, roughly
	links    []string
}

// telegramParser reads a message from its beginning to its end.
type telegramParser struct {
	parsed
	open []string // names of the tags whose ends have not come
	out  strings.Builder
}

// parseTelegram parses a message as strictly as Telegram's documentation
// reads (core.telegram.org/bots/api#html-style): only the tags below, properly
// nested, nothing within pre and code, no quotation within a quotation, and
// only four named entities.
func parseTelegram(source string) (parsed, error) {
	var p telegramParser
	for i := 0; i < len(source); {
		n, err := p.next(source[i:], strings.HasSuffix(source[:i], "<pre>"))
		if err != nil {
			return p.parsed, fmt.Errorf("%w at %d, open: %v: %.40q", err, i, p.open, source[i:])
		}
		i += n
	}
	if len(p.open) > 0 {
		return p.parsed, fmt.Errorf("never closed: %v", p.open)
	}
	p.text = p.out.String()
	return p.parsed, nil
}

// next reads a tag, an entity or a byte of text and returns its length. opensPre says that
// it stands right behind the tag pre.
func (p *telegramParser) next(source string, opensPre bool) (int, error) {
	switch source[0] {
	case '<':
		if strings.HasPrefix(source, "</") {
			return p.end(source)
		}
		return p.start(source, opensPre)
	case '>', '"':
		return 0, errors.New("unescaped sign")
	case '&':
		entity := source[:strings.IndexByte(source, ';')+1]
		if !slices.Contains([]string{"&lt;", "&gt;", "&amp;", "&quot;"}, entity) {
			return 0, errors.New("no entity Telegram knows")
		}
		p.out.WriteString(html.UnescapeString(entity))
		return len(entity), nil
	}
	p.out.WriteByte(source[0])
	return 1, nil
}

var startTag = regexp.MustCompile(`^<(b|i|u|s|code|pre|tg-spoiler|blockquote|blockquote expandable|a href="([^"<>]*)"|code class="language-([^"<>\s]*)")>`)

func (p *telegramParser) start(source string, opensPre bool) (int, error) {
	m := startTag.FindStringSubmatch(source)
	if m == nil {
		return 0, errors.New("no tag Telegram knows")
	}
	name, _, _ := strings.Cut(m[1], " ")
	isLanguage := m[3] != "" && opensPre // of the code in pre
	if !isLanguage {
		if err := p.checkPlace(name); err != nil {
			return 0, err
		}
		p.entities++
		p.wire += 12
	}
	if name == "a" {
		link := html.UnescapeString(m[2])
		p.links = append(p.links, link)
		p.wire += len(link)
	}
	p.open = append(p.open, name)
	return len(m[0]), nil
}

// checkPlace fails if a tag may not stand within the open ones.
func (p *telegramParser) checkPlace(name string) error {
	top := ""
	if n := len(p.open); n > 0 {
		top = p.open[n-1]
	}
	switch {
	case slices.Contains(p.open, "pre"), slices.Contains(p.open, "code"):
		return fmt.Errorf("%s within code", name)
	case slices.Contains(p.open, name):
		return fmt.Errorf("%s within itself", name)
	case name == "code" && top != "" && top != "blockquote":
		return errors.New("code within other tags")
	case name == "blockquote" && top != "":
		return errors.New("blockquote within other tags")
	}
	return nil
}

func (p *telegramParser) end(source string) (int, error) {
	end := strings.IndexByte(source, '>')
	last := len(p.open) - 1
	if end < 0 || last < 0 || source[len("</"):end] != p.open[last] {
		return 0, errors.New("unexpected end tag")
	}
	p.open = p.open[:last]
	return end + 1, nil
}
