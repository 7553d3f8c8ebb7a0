// Package identity finds out which entries of a feed, or pages behind the links of an index,
// are known: publishers change the identities of what they have published.
package identity

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"digestbot/digest/document"
	"digestbot/subscribers/sourcestore"
)

// Entry is an entry of a feed, or a page, with what is known of it.
type Entry struct {
	document.Entry
	Identity string
	Address  string            // in the form of Comparable
	Known    sourcestore.Entry // zero: it is new
	Replaces bool              // it takes the place of Known, whatever title and date say
}

// Remember returns what is to be remembered of an entry.
func (i Entry) Remember(now time.Time) sourcestore.Entry {
	e := i.Known
	if e.ID == 0 {
		e.Found = now
	}
	e.Identity, e.Link, e.Title, e.Published = i.Identity, i.Address, i.Title, i.Published.Truncate(time.Second)
	return e
}

// Of finds out which entries of a feed are known. Publishers change the identities of
// entries, for instance with the address of the site. So an entry with a new one is one that
// is known if two of title, address and date are the same, and the known one is no longer in
// the feed. An entry that stands in the feed twice is returned once.
func Of(entries []document.Entry, known []sourcestore.Entry) []Entry {
	var all []Entry
	inFeed := map[string]bool{}
	shared := countIDs(entries)
	for _, entry := range entries {
		one := Entry{Entry: entry, Identity: entry.ID, Address: Comparable(entry.Link)}
		if shared[entry.ID] > 1 { // a feed that gives many entries one identity
			one.Identity = strings.Join([]string{entry.ID, one.Address, entry.Title}, " ")
		}
		if inFeed[one.Identity] || one.Identity == "" && len(entry.Text) == 0 {
			continue
		}
		if one.Identity == "" {
			one.Identity = HashOf(entry.Text)
		}
		inFeed[one.Identity] = true
		all = append(all, one)
	}
	byIdentity := map[string]sourcestore.Entry{}
	lost := map[string][]sourcestore.Entry{} // by what may be the same
	for _, e := range known {
		byIdentity[e.Identity] = e
		if !inFeed[e.Identity] {
			for _, trait := range traits(e.Link, e.Title, e.Published) {
				lost[trait] = append(lost[trait], e)
			}
		}
	}
	taken := map[int64]bool{}
	for i := range all {
		one := &all[i]
		if e, ok := byIdentity[one.Identity]; ok {
			one.Known = e
			continue
		}
		for _, trait := range traits(one.Address, one.Title, one.Published) {
			if found := lost[trait]; len(found) == 1 && !taken[found[0].ID] {
				one.Known, taken[found[0].ID] = found[0], true
				break
			}
		}
	}
	return all
}

// traits are what two forms of one entry share. Many entries have the address of the site,
// or the title of the weekly, so one alone is not enough.
func traits(link, title string, published time.Time) (all []string) {
	at := published.UTC().Format(time.DateTime)
	switch {
	case published.IsZero() && link != "" && title != "":
		return []string{"undated " + link + " " + title}
	case published.IsZero():
		return nil
	}
	if title != "" {
		all = append(all, "title "+at+" "+title)
	}
	if link != "" {
		all = append(all, "link "+at+" "+link)
	}
	return all
}

func countIDs(entries []document.Entry) map[string]int {
	count := map[string]int{}
	seen := map[string]bool{}
	for _, e := range entries {
		if whole := e.ID + "\n" + e.Link + "\n" + e.Title; !seen[whole] {
			seen[whole] = true
			count[e.ID]++
		}
	}
	return count
}

// Comparable returns an address without what changes while it leads to the same page: the
// scheme, "www.", a slash at the end, the fragment, and parameters that count visitors.
func Comparable(address string) string {
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return address
	}
	query := u.Query()
	for name := range query {
		if strings.HasPrefix(name, "utm_") {
			query.Del(name)
		}
	}
	text := strings.TrimPrefix(strings.ToLower(u.Host), "www.") + strings.TrimSuffix(u.EscapedPath(), "/")
	if len(query) > 0 {
		text += "?" + query.Encode()
	}
	return text
}

// HashOf returns a hash of what readers see.
func HashOf(shown any) string {
	text, err := json.Marshal(shown)
	if err != nil {
		return "" // texts have no fault of that kind
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}
