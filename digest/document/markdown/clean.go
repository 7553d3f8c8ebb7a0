package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"digestbot/digest/document/bounds"
	"digestbot/digest/document/note"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
)

// cleaner goes once through a Markdown document and replaces what is not Markdown: tags of
// templates, components, attribute lists of blocks. It knows what is code, where nothing
// changes.
type cleaner struct {
	body  string
	notes *note.List
	at    int    // what stands before is done
	end   int    // of the line that it is in
	start int    // of that line, or of what follows the last tag of several lines
	out   []byte // the document so far
	last  int    // where the line before begins in out

	fences  fences
	blank   bool // the line before was empty
	listed  bool // an indented line may belong to a list entry
	indent  bool // the line before was indented code
	modules bool // the line before was an import or export

	entryEnd int    // where the last entry ends that stood between tags
	entryTag string // these

	noteEnd int // where the bracket is that closes a note

	next   map[string]int  // where the next of a mark is; -1: there is none
	closed map[string]bool // components that have an end tag; nil: not known yet
	links  map[string]bool // components that were written as links
}

func cleanMarkup(body string, notes *note.List) string {
	c := &cleaner{body: body, notes: notes, out: make([]byte, 0, len(body)+len(body)/8), blank: true, noteEnd: -1, next: map[string]int{}, links: map[string]bool{}}
	for c.at < len(body) {
		c.line()
	}
	return string(c.out)
}

// line cleans a line, and what begins in it and ends in a later one.
func (c *cleaner) line() {
	c.start, c.end = c.at, c.lineEnd(c.at)
	line := c.body[c.at:c.end]
	start := len(c.out)
	blank := strings.TrimSpace(line) == ""
	switch {
	case c.fences.holds(line) || c.isIndentedCode(line, blank):
		c.copyTo(c.end)
	case c.module(line) || c.mathBlock(line) || c.hidden(line):
	case strings.HasPrefix(line, "[") && commentLine().MatchString(line):
		c.leaveOut(comments, c.end, "\n")
	case c.blank && contentsMark().MatchString(line):
		c.leaveOut("marks of a table of contents", c.end, "\n")
	case strings.Contains(line, "{:") && kramdownAttributes().MatchString(line):
		if contentsHere().MatchString(line) && bounds.ContainerMark(strings.TrimLeft(string(c.out[c.last:]), " \t")) > 0 {
			c.out = c.out[:c.last]
		}
		c.leaveOut(attributeLists, c.end, "\n")
	default:
		c.text()
	}
	c.blank, c.last = blank, start
}

// hidden leaves out the comment of Obsidian that begins with a line, %%such as this%%, and
// reports whether there is one.
func (c *cleaner) hidden(line string) bool {
	if !strings.HasPrefix(line, "%%") {
		return false
	}
	end := c.find("%%", c.at+2)
	if end < 0 || strings.TrimSpace(line) != "%%" && end > c.end {
		return false
	}
	c.leaveOut(comments, end+2, "")
	c.copyTo(c.lineEnd(end + 2))
	return true
}

