package site

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"sync"
	"time"

	"digestbot/bot/talk"
	"digestbot/digest/numerals"
	"digestbot/digest/webpage"
	"digestbot/subscribers/archive"
)

const htmlKind = "text/html; charset=utf-8"

//go:embed templates/*.html
var templateFiles embed.FS

// templates are parsed when the first page is made: most bots show none.
var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(templateFiles, "templates/*.html"))
})

//go:embed templates/style.css
var styleSheet []byte

// The style has its hash in its path, so it may be kept for ever.
var (
	stylePath = "style-" + strings.ToLower(strings.Trim(hashOf(styleSheet), "-_")[:8]) + ".css"
	style     = sync.OnceValue(func() *page {
		p := newPage("text/css; charset=utf-8", styleSheet)
		p.forever = true
		return p
	})
)

// frame is what all pages have.
type frame struct {
	Words       words
	Name        string // of the publication
	Title       string // of the page; empty: the publication's
	Description string
	Path        string // of the page
	Base        string // path of the index
	Address     string // of the index
	Style       string // path of the style
	Policy      string
	Picture     string // for those who share the page; empty: none
	Poster      bool   // Picture was drawn here
	Article     bool   // the page is an issue
	Published   string // of an issue, YYYY-MM-DD
	Bot         string // address that subscribes; empty: not known
	HasSearch   bool
	Query       string
	Hidden      bool // search engines are to leave the page out
}

// framed returns the frame of a page.
func (s *Site) framed(w words, path, title string) frame {
	policyOfFile, _, _ := strings.Cut(policy, "; frame-ancestors") // which only a header may have
	return frame{
		Words: w, Name: s.name(), Title: title, Description: w.About, Path: path, Base: s.path, Address: s.address, Style: s.path + stylePath,
		Policy: policyOfFile, Picture: s.at(posterPath), Poster: true, Bot: s.botLink(talk.StartSubscribe), HasSearch: !s.config.Static,
	}
}

// fill returns a page of a template.
func fill(name string, data any) ([]byte, error) {
	var out bytes.Buffer
	if err := templates().ExecuteTemplate(&out, name+".html", data); err != nil {
		return nil, fmt.Errorf("fill in %s: %w", name, err)
	}
	return out.Bytes(), nil
}

func filled(name string, data any) (*page, error) {
	body, err := fill(name, data)
	if err != nil {
		return nil, err
	}
	return newPage(htmlKind, body), nil
}

// listedIssue is an issue in a list.
type listedIssue struct {
	Link, Title, Number, Date, ISODate string
}

func (s *Site) list(ctx context.Context, w words, issues []archive.Issue) (all []listedIssue, err error) {
	for _, issue := range issues {
		path, err := s.pathOf(ctx, issue)
		if err != nil {
			return nil, err
		}
		title := s.titleOf(w, issue)
		all = append(all, listedIssue{
			Link: s.path + path, Title: title, Number: number(w, issue, title), Date: w.Date(issue.Date), ISODate: issue.Date.Format(time.DateOnly),
		})
	}
	return all, nil
}

// number returns the number of an issue unless its title says it.
func number(w words, issue archive.Issue, title string) string {
	if issue.Number == 0 || numerals.HasNumber(title, issue.Number) {
		return ""
	}
	return w.Plain("site.number", talk.Values{"Number": fmt.Sprint(issue.Number)})
}

// perPage is how many issues a page of the index has.
const perPage = 20

func pagePath(n int) string {
	if n == 1 {
		return ""
	}
	return fmt.Sprintf("page/%d/", n)
}

