package roster_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"digestbot/subscribers"
	"digestbot/subscribers/roster"
)

// A file of the list is only for its owner, and there as a whole or not at all.
func TestExportFile(t *testing.T) {
	store, path := openAt(t)
	everything(t, store)
	folder := t.TempDir()
	name := filepath.Join(folder, "people.csv")
	if err := os.WriteFile(name, []byte("older"), 0o644); err != nil {
		t.Fatal(err)
	}
	said := must(roster.ExportFile(t.Context(), path, name, "", io.Discard))(t)
	if said != "exported subscribers: 6" {
		t.Errorf("said %q", said)
	}
	info := must(os.Stat(name))(t)
	if info.Mode().Perm() != 0o600 || string(must(os.ReadFile(name))(t)) != export(t, store, roster.CSV) {
		t.Errorf("the file has the mode %v", info.Mode())
	}
	if n := count(t, path, "audit WHERE action = 'export' AND user_id = 0"); n != 1 {
		t.Errorf("the export is in the audit %d times", n)
	}
	if left := must(filepath.Glob(filepath.Join(folder, ".*")))(t); len(left) != 0 {
		t.Errorf("there is also %v", left)
	}
	var out bytes.Buffer
	must(roster.ExportFile(t.Context(), path, "", roster.JSON, &out))(t)
	if out.String() != export(t, store, roster.JSON) {
		t.Errorf("the output is %s", out.String())
	}
}

// What is no file, or the database, is not replaced.
func TestExportReplacesOnlyLists(t *testing.T) {
	store, path := openAt(t)
	everything(t, store)
	folder := t.TempDir()
	link, journal := filepath.Join(folder, "link.csv"), path+"-journal"
	if err := errors.Join(os.Symlink(path, link), os.WriteFile(journal, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		format roster.Format
		want   string
	}{
		path:                             {roster.CSV, "belongs to the database"},
		link:                             {roster.CSV, "belongs to the database"},
		journal:                          {roster.CSV, "belongs to the database"},
		folder:                           {roster.CSV, "is no file"},
		os.DevNull:                       {roster.JSON, "is no file"},
		filepath.Join(folder, "a"):       {"", "shows no format"},
		filepath.Join(folder, "a.xlsx"):  {"", "CSV (UTF-8)"},
		filepath.Join(folder, "x/a.csv"): {"", "no such file"},
	} {
		if _, err := roster.ExportFile(t.Context(), path, name, test.format, io.Discard); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("export to %s: %v, want %q", name, err, test.want)
		}
	}
	if left := must(filepath.Glob(filepath.Join(folder, "*")))(t); len(left) != 1 {
		t.Errorf("the folder has %v", left)
	}
	_, err := roster.ExportFile(t.Context(), filepath.Join(folder, "none.db"), "", "", io.Discard)
	if !errors.Is(err, subscribers.ErrNoDatabase) || !strings.Contains(err.Error(), "--database") {
		t.Errorf("without a database: %v", err)
	}
	if _, err := os.Stat(filepath.Join(folder, "none.db")); err == nil {
		t.Error("the export has made a database")
	}
}

// failing fails after some bytes.
type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errors.New("no room")
	}
	return len(p), nil
}

func TestExportThatFails(t *testing.T) {
	store, path := openAt(t)
	everything(t, store)
	if _, err := roster.ExportFile(t.Context(), path, "", "", &failing{left: 100}); err == nil || !strings.Contains(err.Error(), "no room") {
		t.Errorf("the error is %v", err)
	}
}

func TestImportFile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "new.db")
	good, bad := filepath.Join(folder, "good.csv"), filepath.Join(folder, "bad.csv")
	if err := errors.Join(
		os.WriteFile(good, []byte("chat,muted_sections\n5,News\n6,\n"), 0o644),
		os.WriteFile(bad, []byte("chat\n5\nx\n"), 0o644),
	); err != nil {
		t.Fatal(err)
	}
	imported := func(name string, format roster.Format, in string, options roster.Options) (string, error) {
		return roster.ImportFile(t.Context(), path, name, format, strings.NewReader(in), options)
	}
	for _, name := range []string{bad, filepath.Join(folder, "none.csv"), filepath.Join(folder, "a.xlsx")} {
		if said, err := imported(name, "", "", roster.Options{}); !errors.Is(err, roster.ErrFile) {
			t.Errorf("%s: said %q, %v", name, said, err)
		}
	}
	said := must(imported(good, "", "", roster.Options{DryRun: true, Greet: true}))(t)
	for _, want := range []string{"a dry run", "2 new, 0 as they were", "sections that no issue has yet: 1 (News)", "to be greeted by the bot, within a minute while it runs: 2"} {
		if !strings.Contains(said, want) {
			t.Errorf("said %q, want %q", said, want)
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Fatal("there is a database after a dry run or mistakes")
	}
	said = must(imported("-", roster.CSV, string(must(os.ReadFile(good))(t)), roster.Options{}))(t)
	for _, want := range []string{"a new one was made", path, "2 new, 0 as they were", "unconfirmed"} {
		if !strings.Contains(said, want) {
			t.Errorf("said %q, want %q", said, want)
		}
	}
	if said = must(imported(good, "", "", roster.Options{}))(t); said != "0 new, 2 as they were" {
		t.Errorf("the second time: %q", said)
	}
	if said = must(imported(good, "", "", roster.Options{Replace: true}))(t); said != "0 new, 0 changed, 2 as they were" {
		t.Errorf("the third time: %q", said)
	}
	if n := count(t, path, "subscribers"); n != 2 {
		t.Errorf("there are %d subscribers", n)
	}
}

