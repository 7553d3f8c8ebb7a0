package bot_test

import (
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
)

// Each method of the Bot API that the program uses is called, and what leaves
// the socket is looked at byte by byte: a library between hides the difference
// between no body and an empty one, and Telegram's server does not.
func TestRequestsAsTheyLeave(t *testing.T) {
	seen := make(map[string]bool)
	inWorldToStart(t, func(w *world) {
		l := onTheWire(w)
		w.setForeignWebhook()
		w.start()
		w.useEverything()
		w.stop()
		w.config.WebhookURL = hookURL
		w.start()
		w.stop()
		l.check(seen)
	})
	synctest.Test(t, func(t *testing.T) { // what is posted openly by mistake is taken away
		w := newWorld(t, func(o *telegramsim.Options) { o.WithoutEphemeralParameters = true })
		l := onTheWire(w)
		w.start()
		w.save(longIssue(179))
		w.unfoldInClub()
		w.stop()
		l.check(seen)
	})
	for _, method := range methodsInSource(t, "..") {
		if !seen[method] {
			t.Errorf("the program uses %s, which this test does not make it call", method)
		}
	}
}

// useEverything makes the bot do all it can.
func (w *world) useEverything() {
	w.t.Helper()
	w.save(longIssue(179))
	for _, layout := range []subscribers.Layout{subscribers.Sections, subscribers.Compact, subscribers.Rich} {
		reader := w.sim.NewPerson("Reader", telegramsim.Language("en"))
		w.tell(reader, "/subscribe")
		w.setLayout(reader.ID(), layout)
		messages := w.said(reader.Chat(), func() { reader.Write("/latest") })
		if layout == subscribers.Compact {
			w.foldAndUnfold(reader, messages[0])
		}
	}
	w.inline(w.ann, "no such words", "")
	w.inline(w.ann, "words", "")

	group, compact := w.unfoldInClub()
	page := w.whisper(w.li, group, func() { w.press(w.li, compact, "▾ Essays") })
	w.pressQuietly(w.li, page, "▶️")
	m := w.whisper(w.ann, group, func() { w.ann.Whisper(group, "/sections") })
	w.pressQuietly(w.ann, m, "✅ News")
	forum := w.forum(telegramsim.AllRights())
	w.wantTopics(forum)
	w.said(forum, func() { w.ann.WriteIn(forum, "/topics") })
	w.ask(forum, "/latest")

	w.tell(w.ann, "/start") // so that she can be told what is wrong in her group
	group.MuteBot(w.ann)
	w.save(longIssue(180))
	if err := w.bot.RunSchedule(w.t.Context(), time.Now()); err != nil {
		w.t.Fatal(err)
	}
	w.pass(10 * time.Minute)
}

// unfoldInClub has an issue in a group as headlines, of which a member unfolds
// one section.
func (w *world) unfoldInClub() (group *telegramsim.Chat, compact telegramsim.Message) {
	w.t.Helper()
	group = w.club()
	w.said(group, func() { w.ann.WriteIn(group, "/subscribe") })
	compact = w.compactIn(group, w.ann)
	w.press(w.li, compact, "▾ News")
	return group, compact
}

// foldAndUnfold turns the pages of a compact message, and comes back when all
// sections are muted and no button for one is left.
func (w *world) foldAndUnfold(reader *telegramsim.Person, compact telegramsim.Message) {
	w.t.Helper()
	_, unfolded := w.press(reader, compact, "▾ News")
	switches := w.tell(reader, "/sections")
	w.press(reader, switches, "All off")
	_, folded := w.press(reader, unfolded, "‹ Headlines")
	wantLabels(w.t, folded, "🗂 Sections | ⚙️ Settings | ↗️ Share")
	_, closed := w.press(reader, switches, "Done") // an edit that takes the buttons away
	wantLabels(w.t, closed)
}

// methodsInSource finds the Bot API methods that the program calls, in the
// packages below a folder.
func methodsInSource(t *testing.T, root string) []string {
	t.Helper()
	all := libraryMethods()
	found := map[string]bool{"getUpdates": true} // behind Start
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "telegramsim") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && all[s.Sel.Name] {
				found[strings.ToLower(s.Sel.Name[:1])+s.Sel.Name[1:]] = true
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 15 {
		t.Errorf("only %d methods were found in the source", len(found))
	}
	return slices.Sorted(maps.Keys(found))
}

// libraryMethods are the names of the library's calls: whatever takes the
// parameters of a method, and GetMe and the like, which take none. What is
// called Close here closes files and databases.
func libraryMethods() map[string]bool {
	names := make(map[string]bool)
	library := reflect.TypeFor[*tg.Bot]()
	for i := range library.NumMethod() {
		m := library.Method(i)
		f := m.Type
		if f.NumIn() < 2 || f.NumOut() != 2 || f.In(1) != reflect.TypeFor[context.Context]() || m.Name == "Close" {
			continue
		}
		names[m.Name] = true
	}
	return names
}

// However a keyboard is made, there are no nulls and no empty rows in it: with
// either Telegram refuses the message.
func TestMarkup(t *testing.T) {
	one := []models.InlineKeyboardButton{{Text: "a", CallbackData: "a"}}
	for _, test := range []struct {
		name string
		rows [][]models.InlineKeyboardButton
		want string
	}{
		{"none", nil, `{"inline_keyboard":[]}`},
		{"a nil row", [][]models.InlineKeyboardButton{nil}, `{"inline_keyboard":[]}`},
		{"empty rows around one", [][]models.InlineKeyboardButton{nil, one, {}}, `{"inline_keyboard":[[{"text":"a","callback_data":"a"}]]}`},
	} {
		got, err := json.Marshal(delivery.Markup(test.rows))
		if err != nil || string(got) != test.want {
			t.Errorf("%s: the markup is %s (%v), want %s", test.name, got, err, test.want)
		}
	}
}
