package main

import (
	"bytes"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"digestbot/subscribers/roster"
)

// Tokens with the shape of real ones, which belong to nobody.
const (
	fakeToken  = "123456789:AAF0fakeFAKEfakeFAKEfakeFAKEfakeFAK"
	otherToken = "987654321:AAF0otherOTHERotherOTHERotherOTHERo"
)

const document = "---\ntitle: \"Letters, issue 7\"\ndate: 2026-11-13\n---\n\n## News\n\n**Bold** paragraph.\n"

const misdated = "---\ntitle: \"Letters, issue 8\"\ndate: 2062-11-20\n---\n\n## News\n\nA paragraph.\n"

// result is the outcome of a run of the program.
type result struct {
	out, err string // standard output and error
	failure  error
}

func runWith(t *testing.T, environ []string, stdin string, args ...string) result {
	t.Helper()
	var out, stderr bytes.Buffer
	err := run(t.Context(), args, environ, stdio{strings.NewReader(stdin), &out, &stderr})
	return result{out: out.String(), err: stderr.String(), failure: err}
}

// runWithToken runs the bot with the fake token.
func runWithToken(t *testing.T, args ...string) result {
	t.Helper()
	return runWith(t, []string{"DIGESTBOT_TOKEN=" + fakeToken}, "", args...)
}

// mustFail checks that a run failed, and that its error has the texts in it.
func mustFail(t *testing.T, what string, got result, wants ...string) {
	t.Helper()
	if got.failure == nil {
		t.Fatalf("%s: no error, want one with %q", what, wants)
	}
	for _, want := range wants {
		if !strings.Contains(got.failure.Error(), want) {
			t.Errorf("%s: %q, want %q in it", what, got.failure, want)
		}
	}
}

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// writeSettled writes a document that is old enough to be taken from a source.
func writeSettled(t *testing.T, dir, name, text string) {
	t.Helper()
	hourAgo := time.Now().Add(-time.Hour)
	if err := os.Chtimes(write(t, dir, name, text), hourAgo, hourAgo); err != nil {
		t.Fatal(err)
	}
}

func mustContain(t *testing.T, place, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("%s lacks %q", place, want)
		}
	}
}

// hasNoToken checks that no part of the secret is in the texts.
func hasNoToken(t testing.TB, texts ...string) {
	t.Helper()
	_, secret, _ := strings.Cut(fakeToken, ":")
	for _, text := range texts {
		if strings.Contains(text, secret[:12]) || strings.Contains(text, secret[len(secret)-12:]) {
			t.Errorf("the token is in %q", text)
		}
	}
}

// The help of the import names all columns that a list may have.
func TestHelpNamesEveryColumn(t *testing.T) {
	help := strings.Join(strings.Fields(runWith(t, nil, "", "import-subscribers", "--help").out), " ")
	if want := "Columns: " + strings.Join(roster.Columns(), ", ") + "."; !strings.Contains(help, want) {
		t.Errorf("the help is %q, want in it %q", help, want)
	}
}

func TestHelpAndReadmeNameEverySetting(t *testing.T) {
	help := runWith(t, nil, "", "--help")
	if help.failure != nil {
		t.Fatal(help.failure)
	}
	parser, err := kong.New(&commandLine{}, kong.Vars{"version": ""})
	if err != nil {
		t.Fatal(err)
	}
	inEachReadme(t, func(t *testing.T, name, readme string) {
		settings := 0
		for _, flag := range parser.Model.Flags {
			if flag.Group == nil {
				continue
			}
			settings++
			variable := "DIGESTBOT_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
			mustContain(t, "--help", help.out, "--"+flag.Name, "["+variable+"]", flag.Default)
			row := "\n| `--" + flag.Name + "` | "
			if flag.Default != "" {
				row += "`" + flag.Default + "` |"
			}
			mustContain(t, name, readme, row)
		}
		if settings == 0 {
			t.Error("there are no settings")
		}
		for _, command := range parser.Model.Children {
			mustContain(t, "--help", help.out, "\n  "+command.Name)
			mustContain(t, name, readme, "digestbot "+command.Name)
		}
	})
}

