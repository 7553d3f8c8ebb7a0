package document_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"digestbot/digest"
	"digestbot/digest/document"
)

const entriesFeed = `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Letters &amp; more</title><link>https://example.org/</link>
<item><title>Snow</title><guid>urn:1</guid><link>/snow</link><category>Weather</category><category>Sea</category>
<pubDate>Fri, 27 Nov 2026 23:30:00 -0500</pubDate>
<description>Short.</description><content:encoded>&lt;p&gt;Much snow fell.&lt;/p&gt;&lt;p&gt;Then more.&lt;/p&gt;</content:encoded></item>
<item><title>Wild</title><guid>urn:2</guid><description>` + "LOTS" + `</description></item>
<item><link>https://example.org/untitled</link><description>No title here.</description></item>
</channel></rss>`

func TestParseFeed(t *testing.T) {
	wild := strings.Repeat("&lt;b&gt;x&lt;/b&gt;", 10)
	feed, err := document.ParseFeed("https://example.org/feed.xml", []byte(strings.Replace(entriesFeed, "LOTS", wild, 1)))
	if err != nil {
		t.Fatal(err)
	}
	if feed.Title != "Letters & more" || len(feed.Entries) != 3 {
		t.Fatalf("feed %q has %d entries, want 3", feed.Title, len(feed.Entries))
	}
	e := feed.Entries[0]
	text := func(blocks []digest.Block) (all []string) {
		for _, b := range blocks {
			all = append(all, digest.TextOf(b.Spans))
		}
		return all
	}
	got := []any{e.ID, e.Link, e.Title, e.Published.Format("2006-01-02 15:04"), e.Categories, text(e.Text), text(e.Summary), e.Err}
	want := []any{"urn:1", "https://example.org/snow", "Snow", "2026-11-28 04:30", []string{"Weather", "Sea"}, []string{"Much snow fell.", "Then more."}, []string{"Short."}, error(nil)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("entry (-want +got):\n%s", diff)
	}
	if untitled := feed.Entries[2]; untitled.ID != "https://example.org/untitled" || untitled.Summary != nil {
		t.Errorf("untitled entry is %+v", untitled)
	}
}

// The document of an entry is read like the entry.
func TestEntryDocuments(t *testing.T) {
	files, err := filepath.Glob("testdata/feed/*.xml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no saved feeds: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		feed, err := document.ParseFeed(file, data)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range feed.Entries {
			again, err := document.Parse("entry.json", e.Document)
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			again.Key, again.Original = e.Issue.Key, e.Issue.Original
			first, _ := json.Marshal(e.Issue.Sections)
			second, _ := json.Marshal(again.Sections)
			if diff := cmp.Diff(string(first), string(second)); diff != "" {
				t.Errorf("%s: %s (-entry +document):\n%s", file, e.Title, diff)
			}
		}
	}
}

func TestParseFeedErrors(t *testing.T) {
	if _, err := document.ParseFeed("page.html", []byte("<html><body><p>A page.</p></body></html>")); !errors.Is(err, document.ErrNotFeed) {
		t.Errorf("a page: %v, want %v", err, document.ErrNotFeed)
	}
	if feed, err := document.ParseFeed("empty.xml", []byte(`<rss version="2.0"><channel><title>None yet</title></channel></rss>`)); err != nil || len(feed.Entries) != 0 {
		t.Errorf("an empty feed: %v, %v, want no error", feed, err)
	}
	cut := entriesFeed[:len(entriesFeed)-40]
	if _, err := document.ParseFeed("cut.xml", []byte(cut)); !errors.Is(err, document.ErrFeed) {
		t.Errorf("a feed cut off: %v, want %v", err, document.ErrFeed)
	}
	// An entry that is too much does not keep the others from being read.
	entry := func(id, text string) string {
		return "<entry><id>" + id + "</id><title>" + id + "</title><content type=\"html\"><![CDATA[" + text + "]]></content></entry>"
	}
	feed, err := document.ParseFeed("long.xml", []byte(`<feed xmlns="http://www.w3.org/2005/Atom">`+
		entry("one", "First.")+entry("two", strings.Repeat("<i></i>", 21000))+entry("three", "Third.")+`</feed>`))
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range feed.Entries {
		if wrong := i == 1; (e.Err != nil) != wrong || (e.Issue == nil) != wrong || e.ID == "" {
			t.Errorf("entry %q: %v, want an error: %v", e.ID, e.Err, wrong)
		}
	}
}
