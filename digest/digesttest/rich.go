package digesttest

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"digestbot/digest"
)

// richText is a rich message as Telegram would understand it, with its heading
// apart.
type richText struct {
	heading string // text of h1 or h2
	text    string // of the rest, with the numbers of ordered lists
	links   []string
	images  []string
	units   int
	blocks  int
}

// Which elements may stand in which; core.telegram.org/bots/api#rich-html-style.
var (
	inlineTags   = strings.Fields("b i u s tg-spoiler a code br")
	blockTags    = strings.Fields("h1 h2 h3 h4 h5 h6 p ul ol blockquote expandable details table figure img pre footer hr")
	richChildren = map[string][]string{
		"body": blockTags, "blockquote": blockTags, "details": append([]string{"summary"}, blockTags...),
		"li": append(slices.Clone(inlineTags), blockTags...),
		"ul": {"li"}, "ol": {"li"}, "table": {"tr"}, "tr": {"th", "td"}, "figure": {"img", "figcaption"}, "pre": {"code"},
		"h1": inlineTags, "h2": inlineTags, "h3": inlineTags, "h4": inlineTags, "h5": inlineTags, "h6": inlineTags, "p": inlineTags,
		"expandable": inlineTags, "footer": inlineTags, "summary": inlineTags, "figcaption": inlineTags, "th": inlineTags, "td": inlineTags,
		"b": inlineTags, "i": inlineTags, "u": inlineTags, "s": inlineTags, "tg-spoiler": inlineTags, "a": inlineTags,
	}
	richTextParents = strings.Fields("expandable li pre code h1 h2 h3 h4 h5 h6 p footer summary figcaption th td b i u s tg-spoiler a")
	richTag         = regexp.MustCompile(`^<(?:(/?[a-z0-9-]+)|img src="([^"<>]*)"/|a href="([^"<>]*)"|(ol) start="(\d+)"|(code) class="language-[^"<>\s]*"|(blockquote) expandable|(table) bordered striped|(hr)/)>`)
)

// openElement is an element whose end has not come.
type openElement struct {
	name    string
	number  int // of the next entry of a list
	columns int // of a row
	linked  bool
}

type richParser struct {
	richText
	open []openElement
	out  strings.Builder
}

// parseRich parses a rich message strictly: it may have only the elements above,
// each where it may stand and closed in order, text escaped with four named
// entities, line breaks only as elements, and all of it within the limits.
func parseRich(source string) (richText, error) {
	p := &richParser{open: []openElement{{name: "body"}}}
	for i := 0; i < len(source); {
		n, err := p.next(source[i:])
		if err != nil {
			return p.richText, fmt.Errorf("at %d: %w: %.60q", i, err, source[i:])
		}
		i += n
	}
	p.text = p.out.String()
	switch {
	case len(p.open) > 1:
		return p.richText, fmt.Errorf("never closed: %v", p.open[1:])
	case p.units+2*p.blocks > 32768+2 || p.blocks > 500 || len(p.images) > 50:
		return p.richText, fmt.Errorf("%d units, %d blocks, %d pictures", p.units, p.blocks, len(p.images))
	}
	return p.richText, nil
}

func (p *richParser) top() *openElement { return &p.open[len(p.open)-1] }

// inHeading reports whether the heading of the message is open.
func (p *richParser) inHeading() bool {
	return len(p.open) > 1 && (p.open[1].name == "h1" || p.open[1].name == "h2")
}

// next reads a tag or a text and returns its length.
func (p *richParser) next(source string) (int, error) {
	if source[0] != '<' {
		n := strings.IndexByte(source, '<')
		if n < 0 {
			n = len(source)
		}
		return n, p.chars(source[:n])
	}
	m := richTag.FindStringSubmatch(source)
	if m == nil {
		return 0, fmt.Errorf("no such tag")
	}
	name := m[1] + m[4] + m[6] + m[7] + m[8] + m[9]
	if m[7] != "" {
		name = "expandable" // this quotation holds a text, others hold blocks
	}
	if closed, ok := strings.CutPrefix(name, "/"); ok {
		return len(m[0]), p.end(closed)
	}
	switch {
	case strings.HasPrefix(m[0], "<img"):
		return len(m[0]), p.image(html.UnescapeString(m[2]))
	case strings.HasPrefix(m[0], "<a "):
		name = "a"
		p.link(html.UnescapeString(m[3]))
	}
	start, err := strconv.Atoi(m[5])
	if err != nil {
		start = 1
	}
	return len(m[0]), p.start(name, start)
}

func (p *richParser) chars(text string) error {
	if !slices.Contains(richTextParents, p.top().name) {
		return fmt.Errorf("text in %s", p.top().name)
	}
	if p.top().name == "pre" || p.top().name == "code" && p.open[len(p.open)-2].name == "pre" {
		text = strings.ReplaceAll(text, "\n", " ")
	}
	if strings.ContainsAny(text, ">\"\n") || badEntity.MatchString(text) {
		return fmt.Errorf("not escaped")
	}
	text = html.UnescapeString(text)
	p.units += unitsOf(text)
	if p.inHeading() {
		p.heading += text
		return nil
	}
	p.out.WriteString(text)
	return nil
}

var badEntity = regexp.MustCompile(`&(?:$|[^lgaq]|[lg](?:$|[^t])|a(?:$|[^m])|q(?:$|[^u])|[a-z]+(?:$|[^a-z;]))`)

