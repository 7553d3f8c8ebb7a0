// Package site is the public archive: each issue that readers are shown as a page of the
// web, with an index, a search, Atom feeds and a sitemap. It shows what the archive has and
// nothing else: it cannot even ask for subscribers.
//
//	s, err := site.New(site.Config{Archive: store.Archive, Address: address})
//	http.Handle("/", s)          // answers requests
//	report, err := s.WriteTo(ctx, dir) // or writes the same as files
//
// Every request looks whether anything of the archive has changed, which costs one look at
// an index of the database. So a page that was taken back is gone with the next request, and
// the pages in memory are as good as fresh ones.
package site

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	"digestbot/bot/talk"
	"digestbot/subscribers/archive"
)

// Config says of what a Site is made. Archive and Address are required.
type Config struct {
	Archive  *archive.Archive
	Address  *url.URL // of the index, as ParseAddress returns it
	Language string   // BCP 47 tag of the words around issues in a language without texts; empty: English
	Static   bool     // the pages are files: there is no search
	Log      *slog.Logger
}

// Site is the public archive. It is an [http.Handler], and safe for concurrent use.
type Site struct {
	config  Config
	catalog *talk.Catalog
	address string // of the index, with a slash at the end
	path    string // of address
	host    string // of address, as hostOf returns it

	searching chan struct{} // taken by each search
	rendering chan struct{} // taken by each page that is made

	mu      sync.Mutex
	looked  time.Time // when the look at the archive began that found out its generation
	current *generation
}

const (
	// manySearches is how many searches may be at work at a time, and manyRenderings how many
	// pages may be made. More would take the processor from a broadcast.
	manySearches   = 2
	manyRenderings = 1
)

// New makes a Site.
func New(config Config) (*Site, error) {
	catalog, err := talk.NewCatalog(config.Language)
	if err != nil {
		return nil, err
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	return &Site{
		config: config, catalog: catalog,
		address: config.Address.String(), path: config.Address.EscapedPath(), host: hostOf(config.Address.Host, config.Address.Scheme),
		searching: make(chan struct{}, manySearches), rendering: make(chan struct{}, manyRenderings),
	}, nil
}

// ParseAddress reads the public address of an archive, and puts a slash at its end.
func ParseAddress(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return nil, errors.New("this is not the address of a page, which looks like https://example.org/weekly/")
	}
	u.Path = strings.TrimRight(u.Path, "/") + "/"
	if u.RawPath != "" || strings.Contains(u.Path, "//") || strings.Contains(u.Path, "/.") {
		return nil, fmt.Errorf("the path %s will not do: use letters, digits and single slashes", u.Path)
	}
	return u, nil
}

// hostOf returns a host, and its port if that is not the one of the scheme.
func hostOf(host, scheme string) string {
	name, port, err := net.SplitHostPort(host)
	if err != nil || port != map[string]string{"https": "443", "http": "80"}[scheme] {
		return strings.ToLower(host)
	}
	if strings.Contains(name, ":") {
		name = "[" + name + "]"
	}
	return strings.ToLower(name)
}

// at returns the address of a page, by its path below that of the index.
func (s *Site) at(path string) string { return s.address + path }

// name returns what the publication is called.
func (s *Site) name() string {
	return cmp.Or(s.config.Archive.Publication().Name, s.config.Address.Hostname())
}

// botLink returns an address that opens the bot with a payload of /start; empty: what the bot
// is called is not known yet.
func (s *Site) botLink(payload string) string {
	username := s.config.Archive.Publication().Username
	if username == "" {
		return ""
	}
	return "https://t.me/" + url.PathEscape(username) + "?start=" + url.QueryEscape(payload)
}

// generation returns the pages of the archive as it is now, or became after this was called.
func (s *Site) generation(ctx context.Context) (*generation, error) {
	asked := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.looked.After(asked) { // somebody else has looked meanwhile
		return s.current, nil
	}
	began := time.Now()
	state, err := s.config.Archive.State(ctx)
	if err != nil {
		return nil, err
	}
	s.looked = began
	if of := (edition{state, s.config.Archive.Publication()}); s.current == nil || s.current.of != of {
		s.current = &generation{of: of, pages: newCache(maxCached)}
	}
	return s.current, nil
}
