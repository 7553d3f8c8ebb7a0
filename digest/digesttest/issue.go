package digesttest

import (
	"fmt"
	"strings"
	"time"

	"digestbot/digest"
)

// Issue makes an issue with the given sections, one item each.
func Issue(number int, sections ...string) *digest.Issue {
	issue := &digest.Issue{
		Key:    fmt.Sprint(number),
		Number: number,
		Title:  fmt.Sprintf("Weekly %d", number),
		Date:   time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 7*number),
	}
	for _, name := range sections {
		issue.Sections = append(issue.Sections, digest.Section{
			Key:  strings.ToLower(name),
			Name: name,
			Items: []digest.Item{{
				Title: []digest.Span{{Text: "About " + name}},
				Body:  []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: "Text."}}}},
			}},
		})
	}
	return issue
}
