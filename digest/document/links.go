package document

import (
	"fmt"
	"net/url"
	"strings"

	"digestbot/digest"
	"digestbot/digest/document/bounds"
	"digestbot/digest/document/page"
	"digestbot/digest/document/plain"
	"digestbot/digest/document/web"

	"github.com/PuerkitoBio/goquery"
)

// Link is a link of a page.
type Link struct {
	Address string // absolute, http or https, without a place within the page
	Text    string // the words on it; may be empty
}

// Links returns the links of a page of HTML in its order, each address once. A CSS selector
// says which: those that it matches, and of other elements the first link within, else the
// one around. Links to the page itself are none. Errors are those of [Parse], and ErrNoLinks.
func Links(name string, document []byte, selector string) ([]Link, error) {
	links, err := linksOf(name, document, selector)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", name, err)
	}
	return links, nil
}

func linksOf(name string, document []byte, selector string) ([]Link, error) {
	s, err := open(name, document)
	if err != nil {
		return nil, err
	}
	if s.isFeed() {
		return nil, fmt.Errorf("%w: this is a feed, whose entries need no selector", ErrNoLinks)
	}
	p, err := page.Parse(s.text, bounds.MaxTags)
	if err != nil {
		return nil, err
	}
	own := web.Base(name)
	base := p.Base(own)
	var all []Link
	seen := map[string]bool{"": true}
	if own != nil {
		seen[withoutPlace(own)] = true
	}
	p.Find(selector).Each(func(_ int, matched *goquery.Selection) {
		a := linkOf(matched)
		if address := addressIn(a, base); !seen[address] {
			seen[address] = true
			all = append(all, Link{Address: address, Text: plain.Title(a.Text())})
		}
	})
	if len(all) == 0 {
		return nil, fmt.Errorf("%w: %q matches none; look at the page's HTML, and at what it has before scripts run", ErrNoLinks, selector)
	}
	return all, nil
}

// feedLinks matches what the head of a page says of feeds of the site.
const feedLinks = `link[rel~="alternate"][type="application/rss+xml"], link[rel~="alternate"][type="application/atom+xml"], link[rel~="alternate"][type="application/feed+json"]`

// FeedNamed returns the address of the first feed that a page of HTML names; empty: none.
func FeedNamed(name string, document []byte) string {
	s, err := open(name, document)
	if err != nil {
		return ""
	}
	p, err := page.Parse(s.text, bounds.MaxTags)
	if err != nil {
		return ""
	}
	return addressIn(p.Find(feedLinks).First(), p.Base(web.Base(name)))
}

// linkOf returns the link that a matched element stands for.
func linkOf(matched *goquery.Selection) *goquery.Selection {
	if matched.Is("a[href]") {
		return matched
	}
	if within := matched.Find("a[href]").First(); within.Length() > 0 {
		return within
	}
	return matched.Closest("a[href]")
}

// addressIn returns the address to which a link leads, "" if it is none that can be fetched.
func addressIn(a *goquery.Selection, base *url.URL) string {
	u, err := url.Parse(web.Resolve(base, a.AttrOr("href", "")))
	if err != nil || !digest.IsWeb(u) {
		return ""
	}
	return withoutPlace(u)
}

// withoutPlace returns an address without a place within the page.
func withoutPlace(u *url.URL) string {
	whole, _, _ := strings.Cut(u.String(), "#")
	return whole
}
