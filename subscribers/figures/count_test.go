package figures_test

import (
	"cmp"
	"slices"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/text/language"

	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/figures"
)

// zones have clocks that are changed by an hour or half an hour, or differ from UTC by three
// quarters of one.
var zones = []string{"UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Shanghai"}

// compare compares the figures with what the world counts, and returns them.
func (w *world) compare() (f figures.Figures) {
	w.t.Helper()
	for _, name := range zones {
		zone := must(time.LoadLocation(name))(w.t)
		f = must(figures.Read(w.t.Context(), w.store, figures.Options{Zone: zone, Layout: digest.LayoutSections}))(w.t)
		want := figures.Figures{At: f.At, Audience: w.audience(), Turnover: w.turnover(zone), Issues: w.sent(f), Votes: w.votes(zone)}
		want.Sections, want.Other = w.sections(f)
		if diff := gocmp.Diff(want, f, cmpopts.EquateComparable(language.Tag{}), cmpopts.EquateEmpty(), cmpopts.SortSlices(byID)); diff != "" {
			w.t.Fatalf("figures in %s (-counted +read):\n%s", name, diff)
		}
		if n := must(w.store.CountUnconfirmed(w.t.Context()))(w.t); f.Audience.Unconfirmed != n {
			w.t.Errorf("%d are unconfirmed, want %d", f.Audience.Unconfirmed, n)
		}
		for _, i := range f.Issues {
			w.checkBooks(i)
		}
	}
	last := must(figures.Read(w.t.Context(), w.store, figures.Options{Layout: digest.LayoutSections, Issues: 3}))(w.t)
	if issues, votes := min(3, len(f.Issues)), min(3, len(f.Votes)); len(last.Issues) != issues || len(last.Votes) != votes || votes > 0 && last.Votes[votes-1].Issue != f.Votes[votes-1].Issue {
		w.t.Errorf("of the last three issues there are %+v and %+v", last.Issues, last.Votes)
	}
	return f
}

func (w *world) audience() figures.Audience {
	a := figures.Audience{Kinds: map[subscribers.Kind]int{}, Layouts: map[digest.Layout]int{}}
	languages := map[string]int{}
	for _, l := range w.places {
		switch l.state {
		case subscribers.Off:
			a.Off++
			continue
		case subscribers.Gone:
			a.Gone++
			continue
		}
		a.On++
		if l.unconfirmed {
			a.Unconfirmed++
		}
		a.Kinds[l.kind]++
		a.Layouts[cmp.Or(l.layout, digest.LayoutSections)]++
		if time.Now().Before(l.until) {
			a.Paused++
		}
		if l.kind == subscribers.Private {
			languages[map[string]string{"": "und", "?!": "und", "de-AT": "de", "zh-hans": "zh-Hans", "zh-TW": "zh-Hant"}[l.lang]]++
			if slices.Contains([]string{"en", "zh-Hans", "zh-Hant"}, l.lang) {
				languages[l.lang]++
			}
		}
		muted, starred := 0, 0
		for _, highlight := range l.words {
			if highlight {
				starred++
			} else {
				muted++
			}
		}
		count(&a.MutedWords, muted)
		count(&a.Highlights, starred)
	}
	delete(languages, "")
	for tag, n := range languages {
		a.Languages = append(a.Languages, figures.Language{Tag: language.Make(tag), Subscribers: n})
	}
	slices.SortFunc(a.Languages, func(x, y figures.Language) int {
		if x.Tag == language.Und || y.Tag == language.Und { // there is one at most
			return map[bool]int{true: 1, false: -1}[x.Tag == language.Und]
		}
		return cmp.Or(y.Subscribers-x.Subscribers, cmp.Compare(x.Tag.String(), y.Tag.String()))
	})
	return a
}

func count(w *figures.Words, n int) {
	if n > 0 {
		w.Words, w.Subscribers = w.Words+n, w.Subscribers+1
	}
}

// turnover counts the days one after the other.
func (w *world) turnover(zone *time.Location) (t figures.Turnover) {
	for _, e := range w.events {
		y, m, d := e.at.In(zone).Date()
		date := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		if n := len(t.Days); n == 0 || !t.Days[n-1].Date.Equal(date) {
			day := figures.Day{Date: date, Reasons: map[subscribers.Reason]int{}}
			if n > 0 {
				day.On = t.Days[n-1].On
			}
			t.Days = append(t.Days, day)
		}
		day := &t.Days[len(t.Days)-1]
		switch {
		case e.joined && e.reason == "imported":
			day.Imported, day.On = day.Imported+1, day.On+1
			continue
		case e.joined:
			day.Joined, day.On = day.Joined+1, day.On+1
			if e.reason != "" {
				day.Returned++
			}
			continue
		}
		day.Left, day.On = day.Left+1, day.On-1
		day.Reasons[e.reason]++
	}
	return t
}

// sections counts who gets the sections that were read, and checks that they are the right
// ones: those in several issues, the last of which is not old, and what somebody has muted.
func (w *world) sections(f figures.Figures) (all []figures.Section, other *figures.Section) {
	muted := func(id int64) (n int) {
		for _, l := range w.places {
			if l.state == subscribers.On && (id == 0 && l.other || l.muted[id]) {
				n++
			}
		}
		return n
	}
	for id, s := range w.known {
		n, in := muted(id), w.uses[id]
		isRecent := in[len(in)-1] > w.saved-12
		if n > 0 || isRecent && (len(in) > 1 || w.saved == 1) {
			all = append(all, figures.Section{Section: s, Audience: f.Audience.On - n, Muted: n})
		}
		if len(in) == 1 && w.saved > 1 {
			other = &figures.Section{}
		}
	}
	slices.SortFunc(all, func(x, y figures.Section) int {
		return cmp.Or(x.Muted-y.Muted, cmp.Compare(x.Name, y.Name), int(x.ID-y.ID))
	})
	if n := muted(0); other != nil || n > 0 {
		other = &figures.Section{Audience: f.Audience.On - n, Muted: n}
	}
	return all, other
}

// sent has the issues that were broadcast.
func (w *world) sent(f figures.Figures) (all []figures.Issue) {
	for i, s := range slices.Backward(w.issues) {
		read := f.Issues[len(w.issues)-1-i]
		one := figures.Issue{Issue: read.Issue, Broadcast: s.id, Began: read.Began, State: read.State, Subscribers: len(s.outcomes)}
		others := map[figures.Without]int{}
		for _, o := range s.outcomes {
			if o.Outcome == "" {
				one.Have++
				continue
			}
			others[o]++
		}
		for o, n := range others {
			o.Subscribers = n
			one.Others = append(one.Others, o)
		}
		slices.SortFunc(one.Others, func(x, y figures.Without) int {
			return cmp.Or(y.Subscribers-x.Subscribers, cmp.Compare(x.Outcome, y.Outcome), cmp.Compare(x.Reason, y.Reason))
		})
		all = append(all, one)
	}
	return all
}

// checkBooks compares an issue with the books of its broadcast, which count messages.
func (w *world) checkBooks(i figures.Issue) {
	w.t.Helper()
	books := must(w.store.Books(w.t.Context(), i.Broadcast))(w.t)
	without := 0
	for _, e := range books.Entries {
		without += e.Subscribers
	}
	if books.Subscribers != i.Subscribers || books.Subscribers-without != i.Have {
		w.t.Errorf("of %d subscribers %d have issue %d; the books say that of %d subscribers %d do not", i.Subscribers, i.Have, i.Issue, books.Subscribers, without)
	}
}
