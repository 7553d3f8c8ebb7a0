package page

import (
	"cmp"
	"strconv"
	"strings"

	"digestbot/digest/document/plain"

	"golang.org/x/net/html"
)

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

// namesSection reports whether a class says so, perhaps behind words of the publisher's own, as in
// "issue-section-label".
func namesSection(class string) bool {
	for name := range strings.FieldsSeq(class) {
		at := strings.Index(name, "sec")
		if at >= 0 && !strings.HasSuffix(name[:at], "sub") && sectionClasses[hyphens.Replace(name[at:])] {
			return true
		}
	}
	return false
}

// sheet holds what the style sheets of a page say of elements of a class: of their letters, and
// whether they lie over the page.
type sheet map[string]string

// readSheet reads the rules of style sheets for one class, such as ".label { … }", that set
// letters as those of labels, or fix an element to the window. Rules within others, such as those
// for small screens, are left out.
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
		if body := rest[:end]; hasOneOf(sheetWords, body) {
			out.add(selectors, body)
		}
		css = rest[end+1:]
	}
	return out
}

// sheetWords are those of the rules that matter.
var sheetWords = []string{"letter-spacing", "text-transform", "fixed"}

var (
	fixed   = plain.Pattern(`(?i)position\s*:\s*fixed`)
	unshown = plain.Pattern(`(?i)display\s*:\s*none`)
)

// isOverlay reports whether an element lies over the page when a script shows it, such as a form
// to subscribe: the style sheet fixes it to the window and does not show it.
func (s sheet) isOverlay(n *html.Node) bool {
	if len(s) == 0 {
		return false
	}
	for class := range strings.FieldsSeq(attr(n, "class")) {
		if css := s[class]; strings.Contains(css, "fixed") && fixed().MatchString(css) && unshown().MatchString(css) {
			return true
		}
	}
	return false
}

// behindBlock returns what follows the block in which a text begins.
func behindBlock(css string) string {
	for depth := 1; depth > 0; {
		at := strings.IndexAny(css, "{}")
		if at < 0 {
			return ""
		}
		if css[at] == '{' {
			depth++
		} else {
			depth--
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
	names := class != "" && namesSection(class)
	if names || class != "" && hasOneOf(labelClasses, class) {
		s.capitals = true
	}
	s.names = s.names || names
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
			space /= float64(cmp.Or(s.size, PlainSize))
		}
		s.space = int(space*100 + 0.5)
	}
}
