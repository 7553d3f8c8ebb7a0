package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
)

const weekly12 = `---
title: Weekly 12
number: 12
date: 2000-01-07
---

## News

- [Go 1.30](https://go.dev) is out
- Rust is out

## Tools

A [linter](https://example.org/lint).
`

// upload has the admin send a file and returns the preview and the summary below it.
func (w *world) upload(name, text string) (preview []telegramsim.Message, summary telegramsim.Message) {
	w.t.Helper()
	said := w.said(w.admin.Chat(), func() { w.admin.SendDocument(name, []byte(text), "") })
	if len(said) == 0 {
		w.t.Fatal("the bot says nothing of a file")
	}
	return said[:len(said)-1], said[len(said)-1]
}

// A preview that is asked for while another is being sent comes after it.
func TestPreviewsDoNotMix(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		preview, summary := w.upload("weekly.md", weekly12+"\n## People\n\n- Ada\n\n## Events\n\n- Friday\n") // more than come at once
		said := w.said(w.admin.Chat(), func() {
			for range 2 {
				w.admin.PressData(summary, "1:dgive:0:1:0:0")
			}
			w.pass(time.Minute)
		})
		if got, want := texts(said), slices.Concat(texts(preview), texts(preview)); !slices.Equal(got, want) {
			t.Errorf("the bot sends %q, want %q", got, want)
		}
	})
}

// An admin sends a document, sees what readers will get, and sends it.
func TestDraftFromUploadToReaders(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		w.tell(w.ann, "/subscribe")
		preview, summary := w.upload("weekly.md", weekly12)
		wantText(t, summary, "Draft: Weekly 12", "weekly.md", "2 sections, 3 items, 2 links", "To 1 subscriber, 3 messages each")
		if len(preview) != 3 || preview[0].Silent || !preview[1].Silent {
			t.Errorf("the preview is %q, of which only the first may ring", texts(preview))
		}
		if _, err := w.store.NewestIssue(w.t.Context()); err == nil {
			t.Error("the archive has an issue that nobody has kept")
		}
		question := w.one(w.admin.Chat(), func() { w.press(w.admin, summary, "📣 Send now…") })
		summary, _ = w.admin.Chat().Message(summary.ID)
		wantText(t, summary, "In the archive: Weekly 12")
		got := w.said(w.ann.Chat(), func() { w.press(w.admin, question, "📣 Send now") })
		if len(got) != len(preview) {
			t.Fatalf("the reader gets %q, the preview was %q", texts(got), texts(preview))
		}
		for i := range got {
			if got[i].HTML != preview[i].HTML || got[i].Silent != preview[i].Silent {
				t.Errorf("message %d is %q, the preview was %q", i, got[i].HTML, preview[i].HTML)
			}
		}
	})
}

// Each button works after a restart, twice, and after another admin has decided.
func TestDraftDecisions(t *testing.T) {
	for _, test := range []struct {
		name, first, second string
		popup               string // of the second
		shows               string
	}{
		{"kept twice", "🗓 Keep for Friday", "🗓 Keep for Friday", "This draft was decided about before. The message shows how.", "It goes out on Friday, 7 January, 09:00 (UTC)."},
		{"discarded twice", "🗑 Discard", "🗑 Discard", "", "Discarded: weekly.md"},
		{"kept, then discarded", "🗓 Keep for Friday", "🗑 Discard", "This draft was decided about before. The message shows how.", "In the archive"},
		{"discarded, then kept", "🗑 Discard", "🗓 Keep for Friday", "This draft was decided about before. The message shows how.", "Discarded: weekly.md"},
		{"discarded, then sent", "🗑 Discard", "📣 Send now…", "This draft was decided about before. The message shows how.", "Discarded: weekly.md"},
		{"kept, then sent", "🗓 Keep for Friday", "📣 Send now…", "", "In the archive"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.tell(w.admin, "/start")
				w.tell(w.ann, "/subscribe")
				_, summary := w.upload("weekly.md", weekly12)
				w.stop()
				w.start()
				w.press(w.admin, summary, test.first)
				w.stop()
				w.start()
				b, _ := summary.Button(test.second)
				answer, now := w.afterwards(w.admin.PressData(summary, b.CallbackData), summary)
				if answer.Text != test.popup {
					t.Errorf("the popup says %q, want %q", answer.Text, test.popup)
				}
				wantText(t, now, test.shows)
			})
		})
	}
}

