package document

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"digestbot/digest"
	"digestbot/digest/document/bounds"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
	"digestbot/digest/document/web"

	"github.com/mmcdole/gofeed"
)

// Feed is a feed with its entries, in its order.
type Feed struct {
	Title   string
	Entries []Entry
}

// Entry is one entry of a feed.
type Entry struct {
	// ID is the identity that the feed gives the entry, else its link, else its title.
	// Publishers change it now and then.
	ID         string
	Link       string // http(s) address of its page; empty: none
	Title      string
	Published  time.Time // as the feed says, else when it was updated; zero: unknown
	Categories []string
	// Issue is what [ParseAll] makes of the entry.
	Issue *digest.Issue
	// Text is what the entry says, in reading order, and Summary a shorter text that the
	// feed has beside it; nil: there is none.
	Text, Summary []digest.Block
	// Document is the entry in a feed of its own (JSON Feed).
	Document []byte
	// Err says why the entry cannot be read. Then only what stands above Issue is set.
	Err error
}

// ParseFeed reads a feed like [ParseAll], but an entry that cannot be read does not keep
// it from reading the others, and a feed may have none.
func ParseFeed(name string, document []byte) (*Feed, error) {
	s, err := open(name, document)
	if err == nil && !s.isFeed() {
		err = ErrNotFeed
	}
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", name, err)
	}
	s.reading = &reading{}
	parsed, base, err := s.parseFeed()
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", name, err)
	}
	feed := &Feed{Title: plain.Title(parsed.Title)}
	var issues []*digest.Issue
	var items []*gofeed.Item
	tags := bounds.MaxFeedTags
	for _, item := range parsed.Items {
		entry := entryOf(parsed, item, s.name)
		d := s.entryDraft(base, tags)
		if entry.Issue, entry.Err = d.readEntry(parsed, item); entry.Err == nil {
			tags = d.tags
			entry.Text, entry.Summary = page.Blocks(d.nodes), s.summary(item, d)
			entry.Document = entryDocument(feed.Title, item, entry)
			issues, items = append(issues, entry.Issue), append(items, item)
		} else {
			entry.Err = fmt.Errorf("entry %q: %w", entry.Title, entry.Err)
		}
		feed.Entries = append(feed.Entries, entry)
	}
	separateKeys(issues, items)
	return feed, nil
}

// entryOf returns what a feed says about an entry besides its text.
func entryOf(feed *gofeed.Feed, item *gofeed.Item, name string) Entry {
	e := Entry{Title: plain.Title(stripTags(item.Title)), Categories: item.Categories}
	link := web.Base(item.Link, item.GUID)
	if link == nil {
		link = web.Base(web.Resolve(web.Base(feed.Link, feed.FeedLink, name), item.Link))
	}
	if link != nil {
		e.Link = link.String()
	}
	e.ID = cmp.Or(strings.TrimSpace(item.GUID), e.Link, e.Title)
	for _, at := range []*time.Time{item.PublishedParsed, item.UpdatedParsed} {
		if at != nil && e.Published.IsZero() {
			e.Published = at.UTC()
		}
	}
	return e
}

// summary returns the description of an entry whose text is its content.
func (s *source) summary(item *gofeed.Item, whole *draft) []digest.Block {
	if item.Description == "" || item.Content == "" || entryText(item) != item.Content {
		return nil
	}
	d := s.entryDraft(whole.base, bounds.MaxTags)
	short := *item
	short.Content = ""
	if err := d.readHTML(entryHTML(&short)); err != nil {
		return nil // the text is there
	}
	return page.Blocks(d.nodes)
}

// entryDocument makes a JSON Feed of one entry (jsonfeed.org/version/1.1).
func entryDocument(title string, item *gofeed.Item, e Entry) []byte {
	type entry struct {
		ID         string   `json:"id"`
		Address    string   `json:"url,omitempty"`
		Title      string   `json:"title,omitempty"`
		Text       string   `json:"content_html"`
		Picture    string   `json:"image,omitempty"`
		Published  string   `json:"date_published,omitempty"`
		Categories []string `json:"tags,omitempty"`
	}
	one := entry{ID: e.ID, Address: e.Link, Title: e.Title, Text: entryHTML(item), Picture: entryImage(item), Categories: e.Categories}
	if !e.Published.IsZero() {
		one.Published = e.Published.Format(time.RFC3339)
	}
	text, err := json.Marshal(map[string]any{"version": "https://jsonfeed.org/version/1.1", "title": title, "items": []entry{one}})
	if err != nil {
		return nil // texts have no fault of that kind
	}
	return text
}
