package intake_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"digestbot/subscribers"
	"digestbot/subscribers/intake"

	"github.com/google/go-cmp/cmp"
)

const (
	frost = "<p>The first frost is here. What to do now, and what to read by the fire.</p>"
	boats = "<p>Boats are cheap in winter, and nobody wants to paint them before spring.</p>"
	snow  = "<p>Snow fell on Tuesday, and the school stayed closed for all of the week.</p>"
	books = "<p>Three books about gardens, of which the second one is hard to put down.</p>"
)

// weekly is a page with a title and a text below a heading.
func weekly(title, text string) string {
	return "<!doctype html><html><head><title>" + title + "</title></head><body><h1>" + title + "</h1><h2>News</h2>" + text + "</body></html>"
}

// archived returns the issues of the archive, the newest first.
func archived(t *testing.T, store *subscribers.Store) (all []string) {
	t.Helper()
	issues, _, err := store.Issues(t.Context(), 100, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, issue := range issues {
		all = append(all, fmt.Sprintf("%s (%s) %s, edition %d", issue.Key, issue.Title, issue.Date.Format(time.DateOnly), issue.Edition))
	}
	return all
}

// The rule of pages whose address stays: the number decides, without numbers the text.
func TestPageWhoseContentChanges(t *testing.T) {
	tests := []struct {
		name  string
		pages []string // one a week, from 2000-01-01 on
		want  []string
	}{
		{"numbers", []string{weekly("Letters, issue 7", frost), weekly("Letters, issue 7", frost+boats), weekly("Letters, issue 8", frost+boats)}, []string{
			"8 (Letters, issue 8) 2000-01-15, edition 1", "7 (Letters, issue 7) 2000-01-01, edition 2"}},
		{"an issue that was there before", []string{weekly("Letters, issue 7", frost), weekly("Letters, issue 8", boats), weekly("Letters, issue 7", frost), weekly("Letters, issue 8", boats)}, []string{
			"8 (Letters, issue 8) 2000-01-08, edition 1", "7 (Letters, issue 7) 2000-01-01, edition 1"}},
		{"neither number nor date", []string{weekly("Letters", frost+boats), weekly("Letters", frost+boats+snow), weekly("Letters", snow+books)}, []string{
			"latest 2000-01-15 (Letters) 2000-01-15, edition 1", "latest 2000-01-01 (Letters) 2000-01-01, edition 2"}},
		{"another title for the same text", []string{weekly("Letters", frost+boats), weekly("The Letters", frost+boats)}, []string{
			"latest 2000-01-01 (The Letters) 2000-01-01, edition 2"}},
		{"dates", []string{weekly("Letters of 1999-12-31", frost), weekly("Letters of 2000-01-07", boats), weekly("Letters of 2000-01-07", snow)}, []string{
			"latest 2000-01-07 (Letters of 2000-01-07) 2000-01-07, edition 2", "latest 1999-12-31 (Letters of 1999-12-31) 1999-12-31, edition 1"}},
		{"a page that has the date of the day", []string{weekly("Letters, 2000-01-01", frost+boats), weekly("Letters, 2000-01-08", frost+boats), weekly("Letters, 2000-01-15", frost+boats)}, []string{
			"latest 2000-01-01 (Letters, 2000-01-15) 2000-01-15, edition 3"}},
		{"a number that comes later", []string{weekly("Letters", frost), weekly("Letters, issue 7", frost), weekly("Letters, issue 8", frost)}, []string{
			"8 (Letters, issue 8) 2000-01-15, edition 1", "latest 2000-01-01 (Letters, issue 7) 2000-01-01, edition 2"}},
		{"what readers do not see", []string{weekly("Letters", frost), weekly("Letters", frost+"<script>visitor(17)</script>")}, []string{
			"latest 2000-01-01 (Letters) 2000-01-01, edition 1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store, site := openStore(t), newSite(t, nil)
				for i, page := range tt.pages {
					if i > 0 {
						time.Sleep(7 * 24 * time.Hour)
					}
					site.serve(shows(page))
					for range 2 { // nothing changes at the second look, nor after a start
						sources := site.watch(t, store, new(checks), "http://example.org/latest")
						if err := sources.Look(t.Context()); err != nil {
							t.Fatal(err)
						}
					}
				}
				if diff := cmp.Diff(tt.want, archived(t, store)); diff != "" {
					t.Errorf("archive (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// What a server says of its trouble, and what stands where a site was, is no issue, also if
// it comes with the status of a page.
func TestNoticeInPlaceOfAPage(t *testing.T) {
	for _, before := range []string{weekly("Letters, issue 7", frost+boats), weekly("Letters of 1999-12-31", frost+boats)} {
		synctest.Test(t, func(t *testing.T) {
			store, site := openStore(t), newSite(t, nil)
			site.serve(shows(before))
			sources := site.watch(t, store, new(checks), "http://example.org/latest")
			if err := sources.Look(t.Context()); err != nil {
				t.Fatal(err)
			}
			want := archived(t, store)
			time.Sleep(7 * 24 * time.Hour)
			site.serve(shows(weekly("503 Service Unavailable", "<p>Please come back later.</p>")))
			err := sources.Look(t.Context())
			if err == nil || !strings.Contains(err.Error(), "503 Service Unavailable") || !strings.Contains(err.Error(), "nothing of it is taken") {
				t.Errorf("Look = %v, want that the page is no issue", err)
			}
			if diff := cmp.Diff(want, archived(t, store)); diff != "" {
				t.Errorf("archive (-want +got):\n%s", diff)
			}
			time.Sleep(time.Hour)
			site.serve(shows(weekly("Letters, issue 8", snow+books)))
			if err := sources.Look(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := archived(t, store); len(got) != 2 || !strings.HasPrefix(got[0], "8 (Letters, issue 8)") {
				t.Errorf("archive is %q, want the next issue too", got)
			}
		})
	}
}

// index is a site with an index and pages behind its links.
type index struct {
	site  *site
	links []string          // paths, the newest first
	pages map[string]string // by path
}

func newIndex(t *testing.T) *index {
	x := &index{pages: map[string]string{}}
	x.site = newSite(t, x.answer)
	return x
}

func (x *index) answer(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		page, ok := x.pages[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = io.WriteString(w, page)
		return
	}
	list := ""
	for _, path := range x.links {
		list += `<li><a href="` + path + `">` + strings.Trim(path, "/") + "</a></li>"
	}
	shows("<html><body><a href=/about>About</a><ol>"+list+"</ol></body></html>")(w, r)
}

// publish puts a page on top of the index.
func (x *index) publish(path, page string) {
	x.links = append([]string{path}, x.links...)
	x.pages[path] = page
}

// told returns sources of the index, and whom they tell.
func (x *index) watch(t *testing.T, store *subscribers.Store, checked *checks, options string) (*intake.Sources, *[]string) {
	sources := x.site.watch(t, store, checked, `http://example.org/ link="ol a" `+options)
	var told []string
	sources.Archived = func(_ context.Context, _ string, one intake.Saved) {
		told = append(told, fmt.Sprintf("%s %s", one.Outcome, one.Issue.Key))
	}
	return sources, &told
}

func TestIndex(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, store := newIndex(t), openStore(t)
		for n := range 24 {
			x.publish(fmt.Sprintf("/letters/%d/", n+1), weekly(fmt.Sprintf("Letters, issue %d", n+1), frost))
		}
		sources, told := x.watch(t, store, new(checks), "")
		for range 4 { // ten pages a look
			if err := sources.Look(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if want := []string{"added 24"}; !slices.Equal(*told, want) {
			t.Errorf("told %v, want %v: the others are archive", *told, want)
		}
		issues := archived(t, store)
		if len(issues) != 24 || !strings.HasPrefix(issues[0], "24 ") || !strings.HasPrefix(issues[23], "1 ") {
			t.Errorf("archive %q", issues)
		}
		requests := x.site.requests()
		if len(requests) != 4+24 {
			t.Errorf("asked for %v", requests)
		}

		time.Sleep(7 * 24 * time.Hour)
		sources, told = x.watch(t, store, new(checks), "") // after a start
		x.publish("/letters/25/", weekly("Letters, issue 25", boats))
		x.publish("/letters/26/", weekly("Letters, issue 26", snow))
		for range 2 {
			if err := sources.Look(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if want := []string{"added 25", "added 26"}; !slices.Equal(*told, want) {
			t.Errorf("told %v, want %v", *told, want)
		}
		if requests := x.site.requests(); !slices.Equal(requests, []string{"/", "/letters/25/", "/letters/26/", "/"}) {
			t.Errorf("asked for %v", requests)
		}
	})
}

// Pages of one name, without number and date, are issues of their own, and the order of the
// links is that of the archive.
func TestIndexOfPagesWithOneName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, store := newIndex(t), openStore(t)
		for n, text := range []string{frost, boats, snow} {
			x.publish(fmt.Sprintf("/%c/weekly.html", 'a'+n), weekly("Letters", text))
		}
		sources, told := x.watch(t, store, new(checks), "")
		if err := sources.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		x.publish("/d/weekly.html", weekly("Letters", books))
		if err := sources.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := []string{
			"weekly 2000-01-01 (2) (Letters) 2000-01-01, edition 1",
			"weekly 2000-01-01 (Letters) 2000-01-01, edition 1",
			"weekly 1999-12-31 (Letters) 1999-12-31, edition 1",
			"weekly (Letters) 1999-12-30, edition 1",
		}
		if diff := cmp.Diff(want, archived(t, store)); diff != "" {
			t.Errorf("archive (-want +got):\n%s", diff)
		}
		if want := []string{"added weekly 2000-01-01", "added weekly 2000-01-01 (2)"}; !slices.Equal(*told, want) {
			t.Errorf("told %v, want %v", *told, want)
		}
	})
}

func TestIndexTakesAllIfTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, store := newIndex(t), openStore(t)
		x.publish("/1", weekly("Letters, issue 1", frost))
		x.publish("/2", weekly("Letters, issue 2", boats))
		sources, told := x.watch(t, store, new(checks), "first=all")
		if err := sources.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		if want := []string{"added 1", "added 2"}; !slices.Equal(*told, want) {
			t.Errorf("told %v, want %v", *told, want)
		}
	})
}

// A link may be there before its page is.
func TestIndexWhosePagesComeLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, store := newIndex(t), openStore(t)
		x.publish("/0", "") // an old page that is empty now
		x.publish("/1", weekly("Letters, issue 1", frost))
		var checked checks
		sources, told := x.watch(t, store, &checked, "")
		look := func() {
			t.Helper()
			if err := sources.Look(t.Context()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(15 * time.Minute)
		}
		look()
		if got := checked[len(checked)-1]; !strings.HasSuffix(got, ": fine") {
			t.Errorf("checked %q: nobody has to know of the archive", got)
		}
		x.publish("/2", weekly("Letters, issue 2", boats))
		page := x.pages["/2"]
		delete(x.pages, "/2")
		look()
		if got := checked[len(checked)-1]; !strings.Contains(got, `page of "2"`) || !strings.Contains(got, "404") {
			t.Errorf("checked %q", got)
		}
		x.pages["/2"] = page
		look()
		if got := checked[len(checked)-1]; !strings.HasSuffix(got, ": fine") {
			t.Errorf("checked %q", got)
		}
		if want := []string{"added 1", "added 2"}; !slices.Equal(*told, want) {
			t.Errorf("told %v, want %v", *told, want)
		}

		x.publish("/3", "")
		x.site.requests()
		for range 8 {
			look()
		}
		if asked := slices.DeleteFunc(x.site.requests(), func(path string) bool { return path == "/" }); len(asked) != 5 {
			t.Errorf("the page that does not come is asked for as %v, want 5 times", asked)
		}
		x.publish("/4", weekly("Letters, issue 4", snow))
		look()
		if asked := x.site.requests(); slices.Contains(asked, "/3") {
			t.Errorf("asked for %v, although it did not come five times", asked)
		}
		if got := checked[len(checked)-1]; !strings.Contains(got, `page of "3"`) {
			t.Errorf("checked %q: it is still missing", got)
		}
	})
}

// A first look that was broken off goes on as the first one.
func TestIndexWhoseFirstLookIsBrokenOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, store := newIndex(t), openStore(t)
		for n := range 3 {
			x.publish(fmt.Sprintf("/%d", n+1), weekly(fmt.Sprintf("Letters, issue %d", n+1), frost))
		}
		ctx, cancel := context.WithCancel(t.Context())
		answer := x.site.answer
		x.site.serve(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/1" {
				cancel()
				<-r.Context().Done()
				return
			}
			answer(w, r)
		})
		sources, _ := x.watch(t, store, new(checks), "")
		if err := sources.Look(ctx); err == nil {
			t.Fatal("the look was not broken off")
		}
		x.site.serve(answer)
		time.Sleep(time.Hour)
		sources, told := x.watch(t, store, new(checks), "")
		for range 2 {
			if err := sources.Look(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if want := []string{"added 3"}; !slices.Equal(*told, want) || len(archived(t, store)) != 3 {
			t.Errorf("told %v, want %v; archive %v", *told, want, archived(t, store))
		}
	})
}

