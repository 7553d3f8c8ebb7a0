package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"digestbot/digest"
	"digestbot/digest/document/plain"
)

// wikiLinkParser parses [[page]] and [[page|text]] of wikis and of Obsidian. Where the page is
// only the wiki knows, so the text is shown, without a link unless the page is an address.
// What ![[x]] would insert is left out.
type wikiLinkParser struct{}

var (
	wikiLink = plain.Pattern(`^!?\[\[([^\[\]|\\\n]+)(?:\\?\|([^\[\]|\n]+))?\]\]`)
	// noPage matches what stands in such brackets otherwise: attributes of C++, numbers, and
	// merge tags of mailing programs, which are left out later.
	noPage = plain.Pattern(`^(?:\s.*|.*\s|[\d\s,.-]*|.*::.*|nodiscard|maybe_unused|(?:un)?likely|noreturn|deprecated|fallthrough|no_unique_address|assume.*|(?:UNSUB|PERMALINK|SUBSCR|FIRST|LAST|EMAIL|WEB|VIEW|SHARE)[A-Z0-9_]*|data:.*)$`)
)

// maxWikiLink is how long a link may be, in bytes.
const maxWikiLink = 600

func (wikiLinkParser) Trigger() []byte { return []byte{'[', '!'} }

func (wikiLinkParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, _ := block.PeekLine()
	if !bytes.HasPrefix(line, []byte("[[")) && !bytes.HasPrefix(line, []byte("![[")) {
		return nil
	}
	m := wikiLink().FindSubmatch(line[:min(len(line), maxWikiLink)])
	if m == nil || noPage().Match(m[1]) {
		return nil
	}
	if after := line[len(m[0]):]; len(after) > 0 && (after[0] == '(' || after[0] == '[') {
		return nil
	}
	if _, ok := pc.Reference(util.ToLinkReference(m[1])); ok {
		return nil
	}
	block.Advance(len(m[0]))
	page, shown := string(m[1]), strings.TrimPrefix(string(m[1]), "#")
	if m[2] != nil {
		shown = string(m[2])
	}
	switch {
	case isAddress(shown) && m[2] != nil:
		page, shown = shown, page
	case line[0] == '!' && !isAddress(page):
		notesOf(pc).LeaveOut("pages and files of a wiki", page)
		return ast.NewString(nil)
	}
	if !isAddress(page) {
		return ast.NewString([]byte(shown))
	}
	link := ast.NewLink()
	link.Destination = []byte(page)
	link.AppendChild(link, ast.NewString([]byte(shown)))
	return link
}

func isAddress(text string) bool {
	return digest.IsWebAddress(text) || strings.HasPrefix(text, "mailto:")
}

// bareLinks gives links without text their address as text.
type bareLinks struct{}

func (bareLinks) Transform(tree *ast.Document, reader text.Reader, _ parser.Context) {
	// The function never returns an error.
	_ = ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		link, ok := n.(*ast.Link)
		if !ok || !entering || !isAddress(string(link.Destination)) {
			return ast.WalkContinue, nil
		}
		for c := link.FirstChild(); c != nil; c = c.NextSibling() {
			if t, ok := c.(*ast.Text); !ok || !util.IsBlank(t.Value(reader.Source())) {
				return ast.WalkContinue, nil
			}
		}
		link.AppendChild(link, ast.NewString(link.Destination))
		return ast.WalkContinue, nil
	})
}
