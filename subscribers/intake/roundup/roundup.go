// Package roundup makes one issue of many entries of a feed: a section for each category,
// an item for each entry, with its link and the beginning of its text.
//
// [Make] is a pure function. Every entry is in the issue, so that none is lost; the more
// there are, the less of each is shown.
package roundup

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"digestbot/digest"
	"digestbot/subscribers/intake/sourceline"
)

// Entry is an entry of a feed, as it is kept until its issue is made.
type Entry struct {
	Title      string         `json:"title,omitempty"`
	Link       string         `json:"link,omitempty"` // empty: none
	Categories []string       `json:"categories,omitempty"`
	Text       []digest.Block `json:"text,omitempty"` // see Shorten
}

// Plan says what the issue is to be like.
type Plan struct {
	Key      string
	Number   int
	Title    string // before the dates
	From, To time.Time
	ByTopic  bool                 // categories become sections
	Sections []sourceline.Section // nil: each category its own
}

// Make makes an issue of entries, which are given in their order. There is one at least.
func Make(p Plan, entries []Entry) *digest.Issue {
	issue := &digest.Issue{Key: p.Key, Number: p.Number, Title: p.Title, Date: dateOf(p.To)}
	columns := columnsEach(len(entries))
	if p.ByTopic {
		issue.Sections = p.divide(issue, entries, columns)
	} else {
		issue.Sections = []digest.Section{{Items: items(entries, columns)}}
	}
	period := issue.Period(dateOf(p.From), issue.Date)
	if issue.Title != "" {
		period = " · " + period
	}
	issue.Title += period
	return issue
}

// dateOf returns the date of a time as midnight UTC.
func dateOf(at time.Time) time.Time {
	year, month, day := at.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// The texts of all entries take about six messages, and none more than a long paragraph.
const (
	columnsAll  = 20_000
	maxColumns  = 500
	leastColumn = 60 // less says nothing
)

// columnsEach returns how many columns of text each of n entries may show; 0: none.
func columnsEach(n int) int {
	columns := min(columnsAll/n, maxColumns)
	if columns < leastColumn {
		return 0
	}
	return columns
}

// maxSections bounds the sections that categories make: a reader switches them one by one.
const maxSections = 12

// divide puts entries into sections: those of the plan in its order, or else the categories
// with the most entries first. What fits into none comes last.
func (p Plan) divide(issue *digest.Issue, entries []Entry, columns int) []digest.Section {
	names, of := p.topics(entries)
	groups := map[string][]Entry{}
	for i, entry := range entries {
		groups[of[i]] = append(groups[of[i]], entry)
	}
	var sections []digest.Section
	for _, name := range names {
		if in := groups[name]; len(in) > 0 {
			sections = append(sections, section(name, items(in, columns)))
		}
	}
	if rest := groups[""]; len(rest) > 0 {
		issue.Sections = sections // they tell the language
		name := issue.Rest()
		if len(sections) == 0 {
			return []digest.Section{{Items: items(rest, columns)}}
		}
		if at := slices.IndexFunc(sections, func(s digest.Section) bool { return s.Key == digest.SectionKey(name) }); at >= 0 {
			sections[at].Items = append(sections[at].Items, items(rest, columns)...)
			return sections
		}
		sections = append(sections, section(name, items(rest, columns)))
	}
	return sections
}

func section(name string, items []digest.Item) digest.Section {
	name, emoji := digest.SplitEmoji(name)
	return digest.Section{Key: digest.SectionKey(name), Name: name, Emoji: emoji, Items: items}
}

// topics returns the names of the sections in their order, and for each entry the one that
// it goes to; "": to none.
func (p Plan) topics(entries []Entry) (names, of []string) {
	of = make([]string, len(entries))
	if p.Sections != nil {
		for _, s := range p.Sections {
			names = append(names, s.Name)
		}
		for i, entry := range entries {
			of[i] = p.mapped(entry)
		}
		return names, of
	}
	called, count := map[string]string{}, map[string]int{} // by key
	for i, entry := range entries {
		of[i] = firstTopic(entry)
		key := digest.SectionKey(of[i])
		if called[key] == "" {
			called[key] = of[i]
		}
		of[i] = called[key]
		count[of[i]]++
	}
	for name := range count {
		if name != "" {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	names = names[:min(len(names), maxSections)]
	for i := range of {
		if !slices.Contains(names, of[i]) {
			of[i] = ""
		}
	}
	return names, of
}

// mapped returns the section of the plan to which the first category leads that is in it.
func (p Plan) mapped(entry Entry) string {
	for _, category := range entry.Categories {
		key := digest.SectionKey(category)
		for _, s := range p.Sections {
			if slices.Contains(s.Categories, key) {
				return s.Name
			}
		}
	}
	return ""
}

// maxTopic is the longest category that becomes a section, in columns: longer ones are
// sentences.
const maxTopic = 40

func firstTopic(entry Entry) string {
	for _, category := range entry.Categories {
		category = strings.Join(strings.Fields(category), " ")
		if digest.SectionKey(category) != "" && digest.Width(category) <= maxTopic {
			return category
		}
	}
	return ""
}

func items(entries []Entry, columns int) (all []digest.Item) {
	for _, entry := range entries {
		all = append(all, entry.item(columns))
	}
	return all
}

// item shows an entry. One without a title ends with its address.
func (e Entry) item(columns int) digest.Item {
	item := digest.Item{Body: Shorten(e.Text, columns)}
	switch {
	case e.Title != "":
		item.Title = []digest.Span{{Text: e.Title, Link: e.Link}}
	case len(item.Body) == 0 && len(e.Text) > 0:
		item.Title = linked(digest.Excerpt(firstSpans(e.Text), leastColumn), e.Link)
	case e.Link != "":
		_, address, _ := strings.Cut(e.Link, "://")
		item.Body = append(item.Body, digest.Block{Kind: digest.Paragraph, Spans: []digest.Span{{Text: digest.ShortenCharacters(address, leastColumn), Link: e.Link}}})
	}
	if len(item.Title)+len(item.Body) == 0 {
		item.Title = []digest.Span{{Text: "…", Link: e.Link}}
	}
	return item
}

func linked(spans []digest.Span, link string) []digest.Span {
	return []digest.Span{{Text: digest.TextOf(spans), Link: link}}
}

// firstSpans returns the text of the first block that has any.
func firstSpans(blocks []digest.Block) []digest.Span {
	for _, b := range blocks {
		if len(b.Spans) > 0 && b.Kind != digest.Image {
			return b.Spans
		}
	}
	return []digest.Span{{Text: "…"}}
}

// Key returns the key of the issue with a number, of a source that people call so.
func Key(called string, number int) string {
	return digest.SectionKey(called) + "-" + strconv.Itoa(number)
}
