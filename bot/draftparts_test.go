package bot_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"digestbot/bot/telegramsim"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/intake"
)

// A forwarded post, a long text and an address become drafts; what is shorter does not.
func TestDraftsFromTexts(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		w.config.Fetch = func(_ context.Context, address string) (string, []byte, error) {
			if strings.HasSuffix(address, "gone") {
				return address, nil, errors.New(address + ": 404")
			}
			return address, []byte(weekly12), nil
		}
		w.start()
		w.tell(w.admin, "/start")
		channel := w.sim.NewChannel("Source", w.ann)
		last := func(said []telegramsim.Message) telegramsim.Message { return said[len(said)-1] }
		post := last(w.said(w.admin.Chat(), func() {
			w.admin.ForwardPost(channel, "<b>Weekly 13</b>\n\n<b>News</b>\n• <a href=\"https://go.dev\">Go</a> 😀 is out\n• Rust\n\n<b>Tools</b>\n• Zig")
		}))
		wantText(t, post, "Draft: Weekly 13", "2000-01-01.html", "2 sections, 3 items, 1 link")
		long := last(w.said(w.admin.Chat(), func() {
			w.admin.Write("# Weekly 14\n\n## News\n\n- " + strings.Repeat("word ", 40) + "\n- two")
		}))
		wantText(t, long, "Draft: Weekly 14", "2000-01-01.md", "1 section, 2 items")
		wantText(t, last(w.said(w.admin.Chat(), func() { w.admin.Write("https://example.org/12.md") })), "Draft: Weekly 12", "https://example.org/12.md")
		wantText(t, w.tell(w.admin, "https://example.org/gone"), "I can't make an issue of https://example.org/gone", "404")
		wantText(t, w.tell(w.admin, "maps"), "/help")
	})
}

// Between /draft and /done messages are collected, also over restarts, and edited ones
// replace their part.
func TestDraftOfParts(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		wantText(t, w.tell(w.admin, "/done"), "No draft is open")
		wantText(t, w.tell(w.admin, "/cancel"), "No draft is open")
		wantText(t, w.tell(w.admin, "/draft"), "Send me the parts")
		wantText(t, w.tell(w.admin, "/done"), "The draft is empty")
		var first telegramsim.Message
		wantText(t, w.one(w.admin.Chat(), func() { first = w.admin.Write("# Weekly 15\n\n## News") }), "1 message so far")
		w.stop()
		w.start()
		wantText(t, w.tell(w.admin, "latest"), "2 messages so far") // else a word for the newest issue
		wantText(t, w.tell(w.admin, "/draft"), "A draft is open, with 2 messages")
		var file telegramsim.Message
		wantText(t, w.one(w.admin.Chat(), func() { file = w.admin.SendDocument("tools.md", []byte("## Languages\n\n- Zig"), "") }), "3 messages so far")
		wantText(t, w.one(w.admin.Chat(), func() { w.admin.Replace(file, "tools.md", []byte("## Tools\n\n- Zig")) }), "Changed in the draft")
		wantText(t, w.one(w.admin.Chat(), func() { w.admin.Edit(first, "# Weekly 16\n\n## News") }), "Changed in the draft")
		if said := w.said(w.admin.Chat(), func() { w.admin.LoadPreview(first) }); len(said) != 0 {
			t.Errorf("of an edit that changes nothing the bot says %q", texts(said))
		}
		if said := w.said(w.admin.Chat(), func() { w.admin.SendSticker("😀") }); len(said) != 1 || !strings.Contains(said[0].Text, "I can only read text") {
			t.Errorf("of a sticker the bot says %q", texts(said))
		}
		wantText(t, w.one(w.admin.Chat(), func() { w.admin.SendPhoto("") }), "The picture itself has no address")
		pictured := w.said(w.admin.Chat(), func() { w.admin.SendPhoto("- Odin") })
		wantText(t, pictured[0], "I take what is written under the picture")
		w.stop()
		w.start()
		said := w.said(w.admin.Chat(), func() { w.press(w.admin, pictured[1], "✅ Done") })
		summary := said[len(said)-1]
		wantText(t, summary, "Draft: Weekly 16", "2 sections, 3 items")
		if shown := strings.Join(texts(said), "\n"); !strings.Contains(shown, "Tools") || strings.Contains(shown, "Languages") {
			t.Errorf("of a file that was replaced the bot shows %q", shown)
		}
		wantText(t, w.one(w.admin.Chat(), func() { w.admin.Replace(file, "tools.md", []byte("## Other\n\n- Zig")) }), "when they are edited")
		if answer, _ := w.press(w.admin, pictured[1], "✅ Done"); answer.Text != "This draft is not open any more." {
			t.Errorf("the second press says %q", answer.Text)
		}
		wantText(t, w.tell(w.admin, "/draft"), "Send me the parts")
		wantText(t, w.tell(w.admin, "/cancel"), "The draft is forgotten")
	})
}

