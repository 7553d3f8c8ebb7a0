package digesttest

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"digestbot/digest"
)

// content collects the text and the links of blocks, independently of how the
// package does it.
type content struct {
	text  strings.Builder
	links []string
	known links
}

// links knows how messages show links.
type links map[string]shown

// shown is how messages show a link: as a link, or as an address behind its words.
type shown struct {
	kept    bool
	address string
}

// of returns how messages show a link. It asks an issue that has no other: which links
// Telegram takes is another test's business.
func (l links) of(link string) shown {
	if s, ok := l[link]; ok {
		return s
	}
	const words = "†"
	paragraph := digest.Block{Kind: digest.Paragraph, Spans: []digest.Span{{Text: words, Link: link}}}
	issue := &digest.Issue{Key: "k", Sections: []digest.Section{{Items: []digest.Item{{Body: []digest.Block{paragraph}}}}}}
	message := issue.Messages()[1]
	_, body, _ := strings.Cut(message.Plain, "\n\n")
	s := shown{
		kept:    strings.Contains(message.HTML, "<a href="),
		address: strings.TrimSuffix(strings.TrimPrefix(body, words+" ("), ")"),
	}
	l[link] = s
	return s
}

func (c *content) spans(spans []digest.Span) {
	said := "" // of the link so far
	for i, s := range spans {
		c.text.WriteString(shownText(s))
		c.link(s.Link)
		if i == 0 || spans[i-1].Link != s.Link {
			said = ""
		}
		said += s.Text
		if ends := i+1 == len(spans) || spans[i+1].Link != s.Link; ends {
			c.untaken(said, s)
		}
	}
}

// untaken adds the address of a link that Telegram would drop: messages say it.
func (c *content) untaken(said string, s digest.Span) {
	isItsText := strings.HasPrefix(s.Text, "http://") || strings.HasPrefix(s.Text, "https://")
	if s.Link == "" || isItsText {
		return
	}
	if link := c.known.of(s.Link); !link.kept && !strings.Contains(said, link.address) {
		c.text.WriteString(link.address)
	}
}

var bareAddress = regexp.MustCompile(`^https?://(?:www\.)?([^/?#]+)(.*)$`)

// shownText returns the text of a span as messages show it: of an address that
// is the text of its link they may show only the host.
func shownText(s digest.Span) string {
	unescape := func(text string) string {
		if out, err := url.PathUnescape(text); err == nil {
			return out
		}
		return text
	}
	text, link := bareAddress.FindStringSubmatch(s.Text), bareAddress.FindStringSubmatch(s.Link)
	if text == nil || link == nil || unescape(strings.TrimSuffix(text[1]+text[2], "/")) != unescape(strings.TrimSuffix(link[1]+link[2], "/")) {
		return s.Text
	}
	short := strings.TrimSuffix(text[1]+text[2], "/")
	if wide := utf8.RuneCountInString(short); wide > 32 || strings.ContainsAny(short, "?#") {
		return text[1]
	}
	return short
}

func (c *content) link(link string) {
	if link != "" && c.known.of(link).kept && (len(c.links) == 0 || c.links[len(c.links)-1] != link) {
		c.links = append(c.links, link)
	}
}

func (c *content) blocks(blocks []digest.Block) {
	for _, b := range blocks {
		switch b.Kind {
		case digest.Image:
			c.spans(b.Spans)
			if len(b.Spans) == 0 || b.Spans[0].Link == "" { // it leads to the picture
				c.link(b.URL)
				caption := ""
				for _, s := range b.Spans {
					caption += s.Text
				}
				c.untaken(caption, digest.Span{Text: caption, Link: b.URL})
			}
		case digest.Quote:
			c.blocks(b.Blocks)
		case digest.List:
			for i, entry := range b.Entries {
				if b.Ordered {
					c.text.WriteString(strconv.Itoa(b.Start + i))
				}
				c.blocks(entry)
			}
		case digest.Table:
			for _, row := range b.Rows {
				for _, cell := range row {
					c.spans(cell)
				}
			}
		default:
			c.spans(b.Spans)
		}
	}
}

func sectionContent(s *digest.Section, known links) *content {
	c := &content{known: known}
	c.blocks(s.Intro)
	for _, it := range s.Items {
		c.blocks(it.Lead)
		c.spans(it.Title)
		c.blocks(it.Body)
	}
	c.blocks(s.Outro)
	return c
}

func (c *content) heading(s *digest.Section) {
	c.spans(s.Heading)
	if len(s.Heading) == 0 {
		c.text.WriteString(s.Name)
	}
}

// headingWords returns the words of a section's heading as messages show it.
func headingWords(s *digest.Section, known links) string {
	c := &content{known: known}
	c.heading(s)
	return words(c.text.String())
}

// withHeading puts in front of a section's content the whole heading, which did
// not fit in the heading of the message.
func withHeading(s *digest.Section, rest *content) *content {
	c := &content{known: rest.known}
	c.heading(s)
	c.text.WriteString(rest.text.String())
	for _, link := range rest.links {
		c.link(link)
	}
	return c
}
