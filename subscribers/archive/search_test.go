package archive_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"digestbot/digest"
	"digestbot/digest/digesttest"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/search"
)

// entry is an item as tests write it.
type entry struct{ title, text, link string }

// saveEntries saves an issue with one section of these items.
func saveEntries(t testing.TB, a opened, number int, entries ...entry) archive.Issue {
	t.Helper()
	issue := digesttest.Issue(number)
	section := digest.Section{Key: "news", Name: "News", Emoji: "🔥"}
	for _, e := range entries {
		item := digest.Item{Body: []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: e.text}}}}}
		if e.title != "" {
			item.Title = []digest.Span{{Text: e.title, Link: e.link}}
		}
		section.Items = append(section.Items, item)
	}
	issue.Sections = append(issue.Sections, section)
	row, _, err := a.SaveIssue(t.Context(), issue, "issue.md", fmt.Append(nil, number, entries))
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// find returns the titles, or else texts, of the items found.
func find(t testing.TB, a opened, words string) []string {
	t.Helper()
	items, total, err := a.Search(t.Context(), search.Parse(words), 100, 0)
	if err != nil {
		t.Fatal(err)
	}
	if total != len(items) {
		t.Errorf("Search(%q) returns %d items and says there are %d", words, len(items), total)
	}
	var all []string
	for _, item := range items {
		all = append(all, item.Title)
		if item.Title == "" {
			all[len(all)-1] = item.Text
		}
	}
	return all
}

func TestSearch(t *testing.T) {
	a := open(t)
	saveEntries(t, a, 1,
		entry{"Linux内核发布", "新版本支持更多硬件。", "https://example.org/1"},
		entry{"苹果发布新手机", "ｉＰｈｏｎｅ支持ＵＳＢ－Ｃ。", ""},
		entry{"", "100% of a_b and 'x' \"y\" <b>", ""},
	)
	saveEntries(t, a, 2,
		entry{"Straße", "Café C++ and C#, node.js", ""},
		entry{"🔥 hot", "Multilingual: Привет, สวัสดีครับ, नमस्ते", ""},
	)
	for words, want := range map[string][]string{
		"内核":                  {"Linux内核发布"},
		"核":                   {"Linux内核发布"},
		"发布":                  {"Linux内核发布", "苹果发布新手机"},
		"支持 发布":               {"Linux内核发布", "苹果发布新手机"},
		"支持　发布　手机":            {"苹果发布新手机"},
		"linux内核":             {"Linux内核发布"},
		"LINUX 硬件":            {"Linux内核发布"},
		"lin":                 {"Linux内核发布"},
		"inux":                nil, // not from the beginning of a word
		"iphone usb":          {"苹果发布新手机"},
		"usb-c":               {"苹果发布新手机"},
		"strasse":             {"Straße"},
		"CAFE\u0301":          {"Straße"},
		"c++":                 {"Straße"},
		"c#":                  {"Straße"},
		"node.js":             {"Straße"},
		"js":                  {"Straße"},
		"🔥":                   {"🔥 hot"},
		"привет":              {"🔥 hot"},
		"ดีค":                 {"🔥 hot"},
		"नमस्ते":              {"🔥 hot"},
		"100%":                {"100% of a_b and 'x' \"y\" <b>"},
		"a_b":                 {"100% of a_b and 'x' \"y\" <b>"},
		"b":                   {"100% of a_b and 'x' \"y\" <b>"},
		"' OR 1=1 --":         nil,
		"nothing like it":     nil,
		"linux 苹果":            nil,
		"News":                nil, // the names of sections are no items
		"linux NEAR title:* ": nil,
	} {
		if got := find(t, a, words); !slices.Equal(got, want) {
			t.Errorf("Search(%q) = %q, want %q", words, got, want)
		}
	}
	item := must(first(a.Search(t.Context(), search.Parse("内核"), 1, 0)))(t)
	if item.Section != "News" || item.Link != "https://example.org/1" || item.Issue.Number != 1 || item.Issue.Title != "Weekly 1" || item.Text != "新版本支持更多硬件。" {
		t.Errorf("item is %+v", item)
	}
}

func first(items []archive.Item, _ int, err error) (archive.Item, error) {
	if len(items) == 0 {
		return archive.Item{}, err
	}
	return items[0], err
}

