package intake_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/intake"
)

// inNovember runs a test in a bubble whose clock shows 2 November 2026, 9:00.
func inNovember(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(november))
		test(t)
	})
}

// Each entry is an issue: once, corrected when it changes, also under another identity.
func TestEntriesAreIssues(t *testing.T) {
	inNovember(t, func(t *testing.T) {
		store := openStore(t)
		entries := letters(2, 1) // C and B
		undated := article{id: "urn:u", title: "Letter U", text: "It was the day of the snow."}
		page := newSite(t, shows(""))
		var told []string
		var checked checks
		start := func() *intake.Sources {
			sources := page.watch(t, store, &checked, "http://example.org/feed.xml")
			sources.Archived = func(_ context.Context, _ string, one intake.Saved) {
				told = append(told, fmt.Sprintf("%s %s", one.Outcome, one.Issue.Title))
			}
			return sources
		}
		steps := []struct {
			name   string
			change func()
			starts bool
			told   []string
		}{
			{"the first look: the others are archive", func() {}, true, []string{"added Letter C"}},
			{"nothing new", func() {}, false, nil},
			{"nothing new after a start", func() {}, true, nil},
			{"a new one", func() { entries = append(letters(3), entries...) }, true, []string{"added Letter D"}},
			{"a correction", func() { entries[0].text = "It was the night of the snow." }, false, []string{"corrected Letter D"}},
			{"another identity", func() { entries[0].link, entries[0].id = "https://example.org/urn:d", "https://example.org/d" }, true, nil},
			{"and a correction", func() { entries[0].text = "It was the day of the rain." }, false, []string{"corrected Letter D"}},
			{"an old one vanishes", func() { entries = entries[:2] }, false, nil},
			{"and comes back", func() { entries = append(entries, letters(1)...) }, true, nil},
			{"one without a date", func() { entries = append([]article{undated}, entries...) }, false, []string{"added Letter U"}},
			{"which stays as it is", func() {}, true, nil},
			{"twice in the feed", func() { entries = append(letters(4, 4), entries...) }, false, []string{"added Letter E"}},
		}
		var sources *intake.Sources
		for _, step := range steps {
			step.change()
			page.serve(shows(rss(entries...)))
			if step.starts {
				sources = start()
			}
			told = nil
			if err := sources.Look(t.Context()); err != nil {
				t.Errorf("%s: Look = %v", step.name, err)
			}
			if diff := cmp.Diff(step.told, told); diff != "" {
				t.Errorf("%s: told of (-want +got):\n%s", step.name, diff)
			}
			time.Sleep(time.Hour)
		}
		if _, total, err := store.Issues(t.Context(), 1, 0); err != nil || total != 5 {
			t.Errorf("the archive has %d issues, %v, want 5", total, err)
		}
	})
}

// gathered returns the newest issue as it is in the archive, and its sections with how many
// items each has.
func gathered(t *testing.T, store *subscribers.Store) (title string, number int, sections []string) {
	t.Helper()
	issue, err := store.NewestIssue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	messages, err := store.Messages(t.Context(), issue.ID, issue.Edition)
	if err != nil {
		t.Fatal(err)
	}
	names, err := store.IssueSections(t.Context(), issue)
	if err != nil {
		t.Fatal(err)
	}
	for _, section := range names {
		links := 0
		for _, m := range messages {
			if m.SectionID == section.ID {
				links += strings.Count(m.HTML, `<a href="https://example.org/`)
			}
		}
		sections = append(sections, fmt.Sprintf("%s: %d", section.Name, links))
	}
	return issue.Title, issue.Number, sections
}

