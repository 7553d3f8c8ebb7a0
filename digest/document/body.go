package document

// readMarkdown reads a text in Markdown, which becomes HTML first.
func (d *draft) readMarkdown(body string) error {
	text, err := toHTML(body)
	if err != nil {
		return err
	}
	d.markdown, d.tags = true, maxElements
	return d.readHTML(text)
}

// readHTML reads a page or a fragment of one.
func (d *draft) readHTML(text string) error {
	p, err := parsePage(text, d.tags)
	if err != nil {
		return err
	}
	d.tags -= p.tags
	if d.meta == nil {
		d.readHead(p.head())
	}
	if d.base == nil {
		d.base = d.address
	}
	d.base = p.base(d.base)
	p.markdown, p.notes = d.markdown, d.notes
	d.nodes, d.relative = p.nodes(d.base)
	return nil
}

// readHead takes from the head of a page what front matters say of other documents.
func (d *draft) readHead(h pageHead) {
	d.meta, d.place = h.meta, inHead
	d.title, d.page = h.title, h.whole
	if d.address == nil {
		d.address = h.address
	}
}
