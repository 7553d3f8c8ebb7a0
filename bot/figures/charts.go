package figures

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"digestbot/bot/talk"
	"digestbot/bot/typeface"
	"digestbot/subscribers/figures"
)

// How much a picture shows.
const (
	maxPoints   = 150 // of the line
	maxPeriods  = 26  // with bars
	maxSections = 11
	maxBeside   = 5 // bars in each chart beside the sections
)

// picture is what is drawn of the figures.
func (f *Figures) picture(s talk.Speaker, all figures.Figures, dark bool) picture {
	today := f.day(all)
	c := picture{
		dark: dark, title: cut(cmp.Or(typeface.Legible(s.Plain("stats.caption", f.header(s, all))), s.Date(today)), titleWidth), empty: s.Plain("stats.empty"),
		on:       lineChart{title: s.Plain("stats.picture_on")},
		turnover: barChart{title: s.Plain("stats.picture_turnover"), nameWidth: besideWidth},
		sections: sectionChart(s, all),
		below: []barChart{
			listChart(s.Plain("stats.picture_languages"), languages(s, all.Audience)),
			listChart(s.Plain("stats.picture_layouts"), layouts(s, all.Audience)),
		},
	}
	first := today.AddDate(0, 0, -30)
	if days := all.Turnover.Days; len(days) > 0 && days[0].Date.Before(first) {
		first = days[0].Date
	}
	c.on.labels, c.on.values = points(all.Turnover, first, today)
	if len(all.Turnover.Days) > 0 {
		c.turnover.names, c.turnover.series = periods(all.Turnover, first, today)
		c.turnover.series[0].name, c.turnover.series[1].name = s.Plain("stats.joined"), s.Plain("stats.left")
	}
	return c
}

// daysBetween returns how many days there are from one to another.
func daysBetween(first, last time.Time) int { return int(last.Sub(first) / (24 * time.Hour)) }

// points are how many subscribers were on at the ends of days from first to last.
func points(t figures.Turnover, first, last time.Time) (labels []string, values []float64) {
	length := daysBetween(first, last)
	step := length/maxPoints + 1
	layout := "01-02"
	if length > 300 {
		layout = "2006-01"
	}
	for back := length / step * step; back >= 0; back -= step {
		day := last.AddDate(0, 0, -back)
		labels = append(labels, day.Format(layout))
		values = append(values, float64(max(t.Between(day, day).On, 0)))
	}
	return labels, values
}

// A period is what bars stand for. It has the begin of that with a day in it, the begin of the
// next one, and how it is written.
type period struct {
	begin func(day time.Time) time.Time
	next  func(begin time.Time) time.Time
	label string
}

// allPeriods are a day, a week, a month, a quarter and a year.
func allPeriods() []period {
	months := func(n int, label string) period {
		return period{
			begin: func(day time.Time) time.Time {
				return time.Date(day.Year(), day.Month()-(day.Month()-1)%time.Month(n), 1, 0, 0, 0, 0, time.UTC)
			},
			next:  func(begin time.Time) time.Time { return begin.AddDate(0, n, 0) },
			label: label,
		}
	}
	days := func(n int, begin func(time.Time) time.Time) period {
		return period{begin: begin, next: func(begin time.Time) time.Time { return begin.AddDate(0, 0, n) }, label: "01-02"}
	}
	const toMonday = 6 // Sunday is six days after it
	return []period{
		days(1, func(day time.Time) time.Time { return day }),
		days(7, func(day time.Time) time.Time { return day.AddDate(0, 0, -(int(day.Weekday())+toMonday)%7) }),
		months(1, "2006-01"), months(3, "2006-01"), months(12, "2006"),
	}
}

// periods are how many joined and left in each period from first to last, by the shortest
// period of which there are not too many.
func periods(t figures.Turnover, first, last time.Time) (labels []string, all []series) {
	all = []series{{color: more}, {color: less}}
	var begins []time.Time
	var unit period
	for _, unit = range allPeriods() {
		begins = nil
		for at := unit.begin(first); !at.After(last); at = unit.next(at) {
			begins = append(begins, at)
		}
		if len(begins) <= maxPeriods {
			break
		}
	}
	begins = begins[max(0, len(begins)-maxPeriods):]
	for _, begin := range begins {
		sum := t.Between(begin, unit.next(begin).AddDate(0, 0, -1))
		labels = append(labels, begin.Format(unit.label))
		all[0].values, all[1].values = append(all[0].values, float64(sum.Joined)), append(all[1].values, float64(sum.Left))
	}
	return labels, all
}

// sectionChart shows who gets which section. Bars are drawn from the bottom to the top.
func sectionChart(s talk.Speaker, all figures.Figures) barChart {
	c := barChart{title: s.Plain("stats.picture_sections"), nameWidth: sectionWidth, stack: true, series: []series{
		{name: s.Plain("stats.gets"), color: much}, {name: s.Plain("stats.mutes"), color: faint},
	}}
	if all.Audience.On == 0 {
		return c
	}
	shown := all.Sections
	if over := len(shown) - maxSections; over > 0 { // the most and the least wanted
		shown = append(shown[:maxSections/2:maxSections/2], shown[maxSections/2+over:]...)
	}
	if all.Other != nil {
		shown = append(shown[:len(shown):len(shown)], *all.Other)
	}
	for i := len(shown) - 1; i >= 0; i-- {
		name := s.Plain("sections.one_off")
		if shown[i].ID != 0 {
			name = drawnSection(sectionName(s, shown[i]), slices.Index(all.Sections, shown[i]))
		}
		c.names = append(c.names, name)
		c.series[0].values = append(c.series[0].values, float64(shown[i].Audience))
		c.series[1].values = append(c.series[1].values, float64(shown[i].Muted))
	}
	return c
}

// drawnSection is how a section is named in a picture: if the typeface lacks its letters, by
// its place among the sections, in whose order the table has them too.
func drawnSection(name string, index int) string {
	return cmp.Or(typeface.Legible(name), strconv.Itoa(index+1)+". …")
}

// listChart shows the first of a list, the largest at the top.
func listChart(title string, all []listed) barChart {
	c := barChart{title: title, nameWidth: besideWidth, series: []series{{color: much}}}
	for i := min(len(all), maxBeside) - 1; i >= 0; i-- {
		c.names = append(c.names, all[i].name)
		c.series[0].values = append(c.series[0].values, float64(all[i].n))
	}
	return c
}
