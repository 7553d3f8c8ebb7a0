package site

import (
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/digest/webpage"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/database"
)

const (
	atomKind = "application/atom+xml; charset=utf-8"
	// perFeed is how many issues a feed has. Each is there with all its text.
	perFeed = 10
)

// The elements of a feed, RFC 4287.
type (
	atomFeed struct {
		XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Language string      `xml:"xml:lang,attr,omitempty"`
		ID       string      `xml:"id"`
		Title    string      `xml:"title"`
		Subtitle string      `xml:"subtitle,omitempty"`
		Updated  string      `xml:"updated"`
		Links    []atomLink  `xml:"link"`
		Author   atomAuthor  `xml:"author"`
		Entries  []atomEntry `xml:"entry"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Kind string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomAuthor struct {
		Name string `xml:"name"`
	}
	atomEntry struct {
		Language  string     `xml:"xml:lang,attr,omitempty"`
		ID        string     `xml:"id"`
		Title     string     `xml:"title"`
		Published string     `xml:"published"`
		Updated   string     `xml:"updated"`
		Links     []atomLink `xml:"link"`
		Summary   string     `xml:"summary,omitempty"`
		Content   atomText   `xml:"content"`
	}
	atomText struct {
		Kind string `xml:"type,attr"`
		Text string `xml:",chardata"`
	}
)

// feed is the feed of all sections.
func (s *Site) feed(ctx context.Context) (*page, error) {
	issues, _, err := s.config.Archive.Issues(ctx, perFeed, 0)
	if err != nil {
		return nil, err
	}
	w, err := s.ownWords(ctx)
	if err != nil {
		return nil, err
	}
	feed := s.emptyFeed(feedPath, s.name())
	feed.Language, feed.Subtitle = w.Language, w.About
	return s.fillFeed(ctx, w, feed, issues, 0)
}

// sectionFeed is the feed of the section with that id.
func (s *Site) sectionFeed(ctx context.Context, id string) (*page, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != id {
		return nil, errNowhere
	}
	switch merged, err := s.config.Archive.Merged(ctx, n); {
	case err != nil:
		return nil, err
	case merged != n:
		return &page{moved: sectionPath(merged)}, nil
	}
	sections, err := s.config.Archive.ListedSections(ctx)
	if err != nil {
		return nil, err
	}
	for _, section := range sections {
		if section.ID != n {
			continue
		}
		issues, err := s.config.Archive.IssuesWith(ctx, n, perFeed)
		if err != nil {
			return nil, err
		}
		w, err := s.ownWords(ctx)
		if err != nil {
			return nil, err
		}
		feed := s.emptyFeed(sectionPath(n), s.feedName(section))
		feed.Language = w.Language
		return s.fillFeed(ctx, w, feed, issues, n)
	}
	return nil, errNowhere
}

func sectionPath(id int64) string { return fmt.Sprintf("sections/%d/%s", id, feedPath) }

func (s *Site) feedName(section archive.CountedSection) string {
	return webpage.OneLine(s.name() + ": " + sectionName(section))
}

func sectionName(section archive.CountedSection) string {
	return webpage.OneLine(section.Emoji + " " + section.Name)
}

func (s *Site) emptyFeed(path, title string) *atomFeed {
	return &atomFeed{
		ID: s.at(path), Title: title, Author: atomAuthor{s.name()},
		Links: []atomLink{{"self", "application/atom+xml", s.at(path)}, {"alternate", "text/html", s.address}},
	}
}

// fillFeed puts issues into a feed, or of each only the section with an id.
func (s *Site) fillFeed(ctx context.Context, w words, feed *atomFeed, issues []archive.Issue, section int64) (*page, error) {
	latest := time.Unix(0, 0).UTC()
	for _, issue := range issues {
		entry, updated, err := s.entry(ctx, w, issue, section)
		if errors.Is(err, database.ErrNotFound) {
			continue // it was corrected at this moment
		}
		if err != nil {
			return nil, err
		}
		if updated.After(latest) {
			latest = updated
		}
		feed.Entries = append(feed.Entries, entry)
	}
	feed.Updated = latest.Format(time.RFC3339)
	body, err := xml.Marshal(feed)
	if err != nil {
		return nil, fmt.Errorf("write feed %s: %w", feed.ID, err)
	}
	return newPage(atomKind, append([]byte(xml.Header), body...)), nil
}

func (s *Site) entry(ctx context.Context, w words, issue archive.Issue, section int64) (entry atomEntry, updated time.Time, err error) {
	content, err := s.config.Archive.Content(ctx, issue)
	if err != nil {
		return entry, updated, err
	}
	if updated, err = s.updated(ctx, issue); err != nil {
		return entry, updated, err
	}
	path, err := s.pathOf(ctx, issue)
	if err != nil {
		return entry, updated, err
	}
	article := webpage.Of(content)
	entry = atomEntry{
		Language: article.Language, ID: s.identity(issue, section), Title: s.titleOf(w, issue),
		Published: issue.Date.Format(time.RFC3339), Updated: updated.Format(time.RFC3339),
		Links: []atomLink{{"alternate", "text/html", s.at(path)}},
	}
	if section == 0 {
		entry.Summary, entry.Content = article.Summary, atomText{"html", issueHTML(article)}
		return entry, updated, nil
	}
	positions, err := s.config.Archive.PositionsOf(ctx, issue, section)
	if err != nil {
		return entry, updated, err
	}
	text, anchor := sectionHTML(article, positions)
	if anchor == "" {
		return entry, updated, database.ErrNotFound
	}
	entry.Links[0].Href += "#" + url.PathEscape(anchor)
	entry.Content = atomText{"html", text}
	return entry, updated, nil
}

// identity names an entry for ever, by the address of the archive and what does not change
// (RFC 4151).
func (s *Site) identity(issue archive.Issue, section int64) string {
	id := fmt.Sprintf("tag:%s,2026:%sissue/%d", s.config.Address.Hostname(), strings.TrimPrefix(s.path, "/"), issue.ID)
	if section != 0 {
		id += fmt.Sprintf("/section/%d", section)
	}
	return id
}

// issueHTML is an issue as the content of an entry.
func issueHTML(a webpage.Article) string {
	var out strings.Builder
	if a.Picture != "" {
		fmt.Fprintf(&out, `<p><img src="%s" alt=""></p>`, template.HTMLEscapeString(a.Picture))
	}
	out.WriteString(string(a.Intro))
	for _, section := range a.Sections {
		if section.Name != "" {
			out.WriteString("<h2>" + string(section.Heading) + "</h2>")
		}
		out.WriteString(string(section.Body))
	}
	out.WriteString(string(a.Credits))
	return directed(a, out.String())
}

// sectionHTML is what stands at some positions of an issue, and the anchor of the first.
func sectionHTML(a webpage.Article, positions []int) (text, anchor string) {
	var out strings.Builder
	for _, section := range a.Sections {
		if slices.Contains(positions, section.Position) {
			anchor = cmp.Or(anchor, section.Anchor)
			out.WriteString(string(section.Body))
		}
	}
	return directed(a, out.String()), anchor
}

func directed(a webpage.Article, text string) string {
	if a.RightToLeft {
		return `<div dir="rtl">` + text + "</div>"
	}
	return text
}

// feedsPage names all feeds.
func (s *Site) feedsPage(ctx context.Context) (*page, error) {
	sections, err := s.config.Archive.ListedSections(ctx)
	if err != nil {
		return nil, err
	}
	w, err := s.ownWords(ctx)
	if err != nil {
		return nil, err
	}
	type namedFeed struct {
		Name, Address, Issues string
	}
	data := struct {
		frame
		Feeds []namedFeed
	}{frame: s.framed(w, feedsPath, w.Feeds)}
	data.Feeds = append(data.Feeds, namedFeed{Name: w.FeedAll, Address: s.at(feedPath)})
	for _, section := range sections {
		if digest.HasWords(section.Name) {
			data.Feeds = append(data.Feeds, namedFeed{
				Name: sectionName(section), Address: s.at(sectionPath(section.ID)), Issues: w.Plain("site.issues", talk.Values{"Count": section.Issues}),
			})
		}
	}
	return filled("feeds", data)
}