// The help of a command shows only the settings that it uses.
func TestHelpOfACommandShowsWhatItHeeds(t *testing.T) {
	all := strings.Count(runWith(t, nil, "", "--help").out, "[DIGESTBOT_")
	tests := []struct {
		command string
		want    []string
		count   int // of settings
	}{
		{"serve", []string{"--token-file", "--schedule"}, all},
		{"demo", []string{"--address"}, 0},
		{"preview", []string{"--json", "--config", "--layout", "--allow-private-sources", "--proxy"}, 4},
		{"import", []string{"--config", "--database", "--include", "--allow-private-sources", "--proxy"}, 5},
		{"export", []string{"--config", "--database"}, 2},
		{"import-subscribers", []string{"--config", "--database"}, 2},
	}
	for _, tt := range tests {
		got := runWith(t, nil, "", tt.command, "--help")
		if got.failure != nil {
			t.Errorf("%s: %v", tt.command, got.failure)
		}
		mustContain(t, tt.command+" --help", got.out, append(tt.want, "Print this help")...)
		if n := strings.Count(got.out, "[DIGESTBOT_"); n != tt.count {
			t.Errorf("%s --help shows %d settings, want %d:\n%s", tt.command, n, tt.count, got.out)
		}
	}
}

func TestHelpOfWithdrawAndRedate(t *testing.T) {
	for _, command := range []string{"withdraw", "redate"} {
		help := runWith(t, nil, "", command, "--help")
		mustContain(t, command+" --help", help.out, "Its number or key.", "--config", "--database")
		if n := strings.Count(help.out, "[DIGESTBOT_"); help.failure != nil || n != 2 {
			t.Errorf("%s --help shows %d settings, %v; want only the database and the file:\n%s", command, n, help.failure, help.out)
		}
	}
}

