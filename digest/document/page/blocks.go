package page

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"digestbot/digest"
	"digestbot/digest/document/plain"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// addHeading adds a heading. Of the style around it only a link counts: designers make links of
// whole cards.
func (b *builder) addHeading(n *html.Node, s inlineStyle) {
	s = inlineStyle{link: s.link, role: s.role}
	if isSubtitle(n) || isInCaption(n) {
		b.paragraph(n, s)
		return
	}
	b.flush()
	inner := b.inside()
	inner.heading, inner.place = true, attr(n, "id")
	inner.children(n, s)
	inner.flush()
	var spans []digest.Span
	var players []Node // they are not a part of the name
	for _, block := range inner.out {
		if isPlayer(block) {
			players = append(players, block)
			continue
		}
		if block.Kind == digest.Image && len(spans) == 0 && len(inner.out) == 1 {
			spans = append(spans, block.Spans...)
		}
		if block.Kind == digest.Paragraph {
			if len(spans) > 0 {
				spans = append(spans, digest.Span{Text: " "})
			}
			spans = append(spans, digest.OneLine(block.Spans)...)
		}
	}
	level, _ := strconv.Atoi(n.Data[1:])
	switch {
	case isTwoHeadings(inner.out):
		b.addHeadings(inner.out, level)
	case strings.TrimSpace(digest.TextOf(spans)) != "": // an empty heading is a slip of the author
		b.add(Node{Block: digest.Block{Kind: digest.Heading, Spans: digest.WithoutStyle(spans, digest.Bold)}, Level: level})
	}
	b.out = append(b.out, players...)
}

// isTwoHeadings reports whether a heading holds the name of a section and, after an empty
// line, the title of its first item, which is a link: so it gets in editors of mails when
// the style of a heading goes on in the next line.
func isTwoHeadings(inside []Node) bool {
	return len(inside) == 2 && inside[0].Kind == digest.Paragraph && inside[1].Kind == digest.Paragraph && !isPlayer(inside[1]) &&
		!slices.ContainsFunc(inside[0].Spans, func(s digest.Span) bool { return s.Link != "" }) && digest.IsLinkTitle(inside[1].Spans)
}

// addHeadings adds a heading of each node, each one level below that before.
func (b *builder) addHeadings(nodes []Node, level int) {
	for i, n := range nodes {
		b.add(NewHeading(n.Spans, min(level+i, 6)))
	}
}

// isSubtitle reports whether a heading stands below the title of the page, and says so
// by its class, as in Substack. It is no section.
func isSubtitle(n *html.Node) bool {
	isClass := func(class string) bool { return strings.HasPrefix(class, "subtitle") || class == "post-subtitle" }
	if n.DataAtom == atom.H1 || !slices.ContainsFunc(strings.Fields(attr(n, "class")), isClass) {
		return false
	}
	before := n.PrevSibling
	for before != nil && before.Type != html.ElementNode {
		before = before.PrevSibling
	}
	return before != nil && before.DataAtom == atom.H1
}

// isInCaption reports whether a heading is the caption of a picture.
func isInCaption(n *html.Node) bool {
	return n.Parent != nil && n.Parent.DataAtom == atom.Figcaption
}

func (b *builder) quotation(n *html.Node, s inlineStyle) {
	b.flush()
	if b.quote {
		b.children(n, s)
		b.flush()
		return
	}
	inner := b.inside()
	inner.quote = true
	inner.children(n, s)
	inner.flush()
	if blocks := Blocks(inner.out); len(blocks) > 0 {
		b.add(Node{Block: digest.Block{Kind: digest.Quote, Blocks: blocks}})
	}
}

func (b *builder) list(n *html.Node, s inlineStyle) {
	b.flush()
	if b.lists >= maxListDepth {
		b.children(n, s)
		b.flush()
		return
	}
	if isContents(n) {
		b.add(contents(n))
		return
	}
	list := digest.Block{Kind: digest.List, Entries: b.entries(n, s)}
	if len(list.Entries) == 0 {
		return
	}
	if n.DataAtom == atom.Ol {
		list.Ordered, list.Start = true, listStart(n)
	}
	node := Node{Block: list}
	if b.page && b.filesAll(n) {
		node.Roles.Any = Filing
	}
	b.add(node)
}

