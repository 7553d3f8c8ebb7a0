package digest

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// terminalRich returns a rich message for a terminal: blocks as lines with marks
// before them, pictures as addresses. With styled it uses escape sequences.
func terminalRich(message string, styled bool) string {
	p := &richPage{styled: styled}
	eachToken(message, func(t html.Token) {
		switch t.Type {
		case html.TextToken:
			p.text(printable(t.Data))
		case html.StartTagToken, html.SelfClosingTagToken:
			p.open(t)
		case html.EndTagToken:
			p.close(t.Data)
		}
	})
	p.endLine()
	return p.out.String()
}

// richPage lays out a rich message line by line.
type richPage struct {
	styled  bool
	out     strings.Builder
	line    strings.Builder
	visible bool        // the line has more than escape sequences
	gap     bool        // an empty line is due
	mark    string      // goes before the next line only
	margin  []string    // goes before every line: one for each open list, quotation and so on
	lists   []int       // number of the next entry of each open list; 0: bullets
	styles  []string    // of the open elements
	link    *html.Token // whose words are being read
}

var (
	// looseBlocks have an empty line before them, tightBlocks only begin a line,
	// voidBlocks hold nothing.
	looseBlocks = strings.Fields("h1 h2 h3 h4 h5 h6 p ul ol blockquote details table figure img pre footer hr")
	tightBlocks = strings.Fields("li tr summary figcaption br")
	voidBlocks  = strings.Fields("hr img br")
)

// richStyles are the looks of elements that only rich messages have.
var richStyles = map[string]string{
	"h1": "1;4", "h2": "1;4", "h3": "1", "h4": "1", "h5": "1", "h6": "1", "th": "1", "summary": "1", "footer": "2", "figcaption": "3",
}

func (p *richPage) open(t html.Token) {
	loose := slices.Contains(looseBlocks, t.Data)
	if loose || slices.Contains(tightBlocks, t.Data) {
		p.endLine()
		// The first block of a list's entry stands behind its mark.
		p.gap = p.gap || loose && p.mark == "" && len(p.lists) == 0
	}
	if slices.Contains(voidBlocks, t.Data) {
		p.void(t)
		return
	}
	p.begin(t)
	p.styles = append(p.styles, richStyles[t.Data]+sgrTags[t.Data])
	p.restyle()
}

// begin writes or sets what an element needs before its text.
func (p *richPage) begin(t html.Token) {
	switch t.Data {
	case "blockquote":
		p.margin = append(p.margin, "│ ")
	case "details":
		p.margin, p.mark = append(p.margin, "  "), "▸ "
	case "ul":
		p.openList(0)
	case "ol":
		start, err := strconv.Atoi(tokenAttr(t, "start"))
		if err != nil || start < 1 || start == math.MaxInt {
			start = 1
		}
		p.openList(start)
	case "li":
		p.mark = p.entryMark()
	case "th", "td":
		if p.visible {
			p.text(cellSeparator)
		}
	case "a":
		p.link = &t
		if p.styled {
			fmt.Fprintf(&p.line, linkStart, terminalLink(t))
		}
	}
}

func (p *richPage) void(t html.Token) {
	switch t.Data {
	case "hr":
		p.text("───")
		p.endLine()
	case "img":
		p.text("[" + printable(tokenAttr(t, "src")) + "]")
		p.endLine()
	}
	p.restyle()
}

func (p *richPage) openList(number int) {
	p.lists = append(p.lists, number)
	p.margin = append(p.margin, "  ")
}

func (p *richPage) entryMark() string {
	if len(p.lists) == 0 {
		return ""
	}
	number := &p.lists[len(p.lists)-1]
	if *number == 0 {
		return "• "
	}
	*number++
	return strconv.Itoa(*number-1) + ". "
}

func (p *richPage) close(name string) {
	switch name {
	case "a":
		p.closeLink()
	case "ul", "ol":
		p.endLine()
		p.lists = p.lists[:max(len(p.lists)-1, 0)]
		p.margin = p.margin[:max(len(p.margin)-1, 0)]
	case "blockquote", "details":
		p.endLine()
		p.margin = p.margin[:max(len(p.margin)-1, 0)]
		p.mark = ""
	}
	p.styles = p.styles[:max(len(p.styles)-1, 0)]
	p.restyle()
	if slices.Contains(looseBlocks, name) || slices.Contains(tightBlocks, name) {
		p.endLine()
	}
}

func (p *richPage) closeLink() {
	if p.styled {
		p.line.WriteString(linkEnd)
	} else if p.link != nil {
		if address := printable(tokenAttr(*p.link, "href")); !strings.HasSuffix(p.line.String(), address) {
			p.text(" (" + address + ")")
		}
	}
	p.link = nil
}

func (p *richPage) restyle() {
	if !p.styled {
		return
	}
	p.line.WriteString(sgrReset)
	for _, s := range p.styles {
		if s != "" {
			p.line.WriteString("\x1b[" + s + "m")
		}
	}
}

func (p *richPage) text(text string) {
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			p.visible = true // an empty line of code is shown
			p.endLine()
			p.restyle()
		}
		p.line.WriteString(line)
		p.visible = p.visible || line != ""
	}
}

// endLine writes the line that was collected, if there is text in it.
func (p *richPage) endLine() {
	if !p.visible {
		p.line.Reset()
		return
	}
	margin := strings.Join(p.margin, "")
	if p.gap && p.out.Len() > 0 {
		p.out.WriteString("\n")
	}
	if p.mark != "" && len(p.margin) > 0 {
		margin = strings.Join(p.margin[:len(p.margin)-1], "") + p.mark
	}
	p.out.WriteString(strings.TrimRight(margin+p.line.String(), " "))
	if p.styled {
		p.out.WriteString(sgrReset)
	}
	p.out.WriteString("\n")
	p.line.Reset()
	p.visible, p.gap, p.mark = false, false, ""
}
