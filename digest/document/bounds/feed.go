package bounds

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strings"

	"digestbot/digest"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"
	"golang.org/x/net/html/charset"
)

// CheckFeed refuses a feed with more elements, attributes or values than maxFeedMarks, or
// nested deeper than maxFeedNesting; and one in XML with more entries than MaxEntries, or
// with what else takes its parser long. It leaves it to the parser to refuse a malformed feed.
func CheckFeed(document []byte) error {
	if document[0] == '{' {
		return checkJSON(document)
	}
	if err := checkXML(document); err != nil {
		return err
	}
	return checkBases(document)
}

func feedBounds(marks, depth int) error {
	switch {
	case marks > maxFeedMarks:
		return &Error{What: fmt.Sprintf("more than %d elements, attributes and values: give the feed fewer entries", maxFeedMarks)}
	case depth > maxFeedNesting:
		return &Error{What: fmt.Sprintf("elements are nested deeper than %d: validate the feed", maxFeedNesting)}
	}
	return nil
}

func checkJSON(document []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(document))
	for marks, depth := 1, 0; ; marks++ {
		token, err := decoder.Token()
		if err != nil {
			return nil
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if err := feedBounds(marks, depth); err != nil {
			return err
		}
	}
}

func checkXML(document []byte) error {
	decoder := xml.NewDecoder(bytes.NewReader(document))
	decoder.Strict = false
	decoder.CharsetReader = charset.NewReaderLabel
	c := xmlCounter{open: make([]xmlElement, 1)}
	for {
		token, err := decoder.RawToken()
		if err != nil {
			return nil
		}
		if err := c.count(token); err != nil {
			return err
		}
	}
}

// xmlCounter counts what it costs the parser to read a feed.
type xmlCounter struct {
	marks   int
	entries int
	open    []xmlElement
	spaces  int // name spaces declared by the open elements
	copied  int // bytes: the parser joins the text of an element piece by piece
}

type xmlElement struct {
	name   string
	spaces int // that it declares
	text   int // bytes in it so far
}

const (
	maxSpaces = 100
	maxCopied = 200 << 20
)

func (c *xmlCounter) count(token xml.Token) error {
	c.marks++
	top := &c.open[len(c.open)-1]
	switch t := token.(type) {
	case xml.StartElement:
		return c.start(t)
	case xml.EndElement:
		c.end(t.Name.Local)
	case xml.CharData:
		top.text += len(t)
		c.copied += top.text
	}
	if c.copied > maxCopied {
		return &Error{What: "too many pieces of text in one element: validate the feed"}
	}
	return feedBounds(c.marks, 0)
}

// end closes the element of that name, and the elements in it that were left open.
func (c *xmlCounter) end(name string) {
	i := len(c.open) - 1
	for i > 0 && c.open[i].name != name {
		i--
	}
	if i == 0 {
		return // it was never opened
	}
	for _, closed := range c.open[i:] {
		c.spaces -= closed.spaces
	}
	c.open = c.open[:i]
}

func (c *xmlCounter) start(t xml.StartElement) error {
	c.marks += len(t.Attr)
	switch strings.ToLower(t.Name.Local) {
	case "item", "entry":
		if c.entries++; c.entries > MaxEntries {
			return ErrEntries
		}
	}
	element := xmlElement{name: t.Name.Local}
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" {
			element.spaces++
		}
		if a.Name.Local == "base" && len(a.Value) > digest.MaxLink {
			return &Error{What: fmt.Sprintf("an xml:base is longer than %d bytes: shorten it", digest.MaxLink)}
		}
	}
	c.spaces += element.spaces
	if c.spaces > maxSpaces {
		return &Error{What: fmt.Sprintf("more than %d name spaces: leave out those that are not used", maxSpaces)}
	}
	c.open = append(c.open, element)
	return feedBounds(c.marks, len(c.open))
}

// checkBases checks the HTML in an Atom feed that has a base for addresses: to add the base,
// the parser of the feed parses that HTML too. It is read here without bases, which leaves
// it as it is.
func checkBases(document []byte) error {
	if !bytes.Contains(document, []byte(":base")) {
		return nil
	}
	feed, err := (&atom.Parser{}).Parse(bytes.NewReader(bytes.ReplaceAll(document, []byte(":base"), []byte(":none"))))
	if err != nil {
		return nil
	}
	texts, err := json.Marshal(feed)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(texts))
	for {
		token, err := decoder.Token()
		if err != nil {
			return nil
		}
		if text, ok := token.(string); ok {
			if _, err := CountHTML(text, MaxTags); err != nil {
				return err
			}
		}
	}
}

// RSSTranslator checks the HTML of a feed before the translator looks for a picture in it.
type RSSTranslator struct{ gofeed.DefaultRSSTranslator }

// Translate refuses a feed with too many tags in its texts, and translates any other.
func (b *RSSTranslator) Translate(feed any) (*gofeed.Feed, error) {
	if f, ok := feed.(*rss.Feed); ok {
		texts := []string{f.Description}
		for _, item := range f.Items {
			texts = append(texts, item.Content, item.Description)
		}
		total := 0
		for _, text := range texts {
			tags, err := CountHTML(text, MaxFeedTags-total)
			if err != nil {
				return nil, err
			}
			total += tags
		}
	}
	return b.DefaultRSSTranslator.Translate(feed)
}
