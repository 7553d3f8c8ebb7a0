package markdown

import (
	"slices"
	"strings"

	"digestbot/digest/document/bounds"
	"digestbot/digest/document/plain"
)

// linkBlocks writes links around several blocks as Markdown has them. Programs that make
// Markdown of pages write "[", "## Title", "](https://…)", with empty lines between. The
// first heading becomes the link, else the first text, and each picture.
func linkBlocks(body string) string {
	if !strings.Contains(body, "](") {
		return body
	}
	lines := slices.Collect(strings.Lines(body))
	var out strings.Builder
	out.Grow(len(body))
	var code fences
	for i := 0; i < len(lines); {
		if !code.holds(lines[i]) {
			if block, ok := readLinkBlock(lines[i:min(len(lines), i+maxLinkLines)]); ok {
				out.WriteString(block.markdown())
				i += block.size
				continue
			}
		}
		out.WriteString(lines[i])
		i++
	}
	return out.String()
}

const (
	maxLinkLines    = 60   // that a link around blocks may have
	maxLinkBytes    = 8000 // of these lines
	maxLinkPictures = 3    // that become links in one
)

// linkBlock is a link around several blocks.
type linkBlock struct {
	size   int      // in lines
	mark   string   // of a list entry that it begins
	lines  []string // in the brackets
	target string   // (with its parentheses)
	after  string   // what follows in its last line
}

var (
	linkStart   = plain.Pattern(`^([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)\[`)
	blockTarget = plain.Pattern(`^\((?:<[^<>]+>|[^\s()<]+(?:\([^\s()]*\)[^\s()]*)*)(?:[ \t]+(?:"[^"]*"|'[^']*'))?[ \t]*\)`)
)

// readLinkBlock reads the link around several blocks that begins with the first of some
// lines, and reports whether there is one: it holds an empty line or a heading, and no other
// links.
func readLinkBlock(lines []string) (b linkBlock, ok bool) {
	start := linkStart().FindStringSubmatch(lines[0])
	if start == nil {
		return b, false
	}
	b.mark = start[1]
	var open brackets
	several, bytes := false, 0
	for i, line := range lines {
		line = strings.TrimRight(line, "\r\n")
		if i == 0 {
			line = line[len(start[0]):]
		} else if mark, _ := fenceMark(line); mark != "" {
			return b, false
		}
		several = several || i > 0 && (strings.TrimSpace(line) == "" || headingLine().MatchString(line))
		end, ok := open.end(line)
		if bytes += len(line); bytes > maxLinkBytes || !ok {
			return b, false
		}
		if end >= 0 {
			b.target = blockTarget().FindString(line[end+1:])
			b.lines, b.after, b.size = append(b.lines, line[:end]), line[end+1+len(b.target):], i+1
			return b, several && b.target != ""
		}
		b.lines = append(b.lines, line)
	}
	return b, false
}

// brackets are those that are open within a link: true for those of pictures.
type brackets []bool

// end returns where in the next line the bracket of the link itself closes; -1: not there. It
// reports whether this may be a link, and holds no other.
func (o *brackets) end(line string) (at int, ok bool) {
	for at := 0; at < len(line); at++ {
		switch line[at] {
		case '\\':
			at++
		case '[':
			if *o = append(*o, at > 0 && line[at-1] == '!'); len(*o) > 2 {
				return 0, false
			}
		case ']':
			last := len(*o) - 1
			if last < 0 {
				return at, true
			}
			picture := (*o)[last]
			*o = (*o)[:last]
			if !picture && strings.HasPrefix(line[at+1:], "(") {
				return 0, false
			}
		}
	}
	return -1, true
}

var (
	headingLine = plain.Pattern(`^([ \t]*#{1,6}[ \t]+)(\S.*?)(?:[ \t]+#+)?[ \t]*$`)
	pictureLine = plain.Pattern(`^[ \t]*!\[[^\]]*\]\([^()]*(?:\([^()]*\)[^()]*)*\)[ \t]*$`)
)

// markdown returns the blocks, with links of their own.
func (b linkBlock) markdown() string {
	lines := slices.Clone(b.lines)
	pictures := 0
	for i, line := range lines {
		if pictures < maxLinkPictures && pictureLine().MatchString(line) {
			lines[i] = b.linked(line)
			pictures++
		}
	}
	b.linkTitle(lines)
	if strings.TrimSpace(b.mark) != "" {
		for len(lines) > 1 && strings.TrimSpace(lines[0]) == "" {
			lines = lines[1:]
		}
		lines[0] = strings.TrimLeft(lines[0], " \t")
	}
	lines[0] = b.mark + lines[0]
	lines[len(lines)-1] += b.after
	return strings.Join(lines, "\n") + "\n"
}

// linkTitle makes the first heading among lines a link, else the first text.
func (b linkBlock) linkTitle(lines []string) {
	if i := slices.IndexFunc(lines, headingLine().MatchString); i >= 0 {
		m := headingLine().FindStringSubmatch(lines[i])
		lines[i] = m[1] + b.linked(m[2])
		return
	}
	isText := func(line string) bool {
		text := strings.TrimSpace(line)
		return text != "" && !strings.Contains(text, "](") && bounds.ContainerMark(text) == 0
	}
	first := slices.IndexFunc(lines, isText)
	if first < 0 {
		return
	}
	last := first
	for last+1 < len(lines) && isText(lines[last+1]) {
		last++
	}
	text := strings.TrimLeft(lines[first], " \t")
	lines[first] = lines[first][:len(lines[first])-len(text)] + "[" + text
	lines[last] = strings.TrimRight(lines[last], " \t") + "]" + b.target
}

// linked returns a line as a link, with the space before it.
func (b linkBlock) linked(line string) string {
	text := strings.TrimLeft(line, " \t")
	return line[:len(line)-len(text)] + "[" + strings.TrimRight(text, " \t") + "]" + b.target
}
