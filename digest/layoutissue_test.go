package digest_test

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"digestbot/digest"
)

// layoutIssue makes an issue with a text and an address in every place of every
// block, or nil if no parser would give such a text or address. The bits of
// shape choose the blocks.
func layoutIssue(text, link string, sections, items int, shape uint8) *digest.Issue {
	if text = strings.Join(strings.Fields(text), " "); text == "" || !utf8.ValidString(text) ||
		strings.ContainsFunc(text, unicode.IsControl) || sections*(items+1)*(len(text)+len(link)) > 1<<17 {
		return nil
	}
	u, err := url.Parse(link)
	if err != nil || !digest.IsWeb(u) || len(link) > digest.MaxLink || !utf8.ValidString(link) || strings.ContainsFunc(link, unicode.IsSpace) || strings.ContainsFunc(link, unicode.IsControl) {
		return nil
	}
	spans := []digest.Span{{Text: text, Link: link}, {Text: " " + text, Style: digest.Style(shape)}}
	body := blocksOf(spans, link, shape)
	issue := &digest.Issue{Key: "k", Title: text, Intro: body, Credits: body, Original: link}
	for n := range sections {
		s := digest.Section{Key: fmt.Sprint(n), Name: text, New: n%3 == 0, Outro: body[:min(1, len(body))]}
		for k := range items {
			it := digest.Item{Title: spans, Body: body}
			if k%3 == 1 || len(body) == 0 {
				it = digest.Item{Body: []digest.Block{{Kind: digest.Paragraph, Spans: spans}}}
			}
			if k%5 == 2 && len(body) > 0 {
				it.Lead = []digest.Block{{Kind: digest.Heading, Spans: spans[:1]}}
			}
			s.Items = append(s.Items, it)
		}
		issue.Sections = append(issue.Sections, s)
	}
	return issue
}

// blocksOf returns a block of each kind that the bits of shape choose.
func blocksOf(spans []digest.Span, link string, shape uint8) []digest.Block {
	paragraph := digest.Block{Kind: digest.Paragraph, Spans: spans}
	list := digest.Block{Kind: digest.List, Ordered: shape&1 != 0, Start: 7 * int(shape&1), Entries: [][]digest.Block{{paragraph}, {paragraph, paragraph}}}
	nested := digest.Block{Kind: digest.List, Entries: [][]digest.Block{{paragraph, list}, {list}}}
	all := []digest.Block{
		paragraph,
		{Kind: digest.Quote, Blocks: []digest.Block{paragraph, nested}},
		nested,
		{Kind: digest.Code, Spans: []digest.Span{{Text: spans[0].Text + "\n\n  " + spans[0].Text}}, Language: "go"},
		{Kind: digest.Image, URL: link, Spans: []digest.Span{{Text: spans[0].Text}}},
		{Kind: digest.Image, URL: link, Spans: []digest.Span{{Link: link}}},
		{Kind: digest.Table, Header: true, Rows: [][][]digest.Span{{spans, spans}, {spans}, {nil, spans}}},
		{Kind: digest.Heading, Spans: spans[:1]},
	}
	var out []digest.Block
	for n, b := range all {
		if shape&(1<<n) != 0 {
			out = append(out, b)
		}
	}
	return out
}
