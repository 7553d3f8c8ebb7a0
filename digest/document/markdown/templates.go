package markdown

import (
	"bytes"
	"cmp"
	"html"
	"slices"
	"strings"

	"digestbot/digest/document/bounds"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
)

// Templates of site generators: Liquid of Jekyll and dev.to ({% x %}, {{ x }}), shortcodes
// of Hugo ({{< x >}}, {{% x %}}), comments of MDX ({/* x */}) and tags of kramdown ({::x /}).
// A reader cannot see what they would make of the page, so they are left out, and the text
// between a tag and its end stays. Code between tags becomes code, and a tag that shows a
// film, a post or a picture becomes a link or that picture.

// maxTemplateTag is how long a template tag may be, in bytes: its parameters may
// be whole texts.
const maxTemplateTag = 8192

var (
	// kramdownAttributes matches a line of attributes for the block before it.
	kramdownAttributes = plain.Pattern(`^\s*\{:[^}]*\}\s*$`)
	// contentsHere matches one that puts a table of contents in place of the list before it.
	contentsHere = plain.Pattern(`^\s*\{:\s*toc\b`)
	// kramdownTag matches a tag of kramdown, and the end of one.
	kramdownTag = plain.Pattern(`^\{(?:::[a-z_]+(?:\s[^{}\n]*)?/?|:/[a-z_]*)\}`)
	// output matches an output of Liquid.
	output = plain.Pattern(`^\{\{-?[^{}\n]*?-?\}\}`)
)

// template replaces the tag that stands here, if there is one.
func (c *cleaner) template() {
	rest := c.body[c.at:]
	switch {
	case strings.HasPrefix(rest, "{/*"):
		c.dropUntil("*/}")
	case strings.HasPrefix(rest, "{::comment}"):
		c.dropUntil("{:/comment}", "{:/}")
	case strings.HasPrefix(rest, "{:"):
		c.leaveOut(templateTags, c.at+len(kramdownTag().FindString(rest[:min(len(rest), maxAttributes)])), "")
	case strings.HasPrefix(rest, "{{</*"), strings.HasPrefix(rest, "{{%/*"):
		c.shortcodeAsText(rest[2:3])
	case strings.HasPrefix(rest, "{{<"):
		c.templateTag("{{<", ">}}", "/")
	case strings.HasPrefix(rest, "{{%"):
		c.templateTag("{{%", "%}}", "/")
	case strings.HasPrefix(rest, "{{"):
		if size := len(output().FindString(rest[:c.end-c.at])); size > 0 {
			c.leaveOut(templateTags, c.at+size, "")
			c.closeGap()
		}
	case strings.HasPrefix(rest, "{%"):
		c.templateTag("{%", "%}", "end")
	}
}

// closeGap leaves out the space that an output was set apart with, if a sign follows, as in
// "Dear {{ name }},"; at the beginning of a line it leaves out a comma.
func (c *cleaner) closeGap() {
	if c.at == c.end || strings.IndexByte(",.;:!?", c.body[c.at]) < 0 {
		return
	}
	if text := bytes.TrimRight(c.out, " "); len(text) > 0 && text[len(text)-1] != '\n' {
		c.out = text
	} else if c.body[c.at] == ',' {
		c.at++
	}
}

// dropUntil leaves out what stands before the first of some marks that the document has,
// and the mark.
func (c *cleaner) dropUntil(marks ...string) {
	for _, mark := range marks {
		if at := c.find(mark, c.at); at >= 0 {
			c.leaveOut(comments, at+len(mark), "")
			return
		}
	}
}

// shortcodeAsText writes a shortcode that is to be shown as it is: {{</* x */>}}.
func (c *cleaner) shortcodeAsText(kind string) {
	closing := map[string]string{"<": "*/>}}", "%": "*/%}}"}[kind]
	if end := c.find(closing, c.at); end >= 0 && end < c.end {
		inner := c.body[c.at+len("{{</*") : end]
		c.replace(end+len(closing), html.EscapeString("{{"+kind+inner+closing[2:]))
	}
}

