package digest_test

import (
	"fmt"

	"digestbot/digest"
	"digestbot/digest/document"
)

// weekly is the document of the examples.
const weekly = `---
title: Harbor Weekly 12
date: 2026-11-27
---
Good morning!

## 1. News

- [A new lamp](https://example.org/lamp): the lighthouse shines again.
- [Ferry at night](https://example.org/ferry)

## 2. Tools

- [Knots](https://example.org/knots)
- Ropes
`

// The layout sections: a cover, and a message for each section.
func ExampleIssue_Messages() {
	issue, err := document.Parse("12.md", []byte(weekly))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range issue.Messages() {
		fmt.Printf("%q, part %d of %d:\n%s\n", m.Section, m.Part, m.Parts, m.HTML)
	}
	// Output:
	// "", part 1 of 1:
	// <b>Harbor Weekly 12</b>
	// 27 November 2026
	//
	// Good morning!
	//
	// • News (2)
	// • Tools (2)
	// "news", part 1 of 1:
	// <b>News</b> · № 12
	//
	// • <a href="https://example.org/lamp">A new lamp</a>: the lighthouse shines again.
	// • <a href="https://example.org/ferry">Ferry at night</a>
	// "tools", part 1 of 1:
	// <b>Tools</b> · № 12
	//
	// • <a href="https://example.org/knots">Knots</a>
	// • Ropes
}

// The layout compact: one message, here for a reader who has muted the tools.
func ExampleCompact() {
	issue, err := document.Parse("12.md", []byte(weekly))
	if err != nil {
		fmt.Println(err)
		return
	}
	var headlines []string
	for _, m := range issue.Messages() {
		if m.Section != "tools" {
			headlines = append(headlines, m.Headlines)
		}
	}
	fmt.Println(digest.Compact(headlines))
	// Output:
	// <b>Harbor Weekly 12</b>
	// 27 November 2026
	//
	// Good morning!
	//
	// <b>News</b>
	// • <a href="https://example.org/lamp">A new lamp</a>
	// • <a href="https://example.org/ferry">Ferry at night</a>
}

func ExampleIssue_Terminal() {
	issue, err := document.Parse("12.md", []byte(weekly))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(issue.Terminal(digest.LayoutCompact, false))
	// Output:
	// ──── headlines · 107 of 4096 characters ────
	//
	// Harbor Weekly 12
	// 27 November 2026
	//
	// Good morning!
	//
	// News
	// • A new lamp (https://example.org/lamp)
	// • Ferry at night (https://example.org/ferry)
	//
	// Tools
	// • Knots (https://example.org/knots)
	// • Ropes
}
