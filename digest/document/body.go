package document

import (
	"digestbot/digest/document/bounds"
	"digestbot/digest/document/markdown"
	"digestbot/digest/document/page"
)

// readMarkdown reads a text in Markdown, which becomes HTML first.
func (d *draft) readMarkdown(body string) error {
	text, err := markdown.ToHTML(body, d.notes)
	if err != nil {
		return err
	}
	d.markdown, d.tags = true, bounds.MaxElements
	return d.readHTML(text)
}

// readHTML reads a page or a fragment of one.
func (d *draft) readHTML(text string) error {
	p, err := page.Parse(text, d.tags)
	if err != nil {
		return err
	}
	d.tags -= p.Tags
	if d.meta == nil {
		d.readHead(p.Head())
	}
	if d.base == nil {
		d.base = d.address
	}
	d.base = p.Base(d.base)
	p.Markdown, p.Notes = d.markdown, d.notes
	d.nodes, d.relative = p.Nodes(d.base)
	d.above, d.linesAbove = p.Above()
	return nil
}

// readHead takes from the head of a page what front matters say of other documents.
func (d *draft) readHead(h page.Head) {
	d.meta, d.place = h.Meta, inHead
	d.title, d.headTitle, d.teaser = h.Title, h.Whole, h.Teaser
	if d.address == nil {
		d.address = h.Address
	}
}