// Every mistake is found before anything is changed: the error names the setting and
// the cure, and no database is made.
func TestMistakes(t *testing.T) {
	dir := t.TempDir()
	tokenFile := write(t, dir, "token", fakeToken+"\n")
	emptyFile := write(t, dir, "empty", "")
	valid := []string{"DIGESTBOT_TOKEN=" + fakeToken}
	tests := []struct {
		name    string
		environ []string
		args    []string
		want    []string
	}{
		{"no token", nil, nil, []string{"@BotFather", "DIGESTBOT_TOKEN", "--token-file"}},
		{"no token for serve", nil, []string{"serve"}, []string{"@BotFather"}},
		{"empty token", []string{"DIGESTBOT_TOKEN="}, nil, []string{"@BotFather", "DIGESTBOT_TOKEN"}},
		{"token cut short", []string{"DIGESTBOT_TOKEN=" + fakeToken[:20]}, nil, []string{"DIGESTBOT_TOKEN: this is not a bot token", "@BotFather"}},
		{"token with more", []string{"DIGESTBOT_TOKEN=bot" + fakeToken}, nil, []string{"DIGESTBOT_TOKEN: this is not a bot token"}},
		{"token file missing", nil, []string{"--token-file", filepath.Join(dir, "none")}, []string{"--token-file (DIGESTBOT_TOKEN_FILE)", "no such file", "give a file"}},
		{"token file is a folder", nil, []string{"--token-file", dir}, []string{"--token-file", "is a directory"}},
		{"token file empty", nil, []string{"--token-file", emptyFile}, []string{"--token-file", emptyFile, "this is not a bot token"}},
		{"token instead of its file", nil, []string{"--token-file", fakeToken}, []string{"--token-file", "not the name of a file", "DIGESTBOT_TOKEN"}},
		{"token as an argument", nil, []string{fakeToken}, []string{"unexpected argument", "digestbot --help"}},
		{"token in the address", valid, []string{"--api-url", "localhost/bot" + fakeToken}, []string{"--api-url (DIGESTBOT_API_URL)", "https://api.telegram.org"}},
		{"token in the address of a server", valid, []string{"--api-url", "http://localhost:8081/bot" + fakeToken + "/"}, []string{"--api-url (DIGESTBOT_API_URL)", "leave out /bot and the token"}},
		{"escaped token in the address", valid, []string{"--api-url", "http://localhost:8081/x/Bot" + strings.Replace(fakeToken, ":", "%3a", 1)}, []string{"--api-url", "leave out /bot and the token"}},
		{"proxy that is none", append(valid, "HTTPS_PROXY=http://me:secret@"), nil, []string{"HTTPS_PROXY: this is not the address of a proxy", "socks5h://"}},
		{"proxy of an unknown kind", append(valid, "all_proxy=socks4://127.0.0.1:1080"), nil, []string{"all_proxy: ", `"socks4"`, "socks5h"}},
		{"address of nothing", valid, []string{"--api-url", "ftp://example.org"}, []string{"--api-url", "ftp://example.org"}},
		{"address that cannot be parsed", valid, []string{"--api-url", "http://[::1"}, []string{"--api-url", "http://[::1"}},
		{"admin by name", valid, []string{"--admins", "12,@alice"}, []string{"--admins (DIGESTBOT_ADMINS)", `"@alice"`, "@userinfobot"}},
		{"admin is a group", valid, []string{"--admins=-100123"}, []string{"--admins", `"-100123"`}},
		{"source missing", valid, []string{"--source", filepath.Join(dir, "none")}, []string{"--source (DIGESTBOT_SOURCE)", "no such file", "give a folder"}},
		{"source is a file", valid, []string{"--source", tokenFile}, []string{"--source", "not a directory", "give a folder"}},
		{"source with a mistake", valid, []string{"--source", "https://example.org digets"}, []string{"--source", "https://example.org", "do you mean digest?"}},
		{"names of documents", valid, []string{"--include", "issues/*.md"}, []string{"--include (DIGESTBOT_INCLUDE)", `"issues/*.md"`, "*.md"}},
		{"preview of a private address", nil, []string{"preview", "http://127.0.0.1:1/issue.html"}, []string{"127.0.0.1", "not on the public internet", "--allow-private-sources"}},
		{"preview of no address", nil, []string{"preview", "https://"}, []string{"no name of a host"}},
		{"preview through a proxy that is none", []string{"HTTPS_PROXY=ftp://me:secret@a"}, []string{"preview", "https://example.org/"}, []string{"HTTPS_PROXY: ", `"ftp"`}},
		{"import of wrong names", nil, []string{"import", "--include", "[", emptyFile}, []string{"--include (DIGESTBOT_INCLUDE)", `"["`}},
		{"cron expression", valid, []string{"--schedule", "friday at nine"}, []string{"--schedule (DIGESTBOT_SCHEDULE)", "expected exactly 5 fields", "0 9 * * FRI"}},
		{"cron expression of the environment", append(valid, "DIGESTBOT_SCHEDULE=0 9 31 2 *"), nil, []string{"--schedule (DIGESTBOT_SCHEDULE)", "no calendar has that day"}},
		{"poll", valid, []string{"--poll", "@every soon"}, []string{"--poll (DIGESTBOT_POLL)", "soon", "@every 15m"}},
		{"time zone", valid, []string{"--timezone", "Berlin"}, []string{"--timezone (DIGESTBOT_TIMEZONE)", `"Berlin"`, "Europe/Berlin"}},
		{"catch-up", valid, []string{"--catch-up", "1 day"}, []string{"--catch-up", "1 day", "h, d or w", "--help"}},
		{"replies", valid, []string{"--replies=everybody"}, []string{"--replies (DIGESTBOT_REPLIES)", "neither admins nor the id of a group", "-1001234567890"}},
		{"replies to a person", valid, []string{"--replies", "77"}, []string{"--replies", "id of a person", "admins"}},
		{"replies without =", valid, []string{"--replies", "-1001234567890"}, []string{"--replies", `--replies="-1001234567890"`}},
		{"catch-up negative", valid, []string{"--catch-up=-1h"}, []string{"--catch-up (DIGESTBOT_CATCH_UP)", "negative", "0s"}},
		{"rate of nothing", valid, []string{"--rate", "0"}, []string{"--rate (DIGESTBOT_RATE)", "between 1 and 30"}},
		{"rate beyond Telegram's", valid, []string{"--rate", "31"}, []string{"--rate (DIGESTBOT_RATE)", "between 1 and 30", "--paid-broadcast"}},
		{"rate beyond what can be bought", valid, []string{"--rate", "1001", "--paid-broadcast"}, []string{"--rate (DIGESTBOT_RATE)", "between 1 and 1000"}},
		{"paid broadcast of the environment", append(valid, "DIGESTBOT_PAID_BROADCAST=perhaps"), nil, []string{"--paid-broadcast", "perhaps"}},
		{"no backup kept", valid, []string{"--backup-dir=.", "--backup-keep=0"}, []string{"--backup-keep (DIGESTBOT_BACKUP_KEEP)", "too few"}},
		{"backups in a file", valid, []string{"--backup-dir=main.go"}, []string{"--backup-dir (DIGESTBOT_BACKUP_DIR)", "not a folder"}},
		{"deliveries kept too short", valid, []string{"--keep-deliveries", "90m"}, []string{"--keep-deliveries (DIGESTBOT_KEEP_DELIVERIES)", "too short", "0s"}},
		{"webhook without https", valid, []string{"--webhook-url", "http://example.org/x", "--listen=:8080"}, []string{"--webhook-url (DIGESTBOT_WEBHOOK_URL)", "https://example.org"}},
		{"webhook on a port of its own", valid, []string{"--webhook-url", "https://example.org:8080/x", "--listen=:8080"}, []string{"--webhook-url", "8080", "8443"}},
		{"webhook in the way", valid, []string{"--webhook-url", "https://example.org/healthz", "--listen=:8080"}, []string{"--webhook-url", "/healthz is taken"}},
		{"webhook that nothing listens to", valid, []string{"--webhook-url", "https://example.org/x"}, []string{"--webhook-url", "--listen"}},
		{"webhook with the token in it", valid, []string{"--webhook-url", "http://example.org/" + fakeToken}, []string{"--webhook-url"}},
		{"webhook secret", append(valid, "DIGESTBOT_WEBHOOK_SECRET=pass word"), []string{"--webhook-url", "https://example.org/x", "--listen=:8080"}, []string{"DIGESTBOT_WEBHOOK_SECRET", "256"}},
		{"listen without a port", valid, []string{"--listen", "localhost"}, []string{"--listen (DIGESTBOT_LISTEN)", `"localhost"`, "127.0.0.1:8080"}},
		{"listen on a name", valid, []string{"--listen", "localhost:http"}, []string{"--listen", "between 0 and 65535"}},
		{"rate in words", valid, []string{"--rate", "fast"}, []string{"--rate", "fast", "--help"}},
		{"language without texts", valid, []string{"--language", "tlh"}, []string{"--language (DIGESTBOT_LANGUAGE)", `"tlh"`, "zh-Hans"}},
		{"language that is none", valid, []string{"--language", "?"}, []string{"--language (DIGESTBOT_LANGUAGE)", `"?"`}},
		{"layout", valid, []string{"--layout", "flat"}, []string{"--layout", "flat", "compact"}},
		{"log level", valid, []string{"--log-level", "loud"}, []string{"--log-level", "loud", "debug"}},
		{"log format of the environment", append(valid, "DIGESTBOT_LOG_FORMAT=xml"), nil, []string{"--log-format", "xml", "json"}},
		{"unknown command", valid, []string{"sevre"}, []string{"sevre", "--help"}},
		{"unknown flag", valid, []string{"--colour"}, []string{"--colour", "--help"}},
		{"preview of nothing", nil, []string{"preview"}, []string{"<file>", "digestbot preview --help"}},
		{"preview of a missing file", nil, []string{"preview", filepath.Join(dir, "none.md")}, []string{"none.md", "no such file"}},
		{"preview in no layout", nil, []string{"preview", "--layout", "wide", emptyFile}, []string{"--layout", "wide", "compact"}},
		{"preview of an empty file", nil, []string{"preview", emptyFile}, []string{"empty", "document is empty"}},
		{"import of nothing", nil, []string{"import"}, []string{"<path>", "--help"}},
		{"import of an empty file", nil, []string{"import", emptyFile}, []string{"could not be imported"}},
		{"several at once", nil, []string{"--rate=0", "--timezone=Mars", "--poll=x"}, []string{"@BotFather", "--rate", "--timezone", "--poll"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			database := filepath.Join(t.TempDir(), "test.db")
			got := runWith(t, append(tt.environ, "DIGESTBOT_DATABASE="+database), "", tt.args...)
			mustFail(t, tt.name, got, tt.want...)
			hasNoToken(t, got.out, got.err, got.failure.Error())
			if files, err := filepath.Glob(database + "*"); err != nil || len(files) > 0 {
				t.Errorf("files %v were left behind, %v", files, err)
			}
		})
	}
}

