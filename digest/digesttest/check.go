// Package digesttest checks the messages of issues in tests.
package digesttest

import (
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"digestbot/digest"

	"github.com/google/go-cmp/cmp"
)

// unitsOf counts UTF-16 code units, independently of how the package does it.
func unitsOf(text string) int { return len(utf16.Encode([]rune(text))) }

// isEmpty reports whether a section has nothing in it, and so no messages.
func isEmpty(s *digest.Section) bool { return len(s.Intro)+len(s.Items)+len(s.Outro) == 0 }

// parsed is a message as Telegram would understand it.
type parsed struct {
	text     string
	entities int
	wire     int // bytes of the entities, roughly
	links    []string
}

var startTag = regexp.MustCompile(`^<(b|i|u|s|code|pre|tg-spoiler|blockquote|blockquote expandable|a href="([^"<>]*)"|code class="language-([^"<>\s]*)")>`)

// parseTelegram parses a message as strictly as Telegram's documentation
// reads (core.telegram.org/bots/api#html-style): only these tags, properly
// nested, nothing within pre and code, no quotation within a quotation, and
// only four named entities.
func parseTelegram(source string) (parsed, error) {
	var out parsed
	var text strings.Builder
	var open []string
	for i := 0; i < len(source); {
		switch source[i] {
		case '<':
			if strings.HasPrefix(source[i:], "</") {
				end := strings.IndexByte(source[i:], '>')
				if end < 0 || len(open) == 0 || source[i+2:i+end] != open[len(open)-1] {
					return out, fmt.Errorf("unexpected end tag at %d, open: %v", i, open)
				}
				open = open[:len(open)-1]
				i += end + 1
				continue
			}
			m := startTag.FindStringSubmatch(source[i:])
			if m == nil {
				return out, fmt.Errorf("no tag Telegram knows at %d: %.40q", i, source[i:])
			}
			name, _, _ := strings.Cut(m[1], " ")
			codeInPre := m[3] != "" && len(open) > 0 && open[len(open)-1] == "pre" && strings.HasSuffix(source[:i], "<pre>")
			if !codeInPre && (slices.Contains(open, "pre") || slices.Contains(open, "code")) {
				return out, fmt.Errorf("%s within code at %d", name, i)
			}
			if slices.Contains(open, name) {
				return out, fmt.Errorf("%s within %s at %d", name, name, i)
			}
			if name == "code" && !codeInPre && len(open) > 0 && open[len(open)-1] != "blockquote" {
				return out, fmt.Errorf("code within %v at %d", open, i)
			}
			if name == "blockquote" && len(open) > 0 {
				return out, fmt.Errorf("blockquote within %v at %d", open, i)
			}
			if name == "a" {
				link := html.UnescapeString(m[2])
				out.links = append(out.links, link)
				out.wire += len(link)
			}
			if !codeInPre {
				out.entities++
				out.wire += 12
			}
			open = append(open, name)
			i += len(m[0])
		case '>', '"':
			return out, fmt.Errorf("unescaped %q at %d", source[i], i)
		case '&':
			end := strings.IndexByte(source[i:], ';')
			if end < 0 || !slices.Contains([]string{"&lt;", "&gt;", "&amp;", "&quot;"}, source[i:i+end+1]) {
				return out, fmt.Errorf("no entity Telegram knows at %d: %.20q", i, source[i:])
			}
			text.WriteString(html.UnescapeString(source[i : i+end+1]))
			i += end + 1
		default:
			text.WriteByte(source[i])
			i++
		}
	}
	if len(open) > 0 {
		return out, fmt.Errorf("never closed: %v", open)
	}
	out.text = text.String()
	return out, nil
}

// words returns of a text what must not get lost, letters and numbers, without
// white space and punctuation.
func words(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.L, unicode.N) {
			return r
		}
		return -1
	}, text)
}

// firstDifference shows where two long texts begin to differ.
func firstDifference(got, want string) string {
	at := 0
	for at < len(got) && at < len(want) && got[at] == want[at] {
		at++
	}
	from := max(at-40, 0)
	return fmt.Sprintf(" at byte %d: got %.80q, want %.80q", at, got[from:], want[from:])
}

// isSubsequence reports whether whole has the runes of part in the same order.
func isSubsequence(part, whole string) bool {
	rest := []rune(part)
	for _, r := range whole {
		if len(rest) > 0 && rest[0] == r {
			rest = rest[1:]
		}
	}
	return len(rest) == 0
}

// content collects the text and the links of blocks, independently of how the
// package does it.
type content struct {
	text  strings.Builder
	links []string
	known links
}

