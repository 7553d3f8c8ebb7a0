// Package fields reads what documents say of their issues for programs: the front matter,
// in YAML, TOML, JSON or lines of Pelican or Franklin. [Split] separates it from the text.
//
// [All] lists the fields that are understood, each with the names that publishers and
// their tools give to it.
package fields

import (
	"html"
	"maps"
	"slices"
	"strings"
)

// A Field is something that a document may say of its issue in the front matter, or
// a page in its head.
type Field struct {
	Name string
	// Keys are the names under which it is looked up, the first that has a value
	// counts. They are in lower case and without hyphens, underscores and spaces,
	// which do not matter: "publish_date", "publish-date" and "publishDate" are
	// "publishdate". A dot stands before the key of a nested table.
	Keys []string
}

// The fields that are understood.
var (
	Title  = Field{"title", []string{"title", "headline", "subject"}}
	Number = Field{"number", []string{"number", "issue", "issuenumber", "issueno", "episode", "episodenumber", "edition", "editionnumber", "no", "nr",
		"ausgabe", "numero", "número", "edición", "edição", "期数", "期", "номер", "выпуск", "випуск"}}
	// The values of this field say when the issue was published. The later ones
	// say it less surely.
	Date = Field{"date", []string{"date", "pubdate", "published", "publishdate", "publishedat", "publishedon", "publishedtime", "publisheddate",
		"pubdatetime", "publicationdate", "datepublished", "dateissued", "issuedate", "posted", "postedon", "postdate", "released", "releasedate", "sentat", "senton",
		"date.published", "dates.published", "date.created", "datum", "fecha", "data", "дата", "日期", "日付",
		"article:publishedtime", "og:publishedtime", "parselypubdate", "sailthru.date", "dc.date", "dc.date.issued", "dcterms.issued", "dcterms.date",
		"citationpublicationdate", "citationdate", "created", "createdat", "createdon", "datecreated", "creationdate", "dcterms.created", "time"}}
	// The values of this field say when the document was last changed. They are
	// asked when nothing else gives a date.
	Changed = Field{"changed", []string{"updated", "updatedat", "lastmod", "lastmodified", "lastupdated", "modified", "moddate", "moddatetime",
		"datemodified", "modifieddate", "date.modified", "date.updated", "article:modifiedtime", "og:updatedtime"}}
	Picture = Field{"picture", []string{"headimg", "image", "cover", "coverimage", "featureimage", "featuredimage",
		"thumbnail", "banner", "hero", "headerimage", "cover.image", "image.url", "image.src", "image.feature", "og:image", "twitter:image"}}
	Address = Field{"address", []string{"canonical", "canonicalurl", "link", "url", "source", "permalink"}}
	// The key is the identity, even if the issue has a number: errors about
	// two documents with one identity name it as the cure.
	Key      = Field{"key", []string{"key"}}
	Identity = Field{"identity", []string{"guid", "slug", "permalink", "id"}}
	Language = Field{"language", []string{"lang", "language", "locale", "og:locale"}}
)

// All returns all that is understood of front matters and heads of pages, for
// the documentation and its tests.
func All() []Field {
	return []Field{Title, Number, Date, Changed, Picture, Address, Key, Identity, Language}
}

// Metadata is what a front matter or the head of a page says: keys as a [Field] has
// them, those of nested tables joined with dots, and values as written. Lists are
// left out.
type Metadata map[string]string

// Get returns the first value that is not empty.
func (m Metadata) Get(keys ...string) string {
	for _, key := range keys {
		if v := strings.TrimSpace(m[foldKey(key)]); v != "" {
			return html.UnescapeString(v)
		}
	}
	return ""
}

// Ending returns the keys that end with the name of a field, such as "bundleissue" with
// "issue", in order.
func (m Metadata) Ending(field Field) []string {
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if slices.ContainsFunc(field.Keys, func(name string) bool { return len(name) >= minEnding && strings.HasSuffix(key, name) }) {
			keys = append(keys, key)
		}
	}
	return keys
}

// minEnding is how many bytes the name of a field has at least that a key may end with.
const minEnding = 5

// Add sets a value unless the key has one.
func (m Metadata) Add(key, value string) {
	key = foldKey(key)
	if _, ok := m[key]; !ok {
		m[key] = value
	}
}

// wrappers are the tables in which publishers and their tools put what others write
// at the top.
var wrappers = []string{"params.", "extra.", "meta.", "metadata.", "frontmatter.", "attributes.", "page.", "post.", "data.", "eleventycomputed."}

// unwrap makes the values of wrappers count as if they stood at the top, after those
// that do.
func (m Metadata) unwrap() {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		for _, wrapper := range wrappers {
			if inner, ok := strings.CutPrefix(key, wrapper); ok && !strings.Contains(m[key], "{{") { // else a template makes the value
				m.Add(inner, m[key])
			}
		}
	}
}

var keyFolder = strings.NewReplacer("-", "", "_", "", " ", "")

// foldKey returns a key as a [Field] has it.
func foldKey(key string) string {
	key = strings.ToLower(key)
	if strings.ContainsAny(key, "-_ ") {
		key = keyFolder.Replace(key)
	}
	return key
}