// A database that is no file is refused before anything is changed.
func TestDatabaseThatIsNoFile(t *testing.T) {
	for database, want := range map[string]string{
		":memory:": "in memory", "file:x.db?mode=ro": "is an address", "": "the name is empty", "/dev/null": "it is a device",
	} {
		mustFail(t, "--database "+database, runWithToken(t, "--database="+database), "--database (DIGESTBOT_DATABASE)", want)
		mustFail(t, "import --database "+database, runWith(t, nil, document, "import", "--database="+database, "-"), want)
	}
}

func TestUnknownVariablesAreWarnedOf(t *testing.T) {
	got := runWith(t, []string{"DIGESTBOT_SHEDULE=0 9 * * *", "DIGESTBOT_HELP=1", "DIGESTBOT_RATE=20", "DIGESTBOT_TOKEN=x", "DIGESTBOT_WEBHOOK_SECRET=x", "OTHER=1"},
		document, "preview", "-")
	want := "digestbot: warning: DIGESTBOT_HELP is set but is not a setting; see digestbot --help\n" +
		"digestbot: warning: DIGESTBOT_SHEDULE is set but is not a setting; see digestbot --help\n"
	if got.failure != nil || got.err != want {
		t.Errorf("standard error %q, %v, want %q", got.err, got.failure, want)
	}
}