// Issues of an index wait for approval as others do: not those of the archive.
func TestIndexWithApproval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, store := newIndex(t), openStore(t)
		for n := range 15 {
			x.publish(fmt.Sprintf("/%d", n+1), weekly(fmt.Sprintf("Letters, issue %d", n+1), frost))
		}
		sources, _ := x.watch(t, store, new(checks), "")
		sources.Approve = true
		held := map[int]bool{}
		sources.Archived = func(_ context.Context, _ string, one intake.Saved) { held[one.Issue.Number] = one.Issue.Held }
		for range 2 {
			if err := sources.Look(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		x.publish("/16", weekly("Letters, issue 16", boats))
		if err := sources.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		if want := map[int]bool{15: true, 16: true}; !cmp.Equal(held, want) {
			t.Errorf("held %v, want %v", held, want)
		}
		if issues := archived(t, store); len(issues) != 14 { // of those that readers see
			t.Errorf("archive %q", issues)
		}
		if run, err := store.RunSchedule(t.Context(), time.Now()); err != nil || run.Outcome != subscribers.RunHeld {
			t.Errorf("without approval the schedule says %q of issue %d, %v", run.Outcome, run.IssueID, err)
		}
	})
}

func TestIndexWithoutLinks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, store := newIndex(t), openStore(t)
		var checked checks
		sources, _ := x.watch(t, store, &checked, "")
		if err := sources.Look(t.Context()); err == nil || !strings.Contains(err.Error(), `"ol a" matches none`) {
			t.Errorf("error %v", err)
		}
	})
}