// What cannot be joined is refused when it comes: a part cannot be taken out again, so all
// others would be lost.
func TestDraftRefusesPartsAtOnce(t *testing.T) {
	page := "<html><body><h1>Weekly 18</h1><h2>News</h2><p>Zig</p></body></html>"
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		w.tell(w.admin, "/draft")
		wantText(t, w.tell(w.admin, "# Weekly 18\n\n## News\n\n- Go"), "1 message so far")
		send := func(name, text string) telegramsim.Message {
			return w.one(w.admin.Chat(), func() { w.admin.SendDocument(name, []byte(text), "") })
		}
		wantText(t, send("x.docx", "PK\x03\x04\x00\x00"), "I can't make an issue of x.docx")
		wantText(t, send("x.html", page), "cannot be joined with other messages", "and then this file")
		said := w.said(w.admin.Chat(), func() { w.admin.Write("/done") })
		wantText(t, said[len(said)-1], "Draft: Weekly 18", "1 section, 1 item")

		w.tell(w.admin, "/draft")
		const front = "---\ntitle: Weekly 19\n---\n\n## News\n\n- Go\n"
		wantText(t, send("a.md", front), "1 message so far")
		wantText(t, send("b.md", front), "two parts begin with a front matter")
		w.tell(w.admin, "/cancel")

		w.tell(w.admin, "/draft")
		wantText(t, send("x.html", page), "1 message so far")
		wantText(t, w.tell(w.admin, "and more"), "the file that you have sent before cannot be joined", "/done")
		said = w.said(w.admin.Chat(), func() { w.admin.Write("/done") })
		wantText(t, said[len(said)-1], "Draft: Weekly 18")
	})
}

// A press of "Done" waits for the files that were sent before it.
func TestDraftDoneKeepsItsPlace(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		begin := w.tell(w.admin, "/draft")
		w.stop()
		for _, part := range []string{"# Weekly 17\n\n## News\n\n- one", "## Tools\n\n- one", "## People\n\n- one"} {
			w.admin.SendDocument("x.md", []byte(part), "")
		}
		w.admin.PressData(begin, strings.Replace(begin.Keyboard[0][0].CallbackData, "dquit", "ddone", 1))
		said := w.said(w.admin.Chat(), func() {
			w.start()
			w.settle()
		})
		summary := said[len(said)-1]
		wantText(t, summary, "Draft: Weekly 17", "3 sections, 3 items")
	})
}

// Drafts that nobody decides about are forgotten after two weeks, and their buttons say so.
func TestDraftsAreForgotten(t *testing.T) {
	inDays(t, func(w *world) {
		w.tell(w.admin, "/start")
		_, old := w.upload("weekly.md", weekly12)
		w.tell(w.admin, "/draft")
		w.stop()
		w.pass(13 * 24 * time.Hour)
		w.start()
		w.pass(2 * 24 * time.Hour)
		if answer := w.tell(w.admin, "/done"); !strings.Contains(answer.Text, "No draft is open") {
			t.Errorf("after two weeks the bot says %q", answer.Text)
		}
		for _, id := range []int64{1, 2} {
			if _, err := w.store.Draft(w.t.Context(), id); !errors.Is(err, subscribers.ErrNotFound) {
				t.Errorf("draft %d is still there: %v", id, err)
			}
		}
		w.upload("weekly.md", weekly12)
		if answer, _ := w.press(w.admin, old, "🗓 Keep for Friday"); !strings.Contains(answer.Text, "out of date") {
			t.Errorf("the old button says %q", answer.Text)
		}
	})
}