func (p *richParser) start(name string, number int) error {
	parent := p.top()
	if !slices.Contains(richChildren[parent.name], name) {
		return fmt.Errorf("%s in %s", name, parent.name)
	}
	if slices.Contains(inlineTags, name) && slices.ContainsFunc(p.open, func(e openElement) bool { return e.name == name }) {
		return fmt.Errorf("%s within itself", name)
	}
	switch name {
	case "br":
		p.out.WriteByte('\n')
		return nil
	case "th", "td":
		if parent.columns++; parent.columns > 20 {
			return fmt.Errorf("more than 20 columns")
		}
	case "li":
		if parent.name == "ol" {
			p.out.WriteString(strconv.Itoa(parent.number))
		}
		parent.number++
	}
	if slices.Contains(blockTags, name) || name == "li" || name == "tr" {
		p.blocks++
	}
	if p.open = append(p.open, openElement{name: name, number: number}); len(p.open)-1 > 16 {
		return fmt.Errorf("%d elements deep", len(p.open)-1)
	}
	if name == "hr" {
		return p.end(name)
	}
	return nil
}

func (p *richParser) end(name string) error {
	if name != p.top().name && !(name == "blockquote" && p.top().name == "expandable") {
		return fmt.Errorf("end of %s in %s", name, p.top().name)
	}
	p.open = p.open[:len(p.open)-1]
	return nil
}

// image notes a picture. If its caption has a link, messages of the other
// layouts have that link in place of the picture's address.
func (p *richParser) image(address string) error {
	if !slices.Contains(richChildren[p.top().name], "img") {
		return fmt.Errorf("img in %s", p.top().name)
	}
	if !strings.HasPrefix(address, "http://") && !strings.HasPrefix(address, "https://") {
		return fmt.Errorf("picture without address")
	}
	p.blocks++
	p.images = append(p.images, address)
	if len(p.open) > 1 || len(p.images) > 1 || p.heading != "" {
		p.link(address)
		p.top().linked = true
	}
	return nil
}

func (p *richParser) link(link string) {
	if p.inHeading() {
		return
	}
	if n := len(p.open); n > 1 && p.top().name == "figcaption" && p.open[n-2].linked {
		p.links = p.links[:len(p.links)-1]
		p.open[n-2].linked = false
	}
	p.links = append(p.links, link)
}

// size returns roughly how many blocks a rich message counts in these.
func size(blocks []digest.Block) int {
	n := 0
	for _, b := range blocks {
		n += 2 + len(b.Rows) + 2*len(b.Entries) + size(b.Blocks)
		for _, entry := range b.Entries {
			n += size(entry)
		}
	}
	return n
}

func sectionSize(s *digest.Section) int {
	n := 4*len(s.Items) + size(s.Intro) + size(s.Outro)
	for _, it := range s.Items {
		n += size(it.Lead) + size(it.Body)
	}
	return n
}

// checkRich asserts that rich messages are valid, have all the text and the
// links that the other messages have, and are missing only if they would be too
// large.
func checkRich(t *testing.T, issue *digest.Issue, messages []digest.Message, known links) {
	t.Helper()
	sections := shownSections(issue)
	next := 0
	for _, m := range messages {
		if m.Part > 1 {
			if m.Rich != "" {
				t.Errorf("part %d of %q has a rich message", m.Part, m.Section)
			}
			continue
		}
		if m.Cover {
			checkRichCover(t, messages)
			continue
		}
		s := &sections[next]
		next++
		checkRichSection(t, s, m, known)
	}
}

func checkRichSection(t *testing.T, s *digest.Section, m digest.Message, known links) {
	t.Helper()
	want := sectionContent(s, known)
	if m.Rich == "" {
		if n := sectionSize(s); n < 200 && want.text.Len() < 20_000 {
			t.Errorf("section %.40q of %d blocks and %d bytes has no rich message", s.Key, n, want.text.Len())
		}
		return
	}
	got, err := parseRich(m.Rich)
	if err != nil {
		t.Fatalf("rich message of section %.40q is not valid: %v\n%s", s.Key, err, m.Rich)
	}
	if !strings.Contains(words(got.heading), headingWords(s, known)) {
		want = withHeading(s, want)
	}
	if got, want := words(got.text), words(want.text.String()); got != want {
		t.Errorf("rich message of section %.40q lost text%s", s.Key, firstDifference(got, want))
	}
	if got := slices.Compact(got.links); !slices.Equal(got, want.links) {
		t.Errorf("rich message of section %.40q has links\n got %q\nwant %q\n%s", s.Key, got, want.links, m.Rich)
	}
}

// checkRichCover compares the rich cover with the messages of the cover.
func checkRichCover(t *testing.T, messages []digest.Message) {
	t.Helper()
	var text strings.Builder
	var links []string
	parts := messages[0].Parts
	for _, m := range messages[:parts] {
		heading, body, _ := strings.Cut(m.HTML, "\n\n")
		if _, under, found := strings.Cut(heading, "\n"); found { // number and date
			text.WriteString(under)
		}
		got, err := parseTelegram(body)
		if err != nil {
			t.Fatalf("cover without heading: %v", err)
		}
		text.WriteString(got.text)
		links = append(links, got.links...)
	}
	if messages[0].Rich == "" {
		if parts == 1 {
			t.Errorf("a cover of one part has no rich message: %s", messages[0].HTML)
		}
		return
	}
	got, err := parseRich(messages[0].Rich)
	if err != nil {
		t.Fatalf("rich cover is not valid: %v\n%s", err, messages[0].Rich)
	}
	if got, want := words(got.text), words(text.String()); got != want {
		t.Errorf("rich cover lost text%s", firstDifference(got, want))
	}
	if got, want := slices.Compact(got.links), slices.Compact(links); !slices.Equal(got, want) {
		t.Errorf("rich cover has links\n got %q\nwant %q", got, want)
	}
}
