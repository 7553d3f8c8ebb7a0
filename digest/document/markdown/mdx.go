package markdown

import (
	"cmp"
	"html"
	"slices"
	"strings"

	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"

	"golang.org/x/net/html/atom"
)

// MDX is Markdown with JavaScript: lines that import and export, and components such as
// <Card title="a">. The lines are left out, and of the components the text and links stay.

var (
	importLine  = plain.Pattern(`^import\s+(?:(?:type\s+)?[\w*${}\s,]+\s+from\s+)?["'][^"'\n]+["']\s*;?\s*$`)
	importStart = plain.Pattern(`^import\s+(?:type\s+)?(?:\w+\s*,\s*)?\{[^{}"']*$`)
	importEnd   = plain.Pattern(`(?m)^[^\n]*\}\s*from\s*["'][^"'\n]+["']\s*;?\s*$`)
	exportLine  = plain.Pattern(`^export\s+(?:(?:const|let|var)\s+(?:[\w$]+|[{\[][^\n]*[}\]])\s*[=:]|(?:async\s+)?function\s*\*?\s*[\w$]*\s*\(|class\s+\w+\s*(?:extends\s+[\w.]+\s*)?\{|default\s+(?:[\w.$]+\s*;|[({\[]|(?:async\s+)?function\b|class\b|\w+\()|\{[^\n]*\}|\*\s+from\s)`)
)

// maxModule is how long the lines of an import or export may be, in bytes.
const maxModule = 4096

// module leaves out the import or export that begins with a line, and reports whether there
// is one. Such lines stand apart from the text.
func (c *cleaner) module(line string) bool {
	if !c.blank && !c.modules || line[0] != 'i' && line[0] != 'e' {
		c.modules = false
		return false
	}
	c.modules = true
	rest := c.body[c.at:min(len(c.body), c.at+maxModule)]
	switch {
	case importLine().MatchString(line):
		c.leaveOut(modules, c.end, "")
	case importStart().MatchString(line):
		end := importEnd().FindStringIndex(paragraphOf(rest))
		if end == nil {
			c.modules = false
			return false
		}
		c.leaveOut(modules, c.lineEnd(c.at+end[1]), "")
	case exportLine().MatchString(line):
		c.leaveOut(modules, c.at+exportSize(rest), "")
	default:
		c.modules = false
	}
	return c.modules
}

// exportSize returns the length of the export that a text begins with: the lines up to the
// first at which all brackets are closed, or else the first paragraph.
func exportSize(text string) int {
	open, size := 0, 0
	for line := range strings.Lines(text) {
		size += len(line)
		for _, r := range line {
			switch r {
			case '(', '[', '{':
				open++
			case ')', ']', '}':
				open--
			}
		}
		if open <= 0 {
			return size
		}
	}
	return len(paragraphOf(text))
}

var (
	componentName  = plain.Pattern(`^</?([A-Z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)`)
	componentClose = plain.Pattern(`</([A-Z][A-Za-z0-9_.]*)\s*>`)
)

// maxComponent is how long the tag of a component may be, in bytes.
const maxComponent = 4096

// tag replaces the tag of a component that stands here, and passes over HTML that holds code.
func (c *cleaner) tag() {
	rest := c.body[c.at:min(len(c.body), c.at+maxComponent)]
	if strings.HasPrefix(rest, "<pre") {
		if end := c.find("</pre>", c.at); end >= 0 {
			c.copyTo(end)
		}
		return
	}
	if strings.HasPrefix(rest, "<code>") {
		c.copyTo(c.at + max(strings.Index(paragraphOf(rest), "</code>"), 1))
		return
	}
	m := componentName().FindStringSubmatch(rest)
	if m == nil || !isComponent(m[1]) {
		return
	}
	end := tagSize(rest, len(m[0]))
	if end == 0 {
		return
	}
	if rest[1] == '/' {
		text := ""
		if c.links[m[1]] {
			text = "</a>"
		}
		c.replace(c.at+end, text)
		return
	}
	attributes := strings.TrimSuffix(rest[len(m[0]):end-1], "/")
	alone := len(attributes) < end-1-len(m[0])
	typed := c.at > 0 && plain.IsWordByte(c.body[c.at-1]) // Box<Lamp>
	if alone || !typed && strings.Contains(attributes, "=") || c.hasEndTag(m[1]) {
		c.show(componentTags, c.at+end, c.component(m[1], parseParams(attributes), alone, c.at+end))
	}
}

// isComponent reports whether a name is none of HTML that may be shown. In HTML names are
// written in one case.
func isComponent(name string) bool {
	if strings.ToUpper(name) == name {
		return false
	}
	known := atom.Lookup([]byte(strings.ToLower(name)))
	return known == 0 || known == atom.Image || page.SkippedElements[known] && known != atom.Script && known != atom.Style
}

// tagSize returns the length of a tag that a text begins with; 0: it does not end. Texts in
// quotation marks and braces may hold any character. at is where its attributes begin.
func tagSize(text string, at int) int {
	depth := 0
	for at < len(text) {
		switch text[at] {
		case '"', '\'':
			end := strings.IndexByte(text[at+1:], text[at])
			if end < 0 {
				return 0
			}
			at += end + 1
		case '{':
			depth++
		case '}':
			depth--
		case '<':
			if depth == 0 {
				return 0
			}
		case '\n':
			if depth == 0 && strings.HasPrefix(text[at:], "\n\n") {
				return 0
			}
		case '>':
			if depth == 0 {
				return at + 1
			}
		}
		at++
	}
	return 0
}

// hasEndTag reports whether the document has an end tag of a component.
func (c *cleaner) hasEndTag(name string) bool {
	if c.closed == nil {
		c.closed = map[string]bool{}
		for _, m := range componentClose().FindAllStringSubmatch(c.body, -1) {
			c.closed[m[1]] = true
		}
	}
	return c.closed[name]
}

// component returns what is shown of the tag up to end that opens a component; alone: and
// closes it.
func (c *cleaner) component(name string, p params, alone bool, end int) string {
	address := cmp.Or(p.address(), p.get("href", "to"))
	if !alone && address != "" && !slices.Contains(pictureTags, strings.ToLower(name)) && c.hasEndTag(name) {
		c.links[name] = true
		return `<a href="` + html.EscapeString(address) + `">`
	}
	if text := c.embedded(name, p, end); text != "" {
		return text
	}
	title := p.get("title", "label", "header", "summary")
	switch {
	case title == "" || strings.ContainsAny(title, "{}"):
		return ""
	case address != "":
		return linkTo(address, title)
	case alone:
		return html.EscapeString(title)
	}
	return "\n<b>" + html.EscapeString(title) + "</b>\n"
}