// A document of very many messages is not shown to its end, which would take minutes.
func TestLongPreviewIsCut(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		long := weekly12
		for range 90 {
			long += "\n" + strings.Repeat("Many words. ", 300) + "\n"
		}
		said := w.said(w.admin.Chat(), func() {
			w.admin.SendDocument("weekly.md", []byte(long), "")
			w.pass(3 * time.Minute)
		})
		if len(said) != 52 || !strings.Contains(said[50].Text, "more, not shown here") {
			t.Errorf("the bot says %d things, and then %q", len(said), said[len(said)-1].Text)
		}
	})
}

// Of messages that come at once only the last is answered.
func TestDraftPartsAtOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		w.tell(w.admin, "/draft")
		w.stop()
		for range 30 {
			w.admin.Write("Some text.")
		}
		said := w.said(w.admin.Chat(), w.start)
		if len(said) != 1 || !strings.Contains(said[0].Text, "30 messages so far") {
			t.Errorf("the bot says %q", texts(said))
		}
	})
}

// Of several files at once the first is taken, and the admin hears so.
func TestDraftAlbum(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		said := w.said(w.admin.Chat(), func() { w.admin.SendDocuments([]string{"a.md", "b.md", "c.md"}, []byte(weekly12)) })
		summaries, hints := 0, 0
		for _, m := range said {
			if strings.Contains(m.Text, "Draft: Weekly 12") {
				summaries++
			}
			if strings.Contains(m.Text, "I take one file at a time") {
				hints++
			}
		}
		if summaries != 1 || hints != 1 {
			t.Errorf("the bot says %q, want one draft and one hint", texts(said))
		}
	})
}

// Admins hear of each issue of a source, once, also if the program ends before.
func TestFoundIssues(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		held := w.heldIssue(12)
		w.stop()
		w.bot.IssueArchived(w.t.Context(), "folder", intake.Saved{Issue: held, Outcome: archive.Added})
		said := w.said(w.admin.Chat(), w.start)
		if len(said) != 1 {
			w.t.Fatalf("the bot says %q", texts(said))
		}
		wantText(t, said[0], "New issue from folder", "Weekly 12", "1 section, 1 item, 0 links", "neither shown nor sent before you approve it")
		w.stop()
		if again := w.said(w.admin.Chat(), w.start); len(again) != 0 {
			t.Errorf("after a restart the bot says %q", texts(again))
		}
		_, now := w.press(w.admin, said[0], "👤 Send to me as a reader…")
		got := w.said(w.admin.Chat(), func() { w.press(w.admin, now, "📨 Send to me") })
		if len(got) != 2 {
			t.Errorf("as a reader the admin gets %q", texts(got))
		}
		approved := w.one(w.admin.Chat(), func() { w.press(w.admin, said[0], "✅ Approve") })
		wantText(t, approved, "Approved: Weekly 12")
		_, now = w.press(w.admin, now, "‹ Back")
		if _, ok := now.Button("✅ Approve"); ok {
			t.Error("an approved issue can be approved again")
		}
	})
}

