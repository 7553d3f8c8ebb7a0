package roster_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"

	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/roster"
)

// utf16Of returns a text in UTF-16 with a byte order mark.
func utf16Of(order binary.AppendByteOrder, text string) []byte {
	var b []byte
	for _, unit := range append([]uint16{0xfeff}, utf16.Encode([]rune(text))...) {
		b = order.AppendUint16(b, unit)
	}
	return b
}

// Tables are understood as spreadsheets save them.
func TestTablesOfSpreadsheets(t *testing.T) {
	const table = "Chat,Muted Sections,Title,kind\n11,值得关注 | 工具,,\n-22,文章,\"Friends, old\nones\",group\n"
	gbk := must(simplifiedchinese.GBK.NewEncoder().String(table))(t)
	semicolons := strings.ReplaceAll(strings.ReplaceAll(table, "Friends, old", "Friends; old"), ",", ";")
	for name, data := range map[string][]byte{
		"plain":                   []byte(table),
		"byte order mark":         []byte("\ufeff" + table),
		"CRLF":                    []byte(strings.ReplaceAll(table, "\n", "\r\n")),
		"CR":                      []byte(strings.ReplaceAll(table, "\n", "\r")),
		"no newline at the end":   []byte(strings.TrimRight(table, "\n")),
		"semicolons":              []byte(semicolons),
		"a line for Excel":        []byte("sep=;\r\n" + semicolons),
		"tabs":                    []byte(strings.ReplaceAll(strings.ReplaceAll(table, "Friends, old", "Friends old"), ",", "\t")),
		"UTF-16, little-endian":   utf16Of(binary.LittleEndian, table),
		"UTF-16, big-endian":      utf16Of(binary.BigEndian, strings.ReplaceAll(table, "\n", "\r\n")),
		"an encoding of Chinese":  []byte(gbk),
		"empty columns and rows":  []byte("Chat,Muted Sections,Title,kind,,\n11,值得关注 | 工具,,,,\n,,,,,\n-22,文章,Friends,group,,\n\n,,,,,\n"),
		"everything in quotation": []byte("\"chat\",\"muted_sections\",\"title\",\"kind\"\n\"11\",\"值得关注 | 工具\",\"\",\"\"\n\"-22\",\"文章\",\"Friends\",\"group\"\n"),
		"apostrophes":             []byte("chat,muted_sections,title,kind\n11,值得关注 | 工具,,\n'-22,文章,Friends,group\n"),
	} {
		t.Run(name, func(t *testing.T) {
			list, err := roster.Read(data, roster.CSV)
			if err != nil || len(list.People) != 2 {
				t.Fatalf("read %+v, %v", list.People, err)
			}
			ann, friends := list.People[0], list.People[1]
			if ann.ID != 11 || ann.Kind != subscribers.Private || strings.Join(ann.Muted, ",") != "值得关注,工具" || ann.State != subscribers.On {
				t.Errorf("the first is %+v", ann)
			}
			if friends.ID != -22 || !strings.HasPrefix(friends.Title, "Friends") || strings.Contains(friends.Title, "\n") || strings.Join(friends.Muted, ",") != "文章" {
				t.Errorf("the second is %+v", friends)
			}
		})
	}
}

