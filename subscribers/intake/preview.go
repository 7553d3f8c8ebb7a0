package intake

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"digestbot/digest"
	"digestbot/digest/document"
	"digestbot/subscribers/archive"
)

// WriteText writes the messages that readers with that layout get.
// styled is for a terminal.
func (b Batch) WriteText(w io.Writer, layout digest.Layout, styled bool) error {
	for i, issue := range b.Issues {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if _, err := io.WriteString(w, issue.Terminal(layout, styled)); err != nil {
			return err
		}
	}
	return nil
}

// WriteJSON writes a digest.Preview as of now, or for a feed an array with one for each
// entry.
func (b Batch) WriteJSON(w io.Writer, now time.Time) error {
	previews := make([]digest.Preview, len(b.Issues))
	for i, issue := range b.Issues {
		previews[i] = issue.Preview(now)
		previews[i].Warnings = append(previews[i].Warnings, datelessness(issue)...)
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if document.IsFeed(b.Document.Data) {
		return encoder.Encode(previews)
	}
	return encoder.Encode(previews[0])
}

// Warnings returns what an editor should look at now, before the issues are sent.
func (b Batch) Warnings(now time.Time) (all []string) {
	for _, issue := range b.Issues {
		all = append(all, issue.Check(now)...)
		all = append(all, datelessness(issue)...)
	}
	return all
}

// datelessness warns of an issue without a date.
func datelessness(issue *digest.Issue) []string {
	if !issue.Date.IsZero() {
		return nil
	}
	return []string{undated(archive.DateOf(issue))}
}
