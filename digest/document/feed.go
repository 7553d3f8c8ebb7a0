package document

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/bounds"
	"digestbot/digest/document/fields"
	"digestbot/digest/document/note"
	"digestbot/digest/document/plain"
	"digestbot/digest/document/web"

	"github.com/mmcdole/gofeed"
)

// readFeed makes one issue of every entry of a feed.
func (s *source) readFeed() ([]*digest.Issue, error) {
	feed, base, err := s.parseFeed()
	if err != nil {
		return nil, err
	}
	if len(feed.Items) == 0 {
		return nil, fmt.Errorf("feed has no entries: %w", ErrNothing)
	}
	issues := make([]*digest.Issue, 0, len(feed.Items))
	tags := bounds.MaxFeedTags
	for _, entry := range feed.Items {
		d := s.entryDraft(base, tags)
		issue, err := d.readEntry(feed, entry)
		if err != nil {
			return nil, fmt.Errorf("entry %q: %w", entry.Title, err)
		}
		tags = d.tags
		issues = append(issues, issue)
	}
	separateKeys(issues, feed.Items)
	return issues, nil
}

// parseFeed reads a feed, and returns the base for relative addresses in it; nil: none.
func (s *source) parseFeed() (*gofeed.Feed, *url.URL, error) {
	document := withoutControls([]byte(s.feedText()))
	if err := bounds.CheckFeed(document); err != nil {
		return nil, nil, err
	}
	parser := gofeed.NewParser()
	parser.RSSTranslator = &bounds.RSSTranslator{}
	feed, err := parser.Parse(bytes.NewReader(document))
	if _, ok := errors.AsType[*bounds.Error](err); ok {
		return nil, nil, err
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrFeed, err)
	}
	if len(feed.Items) > bounds.MaxEntries {
		return nil, nil, bounds.ErrEntries
	}
	return feed, feedBase(string(document)), nil
}

// entryDraft returns the draft of an entry that may have that many tags.
func (s *source) entryDraft(base *url.URL, tags int) *draft {
	d := &draft{name: s.name, base: base, tags: tags, place: inEntry, notes: s.reading.next()}
	d.notes.Say(note.Format, "entry of a feed, by its content")
	d.notes.Say(note.Encoding, "%s", s.encoding)
	return d
}

// declaredInXML matches the encoding in the declaration of an XML document.
var declaredInXML = regexp.MustCompile(`^(<\?xml[^>]*encoding\s*=\s*)["'][^"'>]*["']`)

// feedText returns the text of a feed as the parser needs it: it is UTF-8 by now, whatever
// its declaration says.
func (s *source) feedText() string {
	text := strings.TrimLeft(s.text, leadingBlanks)
	return declaredInXML.ReplaceAllString(text, `${1}"utf-8"`)
}

// withoutControls leaves out the control characters that the parser leaves out too:
// the check would stop at them, and not see the rest.
func withoutControls(document []byte) []byte {
	isControl := func(c byte) bool { return c < ' ' && c != '\t' && c != '\n' && c != '\r' }
	if !slices.ContainsFunc(document, isControl) {
		return document
	}
	return slices.DeleteFunc(slices.Clone(document), isControl)
}

// readEntry makes an issue of one entry.
func (d *draft) readEntry(feed *gofeed.Feed, entry *gofeed.Item) (*digest.Issue, error) {
	d.feed, d.meta = plain.Title(feed.Title), entryMeta(entry)
	whole := web.Base(feed.Link, feed.FeedLink, d.name)
	d.address = web.Base(entry.Link, entry.GUID)
	if d.address == nil {
		d.address = web.Base(web.Resolve(whole, entry.Link))
	}
	if d.base == nil && d.address == nil {
		d.base = whole
	}
	if err := d.readHTML(entryHTML(entry)); err != nil {
		return nil, err
	}
	d.name = entry.GUID
	return d.issue(), nil
}

func entryMeta(entry *gofeed.Item) fields.Metadata {
	meta := fields.Metadata{"title": stripTags(entry.Title), "guid": entry.GUID, "link": entry.Link, "date": entry.Published}
	if day, _ := metaDate(entry.Published); day.IsZero() {
		meta["date"] = entry.Updated
	}
	if meta["guid"] == "" {
		meta["guid"] = entry.Link
	}
	if entry.ITunesExt != nil {
		meta["episode"] = entry.ITunesExt.Episode
	}
	if entry.DublinCoreExt != nil && len(entry.DublinCoreExt.Date) > 0 && meta["date"] == "" {
		meta["date"] = entry.DublinCoreExt.Date[0]
	}
	meta["image"] = entryImage(entry)
	return meta
}

// entryImage returns the picture that an entry names outside its text.
func entryImage(entry *gofeed.Item) string {
	if entry.Image != nil && entry.Image.URL != "" {
		return entry.Image.URL
	}
	if entry.ITunesExt != nil && entry.ITunesExt.Image != "" {
		return entry.ITunesExt.Image
	}
	for _, e := range entry.Enclosures {
		if strings.HasPrefix(e.Type, "image/") {
			return e.URL
		}
	}
	for _, name := range []string{"thumbnail", "content"} {
		for _, e := range entry.Extensions["media"][name] {
			if name == "thumbnail" || e.Attrs["medium"] == "image" || strings.HasPrefix(e.Attrs["type"], "image/") {
				return e.Attrs["url"]
			}
		}
	}
	return ""
}