// Each mistake is told with its line, its cause and its cure.
func TestMistakes(t *testing.T) {
	for _, test := range []struct {
		name, table string
		want        []string
	}{
		{"no number", "chat\nabc\n", []string{"line 2", `"abc"`, "whole number"}},
		{"zero", "chat\n0\n", []string{"line 2", "whole number"}},
		{"rounded", "chat\n1\n-1.00123E+12\n", []string{"line 3", "rounded by a spreadsheet", "as text"}},
		{"name of a person", "chat\n@ann\n", []string{"line 2", "finds nobody by name"}},
		{"address", "chat\nann@example.org\n", []string{"line 2", "e-mail"}},
		{"too large", "chat\n9007199254740993\n", []string{"line 2", "too many digits"}},
		{"kind does not show", "chat\n-1001234567890\n", []string{"line 2", "supergroup or a channel"}},
		{"wrong kind", "chat,kind\n5,group\n", []string{"line 2", "not the id of a group"}},
		{"unknown kind", "chat,kind\n5,club\n", []string{"line 2", `"club"`, "supergroup"}},
		{"topic of a person", "chat,topic\n5,7\n", []string{"line 2", "topic", "no forum topics"}},
		{"wrong topic", "chat,kind,topic\n-1001234567890,supergroup,x\n", []string{"line 2", "topic"}},
		{"state", "chat,state\n5,paused\n", []string{"line 2", `"paused"`, "paused_until"}},
		{"layout", "chat,layout\n5,wide\n", []string{"line 2", `"wide"`, "compact"}},
		{"flag", "chat,silent\n5,maybe\n", []string{"line 2", "silent", "neither yes nor no"}},
		{"time", "chat,joined\n5,yesterday\n", []string{"line 2", "joined", "2026-11-27"}},
		{"future", "chat,joined\n5,2999-01-01\n", []string{"line 2", "in the future"}},
		{"weekday", "chat,delivery,zone\n5,someday 09:00,UTC\n", []string{"line 2", "Friday 09:00"}},
		{"zone", "chat,delivery,zone\n5,Fri 09:00,Mars/Olympus\n", []string{"line 2", "Mars/Olympus"}},
		{"no zone", "chat,delivery\n5,Fri 09:00\n", []string{"line 2", "needs the column zone"}},
		{"how often", "chat,every\n5,3\n", []string{"line 2", "every", "monthly"}},
		{"language", "chat,language\n5,<b>\n", []string{"line 2", "zh-hans"}},
		{"word", "chat,muted_words\n5,!!\n", []string{"line 2", "without a letter"}},
		{"long word", "chat,muted_words\n5," + strings.Repeat("x", 51) + "\n", []string{"line 2", "longer than 50"}},
		{"many words", "chat,muted_words\n5," + words(51) + "\n", []string{"line 2", "may be 50"}},
		{"both sides", "chat,muted_words,highlighted_words\n5,Go,go\n", []string{"line 2", "in muted_words as well"}},
		{"twice", "chat\n5\n6\n5\n", []string{"line 4", "in line 2 already"}},
		{"topics twice", "chat,kind,topic,section_topics\n-1001234567890,supergroup,,yes\n-1001234567890,supergroup,7,yes\n", []string{"line 3", "section_topics", "line 2"}},
		{"too few cells", "chat,layout\n5\n", []string{"line 2", "cells: 1", "columns: 2"}},
		{"too many cells", "chat,title\n-5,a,b\n", []string{"line 2", "cells: 3"}},
		{"open quotation mark", "chat,title\n-5,\"a\n", []string{"line 2", "quotation mark"}},
		{"quotation mark within", "chat,title\n-5,a\"b\n6,\n-7,c\"d\n", []string{"line 2", "line 4", "double"}},
		{"long cell", "chat,title\n-5," + strings.Repeat("x", 20_000) + "\n", []string{"line 2", "longer than"}},
		{"long title", "chat,title\n-5," + strings.Repeat("x", 400) + "\n", []string{"line 2", "longer than 300"}},
		{"zero byte", "chat,title\n-5,a\n-6,b\x00\n", []string{"line 3", "zero byte"}},
		{"after a text of two lines", "chat,title\n-5,\"a\nb\"\nx,\n", []string{"line 4", `"x"`}},
		{"unknown column", "chat,mutedsections,langage,favourite colour\n5,,,\n", []string{"muted_sections?", "language?", "take it out"}},
		{"column twice", "chat,chat\n5,5\n", []string{"line 1", "twice"}},
		{"no chat", "chat_id,layout\n5,\n", []string{"rename the column", `"chat_id"`}},
		{"no header", "5,rich\n6,\n", []string{"column chat is missing"}},
		{"Mailchimp", "Email Address,First Name,Last Name,MEMBER_RATING\na@example.org,A,B,2\n", []string{"e-mail addresses", "?start=subscribe"}},
		{"listmonk", "uuid,email,name,attributes,status,created_at,updated_at\n1,a@example.org,A,{},enabled,2026-01-01,2026-01-01\n", []string{"e-mail addresses"}},
		{"nobody", "chat\n", []string{"nobody"}},
		{"empty", " \n", []string{"empty"}},
		{"JSON", "\n[{\"chat\": 5}]\n", []string{"looks like JSON", "--format json"}},
		{"spreadsheet", "PK\x03\x04" + strings.Repeat("\x00\x01", 50), []string{"save it as CSV"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			list, err := roster.Read([]byte(test.table), roster.CSV)
			if err == nil {
				t.Fatalf("read %+v", list.People)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error is %q, want %q in it", err, want)
				}
			}
		})
	}
}

// words is a list of n words.
func words(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("w%d", i)
	}
	return strings.Join(all, "|")
}