// A file that is too large is not read.
func TestHugeFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "huge.csv")
	file := must(os.Create(name))(t)
	if err := errors.Join(file.Truncate(1<<30), file.Close()); err != nil {
		t.Fatal(err)
	}
	_, err := roster.ImportFile(t.Context(), filepath.Join(t.TempDir(), "d.db"), name, "", nil, roster.Options{})
	if err == nil || !strings.Contains(err.Error(), "larger than 64 MB") {
		t.Errorf("the error is %v", err)
	}
	endless := io.MultiReader(strings.NewReader("chat\n"), zeros{})
	if _, err := roster.ImportFile(t.Context(), filepath.Join(t.TempDir(), "d.db"), "-", "", endless, roster.Options{}); err == nil || !strings.Contains(err.Error(), "larger than 64 MB") {
		t.Errorf("an endless input: %v", err)
	}
}

// zeros is an input without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// people is a list of n subscribers, of whom each has chosen something else.
func people(n int) string {
	var b strings.Builder
	b.WriteString("chat,kind,title,state,reason,joined,language,layout,silent,every,delivery,zone,muted_sections,muted_words,highlighted_words\n")
	sections := []string{"", "News", "News | Tools", "值得关注 | 工具 | 文章", ""}
	words := []string{"", "", "crypto | nft", "足球", ""}
	for i := range n {
		row := []string{strconv.Itoa(100_000 + 7*i), "", "", "on", "", "2024-05-06T07:08:09Z", "en", "", "", "", "", "", sections[i%5], words[i%4], ""}
		switch i % 20 {
		case 0:
			row[1], row[0], row[2] = "supergroup", strconv.Itoa(-1001000000000-i), "Friends"
		case 1:
			row[3], row[4] = "gone", "blocked"
		case 2:
			row[3] = "off"
		case 3:
			row[10], row[11] = "Friday 18:30", "Asia/Shanghai"
		case 4:
			row[7], row[8], row[9] = "compact", "yes", "2"
		}
		b.WriteString(strings.Join(row, ",") + "\n")
	}
	return b.String()
}

// many is how many people the benchmarks bring in and out.
func many() int {
	if testing.Short() {
		return 5_000
	}
	return 100_000
}

// BenchmarkRosterImport measures how long a list of 100,000 takes into an empty database, and
// again when everybody is there.
func BenchmarkRosterImport(b *testing.B) {
	list := []byte(people(many()))
	into := func(b *testing.B, store *subscribers.Store, want int) {
		read, err := roster.Read(list, roster.CSV)
		if err != nil {
			b.Fatal(err)
		}
		r, err := roster.Enroll(b.Context(), store, read, roster.Options{})
		if err != nil || r.New != want {
			b.Fatal(r, err)
		}
	}
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			store := open(b)
			b.StartTimer()
			into(b, store, many())
		}
	})
	b.Run("again", func(b *testing.B) {
		store := open(b)
		into(b, store, many())
		for b.Loop() {
			into(b, store, 0)
		}
	})
}

// BenchmarkRosterExport measures how long it takes to write a list of 100,000.
func BenchmarkRosterExport(b *testing.B) {
	store := open(b)
	read := must(roster.Read([]byte(people(many())), roster.CSV))(b)
	must(roster.Enroll(b.Context(), store, read, roster.Options{}))(b)
	for _, format := range []roster.Format{roster.CSV, roster.JSON} {
		b.Run(string(format), func(b *testing.B) {
			for b.Loop() {
				if n, err := roster.Export(b.Context(), store, io.Discard, format); err != nil || n != many() {
					b.Fatal(n, err)
				}
			}
		})
	}
}

// BenchmarkRosterRoundTrip measures how long 100,000 subscribers take out of one database and
// into a new one, by the commands. Out of that comes the same file.
func BenchmarkRosterRoundTrip(b *testing.B) {
	store, from := openAt(b)
	read := must(roster.Read([]byte(people(many())), roster.CSV))(b)
	must(roster.Enroll(b.Context(), store, read, roster.Options{}))(b)
	for _, format := range []roster.Format{roster.CSV, roster.JSON} {
		b.Run(string(format), func(b *testing.B) {
			for b.Loop() {
				to := b.TempDir()
				database, first, second := filepath.Join(to, "digestbot.db"), filepath.Join(to, "first."+string(format)), filepath.Join(to, "second."+string(format))
				must(roster.ExportFile(b.Context(), from, first, "", io.Discard))(b)
				must(roster.ImportFile(b.Context(), database, first, "", strings.NewReader(""), roster.Options{}))(b)
				b.StopTimer()
				must(roster.ExportFile(b.Context(), database, second, "", io.Discard))(b)
				if !bytes.Equal(must(os.ReadFile(first))(b), must(os.ReadFile(second))(b)) {
					b.Fatal("the second file is not the same")
				}
				b.StartTimer()
			}
		})
	}
}
