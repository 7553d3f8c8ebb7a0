package bot_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"digestbot/bot/sourcing"
	"digestbot/bot/telegramsim"
	"digestbot/subscribers/archive"
	"digestbot/subscribers/intake"
	"digestbot/subscribers/intake/fetch"
	"digestbot/subscribers/intake/sourceline"
)

// web is what sources find on the web.
type web struct {
	mu      sync.Mutex
	entries int           // of the feed
	wrong   error         // why there is nothing
	slow    time.Duration // how long an answer takes
}

func (w *web) change(f func(w *web)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f(w)
}

func (w *web) get(ctx context.Context, r fetch.Request) (fetch.Response, error) {
	w.mu.Lock()
	entries, wrong, slow := w.entries, w.wrong, w.slow
	w.mu.Unlock()
	select {
	case <-time.After(slow):
	case <-ctx.Done():
		return fetch.Response{}, ctx.Err()
	}
	if wrong != nil {
		return fetch.Response{}, wrong
	}
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>Our Blog</title>`)
	if strings.Contains(r.Address, "letters") {
		entries = 0
	}
	for n := entries; n > 0; n-- {
		fmt.Fprintf(&b, "<item><guid>%d</guid><title>Snow %d</title><link>https://example.org/%d</link><pubDate>%s</pubDate><description>It fell.</description></item>",
			n, n, n, time.Date(2000, 1, 1, 0, n, 0, 0, time.UTC).Format(time.RFC1123Z))
	}
	b.WriteString("</channel></rss>")
	return fetch.Response{Data: []byte(b.String()), Address: r.Address}, nil
}

// withSources starts the bot with the sources in lines, which have been looked at once.
func (w *world) withSources(found *web, lines ...string) *intake.Sources {
	w.t.Helper()
	parsed, err := sourceline.ParseAll(lines, sourceline.IsFolder)
	if err != nil {
		w.t.Fatal(err)
	}
	sources := intake.NewSources(w.store, slog.New(slog.DiscardHandler), func(context.Context, string, error) {}, nil)
	sources.Fetch, sources.Location = found.get, time.UTC
	sources.Add(parsed)
	w.config.Sources = func() sourcing.Watch { return sources }
	w.config.NextLook = func(after time.Time) time.Time { return after.Truncate(15 * time.Minute).Add(15 * time.Minute) }
	w.start()
	return sources
}

func TestSourcesCommand(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		t := w.t
		found := &web{entries: 2}
		sources := w.withSources(found, "https://example.org/blog.xml digest name=Blog", "https://me:secret@example.com/letters.xml?key=1")
		m := w.tell(w.admin, "/sources")
		wantText(t, m, "2 sources of issues", "⏳ Blog", "https://example.com/letters.xml", "Not looked at yet.", "Next look: Saturday, 1 January, 00:15")
		wantLabels(t, m, "🔄 Refresh")
		if strings.Contains(m.Text, "secret") || strings.Contains(m.Text, "key=1") {
			t.Errorf("message is %q, want no secret of an address", m.Text)
		}
		if err := sources.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, m = w.press(w.admin, m, "🔄 Refresh")
		wantText(t, m, "✅ Blog", "Looked at: Saturday, 1 January, 00:00", "2 entries wait for the next issue.")
		wantLabels(t, m, "🔄 Look at Blog", "📰 Make the issue of Blog now", "🔄 Look at example.com", "🔄 Refresh")

		// A look that takes long is answered at once, and shown when it is over. Meanwhile
		// nobody else looks.
		found.change(func(f *web) { f.entries, f.slow = 3, 40*time.Second })
		q, err := w.admin.Press(m, "🔄 Look at Blog")
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		if answer, ok := q.Answer(); !ok || answer.Text != "🔄 Looking …" {
			t.Errorf("the press is answered %+v, %v", answer, ok)
		}
		again, err := w.admin.Press(m, "🔄 Look at Blog")
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		if answer, ok := again.Answer(); !ok || !strings.Contains(answer.Text, "being looked at just now") {
			t.Errorf("the second press is answered %+v, %v", answer, ok)
		}
		wantText(t, w.tell(w.admin, "/status"), "Next scheduled broadcast") // nothing else waits
		time.Sleep(time.Minute)
		m, _ = w.sim.Chat(m.Chat).Message(m.ID)
		wantText(t, m, "Looked at Blog.", "3 entries wait")

		found.change(func(f *web) { f.wrong, f.slow = errors.New("the server says 500: try again later"), 0 })
		_, m = w.press(w.admin, m, "🔄 Look at Blog")
		wantText(t, m, "⚠️ Blog", "the server says 500: try again later", "It answered last:")
		_, m = w.press(w.admin, m, "🔄 Look at Blog")
		wantText(t, m, "2 failures in a row", "Next look: Saturday, 1 January, 00:15")

		// The issue is made although the source does not answer.
		w.tell(w.ann, "/subscribe")
		_, m = w.press(w.admin, m, "📰 Make the issue of Blog now")
		wantText(t, m, "Made: Our Blog · 1999-12-25 – 2000-01-01", "Last issue: Our Blog", "It goes out on Friday, 7 January, 09:00", "0 entries wait")
		issue, err := w.store.NewestIssue(t.Context())
		if err != nil || issue.Number != 1 {
			t.Errorf("newest issue is %+v, %v, want number 1", issue, err)
		}
		wantText(t, w.tell(w.admin, "/audit"), "Ada had the source Blog looked at", "gathered the entries of a feed")
		entries, err := w.store.AuditEntries(t.Context(), 1, 0)
		if err != nil || len(entries) != 1 || entries[0].Deed != "gather" || entries[0].By.User != adminID || entries[0].On.Issue != issue.ID {
			t.Errorf("audit has %+v, %v", entries, err)
		}
		_, m = w.afterwards(w.admin.PressData(m, "1:bmake:1:0"), m)
		wantText(t, m, "nothing new in Blog, so there is no issue")
	})
}

// An issue that is made for a run of the schedule goes out then, not at the next run.
func TestIssueOfARunGoesOutNow(t *testing.T) {
	withWebhook(t, func(w *world) {
		firing := false
		w.config.IsFiring = func() bool { return firing }
		sources := w.withSources(&web{entries: 2}, "https://example.org/blog.xml digest name=Blog")
		sources.Archived = w.bot.IssueArchived
		w.tell(w.admin, "/start")
		w.tell(w.ann, "/subscribe")
		if err := sources.Look(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
		w.pass(time.Until(due))
		firing = true
		announced := w.one(w.admin.Chat(), func() {
			if err := sources.LookBefore(w.t.Context(), due); err != nil {
				w.t.Fatal(err)
			}
		})
		wantText(t, announced, "New issue", "Our Blog", "It goes out now.")
		firing = false

		// The admins may be told when the broadcast has begun already.
		if err := w.bot.RunSchedule(w.t.Context(), due); err != nil {
			w.t.Fatal(err)
		}
		issue, err := w.store.NewestIssue(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		w.bot.IssueArchived(w.t.Context(), "Blog", intake.Saved{Issue: issue, Outcome: archive.Added})
		w.pass(time.Minute)
		told := w.admin.Chat().FromBot()
		if !slices.ContainsFunc(told, func(m telegramsim.Message) bool {
			return m.ID > announced.ID && strings.Contains(m.Text, "New issue") && strings.Contains(m.Text, "It goes out now.")
		}) {
			t.Errorf("while the issue is being sent admins are told %q", texts(told))
		}
	})
}

func TestSourcesCommandIsForAdmins(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		t := w.t
		w.withSources(&web{entries: 1}, "https://example.org/blog.xml digest name=Blog", "https://example.com/letters.xml")
		if err := w.config.Sources().(*intake.Sources).Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantText(t, w.tell(w.ann, "/sources"), "I don't know")
		m := w.tell(w.admin, "/sources")
		own := w.tell(w.ann, "/start")
		for _, data := range []string{"1:bsrc:0", "1:blook:1:0", "1:bmake:1:0"} {
			for _, under := range []telegramsim.Message{own, m} {
				answer, _ := w.afterwards(w.ann.PressData(under, data), under)
				wantPopup(t, answer, "for the admins of the bot")
			}
		}
		// Buttons of sources that are not there any more, that are no digest, and forged ones.
		for _, data := range []string{"1:blook:9:0", "1:blook:0:0", "1:bmake:2:0", "1:bmake:-1:0"} {
			answer, _ := w.afterwards(w.admin.PressData(m, data), m)
			wantPopup(t, answer, "out of date")
		}
		for _, data := range []string{"1:bsrc:99", "1:bsrc:-5", "1:blook:1:99"} {
			_, now := w.afterwards(w.admin.PressData(m, data), m)
			wantText(t, now, "2 sources of issues")
		}
	})
	inWorld(t, func(w *world) {
		t := w.t
		wantText(t, w.tell(w.admin, "/sources"), "There is no source", "--source")
		wantText(t, w.tell(w.admin, "/help"), "/sources")
	})
}

// Many sources are shown page by page.
func TestManySources(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		t := w.t
		var lines []string
		for n := range 12 {
			lines = append(lines, fmt.Sprintf("https://example.org/%d.xml name=\"Blog %d\"", n, n))
		}
		w.withSources(&web{}, lines...)
		m := w.tell(w.admin, "/sources")
		wantText(t, m, "12 sources", "Blog 4")
		wantLabels(t, m, "◀️ | 1/3 | ▶️")
		_, m = w.press(w.admin, m, "▶️")
		wantText(t, m, "12 sources", "Blog 5", "Blog 9")
	})
}

// Sources of one site can be told apart, also on buttons, and what is wrong with one does not
// name it again.
func TestSourcesOfOneSite(t *testing.T) {
	inWorldToStart(t, func(w *world) {
		t := w.t
		const address = "https://example.org/en/news/feed.xml"
		found := &web{wrong: errors.New(address + ": the server says 500: try again later")}
		sources := w.withSources(found, address, "https://example.org/de/news/feed.xml", "https://www.example.com/f.xml")
		if err := sources.Look(t.Context()); err == nil {
			t.Fatal("the look at a server in trouble has no error")
		}
		m := w.tell(w.admin, "/sources")
		wantLabels(t, m, "🔄 Look at …le.org/en/news/feed.xml", "🔄 Look at …le.org/de/news/feed.xml", "🔄 Look at example.com", "🔄 Refresh")
		wantText(t, m, "\nthe server says 500: try again later")
		_, m = w.press(w.admin, m, "🔄 Look at …le.org/en/news/feed.xml")
		wantText(t, m, address+"\n\nthe server says 500: try again later")
		w.bot.SourceChecked(t.Context(), address, found.wrong)
		w.pass(time.Minute)
		said := w.admin.Chat().FromBot()
		wantText(t, said[len(said)-1], "Something is wrong in "+address+": the server says 500: try again later")
	})
}