func TestPreview(t *testing.T) {
	dir := t.TempDir()
	file := write(t, dir, "7.md", document)

	text := runWith(t, nil, "", "preview", file)
	for _, want := range []string{"Letters, issue 7", "──── News · ", " of 4096 characters ────", "Bold paragraph."} {
		if !strings.Contains(text.out, want) {
			t.Errorf("preview lacks %q:\n%s", want, text.out)
		}
	}
	if strings.Contains(text.out, "\x1b") {
		t.Errorf("preview has escape sequences, and this is no terminal:\n%q", text.out)
	}

	for layout, want := range map[string]string{"compact": "──── headlines · 49 of 4096", "rich": "──── News · rich message"} {
		if got := runWith(t, nil, document, "preview", "--layout", layout, "-"); !strings.Contains(got.out, want) {
			t.Errorf("preview --layout %s lacks %q: %v\n%s", layout, want, got.failure, got.out)
		}
	}

	explained := runWith(t, nil, "", "preview", "--explain", file)
	mustContain(t, "preview --explain", explained.out, "Bold paragraph.", "how it was read", "title     \"Letters, issue 7\"")
	explained = runWith(t, nil, "", "preview", "--explain", "--json", file)
	mustContain(t, "preview --explain --json", explained.out, `"explanation": [`, `"about": "title"`)

	asJSON := runWith(t, nil, document, "preview", "--json", "--layout", "rich", "-")
	var issue struct {
		Title    string
		Number   int
		Sections []struct{ Name string }
		Messages []struct{ HTML, Headlines, Rich string }
		Warnings []string
	}
	if err := json.Unmarshal([]byte(asJSON.out), &issue); err != nil {
		t.Fatalf("%v in %s", err, asJSON.out)
	}
	if issue.Title != "Letters, issue 7" || issue.Number != 7 || len(issue.Sections) != 1 || len(issue.Messages) != 2 ||
		!strings.Contains(issue.Messages[1].HTML, "<b>Bold</b>") || issue.Messages[1].Headlines == "" || issue.Messages[1].Rich == "" {
		t.Errorf("preview --json: %+v", issue)
	}
}

func TestPreviewGoesOnAfterAMistake(t *testing.T) {
	dir := t.TempDir()
	empty, file := write(t, dir, "empty.md", ""), write(t, dir, "7.md", document)
	got := runWith(t, nil, "", "preview", empty, file, filepath.Join(dir, "none.md"))
	mustFail(t, "preview", got, "empty.md", "none.md")
	if !strings.Contains(got.out, "Bold paragraph.") {
		t.Errorf("preview lacks the document that is fine:\n%s", got.out)
	}
}

