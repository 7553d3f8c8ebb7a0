package demo_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/demo"
	"digestbot/bot/telegramsim"
	"digestbot/bot/telegramsim/speed"
	"digestbot/digest"
	"digestbot/digest/document"
)

// issues returns the issues of the demo, those of the golden documents, and some hostile
// ones.
func issues(t *testing.T) []*digest.Issue {
	t.Helper()
	var all []*digest.Issue
	for _, w := range demo.Weeklies() {
		for number := demo.FirstNumber; number >= demo.OldestNumber; number-- {
			_, issue := publish(t, w, number)
			all = append(all, issue)
		}
	}
	paths, err := filepath.Glob(filepath.Join("..", "..", "digest", "document", "testdata", "*", "*.in.*"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("documents of package document: %v, %v", paths, err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := document.ParseAll(filepath.Base(path), data)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, parsed...)
	}
	for _, text := range []string{
		strings.Repeat("## A <&> \"name\"\n\n- [one](https://a.example/?a=1&b=2)\n- two\n\n", 200),
		"# T\n\n## A\n\n" + strings.Repeat("![caption](https://a.example/p.png)\n\ntext\n\n", 60),
		"# T\n\n## A\n\n" + strings.Repeat("|a", 25) + "|\n" + strings.Repeat("|-", 25) + "|\n" + strings.Repeat("|b", 25) + "|\n",
		"# T\n\n## A\n\n- > 1. ***~~[a](https://a.example/)~~***\n  >    - b\n  >\n  >      ```go\n  >      x < y && z\n  >      ```\n",
		"# T\n\n## A\n\n" + strings.Repeat("👩🏽‍💻 مرحبا e\u0301 ", 1500),
	} {
		issue, err := document.Parse("hostile.md", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, issue)
	}
	for n := range all[0].Sections {
		all[0].Sections[n].New = true
	}
	return all
}

// Telegram accepts what package digest writes, in every layout.
func TestTelegramTakesEveryForm(t *testing.T) {
	sim := telegramsim.ForTest(t, telegramsim.Options{Limits: speed.Limits{Off: true}})
	defer sim.Close()
	b, err := tg.New(sim.Token(), tg.WithHTTPClient(time.Minute, sim.Client()))
	if err != nil {
		t.Fatal(err)
	}
	ann := sim.NewPerson("Ann")
	ann.Write("/start")
	send := func(text string) {
		t.Helper()
		if _, err := b.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: ann.ID(), Text: text, ParseMode: models.ParseModeHTML}); err != nil {
			t.Errorf("SendMessage: %v\n%s", err, text)
		}
		if last := ann.Chat().Last(); last.Dropped > 0 {
			t.Errorf("Telegram left out %d entities of %s", last.Dropped, text)
		}
	}
	rich := 0
	for _, issue := range issues(t) {
		var headlines []string
		for _, m := range issue.Messages() {
			send(m.HTML)
			headlines = append(headlines, m.Headlines)
			if m.Rich == "" {
				continue
			}
			rich++
			message := models.InputRichMessage{HTML: m.Rich}
			if _, err := b.SendRichMessage(t.Context(), &tg.SendRichMessageParams{ChatID: ann.ID(), RichMessage: message}); err != nil {
				t.Errorf("SendRichMessage: %v\n%s", err, m.Rich)
			}
		}
		send(digest.Compact(headlines))
	}
	if rich < 50 {
		t.Errorf("only %d rich messages were sent", rich)
	}
}