// links knows how messages show links.
type links map[string]shown

// shown is how messages show a link: as a link, or as an address behind its words.
type shown struct {
	kept    bool
	address string
}

// of returns how messages show a link. It asks an issue that has no other: which links
// Telegram takes is another test's business.
func (l links) of(link string) shown {
	if s, ok := l[link]; ok {
		return s
	}
	const words = "†"
	paragraph := digest.Block{Kind: digest.Paragraph, Spans: []digest.Span{{Text: words, Link: link}}}
	issue := &digest.Issue{Key: "k", Sections: []digest.Section{{Items: []digest.Item{{Body: []digest.Block{paragraph}}}}}}
	message := issue.Messages()[1]
	_, body, _ := strings.Cut(message.Plain, "\n\n")
	s := shown{
		kept:    strings.Contains(message.HTML, "<a href="),
		address: strings.TrimSuffix(strings.TrimPrefix(body, words+" ("), ")"),
	}
	l[link] = s
	return s
}

func (c *content) spans(spans []digest.Span) {
	said := "" // of the link so far
	for i, s := range spans {
		c.text.WriteString(shownText(s))
		c.link(s.Link)
		if i == 0 || spans[i-1].Link != s.Link {
			said = ""
		}
		said += s.Text
		if ends := i+1 == len(spans) || spans[i+1].Link != s.Link; ends {
			c.untaken(said, s)
		}
	}
}

// untaken adds the address of a link that Telegram would drop: messages say it.
func (c *content) untaken(said string, s digest.Span) {
	isItsText := strings.HasPrefix(s.Text, "http://") || strings.HasPrefix(s.Text, "https://")
	if s.Link == "" || isItsText {
		return
	}
	if link := c.known.of(s.Link); !link.kept && !strings.Contains(said, link.address) {
		c.text.WriteString(link.address)
	}
}

var bareAddress = regexp.MustCompile(`^https?://(?:www\.)?([^/?#]+)(.*)$`)

// shownText returns the text of a span as messages show it: of an address that
// is the text of its link they may show only the host.
func shownText(s digest.Span) string {
	unescape := func(text string) string {
		if out, err := url.PathUnescape(text); err == nil {
			return out
		}
		return text
	}
	text, link := bareAddress.FindStringSubmatch(s.Text), bareAddress.FindStringSubmatch(s.Link)
	if text == nil || link == nil || unescape(strings.TrimSuffix(text[1]+text[2], "/")) != unescape(strings.TrimSuffix(link[1]+link[2], "/")) {
		return s.Text
	}
	short := strings.TrimSuffix(text[1]+text[2], "/")
	if wide := utf8.RuneCountInString(short); wide > 32 || strings.ContainsAny(short, "?#") {
		return text[1]
	}
	return short
}

func (c *content) link(link string) {
	if link != "" && c.known.of(link).kept && (len(c.links) == 0 || c.links[len(c.links)-1] != link) {
		c.links = append(c.links, link)
	}
}

func (c *content) blocks(blocks []digest.Block) {
	for _, b := range blocks {
		switch b.Kind {
		case digest.Image:
			c.spans(b.Spans)
			if len(b.Spans) == 0 || b.Spans[0].Link == "" { // it leads to the picture
				c.link(b.URL)
				caption := ""
				for _, s := range b.Spans {
					caption += s.Text
				}
				c.untaken(caption, digest.Span{Text: caption, Link: b.URL})
			}
		case digest.Quote:
			c.blocks(b.Blocks)
		case digest.List:
			for i, entry := range b.Entries {
				if b.Ordered {
					c.text.WriteString(strconv.Itoa(b.Start + i))
				}
				c.blocks(entry)
			}
		case digest.Table:
			for _, row := range b.Rows {
				for _, cell := range row {
					c.spans(cell)
				}
			}
		default:
			c.spans(b.Spans)
		}
	}
}

func sectionContent(s *digest.Section, known links) *content {
	c := &content{known: known}
	c.blocks(s.Intro)
	for _, it := range s.Items {
		c.blocks(it.Lead)
		c.spans(it.Title)
		c.blocks(it.Body)
	}
	c.blocks(s.Outro)
	return c
}

// headingWords returns the words of a section's heading as messages show it.
func headingWords(s *digest.Section, known links) string {
	c := &content{known: known}
	c.spans(s.Heading)
	if len(s.Heading) == 0 {
		c.text.WriteString(s.Name)
	}
	return words(c.text.String())
}

