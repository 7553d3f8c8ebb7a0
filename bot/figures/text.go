package figures

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"digestbot/bot/talk"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/feedback"
	"digestbot/subscribers/figures"
)

// How much of each figure the words have. The table has all of it.
const (
	shownIssues    = 5
	shownSections  = 5
	shownLanguages = 6
	shownReasons   = 4
	maxLayouts     = 4 // all
)

// nameUnits is the longest name of a section or issue in the words, in UTF-16 code units.
const nameUnits = 40

// day is the day of the figures where the operator is, as midnight UTC.
func (f *Figures) day(all figures.Figures) time.Time {
	y, m, d := all.At.In(f.Location).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func (f *Figures) header(s talk.Speaker, all figures.Figures) talk.Values {
	return talk.Values{"Bot": s.Bot(), "Date": s.Date(f.day(all))}
}

// text is the figures in words.
func (f *Figures) text(ctx context.Context, s talk.Speaker, all figures.Figures) (string, error) {
	names, err := f.issueNames(ctx, s, all)
	if err != nil {
		return "", err
	}
	return talk.Paragraphs(
		s.HTML("stats.title", f.header(s, all)), audienceText(s, all.Audience), f.turnoverText(s, all),
		f.issuesText(s, all.Issues, names), feedbackText(s, all, names), sectionsText(s, all), choicesText(s, all.Audience), s.HTML("stats.note"),
	), nil
}

// listed is a name with a number, in the words of a language.
type listed struct {
	name string
	n    int
}

// list writes names with their numbers, those that are not 0, in one line. What does not fit
// is left out.
func list(s talk.Speaker, most int, all ...listed) string {
	all = slices.DeleteFunc(slices.Clone(all), func(one listed) bool { return one.n == 0 })
	var parts []string
	for _, one := range all[:min(most, len(all))] {
		parts = append(parts, s.Plain("stats.item", talk.Values{"Name": digest.ShortenUnits(one.name, nameUnits), "Number": one.n}))
	}
	if len(all) > most {
		parts = append(parts, "…")
	}
	return strings.Join(parts, " · ")
}

func audienceText(s talk.Speaker, a figures.Audience) string {
	kinds := list(s, 3,
		listed{s.Plain("stats.private"), a.Kinds[subscribers.Private]},
		listed{s.Plain("stats.groups"), a.Kinds[subscribers.Group] + a.Kinds[subscribers.Supergroup]},
		listed{s.Plain("stats.channels"), a.Kinds[subscribers.Channel]})
	others := list(s, 4,
		listed{s.Plain("stats.paused"), a.Paused}, listed{s.Plain("stats.unconfirmed"), a.Unconfirmed},
		listed{s.Plain("stats.off"), a.Off}, listed{s.Plain("stats.gone"), a.Gone})
	return talk.Lines(s.HTML("stats.subscribers", talk.Values{"Subscribers": s.Plain("count.subscribers", talk.Values{"Count": a.On})}),
		talk.Escape(kinds), talk.Escape(others))
}

// turnoverText says who joined and left in the last 30 days, and within a year.
func (f *Figures) turnoverText(s talk.Speaker, all figures.Figures) string {
	today := f.day(all)
	lines := []string{s.HTML("stats.turnover")}
	for _, days := range []int{30, 365} {
		sum := all.Turnover.Between(today.AddDate(0, 0, 1-days), today)
		v := talk.Values{"Days": s.Plain("count.days", talk.Values{"Count": days}), "Joined": sum.Joined, "Left": sum.Left, "Imported": sum.Imported}
		changes := s.HTML("stats.days", v)
		if sum.Imported > 0 {
			changes = s.HTML("stats.days_imported", v)
		}
		lines = append(lines, talk.Lines(changes, talk.Escape(f.reasons(s, sum.Reasons))))
		if len(all.Turnover.Days) == 0 || !all.Turnover.Days[0].Date.Before(today.AddDate(0, 0, 1-days)) {
			break // the longer time has nothing more
		}
	}
	if since := all.Turnover.Since; !since.IsZero() && len(all.Turnover.Days) > 0 {
		lines = append(lines, s.HTML("stats.since", talk.Values{"Date": s.Date(since)}))
	}
	return talk.Lines(lines...)
}

// reasons says why subscribers left, the most frequent reason first.
func (f *Figures) reasons(s talk.Speaker, all map[subscribers.Reason]int) string {
	var named []listed
	for _, reason := range slices.SortedFunc(maps.Keys(all), func(x, y subscribers.Reason) int {
		return cmp.Or(all[y]-all[x], cmp.Compare(x, y))
	}) {
		named = append(named, listed{f.reason(s, reason), all[reason]})
	}
	return list(s, shownReasons, named...)
}

// reason puts a reason into words.
func (f *Figures) reason(s talk.Speaker, why subscribers.Reason) string {
	if why == subscribers.ReasonMoved {
		return s.Plain("stats.moved")
	}
	return f.config.Reason(s, why)
}

// issueNames names the issues of which there are figures, by their ids.
func (f *Figures) issueNames(ctx context.Context, s talk.Speaker, all figures.Figures) (map[int64]string, error) {
	names := make(map[int64]string)
	for _, i := range all.Issues {
		names[i.Issue] = ""
	}
	for _, v := range all.Votes {
		names[v.Issue] = ""
	}
	for id := range names {
		issue, err := f.Store.Issue(ctx, id)
		if err != nil {
			return nil, err
		}
		names[id] = talk.IssueTitle(s, issue)
	}
	return names, nil
}

// issuesText says how many readers have each of the last issues.
func (f *Figures) issuesText(s talk.Speaker, issues []figures.Issue, names map[int64]string) string {
	if len(issues) == 0 {
		return ""
	}
	lines := []string{s.HTML("stats.issues")}
	for _, i := range issues {
		v := talk.Values{
			"Issue": digest.ShortenUnits(names[i.Issue], nameUnits), "Have": i.Have,
			"Readers": s.Plain("count.readers", talk.Values{"Count": i.Subscribers}), "Others": f.others(s, i),
		}
		if len(i.Others) > 0 {
			lines = append(lines, s.HTML("stats.issue_others", v))
		} else {
			lines = append(lines, s.HTML("stats.issue", v))
		}
	}
	return talk.Lines(lines...)
}

// feedbackText says what readers think of the last issues on which they have voted, and whether
// some of them wait for an answer.
func feedbackText(s talk.Speaker, all figures.Figures, names map[int64]string) string {
	open := list(s, 2, listed{s.Plain("stats.unanswered"), all.Replies.Unanswered}, listed{s.Plain("stats.not_passed"), all.Replies.Waiting})
	if len(all.Votes) == 0 && open == "" {
		return ""
	}
	lines := []string{s.HTML("stats.feedback"), talk.Escape(open)}
	for _, v := range all.Votes {
		up, down := feedback.Sum(v.Sections)
		values := talk.Values{"Issue": digest.ShortenUnits(names[v.Issue], nameUnits), "Up": up, "Down": down}
		if v.Open {
			lines = append(lines, s.HTML("stats.votes_open", values))
		} else {
			lines = append(lines, s.HTML("stats.votes", values))
		}
	}
	return talk.Lines(lines...)
}

// others says who has not got an issue.
func (f *Figures) others(s talk.Speaker, i figures.Issue) string {
	var all []listed
	for _, w := range i.Others {
		name := f.reason(s, w.Reason)
		switch {
		case w.Outcome == subscribers.OutcomePending:
			name = s.Plain("stats.pending")
		case w.Reason == subscribers.ReasonMuted:
			name = s.Plain("stats.all_muted")
		}
		all = append(all, listed{name, w.Subscribers})
	}
	return list(s, shownReasons, all...)
}

// sectionsText names the sections that most want, and those that most have muted.
func sectionsText(s talk.Speaker, all figures.Figures) string {
	if len(all.Sections) == 0 || all.Audience.On == 0 {
		return ""
	}
	var wanted, muted []listed
	for _, section := range all.Sections {
		wanted = append(wanted, listed{sectionName(s, section), section.Audience})
		muted = append(muted, listed{sectionName(s, section), section.Muted})
	}
	if all.Other != nil {
		muted = append(muted, listed{s.Plain("sections.one_off"), all.Other.Muted})
	}
	slices.SortStableFunc(muted, func(x, y listed) int { return y.n - x.n })
	lines := []string{s.HTML("stats.sections"), s.HTML("stats.wanted", talk.Values{"Sections": list(s, shownSections, wanted...)})}
	if most := list(s, shownSections, muted...); most != "" {
		lines = append(lines, s.HTML("stats.muted", talk.Values{"Sections": most}))
	}
	return talk.Lines(lines...)
}

func sectionName(s talk.Speaker, section figures.Section) string {
	return cmp.Or(section.Name, s.Plain("sections.unnamed"))
}

// choicesText says which languages, layouts and words there are.
func choicesText(s talk.Speaker, a figures.Audience) string {
	if a.On == 0 {
		return ""
	}
	lines := []string{s.HTML("stats.layouts", talk.Values{"List": list(s, maxLayouts, layouts(s, a)...)})}
	if all := list(s, shownLanguages, languages(s, a)...); all != "" { // else there are only groups and channels
		lines = append(lines, s.HTML("stats.languages", talk.Values{"List": all}))
	}
	if words := a.MutedWords; words.Words > 0 {
		lines = append(lines, s.HTML("stats.muted_words", wordValues(s, words)))
	}
	if words := a.Highlights; words.Words > 0 {
		lines = append(lines, s.HTML("stats.highlights", wordValues(s, words)))
	}
	return talk.Lines(lines...)
}

func wordValues(s talk.Speaker, words figures.Words) talk.Values {
	return talk.Values{"Number": words.Words, "Subscribers": s.Plain("count.subscribers", talk.Values{"Count": words.Subscribers})}
}

// languages are the languages of readers, named in that of the speaker.
func languages(s talk.Speaker, a figures.Audience) (all []listed) {
	namer := display.Tags(s.Tag)
	for _, l := range a.Languages {
		name := s.Plain("stats.no_language")
		if l.Tag != language.Und {
			name = cmp.Or(namer.Name(l.Tag), l.Tag.String())
		}
		all = append(all, listed{name, l.Subscribers})
	}
	return all
}

// layouts are the layouts that readers have, by the names that they know, the most frequent first.
func layouts(s talk.Speaker, a figures.Audience) (all []listed) {
	for _, layout := range slices.SortedFunc(maps.Keys(a.Layouts), func(x, y digest.Layout) int {
		return cmp.Or(a.Layouts[y]-a.Layouts[x], cmp.Compare(x, y))
	}) {
		all = append(all, listed{s.Plain("layout_name." + string(layout)), a.Layouts[layout]})
	}
	return all
}
