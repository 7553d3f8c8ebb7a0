package site_test

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mmcdole/gofeed"

	"digestbot/digest/document"
	"digestbot/subscribers"
)

// Feed readers read the feeds, and so does this program.
func TestFeeds(t *testing.T) {
	w := newWorld(t)
	for n := 1; n <= 12; n++ {
		w.save(n, fmt.Sprintf("2026-01-%02d", n), fmt.Sprintf(english, n)+"\n\n![A pier](https://example.org/pier.png)\n")
	}
	text := w.get("feed.atom", 200)
	if got := w.ask("GET", "/weekly/feed.atom").Header.Get("Content-Type"); got != "application/atom+xml; charset=utf-8" {
		t.Errorf("the feed is %s", got)
	}
	feed, err := gofeed.NewParser().ParseString(text)
	if err != nil || feed.FeedType != "atom" || feed.Title != "Riverside & Co" || feed.FeedLink != publicURL+"feed.atom" || feed.Link != publicURL || len(feed.Items) != 10 || feed.UpdatedParsed == nil {
		t.Fatalf("the feed is %+v, %v", feed, err)
	}
	ids := map[string]bool{}
	for i, entry := range feed.Items {
		ids[entry.GUID] = true
		if entry.Title != fmt.Sprintf("Riverside, issue %d", 12-i) || entry.Link != fmt.Sprintf("%sissues/%d/", publicURL, 12-i) || entry.PublishedParsed == nil || !strings.Contains(entry.Content, "<h3>A map of cobblers</h3>") {
			t.Errorf("entry %d is %+v", i, entry)
		}
	}
	if len(ids) != 10 || !ids["tag:example.org,2026:weekly/issue/12"] {
		t.Errorf("identities are %v", ids)
	}
	ours, err := document.ParseFeed("feed.atom", []byte(text))
	if err != nil || len(ours.Entries) != 10 {
		t.Errorf("this program reads %+v, %v", ours, err)
	}
	address := regexp.MustCompile(`href="https://example.org/weekly/(sections/\d+/feed.atom)" dir="auto">Tools<`).FindStringSubmatch(w.get("feeds/", 200))
	if address == nil {
		t.Fatal("the section has no feed")
	}
	section, err := gofeed.NewParser().ParseString(w.get(address[1], 200))
	if err != nil || section.Title != "Riverside & Co: Tools" || len(section.Items) != 10 || strings.Contains(section.Items[0].Content, "library") ||
		!strings.Contains(section.Items[0].Content, "A map of cobblers") || section.Items[0].Link != publicURL+"issues/12/#s-tools" || ids[section.Items[0].GUID] {
		t.Errorf("the feed of a section is %+v, %v", section, err)
	}
	if want := time.Date(2026, 1, 12, 0, 0, 0, 0, time.UTC); !feed.UpdatedParsed.Equal(want) {
		t.Errorf("the feed is of %v, want %v", feed.UpdatedParsed, want)
	}
	w.save(12, "2026-01-12", fmt.Sprintf(english, 12)+"\n### Mended\nText.\n")
	if again, err := gofeed.NewParser().ParseString(w.get("feed.atom", 200)); err != nil || time.Since(*again.UpdatedParsed) > time.Hour || again.Items[0].GUID != feed.Items[0].GUID || !again.Items[0].UpdatedParsed.Equal(*again.UpdatedParsed) {
		t.Errorf("after a correction the feed is %+v, %v", again, err)
	}
	sections, err := w.store.CountedSections(t.Context())
	if err != nil || len(sections) != 2 {
		t.Fatalf("sections are %+v, %v", sections, err)
	}
	if _, err := w.store.MergeSections(t.Context(), subscribers.InPrivate(1), sections[1].ID, sections[0].ID); err != nil {
		t.Fatal(err)
	}
	if answer := w.ask("GET", "/weekly/"+address[1]); answer.StatusCode != http.StatusFound || answer.Header.Get("Location") != fmt.Sprintf("/weekly/sections/%d/feed.atom", sections[0].ID) {
		t.Errorf("the feed of a merged section: %d, %v", answer.StatusCode, answer.Header)
	}
	w.has(fmt.Sprintf("sections/%d/feed.atom", sections[0].ID), "library", "cobblers")
	type entry struct {
		Loc     string `xml:"loc"`
		Lastmod string `xml:"lastmod"`
	}
	var sitemap struct {
		URL []entry `xml:"url"`
	}
	if err := xml.Unmarshal([]byte(w.get("sitemap.xml", 200)), &sitemap); err != nil || len(sitemap.URL) != 14 || sitemap.URL[3] != (entry{publicURL + "issues/11/", "2026-01-11"}) {
		t.Errorf("the sitemap is %+v, %v", sitemap, err)
	}
}

// The text of an issue that is dated ahead is there since it was added, and a correction of it
// is news before its date, too.
func TestUpdatedOfAnIssueDatedAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		updated := func() []string {
			return regexp.MustCompile(`<updated>(.*?)</updated>`).FindAllString(w.get("feed.atom", 200), -1)
		}
		time.Sleep(time.Hour)
		w.save(1, "2000-01-06", fmt.Sprintf(english, 1))
		const added = "<updated>2000-01-01T01:00:00Z</updated>"
		if got := updated(); !slices.Equal(got, []string{added, added}) {
			t.Errorf("the feed and its entry are %q, want %s", got, added)
		}
		time.Sleep(time.Hour)
		w.save(1, "2000-01-06", fmt.Sprintf(english, 1)+"\n### Mended\nText.\n")
		const corrected = "<updated>2000-01-01T02:00:00Z</updated>"
		if got := updated(); !slices.Equal(got, []string{corrected, corrected}) {
			t.Errorf("after a correction the feed and its entry are %q, want %s", got, corrected)
		}
	})
}