func (c *cleaner) lineEnd(at int) int {
	if i := strings.IndexByte(c.body[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(c.body)
}

func (c *cleaner) copyTo(end int) {
	c.out = append(c.out, c.body[c.at:end]...)
	c.at = end
}

// replace writes text in place of what stands before end.
func (c *cleaner) replace(end int, text string) {
	c.out = append(c.out, text...)
	c.at = end
}

// Kinds of what is left out, as [note.List.LeaveOut] names them.
const (
	comments       = "comments"
	attributeLists = "attribute lists"
	templateTags   = "tags of templates"
	modules        = "imports and exports of MDX"
	componentTags  = "tags of components"
)

// leaveOut writes text, "" for nothing, in place of what stands before end, and notes that
// this is not shown.
func (c *cleaner) leaveOut(what string, end int, text string) {
	if end > c.at {
		c.notes.LeaveOut(what, c.body[c.at:end])
	}
	c.replace(end, text)
}

// isIndentedCode reports whether a line is a block of code without fences: it is indented,
// follows an empty line, and belongs to no list, footnote or other block with a mark.
func (c *cleaner) isIndentedCode(line string, blank bool) bool {
	text := strings.TrimLeft(line, " \t")
	indent := strings.Count(line[:len(line)-len(text)], "\t")*4 + strings.Count(line[:len(line)-len(text)], " ")
	switch {
	case blank:
		return false
	case indent < 4:
		marked := bounds.ContainerMark(text) > 0 || strings.HasPrefix(text, "!!!") || strings.HasPrefix(text, "???") || strings.HasPrefix(text, "=== ") || strings.HasPrefix(text, "[^") || strings.HasPrefix(text, ": ") || strings.HasPrefix(text, "<")
		c.listed = marked || c.listed && (indent > 0 || !c.blank)
		c.indent = false
	default:
		c.indent = !c.listed && (c.indent || c.blank)
	}
	return c.indent
}

// text cleans the rest of a line that is not code.
func (c *cleaner) text() {
	for c.at < c.end {
		i := strings.IndexAny(c.body[c.at:c.end], "`{<]$\\^*")
		if i < 0 {
			c.copyTo(c.end)
			return
		}
		c.copyTo(c.at + i)
		before := c.at
		switch c.body[c.at] {
		case '\\':
			c.copyTo(min(c.at+2, c.end))
		case '`':
			c.copyTo(c.at + codeSpanSize(c.body[c.at:]))
		case '$':
			before, _ := utf8.DecodeLastRuneInString(c.body[:c.at])
			c.copyTo(c.at + max(mathSize([]byte(c.body[c.at:min(c.end, c.at+maxSpan)]), before), 1))
		case '{':
			c.template()
		case '<':
			c.tag()
		case ']':
			c.target()
		case '^':
			c.note()
		case '*':
			c.mergeTag()
		}
		if c.at == before {
			c.copyTo(c.at + 1)
		}
		if c.at > c.end {
			c.start, c.end = c.at, c.lineEnd(c.at-1)
		}
	}
}

// mergeTag keeps the asterisks of *|FNAME|*, which is left out with all merge tags later: they
// would mean emphasis.
func (c *cleaner) mergeTag() {
	if !strings.HasPrefix(c.body[c.at:c.end], "*|") {
		return
	}
	if tag := asteriskTag().FindString(c.body[c.at:c.end]); tag != "" {
		c.replace(c.at+len(tag), `\*`+tag[1:len(tag)-1]+`\*`)
	}
}

var asteriskTag = plain.Pattern(`^` + page.MailchimpTag)

// commentLine matches a comment written as the definition of a link that nothing uses,
// [//]: # (such as this), also where it is none, because it follows a text or has no brackets.
// One that goes on in the next line is left to the parser.
var commentLine = plain.Pattern(`(?i)^\[(?://|comments?|_)\]: *(?:#|<>?)(?: +(?:\(.*\)|".*"|'.*'|[^\s("'].*))?\s*$`)

// contentsMark matches a line in whose place a table of contents would stand.
var contentsMark = plain.Pattern(`(?i)^ {0,3}(?:@?\[toc\]|\[\[_?toc_?\]\]|\$\{toc\})\s*$`)

// note begins a note within the text, ^[such as this], which is shown in brackets. It follows
// a word or the end of a sentence, perhaps with a space between. Patterns such as ^[a-z] do
// not; those behind a space have no words in them.
func (c *cleaner) note() {
	rest := paragraphOf(c.body[c.at:min(len(c.body), c.at+maxSpan)])
	if !strings.HasPrefix(rest, "^[") || c.noteEnd > c.at {
		return
	}
	text := strings.TrimRight(c.body[c.start:c.at], " ")
	spaced := len(text) < c.at-c.start
	before, _ := utf8.DecodeLastRuneInString(text)
	if !unicode.IsLetter(before) && !unicode.IsDigit(before) && !strings.ContainsRune(`.,;:!?)"'”’»。，、；：！？）」』*_`, before) {
		return
	}
	end := matching(rest[1:], '[', ']')
	if end < 2 || spaced && !noteWords().MatchString(rest[2:1+end]) {
		return
	}
	c.noteEnd = c.at + 1 + end
	c.replace(c.at+2, map[bool]string{true: "(", false: " ("}[spaced])
}

// noteWords matches a text that begins with words and not like a set of characters.
var noteWords = plain.Pattern(`^\s*(?:[\pL\pN]+[,:;]?\s+[\pL\pN(\[*_"'“‘«]|[^\x00-\x7f\s]{4}|\pL{4,}[.!?]?$|https?://|\[[^\]]+\]\()`)

// maxSpan is how long code or a formula within text may be, in bytes.
const maxSpan = 2000

// codeSpanSize returns the length of the code that a text begins with, or of the backticks if
// they open none.
func codeSpanSize(text string) int {
	size := 0
	for size < len(text) && text[size] == '`' {
		size++
	}
	rest := paragraphOf(text[size:min(len(text), size+maxSpan)])
	for at := 0; ; {
		i := strings.IndexByte(rest[at:], '`')
		if i < 0 {
			return size
		}
		at += i
		run := len(rest[at:]) - len(strings.TrimLeft(rest[at:], "`"))
		if at += run; run == size {
			return size + at
		}
	}
}

// paragraphOf returns a text up to its first empty line.
func paragraphOf(text string) string {
	before, _, _ := strings.Cut(text, "\n\n")
	return before
}

// find returns where the next of a mark is, not before from; -1: there is none. It looks at
// each character once, if from grows.
func (c *cleaner) find(mark string, from int) int {
	if at, ok := c.next[mark]; ok && (at < 0 || at >= from) {
		return at
	}
	at := strings.Index(c.body[from:], mark)
	if at >= 0 {
		at += from
	}
	c.next[mark] = at
	return at
}

// fences tell the lines of fenced code.
type fences struct {
	mark   string // that the block was opened with; "": none is open
	quoted bool   // it stands in a quotation
}

// holds reports whether the next line of the document opens, closes, or is within fenced
// code.
func (f *fences) holds(line string) bool {
	quoted := strings.HasPrefix(strings.TrimLeft(line, " "), ">")
	if f.mark != "" && f.quoted && !quoted {
		f.mark = "" // the quotation is over
	}
	mark, info := fenceMark(line)
	switch {
	case f.mark == "":
		if mark == "" || mark[0] == '`' && strings.Contains(info, "`") {
			return false
		}
		f.mark, f.quoted = mark, quoted
	case strings.HasPrefix(mark, f.mark) && strings.TrimSpace(info) == "":
		f.mark = ""
	}
	return true
}

// RewriteLines returns a text with what rewrite returns for each line outside of fenced code.
// Lines have their line ends.
func RewriteLines(text string, rewrite func(line string) string) string {
	var out strings.Builder
	out.Grow(len(text))
	var code fences
	for line := range strings.Lines(text) {
		if !code.holds(line) {
			line = rewrite(line)
		}
		out.WriteString(line)
	}
	return out.String()
}

// fenceMark returns the run of backticks or tildes with which a line opens or closes a code
// block, and what follows; or "".
func fenceMark(line string) (mark, info string) {
	s, _ := bounds.CutContainerMarks(strings.TrimLeft(line, " \t"))
	for _, c := range []string{"`", "~"} {
		if n := len(s) - len(strings.TrimLeft(s, c)); n >= 3 {
			return s[:n], s[n:]
		}
	}
	return "", ""
}