// listStart returns the number of the first entry of an ordered list. One of a million or
// more is a mistake, and would push the text of the entry out of sight.
func listStart(n *html.Node) int {
	if start, err := strconv.Atoi(attr(n, "start")); err == nil && start >= 0 && start < 1e6 {
		return start
	}
	return 1
}

// entries returns the entries of a list that have something in them.
func (b *builder) entries(n *html.Node, s inlineStyle) (entries [][]digest.Block) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		inner := b.inside()
		inner.lists++
		if c.DataAtom == atom.Li {
			inner.children(c, s)
		} else {
			inner.walk(c, s)
		}
		inner.flush()
		blocks := withoutBullet(Blocks(inner.out))
		switch last := len(entries) - 1; {
		case len(blocks) == 0:
		case c.DataAtom != atom.Li && last >= 0:
			// What stands between entries belongs to the one before it.
			entries[last] = append(entries[last], blocks...)
		default:
			entries = append(entries, blocks)
		}
	}
	return entries
}

// withoutBullet returns the blocks of an entry without the sign that a page draws in front of
// it: lists have bullets of their own.
func withoutBullet(blocks []digest.Block) []digest.Block {
	if len(blocks) == 0 || blocks[0].Kind != digest.Paragraph || !bullet().MatchString(digest.TextOf(blocks[0].Spans)) {
		return blocks
	}
	if blocks[0].Spans = digest.TrimSpans(blocks[0].Spans, "•‣"); len(blocks[0].Spans) == 0 {
		return blocks[1:]
	}
	return blocks
}

// bullet matches a sign that means nothing but the beginning of an entry.
var bullet = plain.Pattern(`^\s*[•‣]`)

// isContents reports whether a list is a table of contents: all its links lead
// to places within the page, and it has at least one for each entry.
func isContents(n *html.Node) bool {
	links, entries := 0, 0
	for c := range n.Descendants() {
		switch c.DataAtom {
		case atom.Li:
			entries++
		case atom.A:
			if !strings.HasPrefix(attr(c, "href"), "#") || len(attr(c, "href")) < 2 || isCitation(c) {
				return false
			}
			links++
		}
	}
	return entries > 1 && links >= entries
}

// contents makes a node of a table of contents.
func contents(n *html.Node) Node {
	node := Node{Block: digest.Block{Kind: Contents}}
	for c := range n.Descendants() {
		if c.DataAtom == atom.A {
			node.Names = append(node.Names, textOf(c))
		}
	}
	return node
}

func (b *builder) code(n *html.Node) {
	b.flush()
	block := digest.Block{Kind: digest.Code}
	for c := range n.Descendants() {
		if c.DataAtom == atom.Code {
			block.Language = codeLanguage(attr(c, "class"))
		}
	}
	text := strings.TrimRightFunc(strings.Trim(cleanCode(textOf(n)), "\n"), unicode.IsSpace)
	if text == "" {
		return
	}
	block.Spans = []digest.Span{{Text: text}}
	b.add(Node{Block: block})
}

func codeLanguage(class string) string {
	for name := range strings.FieldsSeq(class) {
		if language, ok := strings.CutPrefix(name, "language-"); ok && plain.IsWord(language) {
			return language
		}
	}
	return ""
}

func (b *builder) table(n *html.Node, s inlineStyle) {
	rows := tableRows(n)
	if isLayoutTable(n, rows) {
		b.generic(n, s)
		return
	}
	b.flush()
	table := digest.Block{Kind: digest.Table}
	for i, row := range rows {
		var cells [][]digest.Span
		for c := row.FirstChild; c != nil; c = c.NextSibling {
			if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
				cells = append(cells, cellSpans(b.sub(c, s).out))
			}
		}
		if slices.ContainsFunc(cells, func(c []digest.Span) bool { return len(c) > 0 }) {
			table.Rows = append(table.Rows, cells)
			table.Header = table.Header || i == 0 && isHeader(row)
		}
	}
	if len(table.Rows) > 0 {
		b.add(Node{Block: table})
	}
}