var anyTag = regexp.MustCompile(`<[A-Za-z/!][^>]*>`)

func stripTags(title string) string {
	return html.UnescapeString(anyTag.ReplaceAllString(title, ""))
}

// entryText returns the text of an entry: its content or its description, whichever is
// longer. If only the content is HTML, the description may be the same in Markdown, which is
// longer by its addresses: then it must be much longer.
func entryText(entry *gofeed.Item) string {
	content, description := len(anyTag.ReplaceAllString(entry.Content, "")), len(anyTag.ReplaceAllString(entry.Description, ""))
	if anyTag.MatchString(entry.Content) && !anyTag.MatchString(entry.Description) && !closingTag.MatchString(html.UnescapeString(entry.Description)) {
		content *= muchLonger
	}
	if description > content {
		return entry.Description
	}
	return entry.Content
}

// muchLonger is how many times as long as a content in HTML a plain description must be to be
// the text of an entry.
const muchLonger = 3

// entryHTML returns the text of an entry as HTML.
func entryHTML(entry *gofeed.Item) string {
	text := entryText(entry)
	if anyTag.MatchString(text) {
		return unescapeTwice(text)
	}
	if unescaped := html.UnescapeString(text); closingTag.MatchString(unescaped) {
		return unescapeTwice(unescaped)
	}
	// It is plain text: empty lines separate paragraphs. Entities in it were
	// written for a browser.
	text = html.EscapeString(html.UnescapeString(strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))))
	return strings.ReplaceAll(text, "\n", "<br>")
}

// closingTag matches what HTML has and a text about HTML hardly ever has outside
// code: the end of a paragraph, a list or a link, or a line break.
var closingTag = regexp.MustCompile(`(?i)</(?:p|div|li|ul|ol|a|h[1-6]|strong|em|blockquote)\s*>|<br\s*/?>`)

// doubleEntity matches a character that was escaped twice, on its way through two
// programs. The name of a space or a dash must touch a word or another one: a
// text about HTML may name it by itself.
var doubleEntity = regexp.MustCompile(`&amp;(?:#[0-9]{2,6}|#[xX][0-9A-Fa-f]{2,5}|amp|quot|apos|rsquo|lsquo|rdquo|ldquo|hellip);` +
	`|(\pL|[0-9.,!?;:])&amp;(?:nbsp|ndash|mdash|lt|gt);|&amp;(?:nbsp|ndash|mdash|lt|gt);(\pL|[0-9&])`)

// unescapeTwice resolves what was escaped twice, except in code.
func unescapeTwice(text string) string {
	if !strings.Contains(text, "&amp;") {
		return text
	}
	var out strings.Builder
	last, code := 0, 0
	for _, tag := range anyTag.FindAllStringIndex(text, -1) {
		part := text[last:tag[0]]
		if code == 0 {
			part = unescapeEntities(part)
		}
		out.WriteString(part + text[tag[0]:tag[1]])
		last = tag[1]
		switch name := codeTag.FindString(text[tag[0]:tag[1]]); {
		case strings.HasPrefix(name, "</"):
			code = max(code-1, 0)
		case name != "":
			code++
		}
	}
	out.WriteString(unescapeEntities(text[last:]))
	return out.String()
}

var codeTag = regexp.MustCompile(`(?i)^</?(?:pre|code)\b`)

func unescapeEntities(text string) string {
	for range 2 { // matches that touch each other
		text = doubleEntity.ReplaceAllStringFunc(text, func(m string) string { return strings.Replace(m, "&amp;", "&", 1) })
	}
	return text
}

// separateKeys gives entries that have the same key the identity that the feed
// gives them.
func separateKeys(issues []*digest.Issue, entries []*gofeed.Item) {
	count := map[string]int{}
	for _, issue := range issues {
		count[issue.Key]++
	}
	for i, issue := range issues {
		if count[issue.Key] < 2 {
			continue
		}
		for _, key := range []string{entries[i].GUID, entries[i].Link, entries[i].Title} {
			if key != "" {
				issue.Key = key
				break
			}
		}
	}
}

// feedBase returns the base for relative addresses of an RSS feed, or nil.
func feedBase(feed string) (base *url.URL) {
	for _, m := range channelBase.FindAllStringSubmatch(feed[:min(len(feed), maxFeedHead)], 2) {
		base = web.Base(web.Resolve(base, m[1]))
	}
	return base
}

// channelBase matches the base that RSS gives for the addresses in all its entries. The
// parser knows that of Atom only.
var channelBase = regexp.MustCompile(`<(?:rss|channel)\b[^>]*?\sxml:base\s*=\s*["']([^"'<>]+)["']`)

// maxFeedHead is how much of a feed is looked at for its base, in bytes.
const maxFeedHead = 8 << 10