// The entries of a week become an issue right before a run, with sections and a number that
// counts up; without new ones there is none, and a quiet week does not move the next.
func TestEntriesBecomeADigest(t *testing.T) {
	inNovember(t, func(t *testing.T) {
		store := openStore(t)
		entry := func(n int, at time.Time, categories ...string) article {
			return article{id: fmt.Sprint(n), title: fmt.Sprintf("Snow %d", n), text: "It was the day of the snow and of the rain.", published: at, categories: categories}
		}
		old := []article{entry(2, november.AddDate(0, 0, -1), "golang"), entry(1, november.AddDate(0, 0, -20), "css")}
		entries := old
		page := newSite(t, shows(rss(entries...)))
		const line = `http://example.org/feed.xml digest number=7 title="The Week" sections="Web=css,html;Go=golang"`
		friday := time.Date(2026, 11, 6, 9, 0, 0, 0, time.UTC)
		sources := page.watch(t, store, new(checks), line)
		run := func(at time.Time) {
			t.Helper()
			if err := sources.LookBefore(t.Context(), at); err != nil {
				t.Error(err)
			}
			time.Sleep(time.Hour)
		}
		count := func() int {
			t.Helper()
			_, total, err := store.Issues(t.Context(), 1, 0)
			if err != nil {
				t.Fatal(err)
			}
			return total
		}
		if err := sources.Look(t.Context()); err != nil || count() != 0 {
			t.Errorf("a look that is before no run: %v, made %d issues", err, count())
		}
		time.Sleep(time.Until(friday))
		run(friday)
		run(friday) // a run that is tried again
		title, number, sections := gathered(t, store)
		if want := []string{"Go: 1"}; title != "The Week · 30 October – 6 November 2026" || number != 7 || !slices.Equal(sections, want) || count() != 1 {
			t.Errorf("the first issue is %q, number %d, %q; want what is of the last week: %q", title, number, sections, want)
		}
		for day := range 7 { // each day has a run, as the schedule may be daily
			if day > 0 {
				run(friday.AddDate(0, 0, day))
			}
		}
		entries = append([]article{entry(4, friday, "HTML"), entry(3, friday, "Cooking")}, old...)
		page.serve(shows(rss(entries...)))
		sources = page.watch(t, store, new(checks), line) // a start
		run(friday.AddDate(0, 0, 7))
		title, number, sections = gathered(t, store)
		if want := []string{"Web: 1", "More: 1"}; title != "The Week · 6–13 November 2026" || number != 8 || !slices.Equal(sections, want) || count() != 2 {
			t.Errorf("the second issue is %q, number %d, %q, of %d; want sections in the order of the plan: %q", title, number, sections, count(), want)
		}
		run(friday.AddDate(0, 0, 14)) // nothing new
		entries = append([]article{entry(5, friday)}, entries...)
		page.serve(shows(rss(entries...)))
		run(friday.AddDate(0, 0, 20)) // the day before: the period that had nothing is over a day later
		if count() != 2 {
			t.Errorf("%d issues, want none for a quiet week and none too early", count())
		}
		run(friday.AddDate(0, 0, 21))
		if _, number, _ = gathered(t, store); number != 9 || count() != 3 {
			t.Errorf("number %d of %d issues, want 9 of 3", number, count())
		}
	})
}

// With first=all nothing of a feed is archive, and teasers are read from their pages.
func TestFullTextOfEntries(t *testing.T) {
	inNovember(t, func(t *testing.T) {
		store := openStore(t)
		var pageFails bool
		feed := rss(letters(2, 1)...)
		page := newSite(t, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Path == "/feed.xml":
				shows(strings.ReplaceAll(feed, "https://", "http://"))(w, r)
			case r.URL.Path == "/urn:b":
				w.WriteHeader(http.StatusGone)
			case pageFails:
				w.WriteHeader(http.StatusBadGateway)
			default:
				shows("<html><body><article><h1>Letter C</h1><p>The whole story of the snow, with all that there is to say of it.</p></article></body></html>")(w, r)
			}
		})
		pageFails = true
		var checked checks
		sources := page.watch(t, store, &checked, "http://example.org/feed.xml full=page first=all")
		var told []string
		sources.Archived = func(_ context.Context, _ string, one intake.Saved) { told = append(told, one.Issue.Title) }
		if err := sources.Look(t.Context()); err != nil {
			t.Error(err)
		}
		if !slices.Equal(told, []string{"Letter B"}) || len(checked) != 1 || !strings.Contains(checked[0], `page of "Letter C"`) {
			t.Errorf("told of %q and %q, want the text of the feed where the page is gone, and of the page that fails", told, checked)
		}
		pageFails = false
		told = nil
		if err := sources.Look(t.Context()); err != nil || !slices.Equal(told, []string{"Letter C"}) {
			t.Errorf("Look = %v, told of %q, want the entry whose page is back", err, told)
		}
		issue, err := store.NewestIssue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		messages, err := store.Messages(t.Context(), issue.ID, issue.Edition)
		if err != nil || !strings.Contains(fmt.Sprint(messages), "The whole story") {
			t.Errorf("issue %q is %v, %v, want the text of the page", issue.Title, messages, err)
		}
	})
}

