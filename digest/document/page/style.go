package page

import (
	"cmp"
	"strconv"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/plain"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// fontSize matches the size of a font in pixels or points.
var fontSize = plain.Pattern(`(?i)(?:^|[;\s])font-size\s*:\s*([0-9]{1,3})(?:\.[0-9]+)?(px|pt)`)

// PlainSize is the size of text that has none of its own, in pixels.
const PlainSize = 16

// fontSizes are the sizes that the attribute of old mails means, in pixels (html.spec.whatwg.org,
// "rules for parsing a legacy font size").
var fontSizes = map[string]int{"1": 10, "2": 13, "3": 16, "4": 18, "5": 24, "6": 32, "7": 48}

// sizeOf returns the size of text in an element, given that around it.
func sizeOf(n *html.Node, around int) int {
	if n.DataAtom == atom.Font && fontSizes[attr(n, "size")] > 0 {
		around = fontSizes[attr(n, "size")]
	}
	style := attr(n, "style")
	if style == "" {
		return around
	}
	m := fontSize().FindStringSubmatch(style)
	if m == nil {
		return around
	}
	size, _ := strconv.Atoi(m[1])
	if strings.EqualFold(m[2], "pt") {
		size = size * 4 / 3
	}
	return size
}

// minSpace is how far apart, in hundredths of their size, letters are that are spaced so that
// they are seen as a label, and not only to be read well.
const minSpace = 5

var (
	letterSpace = plain.Pattern(`(?i)letter-spacing\s*:\s*([0-9]{0,2}(?:\.[0-9]{1,3})?)(em|rem|px|pt)`)
	capitals    = plain.Pattern(`(?i)text-transform\s*:\s*uppercase`)
)

// labelClasses are what designers call a label above a headline.
var labelClasses = []string{"eyebrow", "kicker", "overline"}

// sectionClasses are classes, without hyphens, of what names a section.
var sectionClasses = map[string]bool{
	"sectionlabel": true, "sectiontitle": true, "sectionname": true, "sectionheader": true, "sectionheading": true,
	"seclabel": true, "sectitle": true, "secname": true, "secheader": true, "secheading": true,
}

var hyphens = strings.NewReplacer("-", "", "_", "")

func namesSection(class string) bool {
	for name := range strings.FieldsSeq(class) {
		if strings.HasPrefix(name, "sec") && sectionClasses[hyphens.Replace(name)] {
			return true
		}
	}
	return false
}

// sheet holds what the style sheets of a page say of the letters in elements of a class.
type sheet map[string]string

// readSheet reads the rules of style sheets for one class, such as ".label { … }", that set
// letters as those of labels. Rules within others, such as those for small screens, are left out.
func readSheet(css string) sheet {
	out := sheet{}
	for css != "" {
		selectors, rest, ok := strings.Cut(css, "{")
		if !ok {
			break
		}
		end := strings.IndexAny(rest, "{}")
		if end < 0 {
			break
		}
		if rest[end] == '{' {
			css = behindBlock(rest)
			continue
		}
		if body := rest[:end]; strings.Contains(body, "letter-spacing") || strings.Contains(body, "text-transform") {
			out.add(selectors, body)
		}
		css = rest[end+1:]
	}
	return out
}

// behindBlock returns what follows the block in which a text begins.
func behindBlock(css string) string {
	for depth := 1; depth > 0; {
		at := strings.IndexAny(css, "{}")
		if at < 0 {
			return ""
		}
		if depth--; css[at] == '{' {
			depth += 2
		}
		css = css[at+1:]
	}
	return css
}

// add adds a rule for each of its selectors that is a class, perhaps with the name of an element.
func (s sheet) add(selectors, body string) {
	if at := strings.LastIndexAny(selectors, "/;"); at >= 0 { // the end of a comment, or of an import
		selectors = selectors[at+1:]
	}
	for selector := range strings.SplitSeq(selectors, ",") {
		if _, class, ok := strings.Cut(strings.TrimSpace(selector), "."); ok && class != "" && !strings.ContainsAny(class, " \t\n.:>+~[#") {
			s[class] += ";" + body
		}
	}
}

// setLetters takes over what class and style of an element say of spaced letters and capitals.
func (s *inlineStyle) setLetters(n *html.Node, rules sheet) {
	class, css := attr(n, "class"), attr(n, "style")
	if class == "" && css == "" {
		return
	}
	if class != "" && hasOneOf(labelClasses, class) {
		s.capitals = true
	}
	s.names = s.names || class != "" && namesSection(class)
	if len(rules) > 0 {
		for name := range strings.FieldsSeq(class) {
			s.setLettersBy(rules[name])
		}
	}
	s.setLettersBy(css)
}

func (s *inlineStyle) setLettersBy(css string) {
	if strings.Contains(css, "text-transform") {
		s.capitals = capitals().MatchString(css)
	}
	if !strings.Contains(css, "letter-spacing") {
		return
	}
	s.space = 0
	if m := letterSpace().FindStringSubmatch(css); m != nil {
		space, _ := strconv.ParseFloat("0"+m[1], 64)
		if !strings.HasSuffix(m[2], "em") {
			space /= float64(max(cmp.Or(s.size, PlainSize), 1))
		}
		s.space = int(space*100 + 0.5)
	}
}

// border matches a line that an element has above or below it.
var border = plain.Pattern(`(?i)border-(?:top|bottom)\s*:[^;]*\b(?:solid|dashed|dotted|double)\b`)

// isDrawnRule reports whether an element without words is a thematic break that programs for
// mails draw: nothing but its border is seen.
func isDrawnRule(n *html.Node) bool {
	css := attr(n, "style")
	return strings.Contains(css, "border-") && border().MatchString(css)
}

func isHidden(n *html.Node) bool {
	if hasAttr(n, "hidden") || isBacklink(n) {
		return true
	}
	style := strings.ToLower(strings.ReplaceAll(attr(n, "style"), " ", ""))
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") || strings.Contains(style, "mso-hide:all") || isShrunk(style)
}

// teaserOf returns the words of a hidden element above everything that has words.
func teaserOf(body *goquery.Selection) string {
	for _, n := range body.Nodes {
		for n = following(n); n != nil; n = following(n) {
			switch {
			case n.Type == html.ElementNode && isHidden(n):
				if text := textOf(n); digest.HasWords(text) {
					return oneLine(strings.Trim(text, padding+" \t\r\n\u00a0\u200b"))
				}
			case n.Type == html.TextNode && !SkippedElements[n.Parent.DataAtom] && digest.HasWords(n.Data):
				return ""
			}
		}
	}
	return ""
}

// shrinking are the ways in which mails hide the teaser that a list of mails shows.
// Each by itself may mean something else.
var shrinking = plain.Pattern(`(?:^|;)(?:(?:max-)?(?:height|width):[01](?:px|!|;|$)|opacity:0(?:\.0*)?(?:!|;|$)|font-size:[01](?:px|!|;|$)|overflow:hidden)`)

// isShrunk reports whether an element is hidden in three ways at once.
func isShrunk(style string) bool { return len(shrinking().FindAllStringIndex(style, 3)) == 3 }
