package digest

import (
	"strings"
	"time"
)

// Preview is what "preview --json" prints of an issue.
type Preview struct {
	Title    *string          `json:"title"`  // null: unknown
	Number   *int             `json:"number"` // null: none
	Date     *string          `json:"date"`   // YYYY-MM-DD; null: unknown
	Image    *string          `json:"image"`  // null: none
	Intro    string           `json:"intro"`
	Credits  string           `json:"credits"`
	Sections []PreviewSection `json:"sections"`
	Messages []PreviewMessage `json:"messages"`
	Warnings []string         `json:"warnings"`
}

// PreviewSection is a section in a Preview.
type PreviewSection struct {
	Name  string        `json:"name"`
	Key   string        `json:"key"`
	Emoji string        `json:"emoji"`
	Links []string      `json:"links"` // all distinct http(s) targets in it
	Items []PreviewItem `json:"items"`
}

// PreviewItem is an item in a Preview.
type PreviewItem struct {
	Title string   `json:"title"` // of an untitled item the beginning of its text
	Text  string   `json:"text"`  // without the title
	Links []string `json:"links"`
}

// PreviewMessage is a message in a Preview.
type PreviewMessage struct {
	Section *string `json:"section"` // key; null: the cover
	Part    int     `json:"part"`
	Parts   int     `json:"parts"`
	HTML    string  `json:"html"`
	Length  int     `json:"length"` // UTF-16 code units after parsing

	Headlines string `json:"headlines"`       // share of the compact layout; only first parts have one
	Rich      string `json:"rich"`            // HTML of the rich message; only first parts have one, and not all of them
	Share     string `json:"share,omitempty"` // HTML with which it goes on in the message before; "": it begins one
}

// Preview returns all that an editor wants to check: what was understood of the
// document, the messages that readers get, and all warnings at that time, see
// [Issue.Check]. Slices are never nil, so that they are encoded as [].
func (i *Issue) Preview(now time.Time) Preview {
	messages, warnings := i.compose()
	p := Preview{
		Title: optional(i.Title), Image: optional(i.Image),
		Intro: strings.TrimSpace(blocksText(i.Intro)), Credits: strings.TrimSpace(blocksText(i.Credits)),
		Sections: make([]PreviewSection, len(i.Sections)),
		Messages: make([]PreviewMessage, 0, len(messages)),
		Warnings: i.allWarnings(warnings, now),
	}
	if i.Number != 0 {
		p.Number = &i.Number
	}
	if !i.Date.IsZero() {
		p.Date = optional(i.Date.Format("2006-01-02"))
	}
	for n := range i.Sections {
		p.Sections[n] = i.Sections[n].preview()
	}
	for _, m := range messages {
		shown := PreviewMessage{Part: m.Part, Parts: m.Parts, HTML: m.HTML, Length: m.Length, Headlines: m.Headlines, Rich: m.Rich, Share: m.Share}
		if !m.Cover {
			shown.Section = &m.Section
		}
		p.Messages = append(p.Messages, shown)
	}
	return p
}

func (s *Section) preview() PreviewSection {
	p := PreviewSection{Name: s.Name, Key: s.Key, Emoji: s.Emoji, Links: orEmpty(s.Links()), Items: make([]PreviewItem, len(s.Items))}
	for i := range s.Items {
		it := &s.Items[i]
		p.Items[i] = PreviewItem{Title: it.Headline(), Text: it.Text(), Links: orEmpty(it.Links())}
	}
	return p
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
