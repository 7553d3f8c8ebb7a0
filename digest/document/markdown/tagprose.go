package markdown

import (
	"slices"
	"strings"

	"digestbot/digest/document/bounds"
	"digestbot/digest/document/plain"
)

// titleParams are the parameters of a tag that head its text. Those without a name do so
// too.
var titleParams = []string{"", "title", "heading", "header", "summary"}

// formParams are those that say how something looks, or what is looked up.
var formParams = []string{"class", "style", "sizes", "alt", "attr", "attrs", "options", "params", "args", "query", "filter", "sort", "columns", "data", "file", "path", "command"}

// prose returns the texts that a tag of its own line gives to its template, as Markdown: an
// event or a box of which all is in the parameters. Its title is a heading if it has other
// text, and headed says that the document has headings.
func (p params) prose(headed bool) string {
	title, texts := p.titleAndTexts()
	switch {
	case title == "" && len(texts) == 0:
		return ""
	case title == "":
	case headed && len(texts) > 0:
		title = "###### " + title
	default:
		title = "**" + title + "**"
	}
	return "\n\n" + title + "\n\n" + strings.Join(texts, "\n\n") + "\n\n"
}

// titleAndTexts returns what people read in the parameters.
func (p params) titleAndTexts() (title string, texts []string) {
	for _, param := range p.texts {
		text := strings.TrimSpace(param.text)
		switch {
		case slices.Contains(formParams, param.name) || !isProse(text):
		case title == "" && slices.Contains(titleParams, param.name) && !strings.ContainsAny(text, "\n*"):
			title = text
		default:
			texts = append(texts, text)
		}
	}
	return title, texts
}

var (
	severalWords = plain.Pattern(`\pL[\pL'’]*[,:.!?]?\s+(?:\S+\s+)*\S`)
	codeSign     = plain.Pattern(`[{}=;|<>\\]`)
)

// isProse reports whether a parameter is what people read: several words, and no code.
// Links are read too.
func isProse(text string) bool {
	if strings.Contains(text, "](http") {
		return true
	}
	return severalWords().MatchString(text) && !codeSign().MatchString(text)
}

const (
	maxTagText = 4096 // bytes between a tag and its end that may be an entry or a link
	maxTagGap  = 64   // bytes between such entries
)

// linkOrEntry writes what stands between a tag and its end as a link, if the tag has an
// address, and as an entry of a list if the same tag follows or the entry before had it. It
// reports whether it did; the text must be one paragraph.
func (c *cleaner) linkOrEntry(tag string, p params, text string, after int) bool {
	text = strings.TrimSpace(text)
	if !isTaggedParagraph(text) {
		return false
	}
	address, isEntry := p.address(), c.isAlone(after) && c.isBesideSame(tag, after)
	if address == "" && !isEntry {
		return false
	}
	if address != "" && !strings.Contains(text, "](") {
		text = "[" + text + "](<" + address + ">)"
	}
	if isEntry {
		text = p.entry(text)
		c.entryEnd, c.entryTag = after, tag
	}
	c.replace(after, text)
	return true
}

// isTaggedParagraph reports whether a text is one paragraph that stays one inside a link
// or an entry: other tags or the mark of a list in it would be torn apart.
func isTaggedParagraph(text string) bool {
	return text != "" && len(text) <= maxTagText && !strings.ContainsAny(text, "{<") && !strings.Contains(text, "\n\n") && bounds.ContainerMark(text) == 0
}

// isBesideSame reports whether a tag that ends at after stands right behind an entry of
// the same tag, or in front of the same tag: one of its kind makes no list.
func (c *cleaner) isBesideSame(tag string, after int) bool {
	if c.entryTag == tag && c.at-c.entryEnd < maxTagGap && strings.TrimSpace(c.body[c.entryEnd:c.at]) == "" {
		return true
	}
	next := strings.TrimLeft(c.body[after:min(len(c.body), after+maxTagGap)], " \t\n")
	return strings.HasPrefix(next, tag+" ")
}

// entry returns the text of a tag as an entry of a list, under the title that the
// parameters give.
func (p params) entry(text string) string {
	if title, _ := p.titleAndTexts(); title != "" {
		text = "**" + title + "**\\\n" + text
	}
	return "- " + strings.ReplaceAll(text, "\n", "\n  ") + "\n"
}