// A file that cannot be got is said with its cause. The token is in its address, and neither
// in what the admin reads nor in the log, which every world checks.
func TestDraftDownloadFails(t *testing.T) {
	respond := func(status int, body string) roundTrip {
		return func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
		}
	}
	var fail roundTrip = func(r *http.Request) (*http.Response, error) {
		return nil, &url.Error{Op: "Get", URL: r.URL.String(), Err: errors.New("dial " + r.URL.String())}
	}
	var hang roundTrip = func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	for _, test := range []struct {
		name, path string // of the requests that are answered otherwise
		answer     roundTrip
		want       string
	}{
		{"no connection", "/file/", fail, "get file: dial"},
		{"gone", "/file/", respond(404, "not found"), "the Bot API server answers 404"},
		{"larger than it said", "/file/", respond(200, strings.Repeat("x", 3<<20)), "larger than 2 MB"},
		{"hangs", "/file/", hang, "deadline exceeded"},
		{"refused", "/getFile", respond(400, `{"ok":false,"error_code":400,"description":"Bad Request: file is temporarily unavailable"}`), "file is temporarily unavailable"},
		{"on the server's own disk", "/getFile", respond(200, `{"ok":true,"result":{"file_id":"x","file_unique_id":"y","file_path":"/var/lib/x.md"}}`), "--local"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorldToStart(t, func(w *world) {
				w.config.HTTPClient = roundTrip(func(r *http.Request) (*http.Response, error) {
					if strings.Contains(r.URL.Path, test.path) {
						return test.answer(r)
					}
					return w.sim.Client().Do(r)
				})
				w.start()
				w.tell(w.admin, "/start")
				said := w.one(w.admin.Chat(), func() {
					w.admin.SendDocument("weekly.md", []byte(weekly12), "")
					w.pass(2 * time.Minute)
				})
				wantText(t, said, "I can't make an issue of weekly.md", test.want)
				if _, secret, _ := strings.Cut(w.sim.Token(), ":"); strings.Contains(said.Text, secret) {
					t.Errorf("the token is in %q", said.Text)
				}
			})
		})
	}
}

// The bot stops while it sends a preview: the next start shows the same draft again.
func TestDraftPreviewAfterStop(t *testing.T) {
	inWorld(t, func(w *world) {
		w.tell(w.admin, "/start")
		long := weekly12
		for range 20 {
			long += "\n" + strings.Repeat("Many words. ", 300) + "\n"
		}
		w.admin.SendDocument("weekly.md", []byte(long), "")
		w.pass(3 * time.Second)
		w.stop() // while messages wait for their pace
		for _, m := range w.admin.Chat().FromBot() {
			if strings.Contains(m.Text, "Draft:") {
				w.t.Fatal("the preview was over before the stop")
			}
		}
		said := w.said(w.admin.Chat(), func() {
			w.start()
			w.pass(time.Minute)
		})
		if len(said) == 0 {
			w.t.Fatal("after the start the bot says nothing")
		}
		summary := said[len(said)-1]
		wantText(t, summary, "Draft: Weekly 12")
		w.press(w.admin, summary, "🗓 Keep for Friday")
		if _, total, err := w.store.Issues(w.t.Context(), 0, 0); total != 1 || err != nil {
			t.Errorf("the archive has %d issues, %v", total, err)
		}
		w.wantAllHandled()
	})
}

// Of two admins who decide at the same moment, one does, and the other sees what.
func TestDraftOfTwoAdmins(t *testing.T) {
	const otherID = 78
	inWorldToStart(t, func(w *world) {
		w.config.Admins = append(w.config.Admins, otherID)
		bob := w.sim.NewPerson("Bob", telegramsim.WithID(otherID))
		w.start()
		w.tell(w.admin, "/start")
		w.tell(bob, "/start")
		_, summary := w.upload("weekly.md", weekly12)
		other := w.tell(bob, "/help")
		keep, _ := summary.Button("🗓 Keep for Friday")
		discard, _ := summary.Button("🗑 Discard")
		first, second := w.admin.PressData(summary, keep.CallbackData), bob.PressData(other, discard.CallbackData)
		_, _ = w.afterwards(first, summary)
		answer, now := w.afterwards(second, other)
		_, total, err := w.store.Issues(w.t.Context(), 0, 0)
		if err != nil {
			w.t.Fatal(err)
		}
		kept := total == 1
		if kept && (answer.Text != "This draft was decided about before. The message shows how." || !strings.Contains(now.Text, "In the archive")) ||
			!kept && answer.Text != "🗑 Discarded" {
			t.Errorf("the archive has %d issues, and the other admin is told %q, %q", total, answer.Text, now.Text)
		}
	})
}