// templateTag replaces a tag between two marks. The name of its end tag begins with ends.
func (c *cleaner) templateTag(open, closing, ends string) {
	end := c.find(closing, c.at+len(open))
	if end < 0 || end-c.at > maxTemplateTag {
		return
	}
	inner := strings.Trim(c.body[c.at+len(open):end], "-~ \t\n")
	end += len(closing)
	// Text with an open mark in it is more likely than a tag over several lines that begins
	// within a line.
	if open == "{%" && end > c.end && strings.TrimSpace(c.body[c.start:c.at]) != "" {
		return
	}
	name, params := inner, ""
	if at := strings.IndexAny(inner, " \t\n"); at >= 0 {
		name, params = inner[:at], inner[at:]
	}
	switch name {
	case "comment":
		if _, after := c.endTag(open, closing, ends+name, end); after > 0 {
			c.leaveOut(comments, after, "")
			return
		}
	case "raw", "verbatim", "highlight", "code", "codeblock", "prism":
		if from, after := c.endTag(open, closing, ends+name, end); after > 0 {
			c.codeBetween(name, params, c.body[end:from], after)
			return
		}
	}
	p := parseParams(params)
	if len(c.next) < maxMarks {
		if from, after := c.endTag(open, closing, ends+name, end); after > 0 && c.linkOrEntry(open+" "+name, p, c.body[end:from], after) {
			return
		}
	}
	c.show(templateTags, end, cmp.Or(c.embedded(name, p, end), c.wordsOf(open, name, p, end)))
}

// maxMarks is how many different marks are looked for: each may cost a pass over the document.
const maxMarks = 100

const (
	maxTagText = 4096 // bytes between a tag and its end that may be an entry or a link
	maxTagGap  = 64   // bytes between such entries
)

// linkOrEntry writes what stands between a tag and its end as a link, if the tag has an
// address, and as an entry of a list if the same tag follows or the entry before had it. It
// reports whether it did; the text must be one paragraph.
func (c *cleaner) linkOrEntry(tag string, p params, text string, after int) bool {
	text = strings.TrimSpace(text)
	if !isTaggedParagraph(text) {
		return false
	}
	address, isEntry := p.address(), c.isAlone(after) && c.isBesideSame(tag, after)
	if address == "" && !isEntry {
		return false
	}
	if address != "" && !strings.Contains(text, "](") {
		text = "[" + text + "](<" + address + ">)"
	}
	if isEntry {
		text = p.entry(text)
		c.entryEnd, c.entryTag = after, tag
	}
	c.replace(after, text)
	return true
}

// isTaggedParagraph reports whether a text is one paragraph that stays one inside a link
// or an entry: other tags or the mark of a list in it would be torn apart.
func isTaggedParagraph(text string) bool {
	return text != "" && len(text) <= maxTagText && !strings.ContainsAny(text, "{<") && !strings.Contains(text, "\n\n") && bounds.ContainerMark(text) == 0
}

// isBesideSame reports whether a tag that ends at after stands right behind an entry of
// the same tag, or in front of the same tag: one of its kind makes no list.
func (c *cleaner) isBesideSame(tag string, after int) bool {
	if c.entryTag == tag && c.at-c.entryEnd < maxTagGap && strings.TrimSpace(c.body[c.entryEnd:c.at]) == "" {
		return true
	}
	next := strings.TrimLeft(c.body[after:min(len(c.body), after+maxTagGap)], " \t\n")
	return strings.HasPrefix(next, tag+" ")
}

// wordsOf returns the words that a tag gives to its template, if it has its lines to itself.
// Tags of Liquid other than includes hold code.
func (c *cleaner) wordsOf(open, name string, p params, end int) string {
	if open == "{%" && !strings.HasPrefix(name, "include") || !c.isAlone(end) {
		return ""
	}
	return p.prose(c.find("\n#", 0) >= 0)
}

// show writes what is shown of the tag up to end, or notes that this is nothing.
func (c *cleaner) show(what string, end int, text string) {
	if text == "" {
		c.leaveOut(what, end, "")
		return
	}
	c.replace(end, text)
}

// endTag returns where the end tag with a name begins and ends, after at; 0, 0: there is none.
func (c *cleaner) endTag(open, closing, name string, at int) (from, after int) {
	found := c.find(name, at)
	if found < 0 {
		return 0, 0
	}
	before := strings.TrimRight(c.body[at:found], "- \t")
	end := strings.Index(c.body[found:min(len(c.body), found+len(name)+16)], closing)
	if !strings.HasSuffix(before, open) || end < 0 {
		return 0, 0
	}
	return at + len(before) - len(open), found + end + len(closing)
}

// codeBetween writes what stands between two tags, as code or, if it is only kept from the
// templates, as it is.
func (c *cleaner) codeBetween(name, params, code string, after int) {
	language, _, _ := strings.Cut(strings.TrimSpace(params), " ")
	switch {
	case name == "raw" || name == "verbatim":
		c.replace(after, code)
	case !strings.Contains(code, "\n"):
		c.replace(after, "`` "+code+" ``")
	default:
		if !plain.IsWord(language) {
			language = ""
		}
		fence := strings.Repeat("~", max(3, longestRun(code, '~')+1))
		c.replace(after, "\n"+fence+language+"\n"+strings.Trim(code, "\n")+"\n"+fence+"\n")
	}
}

