package sourceline_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"digestbot/subscribers/intake/sourceline"
)

// there are the folders that exist in these tests.
var there = []string{"issues", "old issues", "a,b", "a", "b", "my first=all"}

func isThere(name string) bool { return slices.Contains(there, name) }

func folder(name string) sourceline.Line {
	return sourceline.Line{Folder: name, Kind: sourceline.Folder, First: sourceline.FirstNewest}
}

func address(address string, change func(*sourceline.Line)) sourceline.Line {
	l := sourceline.Line{Address: address, First: sourceline.FirstNewest}
	change(&l)
	return l
}

func TestParseAll(t *testing.T) {
	const feed = "https://example.org/feed.xml?a=1,2"
	weekly := func(l *sourceline.Line) {
		l.Kind, l.Digest, l.Every, l.Number = sourceline.Feed, true, sourceline.Period{Days: 7}, 1
	}
	asIs := func(*sourceline.Line) {}
	tests := []struct {
		name   string
		values []string
		want   []sourceline.Line
	}{
		{"a folder", []string{"issues"}, []sourceline.Line{folder("issues")}},
		{"a folder with a space", []string{" old issues "}, []sourceline.Line{folder("old issues")}},
		{"a folder with a comma wins over two folders", []string{"a,b"}, []sourceline.Line{folder("a,b")}},
		{"folders separated by commas", []string{"issues, old issues,a"}, []sourceline.Line{folder("issues"), folder("old issues"), folder("a")}},
		{"a folder that is not there is for the check", []string{"none yet"}, []sourceline.Line{folder("none yet")}},
		{"a folder whose name looks like an option", []string{"my first=all"}, []sourceline.Line{folder("my first=all")}},
		{"options of folders", []string{`old issues first=all name="The old, old ones",a name=A`}, []sourceline.Line{
			{Folder: "old issues", Kind: sourceline.Folder, First: sourceline.FirstAll, Name: "The old, old ones"},
			{Folder: "a", Kind: sourceline.Folder, First: sourceline.FirstNewest, Name: "A"},
		}},
		{"a folder that is not there, with an option", []string{"not there first=all"}, []sourceline.Line{
			{Folder: "not there", Kind: sourceline.Folder, First: sourceline.FirstAll},
		}},
		{"a line each", []string{"issues\n\n  " + feed + "\n"}, []sourceline.Line{folder("issues"), address(feed, asIs)}},
		{"an address behind a folder", []string{"issues," + feed}, []sourceline.Line{folder("issues"), address(feed, asIs)}},
		{"an address in quotation marks", []string{`"` + feed + `" digest`}, []sourceline.Line{address(feed, weekly)}},
		{"curly quotation marks", []string{"“" + feed + "” digest title=“A week’s work”"}, []sourceline.Line{address(feed, func(l *sourceline.Line) {
			weekly(l)
			l.Title = "A week’s work"
		})}},
		{"a scheme in capitals", []string{"HTTPS" + feed[5:] + " digest"}, []sourceline.Line{address(feed, weekly)}},
		{"digest", []string{feed + " digest"}, []sourceline.Line{address(feed, weekly)}},
		{"all about a digest", []string{feed + ` digest every=2w section-by=category sections="Go = golang,Go; The Web=css" title='A week of "us"' number=12 full=page`},
			[]sourceline.Line{address(feed, func(l *sourceline.Line) {
				weekly(l)
				l.Every.Days, l.ByTopic, l.Title, l.Number, l.FullText = 14, true, `A week of "us"`, 12, true
				l.Sections = []sourceline.Section{{Name: "Go", Categories: []string{"golang", "go"}}, {Name: "The Web", Categories: []string{"css"}}}
			})}},
		{"a month", []string{feed + " digest every=month"}, []sourceline.Line{address(feed, func(l *sourceline.Line) { weekly(l); l.Every = sourceline.Period{Months: 1} })}},
		{"an index", []string{`https://example.org link="ul a[href*='/n/']"`}, []sourceline.Line{address("https://example.org", func(l *sourceline.Line) {
			l.Kind, l.Link = sourceline.Index, "ul a[href*='/n/']"
		})}},
		{"nothing", []string{"", "\n"}, nil},
	}
	for _, tt := range tests {
		got, err := sourceline.ParseAll(tt.values, isThere)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// An error says what is wrong and what to write instead, and shows no password.
func TestParseErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{"https://example.org/f digets", "do you mean digest?"},
		{"https://example.org/f every=week", "add digest"},
		{"https://example.org/f DIGEST", "do you mean digest?"},
		{"https://example.org/f https://me:secret@example.com/g", "there are two addresses"},
		{"https://example.org/f digest evry=week", "do you mean every=week?"},
		{"https://example.org/f digest every=fortnight", "every=day, every=week"},
		{"https://example.org/f digest every=0w", "not a length of time"},
		{"https://example.org/f digest every=", "needs a value"},
		{"https://example.org/f digest=yes", "takes no value"},
		{"https://example.org/f digest digest", "given twice"},
		{"https://example.org/f frobnicate", "the options are digest, every"},
		{"https://example.org/f title=x", "add digest"},
		{"https://example.org/f kind=folder", "kind=feed or kind=page or kind=index"},
		{"https://example.org/f kind=index", "needs the CSS selector"},
		{"https://example.org/f kind=page link=a", "leave out kind=page"},
		{"https://example.org/f kind=page digest", "leave out kind=page"},
		{"https://example.org/f link=a[", "no CSS selector"},
		{"https://example.org/f first=some", "first=newest or first=all"},
		{"https://example.org/f digest number=none", "number from 1"},
		{"https://example.org/f digest sections=Go", "Go=golang"},
		{"https://example.org/f digest sections=Go=go;Web=Go", "named twice"},
		{`https://example.org/f title="x`, "not closed"},
		{"https://example.org/f name=" + strings.Repeat("x", 61), "60 characters"},
		{"https://example.org/f full=feed", "full=page"},
		{"https://example.org/f,https://example.org/g", "a --source of its own"},
		{"https://", "not an address"},
		{"https://me:secret@example.org/f x=y", "https://***@example.org/f x=y: "},
		{"https://example.org/f?key=secret x=y", "org/f?*** x=y: "},
		{"https://me:pa/secret@example.org/f", "https://***@example.org/f: "},
		{"https://me:pa?secret@example.org/f", "https://***@example.org/f: "},
		{"https://secret@example.org/@ada/f x=y", "https://***@example.org/@ada/f x=y: "},
		{"example.org/f?secret", "write https://example.org/f?***"},
		{"https://example.org/f, digest", "leave it out"},
		{"example.org/feed.xml digest every=week", "write https://example.org/feed.xml"},
		{"example.org/feed.xml", "write https://example.org/feed.xml"},
		{"www.example.org digest", "write https://www.example.org"},
		{"ftp://example.org/feed.xml", "only http and https"},
		{"feed:https://example.org/feed.xml digest", "only http and https"},
		{"issues digest", "not for folders"},
		{"digest", "the folder or address is missing"},
		{"issues frst=all", "do you mean first=all?"},
		{"issues\nissues", "named twice"},
		{"issues name=x\nhttps://example.org name=x", `the name "x"`},
	}
	for _, tt := range tests {
		_, err := sourceline.ParseAll([]string{tt.text}, isThere)
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("ParseAll(%q) = %v, want an error with %q", tt.text, err, tt.want)
		}
	}
}