func TestSearchHasTheBestFirst(t *testing.T) {
	a := open(t)
	saveEntries(t, a, 1,
		entry{"whole old", "1", ""}, // a whole word in the title of an old issue
		entry{"wholesale", "2", ""},
		entry{"text", "whole", ""},
		entry{"beginning", "wholesale", ""},
		entry{"often", "whole whole", ""},
	)
	saveEntries(t, a, 2,
		entry{"text new", "the whole", ""},
		entry{"whole new", "3", ""},
		entry{"whole new and second", "4", ""},
	)
	want := []string{"whole new", "whole new and second", "whole old", "wholesale", "often", "text new", "text", "beginning"}
	if got := find(t, a, "whole"); !slices.Equal(got, want) {
		t.Errorf("Search = %q, want %q", got, want)
	}
	var pages []string
	for offset := 0; offset < 9; offset += 3 {
		items, total, err := a.Search(t.Context(), search.Parse("whole"), 3, offset)
		if err != nil || total != len(want) {
			t.Fatalf("Search from %d says there are %d, %v, want %d", offset, total, err, len(want))
		}
		for _, item := range items {
			pages = append(pages, item.Title)
		}
	}
	if !slices.Equal(pages, want) {
		t.Errorf("page by page it is %q, want %q", pages, want)
	}
	if items, total, err := a.Search(t.Context(), search.Parse("whole"), 3, 1<<40); len(items) != 0 || total != len(want) || err != nil {
		t.Errorf("beyond the end there are %d items of %d, %v", len(items), total, err)
	}
	newest := []string{"text new", "whole new", "whole new and second", "whole old", "wholesale", "text", "beginning", "often"}
	if got := find(t, a, ""); !slices.Equal(got, newest) {
		t.Errorf("an empty query finds %q, want %q", got, newest)
	}
}

func TestSearchFollowsCorrections(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	a, other := openAt(t, path), openAt(t, path)
	saveEntries(t, a, 1, entry{"before", "", ""}, entry{"stays", "", ""})
	saveEntries(t, a, 2, entry{"second", "", ""})
	if got := find(t, a, ""); !slices.Equal(got, []string{"second", "before", "stays"}) {
		t.Errorf("the archive has %q", got)
	}
	saveEntries(t, other, 1, entry{"after", "", ""}) // as an import beside the running bot
	saveEntries(t, other, 3, entry{"third", "", ""})
	for _, s := range []opened{a, other} {
		if got := find(t, s, ""); !slices.Equal(got, []string{"third", "second", "after"}) {
			t.Errorf("after a correction the archive has %q", got)
		}
		if got := find(t, s, "before"); len(got) != 0 {
			t.Errorf("what was corrected is found: %q", got)
		}
	}
}

// An issue is found by all words of its title, as others are by now.
func TestSearchTitles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	a, other := openAt(t, path), openAt(t, path)
	save := func(to opened, number int, title string) {
		issue := digesttest.Issue(number)
		issue.Title = title
		if _, _, err := to.SaveIssue(t.Context(), issue, "issue.md", []byte(title)); err != nil {
			t.Fatal(err)
		}
	}
	wants := func(words string, numbers ...int) {
		t.Helper()
		var got []int
		for _, issue := range must(a.SearchTitles(t.Context(), search.Parse(words), 2))(t) {
			got = append(got, issue.Number)
		}
		if !slices.Equal(got, numbers) {
			t.Errorf("SearchTitles(%q) finds %v, want %v", words, got, numbers)
		}
	}
	save(a, 1, "The Old Harbour")
	save(a, 2, "港口周刊：灯塔")
	save(a, 3, "Harbour lights")
	save(a, 4, "Harbour OLD and new")
	wants("harbour", 4, 3)
	wants("old ｈａｒｂｏｕｒ", 4, 1)
	wants("灯塔", 2)
	wants("old lighthouse")
	save(other, 4, "Mended")
	wants("old harbour", 1)
	wants("mended", 4)
}

