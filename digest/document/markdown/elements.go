package markdown

import (
	"fmt"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// element is an element of HTML that the Markdown parser has no node for.
type element struct {
	ast.BaseInline
	name, class string
}

func newElement(name, class string) *element { return &element{name: name, class: class} }

var kindElement = ast.NewNodeKind("Element")

func (e *element) Kind() ast.NodeKind { return kindElement }

func (e *element) Dump(source []byte, level int) {
	ast.DumpHelper(e, source, level, map[string]string{"name": e.name}, nil)
}

// elementRenderer writes elements.
type elementRenderer struct{}

func (elementRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindElement, renderElement)
}

func renderElement(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	e := n.(*element)
	var err error
	switch {
	case !entering:
		_, err = fmt.Fprintf(w, "</%s>", e.name)
	case e.class != "":
		_, err = fmt.Fprintf(w, "<%s class=%q>", e.name, e.class)
	default:
		_, err = fmt.Fprintf(w, "<%s>", e.name)
	}
	return ast.WalkContinue, err
}