func TestPeriodIsOver(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(text string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04", text, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	tests := []struct {
		every, last, now string
		want             bool
	}{
		{"week", "2026-10-23 09:00", "2026-10-30 09:00", true}, // 25 October has 25 hours
		{"week", "2026-03-27 09:00", "2026-04-03 09:00", true}, // 29 March has 23 hours
		{"week", "2026-11-20 09:00", "2026-11-26 23:59", false},
		{"week", "2026-11-20 09:03", "2026-11-27 09:00", true},
		{"day", "2026-11-20 23:00", "2026-11-21 01:00", true},
		{"2w", "2026-11-20 09:00", "2026-11-27 09:00", false},
		{"month", "2026-01-31 09:00", "2026-02-28 09:00", true},
		{"month", "2026-01-31 09:00", "2026-02-27 09:00", false},
	}
	for _, tt := range tests {
		lines, err := sourceline.Parse("https://example.org digest every="+tt.every, isThere)
		if err != nil {
			t.Fatal(err)
		}
		for _, last := range []time.Time{at(tt.last), at(tt.last).UTC()} {
			if got := lines[0].Every.IsOver(last, at(tt.now)); got != tt.want {
				t.Errorf("%s from %s to %s is over: %v, want %v", tt.every, last, tt.now, got, tt.want)
			}
		}
	}
}

// FuzzParse: a line that is taken is one source or several, each a folder or an address,
// with options that belong together.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"issues", "a,b", "old issues first=all,a", `https://example.org/feed.xml digest every=2w sections="Go=go;Web=css"`,
		`https://example.org link="a[href]"`, "https://example.org/f name='x", "my first=all", ",,", "x=\x80",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines, err := sourceline.ParseAll([]string{text}, isThere)
		if err != nil {
			return
		}
		if len(lines) == 0 && strings.Trim(text, ", '\"") != "" && !strings.ContainsFunc(text, unicode.IsSpace) {
			t.Errorf("ParseAll(%q) found nothing", text)
		}
		for _, l := range lines {
			isFolder := l.Kind == sourceline.Folder
			if (l.Folder == "") == isFolder || (l.Address == "") != isFolder || l.Called() == "" {
				t.Errorf("ParseAll(%q) = %+v, neither a folder nor an address", text, l)
			}
			if l.Digest != (l.Every != sourceline.Period{}) || l.Digest && l.Kind != sourceline.Feed || (l.Link != "") != (l.Kind == sourceline.Index) {
				t.Errorf("ParseAll(%q) = %+v, whose options contradict each other", text, l)
			}
		}
	})
}
