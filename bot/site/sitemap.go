package site

import (
	"context"
	"encoding/xml"
	"fmt"
	"time"

	"digestbot/subscribers/archive"
)

// maxAddresses is how many addresses a sitemap may have (sitemaps.org/protocol.html).
const maxAddresses = 50_000

type sitemapSet struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	Pages   []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Location string `xml:"loc"`
	Changed  string `xml:"lastmod,omitempty"`
}

// sitemap lists the index and the issues, for search engines.
func (s *Site) sitemap(ctx context.Context) (*page, error) {
	issues, err := s.allIssues(ctx)
	if err != nil {
		return nil, err
	}
	set := sitemapSet{Pages: []sitemapURL{{Location: s.address}, {Location: s.at(allPath)}}}
	for _, issue := range issues[:min(len(issues), maxAddresses-len(set.Pages))] {
		one, err := s.sitemapURL(ctx, issue)
		if err != nil {
			return nil, err
		}
		set.Pages = append(set.Pages, one)
	}
	body, err := xml.MarshalIndent(set, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write the sitemap: %w", err)
	}
	return newPage("application/xml; charset=utf-8", append([]byte(xml.Header), body...)), nil
}

func (s *Site) sitemapURL(ctx context.Context, issue archive.Issue) (sitemapURL, error) {
	path, err := s.pathOf(ctx, issue)
	if err != nil {
		return sitemapURL{}, err
	}
	updated, err := s.updated(ctx, issue)
	return sitemapURL{s.at(path), updated.Format(time.DateOnly)}, err
}

// robots lets search engines in, but for searches: there is no end of those.
func (s *Site) robots(context.Context) (*page, error) {
	text := "User-agent: *\n"
	if !s.config.Static {
		text += "Disallow: " + s.path + searchPath + "\n"
	}
	text += "Allow: " + s.path + "\nSitemap: " + s.at(sitemapPath) + "\n"
	return newPage("text/plain; charset=utf-8", []byte(text)), nil
}
