package page

import (
	"slices"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/plain"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Role is what a link is for, other than to be read.
type Role uint8

// What a link may be for, several at once.
const (
	Button Role = 1 << iota // it looks like a button
	InPage                  // it leads to a place within the page
	OfMail                  // it is about the mail: to unsubscribe, to change settings, to see it as a page
	Filing                  // it leads to what the site lists under a tag, in a category or by an author, or to the page
	Share                   // it serves to pass on the text
	Own                     // it leads to a place within the page by its whole address
)

// mailAddress matches the address of a link to unsubscribe, to change settings or to
// see a mail as a page.
var mailAddress = plain.Pattern(`(?i)(?:[/?&=.*|{%$\[\s_-]|^)(?:unsub(?:scribe)?|optout|opt-out|update_?profile|(?:manage|email|update|subscription)[-_]?(?:preferences|subscription|profile)|view[-_]?(?:in[-_]?browser|online)|web_?version|mirror_?page)(?:[/?&=.*|}%$\]_:-]|url|link|$)|list-manage\.com/(?:unsubscribe|profile)|forward(?:tomyfriend|-to-friend)|^\*\|ARCHIVE\|\*`)

// mailWords are those without one of which mailAddress does not match: the pattern takes ten
// times as long.
var mailWords = []string{"unsub", "opt", "prof", "pref", "subscription", "view", "web", "mirror", "archive", "friend"}

func hasOneOf(words []string, text string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
}

// roleOf returns the role of a link.
func (b *builder) roleOf(n *html.Node) Role {
	var r Role
	href := attr(n, "href")
	folded := strings.ToLower(href)
	if hasOneOf(mailWords, folded) && mailAddress().MatchString(href) {
		r |= OfMail
	}
	if len(href) > 1 && href[0] == '#' {
		r |= InPage
	}
	if isButton(n) {
		r |= Button
	}
	if hasOneOf(shareWords, folded) && shareAddress().MatchString(href) {
		r |= Share
	}
	if b.page {
		r |= b.filingRole(n)
	}
	return r
}

var (
	buttonClass = plain.Pattern(`(?i)(?:^|[\s_-])(?:btn|button|cta)(?:$|[\s_-])|mcnButton|(?:^|\s)\S*(?:Button|Btn)\b`)
	background  = plain.Pattern(`(?i)background(?:-color)?\s*:\s*(?:#|rgb|[a-z])|(?:^|;)\s*border\s*:\s*[1-9]`)
	frame       = plain.Pattern(`(?i)border-radius|padding|display\s*:\s*(?:inline-)?block|line-height`)
)

// buttonDepth is how many elements may stand between a link and the cell that
// makes a button of it.
const buttonDepth = 2

// isButton reports whether a link looks like a button: by its class, or because it
// or the cell around it has a colour or a border, and room around the words.
func isButton(n *html.Node) bool {
	if attr(n, "role") == "button" || buttonClass().MatchString(attr(n, "class")) {
		return true
	}
	if style := attr(n, "style"); background().MatchString(style) && frame().MatchString(style) && !strings.Contains(style, "transparent") {
		return true
	}
	for range buttonDepth {
		n = n.Parent
		if n == nil || n.DataAtom == atom.Body {
			return false
		}
		if n.DataAtom == atom.Td && (buttonClass().MatchString(attr(n, "class")) || strings.Contains(attr(n, "style"), "border-radius") && (hasAttr(n, "bgcolor") || background().MatchString(attr(n, "style")))) {
			return true
		}
	}
	return false
}

// MaxButton is how wide the words on a button may be, in columns: a wider one is a
// whole card.
const MaxButton = 40

// Roles follows the links of a paragraph, and the size of its letters.
type Roles struct {
	Size  int // of the smallest words
	Space int // between its letters, in hundredths of their size

	All       Role // of all its words
	Any       Role // of some of them
	Words     bool // the paragraph has words
	Label     bool // its letters are set as those of labels: in capitals or spaced, by the style
	Section   bool // a class says that it names a section
	Elsewhere bool // a link neither files the page nor serves to pass it on
}

func (r *Roles) add(word string, of inlineStyle) {
	if !digest.HasWords(word) {
		return
	}
	size := of.size
	if size == 0 {
		size = PlainSize
	}
	if !r.Words {
		r.All, r.Size, r.Section, r.Label, r.Space = of.role, size, of.names, of.capitals || of.space >= minSpace, of.space
	}
	r.Label = r.Label && (of.capitals || of.space >= minSpace)
	r.Section = r.Section && of.names
	r.Words = true
	r.All &= of.role
	r.Any |= of.role
	r.Elsewhere = r.Elsewhere || of.link != "" && of.role&(Filing|Own|Share) == 0
	r.Size = min(r.Size, size)
}

// onlyFor reports whether a text has links with a role, and no other ones but such as serve
// the page itself.
func (r Roles) onlyFor(role Role) bool { return r.Any&role != 0 && !r.Elsewhere }
