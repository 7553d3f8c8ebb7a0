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

// ParseToShow finds the issues of a document like [Parse]. With explain the batch also
// has what was decided about each of them.
func ParseToShow(d Document, explain bool) (Batch, error) {
	batch, err := Parse(d)
	if err == nil && explain {
		batch.explanations, err = document.Explain(d.Name, d.Data)
	}
	return batch, err
}

// explanation returns what was decided about issue i, if that was asked for.
func (b Batch) explanation(i int) []document.Note {
	if i < len(b.explanations) {
		return b.explanations[i]
	}
	return nil
}

// WriteText writes the messages that readers with that layout get, and after them why
// they are so, if that was asked for. styled is for a terminal.
func (b Batch) WriteText(w io.Writer, layout digest.Layout, styled bool) error {
	for i, issue := range b.Issues {
		if i > 0 {
			fmt.Fprintln(w)
		}
		text := issue.Terminal(layout, styled) + document.ExplanationText(b.explanation(i))
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
	}
	return nil
}

// preview is what WriteJSON writes of an issue.
type preview struct {
	digest.Preview
	Explanation []document.Note `json:"explanation,omitempty"`
}

// WriteJSON writes a digest.Preview as of now, or for a feed an array with one for each
// entry, with explanations if they were asked for.
func (b Batch) WriteJSON(w io.Writer, now time.Time) error {
	previews := make([]preview, len(b.Issues))
	for i, issue := range b.Issues {
		previews[i] = preview{issue.Preview(now), b.explanation(i)}
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
