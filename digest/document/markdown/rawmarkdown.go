package markdown

import (
	"strings"

	"digestbot/digest/document/plain"
)

// htmlBlock follows a document line by line and tells which lines Markdown takes
// for HTML, up to the next empty line
// (spec.commonmark.org/0.31.2/#html-blocks). Authors write Markdown there all the
// same, right behind a tag.
type htmlBlock struct {
	open  bool
	raw   string // the tag that ends a block whose text is none, such as a script
	blank bool   // the line before was empty
	void  bool   // it is a lone <br> or <hr>
	depth int    // how many elements are open that hold blocks
}

var (
	blockTag  = plain.Pattern(`(?i)^ {0,3}</?(?:address|article|aside|blockquote|body|caption|center|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|html|li|main|menu|ol|p|section|summary|table|tbody|td|tfoot|th|thead|tr|ul)(?:[\s>]|/>|$)`)
	voidTag   = plain.Pattern(`(?i)^ {0,3}<[bh]r\s*/?>\s*$`)
	loneTag   = plain.Pattern(`^ {0,3}</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>\s*$`)
	rawTag    = plain.Pattern(`(?i)^ {0,3}<(pre|script|style|textarea|!--)`)
	holderTag = plain.Pattern(`(?i)<(/?)(?:article|aside|center|details|div|dl|figure|footer|form|header|main|ol|section|table|ul)[\s>]`)
	anyMarkup = plain.Pattern("<[^<>]*>|`[^`]*`")
)

// holds reports whether the next line of the document is within such a block.
func (h *htmlBlock) holds(line string) bool {
	before := h.blank
	h.blank = strings.TrimSpace(line) == ""
	if h.raw == "" {
		if m := rawTag().FindStringSubmatch(line); m != nil {
			h.open, h.raw = false, "</"+strings.ToLower(m[1])
			if m[1] == "!--" {
				h.raw = "-->"
			}
		}
	}
	if h.raw != "" {
		if strings.Contains(strings.ToLower(line), h.raw) {
			h.raw = ""
		}
		return false
	}
	switch {
	case h.blank:
		h.open = false
	case !h.open:
		h.void = voidTag().MatchString(line)
		h.open = h.void || blockTag().MatchString(line) || before && loneTag().MatchString(line)
	}
	if h.open {
		h.count(line)
	}
	return h.open
}

// endsBefore ends the block if its elements are closed and the next line is a heading, or any
// Markdown below a lone <br>: authors leave out the empty line that would do so.
func (h *htmlBlock) endsBefore(line string) bool {
	text := strings.TrimSpace(line)
	if !h.open || h.depth > 0 || h.raw != "" || text == "" || text[0] == '<' {
		return false
	}
	if !h.void && !isHeadingLine(line) {
		return false
	}
	h.open = false
	return true
}

// isHeadingLine reports whether a line is a heading with marks in front.
func isHeadingLine(line string) bool {
	bare := strings.TrimLeft(line, "#")
	marks := len(line) - len(bare)
	return marks > 0 && marks <= 6 && strings.HasPrefix(bare, " ")
}

// count keeps track of the elements that a line opens and closes.
func (h *htmlBlock) count(line string) {
	for _, m := range holderTag().FindAllStringSubmatch(line, -1) {
		if m[1] == "" {
			h.depth++
		} else if h.depth > 0 {
			h.depth--
		}
	}
}

// unindented returns a line without its indent if it goes on with the HTML before it:
// it stands behind an empty line, begins with a tag, and an element is open. Markdown would
// take it for code.
func (h *htmlBlock) unindented(line string) string {
	text := strings.TrimLeft(line, " \t")
	if !h.blank || h.depth == 0 || h.raw != "" || len(text) < 2 || text[0] != '<' || text[1] != '/' && !isLetter(text[1]) {
		return line
	}
	return text
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

const linkTarget = `\(\s*<?([^\s()<>"]+(?:\([^\s()<>"]*\)[^\s()<>"]*)*)>?(?:\s+"[^"]*")?\s*\)`

var (
	rawPicture = plain.Pattern(`!\[([^\[\]"<>]*)\]` + linkTarget)
	rawLink    = plain.Pattern(`\[([^\[\]\n]+)\]` + linkTarget)
	rawBold    = plain.Pattern(`\*\*([^\s*](?:[^*]*[^\s*])?)\*\*`)
)

// showRawMarkdown makes HTML of the pictures, links and bold words that are
// written as Markdown in a line of an HTML block.
func showRawMarkdown(line string) string {
	if !strings.Contains(line, "](") && !strings.Contains(line, "**") {
		return line
	}
	var out strings.Builder
	last := 0
	for _, tag := range anyMarkup().FindAllStringIndex(line, -1) {
		out.WriteString(rawToHTML(line[last:tag[0]]))
		out.WriteString(line[tag[0]:tag[1]])
		last = tag[1]
	}
	out.WriteString(rawToHTML(line[last:]))
	return out.String()
}

func rawToHTML(text string) string {
	text = rawPicture().ReplaceAllString(text, `<img alt="$1" src="$2">`)
	text = rawLink().ReplaceAllString(text, `<a href="$2">$1</a>`)
	return rawBold().ReplaceAllString(text, `<b>$1</b>`)
}
