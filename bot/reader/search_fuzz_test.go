package reader

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/sender"
	"digestbot/bot/talk"
	"digestbot/bot/telegramsim"
	"digestbot/bot/telegramsim/speed"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/search"
	"digestbot/subscribers/storetest"
)

// FuzzResults: whatever is searched for and found, Telegram takes the page of
// results with all its formatting, and what was searched for can be read from it.
func FuzzResults(f *testing.F) {
	sim := telegramsim.ForTest(f, telegramsim.Options{Limits: speed.Limits{Off: true}, ImplicitChats: true})
	f.Cleanup(sim.Close)
	store, err := storetest.Open(f.Context(), filepath.Join(f.TempDir(), "digestbot.db"))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { store.Close() })
	h := readerFor(f, sim, store)
	ann := sim.NewPerson("Ann")
	for _, words := range []string{"a", "<b>", "&lt;", "'\"%_", "长 内核", "👨‍👩‍👧", "z\u0301\u0302", "\u202e x", "`x`", "/x @x #x", "\u200f", "\u0333 a", "http://x.example"} {
		f.Add(words, strings.Repeat(words+" ", 50), strings.Repeat("。"+words, 50), "https://example.org/?<"+strings.Repeat(words, 200))
		f.Add(words, words, "", words)
	}
	f.Add("c l\u0333 A\u030a \u033f", "c l\u0333 \u212b", "", "") // Telegram removes some marks
	f.Add("a", "a", "", "https://example.org/\x9f")
	f.Add("a", "a\x00", "\x00", "https://example.org/\x00")
	f.Add("0", "\u0333\x80\xff", "", "\u0333 a") // a title that cannot be seen
	n := 0
	f.Fuzz(func(t *testing.T, words, title, text, link string) {
		q := search.Parse(words)
		if q.Empty() {
			return
		}
		n++
		items := make([]digest.Item, 6)
		for i := range items {
			items[i].Title = []digest.Span{{Text: title, Link: link}}
			items[i].Body = []digest.Block{{Kind: digest.Paragraph, Spans: []digest.Span{{Text: fmt.Sprint(i%2*i, text)}}}}
		}
		issue := &digest.Issue{Key: "1", Title: title, Sections: []digest.Section{{Key: "k", Name: title, Items: items}}}
		if _, _, err := store.SaveIssue(t.Context(), issue, "1.md", fmt.Append(nil, n)); err != nil {
			t.Fatal(err)
		}
		checkResults(t, h, q)
		checkInline(t, h, ann.Inline(words, ""))
		checkPage(t, h, issue)
	})
}

// readerFor returns a Reader that knows who it is and sends nothing by itself.
func readerFor(f *testing.F, sim *telegramsim.Sim, store *subscribers.Store) *Reader {
	f.Helper()
	api, err := tg.New(sim.Token(), tg.WithSkipGetMe(), tg.WithHTTPClient(time.Minute, sender.NewClient(sim.Client())))
	if err != nil {
		f.Fatal(err)
	}
	talker, err := talk.New(talk.Config{Store: store, API: api, Log: slog.New(slog.DiscardHandler), Location: time.UTC})
	if err != nil {
		f.Fatal(err)
	}
	me, err := api.GetMe(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	talker.Self.Store(me)
	return New(talker, Config{})
}

func checkInline(t *testing.T, h *Reader, q *telegramsim.InlineQuery) {
	t.Helper()
	params, err := h.inlineResults(t.Context(), h.Catalog.Speaker("zh", time.UTC), &models.InlineQuery{ID: q.ID, Query: q.Query})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.API.AnswerInlineQuery(t.Context(), params); err != nil {
		t.Fatalf("results for %q are refused: %v", q.Query, err)
	}
}

func checkResults(t *testing.T, h *Reader, q search.Query) {
	t.Helper()
	html, k, err := h.results(t.Context(), h.Catalog.Speaker("en", time.UTC), q, 0)
	if err != nil {
		t.Fatal(err)
	}
	m, err := h.API.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: int64(7), Text: html, ParseMode: models.ParseModeHTML, ReplyMarkup: k.Inline()})
	if err != nil {
		t.Fatalf("results for %q are refused: %v\n%s", q, err, html)
	}
	if again := search.Parse(firstCode(m)); fmt.Sprint(again.Terms()) != fmt.Sprint(q.Terms()) {
		t.Errorf("the message for %q searches for %q on its next page", q, again)
	}
	if strings.Contains(m.Text, "\x00") || m.Text == "" {
		t.Errorf("message is %q", m.Text)
	}
}

// checkPage has Telegram look at a page of the archive and a choice of sections.
func checkPage(t *testing.T, h *Reader, issue *digest.Issue) {
	t.Helper()
	s := h.Catalog.Speaker("en", time.UTC)
	html, k, err := h.archivePage(t.Context(), talk.Visit{}, s, 0)
	if err != nil {
		t.Fatal(err)
	}
	k = append(k, partKeyboard(s, archive.Issue{}, []archive.Section{{ID: 1, Name: issue.Title}})...)
	if _, err := h.API.SendMessage(t.Context(), &tg.SendMessageParams{ChatID: int64(7), Text: html, ParseMode: models.ParseModeHTML, ReplyMarkup: k.Inline()}); err != nil {
		t.Fatalf("the archive is refused: %v\n%s", err, html)
	}
}