// withHeading puts in front of a section's content the whole heading, which did
// not fit in the heading of the message.
func withHeading(s *digest.Section, rest *content) *content {
	c := &content{known: rest.known}
	if len(s.Heading) > 0 {
		c.spans(s.Heading)
	} else {
		c.text.WriteString(s.Name)
	}
	c.text.WriteString(rest.text.String())
	for _, link := range rest.links {
		c.link(link)
	}
	return c
}

// CheckIssue asserts what holds for every issue: messages are valid and within
// the limits, nothing is lost, links keep their order, and the copy of the issue
// in the archive gives the same messages.
func CheckIssue(t *testing.T, issue *digest.Issue) {
	t.Helper()
	messages := issue.Messages()
	known := links{}
	for i, m := range messages {
		checkMessage(t, i, m)
	}
	checkNothingLost(t, issue, messages, known)
	checkCompact(t, issue, messages, known)
	checkRich(t, issue, messages, known)

	stored, err := json.Marshal(issue)
	if err != nil {
		t.Fatalf("encode issue: %v", err)
	}
	var again digest.Issue
	if err := json.Unmarshal(stored, &again); err != nil {
		t.Fatalf("decode issue: %v", err)
	}
	if diff := cmp.Diff(messages, again.Messages()); diff != "" {
		t.Errorf("messages of the stored issue differ (-want +got):\n%s", diff)
	}
}

func checkMessage(t *testing.T, i int, m digest.Message) {
	t.Helper()
	got, err := parseTelegram(m.HTML)
	if err != nil {
		t.Fatalf("message %d is not valid: %v\n%s", i, err, m.HTML)
	}
	units := unitsOf(got.text)
	if units != m.Length || units < 1 || units > 4096 {
		t.Errorf("message %d has %d units, Length = %d, limits 1 and 4096", i, units, m.Length)
	}
	if got.entities > 100 || got.wire > 9500 || len(m.HTML) > 32768 {
		t.Errorf("message %d has %d entities of %d bytes in %d bytes of markup", i, got.entities, got.wire, len(m.HTML))
	}
	if plain := unitsOf(m.Plain); plain > 4096 || !isSubsequence(words(got.text), words(m.Plain)) {
		t.Errorf("message %d has %d units of plain text, or lost some: %q", i, plain, m.Plain)
	}
	if got.text != strings.TrimSpace(got.text) {
		t.Errorf("message %d begins or ends with white space: %q", i, got.text)
	}
	if m.Part < 1 || m.Part > m.Parts || m.Cover && m.Section != "" {
		t.Errorf("message %d is part %d of %d, cover %v, section %q", i, m.Part, m.Parts, m.Cover, m.Section)
	}
}

// checkNothingLost compares the text and the links of each section with those
// of its parts, without their headings.
func checkNothingLost(t *testing.T, issue *digest.Issue, messages []digest.Message, known links) {
	t.Helper()
	for len(messages) > 0 && messages[0].Cover {
		messages = messages[1:]
	}
	for i := range issue.Sections {
		s := &issue.Sections[i]
		want := sectionContent(s, known)
		if isEmpty(s) {
			continue
		}
		if len(messages) == 0 || messages[0].Parts > len(messages) {
			t.Fatalf("section %d has no messages or too few", i)
		}
		var text strings.Builder
		var links []string
		parts := messages[0].Parts
		for n, m := range messages[:parts] {
			if m.Part != n+1 || m.Parts != parts || m.Section != s.Key {
				t.Errorf("part %d of section %q is labelled %d/%d of %q", n+1, s.Key, m.Part, m.Parts, m.Section)
			}
			heading, body, _ := strings.Cut(m.HTML, "\n\n")
			if said, err := parseTelegram(heading); n == 0 && err == nil && !strings.Contains(words(said.text), headingWords(s, known)) {
				want = withHeading(s, want)
			}
			got, err := parseTelegram(body)
			if err != nil {
				t.Fatalf("part %d of section %q without heading: %v", n+1, s.Key, err)
			}
			text.WriteString(got.text)
			links = append(links, got.links...)
		}
		messages = messages[parts:]
		if got, want := words(text.String()), words(want.text.String()); got != want {
			t.Errorf("section %.40q lost text%s", s.Key, firstDifference(got, want))
		}
		if got := slices.Compact(links); !slices.Equal(got, want.links) {
			t.Errorf("section %q has links\n got %q\nwant %q", s.Key, got, want.links)
		}
	}
	if len(messages) > 0 {
		t.Errorf("%d messages belong to no section", len(messages))
	}
}
