package markdown

import (
	"slices"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/plain"
)

// params are the parameters of a tag or a component.
type params struct {
	named map[string]string // with names in lower case
	list  []string          // without names
	texts []quotedParam     // those in quotation marks, in order
}

// quotedParam is a parameter in quotation marks. It may have no name.
type quotedParam struct{ name, text string }

var param = plain.Pattern(`([\w:.-]+)\s*=\s*("[^"]*"|'[^']*'|\{[^{}]*\}|[^\s"'{}<>]+)|"([^"]*)"|'([^']*)'|([^\s"'{}<>=]+)`)

func parseParams(text string) params {
	p := params{named: map[string]string{}}
	for _, m := range param().FindAllStringSubmatch(text, -1) {
		name := strings.ToLower(m[1])
		if quoted := strings.Trim(m[2], `"'`) + m[3] + m[4]; m[5] == "" && (name == "" || strings.ContainsAny(m[2][:1], `"'`)) {
			p.texts = append(p.texts, quotedParam{name, quoted})
		}
		if name == "" {
			p.list = append(p.list, m[3]+m[4]+m[5])
			continue
		}
		if _, ok := p.named[name]; !ok {
			p.named[name] = strings.Trim(strings.Trim(m[2], "{} "), "\"'`")
		}
	}
	return p
}

// get returns the first of some named parameters that is not empty.
func (p params) get(names ...string) string {
	for _, name := range names {
		if v := strings.TrimSpace(p.named[name]); v != "" {
			return v
		}
	}
	return ""
}

// first returns the first parameter without a name.
func (p params) first() string {
	if len(p.list) > 0 {
		return p.list[0]
	}
	return ""
}

// address returns the parameter that is an address of the web.
func (p params) address() string {
	for _, v := range append([]string{p.get("url", "href", "link", "to", "src")}, p.list...) {
		if digest.IsWebAddress(v) {
			return v
		}
	}
	return ""
}

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

// entry returns the text of a tag as an entry of a list, under the title that the
// parameters give.
func (p params) entry(text string) string {
	if title, _ := p.titleAndTexts(); title != "" {
		text = "**" + title + "**\\\n" + text
	}
	return "- " + strings.ReplaceAll(text, "\n", "\n  ") + "\n"
}