// A draft that is another version of an issue replaces it, only on purpose.
func TestDraftReplaces(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		_, first := w.upload("weekly.md", weekly12)
		_, second := w.upload("weekly2.md", strings.Replace(weekly12, "Rust is out", "Zig is out", 1))
		w.press(w.admin, first, "🗓 Keep for Friday")
		answer, now := w.press(w.admin, second, "🗓 Keep for Friday")
		if answer.Text != "The archive has this issue by now. You can replace it." {
			t.Errorf("the popup says %q", answer.Text)
		}
		wantText(t, now, "The archive has this issue with another text: Weekly 12")
		if _, ok := now.Button("🗓 Keep for Friday"); ok {
			t.Error("the draft can still be kept beside the issue")
		}
		_, now = w.press(w.admin, now, "♻️ Replace issue 12")
		wantText(t, now, "In the archive: Weekly 12")
		_, again := w.upload("weekly2.md", strings.Replace(weekly12, "Rust is out", "Zig is out", 1))
		wantText(t, again, "The archive has exactly this document")
		_, other := w.upload("other.md", strings.Replace(strings.Replace(weekly12, "Weekly 12", "Another", 1), "01-07", "01-05", 1))
		wantText(t, other, "another issue with the same key 12", ": Weekly 12")
	})
}

// A draft takes the place of an issue that it is no other text of only after a question: one
// wrong tap would lose the text of that issue.
func TestDraftReplacesAnotherIssueOnlyWhenAsked(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		_, first := w.upload("weekly.md", weekly12)
		w.press(w.admin, first, "🗓 Keep for Friday")
		_, draft := w.upload("weekly13.md", strings.NewReplacer("12", "13", "01-07", "01-14", "Rust", "Zig").Replace(weekly12))
		_, now := w.press(w.admin, draft, "♻️ Replace issue 12…")
		wantText(t, now, "Replace Weekly 12", "Weekly 13 · 14 January 2000 would take its place")
		if text := w.newestText(); !strings.Contains(text, "Rust") {
			t.Errorf("the question has changed the issue already: %q", text)
		}
		_, now = w.press(w.admin, now, "‹ Back")
		wantText(t, now, "Draft: Weekly 13")
		_, now = w.press(w.admin, now, "♻️ Replace issue 12…")
		w.stop()
		w.start()
		_, now = w.press(w.admin, now, "♻️ Replace issue 12")
		wantText(t, now, "In the archive: Weekly 13")
		if text := w.newestText(); !strings.Contains(text, "Zig") {
			t.Errorf("after the answer the issue is %q", text)
		}
		b, _ := draft.Button("♻️ Replace issue 12…")
		answer, _ := w.afterwards(w.admin.PressData(draft, b.CallbackData), draft)
		if answer.Text != "This draft was decided about before. The message shows how." {
			t.Errorf("asked once more, the popup says %q", answer.Text)
		}
		for _, data := range []string{"1:drepq:1:99", "1:drepq:99:1"} {
			answer := w.admin.PressData(draft, data)
			w.pass(time.Second)
			if got, _ := answer.Answer(); !strings.Contains(got.Text, "out of date") && !strings.Contains(got.Text, "decided") {
				t.Errorf("the forged press %s is answered %q", data, got.Text)
			}
		}
	})
}

// newestText returns the text of the newest issue that readers may have.
func (w *world) newestText() string {
	w.t.Helper()
	issue, err := w.store.NewestIssue(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	messages, err := w.store.Messages(w.t.Context(), issue.ID, issue.Edition)
	if err != nil {
		w.t.Fatal(err)
	}
	var all []string
	for _, m := range messages {
		all = append(all, m.HTML)
	}
	return strings.Join(all, "\n")
}

// Of two admins who keep the same document, one has put it into the archive.
func TestSameDraftIsAddedOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		_, first := w.upload("weekly.md", weekly12)
		_, second := w.upload("weekly.md", weekly12)
		w.press(w.admin, first, "🗓 Keep for Friday")
		_, now := w.press(w.admin, second, "🗓 Keep for Friday")
		wantText(t, now, "In the archive: Weekly 12")
		if text := w.tell(w.admin, "/audit").Text; strings.Count(text, "into the archive") != 1 {
			t.Errorf("the audit is %q, want the issue added once", text)
		}
	})
}