func TestSearchFindsEverythingOfASection(t *testing.T) {
	a := open(t)
	text := func(s string) []digest.Block {
		return []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: s}}}}
	}
	linked := func(s, link string) []digest.Block {
		return []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: s, Link: link}}}}
	}
	issue := digesttest.Issue(1)
	issue.Sections = []digest.Section{{Key: "k", Name: "Name", Intro: text("intro"), Outro: text("outro"), Items: []digest.Item{
		{Lead: text("lead"), Title: []digest.Span{{Text: "a "}, {Text: "title", Link: "https://example.org/t"}}, RunIn: true, Body: linked(": run in", "https://example.org/b")},
		{Body: linked("only link", "https://example.org/only")},
		{Body: append(linked("two", "https://example.org/1"), linked("links", "https://example.org/2")...)},
		{Title: []digest.Span{{Text: "untied"}}, Body: append(linked("x", "https://example.org/x"), linked("y", "https://example.org/y")...)},
		{}, // nothing at all
		{Body: text(strings.Repeat("长", 200_000) + "beyond")},
	}}}
	saveIssue(t, a, issue)
	for words, link := range map[string]string{
		"intro": "", "lead": "", "a title": "https://example.org/t", "run in": "https://example.org/t", "only": "https://example.org/only", "two": "", "untied": "https://example.org/x", "outro": "",
	} {
		item, err := first(a.Search(t.Context(), search.Parse(words), 1, 0))
		if err != nil || item.ID == 0 || item.Link != link {
			t.Errorf("Search(%q) = %+v, %v, want a hit that links to %q", words, item, err, link)
		}
	}
	if got := find(t, a, "beyond"); len(got) != 0 {
		t.Errorf("text beyond the limit is found")
	}
}

// asVersion5 makes a database of version 5, in which items were not kept, with the issues of
// another one.
func asVersion5(t *testing.T, of string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "old.db")
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // it has the other database attached
	exec := func(statements string) {
		t.Helper()
		if _, err := db.Exec(statements); err != nil {
			t.Fatalf("%v in %s", err, statements)
		}
	}
	steps, err := filepath.Glob("../migrations/000[1-5]_*.sql")
	if err != nil || len(steps) != 5 {
		t.Fatalf("migrations are %q, %v", steps, err)
	}
	for _, step := range steps {
		text, err := os.ReadFile(step)
		if err != nil {
			t.Fatal(err)
		}
		exec(string(text))
	}
	exec("ATTACH '" + of + "' AS new")
	for _, table := range []string{"sections", "issues", "issue_sections", "messages"} {
		var columns string
		if err := db.QueryRow("SELECT group_concat(name) FROM pragma_table_info(?, 'main')", table).Scan(&columns); err != nil {
			t.Fatal(err)
		}
		exec("INSERT INTO main." + table + " (" + columns + ") SELECT " + columns + " FROM new." + table)
	}
	exec("PRAGMA user_version = 5")
	return path
}

func TestItemsOfOldDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "digestbot.db")
	a := openAt(t, path)
	saveEntries(t, a, 1, entry{"corrected", "", ""})
	saveEntries(t, a, 1, entry{"one", "", ""})
	saveEntries(t, a, 2, entry{"two", "", ""})
	saveIssue(t, a, digesttest.Issue(3)) // without items
	path = asVersion5(t, path)
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	upgraded := openAt(t, path)
	if got := find(t, upgraded, ""); !slices.Equal(got, []string{"two", "one"}) {
		t.Errorf("the upgraded database has %q", got)
	}
	var before, after int64
	revision := func(n *int64) {
		t.Helper()
		if err := db.QueryRow("SELECT max(revision) FROM searchable").Scan(n); err != nil {
			t.Fatal(err)
		}
	}
	revision(&before)
	openAt(t, path)
	if revision(&after); before != after {
		t.Errorf("the items were read again: revision %d became %d", before, after)
	}
}

// Only the beginning of an item is searched that is longer than any that people write.
func TestSearchKnowsTheBeginningOfALongItem(t *testing.T) {
	a := open(t)
	filler := strings.Repeat("word ", 60_000) // 300 KB
	saveEntries(t, a, 1, entry{title: "Long", text: "needle " + filler + "haystack"})
	if got := find(t, a, "needle"); len(got) != 1 {
		t.Errorf("the beginning is found in %q, want in one item", got)
	}
	if got := find(t, a, "haystack"); len(got) != 0 {
		t.Errorf("the end is found in %.60q, and was to be left out", got)
	}
}