func isHeader(row *html.Node) bool {
	for c := row.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Td {
			return false
		}
	}
	return true
}

func tableRows(table *html.Node) []*html.Node {
	var rows []*html.Node
	for n := range table.Descendants() {
		if n.DataAtom == atom.Tr {
			rows = append(rows, n)
		}
	}
	return rows
}

// cellSpans returns the blocks of a table cell in one line.
func cellSpans(nodes []Node) []digest.Span {
	var spans []digest.Span
	for _, n := range nodes {
		var part []digest.Span
		switch n.Kind {
		case digest.Paragraph, digest.Heading, digest.Code:
			part = n.Spans
		case digest.Image:
			part = digest.PictureSpans(n.Block)
		}
		if len(part) > 0 && len(spans) > 0 {
			spans = append(spans, digest.Span{Text: " "})
		}
		spans = append(spans, part...)
	}
	return digest.OneLine(spans)
}

// term shows in bold what is explained below, unless that only says that it opens.
func (b *builder) term(n *html.Node, s inlineStyle) {
	b.flush()
	if n.DataAtom == atom.Summary && invitesToOpen(n) {
		return
	}
	b.children(n, s.with(digest.Bold))
	b.flush()
}

// invitesToOpen reports whether the summary of a fold only says that it opens. In a
// message what it folds is there already.
func invitesToOpen(summary *html.Node) bool {
	text := strings.TrimFunc(textOf(summary), func(r rune) bool { return !unicode.IsLetter(r) })
	return openTexts[plain.FoldLine(text)]
}

var openTexts = plain.NewWords("click to expand|click to expand/collapse|click here to expand|click to open|click to show|click to show more|click to view|click to see|click to see more|click to reveal|click me|expand|expand/collapse|expand me|expand all|collapse|unfold|open|show|show more|show all|show details|see more|see all|see details|view more|view all|view details|read more|more|details|toggle|" +
	"aufklappen|ausklappen|zum aufklappen klicken|klicken zum aufklappen|mehr anzeigen|anzeigen|einblenden|mehr lesen|mehr|cliquez pour dérouler|cliquer pour dérouler|cliquez pour afficher|cliquer pour afficher|dérouler|déplier|afficher|afficher plus|voir plus|lire la suite|détails|haz clic para ampliar|haz clic para expandir|clic para expandir|desplegar|mostrar|mostrar más|ver más|leer más|detalles|clique para expandir|clique para ver|clique para abrir|expandir|mostrar mais|ver mais|leia mais|detalhes|clicca per espandere|espandi|mostra|mostra altro|leggi di più|dettagli|klik om uit te klappen|uitklappen|toon meer|lees meer|rozwiń|kliknij, aby rozwinąć|pokaż|pokaż więcej|szczegóły|rozbalit|zobrazit|zobrazit více|genişletmek için tıklayın|daha fazla|göster|ayrıntılar|xem thêm|bấm để mở rộng|selengkapnya|klik untuk membuka|" +
	"развернуть|раскрыть|показать|показать всё|показать еще|показать ещё|нажмите, чтобы развернуть|нажмите, чтобы раскрыть|подробнее|подробности|спойлер|читать далее|розгорнути|показати|натисніть, щоб розгорнути|детальніше|点击展开|点击展开全文|点击展开/折叠|点我展开|点击查看|点击查看详情|点击打开|展开|展开全文|展开查看|展开/折叠|查看更多|查看详情|详情|更多|點擊展開|點我展開|點擊查看|展開|展開全文|詳情|クリックして展開|クリックで展開|クリックで表示|クリックして表示|開く|展開する|もっと見る|続きを読む|詳細|펼치기|접기/펼치기|펼쳐보기|클릭하여 펼치기|더보기|더 보기|자세히 보기|자세히")