func (s *Site) indexPage(ctx context.Context, n int) (*page, error) {
	issues, total, err := s.config.Archive.Issues(ctx, perPage, (n-1)*perPage)
	if err != nil {
		return nil, err
	}
	if n > 1 && len(issues) == 0 {
		return nil, errNowhere
	}
	w, err := s.ownWords(ctx)
	if err != nil {
		return nil, err
	}
	listed, err := s.list(ctx, w, issues)
	if err != nil {
		return nil, err
	}
	pages := (total + perPage - 1) / perPage
	data := struct {
		frame
		Issues       []listedIssue
		Where        string
		Newer, Older string
		First        bool
	}{frame: s.framed(w, pagePath(n), ""), Issues: listed, First: n == 1}
	if pages > 1 {
		data.Where = w.Plain("site.page", talk.Values{"Page": n, "Pages": pages})
	}
	if n > 1 {
		data.Newer, data.Title = s.path+pagePath(n-1), data.Where
	}
	if n < pages {
		data.Older = s.path + pagePath(n+1)
	}
	return filled("index", data)
}

func (s *Site) allPage(ctx context.Context) (*page, error) {
	issues, err := s.allIssues(ctx)
	if err != nil {
		return nil, err
	}
	w, err := s.ownWords(ctx)
	if err != nil {
		return nil, err
	}
	listed, err := s.list(ctx, w, issues)
	if err != nil {
		return nil, err
	}
	return filled("all", struct {
		frame
		Issues []listedIssue
	}{s.framed(w, allPath, w.All), listed})
}

// issueData is what the page of an issue shows.
type issueData struct {
	frame
	Issue        webpage.Article
	Heading      string
	Number, Date string
	ISODate      string
	OpenIssue    string // address that brings the issue in Telegram
	Contents     bool   // the sections are worth a list
	OriginalHost string
	Newer, Older *listedIssue
}

func (s *Site) issuePage(ctx context.Context, name string) (*page, error) {
	issue, moved, err := s.issue(ctx, name, "")
	if err != nil || moved != nil {
		return moved, err
	}
	content, err := s.config.Archive.Content(ctx, issue)
	if err != nil {
		return nil, err
	}
	article := webpage.Of(content)
	w := s.wordsIn(article.Language)
	data := issueData{
		frame: s.framed(w, issuePath(name), s.titleOf(w, issue)), Issue: article, Heading: s.titleOf(w, issue),
		Date: w.Date(issue.Date), ISODate: issue.Date.Format(time.DateOnly), OpenIssue: s.botLink(talk.StartIssue + name),
		OriginalHost: hostIn(article.Original),
	}
	data.Article, data.Published, data.Description = true, data.ISODate, article.Summary
	data.Number = number(w, issue, data.Heading)
	data.Picture, data.Poster = article.Picture, false
	if article.Picture == "" {
		data.Picture, data.Poster = s.at(issuePath(name)+posterPath), true
	}
	named := 0
	for _, section := range article.Sections {
		if section.Name != "" {
			named++
		}
	}
	data.Contents = named > 1
	if data.Newer, data.Older, err = s.neighbours(ctx, w, issue); err != nil {
		return nil, err
	}
	return filled("issue", data)
}

// neighbours returns the issues after and before one; nil: there is none.
func (s *Site) neighbours(ctx context.Context, w words, issue archive.Issue) (newer, older *listedIssue, err error) {
	after, before, err := s.config.Archive.Beside(ctx, issue)
	if err != nil {
		return nil, nil, err
	}
	for _, side := range []struct {
		issues []archive.Issue
		into   **listedIssue
	}{{after, &newer}, {before, &older}} {
		listed, err := s.list(ctx, w, side.issues)
		if err != nil {
			return nil, nil, err
		}
		if len(listed) > 0 {
			*side.into = &listed[0]
		}
	}
	return newer, older, nil
}

// refusal is a page that says why there is none.
func (s *Site) refusal(ctx context.Context, path string) (*page, error) {
	w, err := s.ownWords(ctx)
	if err != nil {
		return nil, err
	}
	says := map[string]string{
		notFoundPath: w.Plain("site.not_found"),
		readOnlyPath: w.Plain("site.read_only"),
		busyPath:     w.Plain("site.busy"),
	}[path]
	data := struct {
		frame
		Says string
	}{s.framed(w, path, says), says}
	data.Hidden = true
	return filled("refusal", data)
}

// hostIn returns the host of an address; empty: it has none.
func hostIn(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
