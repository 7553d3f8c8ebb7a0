// Package markdown makes HTML of Markdown: [ToHTML] reads that of GitHub and of the usual
// site generators, with their boxes, footnotes, formulas, templates and components.
package markdown

import (
	"bytes"
	"fmt"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/bounds"
	"digestbot/digest/document/note"
	"digestbot/digest/document/plain"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown renders the Markdown of GitHub and of the usual site generators. Raw
// HTML is kept: the reader of HTML decides what is shown. Bare addresses become
// links there too, because goldmark takes the Chinese text after an address for
// a part of it.
var markdown = goldmark.New(
	goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Footnote, extension.DefinitionList),
	goldmark.WithParserOptions(parser.WithAttribute(), parser.WithInlineParsers(delimiters...), parser.WithInlineParsers(inlineParsers...),
		parser.WithBlockParsers(util.Prioritized(calloutParser{}, 90)), parser.WithParagraphTransformers(util.Prioritized(quotedCallouts{}, 90)),
		parser.WithASTTransformers(util.Prioritized(bareLinks{}, 500), util.Prioritized(titleLines{}, 500), util.Prioritized(markedLines{}, 500))),
	goldmark.WithRendererOptions(html.WithUnsafe(), renderer.WithNodeRenderers(util.Prioritized(elementRenderer{}, 500), util.Prioritized(calloutRenderer{}, 500),
		util.Prioritized(extension.NewTaskCheckBoxHTMLRenderer(), 500))),
)

// inlineParsers parse what is not in CommonMark, before its own parsers.
var inlineParsers = []util.PrioritizedValue{
	util.Prioritized(taskParser{extension.NewTaskCheckBoxParser()}, 0),
	util.Prioritized(attributeParser{}, 50),
	util.Prioritized(mathParser{}, 50),
	util.Prioritized(angleParser{}, 50),
	util.Prioritized(breakParser{}, 50),
	util.Prioritized(wikiLinkParser{}, 90),
	util.Prioritized(scriptParser{}, 480),
}

// notesKey is the key of the [note.List] of a document.
var notesKey = parser.NewContextKey()

// notesOf returns the notes of the document that is parsed; nil: there are none.
func notesOf(pc parser.Context) *note.List {
	notes, _ := pc.Get(notesKey).(*note.List)
	return notes
}

// ToHTML returns a text in Markdown as HTML, and notes what it leaves out.
func ToHTML(body string, notes *note.List) (string, error) {
	if err := bounds.CheckMarks(body); err != nil {
		return "", err
	}
	prepared := prepareMarkdown(body, notes)
	if err := bounds.CheckParagraphs(prepared); err != nil {
		return "", err
	}
	source := []byte(prepared)
	pc := parser.NewContext()
	pc.Set(notesKey, notes)
	tree := markdown.Parser().Parse(text.NewReader(source), parser.WithContext(pc))
	if err := checkTargets(tree); err != nil {
		return "", err
	}
	var out bytes.Buffer
	if err := markdown.Renderer().Render(&out, source, tree); err != nil {
		return "", fmt.Errorf("read Markdown: %w", err)
	}
	return out.String(), nil
}

// checkTargets refuses links and pictures whose addresses and titles are longer
// together than bounds.MaxTargets: thousands of links may use one definition.
func checkTargets(tree ast.Node) error {
	total := 0
	return ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			total += len(n.Destination) + len(n.Title)
		case *ast.Image:
			total += len(n.Destination) + len(n.Title)
		}
		if total > bounds.MaxTargets {
			return ast.WalkStop, &bounds.Error{What: fmt.Sprintf("addresses and titles of links are longer than %d MB together: shorten their definitions", bounds.MaxTargets>>20)}
		}
		return ast.WalkContinue, nil
	})
}

// maxQuoteMarks is how many ">" in a row are read as nested quotations. Nobody
// nests deeper, and the Markdown parser takes long over more.
const maxQuoteMarks = 16

// prepareMarkdown replaces what is not Markdown, outside code, and bounds what the parser takes
// long over.
func prepareMarkdown(body string, notes *note.List) string {
	body = nestBullets(linkBlocks(cleanMarkup(spaceTitle(plainMarkSpaces(body)), notes)))
	p := preparer{run: definitions{free: true}, block: htmlBlock{blank: true}}
	return RewriteLines(body, p.line)
}

// preparer prepares a document line by line.
type preparer struct {
	run     definitions
	block   htmlBlock
	quoting bool // the line before is a mark of a quotation, and nothing else
	count   counting
}

// line prepares the next line that is no code.
func (p *preparer) line(line string) string {
	if p.quoting && opensText(line) { // as kramdown reads it
		line = "> " + line
	}
	p.quoting = strings.TrimSpace(line) == ">"
	before := ""
	if p.run.breaksBefore(line) || p.block.endsBefore(line) {
		before = "\n"
	}
	line = limitMarks(limitAddresses(p.count.spaced(spaceHeading(p.block.unindented(line)))))
	if p.block.holds(line) {
		line = showRawMarkdown(line)
	}
	return before + line
}