func TestImport(t *testing.T) {
	dir := t.TempDir()
	database := filepath.Join(dir, "test.db")
	write(t, dir, "7.md", document)
	first := runWith(t, nil, "", "import", "--database", database, dir)
	if want := "1 added, 0 corrected, 0 unchanged, 0 not imported\n"; first.failure != nil || !strings.HasSuffix(first.out, want) {
		t.Errorf("first import: %v, %s, want %s", first.failure, first.out, want)
	}
	write(t, dir, "8.md", "")
	second := runWith(t, nil, "", "import", "--database", database, dir)
	if want := "0 added, 0 corrected, 1 unchanged, 1 not imported\n"; second.failure == nil || !strings.HasSuffix(second.out, want) {
		t.Errorf("second import: %v, %s, want an error and %s", second.failure, second.out, want)
	}
	if !strings.Contains(second.err, "8.md") || !strings.Contains(second.err, "document is empty") {
		t.Errorf("second import printed %q, want what is wrong with 8.md", second.err)
	}
}

func TestImportSaysThatTheDatabaseIsNew(t *testing.T) {
	database := filepath.Join(t.TempDir(), "test.db")
	first := runWith(t, nil, document, "import", "--database", database, "-")
	if want := "digestbot: there was no database, so a new one was made: " + database + "\n"; first.failure != nil || first.err != want {
		t.Errorf("the first import printed %q, %v, want %q", first.err, first.failure, want)
	}
	if second := runWith(t, nil, document, "import", "--database", database, "-"); second.failure != nil || second.err != "" {
		t.Errorf("the second import printed %q, %v, want nothing", second.err, second.failure)
	}
}

// On the command line an issue is redated, withdrawn and restored. Errors name the cause
// and the cure.
func TestWithdrawAndRedateOnTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	database := filepath.Join(dir, "test.db")
	write(t, dir, "7.md", document)
	write(t, dir, "8.md", misdated)
	const warning = "warning: 8.md: it is dated 20 November 2062, more than a week ahead: it is not sent before 13 November 2062"
	mustContain(t, "preview", runWith(t, nil, "", "preview", filepath.Join(dir, "8.md")).err, warning)
	mustContain(t, "preview --json", runWith(t, nil, "", "preview", "--json", filepath.Join(dir, "8.md")).out, "it is dated 20 November 2062")
	for _, tt := range []struct {
		args []string
		out  string // in the output
		err  string // in the error or on standard error; empty: nothing is there
	}{
		{[]string{"withdraw", "8"}, "", "no such file or directory; give the bot's database with --database"},
		{[]string{"import", dir}, "2 added", warning},
		{[]string{"redate", "8", "20.11.2026"}, "", `"20.11.2026" is not a date: write it as year-month-day`},
		{[]string{"redate", "9", "2026-11-20"}, "", `there is no issue "9"; the newest are 8 ("Letters, issue 8", 2062-11-20), 7 ("Letters, issue 7", 2026-11-13)`},
		{[]string{"redate", "8", "2026-11-20"}, `redated: 8, "Letters, issue 8", 2026-11-20, before: 2062-11-20`, ""},
		{[]string{"redate", "#8", "2026-11-20"}, "it has that date already", ""},
		{[]string{"import", dir}, "2 unchanged", ""},
		{[]string{"withdraw", "8"}, `withdrawn: 8, "Letters, issue 8", 2026-11-20`, ""},
		{[]string{"withdraw", "id_2"}, "it was withdrawn before", ""},
		{[]string{"import", dir}, "2 unchanged", "8.md: the issue is withdrawn and stays so; digestbot withdraw --undo restores it"},
		{[]string{"withdraw", "--undo", "8"}, "restored: 8,", ""},
		{[]string{"withdraw", "8", "--undo"}, "it was not withdrawn: 8,", ""},
	} {
		got := runWith(t, nil, "", append(tt.args, "--database", database)...)
		said := got.err
		if got.failure != nil {
			said += got.failure.Error()
		}
		if !strings.Contains(got.out, tt.out) || !strings.Contains(said, tt.err) || tt.err == "" && said != "" {
			t.Errorf("%v printed %q and %q, want %q and %q", tt.args, got.out, said, tt.out, tt.err)
		}
	}
}