// An entry that has the number of an issue from elsewhere is that issue or is refused.
func TestEntryOfAnIssueThatIsThere(t *testing.T) {
	inNovember(t, func(t *testing.T) {
		store := openStore(t)
		same := &digest.Issue{Key: "7", Number: 7, Title: "Letters 7", Date: time.Date(2026, 10, 30, 0, 0, 0, 0, time.UTC)}
		if _, _, err := store.SaveIssue(t.Context(), same, "elsewhere.md", []byte("7")); err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 10, 30, 8, 0, 0, 0, time.UTC)
		page := newSite(t, shows(rss(article{id: "urn:7", title: "Letters 7", text: "Snow.", published: at})))
		var checked checks
		sources := page.watch(t, store, &checked, "http://example.org/feed.xml")
		sources.Archived = func(_ context.Context, _ string, one intake.Saved) { t.Errorf("told of %+v", one) }
		if err := sources.Look(t.Context()); err != nil || !slices.Equal(checked, []string{"feed.xml: fine"}) {
			t.Errorf("the same issue: Look = %v, checked %q", err, checked)
		}
		checked = nil
		page.serve(shows(rss(article{id: "urn:x", title: "Postcards, issue 7", text: "Sea.", published: at.AddDate(0, 0, -9)})))
		if err := sources.Look(t.Context()); err != nil || len(checked) != 1 || !strings.Contains(checked[0], "issue 7") || !strings.Contains(checked[0], "another number") {
			t.Errorf("another issue: Look = %v, checked %q", err, checked)
		}
	})
}

// An issue that has to be approved is made a day before its run.
func TestDigestToApprove(t *testing.T) {
	inNovember(t, func(t *testing.T) {
		store := openStore(t)
		page := newSite(t, shows(rss(letters(19)...)))
		sources := page.watch(t, store, new(checks), "http://example.org/feed.xml digest")
		friday := time.Date(2026, 11, 6, 9, 0, 0, 0, time.UTC)
		sources.Approve, sources.NextRun = true, func(time.Time) time.Time { return friday }
		look := func(at time.Time, want int) {
			t.Helper()
			time.Sleep(time.Until(at))
			if err := sources.Look(t.Context()); err != nil {
				t.Error(err)
			}
			all, err := store.RecentIssues(t.Context(), 9)
			if err != nil || len(all) != want || want > 0 && (!all[0].Held || !all[0].Date.Equal(friday.Truncate(24*time.Hour))) {
				t.Errorf("at %s the archive has %+v, %v, want %d held issues of the day of the run", at, all, err, want)
			}
		}
		look(november, 0)
		look(friday.Add(-26*time.Hour), 0)
		look(friday.Add(-25*time.Hour), 1)
		page.serve(shows(rss(letters(20, 19)...)))
		look(friday.Add(-time.Hour), 1) // what has come since is for the next issue
		if err := sources.LookBefore(t.Context(), friday); err != nil {
			t.Error(err)
		}
		look(friday.Add(time.Minute), 1)
		standings, err := sources.Standings(t.Context())
		if err != nil || standings[0].Waiting != 1 {
			t.Errorf("Standings = %+v, %v, want one entry that waits", standings, err)
		}
	})
}

// A feed that gets another address in the settings is another source, and a second feed may
// be called the same: their issues are counted on.
func TestDigestsOfOneName(t *testing.T) {
	inNovember(t, func(t *testing.T) {
		store := openStore(t)
		for i, address := range []string{"http://example.org/old.xml", "http://example.org/new.xml"} {
			page := newSite(t, shows(rss(article{id: fmt.Sprint(i), title: "Snow", text: "It was the day of the snow.", published: time.Now().Add(-time.Hour)})))
			var checked checks
			if err := page.watch(t, store, &checked, address+" digest").LookBefore(t.Context(), time.Now()); err != nil {
				t.Error(err)
			}
			if title, number, _ := gathered(t, store); number != i+1 || !strings.HasPrefix(title, "The Letters") {
				t.Errorf("the newest issue is %q, number %d, want number %d", title, number, i+1)
			}
			time.Sleep(7 * 24 * time.Hour)
		}
	})
}
