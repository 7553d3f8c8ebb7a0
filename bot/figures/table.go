package figures

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"digestbot/subscribers"
	"digestbot/subscribers/figures"
	"digestbot/subscribers/spreadsheet"
)

// table is all figures for a spreadsheet: one a line, with what is counted, the day, the name
// of what it is about, a detail, and the number. The words for what is counted are the same in
// all languages, so that programs can read it.
func table(all figures.Figures, issues map[int64]string, today time.Time) []byte {
	var buffer bytes.Buffer
	buffer.WriteString(spreadsheet.ByteOrderMark)
	w := csv.NewWriter(&buffer)
	w.UseCRLF = true // as RFC 4180 has it
	lines := &lines{w: w, today: today.Format(time.DateOnly)}
	lines.add("figure", "day", "name", "detail", "count")
	lines.audience(all.Audience)
	lines.sections(all)
	for _, i := range all.Issues {
		lines.issue(i, issues[i.Issue])
	}
	lines.now("replies", "unanswered", all.Replies.Unanswered)
	lines.now("replies", "waiting", all.Replies.Waiting)
	for _, v := range all.Votes {
		lines.votes(v, issues[v.Issue])
	}
	for _, d := range all.Turnover.Days {
		lines.day(d)
	}
	w.Flush() // a buffer takes everything
	return buffer.Bytes()
}

// lines are the lines of a table.
type lines struct {
	w     *csv.Writer
	today string
}

// add adds a line of cells that no spreadsheet takes for formulas.
func (l *lines) add(cells ...string) {
	for i, cell := range cells {
		cells[i] = inert(cell)
	}
	_ = l.w.Write(cells) // into a buffer, which takes everything
}

// inert returns a cell that no spreadsheet takes for a formula.
func inert(cell string) string {
	cell = strings.Map(func(r rune) rune {
		if r == '\t' || r == '\r' || r == '\n' || r == 0 {
			return ' '
		}
		return r
	}, cell)
	if spreadsheet.IsFormula(cell) {
		return "'" + cell
	}
	return cell
}

// now adds a number of today.
func (l *lines) now(figure, name string, n int) { l.add(figure, l.today, name, "", strconv.Itoa(n)) }

func (l *lines) audience(a figures.Audience) {
	l.now("subscribers", "on", a.On)
	l.now("subscribers", "paused", a.Paused)
	l.now("subscribers", "unconfirmed", a.Unconfirmed)
	l.now("subscribers", "off", a.Off)
	l.now("subscribers", "gone", a.Gone)
	for _, kind := range slices.Sorted(maps.Keys(a.Kinds)) {
		l.now("kind", string(kind), a.Kinds[kind])
	}
	for _, language := range a.Languages {
		l.now("language", language.Tag.String(), language.Subscribers)
	}
	for _, layout := range slices.Sorted(maps.Keys(a.Layouts)) {
		l.now("layout", string(layout), a.Layouts[layout])
	}
	l.now("muted words", "words", a.MutedWords.Words)
	l.now("muted words", "subscribers", a.MutedWords.Subscribers)
	l.now("highlighted words", "words", a.Highlights.Words)
	l.now("highlighted words", "subscribers", a.Highlights.Subscribers)
}

func (l *lines) sections(all figures.Figures) {
	for _, s := range all.Sections {
		l.section(s, s.Name)
	}
	if all.Other != nil {
		l.section(*all.Other, "(in one issue only)")
	}
}

func (l *lines) section(s figures.Section, name string) {
	l.add("section", l.today, name, "audience", strconv.Itoa(s.Audience))
	l.add("section", l.today, name, "muted", strconv.Itoa(s.Muted))
}

// issue adds how many readers got an issue, on the day of its broadcast.
func (l *lines) issue(i figures.Issue, name string) {
	day := i.Began.Format(time.DateOnly)
	l.add("issue", day, name, "readers", strconv.Itoa(i.Subscribers))
	l.add("issue", day, name, "have it", strconv.Itoa(i.Have))
	for _, w := range i.Others {
		l.add("issue", day, name, string(w.Outcome)+": "+cmp.Or(string(w.Reason), "-"), strconv.Itoa(w.Subscribers))
	}
}

// votes adds how readers voted on the sections of an issue, on the day of the first vote.
func (l *lines) votes(v figures.Votes, name string) {
	day := v.Began.Format(time.DateOnly)
	for _, s := range v.Sections {
		l.add("votes up", day, name, s.Name, strconv.Itoa(s.Up))
		l.add("votes down", day, name, s.Name, strconv.Itoa(s.Down))
	}
}

// day adds what changed on a day.
func (l *lines) day(d figures.Day) {
	day := d.Date.Format(time.DateOnly)
	l.add("subscribers over time", day, "on", "", strconv.Itoa(d.On))
	l.add("subscribers over time", day, "joined", "", strconv.Itoa(d.Joined-d.Returned))
	l.add("subscribers over time", day, "joined", "returned", strconv.Itoa(d.Returned))
	l.add("subscribers over time", day, "joined", "imported", strconv.Itoa(d.Imported))
	for _, reason := range slices.Sorted(maps.Keys(d.Reasons)) {
		l.add("subscribers over time", day, "left", string(cmp.Or(reason, subscribers.ReasonUnsubscribed)), strconv.Itoa(d.Reasons[reason]))
	}
}