// The public archive is written to a folder, and written again when something has changed.
func TestSiteOnTheCommandLine(t *testing.T) {
	t.Parallel()
	dir, out := t.TempDir(), filepath.Join(t.TempDir(), "site")
	database := filepath.Join(dir, "test.db")
	write(t, dir, "7.md", document)
	const address = "--public-url=https://example.org/letters"
	mustFail(t, "without a database", runWith(t, nil, "", "site", out, "--database", database, address), "no database was found", "--database (DIGESTBOT_DATABASE)")
	if got := runWith(t, nil, "", "import", dir, "--database", database); got.failure != nil {
		t.Fatal(got.failure)
	}
	mustFail(t, "without an address", runWith(t, nil, "", "site", out, "--database", database), "--public-url (DIGESTBOT_PUBLIC_URL)", "looks like https://example.org/weekly/")
	foreign := t.TempDir()
	write(t, foreign, "index.html", "of somebody else")
	mustFail(t, "a folder of others", runWith(t, nil, "", "site", foreign, "--database", database, address), "files that digestbot has not written, such as index.html")
	for _, want := range []string{" written, 0 unchanged, 0 removed", "\nfiles: 0 written"} {
		got := runWith(t, nil, "", "site", out, "--database", database, address)
		if got.failure != nil {
			t.Fatal(got.failure)
		}
		mustContain(t, "site", got.out, "issues at https://example.org/letters/: 1", want)
		mustContain(t, "site", got.err, "the bot has not run with this database yet")
	}
	if got := runWith(t, nil, "", "withdraw", "7", "--database", database); got.failure != nil {
		t.Fatal(got.failure)
	}
	mustContain(t, "site", runWith(t, nil, "", "site", out, "--database", database, address).out, "letters/: 0", " 3 removed")
	if page, err := os.ReadFile(filepath.Join(out, "index.html")); err != nil || strings.Contains(string(page), "Letters, issue 7") {
		t.Errorf("the index is %q, %v", page, err)
	}
}

// The error shows an operator in the wrong folder which one it is. Nothing is made there.
func TestWithdrawAndRedateWithoutADatabase(t *testing.T) {
	t.Chdir(t.TempDir())
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	want := "no database was found: stat " + filepath.Join(folder, "none.db") + ": no such file or directory; give the bot's database with --database"
	for _, args := range [][]string{{"withdraw", "8"}, {"redate", "8", "2026-11-20"}} {
		got := runWith(t, nil, "", append(args, "--database", "none.db")...)
		if got.failure == nil || got.failure.Error() != want {
			t.Errorf("%v: %v, want %q", args, got.failure, want)
		}
	}
	if files, err := filepath.Glob("*"); err != nil || len(files) > 0 {
		t.Errorf("files %v were made, %v", files, err)
	}
}

func TestGuestsAreWarnedOf(t *testing.T) {
	for address, want := range map[string]bool{"127.0.0.1": false, "::1": false, "0.0.0.0": true, "::": true, "192.0.2.1": true} {
		var said strings.Builder
		warnOfGuests(stdio{err: &said}, &net.TCPAddr{IP: net.ParseIP(address), Port: 7979})
		if got := strings.Contains(said.String(), "--address 127.0.0.1:7979"); got != want {
			t.Errorf("on %s the demo says %q", address, said.String())
		}
	}
}

// The sentence of the welcome may have commas, also in the variable, where each is a line.
func TestWelcomeIsNotSplit(t *testing.T) {
	for text, want := range map[string]string{
		"Roses, books, frost": "",
		"en=Roses, books\nzh-Hans=玫瑰，书\nRosas, libros": "",
		"en=Roses\neo=Rozoj": `--welcome (DIGESTBOT_WELCOME): language "eo": there are no texts in it; use one of en, `,
	} {
		got := runWith(t, []string{"DIGESTBOT_TOKEN=" + fakeToken, "DIGESTBOT_WELCOME=" + text}, "", "serve", "--rate=0")
		if got.failure == nil {
			t.Fatal("a rate of 0 is valid")
		}
		if complaint := got.failure.Error(); !strings.Contains(complaint, want) || strings.Contains(complaint, "--welcome") != (want != "") {
			t.Errorf("%q: %s; want %q", text, complaint, want)
		}
	}
}