// Of many mistakes the first twenty are told, and how many there are.
func TestManyMistakes(t *testing.T) {
	_, err := roster.Read([]byte("chat\n"+strings.Repeat("x\n", 1234)+"7\n"), roster.CSV)
	mistakes, ok := errors.AsType[*roster.Mistakes](err)
	if !ok || mistakes.Count != 1234 || len(mistakes.First) != 20 {
		t.Fatalf("the error is %v", err)
	}
	for _, want := range []string{"line 2:", "line 21:", "… and 1214 more", "nothing was imported"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("there is no %q in %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "line 22:") {
		t.Errorf("there are too many lines in %v", err)
	}
}

// What a terminal would obey is not printed.
func TestMistakesAreSafe(t *testing.T) {
	_, err := roster.Read([]byte("chat,layout\n5,\x1b[2Jrich\u202e\n\x1b]0;x,rich\n"), roster.CSV)
	if err == nil || strings.ContainsAny(err.Error(), "\x1b\u202e") {
		t.Errorf("the error is %q", err)
	}
}

// JSON is an array of objects, or objects one after the other.
func TestJSON(t *testing.T) {
	for name, text := range map[string]string{
		"array":     `[{"chat": 11, "silent": true, "muted_sections": ["News", "Tools"], "layout": null}, {"chat":-22}]`,
		"lines":     `{"chat": "11", "silent": "yes", "muted_sections": "News | Tools"}` + "\n" + `{"chat":-22}`,
		"with mark": "\ufeff[\r\n{\"chat\":11,\r\n\"silent\":1,\"muted_sections\":[\"News\",\"Tools\"]},{\"chat\":-22}]",
	} {
		t.Run(name, func(t *testing.T) {
			list, err := roster.Read([]byte(text), roster.JSON)
			if err != nil || len(list.People) != 2 {
				t.Fatalf("read %+v, %v", list.People, err)
			}
			if p := list.People[0]; p.ID != 11 || !p.Silent || len(p.Muted) != 2 {
				t.Errorf("the first is %+v", p)
			}
		})
	}
	for _, test := range []struct{ name, text, want string }{
		{"wrong id", "[{\"chat\":1},\n\n{\"chat\":1.5}]", `line 3: chat: "1.5"`},
		{"no object", "[{\"chat\":1},\n5]", "line 2: it is not an object"},
		{"null", "[null]", "line 1: it is not an object"},
		{"list in a text", `[{"chat":1,"layout":["rich"]}]`, "single value"},
		{"no list", `[{"chat":1,"muted_sections":{"a":1}}]`, "list of texts"},
		{"unknown name", `[{"chat":1,"mutedwords":[]}]`, "muted_words?"},
		{"no chat", `[{"chat":1},{"layout":"rich"}]`, "chat is missing"},
		{"addresses", `[{"email":"a@example.org"}]`, "e-mail"},
		{"cut off", "[{\"chat\":1},\n{\"chat\":2", "line 2: it is not valid JSON"},
		{"no end", "[{\"chat\":1},\n{\"chat\":2}", "cut off"},
		{"more behind", "[{\"chat\":1}]\n{\"chat\":2}", "line 2: there is something behind"},
		{"nobody", "[]", "nobody"},
		{"a table", "chat\n5\n", "give --format csv"},
		{"in an object", `{"subscribers":[{"chat":5}]}`, `list of objects such as {"chat": 123456789}`},
		{"name twice", `[{"chat":5,"Chat":6}]`, "line 1: chat is there twice"},
		{"told once", `[{"chat":[5]}]`, "mistakes in the file: 1"},
		{"deep", strings.Repeat("[", 100_000), "line 1"},
		{"long", `[{"chat":1,"title":"` + strings.Repeat("x", 20_000) + `"}]`, "longer than"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if list, err := roster.Read([]byte(test.text), roster.JSON); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("read %+v, %v, want %q", list.People, err, test.want)
			}
		})
	}
}

// Names of people are not kept, and a pause that is over is none.
func TestWhatIsLeftOut(t *testing.T) {
	list := must(roster.Read([]byte("chat,title,paused_until,reason\n5,Ann,2020-01-01,blocked\n"), roster.CSV))(t)
	if p := list.People[0]; p.Title != "" || !p.PausedUntil.IsZero() || p.Reason != "" {
		t.Errorf("read %+v", p)
	}
}

// Whatever a table has in it: what is read is written so that it is read again.
func FuzzRead(f *testing.F) {
	f.Add([]byte("chat,kind,title,muted_sections,muted_words\n-5,group,'=x,a \\| b | c,\"x\ny\"\n"), false)
	f.Add([]byte("sep=;\nchat;state;joined\n5;gone;2020-02-02\n"), false)
	f.Add([]byte(`[{"chat":5,"muted_sections":["a|b"],"every":"monthly"}]`), true)
	f.Add([]byte("chat,delivery,zone,highlighted_words\n5,Fri 09:00,UTC,''=y\n"), false)
	f.Add(utf16Of(binary.LittleEndian, "chat,title\n-5,值\n"), false)
	f.Fuzz(func(t *testing.T, data []byte, asJSON bool) {
		format := roster.CSV
		if asJSON {
			format = roster.JSON
		}
		list, err := roster.Read(data, format)
		if err != nil {
			if err.Error() == "" {
				t.Error("there is no word about what is wrong")
			}
			return
		}
		for _, p := range list.People {
			if p.ID == 0 || p.Kind == "" || p.State == "" || len(p.MutedWords)+len(p.Highlighted) > subscribers.MaxWords || digest.Units(p.Title) > 300 {
				t.Errorf("read %+v", p)
			}
		}
		for _, format := range []roster.Format{roster.CSV, roster.JSON} {
			var once, twice bytes.Buffer
			if err := roster.Write(&once, list.People, format); err != nil {
				t.Fatal(err)
			}
			again, err := roster.Read(once.Bytes(), format)
			if err != nil {
				t.Fatalf("what was written is not read: %v\n%s", err, once.Bytes())
			}
			if err := roster.Write(&twice, again.People, format); err != nil || !bytes.Equal(once.Bytes(), twice.Bytes()) {
				t.Errorf("written as\n%s\nand then as\n%s", once.Bytes(), twice.Bytes())
			}
		}
	})
}
