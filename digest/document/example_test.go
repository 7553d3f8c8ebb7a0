package document_test

import (
	"errors"
	"fmt"
	"time"

	"digestbot/digest/document"
)

// weekly is the document of the first example.
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

func ExampleParse() {
	issue, err := document.Parse("12.md", []byte(weekly))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(issue.Number, issue.Title, issue.Date.Format(time.DateOnly))
	for _, s := range issue.Sections {
		for _, item := range s.Items {
			fmt.Printf("%s: %s %s\n", s.Key, item.Headline(), item.Links())
		}
	}
	// Output:
	// 12 Harbor Weekly 12 2026-11-27
	// news: A new lamp [https://example.org/lamp]
	// news: Ferry at night [https://example.org/ferry]
	// tools: Knots [https://example.org/knots]
	// tools: Ropes []
}

// A feed has an issue in each entry.
func ExampleParseAll() {
	const feed = `<rss version="2.0"><channel><title>Harbor Weekly</title>
<item><title>Harbor Weekly 13</title><description>&lt;h2&gt;News&lt;/h2&gt;&lt;p&gt;Fog.&lt;/p&gt;</description></item>
<item><title>Harbor Weekly 12</title><description>&lt;h2&gt;News&lt;/h2&gt;&lt;p&gt;A lamp.&lt;/p&gt;</description></item>
</channel></rss>`
	issues, err := document.ParseAll("feed.xml", []byte(feed))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, issue := range issues {
		fmt.Println(issue.Key, issue.Title, issue.Sections[0].Items[0].Headline())
	}
	// Output:
	// 13 Harbor Weekly 13 Fog.
	// 12 Harbor Weekly 12 A lamp.
}

// An error tells what is wrong and what helps.
func ExampleParse_empty() {
	_, err := document.Parse("13.md", []byte("\n"))
	fmt.Println(errors.Is(err, document.ErrEmpty), err)
	// Output: true parse 13.md: document is empty: check that it was saved or downloaded completely
}