// longestRun returns how often a character follows itself at most.
func longestRun(text string, char byte) int {
	longest, run := 0, 0
	for i := range len(text) {
		if run++; text[i] != char {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}

// siteTag is a tag that shows something of another site.
type siteTag struct {
	plays bool
	pages string // address without what identifies what is shown; "": tags give addresses only
}

// siteTags are the tags that show something of another site.
var siteTags = map[string]siteTag{
	"youtube": {true, page.YouTube}, "youtubelite": {true, page.YouTube}, "youtubeembed": {true, page.YouTube},
	"vimeo": {true, page.Vimeo}, "bilibili": {true, page.Bilibili},
	"tweet": {true, postOfX}, "twitter": {true, postOfX}, "x": {true, postOfX},
	"instagram": {true, "https://www.instagram.com/p/"}, "gist": {true, "https://gist.github.com/"},
	"codepen": {plays: true}, "spotify": {plays: true}, "soundcloud": {plays: true}, "video": {plays: true}, "audio": {plays: true},
	"embed": {}, "link": {}, "linkcard": {}, "card": {}, "button": {}, "btn": {}, "bookmark": {},
}

// postOfX is the address of a post whose author is not known.
const postOfX = "https://twitter.com/i/status/"

var pictureTags = []string{"figure", "img", "image", "picture", "imgproc"}

// embedded returns what is shown of a tag up to end: a picture, a link, or nothing.
func (c *cleaner) embedded(name string, p params, end int) string {
	name = p.shownName(name)
	if slices.Contains(pictureTags, name) {
		return pictureTag(p)
	}
	site, ok := siteTags[strings.ReplaceAll(name, "-", "")]
	if !ok {
		return ""
	}
	title := p.get("title", "text", "label", "caption")
	address, id := p.address(), p.id()
	switch {
	case address != "":
	case id == "" || site.pages == "":
		return ""
	default:
		address = site.page(p, id)
	}
	switch {
	case site.plays && c.isAlone(end):
		return page.Player(address, title)
	case site.plays:
		return linkTo(address, page.PlayMark+cmp.Or(title, page.EmbedName(address)))
	}
	return linkTo(address, cmp.Or(title, address))
}

// shownName returns the name of what a tag shows, and takes it from the parameters of an
// include.
func (p *params) shownName(name string) string {
	name = strings.ToLower(name)
	if strings.HasPrefix(name, "include") && len(p.list) > 0 {
		name, _, _ = strings.Cut(p.list[0], ".")
		p.list = p.list[1:]
	}
	return cmp.Or(strings.ToLower(p.get("provider")), name)
}

// page returns the address of what a tag shows.
func (s siteTag) page(p params, id string) string {
	if user, post := p.post(); user != "" && s.pages == postOfX {
		return "https://twitter.com/" + user + "/status/" + post
	}
	return s.pages + id
}

// isAlone reports whether a tag from here to end has its lines to itself, or is all of a
// heading.
func (c *cleaner) isAlone(end int) bool {
	return strings.Trim(c.body[c.start:c.at], "# \t\n") == "" && strings.TrimSpace(c.body[end:c.lineEnd(end)]) == ""
}

// id returns what a site shows, without the address of its site.
func (p params) id() string {
	id := cmp.Or(p.get("id", "videoid", "video_id", "video", "v", "bvid", "tweetid"), p.first())
	if user, gist := p.post(); user != "" && !strings.Contains(id, "/") {
		id = user + "/" + gist
	}
	if !siteID().MatchString(id) {
		return ""
	}
	return id
}

// post returns a user and what of him is shown, if both are given.
func (p params) post() (user, id string) {
	if user, id = p.get("user", "username"), p.get("id"); user != "" && id != "" {
		return user, id
	}
	if len(p.list) == 2 && longNumber().MatchString(p.list[1]) {
		return p.list[0], p.list[1]
	}
	return "", ""
}

var (
	siteID     = plain.Pattern(`^[\w-]+(?:/[\w-]+)?$`)
	longNumber = plain.Pattern(`^[0-9a-f]{7,}$`)
)

func pictureTag(p params) string {
	src := cmp.Or(p.get("src", "image_path", "url", "path"), p.first())
	if src == "" || strings.ContainsAny(src, "(){}") {
		return ""
	}
	picture := `<span><img src="` + html.EscapeString(src) + `" alt="` + html.EscapeString(p.get("caption", "title", "alt")) + `"></span>`
	if link := p.get("link", "href"); link != "" {
		return `<a href="` + html.EscapeString(link) + `">` + picture + `</a>`
	}
	return picture
}

func linkTo(address, text string) string {
	return `<a href="` + html.EscapeString(address) + `">` + html.EscapeString(text) + `</a>`
}
