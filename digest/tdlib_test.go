//go:build unix

package digest_test

import (
	"cmp"
	"fmt"
	"html"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"digestbot/bot/telegramsim/tdlib"
	"digestbot/digest"
	"digestbot/digest/document"
)

// telegram gives messages to Telegram's own parser.
type telegram struct {
	*tdlib.Library
	messages, mostEntities int
}

// message checks one message: Telegram accepts it, it has the given length in units (-1: any),
// it keeps all links and other entities, and nothing in it is a command of the bot.
func (tg *telegram) message(t *testing.T, source string, length int) {
	t.Helper()
	tg.messages++
	parsed, err := tg.ParseHTML(source)
	if err != nil {
		t.Errorf("refused: %v\n%s", err, source)
		return
	}
	if units := digest.Units(strings.Trim(parsed.Text, " \n")); length >= 0 && units != length {
		t.Errorf("%d units, not %d:\n%s", units, length, source)
	}
	links := 0
	for _, e := range parsed.Entities {
		if e.Kind.Type == "textEntityTypeTextUrl" || e.Kind.Type == "textEntityTypeMentionName" {
			links++
		}
	}
	if want := strings.Count(source, "<a "); links != want {
		t.Errorf("%d of %d links were kept:\n%s", links, want, source)
	}
	whole, err := tg.Message(source)
	if err != nil {
		t.Fatal(err)
	}
	tg.mostEntities = max(tg.mostEntities, len(whole.Entities))
	if len(whole.Entities) > 100 {
		t.Errorf("%d entities, found ones included:\n%s", len(whole.Entities), source)
	}
	for _, e := range whole.Entities {
		if e.Kind.Type == "textEntityTypeBotCommand" {
			t.Errorf("%.20q became a command:\n%s", after(whole.Text, e.Offset), source)
		}
	}
}

// after returns the text after that many UTF-16 units.
func after(text string, units int) string {
	for i := range text {
		if digest.Units(text[:i]) == units {
			return text[i:]
		}
	}
	return ""
}

// issue checks all of an issue's messages in both plain layouts.
func (tg *telegram) issue(t *testing.T, issue *digest.Issue) {
	t.Helper()
	var headlines []string
	for _, m := range issue.Messages() {
		tg.message(t, m.HTML, m.Length)
		headlines = append(headlines, m.Headlines)
		if m.Headlines != "" {
			tg.message(t, m.Headlines, -1)
		}
	}
	tg.message(t, digest.Compact(headlines), -1)
}

// document checks the issues of a document, if it can be read.
func (tg *telegram) document(t *testing.T, name string, content []byte) {
	t.Helper()
	issues, err := document.ParseAll(name, content)
	if err != nil {
		return
	}
	for _, issue := range issues {
		tg.issue(t, issue)
	}
}

// TestTelegramsOwnParserOfIssues gives Telegram's own parser the messages of all test
// documents, of the documents that fuzzing found, and of made-up issues.
func TestTelegramsOwnParserOfIssues(t *testing.T) {
	tg := &telegram{Library: tdlib.Open(t)}
	for _, d := range append(goldenInputs(t), fuzzCorpus(t)...) {
		tg.document(t, d.name, d.content)
	}
	for _, issue := range fuzzLayouts(t) {
		tg.issue(t, issue)
	}
	documents := tg.messages
	for shape := range 256 {
		if issue := layoutIssue("some words / @here", "https://example.com/?q", 2, 3, uint8(shape)); issue != nil {
			tg.issue(t, issue)
		}
	}
	g := rand.New(rand.NewPCG(1, 8))
	for range 40 {
		tg.issue(t, crowdedIssue(g))
	}
	t.Logf("%d messages of documents, %d in all, at most %d entities", documents, tg.messages, tg.mostEntities)
	if documents == 0 {
		t.Error("no document has messages")
	}
}

// testDocument is a document of the tests of package document.
type testDocument struct {
	name    string
	content []byte
}

// goldenInputs reads those whose messages are in golden files.
func goldenInputs(t *testing.T) []testDocument {
	t.Helper()
	var out []testDocument
	for _, path := range files(t, "document", "testdata", "*", "*.in.*") {
		out = append(out, testDocument{filepath.Base(path), read(t, path)})
	}
	return out
}

// files returns the files that match a pattern. It fails if there are none.
func files(t *testing.T, pattern ...string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(pattern...))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no file is named %v: %v", pattern, err)
	}
	return paths
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// fuzzCorpus reads the documents that "go test -fuzz FuzzParse" has saved.
func fuzzCorpus(t *testing.T) []testDocument {
	t.Helper()
	var out []testDocument
	for path, values := range saved(t, 2, "document", "testdata", "fuzz", "FuzzParse", "*") {
		name, err1 := strconv.Unquote(values[0])
		content, err2 := strconv.Unquote(values[1])
		if err1 != nil || err2 != nil {
			t.Fatalf("%s: %v, %v", path, err1, err2)
		}
		out = append(out, testDocument{name, []byte(content)})
	}
	return out
}

// fuzzLayouts reads the issues that "go test -fuzz FuzzLayouts" has saved.
func fuzzLayouts(t *testing.T) []*digest.Issue {
	t.Helper()
	var out []*digest.Issue
	for path, values := range saved(t, 5, "testdata", "fuzz", "FuzzLayouts", "*") {
		text, err1 := strconv.Unquote(values[0])
		link, err2 := strconv.Unquote(values[1])
		sections, err3 := strconv.Atoi(values[2])
		items, err4 := strconv.Atoi(values[3])
		shape, _, _, err5 := strconv.UnquoteChar(strings.Trim(values[4], "'"), '\'')
		if err := cmp.Or(err1, err2, err3, err4, err5); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if issue := layoutIssue(text, link, sections%300, items%120, uint8(shape)); issue != nil {
			out = append(out, issue)
		}
	}
	if len(out) == 0 {
		t.Error("no issue was saved for FuzzLayouts")
	}
	return out
}

