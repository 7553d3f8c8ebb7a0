package outline

import (
	"slices"

	"digestbot/digest"
)

// TakeTitleLine takes out of the items of a document without headings the first one
// if it is no item, but the name of the whole: nothing stands under it, and it is no
// link, while most of the others have a text.
func (p *Parts) TakeTitleLine() []digest.Block {
	if len(p.Items) < minTitled {
		return nil
	}
	first := p.Items[0]
	if len(first.Title) == 0 || len(first.Lead) > 0 || hasText(first.Body) || slices.ContainsFunc(first.Title, func(s digest.Span) bool { return s.Link != "" }) {
		return nil
	}
	texts := 0
	for _, item := range p.Items[1:] {
		if hasText(item.Body) {
			texts++
		}
	}
	if texts*4 < (len(p.Items)-1)*3 {
		return nil
	}
	p.Items = p.Items[1:]
	return append([]digest.Block{{Kind: digest.Heading, Spans: first.Title}}, first.Body...)
}

// GiveLabel gives the line above the first item to it if both this line and one above a later
// item end with a colon: they name groups of one list.
func (p *Parts) GiveLabel() {
	last := len(p.Intro) - 1
	if last < 0 || len(p.Items) < 2 || !isLabelLine(p.Intro[last]) || !slices.ContainsFunc(p.Items[1:], hasLabel) {
		return
	}
	p.Items[0].Lead = append([]digest.Block{p.Intro[last]}, p.Items[0].Lead...)
	p.Intro = p.Intro[:last]
}

func hasLabel(item digest.Item) bool {
	return len(item.Lead) > 0 && isLabelLine(item.Lead[len(item.Lead)-1])
}

func isLabelLine(b digest.Block) bool { return b.Kind == digest.Paragraph && endsInColon(b.Spans) }

func hasText(blocks []digest.Block) bool {
	return slices.ContainsFunc(blocks, func(b digest.Block) bool { return b.Kind != digest.Image })
}

// minTitled is how many items there must be, with the first one, to tell.
const minTitled = 4