// opensText reports whether a line is text, and begins no other block.
func opensText(line string) bool {
	text := strings.TrimLeft(line, " \t")
	return strings.TrimSpace(text) != "" && bounds.ContainerMark(text) == 0 && !strings.ContainsAny(text[:1], "#<|`~")
}

// maxDefinitions is how many link definitions may follow each other without an
// empty line: the Markdown parser takes long over more.
const maxDefinitions = 64

var definition = plain.Pattern(`^ {0,3}\[[^\]\n^][^\]\n]*\]:[ \t]*\S`)

// definitions counts the link definitions of a run, line by line.
type definitions struct {
	count int
	free  bool // the line before was empty or a definition
}

// breaksBefore counts the next line of the document, and reports whether an empty line is to
// be put before it.
func (d *definitions) breaksBefore(line string) bool {
	if !d.free || !definition().MatchString(line) {
		d.count, d.free = 0, strings.TrimSpace(line) == ""
		return false
	}
	d.count++
	return d.count%maxDefinitions == 0
}

// tightHeading matches a heading without a space behind its marks, as older tools
// allow. One mark alone may be a hashtag.
var tightHeading = plain.Pattern(`^ {0,3}(#{2,6})([^#\s].*?)#*[ \t]*(\r?\n)?$`)

// spaceHeading puts the space into a heading that has none.
func spaceHeading(line string) string {
	if !strings.HasPrefix(strings.TrimLeft(line, " "), "##") {
		return line
	}
	return tightHeading().ReplaceAllString(line, "$1 $2$3")
}

var (
	// tightTitle matches a line at the top of a document that has one mark and no space behind it.
	tightTitle = plain.Pattern(`^(\s*#)([^#\s][^#\n]*\n)`)
	// tightPeer matches another heading without a space.
	tightPeer = plain.Pattern(`(?m)^##+[^#\s]`)
)

// spaceTitle puts the space into a title that has none, where other headings have none: else
// it may be a hashtag.
func spaceTitle(body string) string {
	if m := tightTitle().FindStringSubmatchIndex(body); m != nil && tightPeer().MatchString(body) {
		return body[:m[3]] + " " + body[m[4]:]
	}
	return body
}

// wideMark matches a mark at the beginning of a line with a wide space behind it, or one that
// does not break: those that Chinese and Japanese keyboards and word processors write.
var wideMark = plain.Pattern(`^([ \t]*(?:>[ \t]?)*(?:#{1,6}|[-*+>]|[0-9]{1,9}[.)]))[\x{3000}\x{a0}][ \t\x{3000}\x{a0}]*`)

// plainMarkSpaces puts plain spaces behind the marks of headings, lists and quotations.
func plainMarkSpaces(body string) string {
	if !strings.ContainsAny(body, "\u3000\u00a0") {
		return body
	}
	return RewriteLines(body, func(line string) string {
		if !strings.ContainsAny(line, "\u3000\u00a0") {
			return line
		}
		return wideMark().ReplaceAllString(line, "$1 ")
	})
}

// limitAddresses escapes each "](" after which no address ends that is short
// enough for a link. The Markdown parser would look for the end of each, and take
// minutes over half a megabyte of "[a](".
func limitAddresses(line string) string {
	if len(line) <= digest.MaxLink || !strings.Contains(line, "](") {
		return line
	}
	var out strings.Builder
	bare := nearest{line: line, chars: ") \t\n", at: -1}
	quoted := nearest{line: line, chars: ">", at: -1}
	last := 0
	for at := strings.Index(line, "]("); at >= 0; {
		start := at + len("](")
		end := &bare
		if strings.HasPrefix(line[start:], "<") {
			end = &quoted
		}
		if end.from(start) > start+digest.MaxLink {
			out.WriteString(line[last:at] + `]\(`)
			last = start
		}
		next := strings.Index(line[start:], "](")
		if next < 0 {
			break
		}
		at = start + next
	}
	out.WriteString(line[last:])
	return out.String()
}

// nearest finds the next of some characters in a line, for growing offsets.
type nearest struct {
	line, chars string
	at          int // where the last one found is
}

// from returns the offset of the first of them not before start, or one beyond
// the end of any address.
func (n *nearest) from(start int) int {
	if n.at < start {
		if i := strings.IndexAny(n.line[start:], n.chars); i >= 0 {
			n.at = start + i
		} else {
			n.at = len(n.line) + 2*digest.MaxLink
		}
	}
	return n.at
}

// limitMarks shortens the run of quotation and list marks at the beginning of a
// line.
func limitMarks(line string) string {
	marks := 0
	for i := range len(line) {
		switch line[i] {
		case '>', '-', '*', '+':
			if marks++; marks > maxQuoteMarks {
				return line[:i] + strings.TrimLeft(line[i:], ">-*+ \t")
			}
		case ' ', '\t':
		default:
			return line
		}
	}
	return line
}