// What is no document is said with its cause, and nothing is kept.
func TestDraftsThatCannotBe(t *testing.T) {
	feed := `<rss version="2.0"><channel><title>F</title><item><title>A</title><description>a</description></item><item><title>B</title><description>b</description></item></channel></rss>`
	for _, test := range []struct {
		name, file, text, want string
	}{
		{"empty", "x.md", "", "document is empty"},
		{"a picture", "x.png", "\x89PNG\r\n\x1a\n\x00\x00", "x.png"},
		{"a feed of several", "x.xml", feed, "a feed with 2 issues"},
		{"too large", "x.md", strings.Repeat("word ", 1<<19), "larger than 2 MB"},
		{"a name from elsewhere", `..\..\etc/<passwd>`, "", "<passwd>"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.tell(w.admin, "/start")
				preview, said := w.upload(test.file, test.text)
				if len(preview) != 0 {
					t.Errorf("the bot says %q as well", texts(preview))
				}
				wantText(t, said, "I can't make an issue of", test.want)
			})
		})
	}
}

// Readers get the answers they got before there were drafts, and their presses of such
// buttons do nothing.
func TestDraftsAreForAdmins(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		w.tell(w.ann, "/start")
		wantText(t, w.one(w.ann.Chat(), func() { w.ann.SendDocument("x.md", []byte(weekly12), "") }), "I can only read text")
		wantText(t, w.tell(w.ann, "/draft"), "I don't")
		_, summary := w.upload("weekly.md", weekly12)
		mine := w.tell(w.ann, "/help")
		for _, row := range summary.Keyboard {
			for _, button := range row {
				before := len(w.ann.Chat().FromBot())
				answer, _ := w.afterwards(w.ann.PressData(mine, button.CallbackData), mine)
				if !strings.Contains(answer.Text, "admin") || len(w.ann.Chat().FromBot()) != before {
					t.Errorf("the forged press %s is answered %q", button.CallbackData, answer.Text)
				}
			}
		}
		if _, err := w.store.NewestIssue(w.t.Context()); err == nil {
			t.Error("a forged press has put an issue into the archive")
		}
	})
}

// A draft is sent as any reader would get it, with a layout and sections.
func TestTryDraft(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		_, summary := w.upload("weekly.md", weekly12)
		_, now := w.press(w.admin, summary, "👤 Send to me as a reader…")
		wantText(t, now, "with this choice gets 3 messages.")
		_, now = w.press(w.admin, now, "✅ Tools")
		wantText(t, now, "with this choice gets 2 messages.")
		w.stop()
		w.start()
		got := w.said(w.admin.Chat(), func() { w.press(w.admin, now, "📨 Send to me") })
		if len(got) != 2 || strings.Contains(got[0].Text+got[1].Text, "Tools") {
			t.Errorf("without Tools the bot sends %q", texts(got))
		}
		_, now = w.press(w.admin, now, "One message")
		got = w.said(w.admin.Chat(), func() { w.press(w.admin, now, "📨 Send to me") })
		if len(got) != 1 || !strings.Contains(got[0].Text, "Rust is out") {
			t.Errorf("as one message the bot sends %q", texts(got))
		}
		_, now = w.press(w.admin, now, "Rich")
		got = w.said(w.admin.Chat(), func() { w.press(w.admin, now, "📨 Send to me") })
		if len(got) != 2 || got[0].Rich == nil {
			t.Errorf("as rich messages the bot sends %q", texts(got))
		}
		_, now = w.press(w.admin, now, "‹ Back")
		wantText(t, now, "Draft: Weekly 12")
		for _, data := range []string{"1:dtry:2:1:0:0", "1:dtry:0:1:9:0", "1:dtry:0:99:0:0", "1:dgive:1:99:0:0", "1:dlook:0:99", "1:dlook:7:1", "1:dkeep:99", "1:ddone:1", "1:ddone:99"} {
			if answer, _ := w.afterwards(w.admin.PressData(now, data), now); answer.Text == "" {
				t.Errorf("the made-up press %s has no answer", data)
			}
		}
	})
}
