package markdown

import (
	"bytes"
	"strings"

	"digestbot/digest/document/plain"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// angleParser keeps words in angle brackets that are no HTML: types such as List<String>, and
// placeholders such as <name>. Read as elements they would vanish.
type angleParser struct{}

var (
	angleTag = plain.Pattern(`^<([A-Za-z][A-Za-z0-9]*)((?:[ \t][^<>]*)?)>`)
	angleEnd = plain.Pattern(`</([A-Za-z][A-Za-z0-9]*)`)
)

// endTagsKey is the key of the names of all end tags of the document.
var endTagsKey = parser.NewContextKey()

func (angleParser) Trigger() []byte { return []byte{'<'} }

func (angleParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	m := angleTag().FindSubmatch(line[:min(len(line), maxAttributes)])
	if m == nil {
		return nil
	}
	name, attributes := string(m[1]), m[2]
	element := elementNames[strings.ToLower(name)]
	closed := pc.ComputeIfAbsent(endTagsKey, func() any { return endTags(block.Source()) }).(map[string]bool)[name]
	shown := !element && !closed && !bytes.ContainsAny(attributes, "=/")
	if plain.IsNarrowWord(block.PrecendingCharacter()) {
		// In HTML names are written in one case.
		mixed := strings.ToUpper(name) != name && strings.ToLower(name) != name
		letter := len(name) == 1 && strings.ToUpper(name) == name && !closed
		shown = shown || !closed && (mixed || letter) && len(attributes) == 0
	}
	if !shown {
		return nil
	}
	block.Advance(1)
	return ast.NewTextSegment(text.NewSegment(segment.Start, segment.Start+1))
}

func endTags(source []byte) map[string]bool {
	names := map[string]bool{}
	for _, m := range angleEnd().FindAllSubmatch(source, -1) {
		names[string(m[1])] = true
	}
	return names
}

// elementNames are the elements of HTML, of pictures and formulas in it, and the tags without
// end of some sites.
var elementNames = func() map[string]bool {
	names := map[string]bool{}
	for name := range strings.FieldsSeq(`a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big
		blink blockquote body br button canvas caption center cite code col colgroup command content data datalist dd del details
		dfn dialog dir div dl dt element em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head
		header hgroup hr html i iframe image img input ins isindex kbd keygen label legend li link listing main map mark marquee
		menu menuitem meta meter multicol nav nextid nobr noembed noframes noscript object ol optgroup option output p param picture
		plaintext pre progress q rb rp rt rtc ruby s samp script search section select shadow slot small source spacer span strike
		strong style sub summary sup table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr xmp
		svg g path rect circle line polygon polyline text defs use symbol math mi mn mo mrow msup msub mfrac
		cut habracut more toc excerpt`) {
		names[name] = true
	}
	return names
}()
