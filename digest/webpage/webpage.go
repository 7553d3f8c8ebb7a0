// Package webpage renders an issue as HTML of a web page: what stands within the page, which
// is written elsewhere.
//
//	article := webpage.Of(issue)
//
// All that is in an issue may come from a stranger. What is rendered has only the elements
// and attributes of this package, links lead only to the web, to mail addresses, telephone
// numbers and into Telegram, and pictures are fetched over https only. Nothing in it runs.
package webpage

import (
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"digestbot/digest"
)

// Article is an issue as HTML.
type Article struct {
	Title       string
	Language    string // BCP 47 tag; empty: unknown
	RightToLeft bool
	Picture     string // https address; empty: none
	Summary     string // how the text begins, without markup
	Intro       template.HTML
	Sections    []Section
	Credits     template.HTML
	Original    string // web address; empty: none
}

// Section is a section of an issue as HTML.
type Section struct {
	Position int    // in the issue, counted from 0
	Anchor   string // id of its element
	Name     string // with its emoji; empty: it has none
	Items    int
	Heading  template.HTML // Name with its links
	Body     template.HTML
}

// maxSummary is how wide a summary may be, in columns.
const maxSummary = 200

// Of renders an issue. Sections with nothing in them are left out.
func Of(issue *digest.Issue) Article {
	a := Article{
		Title:    clean(issue.Label()),
		Language: issue.Language(),
		Intro:    render(func(w *writer) { w.blocks(issue.Intro, 2) }),
		Credits:  render(func(w *writer) { w.blocks(issue.Credits, 2) }),
		Summary:  summary(issue),
		Picture:  Picture(issue),
	}
	if isLink(issue.Original) && digest.IsWebAddress(strings.ToLower(issue.Original)) {
		a.Original = issue.Original
	}
	taken := map[string]bool{}
	for n := range issue.Sections {
		s := &issue.Sections[n]
		if s.IsEmpty() {
			continue
		}
		section := sectionOf(s)
		section.Position = n
		for k := 2; taken[section.Anchor]; k++ {
			section.Anchor = Anchor(s.Name) + "-" + strconv.Itoa(k)
		}
		taken[section.Anchor] = true
		a.Sections = append(a.Sections, section)
	}
	a.RightToLeft = digest.IsRightToLeft(a.texts()...)
	return a
}

// Picture returns the address of the picture that the page of an issue shows; empty: none.
func Picture(issue *digest.Issue) string {
	if isPicture(issue.Image) {
		return issue.Image
	}
	return ""
}

// texts returns the HTML of the article.
func (a Article) texts() []string {
	all := []string{template.HTMLEscapeString(a.Title), string(a.Intro)}
	for _, s := range a.Sections {
		all = append(all, string(s.Heading), string(s.Body))
	}
	return all
}

func sectionOf(s *digest.Section) Section {
	name := strings.TrimSpace(clean(s.Emoji + " " + s.Name))
	level := 3
	if s.Name == "" {
		name, level = "", 2
	}
	heading := []digest.Span{{Text: s.Name}}
	if len(s.Heading) > 0 {
		heading = s.Heading
	}
	if s.Emoji != "" {
		heading = append([]digest.Span{{Text: s.Emoji + " "}}, heading...)
	}
	return Section{
		Anchor: Anchor(s.Name), Name: name, Items: len(s.Items),
		Heading: render(func(w *writer) { w.spans(heading) }),
		Body: render(func(w *writer) {
			w.blocks(s.Intro, level)
			for i := range s.Items {
				w.item(&s.Items[i], level)
			}
			w.blocks(s.Outro, level)
		}),
	}
}

// Anchor returns the id of the element of a section with that name, by which search results
// lead to it: its letters and digits. The second section of the same name has another one.
func Anchor(name string) string {
	var id strings.Builder
	id.WriteString("s")
	between := true
	for _, r := range strings.ToLower(strings.ToValidUTF8(name, "")) {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) {
			between = true
			continue
		}
		if between {
			id.WriteByte('-')
			between = false
		}
		id.WriteRune(r)
	}
	return id.String()
}

// summary returns how the text of an issue begins: its introduction, else the names of its
// sections.
func summary(issue *digest.Issue) string {
	var spans []digest.Span
	for n := range issue.Intro {
		if len(spans) > maxSummary {
			break
		}
		for s := range digest.AllSpans(issue.Intro[n : n+1]) {
			spans = append(spans, digest.Span{Text: s.Text})
		}
		spans = append(spans, digest.Span{Text: " "})
	}
	if text := OneLine(digest.TextOf(digest.Excerpt(spans, maxSummary))); digest.HasWords(text) {
		return text
	}
	var names []string
	for n := range issue.Sections {
		s := &issue.Sections[n]
		switch {
		case s.IsEmpty():
		case s.Name != "":
			names = append(names, s.Name)
		case len(s.Items) > 0:
			names = append(names, s.Items[0].Headline())
		}
	}
	return OneLine(digest.TextOf(digest.Excerpt([]digest.Span{{Text: strings.Join(names, " · ")}}, maxSummary)))
}

// OneLine returns a text in one line, without what no page may have in it.
func OneLine(text string) string { return strings.Join(strings.Fields(clean(text)), " ") }

// isLink reports whether a link may lead to an address.
func isLink(address string) bool {
	u, err := url.Parse(address)
	if err != nil || clean(address) != address {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != ""
	case "mailto", "tel", "tg":
		return true
	}
	return false
}

// isPicture reports whether a picture at an address is shown. A page that came over https
// would not load one that comes over http.
func isPicture(address string) bool {
	return isLink(address) && strings.HasPrefix(strings.ToLower(address), "https://")
}

// clean returns a text without what no page may have in it: control characters and what is
// no text at all (html.spec.whatwg.org/multipage/parsing.html#preprocessing-the-input-stream).
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return r
		case unicode.IsControl(r), r >= 0xfdd0 && r <= 0xfdef, r&0xfffe == 0xfffe:
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}