// saved reads inputs that are saved for a fuzz test, each of that many values.
func saved(t *testing.T, count int, pattern ...string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, path := range files(t, pattern...) {
		lines := strings.Split(strings.TrimSpace(string(read(t, path))), "\n")
		if len(lines) != count+1 {
			t.Fatalf("%s has %d lines, want a header and %d values", path, len(lines), count)
		}
		for _, line := range lines[1:] {
			_, value, _ := strings.Cut(strings.TrimSuffix(line, ")"), "(")
			all[path] = append(all[path], value)
		}
	}
	return all
}

// crowdedWords are words of which Telegram makes entities, and words that only look like
// them.
var crowdedWords = []string{
	"@somebody", "@gif", "@ab", "#tag", "#标签", "#12", "#a#b", "$USD", "$5", "x.org", "example.com/a/b", "node.js", "1.5", "v1.2.3", "1.2.3.4", "пример.рф", "中文.中国",
	"a@b.co", "mailto:a@b.co", "ftp://x.org", "ftp://a.12", "tg://resolve?domain=x", "ton://x", "4111 1111 1111 1111", "4111111111111111", "1.2.beta.com", "+1 234 567",
	"/usr", "/usr/bin", "~/notes.txt", "(/help)", "/start@some_bot", "and/or", "1/2", "//", "/a.b", "/a-b/c", "</b>", "。/x", "word", "中文", "…", "x.org…", "\"x.org\"", "https://x.org",
}

// crowdedIssue is full of entities: words that Telegram finds, in all styles, in links, and
// across the borders of both.
func crowdedIssue(g *rand.Rand) *digest.Issue {
	spans := func(n int) []digest.Span {
		var out []digest.Span
		for range n {
			s := digest.Span{Text: crowdedWords[g.IntN(len(crowdedWords))]}
			if g.IntN(3) > 0 {
				s.Text += " "
			}
			if cut := g.IntN(len(s.Text) + 1); g.IntN(6) == 0 && s.Text[:cut] == strings.ToValidUTF8(s.Text[:cut], "") && cut < len(s.Text) {
				out, s.Text = append(out, digest.Span{Text: s.Text[:cut]}), s.Text[cut:]
			}
			if g.IntN(3) == 0 {
				s.Style = digest.Style(g.IntN(64))
			}
			if g.IntN(5) == 0 {
				s.Link = fmt.Sprintf("https://example.com/%d", g.IntN(3))
			}
			out = append(out, s)
		}
		return out
	}
	issue := &digest.Issue{Key: "k", Title: "T"}
	for n := range 2 {
		s := digest.Section{Key: fmt.Sprint(n), Name: crowdedWords[g.IntN(len(crowdedWords))]}
		for range 1 + g.IntN(12) {
			body := []digest.Block{{Kind: digest.Paragraph, Spans: spans(g.IntN(120))}}
			words := spans(2)
			words[0].Text = cmp.Or(strings.TrimSpace(words[0].Text), "x") // code ends without white space
			s.Items = append(s.Items, digest.Item{Title: spans(g.IntN(6)), Body: append(body, blocksOf(words, "https://e.example/", uint8(g.IntN(256)))...)})
		}
		issue.Sections = append(issue.Sections, s)
	}
	return issue
}

// TestTelegramsOwnParserOfLinks: isTaken reports false for exactly the links that Telegram
// drops.
func TestTelegramsOwnParserOfLinks(t *testing.T) {
	library := tdlib.Open(t)
	taken := 0
	for _, scheme := range []string{"http://", "https://", "HTTPS://", "tg://", "tg:", "mailto:", "tel:"} {
		for _, user := range []string{"", "u@", "u:p@", "@", "a@b@", "%41@", "%4@", "ü@", "a/@"} {
			for _, host := range []string{
				"example.org", "EXAMPLE.org", "localhost", "x", "", ".org", "org.", ".", "..", "%41.org", "%zz.org", "a.%4", "пример.рф", "resolve?domain=x", "1.2.3.4", "[::1]",
				"[::ffff:1.2.3.4]", "[fe80::1%25eth0]", "[x]", "[", "a_b.org", "a.org,b", "a|b.org", "a^.org", "a~b.org", "a*b.org", "a\\b.org", "a{b}.org", "a.b=c&d",
			} {
				for _, end := range []string{"", "/", ":80", ":0", ":65535", ":65536", ":", ":080", ":8x", ":-1", ":+1", "?q=a.b", "#a.b", "/a:b@c", ":80/x", ":80?x"} {
					link := scheme + user + host + end
					parsed, err := library.ParseHTML(`<a href="` + html.EscapeString(link) + `">x</a>`)
					if err != nil {
						t.Fatal(err)
					}
					want := len(parsed.Entities) == 1 && !strings.HasPrefix(scheme, "mailto") && !strings.HasPrefix(scheme, "tel")
					if got := digest.IsTaken(link); got != want {
						t.Errorf("isTaken(%q) = %v, want %v", link, got, want)
					}
					if want {
						taken++
					}
				}
			}
		}
	}
	if taken == 0 {
		t.Error("no link is taken")
	}
}
